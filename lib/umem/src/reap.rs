//! Giving memory back: rounds in depots to their slabs, empty slabs to the heap, free pages to the system.
use core::ffi::c_void;

use crate::cache::Cache;
use crate::{cache, config, depot, flow, heap, magazine, percpu, slab, sys, thread};

/// Milliseconds between two rounds of the updating thread, at least.
const LEAST: u64 = 1000;

/// Gives back all that no other thread holds; says how many bytes went to the system.
pub fn all() -> u64 {
    let own = thread::current();
    if !own.is_null() {
        // SAFETY: it is the calling thread's.
        unsafe { thread::flush(own) };
    }
    // SAFETY: live caches; no lock is held when the owner is asked to free what it can.
    cache::for_each(|c| unsafe {
        if let Some(ask) = (*c).reclaim {
            ask((*c).private);
        }
        if percpu::is_on() {
            percpu::drain(c);
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

/// Gives back what was not needed since the last call, or since a depot last did so by itself, and pages that have been free for a second.
fn old() {
    // SAFETY: live caches; what `take_full` returns is this thread's.
    cache::for_each(|c| unsafe {
        let surplus = cache::locked(c, |c| {
            c.measured = sys::coarse_millis();
            c.surplus = 0;
            core::mem::replace(&mut c.full_least, c.abi.full_count)
        });
        for _ in 0..surplus {
            let full = cache::locked(c, depot::take_full);
            if full.is_null() {
                break;
            }
            flow::drain(c, full);
            magazine::destroy(full);
        }
    });
    heap::age();
}

/// Starts the thread of `UMEM_OPTIONS=update`: it gives back what is old every `reap_interval`, and all there is when memory is short.
/// A program that does not ask for it has no thread more than its own, and gives back as it allocates and frees.
pub(crate) fn start_updates() {
    sys::start_thread(updates);
}

extern "C" fn updates(_: *mut c_void) -> *mut c_void {
    let pressure = sys::Pressure::watch();
    loop {
        // Memory that is short is a matter of seconds: no more than one full reaping in each.
        if pressure.wait(config::get().reap_interval.max(LEAST)) {
            all();
            sys::sleep(LEAST);
        } else {
            old();
        }
    }
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
