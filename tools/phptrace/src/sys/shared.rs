//! The state map, mapped: what programs and consumer tell each other without a system call.
#![allow(unsafe_code, reason = "shared memory with the kernel")]
use super::bpf::Map;
use super::ring::{mmap, page_size};
use crate::bits::{Signed as _, Unsigned as _};
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The mapped value of an array map of one element.
pub(crate) struct Shared {
    at: NonNull<libc::c_void>,
    size: usize,
}

impl Shared {
    /// Maps the value of `map`, which was made with `BPF_F_MMAPABLE`.
    pub(crate) fn new(map: &Map) -> io::Result<Self> {
        let size = map.value.next_multiple_of(page_size());
        Ok(Self { at: mmap(size, libc::PROT_READ | libc::PROT_WRITE, map.raw(), 0)?, size })
    }

    fn word(&self, offset: u32) -> Option<&AtomicU64> {
        let offset = usize::try_from(offset).ok().filter(|o| o % 8 == 0 && o + 8 <= self.size)?;
        // SAFETY: the mapping is live while `self` is, holds these 8 aligned bytes, and all sides use them atomically.
        Some(unsafe { self.at.byte_add(offset).cast::<AtomicU64>().as_ref() })
    }

    /// The 8 bytes at an offset.
    pub(crate) fn get(&self, offset: u32) -> u64 {
        self.word(offset).map_or(0, |w| w.load(Ordering::Relaxed))
    }

    /// Sets the 8 bytes at an offset.
    pub(crate) fn set(&self, offset: u32, value: u64) {
        if let Some(w) = self.word(offset) {
            w.store(value, Ordering::Relaxed);
        }
    }

    /// Changes the first 4 bytes from one value to another; false if they were not `from`.
    pub(crate) fn change(&self, from: i32, to: i32) -> bool {
        // SAFETY: the mapping begins with 4 aligned bytes that are only used atomically.
        let word = unsafe { self.at.cast::<AtomicU32>().as_ref() };
        word.compare_exchange(from.unsigned(), to.unsigned(), Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The first 4 bytes.
    pub(crate) fn first(&self) -> i32 {
        // SAFETY: as in `change`.
        unsafe { self.at.cast::<AtomicU32>().as_ref() }.load(Ordering::Acquire).signed()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: mapped by `new` with this size, and nothing borrows it any more.
        unsafe { libc::munmap(self.at.as_ptr(), self.size) };
    }
}
