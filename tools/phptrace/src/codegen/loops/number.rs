//! Steps over digits and letters.
use crate::bpf::asm::{Alu, Cond, Label, R0, R1, R3, R4, Size};
use crate::codegen::generator::Gen;

impl Gen<'_> {
    pub(super) fn step_digits(&mut self, again: Label, stop: Label) {
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

    pub(super) fn step_number(&mut self, again: Label, stop: Label) {
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

    pub(super) fn step_blanks(&mut self, again: Label, stop: Label) {
        let same = self.asm.label();
        self.get_word(R3, 0);
        self.get_word(R1, 1);
        self.asm.jump_if(Cond::Ge, R3, R1, stop);
        self.byte_at(R4, R3, stop);
        self.asm.load(Size::B, R3, R4, 0);
        self.asm.jump_ifi(Cond::Ne, R3, 0, same);
        self.asm.storei(Size::B, R4, 0, 32);
        self.asm.place(same);
        self.bump(0);
        self.asm.jump(again);
    }

    pub(super) fn step_case(&mut self, again: Label, stop: Label) {
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
}
