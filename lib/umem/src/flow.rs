//! How buffers flow: thread's magazines, then the depot, then the slabs, then the heap.
use umem_abi::{CLASSES, Magazine};

use crate::cache::{self, Cache};
use crate::classes::{FINE, class_of, fine_class};
use crate::failure::by_chance;
use crate::report::Fault;
use crate::thread::{self, Thread};
use crate::{debug, depot, guard, large, magazine, pagemap, percpu, report, slab, sys};
use core::ptr::null_mut;

/// The capacity that stays unfilled when a magazine is filled from slabs, so that frees find room.
const HALF: u64 = 2;

/// Allocates `size` bytes; null without memory. 8-aligned up to 8 bytes, 16-aligned above.
#[inline(always)]
pub fn alloc(size: usize) -> *mut u8 {
    if size > FINE {
        return alloc_coarse(size);
    }
    // SAFETY: the size is as tested.
    alloc_class(size, unsafe { fine_class(size) })
}

#[inline(never)]
fn alloc_coarse(size: usize) -> *mut u8 {
    alloc_class(size, class_of(size))
}

#[inline(always)]
fn alloc_class(size: usize, class: usize) -> *mut u8 {
    // SAFETY: the slot leads to at least `CLASSES` entries; a top above lo is a slot of the thread's own magazine.
    unsafe {
        let hot = sys::hot().add(class);
        let top = (*hot).top;
        if top == (*hot).lo {
            return alloc_slow(size, class);
        }
        let slot = top - 8;
        (*hot).top = slot;
        (*hot).allocs += 1;
        *(slot as *const *mut u8)
    }
}

/// Frees what [`alloc`] or its kin returned; null is nothing.
///
/// # Safety
/// Nobody uses it any more.
#[inline(always)]
pub unsafe fn free(p: *mut u8) {
    let class = pagemap::class(p as usize);
    // SAFETY: as in `alloc`; a top below hi is a free slot of the thread's own magazine.
    unsafe {
        let hot = sys::hot().add(class);
        let top = (*hot).top;
        if top == (*hot).hi {
            return free_slow(p, class);
        }
        *(top as *mut *mut u8) = p;
        (*hot).top = top + 8;
    }
}

#[cold]
#[inline(never)]
fn alloc_slow(size: usize, class: usize) -> *mut u8 {
    if class != 0 && percpu::is_on() {
        // SAFETY: classes' caches are live.
        let p = unsafe { percpu::alloc(class) };
        if !p.is_null() {
            return p;
        }
    }
    let mut p = obtain(size, class);
    if p.is_null() {
        crate::reap::all();
        p = obtain(size, class);
    }
    if p.is_null() {
        debug::failed(size);
        sys::set_errno(libc::ENOMEM);
    }
    p
}

fn obtain(size: usize, class: usize) -> *mut u8 {
    let t = thread::current();
    // SAFETY: the caches of size classes are live once `current` has returned.
    unsafe {
        match class {
            _ if by_chance() => null_mut(),
            _ if guard::wanted(size) => guard::alloc(size, 16),
            0 => large::alloc(size, 1),
            _ if percpu::is_on() => percpu::alloc(class),
            _ if t.is_null() => one(cache::at(class), size),
            _ => refill(t, class),
        }
    }
}

/// Allocates an object of a cache.
///
/// # Safety
/// The cache is live.
#[inline(always)]
pub(crate) unsafe fn cache_alloc(c: *mut Cache) -> *mut u8 {
    // SAFETY: as in `alloc`; the index is bounded to the arrays.
    unsafe {
        let hot = sys::hot().add(((*c).abi.index as usize).min(CLASSES - 1));
        let top = (*hot).top;
        if top == (*hot).lo {
            return cache_alloc_slow(c);
        }
        let slot = top - 8;
        (*hot).top = slot;
        (*hot).allocs += 1;
        *(slot as *const *mut u8)
    }
}

#[cold]
#[inline(never)]
unsafe fn cache_alloc_slow(c: *mut Cache) -> *mut u8 {
    // SAFETY: the cache is live.
    unsafe {
        let (t, i) = (thread::current(), (*c).abi.index as usize);
        if percpu::is_on() && i < CLASSES - 1 {
            return percpu::alloc(i);
        }
        if t.is_null() || i >= CLASSES - 1 { one(c, (*c).abi.bufsize as usize) } else { refill(t, i) }
    }
}

