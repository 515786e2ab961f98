//! Names looked up beside the loop: the resolver may take half a minute, and the clock must not wait for it.
use crate::net::Target;
use base::fail::{Fail, Result};
use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What a look-up found.
type Found = (Target, Result<Vec<SocketAddr>>);

/// The look-ups under way.
pub(crate) struct Lookups {
    under_way: HashSet<Target>,
    found: Receiver<Found>,
    finder: Sender<Found>,
    wake: UnixStream,
    waker: UnixStream,
}

impl Lookups {
    /// None yet.
    pub(crate) fn new() -> Result<Self> {
        let (wake, waker) = UnixStream::pair().map_err(Fail::on("name look-up"))?;
        wake.set_nonblocking(true).map_err(Fail::on("name look-up"))?;
        let (finder, found) = channel();
        Ok(Self { under_way: HashSet::new(), found, finder, wake, waker })
    }

    /// Looks up `target`, unless that is under way.
    pub(crate) fn begin(&mut self, target: &Target) -> Result<()> {
        if self.under_way.contains(target) {
            return Ok(());
        }
        let (own, finder) = (target.clone(), self.finder.clone());
        let mut waker = self.waker.try_clone().map_err(Fail::on("name look-up"))?;
        let looked = std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
            let addresses = own.addresses();
            // The loop has ended if nobody listens.
            let _ = finder.send((own, addresses));
            let _ = waker.write_all(&[0]);
        });
        looked.map_err(Fail::on("name look-up"))?;
        self.under_way.insert(target.clone());
        Ok(())
    }

    /// What was found since the last call.
    pub(crate) fn take(&mut self) -> Vec<Found> {
        while matches!(self.wake.read(&mut [0; 64]), Ok(n) if n > 0) {}
        let found: Vec<_> = self.found.try_iter().collect();
        for (target, _) in &found {
            self.under_way.remove(target);
        }
        found
    }
}

impl AsFd for Lookups {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}
