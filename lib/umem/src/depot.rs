//! The depot: a cache's magazines that no thread holds. Runs under the cache's lock.
use umem_abi::Magazine;

use crate::cache::Cache;
use crate::{config, magazine, slab, sys};

/// Full magazines a depot keeps at least, and the bytes in them beyond which rounds go back to their slabs: an eighth of what is in use, within these.
const KEEP: u64 = 4;
const KEEP_LEAST: u64 = 2 << 20;
const KEEP_MOST: u64 = 16 << 20;

/// Trips to the depot between looks at the clock, and magazines given back at most each time.
const LOOK: u64 = 64;
const AT_ONCE: u64 = 8;

/// Makes magazines larger when threads met here, so that they come less often. Magazines of the former capacity leave as they become empty.
///
/// Gives back what was not needed during the last interval: as many full magazines as there always were. Caches whose objects need
/// their destructor are left to reaping.
///
/// # Safety
/// Under the cache's lock.
pub(crate) unsafe fn age(c: &mut Cache) {
    c.trips += 1;
    if c.trips % LOOK != 0 {
        return;
    }
    let met = c.abi.contention - c.contention_seen;
    c.contention_seen = c.abi.contention;
    if met > config::get().max_contention {
        let now = c.abi.magazine as usize;
        c.abi.magazine = magazine::rounds_above(now, c.abi.chunk as usize, config::get().perthread) as u64;
    }
    if c.destructor.is_some() {
        return;
    }
    if c.surplus == 0 {
        let now = sys::coarse_millis();
        if now < c.measured + config::get().reap_interval {
            return;
        }
        c.measured = now;
        c.surplus = c.full_least;
        c.full_least = c.abi.full_count;
    }
    for _ in 0..AT_ONCE.min(c.surplus) {
        c.surplus -= 1;
        let m = take_full(c);
        if m.is_null() {
            c.surplus = 0;
            return;
        }
        // SAFETY: the magazine is this thread's now, its rounds free buffers of the cache.
        unsafe {
            for i in 0..(*m).rounds as usize {
                let _ = slab::push(c, *magazine::slots(m).add(i));
            }
            magazine::destroy(m);
        }
    }
}

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
    c.abi.full_count >= KEEP && c.abi.depot_rounds * c.abi.chunk >= (in_use / 8 * c.abi.chunk).clamp(KEEP_LEAST, KEEP_MOST)
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
