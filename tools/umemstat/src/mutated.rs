//! Damaged processes, cores and objects: whatever is in them, reading ends with an answer or an error.
use crate::allocator::Allocator;
use crate::core_file::Core;
use crate::heap::Heap;
use crate::image;
use crate::maps::Mapping;
use crate::memory::fake::Fake;
use crate::sample::Sample;
use crate::{audit, format, roots, scan, stacks, symbols};
use std::fs::File;
use std::io::{Seek, Write};
use umem_abi::{AREA_HEAP, CLASSES, Cache, Descriptor, MAGIC, Record, SPAN_LARGE, SPAN_SLAB, VERSION};

const HEAP: u64 = 0x7f00_0000_0000;
const META: u64 = 0x1000;
const LEAF: u64 = 0x10_0000;

/// A small deterministic source of numbers (xorshift).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }
}

/// Words at chosen places.
fn put(to: &mut Vec<u8>, at: usize, words: &[u64]) {
    if to.len() < at + words.len() * 8 {
        to.resize(at + words.len() * 8, 0);
    }
    for (i, w) in words.iter().enumerate() {
        to[at + i * 8..][..8].copy_from_slice(&w.to_ne_bytes());
    }
}

/// The bytes of a record: all its fields are words.
fn record<R: Record>(fields: &[(usize, u64)]) -> Vec<u8> {
    let mut bytes = vec![0; R::SIZE];
    fields.iter().for_each(|&(i, w)| put(&mut bytes, i * 8, &[w]));
    bytes
}

/// A process with one cache of two slabs' worth: 1024 buffers of 64 bytes, 24 of them free in the slab, 3 in the thread's magazine, and one
/// large allocation.
fn process() -> (Fake, Allocator) {
    let mut meta = Vec::new();
    let at = |offset: u64| META + offset;
    let place = |offset: u64| usize::try_from(offset).unwrap();
    let (tables, caches, block, spans, bitmap, slots) = (0x400, 0x800, 0x1000, 0x5000, 0x6000, 0x7000);
    // Tables: caches, threads, arenas, areas.
    let thread_size = (CLASSES * 48 + 24) as u64;
    put(&mut meta, tables, &[at(caches), Cache::SIZE as u64, 1, 0]);
    put(&mut meta, tables + 32, &[at(block), thread_size, 1, 0]);
    put(&mut meta, tables + 64, &[0, 0, 0, 0]);
    put(&mut meta, tables + 96, &[at(0x600), 40, 1, 0]);
    put(&mut meta, 0x600, &[1, AREA_HEAP, HEAP, 1 << 26, 3 << 16]);
    // state, seq, name (4 words), index, bufsize, align, chunk, slab, per_slab, flags, debug, arena, magazine, total, slab_free
    let cache =
        record::<Cache>(&[(0, 1), (6, 5), (7, 64), (8, 16), (9, 64), (10, 65536), (11, 1024), (16, 1024), (17, 24), (21, 1)]);
    meta.resize(place(caches) + cache.len(), 0);
    meta[place(caches)..].copy_from_slice(&cache);
    // The thread's magazine of class 5 holds the first three buffers.
    put(&mut meta, place(block) + 5 * 32, &[at(slots) + 24, at(slots), at(slots) + 64, 7]);
    put(&mut meta, place(block) + CLASSES * 48, &[1, 42, 0]);
    put(&mut meta, place(slots), &[HEAP, HEAP + 64, HEAP + 128]);
    put(&mut meta, place(spans), &[SPAN_SLAB, HEAP, 65536, at(caches), HEAP, 1024, 24, at(bitmap)]);
    put(&mut meta, place(spans) + 80, &[SPAN_LARGE, HEAP + 65536, 131_072, 0, HEAP + 65536, 0, 0, 0, 0, 100_000]);
    put(&mut meta, place(bitmap), &[0xff_ffff << 40]);
    put(&mut meta, place(bitmap) + 128, &[0]);
    // One leaf for the first GiB: three pages.
    let mut leaf = Vec::new();
    put(&mut leaf, 0, &[at(spans), at(spans) + 80, at(spans) + 80]);
    let index = HEAP >> 30;
    let root = (0x20_0000_0000_u64, vec![0; 8]);
    let descriptor = Descriptor {
        magic: MAGIC,
        version: VERSION,
        size: Descriptor::SIZE as u64,
        address: META,
        state: 1,
        caches: at(tables as u64),
        threads: at(tables as u64 + 32),
        thread_cold: (CLASSES * 32) as u64,
        thread_head: (CLASSES * 48) as u64,
        classes: CLASSES as u64,
        arenas: at(tables as u64 + 64),
        areas: at(tables as u64 + 96),
        page_root: root.0 - 8 * index,
        page_entries: 1 << 17,
        leaf_base: LEAF,
        leaf_shift: 30,
        page_shift: 16,
        magazine_slots: 24,
        ..Descriptor::ZERO
    };
    let heap = vec![0; 3 << 16];
    (Fake(vec![(META, meta), (LEAF, leaf), root, (HEAP, heap)]), Allocator { descriptor })
}

