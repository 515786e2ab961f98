//! A checked expression together with what only the checker needs to know of it.

use super::prototype::Prototype;
use super::translate::Translation;
use crate::error::Pos;
use crate::program::{AggId, Aggregate, Binary, Expr, ExprKind, Place, Space, VarId};
use crate::types::{Type, TypeId, Types};

/// A checked expression.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// The expression.
    pub(super) expr: Expr,
    /// What an assignment to it would write.
    pub(super) place: Option<Place>,
    /// Whether it may be written.
    pub(super) writable: bool,
    /// What is special about it.
    pub(super) special: Special,
    /// What DTrace calls it in a message when its type says nothing, e.g. `scalar x`.
    pub(super) what: String,
}

/// What an expression is, if not simply a value.
#[derive(Clone, Debug, Default)]
pub(super) enum Special {
    /// A value.
    #[default]
    None,
    /// A variable that nothing has been assigned to yet.
    Fresh(VarId),
    /// A variable.
    Var(VarId),
    /// An aggregation, with its keys if it was written with any.
    Agg(AggId, Option<Vec<Typed>>),
    /// An assignment to an aggregation.
    Aggregate(Box<Aggregate>),
    /// A call of an aggregating function or an action.
    Call(Box<Call>),
    /// The result of `xlate`, or a pointer to it.
    Translated(Box<Translation>),
}

/// A call of an action or aggregating function, its arguments checked against the prototype.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// What is called.
    pub(super) function: &'static Prototype,
    /// With what.
    pub(super) args: Vec<Typed>,
    /// Where.
    pub(super) pos: Pos,
}

impl Typed {
    /// A plain value.
    pub(super) fn new(kind: ExprKind, ty: TypeId, pos: Pos) -> Self {
        Self {
            expr: Expr { kind, ty, space: Space::Kernel, pos },
            place: None,
            writable: false,
            special: Special::None,
            what: String::new(),
        }
    }

    /// An integer constant.
    pub(super) fn int(value: i64, ty: TypeId, pos: Pos) -> Self {
        Self::new(ExprKind::Int(value), ty, pos)
    }

    /// With its address in `space`.
    pub(super) fn in_space(mut self, space: Space) -> Self {
        self.expr.space = space;
        self
    }

    pub(super) fn ty(&self) -> TypeId {
        self.expr.ty
    }

    /// The value of an integer constant.
    pub(super) fn constant(&self) -> Option<i64> {
        match self.expr.kind {
            ExprKind::Int(n) => Some(n),
            _ => None,
        }
    }

    /// Whether it is a bit-field.
    pub(super) fn is_bits(&self) -> bool {
        matches!(self.expr.kind, ExprKind::Bits { .. })
    }

    /// Whether it has no static type.
    pub(super) fn is_dynamic(&self, types: &Types) -> bool {
        matches!(types.kind(self.ty()), Type::Dynamic)
    }

    /// A positive integer constant that is not zero.
    pub(super) fn is_positive(&self, types: &Types) -> bool {
        self.constant().is_some_and(|n| n != 0 && (n > 0 || !types.is_signed(self.ty())))
    }

    /// The name of its type in messages.
    pub(super) fn type_name(&self, types: &Types) -> String {
        if !self.is_dynamic(types) {
            return types.name(self.ty());
        }
        match &self.special {
            Special::Agg(..) | Special::Aggregate(_) => "aggregation".into(),
            Special::Call(call) => call.function.kind.name().into(),
            Special::Translated(t) if t.pointer => "pointer to translated data".into(),
            Special::Translated(_) => "translated data".into(),
            Special::Fresh(_) | Special::Var(_) => "scalar".into(),
            Special::None => "dynamic variable".into(),
        }
    }

    /// The variable it is, if it is one.
    pub(super) fn variable(&self) -> Option<VarId> {
        match self.special {
            Special::Fresh(var) | Special::Var(var) => Some(var),
            _ => None,
        }
    }
}

/// `address + offset`, folded where it can be.
pub(super) fn plus(address: Expr, offset: u64, ty: TypeId) -> Expr {
    let (space, pos) = (address.space, address.pos);
    if offset == 0 {
        return Expr { ty, ..address };
    }
    let offset = Expr { kind: ExprKind::Int(crate::bits::signed(offset)), ty: TypeId::LONG, space: Space::Kernel, pos };
    Expr { kind: ExprKind::Binary(Binary::Add, Box::new(address), Box::new(offset)), ty, space, pos }
}

impl Types {
    /// `void` or function pointers, with which no arithmetic is possible.
    pub(super) fn is_untyped_pointer(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::Pointer(to) if matches!(self.kind(*to), Type::Void | Type::Function { .. }))
    }

    /// Pointers and arrays, but not strings.
    pub(super) fn is_address(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::Pointer(_) | Type::Array { .. })
    }

    /// Whether both are pointers (or arrays, strings, or the constant 0) that may stand for each other; the better type of the two.
    pub(super) fn pointers_agree(&self, a: &Typed, b: &Typed) -> Option<TypeId> {
        let pointed = |t: &Typed| match self.kind(t.ty()) {
            Type::Pointer(to) => Some(Some(*to)),
            Type::Array { of, .. } => Some(Some(*of)),
            Type::String => Some(Some(TypeId::CHAR)),
            Type::Integer { .. } | Type::Enum { .. } if t.constant() == Some(0) => Some(None),
            _ => None,
        };
        match (pointed(a)?, pointed(b)?) {
            (Some(_), None) => Some(a.ty()),
            (None, Some(_)) => Some(b.ty()),
            (None, None) => None,
            (Some(to_a), Some(to_b)) => {
                let agree = self.is_void(to_a) || self.is_void(to_b) || self.compatible(to_a, to_b);
                agree.then(|| if self.is_void(to_b) { a.ty() } else { b.ty() })
            }
        }
    }

    /// Whether `b` may be passed or assigned where a value like `a` is wanted.
    pub(super) fn accepts(&self, a: &Typed, b: &Typed) -> bool {
        let (x, y) = (a.ty(), b.ty());
        if self.is_integer(x) && self.is_integer(y) || self.is_text(x) && self.is_text(y) {
            return true;
        }
        match (self.kind(x), self.kind(y)) {
            (Type::Opaque(a), Type::Opaque(b)) => a == b,
            (Type::Dynamic, _) | (_, Type::Dynamic) => false,
            (Type::Struct { .. } | Type::Function { .. }, _) => self.compatible(x, y),
            _ => self.pointers_agree(a, b).is_some(),
        }
    }
}
