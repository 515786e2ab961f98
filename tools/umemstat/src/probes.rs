//! USDT probes: `umemstat:::sample`, at each look at a process's statistics, and `umemstat:::scan`, after each scan for leaks.
#![allow(unsafe_code, reason = "what usdt generates writes the probes' instructions")]
#![allow(missing_docs, clippy::all, reason = "generated")]

use crate::hunt::Found;
use std::ffi::CString;
use std::hint::black_box;
use std::time::Duration;

#[usdt::provider(provider = "umemstat")]
mod umemstat {
    fn sample(target: u64, caches: u64, unstable: u64, threads: u64, nanoseconds: u64) {}
    fn scan(target: u64, buffers: u64, bytes: u64, leaks: u64, stopped: u64, nanoseconds: u64) {}
}

/// Calls `fire` with the address of `target` as a string of C. usdt says of a probe's instruction that it reads no memory, so
/// the optimizer need not have written what a string of Rust is copied to: the string is made, and kept, where it must. (What usdt is given as a pointer, tracers are told to follow.)
fn named(target: &str, fire: impl FnOnce(u64)) {
    let name = CString::new(target).unwrap_or_default();
    fire(black_box(name.as_ptr()).expose_provenance() as u64);
    black_box(&name);
}

/// The statistics of a target were read: how many caches, how many of them changed meanwhile, how many threads, how long it took.
pub(crate) fn sample(target: &str, sample: &crate::sample::Sample, took: Duration) {
    named(target, |target| {
        umemstat::sample!(|| {
            let unstable = sample.rows.iter().filter(|r| !r.stable).count() as u64;
            (target, sample.rows.len() as u64, unstable, sample.threads.len() as u64, nanoseconds(took))
        });
    });
}

/// A target was scanned for leaks: buffers in use, bytes copied, leaks, for how long it stood still, how long the scan took.
pub(crate) fn scan(target: &str, found: &Found) {
    named(target, |target| {
        umemstat::scan!(|| {
            let (buffers, bytes, leaks) = (found.buffers as u64, found.bytes as u64, found.leaks.len() as u64);
            (target, buffers, bytes, leaks, nanoseconds(found.stopped), nanoseconds(found.took))
        });
    });
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
