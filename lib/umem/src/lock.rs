//! A futex lock of four bytes: it spins a little, then sleeps. Held over slow paths only.
use core::hint::spin_loop;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::sys;

const FREE: u32 = 0;
const TAKEN: u32 = 1;
const AWAITED: u32 = 2;

/// The steps of the lock, each of them indivisible: those of a word in memory, or of one that a test interleaves.
pub(crate) trait Word {
    /// Looks before sleeping.
    const SPINS: u32;
    /// Makes FREE to TAKEN; whether it was FREE.
    fn take(&self) -> bool;
    fn load(&self) -> u32;
    fn acquire(&self, value: u32) -> u32;
    fn release(&self) -> u32;
    /// Sleeps while the word holds `value`.
    fn wait(&self, value: u32);
    fn wake(&self);
}

impl Word for AtomicU32 {
    const SPINS: u32 = 100;

    #[inline]
    fn take(&self) -> bool {
        #[cfg(test)]
        crate::interleave::before_lock(self.as_ptr() as usize);
        self.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_ok()
    }

    fn load(&self) -> u32 {
        self.load(Relaxed)
    }

    fn acquire(&self, value: u32) -> u32 {
        self.swap(value, Acquire)
    }

    #[inline]
    fn release(&self) -> u32 {
        self.swap(FREE, Release)
    }

    fn wait(&self, value: u32) {
        sys::futex_wait(self, value);
    }

    fn wake(&self) {
        sys::futex_wake(self);
    }
}

#[repr(transparent)]
pub(crate) struct Lock<W = AtomicU32>(W);

impl Lock {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(FREE))
    }
}

impl<W: Word> Lock<W> {
    /// Takes the lock; says whether it was found taken.
    #[inline]
    pub(crate) fn lock(&self) -> bool {
        if self.0.take() {
            return false;
        }
        self.wait();
        true
    }

    #[cold]
    fn wait(&self) {
        for _ in 0..W::SPINS {
            if self.0.load() == FREE && self.0.take() {
                return;
            }
            spin_loop();
        }
        while self.0.acquire(AWAITED) != FREE {
            self.0.wait(AWAITED);
        }
    }

    #[inline]
    pub(crate) fn unlock(&self) {
        if self.0.release() == AWAITED {
            self.0.wake();
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

#[cfg(test)]
#[path = "lock_tests.rs"]
mod tests;
