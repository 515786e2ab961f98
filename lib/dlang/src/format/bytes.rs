//! Text, bytes and stacks.

use super::Style;

/// Blanks before each frame of a stack.
pub(super) const INDENT: usize = 14;

/// Text in a column: two blanks, then the text padded to `width`.
pub(super) fn column(out: &mut Vec<u8>, text: &[u8], width: usize) {
    out.extend_from_slice(b"  ");
    out.extend_from_slice(text);
    out.extend(std::iter::repeat_n(b' ', width.saturating_sub(text.len())));
}

/// Appends a table of the bytes in hexadecimal and as characters, as `tracemem()` shows them.
pub fn hexdump(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    out.extend_from_slice(b"\n           ");
    for digit in "0123456789abcdef".chars() {
        out.extend(format!("  {digit}").bytes());
    }
    out.extend_from_slice(b"  0123456789abcdef\n");
    for (i, row) in bytes.chunks(16).enumerate() {
        out.extend(format!("     {:5x}:", i * 16).bytes());
        for byte in row {
            out.extend(format!(" {byte:02x}").bytes());
        }
        out.extend(std::iter::repeat_n(b' ', 3 * (16 - row.len()) + 2));
        out.extend(row.iter().map(|b| if (b' '..=b'~').contains(b) { *b } else { b'.' }));
        out.push(b'\n');
    }
}

/// Appends bytes as text if all of them up to trailing NULs are printable, else as a [`hexdump`].
pub fn text_or_dump(out: &mut Vec<u8>, bytes: &[u8], width: usize, style: Style) {
    if bytes.is_empty() {
        return;
    }
    let printable = |b: &u8| (b' '..=b'~').contains(b) || (7..=13).contains(b);
    let end = bytes.iter().position(|b| !printable(b));
    let (text, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
    if style.raw || text.is_empty() || rest.iter().any(|b| *b != 0) {
        hexdump(out, bytes);
    } else if style.quiet && !rest.is_empty() {
        out.extend_from_slice(text);
    } else {
        column(out, text, width);
    }
}

/// Appends a stack: an empty line, then each frame on its own line.
pub fn stack(out: &mut Vec<u8>, frames: &[String], indent: usize) {
    out.push(b'\n');
    for frame in frames {
        out.extend(std::iter::repeat_n(b' ', indent));
        out.extend_from_slice(frame.as_bytes());
        out.push(b'\n');
    }
}
