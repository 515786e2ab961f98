//! `print()`: a value with its type, structures member by member.

use crate::types::{Member, Type, TypeId, Types};

/// How deep structures are shown.
const DEPTH: usize = 16;
/// Blanks before the type of what a pointer points to.
const COLUMN: usize = 44;

/// Appends what `print(pointer)` shows: the address, then what is there by type, all of it but what is zero. What begins at `limit`
/// bytes or later (`-xprintsize`) is left out.
pub fn print_at(out: &mut Vec<u8>, types: &Types, address: u64, (ty, bytes): (TypeId, &[u8]), limit: usize) {
    out.extend(format!("0x{address:x} = *\n").bytes());
    let mut printer = Printer { out, types, limit, open: Vec::new(), cut: false };
    printer.item("", ty, bytes, 0, 0);
    printer.close();
}

/// The state of a `print`.
struct Printer<'p> {
    out: &'p mut Vec<u8>,
    types: &'p Types,
    limit: usize,
    /// Depths of structures that have ended, whose braces wait for what comes next.
    open: Vec<usize>,
    /// Whether the limit has been reached.
    cut: bool,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.out.extend(std::iter::repeat_n(b' ', COLUMN + depth));
        self.out.extend(text.bytes());
        self.out.push(b'\n');
    }

    fn close(&mut self) {
        for depth in std::mem::take(&mut self.open) {
            self.line(depth, if depth == 0 { "}" } else { "}," });
        }
    }

    /// Whether something at `at` is beyond the limit; says so once, before the structure shown last is closed.
    fn beyond(&mut self, at: usize, depth: usize) -> bool {
        if at >= self.limit && !self.cut {
            self.cut = true;
            self.line(depth, "...");
        }
        self.cut
    }

    /// One value with its label, e.g. `.len = `.
    fn item(&mut self, label: &str, ty: TypeId, bytes: &[u8], at: usize, depth: usize) {
        if depth > 0 && bytes.iter().all(|b| *b == 0) || self.beyond(at, depth) || depth > DEPTH {
            return;
        }
        self.close();
        let name = format!("{label}({})", self.types.name(ty));
        match self.types.kind(ty).clone() {
            Type::Struct { members: Some(members), .. } => {
                self.line(depth, &format!("{name} {{"));
                for m in &members {
                    self.member(m, bytes, at, depth + 1);
                }
                self.open.push(depth);
            }
            Type::Array { of, .. } => {
                self.line(depth, &format!("{name} ["));
                self.elements(of, bytes, at, depth + 1);
                self.close();
                self.line(depth, if depth == 0 { "]" } else { "]," });
            }
            _ => {
                let value = scalar(self.types, ty, bytes);
                self.line(depth, &format!("{name}{value}{}", if depth == 0 { "" } else { "," }));
            }
        }
    }

    fn member(&mut self, m: &Member, bytes: &[u8], at: usize, depth: usize) {
        let offset = usize::try_from(m.bit_offset / 8).unwrap_or(usize::MAX);
        let rest = bytes.get(offset..).unwrap_or_default();
        let label = if m.name.is_empty() { String::new() } else { format!(".{} = ", m.name) };
        let at = at.saturating_add(offset);
        if let Some(width) = m.bits {
            let value = field(self.types, m, width, rest);
            if value != 0 && !self.beyond(at, depth) {
                self.close();
                self.line(depth, &format!("{label}({}){value},", self.types.name(m.ty)));
            }
            return;
        }
        let size = usize::try_from(self.types.size(m.ty)).unwrap_or(0);
        self.item(&label, m.ty, rest.get(..size).unwrap_or(rest), at, depth);
    }

    /// The elements of an array; of text, those before the NUL.
    fn elements(&mut self, of: TypeId, bytes: &[u8], at: usize, depth: usize) {
        let step = usize::try_from(self.types.size(of)).unwrap_or(1).max(1);
        let text = self.types.is_char(of);
        for (i, part) in bytes.chunks(step).enumerate() {
            if text && part == [0] {
                break;
            }
            self.item("", of, part, at + i * step, depth);
        }
    }
}

/// Appends what `print()` shows of a structure that is not pointed to: `struct s { int a = 0x1 }`, a member a line.
pub fn print(out: &mut Vec<u8>, types: &Types, ty: TypeId, bytes: &[u8]) {
    out.extend_from_slice(types.name(ty).as_bytes());
    out.push(b' ');
    value(out, types, ty, bytes, 0);
    out.push(b'\n');
}

fn integer(bytes: &[u8], size: usize) -> u64 {
    let mut raw = [0u8; 8];
    for (slot, byte) in raw.iter_mut().zip(bytes.iter().take(size)) {
        *slot = *byte;
    }
    u64::from_le_bytes(raw)
}

