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
    /// Read-only bytes with its call-frame information, their address, and that of the .eh_frame_hdr in them; 0 when there is none
    /// and the bytes are .eh_frame itself.
    pub(crate) unwinding: Option<(&'static [u8], u64, u64)>,
}

/// The object whose code an address is in.
pub(crate) fn object_at(pc: u64) -> Option<Object> {
    let found = find(pc)?;
    Some(Object { unwinding: segment(&found) })
}

/// The read-only segment with the call-frame information, by an object's program headers.
fn segment(found: &Found) -> Option<(&'static [u8], u64, u64)> {
    if found.header == 0 {
        let start = FRAMES_START.load(Relaxed);
        // SAFETY: a part of the program that was found to be loaded for reading, and stays.
        return (start != 0 && is_program(found)).then(|| unsafe { (bytes(start, FRAMES_SIZE.load(Relaxed)), start, 0) });
    }
    let headers = headers(found)?;
    // Where the information is tells how far from its file's addresses the object was loaded.
    let bias = found.header.wrapping_sub(headers.iter().find(|h| h.p_type == libc::PT_GNU_EH_FRAME)?.p_vaddr);
    let of = |h: &libc::Elf64_Phdr| bias.wrapping_add(h.p_vaddr);
    let mut readonly = headers.iter().filter(|h| is_readonly(h));
    let segment = readonly.find(|h| (of(h)..of(h) + h.p_filesz).contains(&found.header))?;
    // SAFETY: a loaded segment, which stays as long as the object's code, in which a frame of the calling thread is.
    Some((unsafe { bytes(of(segment), segment.p_filesz) }, of(segment), found.header))
}

unsafe fn bytes(address: u64, size: u64) -> &'static [u8] {
    // SAFETY: the caller's, readable and unchanging.
    unsafe { core::slice::from_raw_parts(address as *const u8, size as usize) }
}

fn is_readonly(h: &libc::Elf64_Phdr) -> bool {
    h.p_type == libc::PT_LOAD && h.p_flags & libc::PF_W == 0
}

/// Whether an object is the program: it alone has no name.
fn is_program(found: &Found) -> bool {
    // SAFETY: the linker's record of a loaded object, with a string for its name.
    unsafe { found.link_map.as_ref().is_some_and(|m| m.name.is_null() || *m.name == 0) }
}

/// An object's program headers, at its start; a static program may be said to start at its code.
fn headers(found: &Found) -> Option<&'static [libc::Elf64_Phdr]> {
    // SAFETY: a loaded object starts with its ELF header, followed by its program headers, and stays as long as its code, in which
    // a frame of the calling thread is.
    unsafe {
        let header = &*(found.start as *const libc::Elf64_Ehdr);
        if header.e_ident.starts_with(b"\x7fELF") {
            let first = (found.start + header.e_phoff) as *const libc::Elf64_Phdr;
            return Some(core::slice::from_raw_parts(first, header.e_phnum.into()));
        }
    }
    if is_program(found) { program_headers() } else { None }
}

/// The program's own, as the kernel tells.
fn program_headers() -> Option<&'static [libc::Elf64_Phdr]> {
    // SAFETY: the kernel's vector tells of headers that stay.
    unsafe {
        let first = libc::getauxval(libc::AT_PHDR) as *const libc::Elf64_Phdr;
        (!first.is_null()).then(|| core::slice::from_raw_parts(first, libc::getauxval(libc::AT_PHNUM) as usize))
    }
}

/// The .eh_frame of a program that has no .eh_frame_hdr: gcc -static leaves it out.
static FRAMES_START: AtomicU64 = AtomicU64::new(0);
static FRAMES_SIZE: AtomicU64 = AtomicU64::new(0);

/// Finds the program's .eh_frame where nothing in memory leads to it: by the section headers of its file.
pub(crate) fn find_frames() {
    let Some(found) = find(find_frames as *const () as u64) else { return };
    if found.header == 0 && is_program(&found) {
        // SAFETY: a path; the descriptor is closed.
        unsafe {
            let file = libc::open(c"/proc/self/exe".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
            if file >= 0 {
                let _ = frames_of(file);
                libc::close(file);
            }
        }
    }
}

/// A record at an offset of a file.
///
/// # Safety
/// The type is plain data.
unsafe fn record<T>(file: c_int, offset: u64) -> Option<T> {
    let mut record = core::mem::MaybeUninit::<T>::uninit();
    // SAFETY: as many bytes as the record has; once all are read it is one, by the contract.
    unsafe {
        let got = libc::pread(file, record.as_mut_ptr().cast(), size_of::<T>(), offset as i64);
        (got == size_of::<T>() as isize).then(|| record.assume_init())
    }
}

fn frames_of(file: c_int) -> Option<()> {
    // SAFETY: the records are plain data.
    unsafe {
        let header = record::<libc::Elf64_Ehdr>(file, 0).filter(|h| h.e_type == libc::ET_EXEC)?;
        let section =
            |i: u16| record::<libc::Elf64_Shdr>(file, header.e_shoff + u64::from(i) * size_of::<libc::Elf64_Shdr>() as u64);
        let names = section(header.e_shstrndx)?.sh_offset;
        let frames = (0..header.e_shnum).filter_map(section).find(|s| {
            let name = record::<[u8; 10]>(file, names + u64::from(s.sh_name));
            name.as_ref() == Some(b".eh_frame\0")
        })?;
        let (start, size) = (frames.sh_addr, frames.sh_size);
        let within = |h: &&libc::Elf64_Phdr| {
            h.p_vaddr <= start && start.checked_add(size).is_some_and(|end| end <= h.p_vaddr + h.p_filesz)
        };
        program_headers()?.iter().filter(|h| is_readonly(h)).find(within)?;
        FRAMES_SIZE.store(size, Relaxed);
        FRAMES_START.store(start, Relaxed);
    }
    Some(())
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
