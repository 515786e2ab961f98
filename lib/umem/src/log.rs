//! The logs of UMEM_LOGGING: rings of transactions that readers go through.
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use umem_abi::{Audit, Log};

use crate::cell::Global;
use crate::{config, meta};

/// The logs; written once by `init`, `written` atomically after.
pub(crate) static TRANSACTIONS: Global<Log> = Global::new(Log::ZERO);
/// Its entries are followed by a count of bytes and those bytes.
pub(crate) static CONTENTS: Global<Log> = Global::new(Log::ZERO);
pub(crate) static FAILURES: Global<Log> = Global::new(Log::ZERO);
pub(crate) static SLABS: Global<Log> = Global::new(Log::ZERO);

/// Makes the logs that are wanted.
pub(crate) fn init() {
    let o = config::get();
    let whole = size_of::<Audit>();
    let saved = whole + size_of::<u64>() + o.saved.next_multiple_of(8);
    let logs = [
        (&TRANSACTIONS, o.transactions, whole),
        (&CONTENTS, o.contents, saved),
        (&FAILURES, o.failures, whole),
        (&SLABS, o.slabs, whole),
    ];
    for (log, bytes, stride) in logs {
        let entries = bytes.div_ceil(stride);
        let first = if entries == 0 { core::ptr::null_mut() } else { meta::alloc(entries * stride) };
        if !first.is_null() {
            // SAFETY: before any other thread can be here.
            unsafe { *log.get() = Log { first: first as u64, stride: stride as u64, entries: entries as u64, written: 0 } };
        }
    }
}

/// The slot for the next entry, null when there is no such log.
fn slot(log: &Global<Log>) -> *mut Audit {
    // SAFETY: all but `written` never changes after `init`.
    unsafe {
        let l = log.get();
        if (*l).entries == 0 {
            return core::ptr::null_mut();
        }
        let n = AtomicU64::from_ptr(&raw mut (*l).written).fetch_add(1, Relaxed);
        ((*l).first + n % (*l).entries * (*l).stride) as *mut Audit
    }
}

/// Adds an entry; returns its address, 0 when there is no such log.
pub(crate) fn add(log: &Global<Log>, entry: &Audit) -> u64 {
    let slot = slot(log);
    if !slot.is_null() {
        // SAFETY: a slot of a log; one thread a whole ring behind may write it, too, which readers must expect of a ring anyway.
        unsafe { slot.write_volatile(*entry) };
    }
    slot as u64
}

/// Adds a freed buffer with its first bytes to the log of contents.
///
/// # Safety
/// The buffer has `bytes` bytes, which are the calling thread's.
pub(crate) unsafe fn save(entry: &Audit, buffer: *const u8, bytes: usize) {
    let slot = slot(&CONTENTS);
    if !slot.is_null() {
        let bytes = bytes.min(config::get().saved);
        // SAFETY: as in `add`; a slot has room for a count and that many bytes behind the record.
        unsafe {
            slot.write_volatile(*entry);
            let count = slot.add(1).cast::<u64>();
            count.write_volatile(bytes as u64);
            count.add(1).cast::<u8>().copy_from_nonoverlapping(buffer, bytes);
        }
    }
}
