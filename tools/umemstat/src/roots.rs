//! Where a program may keep the pointers by which it reaches its heap.
use crate::allocator::{Allocator, table};
use crate::image::Image;
use crate::maps::Mapping;
use crate::memory::Memory;
use crate::ranges::{Range, ordered, without};
use base::fail::Result;
use umem_abi::Area;

/// The ranges to take for roots: all that can be written, and what was made read-only after start-up, less the heap, the allocator's
/// own records and data.
pub(crate) fn ranges(memory: &dyn Memory, allocator: &Allocator, maps: &[Mapping], images: &[Image]) -> Result<Vec<Range>> {
    let d = &allocator.descriptor;
    let areas = table::<Area>(memory, d.areas)?;
    let mut not: Vec<Range> =
        areas.iter().filter(|(_, a)| a.state != 0).map(|(_, a)| (a.start, a.start.saturating_add(a.size))).collect();
    not.push((d.static_start, d.static_end));
    // A library of its own holds nothing but the allocator.
    let own =
        |i: &&Image| (i.start..i.end).contains(&d.address) && i.path.rsplit('/').next().is_some_and(|n| n.starts_with("libumem"));
    not.extend(images.iter().filter(own).map(|i| (i.start, i.end)));
    let special = |m: &Mapping| m.path.starts_with("[v");
    let mut all: Vec<Range> = maps.iter().filter(|m| m.read && m.write && !special(m)).map(|m| (m.start, m.end)).collect();
    all.extend(images.iter().filter_map(|i| i.relro).map(|(start, len)| (start & !7, start.saturating_add(len))));
    Ok(without(&ordered(&all), &not))
}
