//! The D text of a run: scripts and the texts of options, put together so that they share their variables.
use super::hints;
use super::options::Options;
use crate::probes::Registry;
use base::fail::{Fail, Result};
use dlang::context::Context;
use dlang::cpp;
use dlang::error::{Error, Origin};
use dlang::program::{ProbeDesc, Program};
use std::fmt::Write as _;
use std::io::{Read, Write as _};

/// One of the texts.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// What it is, for messages.
    pub origin: Origin,
    /// Its text.
    pub text: Vec<u8>,
    /// Whether it is a ready-made report, whose arguments the user gives without having read it.
    pub report: bool,
}

impl Source {
    /// The text of `-n`, `-f`, `-m` or `-P`.
    pub(crate) fn specifier(letter: &str, text: &str) -> Self {
        let (kind, field) = match letter {
            "P" => ("provider", Some((0, 3))),
            "m" => ("module", Some((1, 2))),
            "f" => ("function", Some((2, 1))),
            "i" => ("probe-id", None),
            _ => ("probe", None),
        };
        let origin = Origin::Specifier(kind, text.to_string());
        Self { origin, text: complete(text, field).into_bytes(), report: false }
    }

    /// A script; `-` is standard input.
    pub(crate) fn script(name: &str) -> Result<Self> {
        let mut text = Vec::new();
        let cannot = |e: std::io::Error| {
            let e = e.to_string();
            Fail::Other(format!("failed to open {name}: {}", e.split(" (os error").next().unwrap_or_default()))
        };
        if name == "-" {
            std::io::stdin().lock().read_to_end(&mut text).map_err(cannot)?;
        } else {
            text = std::fs::read(name).map_err(cannot)?;
        }
        Ok(Self { origin: Origin::Script(name.to_string()), text, report: false })
    }

    /// The ready-made report `name` in `file`; messages name it as the user does.
    pub(crate) fn report(name: &str, file: &str) -> Result<Self> {
        Ok(Self { origin: Origin::Script(name.to_string()), report: true, ..Self::script(file)? })
    }

    /// What a report's first comment says that it is for.
    fn purpose(&self) -> String {
        let text = String::from_utf8_lossy(&self.text);
        let comment = text.strip_prefix("/*").and_then(|t| t.split_once("*/")).map_or("", |(c, _)| c);
        comment.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_string()
    }

    /// What is said to have matched: the script, or the description up to its predicate or body.
    pub(crate) fn label(&self) -> String {
        match &self.origin {
            Origin::Script(name) => format!("script '{name}'"),
            Origin::Specifier(_, text) => {
                let end = text.find(['{', '/', ';']).unwrap_or(text.len());
                format!("description '{}'", text.get(..end).unwrap_or_default())
            }
        }
    }
}

/// A description alone, or with a predicate, gets a body; one word gets the colons of its option.
fn complete(text: &str, field: Option<(usize, usize)>) -> String {
    let end = text.find(['{', '/', ';']).unwrap_or(text.len());
    let (desc, rest) = text.split_at(end);
    let desc = match field {
        Some((before, after)) => {
            let colons = desc.matches(':').count();
            format!("{}{}{}", ":".repeat(before.saturating_sub(colons)), desc.trim(), ":".repeat(after))
        }
        None => desc.to_string(),
    };
    if rest.contains('{') || rest.contains(';') { desc + rest } else { format!("{desc}{rest}\n{{}}") }
}

/// Reads included files.
struct Files;

impl cpp::Include for Files {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }
}

/// A compiled run.
pub(crate) struct Compiled {
    /// The program of all texts.
    pub program: Program,
    /// For each text the lines of the whole that are its own.
    pub lines: Vec<(u32, u32)>,
}

/// Preprocesses and compiles all texts as one program.
pub(crate) fn compile(
    sources: &[Source],
    context: &Context,
    registry: &Registry,
    options: &Options,
    cpp_options: &cpp::Options,
) -> Result<Compiled> {
    let mut whole = Vec::new();
    let mut lines = Vec::new();
    for source in sources {
        let mut text = source.text.clone();
        if options.cpp {
            let name = if let Origin::Script(n) = &source.origin { n } else { "<specifier>" };
            let done = cpp::preprocess(&text, name, cpp_options, &Files).map_err(|e| Fail::Other(e.trim_end().to_string()))?;
            for file in &done.included {
                let _ = writeln!(std::io::stderr(), "{file}");
            }
            text = done.text;
        }
        let before = count_lines(&whole);
        whole.extend(text);
        if sources.len() > 1 {
            whole.push(b'\n');
        }
        lines.push((before + 1, count_lines(&whole)));
    }
    let program = dlang::compile(&whole, context).map_err(|e| said(&e, sources, &lines, (options, registry)))?;
    Ok(Compiled { program, lines })
}

