//! Standard output: 64 KiB blocks on a pipe, lines on a terminal.
use crate::fail::{Fail, Result};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// Standard output, taken for the whole run.
///
/// Errors name `stdout`; a closed pipe is told apart by [`Fail::is_closed_pipe`].
pub struct Out {
    to: BufWriter<StdoutLock<'static>>,
    terminal: bool,
}

impl Out {
    /// Takes standard output for the rest of the run.
    #[must_use]
    pub fn stdout() -> Self {
        let terminal = io::stdout().is_terminal();
        Self { to: BufWriter::with_capacity(1 << 16, io::stdout().lock()), terminal }
    }

    /// Whether a person is reading.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes text as it is.
    pub fn text(&mut self, s: &str) -> Result<()> {
        self.bytes(s.as_bytes())
    }

    /// Writes bytes as they are.
    pub fn bytes(&mut self, b: &[u8]) -> Result<()> {
        self.to.write_all(b).map_err(Fail::on("stdout"))?;
        if self.terminal { self.flush() } else { Ok(()) }
    }

    /// Hands on what is buffered: a daemon calls it after each event, so that a pipe sees it at once.
    pub fn flush(&mut self) -> Result<()> {
        self.to.flush().map_err(Fail::on("stdout"))
    }
}
