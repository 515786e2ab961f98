//! libumem.so: the C names of the allocator in lib/umem, and nothing else.
#![no_std]
// Else the compiler may make `calloc` out of an allocation and a memset: of itself.
#![no_builtins]
#![allow(unsafe_code, reason = "C's contracts are unsafe; the functions say which of them they rely on")]

mod dlopen;
mod malloc;

use core::panic::PanicInfo;

// The precompiled `core` names it; nothing here unwinds. Hidden, so that no Rust program finds this one.
core::arch::global_asm!(".globl rust_eh_personality", ".hidden rust_eh_personality", "rust_eh_personality: ud2");

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    // SAFETY: abort takes nothing and does not return.
    unsafe { libc::abort() }
}
