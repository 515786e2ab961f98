//! The first allocation sets everything up; forks keep it whole.
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Release};

use crate::{areas, arenas, cache, descriptor, heap, meta, sys, thread};

const NOT_YET: u32 = 0;
const RUNNING: u32 = 1;
const READY: u32 = 2;

static STATE: AtomicU32 = AtomicU32::new(NOT_YET);

/// Whether the allocator is set up; the first call does it.
pub(crate) fn ready() -> bool {
    if STATE.load(Acquire) == READY {
        return true;
    }
    once()
}

#[cold]
fn once() -> bool {
    if STATE.compare_exchange(NOT_YET, RUNNING, Acquire, Acquire).is_ok() {
        arenas::init();
        cache::init();
        thread::init();
        descriptor::init();
        STATE.store(READY, Release);
        sys::at_fork(prepare, parent, child);
        return true;
    }
    while STATE.load(Acquire) != READY {
        sys::yield_now();
    }
    true
}

/// Every lock is taken before a fork, outermost first, so that the child finds all of it whole.
extern "C" fn prepare() {
    cache::hold();
    thread::hold();
    heap::hold();
    arenas::hold();
    meta::hold();
    areas::hold();
}

extern "C" fn parent() {
    areas::release();
    meta::release();
    arenas::release();
    heap::release();
    thread::release();
    cache::release();
}

extern "C" fn child() {
    thread::forked();
    descriptor::forked();
    parent();
}