fn signed(value: u64, size: usize) -> i64 {
    let shift = 64 - 8 * u32::try_from(size.clamp(1, 8)).unwrap_or(8);
    (crate::bits::signed(value) << shift) >> shift
}

/// The value of a bit-field.
fn field(types: &Types, m: &Member, width: u32, unit: &[u8]) -> i64 {
    let width = width.clamp(1, 64);
    let shift = u32::try_from(m.bit_offset % 8).unwrap_or(0);
    let raw = crate::bits::signed((integer(unit, 8) >> shift) << (64 - width));
    if types.is_signed(m.ty) { raw >> (64 - width) } else { crate::bits::signed(crate::bits::unsigned(raw) >> (64 - width)) }
}

/// A value that is no structure and no array.
fn scalar(types: &Types, ty: TypeId, bytes: &[u8]) -> String {
    let size = usize::try_from(types.size(ty)).unwrap_or(8).min(8);
    let number = integer(bytes, size);
    match types.kind(ty) {
        Type::Integer { bytes: 1, signed: true, .. } if (0x20..0x7f).contains(&number) => {
            format!("'{}'", char::from(u8::try_from(number).unwrap_or(b'?')))
        }
        Type::Integer { signed: true, .. } => signed(number, size).to_string(),
        Type::Integer { .. } => number.to_string(),
        Type::Enum { .. } => enumerator(types, ty, signed(number, 4)),
        Type::String => quoted(bytes),
        Type::Pointer(_) => format!("0x{number:x}"),
        _ => "...".into(),
    }
}

/// The name of an enumerator, or its number.
fn enumerator(types: &Types, ty: TypeId, n: i64) -> String {
    let Type::Enum { values, .. } = types.kind(ty) else { return n.to_string() };
    let tag = values.iter().flatten().find(|(_, v)| i64::from(*v) == n).map(|(tag, _)| tag.clone());
    tag.unwrap_or_else(|| n.to_string())
}

fn quoted(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    format!("\"{}\"", crate::lex::text::escape(bytes.get(..end).unwrap_or(bytes)))
}

fn value(out: &mut Vec<u8>, types: &Types, ty: TypeId, bytes: &[u8], depth: usize) {
    let size = usize::try_from(types.size(ty)).unwrap_or(usize::MAX);
    let number = integer(bytes, size.min(8));
    match types.kind(ty) {
        Type::String => out.extend(format!("[ {} ]", quoted(bytes)).bytes()),
        Type::Array { of, .. } if types.is_char(*of) => out.extend(format!("[ {} ]", quoted(bytes)).bytes()),
        Type::Enum { .. } => out.extend(enumerator(types, ty, signed(number, 4)).bytes()),
        Type::Integer { .. } | Type::Pointer(_) => out.extend(hexadecimal(number).bytes()),
        Type::Struct { members: Some(members), .. } if depth < DEPTH => structure(out, types, members, bytes, depth),
        Type::Array { of, len } if depth < DEPTH => {
            let step = usize::try_from(types.size(*of)).unwrap_or(1).max(1);
            out.extend_from_slice(b"[ ");
            for (i, part) in bytes.chunks(step).take(usize::try_from(*len).unwrap_or(0)).enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                value(out, types, *of, part, depth + 1);
            }
            out.extend_from_slice(b" ]");
        }
        _ => out.extend_from_slice(b"..."),
    }
}

fn hexadecimal(number: u64) -> String {
    if number == 0 { "0".into() } else { format!("0x{number:x}") }
}

fn structure(out: &mut Vec<u8>, types: &Types, members: &[Member], bytes: &[u8], depth: usize) {
    out.extend_from_slice(b"{\n");
    for member in members {
        out.extend(std::iter::repeat_n(b' ', 4 * (depth + 1)));
        let ty = types.name(member.ty);
        out.extend(format!("{ty} {} = ", member.name).trim_start().bytes());
        let at = usize::try_from(member.bit_offset / 8).unwrap_or(usize::MAX);
        let rest = bytes.get(at..).unwrap_or_default();
        if let Some(width) = member.bits {
            out.extend(hexadecimal(crate::bits::unsigned(field(types, member, width, rest))).bytes());
        } else {
            let size = usize::try_from(types.size(member.ty)).unwrap_or(0);
            value(out, types, member.ty, rest.get(..size).unwrap_or(rest), depth + 1);
        }
        out.push(b'\n');
    }
    out.extend(std::iter::repeat_n(b' ', 4 * depth));
    out.push(b'}');
}
