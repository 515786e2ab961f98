//! A tool's entry: parse, run, report, exit.
use crate::fail::{Fail, Result};
use crate::message::warn_lines;
pub use crate::message::{shown, warn};
use crate::out::Out;
use getopts::{Matches, Options};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;
use std::time::Duration;

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
        // A failed run still prints what it had, and says so if that cannot be printed either.
        match (self.start(args, &mut out), out.flush()) {
            (Ok(status), Ok(())) => status.into(),
            (Ok(_), Err(e)) => self.failed(&e),
            (Err(e), Err(lost)) if !e.is_output() && !lost.is_closed_pipe() => {
                let status = self.failed(&e);
                self.failed(&lost);
                status
            }
            (Err(e), _) => self.failed(&e),
        }
    }

    /// Says why a run failed; its exit status.
    fn failed(&self, e: &Fail) -> ExitCode {
        match e {
            _ if e.is_closed_pipe() => return ExitCode::SUCCESS,
            Fail::Lines(text) => warn_lines(self.name, text),
            Fail::Usage(_) => warn(self.name, format!("{e} ({} tells the usage)", self.help())),
            _ => warn(self.name, e),
        }
        e.status().into()
    }

    fn start(&self, args: impl Iterator<Item = OsString>, out: &mut Out) -> Result {
        let mut options = Options::new();
        options.optflag(self.letters.0, "help", "print this text");
        options.optflag(self.letters.1, "version", "print the version");
        (self.options)(&mut options);
        let args = args.map(|a| a.into_string().map_err(not_text)).collect::<Result<Vec<_>>>()?;
        let found = options.parse(args).map_err(|e| wrong_option(&e))?;
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

    /// The command that prints the usage.
    fn help(&self) -> String {
        let option = if self.letters.0.is_empty() { "--help".into() } else { format!("-{}", self.letters.0) };
        format!("{} {option}", self.name)
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

/// getopts takes text only; so do the tools.
fn not_text(argument: OsString) -> Fail {
    Fail::Usage(format!("{}: not UTF-8", argument.as_bytes().escape_ascii()))
}

/// What is wrong with an option, in the words of the house.
fn wrong_option(e: &getopts::Fail) -> Fail {
    use getopts::Fail as G;
    let (option, why) = match e {
        G::ArgumentMissing(o) => (o, "expected an argument"),
        G::UnrecognizedOption(o) => (o, "no such option"),
        G::OptionMissing(o) => (o, "is missing"),
        G::OptionDuplicated(o) => (o, "given twice"),
        G::UnexpectedArgument(o) => (o, "takes no argument"),
    };
    let dash = if option.chars().nth(1).is_some() { "--" } else { "-" };
    Fail::Usage(format!("{dash}{option}: {why}"))
}

/// The value of an option that is a duration, or a usage error that names it.
pub fn duration(found: &Matches, option: &str) -> Result<Option<Duration>> {
    let Some(text) = found.opt_str(option) else { return Ok(None) };
    let dash = if option.len() > 1 { "--" } else { "-" };
    crate::time::duration(&text).map(Some).map_err(|e| Fail::Usage(format!("{dash}{option} {e}")))
}

/// The value of a numeric option, or a usage error that names it.
pub fn number<T: std::str::FromStr>(found: &Matches, option: &str) -> Result<Option<T>> {
    let Some(text) = found.opt_str(option) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Fail::Usage(format!("-{option} {}: expected a number", shown(&text))))
}