#[test]
fn a_small_heap_is_read_in_full() {
    let (memory, allocator) = process();
    let heap = Heap::read(&memory, &allocator).unwrap();
    assert_eq!((heap.runs.len(), heap.buffers), (2, 1025));
    assert_eq!(heap.used.iter().count(), 1025 - 24 - 3);
    let row = &Sample::take(&memory, &allocator).unwrap().rows[0];
    assert_eq!((row.in_use, row.in_ptc, row.total, row.alloc, row.stable), (1024 - 24 - 3, 3, 1024, 7, true));
    assert_eq!(heap.find(HEAP + 130).map(|(r, i)| (r.first, i)), Some((0, 2)));
    assert_eq!(heap.find(HEAP + 65536 + 99_999).map(|(r, _)| r.first), Some(1024));
    assert!(heap.find(HEAP - 1).is_none() && heap.find(HEAP + (3 << 16)).is_none());
}

#[test]
fn reachability_through_a_small_heap() {
    let (mut memory, allocator) = process();
    // Buffer 10 leads to 11 by a pointer into it, 11 to 12; 13 and 14 form a ring; 15 is alone.
    let b = |i: u64| HEAP + i * 64;
    let heap_bytes = &mut memory.0[3].1;
    for (from, to) in [(10, b(11) + 8), (11, b(12)), (13, b(14)), (14, b(13)), (16, b(1))] {
        put(heap_bytes, from * 64, &[to]);
    }
    let heap = Heap::read(&memory, &allocator).unwrap();
    let mut data = vec![0; heap.bytes()];
    heap.copy(&memory, &mut data).unwrap();
    let mut scan = scan::Scan::new(&heap, &data);
    scan.roots([b(10) + 1, b(16), HEAP + 70_000].into_iter());
    scan.follow();
    assert_eq!(scan.reached.iter().collect::<Vec<_>>(), [10, 11, 12, 16, 1024], "a free buffer is not reached");
    let lost = scan.unreached();
    assert_eq!(lost.len(), 998 - 5);
    let led = scan::indirect(&heap, &data, &lost);
    assert_eq!(led.iter().collect::<Vec<_>>(), [14], "of a ring the first counts");
}

#[test]
fn damaged_statistics_never_panic() {
    let mut draw = Draw(0x5eed);
    for _ in 0..1000 {
        let (mut memory, mut allocator) = process();
        for _ in 0..=draw.below(4) {
            let segment = draw.below(2);
            let bytes = &mut memory.0[segment].1;
            if bytes.is_empty() {
                break;
            }
            // Mostly where records are: tables, areas, the cache, its spans.
            let (from, len) = [(0x400, 0x80), (0x600, 0x28), (0x800, 0x110), (0x5000, 0xa0), (0, bytes.len())][draw.below(5)];
            let at = (from + draw.below(len)).min(bytes.len() - 1);
            match draw.below(3) {
                0 => bytes[at] = draw.next().to_le_bytes()[0],
                1 => put(bytes, at / 8 * 8, &[[u64::MAX, 1 << 63, HEAP, META, 1 << 47, 0][draw.below(6)]]),
                _ => bytes.truncate(at),
            }
        }
        if draw.below(4) == 0 {
            let d = &mut allocator.descriptor;
            let fields =
                [&mut d.leaf_shift, &mut d.page_shift, &mut d.classes, &mut d.thread_cold, &mut d.page_root, &mut d.areas];
            let i = draw.below(fields.len());
            let value = [u64::MAX, 0, 63, 1 << 40, draw.next()][draw.below(5)];
            fields.into_iter().nth(i).into_iter().for_each(|f| *f = value);
        }
        let sample = Sample::take(&memory, &allocator);
        if let Ok(s) = &sample {
            let _ = (format::caches(&s.rows, &[]), format::threads(&s.threads, &s.rows, 0));
        }
        let _ = roots::ranges(&memory, &allocator, &[], &[]);
        let Ok(heap) = Heap::read(&memory, &allocator) else { continue };
        let _ = audit::each(&memory, &heap, |_, _, _| ());
        if heap.bytes() < 1 << 24 {
            let mut data = vec![0; heap.bytes()];
            let _ = heap.copy(&memory, &mut data);
            let mut scan = scan::Scan::new(&heap, &data);
            scan.roots((0..64).map(|i| HEAP + i * 777));
            scan.follow();
            let _ = scan::indirect(&heap, &data, &scan.unreached());
        }
    }
}

