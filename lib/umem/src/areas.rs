//! The list of all memory taken from the system, for readers.
use core::mem::size_of;
use core::ptr::null_mut;

use umem_abi::{Area, Table};

use crate::cell::Global;
use crate::lock::Lock;
use crate::sys;

const FIRST: usize = 64;
const BLOCK: usize = 16 << 10;

static LOCK: Lock = Lock::new();
static ROOM: Global<[Area; FIRST]> = Global::new([Area::ZERO; FIRST]);
/// Guarded by `LOCK`, as is all it leads to.
pub(crate) static TABLE: Global<Table> = Global::new(Table::ZERO);

/// Notes a new area; null when there is no room to note it.
pub(crate) fn add(kind: u64, start: usize, size: usize, used: usize) -> *mut Area {
    LOCK.lock();
    // SAFETY: the tables are reached under the lock, `used` never exceeds what a table has room for.
    let area = unsafe { slot() };
    if !area.is_null() {
        // SAFETY: `slot` returned a record of ours.
        unsafe { *area = Area { state: 1, kind, start: start as u64, size: size as u64, used: used as u64 } };
    }
    LOCK.unlock();
    area
}

/// Forgets an area that went back to the system.
///
/// # Safety
/// `area` is from [`add`].
pub(crate) unsafe fn remove(area: *mut Area) {
    // SAFETY: by the contract; the lock keeps `slot` away.
    LOCK.with(|| unsafe { (*area).state = 0 });
}

unsafe fn slot() -> *mut Area {
    // SAFETY: the caller holds the lock; a table's records are `used` many from `first`, and its room is fixed by its kind.
    unsafe {
        let mut table = TABLE.get();
        if (*table).first == 0 {
            (*table).first = ROOM.get() as u64;
            (*table).stride = size_of::<Area>() as u64;
        }
        let mut room = FIRST;
        loop {
            let first = (*table).first as *mut Area;
            for i in 0..(*table).used as usize {
                if (*first.add(i)).state == 0 {
                    return first.add(i);
                }
            }
            if ((*table).used as usize) < room {
                (*table).used += 1;
                return first.add((*table).used as usize - 1);
            }
            if (*table).next == 0 {
                let block = sys::map(BLOCK);
                if block.is_null() {
                    return null_mut();
                }
                let next = block as *mut Table;
                *next = Table { first: block as u64 + size_of::<Table>() as u64, stride: (*table).stride, used: 0, next: 0 };
                (*table).next = next as u64;
            }
            table = (*table).next as *mut Table;
            room = (BLOCK - size_of::<Table>()) / size_of::<Area>();
        }
    }
}

pub(crate) fn hold() {
    LOCK.lock();
}

pub(crate) fn release() {
    LOCK.unlock();
}
