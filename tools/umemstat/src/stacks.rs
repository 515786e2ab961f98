//! Stacks that count no more: the dead part of live ones, and those of ended threads that glibc keeps for the next (x86-64).
use crate::maps::{self, Mapping};
use crate::memory::words;
use crate::ranges::Range;
use crate::registers::{RED_ZONE, Thread};

/// Offset of the thread's number in glibc's `struct pthread`, which the kernel clears when the thread has ended (CLONE_CHILD_CLEARTID),
/// and the size of that structure. Where this is another libc's, no thread's number is found there and nothing is left out.
const TID: usize = 0x2d0;
const PTHREAD: usize = 0x900;
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
    /// The first address of its stack above the guard, if glibc made both.
    pub(crate) bottom: Option<u64>,
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
        let is_one = word(at) == Some(own) && word(at + 16) == Some(own);
        is_one.then(|| {
            let block = bytes.get(at..bytes.len().min(at.saturating_add(PTHREAD))).unwrap_or_default();
            Control { addr: own, tid: u32::from_ne_bytes(tid), bottom: bottom(own, block) }
        })
    });
    blocks.collect()
}

/// The bottom of the stack of the control block at `addr`, which notes in three words that follow each other where the stack's memory begins, how
/// long it is, and how much of that is guard (0 for memory that the program brought itself).
fn bottom(addr: u64, block: &[u8]) -> Option<u64> {
    let words: Vec<_> = words(block).collect();
    let holds = |w: &[u64]| match *w {
        [start, size, guard] => {
            let fits = start <= addr && start.checked_add(size).is_some_and(|end| addr < end && end - addr <= 1 << 16);
            (fits && guard > 0 && guard % 4096 == 0 && guard < size && start % 4096 == 0).then(|| start + guard)
        }
        _ => None,
    };
    words.windows(3).find_map(holds).filter(|&b| b < addr)
}

/// The stacks of ended threads, with their thread-local variables, but not what the next thread takes over. `ended` are the threads' control blocks, `known`
/// those of threads that the allocator takes for living.
pub(crate) fn kept(maps: &[Mapping], ended: &[Control], known: &[u64]) -> Vec<Range> {
    let stack = |c: &Control| -> Option<[Range; 2]> {
        let (m, dtv) = (maps::at(maps, c.addr)?, c.addr.saturating_add(DTV));
        let bottom = c.bottom.filter(|&b| b == m.start)?;
        Some([(bottom, dtv), (dtv + 8, c.addr.saturating_add(PTHREAD as u64).min(m.end))])
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
        let map = |start, end| Mapping { start, end, read: true, write: true, ..Mapping::default() };
        let maps = [map(0x1000, 0x2000), map(0x9000, 0x1_0000)];
        let stack = |start: u64, size: u64, guard: u64| {
            let mut b = block(0xf000, JOINED);
            [start, size, guard].iter().enumerate().for_each(|(i, w)| b[0x690 + i * 8..][..8].copy_from_slice(&w.to_ne_bytes()));
            controls(0xf000, &b)
        };
        let living = controls(0x1400, &block(0x1400, 7));
        let ended = stack(0x8000, 0x8000, 0x1000);
        assert_eq!((living.len(), ended.len()), (1, 1));
        assert!(living[0].is_of(&[7]) && !living[0].is_of(&[8]) && !ended[0].is_of(&[7, 0]));
        assert_eq!(kept(&maps, &ended, &[]), [(0x9000, 0xf008), (0xf010, 0xf900)]);
        assert_eq!(kept(&maps, &ended, &[0xf000]), [], "the allocator knows it");
        assert_eq!(kept(&maps, &stack(0x9000, 0x7000, 0), &[]), [], "no guard: the program's own memory");
        assert_eq!(kept(&maps, &stack(0xa000, 0x6000, 0x1000), &[]), [], "not where the mapping begins");
        assert_eq!(controls(0x1401, &block(0x1400, 7)), []);
    }
}
