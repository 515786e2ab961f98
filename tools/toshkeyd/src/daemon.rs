//! The loop: events in, lines, brightness and commands out; signals in between.
use crate::actions::Runner;
use crate::backlight::Backlight;
use crate::config::{Config, Key};
use crate::event::Event;
use crate::keys::Action;
use crate::source::{Look, Source};
use crate::{TOOL, config, sys};
use base::cli::warn;
use base::daemon::{Signals, notify};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Table, printable};
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How often to look for a device that is gone.
const AWAY: Duration = Duration::from_secs(1);

/// What the command line asks for.
pub struct Wish {
    /// The configuration file.
    pub file: Option<String>,
    /// The backlight; it goes before the configuration's.
    pub backlight: Option<String>,
    /// The source; `None` for the Toshiba's input device.
    pub source: Option<String>,
}

impl Wish {
    /// What the configuration says, and the backlight, seen to work.
    fn settings(&self) -> Result<(Config, Option<Backlight>)> {
        let config = self.file.as_deref().map_or_else(|| Ok(Config::default()), config::read)?;
        let dir = self.backlight.as_ref().or(config.backlight.as_ref());
        let backlight = dir.map(|dir| Backlight::open(dir)).transpose()?;
        Ok((config, backlight))
    }
}

/// The daemon at work.
pub struct Daemon {
    wish: Wish,
    config: Config,
    backlight: Option<Backlight>,
    runner: Runner,
    keys: u64,
    dropped: u64,
}

impl Daemon {
    /// Checks configuration and backlight.
    pub fn new(wish: Wish) -> Result<Self> {
        let (config, backlight) = wish.settings()?;
        Ok(Self { wish, config, backlight, runner: Runner::default(), keys: 0, dropped: 0 })
    }

    /// Runs until the source ends or TERM comes.
    pub fn run(&mut self, out: &mut Out, table: &mut Table) -> Result {
        let mut wake = Wake::new()?;
        let mut source = Some(Source::open(self.wish.source.as_deref())?);
        tell("READY=1");
        let served = self.serve(&mut source, &mut wake, out, table);
        let closed = source.map_or(Ok(()), |mut source| source.close());
        served.and(closed).map(|()| 0)
    }

