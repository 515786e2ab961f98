//! Rules by return address: a table without locks. An entry is two words, the rule and the rule xor its key, so that a half-written
//! one matches no key. When an object is unloaded the keys of all that came before stop matching.
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicPtr, AtomicU64};

use super::cfi;
use super::rule::{Cfa, Rule};
use crate::sys;

/// Entries that share a cache line; one of them is given up for a new one.
const WAYS: usize = 4;
const LINES: usize = 1 << 14;

#[repr(C, align(64))]
struct Line([[AtomicU64; 2]; WAYS]);

/// 1 MiB, of which the pages in use become resident; null: every rule is read anew.
static TABLE: AtomicPtr<Line> = AtomicPtr::new(core::ptr::null_mut());
/// Objects unloaded so far.
static UNLOADED: AtomicU64 = AtomicU64::new(0);

/// Makes the table. Called once.
pub(crate) fn init() {
    TABLE.store(sys::map(LINES * size_of::<Line>()).cast(), Relaxed);
}

/// Tells that an object may have been unloaded: another's code may come to lie where its was.
pub fn unloaded() {
    UNLOADED.fetch_add(1, Relaxed);
}

/// The rule for an address in code.
pub(super) fn rule(pc: u64) -> Rule {
    // User addresses have 47 bits.
    let key = pc | UNLOADED.load(Relaxed) << 48;
    let hash = pc.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // SAFETY: a table of LINES lines, never unmapped, or null.
    let line = unsafe { TABLE.load(Relaxed).wrapping_add((hash >> 50) as usize).as_ref() };
    if let Some(Line(ways)) = line.filter(|_| !TABLE.load(Relaxed).is_null()) {
        for [packed, check] in ways {
            let word = packed.load(Relaxed);
            if word ^ check.load(Relaxed) == key && word != 0 {
                return Rule::unpack(word);
            }
        }
        let word = read(pc);
        // An empty one, else one by chance.
        let free = ways.iter().position(|[packed, _]| packed.load(Relaxed) == 0);
        if let Some([packed, check]) = ways.get(free.unwrap_or((hash >> 20) as usize % WAYS)) {
            packed.store(word, Relaxed);
            check.store(word ^ key, Relaxed);
        }
        return Rule::unpack(word);
    }
    Rule::unpack(read(pc))
}

#[cold]
fn read(pc: u64) -> u64 {
    const END: u64 = 1;
    const FRAME: u64 = 7;
    let Some(object) = sys::object_at(pc) else { return FRAME };
    let found = object.unwinding.and_then(|(bytes, address, header)| cfi::rule(bytes, address, header, pc));
    match found {
        Some(rule) => rule.pack().unwrap_or(END),
        None => Rule::only(Cfa::Frame).pack().unwrap_or(END),
    }
}
