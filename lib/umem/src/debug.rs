//! What UMEM_DEBUG looks for. Every call then takes the slow path past the magazines, so that it costs nothing when off.
//!
//! A debugged buffer ends in a tail of three words, right before the next buffer: a redzone, the size asked for (251 n + 1), and the state. The bytes between
//! that size and the tail hold 0xbb. Free buffers hold 0xdeadbeef..., new ones 0xbaddcafe....
use umem_abi::debug::{AUDIT, CONTENTS, GUARDS};
use umem_abi::{ALLOCATED, Audit, FREED};

use crate::cache::Cache;
use crate::heap::Span;
use crate::report::{self, Fault};
use crate::{config, log, meta, slab, stack, sys};

const FREE_PATTERN: u64 = 0xdead_beef_dead_beef;
const NEW_PATTERN: u64 = 0xbadd_cafe_badd_cafe;
const REDZONE: u64 = 0xfeed_face_feed_face;
const REDZONE_BYTE: u8 = 0xbb;
const TAG_ALLOCATED: u64 = 0xa110_c8ed;
const TAG_FREE: u64 = 0xf4ee_f4ee;
const ENCODE: u64 = 251;
const OVERRUN: &str = "redzone violation: write past end of buffer";
/// Bytes of the redzone behind a block above the caches' sizes.
const FENCE: usize = 64;
/// Bytes behind a debugged buffer.
pub(crate) const TAIL: usize = 24;

/// The tail's three words.
#[repr(C)]
struct Tail {
    redzone: u64,
    request: u64,
    state: u64,
}

fn tail(c: &Cache, p: *mut u8) -> *mut Tail {
    p.wrapping_add(c.abi.chunk as usize - TAIL).cast()
}

/// Words of a buffer that are filled and checked.
fn words(c: &Cache) -> usize {
    if c.abi.debug & CONTENTS == 0 { 0 } else { (c.abi.bufsize as usize).min(config::get().maxverify) / 8 }
}

/// The record of a buffer's last transaction, null when auditing is off.
fn audit_of(c: &Cache, p: *mut u8) -> *mut Audit {
    // SAFETY: the buffer is in a slab of the cache, whose array has an entry for each.
    unsafe {
        let (span, i) = slab::place(c, p);
        if (*span).abi.audit == 0 { core::ptr::null_mut() } else { ((*span).abi.audit as *mut Audit).add(i) }
    }
}

/// An entry for now, with the stack of the caller.
fn entry(of: Audit) -> Audit {
    let o = config::get();
    let mut now = Audit { time: sys::now(), thread: sys::pthread(), ..of };
    let (depth, handler) = stack::capture(&mut now.stack, o.frames);
    now.depth = depth;
    if handler && o.nosignal {
        report::in_handler();
    }
    now
}

/// Records a transaction and its stack.
///
/// # Safety
/// The buffer, with as many bytes as `request` says, is the calling thread's, and so is the record or null.
unsafe fn note(audit: *mut Audit, of: Audit) {
    if audit.is_null() {
        return;
    }
    let mut now = entry(of);
    now.log = log::add(&log::TRANSACTIONS, &now);
    // SAFETY: by the contract.
    unsafe {
        if now.state == FREED {
            log::save(&now, now.buffer as *const u8, now.request as usize);
        }
        audit.write(now);
    }
}

/// A new slab: all its buffers become free ones. Under the cache's lock.
///
/// # Safety
/// The slab is new, its buffers nobody's.
pub(crate) unsafe fn new_slab(c: &mut Cache, slab: *mut Span) {
    // SAFETY: by the contract.
    unsafe {
        if c.abi.debug & AUDIT != 0 {
            let bytes = (*slab).abi.objects as usize * size_of::<Audit>();
            let spare = c.spare_audits;
            let array = if spare.is_null() { meta::alloc(bytes) } else { spare };
            if !array.is_null() {
                c.spare_audits = if spare.is_null() { spare } else { *spare.cast::<*mut u8>() };
                array.write_bytes(0, bytes);
            }
            (*slab).abi.audit = array as u64;
            c.abi.audit_stride = size_of::<Audit>() as u64;
        }
        if c.abi.debug & GUARDS != 0 {
            for i in 0..(*slab).abi.objects as usize {
                mark_free(c, ((*slab).abi.base as usize + i * c.abi.chunk as usize) as *mut u8);
            }
        }
    }
    if config::get().slabs > 0 {
        log::add(&log::SLABS, &entry(Audit { cache: (&raw const *c) as u64, span: slab as u64, ..Audit::ZERO }));
    }
}

