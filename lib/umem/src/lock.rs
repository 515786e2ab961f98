//! A futex lock of four bytes: it spins a little, then sleeps. Held over slow paths only.
use core::hint::spin_loop;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::sys;

const FREE: u32 = 0;
const TAKEN: u32 = 1;
const AWAITED: u32 = 2;
const SPINS: u32 = 100;

#[repr(transparent)]
pub(crate) struct Lock(AtomicU32);

impl Lock {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(FREE))
    }

    /// Takes the lock; says whether it was found taken.
    #[inline]
    pub(crate) fn lock(&self) -> bool {
        if self.0.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_ok() {
            return false;
        }
        self.wait();
        true
    }

    #[cold]
    fn wait(&self) {
        for _ in 0..SPINS {
            if self.0.load(Relaxed) == FREE && self.0.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_ok() {
                return;
            }
            spin_loop();
        }
        while self.0.swap(AWAITED, Acquire) != FREE {
            sys::futex_wait(&self.0, AWAITED);
        }
    }

    #[inline]
    pub(crate) fn unlock(&self) {
        if self.0.swap(FREE, Release) == AWAITED {
            sys::futex_wake(&self.0);
        }
    }

    /// Holds it while `f` runs.
    pub(crate) fn with<T>(&self, f: impl FnOnce() -> T) -> T {
        self.lock();
        let done = f();
        self.unlock();
        done
    }
}
