//! What addresses belong to, from the dynamic linker; nothing here allocates.
use core::ffi::{CStr, c_void};

/// What an address belongs to.
pub(crate) struct Symbol {
    pub(crate) object: Option<&'static CStr>,
    pub(crate) name: Option<&'static CStr>,
    /// Where the function, or without a name the object, starts.
    pub(crate) start: u64,
}

/// Looks an address up among the dynamic symbols.
pub(crate) fn symbol(address: u64) -> Symbol {
    let mut info = libc::Dl_info {
        dli_fname: core::ptr::null(),
        dli_fbase: core::ptr::null_mut(),
        dli_sname: core::ptr::null(),
        dli_saddr: core::ptr::null_mut(),
    };
    // SAFETY: dladdr fills the record with strings of the loaded objects, which stay while they do.
    unsafe {
        if libc::dladdr(address as *const c_void, &raw mut info) == 0 || info.dli_fname.is_null() {
            return Symbol { object: None, name: None, start: 0 };
        }
        let name = (!info.dli_sname.is_null()).then(|| CStr::from_ptr(info.dli_sname));
        let start = if name.is_some() { info.dli_saddr } else { info.dli_fbase };
        Symbol { object: Some(CStr::from_ptr(info.dli_fname)), name, start: start as u64 }
    }
}
