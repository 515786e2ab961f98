//! Steps that compare and search.
use crate::bpf::asm::{Alu, Cond, Label, R0, R1, R3};
use crate::codegen::generator::Gen;

impl Gen<'_> {
    pub(super) fn step_compare(&mut self, again: Label, stop: Label) {
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

    pub(super) fn step_find(&mut self, again: Label, stop: Label) {
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

    pub(super) fn step_find_byte(&mut self, again: Label, stop: Label) {
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

    pub(super) fn step_token(&mut self, again: Label, stop: Label) {
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
}
