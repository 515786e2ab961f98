//! The heap: address space reserved in chunks, cut into spans of 64 KiB pages for slabs and large blocks.
//!
//! Free spans are clean (zero, no memory behind them) or dirty (memory still there). Neighbours of the same kind are joined.
//! Dirty spans serve first; they are given back to the system when old, when there are too many, or on request.
use core::ptr::null_mut;

use umem_abi::{AREA_HEAP, Area, Arena, SPAN_FREE};

use crate::bins::Bins;
use crate::cell::Global;
use crate::lock::Lock;
use crate::pagemap::{self, PAGE};
use crate::{areas, arenas, meta, sys};

/// A run of pages. The first part is for readers.
#[repr(C)]
pub(crate) struct Span {
    pub(crate) abi: umem_abi::Span,
    /// In a list of free spans, or of a cache's slabs with free buffers.
    pub(crate) next: *mut Span,
    pub(crate) prev: *mut Span,
    /// In the list of dirty spans by age.
    newer: *mut Span,
    older: *mut Span,
    pub(crate) chunk: *mut Chunk,
    stamp: u64,
    /// Free: memory is behind it. In use: it did not come as zeros.
    pub(crate) dirty: bool,
    /// Its last system page is unmapped.
    pub(crate) guarded: bool,
    /// A large block with a redzone behind the bytes asked for.
    pub(crate) fenced: bool,
    /// Where a slab of up to 64 buffers keeps its bitmap.
    pub(crate) word: u64,
}

/// One reservation of address space.
pub(crate) struct Chunk {
    area: *mut Area,
    start: usize,
    size: usize,
    committed: usize,
    next: *mut Chunk,
}

struct Heap {
    clean: Bins,
    dirty: Bins,
    newest: *mut Span,
    oldest: *mut Span,
    chunks: *mut Chunk,
    checked: u64,
}

static LOCK: Lock = Lock::new();
/// Guarded by `LOCK`.
static HEAP: Global<Heap> = Global::new(Heap {
    clean: Bins::new(),
    dirty: Bins::new(),
    newest: null_mut(),
    oldest: null_mut(),
    chunks: null_mut(),
    checked: 0,
});

const CHUNK: usize = 64 << 20;
const MAX_CHUNK: usize = 1 << 30;
const COMMIT: usize = 4 << 20;
/// Dirty spans are kept up to this many bytes, or half of what is in use.
const DIRTY_LEAST: u64 = 64 << 20;
/// Milliseconds after which a dirty span goes back to the system, and between looks for such.
const AGE: u64 = 1000;
const LOOK: u64 = 100;

/// A span of `bytes` (a multiple of a page), noted in the page map as `kind`; null when the system has no more.
pub(crate) fn alloc(bytes: usize, kind: u64) -> *mut Span {
    LOCK.lock();
    // SAFETY: under the lock.
    let span = unsafe { take(&mut *HEAP.get(), bytes, kind) };
    LOCK.unlock();
    span
}

/// Takes a span back.
///
/// # Safety
/// It is from [`alloc`], and nobody uses its pages any more.
pub(crate) unsafe fn free(span: *mut Span) {
    LOCK.lock();
    // SAFETY: under the lock; by the contract.
    unsafe {
        let heap = &mut *HEAP.get();
        arenas::HEAP.freed((*span).abi.bytes);
        (*span).dirty = true;
        give(heap, span);
        trim(heap, false);
    }
    LOCK.unlock();
}

/// Makes a span in use `bytes` long where it stands, by cutting its tail off or taking free pages behind it.
///
/// # Safety
/// It is from [`alloc`]; when it shrinks nobody uses the tail any more.
pub(crate) unsafe fn resize(span: *mut Span, bytes: usize) -> bool {
    LOCK.lock();
    // SAFETY: under the lock; by the contract.
    let done = unsafe {
        let heap = &mut *HEAP.get();
        if bytes as u64 <= (*span).abi.bytes { shrink(heap, span, bytes as u64) } else { grow(heap, span, bytes as u64) }
    };
    LOCK.unlock();
    done
}

