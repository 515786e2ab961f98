//! One look at the statistics: each cache's counters with what its buffers in threads' magazines add to them.
use crate::allocator::{Allocator, raw_table, table};
use crate::memory::Memory;
use base::fail::{Fail, Result};
use umem_abi::{CLASSES, CPU_ROUNDS, Cache, Cold, Descriptor, Hot, Record, THREAD_CPU, Thread};

/// Bytes of one thread's block at most.
const BLOCK: u64 = 1 << 20;
/// How often a row that changed under the reader is read again.
const TRIES: usize = 5;

/// One cache at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// Where it is.
    pub(crate) addr: u64,
    /// Its record.
    pub(crate) cache: Cache,
    /// Buffers in use.
    pub(crate) in_use: u64,
    /// Free buffers in threads' magazines.
    pub(crate) in_ptc: u64,
    /// Buffers in its slabs.
    pub(crate) total: u64,
    /// Bytes of its slabs.
    pub(crate) memory: u64,
    /// Allocations made.
    pub(crate) alloc: u64,
    /// Allocations failed.
    pub(crate) fail: u64,
    /// It did not change while it was read; otherwise the figures are near, not exact.
    pub(crate) stable: bool,
}

impl Row {
    /// The name.
    pub(crate) fn name(&self) -> &str {
        umem_abi::name(&self.cache.name)
    }

    /// Adds another process's cache of the same name and size.
    pub(crate) fn add(&mut self, other: &Self) {
        for (to, from) in [
            (&mut self.in_use, other.in_use),
            (&mut self.in_ptc, other.in_ptc),
            (&mut self.total, other.total),
            (&mut self.memory, other.memory),
            (&mut self.alloc, other.alloc),
            (&mut self.fail, other.fail),
        ] {
            *to = to.saturating_add(from);
        }
        self.stable &= other.stable;
    }

    /// Bytes held for the cache that no buffer in use occupies: its free buffers, padding and slab ends.
    pub(crate) fn waste(&self) -> u64 {
        self.memory.saturating_sub(self.in_use.saturating_mul(self.cache.bufsize))
    }
}

/// Rows of the same name and size added up.
pub(crate) fn added_up<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Row> {
    let mut all: Vec<Row> = Vec::new();
    for row in rows {
        match all.iter_mut().find(|r| r.name() == row.name() && r.cache.bufsize == row.cache.bufsize) {
            Some(sum) => sum.add(row),
            None => all.push(row.clone()),
        }
    }
    all
}

/// A thread's magazines, or a CPU's where CPUs have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// Whose.
    pub(crate) thread: Thread,
    /// The loaded magazine of each class.
    pub(crate) hot: Vec<Hot>,
    /// The previous magazine of each class.
    pub(crate) cold: Vec<Cold>,
}

impl Block {
    /// The thread's number, or the CPU's.
    pub(crate) fn name(&self) -> String {
        let Thread { state, tid, .. } = self.thread;
        if state == THREAD_CPU { format!("cpu{tid}") } else { tid.to_string() }
    }

    /// Free buffers of the cache with this index in the thread's magazines.
    pub(crate) fn rounds(&self, index: usize) -> u64 {
        let loaded = self.hot.get(index).map_or(0, |h| h.top.saturating_sub(h.lo) / 8);
        self.cold.get(index).map_or(loaded, |c| loaded.saturating_add(c.rounds))
    }

    /// Bytes of free buffers in the thread's magazines.
    pub(crate) fn cached(&self, rows: &[Row]) -> u64 {
        let of = |r: &Row| position(&r.cache).map_or(0, |i| self.rounds(i).saturating_mul(r.cache.chunk));
        rows.iter().fold(0, |sum, r| sum.saturating_add(of(r)))
    }
}

/// Everything of one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    /// The caches in use.
    pub(crate) rows: Vec<Row>,
    /// The threads.
    pub(crate) threads: Vec<Block>,
}

impl Sample {
    /// Reads it; rows that change meanwhile are read again, and marked if they keep changing.
    pub(crate) fn take(memory: &dyn Memory, allocator: &Allocator) -> Result<Self> {
        let mut sample = Self::once(memory, allocator)?;
        for _ in 1..TRIES {
            if sample.rows.iter().all(|r| r.stable) {
                break;
            }
            let again = Self::once(memory, allocator)?;
            for row in &mut sample.rows {
                let new = again.rows.iter().find(|r| r.addr == row.addr);
                if let (false, Some(new)) = (row.stable, new) {
                    row.clone_from(new);
                }
            }
        }
        Ok(sample)
    }

