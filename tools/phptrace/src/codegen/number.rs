//! Expressions with a number or an address as their value, left in R0.
use super::frame::{Fault, slot};
use super::generator::{Gen, Result};
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, Helper, R0, R1, R2, R3, R4, R7, Reg, Size};
use dlang::program::{Binary, Compare, Expr, ExprKind, Space, Unary};
use dlang::types::{Type, TypeId};

impl Gen<'_> {
    /// `R0 =` value of an expression; for what is kept by address, its address as a number.
    pub(super) fn value(&mut self, e: &Expr) -> Result {
        self.pos = e.pos;
        if let (ExprKind::Var(v), true) = (&e.kind, self.is_text(e)) {
            return self.string_address(v);
        }
        if self.is_text(e) && !matches!(e.kind, ExprKind::Element { .. }) {
            let text = self.text(e)?;
            self.text_number(text);
            return Ok(());
        }
        match &e.kind {
            ExprKind::Int(n) => self.asm.imm(R0, *n),
            ExprKind::Builtin(b) => self.builtin(*b)?,
            ExprKind::Uregs(n) => self.uregs(*n)?,
            ExprKind::Var(v) => self.read(v)?,
            ExprKind::Load(address) => self.load_from(address, e.ty)?,
            ExprKind::Bits { address, unit, shift, width } => self.bits(address, *unit, *shift, *width, e.ty)?,
            ExprKind::Element { base, index, size, len } => self.element(base, index, *size, *len)?,
            ExprKind::Assign { place, ty, op, value, post } => self.assign(place, *ty, *op, value, *post)?,
            ExprKind::Unary(op, a) => self.unary(*op, a)?,
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b)?,
            ExprKind::Strings(how, a, b) => self.compare_strings(*how, a, b)?,
            ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Xor(..) => self.logical(&e.kind)?,
            ExprKind::Cond(c, a, b) => self.choice(c, a, b)?,
            ExprKind::Comma(a, b) => {
                self.effect(a)?;
                self.value(b)?;
            }
            ExprKind::Str(bytes) => {
                let at = self.literal(bytes);
                self.text_number(super::generator::Text::Literal(at));
            }
            ExprKind::Cast(a) => {
                self.value(a)?;
                self.narrow(R0, e.ty);
            }
            ExprKind::Call(f, args) => self.call(*f, args)?,
            ExprKind::ToString(_) => return self.refuse("string where a number is expected"),
            ExprKind::Symbolic(..) => return self.refuse("stack or symbol where a number is expected"),
        }
        Ok(())
    }

    /// Evaluates for the effect.
    pub(super) fn effect(&mut self, e: &Expr) -> Result {
        self.asm.line(e.pos);
        if self.is_text(e) { self.text(e).map(drop) } else { self.value(e) }
    }

    /// `R0` = 0 or not, as a condition; of a string, whether it is not empty.
    pub(super) fn truth(&mut self, e: &Expr) -> Result {
        if self.is_text(e) {
            let text = self.text(e)?;
            self.first_byte(text);
            return Ok(());
        }
        self.value(e)
    }

    /// `R0 =` the first byte of a text.
    fn first_byte(&mut self, text: super::generator::Text) {
        self.slot(R1, slot::VALUE);
        self.copy_text(text, 2);
        self.slot_load(Size::B, R0, slot::VALUE);
    }

    /// Truncates a register to an integer type and extends it by the type's sign.
    pub(super) fn narrow(&mut self, reg: Reg, ty: TypeId) {
        let types = &self.program.types;
        if !types.is_integer(ty) {
            return;
        }
        let (size, signed) = (types.size(ty), types.is_signed(ty));
        self.extend(reg, size, signed);
    }

    /// Extends the lower `bytes` of a register.
    pub(super) fn extend(&mut self, reg: Reg, bytes: u64, signed: bool) {
        let Ok(bytes @ 1..8) = i32::try_from(bytes) else { return };
        let shift = 64 - 8 * bytes;
        self.asm.alui(Alu::Lsh, reg, shift);
        self.asm.alui(if signed { Alu::Arsh } else { Alu::Rsh }, reg, shift);
    }

    /// Reads `bytes` at the address in R0 into the slot's [`slot::VALUE`], with a fault if that cannot be.
    pub(super) fn fetch(&mut self, bytes: u32) {
        self.slot_store(Size::D, slot::ADDRESS, R0);
        self.asm.mov(R3, R0);
        self.asm.imm(R2, i64::from(bytes));
        self.slot(R1, slot::VALUE);
        self.asm.call(Helper::ProbeReadKernel);
        self.fault_if(Cond::Ne, R0, 0, Fault::BadAddress);
    }

    fn load_from(&mut self, address: &Expr, ty: TypeId) -> Result {
        self.no_null_string(address)?;
        self.value(address)?;
        let types = &self.program.types;
        if matches!(types.kind(ty), Type::Struct { .. } | Type::Array { .. }) {
            return Ok(());
        }
        let size = types.size(ty).clamp(1, 8);
        if self.allocated(address) {
            self.slot_store(Size::D, slot::ADDRESS, R0);
            self.asm.mov(R3, R0);
            self.asm.mov(R1, R7);
            self.forget(R1);
            self.asm.alu(Alu::Sub, R3, R1);
            self.within_heap(R3, size);
        }
        self.fetch(u32::try_from(size).unwrap_or(8));
        self.slot_load(Size::of(size), R0, slot::VALUE);
        self.narrow(R0, ty);
        Ok(())
    }

    /// Whether an address is of memory the clause allocated, as far as its type says; strings are elsewhere.
    fn allocated(&self, e: &Expr) -> bool {
        match &e.kind {
            _ if self.is_text(e) => false,
            ExprKind::Binary(Binary::Add | Binary::Sub, a, _) | ExprKind::Cast(a) | ExprKind::Element { base: a, .. } => {
                e.space == Space::Scratch && self.allocated(a)
            }
            ExprKind::Var(v) => e.space == Space::Scratch && !self.by_address(self.type_of(v)),
            ExprKind::Call(..) => e.space == Space::Scratch,
            _ => false,
        }
    }

    /// Faults unless `bytes` at an offset of the slot are within what the clause has allocated. R1 and the register are used up;
    /// the address is in [`slot::ADDRESS`].
    pub(super) fn within_heap(&mut self, offset: Reg, bytes: u64) {
        let start = self.layout.heap.0.signed();
        self.asm.alui(Alu::Sub, offset, start);
        self.fault_if(Cond::SLt, offset, 0, Fault::BadAddress);
        self.slot_load(Size::D, R1, slot::HEAP);
        self.asm.alui(Alu::Add, offset, i32::try_from(bytes).unwrap_or(i32::MAX));
        self.asm.alu(Alu::Sub, offset, R1);
        self.fault_if(Cond::SGt, offset, 0, Fault::BadAddress);
    }

    /// Faults for a place beyond the start of a string variable that holds no string.
    fn no_null_string(&mut self, address: &Expr) -> Result {
        let ExprKind::Binary(Binary::Add, text, index) = &address.kind else { return Ok(()) };
        if !matches!(text.kind, ExprKind::Var(_)) || !self.is_text(text) || matches!(index.kind, ExprKind::Int(0)) {
            return Ok(());
        }
        let there = self.asm.label();
        self.value(index)?;
        self.slot_store(Size::D, slot::ADDRESS, R0);
        let text = self.text(text)?;
        self.first_byte(text);
        self.asm.jump_ifi(Cond::Ne, R0, 0, there);
        self.slot_load(Size::D, R0, slot::ADDRESS);
        self.fault_if(Cond::Ne, R0, 0, Fault::BadAddress);
        self.asm.place(there);
        Ok(())
    }

    fn bits(&mut self, address: &Expr, unit: u32, shift: u32, width: u32, ty: TypeId) -> Result {
        self.value(address)?;
        self.fetch(unit);
        self.slot_load(Size::of(u64::from(unit)), R0, slot::VALUE);
        let up = 64_u32.saturating_sub(shift + width).signed();
        let down = 64_u32.saturating_sub(width).signed();
        let signed = self.program.types.is_signed(ty);
        self.asm.alui(Alu::Lsh, R0, up);
        self.asm.alui(if signed { Alu::Arsh } else { Alu::Rsh }, R0, down);
        Ok(())
    }

    fn element(&mut self, base: &Expr, index: &Expr, size: u64, len: u32) -> Result {
        self.value(index)?;
        if len > 0 {
            self.asm.mov(R1, R0);
            self.slot_store(Size::D, slot::ADDRESS, R1);
            let limit = i32::try_from(len).unwrap_or(i32::MAX);
            self.fault_if(Cond::Ge, R1, limit, Fault::BadIndex);
        }
        self.asm.imm(R1, size.signed());
        self.asm.alu(Alu::Mul, R0, R1);
        let kept = self.push(R0)?;
        self.value(base)?;
        self.pop(R1, kept);
        self.asm.alu(Alu::Add, R0, R1);
        Ok(())
    }

    fn unary(&mut self, op: Unary, a: &Expr) -> Result {
        match op {
            Unary::Not => {
                self.truth(a)?;
                self.zero_or_one(Cond::Eq);
            }
            Unary::Negate => {
                self.value(a)?;
                self.asm.neg(R0);
            }
            Unary::Complement => {
                self.value(a)?;
                self.asm.alui(Alu::Xor, R0, -1);
            }
        }
        Ok(())
    }

    /// R0 = 1 if `R0 cond 0`, else 0.
    pub(super) fn zero_or_one(&mut self, cond: Cond) {
        let (yes, end) = (self.asm.label(), self.asm.label());
        self.asm.jump_ifi(cond, R0, 0, yes);
        self.asm.imm(R0, 0);
        self.asm.jump(end);
        self.asm.place(yes);
        self.asm.imm(R0, 1);
        self.asm.place(end);
    }

    fn binary(&mut self, op: Binary, a: &Expr, b: &Expr) -> Result {
        self.value(a)?;
        if let ExprKind::Int(n) = b.kind {
            self.asm.imm(R1, n);
        } else {
            let left = self.push(R0)?;
            self.value(b)?;
            self.asm.mov(R1, R0);
            self.pop(R0, left);
        }
        self.pos = a.pos;
        self.operate(op);
        Ok(())
    }

    /// `R0 = R0 op R1`
    pub(super) fn operate(&mut self, op: Binary) {
        match op {
            Binary::Add => self.asm.alu(Alu::Add, R0, R1),
            Binary::Sub => self.asm.alu(Alu::Sub, R0, R1),
            Binary::Mul => self.asm.alu(Alu::Mul, R0, R1),
            Binary::And => self.asm.alu(Alu::And, R0, R1),
            Binary::Or => self.asm.alu(Alu::Or, R0, R1),
            Binary::Xor => self.asm.alu(Alu::Xor, R0, R1),
            Binary::Shl => self.shift(Alu::Lsh),
            Binary::Shr { signed } => self.shift(if signed { Alu::Arsh } else { Alu::Rsh }),
            Binary::Div { signed } => self.divide(Alu::Div, signed),
            Binary::Mod { signed } => self.divide(Alu::Mod, signed),
            Binary::Compare { how, signed } => self.compare(how, signed),
        }
    }

    /// The processor's shift takes the count modulo 64; the verifier wants that said.
    fn shift(&mut self, op: Alu) {
        self.asm.alui(Alu::And, R1, 63);
        self.asm.alu(op, R0, R1);
    }

    /// eBPF divides unsigned; signs are put right around that. The quotient goes towards zero, a remainder has the dividend's sign.
    fn divide(&mut self, op: Alu, signed: bool) {
        self.fault_if(Cond::Eq, R1, 0, Fault::DivideByZero);
        if !signed {
            self.asm.alu(op, R0, R1);
            return;
        }
        let (positive, positive_divisor, end) = (self.asm.label(), self.asm.label(), self.asm.label());
        self.asm.mov(R4, R0);
        if op == Alu::Div {
            self.asm.alu(Alu::Xor, R4, R1);
        }
        self.asm.jump_ifi(Cond::SGe, R0, 0, positive);
        self.asm.neg(R0);
        self.asm.place(positive);
        self.asm.jump_ifi(Cond::SGe, R1, 0, positive_divisor);
        self.asm.neg(R1);
        self.asm.place(positive_divisor);
        self.asm.alu(op, R0, R1);
        self.asm.jump_ifi(Cond::SGe, R4, 0, end);
        self.asm.neg(R0);
        self.asm.place(end);
    }

    fn compare(&mut self, how: Compare, signed: bool) {
        let cond = match (how, signed) {
            (Compare::Eq, _) => Cond::Eq,
            (Compare::Ne, _) => Cond::Ne,
            (Compare::Lt, true) => Cond::SLt,
            (Compare::Lt, false) => Cond::Lt,
            (Compare::Le, true) => Cond::SLe,
            (Compare::Le, false) => Cond::Le,
            (Compare::Gt, true) => Cond::SGt,
            (Compare::Gt, false) => Cond::Gt,
            (Compare::Ge, true) => Cond::SGe,
            (Compare::Ge, false) => Cond::Ge,
        };
        let (yes, end) = (self.asm.label(), self.asm.label());
        self.asm.jump_if(cond, R0, R1, yes);
        self.asm.imm(R0, 0);
        self.asm.jump(end);
        self.asm.place(yes);
        self.asm.imm(R0, 1);
        self.asm.place(end);
    }

    fn logical(&mut self, kind: &ExprKind) -> Result {
        let end = self.asm.label();
        match kind {
            ExprKind::And(a, b) => {
                self.truth(a)?;
                self.asm.jump_ifi(Cond::Eq, R0, 0, end);
                self.truth(b)?;
                self.asm.place(end);
                self.zero_or_one(Cond::Ne);
            }
            ExprKind::Or(a, b) => {
                self.truth(a)?;
                self.asm.jump_ifi(Cond::Ne, R0, 0, end);
                self.truth(b)?;
                self.asm.place(end);
                self.zero_or_one(Cond::Ne);
            }
            ExprKind::Xor(a, b) => {
                self.truth(a)?;
                self.zero_or_one(Cond::Ne);
                let left = self.push(R0)?;
                self.truth(b)?;
                self.zero_or_one(Cond::Ne);
                self.pop(R1, left);
                self.asm.alu(Alu::Xor, R0, R1);
                self.asm.place(end);
            }
            _ => {}
        }
        Ok(())
    }

    fn choice(&mut self, condition: &Expr, a: &Expr, b: &Expr) -> Result {
        let (other, end) = (self.asm.label(), self.asm.label());
        self.truth(condition)?;
        self.asm.jump_ifi(Cond::Eq, R0, 0, other);
        self.value(a)?;
        self.asm.jump(end);
        self.asm.place(other);
        self.value(b)?;
        self.asm.place(end);
        Ok(())
    }
}
