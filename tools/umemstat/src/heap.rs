//! Every buffer of the heap: which there are, which are in use, and whose an address is.
use crate::allocator::{Allocator, At, table};
use crate::bits::Bits;
use crate::memory::{Memory, Piece, words};
use crate::ranges::{Range, common, ordered};
use crate::sample::{Block, Sample};
use base::fail::{Fail, Result};
use std::collections::HashMap;
use umem_abi::{AREA_HEAP, Area, Cache, Descriptor, Magazine, Record, SPAN_LARGE, SPAN_SLAB, Span, THREAD_LIVE, Thread};

/// Pages of the map from the lowest to the highest heap address, at most.
const PAGES: u64 = 1 << 26;
/// Addresses that a process may have, on any machine.
const ADDRESSES: u64 = 1 << 57;
/// Buffers in a magazine at most.
const ROUNDS: u64 = 1 << 16;
/// Magazines in a depot at most.
const DEPOT: usize = 1 << 24;

/// A span of buffers in a form fit for looking up millions of addresses.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// Address of buffer 0.
    pub(crate) base: u64,
    /// Bytes from one buffer to the next.
    pub(crate) chunk: u64,
    /// Buffers.
    pub(crate) objects: u32,
    /// The number of buffer 0 among all.
    pub(crate) first: usize,
    /// Where its bytes are in a snapshot of the heap: those of `base`.
    pub(crate) data: usize,
}

/// The heap at one moment.
#[derive(Debug, Default)]
pub(crate) struct Heap {
    /// The spans that hold buffers, and what they say.
    pub(crate) runs: Vec<Run>,
    /// As read, beside `runs`.
    pub(crate) spans: Vec<At<Span>>,
    /// The caches by address.
    pub(crate) caches: HashMap<u64, Cache>,
    /// The threads that the allocator serves.
    pub(crate) threads: Vec<Thread>,
    /// The buffers in use, by number.
    pub(crate) used: Bits,
    /// How many buffers there are, used or free.
    pub(crate) buffers: usize,
    /// First heap address, and bytes from there to the last.
    low: u64,
    reach: u64,
    shift: u32,
    /// Page of the heap to index in `runs` + 1.
    pages: Vec<u32>,
}

impl Heap {
    /// Reads where all buffers are and which are in use.
    pub(crate) fn read(memory: &dyn Memory, allocator: &Allocator) -> Result<Self> {
        let d = &allocator.descriptor;
        let sample = Sample::once(memory, allocator)?;
        let areas = areas(memory, d)?;
        let low = areas.iter().map(|a| a.start).min().unwrap_or(0);
        let high = areas.iter().map(|a| a.start.saturating_add(a.used)).max().unwrap_or(0);
        let shift = u32::try_from(d.page_shift).ok().filter(|s| (12..=30).contains(s)).ok_or_else(|| damaged("page size"))?;
        let mut heap = Self { low, reach: high.saturating_sub(low), shift, ..Self::default() };
        let pages = heap.reach >> shift;
        heap.pages = vec![0; usize::try_from(pages).ok().filter(|_| pages <= PAGES).ok_or_else(|| damaged("reach"))? + 1];
        heap.caches = sample.rows.iter().map(|r| (r.addr, r.cache)).collect();
        heap.threads = sample.threads.iter().map(|b| b.thread).filter(|t| t.state == THREAD_LIVE).collect();
        for area in &areas {
            heap.read_area(memory, d, area)?;
        }
        heap.used = Bits::new(heap.buffers);
        heap.used.add_range(0, heap.buffers);
        heap.drop_free_in_slabs(memory)?;
        heap.drop_free_in_magazines(memory, d, &sample)?;
        Ok(heap)
    }

    /// The run and the buffer that `addr` is in, or the pointer into one.
    #[inline]
    pub(crate) fn find(&self, addr: u64) -> Option<(&Run, u32)> {
        let distance = addr.wrapping_sub(self.low);
        if distance >= self.reach {
            return None;
        }
        let page = usize::try_from(distance >> self.shift).ok()?;
        let run = self.runs.get((*self.pages.get(page)? as usize).wrapping_sub(1))?;
        let offset = addr.wrapping_sub(run.base);
        if run.objects == 1 {
            return (offset < run.chunk).then_some((run, 0));
        }
        // A slab is far below 4 GiB, and 32-bit division is the quick one.
        let i = u32::try_from(offset).ok()? / (run.chunk as u32);
        (i < run.objects).then_some((run, i))
    }

    /// The run that holds the buffer of this number.
    pub(crate) fn run_of(&self, number: usize) -> Option<(usize, &Run)> {
        let i = self.runs.partition_point(|r| r.first <= number).checked_sub(1)?;
        Some((i, self.runs.get(i)?))
    }

