//! Damaged processes, cores and objects: whatever is in them, reading ends with an answer or an error.
use crate::heap::Heap;
use crate::made::{self, HEAP, OBJECTS, TINY, changed, process, put};
use crate::memory::Memory;
use crate::sample::Sample;
use crate::{scan, symbols};

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

#[test]
fn a_small_heap_is_read_in_full() {
    let (memory, allocator) = process();
    let heap = Heap::read(&memory, &allocator).unwrap();
    assert_eq!((heap.runs.len(), heap.buffers), (2, OBJECTS + 1));
    assert_eq!(heap.used.iter().count(), OBJECTS + 1 - 24 - 3);
    let row = &Sample::take(&memory, &allocator).unwrap().rows[0];
    assert_eq!((row.in_use, row.in_ptc, row.total, row.alloc, row.stable), (OBJECTS as u64 - 24 - 3, 3, OBJECTS as u64, 7, true));
    assert_eq!(heap.find(HEAP + 130).map(|(r, i)| (r.first, i)), Some((0, 2)));
    assert_eq!(heap.find(HEAP + 65536 + 99_999).map(|(r, _)| r.first), Some(OBJECTS));
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
    assert_eq!(scan.reached.iter().collect::<Vec<_>>(), [10, 11, 12, 16, OBJECTS], "a free buffer is not reached");
    let lost = scan.unreached();
    assert_eq!(lost.len(), OBJECTS + 1 - 24 - 3 - 5);
    let led = scan::indirect(&heap, &data, &lost);
    assert_eq!(led.iter().collect::<Vec<_>>(), [14], "of a ring the first counts");
}

#[test]
fn a_small_core_is_shown_in_full() {
    let core = made::core();
    let shown = made::look_at_core(&core).unwrap();
    for part in [
        "x                             64     101",
        "x leak: 87 buffers",
        "Debugging:\taudit,contents,guards",
        "nowhere`0x20",
        "7f0000000046 is 7f0000000040+6",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    assert_eq!(made::look_at_core(&made::packed()).unwrap(), shown, "compressed");
    let c = made::opened(&core).unwrap();
    assert_eq!((c.threads.len(), c.maps().iter().any(|m| m.path == "/nowhere")), (1, true));
    let memory: &dyn Memory = &c;
    assert_eq!(memory.bytes(HEAP + 8, 8).unwrap(), [0; 8]);
}

/// Some changes, as [`changed`] takes them.
fn changes(draw: &mut Draw, most: usize) -> Vec<u8> {
    (0..=draw.below(most))
        .flat_map(|_| [draw.next().to_le_bytes().as_slice(), &draw.next().to_le_bytes()[..3]].concat())
        .collect()
}

#[test]
fn damaged_statistics_never_panic() {
    let mut draw = Draw(0x5eed);
    let whole = made::core();
    let from = made::statistics(&whole);
    // Where records are: the descriptor; tables, areas, log, arenas; a thread; spans and bitmaps; magazines and audits.
    for place in [0, 0x400, 0x1000, 0x5000, 0x7000] {
        for _ in 0..60 {
            let mut some = changes(&mut draw, 4);
            some.chunks_exact_mut(11).for_each(|c| c[2] &= 7);
            let _ = made::look_at_core(&changed(&whole, from + place, &some));
        }
    }
}

#[test]
fn damaged_cores_never_panic() {
    let mut draw = Draw(0xc0de);
    let whole = made::core();
    let packed = made::packed();
    for i in 0..400 {
        let bytes = if i % 4 == 0 { &packed } else { &whole };
        let mut some = changes(&mut draw, 5);
        // Headers and notes are in the first 2 KiB.
        some.chunks_exact_mut(11).for_each(|c| c[2] &= 7);
        let _ = made::look_at_core(&changed(bytes, 0, &some));
    }
}

#[test]
fn damaged_objects_never_panic() {
    let names = made::look_at_object(TINY);
    assert!(names.iter().any(|n| n.starts_with("tiny.so`shared+0x")), "{names:?}");
    assert!(names.iter().any(|n| n.starts_with("tiny.so`other+0x")));
    let mut draw = Draw(0xe1f);
    for _ in 0..1000 {
        let _ = made::look_at_object(&changed(TINY, 0, &changes(&mut draw, 6)));
        let mut name: Vec<u8> = b"_ZNSt6vectorIiSaIiEE9push_backERKi".to_vec();
        let at = draw.below(name.len());
        name[at] = b' ' + draw.next().to_le_bytes()[0] % 90;
        let _ = symbols::demangle(&String::from_utf8(name).unwrap());
    }
}
