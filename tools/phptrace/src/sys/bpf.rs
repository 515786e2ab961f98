//! bpf(2): maps, programs, links. Everything is a file descriptor, so a killed tool leaves nothing behind.
#![allow(unsafe_code, reason = "system calls")]
use crate::bits::Unsigned as _;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

const MAP_CREATE: u32 = 0;
const MAP_LOOKUP: u32 = 1;
const MAP_UPDATE: u32 = 2;
const MAP_DELETE: u32 = 3;
const MAP_NEXT_KEY: u32 = 4;
const PROG_LOAD: u32 = 5;
const PROG_TEST_RUN: u32 = 10;
const RAW_TRACEPOINT_OPEN: u32 = 17;
const BTF_LOAD: u32 = 18;
const MAP_FREEZE: u32 = 22;
const LINK_CREATE: u32 = 28;

/// `BPF_TRACE_UPROBE_MULTI`
pub(crate) const UPROBE_MULTI: u32 = 48;
/// `BPF_F_SLEEPABLE`
pub(crate) const SLEEPABLE: u32 = 1 << 4;

/// The kinds of maps used, with the kernel's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum MapKind {
    /// Hash table.
    Hash = 1,
    /// Array.
    Array = 2,
    /// Hash table with one value for each CPU.
    PercpuHash = 5,
    /// Ring buffer.
    Ring = 27,
}

/// `union bpf_attr`, filled by offset: its layout is the kernel's ABI and never changes, it only grows.
struct Attr([u64; 20]);

impl Attr {
    fn new() -> Self {
        Self([0; 20])
    }

    fn put(&mut self, offset: usize, bytes: &[u8]) {
        for (i, b) in bytes.iter().enumerate() {
            let at = offset + i;
            if let Some(word) = self.0.get_mut(at / 8) {
                *word |= u64::from(*b) << (8 * (at % 8));
            }
        }
    }

    fn u32(mut self, offset: usize, value: u32) -> Self {
        self.put(offset, &value.to_le_bytes());
        self
    }

    fn fd(self, offset: usize, fd: RawFd) -> Self {
        self.u32(offset, fd.unsigned())
    }

    fn u64(mut self, offset: usize, value: u64) -> Self {
        self.put(offset, &value.to_le_bytes());
        self
    }

    fn bytes(self, offset: usize, of: &[u8]) -> Self {
        self.u64(offset, of.as_ptr() as u64)
    }

    /// Calls bpf(2). `size` is how much of the attributes the kernel is told about.
    ///
    /// # Safety
    /// Every pointer put into the attributes must be valid for what `command` does with it.
    unsafe fn call(&mut self, command: u32, size: usize) -> io::Result<i32> {
        // SAFETY: the attributes are a live array of 160 bytes, larger than any `size` used here; the caller vouches for the pointers.
        let got = unsafe { libc::syscall(libc::SYS_bpf, command, self.0.as_mut_ptr(), size) };
        if got < 0 { Err(io::Error::last_os_error()) } else { i32::try_from(got).map_err(io::Error::other) }
    }

    /// Calls bpf(2) for a command that gives a descriptor.
    ///
    /// # Safety
    /// As for [`Attr::call`].
    unsafe fn open(&mut self, command: u32, size: usize) -> io::Result<OwnedFd> {
        // SAFETY: the caller vouches for the pointers.
        let fd = unsafe { self.call(command, size)? };
        // SAFETY: the kernel has just given this descriptor to us alone.
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }
}

/// A map and its sizes.
#[derive(Debug)]
pub(crate) struct Map {
    fd: OwnedFd,
    /// Bytes of a key.
    pub key: usize,
    /// Bytes of what a lookup gives: for a per-CPU map all CPUs' values.
    pub value: usize,
}

impl Map {
    /// Makes a map. `flags`: `BPF_F_*`.
    pub(crate) fn create(kind: MapKind, key: usize, value: usize, entries: usize, flags: u32) -> io::Result<Self> {
        let small = |n: usize| u32::try_from(n).map_err(io::Error::other);
        let mut attr = Attr::new().u32(0, kind as u32).u32(4, small(key)?).u32(8, small(value)?);
        attr = attr.u32(12, small(entries)?).u32(16, flags);
        // SAFETY: this command has no pointers.
        let fd = unsafe { attr.open(MAP_CREATE, 72)? };
        let value = if kind == MapKind::PercpuHash { value.next_multiple_of(8) * cpus()? } else { value };
        Ok(Self { fd, key, value })
    }

