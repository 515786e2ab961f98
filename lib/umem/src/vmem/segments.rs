//! An arena's segments: all in order of addresses, the free ones in lists by length, the allocated ones by hash of their start.
use core::ffi::c_int;
use core::ptr::null_mut;

use super::fit::Wish;
use super::{VM_BESTFIT, VM_FIRSTFIT, VM_NEXTFIT};
use crate::meta;

pub(super) const FREE: u64 = 1;
pub(super) const ALLOCATED: u64 = 2;
pub(super) const SPAN: u64 = 3;

const LISTS: usize = usize::BITS as usize;
const BUCKETS: usize = 256;

/// A segment; the first part is for readers.
#[repr(C)]
pub(super) struct Segment {
    abi: umem_abi::Segment,
    prev: *mut Segment,
    /// In the list of free ones of its length, or of allocated ones of its hash.
    link: *mut Segment,
    back: *mut *mut Segment,
    imported: bool,
}

/// All of an arena's.
pub(super) struct Segments {
    first: *mut Segment,
    free: [*mut Segment; LISTS],
    filled: u64,
    hash: [*mut Segment; BUCKETS],
    /// Where the next-fit policy goes on, and a segment that starts before it (null: the first).
    rotor: usize,
    rotor_in: *mut Segment,
    /// The span added last, or another.
    recent: *mut Segment,
    cursors: *mut Cursor,
}

/// A place in the list that stays good while segments come and go. It is not on the walker's stack, which a callback may leave by longjmp(3).
pub(super) struct Cursor {
    at: *mut Segment,
    next: *mut Cursor,
}

fn log(size: usize) -> usize {
    size.max(1).ilog2() as usize
}

impl Segments {
    pub(super) const fn new() -> Self {
        Self {
            first: null_mut(),
            free: [null_mut(); LISTS],
            filled: 0,
            hash: [null_mut(); BUCKETS],
            rotor: 0,
            rotor_in: null_mut(),
            recent: null_mut(),
            cursors: null_mut(),
        }
    }

    pub(super) fn first(&self) -> *const umem_abi::Segment {
        self.first.cast()
    }

    /// All in order of addresses, a span before what is in it.
    pub(super) fn iter(&self) -> impl Iterator<Item = &umem_abi::Segment> {
        // SAFETY: the list's segments are ours, and unchanged while `self` is borrowed.
        core::iter::successors(unsafe { self.first.as_ref() }, |s| unsafe { (s.abi.next as *const Segment).as_ref() })
            .map(|s| &s.abi)
    }