/// A core of one thread with one page.
fn core() -> Vec<u8> {
    let mut core = vec![0; 64 + 2 * 56];
    core[..16].copy_from_slice(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    core[16..18].copy_from_slice(&4_u16.to_ne_bytes());
    core[18..20].copy_from_slice(&crate::registers::MACHINE.to_ne_bytes());
    core[20] = 1;
    put(&mut core, 32, &[64]);
    core[52..54].copy_from_slice(&64_u16.to_ne_bytes());
    core[54..56].copy_from_slice(&56_u16.to_ne_bytes());
    core[56] = 2;
    let mut notes = Vec::new();
    let mut note = |kind: u32, desc: &[u8]| {
        for w in [5, u32::try_from(desc.len()).unwrap(), kind] {
            notes.extend(w.to_ne_bytes());
        }
        notes.extend(b"CORE\0\0\0\0");
        notes.extend(desc);
        notes.resize(notes.len().next_multiple_of(4), 0);
    };
    note(1, &[1; 336]);
    note(2, &[2; 512]);
    let mut files = Vec::new();
    put(&mut files, 0, &[1, 4096, 0x40_0000, 0x40_1000, 0]);
    files.extend(b"/nowhere\0");
    note(0x4649_4c45, &files);
    let at = core.len() as u64;
    // type and flags, offset, vaddr, paddr, filesz, memsz, align
    put(&mut core, 64, &[4, at, 0, 0, notes.len() as u64, 0, 4]);
    put(&mut core, 120, &[1 | 6 << 32, at + notes.len() as u64, 0x40_0000, 0, 4096, 4096, 4096]);
    core.extend(notes);
    core.extend([7; 4096]);
    core
}

fn opened(bytes: &[u8]) -> base::fail::Result<Core> {
    let mut file: File = crate::sys::nameless_file().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Core::open(file)
}

#[test]
fn damaged_cores_never_panic() {
    let whole = core();
    let c = opened(&whole).unwrap();
    assert_eq!((c.threads.len(), c.maps().len(), c.maps()[0].path.as_str()), (1, 1, "/nowhere"));
    let memory: &dyn crate::memory::Memory = &c;
    assert_eq!(memory.bytes(0x40_0ff8, 8).unwrap(), [7; 8]);
    let mut draw = Draw(0xc0de);
    for _ in 0..3000 {
        let mut bytes = whole.clone();
        for _ in 0..=draw.below(5) {
            let at = draw.below(bytes.len() - 4096);
            bytes[at] = draw.next().to_le_bytes()[0];
        }
        if draw.below(5) == 0 {
            bytes.truncate(draw.below(bytes.len()));
        }
        if let Ok(c) = opened(&bytes) {
            let maps = c.maps();
            let memory: &dyn crate::memory::Memory = &c;
            let _ = (memory.some(0x40_0000, 64), image::images(memory, &maps), stacks::dead_parts(&maps, &c.threads));
        }
    }
}

#[test]
fn damaged_objects_never_panic() {
    let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let page = own[..8192].to_vec();
    let maps = [Mapping { start: 0x1000, end: 0x3000, read: true, ..Mapping::default() }];
    let mut draw = Draw(0xe1f);
    for _ in 0..3000 {
        let mut bytes = page.clone();
        for _ in 0..=draw.below(6) {
            let at = draw.below(1024);
            bytes[at] = draw.next().to_le_bytes()[0];
        }
        let _ = image::images(&Fake(vec![(0x1000, bytes)]), &maps);
        let mut name: Vec<u8> = b"_ZNSt6vectorIiSaIiEE9push_backERKi".to_vec();
        let at = draw.below(name.len());
        name[at] = b' ' + draw.next().to_le_bytes()[0] % 90;
        let _ = symbols::demangle(&String::from_utf8(name).unwrap());
    }
}