    /// One reading; rows that changed meanwhile are marked.
    pub(crate) fn once(memory: &dyn Memory, allocator: &Allocator) -> Result<Self> {
        let before = table::<Cache>(memory, allocator.descriptor.caches)?;
        let threads = blocks(memory, allocator)?;
        let threads_after = blocks(memory, allocator)?;
        let after = table::<Cache>(memory, allocator.descriptor.caches)?;
        let mut rows = Vec::new();
        for (i, (addr, cache)) in before.iter().enumerate().filter(|(_, (_, c))| c.state != 0) {
            let mut row = row(*addr, cache, &threads);
            let still = after.get(i).is_some_and(|(_, later)| later == cache) && cache.seq % 2 == 0;
            row.stable = still && same(cache, &threads, &threads_after);
            rows.push(row);
        }
        Ok(Self { rows, threads })
    }
}

/// Whether no thread touched its magazines of the cache between two readings.
fn same(cache: &Cache, one: &[Block], two: &[Block]) -> bool {
    let Some(i) = position(cache) else { return true };
    let alike = |(a, b): (&Block, &Block)| a.thread == b.thread && a.hot.get(i) == b.hot.get(i) && a.cold.get(i) == b.cold.get(i);
    one.len() == two.len() && one.iter().zip(two).all(alike)
}

/// The cache's position in threads' blocks, if it has one.
fn position(cache: &Cache) -> Option<usize> {
    usize::try_from(cache.index).ok().filter(|&i| i < CLASSES)
}

fn row(addr: u64, cache: &Cache, threads: &[Block]) -> Row {
    let (mut in_ptc, mut alloc) = (0_u64, cache.alloc);
    if let Some(i) = position(cache) {
        in_ptc = threads.iter().fold(0, |sum, t| sum.saturating_add(t.rounds(i)));
        alloc = threads.iter().filter_map(|t| t.hot.get(i)).fold(alloc, |sum, h| sum.wrapping_add(h.allocs));
    }
    Row {
        addr,
        cache: *cache,
        in_use: cache.total.saturating_sub(cache.slab_free).saturating_sub(cache.depot_rounds).saturating_sub(in_ptc),
        in_ptc,
        total: cache.total,
        memory: cache.slabs.saturating_mul(cache.slab),
        alloc,
        fail: cache.alloc_fail,
        stable: true,
    }
}

/// The blocks of all threads.
fn blocks(memory: &dyn Memory, allocator: &Allocator) -> Result<Vec<Block>> {
    let raw = raw_table(memory, allocator.descriptor.threads, BLOCK)?;
    let all = raw.iter().map(|(_, bytes)| block(bytes, &allocator.descriptor));
    let cpus = raw_table(memory, allocator.descriptor.cpus, BLOCK)?;
    let theirs = cpus.iter().zip(0..).map(|((addr, bytes), number)| cpu(*addr, bytes, number, allocator.descriptor.cpu_entry));
    let threads = all.filter(|b| b.as_ref().map_or(true, |b| b.thread.state != 0));
    threads.chain(theirs.filter(|b| b.as_ref().map_or(true, |b| b.hot.iter().any(|h| h.allocs > 0 || h.top > h.lo)))).collect()
}

/// A CPU's magazines in the form of a thread's.
fn cpu(addr: u64, bytes: &[u8], number: u64, entry: u64) -> Result<Block> {
    let word = size_of::<u64>() as u64;
    let stack = |at: u64| -> Result<Hot> {
        let held = part(bytes, at, size_of::<u64>())?.first_chunk().copied().map_or(0, u64::from_ne_bytes);
        let lo = addr.wrapping_add(at).wrapping_add(word);
        let top = lo.wrapping_add((held & CPU_ROUNDS).saturating_mul(word));
        Ok(Hot { top, lo, hi: lo.wrapping_add(entry.saturating_sub(word)), allocs: held / (CPU_ROUNDS + 1) })
    };
    let hot = (0..CLASSES as u64).map(|i| stack(i.saturating_mul(entry))).collect::<Result<_>>()?;
    Ok(Block { thread: Thread { state: THREAD_CPU, tid: number, pthread: 0 }, hot, cold: Vec::new() })
}

fn block(bytes: &[u8], d: &Descriptor) -> Result<Block> {
    let classes = usize::try_from(d.classes).unwrap_or(0).min(CLASSES);
    Ok(Block {
        thread: Thread::parse(part(bytes, d.thread_head, Thread::SIZE)?),
        hot: part(bytes, d.thread_hot, classes * Hot::SIZE)?.chunks_exact(Hot::SIZE).map(Hot::parse).collect(),
        cold: part(bytes, d.thread_cold, classes * Cold::SIZE)?.chunks_exact(Cold::SIZE).map(Cold::parse).collect(),
    })
}

fn part(bytes: &[u8], offset: u64, len: usize) -> Result<&[u8]> {
    let from = usize::try_from(offset).ok().and_then(|o| bytes.get(o..)?.get(..len));
    from.ok_or_else(|| Fail::Other(format!("a thread's block of {} bytes has no {len} at {offset}: damaged", bytes.len())))
}
