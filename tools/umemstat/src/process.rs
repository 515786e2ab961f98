//! A live process, through /proc and process_vm_readv(2); it is not stopped.
use crate::maps::{self, Mapping};
use crate::memory::{Memory, Piece, words};
use crate::ranges::{Range, common, ordered};
use crate::registers::Thread;
use crate::sys;
use base::fail::{Fail, Result};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

const PAGE: u64 = 4096;

/// A live process.
pub(crate) struct Process {
    /// The number that it goes by.
    leader: i32,
    /// A thread of it that lives, to read it by: the first one, unless that has ended before the others.
    pid: i32,
    /// When it started, in clock ticks since boot: tells it from another that got its number later.
    started: u64,
    /// Where its stack began: tells the program from one that it executes later.
    stack: u64,
}

impl Process {
    /// The process numbered `pid`.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn open(pid: i32) -> Result<Self> {
        let others = || tasks(pid).ok()?.into_iter().find_map(|tid| Some((tid, began(tid)?)));
        let living = began(pid).map(|b| (pid, b)).or_else(others);
        let (living, (started, stack)) = living.ok_or_else(|| Fail::Other("no such process".into()))?;
        Ok(Self { leader: pid, pid: living, started, stack })
    }

    /// Whether it has executed another program (execve(2)) since it was opened.
    pub(crate) fn is_another_program(&self) -> bool {
        began(self.pid).is_some_and(|(started, stack)| started == self.started && stack != self.stack)
    }

    /// Whether it has ended since it was opened.
    pub(crate) fn has_ended(&self) -> bool {
        began(self.pid).is_none_or(|(started, _)| started != self.started)
    }

    /// What is mapped in it now.
    pub(crate) fn maps(&self) -> Result<Vec<Mapping>> {
        let text = fs::read(format!("/proc/{}/maps", self.pid)).map_err(|e| self.failed(&e))?;
        Ok(maps::parse(&String::from_utf8_lossy(&text)))
    }

    /// The numbers of its threads.
    pub(crate) fn threads(&self) -> Result<Vec<i32>> {
        let mut all = tasks(self.leader).map_err(|e| self.failed(&e))?;
        // The first one is listed as long as there are others, also when it has ended.
        all.retain(|&tid| tid != self.leader || began(tid).is_some());
        Ok(all)
    }

    /// The threads that wait in a system call now, each with how often it has been switched away from: as long as that stays, it has not run.
    pub(crate) fn waiting(&self) -> Result<Vec<(Thread, u64)>> {
        let look = |tid| {
            let of = |what: &str| fs::read_to_string(format!("/proc/{}/task/{tid}/{what}", self.pid)).ok();
            let before = switches(&of("status")?);
            let thread = Thread::waiting(tid, &of("syscall")?)?;
            (switches(&of("status")?) == before).then_some((thread, before))
        };
        Ok(self.threads()?.into_iter().filter_map(look).collect())
    }

    /// Its program's name (at most 15 bytes).
    pub(crate) fn name(&self) -> String {
        name(self.pid).unwrap_or_default()
    }

    /// Opens the file of a mapping: the very one, else what now has its name where the process sees it (another mount namespace).
    pub(crate) fn file(&self, m: &Mapping) -> Option<File> {
        let exact = format!("/proc/{}/map_files/{:x}-{:x}", self.pid, m.start, m.end);
        File::open(exact).or_else(|_| File::open(self.path(&m.path))).ok()
    }

    /// A path as the process sees it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root/{}", self.pid, path.trim_start_matches('/')))
    }

    /// What a failed call on the process means, in words that help.
    pub(crate) fn failed(&self, e: &io::Error) -> Fail {
        if self.has_ended() || e.raw_os_error() == Some(libc::ESRCH) {
            return ended();
        }
        if e.kind() == io::ErrorKind::PermissionDenied {
            return Fail::Other(format!("may not be read: {}", self.advice()));
        }
        Fail::Io("read".into(), io::Error::from(e.kind()))
    }

    /// Why this user may not read the process, and what helps.
    fn advice(&self) -> &'static str {
        let own = owner("self").is_some() && owner("self") == owner(&self.pid.to_string());
        let root = fs::read_to_string("/proc/self/status").is_ok_and(|s| may_trace(&s));
        let yama = fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
        advice(root, own, yama.trim())
    }
}

