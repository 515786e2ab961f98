//! Operators on one operand.

use super::Checker;
use super::constant;
use super::typed::{Special, Typed};
use crate::ast::{Node, NodeKind};
use crate::error::{Pos, Result};
use crate::program::{Binary, ExprKind, Place, Space, Unary};
use crate::types::{Type, TypeId};

impl Checker<'_> {
    /// The operand of a unary operator: a variable not assigned yet becomes an `int64_t`.
    fn operand(&mut self, node: &Node) -> Result<Typed> {
        let t = self.cook(node, false)?;
        let Special::Fresh(id) = t.special else { return Ok(t) };
        let ty = self.types.named("int64_t").unwrap_or(TypeId::LONG);
        self.set_type(id, ty, Space::Kernel);
        let keys = match t.place {
            Some(Place::Var(reference)) => reference.keys,
            _ => vec![],
        };
        Ok(self.variable(id, keys, t.expr.pos))
    }

    /// A prefix operator.
    pub(super) fn prefix(&mut self, op: &'static str, operand: &Node, pos: Pos) -> Result<Typed> {
        if let (NodeKind::Str(text), "sizeof") = (&operand.kind, op) {
            let size_t = self.types.named("size_t").unwrap_or(TypeId::ULONG);
            return Ok(Typed::int(i64::try_from(text.len() + 1).unwrap_or(i64::MAX), size_t, pos));
        }
        let t = self.operand(operand)?;
        match op {
            "*" => self.dereference(&t, pos),
            "&" => self.address_of(&t, pos),
            "sizeof" => self.sizeof(&t, pos),
            "stringof" => self.stringof(t, pos),
            "!" => self.not(t, pos),
            "~" => self.complement(t, pos),
            _ => self.sign(op, t, pos),
        }
    }

    fn sign(&mut self, op: &str, t: Typed, pos: Pos) -> Result<Typed> {
        if !self.is_integer(&t) {
            return Self::error("D_OP_ARITH", pos, format!("operator {op} requires an operand of arithmetic type"));
        }
        let ty = t.ty();
        if op == "+" {
            let mut plain = Typed::new(ExprKind::Int(0), ty, pos);
            plain.expr = t.expr;
            return Ok(plain);
        }
        if let Some(n) = t.constant() {
            let n = n.wrapping_neg();
            let n = if self.types.is_signed(ty) { n } else { constant::narrow(n, ty, &self.types) };
            return Ok(Typed::int(n, ty, pos));
        }
        Ok(Typed::new(ExprKind::Unary(Unary::Negate, Box::new(t.expr)), ty, pos))
    }

    fn complement(&mut self, t: Typed, pos: Pos) -> Result<Typed> {
        if !self.is_integer(&t) {
            return Self::error("D_OP_INT", pos, "operator ~ requires an operand of integral type");
        }
        let ty = t.ty();
        Ok(match t.constant() {
            Some(n) => Typed::int(!n, ty, pos),
            None => Typed::new(ExprKind::Unary(Unary::Complement, Box::new(t.expr)), ty, pos),
        })
    }

    fn not(&mut self, t: Typed, pos: Pos) -> Result<Typed> {
        if !self.is_scalar(&t) {
            return Self::error("D_OP_SCALAR", pos, "operator ! requires an operand of scalar type");
        }
        Ok(match t.constant() {
            Some(n) => Typed::int(i64::from(n == 0), t.ty(), pos),
            None => Typed::new(ExprKind::Unary(Unary::Not, Box::new(t.expr)), TypeId::INT, pos),
        })
    }

    fn sizeof(&mut self, t: &Typed, pos: Pos) -> Result<Typed> {
        if t.is_bits() {
            return Self::error("D_SIZEOF_BITFIELD", pos, "cannot apply sizeof to a bit-field");
        }
        self.size_constant(t.ty(), pos)
    }

    fn stringof(&mut self, t: Typed, pos: Pos) -> Result<Typed> {
        let ty = t.ty();
        if !self.types.is_scalar(ty) && !self.types.is_address(ty) && !self.types.is_text(ty) {
            let text = format!("cannot apply stringof to a value of type {}", t.type_name(&self.types));
            return Self::error("D_STRINGOF_TYPE", pos, text);
        }
        let mut result = Typed::new(ExprKind::Int(0), TypeId::STRING, pos);
        result.expr = self.text(t);
        Ok(result)
    }

    /// `*pointer`
    pub(super) fn dereference(&mut self, t: &Typed, pos: Pos) -> Result<Typed> {
        if let Special::Translated(translation) = &t.special {
            return Ok(self.translated((**translation).clone(), false, pos));
        }
        let Some(to) = self.types.target(t.ty()).or_else(|| self.types.is_string(t.ty()).then_some(TypeId::CHAR)) else {
            return Self::error("D_DEREF_NONPTR", pos, "cannot dereference non-pointer type");
        };
        match self.types.kind(to) {
            Type::Void => return Self::error("D_DEREF_VOID", pos, "cannot dereference pointer to void"),
            Type::Function { .. } => return Self::error("D_DEREF_FUNC", pos, "cannot dereference pointer to function"),
            _ => {}
        }
        let mut address = t.expr.clone();
        if matches!(address.kind, ExprKind::Binary(..)) && self.types.is_string(address.ty) {
            // A place within a string is no string.
            address.ty = self.types.pointer(TypeId::CHAR);
        }
        Ok(self.at(address, to, t.writable, pos))
    }

    /// The object of type `ty` at `address`.
    pub(super) fn at(&self, address: crate::program::Expr, ty: TypeId, writable: bool, pos: Pos) -> Typed {
        let space = address.space;
        let mut t = if self.types.by_address(ty) && !self.types.is_string(ty) {
            let mut t = Typed::new(ExprKind::Int(0), ty, pos);
            t.expr = crate::program::Expr { ty, pos, ..address.clone() };
            t
        } else {
            Typed::new(ExprKind::Load(Box::new(address.clone())), ty, pos)
        };
        if !matches!(self.types.kind(ty), Type::Array { .. }) {
            t.place = Some(Place::Memory(Box::new(address)));
        }
        t.writable = writable;
        if !self.types.by_address(ty) {
            // A pointer read from memory says nothing of where it points; it is taken to point into the system.
            t.expr.space = Space::Kernel;
        } else {
            t.expr.space = space;
        }
        t
    }

    fn address_of(&mut self, t: &Typed, pos: Pos) -> Result<Typed> {
        if t.variable().is_some() || matches!(t.special, Special::Agg(..)) || t.what.starts_with("scalar ") {
            return Self::error("D_ADDROF_VAR", pos, "cannot take address of dynamic variable");
        }
        if t.is_dynamic(&self.types) {
            return Self::error("D_ADDROF_VAR", pos, "cannot take address of dynamic object");
        }
        let address = match &t.place {
            Some(Place::Memory(address)) => (**address).clone(),
            Some(Place::Bits { .. }) => return Self::error("D_ADDROF_BITFIELD", pos, "cannot take address of bit-field"),
            _ => return Self::error("D_ADDROF_LVAL", pos, "unacceptable operand for unary & operator"),
        };
        let ty = self.types.pointer(t.ty());
        let mut result = Typed::new(ExprKind::Int(0), ty, pos);
        result.expr = crate::program::Expr { ty, pos, ..address };
        Ok(result)
    }

    /// `++` and `--`.
    pub(super) fn step(&mut self, op: &'static str, operand: &Node, after: bool, pos: Pos) -> Result<Typed> {
        if let NodeKind::Ident(name) = &operand.kind {
            self.ident_or_new(name, operand.pos)?;
        }
        let t = self.operand(operand)?;
        if !self.is_scalar(&t) {
            return Self::error("D_OP_SCALAR", pos, format!("operator {op} requires operand of scalar type"));
        }
        if self.types.is_untyped_pointer(t.ty()) {
            return Self::error("D_OP_VFPTR", pos, format!("operator {op} requires an operand of known size"));
        }
        let ty = t.ty();
        let space = t.expr.space;
        let place = self.modifiable(t, op, pos)?;
        let by = self.types.target(ty).map_or(1, |to| crate::bits::signed(self.types.size(to)));
        let by = Typed::int(by, ty, pos).expr;
        let op = if op == "++" { Binary::Add } else { Binary::Sub };
        let kind = ExprKind::Assign { place: Box::new(place), ty, op: Some(op), value: Box::new(by), post: after };
        Ok(Typed::new(kind, ty, pos).in_space(space))
    }

    /// What an assignment to `t` writes, or why it may not be written.
    pub(super) fn modifiable(&mut self, t: Typed, op: &str, pos: Pos) -> Result<Place> {
        let variable = t.variable();
        let writable = t.writable;
        let Some(place) = t.place else {
            return Self::error("D_OP_LVAL", pos, format!("operator {op} requires modifiable lvalue as an operand"));
        };
        if !writable {
            return Self::error("D_OP_WRITE", pos, format!("operator {op} can only be applied to a writable variable"));
        }
        if let Some(id) = variable {
            self.written(id);
        }
        Ok(place)
    }
}
