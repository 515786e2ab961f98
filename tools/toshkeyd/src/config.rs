//! The configuration: one directive a line.
use crate::keys::{self, Action, Keymap};
use crate::sys;
use base::fail::{Fail, Result};
use base::lines::{self, Records};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;

/// The key that a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// By its name.
    Named(&'static str),
    /// By its hotkey code.
    Code(u16),
}

/// A command to run when something happens to a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The key.
    pub key: Key,
    /// [`Action::Press`], which covers a repeat, or [`Action::Release`].
    pub on: Action,
    /// What `/bin/sh -c` gets.
    pub command: String,
}

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The backlight to step: a directory, or `hci:` and a path.
    pub backlight: Option<String>,
    /// Names for codes.
    pub keymap: Keymap,
    /// Commands.
    pub rules: Vec<Rule>,
}

/// Reads the file at `path`, `-` for standard input.
///
/// # Errors
/// It cannot be read, others than root and the daemon's user may change it (they would choose the commands), or a line is
/// wrong: the message names file, line and what was expected.
pub fn read(path: &str) -> Result<Config> {
    from(path).map_err(Fail::of_config)
}

fn from(path: &str) -> Result<Config> {
    if path == "-" {
        return parse(&mut lines::open(path)?);
    }
    let file = File::open(path).map_err(Fail::on(path))?;
    let about = file.metadata().map_err(Fail::on(path))?;
    if about.uid() != 0 && about.uid() != sys::user() {
        return Err(Fail::Config(format!("{path}: belongs to user {}: expected root or the daemon's own", about.uid())));
    }
    if about.mode() & 0o022 != 0 {
        return Err(Fail::Config(format!("{path}: others may write to it: expected no more than mode 644")));
    }
    parse(&mut Records::new(path, file, b'\n'))
}

/// Reads the lines of a configuration.
///
/// # Errors
/// A line is wrong, or cannot be read.
pub fn parse<R: Read>(lines: &mut Records<R>) -> Result<Config> {
    let mut config = Config::default();
    while let Some(line) = lines.next()?.map(<[u8]>::to_vec) {
        let text = std::str::from_utf8(&line).map_err(|_| "not UTF-8 text".to_string());
        let done = text.and_then(|text| directive(&mut config, text.trim()));
        done.map_err(|why| Fail::Config(format!("{}: {why}", lines.place())))?;
    }
    Ok(config)
}

fn directive(config: &mut Config, line: &str) -> std::result::Result<(), String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    let (word, rest) = line.split_once(char::is_whitespace).map_or((line, ""), |(w, r)| (w, r.trim_start()));
    match word {
        "backlight" if !rest.strip_prefix("hci:").unwrap_or(rest).starts_with('/') => {
            Err(format!("backlight {rest}: expected a directory, beginning with /, or hci: and a path"))
        }
        "backlight" if config.backlight.is_some() => Err("backlight: given twice".into()),
        "backlight" => {
            config.backlight = Some(rest.into());
            Ok(())
        }
        "key" => map(config, rest),
        "press" => rule(config, Action::Press, rest),
        "release" => rule(config, Action::Release, rest),
        _ => Err(format!("{word}: expected backlight, key, press or release")),
    }
}

fn map(config: &mut Config, rest: &str) -> std::result::Result<(), String> {
    let mut words = rest.split_whitespace();
    let (Some(code), Some(name), None) = (words.next(), words.next(), words.next()) else {
        return Err(format!("key {rest}: expected a code and a name, such as 0x13c KEY_BRIGHTNESSDOWN"));
    };
    let number = keys::code(code).ok_or_else(|| format!("{code}: expected a hotkey code such as 0x13c"))?;
    if config.keymap.0.insert(number, known(name)?).is_some() {
        return Err(format!("key {code}: given twice"));
    }
    Ok(())
}

