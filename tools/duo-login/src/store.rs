//! The state folder: small files, each rewritten whole under a lock that the user's own logins share.
use crate::load::SERVICE_USER;
use crate::sign::encoded;
use crate::sys;
use ring::rand::{SecureRandom, SystemRandom};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// The most bytes of a state file.
const MOST: u64 = 64 << 10;

/// How long a lock is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// The state folder, known to be safe.
pub struct Store {
    dir: PathBuf,
    /// Whom the files belong to: the folder's owner.
    owner: (u32, u32),
}

/// One user's files, for as long as this lives.
pub struct Locked<'a> {
    store: &'a Store,
    name: String,
    _lock: File,
}

impl Store {
    /// Opens the folder.
    ///
    /// # Errors
    /// It is missing, no folder, or writable by others than root and the service user.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let found = fs::symlink_metadata(dir)?;
        let (_, euid) = sys::effective_uid();
        // Root looks after the service user's folder, but trusts nobody else's.
        let service = || sys::user_by_name(SERVICE_USER).is_some_and(|u| u.uid == found.uid());
        let trusted = found.uid() == 0 || found.uid() == euid || euid == 0 && service();
        if !found.is_dir() || !trusted || found.mode() & 0o022 != 0 {
            return Err(io::Error::other("must be a folder that only root or the service user can write"));
        }
        Ok(Self { dir: dir.into(), owner: (found.uid(), found.gid()) })
    }

    /// Locks the files of `user`.
    ///
    /// # Errors
    /// The lock cannot be made, or is held for too long.
    pub fn lock(&self, user: &str) -> io::Result<Locked<'_>> {
        let name = encoded(user);
        let lock = self.create(&self.dir.join(format!("{name}.lock")), false)?;
        let end = Instant::now() + LOCK_WAIT;
        while !sys::try_lock(&lock)? {
            if Instant::now() > end {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "locked by another login"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(Locked { store: self, name, _lock: lock })
    }

    /// The key of this machine's own signatures, made when there is none.
    ///
    /// # Errors
    /// It can neither be read nor made.
    pub fn key(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        let files = self.lock("")?;
        if let Some(key) = files.read("key")?.filter(|k| k.len() == 32) {
            return Ok(key);
        }
        let mut key = Zeroizing::new(vec![0; 32]);
        SystemRandom::new().fill(&mut key).map_err(|_| io::Error::other("no random numbers"))?;
        files.write("key", &key)?;
        Ok(key)
    }

    fn create(&self, path: &Path, new: bool) -> io::Result<File> {
        if new {
            // Left behind by a login that was killed, or put there: it is not written into.
            fs::remove_file(path).or_else(|e| if e.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(e) })?;
        }
        let mut how = OpenOptions::new();
        how.write(true)
            .create(true)
            .create_new(new)
            .truncate(false)
            .mode(0o600)
            .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NONBLOCK);
        let file = how.open(path)?;
        let found = file.metadata()?;
        if !found.is_file() || found.nlink() != 1 {
            return Err(io::Error::other(format!("{}: must be a file of one name", path.display())));
        }
        // What root makes here, the service user must be able to use.
        if sys::effective_uid().1 == 0 && self.owner.0 != 0 {
            fchown(&file, Some(self.owner.0), Some(self.owner.1))?;
        }
        Ok(file)
    }
}

impl Locked<'_> {
    fn path(&self, kind: &str) -> PathBuf {
        self.store.dir.join(format!("{}.{kind}", self.name))
    }

    /// The file's bytes; `None` when there is none.
    ///
    /// # Errors
    /// It cannot be read, or others could have written it.
    pub fn read(&self, kind: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let flags = libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NONBLOCK;
        let file = match OpenOptions::new().read(true).custom_flags(flags).open(self.path(kind)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let found = file.metadata()?;
        let trusted = found.uid() == 0 || found.uid() == self.store.owner.0 || found.uid() == sys::effective_uid().1;
        if !found.is_file() || !trusted || found.mode() & 0o077 != 0 {
            return Err(io::Error::other(format!(
                "{}: must be a file of the service user, mode 0600",
                self.path(kind).display()
            )));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Replaces the file: whoever looks sees the old one or the new one, also after a crash.
    ///
    /// # Errors
    /// The new one is not safely on disk; the old one is still there.
    pub fn write(&self, kind: &str, bytes: &[u8]) -> io::Result<()> {
        let fresh = self.path(&format!("{kind}.new"));
        let done = (|| {
            let mut file = self.store.create(&fresh, true)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&fresh, self.path(kind))?;
            File::open(&self.store.dir)?.sync_all()
        })();
        if done.is_err() {
            let _ = fs::remove_file(&fresh);
        }
        done
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};

    /// A folder of its own for one test.
    pub(crate) fn folder(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("duo-login.{}.{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::DirBuilder::new().mode(0o700).create(&dir).unwrap();
        dir
    }

    #[test]
    fn files_are_replaced_whole_and_private() {
        let dir = folder("store");
        let store = Store::open(&dir).unwrap();
        let files = store.lock("a/../b").unwrap();
        assert_eq!(files.read("guard").unwrap(), None);
        files.write("guard", b"1").unwrap();
        files.write("guard", b"22").unwrap();
        assert_eq!(files.read("guard").unwrap().unwrap().as_slice(), b"22");
        let path = dir.join("a%2F..%2Fb.guard");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(files.read("guard").is_err(), "readable by others");
        fs::remove_file(&path).unwrap();
        symlink("/etc/hostname", &path).unwrap();
        assert!(files.read("guard").is_err(), "a link");
        // What lies in the way of a new file is not written into, whatever it is; a lock of two names is none.
        let victim = dir.join("victim");
        fs::write(&victim, "kept").unwrap();
        fs::hard_link(&victim, dir.join("a%2F..%2Fb.guard.new")).unwrap();
        files.write("guard", b"333").unwrap();
        assert_eq!(files.read("guard").unwrap().unwrap().as_slice(), b"333");
        symlink(&victim, dir.join("a%2F..%2Fb.guard.new")).unwrap();
        files.write("guard", b"4444").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "kept");
        fs::hard_link(&victim, dir.join("v.lock")).unwrap();
        symlink(&victim, dir.join("w.lock")).unwrap();
        assert!(store.lock("v").is_err() && store.lock("w").is_err());
        assert_eq!(store.key().unwrap(), store.key().unwrap());
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Store::open(&dir).is_err());
        fs::remove_dir_all(&dir).unwrap();
    }
}
