//! `UMEM_OPTIONS=cpucache`: a magazine for each CPU and cache in place of each thread's. Threads then keep to the null thread's magazines, so
//! that every call comes here by the slow path. What is cached grows with the CPUs, however many threads there are, and a fork's child loses
//! nothing: a magazine changes by the one store that ends a restartable sequence.
use core::ptr::null_mut;

use umem_abi::{CLASSES, CPU_ROUNDS, Table};

use crate::cache::{self, Cache};
use crate::cell::Global;
use crate::magazine::MAX_ROUNDS;
use crate::sys::{self, Stacks};
use crate::{config, depot, flow, magazine, meta, slab};

/// Bytes of a magazine: its word, its slots.
pub(crate) const ENTRY: usize = 8 + 8 * MAX_ROUNDS;
/// Bytes of all the magazines of a CPU.
const STRIDE: usize = ENTRY * CLASSES;
/// One allocation more, one round less.
const ALLOCATION: u64 = CPU_ROUNDS;
/// One round less.
const REMOVAL: u64 = u64::MAX;

/// Written by `init` only. Its `first` is null when this is off.
static ALL: Global<Stacks> = Global::new(Stacks { first: null_mut(), stride: STRIDE, cpus: 0, offset: 0 });
/// For readers: the CPUs' blocks.
pub(crate) static TABLE: Global<Table> = Global::new(Table::ZERO);

/// Sets it up when it is asked for and the kernel and libc can. Called once.
pub(crate) fn init() {
    if !config::get().cpucache || config::get().debug != 0 {
        return;
    }
    let (Some(offset), Some(cpus)) = (sys::rseq_offset(), sys::cpus()) else { return };
    let block = meta::alloc(cpus * STRIDE);
    if block.is_null() {
        return;
    }
    // SAFETY: before any other thread can be here.
    unsafe {
        *ALL.get() = Stacks { first: block.cast(), stride: STRIDE, cpus, offset };
        *TABLE.get() = Table { first: block as u64, stride: STRIDE as u64, used: cpus as u64, next: 0 };
    }
}

/// Whether CPUs have magazines.
#[inline]
pub(crate) fn is_on() -> bool {
    // SAFETY: nobody writes after `init`.
    unsafe { !(*ALL.get()).first.is_null() }
}

fn stacks(i: usize) -> Stacks {
    // SAFETY: nobody writes after `init`; `i` is below the number of classes.
    unsafe {
        let all = *ALL.get();
        Stacks { first: all.first.wrapping_byte_add(i * ENTRY), ..all }
    }
}

/// Calls `f` with the address of each CPU's magazine of cache `i`.
pub(crate) fn for_each(i: usize, mut f: impl FnMut(*mut u64)) {
    let s = stacks(i);
    for cpu in 0..s.cpus {
        f(s.first.wrapping_byte_add(cpu * STRIDE));
    }
}

/// Rounds in a magazine.
///
/// # Safety
/// It is from [`for_each`].
pub(crate) unsafe fn rounds(entry: *mut u64) -> u64 {
    // SAFETY: by the contract; the word changes as a whole.
    unsafe { entry.read_volatile() & CPU_ROUNDS }
}

/// Allocates from cache `i`; null without memory.
///
/// # Safety
/// CPUs have magazines, the cache is live, `i` below the last class.
#[inline]
pub(crate) unsafe fn alloc(i: usize) -> *mut u8 {
    // SAFETY: by the contract.
    unsafe {
        let p = sys::pop(&stacks(i), ALLOCATION);
        if p.is_null() { refill(i) } else { p }
    }
}

/// Frees to cache `i`.
///
/// # Safety
/// As for [`alloc`]; nobody uses the buffer any more.
#[inline]
pub(crate) unsafe fn free(i: usize, p: *mut u8) {
    // SAFETY: by the contract.
    unsafe {
        let c = cache::at(i);
        if !sys::push(&stacks(i), (*c).abi.magazine, p) {
            make_room(c, i, p);
        }
    }
}

/// Half a magazine goes to and fro, so that a few calls at either end do not.
fn half(c: &Cache) -> usize {
    (c.abi.magazine as usize).div_ceil(2).min(MAX_ROUNDS)
}

