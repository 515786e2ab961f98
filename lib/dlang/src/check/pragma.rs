//! Control lines: `#pragma D option`, `attributes`, `binding`, `depends_on`; `#error`; `#ident`.

use super::Checker;
use crate::error::{Pos, Result};
use crate::lex::{Control, Word};
use crate::options::{self, Value};

/// Stability names of `#pragma D attributes`.
const STABILITIES: &[&str] = &["internal", "private", "obsolete", "external", "unstable", "evolving", "stable", "standard"];
/// Dependency classes.
const CLASSES: &[&str] = &["unknown", "cpu", "platform", "group", "isa", "common"];

impl Checker<'_> {
    /// Obeys a control line.
    pub(super) fn control(&mut self, control: &Control) -> Result<()> {
        let pos = control.pos;
        let words = control.words.as_slice();
        let Some(first) = words.first() else { return Ok(()) };
        let Word::Bare(name) = first else {
            return Self::error("D_PRAGCTL_INVAL", pos, "invalid control directive");
        };
        let rest = words.get(1..).unwrap_or_default();
        match (name.as_str(), rest) {
            ("pragma", [Word::Bare(d), rest @ ..]) if d == "D" => self.pragma(rest, pos),
            ("pragma", [Word::Bare(word), rest @ ..]) if word == "error" => Self::stop(rest, pos),
            ("pragma" | "ident", _) => Ok(()),
            ("error", _) => Self::stop(rest, pos),
            ("line", _) => Self::error("D_PRAGMA_MALFORM", pos, "malformed #line <line> [ [\"file\"] state ]"),
            _ => Self::error("D_PRAGCTL_INVAL", pos, format!("invalid control directive: #{name}")),
        }
    }

    fn stop(words: &[Word], pos: Pos) -> Result<()> {
        let bare = words.iter().filter(|w| !matches!(w, Word::Int(_)));
        let text: String = bare.map(|w| w.text() + " ").collect();
        Self::error("D_PRAGERR", pos, format!("#error: {text}"))
    }

    fn pragma(&mut self, words: &[Word], pos: Pos) -> Result<()> {
        let Some((Word::Bare(name), rest)) = words.split_first() else {
            return if words.is_empty() { Ok(()) } else { Self::error("D_PRAGCTL_INVAL", pos, "invalid control directive") };
        };
        match name.as_str() {
            "option" => self.option(rest, pos),
            "attributes" => self.attributes(rest, pos),
            "binding" => self.binding(rest, pos),
            "depends_on" => self.depends(rest, pos),
            "error" => Self::stop(rest, pos),
            "ident" | "line" => Ok(()),
            _ => Self::error("D_PRAGMA_INVAL", pos, format!("invalid D pragma: {name}")),
        }
    }

    fn option(&mut self, words: &[Word], pos: Pos) -> Result<()> {
        let Some((Word::Bare(text), rest)) = words.split_first() else {
            return Self::error("D_PRAGMA_MALFORM", pos, "malformed #pragma option <option>=<val>");
        };
        if !rest.is_empty() {
            return Self::error("D_PRAGMA_MALFORM", pos, "superfluous arguments specified for #pragma option");
        }
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text.as_str(), None),
        };
        match options::check(name, value, true) {
            Ok(checked) => {
                if let (Value::Number(n), "strsize") = (&checked, name) {
                    self.types.strsize = u32::try_from(*n).unwrap_or(u32::MAX);
                }
                self.options.push((name.to_owned(), value.map(str::to_owned)));
                Ok(())
            }
            Err(why) => {
                let to = value.map(|v| format!(" to '{v}'")).unwrap_or_default();
                Self::error("D_PRAGMA_OPTSET", pos, format!("failed to set option '{name}'{to}: {why}"))
            }
        }
    }

    fn attributes(&mut self, words: &[Word], pos: Pos) -> Result<()> {
        let [Word::Bare(attributes), Word::Bare(name), ..] = words else {
            return Self::error("D_PRAGMA_MALFORM", pos, "malformed #pragma attributes <attributes> <ident>");
        };
        let parts: Vec<String> = attributes.split('/').map(str::to_ascii_lowercase).collect();
        let known = |part: Option<&String>, list: &[&str]| part.is_some_and(|p| list.contains(&p.as_str()));
        let good = parts.len() == 3
            && known(parts.first(), STABILITIES)
            && known(parts.get(1), STABILITIES)
            && known(parts.get(2), CLASSES);
        if !good {
            return Self::error("D_PRAGMA_INVAL", pos, "invalid attributes specified by #pragma attributes");
        }
        if name == "provider" {
            return Ok(());
        }
        self.own(name, "attributes", pos)
    }

    /// A pragma may concern only what the program itself defines.
    fn own(&mut self, name: &str, pragma: &'static str, pos: Pos) -> Result<()> {
        let foreign = match self.symbols.globals.get(name) {
            Some(found) => !matches!(found, super::Name::Var(_) | super::Name::Inline(_)),
            None => super::prototype::find(name).is_some(),
        };
        if foreign {
            let text = format!("#pragma {pragma} cannot modify entity defined outside program scope");
            return Self::error("D_PRAGMA_SCOPE", pos, text);
        }
        self.pending.push((name.to_owned(), pragma, pos));
        Ok(())
    }

    fn binding(&mut self, words: &[Word], pos: Pos) -> Result<()> {
        let [Word::Str(version), Word::Bare(name), ..] = words else {
            return Self::error("D_PRAGMA_MALFORM", pos, "malformed #pragma binding \"version\" <ident>");
        };
        let version = String::from_utf8_lossy(version).into_owned();
        let parts: Vec<&str> = version.split('.').collect();
        let good = (2..=3).contains(&parts.len()) && parts.iter().all(|p| p.parse::<u16>().is_ok());
        if !good {
            return Self::error("D_PRAGMA_INVAL", pos, "invalid version string specified by #pragma binding");
        }
        self.own(name, "binding", pos)
    }

    fn depends(&mut self, words: &[Word], pos: Pos) -> Result<()> {
        let [Word::Bare(class), Word::Bare(name), ..] = words else {
            return Self::error("D_PRAGMA_MALFORM", pos, "malformed #pragma depends_on <class> <name>");
        };
        match class.as_str() {
            "provider" | "module" => {
                let mut desc = crate::program::ProbeDesc::default();
                *(if class == "provider" { &mut desc.provider } else { &mut desc.module }) = name.clone();
                if self.context.probes.matches(&desc) == crate::context::Matches::Count(0) {
                    return Self::error("D_PRAGMA_DEPEND", pos, format!("program requires {class} {name}"));
                }
                Ok(())
            }
            "library" => Self::error("D_PRAGMA_DEPEND", pos, "main program may not explicitly depend on a library"),
            _ => Self::error("D_PRAGMA_INVAL", pos, format!("invalid class {class} specified by #pragma depends_on")),
        }
    }
}
