//! From an address to its size class and span: two levels of tables over the 47 bits of user addresses, pages of 64 KiB.
//!
//! `free` needs two loads and no comparison: root entries are relative to an empty leaf, so that an address that was never ours
//! comes out as class 0 like any large block.
use core::ptr::null_mut;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::cell::Global;
use crate::heap::Span;
use crate::meta;
use crate::sys::near;

/// log2 of a page of the map.
pub(crate) const PAGE_SHIFT: u32 = 16;
/// Bytes of a page of the map.
pub(crate) const PAGE: usize = 1 << PAGE_SHIFT;
pub(crate) const LEAF_SHIFT: u32 = 30;
const LEAF_PAGES: usize = 1 << (LEAF_SHIFT - PAGE_SHIFT);
pub(crate) const ROOTS: usize = 1 << (47 - LEAF_SHIFT);

/// Pages of 1 GiB of addresses.
#[repr(C)]
pub(crate) struct Leaf {
    class: [u8; LEAF_PAGES],
    pub(crate) span: [*mut Span; LEAF_PAGES],
}

pub(crate) static ROOT: [AtomicUsize; ROOTS] = [const { AtomicUsize::new(0) }; ROOTS];
/// Never written: what addresses of no leaf lead to.
pub(crate) static EMPTY: Global<Leaf> = Global::new(Leaf { class: [0; LEAF_PAGES], span: [null_mut(); LEAF_PAGES] });

#[inline(always)]
fn leaf(address: usize) -> *mut Leaf {
    let root = near!(ROOT as AtomicUsize);
    // SAFETY: the index is masked to the root's length.
    let entry = unsafe { (*root.add((address >> LEAF_SHIFT) & (ROOTS - 1))).load(Relaxed) };
    near!(EMPTY as Leaf).cast_mut().wrapping_byte_add(entry)
}

#[inline(always)]
fn page(address: usize) -> usize {
    (address >> PAGE_SHIFT) & (LEAF_PAGES - 1)
}

/// The class of the slab at `address`, 0 where there is none.
#[inline(always)]
pub(crate) fn class(address: usize) -> usize {
    // SAFETY: `leaf` returns a leaf of ours, `page` an index below its length.
    unsafe { *(&raw const (*leaf(address)).class).cast::<u8>().add(page(address)) as usize }
}

/// The span noted for the page of `address`, null for none. In the midst of free pages it may be one that was there before.
pub(crate) fn noted(address: usize) -> *mut Span {
    // SAFETY: as in `class`.
    unsafe { *(&raw const (*leaf(address)).span).cast::<*mut Span>().add(page(address)) }
}

/// Makes leaves for a range of addresses; false when there is no memory for them. Called under the heap's lock.
pub(crate) fn cover(start: usize, len: usize) -> bool {
    (start >> LEAF_SHIFT..=(start + len - 1) >> LEAF_SHIFT).all(|i| {
        let Some(entry) = ROOT.get(i) else { return false };
        if entry.load(Acquire) == 0 {
            let leaf = meta::alloc(size_of::<Leaf>());
            if leaf.is_null() {
                return false;
            }
            entry.store((leaf as usize).wrapping_sub(EMPTY.get() as usize), Release);
        }
        true
    })
}

/// Notes `span` for every page of a range.
///
/// # Safety
/// The range is covered by leaves, and its pages are the caller's.
pub(crate) unsafe fn note(start: usize, len: usize, span: *mut Span) {
    for address in (start..start + len).step_by(PAGE) {
        // SAFETY: by the contract it is a page of a covered range that is the caller's to note.
        unsafe { *(&raw mut (*leaf(address)).span).cast::<*mut Span>().add(page(address)) = span };
    }
}

/// Notes `span` for the first and the last page of a range: enough for free pages.
///
/// # Safety
/// As for [`note`].
pub(crate) unsafe fn note_ends(start: usize, len: usize, span: *mut Span) {
    // SAFETY: by the contract.
    unsafe {
        note(start, PAGE, span);
        note(start + len - PAGE, PAGE, span);
    }
}

/// Sets the class of every page of a range.
///
/// # Safety
/// As for [`note`].
pub(crate) unsafe fn set_class(start: usize, len: usize, class: u8) {
    for address in (start..start + len).step_by(PAGE) {
        // SAFETY: as in `note`.
        unsafe { *(&raw mut (*leaf(address)).class).cast::<u8>().add(page(address)) = class };
    }
}
