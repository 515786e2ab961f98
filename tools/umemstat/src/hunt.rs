//! The hunt for leaks: taking copies of a process, live or stopped or dead, and scanning them.
use crate::audit::{self, Bufctl};
use crate::bits::Bits;
use crate::heap::{Heap, copy, extent};
use crate::memory::words;
use crate::ranges::Range;
use crate::registers::Thread;
use crate::roots;
use crate::scan::{Scan, contents, indirect};
use crate::sys::{Frozen, Pages};
use crate::target::{Source, Target};
use base::fail::{Fail, Result};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

/// Scans of a live process at most.
const SCANS: usize = 10;
/// Between two scans of a live process.
const PAUSE: Duration = Duration::from_millis(50);

/// A buffer that nothing leads to.
#[derive(Clone, Debug)]
pub(crate) struct Leak {
    /// Its address.
    pub(crate) addr: u64,
    /// Bytes.
    pub(crate) size: u64,
    /// Address of its cache, 0 for an oversize one.
    pub(crate) cache: u64,
    /// The name of its cache.
    pub(crate) name: String,
    /// What the allocator remembers of it.
    pub(crate) bufctl: Option<Bufctl>,
    /// Another leaked buffer leads to it.
    pub(crate) indirect: bool,
}

/// What a hunt found, and what it took.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The leaks in order of addresses.
    pub(crate) leaks: Vec<Leak>,
    /// Buffers in use that were looked at, and bytes copied.
    pub(crate) buffers: usize,
    pub(crate) bytes: usize,
    /// How long the process stood still.
    pub(crate) stopped: Duration,
    /// How long it all took.
    pub(crate) took: Duration,
    /// How many times it was scanned.
    pub(crate) scans: usize,
}

/// A copy of a process at one moment.
struct Copy {
    heap: Heap,
    pages: Pages,
    heap_bytes: usize,
    root_bytes: usize,
}

/// Finds the leaks of a core, of a process that is stopped for the time of a copy (`freeze`), or of one that runs on.
pub(crate) fn leaks(target: &Target, freeze: bool) -> Result<Found> {
    let begun = Instant::now();
    let mut found = match &target.source {
        Source::Dead(core) => scan_once(target, &core.threads, &take(target, &core.threads, Pages::new(0))?)?,
        Source::Live(_) if freeze => frozen(target)?,
        Source::Live(_) => running(target)?,
    };
    found.took = begun.elapsed();
    Ok(found)
}

/// Stops the process, copies it, lets it go, then scans the copy.
fn frozen(target: &Target) -> Result<Found> {
    let Source::Live(process) = &target.source else { return Ok(Found::default()) };
    // Memory for the copy is made ready first, with room for what comes until then.
    let room = extent(target.memory(), &target.allocator.descriptor)?
        + root_ranges(target, &[])?.iter().map(|(f, t)| t - f).sum::<u64>();
    let room = Pages::new(usize::try_from(room + room / 16 + (1 << 20)).unwrap_or(usize::MAX));
    let begun = Instant::now();
    let frozen = Frozen::new(|| process.threads(), |e| process.failed(&e))?;
    let copy = take(target, &frozen.threads, room)?;
    let threads = frozen.threads.clone();
    drop(frozen);
    let stopped = begun.elapsed();
    Ok(Found { stopped, ..scan_once(target, &threads, &copy)? })
}

/// Scans a running process until a scan clears no more suspects, at least twice; a leak was unreachable and unchanged in every scan.
fn running(target: &Target) -> Result<Found> {
    let mut suspects: Option<HashMap<u64, u64>> = None;
    let mut last = Found::default();
    for scans in 1..=SCANS {
        let copy = take(target, &[], Pages::new(0))?;
        let mut found = scan_once(target, &[], &copy)?;
        let marks: HashMap<u64, u64> = found.leaks.iter().map(|l| (l.addr, fingerprint(&copy, l))).collect();
        let before = suspects.as_ref().map(HashMap::len);
        found.leaks.retain(|l| suspects.as_ref().is_none_or(|s| s.get(&l.addr) == marks.get(&l.addr)));
        suspects = Some(found.leaks.iter().filter_map(|l| Some((l.addr, *marks.get(&l.addr)?))).collect());
        found.scans = scans;
        let settled = before == Some(found.leaks.len());
        last = found;
        if settled || last.leaks.is_empty() {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    Ok(last)
}

/// Contents and history of a buffer in one number.
fn fingerprint(copy: &Copy, leak: &Leak) -> u64 {
    let mut h = DefaultHasher::new();
    if let Some((run, i)) = copy.heap.find(leak.addr) {
        contents(&copy.heap, copy.heap_data(), run.first + i as usize).hash(&mut h);
    }
    leak.bufctl.map(|(_, a)| (a.time, a.thread)).hash(&mut h);
    h.finish()
}

impl Copy {
    fn heap_data(&self) -> &[u8] {
        self.pages.get(..self.heap_bytes).unwrap_or_default()
    }

    fn root_data(&self) -> &[u8] {
        self.pages.get(self.heap_bytes..self.heap_bytes + self.root_bytes).unwrap_or_default()
    }
}

fn root_ranges(target: &Target, threads: &[Thread]) -> Result<Vec<Range>> {
    let maps = target.source.maps()?;
    let all = roots::ranges(target.memory(), &target.allocator, &maps, &target.images, threads)?;
    Ok(all.into_iter().flat_map(|r| target.memory().touched(r)).collect())
}

/// Copies heap and roots, into `room` if they fit.
fn take(target: &Target, threads: &[Thread], room: std::io::Result<Pages>) -> Result<Copy> {
    let memory = target.memory();
    let heap = Heap::read(memory, &target.allocator)?;
    let ranges = root_ranges(target, threads)?;
    let root_bytes = ranges.iter().map(|(f, t)| usize::try_from(t - f).unwrap_or(0)).sum();
    let heap_bytes = heap.bytes();
    let no_room = Fail::on("memory for the copy");
    let mut pages = match room {
        Ok(p) if p.len() >= heap_bytes + root_bytes => p,
        _ => Pages::new(heap_bytes + root_bytes).map_err(no_room)?,
    };
    if let Some((to, rest)) = pages.split_at_mut_checked(heap_bytes) {
        heap.copy(memory, to)?;
        copy(memory, &ranges, &ranges, rest)?;
    }
    Ok(Copy { heap, pages, heap_bytes, root_bytes })
}

fn scan_once(target: &Target, threads: &[Thread], copy: &Copy) -> Result<Found> {
    let (heap, data) = (&copy.heap, copy.heap_data());
    let mut scan = Scan::new(heap, data);
    for t in threads {
        scan.roots(t.words.iter().copied());
    }
    scan.roots(words(copy.root_data()));
    scan.follow();
    let numbers = scan.unreached();
    let led: Bits = indirect(heap, data, &numbers);
    let records = audit::of(target.memory(), heap, &numbers)?;
    let leak = |(&n, bufctl): (&usize, Option<Bufctl>)| {
        let (run, _) = heap.run_of(n)?;
        Some(Leak {
            addr: heap.address(n)?,
            size: audit::size(heap, run, bufctl.as_ref()),
            cache: heap.spans.get(run)?.1.cache,
            name: audit::cache_name(heap, run).to_string(),
            bufctl,
            indirect: led.has(n),
        })
    };
    let leaks = numbers.iter().zip(records).filter_map(leak).collect();
    let bytes = copy.heap_bytes + copy.root_bytes;
    Ok(Found { leaks, buffers: heap.used.iter().count(), bytes, scans: 1, ..Found::default() })
}
