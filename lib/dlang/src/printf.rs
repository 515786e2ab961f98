//! Format strings of `printf`, `printa`, `system` and `freopen`: their parts.

/// A parsed format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Its parts in order. An empty list is `freopen("")`, which restores standard output.
    pub pieces: Vec<Piece>,
}

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text to be copied; `%%` has become `%`.
    Text(Vec<u8>),
    /// A conversion.
    Conversion(Conversion),
}

/// `%[flags][width][.precision][size]name`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// `-`: left-adjusted.
    pub left: bool,
    /// `+`: sign always.
    pub plus: bool,
    /// Space: a space for the plus sign.
    pub space: bool,
    /// `0`: padded with zeros.
    pub zero: bool,
    /// `#`: alternate form.
    pub alternate: bool,
    /// `'`: thousands grouped.
    pub group: bool,
    /// `@`: the aggregation's value.
    pub aggregated: bool,
    /// Field width.
    pub width: Width,
    /// Precision.
    pub precision: Width,
    /// Size prefix `h`, `l`, `ll`, ... as written.
    pub size: String,
    /// The conversion's letter. The checker has made a `d` or `i` of an unsigned argument a `u`.
    pub name: char,
}

/// A width or precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Not given.
    #[default]
    None,
    /// A number.
    Fixed(u32),
    /// `*`: the next argument.
    Argument,
}

/// Conversions D knows, with their size prefixes.
const KNOWN: &[&str] = &[
    "a", "A", "c", "C", "d", "e", "E", "f", "g", "G", "hd", "hi", "ho", "hu", "hx", "hX", "i", "k", "lc", "ld", "li", "lo", "lu",
    "ls", "lx", "lX", "lld", "lli", "llo", "llu", "llx", "llX", "Le", "LE", "Lf", "Lg", "LG", "o", "p", "s", "S", "T", "u", "wc",
    "ws", "x", "X", "Y",
];

impl Format {
    /// Parses a format.
    ///
    /// # Errors
    /// What is wrong, in DTrace's words.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let mut pieces: Vec<Piece> = vec![];
        let mut rest = text;
        let mut number = 0;
        let push = |pieces: &mut Vec<Piece>, bytes: &[u8]| match pieces.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Piece::Text(text)) => text.extend_from_slice(bytes),
            _ => pieces.push(Piece::Text(bytes.to_vec())),
        };
        while let Some(at) = rest.iter().position(|c| *c == b'%') {
            push(&mut pieces, rest.get(..at).unwrap_or_default());
            rest = rest.get(at + 1..).unwrap_or_default();
            number += 1;
            if rest.first() == Some(&b'%') {
                push(&mut pieces, b"%");
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let mut scanner = Scanner { rest, number, dot: false, digits: false };
            pieces.push(Piece::Conversion(scanner.conversion()?));
            rest = scanner.rest;
        }
        push(&mut pieces, rest);
        Ok(Self { pieces })
    }

    /// The conversions, in order.
    pub fn conversions(&self) -> impl Iterator<Item = &Conversion> {
        self.pieces.iter().filter_map(|p| match p {
            Piece::Conversion(c) => Some(c),
            Piece::Text(_) => None,
        })
    }
}

/// Reads one conversion.
struct Scanner<'a> {
    rest: &'a [u8],
    number: usize,
    dot: bool,
    digits: bool,
}

impl Scanner<'_> {
    fn conversion(&mut self) -> Result<Conversion, String> {
        let mut c = Conversion::default();
        let n = self.number;
        loop {
            let Some((&byte, tail)) = self.rest.split_first() else {
                return Err(format!("format conversion #{n} name expected before end of format string"));
            };
            if byte.is_ascii_digit() {
                self.number(&mut c);
                continue;
            }
            self.rest = tail;
            match byte {
                b'#' => c.alternate = true,
                b'+' => c.plus = true,
                b' ' => c.space = true,
                b'\'' => c.group = true,
                b'@' => c.aggregated = true,
                b'-' => (c.left, c.zero) = (true, false),
                b'?' => c.width = Width::Fixed(16),
                b'*' => self.star(&mut c)?,
                b'.' if self.dot => return Err(format!("format conversion #{n} has more than one '.' specified")),
                b'.' => (self.dot, self.digits) = (true, false),
                b'$' => return Err(format!("format conversion #{n} uses unsupported positional format (%n$)")),
                b'%' => return Err(format!("format conversion #{n} cannot be combined with other format flags: %%")),
                b'h' | b'l' | b'L' | b'w' => {
                    if c.size.len() < 6 {
                        c.size.push(char::from(byte));
                    }
                }
                _ => {
                    c.name = char::from(byte);
                    break;
                }
            }
        }
        let name = c.label();
        if !KNOWN.contains(&name.as_str()) {
            return Err(format!("format conversion #{n} is undefined: %{name}"));
        }
        Ok(c)
    }

    fn number(&mut self, c: &mut Conversion) {
        if !self.dot && !self.digits && self.rest.first() == Some(&b'0') {
            (c.zero, c.left) = (true, false);
            self.rest = self.rest.get(1..).unwrap_or_default();
            return;
        }
        let mut value = 0u32;
        while let Some((digit, tail)) = self.rest.split_first().filter(|(d, _)| d.is_ascii_digit()) {
            value = value.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
            self.rest = tail;
        }
        *(if self.dot { &mut c.precision } else { &mut c.width }) = Width::Fixed(value);
        self.digits = true;
    }

    fn star(&self, c: &mut Conversion) -> Result<(), String> {
        let slot = if self.dot { &mut c.precision } else { &mut c.width };
        if *slot == Width::Argument {
            let n = self.number;
            return Err(format!("format conversion #{n} has more than one '*' specified for the output precision"));
        }
        *slot = Width::Argument;
        Ok(())
    }
}

impl Conversion {
    /// Size prefix and letter, as messages name a conversion.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}{}", self.size, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_in_order() {
        let f = Format::parse(b"a%%b %-5.3d|%@u%*.*s%lld").unwrap();
        assert_eq!(f.pieces.len(), 6);
        assert_eq!(f.pieces[0], Piece::Text(b"a%b ".to_vec()));
        let c: Vec<_> = f.conversions().cloned().collect();
        assert!(c[0].left && c[0].width == Width::Fixed(5) && c[0].precision == Width::Fixed(3));
        assert!(c[1].aggregated && c[1].name == 'u');
        assert_eq!((c[2].width, c[2].precision), (Width::Argument, Width::Argument));
        assert_eq!(c[3].label(), "lld");
    }

    #[test]
    fn errors_are_dtraces() {
        let fails = |text: &str| Format::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fails("%d %"), "format conversion #2 name expected before end of format string");
        assert_eq!(fails("%Q"), "format conversion #1 is undefined: %Q");
        assert_eq!(fails("%1$d"), "format conversion #1 uses unsupported positional format (%n$)");
        assert_eq!(fails("%1.2.3d"), "format conversion #1 has more than one '.' specified");
        assert_eq!(fails("%**d"), "format conversion #1 has more than one '*' specified for the output precision");
        assert_eq!(fails("%5%"), "format conversion #1 cannot be combined with other format flags: %%");
    }
}
