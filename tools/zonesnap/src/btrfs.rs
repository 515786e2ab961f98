//! btrfs: a dataset is a subvolume, its snapshots are read-only subvolumes under the pool's `.zonesnap/snapshots`.
use crate::backend::{Backend, Ending, Snapshot};
use crate::holders;
use crate::name;
use crate::pool::{self, Journal};
use crate::sys::{self, Subvolume};
use base::fail::{Fail, Result};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The root folder of every subvolume (`BTRFS_FIRST_FREE_OBJECTID`).
const ROOT_INODE: u64 = 256;
/// The name, among the snapshots, of the one that becomes the dataset. No snapshot begins with a dot.
const NEW: &str = ".new";

/// A subvolume of a pool.
pub struct Btrfs {
    pool: PathBuf,
    name: OsString,
    store: PathBuf,
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(Fail::on(path.display()))
}

/// What a folder is.
pub enum Folder {
    /// The root of a subvolume.
    Subvolume(Subvolume),
    /// Another folder of a btrfs.
    Plain,
    /// On another file system.
    Foreign,
}

/// Tells what a folder is.
pub fn folder(path: &Path) -> Result<Folder> {
    let file = open(path)?;
    match sys::subvolume(&file) {
        Ok(info) if file.metadata().map_err(Fail::on(path.display()))?.ino() == ROOT_INODE => Ok(Folder::Subvolume(info)),
        Ok(_) => Ok(Folder::Plain),
        Err(e) if e.raw_os_error() == Some(libc::ENOTTY) => Ok(Folder::Foreign),
        Err(e) => Err(Fail::Io(path.display().to_string(), e)),
    }
}

impl Btrfs {
    /// The subvolume `name` in the folder `pool`; it may be gone, if only its snapshots are there.
    ///
    /// # Errors
    /// It is mounted there, so that its snapshots could not stand beside it.
    pub fn open(pool: &Path, name: &OsStr) -> Result<Self> {
        let this = Self { pool: pool.into(), name: name.into(), store: pool::store(pool, name) };
        if let Some((_, info)) = this.live()? {
            let path = this.path();
            if info.parent == 0 {
                return Err(Fail::Other(format!("{}: the top level of a btrfs: expected a subvolume in it", path.display())));
            }
            let folder = open(pool)?;
            let inode = folder.metadata().map_err(Fail::on(pool.display()))?.ino();
            let home = sys::subvolume(&folder).ok().map(|s| (s.id, inode));
            if home != Some((info.parent, info.folder)) || info.name != name.as_bytes() {
                return Err(Fail::Other(format!(
                    "{}: mounted here: mount the file system's top level (subvolid=5) and name the subvolume in it",
                    path.display()
                )));
            }
        }
        Ok(this)
    }

    fn path(&self) -> PathBuf {
        self.pool.join(&self.name)
    }

    /// The dataset itself, unless it is gone.
    fn live(&self) -> Result<Option<(File, Subvolume)>> {
        let path = self.path();
        let file = match File::open(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            other => other.map_err(Fail::on(path.display()))?,
        };
        let info = sys::subvolume(&file).map_err(Fail::on(path.display()))?;
        Ok(Some((file, info)))
    }

    /// The old dataset, which stands as [`NEW`] after the exchange, becomes the guard snapshot.
    fn keep(&self, guard: &str) -> Result<()> {
        let new = self.store.join(NEW);
        sys::set_read_only(&open(&new)?).map_err(Fail::on(new.display()))?;
        sys::rename_new(&new, &self.store.join(guard)).map_err(Fail::on(self.store.join(guard).display()))
    }

