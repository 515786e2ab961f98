//! Messages about a corrupt heap, written without allocating and safely from a signal handler.
use core::fmt::{self, Write};

use crate::sys;

/// A line being put together.
struct Line {
    text: [u8; 256],
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

/// Writes a message to standard error.
pub(crate) fn say(message: fmt::Arguments) {
    let mut line = Line { text: [0; 256], len: 0 };
    let _ = line.write_fmt(message);
    sys::complain(line.text.get(..line.len).unwrap_or_default());
}

fn fatal() {
    say(format_args!("umem: heap corruption detected\n"));
    sys::abort();
}

/// A pointer came to free that is no live block.
#[cold]
pub(crate) fn bad_free(p: *mut u8) {
    say(format_args!("free({p:p}): double-free or invalid buffer\n"));
    fatal();
}

/// The same for realloc.
#[cold]
pub(crate) fn bad_realloc(p: *mut u8) {
    say(format_args!("realloc({p:p}): double-free or invalid buffer\n"));
    fatal();
}
