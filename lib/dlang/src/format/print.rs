//! `print()`: a value with its type, structures member by member.

use crate::types::{Member, Type, TypeId, Types};

/// How deep structures are shown.
const DEPTH: usize = 16;

/// Appends what `print()` shows of the bytes of a value of type `ty`: `int 5`, `struct s { ... }`.
pub fn print(out: &mut Vec<u8>, types: &Types, ty: TypeId, bytes: &[u8]) {
    out.extend_from_slice(types.name(ty).as_bytes());
    out.push(b' ');
    value(out, types, ty, bytes, 0);
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

fn value(out: &mut Vec<u8>, types: &Types, ty: TypeId, bytes: &[u8], depth: usize) {
    let size = usize::try_from(types.size(ty)).unwrap_or(usize::MAX);
    let number = integer(bytes, size.min(8));
    match types.kind(ty) {
        Type::String => text(out, bytes),
        Type::Array { of, .. } if types.is_char(*of) => text(out, bytes),
        Type::Integer { signed: true, .. } => out.extend(signed(number, size).to_string().bytes()),
        Type::Integer { .. } => out.extend(number.to_string().bytes()),
        Type::Pointer(_) => out.extend(format!("0x{number:x}").bytes()),
        Type::Enum { values, .. } => {
            let n = signed(number, 4);
            let tag = values.iter().flatten().find(|(_, v)| i64::from(*v) == n).map(|(tag, _)| tag.clone());
            out.extend(tag.unwrap_or_else(|| n.to_string()).bytes());
        }
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

fn text(out: &mut Vec<u8>, bytes: &[u8]) {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    out.push(b'"');
    out.extend_from_slice(crate::lex::text::escape(bytes.get(..end).unwrap_or(bytes)).as_bytes());
    out.push(b'"');
}

fn structure(out: &mut Vec<u8>, types: &Types, members: &[Member], bytes: &[u8], depth: usize) {
    out.extend_from_slice(b"{\n");
    for member in members {
        out.extend(std::iter::repeat_n(b' ', 4 * (depth + 1)));
        let ty = types.name(member.ty);
        out.extend(format!("{ty} {} = ", member.name).trim_start().bytes());
        let at = usize::try_from(member.bit_offset / 8).unwrap_or(usize::MAX);
        let rest = bytes.get(at..).unwrap_or_default();
        match member.bits {
            Some(width) => {
                let shift = u32::try_from(member.bit_offset % 8).unwrap_or(0);
                let mask = u64::MAX >> (64 - width.clamp(1, 64));
                out.extend(((integer(rest, 8) >> shift) & mask).to_string().bytes());
            }
            None => {
                let size = usize::try_from(types.size(member.ty)).unwrap_or(0);
                value(out, types, member.ty, rest.get(..size).unwrap_or(rest), depth + 1);
            }
        }
        out.extend_from_slice(b",\n");
    }
    out.extend(std::iter::repeat_n(b' ', 4 * depth));
    out.push(b'}');
}