    fn drop_new(&self) -> Result<()> {
        match sys::destroy(&open(&self.store)?, OsStr::new(NEW)) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(Fail::Io(self.store.join(NEW).display().to_string(), e)),
            _ => Ok(()),
        }
    }

    fn snapshot(&self, entry: &fs::DirEntry) -> Result<Option<Snapshot>> {
        let name = entry.file_name();
        let path = entry.path();
        if name.as_bytes().starts_with(b".") {
            return Ok(None);
        }
        let Folder::Subvolume(info) = folder(&path)? else { return Ok(None) };
        let name = name.to_string_lossy().into_owned();
        // A guard snapshot was the dataset itself and is as old, so the time in its name is the right one.
        let created = name::parse(&name).map_or(info.created, |(time, _)| time.max(info.created));
        Ok(Some(Snapshot { name, created }))
    }
}

impl Backend for Btrfs {
    fn kind(&self) -> &'static str {
        "btrfs"
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>> {
        let entries = match fs::read_dir(&self.store) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(Fail::on(self.store.display()))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            found.extend(self.snapshot(&entry.map_err(Fail::on(self.store.display()))?)?);
        }
        found.sort_by(|a, b| (a.created, &a.name).cmp(&(b.created, &b.name)));
        Ok(found)
    }

    fn take(&self, name: &str) -> Result<()> {
        let path = self.path();
        let Some((live, _)) = self.live()? else {
            return Err(Fail::Other(format!("{}: gone; it can come back by a rollback to one of its snapshots", path.display())));
        };
        pool::make(&self.store)?;
        sys::snapshot(&live, &open(&self.store)?, OsStr::new(name), true).map_err(Fail::on(self.store.join(name).display()))
    }

    fn destroy(&self, name: &str) -> Result<()> {
        let path = self.store.join(name);
        sys::destroy(&open(&self.store)?, OsStr::new(name)).map_err(|e| match e.kind() {
            ErrorKind::DirectoryNotEmpty => {
                Fail::Other(format!("{}: holds subvolumes of its own: delete them first", path.display()))
            }
            _ => Fail::Io(path.display().to_string(), e),
        })?;
        // The folder goes with its last snapshot; any other error than "not empty" does no harm either.
        let _ = fs::remove_dir(&self.store);
        Ok(())
    }

    fn objections(&self) -> Result<Vec<String>> {
        let Some((live, _)) = self.live()? else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        let inside = sys::children(&live).map_err(Fail::on(self.path().display()))?;
        if !inside.is_empty() {
            let inside: Vec<_> = inside.iter().map(|path| path.to_string_lossy()).collect();
            all.push(format!("the subvolumes in it would be cut off ({})", inside.join(", ")));
        }
        let (dev, _) = sys::identity(&self.path()).map_err(Fail::on(self.path().display()))?;
        let holders = holders::holders(dev, None);
        if !holders.is_empty() {
            all.push(format!("{} would go on in the old one", holders::named(&holders)));
        }
        Ok(all)
    }

    fn rollback(&self, to: &str, guard: &str, journal: &Journal) -> Result<()> {
        let new = self.store.join(NEW);
        if new.exists() {
            // It may be the dataset of before a rollback whose journal somebody removed.
            return Err(Fail::Other(format!(
                "{}: left over by a run without a journal: look at it, and remove it",
                new.display()
            )));
        }
        let live = self.live()?;
        let id = live.as_ref().map_or(0, |(_, info)| info.id);
        journal.write(guard, id)?;
        let from = self.store.join(to);
        sys::snapshot(&open(&from)?, &open(&self.store)?, OsStr::new(NEW), false).map_err(Fail::on(new.display()))?;
        match live {
            Some(_) => {
                sys::exchange(&new, &self.path()).map_err(Fail::on(self.path().display()))?;
                self.keep(guard)
            }
            None => sys::rename_new(&new, &self.path()).map_err(Fail::on(self.path().display())),
        }
    }

    /// `mark` is the tree of the dataset before, 0 where it was gone: the exchange is the one step that changes it.
    fn recover(&self, guard: &str, mark: u64) -> Result<Ending> {
        let id = self.live()?.map_or(0, |(_, info)| info.id);
        if id == mark {
            return self.drop_new().map(|()| Ending::Undone);
        }
        if self.store.join(NEW).exists() {
            self.keep(guard)?;
        }
        Ok(Ending::Finished)
    }
}
