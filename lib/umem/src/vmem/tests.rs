use super::*;
use std::collections::BTreeMap;

extern crate std;

const NOWHERE: Origin = Origin { source: null_mut(), import: None, export: None };

fn arena(size: usize, cached: usize) -> *mut Vmem {
    let vm = create(b"test", 8, &NOWHERE, cached);
    // SAFETY: fresh.
    assert!(unsafe { add(vm, 0x1000, size) });
    vm
}

/// Random calls against a map of what is allocated: nothing overlaps, totals agree, all comes back.
#[test]
fn agrees_with_a_model() {
    for (seed, policy) in [(1_u64, 0), (2, VM_BESTFIT), (3, VM_FIRSTFIT), (4, VM_NEXTFIT)] {
        let vm = arena(1 << 16, if seed % 2 == 0 { 64 } else { 0 });
        let mut live = BTreeMap::new();
        let mut s = seed;
        let mut next = move || {
            s ^= s << 13;
            s ^= s >> 7;
            s ^= s << 17;
            s as usize
        };
        for _ in 0..20_000 {
            let r = next();
            if r % 3 == 0 && !live.is_empty() {
                let (&start, &(size, plain)) = live.iter().nth(next() % live.len()).unwrap();
                live.remove(&start);
                // SAFETY: allocated below with that size and constraint.
                unsafe { if plain { free(vm, start, size) } else { free_constrained(vm, start, size) } };
                continue;
            }
            let size = 1 + r / 8 % 500;
            let plain = r % 5 != 0;
            let c =
                Constraints { align: 8 << (r / 64 % 5), nocross: if r % 2 == 0 { 4096 } else { 0 }, ..Constraints::default() };
            // SAFETY: live.
            let got = unsafe {
                if plain { alloc(vm, size, policy | VM_NOSLEEP) } else { alloc_constrained(vm, size, &c, policy | VM_NOSLEEP) }
            };
            let Some(at) = got else { continue };
            let rounded = size.next_multiple_of(8);
            assert!(at >= 0x1000 && at + rounded <= 0x11000 && at % if plain { 8 } else { c.align } == 0);
            assert!(plain || c.nocross == 0 || at / 4096 == (at + rounded - 1) / 4096);
            let before = live.range(..=at).next_back();
            assert!(before.is_none_or(|(&b, &(n, _)): (&usize, &(usize, bool))| b + n.next_multiple_of(8) <= at));
            assert!(live.range(at..).next().is_none_or(|(&b, _)| at + rounded <= b));
            live.insert(at, (size, plain));
        }
        let sum: usize = live.values().map(|&(n, _)| n.next_multiple_of(8)).sum();
        // SAFETY: live; what is freed was allocated with that size.
        unsafe {
            assert_eq!((size(vm, VMEM_ALLOC), size(vm, VMEM_FREE)), (sum, (1 << 16) - sum));
            for (start, (n, _)) in live {
                free_constrained(vm, start, n);
            }
            assert_eq!(alloc(vm, 1 << 16, VM_NOSLEEP), Some(0x1000));
            free(vm, 0x1000, 1 << 16);
            destroy(vm);
        }
    }
}

#[test]
fn next_fit_does_not_come_back_soon() {
    let vm = arena(80, 0);
    // SAFETY: live, sizes as allocated.
    unsafe {
        let first = alloc(vm, 8, VM_NEXTFIT | VM_NOSLEEP).unwrap();
        free(vm, first, 8);
        let all: std::vec::Vec<_> = (0..9).map(|_| alloc(vm, 8, VM_NEXTFIT | VM_NOSLEEP).unwrap()).collect();
        assert!(!all.contains(&first));
        assert_eq!(alloc(vm, 8, VM_NEXTFIT | VM_NOSLEEP), Some(first));
        assert_eq!(alloc(vm, 8, VM_NEXTFIT | VM_NOSLEEP), None);
    }
}

