//! Stacks of callers, and their printing.
use core::ffi::CStr;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Release};

use umem_abi::FRAMES;

use crate::{report, sys, unwind};

/// Until `prime` is done no stack is taken.
static READY: AtomicU32 = AtomicU32::new(0);

/// Makes the unwinder ready. Called once.
pub(crate) fn prime() {
    unwind::init();
    sys::find_own_code();
    READY.store(1, Release);
}

/// Libc is up. In a static program it knew of no code until now: what was found of it is forgotten.
pub(crate) fn settle() {
    sys::find_own_code();
    sys::find_frames();
    unwind::unloaded();
}

/// The callers' return addresses, the innermost first, without the allocator's own; how many, and whether a signal handler is among them.
pub(crate) fn capture(to: &mut [u64; FRAMES], most: usize) -> (u64, bool) {
    let (mut depth, mut handler) = (0, false);
    if READY.load(Acquire) != 0 {
        let most = most.min(FRAMES);
        handler = unwind::walk(|pc| {
            if depth > 0 || !sys::is_own_code(pc) {
                if let Some(slot) = to.get_mut(depth) {
                    *slot = pc;
                }
                depth += 1;
            }
            depth < most
        });
    }
    (depth as u64, handler)
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
    let (depth, _) = capture(&mut frames, FRAMES);
    print(frames.get(..depth as usize).unwrap_or_default());
}
