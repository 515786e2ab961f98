//! Users and groups through libc, so that the name service decides.
use std::ffi::{CStr, CString, OsString, c_char};
use std::io;
use std::os::unix::ffi::OsStringExt;

/// What the user database says of a user.
#[derive(Debug, Clone)]
pub struct User {
    /// Login name.
    pub name: String,
    /// User number.
    pub uid: u32,
    /// Number of the primary group.
    pub gid: u32,
    /// The GECOS field.
    pub gecos: String,
    /// The login shell, if there is one.
    pub shell: Option<OsString>,
}

/// The user with this number.
#[must_use]
pub fn user_by_uid(uid: u32) -> Option<User> {
    // SAFETY: getpwuid takes a number; what it returns is valid until the next such call, and is copied here.
    // No other thread of this process looks up users.
    unsafe { libc::getpwuid(uid).as_ref().and_then(|p| copy(p)) }
}

/// The user with this name.
#[must_use]
pub fn user_by_name(name: &str) -> Option<User> {
    let name = CString::new(name).ok()?;
    // SAFETY: as above; the name is NUL-terminated.
    unsafe { libc::getpwnam(name.as_ptr()).as_ref().and_then(|p| copy(p)) }
}

/// # Safety
/// `p` comes from getpwuid or getpwnam: each of its strings is NULL or NUL-terminated.
unsafe fn copy(p: &libc::passwd) -> Option<User> {
    // SAFETY: see above.
    let (name, gecos, shell) = unsafe { (bytes(p.pw_name), bytes(p.pw_gecos), bytes(p.pw_shell)) };
    Some(User {
        // Another name than the system's would have other groups: such a user is unknown.
        name: String::from_utf8(name).ok()?,
        uid: p.pw_uid,
        gid: p.pw_gid,
        gecos: String::from_utf8_lossy(&gecos).into_owned(),
        shell: (!shell.is_empty()).then(|| OsString::from_vec(shell)),
    })
}

/// # Safety
/// `text` is NULL or NUL-terminated.
unsafe fn bytes(text: *const c_char) -> Vec<u8> {
    // SAFETY: see above.
    if text.is_null() { Vec::new() } else { unsafe { CStr::from_ptr(text) }.to_bytes().to_vec() }
}

/// The names of a user's primary and supplementary groups.
///
/// # Errors
/// A group has no name: whoever cannot be placed must not slip through.
pub fn group_names(user: &User) -> io::Result<Vec<String>> {
    let name = CString::new(user.name.as_str())?;
    let mut room = 64;
    let gids = loop {
        let mut gids = vec![0; room];
        let mut n = i32::try_from(room).unwrap_or(i32::MAX);
        // SAFETY: gids has room for n numbers, and n tells so.
        let got = unsafe { libc::getgrouplist(name.as_ptr(), user.gid, gids.as_mut_ptr(), &raw mut n) };
        let n = usize::try_from(n).unwrap_or(0);
        if got >= 0 {
            gids.truncate(n);
            break gids;
        }
        if room > 1 << 16 {
            return Err(io::Error::other("more groups than can be"));
        }
        room = n.max(room * 2);
    };
    let mut names = Vec::with_capacity(gids.len());
    for gid in gids {
        // SAFETY: getgrgid takes a number; the name is NUL-terminated and copied before the next call.
        let name = unsafe { libc::getgrgid(gid).as_ref().map(|g| bytes(g.gr_name)) };
        let name = name.ok_or_else(|| io::Error::other(format!("group {gid} has no name")))?;
        names.push(String::from_utf8_lossy(&name).into_owned());
    }
    Ok(names)
}
