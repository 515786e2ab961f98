//! Steps over the components of paths.
use crate::bpf::asm::{Alu, Cond, Label, R0, R1, R3, R4, Size};
use crate::codegen::generator::Gen;

impl Gen<'_> {
    pub(super) fn step_components(&mut self, again: Label, stop: Label) {
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
    pub(super) fn step_clean_path(&mut self, again: Label, stop: Label) {
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
