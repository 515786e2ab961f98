//! Running a command to the moment before its end, by ptrace(2).
use crate::registers::Thread;
use crate::sys::freeze::{registers, request};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

/// How far a traced command got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It is about to end; its memory is still there.
    Exit,
    /// It has ended: the status of wait(2).
    Ended(i32),
}

/// Starts the command so that this process traces it. It dies with this process.
///
/// # Errors
/// It cannot be started.
pub(crate) fn start(command: &mut Command) -> io::Result<Child> {
    // SAFETY: ptrace is async-signal-safe, and PTRACE_TRACEME touches nothing of this process.
    unsafe {
        command.pre_exec(|| match request(libc::PTRACE_TRACEME, 0, 0, null_mut()) {
            n if n < 0 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        });
    }
    let child = command.spawn()?;
    COMMAND.store(i32::try_from(child.id()).unwrap_or(0), Relaxed);
    let hand_on = hand_on as extern "C" fn(i32);
    // The terminal's interrupt reaches the command anyway; what it leaves is reported after it.
    // SAFETY: to ignore a signal installs no code; `hand_on` calls nothing but kill, which is async-signal-safe.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        libc::signal(libc::SIGTERM, hand_on as libc::sighandler_t);
        libc::signal(libc::SIGHUP, hand_on as libc::sighandler_t);
    }
    Ok(child)
}

/// The command's process: it is not waited for before this one ends, so the number stays its own.
static COMMAND: AtomicI32 = AtomicI32::new(0);

/// Hands a signal that is meant to end a run on to the command: it may end in its own way, and is reported on.
extern "C" fn hand_on(signal: i32) {
    let pid = COMMAND.load(Relaxed);
    if pid > 0 {
        // SAFETY: kill takes numbers only.
        unsafe { libc::kill(pid, signal) };
    }
}

/// Lets a started command run until its first thread is about to end, handing on all signals.
///
/// # Errors
/// wait(2) failed.
pub(crate) fn run_to_exit(pid: i32) -> io::Result<Reached> {
    let options = libc::PTRACE_O_TRACEEXIT | libc::PTRACE_O_TRACEEXEC | libc::PTRACE_O_EXITKILL;
    let mut first = true;
    loop {
        let mut status = 0;
        // SAFETY: waits for our own child; the status is ours.
        if unsafe { libc::waitpid(pid, &raw mut status, libc::__WALL) } < 0 {
            let e = io::Error::last_os_error();
            if e.kind() == io::ErrorKind::Interrupted {
                continue;
            }
            return Err(e);
        }
        if !libc::WIFSTOPPED(status) {
            return Ok(Reached::Ended(status));
        }
        let mut signal = libc::WSTOPSIG(status);
        match status >> 16 {
            libc::PTRACE_EVENT_EXIT => return Ok(Reached::Exit),
            // The stop that comes with the first execve(2) is no signal of the command's.
            0 if first => {
                request(libc::PTRACE_SETOPTIONS, pid, 0, options as usize as *mut _);
                (first, signal) = (false, 0);
            }
            0 => {}
            _ => signal = 0,
        }
        request(libc::PTRACE_CONT, pid, 0, signal as usize as *mut _);
    }
}

/// A thread that is held at its end: its stack still counts, its registers no more.
pub(crate) fn ending_thread(pid: i32) -> Thread {
    Thread { words: Vec::new(), ..registers(pid) }
}

/// Lets the command end.
///
/// # Errors
/// wait(2) failed.
pub(crate) fn end(pid: i32) -> io::Result<i32> {
    request(libc::PTRACE_CONT, pid, 0, null_mut());
    loop {
        match run_to_exit(pid)? {
            Reached::Ended(status) => return Ok(status),
            Reached::Exit => request(libc::PTRACE_CONT, pid, 0, null_mut()),
        };
    }
}

/// A shell's exit status for a status of wait(2).
pub(crate) fn exit_status(status: i32) -> u8 {
    let code = if libc::WIFSIGNALED(status) { 128 + libc::WTERMSIG(status) } else { libc::WEXITSTATUS(status) };
    u8::try_from(code).unwrap_or(1)
}
