//! The records of arenas that readers see: the heap, what slabs and large blocks take of it, and those of vmem(3).
use core::mem::size_of;
use core::ptr::null_mut;
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use umem_abi::{Arena, NAME, Table};

use crate::cell::Global;
use crate::lock::Lock;
use crate::meta;
use crate::pagemap::PAGE;

const FIRST: usize = 3;
const BLOCK: usize = 16;

/// Guards the tables, not the records' counters.
static LOCK: Lock = Lock::new();
static ROOM: Global<[Arena; FIRST]> =
    Global::new([builtin(b"heap", 1, false), builtin(b"umem_default", 2, true), builtin(b"umem_oversize", 3, true)]);
/// Guarded by `LOCK`.
pub(crate) static TABLE: Global<Table> = Global::new(Table::ZERO);

/// All pages: what is reserved from the system, what spans take of it.
pub(crate) static HEAP: Builtin = Builtin(0);
/// Pages of slabs.
pub(crate) static DEFAULT: Builtin = Builtin(1);
/// Pages of blocks above the caches' sizes.
pub(crate) static OVERSIZE: Builtin = Builtin(2);

const fn builtin(name: &[u8], id: u64, imports: bool) -> Arena {
    Arena { state: 1, name: padded(name), id, source: imports as u64, quantum: PAGE as u64, ..Arena::ZERO }
}

/// A name as records hold it.
#[expect(clippy::indexing_slicing, reason = "both indices are below the lengths tested just before")]
pub(crate) const fn padded(name: &[u8]) -> [u8; NAME] {
    let mut to = [0; NAME];
    let mut i = 0;
    while i < name.len() && i < NAME - 1 && name[i] != 0 {
        to[i] = name[i];
        i += 1;
    }
    to
}

/// One of the three arenas that are always there; counters change atomically, under whatever lock.
pub(crate) struct Builtin(usize);

impl Builtin {
    pub(crate) fn address(&self) -> *mut Arena {
        ROOM.get().cast::<Arena>().wrapping_add(self.0)
    }

    pub(crate) fn record(&self) -> &'static Arena {
        // SAFETY: the record is static; its words are only read, and only ever changed as whole words.
        unsafe { &*self.address() }
    }

    fn add(&self, field: *mut u64, n: u64) {
        // SAFETY: the caller passes a field of the static record.
        unsafe { AtomicU64::from_ptr(field) }.fetch_add(n, Relaxed);
    }

    pub(crate) fn allocated(&self, bytes: u64) {
        let a = self.address();
        // SAFETY: only the fields' addresses are taken.
        let (in_use, alloc) = unsafe { (&raw mut (*a).in_use, &raw mut (*a).alloc) };
        self.add(in_use, bytes);
        self.add(alloc, 1);
    }

    pub(crate) fn freed(&self, bytes: u64) {
        self.resized(bytes.wrapping_neg());
    }

    pub(crate) fn resized(&self, by: u64) {
        // SAFETY: only the field's address is taken.
        self.add(unsafe { &raw mut (*self.address()).in_use }, by);
    }

    pub(crate) fn failed(&self) {
        // SAFETY: only the field's address is taken.
        self.add(unsafe { &raw mut (*self.address()).fail }, 1);
    }

    pub(crate) fn dirty(&self, by: u64) {
        // SAFETY: only the field's address is taken.
        self.add(unsafe { &raw mut (*self.address()).dirty }, by);
    }

    pub(crate) fn imported(&self, bytes: u64, came: bool) {
        let bytes = if came { bytes } else { bytes.wrapping_neg() };
        let a = self.address();
        // SAFETY: only the fields' addresses are taken.
        let (total, import) = unsafe { (&raw mut (*a).total, &raw mut (*a).import) };
        self.add(total, bytes);
        self.add(import, bytes);
    }

    pub(crate) fn total(&self) -> u64 {
        self.record().total
    }
}

/// Fills in what only run time knows. Called once.
pub(crate) fn init() {
    // SAFETY: before any other thread can be here.
    unsafe {
        (*TABLE.get()) = Table { first: ROOM.get() as u64, stride: size_of::<Arena>() as u64, used: FIRST as u64, next: 0 };
        for a in [&DEFAULT, &OVERSIZE] {
            (*a.address()).source = HEAP.address() as u64;
        }
    }
}

/// A new record; null without memory.
pub(crate) fn add() -> *mut Arena {
    LOCK.with(|| {
        // SAFETY: under the lock; tables after the first have room for `BLOCK` records.
        unsafe {
            let (mut table, mut room, mut id) = (TABLE.get(), FIRST, 0);
            loop {
                let first = (*table).first as *mut Arena;
                for i in 0..(*table).used as usize {
                    id += 1;
                    if (*first.add(i)).state == 0 {
                        *first.add(i) = Arena { state: 1, id, ..Arena::ZERO };
                        return first.add(i);
                    }
                }
                if ((*table).used as usize) < room {
                    let new = first.add((*table).used as usize);
                    *new = Arena { state: 1, id: id + 1, ..Arena::ZERO };
                    (*table).used += 1;
                    return new;
                }
                if (*table).next == 0 {
                    let block = meta::alloc(size_of::<Table>() + BLOCK * size_of::<Arena>());
                    if block.is_null() {
                        return null_mut();
                    }
                    let next = block.cast::<Table>();
                    *next = Table { first: next.add(1) as u64, stride: (*table).stride, used: 0, next: 0 };
                    (*table).next = next as u64;
                }
                table = (*table).next as *mut Table;
                room = BLOCK;
            }
        }
    })
}

/// Forgets a record.
///
/// # Safety
/// It is from [`add`].
pub(crate) unsafe fn remove(arena: *mut Arena) {
    // SAFETY: by the contract; `add` looks under the same lock.
    LOCK.with(|| unsafe { (*arena).state = 0 });
}

pub(crate) fn hold() {
    LOCK.lock();
}

pub(crate) fn release() {
    LOCK.unlock();
}
