//! Internet addresses as text, written from the last byte to the first, so that digits can be written backwards.
use super::generator::{Gen, Result};
use super::loops::Loop;
use crate::bpf::asm::{Alu, Cond, Label, R0, R1, R2, Size};
use dlang::program::{Expr, ExprKind};

const INET: i64 = 2;
const INET6: i64 = 10;
const ETHERNET: i64 = 1;
const INFINIBAND: i64 = 32;
/// Longest text of an address.
const LONGEST: u32 = 48;

/// Where in the slot an IPv6 address under way is.
#[derive(Clone, Copy)]
struct Parts {
    /// Its 16 bytes.
    bytes: u32,
    /// First group and number of groups of the longest run of zeros.
    run: u32,
    length: u32,
}

impl Gen<'_> {
    /// `a.b.c.d` of the four bytes at an address.
    pub(super) fn inet_ntoa(&mut self, args: &[Expr], at: u32) -> Result {
        let e = self.arg(args, 0)?;
        let bytes = self.address_bytes(e, 4)?;
        self.begin_address();
        self.dotted(bytes)?;
        self.get_word(R0, 1);
        self.copy_from_offset(at)
    }

    /// `inet_ntop(family, address)`
    pub(super) fn inet_ntop(&mut self, args: &[Expr], at: u32) -> Result {
        match self.arg(args, 0)?.kind {
            ExprKind::Int(INET) => self.inet_ntoa(args.get(1..).unwrap_or_default(), at),
            ExprKind::Int(INET6) => self.inet6(self.arg(args, 1)?, at),
            _ => self.refuse("inet_ntop() is available for AF_INET (2) and AF_INET6 (10)"),
        }
    }

    /// `link_ntop(hardware type, address)`: two digits for each byte, and colons.
    pub(super) fn link_ntop(&mut self, args: &[Expr], at: u32) -> Result {
        let size = match self.arg(args, 0)?.kind {
            ExprKind::Int(ETHERNET) => 6,
            ExprKind::Int(INFINIBAND) => 20,
            _ => return self.refuse("link_ntop() is available for ARPHRD_ETHER (1) and ARPHRD_INFINIBAND (32)"),
        };
        let bytes = self.address_bytes(self.arg(args, 1)?, size)?;
        let end = (3 * size - 1).min(self.string_size() - 1);
        for i in 0..end {
            if i % 3 == 2 {
                self.slot_storei(Size::B, at + i, i32::from(b':'));
                continue;
            }
            let number = self.asm.label();
            self.slot_load(Size::B, R0, bytes + i / 3);
            if i % 3 == 0 {
                self.asm.alui(Alu::Rsh, R0, 4);
            }
            self.asm.alui(Alu::And, R0, 15);
            self.asm.jump_ifi(Cond::Le, R0, 9, number);
            self.asm.alui(Alu::Add, R0, i32::from(b'a' - b'9' - 1));
            self.asm.place(number);
            self.asm.alui(Alu::Add, R0, i32::from(b'0'));
            self.slot_store(Size::B, at + i, R0);
        }
        self.slot_storei(Size::B, at + end, 0);
        Ok(())
    }

    /// Copies the bytes of an address into the slot.
    fn address_bytes(&mut self, e: &Expr, size: u32) -> Result<u32> {
        self.value(e)?;
        let from = self.push(R0)?;
        let bytes = self.space(size);
        self.slot(R1, bytes);
        self.copy_bytes(from, size);
        Ok(bytes)
    }

    /// Nothing is written yet.
    fn begin_address(&mut self) {
        let buffer = self.space(LONGEST);
        self.slot_storei(Size::B, buffer + LONGEST - 1, 0);
        self.word(1, i64::from(buffer + LONGEST - 1));
    }

    fn digits_before(&mut self, base: i64) -> Result {
        self.set_word(0, R0);
        self.word(2, base);
        self.run_loop(Loop::Digits, 4);
        Ok(())
    }

    fn dotted(&mut self, bytes: u32) -> Result {
        for i in (0..4).rev() {
            self.slot_load(Size::B, R0, bytes + i);
            self.digits_before(10)?;
            if i > 0 {
                self.put_before(b'.');
            }
        }
        Ok(())
    }

    pub(super) fn inet6(&mut self, e: &Expr, at: u32) -> Result {
        let bytes = self.address_bytes(e, 16)?;
        let (run, length) = (self.space(8), self.space(8));
        let parts = Parts { bytes, run, length };
        self.longest_run(parts);
        self.begin_address();
        let (plain, mapped) = (self.asm.label(), self.asm.label());
        self.is_mapped(bytes, plain);
        self.dotted(bytes + 12)?;
        self.put_before(b':');
        self.asm.jump(mapped);
        self.asm.place(plain);
        for i in (0..8).rev() {
            if i == 5 {
                self.asm.place(mapped);
            }
            self.group_before(parts, i)?;
        }
        self.get_word(R0, 1);
        self.copy_from_offset(at)
    }

    /// Goes to `plain` unless an IPv4 address is mapped into this one.
    fn is_mapped(&mut self, bytes: u32, plain: Label) {
        self.slot_load(Size::D, R0, bytes);
        self.asm.jump_ifi(Cond::Ne, R0, 0, plain);
        self.slot_load(Size::W, R0, bytes + 8);
        self.asm.imm(R1, 0xffff_0000);
        self.asm.jump_if(Cond::Ne, R0, R1, plain);
    }

    /// Finds the zeros that `::` stands for: at least two groups.
    fn longest_run(&mut self, parts: Parts) {
        let current = self.space(8);
        for at in [parts.run, parts.length, current] {
            self.slot_storei(Size::D, at, 0);
        }
        for i in 0..8_u32 {
            let (other, next) = (self.asm.label(), self.asm.label());
            self.slot_load(Size::H, R0, parts.bytes + 2 * i);
            self.asm.jump_ifi(Cond::Ne, R0, 0, other);
            self.slot_load(Size::D, R0, current);
            self.asm.alui(Alu::Add, R0, 1);
            self.slot_store(Size::D, current, R0);
            self.slot_load(Size::D, R1, parts.length);
            self.asm.jump_if(Cond::Le, R0, R1, next);
            self.asm.jump_ifi(Cond::Lt, R0, 2, next);
            self.slot_store(Size::D, parts.length, R0);
            self.asm.imm(R1, i64::from(i) + 1);
            self.asm.alu(Alu::Sub, R1, R0);
            self.slot_store(Size::D, parts.run, R1);
            self.asm.jump(next);
            self.asm.place(other);
            self.slot_storei(Size::D, current, 0);
            self.asm.place(next);
        }
    }

    /// Writes a group and the colon before it; of a run of zeros, one colon for all, and another where it ends the address.
    fn group_before(&mut self, parts: Parts, i: u32) -> Result {
        let (shown, next) = (self.asm.label(), self.asm.label());
        self.asm.imm(R0, i64::from(i));
        self.slot_load(Size::D, R1, parts.run);
        self.asm.alu(Alu::Sub, R0, R1);
        self.slot_load(Size::D, R2, parts.length);
        self.asm.jump_if(Cond::Ge, R0, R2, shown);
        self.asm.alui(Alu::Add, R0, 1);
        self.asm.jump_if(Cond::Ne, R0, R2, next);
        self.put_before(b':');
        if i == 7 {
            self.put_before(b':');
        }
        self.asm.jump(next);
        self.asm.place(shown);
        self.slot_load(Size::H, R0, parts.bytes + 2 * i);
        self.asm.swap(R0, 16);
        self.digits_before(16)?;
        if i > 0 {
            self.put_before(b':');
        }
        self.asm.place(next);
        Ok(())
    }
}
