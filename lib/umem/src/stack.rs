//! Stacks of callers: libc's backtrace, which reads .eh_frame and needs no frame pointers; and their printing.
use core::ffi::{CStr, c_void};
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use umem_abi::FRAMES;

use crate::{report, sys};

/// Frames of the allocator itself that may lie below the caller.
const OWN: usize = 9;

/// The unwinder allocates on its first use: until `prime` is done no stack is taken.
static READY: AtomicU32 = AtomicU32::new(0);

/// Makes the unwinder ready. Called when libc is up, with one thread.
pub(crate) fn prime() {
    let mut frames = [core::ptr::null_mut(); 1];
    sys::backtrace(&mut frames);
    sys::find_own_code();
    READY.store(1, Release);
}

/// The callers' return addresses, the innermost first, without the allocator's own; how many.
pub(crate) fn capture(to: &mut [u64; FRAMES], most: usize) -> u64 {
    if READY.load(Acquire) == 0 {
        return 0;
    }
    let mut frames: [*mut c_void; FRAMES + OWN] = [core::ptr::null_mut(); FRAMES + OWN];
    let n = sys::backtrace(&mut frames);
    let outside = frames.iter().take(n).map(|&p| p as u64).skip_while(|&p| sys::is_own_code(p));
    let mut depth = 0;
    for (slot, frame) in to.iter_mut().take(most).zip(outside) {
        *slot = frame;
        depth += 1;
    }
    depth
}

/// Prints frames as `library'function+offset`, one a line.
pub(crate) fn print(frames: &[u64]) {
    for &frame in frames {
        let found = sys::symbol(frame);
        let (Some(object), offset) = (found.object, frame - found.start) else {
            report::say(format_args!("??? ({frame:#x})\n"));
            continue;
        };
        let object = base(object);
        match found.name.and_then(|n| n.to_str().ok()) {
            Some(name) => report::say(format_args!("{object}'{name}+{offset:#x}\n")),
            None => report::say(format_args!("{object}'+{offset:#x}\n")),
        }
    }
}

fn base(path: &CStr) -> &str {
    path.to_str().ok().and_then(|p| p.rsplit('/').next()).unwrap_or("?")
}

/// Prints the running thread's callers.
pub(crate) fn print_own() {
    let mut frames = [0; FRAMES];
    let n = capture(&mut frames, FRAMES) as usize;
    print(frames.get(..n).unwrap_or_default());
}

/// Whether stacks can be taken.
pub(crate) fn is_ready() -> bool {
    READY.load(Relaxed) != 0
}
