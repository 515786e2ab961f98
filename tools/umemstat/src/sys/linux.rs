//! Linux: process_vm_readv(2), ptrace(2).
use crate::memory::Piece;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;

/// Pieces that one process_vm_readv(2) takes (UIO_MAXIOV).
const AT_ONCE: usize = 1024;

/// Reads pieces of the memory of `pid`, as many as possible in one call, and notes in each how much of it came.
///
/// # Errors
/// ESRCH: the process has ended. EPERM: it may not be read. An address that is not mapped is no error: its piece stays short.
pub(crate) fn read_memory(pid: i32, pieces: &mut [Piece]) -> io::Result<()> {
    let mut rest = pieces;
    while !rest.is_empty() {
        let (some, more) = rest.split_at_mut(rest.len().min(AT_ONCE));
        let mut from = 0;
        while let Some(these) = some.get_mut(from..).filter(|s| !s.is_empty()) {
            from += read_some(pid, these)?;
        }
        rest = more;
    }
    Ok(())
}

/// One call; returns how many pieces are dealt with, the last of them perhaps short: at least one.
fn read_some(pid: i32, pieces: &mut [Piece]) -> io::Result<usize> {
    let local: Vec<_> =
        pieces.iter_mut().map(|p| libc::iovec { iov_base: p.to.as_mut_ptr().cast(), iov_len: p.to.len() }).collect();
    let remote: Vec<_> = pieces.iter().map(|p| libc::iovec { iov_base: p.addr as *mut _, iov_len: p.to.len() }).collect();
    let count = pieces.len() as libc::c_ulong;
    // SAFETY: the local vectors name the pieces' own buffers, exclusively borrowed until the call is over; the remote ones are
    // addresses of another process, which the kernel checks.
    let n = unsafe { libc::process_vm_readv(pid, local.as_ptr(), count, remote.as_ptr(), count, 0) };
    let mut n = match usize::try_from(n) {
        Ok(n) => n,
        // Nothing of the first piece is there.
        Err(_) if io::Error::last_os_error().raw_os_error() == Some(libc::EFAULT) => 0,
        Err(_) => return Err(io::Error::last_os_error()),
    };
    for (i, p) in pieces.iter_mut().enumerate() {
        p.got = n.min(p.to.len());
        n -= p.got;
        if p.got < p.to.len() {
            return Ok(i + 1);
        }
    }
    Ok(pieces.len())
}

/// A file for reading and writing that has no name and goes when it is closed, in `TMPDIR` or `/tmp`.
pub(crate) fn nameless_file() -> io::Result<File> {
    let dir = std::env::temp_dir();
    OpenOptions::new().read(true).write(true).custom_flags(libc::O_TMPFILE).mode(0o600).open(dir)
}

/// Asks for the cache line at `at` of `data`, so that it is there when it is needed.
#[inline(always)]
pub(crate) fn prefetch(data: &[u8], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if at < data.len() {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the address is inside the slice; a prefetch reads nothing that a program can see.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(data.as_ptr().add(at).cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (data, at);
}

/// Bytes of a huge page.
const HUGE: usize = 1 << 21;

/// Pages of zeros, in huge pages where the system has them.
pub(crate) struct Pages {
    start: *mut u8,
    len: usize,
}

impl Pages {
    /// At least `len` bytes.
    pub(crate) fn new(len: usize) -> io::Result<Self> {
        let unit = if len < HUGE { 4096 } else { HUGE };
        let len = len.max(1).checked_next_multiple_of(unit).ok_or(io::ErrorKind::OutOfMemory)?;
        let prot = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new anonymous mapping wherever the kernel has room.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), len, prot, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: advice on the mapping just made; if refused, the pages are small ones.
        unsafe { libc::madvise(start, len, libc::MADV_HUGEPAGE) };
        Ok(Self { start: start.cast(), len })
    }

    /// Has them in memory now, so that filling them takes no faults.
    pub(crate) fn populate(&mut self) {
        // SAFETY: the mapping was made by `new`; if refused, its pages come as they are touched.
        unsafe { libc::madvise(self.start.cast(), self.len, libc::MADV_POPULATE_WRITE) };
    }
}

impl std::ops::Deref for Pages {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        // SAFETY: the mapping is `len` bytes, initialised by the kernel, and ours until dropped.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

impl std::ops::DerefMut for Pages {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and borrowed mutably once.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.len) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new`, and no borrow of it lives.
        unsafe { libc::munmap(self.start.cast(), self.len) };
    }
}
