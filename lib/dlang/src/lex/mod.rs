//! The lexer. D has two ways of reading: outside clauses, words are probe descriptions with globs and dashes; inside clauses
//! and declarations, C tokens. The parser says which through [`Lexer::outer`].

mod control;
mod number;
pub(crate) use number::integer;
pub mod text;
pub mod token;

use crate::context::Context;
use crate::error::{Error, Pos, Result};
pub use control::{Control, Word};
use std::collections::HashSet;
use token::{Int, KEYWORDS, OPERATORS, OUTER_KEYWORDS, Tok, Token};

/// Cuts a text into tokens.
pub struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
    line_start: usize,
    file: u16,
    /// Names that `# line "file"` directives gave; [`Pos::file`] is an index into it plus one.
    pub files: Vec<String>,
    /// Whether the next token is read as outside a clause.
    pub outer: bool,
    /// Names of types, which may begin a declaration.
    pub types: HashSet<String>,
    /// Control lines (`#pragma` ...) read and not yet taken by the compiler.
    pub controls: Vec<Control>,
    /// Numbers of the macro arguments used.
    pub used: HashSet<usize>,
    parens: u32,
    brackets: u32,
    braces: u32,
    context: &'a Context<'a>,
}

fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_ident(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c == b'`'
}

/// Characters of a probe description; digits and backquotes may not come first.
fn is_probe(c: u8, first: bool) -> bool {
    c.is_ascii_alphabetic() || b"-$:_.?*\\[]!".contains(&c) || (!first && (c.is_ascii_digit() || c == b'`'))
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of `text`, outside clauses.
    #[must_use]
    pub fn new(text: &'a [u8], context: &'a Context<'a>) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            file: 0,
            files: vec![],
            outer: true,
            types: HashSet::new(),
            controls: vec![],
            used: HashSet::new(),
            parens: 0,
            brackets: 0,
            braces: 0,
            context,
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.at.checked_add(ahead).and_then(|i| self.text.get(i)).copied().unwrap_or(0)
    }

    /// Here.
    #[must_use]
    pub fn pos(&self) -> Pos {
        let column = u32::try_from(self.at.saturating_sub(self.line_start) + 1).unwrap_or(u32::MAX);
        Pos { file: self.file, line: self.line, column }
    }

    fn step(&mut self) {
        if self.peek(0) == b'\n' {
            self.line = self.line.saturating_add(1);
            self.line_start = self.at + 1;
        }
        self.at += 1;
    }

    fn steps(&mut self, n: usize) {
        for _ in 0..n {
            self.step();
        }
    }

    fn slice(&self, from: usize) -> String {
        String::from_utf8_lossy(self.text.get(from..self.at).unwrap_or_default()).into_owned()
    }

    fn syntax(&self, message: impl Into<String>) -> Box<Error> {
        Error::new("D_SYNTAX", self.pos(), message)
    }

    /// Skips blanks, comments, `#!` lines and control lines.
    fn skip(&mut self) -> Result<()> {
        loop {
            if self.at == self.line_start && self.control()? {
                continue;
            }
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => self.comment()?,
                (b'/', b'/') => {
                    while !matches!(self.peek(0), b'\n') && self.at < self.text.len() {
                        self.step();
                    }
                }
                (b'\\', b'\n') if !self.outer => self.steps(2),
                (c, _) if is_space(c) && self.at < self.text.len() => self.step(),
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self) -> Result<()> {
        self.steps(2);
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'*', b'/') => {
                    self.steps(2);
                    return Ok(());
                }
                (b'/', b'*') => return Err(self.syntax("/* encountered inside a comment")),
                _ if self.at >= self.text.len() => {
                    return Err(self.syntax("end-of-file encountered before matching */"));
                }
                _ => self.step(),
            }
        }
    }

    /// The next token.
    ///
    /// # Errors
    /// Text that is no token.
    pub fn token(&mut self) -> Result<Token> {
        self.skip()?;
        let (pos, from) = (self.pos(), self.at);
        if self.at >= self.text.len() {
            return Ok(Token { kind: Tok::End, pos, text: String::new() });
        }
        let kind = if self.outer { self.outer_token(pos)? } else { self.inner_token(pos)? };
        Ok(Token { kind, pos, text: self.slice(from) })
    }

    fn outer_token(&mut self, pos: Pos) -> Result<Tok> {
        let c = self.peek(0);
        if is_probe(c, true) {
            return Ok(self.probe_word());
        }
        if c.is_ascii_digit() {
            return self.number(pos);
        }
        self.step();
        match c {
            b'/' => Ok(Tok::Op("/")),
            b',' => Ok(Tok::Op(",")),
            b'{' => {
                self.braces += 1;
                Ok(Tok::Op("{"))
            }
            _ => Err(Error::new("D_SYNTAX", pos, format!("syntax error near \"{}\"", std::ascii::escape_default(c)))),
        }
    }

    /// A word outside clauses: a reserved word or type begins a declaration, anything else is a probe description.
    fn probe_word(&mut self) -> Tok {
        let length = self.rest().iter().enumerate().take_while(|(i, c)| is_probe(**c, *i == 0)).count();
        let word = String::from_utf8_lossy(self.rest().get(..length).unwrap_or_default()).into_owned();
        let plain = word.split('*').next().unwrap_or_default();
        let may_be_type = !self.context.only_descriptions
            && !word.contains([':', '-', '.', '?', '!', '`'])
            && !["BEGIN", "END", "ERROR"].contains(&word.as_str())
            && !plain.is_empty();
        if let Some(key) = OUTER_KEYWORDS.iter().find(|k| **k == plain && (may_be_type || word == plain)) {
            self.steps(plain.len());
            self.outer = false;
            return Tok::Key(key);
        }
        if may_be_type && self.types.contains(plain) {
            self.steps(plain.len());
            self.outer = false;
            return Tok::Ident(plain.to_owned());
        }
        self.steps(length);
        Tok::Probe(word)
    }

    fn inner_token(&mut self, pos: Pos) -> Result<Tok> {
        let c = self.peek(0);
        match c {
            b'$' if self.peek(1) == b'$' && is_ident(self.peek(2)) => self.macro_word(pos, 2),
            b'$' if is_ident(self.peek(1)) => self.macro_word(pos, 1),
            b'0'..=b'9' => self.number(pos),
            b'.' if self.peek(1).is_ascii_digit() => self.number(pos),
            b'"' => self.string(pos),
            b'\'' => self.character(pos),
            b'@' => {
                self.step();
                let from = self.at;
                if !self.peek(0).is_ascii_digit() {
                    while is_ident(self.peek(0)) && self.peek(0) != b'`' {
                        self.step();
                    }
                }
                let name = self.slice(from);
                Ok(Tok::Agg(if name.is_empty() { "_".into() } else { name }))
            }
            _ if is_ident(c) => {
                let from = self.at;
                while is_ident(self.peek(0)) {
                    self.step();
                }
                Ok(Self::word(self.slice(from)))
            }
            _ => self.operator(pos),
        }
    }

    fn word(word: String) -> Tok {
        match KEYWORDS.iter().find(|k| **k == word) {
            Some(key) => Tok::Key(key),
            None => Tok::Ident(word),
        }
    }

    fn operator(&mut self, pos: Pos) -> Result<Tok> {
        let Some(op) = OPERATORS.iter().find(|op| self.rest().starts_with(op.as_bytes())) else {
            let c = String::from_utf8_lossy(self.rest()).chars().next().unwrap_or('?');
            return Err(Error::new("D_SYNTAX", pos, format!("syntax error near \"{c}\"")));
        };
        self.steps(op.len());
        let less =
            |n: u32, what| n.checked_sub(1).ok_or_else(|| Error::new("D_SYNTAX", pos, format!("extra {what} in input stream")));
        match *op {
            "(" => self.parens += 1,
            "[" => self.brackets += 1,
            "{" => self.braces += 1,
            ")" => self.parens = less(self.parens, ")")?,
            "]" => self.brackets = less(self.brackets, "]")?,
            "}" => self.braces = less(self.braces, "}")?,
            "/" => return self.slash(pos),
            _ => {}
        }
        Ok(Tok::Op(op))
    }

    /// `/` divides, or ends a predicate when only blanks part it from `{`, `;`, `/` or the end.
    fn slash(&self, pos: Pos) -> Result<Tok> {
        let next = self.rest().iter().find(|c| !is_space(**c));
        if !matches!(next, None | Some(b';' | b'{' | b'/')) {
            return Ok(Tok::Op("/"));
        }
        for (open, what) in [(self.parens, ")"), (self.brackets, "]")] {
            if open != 0 {
                return Err(Error::new("D_SYNTAX", pos, format!("closing {what} expected in predicate before /")));
            }
        }
        Ok(Tok::EndPredicate)
    }

    /// The text between the quote here and its match; the lexer is left after it.
    fn quoted(&mut self, quote: u8) -> Option<&'a [u8]> {
        let from = self.at + 1;
        let mut end = from;
        loop {
            match self.text.get(end) {
                None | Some(b'\n') => return None,
                Some(b'\\') if !matches!(self.text.get(end + 1), None | Some(b'\n')) => end += 2,
                Some(c) if *c == quote => break,
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        self.text.get(from..end)
    }

    fn string(&mut self, pos: Pos) -> Result<Tok> {
        match self.quoted(b'"') {
            Some(text) => Ok(Tok::Str(text::unescape(text))),
            None if self.rest().contains(&b'\n') => {
                Err(Error::new("D_STR_NL", after_newline(pos), "newline encountered in string literal"))
            }
            None => Err(Error::new("D_SYNTAX", pos, "syntax error near \"\"\"")),
        }
    }

    fn character(&mut self, pos: Pos) -> Result<Tok> {
        let Some(text) = self.quoted(b'\'') else {
            if self.rest().contains(&b'\n') {
                return Err(Error::new("D_CHR_NL", after_newline(pos), "newline encountered in character constant"));
            }
            return Err(Error::new("D_SYNTAX", pos, "syntax error near \"'\""));
        };
        let bytes = text::unescape(text);
        if text.is_empty() {
            return Err(Error::new("D_CHR_NULL", pos, "empty character constant"));
        }
        if bytes.len() > 8 {
            return Err(Error::new("D_CHR_OFLOW", pos, "character constant is too long"));
        }
        let value = bytes.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b));
        Ok(Tok::Int(Int { value, decimal: true, ..Int::default() }))
    }
}

/// DTrace counts the newline that ends an unfinished constant as read.
fn after_newline(pos: Pos) -> Pos {
    Pos { line: pos.line.saturating_add(1), column: 1, ..pos }
}

#[cfg(test)]
mod tests;
