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

    /// `%s`: at most as many bytes as the precision says.
    pub(super) fn text(&self, out: &mut Vec<u8>, text: &[u8]) {
        let most = if self.precision > 0 { self.precision } else { usize::MAX };
        self.pad(out, text.get(..text.len().min(most)).unwrap_or(text));
    }
}
