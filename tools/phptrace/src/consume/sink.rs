//! Where output goes: standard output, the file of `-o`, or what `freopen()` said last.
use base::fail::{Fail, Result};
use base::out::Out;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, IsTerminal as _, Seek, Write};
use std::process::Command;

/// The output.
pub(crate) struct Sink<'a> {
    out: &'a mut Out,
    /// The file of `-o`, with its name.
    base: Option<(String, BufWriter<File>)>,
    /// The file of `freopen()`.
    other: Option<(String, BufWriter<File>)>,
    /// Whether something has been written since the last table.
    rows: bool,
}

impl<'a> Sink<'a> {
    /// Standard output, or a file that is appended to.
    pub(crate) fn new(out: &'a mut Out, file: Option<&str>) -> Result<Self> {
        let open = |name: &str| -> Result<_> {
            let file = OpenOptions::new().create(true).append(true).open(name).map_err(Fail::on(name))?;
            Ok((name.to_string(), BufWriter::new(file)))
        };
        Ok(Self { out, base: file.map(open).transpose()?, other: None, rows: false })
    }

    /// Writes bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.rows |= !bytes.is_empty();
        match self.other.as_mut().or(self.base.as_mut()) {
            Some((name, file)) => file.write_all(bytes).map_err(Fail::on(name)),
            None => self.out.bytes(bytes),
        }
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: &str) -> Result<()> {
        self.bytes(text.as_bytes())
    }

    /// Empties the screen, if output goes to one and nothing but tables is on it.
    pub(crate) fn clear_screen(&mut self) -> Result<()> {
        let screen = self.base.is_none() && self.other.is_none() && std::io::stdout().is_terminal();
        if screen && !self.rows { self.text("\x1b[H\x1b[J") } else { Ok(()) }
    }

    /// A table has been written.
    pub(crate) fn table_done(&mut self) {
        self.rows = false;
    }

    /// Hands on what is held back.
    pub(crate) fn flush(&mut self) -> Result<()> {
        for (name, file) in self.other.iter_mut().chain(self.base.iter_mut()) {
            file.flush().map_err(Fail::on(name))?;
        }
        self.out.flush()
    }

    /// `system()`: what was printed before comes before what the command prints.
    pub(crate) fn system(&mut self, line: &str) -> Result<()> {
        self.flush()?;
        Command::new("/bin/sh").arg("-c").arg(line).status().map(drop).map_err(Fail::on("/bin/sh"))
    }

    /// `freopen()`: an empty name goes back to where output went at first.
    pub(crate) fn reopen(&mut self, name: &str) -> Result<()> {
        self.flush()?;
        self.other = None;
        if !name.is_empty() {
            self.other = Some((name.to_string(), BufWriter::new(File::create(name).map_err(Fail::on(name))?)));
        }
        Ok(())
    }

    /// `ftruncate()`: empties a file.
    pub(crate) fn truncate(&mut self) -> Result<()> {
        self.flush()?;
        if let Some((name, file)) = self.other.as_mut().or(self.base.as_mut()) {
            file.get_mut().set_len(0).map_err(Fail::on(&*name))?;
            file.rewind().map_err(Fail::on(&*name))?;
        }
        Ok(())
    }
}
