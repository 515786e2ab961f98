//! Expressions: where each kind goes, constants, and the steps shared by many.

use super::typed::{Special, Typed};
use super::{Checker, constant};
use crate::ast::{Node, NodeKind};
use crate::error::{Pos, Result};
use crate::lex::token::Int;
use crate::program::{Expr, ExprKind, Space};
use crate::types::{Type, TypeId};

impl Checker<'_> {
    /// The value of an expression.
    pub(super) fn value(&mut self, node: &Node) -> Result<Typed> {
        self.cook(node, true)
    }

    /// An expression that is read or, if not `read`, may be about to be written.
    pub(super) fn cook(&mut self, node: &Node, read: bool) -> Result<Typed> {
        self.count(node.pos)?;
        let pos = node.pos;
        match &node.kind {
            NodeKind::Int(int) => self.integer(*int, pos),
            NodeKind::Str(text) => Ok(Typed::new(ExprKind::Str(text.clone()), TypeId::STRING, pos).in_space(Space::Literal)),
            NodeKind::Ident(name) => self.ident(name, read, pos),
            NodeKind::Agg(name) => self.agg_name(name, pos),
            NodeKind::Call(name, args) => self.call(name, args, pos),
            NodeKind::Index(base, keys) => self.index(base, keys, read, pos),
            NodeKind::Dot(base, member) => self.dot(base, member, pos),
            NodeKind::Arrow(base, member) => self.arrow(base, member, read, pos),
            NodeKind::Prefix(op, operand) => self.prefix(op, operand, pos),
            NodeKind::Step(op, operand, after) => self.step(op, operand, *after, pos),
            NodeKind::Binary(",", left, right) => self.comma(left, right, pos),
            NodeKind::Binary(op, left, right) => self.binary(op, left, right, pos),
            NodeKind::Assign("=", left, right) => self.assign(left, right, pos),
            NodeKind::Assign(op, left, right) => self.update(op, left, right, pos),
            NodeKind::Cond(condition, yes, no) => self.conditional(condition, yes, no, pos),
            NodeKind::Cast(ty, operand) => {
                let ty = self.type_of(ty)?;
                self.cast(ty, operand, pos)
            }
            NodeKind::SizeofType(ty) => {
                let ty = self.type_of(ty)?;
                self.size_constant(ty, pos)
            }
            NodeKind::Offsetof(ty, member) => {
                let ty = self.type_of(ty)?;
                self.offsetof(ty, member, pos)
            }
            NodeKind::Xlate(ty, operand) => {
                let ty = self.type_of(ty)?;
                self.xlate(ty, operand, pos)
            }
        }
    }

    fn integer(&mut self, int: Int, pos: Pos) -> Result<Typed> {
        let Some(ty) = constant::type_of(int.value, int.unsigned, int.longs, int.decimal) else {
            let text = format!("integer constant {:#x} cannot be represented in any built-in integral type", int.value);
            return Self::error("D_INT_OFLOW", pos, text);
        };
        let value = crate::bits::signed(int.value);
        let value = if int.negative { value.wrapping_neg() } else { value };
        Ok(Typed::int(value, ty, pos))
    }

    /// The size of a type as `sizeof` gives it.
    pub(super) fn size_constant(&mut self, ty: TypeId, pos: Pos) -> Result<Typed> {
        let size = self.types.size(ty);
        if size == 0 {
            return Self::error("D_SIZEOF_TYPE", pos, "cannot apply sizeof to an operand of unknown size");
        }
        let size_t = self.types.named("size_t").unwrap_or(TypeId::ULONG);
        Ok(Typed::int(crate::bits::signed(size), size_t, pos))
    }

    fn offsetof(&mut self, ty: TypeId, member: &str, pos: Pos) -> Result<Typed> {
        if !matches!(self.types.kind(ty), Type::Struct { .. }) {
            return Self::error("D_OFFSETOF_TYPE", pos, "offsetof operand must be a struct or union type");
        }
        let Some(found) = self.types.member(ty, member) else {
            let text = format!("failed to determine offset of {member}: Member name not found");
            return Self::error("D_UNKNOWN", pos, text);
        };
        if found.bits.is_some() {
            return Self::error("D_OFFSETOF_BITFIELD", pos, format!("cannot take offset of a bit-field: {member}"));
        }
        Ok(Typed::int(crate::bits::signed(found.bit_offset / 8), TypeId::INT, pos))
    }

    fn comma(&mut self, left: &Node, right: &Node, pos: Pos) -> Result<Typed> {
        let left = self.value(left)?;
        let right = self.value(right)?;
        if left.is_dynamic(&self.types) || right.is_dynamic(&self.types) {
            return Self::error("D_OP_DYN", pos, "operator , operands cannot be of dynamic type");
        }
        if matches!(left.special, Special::Call(_)) || matches!(right.special, Special::Call(_)) {
            return Self::error("D_OP_ACT", pos, "operator , operands cannot be actions");
        }
        let (ty, space) = (right.ty(), right.expr.space);
        Ok(Typed::new(ExprKind::Comma(Box::new(left.expr), Box::new(right.expr)), ty, pos).in_space(space))
    }

    fn conditional(&mut self, condition: &Node, yes: &Node, no: &Node, pos: Pos) -> Result<Typed> {
        let condition = self.value(condition)?;
        let (yes, no) = match condition.constant() {
            Some(0) => return self.value(no),
            Some(_) => return self.value(yes),
            None => (self.value(yes)?, self.value(no)?),
        };
        if !self.is_scalar(&condition) {
            return Self::error("D_OP_SCALAR", pos, "operator ?: expression must be of scalar type");
        }
        if yes.is_dynamic(&self.types) || no.is_dynamic(&self.types) {
            return Self::error("D_OP_DYN", pos, "operator ?: operands cannot be of dynamic type");
        }
        let (a, b) = (yes.ty(), no.ty());
        let text = self.types.is_text(a) && self.types.is_text(b) && (self.types.is_string(a) || self.types.is_string(b));
        let ty = if self.types.compatible(a, b) {
            a
        } else if self.is_integer(&yes) && self.is_integer(&no) {
            self.promoted(a, b)
        } else if text {
            TypeId::STRING
        } else if let Some(ty) = self.types.pointers_agree(&yes, &no) {
            ty
        } else {
            return Self::error("D_OP_INCOMPAT", pos, "operator ?: operands must have compatible types");
        };
        if matches!(yes.special, Special::Call(_)) || matches!(no.special, Special::Call(_)) {
            return Self::error("D_OP_ACT", pos, "action cannot be used in a conditional context");
        }
        let space = if yes.constant().is_some() || yes.expr.space == Space::Literal { no.expr.space } else { yes.expr.space };
        let yes = if text { self.text(yes) } else { yes.expr };
        let no = if text { self.text(no) } else { no.expr };
        let kind = ExprKind::Cond(Box::new(condition.expr), Box::new(yes), Box::new(no));
        Ok(Typed::new(kind, ty, pos).in_space(space))
    }

    /// The expression as a string.
    pub(super) fn text(&self, t: Typed) -> Expr {
        if self.types.is_string(t.ty()) {
            return t.expr;
        }
        let (pos, space) = (t.expr.pos, t.expr.space);
        let space = if space == Space::Kernel { Space::Scratch } else { space };
        Expr { kind: ExprKind::ToString(Box::new(t.expr)), ty: TypeId::STRING, space, pos }
    }

    /// The expression converted to `ty`, of a type that accepts it.
    pub(super) fn convert(&self, t: Typed, ty: TypeId) -> Expr {
        if self.types.is_string(ty) {
            return self.text(t);
        }
        let (from, pos, space) = (t.ty(), t.expr.pos, t.expr.space);
        if let Some(n) = t.constant().filter(|_| self.types.is_integer(ty)) {
            return Expr { kind: ExprKind::Int(constant::narrow(n, ty, &self.types)), ty, space, pos };
        }
        let same = self.types.size(from) == self.types.size(ty) && self.types.is_signed(from) == self.types.is_signed(ty);
        // A narrow value has its own type's width until it is extended.
        let wide = self.types.size(from) >= 8 || !self.types.is_scalar(from);
        if same || wide && (!self.types.is_integer(ty) || self.types.size(ty) == 8) {
            return Expr { ty, ..t.expr };
        }
        Expr { kind: ExprKind::Cast(Box::new(t.expr)), ty, space, pos }
    }

    fn cast(&mut self, ty: TypeId, operand: &Node, pos: Pos) -> Result<Typed> {
        let t = self.value(operand)?;
        let from = t.ty();
        let types = &self.types;
        let function = matches!(types.kind(from), Type::Function { .. });
        let may = types.compatible(ty, from)
            || types.is_scalar(ty) && (types.is_scalar(from) || function)
            || types.is_void(ty)
            || types.is_pointer(ty) && types.is_address(from)
            || types.is_string(ty) && (types.is_scalar(from) || types.is_address(from) || types.is_text(from));
        if !may {
            let text = format!("invalid cast expression: \"{}\" to \"{}\"", t.type_name(types), types.name(ty));
            return Self::error("D_CAST_INVAL", pos, text);
        }
        let t = self.plain(t)?;
        let writable = t.writable;
        if self.types.is_void(ty) {
            let nothing = Expr { kind: ExprKind::Int(0), ty: TypeId::INT, space: Space::Kernel, pos };
            return Ok(Typed::new(ExprKind::Comma(Box::new(t.expr), Box::new(nothing)), ty, pos));
        }
        if let Some(n) = t.constant().filter(|_| types_integer(self, ty)) {
            return Ok(Typed::int(constant::narrow(n, ty, &self.types), ty, pos));
        }
        let expr = if self.types.is_integer(ty) && self.types.size(ty) < 8 {
            let space = t.expr.space;
            Expr { kind: ExprKind::Cast(Box::new(t.expr)), ty, space, pos }
        } else {
            self.convert(t, ty)
        };
        let mut result = Typed::new(ExprKind::Int(0), ty, pos);
        result.expr = Expr { pos, ..expr };
        // What may be written through a pointer may be written through it by another type.
        result.writable = writable;
        Ok(result)
    }

    /// Refuses what is no value: calls of actions and aggregating functions, aggregations, translated data.
    pub(super) fn plain(&self, t: Typed) -> Result<Typed> {
        match &t.special {
            Special::Call(call) => {
                let text = format!(
                    "{} {}( ) may not be called from a D expression (D program context required)",
                    call.function.kind.name(),
                    call.function.name
                );
                Self::error("D_CG_EXPR", t.expr.pos, text)
            }
            _ if t.is_dynamic(&self.types) => {
                Self::error("D_CG_DYN", t.expr.pos, "expression cannot evaluate to result of dynamic type")
            }
            _ => Ok(t),
        }
    }
}

fn types_integer(checker: &Checker<'_>, ty: TypeId) -> bool {
    checker.types.is_integer(ty)
}
