//! A tool's entry: parse, run, report, exit.
use crate::fail::{Fail, Result};
use crate::out::Out;
use getopts::{Matches, Options};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// What a tool says about itself.
pub struct Tool {
    /// Its name, as in messages.
    pub name: &'static str,
    /// The lines after `usage:`, one a form.
    pub usage: &'static [&'static str],
    /// Adds its options. `-h` and `-V` are taken by `--help` and `--version` unless the tool adds them itself.
    pub options: fn(&mut Options),
    /// Does its work.
    pub run: fn(&Matches, &mut Out) -> Result,
    /// Short letters of `--help` and `--version`: `"h"` and `"V"`, or `""` where the tool's heritage gives them another meaning.
    pub letters: (&'static str, &'static str),
}

impl Tool {
    /// Runs the tool on the process's own arguments.
    #[must_use]
    pub fn main(&self) -> ExitCode {
        self.main_on(std::env::args_os().skip(1))
    }

    /// The same on the given arguments: for a verb that reads its own in another way.
    #[must_use]
    pub fn main_on(&self, args: impl Iterator<Item = OsString>) -> ExitCode {
        let mut out = Out::stdout();
        let done = self.start(args, &mut out);
        let done = done.and_then(|status| out.flush().map(|()| status));
        // A failed run still prints what it had; the first failure is the one reported.
        let done = done.inspect_err(|_| drop(out.flush()));
        match done {
            Ok(status) => status.into(),
            Err(e) if e.is_closed_pipe() => ExitCode::SUCCESS,
            Err(e) => {
                match &e {
                    Fail::Lines(text) => warn_lines(self.name, text),
                    _ => warn(self.name, &e),
                }
                if matches!(e, Fail::Usage(_)) {
                    let _ = write!(io::stderr(), "{}", self.usage_text());
                }
                e.status().into()
            }
        }
    }

    fn start(&self, args: impl Iterator<Item = OsString>, out: &mut Out) -> Result {
        let mut options = Options::new();
        options.optflag(self.letters.0, "help", "print this text");
        options.optflag(self.letters.1, "version", "print the version");
        (self.options)(&mut options);
        let found = options.parse(args).map_err(|e| Fail::Usage(e.to_string()))?;
        if found.opt_present("help") {
            out.text(&options.usage(self.usage_text().trim_end()))?;
            return Ok(0);
        }
        if found.opt_present("version") {
            out.text(&format!("{} {}\n", self.name, env!("CARGO_PKG_VERSION")))?;
            return Ok(0);
        }
        (self.run)(&found, out)
    }

    fn usage_text(&self) -> String {
        let mut text = String::new();
        for (i, line) in self.usage.iter().enumerate() {
            let head = if i == 0 { "usage:" } else { "      " };
            text += &format!("{head} {} {line}\n", self.name);
        }
        text
    }
}

/// Says `tool: message` on standard error, control characters made visible.
///
/// Nothing can be done about a standard error that is gone, so that is ignored.
pub fn warn(tool: &str, message: impl std::fmt::Display) {
    let mut line = String::new();
    crate::table::printable(&mut line, &message.to_string());
    let _ = writeln!(io::stderr(), "{tool}: {line}");
}

/// As [`warn`], for a message of several lines.
fn warn_lines(tool: &str, text: &str) {
    let mut shown = String::new();
    for line in text.lines() {
        let words = line.trim_start_matches('\t');
        shown.push_str(if shown.is_empty() { "" } else { "\n" });
        shown.push_str(line.get(..line.len() - words.len()).unwrap_or_default());
        crate::table::printable(&mut shown, words);
    }
    let _ = writeln!(io::stderr(), "{tool}: {shown}");
}

/// The value of a numeric option, or a usage error that names it.
pub fn number<T: std::str::FromStr>(found: &Matches, option: &str) -> Result<Option<T>> {
    let Some(text) = found.opt_str(option) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Fail::Usage(format!("-{option} {text}: expected a number")))
}
