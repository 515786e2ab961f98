//! illumos has no btrfs: every call says that it is not supported.
use super::Subvolume;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

fn none<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The subvolume that `file` is in: `ENOTTY`, as of any file system that has none.
pub fn subvolume(_file: &File) -> io::Result<Subvolume> {
    Err(io::Error::from_raw_os_error(libc::ENOTTY))
}

/// Not supported.
pub fn snapshot(_from: &File, _folder: &File, _name: &OsStr, _read_only: bool) -> io::Result<()> {
    none()
}

/// Not supported.
pub fn destroy(_folder: &File, _name: &OsStr) -> io::Result<()> {
    none()
}

/// Not supported.
pub fn set_read_only(_file: &File) -> io::Result<()> {
    none()
}

/// Not supported.
pub fn children(_file: &File) -> io::Result<Vec<PathBuf>> {
    none()
}

/// Device and inode.
pub fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map(|m| (m.dev(), m.ino()))
}

/// Not supported.
pub fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    none()
}

/// Not supported.
pub fn rename_new(_from: &Path, _to: &Path) -> io::Result<()> {
    none()
}
