//! Object caches as umem_cache_create(3) makes them, and allocation by size as umem_alloc(3) has it.
use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

use umem_abi::{CLASSES, Magazine};

use crate::cache::{self, Cache, Constructor, Destructor, Kind, Reclaim};
use crate::failure::{by_chance, persistently};
use crate::report::Fault;
use crate::{config, flow, init, magazine, malloc, pagemap, percpu, reap, report, slab, sys, thread};

/// Objects of this cache keep to the slab layer.
pub const UMC_NOMAGAZINE: c_int = 0x40000;
const KNOWN_FLAGS: c_int = 0xf_0000;

/// A cache of objects, opaque to its users.
#[repr(transparent)]
pub struct ObjectCache(Cache);

/// How a cache is to be made.
pub struct Recipe<'a> {
    /// Its name, of which 31 bytes are kept.
    pub name: &'a [u8],
    /// Bytes of an object.
    pub size: usize,
    /// A power of two up to 64 KiB, or 0 for 8.
    pub align: usize,
    /// Makes an object of a buffer.
    pub constructor: Option<Constructor>,
    /// Undoes that.
    pub destructor: Option<Destructor>,
    /// Called when memory is short.
    pub reclaim: Option<Reclaim>,
    /// Passed to all three.
    pub private: *mut c_void,
    /// UMC_ flags.
    pub flags: c_int,
}

/// Makes a cache; null with errno EINVAL or ENOMEM.
pub fn create(recipe: &Recipe) -> *mut ObjectCache {
    init::ready();
    let align = recipe.align.max(8);
    if recipe.size == 0
        || (recipe.align & recipe.align.wrapping_sub(1)) != 0
        || align > pagemap::PAGE
        || recipe.flags & !KNOWN_FLAGS != 0
    {
        sys::set_errno(libc::EINVAL);
        return null_mut();
    }
    let c = cache::add(
        &Kind {
            name: recipe.name,
            size: recipe.size,
            align,
            constructor: recipe.constructor,
            destructor: recipe.destructor,
            reclaim: recipe.reclaim,
            private: recipe.private,
            flags: recipe.flags as u64,
        },
        recipe.flags & UMC_NOMAGAZINE != 0,
    );
    if c.is_null() {
        sys::set_errno(libc::ENOMEM);
    }
    c.cast()
}

/// Ends a cache all of whose objects were freed; says so when some were not, and leaves those where they are.
///
/// # Safety
/// It is live, and no thread uses it any more.
pub unsafe fn destroy(c: *mut ObjectCache) {
    let c = c.cast::<Cache>();
    // SAFETY: no thread uses the cache, so its entries in threads' blocks are still.
    unsafe {
        let i = (*c).abi.index as usize;
        if i < CLASSES - 1 {
            thread::for_each(|t| {
                let (hot, cold) = thread::entry(t, i);
                if (*hot).lo != 0 {
                    scrap(c, thread::unload(hot));
                }
                if (*cold).previous != 0 {
                    scrap(c, (*cold).previous as *mut Magazine);
                }
                *hot = thread::NOTHING;
                *cold = umem_abi::Cold { previous: 0, rounds: 0 };
            });
        }
        if percpu::is_on() && i < CLASSES - 1 {
            percpu::scrap(c, i);
        }
        reap::depot(c);
        let left = cache::locked(c, |c| {
            slab::release_empty(c);
            c.abi.total - c.abi.slab_free
        });
        if left > 0 {
            let name = umem_abi::name(&(*c).abi.name);
            report::say(format_args!("umem_cache_destroy: '{name}' ({c:p}) not empty\n"));
            return;
        }
        cache::remove(c);
    }
}

unsafe fn scrap(c: *mut Cache, m: *mut Magazine) {
    // SAFETY: the magazine is nobody's any more.
    unsafe {
        flow::drain(c, m);
        magazine::destroy(m);
    }
}

/// Allocates an object, constructed; null without memory, unless the flags say UMEM_NOFAIL.
///
/// # Safety
/// The cache is live.
#[inline(always)]
pub unsafe fn alloc(c: *mut ObjectCache, flags: c_int) -> *mut u8 {
    // SAFETY: by the contract.
    persistently(flags, || if by_chance() { null_mut() } else { unsafe { flow::cache_alloc(c.cast()) } })
}

/// Frees an object, which must be in its constructed state.
///
/// # Safety
/// It is from [`alloc`] of this cache, or null, and nobody uses it any more.
#[inline(always)]
pub unsafe fn free(c: *mut ObjectCache, object: *mut u8) {
    let c = c.cast::<Cache>();
    // SAFETY: by the contract; the page map knows the cache.
    unsafe { if (*c).abi.debug == 0 { flow::free(object) } else { free_checked(c, object) } }
}

#[cold]
unsafe fn free_checked(c: *mut Cache, p: *mut u8) {
    if p.is_null() {
        return;
    }
    // SAFETY: noted spans are records of ours, and a slab's cache is live.
    unsafe {
        let span = pagemap::noted(p as usize);
        if pagemap::class(p as usize) != 0 && (*span).abi.cache != c as u64 {
            let from = &*((*span).abi.cache as *const Cache);
            report::fault(&Fault { named: Some(&*c), ..Fault::new("buffer freed to wrong cache", from, p) });
            return;
        }
        flow::give_back_checked(c, p, None);
    }
}

/// umem_alloc(3): null for 0 bytes, and without memory unless the flags say UMEM_NOFAIL.
#[inline(always)]
pub fn sized(size: usize, flags: c_int) -> *mut u8 {
    if size == 0 {
        return null_mut();
    }
    persistently(flags, || if by_chance() { null_mut() } else { flow::alloc(size) })
}

/// umem_zalloc(3).
pub fn sized_zeroed(size: usize, flags: c_int) -> *mut u8 {
    if size == 0 {
        return null_mut();
    }
    persistently(flags, || if by_chance() { null_mut() } else { malloc::zeroed(size) })
}

/// umem_alloc_align(3).
pub fn sized_aligned(size: usize, align: usize, flags: c_int) -> *mut u8 {
    if size == 0 {
        return null_mut();
    }
    let align = align.max(8);
    if !align.is_power_of_two() {
        sys::set_errno(libc::EINVAL);
        return null_mut();
    }
    persistently(flags, || if by_chance() { null_mut() } else { malloc::aligned(align, size) })
}

/// umem_free(3): the size must be that of the allocation.
///
/// # Safety
/// Allocated by [`sized`] or its kin with that size, and nobody uses it any more.
#[inline(always)]
pub unsafe fn free_sized(p: *mut u8, size: usize) {
    // SAFETY: by the contract.
    unsafe { if config::get().debug == 0 { flow::free(p) } else { free_sized_checked(p, size) } }
}

#[cold]
unsafe fn free_sized_checked(p: *mut u8, size: usize) {
    // SAFETY: a class other than 0 means a slab, whose cache is live.
    unsafe {
        if p.is_null() {
            if size > 0 {
                report::keep(format_args!("umem_free: NULL with size {size}\n"));
            }
        } else if pagemap::class(p as usize) == 0 {
            flow::free(p);
        } else {
            let c = (*pagemap::noted(p as usize)).abi.cache as *mut Cache;
            if (*c).abi.debug == 0 { flow::free(p) } else { flow::give_back_checked(c, p, Some(size)) }
        }
    }
}
