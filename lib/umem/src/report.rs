//! Messages about a corrupt heap, written without allocating and safely from a signal handler. A ring keeps the last 8 KiB for readers.
use core::fmt::{self, Write};
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicU64, AtomicUsize};

use umem_abi::Audit;

use crate::cache::Cache;
use crate::cell::Global;
use crate::descriptor::DESCRIPTOR;
use crate::{config, stack, sys};

/// [`Fault::what`] of a free buffer written into.
pub(crate) const MODIFIED: &str = "buffer modified after being freed";
/// [`Fault::what`] of a free with another size.
pub(crate) const SIZE: &str = "bad free";

/// Bytes of the ring.
pub(crate) const RING: usize = 8 << 10;
/// The last messages; bytes may be torn where threads complain at once.
pub(crate) static MESSAGES: Global<[u8; RING]> = Global::new([0; RING]);
/// Bytes ever written to it.
pub(crate) static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// A line being put together.
struct Line {
    text: [u8; 512],
    len: usize,
}

impl Write for Line {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let room = self.text.get_mut(self.len..).unwrap_or_default();
        let n = s.len().min(room.len());
        for (to, from) in room.iter_mut().zip(s.bytes()) {
            *to = from;
        }
        self.len += n;
        Ok(())
    }
}

/// Writes a message to standard error and into the ring.
pub(crate) fn say(message: fmt::Arguments) {
    let line = kept(message);
    sys::complain(line.text.get(..line.len).unwrap_or_default());
}

/// Writes a message into the ring only.
pub(crate) fn keep(message: fmt::Arguments) {
    kept(message);
}

fn kept(message: fmt::Arguments) -> Line {
    let mut line = Line { text: [0; 512], len: 0 };
    let _ = line.write_fmt(message);
    let text = line.text.get(..line.len).unwrap_or_default();
    let start = WRITTEN.fetch_add(text.len(), Relaxed);
    let ring = MESSAGES.get().cast::<u8>();
    for (i, &byte) in text.iter().enumerate() {
        // SAFETY: the index is below the ring's length.
        unsafe { ring.add((start + i) % RING).write_volatile(byte) };
    }
    // SAFETY: the descriptor's counter, written by nobody else.
    unsafe { AtomicU64::from_ptr(&raw mut (*DESCRIPTOR.get()).messages_end) }.fetch_add(text.len() as u64, Relaxed);
    line
}

/// What is wrong with a buffer.
pub(crate) struct Fault<'a> {
    pub(crate) what: &'a str,
    /// None: a block above the caches' sizes.
    pub(crate) cache: Option<&'a Cache>,
    pub(crate) buffer: *mut u8,
    /// Its last transaction, null when that is not known.
    pub(crate) audit: *const Audit,
    /// Offset, expected and found word.
    pub(crate) changed: Option<(usize, u64, u64)>,
    /// Sizes at free and at allocation.
    pub(crate) sizes: Option<(usize, usize)>,
    /// The cache the caller named.
    pub(crate) named: Option<&'a Cache>,
}

impl<'a> Fault<'a> {
    pub(crate) fn new(what: &'a str, cache: impl Into<Option<&'a Cache>>, buffer: *mut u8) -> Self {
        Fault { what, cache: cache.into(), buffer, audit: core::ptr::null(), changed: None, sizes: None, named: None }
    }
}

/// Reports a fault, and ends the process unless told not to.
#[cold]
pub(crate) fn fault(f: &Fault) {
    let name = f.cache.map_or("umem_oversize", |c| umem_abi::name(&c.abi.name));
    say(format_args!("umem allocator: {}", f.what));
    if let Some((free, alloc)) = f.sizes {
        say(format_args!(": free size ({free}) != alloc size ({alloc})"));
    }
    say(format_args!("\n"));
    if let Some((offset, expected, found)) = f.changed {
        say(format_args!("modification occurred at offset {offset:#x} ({expected:#x} replaced by {found:#x})\n"));
    }
    if let Some(named) = f.named {
        let named = umem_abi::name(&named.abi.name);
        say(format_args!("buffer was allocated from {name},\ncaller attempting free to {named}.\n"));
    }
    say(format_args!("buffer={:p}  bufctl={:p}  cache: {name}\n", f.buffer, f.audit));
    // SAFETY: a record of ours, which stays mapped.
    if let Some(a) = unsafe { f.audit.as_ref() }.filter(|a| a.state != 0) {
        let ago = sys::now().saturating_sub(a.time);
        say(format_args!("previous transaction on buffer {:p}:\n", f.buffer));
        let (s, ns) = (ago / 1_000_000_000, ago % 1_000_000_000);
        say(format_args!("thread={:#x}  time=T-{s}.{ns:09}  slab={:#x}  cache: {name}\n", a.thread, a.span));
        stack::print(a.stack.get(..a.depth as usize).unwrap_or_default());
    }
    end();
}

fn end() {
    // SAFETY: as in `say`.
    unsafe { AtomicU64::from_ptr(&raw mut (*DESCRIPTOR.get()).errors) }.fetch_add(1, Relaxed);
    say(format_args!("umem: heap corruption detected\n"));
    say(format_args!("stack trace:\n"));
    stack::print_own();
    if config::get().abort {
        sys::abort();
    }
}

/// A pointer came to free that is no live block.
#[cold]
pub(crate) fn bad_free(p: *mut u8) {
    say(format_args!("free({p:p}): double-free or invalid buffer\n"));
    end();
}

/// The same for realloc.
#[cold]
pub(crate) fn bad_realloc(p: *mut u8) {
    say(format_args!("realloc({p:p}): double-free or invalid buffer\n"));
    end();
}

/// An allocation failed, which the program takes for impossible.
#[cold]
pub(crate) fn out_of_memory() {
    say(format_args!("umem: out of heap space\n"));
    end();
}

/// The allocator was called in a signal handler, which may have interrupted it.
#[cold]
pub(crate) fn in_handler() {
    say(format_args!("umem: called from signal handler\n"));
    end();
}