/// The loaded magazine is empty: gets another, or fills it, and allocates from it.
unsafe fn refill(t: *mut Thread, i: usize) -> *mut u8 {
    let (hot, cold) = thread::entry(t, i);
    let c = cache::at(i);
    // SAFETY: the entries are the calling thread's, the cache is live.
    unsafe {
        if (*cold).rounds > 0 {
            let previous = (*cold).previous as *mut Magazine;
            (*cold).previous = thread::unload(hot) as u64;
            (*cold).rounds = 0;
            thread::load(hot, previous);
        } else {
            let filled = cache::locked(c, |c| {
                depot::age(c);
                let full = depot::take_full(c);
                if full.is_null() {
                    return fill(c, hot);
                }
                if (*cold).previous != 0 {
                    depot::put_empty(c, (*cold).previous as *mut Magazine);
                }
                (*cold).previous = if (*hot).lo == 0 { 0 } else { thread::unload(hot) as u64 };
                thread::load(hot, full);
                0
            });
            if filled > 0 {
                construct(c, hot);
            }
        }
        if (*hot).top == (*hot).lo {
            return null_mut();
        }
        (*hot).top -= 8;
        (*hot).allocs += 1;
        *((*hot).top as *const *mut u8)
    }
}

/// Fills the loaded magazine, or a new one, from slabs; says by how many.
unsafe fn fill(c: &mut Cache, hot: *mut umem_abi::Hot) -> usize {
    // SAFETY: the entry is the calling thread's, the lock is held.
    unsafe {
        if (*hot).lo == 0 {
            let m = depot::take_empty(c);
            if m.is_null() {
                return 0;
            }
            thread::load(hot, m);
        }
        let want = (((*hot).hi - (*hot).lo) / 8 / HALF).max(1) as usize;
        let got = slab::pop(c, (*hot).lo as *mut *mut u8, want);
        (*hot).top = (*hot).lo + 8 * got as u64;
        got
    }
}

/// Runs the constructor over a magazine just filled; buffers it refuses go back.
unsafe fn construct(c: *mut Cache, hot: *mut umem_abi::Hot) {
    // SAFETY: the entry is the calling thread's. A constructor may allocate, from this cache too: so the magazine
    // looks empty and full meanwhile.
    unsafe {
        let Some(make) = (*c).constructor else { return };
        let mut held = [null_mut(); magazine::MAX_ROUNDS];
        let n = ((*hot).top - (*hot).lo) as usize / 8;
        core::ptr::copy_nonoverlapping((*hot).lo as *const *mut u8, held.as_mut_ptr(), n);
        (*hot).top = (*hot).lo;
        for &p in held.iter().take(n) {
            if make(p.cast(), (*c).private, 0) != 0 {
                let _ = cache::locked(c, |c| slab::push(c, p));
            } else if (*hot).top < (*hot).hi {
                *((*hot).top as *mut *mut u8) = p;
                (*hot).top += 8;
            } else {
                // The constructor freed to this very cache, or ran out of memory, which empties magazines.
                give_back(c, &[p]);
            }
        }
    }
}

/// One buffer past the magazines.
unsafe fn one(c: *mut Cache, request: usize) -> *mut u8 {
    // SAFETY: the cache is live.
    unsafe {
        let mut p = null_mut();
        let got = cache::locked(c, |c| {
            let got = slab::pop(c, &raw mut p, 1);
            c.abi.alloc += got as u64;
            got
        });
        if got == 0 {
            return null_mut();
        }
        if (*c).abi.debug != 0 {
            debug::allocated(&*c, p, request);
        }
        if (*c).constructor.is_some_and(|make| make(p.cast(), (*c).private, 0) != 0) {
            if (*c).abi.debug != 0 {
                debug::freed(&*c, p);
            }
            let _ = cache::locked(c, |c| slab::push(c, p));
            return null_mut();
        }
        p
    }
}

