//! Parts of paths.
use super::generator::{Gen, Result, Text};
use super::loops::Loop;
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, R0, R1, Size};
use dlang::program::Expr;

impl Gen<'_> {
    /// Finds the components of the path at `slot + from`; R0 is not 0 if it begins with a slash.
    fn components(&mut self, from: u32) -> Result {
        self.word(0, i64::from(from));
        self.word(1, i64::from(from));
        self.word(2, 0);
        self.word(3, 0);
        self.word(4, 1);
        self.run_loop(Loop::Components, self.string_size());
        Ok(())
    }

    /// `/` if the path at `slot + from` begins with that, else `.`.
    fn root_or_dot(&mut self, from: u32, at: u32) {
        let (slash, end) = (self.asm.label(), self.asm.label());
        self.slot_load(Size::B, R0, from);
        self.asm.jump_ifi(Cond::Eq, R0, i32::from(b'/'), slash);
        self.constant_into(b".", at);
        self.asm.jump(end);
        self.asm.place(slash);
        self.constant_into(b"/", at);
        self.asm.place(end);
    }

    pub(super) fn basename(&mut self, args: &[Expr], at: u32) -> Result {
        let e = self.arg(args, 0)?;
        let from = self.string_space();
        self.argument_into(e, from)?;
        self.components(from)?;
        let (found, end) = (self.asm.label(), self.asm.label());
        self.get_word(R0, 2);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.root_or_dot(from, at);
        self.asm.jump(end);
        self.asm.place(found);
        self.end_at_offset();
        self.get_word(R0, 1);
        self.copy_from_offset(at)?;
        self.asm.place(end);
        Ok(())
    }

    pub(super) fn dirname(&mut self, args: &[Expr], at: u32) -> Result {
        let e = self.arg(args, 0)?;
        let from = self.string_space();
        self.argument_into(e, from)?;
        self.components(from)?;
        let (found, end) = (self.asm.label(), self.asm.label());
        self.get_word(R0, 3);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.root_or_dot(from, at);
        self.asm.jump(end);
        self.asm.place(found);
        self.end_at_offset();
        self.slot(R1, at);
        self.copy_text(Text::Slot(from), self.string_size());
        self.asm.place(end);
        Ok(())
    }

    pub(super) fn cleanpath(&mut self, args: &[Expr], at: u32) -> Result {
        let e = self.arg(args, 0)?;
        let from = self.string_space();
        self.argument_into(e, from)?;
        self.word(0, i64::from(from));
        self.word(1, i64::from(at));
        self.word(2, i64::from(at));
        self.word(3, 0);
        self.word(4, 0);
        self.word(5, i64::from(at + self.string_size()) - 1);
        self.run_loop(Loop::CleanPath, 4 * self.string_size());
        // A path that ends amid what was held back.
        for (state, held) in [(1, &b"/"[..]), (2, b"/.")] {
            let other = self.asm.label();
            self.get_word(R0, 3);
            self.asm.jump_ifi(Cond::Ne, R0, state, other);
            for b in held {
                self.append(*b);
            }
            self.asm.place(other);
        }
        self.get_word(R0, 1);
        self.end_at_offset();
        Ok(())
    }

    /// Writes a byte at word 1 and advances it.
    fn append(&mut self, byte: u8) {
        let outside = self.asm.label();
        let limit = self.slot_size.signed();
        self.get_word(R0, 1);
        self.asm.jump_ifi(Cond::Ge, R0, limit, outside);
        self.asm.mov(R1, crate::bpf::asm::R7);
        self.asm.alu(Alu::Add, R1, R0);
        self.asm.storei(Size::B, R1, 0, i32::from(byte));
        self.asm.alui(Alu::Add, R0, 1);
        self.set_word(1, R0);
        self.asm.place(outside);
    }
}
