//! Compile errors: DTrace's tag, its wording, and where in the D text.

use std::fmt::Write as _;

/// A place in the D text: 1-based line and column; line 0 means "no place".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pos {
    /// Index into the list of names that `#line` directives gave, plus one; 0 is the text itself.
    pub file: u16,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in bytes, counted from 1.
    pub column: u32,
}

/// The first error of a compilation; DTrace stops there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// DTrace's tag, e.g. `D_SYNTAX`; empty for the few errors that have none.
    pub tag: &'static str,
    /// Where.
    pub pos: Pos,
    /// The file a `#line` directive named, if any.
    pub file: Option<String>,
    /// Part of the clause: `predicate`, `action list`; DTrace names it where there are no line numbers.
    pub region: Option<&'static str>,
    /// What is wrong, in DTrace's words.
    pub message: String,
}

/// Result of every step of the compiler.
pub type Result<T> = std::result::Result<T, Box<Error>>;

/// What is being compiled; decides the first words of a message and whether lines are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A script file by name (`-s`).
    Script(String),
    /// The text of a `-n`, `-P`, `-f`, `-m` or `-i` argument; the first field is `probe`, `provider`, ...
    Specifier(&'static str, String),
}

impl Error {
    /// An error at `pos`.
    #[must_use]
    pub fn new(tag: &'static str, pos: Pos, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { tag, pos, file: None, region: None, message: message.into() })
    }

    /// The whole message as DTrace prints it after `dtrace: `, with the tag in brackets when `tags` (`-xerrtags`).
    #[must_use]
    pub fn text(&self, origin: &Origin, tags: bool) -> String {
        let mut text = match origin {
            Origin::Script(name) => format!("failed to compile script {name}: "),
            Origin::Specifier(kind, spec) => format!("invalid {kind} specifier {spec}: "),
        };
        if tags && !self.tag.is_empty() {
            let _ = write!(text, "[{}] ", self.tag);
        }
        if let Some(file) = &self.file {
            let _ = write!(text, "\"{file}\", line {}: ", self.pos.line);
        } else if matches!(origin, Origin::Script(_)) && self.pos.line != 0 {
            let _ = write!(text, "line {}: ", self.pos.line);
        } else if let Some(region) = self.region.filter(|_| !self.tag.is_empty()) {
            let _ = write!(text, "in {region}: ");
        }
        text.push_str(&self.message);
        text
    }

    /// The line of `source` the error is on and a caret under its column, for a reader at a terminal.
    #[must_use]
    pub fn excerpt(&self, source: &str) -> Option<String> {
        if self.pos.file != 0 || self.file.is_some() {
            return None;
        }
        let line = source.lines().nth(usize::try_from(self.pos.line.checked_sub(1)?).ok()?)?;
        let column = usize::try_from(self.pos.column.saturating_sub(1)).ok()?;
        let pad: String = line.chars().take(column).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        Some(format!("{line}\n{pad}^"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wording_follows_the_origin() {
        let mut e = Error::new("D_SYNTAX", Pos { file: 0, line: 3, column: 9 }, "syntax error near \";\"");
        let script = Origin::Script("a.d".into());
        let spec = Origin::Specifier("probe", "BEGIN{".into());
        assert_eq!(e.text(&script, false), "failed to compile script a.d: line 3: syntax error near \";\"");
        assert_eq!(e.text(&script, true), "failed to compile script a.d: [D_SYNTAX] line 3: syntax error near \";\"");
        assert_eq!(e.text(&spec, false), "invalid probe specifier BEGIN{: syntax error near \";\"");
        e.region = Some("action list");
        assert_eq!(e.text(&spec, false), "invalid probe specifier BEGIN{: in action list: syntax error near \";\"");
        e.file = Some("x.h".into());
        assert_eq!(e.text(&spec, false), "invalid probe specifier BEGIN{: \"x.h\", line 3: syntax error near \";\"");
    }

    #[test]
    fn excerpt_points_at_the_column() {
        let e = Error::new("D_SYNTAX", Pos { file: 0, line: 2, column: 3 }, "x");
        assert_eq!(e.excerpt("a\n\tbc\n").unwrap(), "\tbc\n\t ^");
        assert_eq!(e.excerpt("a"), None);
    }
}
