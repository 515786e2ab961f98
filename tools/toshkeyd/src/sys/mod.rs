//! The edge to the operating system: waiting, finding the device, HCI calls.
#![allow(unsafe_code, reason = "poll(2) and ioctl(2) have no safe form in std")]
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

#[cfg(target_os = "illumos")]
mod illumos;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "illumos")]
pub use illumos::{call, find, free};
#[cfg(target_os = "linux")]
pub use linux::{call, find, free};

/// Opens a file, FIFO or device for reading, without waiting for the other end of a FIFO.
pub fn open(path: &str) -> io::Result<File> {
    std::fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

/// Sleeps until one of `fds` can be read or has ended, a signal comes, or the time is over; says for each whether it is ready.
pub fn wait<const N: usize>(fds: [Option<BorrowedFd>; N], time: Option<Duration>) -> io::Result<[bool; N]> {
    // A negative descriptor is ignored by poll.
    let mut polls = fds.map(|fd| libc::pollfd { fd: fd.map_or(-1, |fd| fd.as_raw_fd()), events: libc::POLLIN, revents: 0 });
    let time = time.map_or(-1, |t| libc::c_int::try_from(t.as_millis()).unwrap_or(libc::c_int::MAX));
    // SAFETY: the pointer and the length are those of the array, which outlives the call.
    let n = unsafe { libc::poll(polls.as_mut_ptr(), N as libc::nfds_t, time) };
    match (n, io::Error::last_os_error()) {
        (0.., _) => Ok(polls.map(|p| p.revents != 0)),
        (_, e) if e.kind() == io::ErrorKind::Interrupted => Ok([false; N]),
        (_, e) => Err(e),
    }
}

/// The effective user.
pub fn user() -> u32 {
    // SAFETY: geteuid takes nothing and cannot fail.
    unsafe { libc::geteuid() }
}
