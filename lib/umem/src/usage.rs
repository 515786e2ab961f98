//! How much memory is in use, as mallinfo2(3) counts it.
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use crate::cache::Cache;
use crate::{arenas, cache, large, percpu, thread};
use umem_abi::CLASSES;

/// Bytes and blocks, counted without stopping anybody: what moves meanwhile may be counted twice or not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of slabs.
    pub slabs: u64,
    /// Bytes of buffers that the program holds.
    pub in_use: u64,
    /// Buffers that are free, wherever they lie.
    pub free_buffers: u64,
    /// Bytes of blocks with pages of their own.
    pub large: u64,
    /// How many such blocks there are.
    pub large_blocks: u64,
    /// Bytes of free pages that memory is still behind.
    pub dirty: u64,
}

/// A cache's buffers.
#[derive(Clone, Copy, Debug)]
pub struct Buffers {
    /// Bytes from one to the next.
    pub chunk: u64,
    /// In all its slabs.
    pub total: u64,
    /// Of those, free.
    pub free: u64,
}

fn read(word: *mut u64) -> u64 {
    // SAFETY: the callers' words are aligned, and changed as whole words only.
    unsafe { AtomicU64::from_ptr(word) }.load(Relaxed)
}

/// A live cache's buffers; none when it has no slab.
///
/// # Safety
/// The cache is live.
pub(crate) unsafe fn buffers(c: *mut Cache) -> Option<Buffers> {
    // SAFETY: the cache and threads' blocks live; their words are read one by one.
    unsafe {
        let abi = &raw mut (*c).abi;
        let mut free = read(&raw mut (*abi).slab_free) + read(&raw mut (*abi).depot_rounds);
        let i = (*abi).index as usize;
        if i < CLASSES - 1 {
            thread::for_each(|t| {
                let (hot, cold) = thread::entry(t, i);
                let filled = read(&raw mut (*hot).top).saturating_sub(read(&raw mut (*hot).lo));
                free += filled / 8 + read(&raw mut (*cold).rounds);
            });
            if percpu::is_on() {
                percpu::for_each(i, |entry| free += percpu::rounds(entry));
            }
        }
        let total = read(&raw mut (*abi).total);
        (total > 0).then(|| Buffers { chunk: (*abi).chunk, total, free: free.min(total) })
    }
}

/// Calls `f` with every cache that has slabs.
pub fn for_each_cache(mut f: impl FnMut(Buffers)) {
    // SAFETY: `for_each` names live caches.
    cache::for_each(|c| unsafe { buffers(c) }.into_iter().for_each(&mut f));
}

/// What is in use now.
pub fn usage() -> Usage {
    let heap = arenas::HEAP.record();
    let mut u = Usage {
        slabs: arenas::DEFAULT.record().in_use,
        large: arenas::OVERSIZE.record().in_use,
        large_blocks: large::COUNT.load(Relaxed),
        dirty: heap.dirty,
        ..Usage::default()
    };
    for_each_cache(|b| {
        u.in_use += (b.total - b.free) * b.chunk;
        u.free_buffers += b.free;
    });
    u
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_counted_while_they_live() {
        let before = usage();
        let (small, big) = (crate::alloc(70_000), crate::alloc(3 << 20));
        let with = usage();
        // Other tests run meanwhile: no more than bounds can be told.
        assert!(
            with.in_use > 0 && with.slabs >= with.in_use && with.large >= 3 << 20 && with.large_blocks >= 1,
            "{before:?} {with:?}"
        );
        // SAFETY: both are live and used no more.
        unsafe {
            crate::free(small);
            crate::free(big);
        }
    }
}
