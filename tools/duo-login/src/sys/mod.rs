//! The OS edge: users, the log, processes, waiting. The only module with `unsafe`.
#![allow(unsafe_code, reason = "calls of libc, each thin and justified where it stands")]
#[cfg(target_os = "illumos")]
mod illumos;
#[cfg(target_os = "linux")]
mod linux;
mod net;
mod process;
mod users;

#[cfg(target_os = "illumos")]
use illumos as os;
#[cfg(target_os = "linux")]
use linux as os;

pub use net::{Ready, canonical_name, hostname, in_time, local_ip, poll, resolve};
pub use os::confine;
pub use process::{
    as_real_user, at_end, die_with_parent, disarm, drop_to, effective_uid, forget_environment, fork, is_setuid, read_stdin,
    real_gid, shed_limits, try_lock, usual_signals,
};
pub use users::{User, group_names, user_by_name, user_by_uid};

use std::ffi::{CStr, CString};
use std::io;

/// The system's own words for an error, without Rust's "(os error 2)".
#[must_use]
pub fn strerror(e: &io::Error) -> String {
    let text = e.to_string();
    text.split(" (os error").next().unwrap_or_default().to_string()
}

/// Names the program in the log. The facility is AUTH: what is written there is readable by few.
pub fn open_log(ident: &'static CStr) {
    // SAFETY: openlog keeps the pointer, and the string is 'static.
    unsafe { libc::openlog(ident.as_ptr(), libc::LOG_PID, libc::LOG_AUTH) };
}

/// One line for syslog. NUL bytes have been replaced before.
pub fn log(priority: i32, line: &str) {
    if let Ok(line) = CString::new(line) {
        // SAFETY: both strings are NUL-terminated; the format takes exactly one string.
        unsafe { libc::syslog(priority, c"%s".as_ptr(), line.as_ptr()) };
    }
}

/// The message of the day, at most 64 KiB, by libc's own stream calls.
#[must_use]
pub fn motd() -> Option<Vec<u8>> {
    let mut text = vec![0; 64 << 10];
    // SAFETY: fopen gets two NUL-terminated strings; fread writes at most text.len() bytes into text; the stream
    // is closed once and not used after.
    let n = unsafe {
        let stream = libc::fopen(c"/etc/motd".as_ptr(), c"r".as_ptr());
        if stream.is_null() {
            return None;
        }
        let n = libc::fread(text.as_mut_ptr().cast(), 1, text.len(), stream);
        libc::fclose(stream);
        n
    };
    text.truncate(n);
    Some(text)
}
