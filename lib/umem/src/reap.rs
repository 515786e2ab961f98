//! Giving memory back: rounds in depots to their slabs, empty slabs to the heap, free pages to the system.
use crate::{cache, depot, flow, heap, magazine, slab};

/// Gives back all that no thread holds; says how many bytes went to the system.
pub fn all() -> u64 {
    cache::for_each(|c| {
        // SAFETY: live caches.
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
                slab::release_empty(c);
                c.abi.reap += 1;
            });
        }
    });
    heap::purge()
}
