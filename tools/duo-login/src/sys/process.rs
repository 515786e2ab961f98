//! Processes: who they are, who waits for them.
use std::io;
use std::sync::mpsc;

/// A child that runs until it exits.
pub struct Child(libc::pid_t);

/// Splits the process. `None` in the child.
///
/// # Errors
/// fork(2) failed.
pub fn fork() -> io::Result<Option<Child>> {
    // SAFETY: the process has one thread at this point, so the child may do anything the parent could.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(None),
        pid => Ok(Some(Child(pid))),
    }
}

impl Child {
    /// Waits for its end: its exit status, or the number of the signal that ended it.
    ///
    /// # Errors
    /// waitpid(2) failed.
    pub fn wait(&self) -> io::Result<Result<i32, i32>> {
        loop {
            let mut status = 0;
            // SAFETY: status is a place for one int.
            let got = unsafe { libc::waitpid(self.0, &raw mut status, 0) };
            if got == self.0 {
                return Ok(if libc::WIFEXITED(status) { Ok(libc::WEXITSTATUS(status)) } else { Err(libc::WTERMSIG(status)) });
            }
            let e = io::Error::last_os_error();
            if got != -1 || e.kind() != io::ErrorKind::Interrupted {
                return Err(e);
            }
        }
    }
}

/// The real and the effective user.
#[must_use]
pub fn effective_uid() -> (u32, u32) {
    // SAFETY: neither takes anything nor fails.
    unsafe { (libc::getuid(), libc::geteuid()) }
}

/// Whether this process has rights that its caller has not.
#[must_use]
pub fn is_setuid() -> bool {
    let (uid, euid) = effective_uid();
    uid != euid
}

/// Becomes `uid` and `gid` for good, with no supplementary groups unless they are the user's own already.
///
/// # Errors
/// Some part of the old rights is left; the caller must not go on.
pub fn drop_to(uid: u32, gid: u32, groups: bool) -> io::Result<()> {
    let check = |status| if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) };
    // SAFETY: an empty list needs no memory; the others take numbers.
    unsafe {
        if groups && libc::geteuid() == 0 {
            check(libc::setgroups(0, std::ptr::null()))?;
        }
        check(libc::setgid(gid))?;
        check(libc::setuid(uid))?;
        let is = libc::getuid() == uid && libc::geteuid() == uid && libc::getgid() == gid && libc::getegid() == gid;
        // What was root must not be able to become root again.
        if !is || uid != 0 && libc::setuid(0) == 0 {
            return Err(io::Error::from_raw_os_error(libc::EPERM));
        }
    }
    Ok(())
}

/// Does `work` with the rights of the real user only, and takes the effective ones back.
///
/// # Errors
/// The rights could not be changed, or not changed back: the caller must not go on.
pub fn as_real_user<T>(work: impl FnOnce() -> T) -> io::Result<T> {
    // SAFETY: these take numbers and no memory.
    unsafe {
        let (uid, gid) = (libc::geteuid(), libc::getegid());
        if libc::setegid(libc::getgid()) != 0 || libc::seteuid(libc::getuid()) != 0 {
            return Err(io::Error::last_os_error());
        }
        let done = work();
        if libc::seteuid(uid) != 0 || libc::setegid(gid) != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(done)
    }
}