/// Gives all dirty free memory back to the system; says how many bytes.
pub(crate) fn purge() -> u64 {
    LOCK.lock();
    // SAFETY: under the lock.
    let freed = unsafe { trim(&mut *HEAP.get(), true) };
    LOCK.unlock();
    freed
}

/// Gives old dirty memory back to the system.
pub(crate) fn age() {
    LOCK.lock();
    // SAFETY: under the lock.
    unsafe {
        trim(&mut *HEAP.get(), false);
    }
    LOCK.unlock();
}

pub(crate) fn hold() {
    LOCK.lock();
}

pub(crate) fn release() {
    LOCK.unlock();
}

unsafe fn take(heap: &mut Heap, bytes: usize, kind: u64) -> *mut Span {
    // SAFETY: the caller holds the lock; free spans on the lists are ours.
    unsafe {
        let mut span = heap.dirty.best(bytes as u64);
        if span.is_null() {
            span = heap.clean.best(bytes as u64);
            if span.is_null() {
                if !import(heap, bytes) {
                    arenas::HEAP.failed();
                    return null_mut();
                }
                span = heap.clean.best(bytes as u64);
            }
        }
        if span.is_null() || !ready((*span).chunk, (*span).abi.start as usize + bytes) {
            arenas::HEAP.failed();
            return null_mut();
        }
        detach(heap, span);
        if !cut(heap, span, bytes as u64) {
            give(heap, span);
            return null_mut();
        }
        (*span).abi.kind = kind;
        pagemap::note(((*span).abi.start) as usize, bytes, span);
        arenas::HEAP.allocated(bytes as u64);
        span
    }
}

/// Makes a chunk usable up to `end`.
unsafe fn ready(chunk: *mut Chunk, end: usize) -> bool {
    // SAFETY: the caller holds the lock and the chunk is one of ours.
    unsafe {
        let chunk = &mut *chunk;
        let need = end - chunk.start;
        if need <= chunk.committed {
            return true;
        }
        let from = chunk.start + chunk.committed;
        let mut upto = (need.next_multiple_of(COMMIT)).min(chunk.size);
        if !sys::commit(from, upto - chunk.committed) {
            upto = need;
            if !sys::commit(from, upto - chunk.committed) {
                return false;
            }
        }
        chunk.committed = upto;
        if !chunk.area.is_null() {
            (*chunk.area).used = upto as u64;
        }
        true
    }
}

/// Takes a free span off its lists.
unsafe fn detach(heap: &mut Heap, span: *mut Span) {
    // SAFETY: the caller holds the lock and the span is free, thus on the lists.
    unsafe {
        if !(*span).dirty {
            return heap.clean.remove(span);
        }
        heap.dirty.remove(span);
        if (*span).newer.is_null() {
            heap.newest = (*span).older
        } else {
            (*(*span).newer).older = (*span).older
        }
        if (*span).older.is_null() {
            heap.oldest = (*span).newer
        } else {
            (*(*span).older).newer = (*span).newer
        }
        arenas::HEAP.dirty((*span).abi.bytes.wrapping_neg());
    }
}

/// Puts a span that is on no list among the free ones, unjoined.
unsafe fn attach(heap: &mut Heap, span: *mut Span) {
    // SAFETY: the caller holds the lock.
    unsafe {
        (*span).abi.kind = SPAN_FREE;
        pagemap::note_ends((*span).abi.start as usize, (*span).abi.bytes as usize, span);
        if !(*span).dirty {
            return heap.clean.add(span);
        }
        heap.dirty.add(span);
        (*span).stamp = sys::coarse_millis();
        (*span).newer = null_mut();
        (*span).older = heap.newest;
        if heap.newest.is_null() {
            heap.oldest = span
        } else {
            (*heap.newest).newer = span
        }
        heap.newest = span;
        arenas::HEAP.dirty((*span).abi.bytes);
    }
}