    fn bucket(&mut self, start: usize) -> *mut *mut Segment {
        let mixed = (start as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        self.hash.as_mut_ptr().wrapping_add(mixed as usize)
    }

    /// A new segment behind `prev` (null: at the front), on no other list.
    fn insert(&mut self, prev: *mut Segment, kind: u64, start: usize, size: usize) -> *mut Segment {
        let s = meta::alloc(size_of::<Segment>()).cast::<Segment>();
        if s.is_null() {
            return s;
        }
        // SAFETY: a fresh record; `prev` is on the list.
        unsafe {
            let next = if prev.is_null() { self.first } else { (*prev).abi.next as *mut Segment };
            let abi = umem_abi::Segment { next: next as u64, kind, start: start as u64, size: size as u64 };
            s.write(Segment { abi, prev, link: null_mut(), back: null_mut(), imported: false });
            if !next.is_null() {
                (*next).prev = s;
            }
            if prev.is_null() { self.first = s } else { (*prev).abi.next = s as u64 }
        }
        s
    }

    /// Takes a segment off the list of all, and ends it.
    unsafe fn remove(&mut self, s: *mut Segment) {
        // SAFETY: it is on the list and, by the caller, on no other.
        unsafe {
            let (prev, next) = ((*s).prev, (*s).abi.next as *mut Segment);
            if self.rotor_in == s {
                self.rotor_in = prev;
            }
            if self.recent == s {
                self.recent = null_mut();
            }
            let mut cursor = self.cursors;
            while !cursor.is_null() {
                if (*cursor).at == s {
                    (*cursor).at = next;
                }
                cursor = (*cursor).next;
            }
            if !next.is_null() {
                (*next).prev = prev;
            }
            if prev.is_null() {
                self.first = next
            } else {
                (*prev).abi.next = next as u64
            }
            meta::free(s.cast(), size_of::<Segment>());
        }
    }

    unsafe fn link(&mut self, s: *mut Segment) {
        // SAFETY: the segment is on neither a free list nor the hash.
        unsafe {
            let (start, size) = ((*s).abi.start as usize, (*s).abi.size as usize);
            let list = if (*s).abi.kind == FREE {
                self.filled |= 1 << log(size);
                self.free.as_mut_ptr().wrapping_add(log(size))
            } else {
                self.bucket(start)
            };
            (*s).link = *list;
            (*s).back = list;
            if !(*list).is_null() {
                (**list).back = &raw mut (*s).link;
            }
            *list = s;
        }
    }

    unsafe fn unlink(&mut self, s: *mut Segment) {
        // SAFETY: the segment is on a free list or the hash.
        unsafe {
            *(*s).back = (*s).link;
            if !(*s).link.is_null() {
                (*(*s).link).back = (*s).back;
            }
            if (*s).abi.kind == FREE {
                let i = log((*s).abi.size as usize);
                if self.free.get(i).is_some_and(|l| l.is_null()) {
                    self.filled &= !(1 << i);
                }
            }
        }
    }

    /// A cursor at the first segment; null without memory.
    pub(super) fn cursor(&mut self) -> *mut Cursor {
        let c = meta::alloc(size_of::<Cursor>()).cast::<Cursor>();
        if !c.is_null() {
            // SAFETY: a fresh record.
            unsafe { c.write(Cursor { at: self.first, next: self.cursors }) };
            self.cursors = c;
        }
        c
    }

    /// Moves a cursor behind the next segment that `wanted` selects, and returns that; at the end there is none, and the cursor is gone.
    ///
    /// # Safety
    /// The cursor is one of these segments', and live.
    pub(super) unsafe fn advance(
        &mut self,
        cursor: *mut Cursor,
        mut wanted: impl FnMut(&umem_abi::Segment) -> bool,
    ) -> Option<umem_abi::Segment> {
        // SAFETY: by the contract; cursors lead to segments of the list.
        unsafe {
            while let Some(s) = (*cursor).at.as_ref() {
                (*cursor).at = s.abi.next as *mut Segment;
                if wanted(&s.abi) {
                    return Some(s.abi);
                }
            }
            let mut at = &raw mut self.cursors;
            while *at != cursor {
                at = &raw mut (**at).next;
            }
            *at = (*cursor).next;
            meta::free(cursor.cast(), size_of::<Cursor>());
        }
        None
    }

    /// The last segment that starts before `start`, null for none: a few steps when spans come in order, either way.
    fn before(&self, start: u64) -> *mut Segment {
        // SAFETY: the list's segments are ours.
        unsafe {
            let (mut prev, mut at) = (null_mut(), self.first);
            if !self.recent.is_null() && (*self.first).abi.start < start {
                (prev, at) = ((*self.recent).prev, self.recent);
            }
            while !prev.is_null() && (*prev).abi.start >= start {
                (prev, at) = ((*prev).prev, prev);
            }
            while !at.is_null() && (*at).abi.start < start {
                (prev, at) = (at, (*at).abi.next as *mut Segment);
            }
            prev
        }
    }

    /// Adds a span of free units; false when it overlaps another, or without memory.
    pub(super) fn add_span(&mut self, start: usize, size: usize, imported: bool) -> bool {
        // SAFETY: the list's segments are ours; the last one of a span ends where it does.
        unsafe {
            let prev = self.before(start as u64);
            let next = if prev.is_null() { self.first } else { (*prev).abi.next as *mut Segment };
            let clear = (prev.is_null() || (*prev).abi.start + (*prev).abi.size <= start as u64)
                && (next.is_null() || (start + size) as u64 <= (*next).abi.start);
            if !clear {
                return false;
            }
            let span = self.insert(prev, SPAN, start, size);
            if span.is_null() {
                return false;
            }
            (*span).imported = imported;
            self.recent = span;
            let free = self.insert(span, FREE, start, size);
            if free.is_null() {
                self.remove(span);
                return false;
            }
            self.link(free);
        }
        true
    }

    /// Allocates by the policy in the flags; instant fit when they name none.
    pub(super) fn allocate(&mut self, wish: &Wish, flags: c_int) -> Option<usize> {
        // SAFETY: the segments are ours.
        unsafe {
            let (s, at) = if flags & VM_NEXTFIT != 0 {
                self.in_order(wish, self.rotor_in, self.rotor).or_else(|| self.in_order(wish, null_mut(), 0))?
            } else if flags & VM_FIRSTFIT != 0 {
                self.in_order(wish, null_mut(), 0)?
            } else if flags & VM_BESTFIT != 0 || !wish.easy {
                self.best(wish)?
            } else {
                self.instant(wish).or_else(|| self.best(wish))?
            };
            self.carve(s, at, wish.size)
        }
    }

    /// The first segment of the first list all of whose segments are long enough.
    unsafe fn instant(&self, wish: &Wish) -> Option<(*mut Segment, usize)> {
        let from = log(wish.size) + usize::from(!wish.size.is_power_of_two());
        let lists = self.filled.checked_shr(from as u32)?;
        if lists == 0 {
            return None;
        }
        let s = *self.free.get(from + lists.trailing_zeros() as usize)?;
        // SAFETY: a list marked as filled has a segment.
        let start = unsafe { (*s).abi.start as usize };
        Some((s, start))
    }

    /// The smallest segment that fits.
    unsafe fn best(&self, wish: &Wish) -> Option<(*mut Segment, usize)> {
        let mut best: Option<(*mut Segment, usize)> = None;
        for list in self.free.iter().skip(log(wish.size)) {
            let mut s = *list;
            // SAFETY: the lists' segments are ours.
            unsafe {
                while !s.is_null() {
                    let (start, size) = ((*s).abi.start as usize, (*s).abi.size as usize);
                    if best.is_none_or(|(b, _)| (size as u64) < (*b).abi.size) {
                        best = wish.place(start, start + size).map(|at| (s, at)).or(best);
                    }
                    s = (*s).link;
                }
            }
            if best.is_some() {
                break;
            }
        }
        best
    }

    /// The lowest segment that fits at `from` or above; none of these is before `first` (null: in front of all).
    unsafe fn in_order(&self, wish: &Wish, first: *mut Segment, from: usize) -> Option<(*mut Segment, usize)> {
        let mut s = if first.is_null() { self.first } else { first };
        // SAFETY: the list's segments are ours.
        unsafe {
            while !s.is_null() {
                let (start, end) = ((*s).abi.start as usize, ((*s).abi.start + (*s).abi.size) as usize);
                let usable = (*s).abi.kind == FREE && end > from;
                if let Some(at) = usable.then(|| wish.place(start.max(from), end)).flatten() {
                    return Some((s, at));
                }
                s = (*s).abi.next as *mut Segment;
            }
        }
        None
    }

    /// Makes `size` units at `at` of a free segment an allocated one.
    unsafe fn carve(&mut self, s: *mut Segment, at: usize, size: usize) -> Option<usize> {
        // SAFETY: the caller found the segment free and the place inside it.
        unsafe {
            let (start, end) = ((*s).abi.start as usize, ((*s).abi.start + (*s).abi.size) as usize);
            let (front, rest) = (at - start, end - at - size);
            let before = if front > 0 { self.insert((*s).prev, FREE, start, front) } else { null_mut() };
            let after = if rest > 0 { self.insert(s, FREE, at + size, rest) } else { null_mut() };
            if (front > 0 && before.is_null()) || (rest > 0 && after.is_null()) {
                for spare in [before, after].into_iter().filter(|p| !p.is_null()) {
                    self.remove(spare);
                }
                return None;
            }
            self.unlink(s);
            (*s).abi.kind = ALLOCATED;
            (*s).abi.start = at as u64;
            (*s).abi.size = size as u64;
            self.link(s);
            for part in [before, after].into_iter().filter(|p| !p.is_null()) {
                self.link(part);
            }
            (self.rotor, self.rotor_in) = (at + size, s);
        }
        Some(at)
    }

    /// Frees an allocated segment. Err(None): there is none at `start`; Err(Some(n)): it has n units. Ok(Some): an imported span became
    /// free as a whole and is gone from here.
    pub(super) fn free(&mut self, start: usize, size: usize) -> Result<Option<(usize, usize)>, Option<usize>> {
        // SAFETY: the segments are ours; neighbours of a segment in the list are those in the arena.
        unsafe {
            let mut s = *self.bucket(start);
            while !s.is_null() && (*s).abi.start != start as u64 {
                s = (*s).link;
            }
            if s.is_null() {
                return Err(None);
            }
            if (*s).abi.size != size as u64 {
                return Err(Some((*s).abi.size as usize));
            }
            self.unlink(s);
            (*s).abi.kind = FREE;
            let prev = (*s).prev;
            if (*prev).abi.kind == FREE {
                self.unlink(prev);
                (*s).abi.start = (*prev).abi.start;
                (*s).abi.size += (*prev).abi.size;
                self.remove(prev);
            }
            let next = (*s).abi.next as *mut Segment;
            if !next.is_null() && (*next).abi.kind == FREE {
                self.unlink(next);
                (*s).abi.size += (*next).abi.size;
                self.remove(next);
            }
            let span = (*s).prev;
            if (*span).imported && (*span).abi.kind == SPAN && (*span).abi.size == (*s).abi.size {
                let whole = ((*span).abi.start as usize, (*span).abi.size as usize);
                self.remove(s);
                self.remove(span);
                return Ok(Some(whole));
            }
            self.link(s);
        }
        Ok(None)
    }

    /// Ends all segments.
    pub(super) fn clear(&mut self) {
        while !self.first.is_null() {
            // SAFETY: the arena ends, nobody looks at its lists any more.
            unsafe { self.remove(self.first) };
        }
    }
}
