//! A thread's block: for each cache a loaded magazine, whose top the fast path moves, and a previous one.
use core::ffi::c_void;
use core::mem::offset_of;
use core::ptr::null_mut;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::Relaxed;

use umem_abi::{CLASSES, Cold, Hot, Magazine, THREAD_LIVE, THREAD_LOST, Table};

use crate::cell::Global;
use crate::lock::Lock;
use crate::{cache, config, depot, flow, init, magazine, meta, percpu, sys};

/// One thread. The arrays and the head are for readers, the first must be first.
#[repr(C, align(64))]
pub(crate) struct Thread {
    pub(crate) hot: [Hot; CLASSES],
    pub(crate) cold: [Cold; CLASSES],
    pub(crate) head: umem_abi::Thread,
    next_free: *mut Thread,
    /// Times the key's destructor put the end off.
    deferred: u32,
}

pub(crate) const COLD: usize = offset_of!(Thread, cold);
pub(crate) const HEAD: usize = offset_of!(Thread, head);

#[repr(C, align(64))]
pub(crate) struct Nobody([Hot; CLASSES]);

pub(crate) const NOTHING: Hot = Hot { top: 0, lo: 0, hi: 0, allocs: 0 };
/// What a new thread's slot leads to: magazines both empty and full, so that every call takes the slow path. Never written.
pub(crate) static NULL: Nobody = Nobody([NOTHING; CLASSES]);
/// The same for a thread that has ended: it stays without magazines.
static DEAD: Nobody = Nobody([NOTHING; CLASSES]);

const PER_TABLE: usize = 32;

struct List {
    free: *mut Thread,
}

static LOCK: Lock = Lock::new();
/// Guarded by `LOCK`.
static LIST: Global<List> = Global::new(List { free: null_mut() });
/// Guarded by `LOCK`.
pub(crate) static TABLE: Global<Table> = Global::new(Table::ZERO);
/// The pthread key plus one; 0 for none.
static KEY: AtomicU32 = AtomicU32::new(0);

/// Makes the key whose destructor ends a thread's block. Called once.
pub(crate) fn init() {
    if let Some(key) = sys::thread_key(ended) {
        KEY.store(key + 1, Relaxed);
    }
}

/// The calling thread's block, made on first use; null when it has none: it has ended, everything is debugged, or there is no memory.
pub(crate) fn current() -> *mut Thread {
    let hot = sys::hot();
    if hot.cast_const() == (&raw const NULL).cast() {
        return attach();
    }
    if hot.cast_const() == (&raw const DEAD).cast() { null_mut() } else { hot.cast() }
}

#[cold]
fn attach() -> *mut Thread {
    if !init::ready() || config::get().debug != 0 || percpu::is_on() || KEY.load(Relaxed) == 0 {
        return null_mut();
    }
    let t = new_block();
    if t.is_null() {
        return t;
    }
    // SAFETY: the block is this thread's from here on.
    unsafe {
        (*t).deferred = 0;
        (*t).head = umem_abi::Thread { state: THREAD_LIVE, tid: sys::thread_id(), pthread: sys::pthread() };
        sys::set_hot((&raw mut (*t).hot).cast());
    }
    // It may allocate: the slot is set by now.
    sys::arm(KEY.load(Relaxed) - 1, t.cast());
    t
}

/// A block of zeros; null without memory.
fn new_block() -> *mut Thread {
    LOCK.with(|| {
        // SAFETY: under the lock; blocks on the free list are nobody's, tables have room for `PER_TABLE`.
        unsafe {
            let free = &mut (*LIST.get()).free;
            if !(*free).is_null() {
                let t = *free;
                *free = (*t).next_free;
                return t;
            }
            let mut table = TABLE.get();
            while (*table).next != 0 {
                table = (*table).next as *mut Table;
            }
            if (*table).first == 0 || (*table).used as usize == PER_TABLE {
                let blocks = meta::alloc(PER_TABLE * size_of::<Thread>());
                let next = meta::alloc(size_of::<Table>()).cast::<Table>();
                if blocks.is_null() || next.is_null() {
                    return null_mut();
                }
                let new = Table { first: blocks as u64, stride: size_of::<Thread>() as u64, used: 0, next: 0 };
                if (*table).first == 0 {
                    *table = new;
                } else {
                    *next = new;
                    (*table).next = next as u64;
                    table = next;
                }
            }
            (*table).used += 1;
            ((*table).first as *mut Thread).add((*table).used as usize - 1)
        }
    })
}