/// Puts a span among the free ones, joined with free neighbours of its kind.
unsafe fn give(heap: &mut Heap, span: *mut Span) {
    // SAFETY: the caller holds the lock; the ends of free spans are always noted, neighbours in use are noted for all pages.
    unsafe {
        let start = (*span).abi.start as usize;
        let before = pagemap::noted(start.wrapping_sub(PAGE));
        if joins(span, before) && (*before).abi.start + (*before).abi.bytes == start as u64 {
            detach(heap, before);
            (*span).abi.start = (*before).abi.start;
            (*span).abi.bytes += (*before).abi.bytes;
            drop_span(before);
        }
        let end = (*span).abi.start + (*span).abi.bytes;
        let after = pagemap::noted(end as usize);
        if joins(span, after) && (*after).abi.start == end {
            detach(heap, after);
            (*span).abi.bytes += (*after).abi.bytes;
            drop_span(after);
        }
        attach(heap, span);
    }
}

unsafe fn joins(span: *mut Span, other: *mut Span) -> bool {
    // SAFETY: the caller holds the lock; records of spans are never unmapped.
    unsafe {
        !other.is_null() && (*other).abi.kind == SPAN_FREE && (*other).chunk == (*span).chunk && (*other).dirty == (*span).dirty
    }
}

/// Shortens a span that is on no list to `bytes`; the rest becomes a free span.
unsafe fn cut(heap: &mut Heap, span: *mut Span, bytes: u64) -> bool {
    // SAFETY: the caller holds the lock.
    unsafe {
        let rest = (*span).abi.bytes - bytes;
        if rest == 0 {
            return true;
        }
        let tail = new_span((*span).chunk, (*span).abi.start + bytes, rest, (*span).dirty);
        if tail.is_null() {
            return false;
        }
        (*span).abi.bytes = bytes;
        attach(heap, tail);
        true
    }
}

unsafe fn shrink(heap: &mut Heap, span: *mut Span, bytes: u64) -> bool {
    // SAFETY: the caller holds the lock; the tail is unused.
    unsafe {
        let rest = (*span).abi.bytes - bytes;
        if rest == 0 {
            return true;
        }
        let tail = new_span((*span).chunk, (*span).abi.start + bytes, rest, true);
        if tail.is_null() {
            return false;
        }
        (*span).abi.bytes = bytes;
        arenas::HEAP.resized(rest.wrapping_neg());
        give(heap, tail);
        true
    }
}

unsafe fn grow(heap: &mut Heap, span: *mut Span, bytes: u64) -> bool {
    // SAFETY: the caller holds the lock; what lies behind the span is taken only when it is free.
    unsafe {
        let need = bytes - (*span).abi.bytes;
        let end = (*span).abi.start + (*span).abi.bytes;
        let after = pagemap::noted(end as usize);
        if after.is_null()
            || (*after).abi.kind != SPAN_FREE
            || (*after).chunk != (*span).chunk
            || (*after).abi.start != end
            || (*after).abi.bytes < need
            || !ready((*span).chunk, (end + need) as usize)
        {
            return false;
        }
        detach(heap, after);
        if !cut(heap, after, need) {
            give(heap, after);
            return false;
        }
        (*span).abi.bytes = bytes;
        pagemap::note(end as usize, need as usize, span);
        arenas::HEAP.resized(need);
        drop_span(after);
        true
    }
}

unsafe fn new_span(chunk: *mut Chunk, start: u64, bytes: u64, dirty: bool) -> *mut Span {
    let span = meta::alloc(size_of::<Span>()).cast::<Span>();
    if !span.is_null() {
        // SAFETY: a fresh block of the right size.
        unsafe {
            span.write(Span {
                abi: umem_abi::Span { kind: SPAN_FREE, start, bytes, ..umem_abi::Span::ZERO },
                next: null_mut(),
                prev: null_mut(),
                newer: null_mut(),
                older: null_mut(),
                chunk,
                stamp: 0,
                dirty,
                guarded: false,
                fenced: false,
                word: 0,
            });
        }
    }
    span
}

unsafe fn drop_span(span: *mut Span) {
    // SAFETY: the caller took it off all lists and out of the page map's live entries.
    unsafe {
        (*span).abi.kind = 0;
        meta::free(span.cast(), size_of::<Span>());
    }
}

