//! Numbers and macro arguments.

use super::token::{Int, Tok};
use super::{Lexer, is_ident, text};
use crate::error::{Error, Pos, Result};

/// Reads an integer by C's rules of radix; the rest of the text after its digits, or `None` if it does not fit 64 bits.
pub(crate) fn integer(text: &str) -> (Option<u64>, bool, &str) {
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', c, ..] if c.is_ascii_hexdigit() => (16, text.get(2..).unwrap_or_default()),
        [b'0', ..] => (8, text),
        _ => (10, text),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end).unwrap_or((digits, ""));
    (u64::from_str_radix(digits, radix).ok().or(digits.is_empty().then_some(0)), !text.starts_with('0'), rest)
}

impl Lexer<'_> {
    /// An integer constant; D has no other numbers.
    pub(super) fn number(&mut self, pos: Pos) -> Result<Tok> {
        let from = self.at;
        if self.float_length() > self.integer_length() {
            return Err(self.syntax("floating-point constants are not permitted"));
        }
        self.steps(self.integer_length());
        let word = self.slice(from);
        let (value, decimal, suffix) = integer(&word);
        let Some(value) = value else {
            return Err(Error::new("D_INT_OFLOW", pos, format!("constant {word} results in integer overflow")));
        };
        if let Some(c) = suffix.chars().next().filter(|c| !"uUlL".contains(*c)) {
            return Err(Error::new("D_INT_DIGIT", pos, format!("constant {word} contains invalid digit {c}")));
        }
        let unsigned = suffix.contains(['u', 'U']);
        let longs = u8::try_from(suffix.matches(['l', 'L']).count()).unwrap_or(2);
        Ok(Tok::Int(Int { value, unsigned, longs, decimal, negative: false }))
    }

    fn integer_length(&self) -> usize {
        let digits = |from: usize, hex: bool| {
            let mut n = from;
            while if hex { self.peek(n).is_ascii_hexdigit() } else { self.peek(n).is_ascii_digit() } {
                n += 1;
            }
            n
        };
        let hex = self.peek(0) == b'0' && matches!(self.peek(1), b'x' | b'X') && self.peek(2).is_ascii_hexdigit();
        let mut n = if hex { digits(2, true) } else { digits(0, false) };
        if n > 0 {
            n += usize::from(matches!(self.peek(n), b'u' | b'U'));
            n += usize::from(matches!(self.peek(n), b'l' | b'L'));
            n += usize::from(matches!(self.peek(n), b'l' | b'L'));
        }
        n
    }

    fn float_length(&self) -> usize {
        let run = |mut n: usize| {
            while self.peek(n).is_ascii_digit() {
                n += 1;
            }
            n
        };
        let mut n = run(0);
        if self.peek(n) == b'.' {
            n = run(n + 1);
        }
        if matches!(self.peek(n), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(n + 1), b'+' | b'-'));
            if self.peek(n + 1 + sign).is_ascii_digit() {
                n = run(n + 1 + sign);
            }
        }
        n + usize::from(matches!(self.peek(n), b'f' | b'F' | b'l' | b'L'))
    }

    /// `$1`, `$$1`, `$pid`, `$$pid`: replaced by the argument or value; two signs make it a string.
    pub(super) fn macro_word(&mut self, pos: Pos, signs: usize) -> Result<Tok> {
        let from = self.at;
        self.steps(signs);
        let digits = self.peek(0).is_ascii_digit();
        while if digits { self.peek(0).is_ascii_digit() } else { is_ident(self.peek(0)) } {
            self.step();
        }
        let word = self.slice(from);
        let name = word.trim_start_matches('$');
        if digits {
            let argument = self.argument(&word, name, pos)?;
            return if signs == 2 {
                Ok(Tok::Str(text::unescape(argument.unwrap_or_default().as_bytes())))
            } else {
                Self::macro_value(&word, argument.as_deref().unwrap_or("0"), pos)
            };
        }
        let Some((_, value)) = self.context.macros.iter().find(|(n, _)| n == name) else {
            return Err(Error::new("D_MACRO_UNDEF", pos, format!("macro variable {word} is not defined")));
        };
        if signs == 2 {
            return Ok(Tok::Str(value.to_string().into_bytes()));
        }
        let (negative, value) = (*value < 0, value.unsigned_abs());
        Ok(Tok::Int(Int { value, decimal: true, negative, ..Int::default() }))
    }

    /// Argument number `name`; `None` for one that is missing and may be.
    fn argument(&mut self, word: &str, name: &str, pos: Pos) -> Result<Option<String>> {
        let found = name.parse::<usize>().ok().and_then(|n| {
            self.used.insert(n);
            self.context.arguments.get(n).cloned()
        });
        if found.is_none() && !self.context.default_arguments {
            return Err(Error::new("D_MACRO_UNDEF", pos, format!("macro argument {word} is not defined")));
        }
        Ok(found)
    }

    /// The token an argument's text stands for: an integer, an identifier, or else a string.
    fn macro_value(word: &str, value: &str, pos: Pos) -> Result<Tok> {
        let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
        let first = unsigned.as_bytes().first().copied().unwrap_or(0);
        if first.is_ascii_digit() {
            let (number, decimal, rest) = integer(unsigned);
            let Some(number) = number else {
                let text = format!("macro argument {word} constant {unsigned} results in integer overflow");
                return Err(Error::new("D_MACRO_OFLOW", pos, text));
            };
            if rest.chars().all(|c| "uUlL".contains(c)) {
                return Ok(Tok::Int(Int {
                    value: number,
                    unsigned: rest.contains(['u', 'U']),
                    longs: u8::try_from(rest.matches(['l', 'L']).count()).unwrap_or(2).min(2),
                    decimal,
                    negative: value.starts_with('-'),
                }));
            }
        } else if value == unsigned && !value.is_empty() && value.bytes().all(is_ident) {
            return Ok(Self::word(value.to_owned()));
        }
        let inner = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
        Ok(Tok::Str(text::unescape(inner.as_bytes())))
    }
}
