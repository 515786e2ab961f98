//! Return addresses and what they belong to, from libc and the dynamic linker; nothing here allocates once the unwinder is loaded.
use core::ffi::{CStr, c_int, c_void};
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

unsafe extern "C" {
    #[link_name = "backtrace"]
    fn libc_backtrace(to: *mut *mut c_void, room: c_int) -> c_int;
}

/// The running thread's return addresses, the innermost first; how many.
pub(crate) fn backtrace(to: &mut [*mut c_void]) -> usize {
    // SAFETY: it writes no more than the room there is.
    unsafe { libc_backtrace(to.as_mut_ptr(), to.len() as c_int) as usize }
}

/// The code of libumem.so, when that is what this is part of.
static OWN_START: AtomicU64 = AtomicU64::new(0);
static OWN_END: AtomicU64 = AtomicU64::new(0);

/// Finds the range of the library's own code, so that stacks can begin at its caller. In a program it is linked into, there is none.
pub(crate) fn find_own_code() {
    // SAFETY: `visit` has the right type and touches its argument's fields only.
    unsafe {
        libc::dl_iterate_phdr(Some(visit), core::ptr::null_mut());
    }
}

unsafe extern "C" fn visit(info: *mut libc::dl_phdr_info, _: usize, _: *mut c_void) -> c_int {
    // SAFETY: the dynamic linker passes a live record with its array of headers and a string.
    unsafe {
        let (info, own) = (&*info, visit as *const () as u64);
        let ours = CStr::from_ptr(info.dlpi_name).to_bytes().windows(7).any(|w| w == b"libumem");
        for header in core::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum as usize) {
            let start = info.dlpi_addr + header.p_vaddr;
            if ours && header.p_type == libc::PT_LOAD && (start..start + header.p_memsz).contains(&own) {
                OWN_START.store(start, Relaxed);
                OWN_END.store(start + header.p_memsz, Relaxed);
                return 1;
            }
        }
    }
    0
}

/// Whether an address lies in the library's own code.
pub(crate) fn is_own_code(address: u64) -> bool {
    (OWN_START.load(Relaxed)..OWN_END.load(Relaxed)).contains(&address)
}

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
