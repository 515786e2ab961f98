//! illumos: the raw clock is `CLOCK_MONOTONIC`, also called `CLOCK_HIGHRES`; the wall clock is led by `ntp_adjtime(2)` and
//! `adjtime(2)`, and set by `clock_settime(3C)`.
use crate::time::{Now, Raw, SECOND, Wall, middle, nanoseconds};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

fn read(clock: libc::clockid_t) -> i64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `t` is a timespec to write to; both clocks used are always there, so the call cannot fail.
    unsafe { libc::clock_gettime(clock, &raw mut t) };
    t.tv_sec.saturating_mul(SECOND).saturating_add(t.tv_nsec)
}

/// Both clocks at one moment: the wall clock between two readings of the raw one.
pub(crate) fn now() -> Now {
    let before = read(libc::CLOCK_MONOTONIC);
    let wall = read(libc::CLOCK_REALTIME);
    let after = read(libc::CLOCK_MONOTONIC);
    Now { raw: Raw(middle(before, after)), wall: Wall(wall) }
}

/// How long the machine has been suspended so far: not known here.
pub(crate) fn slept() -> Option<i64> {
    None
}

fn done(status: libc::c_int) -> io::Result<()> {
    if status < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Adds `offset` seconds to the wall clock at once.
///
/// # Errors
/// `EPERM` without the privilege `sys_time`.
pub(crate) fn step(offset: f64) -> io::Result<()> {
    let ns = read(libc::CLOCK_REALTIME).saturating_add(nanoseconds(offset));
    let t = libc::timespec { tv_sec: ns.div_euclid(SECOND), tv_nsec: ns.rem_euclid(SECOND) };
    // SAFETY: `t` is a whole timespec that outlives the call.
    done(unsafe { libc::clock_settime(libc::CLOCK_REALTIME, &raw const t) })
}

/// Leads the wall clock `offset` seconds forward or back; the kernel does it by itself.
///
/// # Errors
/// `EPERM` without the privilege `sys_time`.
pub(crate) fn slew(offset: f64) -> io::Result<()> {
    unsafe extern "C" {
        fn adjtime(delta: *const libc::timeval, old: *mut libc::timeval) -> libc::c_int;
    }
    let us = nanoseconds(offset) / 1000;
    let t = libc::timeval { tv_sec: us.div_euclid(1_000_000), tv_usec: us.rem_euclid(1_000_000) };
    // SAFETY: `t` is a whole timeval that outlives the call; a null `old` asks for nothing (adjtime(2)).
    done(unsafe { adjtime(&raw const t, std::ptr::null_mut()) })
}

/// `struct timex` of `sys/timex.h`, which crate libc lacks.
#[repr(C)]
#[derive(Default)]
struct Timex {
    modes: u32,
    offset: i32,
    freq: i32,
    maxerror: i32,
    esterror: i32,
    status: i32,
    rest: [i32; 11],
}

/// MOD_FREQUENCY, MOD_MAXERROR, MOD_ESTERROR and MOD_STATUS of `sys/timex.h`.
const MODES: u32 = 0x2 | 0x4 | 0x8 | 0x10;
const STA_UNSYNC: i32 = 0x40;

fn adjust(mut t: Timex) -> io::Result<()> {
    unsafe extern "C" {
        fn ntp_adjtime(timex: *mut Timex) -> libc::c_int;
    }
    // SAFETY: `t` is laid out as the system's own structure and outlives the call.
    done(unsafe { ntp_adjtime(&raw mut t) })
}

/// Takes the clock over: a slew under way ends.
///
/// # Errors
/// `EPERM` without the privilege `sys_time`.
pub(crate) fn begin() -> io::Result<()> {
    slew(0.0)?;
    adjust(Timex { modes: MODES, status: STA_UNSYNC, ..Timex::default() })
}

/// Runs the wall clock `rate` seconds per second faster than the raw clock, 500 ppm at most, and tells the kernel that its error is
/// within `bound` seconds.
///
/// # Errors
/// `EPERM` without the privilege `sys_time`.
pub(crate) fn rate(rate: f64, bound: f64) -> io::Result<()> {
    let freq = whole(rate.clamp(-500e-6, 500e-6) * 1e6 * 65536.0);
    let microseconds = whole((bound * 1e6).ceil().min(16e6));
    adjust(Timex { modes: MODES, freq, maxerror: microseconds, esterror: microseconds, ..Timex::default() })
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
fn whole(x: f64) -> i32 {
    x.round() as i32
}

/// A UDP socket that talks to one address from a random port.
pub(crate) struct Socket(UdpSocket);

impl Socket {
    /// Opens one towards `server`.
    ///
    /// # Errors
    /// As `socket(3SOCKET)` and `connect(3SOCKET)`: there may be no route.
    pub(crate) fn connect(server: SocketAddr) -> io::Result<Self> {
        let family = if server.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
        // SAFETY: takes and returns integers only.
        let fd = unsafe { libc::socket(family, libc::SOCK_DGRAM, 0) };
        done(fd)?;
        // SAFETY: `fd` is open and nobody else's.
        let socket = UdpSocket::from(unsafe { OwnedFd::from_raw_fd(fd) });
        socket.connect(server)?;
        Ok(Self(socket))
    }

    /// Sends one packet.
    ///
    /// # Errors
    /// As `send(3SOCKET)`; `ECONNREFUSED` where nothing listens.
    pub(crate) fn send(&self, packet: &[u8]) -> io::Result<()> {
        self.0.send(packet).map(|_| ())
    }

    /// Takes one packet without waiting: its length; the time of arrival is the caller's to read.
    ///
    /// # Errors
    /// As `recv(3SOCKET)`; `EAGAIN` where there is none.
    pub(crate) fn receive(&self, to: &mut [u8]) -> io::Result<(usize, Option<Wall>)> {
        // SAFETY: the buffer is `to` with its size.
        let n = unsafe { libc::recv(self.0.as_raw_fd(), to.as_mut_ptr().cast(), to.len(), libc::MSG_DONTWAIT) };
        usize::try_from(n).map(|n| (n, None)).map_err(|_| io::Error::last_os_error())
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
