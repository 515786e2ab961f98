//! A foreground daemon: signals that set flags, and word to the supervisor.
use crate::fail::{Fail, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// HUP, TERM or INT, and USR1, as flags; a descriptor wakes `poll`.
pub struct Signals {
    hup: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    usr1: Arc<AtomicBool>,
    wake: UnixStream,
}

impl Signals {
    /// Catches the signals from now on.
    pub fn catch() -> Result<Self> {
        let failed = || Fail::on("signals");
        let (wake, end) = UnixStream::pair().map_err(failed())?;
        wake.set_nonblocking(true).map_err(failed())?;
        let [hup, stop, usr1] = [(); 3].map(|()| Arc::new(AtomicBool::new(false)));
        for (signal, flag) in [(SIGHUP, &hup), (SIGTERM, &stop), (SIGINT, &stop), (SIGUSR1, &usr1)] {
            signal_hook::flag::register(signal, Arc::clone(flag)).map_err(failed())?;
            let end = end.try_clone().map_err(failed())?;
            signal_hook::low_level::pipe::register(signal, end).map_err(failed())?;
        }
        Ok(Self { hup, stop, usr1, wake })
    }

    /// Forgets what woke the last `poll` on [`Signals::as_fd`]; the flags stay.
    pub fn rest(&mut self) {
        while matches!(self.wake.read(&mut [0; 64]), Ok(n) if n > 0) {}
    }

    /// Whether TERM or INT came: end in an orderly way.
    #[must_use]
    pub fn stop(&self) -> bool {
        self.stop.load(Relaxed)
    }

    /// Whether HUP came since the last call: read the configuration again, keep the old one if it is wrong.
    #[must_use]
    pub fn reload(&self) -> bool {
        self.hup.swap(false, Relaxed)
    }

    /// Whether USR1 came since the last call: print the status.
    #[must_use]
    pub fn status(&self) -> bool {
        self.usr1.swap(false, Relaxed)
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}

/// Tells systemd `READY=1`, `RELOADING=1` and the like (`sd_notify(3)`); nothing where `NOTIFY_SOCKET` is unset.
pub fn notify(state: &str) -> Result<()> {
    let Some(path) = std::env::var_os("NOTIFY_SOCKET") else { return Ok(()) };
    let socket = UnixDatagram::unbound().map_err(Fail::on("NOTIFY_SOCKET"))?;
    #[cfg(target_os = "linux")]
    if let Some(name) = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt;
        let address = std::os::unix::net::SocketAddr::from_abstract_name(name).map_err(Fail::on("NOTIFY_SOCKET"))?;
        return socket.send_to_addr(state.as_bytes(), &address).map(|_| ()).map_err(Fail::on("NOTIFY_SOCKET"));
    }
    socket.send_to(state.as_bytes(), path).map(|_| ()).map_err(Fail::on("NOTIFY_SOCKET"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_wake() {
        let mut signals = Signals::catch().unwrap();
        assert!(!signals.reload() && !signals.stop() && !signals.status());
        signal_hook::low_level::raise(SIGHUP).unwrap();
        assert_eq!((&signals.wake).read(&mut [0; 1]).unwrap(), 1);
        assert!(signals.reload() && !signals.reload());
        signal_hook::low_level::raise(SIGTERM).unwrap();
        signals.rest();
        assert!(signals.stop() && signals.stop());
    }
}
