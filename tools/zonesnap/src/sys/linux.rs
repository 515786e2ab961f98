//! btrfs by its ioctls (`linux/btrfs.h`), without a process for each.
#![allow(unsafe_code, reason = "ioctl(2) has no safe form")]
use super::Subvolume;
use rustix::fs::{AtFlags, CWD, RenameFlags, StatxFlags, makedev, renameat_with, statx};
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::mem::size_of;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// `_IOC` of asm-generic/ioctl.h with btrfs's type 0x94; `direction` is 1 to write, 2 to read, 3 for both.
const fn number<T>(direction: libc::c_ulong, nr: libc::c_ulong) -> libc::c_ulong {
    (direction << 30) | ((size_of::<T>() as libc::c_ulong) << 16) | (0x94 << 8) | nr
}

const SNAP_CREATE_V2: libc::c_ulong = number::<VolArgs>(1, 23);
const SUBVOL_GETFLAGS: libc::c_ulong = number::<u64>(2, 25);
const SUBVOL_SETFLAGS: libc::c_ulong = number::<u64>(1, 26);
const GET_SUBVOL_INFO: libc::c_ulong = number::<Info>(2, 60);
const GET_SUBVOL_ROOTREF: libc::c_ulong = number::<RootRefs>(3, 61);
const INO_LOOKUP_USER: libc::c_ulong = number::<Lookup>(3, 62);
const SNAP_DESTROY_V2: libc::c_ulong = number::<VolArgs>(1, 63);
/// `BTRFS_SUBVOL_RDONLY`
const RDONLY: u64 = 1 << 1;

/// `struct btrfs_ioctl_vol_args_v2`
#[repr(C)]
struct VolArgs {
    fd: i64,
    transid: u64,
    flags: u64,
    unused: [u64; 4],
    name: [u8; 4040],
}

/// `struct btrfs_ioctl_get_subvol_info_args`
#[repr(C)]
struct Info {
    tree: u64,
    name: [u8; 256],
    parent: u64,
    folder: u64,
    generation: u64,
    flags: u64,
    uuids: [[u8; 16]; 3],
    transids: [u64; 4],
    /// ctime, otime, stime, rtime
    times: [Time; 4],
    reserved: [u64; 8],
}

/// `struct btrfs_ioctl_timespec`
#[repr(C)]
#[derive(Clone, Copy)]
struct Time {
    seconds: u64,
    nanos: u32,
}

/// `struct btrfs_ioctl_get_subvol_rootref_args`
#[repr(C)]
struct RootRefs {
    from_tree: u64,
    /// Tree and folder of each child.
    refs: [[u64; 2]; 255],
    count: u8,
    align: [u8; 7],
}

/// `struct btrfs_ioctl_ino_lookup_user_args`
#[repr(C)]
struct Lookup {
    folder: u64,
    tree: u64,
    name: [u8; 256],
    path: [u8; 3824],
}

const _: () = assert!(size_of::<VolArgs>() == 4096 && size_of::<Info>() == 504);
const _: () = assert!(size_of::<RootRefs>() == 4096 && size_of::<Lookup>() == 4096);

/// Calls `number`, whose argument is a `T`.
///
/// # Safety
/// The kernel's argument of `number` is as large as `T` and any bytes that it writes make a `T`.
unsafe fn ioctl<T>(file: &File, number: libc::c_ulong, args: &mut T) -> io::Result<()> {
    // SAFETY: `args` is valid for reads and writes of a `T`, which is what the kernel touches, as the caller promises.
    match unsafe { libc::ioctl(file.as_raw_fd(), number, std::ptr::from_mut(args)) } {
        0.. => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn text(bytes: &[u8]) -> &[u8] {
    bytes.split(|b| *b == 0).next().unwrap_or_default()
}

/// The subvolume that `file` is in. Not a btrfs: `ENOTTY`.
pub fn subvolume(file: &File) -> io::Result<Subvolume> {
    // SAFETY: all fields are integers, for which zero bytes are a value.
    let mut info: Info = unsafe { std::mem::zeroed() };
    // SAFETY: GET_SUBVOL_INFO fills a btrfs_ioctl_get_subvol_info_args of 504 bytes, all integers: Info.
    unsafe { ioctl(file, GET_SUBVOL_INFO, &mut info) }?;
    let [_, made, ..] = info.times;
    let created = SystemTime::UNIX_EPOCH.checked_add(Duration::new(made.seconds, made.nanos)).unwrap_or(SystemTime::UNIX_EPOCH);
    Ok(Subvolume { id: info.tree, parent: info.parent, folder: info.folder, name: text(&info.name).into(), created })
}

fn vol_args(name: &OsStr) -> io::Result<VolArgs> {
    let mut args = VolArgs { fd: 0, transid: 0, flags: 0, unused: [0; 4], name: [0; 4040] };
    let bytes = name.as_bytes();
    // One byte stays 0: the kernel wants a C string.
    match args.name.split_last_mut().and_then(|(_, room)| room.get_mut(..bytes.len())) {
        Some(room) if !bytes.contains(&0) => room.copy_from_slice(bytes),
        _ => return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG)),
    }
    Ok(args)
}

