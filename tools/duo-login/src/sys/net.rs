//! Names, addresses and readiness.
use std::ffi::{CStr, CString, c_char};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::mpsc;
use std::time::{Duration, Instant};

unsafe extern "C" {
    fn inet_ntoa(address: libc::in_addr) -> *const c_char;
}

/// What to wait for.
#[derive(Clone, Copy)]
pub enum Ready {
    /// Something to read, or the end.
    Read,
    /// Room to write, or a connection.
    Write,
}

/// Waits once for `fd`; false when the time is over. A signal does not end the wait.
///
/// # Errors
/// poll(2) failed.
pub fn poll(fd: &impl AsFd, ready: Ready, most: Duration) -> io::Result<bool> {
    let events = match ready {
        Ready::Read => libc::POLLIN,
        Ready::Write => libc::POLLOUT,
    };
    let end = Instant::now() + most;
    let mut left = most;
    loop {
        let mut set = libc::pollfd { fd: fd.as_fd().as_raw_fd(), events, revents: 0 };
        // Rounded up, so that the last millisecond is not spun away.
        let ms = i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
        // SAFETY: one pollfd, and the count says one.
        let n = unsafe { libc::poll(&raw mut set, 1, ms) };
        if n >= 0 {
            return Ok(n > 0);
        }
        let e = io::Error::last_os_error();
        if e.kind() != io::ErrorKind::Interrupted {
            return Err(e);
        }
        left = end.saturating_duration_since(Instant::now());
    }
}

/// Runs `work`, which cannot be interrupted, in a thread; `None` when it has not ended in time. It is then left behind.
///
/// # Errors
/// There is no room for a thread.
pub fn in_time<T: Send + 'static>(deadline: Instant, work: impl FnOnce() -> T + Send + 'static) -> io::Result<Option<T>> {
    let (to, from) = mpsc::channel();
    let run = move || drop(to.send(work()));
    std::thread::Builder::new().spawn(run)?;
    Ok(from.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok())
}

/// The addresses of `host`, as getaddrinfo(3) orders them.
///
/// # Errors
/// The resolver's reason.
pub fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    let found: Vec<_> = (host, port).to_socket_addrs().map_err(|e| reason(&e))?.collect();
    if found.is_empty() { Err("no address".into()) } else { Ok(found) }
}

fn reason(e: &io::Error) -> String {
    let text = super::strerror(e);
    text.strip_prefix("failed to lookup address information: ").unwrap_or(&text).to_string()
}

/// This machine's name.
#[must_use]
pub fn hostname() -> String {
    let mut name = [0u8; 256];
    // SAFETY: gethostname writes at most the given number of bytes; the last one stays NUL.
    let failed = unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len() - 1) } != 0;
    let text = CStr::from_bytes_until_nul(&name).unwrap_or_default();
    if failed { String::new() } else { text.to_string_lossy().into_owned() }
}

/// The canonical name of `host`, by the resolver.
#[must_use]
pub fn canonical_name(host: &str) -> Option<String> {
    let host = CString::new(host).ok()?;
    // SAFETY: addrinfo is plain data; all zero is "no hints".
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_socktype = libc::SOCK_STREAM;
    hints.ai_flags = libc::AI_CANONNAME;
    let mut found = std::ptr::null_mut();
    // SAFETY: the name is NUL-terminated, the hints live through the call, and found receives a list that is
    // freed once; its canonical name is NULL or NUL-terminated and copied before.
    unsafe {
        if libc::getaddrinfo(host.as_ptr(), std::ptr::null(), &raw const hints, &raw mut found) != 0 {
            return None;
        }
        let name = found.as_ref().filter(|f| !f.ai_canonname.is_null()).map(|f| CStr::from_ptr(f.ai_canonname));
        let name = name.map(|n| n.to_string_lossy().into_owned()).filter(|n| !n.is_empty());
        libc::freeaddrinfo(found);
        name
    }
}

/// The address that this machine would send from. A UDP socket is connected for it; no packet leaves.
#[must_use]
pub fn local_ip() -> Option<String> {
    let towards = |local: &str, far: &str| {
        let socket = UdpSocket::bind(local).ok()?;
        socket.connect((far, 53)).ok()?;
        socket.local_addr().ok()
    };
    match towards("0.0.0.0:0", "8.8.8.8") {
        Some(SocketAddr::V4(v4)) => Some(dotted(*v4.ip())),
        _ => towards("[::]:0", "2001:4860:4860::8888").map(|a| a.ip().to_string()),
    }
}

fn dotted(ip: Ipv4Addr) -> String {
    // SAFETY: inet_ntoa returns a NUL-terminated string that lasts until its next call; this is the only one.
    unsafe { CStr::from_ptr(inet_ntoa(libc::in_addr { s_addr: u32::from(ip).to_be() })) }.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_left_behind_when_late() {
        let soon = Instant::now() + Duration::from_millis(20);
        assert_eq!(in_time(soon, || std::thread::sleep(Duration::from_secs(5))).unwrap(), None);
        assert_eq!(in_time(Instant::now() + Duration::from_secs(5), || 7).unwrap(), Some(7));
    }

    #[test]
    fn literals_resolve_and_nothing_does_not() {
        assert_eq!(resolve("::1", 1).unwrap(), ["[::1]:1".parse::<SocketAddr>().unwrap()]);
        assert!(resolve("nothing.invalid", 1).is_err());
        assert_eq!(dotted(Ipv4Addr::new(1, 2, 3, 4)), "1.2.3.4");
    }
}
