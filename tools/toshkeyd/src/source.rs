//! Where events come from: a stream (device, file, pipe) or the HCI's queue.
use crate::hci::{Queue, Regs};
use crate::keys;
use crate::stream::{Decoder, Raw};
use crate::sys;
use base::fail::{Fail, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

/// What one look at a source gave.
pub enum Look {
    /// There may be more later.
    More,
    /// The stream is over.
    End,
    /// The device was unplugged, or its driver unloaded.
    Gone,
}

type Call = Box<dyn FnMut(Regs) -> io::Result<Regs>>;

enum Kind {
    Stream(File, Decoder),
    Hci(Queue<Call>),
}

/// An open source.
pub struct Source {
    /// Its path, `stdin` for standard input.
    pub name: String,
    kind: Kind,
    /// How often the kernel dropped events for want of room.
    pub dropped: u64,
}

impl Source {
    /// Opens `-`, `hci:PATH` or a path; the Toshiba's input device where none is given.
    pub fn open(given: Option<&str>) -> Result<Self> {
        let (name, file) = match given {
            None => sys::find()?,
            Some("-") => {
                let stdin = io::stdin().as_fd().try_clone_to_owned().map_err(Fail::on("stdin"))?;
                ("stdin".into(), stdin.into())
            }
            Some(path) => match path.strip_prefix("hci:") {
                Some(path) => return Self::hci(path),
                None => (path.into(), sys::open(path).map_err(Fail::on(path))?),
            },
        };
        let decoder = Decoder::new(&name);
        Ok(Self { name, kind: Kind::Stream(file, decoder), dropped: 0 })
    }

    fn hci(path: &str) -> Result<Self> {
        sys::free()?;
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(Fail::on(path))?;
        let call: Call = Box::new(move |regs| sys::call(&file, regs));
        let queue = Queue::enable(call).map_err(Fail::on(path))?;
        Ok(Self { name: path.into(), kind: Kind::Hci(queue), dropped: 0 })
    }

    /// What to wait for.
    #[must_use]
    pub fn fd(&self) -> Option<BorrowedFd<'_>> {
        match &self.kind {
            Kind::Stream(file, _) => Some(file.as_fd()),
            Kind::Hci(_) => None,
        }
    }

    /// How long to wait at most before the next look.
    #[must_use]
    pub fn pause(&self) -> Option<Duration> {
        match &self.kind {
            Kind::Stream(..) => None,
            Kind::Hci(queue) => Some(queue.pause()),
        }
    }

    /// Takes what is there; the events are appended to `to`.
    ///
    /// # Errors
    /// The source cannot be read or holds something else. The events before that are in `to`.
    pub fn read(&mut self, to: &mut Vec<Raw>) -> Result<Look> {
        match &mut self.kind {
            Kind::Stream(file, decoder) => {
                let mut bytes = [0; 1 << 16];
                let look = match file.read(&mut bytes) {
                    Ok(0) => decoder.end(to).map(|()| Look::End),
                    Ok(n) => decoder.feed(bytes.get(..n).unwrap_or_default(), to).map(|()| Look::More),
                    Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(Look::More),
                    Err(e) if e.raw_os_error() == Some(libc::ENODEV) => Ok(Look::Gone),
                    Err(e) => return Err(Fail::Io(self.name.clone(), e)),
                };
                self.dropped = decoder.dropped;
                look.map_err(Fail::Other)
            }
            Kind::Hci(queue) => {
                for code in queue.drain().map_err(Fail::on(&self.name))? {
                    let (code, action) = keys::split(code);
                    to.push(Raw { time: None, code: Some(code), number: None, action });
                }
                Ok(Look::More)
            }
        }
    }

    /// Leaves the firmware as it was found.
    pub fn close(&mut self) -> Result<()> {
        match &mut self.kind {
            Kind::Stream(..) => Ok(()),
            Kind::Hci(queue) => queue.disable().map_err(Fail::on(&self.name)),
        }
    }
}
