//! What the allocator remembers of each buffer: mdb's "bufctl".
use crate::heap::Heap;
use crate::memory::Memory;
use base::fail::Result;
use umem_abi::{Audit, FRAMES, Record, SPAN_LARGE};

/// The record of a buffer, and its address.
pub(crate) type Bufctl = (u64, Audit);

/// The stack of a record.
pub(crate) fn stack(audit: &Audit) -> &[u64] {
    let depth = usize::try_from(audit.depth).unwrap_or(FRAMES).min(FRAMES);
    audit.stack.get(..depth).unwrap_or_default()
}

/// Where a run's records are: the first, and bytes from one to the next; `None` when there are none.
fn array(heap: &Heap, run: usize) -> Option<(u64, u64)> {
    let (_, span) = heap.spans.get(run)?;
    let stride = if span.kind == SPAN_LARGE { Audit::SIZE as u64 } else { heap.caches.get(&span.cache)?.audit_stride };
    (span.audit != 0 && (8..1 << 12).contains(&stride)).then_some((span.audit, stride))
}

/// The records of these buffers, `None` where there is none.
pub(crate) fn of(memory: &dyn Memory, heap: &Heap, numbers: &[usize]) -> Result<Vec<Option<Bufctl>>> {
    let place = |&n: &usize| {
        let (i, run) = heap.run_of(n)?;
        let (first, stride) = array(heap, i)?;
        Some((first.wrapping_add((n - run.first) as u64 * stride), usize::try_from(stride).ok()?))
    };
    let places: Vec<_> = numbers.iter().map(place).collect();
    let wanted: Vec<_> = places.iter().map(|p| p.unwrap_or((0, 0))).collect();
    let read = memory.stretches(&wanted)?;
    let parsed = places.iter().zip(&read).map(|(p, b)| {
        let (addr, len) = (*p)?;
        (b.len() == len).then(|| (addr, Audit::parse(b))).filter(|(_, a)| a.state != 0)
    });
    Ok(parsed.collect())
}

/// Calls `see` with every buffer in use: its number, its size, its record. Runs are read a few hundred at a time.
pub(crate) fn each(memory: &dyn Memory, heap: &Heap, mut see: impl FnMut(usize, u64, Option<Bufctl>)) -> Result<()> {
    let indexes: Vec<_> = (0..heap.runs.len()).collect();
    for some in indexes.chunks(256) {
        let arrays: Vec<_> = some.iter().map(|&i| array(heap, i)).collect();
        let length =
            |i: usize, stride: u64| heap.runs.get(i).map_or(0, |r| r.objects as usize * usize::try_from(stride).unwrap_or(0));
        let wanted: Vec<_> =
            some.iter().zip(&arrays).map(|(&i, a)| a.map_or((0, 0), |(first, s)| (first, length(i, s)))).collect();
        for ((&i, array), bytes) in some.iter().zip(&arrays).zip(memory.stretches(&wanted)?) {
            let Some(run) = heap.runs.get(i) else { continue };
            for b in (0..run.objects as usize).filter(|b| heap.used.has(run.first + b)) {
                let record = array.and_then(|(first, stride)| {
                    let at = b * usize::try_from(stride).ok()?;
                    let bytes = bytes.get(at..at + usize::try_from(stride).ok()?)?;
                    Some((first + at as u64, Audit::parse(bytes))).filter(|(_, a)| a.state != 0)
                });
                see(run.first + b, size(heap, i, record.as_ref()), record);
            }
        }
    }
    Ok(())
}

/// Bytes of a buffer: those asked for where that is known and can be, else its cache's size.
pub(crate) fn size(heap: &Heap, run: usize, record: Option<&Bufctl>) -> u64 {
    let (Some((_, span)), Some(room)) = (heap.spans.get(run), heap.runs.get(run).map(|r| r.chunk)) else { return 0 };
    let whole = if span.kind == SPAN_LARGE { span.request } else { heap.caches.get(&span.cache).map_or(0, |c| c.bufsize) };
    record.map(|(_, a)| a.request).filter(|&r| r != 0 && r <= room).unwrap_or(whole.min(room))
}

/// The name of a run's cache.
pub(crate) fn cache_name(heap: &Heap, run: usize) -> &str {
    let span = heap.spans.get(run).map(|(_, s)| s);
    let cache = span.filter(|s| s.kind != SPAN_LARGE).and_then(|s| heap.caches.get(&s.cache));
    cache.map_or("umem_oversize", |c| umem_abi::name(&c.name))
}