fn count_lines(text: &[u8]) -> u32 {
    u32::try_from(text.iter().filter(|b| **b == b'\n').count()).unwrap_or(u32::MAX)
}

/// DTrace's message; below it, for people, the place and what may have been meant.
fn said(error: &Error, sources: &[Source], lines: &[(u32, u32)], (options, registry): (&Options, &Registry)) -> Fail {
    let mut error = error.clone();
    let place = lines.iter().position(|(first, last)| (*first..=*last).contains(&error.pos.line));
    let index = place.unwrap_or(lines.len().saturating_sub(1));
    let Some(source) = sources.get(index) else { return Fail::Other(error.message) };
    if let Some((first, _)) = lines.get(index) {
        error.pos.line = error.pos.line.saturating_sub(first - 1);
    }
    if source.report && matches!(error.tag, "D_MACRO_UNDEF" | "D_MACRO_UNUSED") {
        let Origin::Script(name) = &source.origin else { return Fail::Other(error.message) };
        return Fail::Usage(format!("{name}: {}: {}", error.message, source.purpose()));
    }
    let mut text = error.text(&source.origin, options.error_tags);
    if options.error_tags || options.testing || error.pos.line == 0 || error.tag == "D_EMPTY" {
        return Fail::Lines(text);
    }
    let _ = write!(text, "\n  at line {}, column {}", error.pos.line, error.pos.column);
    let shown = excerpt(&error, &source.text);
    text += &shown.map_or(String::new(), |(line, caret)| format!(":\n    {line}\n    {caret}"));
    if error.tag == "D_PDESC_ZERO" {
        let hint = described(&error.message).and_then(|d| hints::near(&d, registry));
        text += &hint.map_or(String::new(), |h| format!("\n  {h}"));
    }
    Fail::Lines(text)
}

/// The part of the line around an error, and a caret below its column. Not for text of another file.
fn excerpt(error: &Error, text: &[u8]) -> Option<(String, String)> {
    if error.pos.file != 0 || error.file.is_some() {
        return None;
    }
    let line = text.split(|b| *b == b'\n').nth(usize::try_from(error.pos.line.checked_sub(1)?).ok()?)?;
    let column = usize::try_from(error.pos.column.checked_sub(1)?).ok()?.min(line.len());
    let from = column.saturating_sub(60);
    let clean = |b: &[u8]| String::from_utf8_lossy(b).chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let before = clean(line.get(from..column)?);
    let after: String = clean(line.get(column..)?).chars().take(60).collect();
    let caret = format!("{}^", " ".repeat(before.chars().count()));
    Some((format!("{before}{after}").trim_end().to_string(), caret))
}

/// The description in a message about one.
fn described(message: &str) -> Option<ProbeDesc> {
    let text = message.strip_prefix("probe description ")?.strip_suffix(" does not match any probes")?;
    let mut parts = text.rsplitn(4, ':').map(str::to_string);
    let (name, function, module) = (parts.next()?, parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Some(ProbeDesc { id: None, provider: parts.next().unwrap_or_default(), module, function, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_points_at_the_column() {
        let at = |line, column| Error::new("D_SYNTAX", dlang::error::Pos { file: 0, line, column }, "x");
        let text = b"BEGIN\n{\ttrace(x);\n";
        assert_eq!(excerpt(&at(2, 9), text), Some(("{ trace(x);".into(), "        ^".into())));
        assert_eq!(excerpt(&at(7, 1), text), None);
        assert_eq!(excerpt(&at(1, 900), text), Some(("BEGIN".into(), "     ^".into())));
    }

    #[test]
    fn a_word_gets_its_colons_and_a_body() {
        assert_eq!(complete("php*", Some((0, 3))), "php*:::\n{}");
        assert_eq!(complete("main{trace(1)}", Some((2, 1))), "::main:{trace(1)}");
        assert_eq!(complete("libc:malloc", Some((2, 1))), ":libc:malloc:\n{}");
        assert_eq!(complete("BEGIN/x/", None), "BEGIN/x/\n{}");
        assert_eq!(Source::specifier("n", "a:::b/x/{}").label(), "description 'a:::b'");
    }
}
