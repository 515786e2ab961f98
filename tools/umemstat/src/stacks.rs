//! Stacks that count no more: the dead part of live ones, and those of ended threads that glibc keeps for the next (x86-64).
use crate::maps::{self, Mapping};
use crate::ranges::Range;
use crate::registers::{RED_ZONE, Thread};

/// Offset of the thread's number in glibc's `struct pthread`, which the kernel clears when the thread has ended (CLONE_CHILD_CLEARTID),
/// and the size of that structure. Where this is another libc's, no thread's number is found there and nothing is left out.
const TID: usize = 0x2d0;
const PTHREAD: u64 = 0x900;
/// Where in it the vector of its thread-local storage is, which the next thread on this stack takes over.
const DTV: u64 = 8;

/// The dead part of each stack, below its thread's stack pointer.
pub(crate) fn dead_parts(maps: &[Mapping], threads: &[Thread]) -> Vec<Range> {
    let mut dead: Vec<Range> = Vec::new();
    for t in threads {
        let Some(m) = maps::at(maps, t.sp) else { continue };
        let top = t.sp.saturating_sub(RED_ZONE).max(m.start);
        // Two stacks in one mapping: only what is below both is surely dead.
        match dead.iter_mut().find(|d| d.0 == m.start) {
            Some(d) => d.1 = d.1.min(top),
            None => dead.push((m.start, top)),
        }
    }
    dead
}

/// A thread's control block: its address, and the number of its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    /// Where it is.
    pub(crate) addr: u64,
    /// The thread's number, [`ENDED`] or [`JOINED`].
    pub(crate) tid: u32,
}

/// What the kernel puts in place of the number of a thread that has ended, and pthread_join(3) of one that was waited for.
pub(crate) const ENDED: u32 = 0;
pub(crate) const JOINED: u32 = u32::MAX;

impl Control {
    /// Whether it is that of one of these threads: then the number is where this module looks for it.
    pub(crate) fn is_of(self, threads: &[i32]) -> bool {
        threads.iter().any(|&t| u32::try_from(t) == Ok(self.tid))
    }
}

/// The control blocks in the bytes at `addr`: each begins with its own address, and has it again as its third word.
pub(crate) fn controls(addr: u64, bytes: &[u8]) -> Vec<Control> {
    let word = |at: usize| bytes.get(at..at + 8).map(|b| u64::from_ne_bytes(b.try_into().unwrap_or_default()));
    let blocks = (0..bytes.len()).step_by(64).filter_map(|at| {
        let own = addr + at as u64;
        let tid = bytes.get(at + TID..at + TID + 4)?.try_into().unwrap_or_default();
        (word(at) == Some(own) && word(at + 16) == Some(own)).then_some(Control { addr: own, tid: u32::from_ne_bytes(tid) })
    });
    blocks.collect()
}

/// The stacks of ended threads, with their thread-local variables, but not what the next thread takes over: those with a guard below. `ended` are the threads' control blocks, `known`
/// those of threads that the allocator takes for living.
pub(crate) fn kept(maps: &[Mapping], ended: &[Control], known: &[u64]) -> Vec<Range> {
    let stack = |c: &Control| -> Option<[Range; 2]> {
        let i = maps.partition_point(|m| m.end <= c.addr);
        let (m, below) = (maps.get(i)?, maps.get(i.checked_sub(1)?)?);
        let guarded = below.end == m.start && !below.read && !below.write && m.path.is_empty();
        let dtv = c.addr.saturating_add(DTV);
        guarded.then_some([(m.start, dtv), (dtv + 8, c.addr.saturating_add(PTHREAD).min(m.end))])
    };
    ended.iter().filter(|c| !known.contains(&c.addr)).filter_map(stack).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(addr: u64, tid: u32) -> Vec<u8> {
        let mut b = vec![0; 0x900];
        b[..8].copy_from_slice(&addr.to_ne_bytes());
        b[16..24].copy_from_slice(&addr.to_ne_bytes());
        b[TID..TID + 4].copy_from_slice(&tid.to_ne_bytes());
        b
    }

    #[test]
    fn a_guarded_stack_of_an_ended_thread_is_left_out() {
        let map = |start, end, write| Mapping { start, end, read: write, write, ..Mapping::default() };
        let maps = [map(0x1000, 0x2000, true), map(0x8000, 0x9000, false), map(0x9000, 0x1_0000, true)];
        let living = controls(0x1400, &block(0x1400, 7));
        let ended = controls(0xf000, &block(0xf000, u32::MAX));
        assert_eq!((living.len(), ended.len()), (1, 1));
        assert!(living[0].is_of(&[7]) && !living[0].is_of(&[8]) && !ended[0].is_of(&[7, 0]));
        assert_eq!(kept(&maps, &ended, &[]), [(0x9000, 0xf008), (0xf010, 0xf900)]);
        assert_eq!(kept(&maps, &ended, &[0xf000]), [], "the allocator knows it");
        assert_eq!(kept(&maps[..1], &ended, &[]), [], "no guard");
        assert_eq!(controls(0x1401, &block(0x1400, 7)), []);
    }
}
