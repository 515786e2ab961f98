//! Linux.
use crate::time::{Now, Raw, SECOND, Wall, middle, nanoseconds};
use std::io;
use std::mem::{size_of, zeroed};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// Reads a clock, in nanoseconds.
fn read(clock: libc::clockid_t) -> i64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `t` is a timespec to write to; both clocks used are always there, so the call cannot fail.
    unsafe { libc::clock_gettime(clock, &raw mut t) };
    t.tv_sec.saturating_mul(SECOND).saturating_add(t.tv_nsec)
}

/// Both clocks at one moment: the wall clock between two readings of the raw one.
pub(crate) fn now() -> Now {
    let before = read(libc::CLOCK_MONOTONIC_RAW);
    let wall = read(libc::CLOCK_REALTIME);
    let after = read(libc::CLOCK_MONOTONIC_RAW);
    Now { raw: Raw(middle(before, after)), wall: Wall(wall) }
}

/// How long the machine has been suspended so far, in nanoseconds, which the raw clock does not count; `None` where nobody knows.
pub(crate) fn slept() -> Option<i64> {
    let mut t = [libc::timespec { tv_sec: 0, tv_nsec: 0 }; 2];
    let [boot, awake] = &mut t;
    // SAFETY: both are timespecs to write to; a kernel or a simulator without CLOCK_BOOTTIME says so.
    let known =
        unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, awake) == 0 && libc::clock_gettime(libc::CLOCK_BOOTTIME, boot) == 0 };
    let nanoseconds = |t: &libc::timespec| t.tv_sec.saturating_mul(SECOND).saturating_add(t.tv_nsec);
    known.then(|| nanoseconds(boot).saturating_sub(nanoseconds(awake)))
}

