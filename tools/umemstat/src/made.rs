//! A process that is made up, in memory and as a core, and all that the tool reads of such, called on bytes that may hold anything: for tests, and
//! for the fuzz targets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs, reason = "no part of the tool")]
use crate::allocator::Allocator;
use crate::core_file::Core;
use crate::heap::Heap;
use crate::image;
use crate::maps::Mapping;
use crate::memory::fake::Fake;

use crate::symbols::{Module, Symbols};
use crate::target::{Source, Target};
use crate::{buffers, format, hunt, leaks, log, stacks, status, users, verify, whatis};
use base::fail::Result;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::fs::File;
use std::io::{Seek, Write};
use umem_abi::{
    AREA_HEAP, Area, Arena, Audit, CLASSES, Cache, Cold, Descriptor, Hot, MAGIC, Record, SPAN_LARGE, SPAN_SLAB, Thread, VERSION,
    debug,
};

pub(crate) const HEAP: u64 = 0x7f00_0000_0000;
const META: u64 = 0x1000;
const LEAF: u64 = 0x10_0000;
const IMAGE: u64 = 0x40_0000;
/// Buffers of its cache.
pub(crate) const OBJECTS: usize = 128;
/// A shared object with symbols and lines: `cc -O1 -g -shared -nostdlib -Wl,-z,noseparate-code -Wl,--build-id -o tiny.so tiny.c`.
pub const TINY: &[u8] = include_bytes!("../data/tiny.so");

/// Words at chosen places.
pub(crate) fn put(to: &mut Vec<u8>, at: usize, words: &[u64]) {
    if to.len() < at + words.len() * 8 {
        to.resize(at + words.len() * 8, 0);
    }
    for (i, w) in words.iter().enumerate() {
        to[at + i * 8..][..8].copy_from_slice(&w.to_ne_bytes());
    }
}

/// A process with one cache: 128 buffers of 64 bytes, 24 of them free in the slab, 3 in the thread's magazine, the first 16 audited; and one
/// large allocation.
pub(crate) fn process() -> (Fake, Allocator) {
    let at = |offset: usize| META + offset as u64;
    let (tables, area, caches, log, block, spans, bitmap, slots, audits) =
        (0x400, 0x600, 0x800, 0xa00, 0x1000, 0x5000, 0x6000, 0x7000, 0x8000);
    let (root, index) = (0x20_0000_0000_u64, HEAP >> 30);
    let mut meta = Vec::new();
    // The fields of the descriptor by their position, from the magic on.
    put(&mut meta, 0, &[MAGIC, VERSION, Descriptor::SIZE as u64, META, 1, 0, 0, at(tables), at(tables + 32), 0]);
    let (cold, head) = (CLASSES * Hot::SIZE, CLASSES * (Hot::SIZE + Cold::SIZE));
    put(&mut meta, 80, &[cold as u64, head as u64, CLASSES as u64, at(tables + 64), at(tables + 96)]);
    let checks = debug::AUDIT | debug::GUARDS | debug::CONTENTS;
    put(&mut meta, 120, &[root - 8 * index, 1 << 17, LEAF, 30, 16, 0, 24, checks, at(log), at(log), at(log), 1 << 20]);
    put(&mut meta, 216, &[at(0x700), 64, 100, 0, 0, 1, 256]);
    // Tables: caches, threads, arenas, areas.
    put(&mut meta, tables, &[at(caches), Cache::SIZE as u64, 1, 0]);
    put(&mut meta, tables + 32, &[at(block), (head + Thread::SIZE) as u64, 1, 0]);
    put(&mut meta, tables + 64, &[at(0xc00), Arena::SIZE as u64, 2, 0]);
    put(&mut meta, tables + 96, &[at(area), Area::SIZE as u64, 1, 0]);
    put(&mut meta, area, &[1, AREA_HEAP, HEAP, 1 << 26, 3 << 16]);
    // state, seq, name (4 words), index, bufsize, align, chunk, slab, per_slab, flags, debug
    put(&mut meta, caches, &[1, 0, 0x78, 0, 0, 0, 5, 64, 16, 64, 65536, OBJECTS as u64, 0, checks]);
    put(&mut meta, caches + 128, &[OBJECTS as u64, 24, 0, 0, 0, at(0xe00), 0, 1]);
    put(&mut meta, caches + Cache::SIZE - 8, &[Audit::SIZE as u64]);
    put(&mut meta, log, &[at(audits), Audit::SIZE as u64, 16, 20]);
    for (i, source) in [0, at(0xc00)].into_iter().enumerate() {
        put(&mut meta, 0xc00 + i * Arena::SIZE, &[1, 0, 0x61, 0, 0, 0, i as u64, source, 1, 2, 3, 4, 5]);
    }
    // A magazine in the depot.
    put(&mut meta, 0xe00, &[0, 1, 3, HEAP + 64 * 20]);
    // The thread's magazine of class 5 holds the first three buffers.
    put(&mut meta, block + 5 * Hot::SIZE, &[at(slots) + 24, at(slots), at(slots) + 64, 7]);
    put(&mut meta, block + head, &[1, 42, 0]);
    put(&mut meta, slots, &[HEAP, HEAP + 64, HEAP + 128]);
    put(&mut meta, spans, &[SPAN_SLAB, HEAP, 65536, at(caches), HEAP, OBJECTS as u64, 24, at(bitmap), at(audits)]);
    put(&mut meta, spans + 80, &[SPAN_LARGE, HEAP + 65536, 131_072, 0, HEAP + 65536, 0, 0, 0, 0, 100_000]);
    put(&mut meta, bitmap, &[0xff_ffff << 40]);
    put(&mut meta, bitmap + OBJECTS / 8, &[0]);
    for i in 0..16 {
        // state, buffer, cache, request, time, thread, span, depth, stack
        let buffer = HEAP + i as u64 * 64;
        put(&mut meta, audits + i * Audit::SIZE, &[1, buffer, at(caches), 60, i as u64 + 1, 9, at(spans), 3]);
        put(&mut meta, audits + i * Audit::SIZE + 64, &[IMAGE + 0x20, IMAGE + 0x30, 0x77]);
    }
    put(&mut meta, audits + 16 * Audit::SIZE, &[0]);
    // One leaf for the first GiB: three pages.
    let mut leaf = Vec::new();
    put(&mut leaf, 0, &[at(spans), at(spans) + 80, at(spans) + 80]);
    let descriptor = Descriptor::parse(&meta);
    (Fake(vec![(META, meta), (LEAF, leaf), (root, vec![0; 8]), (HEAP, vec![0; 3 << 16])]), Allocator { descriptor })
}

