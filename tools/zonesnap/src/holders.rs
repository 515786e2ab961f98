//! Who has a file, or anything in a subvolume, open: asked of `/proc`.
use crate::sys;
use std::fs;
use std::path::Path;

/// How many are named in a message.
const NAMED: usize = 3;

/// A process, as in messages: `bash (process 77)`.
pub struct Holder(pub String);

/// The processes whose root or working directory is, or that have open, what is on the device `dev`, and has the inode
/// `ino` if that is given. Each subvolume of a btrfs is a device of its own. Processes of others are seen by root only.
#[must_use]
pub fn holders(dev: u64, ino: Option<u64>) -> Vec<Holder> {
    let mut found: Vec<(u32, String)> = Vec::new();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|n| n.parse().ok()) else { continue };
        if pid != std::process::id() && holds(&process.path(), dev, ino) {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            found.push((pid, name.trim().into()));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(pid, name)| Holder(format!("{name} (process {pid})"))).collect()
}

fn holds(process: &Path, dev: u64, ino: Option<u64>) -> bool {
    let same = |path: &Path| sys::identity(path).is_ok_and(|(d, i)| d == dev && ino.is_none_or(|ino| ino == i));
    let open = || fs::read_dir(process.join("fd")).into_iter().flatten().flatten().any(|fd| same(&fd.path()));
    same(&process.join("root")) || same(&process.join("cwd")) || open()
}

/// The first few, for a message.
#[must_use]
pub fn named(holders: &[Holder]) -> String {
    let names: Vec<_> = holders.iter().take(NAMED).map(|h| h.0.as_str()).collect();
    match holders.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
