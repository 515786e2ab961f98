//! What glibc has beside malloc(3): statistics, settings, and the names by which wrappers reach its own heap. Without them such a call would
//! meet a heap that nothing else uses, or mix both.
use core::ffi::{c_int, c_void};
use core::fmt::{self, Write};

use crate::malloc;

/// A FILE of stdio, whatever it is like.
#[repr(C)]
struct File {
    _opaque: [u8; 0],
}

unsafe extern "C" {
    fn fwrite(from: *const c_void, size: usize, count: usize, to: *mut File) -> usize;
    static stderr: *mut File;
}

/// Text for a stream; the first failure ends it.
struct Stream(*mut File);

impl Write for Stream {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // SAFETY: the stream is the caller's open one, which may buffer in memory of ours: no lock is held.
        let n = unsafe { fwrite(text.as_ptr().cast(), 1, text.len(), self.0) };
        if n == text.len() { Ok(()) } else { Err(fmt::Error) }
    }
}

/// mallinfo2(3): `arena` are slabs and free pages with memory behind them, `hblkhd` blocks with pages of their own, `uordblks` and `fordblks`
/// what of `arena` is in use and free, `ordblks` the free buffers, `keepcost` the free pages.
#[unsafe(no_mangle)]
extern "C" fn mallinfo2() -> libc::mallinfo2 {
    let u = umem::usage();
    let arena = u.slabs + u.dirty;
    libc::mallinfo2 {
        arena: arena as usize,
        ordblks: u.free_buffers as usize,
        smblks: 0,
        hblks: u.large_blocks as usize,
        hblkhd: u.large as usize,
        usmblks: 0,
        fsmblks: 0,
        uordblks: u.in_use as usize,
        fordblks: arena.saturating_sub(u.in_use) as usize,
        keepcost: u.dirty as usize,
    }
}

/// mallinfo(3): the same cut to `int`, as glibc cuts it.
#[unsafe(no_mangle)]
extern "C" fn mallinfo() -> libc::mallinfo {
    let m = mallinfo2();
    libc::mallinfo {
        arena: m.arena as c_int,
        ordblks: m.ordblks as c_int,
        smblks: 0,
        hblks: m.hblks as c_int,
        hblkhd: m.hblkhd as c_int,
        usmblks: 0,
        fsmblks: 0,
        uordblks: m.uordblks as c_int,
        fordblks: m.fordblks as c_int,
        keepcost: m.keepcost as c_int,
    }
}

/// malloc_stats(3), on standard error as glibc words it.
#[unsafe(no_mangle)]
extern "C" fn malloc_stats() {
    let m = mallinfo2();
    // SAFETY: libc has set the stream before any program runs.
    let mut err = Stream(unsafe { stderr });
    let _ = write!(
        err,
        "Arena 0:\nsystem bytes     = {:10}\nin use bytes     = {:10}\n\
         Total (incl. mmap):\nsystem bytes     = {:10}\nin use bytes     = {:10}\n",
        m.arena,
        m.uordblks,
        m.arena + m.hblkhd,
        m.uordblks + m.hblkhd
    );
}

/// malloc_info(3): glibc's elements; a `size` for each cache with free buffers.
///
/// # Safety
/// `to` is an open stream.
#[unsafe(no_mangle)]
unsafe extern "C" fn malloc_info(options: c_int, to: *mut c_void) -> c_int {
    if options != 0 {
        // SAFETY: the address is the thread's own errno.
        unsafe { *libc::__errno_location() = libc::EINVAL };
        return -1;
    }
    if information(&mut Stream(to.cast())).is_ok() { 0 } else { -1 }
}

fn information(to: &mut Stream) -> fmt::Result {
    let m = mallinfo2();
    to.write_str("<malloc version=\"1\">\n<heap nr=\"0\">\n<sizes>\n")?;
    let mut done = Ok(());
    umem::for_each_cache(|b| {
        if b.free > 0 && done.is_ok() {
            let (size, bytes) = (b.chunk, b.free * b.chunk);
            done = writeln!(to, "  <size from=\"{size}\" to=\"{size}\" total=\"{bytes}\" count=\"{}\"/>", b.free);
        }
    });
    done?;
    write!(
        to,
        "</sizes>\n<total type=\"fast\" count=\"0\" size=\"0\"/>\n<total type=\"rest\" count=\"{}\" size=\"{}\"/>\n\
         <system type=\"current\" size=\"{}\"/>\n</heap>\n<total type=\"fast\" count=\"0\" size=\"0\"/>\n\
         <total type=\"rest\" count=\"{}\" size=\"{}\"/>\n<total type=\"mmap\" count=\"{}\" size=\"{}\"/>\n\
         <system type=\"current\" size=\"{}\"/>\n</malloc>\n",
        m.ordblks, m.fordblks, m.arena, m.ordblks, m.fordblks, m.hblks, m.hblkhd, m.arena
    )
}

/// mallopt(3): what glibc knows is accepted and changes nothing: there are no arenas, bins or thresholds to set. 0 for what it does not know.
#[unsafe(no_mangle)]
extern "C" fn mallopt(parameter: c_int, _: c_int) -> c_int {
    c_int::from((-8..=-1).contains(&parameter) || parameter == 1)
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $of:ident;)*) => {$(
        $(#[$doc])*
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($argument: $type),*) -> $result {
            #[allow(unused_unsafe, reason = "some of them are safe")]
            // SAFETY: the caller's contract is that of the function named.
            unsafe { malloc::$of($($argument),*) }
        }
    )*};
}
names! {
    /// glibc's own name of malloc(3).
    __libc_malloc(size: usize) -> *mut c_void = malloc;
    /// glibc's own name of calloc(3).
    __libc_calloc(count: usize, size: usize) -> *mut c_void = calloc;
    /// glibc's own name of realloc(3).
    __libc_realloc(p: *mut c_void, size: usize) -> *mut c_void = realloc;
    /// glibc's own name of free(3).
    __libc_free(p: *mut c_void) -> () = free;
    /// glibc's own name of memalign(3).
    __libc_memalign(align: usize, size: usize) -> *mut c_void = memalign;
    /// glibc's own name of valloc(3).
    __libc_valloc(size: usize) -> *mut c_void = valloc;
    /// glibc's own name of pvalloc(3).
    __libc_pvalloc(size: usize) -> *mut c_void = pvalloc;
}
