//! Linux: system calls by hand, so that no errno of the caller changes, and the few calls of libc that cannot allocate.
use core::arch::asm;
use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::AtomicU32;

const NONE: usize = libc::PROT_NONE as usize;
const READ_WRITE: usize = (libc::PROT_READ | libc::PROT_WRITE) as usize;
const ANONYMOUS: usize = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE) as usize;
/// Smallest negative error the kernel returns.
const MAX_ERRNO: isize = 4095;

/// A system call; returns what the kernel does: −errno on failure.
///
/// # Safety
/// The call must not touch memory that Rust believes to be its own.
#[cfg(target_arch = "x86_64")]
unsafe fn call(number: i64, a: usize, b: usize, c: usize, d: usize, e: usize) -> isize {
    let result: isize;
    // SAFETY: the kernel clobbers rcx and r11 only; the caller answers for the call's meaning.
    unsafe {
        asm!("syscall", inlateout("rax") number as isize => result, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e,
            in("r9") 0, out("rcx") _, out("r11") _, options(nostack));
    }
    result
}

fn address(result: isize) -> *mut u8 {
    if (-MAX_ERRNO..0).contains(&result) { null_mut() } else { result as *mut u8 }
}

/// Reserves `len` bytes of address space that nothing can touch yet; null when the system refuses.
pub(crate) fn reserve(len: usize) -> *mut u8 {
    // SAFETY: a fresh mapping at the kernel's choice disturbs none.
    address(unsafe { call(libc::SYS_mmap, 0, len, NONE, ANONYMOUS, usize::MAX) })
}

/// Maps `len` bytes of zeroed memory; null when the system refuses.
pub(crate) fn map(len: usize) -> *mut u8 {
    // SAFETY: a fresh mapping at the kernel's choice disturbs none.
    address(unsafe { call(libc::SYS_mmap, 0, len, READ_WRITE, ANONYMOUS, usize::MAX) })
}

/// Makes reserved memory usable.
///
/// # Safety
/// The range must have been reserved by [`reserve`].
pub(crate) unsafe fn commit(start: usize, len: usize) -> bool {
    // SAFETY: it is the caller's own reservation.
    unsafe { call(libc::SYS_mprotect, start, len, READ_WRITE, 0, 0) == 0 }
}

/// Takes a range's access rights away.
///
/// # Safety
/// Nobody may use the range any more.
pub(crate) unsafe fn protect(start: usize, len: usize) -> bool {
    // SAFETY: the caller owns the range.
    unsafe { call(libc::SYS_mprotect, start, len, NONE, 0, 0) == 0 }
}

/// Gives the memory of a range back to the system; it reads as zeros afterwards.
///
/// # Safety
/// Nobody may need the range's content any more.
pub(crate) unsafe fn decommit(start: usize, len: usize) -> bool {
    // SAFETY: the caller owns the range.
    unsafe { call(libc::SYS_madvise, start, len, libc::MADV_DONTNEED as usize, 0, 0) == 0 }
}

/// Gives a range of address space back.
///
/// # Safety
/// Nobody may use the range any more.
pub(crate) unsafe fn unmap(start: usize, len: usize) {
    // SAFETY: the caller owns the range.
    unsafe {
        call(libc::SYS_munmap, start, len, 0, 0, 0);
    }
}

/// Moves the pages of a range to `to`, leaving zeros behind, without copying (Linux 5.7).
///
/// # Safety
/// Both ranges must be the caller's, committed and apart.
pub(crate) unsafe fn move_pages(from: usize, to: usize, len: usize) -> bool {
    let flags = (libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED | libc::MREMAP_DONTUNMAP) as usize;
    // SAFETY: the caller owns both ranges.
    unsafe { call(libc::SYS_mremap, from, len, len, flags, to) == to as isize }
}

/// Sleeps while the word holds `value`.
pub(crate) fn futex_wait(word: &AtomicU32, value: u32) {
    let op = (libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG) as usize;
    // SAFETY: the kernel only reads the word.
    unsafe {
        call(libc::SYS_futex, word.as_ptr() as usize, op, value as usize, 0, 0);
    }
}

