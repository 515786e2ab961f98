//! Datasets: a path to what can have snapshots, and the kind that it is.
use crate::TOOL;
use crate::backend::{Backend, Ending, Snapshot};
use crate::btrfs::{self, Btrfs, Folder};
use crate::name;
use crate::pool::{self, Journal, OWN};
use crate::qcow2::{self, Qcow2};
use base::cli::warn;
use base::fail::{Fail, Result};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// One dataset.
pub struct Dataset {
    /// Its name as the user wrote it, or as it follows from the folder that the user named.
    pub shown: String,
    /// The folder that it is in, absolute.
    pub pool: PathBuf,
    /// Its name there.
    pub name: OsString,
    /// What it can do.
    pub backend: Box<dyn Backend>,
}

impl Dataset {
    /// The dataset at a path. A subvolume may be gone while its snapshots are there.
    ///
    /// # Errors
    /// There is none, and what was expected.
    pub fn open(text: &str) -> Result<Self> {
        let trimmed = text.trim_end_matches('/');
        let (path, gone) = match fs::canonicalize(text) {
            Ok(path) => (path, false),
            Err(e) if e.kind() == ErrorKind::NotFound => (home(trimmed).ok_or(Fail::Io(text.into(), e))?, true),
            Err(e) => return Err(Fail::Io(text.into(), e)),
        };
        let (Some(pool), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Fail::Other(format!("{text}: the root folder: expected a btrfs subvolume or a qcow2 image in a folder")));
        };
        let plain = Path::new(trimmed).file_name().is_some();
        let shown = if plain { trimmed.into() } else { path.display().to_string() };
        let backend: Box<dyn Backend> = if gone || path.is_dir() {
            if !gone {
                subvolume(text, &path)?;
            }
            Box::new(Btrfs::open(pool, name)?)
        } else if qcow2::is_image(&path)? {
            Box::new(Qcow2::open(pool, name))
        } else {
            return Err(Fail::Other(format!("{text}: expected a btrfs subvolume or a qcow2 image")));
        };
        Ok(Self { shown, pool: pool.into(), name: name.into(), backend })
    }

    /// The dataset and the name of `DATASET@NAME`, which must exist.
    pub fn with_snapshot(text: &str) -> Result<(Self, String)> {
        let (dataset, name) =
            name::split(text).ok_or_else(|| Fail::Usage(format!("{text}: expected a snapshot, as DATASET@NAME")))?;
        let dataset = Self::open(dataset)?;
        if dataset.find(name)?.is_none() {
            return Err(Fail::Other(format!("{text}: no such snapshot")));
        }
        Ok((dataset, name.into()))
    }

    /// The snapshot called `name`.
    pub fn find(&self, name: &str) -> Result<Option<Snapshot>> {
        Ok(self.backend.snapshots()?.into_iter().find(|s| s.name == name))
    }

    /// `DATASET@NAME`
    #[must_use]
    pub fn full(&self, name: &str) -> String {
        format!("{}@{name}", self.shown)
    }

    /// Its journal.
    #[must_use]
    pub fn journal(&self) -> Journal {
        Journal::of(&self.pool, &self.name)
    }

    /// Whether a rollback of it was interrupted, or is under way. A journal that this user may not read tells nothing.
    #[must_use]
    pub fn interrupted(&self) -> bool {
        !matches!(self.journal().read(), Ok(None) | Err(Fail::Io(..)))
    }

    /// Ends a rollback that was interrupted, if one was; says how.
    pub fn recover(&self) -> Result<Option<String>> {
        let Some((ending, entry)) = self.journal().recover(&*self.backend)? else { return Ok(None) };
        let guard = self.full(&entry.guard);
        Ok(Some(match ending {
            Ending::Undone => format!("{}: an interrupted rollback was undone", self.shown),
            Ending::Finished => format!("{}: an interrupted rollback was finished: {guard} is as before", self.shown),
            Ending::Kept => format!("{}: a rollback was interrupted as it ended: {guard} is as before", self.shown),
        }))
    }
}

/// The absolute path of a subvolume that is gone, if it has left snapshots.
fn home(text: &str) -> Option<PathBuf> {
    let path = Path::new(text);
    let folder = path.parent().map_or(Path::new("."), |p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    let (pool, name) = (fs::canonicalize(folder).ok()?, path.file_name()?);
    pool::store(&pool, name).is_dir().then(|| pool.join(name))
}

fn subvolume(text: &str, path: &Path) -> Result<()> {
    match btrfs::folder(path)? {
        Folder::Subvolume(_) => Ok(()),
        Folder::Plain => Err(Fail::Other(format!("{text}: a folder of a btrfs: expected a subvolume (btrfs subvolume create)"))),
        Folder::Foreign => Err(Fail::Other(format!("{text}: a folder on no btrfs: expected a btrfs subvolume or a qcow2 image"))),
    }
}

/// The datasets that a path of `list` means: itself, and where it is a folder, those in it that have or can have snapshots.
pub fn under(text: &str) -> Result<Vec<Dataset>> {
    let path = Path::new(text);
    let about = match fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(vec![Dataset::open(text)?]),
        other => other.map_err(Fail::on(text))?,
    };
    if !about.is_dir() {
        return Ok(vec![Dataset::open(text)?]);
    }
    let mut found = Vec::new();
    if matches!(btrfs::folder(path)?, Folder::Subvolume(_)) {
        // A file system's top level, or one that is mounted here, is no dataset, but may hold some.
        found.extend(Dataset::open(text).ok());
    }
    // A subvolume with many files is not searched for images when its snapshots are wanted.
    if !found.is_empty() && !path.join(OWN).exists() {
        return Ok(found);
    }
    let own = fs::canonicalize(path).map_err(Fail::on(text))?;
    for name in inside(path)? {
        let below = if text == "." { PathBuf::from(&name) } else { path.join(&name) };
        let Some(below) = below.to_str() else {
            let name = below.to_string_lossy();
            warn(TOOL.name, format!("{name}: left out: expected a name in UTF-8"));
            continue;
        };
        match Dataset::open(below) {
            Ok(dataset) => found.push(dataset),
            Err(e) if pool::store(&own, &name).exists() => return Err(e),
            // A subvolume that is mounted here, say: it has no snapshots beside it.
            Err(_) => {}
        }
    }
    Ok(found)
}

/// The names of the datasets in a folder.
fn inside(folder: &Path) -> Result<BTreeSet<OsString>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(Fail::on(folder.display()))? {
        let entry = entry.map_err(Fail::on(folder.display()))?;
        let kind = entry.file_type().map_err(Fail::on(entry.path().display()))?;
        let ours = match kind {
            _ if entry.file_name() == OWN => false,
            k if k.is_dir() => btrfs::folder(&entry.path()).is_ok_and(|f| matches!(f, Folder::Subvolume(_))),
            k if k.is_file() => qcow2::is_image(&entry.path()).unwrap_or(false),
            _ => false,
        };
        if ours {
            names.insert(entry.file_name());
        }
    }
    match fs::read_dir(folder.join(OWN).join("snapshots")) {
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        other => {
            for entry in other.map_err(Fail::on(folder.join(OWN).display()))? {
                names.insert(entry.map_err(Fail::on(folder.join(OWN).display()))?.file_name());
            }
        }
    }
    Ok(names)
}