#[cold]
#[inline(never)]
unsafe fn free_slow(p: *mut u8, class: usize) {
    // SAFETY: by `free`'s contract.
    unsafe {
        if class == 0 {
            return large::free(p);
        }
        if percpu::is_on() && class != CLASSES - 1 {
            return percpu::free(class, p);
        }
        let t = thread::current();
        if t.is_null() || class == CLASSES - 1 {
            let c = (*pagemap::noted(p as usize)).abi.cache as *mut Cache;
            return if (*c).abi.debug == 0 { give_back(c, &[p]) } else { give_back_checked(c, p, None) };
        }
        make_room(t, class);
        let (hot, _) = thread::entry(t, class);
        if (*hot).top == (*hot).hi {
            return give_back(cache::at(class), &[p]);
        }
        *((*hot).top as *mut *mut u8) = p;
        (*hot).top += 8;
    }
}

/// The loaded magazine is full, or there is none: gets one with room, unless memory is out.
unsafe fn make_room(t: *mut Thread, i: usize) {
    let (hot, cold) = thread::entry(t, i);
    let c = cache::at(i);
    // SAFETY: the entries are the calling thread's, the cache is live.
    unsafe {
        let previous = (*cold).previous as *mut Magazine;
        if !previous.is_null() && (*cold).rounds == 0 {
            let loaded = thread::unload(hot);
            (*cold).previous = loaded as u64;
            (*cold).rounds = (*loaded).rounds;
            (*previous).rounds = 0;
            return thread::load(hot, previous);
        }
        let mut sated = false;
        let empty = cache::locked(c, |c| {
            depot::age(c);
            if !previous.is_null() {
                sated = depot::is_sated(c);
                if sated {
                    return previous;
                }
                depot::put_full(c, previous);
                (*cold).previous = 0;
                (*cold).rounds = 0;
            }
            depot::take_empty(c)
        });
        if sated {
            (*cold).previous = 0;
            (*cold).rounds = 0;
            drain(c, previous);
        }
        if empty.is_null() {
            return;
        }
        if (*cold).previous != 0 {
            // A destructor freed to this very cache meanwhile.
            return magazine::destroy(empty);
        }
        if (*hot).lo != 0 {
            let loaded = thread::unload(hot);
            (*cold).previous = loaded as u64;
            (*cold).rounds = (*loaded).rounds;
        }
        thread::load(hot, empty);
    }
}

/// Gives a magazine's rounds back to their slabs; it is empty then.
///
/// # Safety
/// The magazine is the caller's, its `rounds` exact.
pub(crate) unsafe fn drain(c: *mut Cache, m: *mut Magazine) {
    // SAFETY: by the contract.
    unsafe {
        give_back(c, core::slice::from_raw_parts(magazine::slots(m), (*m).rounds as usize));
        (*m).rounds = 0;
    }
}

/// Gives a buffer of a debugged cache back, when nothing is wrong with it.
///
/// # Safety
/// The cache is live.
pub(crate) unsafe fn give_back_checked(c: *mut Cache, p: *mut u8, size: Option<usize>) {
    // SAFETY: by the contract; a buffer that starts there has all that is looked at.
    unsafe {
        if !slab::owns(&*c, p) {
            return report::fault(&Fault::new("invalid free: buffer not in cache", &*c, p));
        }
        if !debug::may_free(&*c, p, size) {
            return;
        }
        if let Some(undo) = (*c).destructor {
            undo(p.cast(), (*c).private);
        }
        debug::freed(&*c, p);
        let _ = cache::locked(c, |c| slab::push(c, p));
    }
}

/// Gives free buffers back to their slabs, destructed.
///
/// # Safety
/// The cache is live, the buffers are its own and the caller's.
pub(crate) unsafe fn give_back(c: *mut Cache, buffers: &[*mut u8]) {
    // SAFETY: the cache is live, the buffers are nobody's.
    unsafe {
        if let Some(undo) = (*c).destructor {
            for p in buffers {
                undo(p.cast(), (*c).private);
            }
        }
        let bad = cache::locked(c, |c| buffers.iter().copied().find(|&p| slab::push(c, p).is_err()));
        if let Some(p) = bad {
            report::bad_free(p);
        }
    }
}
