//! The daemon's configuration: one directive a line.
use crate::net::Target;
use crate::steer::Rules;
use base::fail::{Fail, Result};
use base::lines::{self, Records};
use base::time::duration;
use std::io::Read;

/// What the file says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    /// The servers to ask, at least one.
    pub(crate) servers: Vec<Target>,
    /// Seconds between two requests to one server.
    pub(crate) poll: f64,
    /// How to steer the clock; `None`: only watch it.
    pub(crate) steer: Option<Rules>,
}

/// Reads the file at `path`, `-` for standard input.
///
/// # Errors
/// It cannot be read, or a line is wrong: the message names file, line and what was expected.
pub(crate) fn read(path: &str) -> Result<Config> {
    lines::open(path).and_then(|mut lines| parse(&mut lines)).map_err(Fail::of_config)
}

/// What the lines gave so far.
#[derive(Default)]
struct Draft {
    servers: Vec<Target>,
    poll: Option<f64>,
    steer: Option<bool>,
    step: Option<f64>,
    max_step: Option<f64>,
}

/// Reads what `lines` gives; errors as [`read`].
pub(crate) fn parse<R: Read>(lines: &mut Records<R>) -> Result<Config> {
    let mut draft = Draft::default();
    while let Some(line) = lines.next()?.map(<[u8]>::to_vec) {
        let text = std::str::from_utf8(&line).map_err(|_| "not UTF-8 text".to_string());
        let done = text.and_then(|text| draft.directive(text.trim()));
        done.map_err(|why| Fail::Config(format!("{}: {why}", lines.place())))?;
    }
    if draft.servers.is_empty() {
        return Err(Fail::Config(format!("{}: no server: expected one line of `server HOST` at least", lines.place())));
    }
    let rules = Rules { step: draft.step.unwrap_or(0.128), max_step: draft.max_step.unwrap_or(86400.0) };
    let steer = draft.steer.unwrap_or(false).then_some(rules);
    Ok(Config { servers: draft.servers, poll: draft.poll.unwrap_or(64.0), steer })
}

impl Draft {
    fn directive(&mut self, line: &str) -> std::result::Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (word, value) = line.split_once(char::is_whitespace).map_or((line, ""), |(w, r)| (w, r.trim_start()));
        match word {
            "server" => {
                let target = Target::parse(value).map_err(|e| format!("server {e}"))?;
                if self.servers.contains(&target) {
                    return Err(format!("server {target}: named twice, and would be counted twice"));
                }
                self.servers.push(target);
                Ok(())
            }
            "poll" => time(&mut self.poll, word, value, 8.0..=1024.0, "8s to 1024s"),
            "step" => time(&mut self.step, word, value, 0.001..=3600.0, "1ms to 1h"),
            "max-step" => time(&mut self.max_step, word, value, 0.001..=3.2e9, "1ms to 100y"),
            "steer" => match value {
                "yes" | "no" => once(&mut self.steer, word, value == "yes"),
                _ => Err(format!("steer {value}: expected yes or no")),
            },
            _ => Err(format!("{word}: expected server, poll, steer, step or max-step")),
        }
    }
}

fn once<T>(place: &mut Option<T>, word: &str, value: T) -> std::result::Result<(), String> {
    if place.is_some() {
        return Err(format!("{word}: given twice"));
    }
    *place = Some(value);
    Ok(())
}

fn time(
    place: &mut Option<f64>,
    word: &str,
    value: &str,
    range: std::ops::RangeInclusive<f64>,
    expected: &str,
) -> std::result::Result<(), String> {
    let seconds = duration(value).ok().map(|d| d.as_secs_f64()).filter(|s| range.contains(s));
    once(place, word, seconds.ok_or_else(|| format!("{word} {value}: expected {expected}"))?)
}

/// A configuration from its text, for tests that need one.
#[cfg(test)]
pub(crate) fn tests_read(text: &str) -> Config {
    parse(&mut Records::new("test", text.as_bytes(), b'\n')).expect("configuration")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> std::result::Result<Config, String> {
        parse(&mut Records::new("f", text, b'\n')).map_err(|e| e.to_string())
    }

    #[test]
    fn defaults_only_watch() {
        let config = read(b"# comment\n\n  server a\nserver b:1123\r\n").unwrap();
        assert_eq!(config.servers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a", "b:1123"]);
        assert_eq!((config.poll, config.steer), (64.0, None));
    }

    #[test]
    fn all_that_can_be_said() {
        let config = read(b"server a\npoll 16s\nsteer yes\nstep 10ms\nmax-step 1h").unwrap();
        assert_eq!((config.poll, config.steer), (16.0, Some(Rules { step: 0.01, max_step: 3600.0 })));
    }

    #[test]
    fn faults_are_named_with_their_line() {
        for (text, want) in [
            (&b""[..], "f: no server: expected one line of `server HOST` at least"),
            (b"server", "f:1: server : expected host, host:port or [address]:port"),
            (b"server a\nserver a:123", "f:2: server a: named twice, and would be counted twice"),
            (b"server a\npoll 1s", "f:2: poll 1s: expected 8s to 1024s"),
            (b"poll 9s\npoll 9s", "f:2: poll: given twice"),
            (b"steer maybe", "f:1: steer maybe: expected yes or no"),
            (b"step -1s", "f:1: step -1s: expected 1ms to 1h"),
            (b"Server a", "f:1: Server: expected server, poll, steer, step or max-step"),
            (b"\xff", "f:1: not UTF-8 text"),
        ] {
            assert_eq!(read(text).unwrap_err(), want);
        }
    }

    #[test]
    fn any_bytes_are_taken_or_refused_with_a_line() {
        crate::testing::mutations(
            b"server a\nserver [::1]:9\npoll 64s\nsteer yes\nstep 100ms\nmax-step 1d\n",
            |bytes| match read(bytes) {
                Ok(config) => assert!(!config.servers.is_empty() && (8.0..=1024.0).contains(&config.poll)),
                Err(why) => assert!(why.starts_with("f:"), "{why}"),
            },
        );
    }
}
