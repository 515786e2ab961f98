//! Numbers as C's printf writes them.

use crate::printf::Conversion;

/// The value of an integer of `size` bytes without its sign.
pub(super) fn unsigned(value: i64, size: u8) -> u64 {
    let bits = crate::bits::unsigned(value);
    match size {
        1 => bits & 0xff,
        2 => bits & 0xffff,
        4 => bits & 0xffff_ffff,
        _ => bits,
    }
}

/// Flags, width and precision of a conversion with all `*` replaced.
pub(super) struct Form<'a> {
    /// The conversion.
    pub(super) c: &'a Conversion,
    /// Left-adjusted, also by a negative `*`.
    pub(super) left: bool,
    /// Field width.
    pub(super) width: usize,
    /// Precision; 0 counts as none, as it does for DTrace.
    pub(super) precision: usize,
}

impl Form<'_> {
    /// Appends text in the field.
    pub(super) fn pad(&self, out: &mut Vec<u8>, text: &[u8]) {
        let blanks = std::iter::repeat_n(b' ', self.width.saturating_sub(text.len()));
        if self.left {
            out.extend_from_slice(text);
            out.extend(blanks);
        } else {
            out.extend(blanks);
            out.extend_from_slice(text);
        }
    }

    /// Appends digits with their sign or prefix, zero-padded if asked.
    fn digits(&self, out: &mut Vec<u8>, prefix: &str, digits: &str) {
        let mut digits = digits.to_owned();
        let zeros = self.precision.saturating_sub(digits.len());
        digits.insert_str(0, &"0".repeat(zeros));
        if self.c.zero && !self.left && self.precision == 0 {
            let zeros = self.width.saturating_sub(prefix.len() + digits.len());
            digits.insert_str(0, &"0".repeat(zeros));
        }
        self.pad(out, format!("{prefix}{digits}").as_bytes());
    }

    /// `%d`
    pub(super) fn signed(&self, out: &mut Vec<u8>, value: i64) {
        let prefix = match (value < 0, self.c.plus, self.c.space) {
            (true, _, _) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        self.digits(out, prefix, &value.unsigned_abs().to_string());
    }

    /// `%u`, `%x`, `%X`, `%o`
    pub(super) fn unsigned(&self, out: &mut Vec<u8>, value: u64, name: char) {
        let (prefix, digits) = match name {
            'x' | 'p' => ("0x", format!("{value:x}")),
            'X' => ("0X", format!("{value:X}")),
            'o' => ("0", format!("{value:o}")),
            _ => ("", value.to_string()),
        };
        self.digits(out, if self.c.alternate && value != 0 { prefix } else { "" }, &digits);
    }

    /// `%f`, `%e`, `%g` and their capitals
    pub(super) fn real(&self, out: &mut Vec<u8>, value: f64, name: char) {
        let places = if self.precision == 0 { 6 } else { self.precision };
        let digits = match name {
            'f' => format!("{:.places$}", value.abs()),
            'e' | 'E' => scientific(value.abs(), places),
            _ => shortest(value.abs(), places),
        };
        let prefix = match (value.is_sign_negative(), self.c.plus, self.c.space) {
            (true, _, _) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let digits = if name.is_uppercase() { digits.to_uppercase() } else { digits.to_lowercase() };
        let zeros = if self.c.zero && !self.left { self.width.saturating_sub(prefix.len() + digits.len()) } else { 0 };
        self.pad(out, format!("{prefix}{}{digits}", "0".repeat(zeros)).as_bytes());
    }

    /// `%s`: at most as many bytes as the precision says.
    pub(super) fn text(&self, out: &mut Vec<u8>, text: &[u8]) {
        let most = if self.precision > 0 { self.precision } else { usize::MAX };
        self.pad(out, text.get(..text.len().min(most)).unwrap_or(text));
    }
}

/// `1.500000e+00`
fn scientific(value: f64, places: usize) -> String {
    let text = format!("{value:.places$e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// `%g`: so many significant digits, without zeros at the end, by exponent if it is small or large.
fn shortest(value: f64, digits: usize) -> String {
    let text = scientific(value, digits.saturating_sub(1));
    let exponent: i32 = text.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let bare = |number: &str| match number.split_once('.') {
        Some(_) => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => number.to_owned(),
    };
    let most = i32::try_from(digits).unwrap_or(i32::MAX);
    if value != 0.0 && !(-4..most).contains(&exponent) {
        return text.split_once('e').map_or_else(|| text.clone(), |(number, e)| format!("{}e{e}", bare(number)));
    }
    let places = usize::try_from(most - 1 - exponent).unwrap_or(0);
    bare(&format!("{value:.places$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_are_written_as_by_c() {
        assert_eq!(scientific(0.0, 6), "0.000000e+00");
        assert_eq!(scientific(12345.678, 2), "1.23e+04");
        assert_eq!(scientific(1e-120, 1), "1.0e-120");
        for (value, text) in [(0.0, "0"), (0.5, "0.5"), (100_000.0, "100000"), (1e6, "1e+06"), (0.000_012_5, "1.25e-05")] {
            assert_eq!(shortest(value, 6), text);
        }
    }
}