    fn serve(&mut self, source: &mut Option<Source>, wake: &mut Wake, out: &mut Out, table: &mut Table) -> Result<()> {
        while !wake.signals.stop() {
            let pause = source.as_ref().map_or(Some(AWAY), Source::pause);
            let readable = wake.sleep(source.as_ref().and_then(Source::fd), pause)?;
            self.runner.reap();
            self.obey(&wake.signals, source.as_ref());
            match source {
                None => *source = self.found(),
                Some(s) if s.fd().is_none() || readable => match self.take(s, out, table)? {
                    Look::More => {}
                    Look::End => return self.finish(wake),
                    Look::Gone if self.wish.source.is_some() => {
                        return Err(Fail::Other(format!("{}: the device is gone", s.name)));
                    }
                    Look::Gone => {
                        warn(TOOL.name, format!("{}: the device is gone: waiting for it to come back", s.name));
                        *source = None;
                    }
                },
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Waits for the commands of a recording that is over.
    fn finish(&mut self, wake: &mut Wake) -> Result<()> {
        self.runner.reap();
        while self.runner.is_busy() && !wake.signals.stop() {
            wake.sleep(None, None)?;
            self.runner.reap();
        }
        Ok(())
    }

    /// The device after it was gone.
    fn found(&self) -> Option<Source> {
        let source = Source::open(self.wish.source.as_deref()).ok()?;
        warn(TOOL.name, format!("{}: the device is back", source.name));
        Some(source)
    }

    /// Reload and status.
    fn obey(&mut self, signals: &Signals, source: Option<&Source>) {
        if signals.reload() {
            tell("RELOADING=1");
            match self.wish.settings() {
                Ok((config, backlight)) => (self.config, self.backlight) = (config, backlight),
                Err(e) => warn(TOOL.name, format!("{e}: the old configuration stays")),
            }
            tell("READY=1");
        }
        if signals.status() {
            let source = source.map_or("no device", |s| s.name.as_str());
            warn(TOOL.name, self.status(source));
        }
    }

    fn status(&self, source: &str) -> String {
        let Runner { started, skipped, failed, .. } = self.runner;
        let light = match &self.backlight {
            None => String::new(),
            Some(light) => match light.level() {
                Ok(level) => format!("; brightness {level} of {}", light.max()),
                Err(e) => format!("; {e}"),
            },
        };
        let keys = self.keys;
        format!("{source}: {keys} events; commands: {started} started, {skipped} still ran, {failed} failed{light}")
    }

    /// One look at the source. What came before an error is still acted on.
    fn take(&mut self, source: &mut Source, out: &mut Out, table: &mut Table) -> Result<Look> {
        let mut raws = Vec::new();
        let look = source.read(&mut raws);
        for raw in &raws {
            self.act(&Event::new(raw, &self.config.keymap, &source.name), out, table)?;
        }
        out.flush()?;
        if source.dropped > self.dropped {
            warn(TOOL.name, format!("{}: the kernel dropped events: keys came faster than they were read", source.name));
        }
        self.dropped = source.dropped;
        look
    }

    fn act(&mut self, event: &Event, out: &mut Out, table: &mut Table) -> Result<()> {
        self.keys += 1;
        if table.is_text() {
            out.text(&line(&event.fields()))?;
        } else {
            table.row(out, &event.fields())?;
        }
        if event.action != Action::Release {
            self.light(event.key);
        }
        let on = if event.action == Action::Release { Action::Release } else { Action::Press };
        for rule in &self.config.rules {
            let key = match rule.key {
                Key::Named(name) => name == event.key,
                Key::Code(code) => Some(code) == event.code,
            };
            if key && rule.on == on {
                self.runner.start(rule, event);
            }
        }
        Ok(())
    }

    fn light(&self, key: &str) {
        let up = match key {
            "KEY_BRIGHTNESSUP" => true,
            "KEY_BRIGHTNESSDOWN" => false,
            _ => return,
        };
        if let Some(Err(e)) = self.backlight.as_ref().map(|light| light.step(up)) {
            warn(TOOL.name, e);
        }
    }
}

/// What ends a sleep: signals, and commands that ended.
struct Wake {
    signals: Signals,
    ended: UnixStream,
}

impl Wake {
    fn new() -> Result<Self> {
        let signals = Signals::catch()?;
        let (ended, end) = UnixStream::pair().map_err(Fail::on("SIGCHLD"))?;
        ended.set_nonblocking(true).map_err(Fail::on("SIGCHLD"))?;
        signal_hook::low_level::pipe::register(libc::SIGCHLD, end).map_err(Fail::on("SIGCHLD"))?;
        Ok(Self { signals, ended })
    }

    /// Sleeps until something happens; whether `fd` can be read.
    fn sleep(&mut self, fd: Option<BorrowedFd>, pause: Option<Duration>) -> Result<bool> {
        let fds = [Some(self.signals.as_fd()), Some(self.ended.as_fd()), fd];
        let [_, _, readable] = sys::wait(fds, pause).map_err(Fail::on("poll"))?;
        self.signals.rest();
        while matches!(self.ended.read(&mut [0; 64]), Ok(n) if n > 0) {}
        Ok(readable)
    }
}

/// Tells the supervisor. One that does not listen is no reason to stop.
fn tell(state: &str) {
    if let Err(e) = notify(state) {
        warn(TOOL.name, e);
    }
}

/// A line for a person or awk: only the source, which comes last, may hold spaces.
fn line(fields: &[String]) -> String {
    let mut line = String::new();
    printable(&mut line, &fields.join(" "));
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_name_cannot_drive_a_terminal() {
        assert_eq!(line(&["a".into(), "b\u{1b}[2J\nc".into()]), "a b\\x1b[2J\\nc\n");
    }
}
