//! The slab allocator: size-class and object caches with per-thread magazines, after Bonwick and Adams.
//!
//! It exports no C symbol; `lib/umem-so` gives it the C names. Rust programs use [`Umem`]:
//! ```
//! #[global_allocator]
//! static HEAP: umem::Umem = umem::Umem;
//! assert_eq!(vec![1; 1000].iter().sum::<i32>(), 1000);
//! ```
//! The way of a buffer: `flow` (a thread's magazines, `thread`), `depot`, `slab`, `heap`. `pagemap` leads from an address to its
//! class and span; no buffer has a header. What readers from outside see is the crate `umem-abi`. Locks are taken in the
//! order vmem, caches, threads, heap, arenas, meta, areas.
#![no_std]
#![allow(unsafe_code, reason = "an allocator is about raw memory; each block says why it holds")]

mod areas;
mod arenas;
mod bins;
mod cache;
mod cell;
mod classes;
mod config;
mod debug;
mod depot;
mod descriptor;
mod failure;
mod flow;
mod guard;
mod heap;
mod init;
#[cfg(test)]
mod interleave;
mod large;
mod lock;
mod log;
mod magazine;
mod malloc;
mod meta;
pub mod object;
mod options;
mod pagemap;
mod percpu;
mod reap;
mod report;
mod slab;
mod stack;
mod sys;
#[cfg(test)]
mod tests;
mod thread;
mod unwind;
mod usage;
pub mod vmem;

use core::alloc::{GlobalAlloc, Layout};

pub use cache::{Constructor, Destructor, Reclaim};
pub use failure::{NofailCallback, UMEM_NOFAIL, set_mtbf, set_nofail_callback};
pub use flow::{alloc, free};
pub use malloc::{aligned, resized, usable, zeroed};
pub use reap::all as reap;
pub use unwind::unloaded;
pub use usage::{Buffers, Usage, for_each_cache, usage};

/// Libc is up: code can be found for stacks, and the thread of `UMEM_OPTIONS=update` starts. Only libumem calls it.
pub fn ready() {
    let _ = init::ready();
    stack::settle();
    if config::get().update {
        reap::start_updates();
    }
}

/// The allocator as Rust's `#[global_allocator]`.
pub struct Umem;

// SAFETY: blocks are as large and aligned as asked for, stay where they are until freed, and no call unwinds.
unsafe impl GlobalAlloc for Umem {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= 8 { alloc(layout.size()) } else { aligned(layout.align(), layout.size()) }
    }

    unsafe fn dealloc(&self, p: *mut u8, _: Layout) {
        // SAFETY: the caller's contract is ours.
        unsafe { free(p) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= 8 {
            return zeroed(layout.size());
        }
        let p = aligned(layout.align(), layout.size());
        if !p.is_null() {
            // SAFETY: a fresh block of that size.
            unsafe { p.write_bytes(0, layout.size()) };
        }
        p
    }

    unsafe fn realloc(&self, p: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.align() <= 8 {
            // SAFETY: the caller's contract is ours; Rust never asks for 0.
            return unsafe { resized(p, size) };
        }
        let to = aligned(layout.align(), size);
        if !to.is_null() {
            // SAFETY: both blocks have that many bytes, and the old one is the caller's to give up.
            unsafe {
                to.copy_from_nonoverlapping(p, layout.size().min(size));
                free(p);
            }
        }
        to
    }
}
