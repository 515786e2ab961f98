//! Slabs: spans cut into buffers of one cache, free ones marked by set bits kept apart from the buffers.
//! All of it runs under the cache's lock.
use core::mem::size_of;
use core::ptr::null_mut;

use umem_abi::{CLASSES, SPAN_SLAB};

use crate::arenas;
use crate::cache::Cache;
use crate::heap::{self, Span};
use crate::{debug, meta, pagemap, sys};

const BITS: usize = u64::BITS as usize;
const SYSTEM_PAGE: usize = 4096;

/// Why a buffer was not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    /// It is free already.
    Double,
    /// No buffer starts there.
    Foreign,
}

/// Takes up to `want` buffers into `to`, those with the lowest addresses last; says how many.
///
/// # Safety
/// `to` has room for them.
pub(crate) unsafe fn pop(c: &mut Cache, to: *mut *mut u8, want: usize) -> usize {
    let mut got = 0;
    // SAFETY: slabs on the list have free buffers; the caller holds the cache's lock and has the room.
    unsafe {
        while got < want {
            if c.partial.is_null() && !create(c) {
                break;
            }
            let slab = c.partial;
            got += pop_from(c, slab, to.add(got), want - got);
        }
        core::slice::from_raw_parts_mut(to, got).reverse();
    }
    got
}

unsafe fn pop_from(c: &mut Cache, slab: *mut Span, to: *mut *mut u8, want: usize) -> usize {
    // SAFETY: as for `pop`; set bits are below the number of buffers.
    unsafe {
        let s = &mut (*slab).abi;
        let words = s.bitmap as *mut u64;
        let (mut got, mut w) = (0, 0);
        let want = want.min(s.free as usize);
        while got < want {
            let mut word = *words.add(w);
            while word != 0 && got < want {
                let i = w * BITS + word.trailing_zeros() as usize;
                *to.add(got) = (s.base as usize + i * c.abi.chunk as usize) as *mut u8;
                word &= word - 1;
                got += 1;
            }
            *words.add(w) = word;
            w += 1;
        }
        s.free -= got as u64;
        c.abi.slab_free -= got as u64;
        if s.free == 0 {
            unlink(c, slab);
        }
        got
    }
}

/// Takes a buffer back.
///
/// # Safety
/// Nobody uses it any more.
pub(crate) unsafe fn push(c: &mut Cache, buffer: *mut u8) -> Result<(), Bad> {
    // SAFETY: a noted span is a record of ours; the caller holds the cache's lock.
    unsafe {
        let slab = pagemap::noted(buffer as usize);
        if slab.is_null() {
            return Err(Bad::Foreign);
        }
        let s = &mut (*slab).abi;
        let offset = (buffer as usize).wrapping_sub(s.base as usize);
        if s.kind != SPAN_SLAB || s.cache != (&raw const *c) as u64 || offset >= s.bytes as usize {
            return Err(Bad::Foreign);
        }
        let i = c.number(offset);
        if i >= s.objects as usize || i * c.abi.chunk as usize != offset {
            return Err(Bad::Foreign);
        }
        let word = (s.bitmap as *mut u64).add(i / BITS);
        let bit = 1 << (i % BITS);
        if *word & bit != 0 {
            return Err(Bad::Double);
        }
        *word |= bit;
        s.free += 1;
        c.abi.slab_free += 1;
        if s.free == 1 {
            link(c, slab);
        }
        // The last slab with free buffers stays, so that one buffer going to and fro costs no slab.
        if s.free == s.objects && !((*slab).next.is_null() && (*slab).prev.is_null()) {
            destroy(c, slab);
        }
    }
    Ok(())
}

/// The slab and the number of a buffer of the cache.
///
/// # Safety
/// The buffer is in a slab of the cache.
pub(crate) unsafe fn place(c: &Cache, buffer: *mut u8) -> (*mut Span, usize) {
    let slab = pagemap::noted(buffer as usize);
    // SAFETY: by the contract.
    (slab, c.number(unsafe { buffer as usize - (*slab).abi.base as usize }))
}

