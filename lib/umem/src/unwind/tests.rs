//! The reader of call-frame information against the crate gimli's, on the objects of this machine, and on damaged copies of it.
extern crate std;

use std::vec::Vec;

use gimli::{
    BaseAddresses, CfaRule, CieOrFde, EhFrame, LittleEndian, Register, RegisterRule, UnwindContext, UnwindSection, UnwindTableRow,
};
use object::{Object, ObjectSection, ObjectSegment};

use super::cfi;
use super::rule::{Cfa, Rule, Saved};

const RBX: Register = Register(3);
const RBP: Register = Register(6);
const RSP: Register = Register(7);
const RETURN: Register = Register(16);

type Row = UnwindTableRow<usize>;

/// What the row means; none where it is told by an expression or is of no use to a walk.
fn expected(row: &Row) -> Option<Rule> {
    let saved = |r| match row.register(r) {
        RegisterRule::Undefined | RegisterRule::SameValue => Some(Saved::Same),
        RegisterRule::Offset(o) => Some(Saved::AtCfa(o)),
        _ => None,
    };
    if saved(RETURN)? != Saved::AtCfa(-8) {
        return Some(Rule::only(Cfa::End));
    }
    let CfaRule::RegisterAndOffset { register, offset } = *row.cfa() else { return None };
    let cfa = match register {
        RSP => Cfa::Stack(offset),
        RBP => Cfa::Base(offset),
        RBX => Cfa::Other(offset),
        _ => return Some(Rule::only(Cfa::End)),
    };
    Some(Rule { cfa, bp: saved(RBP)?, bx: saved(RBX)? })
}

/// An object's read-only segment with the information: its bytes, address and the header's address.
struct Loaded {
    bytes: Vec<u8>,
    address: u64,
    header: u64,
    /// Every row of the table, by its first address.
    rows: Vec<(u64, Row, bool)>,
}

fn load(path: &str) -> Option<Loaded> {
    let file = std::fs::read(path).ok()?;
    let object = object::File::parse(&*file).ok()?;
    let (header, frames) = (object.section_by_name(".eh_frame_hdr")?.address(), object.section_by_name(".eh_frame")?);
    let segment = object.segments().find(|s| (s.address()..s.address() + s.size()).contains(&header))?;
    let bases = BaseAddresses::default().set_eh_frame(frames.address()).set_eh_frame_hdr(header);
    let section = EhFrame::new(frames.data().ok()?, LittleEndian);
    let mut rows = Vec::new();
    let mut entries = section.entries(&bases);
    while let Some(entry) = entries.next().ok()? {
        let CieOrFde::Fde(partial) = entry else { continue };
        let fde = partial.parse(EhFrame::cie_from_offset).ok()?;
        let mut context = UnwindContext::new();
        let mut table = fde.rows(&section, &bases, &mut context).ok()?;
        while let Some(row) = table.next_row().ok()? {
            if row.start_address() < row.end_address() {
                rows.push((row.start_address(), row.clone(), fde.cie().is_signal_trampoline()));
            }
        }
    }
    Some(Loaded { bytes: segment.data().ok()?.to_vec(), address: segment.address(), header, rows })
}

fn own() -> Loaded {
    load("/proc/self/exe").expect("the test's own file, with call-frame information")
}

#[test]
fn reads_what_gimli_reads() {
    let others = ["libc.so.6", "libstdc++.so.6", "libcrypto.so.3", "libpython3.11.so.1.0", "ld-linux-x86-64.so.2"];
    let paths = others.map(|name| std::format!("/usr/lib/x86_64-linux-gnu/{name}"));
    let mut seen = 0;
    for object in paths.iter().filter_map(|p| load(p)).chain([own()]) {
        for (pc, row, signal) in &object.rows {
            let got = cfi::rule(&object.bytes, object.address, object.header, *pc);
            let want = if *signal { Some(Rule::only(Cfa::Signal)) } else { expected(row) };
            assert!(got.is_some(), "{pc:#x}: nothing read for {row:?}");
            if want.is_some() {
                assert_eq!(got, want, "{pc:#x}: {row:?}");
                seen += 1;
            }
            let last = cfi::rule(&object.bytes, object.address, object.header, row.end_address() - 1);
            assert_eq!(last, got, "{pc:#x}: the last address of {row:?}");
        }
    }
    assert!(seen > 2000, "{seen} rows");
}

#[test]
fn damaged_information_ends_a_walk_no_more() {
    let mut object = own();
    let mut seed = 1_u64;
    let mut roll = |below: usize| {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    let start = (object.header - object.address) as usize;
    let room = object.bytes.len() - start;
    for _ in 0..30_000 {
        let at = start + if roll(4) == 0 { roll(64) } else { roll(room) };
        object.bytes[at] = roll(256) as u8;
        let (pc, ..) = object.rows[roll(object.rows.len())];
        cfi::rule(&object.bytes, object.address, object.header, pc);
    }
    for cut in 0..200 {
        cfi::rule(&object.bytes[..start + cut], object.address, object.header, object.rows[0].0);
    }
}

#[test]
fn packed_rules_are_the_same_again() {
    let places = [Saved::Same, Saved::AtCfa(-16), Saved::AtCfa(-262_144), Saved::AtBase(-40), Saved::AtBase(0)];
    for offset in [8, 16, 0, -8, 1 << 20, (1 << 24) - 1, -(1 << 24)] {
        for cfa in [Cfa::Stack(offset), Cfa::Base(offset), Cfa::Other(offset), Cfa::Behind(offset), Cfa::End, Cfa::Signal] {
            for bp in places {
                for bx in places {
                    let rule = Rule { cfa, bp, bx };
                    assert_eq!(rule.pack().map(Rule::unpack), Some(rule));
                }
            }
        }
    }
    assert_eq!(Rule::only(Cfa::Stack(1 << 24)).pack(), None);
    assert_eq!(Rule { cfa: Cfa::Stack(8), bp: Saved::AtCfa(-12), bx: Saved::Same }.pack(), None);
}

#[inline(never)]
fn deep(n: u32, to: &mut Vec<u64>) -> u32 {
    if n > 0 {
        return deep(n - 1, to) + 1;
    }
    super::walk(|pc| {
        to.push(pc);
        true
    });
    0
}

#[test]
fn walks_to_the_start_of_the_thread() {
    super::init();
    for _ in 0..2 {
        let mut frames = Vec::new();
        assert_eq!(deep(20, &mut frames), 20);
        // Twenty calls of one function come from one place in it.
        let recursion = frames.windows(2).filter(|w| w[0] == w[1]).count();
        assert!(recursion >= 18 && frames.len() > 25, "{frames:x?}");
    }
}
