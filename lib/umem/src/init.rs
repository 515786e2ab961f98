//! The first allocation sets everything up; forks keep it whole.
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Release};

use crate::{areas, arenas, cache, config, descriptor, failure, guard, heap, log, meta, percpu, stack, sys, thread, vmem};

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
        config::init();
        stack::prime();
        log::init();
        cache::init();
        thread::init();
        percpu::init();
        descriptor::init();
        failure::set_mtbf(config::get().mtbf);
        if config::get().ptrace {
            sys::allow_readers();
        }
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
    vmem::hold();
    cache::hold();
    thread::hold();
    guard::hold();
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
    guard::release();
    thread::release();
    cache::release();
    vmem::release();
}

extern "C" fn child() {
    thread::forked();
    descriptor::forked();
    parent();
}
