//! The same 64 bits with and without a sign.

/// The bits of `n` as a signed number.
pub(crate) fn signed(n: u64) -> i64 {
    i64::from_ne_bytes(n.to_ne_bytes())
}

/// The bits of `n` as an unsigned number.
pub(crate) fn unsigned(n: i64) -> u64 {
    u64::from_ne_bytes(n.to_ne_bytes())
}
