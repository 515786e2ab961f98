//! Free spans by length: exact lists up to 64 pages, four to each doubling above, a bitmap of what is not empty.
use core::ptr::null_mut;

use crate::heap::Span;
use crate::pagemap::PAGE_SHIFT;

const EXACT: usize = 64;
const LISTS: usize = 128;

/// Free spans of one kind (clean or dirty).
pub(crate) struct Bins {
    lists: [*mut Span; LISTS],
    filled: u128,
}

fn bin_of(bytes: u64) -> usize {
    let pages = (bytes >> PAGE_SHIFT) as usize;
    if pages <= EXACT {
        return pages.saturating_sub(1);
    }
    let log = pages.ilog2() as usize;
    (EXACT + (log - 6) * 4 + ((pages >> (log - 2)) & 3)).min(LISTS - 1)
}

impl Bins {
    pub(crate) const fn new() -> Self {
        Self { lists: [null_mut(); LISTS], filled: 0 }
    }

    fn list(&mut self, bin: usize) -> *mut *mut Span {
        self.lists.as_mut_ptr().wrapping_add(bin)
    }

    /// Adds a span.
    ///
    /// # Safety
    /// It is on no list, and under the heap's lock.
    pub(crate) unsafe fn add(&mut self, span: *mut Span) {
        // SAFETY: by the contract; `bin_of` is below the number of lists.
        unsafe {
            let bin = bin_of((*span).abi.bytes);
            let list = self.list(bin);
            (*span).prev = null_mut();
            (*span).next = *list;
            if !(*list).is_null() {
                (**list).prev = span;
            }
            *list = span;
            self.filled |= 1 << bin;
        }
    }

    /// Takes a span out.
    ///
    /// # Safety
    /// It is here, with the length it had when it was added, and under the heap's lock.
    pub(crate) unsafe fn remove(&mut self, span: *mut Span) {
        // SAFETY: by the contract its neighbours are on the same list.
        unsafe {
            let bin = bin_of((*span).abi.bytes);
            let list = self.list(bin);
            if (*span).prev.is_null() {
                *list = (*span).next;
            } else {
                (*(*span).prev).next = (*span).next;
            }
            if !(*span).next.is_null() {
                (*(*span).next).prev = (*span).prev;
            }
            if (*list).is_null() {
                self.filled &= !(1 << bin);
            }
        }
    }

    /// The smallest span of at least `bytes`, the lowest of equal ones among the large; null for none. It stays here.
    ///
    /// # Safety
    /// Under the heap's lock.
    pub(crate) unsafe fn best(&mut self, bytes: u64) -> *mut Span {
        let first = bin_of(bytes);
        let mut filled = self.filled >> first << first;
        while filled != 0 {
            let bin = filled.trailing_zeros() as usize;
            // SAFETY: the lists hold free spans, which the lock keeps as they are.
            let found = unsafe { fit(*self.list(bin), bytes, bin < EXACT) };
            if !found.is_null() {
                return found;
            }
            filled &= filled - 1;
        }
        null_mut()
    }
}

unsafe fn fit(mut span: *mut Span, bytes: u64, exact: bool) -> *mut Span {
    let mut best: *mut Span = null_mut();
    // SAFETY: the caller's list.
    unsafe {
        while !span.is_null() {
            let (s, key) = (&(*span).abi, |a: &umem_abi::Span| (a.bytes, a.start));
            if s.bytes >= bytes && (best.is_null() || key(s) < key(&(*best).abi)) {
                best = span;
                if exact {
                    return best;
                }
            }
            span = (*span).next;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_grow_with_length() {
        let mut last = 0;
        for pages in 1..100_000_u64 {
            let bin = bin_of(pages << PAGE_SHIFT);
            assert!(bin >= last && bin < LISTS);
            last = bin;
        }
        assert_eq!(bin_of(1 << PAGE_SHIFT), 0);
        assert_eq!(bin_of(64 << PAGE_SHIFT), 63);
        assert_eq!(bin_of(65 << PAGE_SHIFT), 64);
        assert_eq!(bin_of(u64::MAX), LISTS - 1);
    }
}
