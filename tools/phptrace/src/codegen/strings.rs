//! Subroutines that give strings: each puts its result at an offset of the slot.
use super::frame::{Fault, slot};
use super::generator::{Gen, Result, Temp, Text};
use super::loops::Loop;
use super::text::Into;
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, R0, R1, R2, Size};
use dlang::program::{Expr, ExprKind, Subroutine};

/// Whether it is a null pointer, however written.
pub(super) fn is_null(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Int(0) => true,
        ExprKind::Cast(a) | ExprKind::ToString(a) => is_null(a),
        _ => false,
    }
}

impl Gen<'_> {
    /// Puts the result of a subroutine at `slot + at`.
    pub(super) fn call_text(&mut self, which: Subroutine, args: &[Expr], at: u32) -> Result {
        match which {
            Subroutine::Basename => self.basename(args, at),
            Subroutine::Dirname => self.dirname(args, at),
            Subroutine::Cleanpath => self.cleanpath(args, at),
            Subroutine::InetNtoa => self.inet_ntoa(args, at),
            Subroutine::InetNtoa6 => {
                let e = self.arg(args, 0)?;
                self.inet6(e, at)
            }
            Subroutine::InetNtop => self.inet_ntop(args, at),
            Subroutine::LinkNtop => self.link_ntop(args, at),
            Subroutine::Lltostr => self.lltostr(args, at),
            Subroutine::Strchr | Subroutine::Strrchr => self.strchr(which == Subroutine::Strrchr, args, at),
            Subroutine::Strjoin => self.strjoin(args, at),
            Subroutine::Strstr => self.strstr(args, at),
            Subroutine::Strtok => self.strtok(args, at),
            Subroutine::Substr => self.substr(args, at),
            Subroutine::Tolower => self.case(args, at, b'A', b'Z', 32),
            Subroutine::Toupper => self.case(args, at, b'a', b'z', -32),
            other => self.refuse(format!("{}() is not available on this system", other.name())),
        }
    }

    /// Puts a string argument at an offset of the slot.
    pub(super) fn argument_into(&mut self, e: &Expr, at: u32) -> Result {
        if self.is_text(e) {
            return self.text_into(e, Into::Slot(at));
        }
        let text = self.any_text(e)?;
        self.slot(R1, at);
        self.copy_text(text, self.string_size());
        Ok(())
    }

    /// Puts a constant at an offset of the slot.
    pub(super) fn constant_into(&mut self, text: &[u8], at: u32) {
        let literal = self.literal(text);
        self.slot(R1, at);
        self.copy_text(Text::Literal(literal), u32::try_from(text.len() + 1).unwrap_or(2));
    }

    /// Puts the string that begins at the slot's offset in R0 at `slot + at`.
    pub(super) fn copy_from_offset(&mut self, at: u32) -> Result {
        self.slot(R1, 0);
        self.forget(R1);
        self.asm.alu(Alu::Add, R0, R1);
        let from = self.push(R0)?;
        self.slot(R1, at);
        self.copy_text(Text::At(from), self.string_size());
        Ok(())
    }

    /// Ends the string at the slot's offset in R0 there, if that is within the slot.
    pub(super) fn end_at_offset(&mut self) {
        let outside = self.asm.label();
        let limit = self.slot_size.signed();
        self.asm.jump_ifi(Cond::Ge, R0, limit, outside);
        self.asm.mov(R1, crate::bpf::asm::R7);
        self.asm.alu(Alu::Add, R1, R0);
        self.asm.storei(Size::B, R1, 0, 0);
        self.asm.place(outside);
    }

    /// Both strings one after the other; what is too long is cut.
    fn strjoin(&mut self, args: &[Expr], at: u32) -> Result {
        let (a, b) = (self.arg(args, 0)?, self.arg(args, 1)?);
        let size = self.string_size();
        let both = self.space(2 * size.next_multiple_of(8) + 8);
        let first = self.any_text(a)?;
        let second = self.any_text(b)?;
        self.slot(R1, both);
        self.copy_text(first, size);
        let empty = self.asm.label();
        let in_range = self.asm.label();
        self.asm.jump_ifi(Cond::SLe, R0, 0, empty);
        self.asm.jump_ifi(Cond::SLe, R0, size.signed(), in_range);
        self.asm.place(empty);
        self.asm.imm(R0, 1);
        self.asm.place(in_range);
        self.forget(R0);
        self.asm.alui(Alu::Sub, R0, 1);
        let limit = size.signed();
        self.fault_if(Cond::Gt, R0, limit, Fault::Unknown);
        self.slot(R1, both);
        self.asm.alu(Alu::Add, R1, R0);
        self.copy_text(second, size);
        self.slot(R1, at);
        self.copy_text(Text::Slot(both), size);
        Ok(())
    }

    /// The number in decimal, or in the base given, as C writes such constants.
    fn lltostr(&mut self, args: &[Expr], at: u32) -> Result {
        let e = self.arg(args, 0)?;
        let buffer = self.space(80);
        self.value(e)?;
        let number = self.push(R0)?;
        let signed = self.program.types.is_signed(e.ty);
        let base = match args.get(1) {
            Some(b) => {
                self.value(b)?;
                Some(self.push(R0)?)
            }
            None => None,
        };
        match base {
            Some(b) => {
                self.peek(R0, b);
                self.slot_storei(Size::D, slot::ADDRESS, 0);
                self.fault_if(Cond::Lt, R0, 2, Fault::IllegalOperation);
                self.fault_if(Cond::Gt, R0, 36, Fault::IllegalOperation);
                self.set_word(2, R0);
            }
            None => self.word(2, 10),
        }
        let magnitude = self.asm.label();
        self.peek(R0, number);
        if signed {
            self.minus_wanted(base, magnitude);
        }
        self.asm.place(magnitude);
        self.set_word(0, R0);
        self.word(1, i64::from(buffer) + 79);
        self.slot_storei(Size::B, buffer + 79, 0);
        self.run_loop(Loop::Digits, 64);
        if signed {
            self.put_minus(number, base);
        }
        if let Some(base) = base {
            self.put_base_prefix(base);
        }
        self.get_word(R0, 1);
        self.copy_from_offset(at)
    }

    /// Negates R0 if it is negative and to be written in decimal; else goes to `as_it_is`.
    fn minus_wanted(&mut self, base: Option<Temp>, as_it_is: crate::bpf::asm::Label) {
        self.asm.jump_ifi(Cond::SGe, R0, 0, as_it_is);
        if let Some(b) = base {
            self.peek(R1, b);
            self.asm.jump_ifi(Cond::Ne, R1, 10, as_it_is);
        }
        self.asm.neg(R0);
    }

    /// Writes a byte before the digits.
    pub(super) fn put_before(&mut self, byte: u8) {
        let outside = self.asm.label();
        let limit = self.slot_size.signed();
        self.get_word(R0, 1);
        self.asm.alui(Alu::Sub, R0, 1);
        self.set_word(1, R0);
        self.asm.jump_ifi(Cond::Ge, R0, limit, outside);
        self.asm.mov(R1, crate::bpf::asm::R7);
        self.asm.alu(Alu::Add, R1, R0);
        self.asm.storei(Size::B, R1, 0, i32::from(byte));
        self.asm.place(outside);
    }

    fn put_minus(&mut self, number: Temp, base: Option<Temp>) {
        let end = self.asm.label();
        self.peek(R0, number);
        self.asm.jump_ifi(Cond::SGe, R0, 0, end);
        if let Some(b) = base {
            self.peek(R1, b);
            self.asm.jump_ifi(Cond::Ne, R1, 10, end);
        }
        self.put_before(b'-');
        self.asm.place(end);
    }

    fn put_base_prefix(&mut self, base: Temp) {
        let (octal, end) = (self.asm.label(), self.asm.label());
        self.peek(R1, base);
        self.asm.jump_ifi(Cond::Eq, R1, 8, octal);
        self.asm.jump_ifi(Cond::Ne, R1, 16, end);
        self.put_before(b'x');
        self.asm.place(octal);
        self.put_before(b'0');
        self.asm.place(end);
    }

    /// From the first or last place of a character, or nothing.
    fn strchr(&mut self, last: bool, args: &[Expr], at: u32) -> Result {
        let (e, c) = (self.arg(args, 0)?, self.arg(args, 1)?);
        let from = self.any_text_in_slot(e)?;
        self.value(c)?;
        self.asm.alui(Alu::And, R0, 0xff);
        self.set_word(1, R0);
        self.word(0, i64::from(from));
        self.word(2, 0);
        self.word(3, i64::from(last));
        self.run_loop(Loop::FindByte, self.string_size());
        self.found_or_empty(2, at)
    }

    fn strstr(&mut self, args: &[Expr], at: u32) -> Result {
        let (e, what) = (self.arg(args, 0)?, self.arg(args, 1)?);
        let from = self.any_text_in_slot(e)?;
        let what = self.any_text_in_slot(what)?;
        self.find(from, what, false, None)?;
        self.found_or_empty(3, at)
    }

    /// What begins at the offset found (word `n`, less 1), or an empty string if it is 0.
    fn found_or_empty(&mut self, n: u32, at: u32) -> Result {
        let (found, end) = (self.asm.label(), self.asm.label());
        self.word(super::text::FOUND, 0);
        self.get_word(R0, n);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.slot_storei(Size::D, at, 0);
        self.asm.jump(end);
        self.asm.place(found);
        self.word(super::text::FOUND, 1);
        self.asm.alui(Alu::Sub, R0, 1);
        self.copy_from_offset(at)?;
        self.asm.place(end);
        Ok(())
    }

    /// The first token, or with a null string the next of the string before.
    fn strtok(&mut self, args: &[Expr], at: u32) -> Result {
        let (e, delimiters) = (self.arg(args, 0)?, self.arg(args, 1)?);
        let rest = self.layout.token;
        if !is_null(e) {
            let text = self.any_text(e)?;
            self.slot(R1, rest + 8);
            self.copy_text(text, self.string_size());
            self.slot_storei(Size::D, rest, i32::try_from(rest + 8).unwrap_or(0));
        }
        let what = self.any_text_in_slot(delimiters)?;
        self.slot_load(Size::D, R0, rest);
        self.slot_storei(Size::D, slot::ADDRESS, 0);
        self.fault_if(Cond::Eq, R0, 0, Fault::BadAddress);
        self.set_word(0, R0);
        self.word(1, i64::from(what));
        for n in 2..5 {
            self.word(n, 0);
        }
        self.run_loop(Loop::Token, 1 << 16);
        let (found, end) = (self.asm.label(), self.asm.label());
        self.word(super::text::FOUND, 0);
        self.get_word(R0, 4);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.slot_storei(Size::D, at, 0);
        self.get_word(R0, 0);
        self.slot_store(Size::D, rest, R0);
        self.asm.jump(end);
        self.asm.place(found);
        // The rest begins behind the delimiter, if the string does not end here.
        let at_end = self.asm.label();
        self.word(super::text::FOUND, 1);
        self.get_word(R0, 0);
        let limit = self.slot_size.signed();
        self.asm.jump_ifi(Cond::Ge, R0, limit, at_end);
        self.asm.mov(R1, crate::bpf::asm::R7);
        self.asm.alu(Alu::Add, R1, R0);
        self.asm.load(Size::B, R2, R1, 0);
        self.asm.storei(Size::B, R1, 0, 0);
        self.asm.jump_ifi(Cond::Eq, R2, 0, at_end);
        self.asm.alui(Alu::Add, R0, 1);
        self.asm.place(at_end);
        self.slot_store(Size::D, rest, R0);
        self.get_word(R0, 4);
        self.copy_from_offset(at)?;
        self.asm.place(end);
        Ok(())
    }

    /// `substr(s, start[, length])`; negative ones count from the end.
    fn substr(&mut self, args: &[Expr], at: u32) -> Result {
        let (e, start) = (self.arg(args, 0)?, self.arg(args, 1)?);
        let from = self.any_text_in_slot(e)?;
        let size = self.string_size();
        let copy = self.string_space();
        self.slot(R1, copy);
        self.copy_text(Text::Slot(from), size);
        self.asm.alui(Alu::Sub, R0, 1);
        let length = self.push(R0)?;
        self.value(start)?;
        let start = self.push(R0)?;
        let count = match args.get(2) {
            Some(n) => {
                self.value(n)?;
                Some(self.push(R0)?)
            }
            None => None,
        };
        self.substr_bounds(length, start, count);
        // R0 start, R1 count, both within the string.
        let begin = self.push(R0)?;
        self.poke(length, R1);
        self.asm.alui(Alu::Add, R0, from.signed());
        self.copy_from_offset(at)?;
        self.peek(R0, length);
        self.asm.alui(Alu::Add, R0, at.signed());
        self.end_at_offset();
        self.pop(R0, begin);
        Ok(())
    }

    /// `R0, R1 =` start and count of a substring of a string of a length.
    fn substr_bounds(&mut self, length: Temp, start: Temp, count: Option<Temp>) {
        let (from_front, empty, end) = (self.asm.label(), self.asm.label(), self.asm.label());
        let (start_known, whole, positive) = (self.asm.label(), self.asm.label(), self.asm.label());
        self.peek(R2, length);
        self.peek(R0, start);
        match count {
            Some(c) => self.peek(R1, c),
            None => self.asm.imm(R1, 1 << 30),
        }
        self.asm.jump_ifi(Cond::SGe, R0, 0, from_front);
        self.asm.alu(Alu::Add, R0, R2);
        self.asm.jump_ifi(Cond::SGe, R0, 0, start_known);
        // Begins before the string: what is before it does not count as length.
        self.asm.jump_ifi(Cond::SLt, R1, 0, whole);
        self.asm.alu(Alu::Add, R1, R0);
        self.asm.jump_ifi(Cond::SLe, R1, 0, empty);
        self.asm.place(whole);
        self.asm.imm(R0, 0);
        self.asm.jump(start_known);
        self.asm.place(from_front);
        self.asm.jump_if(Cond::SGt, R0, R2, empty);
        self.asm.place(start_known);
        // What is left behind the start.
        self.asm.alu(Alu::Sub, R2, R0);
        self.asm.jump_ifi(Cond::SGe, R1, 0, positive);
        self.asm.alu(Alu::Add, R1, R2);
        self.asm.jump_ifi(Cond::SLt, R1, 0, empty);
        self.asm.place(positive);
        self.asm.jump_if(Cond::SLe, R1, R2, end);
        self.asm.mov(R1, R2);
        self.asm.jump(end);
        self.asm.place(empty);
        self.asm.imm(R0, 0);
        self.asm.imm(R1, 0);
        self.asm.place(end);
    }

    fn case(&mut self, args: &[Expr], at: u32, first: u8, last: u8, add: i64) -> Result {
        let e = self.arg(args, 0)?;
        self.argument_into(e, at)?;
        self.word(0, i64::from(at));
        self.word(1, i64::from(first));
        self.word(2, i64::from(last));
        self.word(3, add);
        self.run_loop(Loop::Case, self.string_size());
        Ok(())
    }
}
