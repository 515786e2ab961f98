//! The malloc family over [`crate::flow`]: what C programs expect of each, errno apart from ENOMEM left to the C side.
use core::ptr::null_mut;

use umem_abi::SPAN_SLAB;

use crate::cache::Cache;
use crate::classes::{COUNT, MAX_SMALL, aligned_class, class_of, size_of_class};
use crate::flow::{alloc, free};
use crate::{config, debug, large, pagemap, report, sys};

/// Up to this size a block that shrinks stays where it is.
const SMALL_ENOUGH: usize = 64;

/// `size` zeroed bytes; null without memory.
pub fn zeroed(size: usize) -> *mut u8 {
    if class_of(size) == 0 {
        return large_zeroed(size);
    }
    let p = alloc(size);
    if !p.is_null() {
        // SAFETY: a fresh block of `size` bytes.
        unsafe { p.write_bytes(0, size) };
    }
    p
}

fn large_zeroed(size: usize) -> *mut u8 {
    let mut p = large::zeroed(size);
    if p.is_null() {
        crate::reap::all();
        p = large::zeroed(size);
        if p.is_null() {
            debug::failed(size);
            sys::set_errno(libc::ENOMEM);
        }
    }
    p
}

/// `size` bytes at a multiple of `align`, a power of two; null without memory.
pub fn aligned(align: usize, size: usize) -> *mut u8 {
    if align <= 16 {
        return alloc(size.max(align));
    }
    let class = aligned_class(size, align);
    if class != 0 && config::get().debug == 0 {
        return alloc(size_of_class(class));
    }
    let mut p = large::alloc(size, align);
    if p.is_null() {
        crate::reap::all();
        p = large::alloc(size, align);
        if p.is_null() {
            debug::failed(size);
            sys::set_errno(libc::ENOMEM);
        }
    }
    p
}

/// Bytes usable at `p`; 0 for null.
///
/// # Safety
/// `p` is live or null.
pub unsafe fn usable(p: *mut u8) -> usize {
    match pagemap::class(p as usize) {
        0 => large::usable(p),
        class if class <= COUNT && config::get().debug == 0 => size_of_class(class),
        _ => {
            let span = pagemap::noted(p as usize);
            // SAFETY: a class other than 0 means a slab, whose cache is live.
            unsafe {
                if (*span).abi.kind != SPAN_SLAB {
                    return 0;
                }
                let c = &*((*span).abi.cache as *const Cache);
                debug::request(c, p).unwrap_or(c.abi.bufsize as usize)
            }
        }
    }
}

/// realloc(3) as glibc has it: null allocates, size 0 frees.
///
/// # Safety
/// `p` is live or null; when another address is returned it is gone.
pub unsafe fn resized(p: *mut u8, size: usize) -> *mut u8 {
    if p.is_null() {
        return alloc(size);
    }
    // SAFETY: by the contract.
    unsafe {
        if size == 0 {
            free(p);
            return null_mut();
        }
        let had = usable(p);
        if had == 0 && pagemap::class(p as usize) == 0 && !large::is_live(p) {
            report::bad_realloc(p);
            return null_mut();
        }
        if config::get().debug == 0 && size <= had && (size > had / 2 || had <= SMALL_ENOUGH) {
            return p;
        }
        if had > MAX_SMALL && size > MAX_SMALL {
            let moved = large::resize(p, size);
            if !moved.is_null() {
                return moved;
            }
        }
        let to = alloc(size);
        if !to.is_null() {
            to.copy_from_nonoverlapping(p, had.min(size));
            free(p);
        }
        to
    }
}
