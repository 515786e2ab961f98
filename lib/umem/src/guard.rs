//! UMEM_DEBUG=firewall: a buffer ends where an unmapped page begins, and a freed one is unmapped for a while.
use core::ptr::null_mut;

use crate::cell::Global;
use crate::heap::{self, Span};
use crate::lock::Lock;
use crate::{config, large, sys};
use umem_abi::Audit;
use umem_abi::debug::FIREWALL;

const SYSTEM_PAGE: usize = 4096;
/// Freed buffers that stay unmapped.
const KEPT: usize = 256;

struct Kept {
    span: [*mut Span; KEPT],
    next: usize,
}

static LOCK: Lock = Lock::new();
/// Guarded by `LOCK`.
static GONE: Global<Kept> = Global::new(Kept { span: [null_mut(); KEPT], next: 0 });

/// Whether a buffer of this size gets a guard page.
pub(crate) fn wanted(size: usize) -> bool {
    let o = config::get();
    o.debug & FIREWALL != 0 && size >= o.firewall
}

/// Whether a large block has one.
///
/// # Safety
/// The span is live.
pub(crate) unsafe fn is_guarded(span: *mut Span) -> bool {
    // SAFETY: by the contract.
    unsafe { (*span).guarded }
}

/// A buffer of `size` bytes whose end, but for its alignment, is at an unmapped page.
pub(crate) fn alloc(size: usize, align: usize) -> *mut u8 {
    let Some(room) = size.max(1).checked_next_multiple_of(align) else { return null_mut() };
    let Some(padded) = room.checked_add(SYSTEM_PAGE) else { return null_mut() };
    let span = large::span(padded, 1);
    if span.is_null() {
        return null_mut();
    }
    // SAFETY: the span is this thread's alone; the guard page is its last, behind the buffer.
    unsafe {
        let guard = (*span).abi.start as usize + (*span).abi.bytes as usize - SYSTEM_PAGE;
        if !sys::protect(guard, SYSTEM_PAGE) {
            // The kernel has no more mappings for this process: better a buffer without a guard than none.
            return (*span).abi.base as *mut u8;
        }
        (*span).guarded = true;
        (*span).fenced = false;
        (*span).abi.base = (guard - room) as u64;
        (*span).abi.request = size as u64;
        if let Some(audit) = ((*span).abi.audit as *mut Audit).as_mut() {
            (audit.buffer, audit.request) = ((*span).abi.base, size as u64);
        }
        (*span).abi.base as *mut u8
    }
}

/// Unmaps a freed buffer, and brings the one freed longest ago back.
///
/// # Safety
/// The span is guarded, its buffer nobody's any more.
pub(crate) unsafe fn free(span: *mut Span) {
    // SAFETY: by the contract; kept spans are nobody's.
    unsafe {
        let (start, bytes) = ((*span).abi.start as usize, (*span).abi.bytes as usize);
        sys::decommit(start, bytes);
        sys::protect(start, bytes);
        // No block any more: a second free of it is found out.
        (*span).abi.base = 0;
        let old = LOCK.with(|| {
            let gone = &mut *GONE.get();
            let slot = gone.span.as_mut_ptr().add(gone.next % KEPT);
            gone.next += 1;
            slot.replace(span)
        });
        if !old.is_null() && sys::commit((*old).abi.start as usize, (*old).abi.bytes as usize) {
            (*old).guarded = false;
            heap::free(old);
        }
    }
}

pub(crate) fn hold() {
    LOCK.lock();
}

pub(crate) fn release() {
    LOCK.unlock();
}
