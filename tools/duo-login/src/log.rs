//! The system log, or standard error with -d.
use crate::{sys, text};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Priorities of syslog(3).
pub const ERR: i32 = 3;
/// Something that an administrator should look at.
pub const WARNING: i32 = 4;
/// Usual business.
pub const INFO: i32 = 6;
/// Of interest to whoever asks.
pub const DEBUG: i32 = 7;

/// The most characters of a line: nobody fills the log from outside.
const MOST: usize = 1024;

static TO_STDERR: AtomicBool = AtomicBool::new(false);

/// Writes to standard error from here on: `[6] message`.
pub fn to_stderr() {
    TO_STDERR.store(true, Relaxed);
}

/// Writes one line, what could forge another or drive a terminal replaced.
pub fn write(priority: i32, message: &str) {
    let line: String = text::line(message).chars().take(MOST).collect();
    if TO_STDERR.load(Relaxed) {
        let _ = writeln!(io::stderr(), "[{priority}] {line}");
    } else {
        sys::log(priority, &line);
    }
}
