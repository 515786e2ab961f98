//! Records of a file or standard input, with the place of each for messages.
use crate::fail::{Fail, Result};
use std::fs::File;
use std::io::{self, Read};

/// A record longer than this is refused: it is no text.
pub const LONGEST: usize = 1 << 20;

/// Splits its input into records by one byte.
pub struct Records<R = Box<dyn Read>> {
    name: String,
    from: R,
    end: u8,
    number: u64,
    buf: Vec<u8>,
    /// The unread part of `buf`.
    rest: std::ops::Range<usize>,
}

/// The lines of `path`, or of standard input for `-`.
///
/// # Errors
/// `path` cannot be opened.
pub fn open(path: &str) -> Result<Records> {
    if path == "-" {
        return Ok(Records::new("stdin", Box::new(io::stdin()), b'\n'));
    }
    let file = File::open(path).map_err(Fail::on(path))?;
    Ok(Records::new(path, Box::new(file), b'\n'))
}

impl<R: Read> Records<R> {
    /// The records of `from` that end with `end`; `name` stands in messages.
    pub fn new(name: &str, from: R, end: u8) -> Self {
        Self { name: name.into(), from, end, number: 0, buf: Vec::new(), rest: 0..0 }
    }

    /// The next record without its end byte, `None` at the end of the input.
    ///
    /// # Errors
    /// The input cannot be read, or a record is longer than [`LONGEST`].
    #[expect(clippy::should_implement_trait, reason = "it lends from its own buffer, which Iterator cannot")]
    pub fn next(&mut self) -> Result<Option<&[u8]>> {
        let mut seen = 0;
        loop {
            let unread = self.buf.get(self.rest.clone()).unwrap_or_default();
            if let Some(at) = memchr::memchr(self.end, unread.get(seen..).unwrap_or_default()) {
                let record = self.rest.start..self.rest.start + seen + at;
                self.rest.start = record.end + 1;
                self.number += 1;
                return Ok(self.buf.get(record));
            }
            seen = unread.len();
            if seen > LONGEST {
                self.number += 1;
                return Err(Fail::Other(format!("{}: longer than 1 MiB: expected lines of text", self.place())));
            }
            if !self.fill()? {
                let record = std::mem::replace(&mut self.rest, 0..0);
                if record.is_empty() {
                    return Ok(None);
                }
                self.number += 1;
                return Ok(self.buf.get(record));
            }
        }
    }

    /// Where the last record stands: `file:line`; the file alone where there was none.
    #[must_use]
    pub fn place(&self) -> String {
        if self.number == 0 { self.name.clone() } else { format!("{}:{}", self.name, self.number) }
    }

    /// Reads another block behind the unread part; false at the end of the input.
    fn fill(&mut self) -> Result<bool> {
        self.buf.drain(..self.rest.start);
        self.rest = 0..self.rest.len();
        self.buf.resize(self.rest.end + (1 << 16), 0);
        loop {
            match self.from.read(self.buf.get_mut(self.rest.end..).unwrap_or_default()) {
                Ok(n) => {
                    self.rest.end += n;
                    return Ok(n > 0);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Fail::Io(self.name.clone(), e)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte a read, the worst that a pipe can do.
    struct Drip<'a>(&'a [u8]);
    impl Read for Drip<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(1);
            self.0.read(&mut to[..n])
        }
    }

    fn all(text: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut records = Records::new("f", Drip(text), b'\n');
        let mut got = Vec::new();
        while let Some(r) = records.next().unwrap().map(<[u8]>::to_vec) {
            got.push((records.place(), r));
        }
        got
    }

    #[test]
    fn last_line_needs_no_newline() {
        assert_eq!(all(b"a\n\nbc"), [("f:1".into(), b"a".to_vec()), ("f:2".into(), vec![]), ("f:3".into(), b"bc".to_vec())]);
        assert_eq!(all(b""), []);
        assert_eq!(all(b"\n"), [("f:1".into(), vec![])]);
    }

    #[test]
    fn endless_record_is_refused_where_it_stands() {
        let mut records = Records::new("f", io::repeat(0), b'\n');
        assert_eq!(records.next().unwrap_err().to_string(), "f:1: longer than 1 MiB: expected lines of text");
    }

    #[test]
    fn records_longer_than_a_block() {
        let long = vec![b'x'; 200_000];
        let text = [&long[..], b"\nend\n"].concat();
        let mut records = Records::new("f", &text[..], b'\n');
        assert_eq!(records.next().unwrap().unwrap().len(), 200_000);
        assert_eq!(records.next().unwrap().unwrap(), b"end");
        assert!(records.next().unwrap().is_none());
    }
}
