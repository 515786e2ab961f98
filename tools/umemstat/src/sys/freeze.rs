//! Stopping all threads of a process by ptrace(2) for a moment, with their registers; it never sees a signal.
use crate::registers::Thread;
use std::io;
use std::ptr::null_mut;

/// Threads that are stopped; they go on when this is dropped.
pub(crate) struct Frozen {
    /// The threads with their registers.
    pub(crate) threads: Vec<Thread>,
}

impl Frozen {
    /// Stops all threads that `list` names, and those that they started meanwhile.
    ///
    /// # Errors
    /// The process may not be traced, is traced already, or has ended.
    pub(crate) fn new<E>(list: impl Fn() -> Result<Vec<i32>, E>, failed: impl Fn(io::Error) -> E) -> Result<Self, E> {
        let mut frozen = Self { threads: Vec::new() };
        loop {
            let known = frozen.threads.len();
            for tid in list()? {
                if frozen.threads.iter().any(|t| t.tid == tid) {
                    continue;
                }
                match stop(tid) {
                    Ok(true) => frozen.threads.push(Thread { tid, ..Thread::default() }),
                    // It ended between the listing and now.
                    Ok(false) => {}
                    Err(e) if e.raw_os_error() == Some(libc::ESRCH) => {}
                    Err(e) => return Err(failed(e)),
                }
            }
            if frozen.threads.len() == known {
                break;
            }
        }
        if frozen.threads.is_empty() {
            return Err(failed(io::Error::from_raw_os_error(libc::ESRCH)));
        }
        for t in &mut frozen.threads {
            *t = registers(t.tid);
        }
        Ok(frozen)
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        for t in &self.threads {
            request(libc::PTRACE_DETACH, t.tid, 0, null_mut());
        }
    }
}

/// Stops one thread; false when it ended instead.
fn stop(tid: i32) -> io::Result<bool> {
    if request(libc::PTRACE_SEIZE, tid, 0, null_mut()) < 0 {
        return Err(io::Error::last_os_error());
    }
    if request(libc::PTRACE_INTERRUPT, tid, 0, null_mut()) < 0 {
        return Err(io::Error::last_os_error());
    }
    loop {
        let mut status = 0;
        // SAFETY: waits for a thread that this one traces; the status is ours.
        if unsafe { libc::waitpid(tid, &raw mut status, libc::__WALL) } < 0 {
            let e = io::Error::last_os_error();
            if e.kind() == io::ErrorKind::Interrupted {
                continue;
            }
            return Err(e);
        }
        if !libc::WIFSTOPPED(status) {
            return Ok(false);
        }
        if status >> 16 == libc::PTRACE_EVENT_STOP {
            return Ok(true);
        }
        // A signal came first: it is handed on, and the interruption still stands.
        request(libc::PTRACE_CONT, tid, 0, libc::WSTOPSIG(status) as usize as *mut _);
    }
}

/// The registers of a stopped thread.
pub(super) fn registers(tid: i32) -> Thread {
    let mut general = vec![0; 1 << 10];
    let mut vector = vec![0; 1 << 13];
    let n = set(tid, libc::NT_PRSTATUS, &mut general);
    let m = set(tid, libc::NT_PRFPREG, &mut vector);
    let mut t = Thread::new(tid, general.get(..n).unwrap_or_default());
    t.add_vectors(vector.get(..m).unwrap_or_default());
    t
}

/// Reads one set of registers; returns its length.
fn set(tid: i32, which: i32, to: &mut [u8]) -> usize {
    let mut iov = libc::iovec { iov_base: to.as_mut_ptr().cast(), iov_len: to.len() };
    let done = request(libc::PTRACE_GETREGSET, tid, which as usize, (&raw mut iov).cast());
    if done < 0 { 0 } else { iov.iov_len }
}

/// ptrace(2) without an address to read from.
pub(super) fn request(what: libc::c_uint, tid: i32, addr: usize, data: *mut libc::c_void) -> libc::c_long {
    // SAFETY: the requests used here take `addr` as a number and write only to the vector that `data` names, if any.
    unsafe { libc::ptrace(what, tid, addr, data) }
}