/// A slab goes back to the heap: its records are kept for the next one. Under the cache's lock.
///
/// # Safety
/// The slab has no buffer in use.
pub(crate) unsafe fn end_slab(c: &mut Cache, slab: *mut Span) {
    // SAFETY: by the contract the array is nobody's any more.
    unsafe {
        let array = (*slab).abi.audit as *mut u8;
        if !array.is_null() {
            *array.cast::<*mut u8>() = c.spare_audits;
            c.spare_audits = array;
        }
    }
}

unsafe fn mark_free(c: &Cache, p: *mut u8) {
    // SAFETY: the caller's free buffer, with its tail.
    unsafe {
        for w in 0..words(c) {
            *p.cast::<u64>().add(w) = FREE_PATTERN;
        }
        tail(c, p).write(Tail { redzone: REDZONE, request: 1, state: TAG_FREE });
    }
}

/// A buffer was taken from its slab: checks that it was left alone, and dresses it.
///
/// # Safety
/// The buffer is the calling thread's.
pub(crate) unsafe fn allocated(c: &Cache, p: *mut u8, request: usize) {
    let audit = audit_of(c, p);
    // SAFETY: by the contract.
    unsafe {
        if c.abi.debug & GUARDS != 0 {
            if (*tail(c, p)).state != TAG_FREE {
                report::fault(&Fault { audit, ..Fault::new("boundary tag corrupted", c, p) });
            }
            let changed = (0..words(c)).find(|&w| *p.cast::<u64>().add(w) != FREE_PATTERN);
            if let Some(w) = changed {
                let was = *p.cast::<u64>().add(w);
                report::fault(&Fault { audit, changed: Some((w * 8, FREE_PATTERN, was)), ..Fault::new(report::MODIFIED, c, p) });
            }
            for w in 0..words(c) {
                *p.cast::<u64>().add(w) = NEW_PATTERN;
            }
            let tail = tail(c, p);
            p.add(request).write_bytes(REDZONE_BYTE, (tail as usize).saturating_sub(p as usize + request));
            tail.write(Tail { redzone: REDZONE, request: ENCODE * request as u64 + 1, state: TAG_ALLOCATED });
        }
        let (span, _) = slab::place(c, p);
        note(audit, Audit { state: ALLOCATED, ..audited(c, p, span, request) });
    }
}

/// A buffer comes back; whether it may be freed. Complains otherwise. `size` is what the caller says it asked for.
///
/// # Safety
/// The buffer is one of the cache's, whether free or not.
pub(crate) unsafe fn may_free(c: &Cache, p: *mut u8, size: Option<usize>) -> bool {
    let audit = audit_of(c, p);
    let complain = |what| report::fault(&Fault { audit, ..Fault::new(what, c, p) });
    // SAFETY: by the contract.
    unsafe {
        if slab::is_free(c, p) {
            complain("duplicate free: buffer freed twice");
            return false;
        }
        if c.abi.debug & GUARDS == 0 {
            return true;
        }
        let t = tail(c, p);
        if (*t).state != TAG_ALLOCATED && (*t).redzone == REDZONE {
            complain("boundary tag corrupted");
            return true;
        }
        let whole = (*t).redzone == REDZONE && (*t).state == TAG_ALLOCATED && (*t).request % ENCODE == 1;
        let request = ((*t).request / ENCODE) as usize;
        if !whole || request > c.abi.bufsize as usize || !(request..t as usize - p as usize).all(|i| *p.add(i) == REDZONE_BYTE) {
            complain(OVERRUN);
            return true;
        }
        if let Some(size) = size.filter(|&s| s != request) {
            report::fault(&Fault { audit, sizes: Some((size, request)), ..Fault::new(report::SIZE, c, p) });
        }
    }
    true
}

