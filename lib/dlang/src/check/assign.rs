//! Assignments.

use super::Checker;
use super::binary::{arithmetic, scaled};
use super::typed::{Special, Typed};
use crate::ast::{Node, NodeKind};
use crate::error::{Pos, Result};
use crate::program::{Expr, ExprKind, Place, Space, VarId};
use crate::types::{Type, TypeId};

impl Checker<'_> {
    /// Gives a variable its type.
    pub(super) fn set_type(&mut self, id: VarId, ty: TypeId, space: Space) {
        if let Some(var) = self.symbols.variables.get_mut(id.0) {
            var.ty = ty;
            var.space = space;
        }
        self.symbols.know(id);
    }

    /// Notes that a variable is assigned.
    pub(super) fn written(&mut self, id: VarId) {
        if let Some(var) = self.symbols.variables.get_mut(id.0) {
            var.written = true;
        }
        self.symbols.know(id);
    }

    /// The left side of an assignment; a new name becomes a variable.
    fn target(&mut self, left: &Node) -> Result<Typed> {
        match &left.kind {
            NodeKind::Ident(name) => self.ident_or_new(name, left.pos),
            NodeKind::Agg(name) => {
                let id = self.symbols.aggregation(name);
                Ok(Self::agg_value(id, None, left.pos))
            }
            _ => self.cook(left, false),
        }
    }

    /// `left = right`
    pub(super) fn assign(&mut self, left: &Node, right: &Node, pos: Pos) -> Result<Typed> {
        let mut target = self.target(left)?;
        let value = self.value(right)?;
        if matches!(target.special, Special::Aggregate(_)) {
            return Self::error("D_OP_LVAL", pos, "operator = requires modifiable lvalue as an operand");
        }
        if let Special::Agg(id, keys) = target.special {
            return self.aggregate(id, keys.unwrap_or_default(), value, left.pos, pos);
        }
        if matches!(target.special, Special::Aggregate(_)) {
            return Self::error("D_OP_LVAL", pos, "operator = requires modifiable lvalue as an operand");
        }
        let fresh = match target.special {
            Special::Fresh(id) => Some(id),
            _ => None,
        };
        let ty = self.assigned_type(&value);
        if let Some(id) = fresh {
            let keys = match target.place.take() {
                Some(Place::Var(reference)) => reference.keys,
                _ => vec![],
            };
            if let Some(var) = self.symbols.variables.get_mut(id.0) {
                var.ty = ty;
                var.space = if self.types.is_pointer(ty) { value.expr.space } else { Space::Kernel };
            }
            target = self.variable(id, keys, target.expr.pos);
        }
        if matches!(self.types.kind(target.ty()), Type::Array { .. } | Type::Function { .. }) {
            let name = target.type_name(&self.types);
            return Self::error("D_OP_ARRFUN", pos, format!("operator = may not be applied to operand of type \"{name}\""));
        }
        if let Special::Translated(translation) = &value.special {
            let value = self.translated_value(translation, pos)?;
            return self.store(target, value, pos);
        }
        if !self.types.accepts(&target, &value) {
            return self.incompatible("=", &target, &value, pos);
        }
        let value = self.plain(value)?;
        self.store(target, value, pos)
    }

    /// The type a new variable takes from the value assigned to it.
    fn assigned_type(&self, value: &Typed) -> TypeId {
        match &value.special {
            Special::Translated(t) if !t.pointer => t.output,
            _ => value.ty(),
        }
    }

    fn store(&mut self, target: Typed, value: Typed, pos: Pos) -> Result<Typed> {
        let ty = target.ty();
        let (variable, space) = (target.variable(), value.expr.space);
        let zero = value.constant() == Some(0);
        let place = self.modifiable(target, "=", pos)?;
        if let Some(id) = variable.filter(|_| !zero && self.types.is_pointer(ty)) {
            self.point(id, space);
        }
        // Zero for a string is not an address: it is no string at all.
        let text = zero && self.types.is_string(ty);
        let value = if text { Expr { ty, ..value.expr } } else { self.convert(value, ty) };
        let space = value.space;
        let kind = ExprKind::Assign { place: Box::new(place), ty, op: None, value: Box::new(value), post: false };
        Ok(Typed::new(kind, ty, pos).in_space(space))
    }

    /// A pointer variable points into one kind of memory for the whole program; a clash is reported for the whole clause.
    fn point(&mut self, id: VarId, space: Space) {
        let plain = space != Space::Scratch;
        let before = self.symbols.uses.get(id.0).copied().unwrap_or_default();
        let Some(var) = self.symbols.variables.get_mut(id.0) else { return };
        if !plain && before.plain || plain && var.space == Space::Scratch {
            self.clash.get_or_insert_with(|| var.name.clone());
        }
        var.space = space;
        if let Some(u) = self.symbols.uses.get_mut(id.0) {
            u.plain |= plain;
        }
    }

    /// `left op= right`
    pub(super) fn update(&mut self, op: &'static str, left: &Node, right: &Node, pos: Pos) -> Result<Typed> {
        if let NodeKind::Ident(name) = &left.kind {
            self.ident_or_new(name, left.pos)?;
        }
        let target = self.cook(left, true)?;
        let value = self.value(right)?;
        let operator = op.strip_suffix('=').unwrap_or(op);
        if value.constant() == Some(0) && matches!(operator, "/" | "%") {
            return Self::error("D_DIV_ZERO", pos, "expression contains division by zero");
        }
        self.update_types(op, operator, &target, &value, pos)?;
        let ty = target.ty();
        let size = self.types.target(ty).map_or(1, |to| self.types.size(to).max(1));
        let signed = match operator {
            "/" | "%" if self.types.is_integer(value.ty()) => self.types.is_signed(self.promoted(ty, value.ty())),
            _ => self.types.is_signed(ty),
        };
        let space = target.expr.space;
        let value = self.plain(value)?;
        let value = Box::new(scaled(value.expr, size));
        let place = Box::new(self.modifiable(target, op, pos)?);
        let kind = ExprKind::Assign { place, ty, op: arithmetic(operator, signed), value, post: false };
        Ok(Typed::new(kind, ty, pos).in_space(space))
    }

    fn update_types(&mut self, op: &str, operator: &str, target: &Typed, value: &Typed, pos: Pos) -> Result<()> {
        let integers = self.is_integer(target) && self.is_integer(value);
        match operator {
            "+" | "-" => {}
            "*" | "/" if !integers => {
                return Self::error("D_OP_ARITH", pos, format!("operator {op} requires operands of arithmetic type"));
            }
            _ if !integers => {
                return Self::error("D_OP_INT", pos, format!("operator {op} requires operands of integral type"));
            }
            _ => return Ok(()),
        }
        if self.types.is_string(target.ty()) || self.types.is_string(value.ty()) {
            return self.incompatible(op, target, value, pos);
        }
        if integers {
            return Ok(());
        }
        if !self.types.is_address(target.ty()) || self.types.is_untyped_pointer(target.ty()) {
            return Self::error("D_OP_VFPTR", pos, format!("operator {op} requires left-hand scalar operand of known size"));
        }
        if !self.is_integer(value) && self.types.pointers_agree(target, value).is_none() {
            return self.incompatible(op, target, value, pos);
        }
        Ok(())
    }
}
