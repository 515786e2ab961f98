//! Loops over strings, each a subprogram that does one step, called by `bpf_loop` (Linux 5.17) or a bounded loop. Their state is in
//! the slot's loop words, so that the verifier sees the same unknown numbers at every step; with `bpf_loop` it checks one step.
mod number;
mod path;
mod search;

use super::frame::{Fault, slot};
use super::generator::{Gen, KEY, SLOT_COPY};
use super::layout::SLOTS;
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, FP, Helper, Label, Linkage, R0, R1, R2, R3, R4, R7, R9, Reg, Size};

/// The loops. Words are `LOOP + 8 * n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loop {
    /// 0, 1: offsets of two strings; 2: their difference as by strcmp.
    Compare,
    /// 0: where to look; 1: for what; 2: matched so far (0); 3: found (0), its offset + 1; 4: last match wanted, not the first;
    /// 5: last offset where a match may begin.
    Find,
    /// 0: offset; 1: character; 2: found (0), its offset + 1; 3: last match wanted.
    FindByte,
    /// 0: offset; 1: delimiters; 2: 0; 3: within a token (0); 4: where it begins. Ends with 0 at its end.
    Token,
    /// 0: number; 1: offset behind the digits; 2: base. Ends with 1 at the first digit.
    Digits,
    /// 0: offset; 1: base; 2: value (0); 3: state: 0 before the sign, 1 before the digits, 2 in them; 4: negative (0).
    Number,
    /// 0: offset; 1, 2: first and last character changed; 3: what is added to them.
    Case,
    /// 0: offset; 1: where to stop. NULs become blanks.
    Blanks,
    /// 0: offset; 1: begin of the last component; 2: behind its end (0); 3: behind the end of the one before (0); 4: after a slash (1).
    Components,
    /// 0: offset; 1: where to write; 2: its first offset; 3: state; 4: character; 5: its last offset.
    CleanPath,
}

/// Most steps of a loop without `bpf_loop`.
const BOUND: u32 = 4096;

const WORD: fn(u32) -> u32 = |n| slot::LOOP + 8 * n;

impl Gen<'_> {
    /// Sets a loop word to a constant.
    pub(super) fn word(&mut self, n: u32, value: i64) {
        if let Ok(small) = i32::try_from(value) {
            self.slot_storei(Size::D, WORD(n), small);
        } else {
            self.asm.imm(R1, value);
            self.slot_store(Size::D, WORD(n), R1);
        }
    }

    /// Sets a loop word to a register.
    pub(super) fn set_word(&mut self, n: u32, reg: Reg) {
        self.slot_store(Size::D, WORD(n), reg);
    }

    /// Reads a loop word.
    pub(super) fn get_word(&mut self, reg: Reg, n: u32) {
        self.slot_load(Size::D, reg, WORD(n));
    }

    /// Runs a loop for at most `steps`.
    pub(super) fn run_loop(&mut self, which: Loop, steps: u32) {
        let label = match self.loops.iter().find(|(l, _)| *l == which) {
            Some((_, label)) => *label,
            None => {
                let label = self.asm.label();
                self.loops.push((which, label));
                label
            }
        };
        if self.features.loops {
            self.asm.imm(R1, i64::from(steps.max(1)));
            self.asm.function_address(R2, label);
            self.asm.mov(R3, FP);
            self.asm.alui(Alu::Add, R3, i32::from(SLOT_COPY));
            self.asm.imm(R4, 0);
            self.asm.call(Helper::Loop);
        } else {
            self.bounded_loop(label, steps.max(1));
        }
    }

    /// The same where the kernel has no `bpf_loop`. Its verifier goes through every turn, but not into the step: that is a global
    /// function, which is verified by itself, once. Only numbers can be given to it, so it looks its slot up. A loop that has not
    /// ended at the bound has no result, and faults.
    fn bounded_loop(&mut self, step: Label, steps: u32) {
        let (again, next, done) = (self.asm.label(), self.asm.label(), self.asm.label());
        self.asm.imm(R9, 0);
        self.asm.place(again);
        self.slot_load(Size::D, R1, slot::INDEX);
        self.asm.imm(R2, 0);
        self.asm.call_function(step);
        // The way on comes first: where it has been verified once, it need not be for the other turns.
        self.asm.jump_ifi(Cond::Eq, R0, 0, next);
        self.asm.jump(done);
        self.asm.place(next);
        self.asm.alui(Alu::Add, R9, 1);
        self.asm.jump_ifi(Cond::Lt, R9, steps.min(BOUND).signed(), again);
        self.asm.place(done);
        if steps > BOUND {
            self.fault_if(Cond::Eq, R0, 0, Fault::IllegalOperation);
        }
    }

    /// Writes the subprograms of the loops used.
    pub(super) fn loop_functions(&mut self) {
        for (which, label) in std::mem::take(&mut self.loops) {
            let stop = self.asm.label();
            let again = self.asm.label();
            if self.features.loops {
                self.asm.function(label, Linkage::Static);
                self.asm.load(Size::D, R7, R2, 0);
            } else {
                self.asm.function(label, Linkage::Global);
                self.asm.store(Size::W, FP, KEY, R1);
                self.asm.map(R1, SLOTS);
                self.asm.mov(R2, FP);
                self.asm.alui(Alu::Add, R2, i32::from(KEY));
                self.asm.call(Helper::MapLookup);
                self.asm.jump_ifi(Cond::Eq, R0, 0, stop);
                self.asm.mov(R7, R0);
            }
            self.step(which, again, stop);
            self.asm.place(again);
            self.asm.imm(R0, 0);
            self.asm.exit();
            self.asm.place(stop);
            self.asm.imm(R0, 1);
            self.asm.exit();
        }
    }

    fn step(&mut self, which: Loop, again: Label, stop: Label) {
        match which {
            Loop::Compare => self.step_compare(again, stop),
            Loop::Find => self.step_find(again, stop),
            Loop::FindByte => self.step_find_byte(again, stop),
            Loop::Token => self.step_token(again, stop),
            Loop::Digits => self.step_digits(again, stop),
            Loop::Number => self.step_number(again, stop),
            Loop::Case => self.step_case(again, stop),
            Loop::Blanks => self.step_blanks(again, stop),
            Loop::Components => self.step_components(again, stop),
            Loop::CleanPath => self.step_clean_path(again, stop),
        }
    }

    /// `to =` address of the byte at the offset in `offset`, checked to be in the slot.
    fn byte_at(&mut self, to: Reg, offset: Reg, stop: Label) {
        let limit = self.slot_size.signed();
        self.asm.jump_ifi(Cond::Ge, offset, limit, stop);
        self.asm.mov(to, R7);
        self.asm.alu(Alu::Add, to, offset);
    }

    /// `to =` byte at word `n`, plus word `plus` if given.
    fn load_byte(&mut self, to: Reg, n: u32, plus: Option<u32>, stop: Label) {
        self.get_word(to, n);
        if let Some(m) = plus {
            self.get_word(R4, m);
            self.asm.alu(Alu::Add, to, R4);
        }
        self.byte_at(R4, to, stop);
        self.asm.load(Size::B, to, R4, 0);
    }

    fn bump(&mut self, n: u32) {
        self.get_word(R4, n);
        self.asm.alui(Alu::Add, R4, 1);
        self.set_word(n, R4);
    }
}
