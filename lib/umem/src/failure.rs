//! What happens when memory is out: the nofail callback, and failures by chance for tests.
use core::ffi::c_int;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize};

use crate::{report, sys};

/// umem_alloc(3): the allocation may not fail.
pub const UMEM_NOFAIL: c_int = 0x100;
const RETRY: c_int = 0;
const EXIT: c_int = 0x100;
const STATUS: c_int = 0xff;

/// What umem_nofail_callback(3) takes.
pub type NofailCallback = unsafe extern "C" fn() -> c_int;

static CALLBACK: AtomicUsize = AtomicUsize::new(0);
static EXITING: AtomicBool = AtomicBool::new(false);
static MTBF: AtomicU32 = AtomicU32::new(0);
static DICE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);

/// Sets what is called when an allocation that may not fail has no memory; none: exit(255).
pub fn set_nofail_callback(callback: Option<NofailCallback>) {
    CALLBACK.store(callback.map_or(0, |f| f as usize), Relaxed);
}

/// Makes one allocation of `mtbf` fail by chance; 0: none.
pub fn set_mtbf(mtbf: u32) {
    MTBF.store(mtbf, Relaxed);
}

/// Whether chance has this allocation fail.
#[inline(always)]
pub(crate) fn by_chance() -> bool {
    let mtbf = MTBF.load(Relaxed);
    mtbf != 0 && roll(mtbf)
}

#[cold]
fn roll(mtbf: u32) -> bool {
    // SplitMix64: a step of a counter, well mixed.
    let mut z = DICE.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % u64::from(mtbf) == 0
}

/// `attempt` until it succeeds when `flags` say it may not fail, else once.
#[inline(always)]
pub(crate) fn persistently(flags: c_int, attempt: impl Fn() -> *mut u8) -> *mut u8 {
    let p = attempt();
    if p.is_null() && flags & UMEM_NOFAIL != 0 {
        return again(&attempt);
    }
    p
}

#[cold]
fn again(attempt: &dyn Fn() -> *mut u8) -> *mut u8 {
    loop {
        let callback = CALLBACK.load(Relaxed);
        if callback == 0 {
            exit(255);
        }
        // SAFETY: only `set_nofail_callback` stores there, what it was given.
        let said = unsafe { core::mem::transmute::<usize, NofailCallback>(callback)() };
        if said != RETRY {
            if said & !STATUS != EXIT {
                report::say(format_args!("nofail callback returned {said:x}\n"));
            }
            exit(if said & !STATUS == EXIT { said & STATUS } else { 255 });
        }
        let p = attempt();
        if !p.is_null() {
            return p;
        }
    }
}

/// Ends the process, by one thread only: exit(3) may not run twice.
fn exit(status: c_int) -> ! {
    if !EXITING.swap(true, Relaxed) {
        // SAFETY: no lock of ours is held; this is the first to come here.
        unsafe { libc::exit(status) };
    }
    loop {
        sys::pause();
    }
}