/// Gives the signals that end a login back their usual meaning, whatever was inherited.
pub fn usual_signals() {
    for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM, libc::SIGALRM, libc::SIGCHLD, libc::SIGTSTP] {
        // SAFETY: SIG_DFL runs no code of ours.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// Has `tell` hear, in a thread of its own, of the first signal that ends the login; then ends the process. A handler could
/// not write the audit's line, and the waits of this process need not know of signals.
///
/// # Errors
/// There is no room for a thread.
pub fn at_end(tell: impl FnOnce(&str) + Send + 'static) -> io::Result<()> {
    // SAFETY: sigemptyset makes a set of these bytes; the calls after it change this set and the mask of this thread, which
    // the new one inherits.
    let set = unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        for (signal, _) in ENDS {
            libc::sigaddset(&raw mut set, signal);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        set
    };
    // A thread that is confined before it has begun could not begin.
    let (begun, has_begun) = mpsc::channel();
    let wait = move || {
        let _ = begun.send(());
        let mut signal = 0;
        // SAFETY: the set lives through the call; signal is a place for one int.
        if unsafe { libc::sigwait(&raw const set, &raw mut signal) } == 0 {
            tell(ENDS.iter().find(|end| end.0 == signal).map_or("a signal", |end| end.1));
        }
        // SAFETY: _exit takes a number and does not return.
        unsafe { libc::_exit(1) }
    };
    std::thread::Builder::new().spawn(wait)?;
    has_begun.recv().map_err(io::Error::other)
}

/// The signals that end a login, and what they mean.
const ENDS: [(i32, &str); 4] = [
    (libc::SIGHUP, "the client hung up"),
    (libc::SIGINT, "interrupted at the terminal"),
    (libc::SIGQUIT, "quit at the terminal"),
    (libc::SIGTERM, "terminated"),
];

/// Leaves no core file, and no door for a debugger.
pub fn disarm() {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the limit lives through the call.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) };
    super::os::undumpable();
}

/// Descriptors that a login may have open at once: more than it needs.
const DESCRIPTORS: libc::rlim_t = 256;

/// Sheds what a caller of the setuid program has set for it, while it still may: a limit that made a look-up fail would pass
/// for an outage of the API, and a mask would decide who reads the files that are made.
///
/// # Errors
/// There are fewer descriptors than a login needs, and no right to have more. The other limits may stay where this right is
/// missing: what they break denies.
pub fn shed_limits() -> io::Result<()> {
    use libc::{RLIM_INFINITY, RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_STACK};
    let set = |what, most| {
        let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
        // SAFETY: the limit lives through the call.
        if unsafe { libc::setrlimit(what, &raw const limit) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    for what in [RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_STACK] {
        let _ = set(what, RLIM_INFINITY);
    }
    #[cfg(target_os = "linux")]
    let _ = set(libc::RLIMIT_NPROC, RLIM_INFINITY);
    // SAFETY: umask takes a number and cannot fail.
    unsafe { libc::umask(0o077) };
    set(RLIMIT_NOFILE, DESCRIPTORS)
}

/// Ends this process when its parent ends, if it has not yet.
pub fn die_with_parent() {
    super::os::die_with_parent();
}

/// Takes an exclusive lock on an open file if nobody else holds one.
///
/// # Errors
/// flock(2) failed.
pub fn try_lock(file: &std::fs::File) -> io::Result<bool> {
    // SAFETY: flock takes numbers.
    if unsafe { libc::flock(std::os::fd::AsRawFd::as_raw_fd(file), libc::LOCK_EX | libc::LOCK_NB) } == 0 {
        return Ok(true);
    }
    let e = io::Error::last_os_error();
    if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) { Ok(false) } else { Err(e) }
}

/// Reads from standard input, past std's buffer: what is not asked for is left for the shell.
///
/// # Errors
/// read(2) failed.
pub fn read_stdin(to: &mut [u8]) -> io::Result<usize> {
    // SAFETY: read writes at most to.len() bytes into to.
    let n = unsafe { libc::read(libc::STDIN_FILENO, to.as_mut_ptr().cast(), to.len()) };
    usize::try_from(n).map_err(|_| io::Error::last_os_error())
}

/// The real group.
#[must_use]
pub fn real_gid() -> u32 {
    // SAFETY: getgid takes nothing and cannot fail.
    unsafe { libc::getgid() }
}

/// Forgets the environment: what is allowed of it has been read, and libc shall heed none of it (`RES_OPTIONS`, `TZ`, ...).
/// A preloaded library is already part of this process, so it keeps its own variables; in a setuid program there is none.
pub fn forget_environment() {
    if std::env::var_os("LD_PRELOAD").is_some() {
        return;
    }
    let names: Vec<_> = std::env::vars_os().map(|(name, _)| name).collect();
    for name in names {
        // SAFETY: this process has one thread.
        unsafe { std::env::remove_var(name) };
    }
}