/// What a record says of a buffer of a cache.
fn audited(c: &Cache, p: *mut u8, span: *mut Span, request: usize) -> Audit {
    Audit { cache: (&raw const *c) as u64, buffer: p as u64, span: span as u64, request: request as u64, ..Audit::ZERO }
}

/// Undresses a buffer that goes back to its slab.
///
/// # Safety
/// The buffer is the calling thread's, destructed.
pub(crate) unsafe fn freed(c: &Cache, p: *mut u8) {
    // SAFETY: by the contract.
    unsafe {
        // What was written over the tail may say anything.
        let request = request(c, p).unwrap_or(c.abi.bufsize as usize).min(c.abi.bufsize as usize);
        let (span, _) = slab::place(c, p);
        note(audit_of(c, p), Audit { state: FREED, ..audited(c, p, span, request) });
        if c.abi.debug & GUARDS != 0 {
            mark_free(c, p);
        }
    }
}

/// The size a live buffer was asked for, where the tail says so.
pub(crate) fn request(c: &Cache, p: *mut u8) -> Option<usize> {
    // SAFETY: the caller's buffer is one of the cache's, thus has a tail when it is guarded.
    (c.abi.debug & GUARDS != 0).then(|| unsafe { ((*tail(c, p)).request / ENCODE) as usize })
}

/// Bytes of the redzone behind a large block.
pub(crate) fn fence() -> usize {
    if config::get().debug & GUARDS == 0 { 0 } else { FENCE }
}

/// A large block was allocated: its stack, and its redzone.
///
/// # Safety
/// The span is the calling thread's, with `fence` bytes behind those asked for.
pub(crate) unsafe fn large(span: *mut Span, p: *mut u8, request: usize, fence: usize) {
    // SAFETY: by the contract.
    unsafe {
        (*span).fenced = fence > 0;
        p.add(request).write_bytes(REDZONE_BYTE, fence);
    }
    if config::get().debug & AUDIT == 0 {
        return;
    }
    // SAFETY: by the contract.
    unsafe {
        let audit = meta::alloc(size_of::<Audit>()).cast::<Audit>();
        note(audit, Audit { state: ALLOCATED, buffer: p as u64, span: span as u64, request: request as u64, ..Audit::ZERO });
        (*span).abi.audit = audit as u64;
    }
}

/// A large block goes.
///
/// # Safety
/// The span is the calling thread's.
pub(crate) unsafe fn large_freed(span: *mut Span) {
    // SAFETY: by the contract.
    unsafe {
        let audit = (*span).abi.audit as *mut Audit;
        if (*span).fenced {
            let p = (*span).abi.base as *mut u8;
            let fence = core::slice::from_raw_parts(p.add((*span).abi.request as usize), FENCE);
            if fence.iter().any(|&b| b != REDZONE_BYTE) {
                report::fault(&Fault { audit, ..Fault::new(OVERRUN, None, p) });
            }
        }
        if !audit.is_null() {
            let (buffer, request) = ((*span).abi.base, (*span).abi.request);
            note(audit, Audit { state: FREED, buffer, span: span as u64, request, ..Audit::ZERO });
            meta::free(audit.cast(), size_of::<Audit>());
            (*span).abi.audit = 0;
        }
    }
}

/// An allocation failed.
#[cold]
pub(crate) fn failed(size: usize) {
    let o = config::get();
    if o.failures > 0 {
        log::add(&log::FAILURES, &entry(Audit { request: size as u64, ..Audit::ZERO }));
    }
    if o.checknull {
        report::out_of_memory();
    }
}
