//! `umemstat verify`: mdb's `::umem_verify`, the guards and patterns of every buffer checked from outside.
use crate::audit::{self, cache_name};
use crate::command::Request;
use crate::heap::{Heap, Run};
use crate::leaks::stack;
use crate::memory::words;
use crate::symbols::Symbols;
use crate::target::{Target, about};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};
use std::collections::BTreeMap;
use std::fmt::Write;
use umem_abi::debug::{CONTENTS, GUARDS};
use umem_abi::{Cache, SPAN_SLAB};

/// What libumem writes: see its module `debug`.
const FREE: u64 = 0xdead_beef_dead_beef;
const REDZONE: u64 = 0xfeed_face_feed_face;
const REDZONE_BYTE: u8 = 0xbb;
const TAG_ALLOCATED: u64 = 0xa110_c8ed;
const TAG_FREE: u64 = 0xf4ee_f4ee;
const ENCODE: u64 = 251;
const TAIL: usize = 24;

/// The fields of a damaged buffer.
pub(crate) const COLUMNS: &[Column] =
    &[right("PID"), left("CACHE"), left("BUFFER"), left("STATE"), left("DAMAGE"), left("CALLER"), left("STACK")];

/// A damaged buffer: what is wrong with it.
pub(crate) type Damage = BTreeMap<usize, String>;

/// Prints a line a cache, then the damaged buffers.
pub(crate) fn verify(request: &mut Request, out: &mut Out) -> Result {
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let about = |e| about(&target.label, e);
        if request.is_text() {
            out.text(&report(target).map_err(about)?)?;
            continue;
        }
        for row in rows(target).map_err(about)? {
            table.row(out, &row)?;
        }
    }
    if !request.is_text() {
        table.end(out)?;
    }
    Ok(0)
}

/// The fields of each damaged buffer.
fn rows(target: &Target) -> Result<Vec<Vec<String>>> {
    let (heap, damage) = guarded(target)?;
    let symbols = Symbols::new(target);
    let numbers: Vec<_> = damage.keys().copied().collect();
    let records = audit::of(target.memory(), &heap, &numbers)?;
    let row = |((n, what), record): ((&usize, &String), Option<audit::Bufctl>)| {
        let name = heap.run_of(*n).map_or("", |(run, _)| cache_name(&heap, run)).to_string();
        let state = if heap.used.has(*n) { "allocated" } else { "freed" }.to_string();
        let (caller, stack) = record.map_or_else(Default::default, |(_, a)| symbols.stack(audit::stack(&a)));
        let addr = format!("{:x}", heap.address(*n).unwrap_or(0));
        vec![target.label.clone(), name, addr, state, what.clone(), caller, stack]
    };
    Ok(damage.iter().zip(records).map(row).collect())
}

pub(crate) fn report(target: &Target) -> Result<String> {
    let (heap, damage) = guarded(target)?;
    let mut t = format!("{:<31} {:<16} {:<20}\n", "Cache Name", "Addr", "Cache Integrity");
    let mut caches: Vec<_> = heap.caches.iter().filter(|(_, c)| c.debug & GUARDS != 0).collect();
    caches.sort_by_key(|(_, c)| c.index);
    for (addr, c) in caches {
        let of = |n: &usize| heap.run_of(*n).and_then(|(run, _)| heap.spans.get(run)).is_some_and(|(_, s)| s.cache == *addr);
        let state = match damage.keys().filter(|n| of(n)).count() {
            0 => "clean".into(),
            1 => "1 corrupt buffer".into(),
            n => format!("{n} corrupt buffers"),
        };
        let _ = writeln!(t, "{:<31} {addr:016x} {state}", umem_abi::name(&c.name));
    }
    t += &details(target, &heap, &damage)?;
    Ok(t)
}

