//! Loops over strings, each a subprogram that `bpf_loop` calls for one step. Their state is in the slot's loop words, so that
//! the verifier sees the same unknown numbers at every step and checks a step once.
use super::frame::slot;
use super::generator::{Gen, Result, SLOT_COPY};
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, FP, Helper, Label, R0, R1, R2, R3, R4, R7, Reg, Size};

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
    /// 0: offset; 1: begin of the last component; 2: behind its end (0); 3: behind the end of the one before (0); 4: after a slash (1).
    Components,
    /// 0: offset; 1: where to write; 2: its first offset; 3: state; 4: character; 5: its last offset.
    CleanPath,
}

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
    pub(super) fn run_loop(&mut self, which: Loop, steps: u32) -> Result {
        if !self.features.loops {
            return self.refuse("string functions need Linux 5.17 or later (bpf_loop)");
        }
        let label = match self.loops.iter().find(|(l, _)| *l == which) {
            Some((_, label)) => *label,
            None => {
                let label = self.asm.label();
                self.loops.push((which, label));
                label
            }
        };
        self.asm.imm(R1, i64::from(steps.max(1)));
        self.asm.function_address(R2, label);
        self.asm.mov(R3, FP);
        self.asm.alui(Alu::Add, R3, i32::from(SLOT_COPY));
        self.asm.imm(R4, 0);
        self.asm.call(Helper::Loop);
        Ok(())
    }

    /// Writes the subprograms of the loops used.
    pub(super) fn loop_functions(&mut self) {
        for (which, label) in std::mem::take(&mut self.loops) {
            let stop = self.asm.label();
            let again = self.asm.label();
            self.asm.function(label);
            self.asm.load(Size::D, R7, R2, 0);
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

    fn step_compare(&mut self, again: Label, stop: Label) {
        self.load_byte(R1, 0, None, stop);
        self.load_byte(R3, 1, None, stop);
        self.asm.mov(R0, R1);
        self.asm.alu(Alu::Sub, R0, R3);
        self.set_word(2, R0);
        self.asm.jump_ifi(Cond::Ne, R0, 0, stop);
        self.asm.jump_ifi(Cond::Eq, R1, 0, stop);
        self.bump(0);
        self.bump(1);
        self.asm.jump(again);
    }

    fn step_find(&mut self, again: Label, stop: Label) {
        let (differ, matched) = (self.asm.label(), self.asm.label());
        self.get_word(R0, 0);
        self.get_word(R1, 5);
        self.asm.jump_if(Cond::SGt, R0, R1, stop);
        self.load_byte(R1, 1, Some(2), stop);
        self.asm.jump_ifi(Cond::Eq, R1, 0, matched);
        self.load_byte(R3, 0, Some(2), stop);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.asm.jump_if(Cond::Ne, R1, R3, differ);
        self.bump(2);
        self.asm.jump(again);
        self.asm.place(matched);
        self.get_word(R0, 0);
        self.asm.alui(Alu::Add, R0, 1);
        self.set_word(3, R0);
        self.get_word(R0, 4);
        self.asm.jump_ifi(Cond::Eq, R0, 0, stop);
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.asm.place(differ);
        self.bump(0);
        self.word(2, 0);
        self.asm.jump(again);
    }

    fn step_find_byte(&mut self, again: Label, stop: Label) {
        let other = self.asm.label();
        self.load_byte(R3, 0, None, stop);
        self.get_word(R1, 1);
        self.asm.jump_if(Cond::Ne, R1, R3, other);
        self.get_word(R0, 0);
        self.asm.alui(Alu::Add, R0, 1);
        self.set_word(2, R0);
        self.get_word(R0, 3);
        self.asm.jump_ifi(Cond::Eq, R0, 0, stop);
        self.asm.place(other);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.bump(0);
        self.asm.jump(again);
    }

    fn step_token(&mut self, again: Label, stop: Label) {
        let (ordinary, delimiter, within, next) = (self.asm.label(), self.asm.label(), self.asm.label(), self.asm.label());
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.load_byte(R1, 1, Some(2), stop);
        self.asm.jump_ifi(Cond::Eq, R1, 0, ordinary);
        self.asm.jump_if(Cond::Eq, R1, R3, delimiter);
        self.bump(2);
        self.asm.jump(again);
        self.asm.place(ordinary);
        self.get_word(R0, 3);
        self.asm.jump_ifi(Cond::Ne, R0, 0, within);
        self.word(3, 1);
        self.get_word(R0, 0);
        self.set_word(4, R0);
        self.asm.place(within);
        self.asm.jump(next);
        self.asm.place(delimiter);
        self.get_word(R0, 3);
        self.asm.jump_ifi(Cond::Ne, R0, 0, stop);
        self.asm.place(next);
        self.bump(0);
        self.word(2, 0);
        self.asm.jump(again);
    }

    fn step_digits(&mut self, again: Label, stop: Label) {
        let letter = self.asm.label();
        let write = self.asm.label();
        self.get_word(R0, 0);
        self.get_word(R1, 2);
        self.asm.mov(R3, R0);
        self.asm.alu(Alu::Mod, R3, R1);
        self.asm.alu(Alu::Div, R0, R1);
        self.set_word(0, R0);
        self.asm.jump_ifi(Cond::Ge, R3, 10, letter);
        self.asm.alui(Alu::Add, R3, i32::from(b'0'));
        self.asm.jump(write);
        self.asm.place(letter);
        self.asm.alui(Alu::Add, R3, i32::from(b'a') - 10);
        self.asm.place(write);
        self.get_word(R1, 1);
        self.asm.alui(Alu::Sub, R1, 1);
        self.set_word(1, R1);
        self.byte_at(R4, R1, stop);
        self.asm.store(Size::B, R4, 0, R3);
        self.asm.jump_ifi(Cond::Eq, R0, 0, stop);
        self.asm.jump(again);
    }

    fn step_number(&mut self, again: Label, stop: Label) {
        let (digits, minus, sign, next, lower, take) =
            (self.asm.label(), self.asm.label(), self.asm.label(), self.asm.label(), self.asm.label(), self.asm.label());
        self.load_byte(R3, 0, None, stop);
        self.get_word(R0, 3);
        self.asm.jump_ifi(Cond::Ne, R0, 0, digits);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b' '), next);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'\t'), next);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'\n'), next);
        self.word(3, 1);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'-'), minus);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'+'), sign);
        self.asm.jump(digits);
        self.asm.place(minus);
        self.word(4, 1);
        self.asm.place(sign);
        self.asm.jump(next);
        self.asm.place(digits);
        // The value of a digit or letter, or something too large.
        self.asm.alui(Alu::Sub, R3, i32::from(b'0'));
        self.asm.jump_ifi(Cond::Lt, R3, 10, take);
        self.asm.alui(Alu::Add, R3, i32::from(b'0'));
        self.asm.alui(Alu::Or, R3, 0x20);
        self.asm.jump_ifi(Cond::Ge, R3, i32::from(b'a'), lower);
        self.asm.jump(stop);
        self.asm.place(lower);
        self.asm.alui(Alu::Sub, R3, i32::from(b'a') - 10);
        self.asm.place(take);
        self.get_word(R1, 1);
        self.asm.jump_if(Cond::Ge, R3, R1, stop);
        self.get_word(R0, 2);
        self.asm.alu(Alu::Mul, R0, R1);
        self.asm.alu(Alu::Add, R0, R3);
        self.set_word(2, R0);
        self.asm.place(next);
        self.bump(0);
        self.asm.jump(again);
    }

    fn step_case(&mut self, again: Label, stop: Label) {
        let same = self.asm.label();
        self.get_word(R3, 0);
        self.byte_at(R4, R3, stop);
        self.asm.load(Size::B, R3, R4, 0);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.get_word(R0, 1);
        self.asm.jump_if(Cond::Lt, R3, R0, same);
        self.get_word(R0, 2);
        self.asm.jump_if(Cond::Gt, R3, R0, same);
        self.get_word(R0, 3);
        self.asm.alu(Alu::Add, R3, R0);
        self.asm.store(Size::B, R4, 0, R3);
        self.asm.place(same);
        self.bump(0);
        self.asm.jump(again);
    }

    fn step_components(&mut self, again: Label, stop: Label) {
        let (slash, within, next) = (self.asm.label(), self.asm.label(), self.asm.label());
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'/'), slash);
        self.get_word(R0, 4);
        self.asm.jump_ifi(Cond::Eq, R0, 0, within);
        self.get_word(R0, 2);
        self.set_word(3, R0);
        self.get_word(R0, 0);
        self.set_word(1, R0);
        self.word(4, 0);
        self.asm.place(within);
        self.get_word(R0, 0);
        self.asm.alui(Alu::Add, R0, 1);
        self.set_word(2, R0);
        self.asm.jump(next);
        self.asm.place(slash);
        self.word(4, 1);
        self.asm.place(next);
        self.bump(0);
        self.asm.jump(again);
    }

    /// Writes the byte in R3 at word 1 and advances it.
    fn put_byte(&mut self, stop: Label) {
        self.get_word(R1, 1);
        self.get_word(R0, 5);
        self.asm.jump_if(Cond::Ge, R1, R0, stop);
        self.byte_at(R4, R1, stop);
        self.asm.store(Size::B, R4, 0, R3);
        self.bump(1);
    }

    /// State: 0 text, 1 after `/`, 2 after `/.`, 3 after `/..`, 4 going back to the slash before, 5 the same at the end.
    fn step_clean_path(&mut self, again: Label, stop: Label) {
        let states: Vec<Label> = (0..6).map(|_| self.asm.label()).collect();
        self.get_word(R0, 3);
        for (n, label) in states.iter().enumerate().skip(1) {
            self.asm.jump_ifi(Cond::Eq, R0, i32::try_from(n).unwrap_or(0), *label);
        }
        let mut at = states.into_iter();
        let mut place = |g: &mut Self| {
            if let Some(l) = at.next() {
                g.asm.place(l);
            }
        };
        place(self);
        self.clean_text(again, stop);
        place(self);
        self.clean_after_slash(again, stop);
        place(self);
        self.clean_after_dot(again, stop);
        place(self);
        self.clean_after_dots(again, stop);
        place(self);
        self.clean_back(again, stop);
        place(self);
        self.clean_back(again, stop);
    }

    fn clean_text(&mut self, again: Label, stop: Label) {
        let slash = self.asm.label();
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.bump(0);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'/'), slash);
        self.put_byte(stop);
        self.asm.jump(again);
        self.asm.place(slash);
        self.word(3, 1);
        self.asm.jump(again);
    }

    fn put_bytes(&mut self, bytes: &[u8], stop: Label) {
        for b in bytes {
            self.asm.imm(R3, i64::from(*b));
            self.put_byte(stop);
        }
    }

    /// The slash and what is held back are written, then the byte at hand is looked at as text.
    fn clean_release(&mut self, bytes: &[u8], again: Label, stop: Label) {
        self.put_bytes(bytes, stop);
        self.word(3, 0);
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, 0, stop);
        self.asm.jump(again);
    }

    fn clean_after_slash(&mut self, again: Label, stop: Label) {
        let (dot, skip) = (self.asm.label(), self.asm.label());
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'.'), dot);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'/'), skip);
        self.clean_release(b"/", again, stop);
        self.asm.place(dot);
        self.word(3, 2);
        self.asm.place(skip);
        self.bump(0);
        self.asm.jump(again);
    }

    fn clean_after_dot(&mut self, again: Label, stop: Label) {
        let (dot, slash) = (self.asm.label(), self.asm.label());
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'.'), dot);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'/'), slash);
        self.clean_release(b"/.", again, stop);
        self.asm.place(slash);
        self.bump(0);
        self.word(3, 1);
        self.asm.jump(again);
        self.asm.place(dot);
        self.bump(0);
        self.word(3, 3);
        self.asm.jump(again);
    }

    fn clean_after_dots(&mut self, again: Label, stop: Label) {
        let (slash, end) = (self.asm.label(), self.asm.label());
        self.load_byte(R3, 0, None, stop);
        self.asm.jump_ifi(Cond::Eq, R3, i32::from(b'/'), slash);
        self.asm.jump_ifi(Cond::Eq, R3, 0, end);
        self.clean_release(b"/..", again, stop);
        self.asm.place(slash);
        self.word(3, 4);
        self.asm.jump(again);
        self.asm.place(end);
        self.word(3, 5);
        self.asm.jump(again);
    }

    fn clean_back(&mut self, again: Label, stop: Label) {
        let (found, end) = (self.asm.label(), self.asm.label());
        self.get_word(R1, 1);
        self.get_word(R0, 2);
        self.asm.jump_if(Cond::Le, R1, R0, found);
        self.asm.alui(Alu::Sub, R1, 1);
        self.set_word(1, R1);
        self.byte_at(R4, R1, stop);
        self.asm.load(Size::B, R3, R4, 0);
        self.asm.jump_ifi(Cond::Ne, R3, i32::from(b'/'), again);
        self.asm.place(found);
        self.get_word(R0, 3);
        self.asm.jump_ifi(Cond::Eq, R0, 5, end);
        self.word(3, 0);
        self.asm.jump(again);
        self.asm.place(end);
        self.put_bytes(b"/", stop);
        self.asm.jump(stop);
    }
}