fn adjust(timex: &mut libc::timex) -> io::Result<()> {
    // SAFETY: `timex` is a whole, initialised structure that outlives the call.
    if unsafe { libc::clock_adjtime(libc::CLOCK_REALTIME, timex) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn timex() -> libc::timex {
    // SAFETY: timex is plain integers, for which all zero bytes are a value.
    unsafe { zeroed() }
}

/// Adds `offset` seconds to the wall clock at once.
///
/// # Errors
/// `EPERM` without `CAP_SYS_TIME`.
pub(crate) fn step(offset: f64) -> io::Result<()> {
    let ns = nanoseconds(offset);
    let mut t = timex();
    t.modes = libc::ADJ_SETOFFSET | libc::ADJ_NANO;
    t.time = libc::timeval { tv_sec: ns.div_euclid(SECOND), tv_usec: ns.rem_euclid(SECOND) };
    adjust(&mut t)
}

/// Leads the wall clock `offset` seconds forward or back, 0.5 ms in each second; the kernel does it by itself.
///
/// # Errors
/// `EPERM` without `CAP_SYS_TIME`.
pub(crate) fn slew(offset: f64) -> io::Result<()> {
    let mut t = timex();
    t.modes = libc::ADJ_OFFSET_SINGLESHOT;
    t.offset = nanoseconds(offset) / 1000;
    adjust(&mut t)
}

/// Takes the clock over: whatever else led it, the kernel's own loop, a slew under way, or a daemon that was killed, ends.
///
/// # Errors
/// `EPERM` without `CAP_SYS_TIME`.
pub(crate) fn begin() -> io::Result<()> {
    slew(0.0)?;
    // The rest of an offset goes away only while the loop is on.
    let mut t = timex();
    (t.modes, t.status) = (libc::ADJ_OFFSET | libc::ADJ_STATUS, libc::STA_PLL);
    adjust(&mut t)?;
    let mut t = timex();
    (t.modes, t.status, t.tick) = (libc::ADJ_STATUS | libc::ADJ_TICK, libc::STA_UNSYNC, 10_000);
    adjust(&mut t)
}

/// Runs the wall clock `rate` seconds per second faster than the raw clock, and tells the kernel that its error is within `bound`
/// seconds, so that it may say "synchronised" to others.
///
/// # Errors
/// `EPERM` without `CAP_SYS_TIME`.
pub(crate) fn rate(rate: f64, bound: f64) -> io::Result<()> {
    // The tick is 10 000 us, so that one of its units makes 100 ppm; the frequency does the rest, in 2^-16 ppm (adjtimex(2)).
    let ppm = rate.clamp(-0.09, 0.09) * 1e6;
    let ticks = (ppm / 100.0).round();
    let mut t = timex();
    t.modes = libc::ADJ_TICK | libc::ADJ_FREQUENCY | libc::ADJ_STATUS | libc::ADJ_MAXERROR | libc::ADJ_ESTERROR;
    t.tick = 10_000 + whole(ticks);
    t.freq = whole((ppm - 100.0 * ticks) * 65536.0);
    let microseconds = whole((bound * 1e6).ceil().min(16e6));
    (t.maxerror, t.esterror) = (microseconds, microseconds);
    adjust(&mut t)
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
fn whole(x: f64) -> libc::c_long {
    x.round() as libc::c_long
}

/// A UDP socket that talks to one address from a random port.
pub(crate) struct Socket(UdpSocket);

impl Socket {
    /// Opens one towards `server`.
    ///
    /// # Errors
    /// As `socket(2)` and `connect(2)`: there may be no route.
    pub(crate) fn connect(server: SocketAddr) -> io::Result<Self> {
        let family = if server.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
        // SAFETY: takes and returns integers only.
        let fd = unsafe { libc::socket(family, libc::SOCK_DGRAM, 0) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: `fd` is open and nobody else's.
        let socket = UdpSocket::from(unsafe { OwnedFd::from_raw_fd(fd) });
        let flags = libc::SOF_TIMESTAMPING_RX_SOFTWARE | libc::SOF_TIMESTAMPING_SOFTWARE;
        // SAFETY: the value is a c_uint that lives through the call. A kernel without times of arrival refuses, and none is needed.
        unsafe {
            let size = libc::socklen_t::try_from(size_of::<libc::c_uint>()).unwrap_or_default();
            libc::setsockopt(fd, libc::SOL_SOCKET, libc::SO_TIMESTAMPING, (&raw const flags).cast(), size);
        }
        socket.connect(server)?;
        Ok(Self(socket))
    }

    /// Sends one packet.
    ///
    /// # Errors
    /// As `send(2)`; `ECONNREFUSED` where nothing listens.
    pub(crate) fn send(&self, packet: &[u8]) -> io::Result<()> {
        self.0.send(packet).map(|_| ())
    }

    /// Takes one packet without waiting: its length and, where the kernel says it, its time of arrival.
    ///
    /// # Errors
    /// As `recvmsg(2)`; `EAGAIN` where there is none.
    pub(crate) fn receive(&self, to: &mut [u8]) -> io::Result<(usize, Option<Wall>)> {
        let mut part = libc::iovec { iov_base: to.as_mut_ptr().cast(), iov_len: to.len() };
        let mut control = [0u64; 16];
        // SAFETY: msghdr is pointers and integers, for which all zero bytes are a value.
        let mut message: libc::msghdr = unsafe { zeroed() };
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&control);
        // SAFETY: the message names `to` and `control` with their sizes, and both outlive the call.
        let n = unsafe { libc::recvmsg(self.0.as_raw_fd(), &raw mut message, libc::MSG_DONTWAIT) };
        let n = usize::try_from(n).map_err(|_| io::Error::last_os_error())?;
        Ok((n, arrival(&message)))
    }
}

/// The software time of arrival among a message's control data.
fn arrival(message: &libc::msghdr) -> Option<Wall> {
    // SAFETY: recvmsg filled `message`, so that the macros walk whole headers within its control buffer, which is still alive; the
    // data of SCM_TIMESTAMPING is three timespecs, read without regard to their alignment.
    unsafe {
        let mut header = libc::CMSG_FIRSTHDR(message);
        while let Some(h) = header.as_ref() {
            if h.cmsg_level == libc::SOL_SOCKET && h.cmsg_type == libc::SCM_TIMESTAMPING {
                let t = libc::CMSG_DATA(header).cast::<libc::timespec>().read_unaligned();
                return (t.tv_sec != 0).then(|| Wall(t.tv_sec.saturating_mul(SECOND).saturating_add(t.tv_nsec)));
            }
            header = libc::CMSG_NXTHDR(message, header);
        }
    }
    None
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
