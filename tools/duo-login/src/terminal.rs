//! The person at the terminal: told and asked, unless nobody is there.
use crate::sys::{self, Ready};
use crate::text;
use std::io::{self, Write};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// The most bytes of an answer, as in login_duo.
const ANSWER_MOST: usize = 255;

/// What came of a question.
#[derive(Debug)]
pub enum Reply {
    /// A line, without its end.
    Line(Zeroizing<String>),
    /// A line longer than any passcode.
    TooLong,
    /// End of input, no answer in time, or a broken terminal.
    None,
}

/// The terminal of this login.
pub struct Terminal {
    /// Nobody is there: nothing is said, nothing asked.
    pub quiet: bool,
}

impl Terminal {
    /// Says a line.
    pub fn say(&self, line: &str) {
        self.put(&format!("{line}\n"));
    }

    /// Asks, and reads one line.
    #[must_use]
    pub fn ask(&self, prompt: &str) -> Reply {
        self.put(prompt);
        let mut line = Zeroizing::new(Vec::with_capacity(ANSWER_MOST + 1));
        let mut byte = [0];
        let end = Instant::now() + PATIENCE;
        // Byte by byte: what follows the line belongs to the shell.
        loop {
            match sys::poll(&io::stdin(), Ready::Read, end.saturating_duration_since(Instant::now())) {
                Ok(true) => {}
                _ => return Reply::None,
            }
            match sys::read_stdin(&mut byte) {
                Ok(1) if byte == *b"\n" => break,
                Ok(1) if line.len() > ANSWER_MOST => {}
                Ok(1) => line.extend_from_slice(&byte),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                _ => return Reply::None,
            }
        }
        if line.len() > ANSWER_MOST {
            return Reply::TooLong;
        }
        match std::str::from_utf8(&line) {
            Ok(text) => Reply::Line(Zeroizing::new(text.trim_end_matches('\r').to_string())),
            Err(_) => Reply::Line(Zeroizing::new("?".into())),
        }
    }

    fn put(&self, words: &str) {
        if !self.quiet {
            let mut out = io::stdout().lock();
            // A terminal that is gone is found out by the next question.
            let _ = out.write_all(text::terminal(words).as_bytes()).and_then(|()| out.flush());
        }
    }
}
