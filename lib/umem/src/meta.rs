//! Memory for the allocator's own records, apart from the heap: spans, bitmaps, magazines, thread blocks.
//! Small blocks are cut from areas and recycled by size; large ones get an area of their own and stay.
use core::ptr::null_mut;

use umem_abi::AREA_META;

use crate::areas;
use crate::cell::Global;
use crate::lock::Lock;
use crate::sys;

const UNIT: usize = 32;
const MAX_SMALL: usize = 8192;
const AREA: usize = 1 << 20;
const LEAST: usize = 64 << 10;

struct Meta {
    cur: usize,
    end: usize,
    free: [*mut Free; MAX_SMALL / UNIT + 1],
}

struct Free {
    next: *mut Free,
}

static LOCK: Lock = Lock::new();
/// Guarded by `LOCK`.
static META: Global<Meta> = Global::new(Meta { cur: 0, end: 0, free: [null_mut(); MAX_SMALL / UNIT + 1] });

fn units(bytes: usize) -> usize {
    bytes.max(1).div_ceil(UNIT)
}

/// `bytes` of memory aligned to 32, of any content (zeroed above 8 KiB); null when the system has none.
pub(crate) fn alloc(bytes: usize) -> *mut u8 {
    if bytes > MAX_SMALL {
        return area(bytes.next_multiple_of(4096));
    }
    let units = units(bytes);
    LOCK.with(|| {
        // SAFETY: under the lock; the lists hold blocks that nobody uses, `cur..end` is the rest of an area.
        unsafe {
            let meta = META.get();
            let list = (&raw mut (*meta).free).cast::<*mut Free>().add(units);
            let block = *list;
            if !block.is_null() {
                *list = (*block).next;
                return block.cast();
            }
            let bytes = units * UNIT;
            if (*meta).end - (*meta).cur < bytes {
                let (mut size, mut start) = (AREA, area(AREA));
                if start.is_null() {
                    (size, start) = (LEAST, area(LEAST));
                }
                if start.is_null() {
                    return null_mut();
                }
                (*meta).cur = start as usize;
                (*meta).end = start as usize + size;
            }
            let start = (*meta).cur;
            (*meta).cur += bytes;
            start as *mut u8
        }
    })
}

/// Takes a block back.
///
/// # Safety
/// It is from `alloc(bytes)`, with `bytes` at most 8 KiB, and nobody uses it any more.
pub(crate) unsafe fn free(block: *mut u8, bytes: usize) {
    let units = units(bytes);
    LOCK.with(|| {
        // SAFETY: the block is unused, as large as its list says, and the lists are ours under the lock.
        unsafe {
            let list = (&raw mut (*META.get()).free).cast::<*mut Free>().add(units);
            let block = block.cast::<Free>();
            (*block).next = *list;
            *list = block;
        }
    });
}

fn area(bytes: usize) -> *mut u8 {
    let start = sys::map(bytes);
    if !start.is_null() {
        areas::add(AREA_META, start as usize, bytes, bytes);
    }
    start
}

pub(crate) fn hold() {
    LOCK.lock();
}

pub(crate) fn release() {
    LOCK.unlock();
}
