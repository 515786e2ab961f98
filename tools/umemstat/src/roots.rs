//! Where a program may keep the pointers by which it reaches its heap.
use crate::allocator::{Allocator, table};
use crate::image::Image;
use crate::maps::{self, Mapping};
use crate::memory::Memory;
use crate::ranges::{Range, ordered, without};
use crate::registers::{RED_ZONE, Thread};
use base::fail::Result;
use umem_abi::Area;

/// The ranges to take for roots: all that can be written, and what was made read-only after start-up, less the heap, the allocator's
/// own records and data, and the dead part of each stack below its thread's stack pointer (where `threads` tells it).
pub(crate) fn ranges(
    memory: &dyn Memory,
    allocator: &Allocator,
    maps: &[Mapping],
    images: &[Image],
    threads: &[Thread],
) -> Result<Vec<Range>> {
    let d = &allocator.descriptor;
    let areas = table::<Area>(memory, d.areas)?;
    let mut not: Vec<Range> =
        areas.iter().filter(|(_, a)| a.state != 0).map(|(_, a)| (a.start, a.start.saturating_add(a.size))).collect();
    not.push((d.static_start, d.static_end));
    not.extend(dead_stacks(maps, threads));
    let special = |m: &Mapping| m.path.starts_with("[v");
    let mut all: Vec<Range> = maps.iter().filter(|m| m.read && m.write && !special(m)).map(|m| (m.start, m.end)).collect();
    all.extend(images.iter().filter_map(|i| i.relro).map(|(start, len)| (start & !7, start.saturating_add(len))));
    Ok(without(&ordered(&all), &not))
}

fn dead_stacks(maps: &[Mapping], threads: &[Thread]) -> Vec<Range> {
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