/// Wakes one sleeper.
pub(crate) fn futex_wake(word: &AtomicU32) {
    let op = (libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG) as usize;
    // SAFETY: the kernel uses the word's address only.
    unsafe {
        call(libc::SYS_futex, word.as_ptr() as usize, op, 1, 0, 0);
    }
}

/// Lets another thread run.
pub(crate) fn yield_now() {
    // SAFETY: it takes nothing.
    unsafe {
        call(libc::SYS_sched_yield, 0, 0, 0, 0, 0);
    }
}

/// Sleeps until a signal comes.
pub(crate) fn pause() {
    // SAFETY: it takes nothing.
    unsafe {
        call(libc::SYS_pause, 0, 0, 0, 0, 0);
    }
}

/// The kernel's number of this thread.
pub(crate) fn thread_id() -> u64 {
    // SAFETY: it takes nothing and cannot fail.
    unsafe { call(libc::SYS_gettid, 0, 0, 0, 0, 0) as u64 }
}

/// The process's number.
pub(crate) fn process_id() -> u64 {
    // SAFETY: it takes nothing and cannot fail.
    unsafe { call(libc::SYS_getpid, 0, 0, 0, 0, 0) as u64 }
}

/// This thread's pthread_t.
pub(crate) fn pthread() -> u64 {
    // SAFETY: it takes nothing and cannot fail.
    unsafe { libc::pthread_self() as u64 }
}

/// Whether the word at an address can be read: the kernel looks at it before it refuses the call for its first argument.
pub(crate) fn readable(address: usize) -> bool {
    // SAFETY: no such way to change the mask exists: the kernel reads the word, if it can, and does nothing.
    unsafe { call(libc::SYS_rt_sigprocmask, usize::MAX, address, 0, 8, 0) != -(libc::EFAULT as isize) }
}

/// Writes all of `text` to standard error.
pub(crate) fn complain(mut text: &[u8]) {
    while !text.is_empty() {
        // SAFETY: the kernel reads the slice only.
        let n = unsafe { call(libc::SYS_write, 2, text.as_ptr() as usize, text.len(), 0, 0) };
        if n <= 0 && n != -(libc::EINTR as isize) {
            return;
        }
        text = text.get(n.max(0) as usize..).unwrap_or_default();
    }
}

/// Ends the process by SIGABRT.
pub(crate) fn abort() -> ! {
    // SAFETY: abort takes nothing and does not return.
    unsafe { libc::abort() }
}

fn clock(which: libc::clockid_t) -> u64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes `t` only; answered in the vDSO.
    unsafe {
        libc::clock_gettime(which, &raw mut t);
    }
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}

/// CLOCK_MONOTONIC in nanoseconds.
pub(crate) fn now() -> u64 {
    clock(libc::CLOCK_MONOTONIC)
}

/// The same to a few milliseconds, cheaper, in milliseconds.
pub(crate) fn coarse_millis() -> u64 {
    clock(libc::CLOCK_MONOTONIC_COARSE) / 1_000_000
}

/// Sets errno of the calling thread.
pub(crate) fn set_errno(value: c_int) {
    // SAFETY: the address is the thread's own errno.
    unsafe {
        *libc::__errno_location() = value;
    }
}

/// A pthread key whose destructor is `ended`; none when all keys are taken.
pub(crate) fn thread_key(ended: unsafe extern "C" fn(*mut c_void)) -> Option<u32> {
    let mut key = 0;
    // SAFETY: it writes `key` only.
    (unsafe { libc::pthread_key_create(&raw mut key, Some(ended)) } == 0).then_some(key)
}

/// Arms the key's destructor for the calling thread.
pub(crate) fn arm(key: u32, value: *const c_void) {
    // SAFETY: the key is from `thread_key`; a failure leaves the thread's magazines to nobody, no more.
    unsafe {
        libc::pthread_setspecific(key, value);
    }
}

unsafe extern "C" {
    fn pthread_atfork(prepare: extern "C" fn(), parent: extern "C" fn(), child: extern "C" fn()) -> c_int;
    static environ: *const *const c_char;
}

/// Registers what runs around fork.
pub(crate) fn at_fork(prepare: extern "C" fn(), parent: extern "C" fn(), child: extern "C" fn()) {
    // SAFETY: the three live as long as the library; a failure only means unprepared forks.
    unsafe {
        pthread_atfork(prepare, parent, child);
    }
}

