//! The reachability scan: which buffers in use can be reached from the roots, and which cannot.
use crate::bits::Bits;
use crate::heap::{Heap, Run};
use crate::memory::words;

/// Buffers that wait to be looked through, so that their bytes are on the way from memory by the time it is their turn.
const AHEAD: usize = 16;

/// A scan of a copy of the heap.
pub(crate) struct Scan<'a> {
    heap: &'a Heap,
    /// The bytes of all runs, as [`Heap::copy`] made them.
    data: &'a [u8],
    /// Buffers reached so far, by number.
    pub(crate) reached: Bits,
    /// Buffers reached but not yet looked through: where their bytes are.
    todo: Vec<(usize, usize)>,
}

impl<'a> Scan<'a> {
    /// Nothing is reached yet.
    pub(crate) fn new(heap: &'a Heap, data: &'a [u8]) -> Self {
        Self { heap, data, reached: Bits::new(heap.buffers), todo: Vec::new() }
    }

    /// Takes each of these words for a pointer, also into the midst of a buffer.
    pub(crate) fn roots(&mut self, words: impl Iterator<Item = u64>) {
        for w in words {
            self.pointer(w);
        }
    }

    /// Follows all pointers from what is reached.
    pub(crate) fn follow(&mut self) {
        let data = self.data;
        let mut ahead = [(0_usize, 0_usize); AHEAD];
        let (mut i, mut waiting) = (0, 0);
        loop {
            let next = self.todo.pop();
            waiting = match next {
                Some(_) => AHEAD,
                None if waiting == 0 => break,
                None => waiting - 1,
            };
            let next = next.unwrap_or_default();
            crate::sys::prefetch(data, next.0);
            let Some(slot) = ahead.get_mut(i % AHEAD) else { break };
            let (at, len) = std::mem::replace(slot, next);
            i += 1;
            for w in words(data.get(at..at + len).unwrap_or_default()) {
                self.pointer(w);
            }
        }
    }

    #[inline]
    fn pointer(&mut self, addr: u64) {
        let Some((run, i)) = self.heap.find(addr) else { return };
        let number = run.first + i as usize;
        if self.heap.used.has(number) && self.reached.add(number) {
            self.todo.push(place(run, i as usize));
        }
    }

    /// The buffers in use that were not reached.
    pub(crate) fn unreached(&self) -> Vec<usize> {
        self.heap.used.iter().filter(|&n| !self.reached.has(n)).collect()
    }
}

/// Where a buffer's bytes are in the copy: from, length.
fn place(run: &Run, i: usize) -> (usize, usize) {
    let len = usize::try_from(run.chunk).unwrap_or(0);
    (run.data + i * len, len)
}

/// The bytes of a buffer in the copy.
pub(crate) fn contents<'a>(heap: &Heap, data: &'a [u8], number: usize) -> &'a [u8] {
    let Some((_, run)) = heap.run_of(number) else { return &[] };
    let (at, len) = place(run, number - run.first);
    data.get(at..at + len).unwrap_or_default()
}

/// Of `leaked`, those that some other of them leads to: they are lost with it. Of a ring that nothing leads to, the first counts as lost by itself.
pub(crate) fn indirect(heap: &Heap, data: &[u8], leaked: &[usize]) -> Bits {
    let mut pointed = Bits::new(heap.buffers);
    for &from in leaked {
        for w in words(contents(heap, data, from)) {
            if let Some((run, i)) = heap.find(w) {
                let to = run.first + i as usize;
                if to != from {
                    pointed.add(to);
                }
            }
        }
    }
    let mut scan = Scan::new(heap, data);
    let mut heads = Bits::new(heap.buffers);
    let alone = leaked.iter().filter(|&&n| !pointed.has(n));
    for &n in alone.chain(leaked) {
        if let (true, Some((_, run))) = (scan.reached.add(n), heap.run_of(n)) {
            heads.add(n);
            scan.todo.push(place(run, n - run.first));
            scan.follow();
        }
    }
    let mut led = Bits::new(heap.buffers);
    for &n in leaked.iter().filter(|&&n| !heads.has(n)) {
        led.add(n);
    }
    led
}
