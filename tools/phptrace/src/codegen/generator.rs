//! The generator's tools: values on the stack, scratch memory, faults.
//!
//! Registers: R6 is the program's context, R7 the slot; R0 to R5 do not survive calls; R8 and R9 are free for short use.
//! Every number of the D program passes through memory where the verifier forgets it, so that states after a branch are alike.
use super::frame::{Fault, slot};
use super::layout::{LITERALS, Layout, STATE};
use super::{Features, Unit};
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Asm, Cond, FP, Helper, Label, R0, R1, R2, R3, R6, R7, Reg, Size};
use dlang::error::Pos;
use dlang::program::Program;

/// Why code could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Where in the D text.
    pub pos: Pos,
    /// What cannot be done.
    pub message: String,
}

/// Result of every step.
pub(super) type Result<T = ()> = std::result::Result<T, Refusal>;

/// A temporary of 8 bytes on the BPF stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Temp(i16);

/// A text while the program runs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text {
    /// At an offset of the slot.
    Slot(u32),
    /// A constant.
    Literal(u32),
    /// At an offset of the state map.
    State(u32),
    /// At the address in a temporary.
    At(Temp),
}

/// Deepest use of the stack by temporaries; below are the frames of subprograms.
const STACK: i16 = 440;
/// Stack places in use always: the slot's address for loops, a map key, a thread key.
pub(super) const SLOT_COPY: i16 = -8;
/// A key of 4 or 8 bytes.
pub(super) const KEY: i16 = -16;
/// First temporary.
const TEMPS: i16 = -24;

struct Cold {
    from: Label,
    fault: Fault,
    to: Label,
    pc: usize,
}

/// Code of one unit under construction.
pub(super) struct Gen<'a> {
    pub asm: Asm,
    pub program: &'a Program,
    pub layout: &'a mut Layout,
    pub features: &'a Features,
    pub unit: &'a Unit,
    /// Where the code goes when the running clause faults.
    pub fault: Label,
    /// Behind the running clause.
    pub end: Label,
    /// Whether ERROR's clauses are being generated.
    pub in_error: bool,
    /// Whether a clause that has ERROR's clauses to call can fault.
    pub calls_error: bool,
    pub pos: Pos,
    /// Bytes the running clause records.
    pub record_size: u32,
    /// String loops used, each a subprogram.
    pub loops: Vec<(super::loops::Loop, Label)>,
    /// Whether user memory is read by a function that may sleep.
    pub sleeps: bool,
    /// Bytes of a slot needed.
    pub slot_size: u32,
    depth: i16,
    temporary: u32,
    cold: Vec<Cold>,
}

impl<'a> Gen<'a> {
    pub(super) fn new(program: &'a Program, layout: &'a mut Layout, features: &'a Features, unit: &'a Unit) -> Self {
        let mut asm = Asm::default();
        let (fault, end) = (asm.label(), asm.label());
        let temporary = layout.temporaries;
        Self {
            asm,
            program,
            layout,
            features,
            unit,
            fault,
            end,
            in_error: false,
            calls_error: false,
            pos: Pos::default(),
            loops: vec![],
            sleeps: false,
            slot_size: temporary,
            record_size: 0,
            depth: 0,
            temporary,
            cold: vec![],
        }
    }

