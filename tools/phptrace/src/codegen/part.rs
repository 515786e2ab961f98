//! Parts of structures and arrays: members at places known only when the program runs, and bit-fields.
use super::frame::{Fault, slot};
use super::generator::{Gen, Result, Temp};
use super::layout::Home;
use super::place::Ready;
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, MapRef, R0, R1, R2, Size};
use dlang::program::{Binary, Expr, ExprKind, VarRef};
use dlang::types::TypeId;

/// Part of a structure or array that is kept in a map: the element is written as a whole.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) map: MapRef,
    /// Where in the slot the key is.
    pub(super) key: u32,
    /// Bytes of the element.
    size: u32,
    /// The element's address as it was found.
    root: Temp,
    /// The part's address.
    pub(super) address: Temp,
}

/// The variable whose storage an address is in.
fn root(address: &Expr) -> Option<&VarRef> {
    match &address.kind {
        ExprKind::Var(v) => Some(v),
        ExprKind::Binary(Binary::Add, a, _) | ExprKind::Cast(a) | ExprKind::Element { base: a, .. } => root(a),
        _ => None,
    }
}

impl Gen<'_> {
    /// The structure or array variable whose storage an address is in.
    pub(super) fn stored_whole<'e>(&self, address: &'e Expr) -> Option<&'e VarRef> {
        root(address).filter(|v| self.by_address(self.type_of(v)))
    }

    /// The place at an address.
    pub(super) fn ready_memory(&mut self, address: &Expr) -> Result<Ready> {
        let element = self.stored_whole(address).map(|v| (v, self.layout.home_of(v.var)));
        let Some((v, Home::Map(map))) = element else {
            self.value(address)?;
            return Ok(Ready::Memory(self.push(R0)?));
        };
        let size = u32::try_from(self.program.types.size(self.type_of(v))).unwrap_or(0).max(1);
        let key = self.variable_key(v)?;
        self.address_of(&Ready::Element(map, key));
        self.forget(R0);
        let root = self.push(R0)?;
        self.value(address)?;
        let address = self.push(R0)?;
        Ok(Ready::Part(Part { map, key, size, root, address }))
    }

    /// R1 = where `bytes` of a part go in a copy of its element, whose offset in the slot is given back.
    pub(super) fn copy_for_part(&mut self, part: Part, bytes: u32) -> u32 {
        let at = self.space(part.size);
        self.slot(R1, at);
        self.copy_bytes(part.root, part.size);
        self.peek(R0, part.address);
        self.slot_store(Size::D, slot::ADDRESS, R0);
        self.peek(R1, part.root);
        self.asm.alu(Alu::Sub, R0, R1);
        self.fault_if(Cond::Gt, R0, part.size.saturating_sub(bytes).signed(), Fault::BadAddress);
        self.slot(R1, at);
        self.asm.alu(Alu::Add, R1, R0);
        at
    }

    /// `place = value` or `place op= value` of a bit-field; R0 is the result.
    pub(super) fn assign_bits(
        &mut self,
        address: &Expr,
        unit: u32,
        shift: u32,
        width: u32,
        ty: TypeId,
        (op, value, post): (Option<Binary>, &Expr, bool),
    ) -> Result {
        let size = Size::of(u64::from(unit));
        let (up, down) = (64_u32.saturating_sub(shift + width), 64_u32.saturating_sub(width));
        self.value(value)?;
        let right = self.push(R0)?;
        let ready = self.ready_memory(address)?;
        self.address_of(&ready);
        self.fetch(unit);
        self.slot_load(size, R0, slot::VALUE);
        let whole = self.push(R0)?;
        self.asm.alui(Alu::Lsh, R0, up.signed());
        let signed = self.program.types.is_signed(ty);
        self.asm.alui(if signed { Alu::Arsh } else { Alu::Rsh }, R0, down.signed());
        let before = self.push(R0)?;
        match op {
            None => self.peek(R0, right),
            Some(op) => {
                self.peek(R1, right);
                self.operate(op);
            }
        }
        self.asm.alui(Alu::Lsh, R0, down.signed());
        let raised = self.push(R0)?;
        self.asm.alui(if signed { Alu::Arsh } else { Alu::Rsh }, R0, down.signed());
        let after = self.push(R0)?;
        // The unit with the field's bits replaced.
        self.peek(R1, raised);
        self.asm.alui(Alu::Rsh, R1, up.signed());
        let mask = if width >= 64 { u64::MAX } else { ((1_u64 << width) - 1) << shift };
        self.asm.imm(R2, (!mask).signed());
        self.peek(R0, whole);
        self.asm.alu(Alu::And, R0, R2);
        self.asm.alu(Alu::Or, R0, R1);
        let new = self.push(R0)?;
        if let Ready::Part(part) = ready {
            let at = self.copy_for_part(part, unit);
            self.peek(R0, new);
            self.asm.store(size, R1, 0, R0);
            self.store_element(part.map, part.key, at);
        } else {
            self.address_of(&ready);
            self.writable(u64::from(unit));
            self.peek(R1, new);
            self.asm.store(size, R0, 0, R1);
        }
        self.peek(R0, if post { before } else { after });
        Ok(())
    }
}