/// A thread ends: at the key's second round, so that other keys' destructors still have magazines.
unsafe extern "C" fn ended(block: *mut c_void) {
    let t = block.cast::<Thread>();
    // SAFETY: the key's value is this thread's own block.
    unsafe {
        if (*t).deferred == 0 {
            (*t).deferred = 1;
            return sys::arm(KEY.load(Relaxed) - 1, block);
        }
        sys::set_hot((&raw const DEAD).cast_mut().cast());
        flush(t);
        LOCK.with(|| {
            (*t).head.state = 0;
            let list = LIST.get();
            (*t).next_free = (*list).free;
            (*list).free = t;
        });
        #[cfg(test)]
        crate::interleave::thread_ended();
    }
}

/// Gives all of a thread's magazines to the depots.
///
/// # Safety
/// The block is the calling thread's, or nobody's any more.
pub(crate) unsafe fn flush(t: *mut Thread) {
    cache::for_each(|c| {
        // SAFETY: by the contract the block does not change meanwhile; `i` is below the arrays' length.
        unsafe {
            let i = (*c).abi.index as usize;
            if i >= CLASSES - 1 {
                return;
            }
            let (hot, cold) = entry(t, i);
            let loaded = if (*hot).lo == 0 { null_mut() } else { unload(hot) };
            let previous = (*cold).previous as *mut Magazine;
            let surplus = cache::locked(c, |c| {
                c.abi.alloc += (*hot).allocs;
                *hot = NOTHING;
                *cold = Cold { previous: 0, rounds: 0 };
                let mut surplus = [null_mut(); 2];
                for (m, left) in [loaded, previous].into_iter().zip(&mut surplus) {
                    if m.is_null() {
                    } else if (*m).rounds == 0 {
                        depot::put_empty(c, m);
                    } else if depot::is_sated(c) {
                        *left = m;
                    } else {
                        depot::put_full(c, m);
                    }
                }
                surplus
            });
            for m in surplus.into_iter().filter(|m| !m.is_null()) {
                flow::drain(c, m);
                magazine::destroy(m);
            }
        }
    });
}

/// A block's two entries for cache `i`, which must be below [`CLASSES`].
pub(crate) fn entry(t: *mut Thread, i: usize) -> (*mut Hot, *mut Cold) {
    let (hot, cold) = (t.cast::<Hot>(), t.wrapping_byte_add(COLD).cast::<Cold>());
    (hot.wrapping_add(i), cold.wrapping_add(i))
}

/// Loads a magazine.
///
/// # Safety
/// Entry and magazine are the calling thread's.
pub(crate) unsafe fn load(hot: *mut Hot, m: *mut Magazine) {
    // SAFETY: by the contract.
    unsafe {
        let lo = magazine::slots(m) as u64;
        (*hot).lo = lo;
        (*hot).hi = lo + 8 * (*m).capacity;
        (*hot).top = lo + 8 * (*m).rounds;
    }
}

/// The loaded magazine with its count brought up to date.
///
/// # Safety
/// The entry has one, and is the calling thread's.
pub(crate) unsafe fn unload(hot: *mut Hot) -> *mut Magazine {
    // SAFETY: by the contract.
    unsafe {
        let m = magazine::of_slots((*hot).lo);
        (*m).rounds = ((*hot).top - (*hot).lo) / 8;
        m
    }
}

/// Every block of a live thread.
pub(crate) fn for_each(mut f: impl FnMut(*mut Thread)) {
    let mut table = TABLE.get();
    // SAFETY: tables are never taken away, blocks below `used` are zeros or a thread's.
    unsafe {
        while !table.is_null() {
            for i in 0..(*table).used as usize {
                let t = ((*table).first as *mut Thread).add(i);
                if (*t).head.state == THREAD_LIVE {
                    f(t);
                }
            }
            table = (*table).next as *mut Table;
        }
    }
}

/// In a fork's child: the other threads are gone. Their magazines were not still when they were copied, so they stay lost.
pub(crate) fn forked() {
    let own = sys::hot();
    // SAFETY: the child has one thread, and the lock is held.
    for_each(|t| unsafe {
        if t.cast::<Hot>() == own {
            (*t).head.tid = sys::thread_id();
        } else {
            (*t).head.state = THREAD_LOST;
        }
    });
}

pub(crate) fn hold() {
    LOCK.lock();
}

pub(crate) fn release() {
    LOCK.unlock();
}