    /// The descriptor, for a program's code.
    pub(crate) fn raw(&self) -> RawFd {
        self.fd.as_raw_fd()
    }

    /// The value under `key`; `None` if there is none.
    pub(crate) fn get(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        if key.len() != self.key {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut value = vec![0; self.value];
        let mut attr = Attr::new().fd(0, self.raw()).bytes(8, key).u64(16, value.as_mut_ptr() as u64);
        // SAFETY: `key` and `value` have the sizes the map was made with, and live through the call.
        match unsafe { attr.call(MAP_LOOKUP, 32) } {
            Ok(_) => Ok(Some(value)),
            Err(e) if e.raw_os_error() == Some(libc::ENOENT) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Sets the value under `key`.
    pub(crate) fn set(&self, key: &[u8], value: &[u8]) -> io::Result<()> {
        if key.len() != self.key || value.len() != self.value {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut attr = Attr::new().fd(0, self.raw()).bytes(8, key).bytes(16, value);
        // SAFETY: `key` and `value` have the sizes the map was made with, and live through the call.
        unsafe { attr.call(MAP_UPDATE, 32) }.map(drop)
    }

    /// Removes `key`; nothing happens if it is not there.
    pub(crate) fn remove(&self, key: &[u8]) -> io::Result<()> {
        if key.len() != self.key {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut attr = Attr::new().fd(0, self.raw()).bytes(8, key);
        // SAFETY: `key` has the size the map was made with, and lives through the call.
        match unsafe { attr.call(MAP_DELETE, 32) } {
            Err(e) if e.raw_os_error() != Some(libc::ENOENT) => Err(e),
            _ => Ok(()),
        }
    }

    /// The key after `key`, the first for `None`.
    pub(crate) fn next(&self, key: Option<&[u8]>) -> io::Result<Option<Vec<u8>>> {
        let mut next = vec![0; self.key];
        let from = key.filter(|k| k.len() == self.key).map_or(0, |k| k.as_ptr() as u64);
        let mut attr = Attr::new().fd(0, self.raw()).u64(8, from).u64(16, next.as_mut_ptr() as u64);
        // SAFETY: both keys have the size the map was made with, and live through the call.
        match unsafe { attr.call(MAP_NEXT_KEY, 32) } {
            Ok(_) => Ok(Some(next)),
            Err(e) if e.raw_os_error() == Some(libc::ENOENT) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Forbids changes from user space from now on.
    pub(crate) fn freeze(&self) -> io::Result<()> {
        let mut attr = Attr::new().fd(0, self.raw());
        // SAFETY: this command has no pointers.
        unsafe { attr.call(MAP_FREEZE, 4) }.map(drop)
    }
}

/// How many values a per-CPU map has for each key: the possible CPUs.
pub(crate) fn cpus() -> io::Result<usize> {
    let list = std::fs::read_to_string("/sys/devices/system/cpu/possible")?;
    let last = list.trim().rsplit([',', '-']).next().and_then(|n| n.parse::<usize>().ok());
    last.map(|n| n + 1).ok_or_else(|| io::Error::other("/sys/devices/system/cpu/possible: not a list of CPUs"))
}

/// Types of programs, with the kernel's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub(crate) enum ProgramKind {
    /// uprobes; the context is `struct pt_regs`.
    Probe = 2,
    /// Samples; the context is `struct bpf_perf_event_data`, which begins with the registers.
    Sample = 7,
    /// Raw tracepoints, and what BEGIN and its like run as; the context is an array of 64-bit arguments.
    RawTracepoint = 17,
}

/// A program to be loaded.
pub(crate) struct Load<'a> {
    /// Its type.
    pub kind: ProgramKind,
    /// `expected_attach_type`
    pub attach: u32,
    /// `BPF_F_SLEEPABLE` or 0.
    pub flags: u32,
    /// Eight bytes an instruction.
    pub code: &'a [u8],
    /// BTF with a function for each subprogram, and `struct bpf_func_info` records, if there are subprograms.
    pub functions: Option<(&'a OwnedFd, &'a [u8])>,
    /// Bytes of verifier log to keep; 0 for none.
    pub log: usize,
}

/// Loads a program. On refusal gives the kernel's error and the verifier's log.
pub(crate) fn load(program: &Load) -> Result<OwnedFd, (io::Error, String)> {
    let mut log = vec![0_u8; program.log];
    let count = u32::try_from(program.code.len() / 8).unwrap_or(u32::MAX);
    let license = b"GPL\0";
    let mut attr = Attr::new().u32(0, program.kind as u32).u32(4, count).bytes(8, program.code).bytes(16, license);
    if program.log > 0 {
        attr = attr.u32(24, 1).u32(28, u32::try_from(program.log).unwrap_or(u32::MAX)).u64(32, log.as_mut_ptr() as u64);
    }
    attr = attr.u32(44, program.flags).u32(68, program.attach);
    if let Some((btf, records)) = program.functions {
        let n = u32::try_from(records.len() / 8).unwrap_or(0);
        attr = attr.fd(72, btf.as_raw_fd()).u32(76, 8).bytes(80, records).u32(88, n);
    }
    // SAFETY: code, license, log and function records are live slices whose lengths are given beside them.
    unsafe { attr.open(PROG_LOAD, 128) }.map_err(|e| {
        let end = log.iter().position(|&b| b == 0).unwrap_or(log.len());
        (e, String::from_utf8_lossy(log.get(..end).unwrap_or_default()).into_owned())
    })
}

/// Loads BTF.
pub(crate) fn load_btf(data: &[u8]) -> io::Result<OwnedFd> {
    let mut attr = Attr::new().bytes(0, data).u32(16, u32::try_from(data.len()).map_err(io::Error::other)?);
    // SAFETY: `data` lives through the call and its length is given.
    unsafe { attr.open(BTF_LOAD, 28) }
}

/// Runs a raw tracepoint program once in this process; `context` is its argument array.
pub(crate) fn run(program: &OwnedFd, context: &[u64]) -> io::Result<u32> {
    let bytes = u32::try_from(context.len() * 8).map_err(io::Error::other)?;
    let mut attr = Attr::new().fd(0, program.as_raw_fd()).u32(40, bytes).u64(48, context.as_ptr() as u64);
    // SAFETY: `context` lives through the call and its length is given.
    unsafe { attr.call(PROG_TEST_RUN, 80) }?;
    Ok(attr.0.first().map_or(0, |w| u32::try_from(w >> 32).unwrap_or(0)))
}

/// Attaches a program to a raw tracepoint; closing the descriptor detaches it.
pub(crate) fn attach_tracepoint(program: &OwnedFd, name: &str) -> io::Result<OwnedFd> {
    let name = CString::new(name)?;
    let mut attr = Attr::new().u64(0, name.as_ptr() as u64).fd(8, program.as_raw_fd());
    // SAFETY: `name` is a NUL-ended string that lives through the call.
    unsafe { attr.open(RAW_TRACEPOINT_OPEN, 16) }
}

/// Attaches a program to many places of one file; closing the descriptor detaches it. All slices are of one length.
/// `returns`: at the returns of the functions that begin there.
pub(crate) fn attach_multi(
    program: &OwnedFd,
    path: &str,
    offsets: &[u64],
    semaphores: &[u64],
    cookies: &[u64],
    returns: bool,
) -> io::Result<OwnedFd> {
    if offsets.len() != semaphores.len() || offsets.len() != cookies.len() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let path = CString::new(path)?;
    let mut attr = Attr::new().fd(0, program.as_raw_fd()).u32(8, UPROBE_MULTI);
    attr = attr.u64(16, path.as_ptr() as u64).u64(24, offsets.as_ptr() as u64);
    if semaphores.iter().any(|&s| s != 0) {
        attr = attr.u64(32, semaphores.as_ptr() as u64);
    }
    attr = attr.u64(40, cookies.as_ptr() as u64).u32(48, u32::try_from(offsets.len()).map_err(io::Error::other)?);
    // BPF_F_UPROBE_MULTI_RETURN
    attr = attr.u32(52, u32::from(returns));
    // SAFETY: the path is NUL-ended and the arrays have as many elements as the count says; all live through the call.
    unsafe { attr.open(LINK_CREATE, 64) }
}

/// Whether a program loaded for `uprobe_multi` links can have one. A kernel before 6.6 does not know them, but loads the program.
pub(crate) fn takes_multi(program: &OwnedFd) -> bool {
    // The kernel that knows them looks at the path and finds no regular file there.
    let refused = attach_multi(program, "/", &[0], &[0], &[0], false).err();
    refused.and_then(|e| e.raw_os_error()) == Some(libc::EBADF)
}
