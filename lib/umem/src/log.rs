//! The logs of UMEM_LOGGING: rings of transactions that readers go through.
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use umem_abi::{Audit, Log};

use crate::cell::Global;
use crate::{config, meta};

/// The logs; written once by `init`, `written` atomically after.
pub(crate) static TRANSACTIONS: Global<Log> = Global::new(Log::ZERO);
pub(crate) static FAILURES: Global<Log> = Global::new(Log::ZERO);
pub(crate) static SLABS: Global<Log> = Global::new(Log::ZERO);

/// Makes the logs that are wanted.
pub(crate) fn init() {
    let o = config::get();
    for (log, bytes) in [(&TRANSACTIONS, o.transactions), (&FAILURES, o.failures), (&SLABS, o.slabs)] {
        let entries = bytes.div_ceil(size_of::<Audit>());
        let first = if entries == 0 { core::ptr::null_mut() } else { meta::alloc(entries * size_of::<Audit>()) };
        if !first.is_null() {
            // SAFETY: before any other thread can be here.
            unsafe {
                *log.get() = Log { first: first as u64, stride: size_of::<Audit>() as u64, entries: entries as u64, written: 0 }
            };
        }
    }
}

/// Adds an entry; returns its address, 0 when there is no such log.
pub(crate) fn add(log: &Global<Log>, entry: &Audit) -> u64 {
    // SAFETY: `first` and `entries` never change after `init`; a slot may be overwritten by a thread a whole ring behind, which
    // readers must expect of a ring anyway.
    unsafe {
        let l = log.get();
        if (*l).entries == 0 {
            return 0;
        }
        let n = AtomicU64::from_ptr(&raw mut (*l).written).fetch_add(1, Relaxed);
        let slot = ((*l).first as *mut Audit).add((n % (*l).entries) as usize);
        slot.write_volatile(*entry);
        slot as u64
    }
}