/// Reserves another chunk that holds at least `bytes`.
unsafe fn import(heap: &mut Heap, bytes: usize) -> bool {
    let grown = (arenas::HEAP.total() as usize / 4).clamp(CHUNK, MAX_CHUNK);
    let mut size = bytes.max(grown.next_multiple_of(PAGE));
    loop {
        // SAFETY: the caller holds the lock.
        if unsafe { import_exactly(heap, size) } {
            return true;
        }
        if size == bytes {
            return false;
        }
        size = (size / 2).next_multiple_of(PAGE).max(bytes);
    }
}

unsafe fn import_exactly(heap: &mut Heap, size: usize) -> bool {
    let Some(padded) = size.checked_add(PAGE) else { return false };
    let raw = sys::reserve(padded) as usize;
    if raw == 0 {
        return false;
    }
    let start = raw.next_multiple_of(PAGE);
    let chunk = meta::alloc(size_of::<Chunk>()).cast::<Chunk>();
    // SAFETY: the caller holds the lock; the reservation is ours, what lies outside the aligned part is given back.
    unsafe {
        if start > raw {
            sys::unmap(raw, start - raw);
        }
        if raw + padded > start + size {
            sys::unmap(start + size, raw + padded - start - size);
        }
        let span = new_span(chunk, start as u64, size as u64, false);
        if chunk.is_null() || span.is_null() || !pagemap::cover(start, size) {
            sys::unmap(start, size);
            return false;
        }
        let area = areas::add(AREA_HEAP, start, size, 0);
        chunk.write(Chunk { area, start, size, committed: 0, next: heap.chunks });
        heap.chunks = chunk;
        arenas::HEAP.imported(size as u64, true);
        attach(heap, span);
    }
    true
}

/// Gives dirty spans back to the system: all, or those that are old or too many.
unsafe fn trim(heap: &mut Heap, all: bool) -> u64 {
    let stats: &Arena = arenas::HEAP.record();
    let keep = if all { 0 } else { DIRTY_LEAST.max(stats.in_use / 2) };
    let now = sys::coarse_millis();
    if stats.dirty <= keep && now < heap.checked + LOOK {
        return 0;
    }
    heap.checked = now;
    let mut freed = 0;
    // SAFETY: the caller holds the lock; the spans are free, nobody needs their content.
    unsafe {
        while !heap.oldest.is_null() && (arenas::HEAP.record().dirty > keep || all || (*heap.oldest).stamp + AGE <= now) {
            let span = heap.oldest;
            detach(heap, span);
            if !sys::decommit((*span).abi.start as usize, (*span).abi.bytes as usize) {
                attach(heap, span);
                break;
            }
            freed += (*span).abi.bytes;
            (*span).dirty = false;
            give(heap, span);
        }
        if all {
            release_chunks(heap);
        }
    }
    freed
}

/// Gives chunks without a span in use back to the system; one stays.
unsafe fn release_chunks(heap: &mut Heap) {
    // SAFETY: the caller holds the lock; a free span as long as its chunk is all there is in it.
    unsafe {
        let mut at = &raw mut heap.chunks;
        while !(*at).is_null() {
            let chunk = *at;
            let span = pagemap::noted((*chunk).start);
            let idle = (*span).abi.kind == SPAN_FREE && (*span).abi.bytes == (*chunk).size as u64 && !(*span).dirty;
            if !idle || (at == &raw mut heap.chunks && (*chunk).next.is_null()) {
                at = &raw mut (*chunk).next;
                continue;
            }
            detach(heap, span);
            drop_span(span);
            pagemap::note((*chunk).start, (*chunk).size, null_mut());
            sys::unmap((*chunk).start, (*chunk).size);
            if !(*chunk).area.is_null() {
                areas::remove((*chunk).area);
            }
            arenas::HEAP.imported((*chunk).size as u64, false);
            *at = (*chunk).next;
            meta::free(chunk.cast(), size_of::<Chunk>());
        }
    }
}