/// Whether a buffer starts there, free or not.
///
/// # Safety
/// The cache is live.
pub(crate) unsafe fn owns(c: &Cache, buffer: *mut u8) -> bool {
    let slab = pagemap::noted(buffer as usize);
    // SAFETY: noted spans are records of ours.
    unsafe {
        if slab.is_null() || (*slab).abi.kind != SPAN_SLAB || (*slab).abi.cache != (&raw const *c) as u64 {
            return false;
        }
        let offset = (buffer as usize).wrapping_sub((*slab).abi.base as usize);
        let i = c.number(offset.min((*slab).abi.bytes as usize));
        i < (*slab).abi.objects as usize && i * c.abi.chunk as usize == offset
    }
}

/// Whether a buffer is free in its slab.
///
/// # Safety
/// The buffer is in a slab of the cache.
pub(crate) unsafe fn is_free(c: &Cache, buffer: *mut u8) -> bool {
    // SAFETY: by the contract the bit is one of the bitmap's.
    unsafe {
        let (slab, i) = place(c, buffer);
        *((*slab).abi.bitmap as *const u64).add(i / BITS) & (1 << (i % BITS)) != 0
    }
}

/// Gives the system pages of slabs back in which every buffer is free.
///
/// # Safety
/// Under the cache's lock.
pub(crate) unsafe fn release_pages(c: &mut Cache) {
    // Free buffers of a debugged cache hold patterns that are checked.
    if c.abi.debug != 0 {
        return;
    }
    let mut slab = c.partial;
    // SAFETY: the list holds the cache's slabs.
    unsafe {
        while !slab.is_null() {
            release_pages_of(c, &(*slab).abi);
            slab = (*slab).next;
        }
    }
}

unsafe fn release_pages_of(c: &Cache, s: &umem_abi::Span) {
    let (base, end) = (s.base as usize, s.base as usize + s.objects as usize * c.abi.chunk as usize);
    let is_idle = |page: usize| {
        // Pages before the first buffer and behind the last were never touched.
        if page + SYSTEM_PAGE <= base || page >= end {
            return false;
        }
        let first = c.number(page.max(base) - base);
        let last = c.number((page + SYSTEM_PAGE - 1).min(end - 1) - base);
        // SAFETY: both are numbers of the slab's buffers.
        unsafe { all_set(s.bitmap as *const u64, first, last) }
    };
    let (start, stop) = (s.start as usize, (s.start + s.bytes) as usize);
    let (mut page, mut run) = (start, start);
    while page <= stop {
        if page == stop || !is_idle(page) {
            if page > run {
                // SAFETY: nobody uses the free buffers in these pages.
                unsafe { sys::decommit(run, page - run) };
            }
            run = page + SYSTEM_PAGE;
        }
        page += SYSTEM_PAGE;
    }
}

/// Whether all bits from `first` to `last` are set.
unsafe fn all_set(words: *const u64, first: usize, last: usize) -> bool {
    (first / BITS..=last / BITS).all(|w| {
        let low = if w == first / BITS { first % BITS } else { 0 };
        let high = if w == last / BITS { last % BITS } else { BITS - 1 };
        let mask = (u64::MAX >> (BITS - 1 - high)) & (u64::MAX << low);
        // SAFETY: the caller's bits are in these words.
        unsafe { *words.add(w) & mask == mask }
    })
}

/// Gives slabs without a buffer in use back to the heap.
///
/// # Safety
/// Under the cache's lock.
pub(crate) unsafe fn release_empty(c: &mut Cache) {
    let mut slab = c.partial;
    // SAFETY: the list holds the cache's slabs.
    unsafe {
        while !slab.is_null() {
            let next = (*slab).next;
            if (*slab).abi.free == (*slab).abi.objects {
                destroy(c, slab);
            }
            slab = next;
        }
    }
}

unsafe fn link(c: &mut Cache, slab: *mut Span) {
    // SAFETY: the slab is on no list; the caller holds the cache's lock.
    unsafe {
        (*slab).prev = null_mut();
        (*slab).next = c.partial;
        if !c.partial.is_null() {
            (*c.partial).prev = slab;
        }
        c.partial = slab;
    }
}

