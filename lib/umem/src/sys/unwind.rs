//! Where the running thread is, and what the dynamic linker and the kernel know of its code and stack.
use core::arch::asm;
use core::ffi::{CStr, c_char, c_int, c_ulonglong, c_void};
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use super::linux::readable;

/// The registers that call-frame information speaks of, for one frame.
#[derive(Clone, Copy)]
pub(crate) struct Registers {
    pub(crate) pc: u64,
    pub(crate) sp: u64,
    pub(crate) bp: u64,
    pub(crate) bx: u64,
}

/// Those of the function this is part of.
#[inline(always)]
pub(crate) fn registers() -> Registers {
    let (pc, sp, bp, bx);
    // SAFETY: it reads registers only.
    unsafe {
        asm!("lea rax, [rip]", "mov rcx, rsp", "mov rdx, rbp", "mov rsi, rbx", out("rax") pc, out("rcx") sp, out("rdx") bp,
            out("rsi") bx, options(nomem, nostack, preserves_flags));
    }
    Registers { pc, sp, bp, bx }
}

/// What a signal interrupted, from the frame that the kernel left at `sp` for rt_sigreturn.
pub(crate) fn interrupted(sp: u64) -> Option<Registers> {
    if sp % 8 != 0 || !is_readable(sp) || !is_readable(sp + size_of::<libc::ucontext_t>() as u64) {
        return None;
    }
    // SAFETY: readable, aligned, and the unwinder found the code that returns from a signal to lie above it.
    let registers = unsafe { (*(sp as *const libc::ucontext_t)).uc_mcontext.gregs };
    let of = |which: c_int| registers.get(which as usize).map(|&r| r as u64);
    Some(Registers { pc: of(libc::REG_RIP)?, sp: of(libc::REG_RSP)?, bp: of(libc::REG_RBP)?, bx: of(libc::REG_RBX)? })
}

/// Whether the word at an address can be read.
pub(crate) fn is_readable(address: u64) -> bool {
    readable(address as usize)
}

/// What dl_find_object(3) tells.
#[repr(C)]
struct Found {
    flags: c_ulonglong,
    start: u64,
    end: u64,
    link_map: *const LinkMap,
    header: u64,
    reserved: [c_ulonglong; 7],
}

/// The start of the dynamic linker's record of an object, from <link.h>.
#[repr(C)]
struct LinkMap {
    bias: u64,
    name: *const c_char,
}

unsafe extern "C" {
    /// Since glibc 2.35; takes no lock, allocates nothing, works in signal handlers.
    fn _dl_find_object(address: *const c_void, result: *mut Found) -> c_int;
}

fn find(pc: u64) -> Option<Found> {
    let mut found = Found { flags: 0, start: 0, end: 0, link_map: core::ptr::null(), header: 0, reserved: [0; 7] };
    // SAFETY: it writes the record only.
    (unsafe { _dl_find_object(pc as *const c_void, &raw mut found) } == 0).then_some(found)
}

/// A loaded object.
pub(crate) struct Object {
    /// Read-only bytes with its call-frame information, their address, and that of the .eh_frame_hdr in them.
    pub(crate) unwinding: Option<(&'static [u8], u64, u64)>,
}

/// The object whose code an address is in.
pub(crate) fn object_at(pc: u64) -> Option<Object> {
    let found = find(pc)?;
    Some(Object { unwinding: segment(&found) })
}

/// The read-only segment with the call-frame information, by the program headers at the start of an object's file.
fn segment(found: &Found) -> Option<(&'static [u8], u64, u64)> {
    if found.header == 0 {
        return None;
    }
    // SAFETY: a loaded object starts with its ELF header, followed by its program headers, and stays as long as its code, in which
    // a frame of the calling thread is.
    unsafe {
        let header = &*(found.start as *const libc::Elf64_Ehdr);
        if !header.e_ident.starts_with(b"\x7fELF") {
            return None;
        }
        let first = (found.start + header.e_phoff) as *const libc::Elf64_Phdr;
        let headers = core::slice::from_raw_parts(first, header.e_phnum.into());
        let bias = found.start.wrapping_sub(headers.iter().find(|h| h.p_type == libc::PT_LOAD)?.p_vaddr & !0xfff);
        let of = |h: &libc::Elf64_Phdr| bias.wrapping_add(h.p_vaddr);
        let readonly = headers.iter().filter(|h| h.p_type == libc::PT_LOAD && h.p_flags & libc::PF_W == 0);
        let segment = readonly.clone().find(|h| (of(h)..of(h) + h.p_filesz).contains(&found.header))?;
        let bytes = core::slice::from_raw_parts(of(segment) as *const u8, segment.p_filesz as usize);
        Some((bytes, of(segment), found.header))
    }
}

/// The code of libumem.so, when that is what this is part of.
static OWN_START: AtomicU64 = AtomicU64::new(0);
static OWN_END: AtomicU64 = AtomicU64::new(0);

/// Finds the range of the library's own code, so that stacks can begin at its caller. In a program it is linked into, there is none.
pub(crate) fn find_own_code() {
    let Some(found) = find(find_own_code as *const () as u64) else { return };
    // SAFETY: the linker's record of this very object, with a string for its name.
    let ours =
        unsafe { found.link_map.as_ref().is_some_and(|m| CStr::from_ptr(m.name).to_bytes().windows(7).any(|w| w == b"libumem")) };
    if ours {
        OWN_START.store(found.start, Relaxed);
        OWN_END.store(found.end, Relaxed);
    }
}

/// Whether an address lies in the library's own code.
pub(crate) fn is_own_code(address: u64) -> bool {
    (OWN_START.load(Relaxed)..OWN_END.load(Relaxed)).contains(&address)
}