/// Why a process may not be read by `root` (who may trace all), by its `own` user, or by another, where Yama's `ptrace_scope` is that.
fn advice(root: bool, own: bool, yama: &str) -> &'static str {
    match (own, yama) {
        _ if root => "the kernel refuses it to root, too: its capabilities or user namespace, or a security module",
        (false, _) => "it is another user's: be that user or root",
        (true, "1") => "kernel.yama.ptrace_scope is 1: set it to 0, start the program with UMEM_OPTIONS=ptrace, or be root",
        (true, "2") => "kernel.yama.ptrace_scope is 2: be root",
        (true, "3") => "kernel.yama.ptrace_scope is 3: no process may be read until the next boot",
        (true, _) => "it has changed its identity or may not be dumped (prctl(2), PR_SET_DUMPABLE): be root",
    }
}

impl Memory for Process {
    fn fill(&self, pieces: &mut [Piece]) -> Result<()> {
        sys::read_memory(self.pid, pieces).map_err(|e| self.failed(&e))
    }

    fn missing(&self, why: Fail) -> Fail {
        if self.is_another_program() { Fail::Other("it executed another program while it was read".into()) } else { why }
    }

    fn touched(&self, (from, to): Range) -> Vec<Range> {
        // pagemap (proc_pid_pagemap(5)): a word a page; bit 63 present, 62 swapped.
        let first = from / PAGE;
        let count = to.div_ceil(PAGE).saturating_sub(first);
        let mut entries = vec![0; usize::try_from(count * 8).unwrap_or(0)];
        let read = File::open(format!("/proc/{}/pagemap", self.pid)).and_then(|f| f.read_exact_at(&mut entries, first * 8));
        if read.is_err() {
            return vec![(from, to)];
        }
        let there = words(&entries).zip(first..).filter(|(w, _)| w >> 62 != 0).map(|(_, page)| (page * PAGE, (page + 1) * PAGE));
        common(&[(from, to)], &ordered(&there.collect::<Vec<_>>()))
    }
}

/// The numbers of the processes whose program has this name, in order.
pub(crate) fn named(program: &str) -> Result<Vec<i32>> {
    let dir = fs::read_dir("/proc").map_err(Fail::on("/proc"))?;
    let mut pids: Vec<i32> = dir.flatten().filter_map(|e| e.file_name().to_str()?.parse().ok()).collect();
    // The kernel keeps 15 bytes of a name.
    let short = program.get(..15).unwrap_or(program);
    pids.retain(|&pid| name(pid).is_some_and(|n| n == short));
    pids.sort_unstable();
    Ok(pids)
}

/// The numbers of a process's threads.
fn tasks(pid: i32) -> io::Result<Vec<i32>> {
    let dir = fs::read_dir(format!("/proc/{pid}/task"))?;
    Ok(dir.flatten().filter_map(|e| e.file_name().to_str()?.parse().ok()).collect())
}

fn name(pid: i32) -> Option<String> {
    Some(fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim_end_matches('\n').to_string())
}

/// How often a thread was switched away from, by its status file.
fn switches(status: &str) -> u64 {
    status.lines().filter_map(|l| l.split_once("voluntary_ctxt_switches:")?.1.trim().parse::<u64>().ok()).sum()
}

/// Whether a process with this status file has `CAP_SYS_PTRACE`.
fn may_trace(status: &str) -> bool {
    let caps = status.lines().find_map(|l| u64::from_str_radix(l.strip_prefix("CapEff:")?.trim(), 16).ok());
    caps.is_some_and(|c| c >> 19 & 1 != 0)
}

/// The real user of a process.
fn owner(pid: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    Some(status.lines().find_map(|l| l.strip_prefix("Uid:"))?.split_whitespace().next()?.to_string())
}

/// What is said of a process that did not live long enough.
pub(crate) fn ended() -> Fail {
    Fail::Other("the process ended while it was read".into())
}

