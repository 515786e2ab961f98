//! Operands as the assembler of AArch64 writes them. The traps' frame holds x0 to x30, then sp and pc.
use super::{Place, Register, integer};

const SP: i16 = 8 * 31;
const PC: i16 = 8 * 32;

pub(super) fn place(text: &str) -> Option<Place> {
    if let Some(inside) = text.strip_prefix('[') {
        return memory(inside.strip_suffix(']')?);
    }
    if matches!(text, "xzr" | "wzr") {
        return Some(Place::Constant(0));
    }
    register(text).map(Place::Register).or_else(|| number(text).map(Place::Constant))
}

fn number(text: &str) -> Option<i64> {
    integer(text.strip_prefix('#').unwrap_or(text))
}

/// `base`, `base, displacement`, `base, index`, `base, index, lsl n`
fn memory(inside: &str) -> Option<Place> {
    let mut parts = inside.split(',').map(str::trim);
    let base = Some(parts.next().and_then(register)?);
    let Some(second) = parts.next() else { return Some(Place::Memory { base, index: None, displacement: 0 }) };
    let third = parts.next();
    if parts.next().is_some() {
        return None;
    }
    match (number(second), third) {
        (Some(displacement), None) => Some(Place::Memory { base, index: None, displacement }),
        (None, _) => {
            let shift = third.map_or(Some(0), |t| number(t.strip_prefix("lsl")?.trim()))?;
            let scale = 1_u8.checked_shl(u32::try_from(shift).ok().filter(|s| *s <= 3)?)?;
            let index = register(second).filter(|r| r.bytes == 8)?;
            Some(Place::Memory { base, index: Some((index, scale)), displacement: 0 })
        }
        _ => None,
    }
}

fn register(text: &str) -> Option<Register> {
    let whole = |offset| Some(Register { offset, bytes: 8, high: false });
    match text {
        "sp" => return whole(SP),
        "pc" => return whole(PC),
        "fp" => return whole(8 * 29),
        "lr" => return whole(8 * 30),
        _ => {}
    }
    let bytes = match text.as_bytes().first()? {
        b'x' => 8,
        b'w' => 4,
        _ => return None,
    };
    let n: i16 = text.get(1..)?.parse().ok().filter(|n| (0..=30).contains(n))?;
    Some(Register { offset: 8 * n, bytes, high: false })
}
