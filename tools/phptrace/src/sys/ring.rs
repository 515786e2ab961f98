//! The kernel's BPF ring buffer, mapped: records in the order they were written on whatever CPU.
#![allow(unsafe_code, reason = "shared memory with the kernel")]
use super::bpf::Map;
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

const BUSY: u32 = 1 << 31;
const DISCARDED: u32 = 1 << 30;
const HEADER: u64 = 8;

/// A mapped ring buffer.
pub(crate) struct Ring {
    consumer: NonNull<libc::c_void>,
    data: NonNull<libc::c_void>,
    page: usize,
    size: usize,
}

impl Ring {
    /// Maps the ring of `size` bytes (a power of two, whole pages).
    pub(crate) fn new(map: &Map, size: usize) -> io::Result<Self> {
        let page = page_size();
        let consumer = mmap(page, libc::PROT_READ | libc::PROT_WRITE, map.raw(), 0)?;
        // The producer's page, then the data twice over, so that no record is split.
        let data = mmap(page + 2 * size, libc::PROT_READ, map.raw(), page)?;
        Ok(Self { consumer, data, page, size })
    }

    fn positions(&self) -> (&AtomicU64, &AtomicU64) {
        // SAFETY: both pages stay mapped while `self` lives, begin with an aligned 64-bit position, and are only used atomically.
        unsafe { (self.consumer.cast().as_ref(), self.data.cast().as_ref()) }
    }

    /// Copies the next record into `to`; false when there is none.
    pub(crate) fn next(&mut self, to: &mut Vec<u8>) -> bool {
        let (consumer, producer) = self.positions();
        let mut at = consumer.load(Ordering::Relaxed);
        while at < producer.load(Ordering::Acquire) {
            let start = self.page + usize::try_from(at).unwrap_or(0) % self.size;
            // SAFETY: a record's header is within the data area, aligned to 8 bytes, and stays until we advance the consumer.
            let header = unsafe { self.data.byte_add(start).cast::<AtomicU32>().as_ref() }.load(Ordering::Acquire);
            if header & BUSY != 0 {
                return false;
            }
            let length = header & !(BUSY | DISCARDED);
            let kept = header & DISCARDED == 0;
            if kept {
                let length = usize::try_from(length).unwrap_or(0).min(self.size);
                // SAFETY: the kernel has committed `length` bytes after the header; the second mapping of the data keeps them in one
                // piece, and they are not overwritten before the consumer's position passes them.
                let bytes = unsafe {
                    let from = self.data.byte_add(start + 8).cast::<u8>();
                    std::slice::from_raw_parts(from.as_ptr(), length)
                };
                to.clear();
                to.extend_from_slice(bytes);
            }
            at += (u64::from(length) + HEADER).next_multiple_of(8);
            consumer.store(at, Ordering::Release);
            if kept {
                return true;
            }
        }
        false
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: both were mapped by `new` with these sizes, and nothing borrows them any more.
        unsafe {
            libc::munmap(self.consumer.as_ptr(), self.page);
            libc::munmap(self.data.as_ptr(), self.page + 2 * self.size);
        }
    }
}

/// Bytes of a page.
pub(crate) fn page_size() -> usize {
    // SAFETY: sysconf has no preconditions.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

pub(super) fn mmap(length: usize, protection: i32, fd: i32, offset: usize) -> io::Result<NonNull<libc::c_void>> {
    let offset = libc::off_t::try_from(offset).map_err(io::Error::other)?;
    // SAFETY: a fresh shared mapping at an address of the kernel's choice touches no memory of ours.
    let at = unsafe { libc::mmap(std::ptr::null_mut(), length, protection, libc::MAP_SHARED, fd, offset) };
    if at == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    NonNull::new(at).ok_or_else(|| io::Error::other("mapped at address 0"))
}
