//! Magazines: arrays of free buffers that threads trade with the depot whole.
use umem_abi::Magazine;

use crate::meta;

/// The capacities, with the largest buffer for which each is chosen.
const KINDS: [(usize, usize); 9] =
    [(143, 128), (95, 256), (63, 512), (31, 1024), (15, 2048), (7, 8192), (3, 32 << 10), (2, 64 << 10), (1, usize::MAX)];
/// No magazine holds more.
pub(crate) const MAX_ROUNDS: usize = 143;

/// Rounds of the magazines of buffers of `chunk` bytes, so that one holds about 32 KiB at most.
pub(crate) fn rounds_for(chunk: usize) -> usize {
    KINDS.iter().find(|(_, largest)| chunk <= *largest).map_or(1, |(rounds, _)| *rounds)
}

/// Magazines of all sizes that a thread may have loaded at once, roughly; and how many shares one whose depot is contended may take.
const SHARES: usize = 32;
const CONTENDED: usize = 4;

/// The same within a cap of what one thread caches.
pub(crate) fn rounds_within(chunk: usize, perthread: usize) -> usize {
    rounds_for(chunk).min((perthread / SHARES / chunk).max(1))
}

/// The capacity above `rounds` that a contended depot changes to: the next one, or the same at the end. Magazines then take up to four times
/// the bytes, still within the cap.
pub(crate) fn rounds_above(rounds: usize, chunk: usize, perthread: usize) -> usize {
    let most = rounds_for(chunk / CONTENDED).min(perthread / SHARES * CONTENDED / chunk);
    KINDS.iter().rev().map(|&(r, _)| r).find(|&r| r > rounds).filter(|&r| r <= most).unwrap_or(rounds)
}

fn bytes(capacity: u64) -> usize {
    size_of::<Magazine>() + 8 * capacity as usize
}

/// An empty magazine; null without memory.
pub(crate) fn create(capacity: u64) -> *mut Magazine {
    let m = meta::alloc(bytes(capacity)).cast::<Magazine>();
    if !m.is_null() {
        // SAFETY: a fresh block of the right size.
        unsafe { m.write(Magazine { next: 0, rounds: 0, capacity }) };
    }
    m
}

/// Ends a magazine.
///
/// # Safety
/// It is from [`create`], on no list, and what it held is taken care of.
pub(crate) unsafe fn destroy(m: *mut Magazine) {
    // SAFETY: by the contract.
    unsafe { meta::free(m.cast(), bytes((*m).capacity)) };
}

/// Address of the first slot.
pub(crate) fn slots(m: *mut Magazine) -> *mut *mut u8 {
    m.wrapping_add(1).cast()
}

/// The magazine whose first slot this is.
pub(crate) fn of_slots(lo: u64) -> *mut Magazine {
    (lo as *mut Magazine).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magazines_shrink_as_buffers_grow() {
        assert_eq!(rounds_for(8), MAX_ROUNDS);
        assert_eq!(rounds_for(1024), 31);
        assert_eq!(rounds_for(usize::MAX), 1);
        assert_eq!(rounds_within(64, 1 << 20), MAX_ROUNDS);
        assert_eq!(rounds_within(64, 1 << 14), 8);
        assert_eq!(rounds_within(64, 0), 1);
        assert_eq!(rounds_above(31, 1024, 1 << 20), 63);
        assert_eq!(rounds_above(95, 1024, 1 << 20), 95);
        assert_eq!(rounds_above(MAX_ROUNDS, 64, 1 << 20), MAX_ROUNDS);
        assert_eq!(rounds_above(31, 1024, 1 << 15), 31);
        assert!(KINDS.windows(2).all(|w| w[0].0 > w[1].0 && w[0].1 < w[1].1));
    }
}
