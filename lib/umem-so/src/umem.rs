//! umem_alloc(3), umem_cache_create(3) and their kin.
use core::ffi::{CStr, c_char, c_int, c_uint, c_void};

use umem::object::{self, ObjectCache, Recipe};
use umem::vmem::Vmem;
use umem::{Constructor, Destructor, NofailCallback, Reclaim};

/// umem_alloc(3).
#[unsafe(no_mangle)]
extern "C" fn umem_alloc(size: usize, flags: c_int) -> *mut c_void {
    object::sized(size, flags).cast()
}

/// umem_zalloc(3).
#[unsafe(no_mangle)]
extern "C" fn umem_zalloc(size: usize, flags: c_int) -> *mut c_void {
    object::sized_zeroed(size, flags).cast()
}

/// umem_alloc_align(3).
#[unsafe(no_mangle)]
extern "C" fn umem_alloc_align(size: usize, align: usize, flags: c_int) -> *mut c_void {
    object::sized_aligned(size, align, flags).cast()
}

/// umem_free(3).
///
/// # Safety
/// `p` is null, or from one of the above with that size, and nobody uses it any more.
#[unsafe(no_mangle)]
unsafe extern "C" fn umem_free(p: *mut c_void, size: usize) {
    // SAFETY: by the contract.
    unsafe { object::free_sized(p.cast(), size) }
}

/// umem_free_align(3).
///
/// # Safety
/// As for [`umem_free`].
#[unsafe(no_mangle)]
unsafe extern "C" fn umem_free_align(p: *mut c_void, size: usize) {
    // SAFETY: by the contract.
    unsafe { object::free_sized(p.cast(), size) }
}

/// umem_nofail_callback(3).
#[unsafe(no_mangle)]
extern "C" fn umem_nofail_callback(callback: Option<NofailCallback>) {
    umem::set_nofail_callback(callback);
}

/// umem_setmtbf(3).
#[unsafe(no_mangle)]
extern "C" fn umem_setmtbf(mtbf: c_uint) {
    umem::set_mtbf(mtbf);
}

/// umem_reap(3).
#[unsafe(no_mangle)]
extern "C" fn umem_reap() {
    umem::reap();
}

/// umem_cache_create(3).
///
/// # Safety
/// `name` is a string; the callbacks are what the manual says.
#[unsafe(no_mangle)]
unsafe extern "C" fn umem_cache_create(
    name: *const c_char,
    size: usize,
    align: usize,
    constructor: Option<Constructor>,
    destructor: Option<Destructor>,
    reclaim: Option<Reclaim>,
    private: *mut c_void,
    source: *mut Vmem,
    flags: c_int,
) -> *mut ObjectCache {
    if name.is_null() || !source.is_null() {
        // SAFETY: the address is the thread's own errno.
        unsafe { *libc::__errno_location() = libc::EINVAL };
        return core::ptr::null_mut();
    }
    // SAFETY: by the contract.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes();
    object::create(&Recipe { name, size, align, constructor, destructor, reclaim, private, flags })
}

/// umem_cache_destroy(3).
///
/// # Safety
/// The cache is live, and no thread uses it any more.
#[unsafe(no_mangle)]
unsafe extern "C" fn umem_cache_destroy(cache: *mut ObjectCache) {
    // SAFETY: by the contract.
    unsafe { object::destroy(cache) }
}

/// umem_cache_alloc(3).
///
/// # Safety
/// The cache is live.
#[unsafe(no_mangle)]
unsafe extern "C" fn umem_cache_alloc(cache: *mut ObjectCache, flags: c_int) -> *mut c_void {
    // SAFETY: by the contract.
    unsafe { object::alloc(cache, flags).cast() }
}

/// umem_cache_free(3).
///
/// # Safety
/// `object` is from that cache, or null, and nobody uses it any more.
#[unsafe(no_mangle)]
unsafe extern "C" fn umem_cache_free(cache: *mut ObjectCache, object: *mut c_void) {
    // SAFETY: by the contract.
    unsafe { object::free(cache, object.cast()) }
}