/// The damaged buffers of a process that has guards.
fn guarded(target: &Target) -> Result<(Heap, Damage)> {
    let (heap, damage) = damage(target)?;
    if heap.caches.values().all(|c| c.debug & GUARDS == 0) {
        return Err(Fail::Other("nothing to verify: start it with UMEM_DEBUG=guards,contents".into()));
    }
    Ok((heap, damage))
}

/// Each damaged buffer with what is wrong, and who allocated or freed it.
pub(crate) fn details(target: &Target, heap: &Heap, damage: &Damage) -> Result<String> {
    let numbers: Vec<_> = damage.keys().copied().collect();
    let symbols = Symbols::new(target);
    let mut t = String::new();
    for ((n, what), record) in damage.iter().zip(audit::of(target.memory(), heap, &numbers)?) {
        let state = if heap.used.has(*n) { "allocated" } else { "free" };
        let name = heap.run_of(*n).map_or("", |(run, _)| cache_name(heap, run));
        let _ = writeln!(t, "\nbuffer {:x} ({state}) of {name}: {what}", heap.address(*n).unwrap_or(0));
        if let Some((_, a)) = record {
            stack(&mut t, audit::stack(&a), &symbols, "                 ");
        }
    }
    Ok(t)
}

/// The damaged buffers. One that was only being used at that moment is not found again in the same state.
pub(crate) fn damage(target: &Target) -> Result<(Heap, Damage)> {
    let (_, before) = look(target)?;
    let (heap, mut now) = look(target)?;
    if !before.is_empty() {
        let (again, last) = look(target)?;
        now.retain(|n, what| {
            let same = |h: &Heap, d: &Damage, w: &String| d.iter().any(|(m, x)| h.address(*m) == heap.address(*n) && x == w);
            same(&again, &last, what) && before.values().any(|w| w == what)
        });
    } else {
        now.clear();
    }
    Ok((heap, now))
}

fn look(target: &Target) -> Result<(Heap, Damage)> {
    let memory = target.memory();
    let heap = Heap::read(memory, &target.allocator)?;
    let mut found = Damage::new();
    let guarded: Vec<_> = heap
        .runs
        .iter()
        .zip(&heap.spans)
        .filter(|(_, (_, s))| s.kind == SPAN_SLAB)
        .filter_map(|(r, (_, s))| Some((r, heap.caches.get(&s.cache).filter(|c| c.debug & GUARDS != 0)?)))
        .collect();
    let contents = target.allocator.descriptor.contents;
    for some in guarded.chunks(256) {
        let wanted: Vec<_> = some.iter().map(|(r, _)| (r.base, r.len())).collect();
        for ((run, cache), bytes) in some.iter().zip(memory.stretches(&wanted)?) {
            check_run(&heap, run, cache, contents, &bytes, &mut found);
        }
    }
    Ok((heap, found))
}

fn check_run(heap: &Heap, run: &Run, cache: &Cache, contents: u64, bytes: &[u8], found: &mut Damage) {
    for (i, buffer) in bytes.chunks_exact(usize::try_from(run.chunk).unwrap_or(usize::MAX)).enumerate() {
        let n = run.first + i;
        let wrong = if heap.used.has(n) { allocated(buffer, cache.bufsize) } else { free(buffer, filled(cache, contents)) };
        if let Some(what) = wrong {
            found.insert(n, what);
        }
    }
}

/// Bytes of a free buffer that hold the pattern.
fn filled(cache: &Cache, contents: u64) -> usize {
    let bytes = if cache.debug & CONTENTS == 0 { 0 } else { cache.bufsize.min(contents) };
    usize::try_from(bytes / 8 * 8).unwrap_or(0)
}

fn tail(buffer: &[u8]) -> Option<(usize, u64, u64, u64)> {
    let at = buffer.len().checked_sub(TAIL)?;
    let mut w = words(buffer.get(at..)?);
    Some((at, w.next()?, w.next()?, w.next()?))
}