unsafe fn unlink(c: &mut Cache, slab: *mut Span) {
    // SAFETY: the slab is on the list; the caller holds the cache's lock.
    unsafe {
        if (*slab).prev.is_null() {
            c.partial = (*slab).next;
        } else {
            (*(*slab).prev).next = (*slab).next;
        }
        if !(*slab).next.is_null() {
            (*(*slab).next).prev = (*slab).prev;
        }
        (*slab).next = null_mut();
        (*slab).prev = null_mut();
    }
}

/// Adds a slab to the cache; false without memory.
unsafe fn create(c: &mut Cache) -> bool {
    let slab = heap::alloc(c.abi.slab as usize, SPAN_SLAB);
    if slab.is_null() {
        arenas::DEFAULT.failed();
        return false;
    }
    // SAFETY: the span is fresh and the cache's alone.
    unsafe {
        let words = (c.abi.per_slab as usize).div_ceil(BITS);
        let bitmap = if words == 1 { &raw mut (*slab).word } else { meta::alloc(words * size_of::<u64>()).cast::<u64>() };
        if bitmap.is_null() {
            heap::free(slab);
            return false;
        }
        fill(bitmap, c.abi.per_slab as usize);
        let s = &mut (*slab).abi;
        s.cache = (&raw const *c) as u64;
        s.base = s.start + c.colour as u64;
        s.objects = c.abi.per_slab;
        s.free = c.abi.per_slab;
        s.bitmap = bitmap as u64;
        s.audit = 0;
        let class = (c.abi.index as usize).min(CLASSES - 1) as u8;
        pagemap::set_class(s.start as usize, s.bytes as usize, class);
        if c.abi.debug != 0 {
            debug::new_slab(c, slab);
        }
        link(c, slab);
    }
    c.colour = if c.colour + c.colour_step > c.colour_end { 0 } else { c.colour + c.colour_step };
    c.abi.slabs += 1;
    c.abi.slab_create += 1;
    c.abi.total += c.abi.per_slab;
    c.abi.slab_free += c.abi.per_slab;
    arenas::DEFAULT.allocated(c.abi.slab);
    true
}

unsafe fn fill(bitmap: *mut u64, bits: usize) {
    // SAFETY: the bitmap has ⌈bits / 64⌉ words.
    unsafe {
        for w in 0..bits / BITS {
            *bitmap.add(w) = u64::MAX;
        }
        if bits % BITS != 0 {
            *bitmap.add(bits / BITS) = (1 << (bits % BITS)) - 1;
        }
    }
}

unsafe fn destroy(c: &mut Cache, slab: *mut Span) {
    // SAFETY: no buffer of it is in use, it is on the list, and the caller holds the cache's lock.
    unsafe {
        unlink(c, slab);
        debug::end_slab(c, slab);
        let s = &(*slab).abi;
        pagemap::set_class(s.start as usize, s.bytes as usize, 0);
        let words = (s.objects as usize).div_ceil(BITS);
        if words != 1 {
            meta::free(s.bitmap as *mut u8, words * size_of::<u64>());
        }
        heap::free(slab);
    }
    c.abi.slabs -= 1;
    c.abi.slab_destroy += 1;
    c.abi.total -= c.abi.per_slab;
    c.abi.slab_free -= c.abi.per_slab;
    arenas::DEFAULT.freed(c.abi.slab);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_bits_are_seen_over_words() {
        let words = [u64::MAX, 0b111, u64::MAX];
        for first in 0..192 {
            for last in first..192 {
                let expected = (first..=last).all(|i| words[i / BITS] >> (i % BITS) & 1 == 1);
                // SAFETY: the bits are in the three words.
                assert_eq!(unsafe { all_set(words.as_ptr(), first, last) }, expected, "{first} {last}");
            }
        }
    }

    #[test]
    fn bitmaps_are_filled_to_the_bit() {
        for bits in [1, 63, 64, 65, 128, 200] {
            let mut words = [0; 4];
            // SAFETY: the words have room for the bits.
            unsafe { fill(words.as_mut_ptr(), bits) };
            assert_eq!(words.iter().map(|w| w.count_ones() as usize).sum::<usize>(), bits);
        }
    }
}
