//! Size classes: 8, then every 16 to 128, then four to each doubling up to 128 KiB (waste at most a fifth).
use crate::sys::near;

/// Largest size that a cache serves; above it an allocation gets pages of its own.
pub(crate) const MAX_SMALL: usize = 128 << 10;
/// Classes are numbered 1 to this; 0 stands for larger sizes.
pub(crate) const COUNT: usize = 49;

/// Up to here the classes are looked up by eights.
pub(crate) const FINE: usize = 1024;
const FINE_STEP: usize = 8;
const COARSE_STEP: usize = 256;

/// Bytes of each class; entry 0 is no class.
pub(crate) const SIZES: [u32; COUNT + 1] = sizes();
static BY_8: [u8; FINE / FINE_STEP + 1] = lookup::<{ FINE / FINE_STEP + 1 }>(FINE_STEP);
static BY_256: [u8; MAX_SMALL / COARSE_STEP + 1] = lookup::<{ MAX_SMALL / COARSE_STEP + 1 }>(COARSE_STEP);

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks it")]
const fn sizes() -> [u32; COUNT + 1] {
    let mut s = [0; COUNT + 1];
    s[1] = 8;
    let mut n = 2;
    while n <= 9 {
        s[n] = 16 * (n as u32 - 1);
        n += 1;
    }
    let mut base = 128;
    while n <= COUNT {
        let mut quarter = 1;
        while quarter <= 4 {
            s[n] = base + base / 4 * quarter;
            n += 1;
            quarter += 1;
        }
        base *= 2;
    }
    s
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks it")]
const fn lookup<const N: usize>(step: usize) -> [u8; N] {
    let mut table = [0; N];
    let (mut i, mut class) = (0, 1);
    while i < N {
        while (SIZES[class] as usize) < i * step {
            class += 1;
        }
        table[i] = class as u8;
        i += 1;
    }
    table
}

/// The class that serves `size` bytes, at most [`FINE`].
///
/// # Safety
/// `size` is not larger.
#[inline(always)]
pub(crate) unsafe fn fine_class(size: usize) -> usize {
    let table = near!(BY_8 as u8);
    // SAFETY: by the contract the index is below the table's length.
    unsafe { *table.add(size.wrapping_add(FINE_STEP - 1) / FINE_STEP) as usize }
}

/// The class that serves `size` bytes, 0 above [`MAX_SMALL`].
#[inline(always)]
pub(crate) fn class_of(size: usize) -> usize {
    if size <= FINE {
        // SAFETY: as tested.
        return unsafe { fine_class(size) };
    }
    if size > MAX_SMALL {
        return 0;
    }
    BY_256.get(size.div_ceil(COARSE_STEP)).map_or(0, |&c| c as usize)
}

/// Bytes of class `class`.
pub(crate) fn size_of_class(class: usize) -> usize {
    SIZES.get(class).map_or(0, |&s| s as usize)
}

/// The smallest class of at least `size` bytes whose buffers are all aligned to `align`, a power of two; 0 for none.
pub(crate) fn aligned_class(size: usize, align: usize) -> usize {
    let first = class_of(size.max(align));
    if first == 0 || align > 4096 {
        return 0;
    }
    (first..=COUNT).find(|&c| size_of_class(c) % align == 0).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_gets_the_smallest_class_that_holds_it() {
        for size in 0..=MAX_SMALL {
            let c = class_of(size);
            assert!(size_of_class(c) >= size, "{size} in {c}");
            assert!(c == 1 || size_of_class(c - 1) < size, "{size} in {c}");
        }
        assert_eq!(class_of(MAX_SMALL + 1), 0);
        assert_eq!(class_of(usize::MAX), 0);
        assert_eq!(size_of_class(COUNT), MAX_SMALL);
    }

    #[test]
    fn waste_is_a_fifth_at_most_above_128_bytes() {
        for c in 10..=COUNT {
            assert!((size_of_class(c) - size_of_class(c - 1)) * 5 <= size_of_class(c));
        }
    }

    #[test]
    fn aligned_classes_are_aligned() {
        for align in [1, 8, 16, 64, 256, 4096] {
            for size in [1, 24, 100, 1000, 5000, MAX_SMALL] {
                let c = aligned_class(size, align);
                assert!(size_of_class(c) >= size && size_of_class(c) % align == 0, "{size} {align}");
            }
        }
        assert_eq!(aligned_class(100, 8192), 0);
    }
}
