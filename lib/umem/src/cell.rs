//! Global state that a lock, or being the only thread, protects.
use core::cell::UnsafeCell;

/// A static that is reached by raw pointer only; each module says which lock guards its own.
#[repr(transparent)]
pub(crate) struct Global<T>(UnsafeCell<T>);

// SAFETY: the content is reached through `get` only, whose users hold the lock named beside the static.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    pub(crate) const fn get(&self) -> *mut T {
        self.0.get()
    }
}
