//! The thread's slot: 8 bytes of initial-exec TLS that hold the address of its block, one instruction away.
//!
//! `thread_local!` in a shared library calls `__tls_get_addr` (4 ns a pair); 8 bytes of static TLS are always to be had, by dlopen too.
//! The slot starts at the null thread, whose magazines are at once empty and full, so that a new thread costs the fast path no test.
//! The same piece of assembly carries the ELF note that leads readers to the descriptor.
use core::arch::{asm, global_asm};

use umem_abi::Hot;

#[cfg(not(target_arch = "x86_64"))]
compile_error!("libumem's thread slot is written for x86_64");

global_asm!(
    ".pushsection .tdata,\"awT\",@progbits",
    ".p2align 3",
    ".hidden umem_tls",
    ".globl umem_tls",
    ".type umem_tls,@object",
    ".size umem_tls,8",
    "umem_tls: .quad {null}",
    ".popsection",
    ".pushsection .note.umem,\"aR\",@note",
    ".p2align 2",
    ".long 5, 8, 1",
    ".asciz \"umem\"",
    ".p2align 2",
    ".quad {descriptor} - .",
    ".popsection",
    null = sym crate::thread::NULL,
    descriptor = sym crate::descriptor::DESCRIPTOR,
);

/// The running thread's magazines, or those of the null thread.
#[inline(always)]
pub(crate) fn hot() -> *mut Hot {
    let p: *mut Hot;
    // SAFETY: reads the thread's own slot, which is always initialised.
    unsafe {
        asm!("mov {p}, qword ptr [rip + umem_tls@GOTTPOFF]", "mov {p}, qword ptr fs:[{p}]",
            p = out(reg) p, options(pure, readonly, nostack, preserves_flags));
    }
    p
}

/// Points the running thread's slot at `block`.
pub(crate) fn set_hot(block: *mut Hot) {
    // SAFETY: writes the thread's own slot.
    unsafe {
        asm!("mov {p}, qword ptr [rip + umem_tls@GOTTPOFF]", "mov qword ptr fs:[{p}], {v}",
            p = out(reg) _, v = in(reg) block, options(nostack, preserves_flags));
    }
}
