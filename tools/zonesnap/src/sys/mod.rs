//! The edge to the operating system: subvolumes, and renames that replace nothing or exchange two names.
use std::time::SystemTime;

#[cfg(target_os = "illumos")]
mod illumos;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "illumos")]
pub use illumos::{children, destroy, exchange, identity, rename_new, set_read_only, snapshot, subvolume};
#[cfg(target_os = "linux")]
pub use linux::{children, destroy, exchange, identity, rename_new, set_read_only, snapshot, subvolume};

/// What btrfs says of a subvolume.
#[derive(Debug)]
pub struct Subvolume {
    /// Its tree.
    pub id: u64,
    /// The tree that it stands in; 0 for the file system's top level.
    pub parent: u64,
    /// The inode of the folder that it stands in, in that tree.
    pub folder: u64,
    /// Its name there.
    pub name: Vec<u8>,
    /// When it was made.
    pub created: SystemTime,
}
