//! Blocks above the caches' sizes: each a span of its own.
use core::ptr::null_mut;
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use umem_abi::SPAN_LARGE;

use crate::heap::{self, Span};
use crate::pagemap::{self, PAGE};
use crate::{arenas, debug, guard, report, sys};

/// No object may be larger: differences of addresses in it must fit.
const MAX: usize = isize::MAX as usize - PAGE;
/// Blocks that live.
pub(crate) static COUNT: AtomicU64 = AtomicU64::new(0);
/// From this many bytes on pages are moved rather than copied.
const MOVE: usize = 1 << 20;

/// `size` bytes aligned to `align`, a power of two; to a page at least. Null without memory.
pub(crate) fn alloc(size: usize, align: usize) -> *mut u8 {
    let span = span(size, align);
    if span.is_null() {
        return null_mut();
    }
    // SAFETY: the span is live.
    unsafe { (*span).abi.base as *mut u8 }
}

/// The same, zeroed.
pub(crate) fn zeroed(size: usize) -> *mut u8 {
    let span = span(size, 1);
    if span.is_null() {
        return null_mut();
    }
    // SAFETY: the span is live, ours alone, and holds `size` bytes from its base.
    unsafe {
        let p = (*span).abi.base as *mut u8;
        if (*span).dirty {
            p.write_bytes(0, size);
        }
        p
    }
}

pub(crate) fn span(size: usize, align: usize) -> *mut Span {
    let fence = debug::fence();
    let Some(bytes) = size.checked_add(fence).and_then(|n| bytes_for(n, align)) else {
        arenas::OVERSIZE.failed();
        return null_mut();
    };
    let span = heap::alloc(bytes, SPAN_LARGE);
    if span.is_null() {
        arenas::OVERSIZE.failed();
        return span;
    }
    // SAFETY: the span is fresh and ours alone.
    unsafe {
        let s = &mut (*span).abi;
        s.base = s.start.next_multiple_of(align as u64);
        s.request = size as u64;
        s.cache = 0;
        s.audit = 0;
    }
    arenas::OVERSIZE.allocated(bytes as u64);
    COUNT.fetch_add(1, Relaxed);
    // SAFETY: as above.
    unsafe { debug::large(span, (*span).abi.base as *mut u8, size, fence) };
    span
}

pub(crate) fn bytes_for(size: usize, align: usize) -> Option<usize> {
    let padded = size.max(1).checked_add(align.saturating_sub(PAGE))?;
    (padded <= MAX).then(|| padded.next_multiple_of(PAGE))
}

/// The span of a live large block; null when `p` is none.
pub(crate) fn live(p: *mut u8) -> *mut Span {
    let span = pagemap::noted(p as usize);
    // SAFETY: noted spans are records of ours.
    let ours = !span.is_null() && unsafe { (*span).abi.kind == SPAN_LARGE && (*span).abi.base == p as u64 };
    if ours { span } else { null_mut() }
}

/// Frees a large block; null is nothing.
///
/// # Safety
/// Nobody uses it any more.
pub(crate) unsafe fn free(p: *mut u8) {
    if p.is_null() {
        return;
    }
    let span = live(p);
    if span.is_null() {
        report::bad_free(p);
        return;
    }
    // SAFETY: live, and by the contract unused.
    unsafe {
        arenas::OVERSIZE.freed((*span).abi.bytes);
        COUNT.fetch_sub(1, Relaxed);
        debug::large_freed(span);
        if guard::is_guarded(span) {
            return guard::free(span);
        }
        heap::free(span);
    }
}

/// Bytes usable at `p`, a large block; 0 when it is none.
pub(crate) fn usable(p: *mut u8) -> usize {
    let span = live(p);
    if span.is_null() {
        return 0;
    }
    // SAFETY: live.
    unsafe {
        if guard::is_guarded(span) || (*span).fenced {
            return (*span).abi.request as usize;
        }
        ((*span).abi.start + (*span).abi.bytes - (*span).abi.base) as usize
    }
}

/// Whether a large block begins there.
pub(crate) fn is_live(p: *mut u8) -> bool {
    !live(p).is_null()
}

/// Makes a large block `size` bytes long, above the caches' sizes too, in place or by moving its pages.
/// Null when neither can be: then it is unchanged.
///
/// # Safety
/// `p` is a live large block.
pub(crate) unsafe fn resize(p: *mut u8, size: usize) -> *mut u8 {
    let span = live(p);
    if span.is_null() {
        return null_mut();
    }
    // SAFETY: live; the caller owns its content.
    unsafe {
        if guard::is_guarded(span) || (*span).fenced {
            return null_mut();
        }
        let old = (*span).abi.bytes;
        let lead = ((*span).abi.base - (*span).abi.start) as usize;
        let Some(bytes) = size.checked_add(lead).and_then(|n| bytes_for(n, 1)) else { return null_mut() };
        if heap::resize(span, bytes) {
            arenas::OVERSIZE.resized((bytes as u64).wrapping_sub(old));
            (*span).abi.request = size as u64;
            return p;
        }
        if lead != 0 || (old as usize) < MOVE {
            return null_mut();
        }
        let to = alloc(size, 1);
        if to.is_null() || !sys::move_pages(p as usize, to as usize, old as usize) {
            free(to);
            return null_mut();
        }
        free(p);
        to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_whole_pages_and_never_wrap() {
        assert_eq!(bytes_for(1, 1), Some(PAGE));
        assert_eq!(bytes_for(PAGE + 1, 4096), Some(2 * PAGE));
        assert_eq!(bytes_for(1, 4 * PAGE), Some(4 * PAGE));
        assert_eq!(bytes_for(usize::MAX, 1), None);
        assert_eq!(bytes_for(isize::MAX as usize, 1), None);
        assert_eq!(bytes_for(usize::MAX - 5, 1 << 40), None);
    }
}