    /// A refusal at the current place.
    pub(super) fn refuse<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(Refusal { pos: self.pos, message: message.into() })
    }

    /// Begins a statement: temporaries of the one before are free.
    pub(super) fn statement(&mut self) {
        self.temporary = self.layout.temporaries;
        self.depth = 0;
    }

    /// Saves a register in a new temporary.
    pub(super) fn push(&mut self, reg: Reg) -> Result<Temp> {
        let at = TEMPS - self.depth;
        if -at > STACK {
            return self.refuse("expression is too deep for the BPF stack");
        }
        self.depth += 8;
        self.asm.store(Size::D, FP, at, reg);
        Ok(Temp(at))
    }

    /// Loads a temporary.
    pub(super) fn peek(&mut self, reg: Reg, temp: Temp) {
        self.asm.load(Size::D, reg, FP, temp.0);
    }

    /// Changes a temporary.
    pub(super) fn poke(&mut self, temp: Temp, reg: Reg) {
        self.asm.store(Size::D, FP, temp.0, reg);
    }

    /// Loads a temporary and frees it and all made after it.
    pub(super) fn pop(&mut self, reg: Reg, temp: Temp) {
        self.peek(reg, temp);
        self.depth = TEMPS - temp.0;
    }

    /// Frees a temporary and all made after it.
    pub(super) fn free(&mut self, temp: Temp) {
        self.depth = TEMPS - temp.0;
    }

    /// Space in the slot until the statement ends.
    pub(super) fn space(&mut self, size: u32) -> u32 {
        let at = self.temporary;
        self.temporary += size.next_multiple_of(8);
        self.slot_size = self.slot_size.max(self.temporary);
        at
    }

    /// Space for a string.
    pub(super) fn string_space(&mut self) -> u32 {
        self.space(self.layout.string)
    }

    /// `reg =` address of an offset of the slot.
    pub(super) fn slot(&mut self, reg: Reg, offset: u32) {
        self.asm.mov(reg, R7);
        self.asm.alui(Alu::Add, reg, offset.signed());
    }

    /// `reg = *(size *)(slot + offset)`
    pub(super) fn slot_load(&mut self, size: Size, reg: Reg, offset: u32) {
        if let Ok(near) = i16::try_from(offset) {
            self.asm.load(size, reg, R7, near);
        } else {
            self.slot(reg, offset);
            self.asm.load(size, reg, reg, 0);
        }
    }

    /// `*(size *)(slot + offset) = reg`; for far offsets R2 or R3 is used.
    pub(super) fn slot_store(&mut self, size: Size, offset: u32, reg: Reg) {
        if let Ok(near) = i16::try_from(offset) {
            self.asm.store(size, R7, near, reg);
        } else {
            let other = if reg == R2 { R3 } else { R2 };
            self.slot(other, offset);
            self.asm.store(size, other, 0, reg);
        }
    }

    /// `*(u64 *)(slot + offset) = value`; for far offsets R2 is used.
    pub(super) fn slot_storei(&mut self, size: Size, offset: u32, value: i32) {
        if let Ok(near) = i16::try_from(offset) {
            self.asm.storei(size, R7, near, value);
        } else {
            self.slot(R2, offset);
            self.asm.storei(size, R2, 0, value);
        }
    }

    /// Clears `size` bytes (a multiple of 8) of the slot. Uses R1 to R3 when there are many.
    pub(super) fn clear(&mut self, offset: u32, size: u32) {
        let words = size.div_ceil(8);
        if words <= 64 {
            self.slot(R1, offset);
            for i in 0..words {
                self.asm.storei(Size::D, R1, i16::try_from(8 * i).unwrap_or(0), 0);
            }
            return;
        }
        // The kernel's own copy, from the zeros at the start of the constants.
        let zeros = self.layout.string.min(4096);
        let mut done = 0;
        while done < size {
            let part = zeros.min(size - done);
            self.slot(R1, offset + done);
            self.asm.imm(R2, i64::from(part));
            self.asm.map_value(R3, LITERALS, 0);
            self.asm.call(Helper::ProbeReadKernel);
            done += part;
        }
    }

    /// Makes a number of which the verifier knows nothing out of a pointer or number.
    pub(super) fn forget(&mut self, reg: Reg) {
        self.slot_store(Size::D, slot::PASS, reg);
        self.slot_load(Size::D, reg, slot::PASS);
    }

    /// `reg =` address of a text, as pointer or number.
    pub(super) fn text_address(&mut self, reg: Reg, text: Text) {
        match text {
            Text::Slot(at) => self.slot(reg, at),
            Text::Literal(at) => self.asm.map_value(reg, LITERALS, at),
            Text::State(at) => self.asm.map_value(reg, STATE, at),
            Text::At(temp) => self.peek(reg, temp),
        }
    }

    /// `R0 =` address of a text as a number.
    pub(super) fn text_number(&mut self, text: Text) {
        self.text_address(R0, text);
        if !matches!(text, Text::At(_)) {
            self.forget(R0);
        }
    }

    /// Copies a text to R1's memory of `size` bytes; R0 is its length with the NUL. Faults if it cannot be read.
    pub(super) fn copy_text(&mut self, text: Text, size: u32) {
        self.text_address(R3, text);
        if matches!(text, Text::At(_)) {
            self.slot_store(Size::D, slot::ADDRESS, R3);
        }
        self.asm.imm(R2, i64::from(size));
        self.asm.call(Helper::ProbeReadKernelStr);
        self.fault_if(Cond::SLt, R0, 0, Fault::BadAddress);
    }

    /// Faults if the condition holds. For a bad address, it must be in [`slot::ADDRESS`].
    pub(super) fn fault_if(&mut self, cond: Cond, reg: Reg, value: i32, fault: Fault) {
        let from = self.asm.label();
        let pc = self.asm.here();
        self.asm.jump_ifi(cond, reg, value, from);
        self.cold.push(Cold { from, fault, to: self.fault, pc });
    }

    /// Whether the code since the last [`Gen::cold_paths`] can fault.
    pub(super) fn can_fault(&self) -> bool {
        !self.cold.is_empty()
    }

    /// Writes the code of the faults since the last call; control must not fall into it.
    pub(super) fn cold_paths(&mut self) {
        for cold in std::mem::take(&mut self.cold) {
            self.asm.place(cold.from);
            self.slot_storei(Size::D, slot::FAULT, cold.fault as i32);
            self.slot_storei(Size::D, slot::PC, i32::try_from(cold.pc).unwrap_or(0));
            if cold.fault != Fault::BadAddress && cold.fault != Fault::BadIndex && cold.fault != Fault::BadSize {
                self.slot_storei(Size::D, slot::ADDRESS, 0);
            }
            self.asm.jump(cold.to);
        }
    }

    /// Counts one drop in the state map. Uses R1 and R2.
    pub(super) fn count_drop(&mut self, which: u32) {
        self.asm.map_value(R1, STATE, which);
        self.asm.imm(R2, 1);
        self.asm.atomic_add(R1, 0, R2);
    }

    /// The prologue of a program or subprogram that has its own frame: context in R6.
    pub(super) fn enter(&mut self) {
        self.asm.mov(R6, R1);
    }
}
