//! vmem(3).
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;

use umem::vmem::{self, Constraints, Export, Import, Origin, VM_PANIC, Vmem};

/// vmem_create(3).
///
/// # Safety
/// `name` is a string, `source` null or live, the functions are what the manual says.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_create(
    name: *const c_char,
    base: *mut c_void,
    size: usize,
    quantum: usize,
    import: Option<Import>,
    export: Option<Export>,
    source: *mut Vmem,
    cached: usize,
    flags: c_int,
) -> *mut Vmem {
    // SAFETY: by the contract.
    unsafe {
        let name = if name.is_null() { c"" } else { CStr::from_ptr(name) };
        let vm = vmem::create(name.to_bytes(), quantum, &Origin { source, import, export }, cached);
        if !vm.is_null() && size > 0 && vmem_add(vm, base, size, flags).is_null() {
            vmem::destroy(vm);
            return null_mut();
        }
        vm
    }
}

/// vmem_destroy(3).
///
/// # Safety
/// The arena is live and nobody uses it any more.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_destroy(vm: *mut Vmem) {
    // SAFETY: by the contract.
    unsafe { vmem::destroy(vm) }
}

/// vmem_alloc(3).
///
/// # Safety
/// The arena is live.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_alloc(vm: *mut Vmem, size: usize, flags: c_int) -> *mut c_void {
    // SAFETY: by the contract.
    unsafe { vmem::alloc(vm, size, flags).unwrap_or(0) as *mut c_void }
}

/// vmem_free(3).
///
/// # Safety
/// From [`vmem_alloc`] of this arena with that size.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_free(vm: *mut Vmem, start: *mut c_void, size: usize) {
    // SAFETY: by the contract.
    unsafe { vmem::free(vm, start as usize, size) }
}

/// vmem_xalloc(3).
///
/// # Safety
/// The arena is live.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_xalloc(
    vm: *mut Vmem,
    size: usize,
    align: usize,
    phase: usize,
    nocross: usize,
    least: *mut c_void,
    end: *mut c_void,
    flags: c_int,
) -> *mut c_void {
    let c = Constraints { align, phase, nocross, least: least as usize, end: end as usize };
    // SAFETY: by the contract.
    unsafe { vmem::alloc_constrained(vm, size, &c, flags).unwrap_or(0) as *mut c_void }
}

/// vmem_xfree(3).
///
/// # Safety
/// From [`vmem_xalloc`] of this arena with that size.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_xfree(vm: *mut Vmem, start: *mut c_void, size: usize) {
    // SAFETY: by the contract.
    unsafe { vmem::free_constrained(vm, start as usize, size) }
}

/// vmem_add(3).
///
/// # Safety
/// The arena is live.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_add(vm: *mut Vmem, start: *mut c_void, size: usize, flags: c_int) -> *mut c_void {
    // SAFETY: by the contract.
    if unsafe { vmem::add(vm, start as usize, size) } {
        return start;
    }
    if flags & VM_PANIC != 0 {
        // SAFETY: abort takes nothing and does not return.
        unsafe { libc::abort() };
    }
    null_mut()
}

/// vmem_contains(3).
///
/// # Safety
/// The arena is live.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_contains(vm: *mut Vmem, start: *mut c_void, size: usize) -> c_int {
    // SAFETY: by the contract.
    c_int::from(unsafe { vmem::contains(vm, start as usize, size) })
}

/// vmem_walk(3).
///
/// # Safety
/// The arena is live.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_walk(
    vm: *mut Vmem,
    kinds: c_int,
    f: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, usize)>,
    private: *mut c_void,
) {
    let Some(f) = f else { return };
    // SAFETY: by the contract; the function is the caller's.
    unsafe { vmem::walk(vm, kinds, |start, size| f(private, start as *mut c_void, size)) }
}

/// vmem_size(3).
///
/// # Safety
/// The arena is live.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmem_size(vm: *mut Vmem, kinds: c_int) -> usize {
    // SAFETY: by the contract.
    unsafe { vmem::size(vm, kinds) }
}
