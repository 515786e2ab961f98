//! Numbers with the same bits and the other sign (the standard library's `cast_signed` is newer than the oldest compiler supported).

/// To signed.
pub(crate) trait Signed {
    /// The signed type.
    type To;
    /// The same bits, signed.
    fn signed(self) -> Self::To;
}

/// To unsigned.
pub(crate) trait Unsigned {
    /// The unsigned type.
    type To;
    /// The same bits, unsigned.
    fn unsigned(self) -> Self::To;
}

macro_rules! bits {
    ($($u:ty, $i:ty);*) => { $(
        impl Signed for $u {
            type To = $i;
            fn signed(self) -> $i {
                <$i>::from_ne_bytes(self.to_ne_bytes())
            }
        }
        impl Unsigned for $i {
            type To = $u;
            fn unsigned(self) -> $u {
                <$u>::from_ne_bytes(self.to_ne_bytes())
            }
        }
    )* };
}

bits!(u32, i32; u64, i64; usize, isize);