#[cold]
unsafe fn refill(i: usize) -> *mut u8 {
    let c = cache::at(i);
    let mut held = [null_mut(); MAX_ROUNDS];
    // SAFETY: the cache is live; what comes is this thread's alone.
    unsafe {
        let (mut n, raw) = cache::locked(c, |c| {
            depot::age(c);
            let full = depot::take_full(c);
            if full.is_null() {
                return (slab::pop(c, held.as_mut_ptr(), half(c)), true);
            }
            let n = ((*full).rounds as usize).min(MAX_ROUNDS);
            core::ptr::copy_nonoverlapping(magazine::slots(full), held.as_mut_ptr(), n);
            depot::put_empty(c, full);
            (n, false)
        });
        if let (true, Some(make)) = (raw, (*c).constructor) {
            let all = n;
            n = 0;
            for at in 0..all {
                let Some(&p) = held.get(at) else { break };
                if make(p.cast(), (*c).private, 0) != 0 {
                    let _ = cache::locked(c, |c| slab::push(c, p));
                } else if let Some(to) = held.get_mut(n) {
                    *to = p;
                    n += 1;
                }
            }
        }
        let Some((&p, rest)) = held.get(..n).and_then(<[_]>::split_last) else { return null_mut() };
        cache::locked(c, |c| c.abi.alloc += 1);
        let s = stacks(i);
        let kept = rest.iter().take_while(|&&q| sys::push(&s, (*c).abi.magazine, q)).count();
        flow::give_back(c, rest.get(kept..).unwrap_or_default());
        p
    }
}

#[cold]
unsafe fn make_room(c: *mut Cache, i: usize, p: *mut u8) {
    let mut held = [p; MAX_ROUNDS + 1];
    let s = stacks(i);
    // SAFETY: the cache is live; what is taken is this thread's alone.
    unsafe {
        let mut n = 1;
        while n <= half(&*c) {
            let q = sys::pop(&s, REMOVAL);
            let Some(to) = held.get_mut(n).filter(|_| !q.is_null()) else { break };
            *to = q;
            n += 1;
        }
        let rest = held.get(1..n).unwrap_or_default();
        let left = cache::locked(c, |c| {
            let m = if rest.is_empty() || depot::is_sated(c) { null_mut() } else { depot::take_empty(c) };
            if m.is_null() {
                return rest;
            }
            let (kept, left) = rest.split_at(rest.len().min((*m).capacity as usize));
            core::ptr::copy_nonoverlapping(kept.as_ptr(), magazine::slots(m), kept.len());
            (*m).rounds = kept.len() as u64;
            depot::put_full(c, m);
            left
        });
        flow::give_back(c, left);
        if !sys::push(&s, (*c).abi.magazine, p) {
            flow::give_back(c, &[p]);
        }
    }
}

/// Gives the rounds of the running CPU back, whichever that is meanwhile.
///
/// # Safety
/// CPUs have magazines, the cache is live.
pub(crate) unsafe fn drain(c: *mut Cache) {
    // SAFETY: by the contract; what is taken is this thread's alone.
    unsafe {
        let i = (*c).abi.index as usize;
        if i >= CLASSES - 1 {
            return;
        }
        for _ in 0..MAX_ROUNDS {
            let p = sys::pop(&stacks(i), REMOVAL);
            if p.is_null() {
                return;
            }
            flow::give_back(c, &[p]);
        }
    }
}

/// Gives all rounds of a cache that nobody uses any more back.
///
/// # Safety
/// As for [`alloc`], and no thread allocates from it or frees to it meanwhile.
pub(crate) unsafe fn scrap(c: *mut Cache, i: usize) {
    for_each(i, |entry| {
        // SAFETY: by the contract the magazine is still.
        unsafe {
            let n = rounds(entry);
            flow::give_back(c, core::slice::from_raw_parts(entry.add(1).cast::<*mut u8>(), n as usize));
            cache::locked(c, |c| c.abi.alloc += *entry / (CPU_ROUNDS + 1));
            *entry = 0;
        }
    });
}