/// The flag of a task that is shutting down, as in the kernel's `sched.h`.
const PF_EXITING: u64 = 0x4;

/// When a process started, and where its stack began (0 where that is not to be known); `None` for one that is gone or going: its
/// memory goes before it is a zombie.
fn began(pid: i32) -> Option<(u64, u64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // pid (name) state ppid ...: the name may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let flags: u64 = fields.nth(5)?.parse().ok()?;
    if matches!(state, "Z" | "X") || flags & PF_EXITING != 0 {
        return None;
    }
    Some((fields.nth(12)?.parse().ok()?, fields.nth(5)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::process::{Command, Stdio};

    #[test]
    fn reads_itself() {
        let me = Process::open(i32::try_from(std::process::id()).unwrap()).unwrap();
        let secret = *b"a few bytes of this very process";
        let memory: &dyn Memory = &me;
        assert_eq!(memory.bytes(secret.as_ptr() as u64, secret.len()).unwrap(), secret);
        assert!(maps::at(&me.maps().unwrap(), secret.as_ptr() as u64).is_some());
        assert!(!me.threads().unwrap().is_empty());
        assert_eq!(memory.some(8, 8).unwrap(), [0_u8; 0]);
    }

    #[test]
    fn many_pieces_with_holes_among_them() {
        let me = Process::open(i32::try_from(std::process::id()).unwrap()).unwrap();
        let data: Vec<u64> = (0..3000).collect();
        let wanted: Vec<_> = data.iter().map(|w| (if w % 7 == 0 { 16 } else { std::ptr::from_ref(w) as u64 }, 8)).collect();
        let got = (&me as &dyn Memory).stretches(&wanted).unwrap();
        for (w, bytes) in data.iter().zip(got) {
            assert_eq!(bytes, if w % 7 == 0 { vec![] } else { w.to_ne_bytes().to_vec() });
        }
    }

    #[test]
    fn another_program_in_its_place_is_told() {
        let mut child = Command::new("sh").args(["-c", "read line; exec sleep 60"]).stdin(Stdio::piped()).spawn().unwrap();
        let process = Process::open(i32::try_from(child.id()).unwrap()).unwrap();
        let shell = wait(|| process.maps().unwrap().into_iter().find(|m| m.path.ends_with("sh")));
        // The program that is there first may still be this one, about to become the shell.
        let process = Process::open(process.pid).unwrap();
        assert!(!process.is_another_program());
        child.stdin.take().unwrap().write_all(b"\n").unwrap();
        wait(|| process.is_another_program().then_some(()));
        let memory: &dyn Memory = &process;
        let why = wait(|| memory.bytes(shell.start, 16).err()).to_string();
        assert_eq!(why, "it executed another program while it was read");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// What `look` gives as soon as it does.
    fn wait<T>(look: impl Fn() -> Option<T>) -> T {
        for _ in 0..1000 {
            if let Some(found) = look() {
                return found;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("waited 10 s in vain");
    }

    #[test]
    fn what_helps_depends_on_user_and_yama() {
        for (yama, own) in [
            ("0", "it has changed its identity or may not be dumped (prctl(2), PR_SET_DUMPABLE): be root"),
            ("", "it has changed its identity or may not be dumped (prctl(2), PR_SET_DUMPABLE): be root"),
            ("1", "kernel.yama.ptrace_scope is 1: set it to 0, start the program with UMEM_OPTIONS=ptrace, or be root"),
            ("2", "kernel.yama.ptrace_scope is 2: be root"),
            ("3", "kernel.yama.ptrace_scope is 3: no process may be read until the next boot"),
        ] {
            assert_eq!(advice(false, true, yama), own);
            assert_eq!(advice(false, false, yama), "it is another user's: be that user or root");
        }
        assert!(may_trace("CapEff:\t0000000000080000\n") && !may_trace("CapEff:\t0000000000040000\n"));
    }

    #[test]
    fn no_such_process() {
        assert_eq!(Process::open(0x7fff_fff0).err().unwrap().to_string(), "no such process");
    }
}
