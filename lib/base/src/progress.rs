//! One line on a terminal for what takes longer than a second; nothing on a pipe.
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(1);
const REDRAW: Duration = Duration::from_millis(100);

/// A line under way on standard error; it is wiped when dropped.
pub struct Progress {
    what: String,
    /// When the next drawing is due; `None` where nobody looks.
    due: Option<Instant>,
    drawn: bool,
}

impl Progress {
    /// Work named `what` begins.
    #[must_use]
    pub fn start(what: &str) -> Self {
        let due = io::stderr().is_terminal().then(|| Instant::now() + PATIENCE);
        Self { what: what.into(), due, drawn: false }
    }

    /// `done` of `total` units are through; `total` 0 means that it is not known.
    pub fn tick(&mut self, done: u64, total: u64) {
        let now = Instant::now();
        if self.due.is_none_or(|due| now < due) {
            return;
        }
        self.due = Some(now + REDRAW);
        self.drawn = true;
        let _ = write!(io::stderr(), "\r{}\x1b[K", line(&self.what, done, total));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(what: &str, done: u64, total: u64) -> String {
    match (u128::from(done) * 100).checked_div(total.into()) {
        Some(percent) => format!("{what}: {done} of {total} ({percent} %)"),
        None => format!("{what}: {done}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_far() {
        assert_eq!(line("scan", 1, 3), "scan: 1 of 3 (33 %)");
        assert_eq!(line("scan", 7, 0), "scan: 7");
    }
}
