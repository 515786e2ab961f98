//! A pool: the folder that datasets are in, with its lock, its journals and the snapshots of its subvolumes under `.zonesnap`.
use crate::backend::Backend;
use base::fail::{Fail, Result};
use rustix::fs::{FlockOperation, flock};
use rustix::io::{Errno, FdFlags, fcntl_setfd};
use serde_json::{Value, json};
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The folder of our own, in the pool.
pub const OWN: &str = ".zonesnap";
/// How long to wait for another run to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// The lock of a pool, held until it is dropped.
///
/// A child inherits it: should this process be killed, the lock stays until the `qemu-img` that it started has ended.
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Where the snapshots of a subvolume of the pool are.
#[must_use]
pub fn store(pool: &Path, dataset: &OsStr) -> PathBuf {
    pool.join(OWN).join("snapshots").join(dataset)
}

/// Makes a folder and those above it, for root's eyes only: old snapshots hold old set-user-ID programs.
pub fn make(folder: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(Fail::on(folder.display()))
}

/// Locks a pool, waiting up to 30 seconds for another run.
pub fn lock(pool: &Path) -> Result<Lock> {
    let own = pool.join(OWN);
    make(&own)?;
    let about = fs::symlink_metadata(&own).map_err(Fail::on(own.display()))?;
    if !about.is_dir() || about.uid() != rustix::process::geteuid().as_raw() || about.mode() & 0o022 != 0 {
        // Who can put links in there chooses what is written to.
        return Err(Fail::Other(format!("{}: expected a folder that only its owner, this user, may write to", own.display())));
    }
    let path = own.join("lock");
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = file.map_err(Fail::on(path.display()))?;
    let begin = Instant::now();
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => break,
            Err(Errno::WOULDBLOCK | Errno::INTR) if begin.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
            Err(Errno::WOULDBLOCK) => return Err(Fail::Other(format!("{}: another run has held it for 30 s", path.display()))),
            Err(e) => return Err(Fail::Io(path.display().to_string(), e.into())),
        }
    }
    fcntl_setfd(&file, FdFlags::empty()).map_err(|e| Fail::Io(path.display().to_string(), e.into()))?;
    Ok(Lock(file))
}

/// The record of a rollback under way, one file per dataset.
pub struct Journal {
    folder: PathBuf,
    dataset: OsString,
}

/// What a journal tells.
#[derive(Debug, PartialEq)]
pub struct Entry {
    /// The guard snapshot's name.
    pub guard: String,
    /// What the backend needs to tell how far it came.
    pub mark: u64,
}

impl Journal {
    /// The journal of a dataset of the pool.
    #[must_use]
    pub fn of(pool: &Path, dataset: &OsStr) -> Self {
        Self { folder: pool.join(OWN).join("journal"), dataset: dataset.into() }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.dataset)
    }

    /// Writes what is under way; it is on the disk when this returns.
    pub fn write(&self, guard: &str, mark: u64) -> Result<()> {
        make(&self.folder)?;
        let new = self.folder.with_extension("new");
        let text = json!({ "operation": "rollback", "guard": guard, "mark": mark }).to_string();
        // A run that was killed may have left it.
        let _ = fs::remove_file(&new);
        let written = File::create_new(&new).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(Fail::on(new.display()))?;
        fs::rename(&new, self.path()).map_err(Fail::on(self.path().display()))?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(Fail::on(self.folder.display()))
    }

    /// What is under way, if anything.
    pub fn read(&self) -> Result<Option<Entry>> {
        let path = self.path();
        match fs::read_to_string(&path) {
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(e) => Err(Fail::Io(path.display().to_string(), e)),
            Ok(text) => entry(&text)
                .map(Some)
                .ok_or_else(|| Fail::Other(format!("{}: not a journal of zonesnap: look at it, and remove it", path.display()))),
        }
    }

    /// Nothing is under way any more.
    pub fn clear(&self) -> Result<()> {
        fs::remove_file(self.path()).map_err(Fail::on(self.path().display()))
    }

    /// Ends what was interrupted, if anything; tells how, for a message.
    pub fn recover(&self, backend: &dyn Backend) -> Result<Option<(crate::backend::Ending, Entry)>> {
        let Some(entry) = self.read()? else { return Ok(None) };
        let ending = backend.recover(&entry.guard, entry.mark)?;
        self.clear()?;
        Ok(Some((ending, entry)))
    }
}

/// The text of a journal; `None` for anything else.
#[must_use]
pub fn entry(text: &str) -> Option<Entry> {
    let value: Value = serde_json::from_str(text).ok()?;
    (value.get("operation")?.as_str()? == "rollback").then_some(())?;
    let guard = value.get("guard")?.as_str()?;
    crate::name::check(guard).ok()?;
    Some(Entry { guard: guard.into(), mark: value.get("mark")?.as_u64()? })
}

/// The datasets of a pool that have a journal.
pub fn interrupted(pool: &Path) -> Result<Vec<OsString>> {
    let folder = pool.join(OWN).join("journal");
    let entries = match fs::read_dir(&folder) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(Fail::on(folder.display()))?,
    };
    let names: std::result::Result<Vec<_>, _> = entries.map(|e| e.map(|e| e.file_name())).collect();
    let mut names = names.map_err(Fail::on(folder.display()))?;
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_is_understood_or_refused() {
        let good = r#"{"operation":"rollback","guard":"zs-20171029T010000Z-rollback","mark":256}"#;
        assert_eq!(entry(good), Some(Entry { guard: "zs-20171029T010000Z-rollback".into(), mark: 256 }));
        for bad in ["", "{}", &good[..40], &good.replace("256", "-1"), &good.replace("zs-", "../"), &good.replace("back", "")] {
            assert_eq!(entry(bad), None, "{bad}");
        }
    }
}
