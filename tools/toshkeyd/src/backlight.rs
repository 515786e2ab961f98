//! A backlight: a directory of sysfs with `brightness`, `actual_brightness` and `max_brightness`, or the HCI's eight levels.
use crate::{hci, sys};
use base::fail::{Fail, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// One that was seen to work.
pub enum Backlight {
    /// A directory of sysfs, and its highest level.
    Sysfs(PathBuf, u32),
    /// The driver that makes HCI calls, and its name.
    Hci(File, String),
}

/// The levels of a panel with fine steps that one key press passes: max / 20, so that 20 presses go from dark to full.
const PRESSES: u32 = 20;

impl Backlight {
    /// Takes a directory, which must hold `max_brightness`, or `hci:` and the path of the driver.
    pub fn open(text: &str) -> Result<Self> {
        let light = match text.strip_prefix("hci:") {
            Some(path) => Self::Hci(OpenOptions::new().read(true).write(true).open(path).map_err(Fail::on(path))?, path.into()),
            None => Self::Sysfs(text.into(), number(&Path::new(text).join("max_brightness"))?),
        };
        light.level()?;
        Ok(light)
    }

    /// The present level. `brightness` is what was last asked for and can be stale, so `actual_brightness` goes first.
    pub fn level(&self) -> Result<u32> {
        match self {
            Self::Sysfs(dir, _) => match number(&dir.join("actual_brightness")) {
                Err(Fail::Io(_, e)) if e.kind() == ErrorKind::NotFound => number(&dir.join("brightness")),
                done => done,
            },
            Self::Hci(file, name) => hci::level(|regs| sys::call(file, regs)).map_err(Fail::on(name)),
        }
    }

    /// The highest level.
    #[must_use]
    pub fn max(&self) -> u32 {
        match self {
            Self::Sysfs(_, max) => *max,
            Self::Hci(..) => hci::BRIGHTEST,
        }
    }

    /// One step up or down; the level that was set, or `None` at the end of the scale.
    pub fn step(&self, up: bool) -> Result<Option<u32>> {
        let level = self.level()?;
        let to = next(level, self.max(), up);
        if to == level {
            return Ok(None);
        }
        match self {
            Self::Sysfs(dir, _) => {
                let path = dir.join("brightness");
                let file = OpenOptions::new().write(true).truncate(true).open(&path);
                file.and_then(|mut file| file.write_all(format!("{to}\n").as_bytes())).map_err(Fail::on(path.display()))?;
            }
            Self::Hci(file, name) => hci::set_level(|regs| sys::call(file, regs), to).map_err(Fail::on(name))?,
        }
        Ok(Some(to))
    }
}

fn next(level: u32, max: u32, up: bool) -> u32 {
    let step = (max / PRESSES).max(1);
    if up { level.saturating_add(step).min(max) } else { level.saturating_sub(step) }
}

fn number(path: &Path) -> Result<u32> {
    let text = fs::read_to_string(path).map_err(Fail::on(path.display()))?;
    let text = text.trim();
    text.parse().map_err(|_| Fail::Other(format!("{}: {text}: expected a number", path.display())))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn steps_stay_on_the_scale() {
        assert_eq!([next(0, 7, false), next(0, 7, true), next(7, 7, true), next(6, 7, true)], [0, 1, 7, 7]);
        assert_eq!([next(100, 7500, false), next(7400, 7500, true), next(1000, 7500, true)], [0, 7500, 1375]);
        assert_eq!([next(9, 7, true), next(0, 0, true), next(u32::MAX, u32::MAX, true)], [7, 0, u32::MAX]);
    }
}
