//! dlopen(3) without RTLD_DEEPBIND.
//!
//! A library opened with that flag binds malloc and free to libc itself, past any allocator that was preloaded or linked, and then frees
//! what others allocated: PHP opens its extensions so, and dies of it under every other allocator. The call is passed on by a jump, so
//! that libc sees the true caller and honours its RUNPATH. `dlsym` is weak: a static program has none, and no dlopen worth the name.
use core::arch::{asm, global_asm, naked_asm};
use core::ffi::{c_char, c_int, c_void};
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

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

/// dlclose(3), after which addresses of code may mean other code.
///
/// # Safety
/// As for the true one.
#[unsafe(no_mangle)]
unsafe extern "C" fn dlclose(object: *mut c_void) -> c_int {
    type Close = unsafe extern "C" fn(*mut c_void) -> c_int;
    type Look = unsafe extern "C" fn(*mut c_void, *const c_char) -> Option<Close>;
    static TRUE: AtomicUsize = AtomicUsize::new(0);
    let look: usize;
    // SAFETY: it reads the address of dlsym, 0 in a static program; a function pointer with the niche for null has its form. What dlsym
    // finds under that name has that type.
    unsafe {
        asm!("mov {f}, qword ptr [rip + dlsym@GOTPCREL]", f = out(reg) look, options(pure, readonly, nostack, preserves_flags));
        let mut close = core::mem::transmute::<usize, Option<Close>>(TRUE.load(Relaxed));
        if close.is_none() {
            close = core::mem::transmute::<usize, Option<Look>>(look).and_then(|f| f(libc::RTLD_NEXT, c"dlclose".as_ptr()));
            TRUE.store(close.map_or(0, |f| f as usize), Relaxed);
        }
        let Some(close) = close else { return -1 };
        let status = close(object);
        ::umem::unloaded();
        status
    }
}
