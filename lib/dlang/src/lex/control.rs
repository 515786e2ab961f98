//! Control lines: `#!` lines are skipped, `# line "file"` moves the position, the rest is kept for the compiler.

use super::number::integer;
use super::{Lexer, text};
use crate::error::{Error, Pos, Result};

/// A control line other than a line number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Where it begins.
    pub pos: Pos,
    /// Its words after `#`.
    pub words: Vec<Word>,
}

/// A word of a control line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A number.
    Int(u64),
    /// A quoted string.
    Str(Vec<u8>),
    /// Anything else between blanks.
    Bare(String),
}

impl Word {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Int(n) => n.to_string(),
            Self::Str(s) => String::from_utf8_lossy(s).into_owned(),
            Self::Bare(s) => s.clone(),
        }
    }
}

fn is_blank(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | 0x0b | 0x0c | b'\r')
}

impl Lexer<'_> {
    /// Reads a control line if one begins here, at the start of a line.
    pub(super) fn control(&mut self) -> Result<bool> {
        let blanks = self.rest().iter().take_while(|c| is_blank(**c)).count();
        if self.peek(blanks) != b'#' {
            return Ok(false);
        }
        self.steps(blanks + 1);
        let pos = Pos { column: u32::try_from(blanks + 1).unwrap_or(1), ..self.pos() };
        let rest = self.rest();
        let end = rest.iter().position(|c| *c == b'\n');
        let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if line.first() == Some(&b'!') {
            self.steps(end.map_or(rest.len(), |n| n + 1));
            return Ok(true);
        }
        let words = words(line, pos)?;
        let Some(end) = end else {
            self.steps(rest.len());
            return Err(self.syntax("end-of-file encountered before end of control line"));
        };
        self.steps(end + 1);
        if !self.moved(&words) {
            self.controls.push(Control { pos, words });
        }
        Ok(true)
    }

    /// Obeys `# 12 "file"` and `#line 12 "file"`.
    fn moved(&mut self, words: &[Word]) -> bool {
        let words = match words {
            [Word::Bare(line), rest @ ..] if line == "line" => rest,
            _ => words,
        };
        let [Word::Int(line), rest @ ..] = words else { return false };
        self.line = u32::try_from(*line).unwrap_or(u32::MAX);
        if let Some(Word::Str(name)) = rest.first() {
            let name = String::from_utf8_lossy(name).into_owned();
            if name.is_empty() || name == "/dev/stdin" || name.starts_with("/dev/fd/") {
                self.file = 0;
                return true;
            }
            let at = self.files.iter().position(|f| *f == name).unwrap_or_else(|| {
                self.files.push(name);
                self.files.len() - 1
            });
            self.file = u16::try_from(at + 1).unwrap_or(u16::MAX);
        }
        true
    }
}

fn words(line: &[u8], pos: Pos) -> Result<Vec<Word>> {
    let mut words = vec![];
    let mut rest = line;
    while let Some(&c) = rest.first() {
        if is_blank(c) {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        if c == b'"' {
            let mut end = 1;
            while rest.get(end).is_some_and(|c| *c != b'"') {
                end += if rest.get(end) == Some(&b'\\') { 2 } else { 1 };
            }
            let Some(inner) = rest.get(1..end).filter(|_| end < rest.len()) else {
                return Err(Error::new("D_STR_NL", pos, "newline encountered in string literal"));
            };
            words.push(Word::Str(text::unescape(inner)));
            rest = rest.get(end + 1..).unwrap_or_default();
            continue;
        }
        let end = rest.iter().position(|c| is_blank(*c) || *c == b'"').unwrap_or(rest.len());
        let word = String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned();
        words.push(match integer(&word) {
            (Some(n), _, "") if c.is_ascii_digit() => Word::Int(n),
            _ => Word::Bare(word),
        });
        rest = rest.get(end..).unwrap_or_default();
    }
    Ok(words)
}
