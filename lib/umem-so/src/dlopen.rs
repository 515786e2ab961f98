//! dlopen(3) without RTLD_DEEPBIND.
//!
//! A library opened with that flag binds malloc and free to libc itself, past any allocator that was preloaded or linked, and then frees
//! what others allocated: PHP opens its extensions so, and dies of it under every other allocator. The call is passed on by a jump, so
//! that libc sees the true caller and honours its RUNPATH. `dlsym` is weak: a static program has none, and no dlopen worth the name.
use core::arch::{global_asm, naked_asm};
use core::ffi::{c_char, c_int, c_void};

global_asm!(
    ".weak dlsym",
    ".pushsection .bss.umem_dlopen,\"aw\",@nobits",
    ".p2align 3",
    ".local umem_dlopen",
    "umem_dlopen: .zero 8",
    ".popsection",
    ".pushsection .rodata.umem_dlopen,\"a\",@progbits",
    "umem_dlopen_name: .asciz \"dlopen\"",
    ".popsection",
);

/// dlopen(3).
///
/// # Safety
/// As for the true one.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn dlopen(_file: *const c_char, _mode: c_int) -> *mut c_void {
    naked_asm!(
        "and esi, {keep}",
        "mov rax, qword ptr [rip + umem_dlopen]",
        "test rax, rax",
        "jne 4f",
        // The first call looks the true one up; 24 bytes keep the stack aligned.
        "push rdi",
        "push rsi",
        "sub rsp, 8",
        "mov rax, qword ptr [rip + dlsym@GOTPCREL]",
        "test rax, rax",
        "je 3f",
        "mov rdi, -1", // RTLD_NEXT
        "lea rsi, [rip + umem_dlopen_name]",
        "call rax",
        "mov qword ptr [rip + umem_dlopen], rax",
        "3: add rsp, 8",
        "pop rsi",
        "pop rdi",
        "test rax, rax",
        "jne 4f",
        "ret",
        "4: jmp rax",
        keep = const !libc::RTLD_DEEPBIND,
    )
}
