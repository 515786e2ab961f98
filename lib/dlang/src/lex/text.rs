//! Escapes of string and character constants.

/// The byte of a one-letter escape.
fn letter(c: u8) -> Option<u8> {
    Some(match c {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => 10,
        b'r' => 13,
        b't' => 9,
        b'v' => 11,
        b'"' | b'\\' | b'\'' | b'?' => c,
        _ => return None,
    })
}

/// Replaces C escapes by the bytes they stand for; an unknown escape stands for itself.
pub(crate) fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [c, tail @ ..] = rest {
        rest = tail;
        if *c != b'\\' {
            out.push(*c);
            continue;
        }
        let Some(&next) = rest.first() else {
            out.push(b'\\');
            break;
        };
        match next {
            b'0'..=b'7' => {
                let digits = rest.iter().take(3).take_while(|d| (b'0'..=b'7').contains(d)).count();
                out.push(number(rest, digits, 8));
                rest = rest.get(digits..).unwrap_or_default();
            }
            b'x' if rest.get(1).is_some_and(u8::is_ascii_hexdigit) => {
                let digits = rest.iter().skip(1).take_while(|d| d.is_ascii_hexdigit()).count();
                out.push(number(rest.get(1..).unwrap_or_default(), digits, 16));
                rest = rest.get(digits + 1..).unwrap_or_default();
            }
            _ => {
                match letter(next) {
                    Some(byte) => out.push(byte),
                    None => out.extend([b'\\', next]),
                }
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    out
}

/// The low byte of the number in the first `digits` digits.
fn number(text: &[u8], digits: usize, radix: u32) -> u8 {
    let value = text
        .iter()
        .take(digits)
        .fold(0u32, |n, d| n.wrapping_mul(radix).wrapping_add((*d as char).to_digit(radix).unwrap_or_default()));
    value.to_le_bytes()[0]
}

/// The opposite of `unescape`, for messages.
#[must_use]
pub fn escape(text: &[u8]) -> String {
    let mut out = String::new();
    for &c in text {
        match c {
            0 => out.push_str("\\0"),
            7 => out.push_str("\\a"),
            8 => out.push_str("\\b"),
            9 => out.push_str("\\t"),
            10 => out.push_str("\\n"),
            11 => out.push_str("\\v"),
            12 => out.push_str("\\f"),
            13 => out.push_str("\\r"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            32..127 => out.push(char::from(c)),
            _ => out.push_str(&format!("\\x{c:02x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_c_escapes() {
        assert_eq!(unescape(br#"a\n\t\"\\\x41\101\0z\q"#), b"a\n\t\"\\AA\0z\\q");
        assert_eq!(unescape(b"\\"), b"\\");
        assert_eq!(unescape(b"\\xzz"), b"\\xzz");
        assert_eq!(escape(b"a\n\"\x01"), "a\\n\\\"\\x01");
    }
}
