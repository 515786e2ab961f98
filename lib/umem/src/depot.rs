//! The depot: a cache's magazines that no thread holds. Runs under the cache's lock.
use umem_abi::Magazine;

use crate::cache::Cache;
use crate::magazine;

/// Full magazines a depot keeps at least, and the bytes in them beyond which rounds go back to their slabs.
const KEEP: u64 = 4;
const KEEP_BYTES: u64 = 2 << 20;

/// A full (or partly filled) magazine, or null.
pub(crate) fn take_full(c: &mut Cache) -> *mut Magazine {
    let m = c.abi.full as *mut Magazine;
    if !m.is_null() {
        // SAFETY: the list holds magazines of ours; the caller has the lock.
        unsafe {
            c.abi.full = (*m).next;
            c.abi.full_count -= 1;
            c.abi.depot_rounds -= (*m).rounds;
        }
        c.abi.depot_alloc += 1;
        c.full_least = c.full_least.min(c.abi.full_count);
    }
    m
}

/// An empty magazine of the capacity in force, or null without memory.
pub(crate) fn take_empty(c: &mut Cache) -> *mut Magazine {
    let m = c.abi.empty as *mut Magazine;
    if m.is_null() {
        return magazine::create(c.abi.magazine);
    }
    // SAFETY: as in `take_full`.
    unsafe { c.abi.empty = (*m).next };
    c.abi.empty_count -= 1;
    m
}

/// Whether the depot holds as many rounds as it should.
pub(crate) fn is_sated(c: &Cache) -> bool {
    let in_use = c.abi.total - c.abi.slab_free;
    c.abi.full_count >= KEEP && c.abi.depot_rounds * c.abi.chunk >= KEEP_BYTES.max(in_use / 8 * c.abi.chunk)
}

/// Adds a magazine that holds something.
///
/// # Safety
/// It is the caller's, on no list, its `rounds` exact.
pub(crate) unsafe fn put_full(c: &mut Cache, m: *mut Magazine) {
    // SAFETY: by the contract.
    unsafe {
        (*m).next = c.abi.full;
        c.abi.depot_rounds += (*m).rounds;
    }
    c.abi.full = m as u64;
    c.abi.full_count += 1;
    c.abi.depot_free += 1;
}

/// Adds an empty magazine; one of a capacity no longer in force ends here.
///
/// # Safety
/// It is the caller's and on no list.
pub(crate) unsafe fn put_empty(c: &mut Cache, m: *mut Magazine) {
    // SAFETY: by the contract.
    unsafe {
        if (*m).capacity != c.abi.magazine || c.abi.empty_count > c.abi.full_count + KEEP * 4 {
            return magazine::destroy(m);
        }
        (*m).rounds = 0;
        (*m).next = c.abi.empty;
    }
    c.abi.empty = m as u64;
    c.abi.empty_count += 1;
}
