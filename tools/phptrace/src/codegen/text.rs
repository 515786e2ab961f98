//! Strings: where they are, putting them somewhere, comparing them.
use super::frame::{Fault, slot};
use super::generator::{Gen, Result, Text};
use super::layout::{Home, STATE};
use super::loops::Loop;
use super::place::Ready;
use crate::bits::{Signed as _, Unsigned as _};
use crate::bpf::asm::{Alu, Cond, Helper, R0, R1, R2, R3, Size};
use dlang::program::{Compare, Expr, ExprKind, Place, Subroutine};

/// Where a string is to be put.
#[derive(Clone, Copy, Debug)]
pub(super) enum Into {
    /// At an offset of the slot.
    Slot(u32),
    /// At an offset of the state map.
    State(u32),
}

/// Loop word that says whether a function that may give a null string found one.
pub(super) const FOUND: u32 = 9;

/// Whether a function gives a null string where it finds nothing.
fn gives_null(f: Subroutine) -> bool {
    matches!(f, Subroutine::Strchr | Subroutine::Strrchr | Subroutine::Strstr | Subroutine::Strtok)
}

impl Gen<'_> {
    /// Whether the value is a string.
    pub(super) fn is_text(&self, e: &Expr) -> bool {
        self.program.types.is_string(e.ty)
    }

    /// Evaluates a string.
    pub(super) fn text(&mut self, e: &Expr) -> Result<Text> {
        self.pos = e.pos;
        match &e.kind {
            ExprKind::Str(bytes) => Ok(Text::Literal(self.literal(bytes))),
            ExprKind::Int(0) => Ok(Text::Literal(0)),
            ExprKind::Var(v) => self.text_variable(v),
            ExprKind::Comma(a, b) => {
                self.effect(a)?;
                self.text(b)
            }
            ExprKind::Cond(c, a, b) => self.text_choice(c, a, b),
            ExprKind::Assign { place, value, .. } => self.text_assign(place, value),
            ExprKind::Call(f, args) if gives_null(*f) => {
                // The address, or 0 where nothing was found.
                let (at, missing) = (self.string_space(), self.asm.label());
                self.call_text(*f, args, at)?;
                self.get_word(R0, FOUND);
                self.asm.jump_ifi(Cond::Eq, R0, 0, missing);
                self.slot(R0, at);
                self.forget(R0);
                self.asm.place(missing);
                Ok(Text::At(self.push(R0)?))
            }
            _ => {
                let at = self.string_space();
                self.text_into(e, Into::Slot(at))?;
                Ok(Text::Slot(at))
            }
        }
    }

    /// A constant, cut to the size of a string.
    pub(super) fn literal(&mut self, bytes: &[u8]) -> u32 {
        let most = usize::try_from(self.program.types.size(dlang::types::TypeId::STRING)).unwrap_or(256);
        let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len()).min(most);
        self.layout.literal(bytes.get(..end).unwrap_or_default())
    }

    /// Bytes of storage that hold the longest string and its NUL.
    pub(super) fn string_size(&self) -> u32 {
        u32::try_from(self.program.types.size(dlang::types::TypeId::STRING)).unwrap_or(256) + 1
    }

    /// Puts the address for copying into R1.
    pub(super) fn text_target(&mut self, to: Into) {
        match to {
            Into::Slot(at) => self.slot(R1, at),
            Into::State(at) => self.asm.map_value(R1, STATE, at),
        }
    }

    /// Evaluates a string and puts it somewhere, with its NUL; what is behind that is left alone.
    pub(super) fn text_into(&mut self, e: &Expr, to: Into) -> Result {
        self.pos = e.pos;
        match (&e.kind, to) {
            (ExprKind::Call(Subroutine::Copyinstr, args), Into::Slot(at)) => self.copy_user_string(args, at),
            (ExprKind::Call(f, args), Into::Slot(at)) => self.call_text(*f, args, at),
            (ExprKind::Builtin(b), Into::Slot(at)) => self.builtin_text(*b, at),
            (ExprKind::ToString(a) | ExprKind::Load(a) | ExprKind::Cast(a), _) => {
                if self.is_text(a) {
                    return self.text_into(a, to);
                }
                self.value(a)?;
                let address = self.push(R0)?;
                self.text_target(to);
                self.copy_text(Text::At(address), self.string_size());
                self.pop(R0, address);
                Ok(())
            }
            (ExprKind::Call(..) | ExprKind::Builtin(_), Into::State(_)) => {
                let at = self.string_space();
                self.text_into(e, Into::Slot(at))?;
                self.text_target(to);
                self.copy_text(Text::Slot(at), self.string_size());
                Ok(())
            }
            (ExprKind::Binary(..) | ExprKind::Unary(..) | ExprKind::Element { .. }, _) => {
                self.refuse("number where a string is expected")
            }
            _ => {
                let text = self.text(e)?;
                self.text_target(to);
                self.copy_text(text, self.string_size());
                Ok(())
            }
        }
    }

    /// `copyinstr(address[, size])` to an offset of the slot.
    fn copy_user_string(&mut self, args: &[Expr], at: u32) -> Result {
        let Some(address) = args.first() else { return self.refuse("copyinstr: no address") };
        self.value(address)?;
        let address = self.push(R0)?;
        let most = self.string_size().signed();
        match args.get(1) {
            None => self.asm.imm(R2, i64::from(most)),
            Some(limit) => {
                let fits = self.asm.label();
                self.value(limit)?;
                self.asm.mov(R2, R0);
                self.asm.jump_ifi(Cond::Lt, R2, most, fits);
                self.asm.imm(R2, i64::from(most) - 1);
                self.asm.place(fits);
                self.asm.alui(Alu::Add, R2, 1);
            }
        }
        self.pop(R3, address);
        self.slot_store_address(R3);
        self.slot(R1, at);
        self.read_process(Helper::ProbeReadUserStr, most.unsigned())?;
        self.fault_if(Cond::SLt, R0, 0, Fault::BadAddress);
        Ok(())
    }

    fn slot_store_address(&mut self, reg: crate::bpf::asm::Reg) {
        // R2 holds a size here, so a far store must not use it: the place is near by construction.
        self.slot_store(Size::D, slot::ADDRESS, reg);
    }

    fn text_choice(&mut self, condition: &Expr, a: &Expr, b: &Expr) -> Result<Text> {
        let (other, end) = (self.asm.label(), self.asm.label());
        self.asm.imm(R0, 0);
        let address = self.push(R0)?;
        self.truth(condition)?;
        self.asm.jump_ifi(Cond::Eq, R0, 0, other);
        let text = self.text(a)?;
        self.text_number(text);
        self.poke(address, R0);
        self.asm.jump(end);
        self.asm.place(other);
        let text = self.text(b)?;
        self.text_number(text);
        self.poke(address, R0);
        self.asm.place(end);
        Ok(Text::At(address))
    }

    /// Stores a string in a variable; it may be made of the variable's own old value.
    fn text_stored(&mut self, value: &Expr, to: Into) -> Result {
        if super::strings::is_null(value) {
            self.text_target(to);
            self.asm.storei(Size::B, R1, 0, 0);
            return Ok(());
        }
        let at = self.string_space();
        self.text_into(value, Into::Slot(at))?;
        self.text_target(to);
        self.copy_text(Text::Slot(at), self.string_size());
        Ok(())
    }

    fn text_assign(&mut self, place: &Place, value: &Expr) -> Result<Text> {
        let v = match place {
            Place::Var(v) => v,
            Place::Memory(address) => return self.text_to_memory(address, value),
            Place::Bits { .. } => return self.refuse("cannot assign a string to a bit-field"),
        };
        match self.layout.home_of(v.var) {
            Home::State(at) => {
                self.text_stored(value, Into::State(at))?;
                Ok(Text::State(at))
            }
            Home::Slot(at) => {
                self.text_stored(value, Into::Slot(at))?;
                Ok(Text::Slot(at))
            }
            Home::Map(map) => {
                let at = self.string_space();
                let zero = super::strings::is_null(value);
                if zero {
                    self.slot_storei(Size::D, at, 0);
                } else {
                    self.text_into(value, Into::Slot(at))?;
                }
                let key = self.variable_key(v)?;
                if zero {
                    self.forget_element(map, key);
                } else {
                    self.store_element(map, key, at);
                }
                Ok(Text::Slot(at))
            }
        }
    }

    /// `*pointer = value`, `variable.member = value`: the string and its NUL go to allocated memory or a variable's storage.
    fn text_to_memory(&mut self, address: &Expr, value: &Expr) -> Result<Text> {
        let (from, copy) = (self.text_in_slot(value)?, self.string_space());
        self.slot(R1, copy);
        self.copy_text(Text::Slot(from), self.string_size());
        let size = self.push(R0)?;
        if self.stored_whole(address).is_some() {
            return self.text_to_member(address, copy);
        }
        self.value(address)?;
        let to = self.push(R0)?;
        self.slot(R0, copy);
        self.forget(R0);
        let from = self.push(R0)?;
        self.copy_to(to, from, size, Helper::ProbeReadKernel)?;
        Ok(Text::Slot(copy))
    }

    /// Copies the string at an offset of the slot to a member of a variable.
    fn text_to_member(&mut self, address: &Expr, copy: u32) -> Result<Text> {
        // A member has room for a string's size and no byte more.
        let room = self.string_size() - 1;
        let ready = self.ready_memory(address)?;
        match ready {
            Ready::Part(part) => {
                let at = self.copy_for_part(part, room);
                self.copy_text(Text::Slot(copy), room);
                self.store_element(part.map, part.key, at);
            }
            other => {
                self.address_of(&other);
                self.writable(u64::from(room));
                self.asm.mov(R1, R0);
                self.copy_text(Text::Slot(copy), room);
            }
        }
        Ok(Text::Slot(copy))
    }

    /// `R0 = a how b`, as strcmp compares.
    pub(super) fn compare_strings(&mut self, how: Compare, a: &Expr, b: &Expr) -> Result {
        if let (Compare::Eq | Compare::Ne, ExprKind::Str(bytes)) = (how, &b.kind) {
            if bytes.len() <= 64 {
                return self.is_literal(how, a, bytes);
            }
        }
        let left = self.text_in_slot(a)?;
        let right = self.text_in_slot(b)?;
        self.slot_storei(Size::D, slot::LOOP, left.signed());
        self.slot_storei(Size::D, slot::LOOP + 8, right.signed());
        self.slot_storei(Size::D, slot::LOOP + 16, 0);
        self.run_loop(Loop::Compare, self.string_size());
        self.slot_load(Size::D, R0, slot::LOOP + 16);
        let cond = match how {
            Compare::Eq => Cond::Eq,
            Compare::Ne => Cond::Ne,
            Compare::Lt => Cond::SLt,
            Compare::Le => Cond::SLe,
            Compare::Gt => Cond::SGt,
            Compare::Ge => Cond::SGe,
        };
        self.zero_or_one(cond);
        Ok(())
    }

    /// A text at an offset of the slot, copied there if it is not.
    pub(super) fn text_in_slot(&mut self, e: &Expr) -> Result<u32> {
        match self.text(e)? {
            Text::Slot(at) => Ok(at),
            text => {
                let at = self.string_space();
                self.slot(R1, at);
                self.copy_text(text, self.string_size());
                Ok(at)
            }
        }
    }

    /// Compares with a constant, eight bytes at a time, its NUL included.
    fn is_literal(&mut self, how: Compare, a: &Expr, bytes: &[u8]) -> Result {
        let text = self.text(a)?;
        let with_nul: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        let at = match text {
            Text::Slot(at) => at,
            text => {
                let at = self.space(72);
                self.slot(R1, at);
                self.copy_text(text, u32::try_from(with_nul.len() + 1).unwrap_or(72));
                at
            }
        };
        let (differs, end) = (self.asm.label(), self.asm.label());
        let mut rest = with_nul.as_slice();
        let mut offset = at;
        while !rest.is_empty() {
            let step = [8, 4, 2, 1].into_iter().find(|&n| n <= rest.len()).unwrap_or(1);
            let (head, tail) = rest.split_at(step);
            let word = head.iter().rev().fold(0_u64, |w, b| w << 8 | u64::from(*b));
            self.slot_load(Size::of(step as u64), R0, offset);
            self.asm.imm(R1, word.signed());
            self.asm.jump_if(Cond::Ne, R0, R1, differs);
            offset += u32::try_from(step).unwrap_or(1);
            rest = tail;
        }
        self.asm.imm(R0, i64::from(how == Compare::Eq));
        self.asm.jump(end);
        self.asm.place(differs);
        self.asm.imm(R0, i64::from(how == Compare::Ne));
        self.asm.place(end);
        Ok(())
    }
}
