//! Integer constants: their types and arithmetic on them.

use crate::types::{TypeId, Types};

/// The types of constants in the order they are tried, with the largest value of each.
const LADDER: [(TypeId, u64); 6] = [
    (TypeId::INT, 0x7fff_ffff),
    (TypeId::UINT, 0xffff_ffff),
    (TypeId::LONG, 0x7fff_ffff_ffff_ffff),
    (TypeId::ULONG, u64::MAX),
    (TypeId::LONG_LONG, 0x7fff_ffff_ffff_ffff),
    (TypeId::ULONG_LONG, u64::MAX),
];

/// The type of a constant, by ISO C99 6.4.4.1.
pub(super) fn type_of(value: u64, unsigned: bool, longs: u8, decimal: bool) -> Option<TypeId> {
    let start = usize::from(unsigned) + 2 * usize::from(longs.min(2));
    let step = if decimal || unsigned { 2 } else { 1 };
    LADDER.iter().skip(start).step_by(step).find(|(_, limit)| value <= *limit).map(|(ty, _)| *ty)
}

/// Cuts a value to the size of an integer type and extends it by its sign.
pub(super) fn narrow(value: i64, ty: TypeId, types: &Types) -> i64 {
    let bits = u32::try_from(types.size(ty).min(8) * 8).unwrap_or(64);
    if bits == 0 || bits == 64 {
        return value;
    }
    let shift = 64 - bits;
    if types.is_signed(ty) {
        (value << shift) >> shift
    } else {
        crate::bits::signed(crate::bits::unsigned(value) << shift >> shift)
    }
}

/// The result of a binary operator on constants; `None` if the operator is not of that kind or divides by zero.
pub(super) fn binary(op: &str, a: i64, b: i64, signed: bool) -> Option<i64> {
    let (ua, ub) = (crate::bits::unsigned(a), crate::bits::unsigned(b));
    let by_sign = |s: bool, u: bool| i64::from(if signed { s } else { u });
    let shift = u32::try_from(ub & 63).unwrap_or(0);
    Some(match op {
        "||" => i64::from(a != 0 || b != 0),
        "^^" => i64::from((a != 0) ^ (b != 0)),
        "&&" => i64::from(a != 0 && b != 0),
        "|" => a | b,
        "^" => a ^ b,
        "&" => a & b,
        "==" => i64::from(a == b),
        "!=" => i64::from(a != b),
        "<" => by_sign(a < b, ua < ub),
        "<=" => by_sign(a <= b, ua <= ub),
        ">" => by_sign(a > b, ua > ub),
        ">=" => by_sign(a >= b, ua >= ub),
        "<<" => crate::bits::signed(ua.wrapping_shl(shift)),
        ">>" => crate::bits::signed(ua.wrapping_shr(shift)),
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" if signed => a.checked_div(b).or((b != 0).then_some(i64::MIN))?,
        "/" => crate::bits::signed(ua.checked_div(ub)?),
        "%" if signed => a.checked_rem(b).or((b != 0).then_some(0))?,
        "%" => crate::bits::signed(ua.checked_rem(ub)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_constants_follow_c99() {
        assert_eq!(type_of(1, false, 0, true), Some(TypeId::INT));
        assert_eq!(type_of(0x8000_0000, false, 0, true), Some(TypeId::LONG));
        assert_eq!(type_of(0x8000_0000, false, 0, false), Some(TypeId::UINT));
        assert_eq!(type_of(1, true, 0, true), Some(TypeId::UINT));
        assert_eq!(type_of(1, false, 2, true), Some(TypeId::LONG_LONG));
        assert_eq!(type_of(1, true, 2, true), Some(TypeId::ULONG_LONG));
        assert_eq!(type_of(u64::MAX, false, 0, true), None);
        assert_eq!(type_of(u64::MAX, false, 0, false), Some(TypeId::ULONG));
    }

    #[test]
    fn arithmetic_wraps_and_never_traps() {
        let t = Types::new();
        assert_eq!(binary("/", i64::MIN, -1, true), Some(i64::MIN));
        assert_eq!(binary("%", i64::MIN, -1, true), Some(0));
        assert_eq!(binary("/", 1, 0, true), None);
        assert_eq!(binary("/", -1, 2, false), Some(i64::MAX));
        assert_eq!(binary("<", -1, 0, false), Some(0));
        assert_eq!(narrow(0x1ff, TypeId::CHAR, &t), -1);
        assert_eq!(narrow(-1, TypeId::UINT, &t), 0xffff_ffff);
    }
}
