//! libumem.so: the C names of the allocator in lib/umem, and nothing else.
// Checked as a test it has a standard library of its own; it is never run as one.
#![cfg_attr(not(test), no_std)]
// Else the compiler may make `calloc` out of an allocation and a memset: of itself.
#![no_builtins]
#![allow(unsafe_code, reason = "C's contracts are unsafe; the functions say which of them they rely on")]

mod dlopen;
mod glibc;
mod malloc;
mod umem;
mod vmem;

/// Runs when libc is up, before the program's own constructors.
#[used]
#[unsafe(link_section = ".init_array")]
static READY: extern "C" fn() = ready;

extern "C" fn ready() {
    ::umem::ready();
}

// The precompiled `core` names it; nothing here unwinds. Hidden, so that no Rust program finds this one.
#[cfg(not(test))]
core::arch::global_asm!(".globl rust_eh_personality", ".hidden rust_eh_personality", "rust_eh_personality: ud2");

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: abort takes nothing and does not return.
    unsafe { libc::abort() }
}
