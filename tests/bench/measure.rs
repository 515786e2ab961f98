//! `measure COMMAND...`: runs it once, its output thrown away, and prints wall time and CPU time in microseconds, peak resident
//! memory in KiB, and its exit status.
use std::process::{Command, Stdio};
use std::time::Instant;

#[expect(clippy::zombie_processes, reason = "wait4 reaps it")]
fn main() {
    let mut args = std::env::args_os().skip(1);
    let mut c = Command::new(args.next().expect("usage: measure COMMAND..."));
    c.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let child = c.spawn().expect("the command");
    let mut status = 0;
    // SAFETY: rusage is plain data; wait4 fills in what it points to, and std never waits for this child.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::wait4(i32::try_from(child.id()).expect("pid"), &raw mut status, 0, &raw mut usage);
        usage
    };
    let wall = began.elapsed().as_micros();
    let us = |t: libc::timeval| t.tv_sec * 1_000_000 + t.tv_usec;
    let code = if libc::WIFEXITED(status) { libc::WEXITSTATUS(status) } else { 128 + libc::WTERMSIG(status) };
    println!("{wall} {} {} {code}", us(usage.ru_utime) + us(usage.ru_stime), usage.ru_maxrss);
}
