//! malloc(3) and its kin, as glibc has them.
use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

const PAGE: usize = 4096;

fn set_errno(value: c_int) {
    // SAFETY: the address is the thread's own errno.
    unsafe { *libc::__errno_location() = value };
}

fn fail(why: c_int) -> *mut c_void {
    set_errno(why);
    null_mut()
}

/// malloc(3).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn malloc(size: usize) -> *mut c_void {
    umem::alloc(size).cast()
}

/// free(3).
///
/// # Safety
/// `p` is live or null, and nobody uses it any more.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn free(p: *mut c_void) {
    // SAFETY: by the contract.
    unsafe { umem::free(p.cast()) }
}

/// The old name of free(3).
///
/// # Safety
/// As for [`free`].
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn cfree(p: *mut c_void) {
    // SAFETY: by the contract.
    unsafe { umem::free(p.cast()) }
}

/// calloc(3).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    match count.checked_mul(size) {
        Some(bytes) => umem::zeroed(bytes).cast(),
        None => fail(libc::ENOMEM),
    }
}

/// realloc(3).
///
/// # Safety
/// `p` is live or null; it is gone when another address comes back.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn realloc(p: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: by the contract.
    unsafe { umem::resized(p.cast(), size).cast() }
}

/// reallocarray(3).
///
/// # Safety
/// As for [`realloc`].
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn reallocarray(p: *mut c_void, count: usize, size: usize) -> *mut c_void {
    match count.checked_mul(size) {
        // SAFETY: by the contract.
        Some(bytes) => unsafe { umem::resized(p.cast(), bytes).cast() },
        None => fail(libc::ENOMEM),
    }
}

/// memalign(3); an alignment that is no power of two is taken as the next one.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn memalign(align: usize, size: usize) -> *mut c_void {
    match align.checked_next_power_of_two() {
        Some(align) => umem::aligned(align, size).cast(),
        None => fail(libc::EINVAL),
    }
}

/// aligned_alloc(3).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
    if align.is_power_of_two() { umem::aligned(align, size).cast() } else { fail(libc::EINVAL) }
}

/// posix_memalign(3).
///
/// # Safety
/// `to` may be written.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn posix_memalign(to: *mut *mut c_void, align: usize, size: usize) -> c_int {
    if !align.is_power_of_two() || !align.is_multiple_of(size_of::<*mut c_void>()) {
        return libc::EINVAL;
    }
    // SAFETY: the address is the thread's own errno, which is not this function's to change.
    let errno = unsafe { *libc::__errno_location() };
    let p = umem::aligned(align, size);
    if p.is_null() {
        set_errno(errno);
        return libc::ENOMEM;
    }
    // SAFETY: by the contract.
    unsafe { *to = p.cast() };
    0
}

/// valloc(3).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn valloc(size: usize) -> *mut c_void {
    umem::aligned(PAGE, size).cast()
}

/// pvalloc(3).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn pvalloc(size: usize) -> *mut c_void {
    match size.max(1).checked_next_multiple_of(PAGE) {
        Some(size) => umem::aligned(PAGE, size).cast(),
        None => fail(libc::ENOMEM),
    }
}

/// malloc_usable_size(3).
///
/// # Safety
/// `p` is live or null.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn malloc_usable_size(p: *mut c_void) -> usize {
    // SAFETY: by the contract.
    unsafe { umem::usable(p.cast()) }
}

/// malloc_trim(3): gives free memory back to the system.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn malloc_trim(_: usize) -> c_int {
    c_int::from(umem::reap() > 0)
}
