//! What a kind of dataset can do.
use crate::pool::Journal;
use base::fail::Result;
use std::time::SystemTime;

/// One snapshot, as its backend knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Its name, without the dataset. It may be a foreign one, so any text.
    pub name: String,
    /// When it was taken.
    pub created: SystemTime,
}

/// How an interrupted rollback was ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ending {
    /// The dataset is as before; nothing is left of the attempt.
    Undone,
    /// The dataset is as the snapshot, and the guard snapshot holds what was before.
    Finished,
    /// The dataset is whole and as before or as the snapshot; the guard snapshot holds what was before.
    Kept,
}

/// A kind of dataset. The caller holds the pool's lock for all but [`Backend::kind`] and [`Backend::snapshots`].
pub trait Backend {
    /// Its name, as `list` prints it.
    fn kind(&self) -> &'static str;

    /// The snapshots, oldest first.
    fn snapshots(&self) -> Result<Vec<Snapshot>>;

    /// Takes one.
    fn take(&self, name: &str) -> Result<()>;

    /// Destroys one.
    fn destroy(&self, name: &str) -> Result<()>;

    /// Why a rollback would do harm: what would be cut off or spoilt, who would be left on the old state.
    fn objections(&self) -> Result<Vec<String>>;

    /// Makes the dataset what it was when `to` was taken; `guard` is a new snapshot of what it was before.
    ///
    /// Each step leaves the dataset whole, as before or as `to`, and the journal says how to go on.
    fn rollback(&self, to: &str, guard: &str, journal: &Journal) -> Result<()>;

    /// Ends a rollback of which `journal` tells that it was interrupted.
    fn recover(&self, guard: &str, mark: u64) -> Result<Ending>;
}