/// What is wrong with a buffer in use: a word or byte behind what was asked for.
fn allocated(buffer: &[u8], size: u64) -> Option<String> {
    let (at, redzone, request, state) = tail(buffer)?;
    if redzone != REDZONE {
        return Some(format!("redzone violation: {REDZONE:#x} at offset {at:#x} replaced by {redzone:#x}"));
    }
    let asked = request.checked_sub(1).filter(|r| r % ENCODE == 0).map(|r| r / ENCODE).filter(|r| *r <= size);
    let Some(asked) = asked.and_then(|a| usize::try_from(a).ok()) else {
        return Some(format!("redzone violation: the size at offset {:#x} replaced by {request:#x}", at + 8));
    };
    if state != TAG_ALLOCATED {
        return Some(format!("boundary tag corrupted: {TAG_ALLOCATED:#x} at offset {:#x} replaced by {state:#x}", at + 16));
    }
    let changed = buffer.get(asked..at)?.iter().position(|&b| b != REDZONE_BYTE)?;
    let byte = buffer.get(asked + changed)?;
    Some(format!("written past its end: byte at offset {:#x} of {asked} replaced by {byte:#04x}", asked + changed))
}

/// What is wrong with a free buffer.
fn free(buffer: &[u8], filled: usize) -> Option<String> {
    let (at, redzone, _, state) = tail(buffer)?;
    if let Some((i, w)) = words(buffer.get(..filled.min(at))?).enumerate().find(|(_, w)| *w != FREE) {
        return Some(format!("modified after being freed: at offset {:#x} {FREE:#x} replaced by {w:#x}", i * 8));
    }
    if redzone != REDZONE {
        return Some(format!("redzone violation: {REDZONE:#x} at offset {at:#x} replaced by {redzone:#x}"));
    }
    (state != TAG_FREE).then(|| format!("boundary tag corrupted: {TAG_FREE:#x} at offset {:#x} replaced by {state:#x}", at + 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(fill: u64, asked: Option<u64>) -> Vec<u8> {
        let mut b: Vec<u8> = std::iter::repeat_n(fill, 5).flat_map(u64::to_ne_bytes).collect();
        if let Some(a) = asked {
            b[usize::try_from(a).unwrap()..].fill(REDZONE_BYTE);
        }
        let state = if asked.is_some() { TAG_ALLOCATED } else { TAG_FREE };
        for w in [REDZONE, asked.map_or(1, |a| a * ENCODE + 1), state] {
            b.extend(w.to_ne_bytes());
        }
        b
    }

    #[test]
    fn whole_buffers_are_clean() {
        for asked in 0..=40 {
            assert_eq!(allocated(&buffer(7, Some(asked)), 40), None);
        }
        assert_eq!(free(&buffer(FREE, None), 40), None);
    }

    #[test]
    fn each_damage_has_its_words() {
        let damaged = |at: usize, with: u8| {
            let mut b = buffer(7, Some(37));
            b[at] = with;
            allocated(&b, 40).unwrap()
        };
        assert_eq!(damaged(38, 0x41), "written past its end: byte at offset 0x26 of 37 replaced by 0x41");
        assert_eq!(damaged(40, 0), "redzone violation: 0xfeedfacefeedface at offset 0x28 replaced by 0xfeedfacefeedfa00");
        assert!(damaged(49, 9).starts_with("redzone violation: the size at offset 0x30 replaced by"));
        assert!(damaged(56, 0).starts_with("boundary tag corrupted: 0xa110c8ed at offset 0x38 replaced by"));
        let mut b = buffer(FREE, None);
        b[9] = 1;
        assert_eq!(
            free(&b, 40).unwrap(),
            "modified after being freed: at offset 0x8 0xdeadbeefdeadbeef replaced by 0xdeadbeefdead01ef"
        );
        assert_eq!(free(&b, 8), None, "only what is filled is checked");
        assert_eq!(allocated(&[], 40), None);
    }
}
