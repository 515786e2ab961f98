//! Operators on two operands.

use super::Checker;
use super::constant;
use super::symbols::Name;
use super::typed::Typed;
use crate::ast::{Node, NodeKind};
use crate::error::{Pos, Result};
use crate::program::{Binary, Compare, Expr, ExprKind, Space};
use crate::types::{Type, TypeId};

/// The comparison an operator stands for.
fn comparison(op: &str) -> Option<Compare> {
    Some(match op {
        "==" => Compare::Eq,
        "!=" => Compare::Ne,
        "<" => Compare::Lt,
        "<=" => Compare::Le,
        ">" => Compare::Gt,
        ">=" => Compare::Ge,
        _ => return None,
    })
}

/// The arithmetic an operator stands for.
pub(super) fn arithmetic(op: &str, signed: bool) -> Option<Binary> {
    Some(match op {
        "+" => Binary::Add,
        "-" => Binary::Sub,
        "*" => Binary::Mul,
        "/" => Binary::Div { signed },
        "%" => Binary::Mod { signed },
        "<<" => Binary::Shl,
        ">>" => Binary::Shr { signed },
        "&" => Binary::And,
        "|" => Binary::Or,
        "^" => Binary::Xor,
        _ => return None,
    })
}

impl Checker<'_> {
    /// The type two integer operands are brought to: the wider, or the unsigned, or the one of higher rank.
    pub(super) fn promoted(&self, a: TypeId, b: TypeId) -> TypeId {
        let of = |ty: TypeId| if matches!(self.types.kind(ty), Type::Enum { .. }) { TypeId::INT } else { ty };
        let (a, b) = (of(a), of(b));
        let rank = |ty: TypeId| self.types.size(ty) * 8 + u64::from(!self.types.is_signed(ty));
        let later = rank(a) == rank(b) && self.types.base(a) < self.types.base(b);
        if rank(a) < rank(b) || later { b } else { a }
    }

    /// A binary operator other than `,` and assignments.
    pub(super) fn binary(&mut self, op: &'static str, left: &Node, right: &Node, pos: Pos) -> Result<Typed> {
        let a = self.value(left)?;
        let b = match self.enumerator(op, &a, right, pos)? {
            Some(b) => b,
            None => self.value(right)?,
        };
        self.combine(op, a, b, pos)
    }

    /// An operator applied to two checked operands.
    pub(super) fn combine(&mut self, op: &'static str, a: Typed, b: Typed, pos: Pos) -> Result<Typed> {
        if b.constant() == Some(0) && matches!(op, "/" | "%") {
            return Self::error("D_DIV_ZERO", pos, "expression contains division by zero");
        }
        if let (Some(x), Some(y)) = (a.constant(), b.constant()) {
            return Ok(self.fold(op, &a, &b, x, y, pos));
        }
        match op {
            "&&" | "||" | "^^" => self.logical(op, a, b, pos),
            "+" | "-" => self.additive(op, a, b, pos),
            _ if comparison(op).is_some() => self.compare(op, a, b, pos),
            _ => self.integral(op, a, b, pos),
        }
    }

    fn fold(&self, op: &str, a: &Typed, b: &Typed, x: i64, y: i64, pos: Pos) -> Typed {
        let promoted = self.promoted(a.ty(), b.ty());
        let signed = self.types.is_signed(promoted);
        let ty = match op {
            "<<" | ">>" => a.ty(),
            _ if comparison(op).is_some() || matches!(op, "&&" | "||" | "^^") => TypeId::INT,
            _ => promoted,
        };
        Typed::int(constant::binary(op, x, y, signed).unwrap_or(0), ty, pos)
    }

    fn integral(&mut self, op: &'static str, a: Typed, b: Typed, pos: Pos) -> Result<Typed> {
        if !self.is_integer(&a) || !self.is_integer(&b) {
            let (tag, kind) = match op {
                "*" | "/" => ("D_OP_ARITH", "arithmetic"),
                _ => ("D_OP_INT", "integral"),
            };
            return Self::error(tag, pos, format!("operator {op} requires operands of {kind} type"));
        }
        let ty = if matches!(op, "<<" | ">>") { a.ty() } else { self.promoted(a.ty(), b.ty()) };
        let operator = arithmetic(op, self.types.is_signed(ty)).unwrap_or(Binary::Add);
        Ok(Typed::new(ExprKind::Binary(operator, Box::new(a.expr), Box::new(b.expr)), ty, pos))
    }

    fn logical(&mut self, op: &'static str, a: Typed, b: Typed, pos: Pos) -> Result<Typed> {
        if !self.is_scalar(&a) || !self.is_scalar(&b) {
            return Self::error("D_OP_SCALAR", pos, format!("operator {op} requires operands of scalar type"));
        }
        let (a, b) = (Box::new(a.expr), Box::new(b.expr));
        let kind = match op {
            "&&" => ExprKind::And(a, b),
            "||" => ExprKind::Or(a, b),
            _ => ExprKind::Xor(a, b),
        };
        Ok(Typed::new(kind, TypeId::INT, pos))
    }

    /// An identifier right of a comparison with an enumeration may be one of its tags.
    fn enumerator(&mut self, op: &str, a: &Typed, right: &Node, pos: Pos) -> Result<Option<Typed>> {
        let (Some(_), NodeKind::Ident(name)) = (comparison(op), &right.kind) else { return Ok(None) };
        let Type::Enum { values: Some(values), .. } = self.types.kind(a.ty()) else { return Ok(None) };
        let Some((_, value)) = values.iter().find(|(tag, _)| tag == name) else { return Ok(None) };
        let value = i64::from(*value);
        match self.lookup(name) {
            Some(Name::Enumerator(..)) => Ok(None),
            Some(other) => {
                let text = format!(
                    "ambiguous use of operator {op}: {name} is both a {} enum tag and a global {}",
                    a.type_name(&self.types),
                    self.symbols.kind(&other)
                );
                Self::error("D_IDENT_AMBIG", pos, text)
            }
            None => Ok(Some(Typed::int(value, a.ty(), right.pos))),
        }
    }

    fn compare(&mut self, op: &'static str, a: Typed, b: Typed, pos: Pos) -> Result<Typed> {
        let types = &self.types;
        let (x, y) = (a.ty(), b.ty());
        let strings = types.is_text(x) && types.is_text(y) && (types.is_string(x) || types.is_string(y));
        let integers = types.is_integer(x) && types.is_integer(y);
        let dynamic = a.is_dynamic(types) || b.is_dynamic(types);
        let fit = !dynamic && (types.compatible(x, y) || integers || strings || types.pointers_agree(&a, &b).is_some());
        if !fit {
            return self.incompatible(op, &a, &b, pos);
        }
        let (a, b) = (self.plain(a)?, self.plain(b)?);
        let how = comparison(op).unwrap_or(Compare::Eq);
        // A string variable that was not assigned, or zero, is null; it reads as the empty string.
        let unset = |v: &Typed, zero: &Typed| {
            self.types.is_string(v.ty())
                && matches!((&v.expr.kind, &zero.expr.kind), (ExprKind::Var(_), ExprKind::Int(0)))
                && matches!(how, Compare::Eq | Compare::Ne)
        };
        let kind = if unset(&a, &b) || unset(&b, &a) {
            let (variable, zero) = if unset(&a, &b) { (a.expr, b.expr) } else { (b.expr, a.expr) };
            let empty = Expr { kind: ExprKind::Str(vec![]), ty: TypeId::STRING, space: Space::Literal, pos: zero.pos };
            ExprKind::Strings(how, Box::new(variable), Box::new(empty))
        } else if strings {
            ExprKind::Strings(how, Box::new(self.text(a)), Box::new(self.text(b)))
        } else {
            let signed = integers && self.types.is_signed(self.promoted(x, y));
            ExprKind::Binary(Binary::Compare { how, signed }, Box::new(a.expr), Box::new(b.expr))
        };
        Ok(Typed::new(kind, TypeId::INT, pos))
    }

    /// The error that two operands do not fit.
    pub(super) fn incompatible<T>(&self, op: &str, a: &Typed, b: &Typed, pos: Pos) -> Result<T> {
        let (a, b) = (a.type_name(&self.types), b.type_name(&self.types));
        Self::error("D_OP_INCOMPAT", pos, format!("operands have incompatible types: \"{a}\" {op} \"{b}\""))
    }

    /// Whether arithmetic on it goes by the size of what it points to.
    fn steps(&self, t: &Typed) -> bool {
        let ty = t.ty();
        self.types.is_string(ty) || self.types.is_address(ty) && !self.types.is_untyped_pointer(ty)
    }

    fn additive(&mut self, op: &'static str, a: Typed, b: Typed, pos: Pos) -> Result<Typed> {
        let (int_a, int_b) = (self.is_integer(&a), self.is_integer(&b));
        let (ptr_a, ptr_b) = (self.steps(&a), self.steps(&b));
        if int_a && int_b {
            return self.integral(op, a, b, pos);
        }
        if ptr_a && int_b {
            self.bounds(&a, &b, pos)?;
            return Ok(self.moved(op, a, b, pos));
        }
        if int_a && ptr_b && op == "+" {
            return Ok(self.moved(op, b, a, pos));
        }
        if ptr_a && ptr_b && op == "-" && self.types.pointers_agree(&a, &b).is_some() {
            return self.distance(a, b, pos);
        }
        self.incompatible(op, &a, &b, pos)
    }

    fn element_size(&self, ty: TypeId) -> u64 {
        self.types.target(ty).map_or(1, |to| self.types.size(to).max(1))
    }

    /// A constant index of an array must be inside it.
    pub(super) fn bounds(&self, array: &Typed, index: &Typed, pos: Pos) -> Result<()> {
        let (Type::Array { len, .. }, Some(n)) = (self.types.kind(array.ty()), index.constant()) else { return Ok(()) };
        if *len != 0 && crate::bits::unsigned(n) >= u64::from(*len) {
            let text = format!("index outside array bounds: {}, max is {len}", crate::bits::unsigned(n));
            return Self::error("D_ARR_BOUNDS", pos, text);
        }
        Ok(())
    }

    /// `pointer + n` and `pointer - n`; arrays decay to pointers to their elements.
    fn moved(&mut self, op: &str, pointer: Typed, by: Typed, pos: Pos) -> Typed {
        let size = self.element_size(pointer.ty());
        let ty = match self.types.kind(pointer.ty()) {
            Type::Array { of, .. } => {
                let of = *of;
                self.types.pointer(of)
            }
            _ => pointer.ty(),
        };
        let (space, writable) = (pointer.expr.space, pointer.writable);
        let by = scaled(by.expr, size);
        let operator = if op == "+" { Binary::Add } else { Binary::Sub };
        let mut t = Typed::new(ExprKind::Binary(operator, Box::new(pointer.expr), Box::new(by)), ty, pos).in_space(space);
        t.writable = writable;
        t
    }

    fn distance(&mut self, a: Typed, b: Typed, pos: Pos) -> Result<Typed> {
        if (a.expr.space == Space::Scratch) != (b.expr.space == Space::Scratch) {
            let text = format!(
                "adding or subtracting pointers to alloca and non-alloca space is meaningless: \"{}\" - \"{}\"",
                a.type_name(&self.types),
                b.type_name(&self.types)
            );
            return Self::error("D_OP_INCOMPAT", pos, text);
        }
        let size = self.element_size(a.ty());
        let ty = self.types.named("ptrdiff_t").unwrap_or(TypeId::LONG);
        let difference = Typed::new(ExprKind::Binary(Binary::Sub, Box::new(a.expr), Box::new(b.expr)), ty, pos);
        if size == 1 {
            return Ok(difference);
        }
        let size = Typed::int(crate::bits::signed(size), TypeId::LONG, pos).expr;
        let kind = ExprKind::Binary(Binary::Div { signed: true }, Box::new(difference.expr), Box::new(size));
        Ok(Typed::new(kind, ty, pos))
    }
}

/// `n * size`, folded where it can be.
pub(super) fn scaled(n: Expr, size: u64) -> Expr {
    let pos = n.pos;
    match n.kind {
        _ if size == 1 => n,
        ExprKind::Int(value) => {
            Expr { kind: ExprKind::Int(value.wrapping_mul(crate::bits::signed(size))), ty: TypeId::LONG, ..n }
        }
        _ => {
            let size = Expr { kind: ExprKind::Int(crate::bits::signed(size)), ty: TypeId::LONG, space: Space::Kernel, pos };
            let kind = ExprKind::Binary(Binary::Mul, Box::new(n), Box::new(size));
            Expr { kind, ty: TypeId::LONG, space: Space::Kernel, pos }
        }
    }
}
