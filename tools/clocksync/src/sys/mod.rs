//! The operating system's edge: clocks, sockets with times of arrival, and `poll`. Thin, and the only unsafe code.
#![allow(unsafe_code, reason = "system calls")]

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::{Socket, begin, now, rate, slept, slew, step};

#[cfg(target_os = "illumos")]
mod illumos;
#[cfg(target_os = "illumos")]
pub(crate) use illumos::{Socket, begin, now, rate, slept, slew, step};

use base::fail::{Fail, Result};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::Duration;

/// A random number from the kernel, that nobody can guess.
///
/// # Errors
/// There are none yet, early at boot.
pub(crate) fn random() -> Result<u64> {
    getrandom::u64().map_err(|e| Fail::Other(format!("random numbers: {e}")))
}

/// Waits until one of `fds` can be read, or `timeout` is over; says which can. A signal ends the wait early, with none.
///
/// # Errors
/// As `poll(2)`, but for `EINTR`.
pub(crate) fn wait(fds: &[BorrowedFd], timeout: Duration) -> io::Result<Vec<bool>> {
    let mut polled: Vec<_> = fds.iter().map(|fd| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 }).collect();
    let count = libc::nfds_t::try_from(polled.len()).map_err(io::Error::other)?;
    // Rounded up, so that what is due at the end of the wait is due.
    let ms = i32::try_from(timeout.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
    // SAFETY: `polled` is an array of `count` pollfd, which poll only writes within.
    let done = unsafe { libc::poll(polled.as_mut_ptr(), count, ms) };
    if done < 0 {
        let e = io::Error::last_os_error();
        return if e.kind() == io::ErrorKind::Interrupted { Ok(vec![false; fds.len()]) } else { Err(e) };
    }
    Ok(polled.iter().map(|p| p.revents != 0).collect())
}
