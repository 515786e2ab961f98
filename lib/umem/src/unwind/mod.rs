//! Stacks of callers by the call-frame information that every object carries (.eh_frame, DWARF 5 section 6.4), read once per return
//! address: a walk is then a look into a table and two loads a frame. Nothing here allocates, locks or leaves the calling thread, so
//! that it also works in signal handlers. Code without such information (made at run time) is passed by its frame pointers.
mod cache;
mod cfi;
mod rule;
#[cfg(test)]
mod tests;

use crate::sys::{self, Registers};
use rule::{Cfa, Rule, Saved};

pub(crate) use cache::init;
pub use cache::unloaded;

/// Bytes of a frame up to which the stack is trusted to go on.
const NEAR: u64 = 64 << 10;
const PAGE: u64 = 4096;
/// No code lies below.
const LEAST_CODE: u64 = 4096;

/// Calls `visit` with the running thread's program counter and return addresses, the innermost first, while it returns true. Whether a
/// signal handler was among them.
pub(crate) fn walk(mut visit: impl FnMut(u64) -> bool) -> bool {
    let mut at = sys::registers();
    // Within the function that a return address leads to, the call lies before it; an interrupted instruction is what it is.
    let (mut called, mut handler) = (0, false);
    while at.pc >= LEAST_CODE && visit(at.pc) {
        let Some((next, exact)) = step(&at, cache::rule(at.pc - called)) else { break };
        handler |= exact;
        called = u64::from(!exact);
        at = next;
    }
    handler
}

/// The caller's registers, and whether its program counter is an interrupted instruction; none at the end of the stack.
fn step(at: &Registers, rule: Rule) -> Option<(Registers, bool)> {
    let cfa = match rule.cfa {
        Cfa::End => return None,
        Cfa::Signal => return Some((sys::interrupted(at.sp)?, true)),
        Cfa::Frame => {
            let saved = at.bp;
            // Code that keeps no frame pointer has anything in the register.
            // The page of the stack pointer is there; others are looked at with care.
            let there = |address: u64| address / PAGE == at.sp / PAGE || sys::is_readable(address);
            if saved < at.sp || saved % 8 != 0 || !there(saved) || !there(saved + 8) {
                return None;
            }
            saved + 16
        }
        Cfa::Stack(offset) => at.sp.checked_add_signed(offset)?,
        Cfa::Base(offset) => at.bp.checked_add_signed(offset)?,
        Cfa::Other(offset) => at.bx.checked_add_signed(offset)?,
        Cfa::Behind(offset) => load(at, at.bp.checked_add_signed(offset)?)?,
    };
    // Stacks grow down: a caller's frame lies above.
    if cfa <= at.sp || cfa % 8 != 0 {
        return None;
    }
    let saved = |how: Saved, same: u64| match how {
        Saved::Same => Some(same),
        Saved::AtCfa(offset) => load(at, cfa.checked_add_signed(offset)?),
        Saved::AtBase(offset) => load(at, at.bp.checked_add_signed(offset)?),
    };
    let pc = load(at, cfa - 8)?;
    Some((Registers { pc, sp: cfa, bp: saved(rule.bp, at.bp)?, bx: saved(rule.bx, at.bx)? }, false))
}

/// A word of the stack, which may be damaged: what is far away is looked at with care.
fn load(at: &Registers, address: u64) -> Option<u64> {
    let near = (at.sp.saturating_sub(NEAR)..at.sp.saturating_add(NEAR)).contains(&address);
    if address % 8 != 0 || !(near || sys::is_readable(address)) {
        return None;
    }
    // SAFETY: on the calling thread's own stack, or just found readable; aligned.
    Some(unsafe { (address as *const u64).read() })
}
