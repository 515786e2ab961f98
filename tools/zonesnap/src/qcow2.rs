//! qcow2: a dataset is an image, its snapshots are inside it.
use crate::backend::{Backend, Ending, Snapshot};
use crate::pool::Journal;
use crate::qemu;
use base::fail::{Fail, Result};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// The journal's mark while the guard snapshot is being taken.
const GUARDING: u64 = 0;
/// The journal's mark while the snapshot is being applied.
const APPLYING: u64 = 1;

/// An image of a pool.
pub struct Qcow2 {
    path: PathBuf,
}

/// Whether a file is a qcow2 image.
pub fn is_image(path: &Path) -> Result<bool> {
    let kind = fs::metadata(path).map_err(Fail::on(path.display()))?.file_type();
    if !kind.is_file() && !kind.is_block_device() {
        return Ok(false);
    }
    let mut start = [0; 4];
    let mut file = File::open(path).map_err(Fail::on(path.display()))?;
    Ok(file.read(&mut start).is_ok_and(|n| qemu::is_image(start.get(..n).unwrap_or_default())))
}

impl Qcow2 {
    /// The image `name` in the folder `pool`, which is absolute.
    #[must_use]
    pub fn open(pool: &Path, name: &OsStr) -> Self {
        Self { path: pool.join(name) }
    }

    /// Refuses a name that `qemu-img` would take for another snapshot, and an image that is in use or damaged.
    fn single(&self, name: &str) -> Result<()> {
        let ambiguous = |why| Err(Fail::Other(format!("{}@{name}: {why}: use qemu-img with its ID", self.path.display())));
        if name.bytes().all(|b| b.is_ascii_digit()) {
            return ambiguous("the name looks like an ID");
        }
        let count = qemu::info_unused(&self.path)?.snapshots.iter().filter(|s| s.name == name).count();
        if count > 1 { ambiguous("several snapshots have this name") } else { qemu::check(&self.path) }
    }

    /// Whether the image `path` stands on this one.
    fn bears(&self, path: &Path) -> bool {
        path != self.path
            && path.is_file()
            && is_image(path).unwrap_or(false)
            && qemu::info(path)
                .ok()
                .and_then(|i| i.backing)
                .and_then(|b| fs::canonicalize(b).ok())
                .is_some_and(|b| b == self.path)
    }
}

impl Backend for Qcow2 {
    fn kind(&self) -> &'static str {
        "qcow2"
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>> {
        Ok(qemu::info(&self.path)?.snapshots)
    }

    fn take(&self, name: &str) -> Result<()> {
        qemu::check(&self.path)?;
        qemu::snapshot(&self.path, "-c", name)
    }

    fn destroy(&self, name: &str) -> Result<()> {
        self.single(name)?;
        qemu::snapshot(&self.path, "-d", name)
    }

    /// The images in the same folder that have this one below them.
    fn objections(&self) -> Result<Vec<String>> {
        let Some(folder) = self.path.parent() else { return Ok(Vec::new()) };
        let mut names: Vec<OsString> = Vec::new();
        for entry in fs::read_dir(folder).map_err(Fail::on(folder.display()))? {
            let path = entry.map_err(Fail::on(folder.display()))?.path();
            if self.bears(&path) {
                names.extend(path.file_name().map(OsStr::to_os_string));
            }
        }
        if names.is_empty() {
            return Ok(Vec::new());
        }
        names.sort();
        let names: Vec<_> = names.iter().map(|n| n.to_string_lossy()).collect();
        Ok(vec![format!("images that stand on it would be spoilt ({})", names.join(", "))])
    }

    fn rollback(&self, to: &str, guard: &str, journal: &Journal) -> Result<()> {
        self.single(to)?;
        journal.write(guard, GUARDING)?;
        qemu::snapshot(&self.path, "-c", guard)?;
        journal.write(guard, APPLYING)?;
        qemu::snapshot(&self.path, "-a", to)
    }

    /// A `qemu-img` that is killed while it applies leaves the image as before or as after, with clusters allocated that
    /// nobody uses. Which of the two cannot be told from outside, so the guard snapshot stays.
    fn recover(&self, guard: &str, mark: u64) -> Result<Ending> {
        qemu::repair(&self.path)?;
        if mark == APPLYING {
            return Ok(Ending::Kept);
        }
        if self.snapshots()?.iter().any(|s| s.name == guard) {
            qemu::snapshot(&self.path, "-d", guard)?;
        }
        Ok(Ending::Undone)
    }
}