/// Whether the program runs with more rights than its caller: then the environment is not to be trusted.
pub(crate) fn is_secure() -> bool {
    // SAFETY: it reads the auxiliary vector only.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// The program's environment as libc has it; before libc is ready, the kernel's copy read into `buffer`.
pub(crate) fn variable<'a>(name: &[u8], buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    // SAFETY: environ is a NULL-terminated array of C strings, or null before libc is initialised.
    unsafe {
        let mut entry = environ;
        if entry.is_null() {
            let n = read_file(c"/proc/self/environ", buffer);
            return value_in(buffer.get(..n)?.split(|&b| b == 0), name);
        }
        while !(*entry).is_null() {
            let text = core::ffi::CStr::from_ptr(*entry).to_bytes();
            if let Some(v) = value_in(core::iter::once(text), name) {
                return Some(v);
            }
            entry = entry.add(1);
        }
    }
    None
}

fn value_in<'a>(mut entries: impl Iterator<Item = &'a [u8]>, name: &[u8]) -> Option<&'a [u8]> {
    entries.find_map(|e| e.strip_prefix(name)?.strip_prefix(b"="))
}

/// Reads the front of a file; the bytes read, 0 when it cannot be.
pub(crate) fn read_file(path: &core::ffi::CStr, buffer: &mut [u8]) -> usize {
    let flags = (libc::O_RDONLY | libc::O_CLOEXEC) as usize;
    let mut len = 0;
    // SAFETY: the kernel reads the path and writes the buffer only.
    unsafe {
        let fd = call(libc::SYS_openat, libc::AT_FDCWD as usize, path.as_ptr() as usize, flags, 0, 0);
        if fd < 0 {
            return 0;
        }
        while let Some(rest) = buffer.get_mut(len..).filter(|r| !r.is_empty()) {
            let n = call(libc::SYS_read, fd as usize, rest.as_mut_ptr() as usize, rest.len(), 0, 0);
            if n <= 0 {
                break;
            }
            len += n as usize;
        }
        call(libc::SYS_close, fd as usize, 0, 0, 0, 0);
    }
    len
}

/// How many CPUs there can be: one more than the largest number; none when the system does not say.
pub(crate) fn cpus() -> Option<usize> {
    let mut text = [0; 64];
    let n = read_file(c"/sys/devices/system/cpu/possible", &mut text);
    let last = text.get(..n)?.trim_ascii().rsplit(|b| matches!(b, b'-' | b',')).next()?;
    core::str::from_utf8(last).ok()?.parse::<usize>().ok()?.checked_add(1)
}

/// What a program may define: options as text.
pub(crate) type OwnOptions = unsafe extern "C" fn() -> *const c_char;

macro_rules! optional {
    ($(#[$doc:meta])* $name:ident, $symbol:literal) => {
        $(#[$doc])*
        pub(crate) fn $name() -> Option<OwnOptions> {
            let f: usize;
            // SAFETY: it reads the address the linker found, 0 when the program does not define the function.
            unsafe {
                asm!(concat!(".weak ", $symbol), concat!("mov {f}, qword ptr [rip + ", $symbol, "@GOTPCREL]"), f = out(reg) f,
                    options(pure, readonly, nostack, preserves_flags));
                // A function pointer with the niche for null has the same form as the address.
                core::mem::transmute::<usize, Option<OwnOptions>>(f)
            }
        }
    };
}
optional!(
    /// The program's `_umem_debug_init`.
    own_debug, "_umem_debug_init"
);
optional!(
    /// The program's `_umem_options_init`.
    own_options, "_umem_options_init"
);
optional!(
    /// The program's `_umem_logging_init`.
    own_logging, "_umem_logging_init"
);

/// Lets any process of the same user read this one, where Yama would not.
pub(crate) fn allow_readers() {
    // SAFETY: it changes a flag of the process; PR_SET_PTRACER_ANY is −1.
    unsafe {
        call(libc::SYS_prctl, libc::PR_SET_PTRACER as usize, usize::MAX, 0, 0, 0);
    }
}