/// The first page of an object whose note points to the process's statistics.
fn head() -> Vec<u8> {
    let mut head = elf(2, 3);
    // type and flags, offset, vaddr, paddr, filesz, memsz, align
    put(&mut head, 64, &[1 | 4 << 32, 0, 0, 0, 4096, 4096, 4096]);
    put(&mut head, 120, &[4 | 4 << 32, 0x200, 0x200, 0, 28, 28, 4]);
    let mut note: Vec<u8> = [5_u32, 8, umem_abi::NOTE_TYPE].iter().flat_map(|w| w.to_ne_bytes()).collect();
    note.extend(umem_abi::NOTE_OWNER);
    note.extend([0; 3]);
    let distance = META.wrapping_sub(IMAGE + 0x200 + note.len() as u64);
    note.extend(distance.to_ne_bytes());
    head.resize(0x200, 0);
    head.extend(note);
    head.resize(4096, 0);
    head
}

/// An ELF header with room for program headers.
fn elf(headers: u8, kind: u16) -> Vec<u8> {
    let mut elf = vec![0; 64 + usize::from(headers) * 56];
    elf[..16].copy_from_slice(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    elf[16..18].copy_from_slice(&kind.to_ne_bytes());
    elf[18..20].copy_from_slice(&crate::registers::MACHINE.to_ne_bytes());
    elf[20] = 1;
    put(&mut elf, 32, &[64]);
    elf[52..54].copy_from_slice(&64_u16.to_ne_bytes());
    elf[54..56].copy_from_slice(&56_u16.to_ne_bytes());
    elf[56] = headers;
    elf
}

/// A core of that process, with one thread; of its heap only the first page is there.
pub fn core() -> Vec<u8> {
    let (memory, _) = process();
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
    put(&mut files, 0, &[1, 4096, IMAGE, IMAGE + 0x1000, 0]);
    files.extend(b"/nowhere\0");
    note(0x4649_4c45, &files);
    let mut segments = memory.0;
    segments.insert(0, (IMAGE, head()));
    let mut core = elf(u8::try_from(segments.len() + 1).unwrap(), 4);
    let mut at = core.len() as u64;
    put(&mut core, 64, &[4, at, 0, 0, notes.len() as u64, 0, 4]);
    at += notes.len() as u64;
    for (i, (start, bytes)) in segments.iter_mut().enumerate() {
        let whole = bytes.len() as u64;
        if *start == HEAP {
            bytes.truncate(4096);
        }
        let flags = if *start == IMAGE { 5 } else { 6 };
        put(&mut core, 120 + i * 56, &[1 | flags << 32, at, *start, 0, bytes.len() as u64, whole, 4096]);
        at += bytes.len() as u64;
    }
    core.extend(notes);
    core.extend(segments.into_iter().flat_map(|(_, bytes)| bytes));
    core
}

/// The same compressed.
pub fn packed() -> Vec<u8> {
    compress_to_vec(core().as_slice(), CompressionLevel::Fastest)
}

/// Where the statistics are in that core.
pub(crate) fn statistics(core: &[u8]) -> usize {
    core.windows(8).position(|w| w == MAGIC.to_ne_bytes()).unwrap()
}

/// A copy of `bytes`, changed from `from` on as `changes` say: 11 bytes each, for how, where, what.
pub fn changed(bytes: &[u8], from: usize, changes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for c in changes.chunks_exact(11) {
        let room = bytes.len().saturating_sub(from).max(1);
        let at = from + usize::from(u16::from_le_bytes([c[1], c[2]])) % room;
        let word = u64::from_le_bytes(c[3..].try_into().unwrap());
        let likely = [u64::MAX, 1 << 63, HEAP, META, 1 << 47, 0, META + 0x5000, IMAGE, 1 << 32, 4096];
        match c[0] % 8 {
            0 => bytes.truncate(at),
            1 | 2 => bytes.get_mut(at).into_iter().for_each(|b| *b = c[3]),
            3 | 4 => put(&mut bytes, from + (at - from) / 8 * 8, &[word]),
            _ => put(&mut bytes, from + (at - from) / 8 * 8, &[likely[usize::from(c[3]) % likely.len()]]),
        }
    }
    bytes
}

/// Opens bytes as a core.
pub(crate) fn opened(bytes: &[u8]) -> Result<Core> {
    let mut file: File = crate::sys::nameless_file().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Core::open(file)
}

/// Reads bytes as a core, and looks at it in every way; returns what was shown of it.
pub fn look_at_core(bytes: &[u8]) -> Result<String> {
    let core = opened(bytes)?;
    let _ = stacks::dead_parts(&core.maps(), &core.threads);
    let Some(target) = Target::of("core", Source::Dead(core))?.1 else { return Ok(String::new()) };
    let symbols = Symbols::new(&target);
    let mut shown = String::new();
    let memory = target.memory();
    if let (Ok(s), Ok(a)) = (target.sample(), target.allocator.arenas(memory)) {
        shown +=
            &[format::caches(&s.rows, &a), format::threads(&s.threads, &s.rows, 1 << 20), format::arenas(&a), format::vmem(&a)]
                .concat();
    }
    if let Ok(found) = hunt::leaks(&target, false) {
        shown += &leaks::text(&leaks::grouped(&found.leaks), &symbols, true);
    }
    let parts = [status::text(&target), verify::report(&target), users::everything(&target)];
    shown.extend(parts.into_iter().flatten());
    for log in log::LOGS {
        let _ = log::entries(&target, log);
    }
    let _ = buffers::records(&target, &[HEAP + 70, META]);
    if let Ok(heap) = Heap::read(memory, &target.allocator) {
        for addr in [HEAP, HEAP + 70, HEAP + 70_000, META, IMAGE + 8, u64::MAX, target.allocator.descriptor.areas] {
            shown.extend(whatis::what(&target, &heap, &symbols, addr));
        }
    }
    Ok(shown)
}

/// Changes the statistics in a core of the made-up process, and looks at it.
pub fn look_at_statistics(changes: &[u8]) {
    let whole = core();
    let _ = look_at_core(&changed(&whole, statistics(&whole), changes));
}

/// Reads bytes as a file of an object: its notes, symbols and lines; returns what an address is in.
pub fn look_at_object(bytes: &[u8]) -> Vec<String> {
    let end = 0x1000 + bytes.len().next_multiple_of(4096) as u64;
    let maps = [Mapping { start: 0x1000, end, read: true, ..Mapping::default() }];
    let _ = image::images(&Fake(vec![(0x1000, bytes.to_vec())]), &maps);
    // A copy is aligned as what is read from a file.
    let copy = bytes.to_vec();
    let Some(module) = Module::parse(&copy) else { return Vec::new() };
    (0..0x400).step_by(4).map(|addr| module.describe("tiny.so", addr).text).collect()
}
