//! A backlight directory of sysfs: `brightness`, `actual_brightness`, `max_brightness`.
use base::fail::{Fail, Result};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// One that was seen to work.
#[derive(Debug)]
pub struct Backlight {
    dir: PathBuf,
    max: u32,
}

/// The levels of a panel with fine steps that one key press passes: max / 20, so that 20 presses go from dark to full.
const PRESSES: u32 = 20;

impl Backlight {
    /// Takes the directory, which must hold `max_brightness`.
    pub fn open(dir: &Path) -> Result<Self> {
        let max = number(&dir.join("max_brightness"))?;
        let light = Self { dir: dir.into(), max };
        light.level()?;
        Ok(light)
    }

    /// The present level. `brightness` is what was last asked for and can be stale, so `actual_brightness` goes first.
    pub fn level(&self) -> Result<u32> {
        match number(&self.dir.join("actual_brightness")) {
            Err(Fail::Io(_, e)) if e.kind() == ErrorKind::NotFound => number(&self.dir.join("brightness")),
            done => done,
        }
    }

    /// The highest level.
    #[must_use]
    pub fn max(&self) -> u32 {
        self.max
    }

    /// One step up or down; the level that was set, or `None` at the end of the scale.
    pub fn step(&self, up: bool) -> Result<Option<u32>> {
        let level = self.level()?;
        let to = next(level, self.max, up);
        if to == level {
            return Ok(None);
        }
        let path = self.dir.join("brightness");
        let file = OpenOptions::new().write(true).truncate(true).open(&path);
        file.and_then(|mut file| file.write_all(format!("{to}\n").as_bytes())).map_err(Fail::on(path.display()))?;
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