/// Makes a snapshot of the subvolume `from`, called `name` in `folder`.
pub fn snapshot(from: &File, folder: &File, name: &OsStr, read_only: bool) -> io::Result<()> {
    let mut args = vol_args(name)?;
    args.fd = from.as_raw_fd().into();
    args.flags = if read_only { RDONLY } else { 0 };
    // SAFETY: SNAP_CREATE_V2 takes a btrfs_ioctl_vol_args_v2 of 4096 bytes, all integers: VolArgs.
    unsafe { ioctl(folder, SNAP_CREATE_V2, &mut args) }
}

/// Destroys the subvolume `name` in `folder`.
pub fn destroy(folder: &File, name: &OsStr) -> io::Result<()> {
    let mut args = vol_args(name)?;
    // SAFETY: SNAP_DESTROY_V2 takes a btrfs_ioctl_vol_args_v2 of 4096 bytes, all integers: VolArgs.
    unsafe { ioctl(folder, SNAP_DESTROY_V2, &mut args) }
}

/// Makes a subvolume read-only.
pub fn set_read_only(file: &File) -> io::Result<()> {
    let mut flags = 0u64;
    // SAFETY: SUBVOL_GETFLAGS fills a 64-bit integer.
    unsafe { ioctl(file, SUBVOL_GETFLAGS, &mut flags) }?;
    flags |= RDONLY;
    // SAFETY: SUBVOL_SETFLAGS reads a 64-bit integer.
    unsafe { ioctl(file, SUBVOL_SETFLAGS, &mut flags) }
}

/// The paths, inside the subvolume `file`, of the subvolumes that stand in it: the first 255.
pub fn children(file: &File) -> io::Result<Vec<PathBuf>> {
    let mut refs = RootRefs { from_tree: 0, refs: [[0; 2]; 255], count: 0, align: [0; 7] };
    // SAFETY: GET_SUBVOL_ROOTREF reads and fills a btrfs_ioctl_get_subvol_rootref_args of 4096 bytes, all integers: RootRefs.
    match unsafe { ioctl(file, GET_SUBVOL_ROOTREF, &mut refs) } {
        // There are more; the first are filled in.
        Err(e) if e.raw_os_error() != Some(libc::EOVERFLOW) => return Err(e),
        _ => {}
    }
    let found = refs.refs.iter().take(refs.count.into());
    found.map(|[tree, folder]| lookup(file, *tree, *folder)).collect()
}

fn lookup(file: &File, tree: u64, folder: u64) -> io::Result<PathBuf> {
    let mut args = Lookup { folder, tree, name: [0; 256], path: [0; 3824] };
    // SAFETY: INO_LOOKUP_USER reads and fills a btrfs_ioctl_ino_lookup_user_args of 4096 bytes, all integers: Lookup.
    unsafe { ioctl(file, INO_LOOKUP_USER, &mut args) }?;
    Ok(Path::new(OsStr::from_bytes(text(&args.path))).join(OsStr::from_bytes(text(&args.name))))
}

/// Device and inode, as known without asking a file server that may be dead.
pub fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let about = statx(CWD, path, AtFlags::STATX_DONT_SYNC, StatxFlags::INO)?;
    Ok((makedev(about.stx_dev_major, about.stx_dev_minor), about.stx_ino))
}

/// Exchanges two names in one step.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Renames to a name that must be free.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}
