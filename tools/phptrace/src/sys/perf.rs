//! perf_event_open(2): uprobes on kernels without `uprobe_multi`, and the clock for `profile-` probes.
#![allow(unsafe_code, reason = "system calls")]
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

const IOC_ENABLE: libc::c_ulong = 0x2400;
const IOC_SET_BPF: libc::c_ulong = 0x4004_2408;
const FLAG_CLOEXEC: libc::c_ulong = 8;

/// `struct perf_event_attr` as of its second version, which has all that is used here.
#[repr(C)]
#[derive(Default)]
struct Attr {
    kind: u32,
    size: u32,
    config: u64,
    period: u64,
    sample_type: u64,
    read_format: u64,
    /// Bit 10: `freq`.
    flags: u64,
    wakeup: u32,
    bp_type: u32,
    config1: u64,
    config2: u64,
    rest: [u64; 4],
}

fn open(mut attr: Attr, pid: i32, cpu: i32, program: &OwnedFd) -> io::Result<OwnedFd> {
    attr.size = u32::try_from(size_of::<Attr>()).map_err(io::Error::other)?;
    // SAFETY: the attributes are live and say their own size.
    let fd = unsafe { libc::syscall(libc::SYS_perf_event_open, &raw const attr, pid, cpu, -1, FLAG_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just given this descriptor to us alone.
    let event = unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).map_err(io::Error::other)?) };
    for (request, value) in [(IOC_SET_BPF, program.as_raw_fd()), (IOC_ENABLE, 0)] {
        // SAFETY: both requests take an integer and are made on a perf descriptor that is open.
        if unsafe { libc::ioctl(event.as_raw_fd(), request, value) } < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(event)
}

/// A uprobe at a file offset for every process, with the offset of its semaphore or 0; `returns`: at the function's return.
pub(crate) fn uprobe(program: &OwnedFd, path: &str, offset: u64, semaphore: u64, returns: bool) -> io::Result<OwnedFd> {
    let file = "/sys/bus/event_source/devices/uprobe/type";
    let kind = std::fs::read_to_string(file)?.trim().parse().map_err(io::Error::other)?;
    let path = CString::new(path)?;
    // The upper half of the configuration is where the kernel's uprobe PMU takes the semaphore's offset.
    let attr = Attr {
        kind,
        config: semaphore << 32 | u64::from(returns),
        config1: path.as_ptr() as u64,
        config2: offset,
        ..Attr::default()
    };
    open(attr, -1, 0, program)
}

/// Runs a program on `cpu` by the software clock: `rate` times a second (`frequency`), or every `rate` nanoseconds.
pub(crate) fn clock(program: &OwnedFd, cpu: i32, rate: u64, frequency: bool) -> io::Result<OwnedFd> {
    // PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK.
    open(Attr { kind: 1, config: 0, period: rate, flags: u64::from(frequency) << 10, ..Attr::default() }, -1, cpu, program)
}
