//! Processes: the command of `-c`, held until its probes are in place, and what the kernel says of this machine.
#![allow(unsafe_code, reason = "system calls")]
use std::ffi::CStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::thread::JoinHandle;

/// A command that has a process but has not begun.
pub(crate) struct Held {
    /// Its process.
    pub pid: u32,
    go: File,
    child: JoinHandle<io::Result<Child>>,
}

fn pipe() -> io::Result<(File, File)> {
    let mut ends = [0; 2];
    // SAFETY: `ends` has room for the two descriptors.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } < 0 {
        return Err(io::Error::last_os_error());
    }
    let [from, to] = ends;
    // SAFETY: the kernel has just given both descriptors to us alone.
    Ok(unsafe { (File::from(OwnedFd::from_raw_fd(from)), File::from(OwnedFd::from_raw_fd(to))) })
}

/// Starts a command's process and holds it before its program begins. If this tool dies first, so does the process.
pub(crate) fn hold(mut command: Command) -> io::Result<Held> {
    let (mut told, tell) = pipe()?;
    let (wait, go) = pipe()?;
    let go_fd = go.as_raw_fd();
    // SAFETY: between fork and exec only read, write, close, getpid and _exit are called, all async-signal-safe.
    unsafe {
        command.pre_exec(move || {
            // The child's copy of the writing end would keep it waiting for ever after our death.
            libc::close(go_fd);
            let pid = libc::getpid().to_le_bytes();
            let mut byte = [0_u8; 1];
            let told = libc::write(tell.as_raw_fd(), pid.as_ptr().cast(), pid.len());
            let got = libc::read(wait.as_raw_fd(), byte.as_mut_ptr().cast(), 1);
            if told != 4 || got != 1 {
                // The tool is gone, and with it who would read of an error.
                libc::_exit(1);
            }
            Ok(())
        });
    }
    // `spawn` returns only when the program has begun, so another thread waits for that.
    let child = std::thread::spawn(move || command.spawn());
    let mut pid = [0; 4];
    if told.read_exact(&mut pid).is_err() {
        return match child.join() {
            Ok(Err(e)) => Err(e),
            _ => Err(io::Error::other("the process could not be started")),
        };
    }
    Ok(Held { pid: u32::from_le_bytes(pid), go, child })
}

impl Held {
    /// Lets the program begin.
    pub(crate) fn release(mut self) -> io::Result<Child> {
        self.go.write_all(b"g")?;
        drop(self.go);
        self.child.join().unwrap_or_else(|_| Err(io::Error::other("the process could not be started")))
    }
}

/// The kernel's version: major, minor.
pub(crate) fn kernel_version() -> (u32, u32) {
    // SAFETY: an all-zero utsname is a valid value, and uname fills it with NUL-ended strings.
    let release = unsafe {
        let mut name: libc::utsname = std::mem::zeroed();
        libc::uname(&raw mut name);
        CStr::from_ptr(name.release.as_ptr()).to_string_lossy().into_owned()
    };
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// Nanoseconds of a clock.
fn clock(id: libc::clockid_t) -> i64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `t` is a live timespec.
    unsafe { libc::clock_gettime(id, &raw mut t) };
    t.tv_sec * 1_000_000_000 + t.tv_nsec
}

/// Nanoseconds from the monotonic clock, which programs read, to the time of day.
pub(crate) fn wall_offset() -> i64 {
    clock(libc::CLOCK_REALTIME) - clock(libc::CLOCK_MONOTONIC)
}

/// Real user, effective user, group of this process.
pub(crate) fn identity() -> (u32, u32, u32, u32) {
    // SAFETY: these calls take nothing and cannot fail.
    unsafe { (libc::getuid(), libc::geteuid(), libc::getgid(), libc::getegid()) }
}

/// Raises the limit of locked memory, which kernels before 5.11 count maps against.
pub(crate) fn unlock_memory() {
    let all = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: `all` is a live rlimit. Where it is refused the maps may still fit.
    unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &raw const all) };
}

/// Whether a process is there, and more than its status waiting for its parent.
pub(crate) fn alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|s| !s.rsplit(") ").next().is_some_and(|s| s.starts_with(['Z', 'X'])))
}

/// All processes but this one.
pub(crate) fn all() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|e| e.file_name().to_str()?.parse::<u32>().ok()).filter(|pid| *pid != std::process::id())
}