#[test]
fn spans_come_from_a_source_and_go_back() {
    unsafe extern "C" fn get(source: *mut Vmem, size: usize, flags: c_int) -> *mut c_void {
        // SAFETY: the source outlives the arena.
        unsafe { alloc(source, size, flags).unwrap_or(0) as *mut c_void }
    }
    unsafe extern "C" fn give(source: *mut Vmem, start: *mut c_void, size: usize) {
        // SAFETY: as it was got.
        unsafe { free(source, start as usize, size) }
    }
    let source = arena(4096, 0);
    let vm = create(b"importer", 8, &Origin { source, import: Some(get), export: Some(give) }, 0);
    // SAFETY: both are live, sizes as allocated.
    unsafe {
        let a = alloc(vm, 1000, VM_NOSLEEP).unwrap();
        let b = alloc_constrained(vm, 100, &Constraints { align: 512, ..Constraints::default() }, VM_NOSLEEP).unwrap();
        assert!(contains(vm, a, 1000) && !contains(vm, a, 5000) && b % 512 == 0 && size(source, VMEM_ALLOC) >= 1100);
        let mut seen = std::vec::Vec::new();
        walk(vm, VMEM_ALLOC, |start, size| seen.push((start, size)));
        let mut expected = [(a, 1000), (b, 104)];
        expected.sort_unstable();
        assert_eq!(seen, expected);
        assert_eq!(alloc(vm, 8000, VM_NOSLEEP), None);
        free(vm, a, 1000);
        free_constrained(vm, b, 100);
        assert_eq!(size(source, VMEM_ALLOC), 0);
        destroy(vm);
        destroy(source);
    }
}

#[test]
fn refuses_spans_that_overlap_or_are_ragged() {
    let vm = arena(4096, 0);
    // SAFETY: live.
    unsafe {
        assert!(!add(vm, 0x1800, 8192) && !add(vm, 0x4001, 8) && !add(vm, 0x4000, 7) && !add(vm, usize::MAX - 7, 16));
        assert!(add(vm, 0x4000, 8));
        destroy(vm);
    }
    assert!(create(b"odd", 3, &NOWHERE, 0).is_null());
}

/// The callback frees what it is shown, and the one behind it; each that stays is seen once.
#[test]
fn a_walk_goes_on_while_the_arena_changes() {
    let vm = arena(8 * 40_000, 0);
    // SAFETY: live; each is freed once.
    unsafe {
        for _ in 0..40_000 {
            assert!(alloc(vm, 8, VM_NOSLEEP).is_some());
        }
        let mut seen = std::vec::Vec::new();
        walk(vm, VMEM_ALLOC, |start, _| {
            if start % 32 == 0 {
                free(vm, start, 8);
                free(vm, start + 8, 8);
                alloc(vm, 8, VM_NOSLEEP);
            }
            seen.push(start);
        });
        assert!(seen.windows(2).all(|w| w[0] < w[1]) && seen.len() >= 20_000, "{}", seen.len());
        assert!((0x1000..0x1000 + 8 * 40_000_usize).step_by(8).all(|s| s % 32 == 8 || seen.binary_search(&s).is_ok()));
        let mut left = 0;
        walk(vm, VMEM_ALLOC | VMEM_FREE | VMEM_SPAN, |_, size| left += size);
        assert_eq!(left, 2 * 8 * 40_000);
        (*vm).segments.clear();
        destroy(vm);
    }
}

#[test]
fn spans_are_found_whichever_way_they_came() {
    let vm = create(b"test", 8, &NOWHERE, 0);
    // SAFETY: live.
    unsafe {
        for i in [50, 51, 52, 49, 48, 10, 90, 11, 89, 0, 99, 53] {
            assert!(add(vm, 0x1000 + i * 64, 64), "{i}");
            assert!(!add(vm, 0x1000 + i * 64 + 56, 64) && !add(vm, 0x1000 + i * 64 - 56, 64) && !add(vm, 0x1000 + i * 64, 8));
        }
        let mut seen = std::vec::Vec::new();
        walk(vm, VMEM_SPAN, |start, _| seen.push((start - 0x1000) / 64));
        assert_eq!(seen, [0, 10, 11, 48, 49, 50, 51, 52, 53, 89, 90, 99]);
        destroy(vm);
    }
}