fn rule(config: &mut Config, on: Action, rest: &str) -> std::result::Result<(), String> {
    let (key, command) = rest.split_once(char::is_whitespace).map_or((rest, ""), |(k, c)| (k, c.trim()));
    if command.is_empty() {
        return Err(format!("{} {rest}: expected a key and a command", on.as_str()));
    }
    if command.contains('\0') {
        return Err(format!("{} {key}: a command cannot hold a zero byte", on.as_str()));
    }
    let of = match keys::code(key) {
        Some(code) => Key::Code(code),
        None => Key::Named(known(key)?),
    };
    if config.rules.iter().any(|r| (&r.key, r.on) == (&of, on)) {
        return Err(format!("{} {key}: given twice", on.as_str()));
    }
    config.rules.push(Rule { key: of, on, command: command.into() });
    Ok(())
}

fn known(name: &str) -> std::result::Result<&'static str, String> {
    keys::known(name)
        .ok_or_else(|| format!("{name}: unknown key: expected a kernel name such as KEY_WLAN, or a code such as 0x142"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &[u8]) -> std::result::Result<Config, String> {
        parse(&mut Records::new("f", text, b'\n')).map_err(|e| e.to_string())
    }

    const GOOD: &str = "# comment\n\n backlight /sys/class/backlight/toshiba\nkey 0x13c KEY_BRIGHTNESSDOWN\n\
        press KEY_WLAN  rfkill toggle wlan # sh's comment\nrelease 0xb05 echo $TOSHKEYD_KEY\r\n";

    #[test]
    fn all_directives() {
        let config = of(GOOD.as_bytes()).unwrap();
        assert_eq!(config.backlight, Some("/sys/class/backlight/toshiba".into()));
        assert_eq!(config.keymap.name(Some(0x13c), None), "KEY_BRIGHTNESSDOWN");
        let rules = [
            Rule { key: Key::Named("KEY_WLAN"), on: Action::Press, command: "rfkill toggle wlan # sh's comment".into() },
            Rule { key: Key::Code(0xb05), on: Action::Release, command: "echo $TOSHKEYD_KEY".into() },
        ];
        assert_eq!(config.rules, rules);
        assert_eq!(of(b""), Ok(Config::default()));
    }

    #[test]
    fn wrong_lines_say_what_was_expected() {
        for (text, want) in [
            ("\nbind x", "f:2: bind: expected backlight, key, press or release"),
            ("backlight here", "f:1: backlight here: expected a directory, beginning with /, or hci: and a path"),
            ("backlight hci:x", "f:1: backlight hci:x: expected a directory, beginning with /, or hci: and a path"),
            ("backlight /a\nbacklight /b", "f:2: backlight: given twice"),
            ("key 0x13c", "f:1: key 0x13c: expected a code and a name, such as 0x13c KEY_BRIGHTNESSDOWN"),
            ("key 13c KEY_A", "f:1: 13c: expected a hotkey code such as 0x13c"),
            ("key 0x1 KEY_A\nkey 0x1 KEY_B", "f:2: key 0x1: given twice"),
            ("press", "f:1: press : expected a key and a command"),
            ("press KEY_A", "f:1: press KEY_A: expected a key and a command"),
            ("press XF86WLAN x", "f:1: XF86WLAN: unknown key: expected a kernel name such as KEY_WLAN, or a code such as 0x142"),
            ("press KEY_A x\npress KEY_A y", "f:2: press KEY_A: given twice"),
            ("press KEY_A x\0y", "f:1: press KEY_A: a command cannot hold a zero byte"),
        ] {
            assert_eq!(of(text.as_bytes()), Err(want.into()), "{text}");
        }
        assert_eq!(of(b"\xff"), Err("f:1: not UTF-8 text".into()));
    }

    #[test]
    fn changed_bytes_never_panic_and_errors_name_a_line() {
        let mut seed = 7u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(seed >> 8).unwrap()
        };
        let words = [b"press ".as_slice(), b"key", b"0x", b"\n", b"\xff", b"\0", b"KEY_", b"backlight /"];
        for _ in 0..3_000 {
            let mut bytes = GOOD.as_bytes().to_vec();
            for _ in 0..=random() % 3 {
                let at = random() % bytes.len();
                match random() % 3 {
                    0 => bytes[at] = u8::try_from(random() % 256).unwrap(),
                    1 => bytes.truncate(at + 1),
                    _ => drop(bytes.splice(at..at, words[random() % words.len()].iter().copied())),
                }
            }
            if let Err(e) = of(&bytes) {
                assert!(e.starts_with("f:"), "{e}");
            }
        }
    }
}
