//! What the command line names: processes, by number or program, and cores.
use crate::allocator::Allocator;
use crate::core_file::Core;
use crate::image::{self, Image};
use crate::maps::Mapping;
use crate::memory::Memory;
use crate::process::{self, Process};
use crate::sample::Sample;
use crate::{probes, sys};
use base::fail::{Fail, Result};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::Instant;

/// Programs that a process may execute while it is looked for, one after the other.
const PROGRAMS: usize = 10;

/// Where memory and files come from.
pub(crate) enum Source {
    /// A live process.
    Live(Process),
    /// A core.
    Dead(Core),
}

impl Source {
    fn open(operand: &str) -> Result<Self> {
        if let Ok(pid) = operand.parse() {
            return Process::open(pid).map(Self::Live);
        }
        if operand == "-" {
            let mut copy = sys::nameless_file().map_err(Fail::on("a temporary file"))?;
            io::copy(&mut io::stdin().lock(), &mut copy).map_err(Fail::on("stdin"))?;
            return Core::open(copy).map(Self::Dead);
        }
        let file = File::open(operand).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => Fail::Other("no such core file, nor a process number (-p NAME finds a program)".into()),
            _ => Fail::Io("open".into(), e),
        })?;
        Core::open(file).map(Self::Dead)
    }

    /// What is mapped now.
    pub(crate) fn maps(&self) -> Result<Vec<Mapping>> {
        match self {
            Self::Live(p) => p.maps(),
            Self::Dead(c) => Ok(c.maps()),
        }
    }

    /// Its memory.
    pub(crate) fn memory(&self) -> &dyn Memory {
        match self {
            Self::Live(p) => p,
            Self::Dead(c) => c,
        }
    }

    /// The file that a mapping shows, if it can still be had.
    pub(crate) fn file(&self, m: &Mapping) -> Option<File> {
        match self {
            Self::Live(p) => p.file(m),
            Self::Dead(_) => File::open(&m.path).ok(),
        }
    }

    /// A path as the process sees it, where that may differ from what is seen here.
    pub(crate) fn path(&self, path: &str) -> Option<PathBuf> {
        match self {
            Self::Live(p) => Some(p.path(path)),
            Self::Dead(_) => None,
        }
    }
}

/// A process or core whose allocator was found.
pub(crate) struct Target {
    /// How it was named: its number, or the core's path.
    pub(crate) label: String,
    /// Its memory and files.
    pub(crate) source: Source,
    /// What is mapped in it.
    pub(crate) maps: Vec<Mapping>,
    /// Its ELF objects.
    pub(crate) images: Vec<Image>,
    /// Its allocator.
    pub(crate) allocator: Allocator,
}

impl Target {
    /// The one that `operand` names.
    ///
    /// # Errors
    /// It cannot be read, or has no allocator of ours in use.
    pub(crate) fn open(operand: &str) -> Result<Self> {
        let why = match Self::search(operand) {
            Ok((_, Some(target))) => return Ok(target),
            Ok((true, None)) => Fail::Other("its libumem has not been used yet".into()),
            Ok((false, None)) => Fail::Other("no libumem in it (start it with LD_PRELOAD=libumem.so)".into()),
            Err(e) => e,
        };
        Err(about(operand, why))
    }

    /// The one that `operand` names, if an allocator of ours is in use there; and whether there is one at all.
    pub(crate) fn search(operand: &str) -> Result<(bool, Option<Self>)> {
        let Ok(pid) = operand.parse() else { return Self::of(operand, Source::open(operand)?) };
        for _ in 1..PROGRAMS {
            let before = Process::open(pid)?;
            let found = Self::of(operand, Source::open(operand)?);
            if matches!(found, Ok((_, None))) && before.has_ended() {
                return Err(process::ended());
            }
            // A process that has just been started may execute its program only now (sh -c, env): that is the one meant.
            if !before.is_another_program() {
                return found;
            }
        }
        Self::of(operand, Source::open(operand)?)
    }

    /// What `source` holds, called `label`.
    pub(crate) fn of(label: &str, source: Source) -> Result<(bool, Option<Self>)> {
        let maps = source.maps()?;
        let images = image::images(source.memory(), &maps)?;
        let (any, used) = Allocator::find(source.memory(), &images)?;
        if let (false, Source::Dead(core)) = (any, &source) {
            core.whole()?;
        }
        Ok((any, used.map(|allocator| Self { label: label.into(), source, maps, images, allocator })))
    }

    /// Its memory.
    pub(crate) fn memory(&self) -> &dyn Memory {
        self.source.memory()
    }

    /// One look at its statistics.
    pub(crate) fn sample(&self) -> Result<Sample> {
        let begun = Instant::now();
        let sample = Sample::take(self.memory(), &self.allocator).map_err(|e| about(&self.label, e))?;
        probes::sample(&self.label, &sample, begun.elapsed());
        Ok(sample)
    }

    /// Its program's name.
    pub(crate) fn program(&self) -> String {
        match &self.source {
            Source::Live(p) => p.name(),
            Source::Dead(c) => c.name.clone(),
        }
    }
}

/// Puts the name of what it is about before a failure's text; that of standard output stays as it is.
pub(crate) fn about(label: &str, e: Fail) -> Fail {
    match e {
        Fail::Other(m) => Fail::Other(format!("{label}: {m}")),
        Fail::Usage(m) => Fail::Usage(format!("{label}: {m}")),
        Fail::Io(what, e) if what != "stdout" => Fail::Io(format!("{label}: {what}"), e),
        other => other,
    }
}

/// The processes of a program that run our allocator; those that do not are passed over, those that may not be read are named.
///
/// # Errors
/// There is none. `fields` is what the name may have been meant for.
pub(crate) fn of_program(name: &str, fields: &str) -> Result<Vec<Target>> {
    let pids = process::named(name)?;
    if pids.is_empty() {
        return Err(Fail::Other(format!("-p {name}: no process of this name; the fields are {fields}")));
    }
    let mut found = Vec::new();
    for number in pids {
        let pid = number.to_string();
        match Target::search(&pid) {
            Ok((_, target)) => found.extend(target),
            // One that has ended since is no more than one that was never there.
            Err(_) if Process::open(number).is_err() => {}
            Err(e) => base::cli::warn("umemstat", about(&pid, e)),
        }
    }
    if found.is_empty() {
        return Err(Fail::Other(format!("{name}: no process of this name runs libumem (start it with LD_PRELOAD=libumem.so)")));
    }
    Ok(found)
}
