//! The hunt for leaks: taking copies of a process, live or stopped or dead, and scanning them.
use crate::audit::{self, Bufctl};
use crate::bits::Bits;
use crate::heap::{self, Heap, copy};
use crate::maps::Mapping;
use crate::memory::words;
use crate::probes;
use crate::ranges::{Range, without};
use crate::registers::Thread;
use crate::roots;
use crate::scan::{Scan, contents, indirect};
use crate::stacks;
use crate::sys::{Frozen, Pages};
use crate::target::{Source, Target};
use crate::unwind;
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

/// How a process is while it is copied.
#[derive(Clone, Copy)]
enum While<'a> {
    /// It runs on.
    Running,
    /// It stands still, or is dead, with these threads.
    Still(&'a [Thread]),
    /// It is about to end, its other threads killed before.
    Ending(&'a [Thread]),
}

/// A copy of a process at one moment.
struct Copy {
    heap: Heap,
    pages: Pages,
    heap_bytes: usize,
    /// What was copied after the heap.
    roots: Vec<Range>,
    /// Threads whose registers and stack pointers hold for the whole time of the copy.
    threads: Vec<Thread>,
    /// The parts of the roots that are none: stacks below the stack pointers.
    dead: Vec<Range>,
}

/// Finds the leaks of a core, of a process that is stopped for the time of a copy (`freeze`), or of one that runs on.
pub(crate) fn leaks(target: &Target, freeze: bool) -> Result<Found> {
    let begun = Instant::now();
    let mut found = match &target.source {
        Source::Dead(core) => {
            let copy = take(target, While::Still(&core.threads), Pages::new(0))?;
            scan_once(target, &copy, begun, Duration::ZERO)?
        }
        Source::Live(_) if freeze => frozen(target)?,
        Source::Live(_) => running(target)?,
    };
    found.took = begun.elapsed();
    Ok(found)
}

/// Finds the leaks of a process that is held at its end, with what is left of its threads.
pub(crate) fn leaks_at_end(target: &Target, threads: &[Thread]) -> Result<Found> {
    let begun = Instant::now();
    scan_once(target, &take(target, While::Ending(threads), Pages::new(0))?, begun, Duration::ZERO)
}

/// Stops the process, copies it, lets it go, then scans the copy.
fn frozen(target: &Target) -> Result<Found> {
    let Source::Live(process) = &target.source else { return Ok(Found::default()) };
    let room = room(target);
    let begun = Instant::now();
    let frozen = Frozen::new(|| process.threads(), |e| process.failed(&e))?;
    let copy = take(target, While::Still(&frozen.threads), room)?;
    drop(frozen);
    let stopped = begun.elapsed();
    scan_once(target, &copy, begun, stopped)
}

/// Memory for the copy, made ready before the process is stopped, with room for what comes until then. What is mostly untouched is not:
/// the copy will take less than its size.
fn room(target: &Target) -> std::io::Result<Pages> {
    let sizes = || {
        let heap = heap::extents(target.memory(), &target.allocator.descriptor)?;
        let touched: Vec<_> = heap.iter().flat_map(|&r| target.memory().touched(r)).collect();
        let roots = root_ranges(target, &target.source.maps()?)?;
        Ok::<_, Fail>((bytes(&heap).saturating_add(bytes(&roots)), bytes(&touched)))
    };
    let (all, touched) = sizes().unwrap_or_default();
    let mut pages = Pages::new(all.saturating_add(all / 16 + (1 << 20)))?;
    if touched >= all / 2 {
        pages.populate();
    }
    Ok(pages)
}

/// Scans a running process until a scan clears no more suspects, at least twice; a leak was unreachable and unchanged in every scan.
fn running(target: &Target) -> Result<Found> {
    let mut suspects: Option<HashMap<u64, u64>> = None;
    let mut last = Found::default();
    for scans in 1..=SCANS {
        let begun = Instant::now();
        let copy = take(target, While::Running, Pages::new(0))?;
        let mut found = scan_once(target, &copy, begun, Duration::ZERO)?;
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

    /// The bytes of the roots, stretch by stretch with their addresses, without what is known to be dead.
    fn root_stretches(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut at = self.heap_bytes;
        self.roots.iter().flat_map(move |&(from, to)| {
            let here = at;
            at += bytes(&[(from, to)]);
            let live = without(&[(from, to)], &self.dead).into_iter();
            live.map(move |(f, t)| {
                let start = here + bytes(&[(from, f)]);
                (f, self.pages.get(start..start + bytes(&[(f, t)])).unwrap_or_default())
            })
        })
    }
}

fn bytes(ranges: &[Range]) -> usize {
    ranges.iter().fold(0, |n, (f, t)| n.saturating_add(usize::try_from(t - f).unwrap_or(0)))
}

fn root_ranges(target: &Target, maps: &[Mapping]) -> Result<Vec<Range>> {
    let all = roots::ranges(target.memory(), &target.allocator, maps, &target.images)?;
    Ok(all.into_iter().flat_map(|r| target.memory().touched(r)).collect())
}

/// Copies heap and roots, into `room` if they fit. Of a process that runs on, the threads that sleep all the
/// time count as known.
fn take(target: &Target, how: While, room: std::io::Result<Pages>) -> Result<Copy> {
    let memory = target.memory();
    let asleep = if matches!(how, While::Running) { waiting(target)? } else { Vec::new() };
    let heap = Heap::read(memory, &target.allocator)?;
    let maps = target.source.maps()?;
    let roots = root_ranges(target, &maps)?;
    let (heap_bytes, root_bytes) = (heap.bytes(), bytes(&roots));
    let no_room = Fail::on("memory for the copy");
    let mut pages = match room {
        Ok(p) if p.len() >= heap_bytes.saturating_add(root_bytes) => p,
        _ => Pages::new(heap_bytes.saturating_add(root_bytes)).map_err(no_room)?,
    };
    if let Some((to, rest)) = pages.split_at_mut_checked(heap_bytes) {
        heap.copy(memory, to)?;
        copy(memory, &roots, &roots, rest)?;
    }
    let threads = match how {
        While::Still(t) | While::Ending(t) => t.to_vec(),
        While::Running => {
            let still = waiting(target)?;
            asleep.into_iter().filter(|t| still.contains(t)).map(|(t, _)| t).collect()
        }
    };
    let mut copy = Copy { heap, pages, heap_bytes, roots, threads, dead: Vec::new() };
    copy.dead = stacks::dead_parts(&maps, &copy.threads);
    copy.dead.extend(ended_stacks(target, &copy, &maps, how)?);
    if let While::Ending(threads) = how {
        copy.dead.extend(threads.iter().flat_map(|t| unwind::exit_frames(target, t)));
    }
    Ok(copy)
}

/// The stacks that glibc keeps of threads that have ended.
fn ended_stacks(target: &Target, copy: &Copy, maps: &[Mapping], how: While) -> Result<Vec<Range>> {
    let living = match &target.source {
        Source::Live(p) => p.threads()?,
        Source::Dead(c) => c.threads.iter().map(|t| t.tid).collect(),
    };
    let known: Vec<_> = copy.heap.threads.iter().map(|t| t.pthread).collect();
    let blocks: Vec<_> = copy.root_stretches().flat_map(|(addr, bytes)| stacks::controls(addr, bytes)).collect();
    // Threads that were killed at the end have no number any more, but their stacks held what they held.
    let ended: &[u32] = if matches!(how, While::Ending(_)) { &[stacks::JOINED] } else { &[stacks::ENDED, stacks::JOINED] };
    let ended: Vec<_> = blocks.iter().filter(|c| ended.contains(&c.tid)).copied().collect();
    Ok(if blocks.iter().any(|c| c.is_of(&living)) { stacks::kept(maps, &ended, &known) } else { Vec::new() })
}

fn waiting(target: &Target) -> Result<Vec<(Thread, u64)>> {
    match &target.source {
        Source::Live(p) => p.waiting(),
        Source::Dead(_) => Ok(Vec::new()),
    }
}

/// Scans a copy that was `begun` then and for which the process was `stopped` so long.
fn scan_once(target: &Target, copy: &Copy, begun: Instant, stopped: Duration) -> Result<Found> {
    let (heap, data) = (&copy.heap, copy.heap_data());
    let mut scan = Scan::new(heap, data);
    for t in &copy.threads {
        scan.roots(t.words.iter().copied());
    }
    scan.roots(copy.root_stretches().flat_map(|(_, bytes)| words(bytes)));
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
    let bytes = copy.heap_bytes + bytes(&copy.roots);
    let buffers = heap.used.iter().count();
    let found = Found { leaks, buffers, bytes, stopped, took: begun.elapsed(), scans: 1 };
    probes::scan(&target.label, &found);
    Ok(found)
}
