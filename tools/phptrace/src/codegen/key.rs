//! Tuples: keys of arrays and aggregations, and values in records.
use super::frame::{Fault, slot};
use super::generator::{Gen, Result};
use super::text::Into;
use crate::bpf::asm::{Alu, Cond, Helper, R0, R1, R2, R3, R4, R6, Size};
use dlang::program::{Expr, ExprKind, Record, RecordKind};
use dlang::types::Type;

/// `BPF_F_USER_STACK`
const USER_STACK: i64 = 1 << 8;

impl Gen<'_> {
    /// Evaluates `exprs` into a tuple at `slot + at`; bytes that no value fills are zero, so that equal keys are equal.
    pub(super) fn tuple(&mut self, exprs: &[Expr], records: &[Record], at: u32) -> Result {
        let size = super::layout::tuple_size(records);
        let numbers = records.iter().all(|r| matches!(r.kind, RecordKind::Integer { .. }));
        let filled: u32 = records.iter().map(|r| r.size).sum();
        if !numbers || filled < size {
            self.clear(at, size);
        }
        for (e, r) in exprs.iter().zip(records) {
            self.datum(e, r, at + r.offset)?;
        }
        Ok(())
    }

    /// Evaluates a value into its place in the slot.
    pub(super) fn datum(&mut self, e: &Expr, r: &Record, at: u32) -> Result {
        match r.kind {
            RecordKind::Integer { .. } => {
                self.value(e)?;
                self.slot_store(Size::of(u64::from(r.size)), at, R0);
            }
            RecordKind::String => self.string_datum(e, r, at)?,
            RecordKind::Bytes if matches!(self.program.types.kind(e.ty), Type::Float { bytes: 4 | 8, .. }) => {
                self.value(e)?;
                self.slot_store(Size::of(u64::from(r.size)), at, R0);
            }
            RecordKind::Bytes => {
                self.value(e)?;
                let from = self.push(R0)?;
                self.slot(R1, at);
                self.copy_bytes(from, r.size);
            }
            RecordKind::Stack { frames } => self.stack(at, frames, 0)?,
            RecordKind::Ustack { frames, .. } => {
                self.asm.call(Helper::PidTgid);
                self.asm.alui(Alu::Rsh, R0, 32);
                self.slot_store(Size::D, at, R0);
                self.stack(at + 8, frames, USER_STACK)?;
            }
            RecordKind::Sym | RecordKind::Module => {
                self.symbol_address(e)?;
                self.slot_store(Size::D, at, R0);
            }
            RecordKind::Usym | RecordKind::Umodule | RecordKind::Uaddr => {
                self.symbol_address(e)?;
                let address = self.push(R0)?;
                self.asm.call(Helper::PidTgid);
                self.asm.alui(Alu::Rsh, R0, 32);
                self.slot_store(Size::D, at, R0);
                self.pop(R0, address);
                self.slot_store(Size::D, at + 8, R0);
            }
        }
        Ok(())
    }

    fn string_datum(&mut self, e: &Expr, r: &Record, at: u32) -> Result {
        if !self.is_text(e) {
            // An address traced as a string.
            self.value(e)?;
            let address = self.push(R0)?;
            self.slot(R1, at);
            self.copy_text(super::generator::Text::At(address), r.size);
            return Ok(());
        }
        if r.size < self.string_size() {
            let text = self.text(e)?;
            self.slot(R1, at);
            self.copy_text(text, r.size);
            return Ok(());
        }
        self.text_into(e, Into::Slot(at))
    }

    fn symbol_address(&mut self, e: &Expr) -> Result {
        match &e.kind {
            ExprKind::Symbolic(_, Some(address)) => self.value(address),
            _ => self.value(e),
        }
    }

    /// Return addresses to `slot + at`; a fault if they cannot be had.
    fn stack(&mut self, at: u32, frames: u32, flags: i64) -> Result {
        self.clear(at, frames * 8);
        self.get_stack(at, frames, flags);
        self.slot_storei(Size::D, slot::ADDRESS, 0);
        if flags == 0 {
            // A kernel stack may be empty: BEGIN has none to speak of.
            return Ok(());
        }
        self.fault_if(Cond::SLt, R0, 0, Fault::BadAddress);
        if flags == USER_STACK && frames > 1 && self.at_entry() {
            self.insert_caller(at, frames)?;
        }
        Ok(())
    }

    fn get_stack(&mut self, at: u32, frames: u32, flags: i64) {
        self.asm.mov(R1, R6);
        self.slot(R2, at);
        self.asm.imm(R3, i64::from(frames) * 8);
        self.asm.imm(R4, flags);
        self.asm.call(Helper::GetStack);
    }

    /// At a function's first instruction its caller is not yet in the chain of frames. It goes between the others, unless the kernel
    /// has put it there (6.11, where the instruction is one that it knows).
    fn insert_caller(&mut self, at: u32, frames: u32) -> Result {
        let there = self.asm.label();
        self.entry_caller()?;
        let caller = self.push(R0)?;
        self.slot_load(Size::D, R1, at + 8);
        self.asm.jump_if(Cond::Eq, R0, R1, there);
        self.get_stack(at + 8, frames - 1, USER_STACK);
        self.slot_load(Size::D, R0, at + 8);
        self.slot_store(Size::D, at, R0);
        self.pop(R0, caller);
        self.slot_store(Size::D, at + 8, R0);
        self.asm.place(there);
        Ok(())
    }
}