    /// The address of a buffer by its number.
    pub(crate) fn address(&self, number: usize) -> Option<u64> {
        let (_, run) = self.run_of(number)?;
        Some(run.base + (number - run.first) as u64 * run.chunk)
    }

    /// Bytes of all runs.
    pub(crate) fn bytes(&self) -> usize {
        self.runs.last().map_or(0, |r| r.data + r.len())
    }

    /// Finds the spans of an area through the page map, and takes those that hold buffers.
    fn read_area(&mut self, memory: &dyn Memory, d: &Descriptor, area: &Area) -> Result<()> {
        let entries = page_entries(memory, d, area)?;
        let mut addrs = entries.clone();
        addrs.sort_unstable();
        addrs.dedup();
        addrs.retain(|&a| a != 0);
        let read = memory.records::<Span>(&addrs, Span::SIZE)?;
        let mut spans: Vec<At<Span>> = addrs.iter().zip(read).filter_map(|(&a, s)| Some((a, s?))).collect();
        // A page of free space may still name a span that was there before: only what the span's own first page says counts.
        let first = |s: &Span| entries.get(usize::try_from(s.start.checked_sub(area.start)? >> self.shift).ok()?).copied();
        spans.retain(|(addr, s)| {
            first(s) == Some(*addr) && s.bytes <= area.used && s.base >= s.start && s.base < s.start + s.bytes
        });
        spans.sort_unstable_by_key(|(_, s)| s.start);
        for (addr, span) in spans {
            let run = match span.kind {
                SPAN_SLAB => self.slab(&span),
                SPAN_LARGE => {
                    Some(Run { base: span.base, chunk: span.start + span.bytes - span.base, objects: 1, ..Run::default() })
                }
                _ => None,
            };
            self.add(addr, span, run)?;
        }
        Ok(())
    }

    /// Takes in a span and the run of its buffers.
    fn add(&mut self, addr: u64, span: Span, run: Option<Run>) -> Result<()> {
        let Some(mut run) = run else { return Ok(()) };
        (run.first, run.data) = (self.buffers, self.bytes());
        self.buffers += run.objects as usize;
        self.runs.push(run);
        self.spans.push((addr, span));
        let index = u32::try_from(self.runs.len()).map_err(|_| damaged("number of spans"))?;
        let page = |addr: u64| usize::try_from((addr - self.low) >> self.shift).unwrap_or(usize::MAX);
        let pages = page(span.start)..=page(span.start + span.bytes - 1);
        self.pages.get_mut(pages).ok_or_else(|| damaged("span"))?.fill(index);
        Ok(())
    }

    /// A slab's run, if the span and its cache fit together.
    fn slab(&self, span: &Span) -> Option<Run> {
        let chunk = self.caches.get(&span.cache)?.chunk;
        let objects = u32::try_from(span.objects).ok()?;
        let end = span.base.checked_add(chunk.checked_mul(span.objects)?)?;
        let fits = (8..1 << 32).contains(&chunk) && objects > 0 && span.bytes < 1 << 32 && end <= span.start + span.bytes;
        fits.then_some(Run { base: span.base, chunk, objects, ..Run::default() })
    }

    fn drop_free_in_slabs(&mut self, memory: &dyn Memory) -> Result<()> {
        let slabs: Vec<_> = self.spans.iter().zip(&self.runs).filter(|((_, s), _)| s.kind == SPAN_SLAB && s.free > 0).collect();
        let wanted: Vec<_> = slabs.iter().map(|((_, s), r)| (s.bitmap, (r.objects as usize).div_ceil(64) * 8)).collect();
        for ((_, run), bytes) in slabs.iter().zip(memory.stretches(&wanted)?) {
            for (i, word) in words(&bytes).enumerate() {
                let free = std::iter::successors(Some(word), |w| Some(w & w.wrapping_sub(1))).take_while(|&w| w != 0);
                for w in free {
                    let bit = i * 64 + w.trailing_zeros() as usize;
                    if bit < run.objects as usize {
                        self.used.remove(run.first + bit);
                    }
                }
            }
        }
        Ok(())
    }

    fn drop_free_in_magazines(&mut self, memory: &dyn Memory, d: &Descriptor, sample: &Sample) -> Result<()> {
        let mut wanted = Vec::new();
        let mut slots = |addr: u64, rounds: u64| {
            if (1..=ROUNDS).contains(&rounds) {
                wanted.push((addr, rounds as usize * 8));
            }
        };
        for Block { hot, cold, .. } in &sample.threads {
            hot.iter().for_each(|h| slots(h.lo, h.top.saturating_sub(h.lo) / 8));
            cold.iter().for_each(|c| slots(c.previous.wrapping_add(d.magazine_slots), c.rounds));
        }
        for row in sample.rows.iter().filter(|r| r.cache.depot_rounds > 0) {
            let mut at = row.cache.full;
            for _ in 0..DEPOT {
                if at == 0 {
                    break;
                }
                let Ok(m) = memory.record::<Magazine>(at, Magazine::SIZE as u64) else { break };
                slots(at.wrapping_add(d.magazine_slots), m.rounds);
                at = m.next;
            }
        }
        for bytes in memory.stretches(&wanted)? {
            for addr in words(&bytes) {
                if let Some((run, i)) = self.find(addr) {
                    let number = run.first + i as usize;
                    self.used.remove(number);
                }
            }
        }
        Ok(())
    }

