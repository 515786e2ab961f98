//! Giving memory back: rounds in depots to their slabs, empty slabs to the heap, free pages to the system.
use crate::cache::Cache;
use crate::{cache, depot, flow, heap, magazine, slab};

/// Gives back all that no thread holds; says how many bytes went to the system.
pub fn all() -> u64 {
    // SAFETY: live caches; no lock is held when the owner is asked to free what it can.
    cache::for_each(|c| unsafe {
        if let Some(ask) = (*c).reclaim {
            ask((*c).private);
        }
        depot(c);
        cache::locked(c, |c| {
            slab::release_empty(c);
            slab::release_pages(c);
            c.abi.reap += 1;
        });
    });
    heap::purge()
}

/// Empties a cache's depot.
///
/// # Safety
/// The cache is live.
pub(crate) unsafe fn depot(c: *mut Cache) {
    // SAFETY: by the contract; what `take_full` returns is this thread's.
    unsafe {
        loop {
            let full = cache::locked(c, depot::take_full);
            if full.is_null() {
                break;
            }
            flow::drain(c, full);
            magazine::destroy(full);
        }
        cache::locked(c, |c| {
            while c.abi.empty_count > 0 {
                magazine::destroy(depot::take_empty(c));
            }
        });
    }
}
