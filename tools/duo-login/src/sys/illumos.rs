//! illumos: what the authenticating process gives up.
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};

#[repr(C)]
struct PrivSet(c_void);

// priv_set(3C), setpflags(2): not in the libc crate.
unsafe extern "C" {
    fn priv_str_to_set(text: *const c_char, separators: *const c_char, end: *mut *const c_char) -> *mut PrivSet;
    fn priv_freeset(set: *mut PrivSet);
    fn setppriv(op: c_int, which: *const c_char, set: *const PrivSet) -> c_int;
    fn setpflags(flag: c_uint, value: c_uint) -> c_int;
}

const PRIV_SET: c_int = 2;
const PROC_PROTECT: c_uint = 0x0008;

/// The kernel already lets nobody trace a process whose rights differ; this protects against our own user as well.
pub(super) fn undumpable() {
    // SAFETY: setpflags takes numbers.
    unsafe { setpflags(PROC_PROTECT, 1) };
}

/// There is no death signal here: the child notices when its terminal or pipe is closed.
pub(super) fn die_with_parent() {}

/// Leaves the process the basic privileges without exec, fork, information about and sessions of other processes.
///
/// # Errors
/// The kernel refuses; the text says why.
pub fn confine() -> Result<(), String> {
    const LEFT: &CStr = c"basic,!proc_exec,!proc_fork,!proc_info,!proc_session,!file_link_any";
    let failed = || std::io::Error::last_os_error().to_string();
    // SAFETY: the strings are NUL-terminated; the set is used before it is freed, once.
    unsafe {
        let set = priv_str_to_set(LEFT.as_ptr(), c",".as_ptr(), std::ptr::null_mut());
        if set.is_null() {
            return Err(failed());
        }
        let mut done = Ok(());
        for which in [c"Effective", c"Permitted", c"Inheritable", c"Limit"] {
            if setppriv(PRIV_SET, which.as_ptr(), set) != 0 {
                done = Err(failed());
            }
        }
        priv_freeset(set);
        done
    }
}