    /// Copies the bytes of all runs, one after the other, into `to`, which holds zeros; what cannot be read stays so.
    pub(crate) fn copy(&self, memory: &dyn Memory, to: &mut [u8]) -> Result<()> {
        let runs: Vec<Range> = self.runs.iter().map(|r| (r.base, r.base + r.len() as u64)).collect();
        let touched: Vec<_> = ordered(&runs).into_iter().flat_map(|r| memory.touched(r)).collect();
        copy(memory, &runs, &touched, to)
    }
}

/// Copies `ranges`, one after the other, into `to`, but reads only what is also in `touched`; both in order.
pub(crate) fn copy(memory: &dyn Memory, ranges: &[Range], touched: &[Range], to: &mut [u8]) -> Result<()> {
    let mut rest = to;
    let mut at = ranges.iter();
    let mut gap = 0;
    let mut current: Range = (0, 0);
    let mut pieces = Vec::new();
    for (from, end) in common(ranges, touched) {
        // The ranges before this part take their room, read or not.
        while current.1 <= from {
            gap += current.1 - current.0;
            let Some(&next) = at.next() else { return Ok(()) };
            current = next;
        }
        let skip = usize::try_from(gap + from - current.0).unwrap_or(usize::MAX);
        let len = usize::try_from(end - from).unwrap_or(usize::MAX);
        let Some((bytes, more)) = rest.split_at_mut_checked(skip).and_then(|(_, r)| r.split_at_mut_checked(len)) else { break };
        pieces.push(Piece::new(from, bytes));
        rest = more;
        gap = 0;
        current.0 = end;
    }
    memory.fill(&mut pieces)
}

impl Run {
    /// Bytes of its buffers.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.chunk).unwrap_or(0).saturating_mul(self.objects as usize)
    }
}

/// The heap's areas, in order. Those that no process can have are refused, so that addresses in them can be reckoned with.
fn areas(memory: &dyn Memory, d: &Descriptor) -> Result<Vec<Area>> {
    let all = table::<Area>(memory, d.areas)?.into_iter().map(|(_, a)| a);
    let mut heap: Vec<_> = all.filter(|a| a.state != 0 && a.kind == AREA_HEAP).collect();
    let sound = |a: &Area| a.start.checked_add(a.used).is_some_and(|end| end <= ADDRESSES);
    if !heap.iter().all(sound) {
        return Err(damaged("areas"));
    }
    heap.sort_by_key(|a| a.start);
    Ok(heap)
}

/// The parts of the heap's areas that were ever used.
pub(crate) fn extents(memory: &dyn Memory, d: &Descriptor) -> Result<Vec<Range>> {
    Ok(areas(memory, d)?.iter().map(|a| (a.start, a.start.saturating_add(a.used))).collect())
}

/// The page map's entries for an area's pages: addresses of spans, 0 for none.
fn page_entries(memory: &dyn Memory, d: &Descriptor, area: &Area) -> Result<Vec<u64>> {
    let (leaf_shift, page_shift) = (d.leaf_shift, d.page_shift);
    if !(page_shift < leaf_shift && leaf_shift < 48) {
        return Err(damaged("page map"));
    }
    let end = area.start.saturating_add(area.used);
    let leaves: Vec<_> =
        (area.start >> leaf_shift..=end.saturating_sub(1) >> leaf_shift).filter(|&l| l < d.page_entries).collect();
    let roots: Vec<_> = leaves.iter().map(|l| (d.page_root.wrapping_add(8 * l), 8)).collect();
    let mut wanted = Vec::new();
    for (leaf, root) in leaves.iter().zip(memory.stretches(&roots)?) {
        let Some(entry) = words(&root).next() else { continue };
        let (from, to) = (area.start.max(leaf << leaf_shift), end.min((leaf + 1) << leaf_shift));
        let first = (from >> page_shift) & ((1 << (leaf_shift - page_shift)) - 1);
        let count = (to - from).div_ceil(1 << page_shift);
        let at = d.leaf_base.wrapping_add(entry).wrapping_add(d.leaf_spans).wrapping_add(8 * first);
        wanted.push((at, usize::try_from(count * 8).map_err(|_| damaged("area"))?));
    }
    Ok(memory.stretches(&wanted)?.iter().flat_map(|b| words(b)).collect())
}

fn damaged(what: &str) -> Fail {
    Fail::Other(format!("the allocator's {what} makes no sense: damaged"))
}
