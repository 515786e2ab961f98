//! Variables: reading, assigning, elements of associative arrays and thread-local ones.
use super::frame::{Fault, slot, state};
use super::generator::{Gen, Result, Temp, Text};
use super::layout::{Home, LITERALS, STATE};
use super::part::Part;
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, Helper, MapRef, R0, R1, R2, R3, R4, Size};
use dlang::program::{Binary, Expr, ExprKind, Place, Scope, VarRef};
use dlang::types::{Type, TypeId};

/// A place whose address parts have been evaluated.
pub(super) enum Ready {
    State(u32),
    Slot(u32),
    /// The map and where in the slot the key is.
    Element(MapRef, u32),
    /// A member of a structure in a map: map, key, where in the value.
    Member(MapRef, u32, i16),
    /// The address is in a temporary.
    Memory(Temp),
    /// Part of an element of a map, at a place known only when it runs.
    Part(Part),
}

impl Gen<'_> {
    /// Whether values of the type are kept by address (strings aside).
    pub(super) fn by_address(&self, ty: TypeId) -> bool {
        matches!(self.program.types.kind(ty), Type::Struct { .. } | Type::Array { .. })
    }

    pub(super) fn type_of(&self, v: &VarRef) -> TypeId {
        self.program.variables.get(v.var.0).map_or(TypeId::LONG, |x| x.ty)
    }

    /// `R0 =` value of a variable, or its address if it is kept by address.
    pub(super) fn read(&mut self, v: &VarRef) -> Result {
        let ty = self.type_of(v);
        let ready = self.ready(v)?;
        if self.by_address(ty) {
            self.address_of(&ready);
            self.forget(R0);
        } else {
            self.read_ready(&ready, ty);
        }
        Ok(())
    }

    /// `R0 =` address of a place that is ready, as a pointer.
    pub(super) fn address_of(&mut self, ready: &Ready) {
        match *ready {
            Ready::State(at) => self.asm.map_value(R0, STATE, at),
            Ready::Slot(at) => self.slot(R0, at),
            Ready::Memory(temp) | Ready::Part(Part { address: temp, .. }) => self.peek(R0, temp),
            Ready::Element(map, key) | Ready::Member(map, key, _) => {
                let found = self.asm.label();
                self.lookup(map, key);
                self.asm.jump_ifi(Cond::Ne, R0, 0, found);
                self.asm.map_value(R0, LITERALS, 0);
                self.asm.place(found);
            }
        }
    }

    /// `R0 = lookup(map, slot + key)`
    pub(super) fn lookup(&mut self, map: MapRef, key: u32) {
        self.asm.map(R1, map);
        self.slot(R2, key);
        self.asm.call(Helper::MapLookup);
    }

    fn read_ready(&mut self, ready: &Ready, ty: TypeId) {
        let bytes = self.program.types.size(ty).clamp(1, 8);
        let size = Size::of(bytes);
        match *ready {
            Ready::State(at) => {
                self.asm.map_value(R1, STATE, at);
                self.asm.load(size, R0, R1, 0);
            }
            Ready::Slot(at) => self.slot_load(size, R0, at),
            Ready::Element(map, key) => {
                let missing = self.asm.label();
                self.lookup(map, key);
                self.asm.jump_ifi(Cond::Eq, R0, 0, missing);
                self.asm.load(size, R0, R0, 0);
                self.asm.place(missing);
            }
            Ready::Member(map, key, at) => {
                let missing = self.asm.label();
                self.lookup(map, key);
                self.asm.jump_ifi(Cond::Eq, R0, 0, missing);
                self.asm.load(size, R0, R0, at);
                self.asm.place(missing);
            }
            Ready::Memory(temp) | Ready::Part(Part { address: temp, .. }) => {
                self.peek(R0, temp);
                self.fetch(u32::try_from(bytes).unwrap_or(8));
                self.slot_load(size, R0, slot::VALUE);
            }
        }
        self.narrow(R0, ty);
    }

    /// The variable and offset of a member of a structure that is kept in a map, if the address is of one.
    fn member_of<'e>(&self, address: &'e Expr) -> Option<(&'e VarRef, MapRef, i16)> {
        match &address.kind {
            ExprKind::Var(v) if self.by_address(self.type_of(v)) => match self.layout.home_of(v.var) {
                Home::Map(map) => Some((v, map, 0)),
                _ => None,
            },
            ExprKind::Cast(a) => self.member_of(a),
            ExprKind::Binary(Binary::Add, a, b) => {
                let ExprKind::Int(n) = b.kind else { return None };
                let (v, map, at) = self.member_of(a)?;
                Some((v, map, at.checked_add(i16::try_from(n).ok()?)?))
            }
            ExprKind::Element { base, index, size, len } => {
                let ExprKind::Int(n) = index.kind else { return None };
                let n = u32::try_from(n).ok().filter(|n| n < len)?;
                let (v, map, at) = self.member_of(base)?;
                Some((v, map, at.checked_add(i16::try_from(u64::from(n) * size).ok()?)?))
            }
            _ => None,
        }
    }

    /// `R0 =` the value under the key, all zeros if it was not there; to `end` if there is no room for it.
    fn member_storage(&mut self, map: MapRef, key: u32, end: crate::bpf::asm::Label) {
        let found = self.asm.label();
        self.lookup(map, key);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.asm.map(R1, map);
        self.slot(R2, key);
        self.asm.map_value(R3, LITERALS, 0);
        self.asm.imm(R4, 0);
        self.asm.call(Helper::MapUpdate);
        self.lookup(map, key);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.count_drop(state::DYNAMIC_DROPS);
        self.asm.jump(end);
        self.asm.place(found);
    }

    fn ready(&mut self, v: &VarRef) -> Result<Ready> {
        Ok(match self.layout.home_of(v.var) {
            Home::State(at) => Ready::State(at),
            Home::Slot(at) => Ready::Slot(at),
            Home::Map(map) => Ready::Element(map, self.variable_key(v)?),
        })
    }

    /// Puts the key of a variable into the slot and gives its offset.
    pub(super) fn variable_key(&mut self, v: &VarRef) -> Result<u32> {
        let Some(variable) = self.program.variables.get(v.var.0) else { return self.refuse("unknown variable") };
        let thread = if variable.scope == Scope::Thread { 8 } else { 0 };
        let records = variable.keys.as_deref().unwrap_or_default();
        let at = self.space((thread + super::layout::tuple_size(records)).max(8));
        if records.is_empty() {
            self.slot_storei(Size::D, at, 0);
        }
        self.tuple(&v.keys, records, at + thread)?;
        if thread > 0 {
            self.thread_key();
            self.slot_store(Size::D, at, R0);
        }
        Ok(at)
    }

    /// `R0 =` what tells this thread from all others; an idle CPU's thread is told by the CPU.
    fn thread_key(&mut self) {
        let end = self.asm.label();
        self.asm.call(Helper::PidTgid);
        self.asm.jump_ifi(Cond::Ne, R0, 0, end);
        self.asm.call(Helper::CpuId);
        self.asm.alui(Alu::Lsh, R0, 32);
        self.asm.place(end);
    }

    /// Puts the value at `slot + at` under the key at `slot + key`.
    pub(super) fn store_element(&mut self, map: MapRef, key: u32, at: u32) {
        let stored = self.asm.label();
        self.asm.map(R1, map);
        self.slot(R2, key);
        self.slot(R3, at);
        self.asm.imm(R4, 0);
        self.asm.call(Helper::MapUpdate);
        self.asm.jump_ifi(Cond::Eq, R0, 0, stored);
        self.count_drop(state::DYNAMIC_DROPS);
        self.asm.place(stored);
    }

    /// Removes the element under the key at `slot + key`.
    pub(super) fn forget_element(&mut self, map: MapRef, key: u32) {
        self.asm.map(R1, map);
        self.slot(R2, key);
        self.asm.call(Helper::MapDelete);
    }

    /// A string variable.
    pub(super) fn text_variable(&mut self, v: &VarRef) -> Result<Text> {
        Ok(match self.ready(v)? {
            Ready::State(at) => Text::State(at),
            Ready::Slot(at) => Text::Slot(at),
            other => {
                self.address_of(&other);
                self.forget(R0);
                Text::At(self.push(R0)?)
            }
        })
    }

    /// `R0 =` address of a string variable; 0 for an element that does not exist.
    pub(super) fn string_address(&mut self, v: &VarRef) -> Result {
        let ready = self.ready(v)?;
        if let Ready::Element(map, key) = ready {
            self.lookup(map, key);
        } else {
            self.address_of(&ready);
        }
        self.forget(R0);
        Ok(())
    }

    /// `place = value` or `place op= value`; R0 is the result.
    pub(super) fn assign(&mut self, place: &Place, ty: TypeId, op: Option<Binary>, value: &Expr, post: bool) -> Result {
        let ready = match place {
            Place::Var(v) => self.ready(v)?,
            Place::Memory(address) if self.by_address(ty) => self.ready_memory(address)?,
            Place::Memory(address) => match self.member_of(address) {
                Some((v, map, at)) => Ready::Member(map, self.variable_key(v)?, at),
                None => self.ready_memory(address)?,
            },
            Place::Bits { address, unit, shift, width } => {
                return self.assign_bits(address, *unit, *shift, *width, ty, (op, value, post));
            }
        };
        if self.by_address(ty) {
            return self.assign_bytes(&ready, ty, value);
        }
        self.value(value)?;
        let Some(op) = op else {
            self.narrow(R0, ty);
            return self.write(&ready, ty);
        };
        let right = self.push(R0)?;
        self.read_ready(&ready, ty);
        let before = self.push(R0)?;
        self.peek(R1, right);
        self.operate(op);
        self.narrow(R0, ty);
        self.write(&ready, ty)?;
        if post {
            self.peek(R0, before);
        }
        Ok(())
    }

    /// Writes R0 to a place; R0 stays.
    fn write(&mut self, ready: &Ready, ty: TypeId) -> Result {
        let bytes = self.program.types.size(ty).clamp(1, 8);
        let size = Size::of(bytes);
        match *ready {
            Ready::State(at) => {
                self.asm.map_value(R1, STATE, at);
                self.asm.store(size, R1, 0, R0);
            }
            Ready::Slot(at) => self.slot_store(size, at, R0),
            Ready::Memory(temp) => {
                let value = self.push(R0)?;
                self.peek(R0, temp);
                self.writable(bytes);
                self.peek(R1, value);
                self.asm.store(size, R0, 0, R1);
                self.peek(R0, value);
            }
            Ready::Member(map, key, at) => {
                let value = self.push(R0)?;
                let end = self.asm.label();
                self.member_storage(map, key, end);
                self.peek(R1, value);
                self.asm.store(size, R0, at, R1);
                self.asm.place(end);
                self.peek(R0, value);
            }
            Ready::Part(part) => {
                let value = self.push(R0)?;
                let at = self.copy_for_part(part, u32::try_from(bytes).unwrap_or(8));
                self.peek(R0, value);
                self.asm.store(size, R1, 0, R0);
                self.store_element(part.map, part.key, at);
                self.peek(R0, value);
            }
            Ready::Element(map, key) => {
                let (keep, end) = (self.asm.label(), self.asm.label());
                let value = self.push(R0)?;
                self.asm.jump_ifi(Cond::Ne, R0, 0, keep);
                self.forget_element(map, key);
                self.asm.jump(end);
                self.asm.place(keep);
                self.slot_storei(Size::D, slot::VALUE, 0);
                self.slot_store(size, slot::VALUE, R0);
                self.store_element_value(map, key)?;
                self.asm.place(end);
                self.peek(R0, value);
            }
        }
        Ok(())
    }

    /// Stores the 8 bytes at [`slot::VALUE`].
    fn store_element_value(&mut self, map: MapRef, key: u32) -> Result {
        let bytes = self.layout.spec(map).map_or(8, |s| s.value);
        if bytes > 32 {
            return self.refuse("a number in a place for something larger");
        }
        self.store_element(map, key, slot::VALUE);
        Ok(())
    }

    /// Turns the address in R0 into a pointer through which `bytes` may be written; faults where the program may not write:
    /// outside its own scratch memory and variables.
    pub(super) fn writable(&mut self, bytes: u64) {
        let ok = self.asm.label();
        let state = self.asm.label();
        let bytes = i32::try_from(bytes).unwrap_or(i32::MAX);
        self.slot_store(Size::D, slot::ADDRESS, R0);
        // The offset into the slot, if it is in the heap or the clause-local variables.
        self.slot_store(Size::D, slot::PASS, crate::bpf::asm::R7);
        self.slot_load(Size::D, R1, slot::PASS);
        self.asm.alu(Alu::Sub, R0, R1);
        let (locals, _) = self.layout.locals;
        let heap = self.layout.heap.0.signed();
        let end = (self.layout.heap.0 + self.layout.heap.1).signed() - bytes;
        self.asm.jump_ifi(Cond::Lt, R0, locals.signed(), state);
        self.asm.jump_ifi(Cond::Gt, R0, end, state);
        let local = self.asm.label();
        self.asm.jump_ifi(Cond::Le, R0, heap - bytes, local);
        self.asm.mov(R2, R0);
        self.within_heap(R2, u64::try_from(bytes).unwrap_or(8));
        self.asm.place(local);
        self.asm.mov(R1, crate::bpf::asm::R7);
        self.asm.alu(Alu::Add, R1, R0);
        self.asm.mov(R0, R1);
        self.asm.jump(ok);
        self.asm.place(state);
        self.slot_load(Size::D, R0, slot::ADDRESS);
        self.asm.map_value(R1, STATE, 0);
        self.forget(R1);
        self.asm.alu(Alu::Sub, R0, R1);
        let first = (state::SPECULATIONS + 8 * self.layout.speculations).signed();
        self.fault_if(Cond::Lt, R0, first, Fault::BadAddress);
        self.fault_if(Cond::Gt, R0, self.layout.state_size.signed() - bytes, Fault::BadAddress);
        self.asm.map_value(R1, STATE, 0);
        self.asm.alu(Alu::Add, R1, R0);
        self.asm.mov(R0, R1);
        self.asm.place(ok);
    }

    /// Copies a structure or array.
    fn assign_bytes(&mut self, ready: &Ready, ty: TypeId, value: &Expr) -> Result {
        let bytes = u32::try_from(self.program.types.size(ty)).unwrap_or(0).max(1);
        if matches!(value.kind, ExprKind::Int(0)) {
            if let Ready::Element(map, key) = *ready {
                self.forget_element(map, key);
                return Ok(());
            }
        }
        self.value(value)?;
        let from = self.push(R0)?;
        let element = match *ready {
            Ready::Element(map, key) => Some((map, key, self.space(bytes))),
            Ready::Part(part) => Some((part.map, part.key, self.copy_for_part(part, bytes))),
            _ => None,
        };
        match (element, ready) {
            (_, Ready::Part(_)) => self.asm.mov(R0, R1),
            (Some((_, _, at)), _) => self.slot(R0, at),
            (None, Ready::Memory(temp)) => {
                self.peek(R0, *temp);
                self.writable(u64::from(bytes));
            }
            (None, other) => self.address_of(other),
        }
        self.asm.mov(R1, R0);
        self.copy_bytes(from, bytes);
        if let Some((map, key, at)) = element {
            self.store_element(map, key, at);
        }
        self.peek(R0, from);
        Ok(())
    }

    /// Copies `bytes` from the address in a temporary to R1's memory, with a fault if it cannot be read.
    pub(super) fn copy_bytes(&mut self, from: Temp, bytes: u32) {
        self.peek(R3, from);
        self.slot_store(Size::D, slot::ADDRESS, R3);
        self.asm.imm(R2, i64::from(bytes));
        self.asm.call(Helper::ProbeReadKernel);
        self.fault_if(Cond::Ne, R0, 0, Fault::BadAddress);
    }
}
