//! Members, elements and scoped variables: `.`, `->`, `[ ]`.

use super::Checker;
use super::binary::scaled;
use super::symbols::Name;
use super::typed::{Special, Typed, plus};
use crate::ast::{Node, NodeKind};
use crate::error::{Pos, Result};
use crate::program::{Builtin, Expr, ExprKind, Place, Scope, VarId};
use crate::types::{Member, Type, TypeId};

/// Most keys of an associative array, as in DTrace.
const KEYS: usize = 8;
/// The highest number of a register in `uregs[]`.
const LAST_REGISTER: u32 = 25;

impl Checker<'_> {
    /// `base.member`
    pub(super) fn dot(&mut self, base: &Node, member: &str, pos: Pos) -> Result<Typed> {
        let t = self.value(base)?;
        if let Special::Translated(translation) = &t.special {
            return self.translated_member(translation, member, pos);
        }
        let ty = t.ty();
        self.select(".", t, ty, member, pos)
    }

    /// `base->member`, `self->name`, `this->name`
    pub(super) fn arrow(&mut self, base: &Node, member: &str, read: bool, pos: Pos) -> Result<Typed> {
        if let NodeKind::Ident(name) = &base.kind {
            match name.as_str() {
                "self" => return self.scoped(Scope::Thread, member, read, pos),
                "this" => return self.scoped(Scope::Clause, member, read, pos),
                _ => {}
            }
        }
        let t = self.value(base)?;
        if let Special::Translated(translation) = &t.special {
            return self.translated_member(translation, member, pos);
        }
        let Type::Pointer(to) = self.types.kind(t.ty()) else {
            return Self::error("D_OP_PTR", pos, "operator -> must be applied to a pointer");
        };
        let to = *to;
        self.select("->", t, to, member, pos)
    }

    /// The member of the structure of type `ty` whose address `t` evaluates to.
    fn select(&mut self, op: &str, t: Typed, ty: TypeId, member: &str, pos: Pos) -> Result<Typed> {
        let name = self.type_name(self.types.base(ty));
        match self.types.kind(ty) {
            Type::Struct { members: Some(_), .. } => {}
            Type::Struct { members: None, .. } | Type::Enum { values: None, .. } => {
                let text = format!("operator {op} cannot be applied to a forward declaration: no {name} definition is available");
                return Self::error("D_OP_INCOMPLETE", pos, text);
            }
            _ if op == "->" => {
                let text = format!(
                    "operator -> cannot be applied to pointer to type \"{name}\"; must be applied to a struct or union pointer"
                );
                return Self::error("D_OP_SOU", pos, text);
            }
            _ => {
                let text = format!("operator . cannot be applied to type \"{name}\"; must be applied to a struct or union");
                return Self::error("D_OP_SOU", pos, text);
            }
        }
        let Some(found) = self.types.member(ty, member) else {
            return Self::error("D_TYPE_MEMBER", pos, format!("{member} is not a member of {name}"));
        };
        let lvalue = op == "->" || t.place.is_some();
        let writable = t.writable;
        let mut result = self.field(t.expr, &found, writable, pos);
        if !lvalue {
            result.place = None;
        }
        Ok(result)
    }

    /// A member at its offset from the structure at `address`.
    fn field(&self, address: Expr, member: &Member, writable: bool, pos: Pos) -> Typed {
        let Some(width) = member.bits else {
            let space_type = address.ty;
            let at = plus(address, member.bit_offset / 8, space_type);
            return self.at(at, member.ty, writable, pos);
        };
        let unit = super::declare::bit_unit(width);
        let shift = u32::try_from(member.bit_offset % 8).unwrap_or(0);
        let ty = address.ty;
        let address = Box::new(plus(address, member.bit_offset / 8, ty));
        let place = Place::Bits { address: address.clone(), unit, shift, width };
        let mut t = Typed::new(ExprKind::Bits { address, unit, shift, width }, member.ty, pos);
        t.place = Some(place);
        t.writable = writable;
        t
    }

    /// `base[keys]`
    pub(super) fn index(&mut self, base: &Node, keys: &[Node], read: bool, pos: Pos) -> Result<Typed> {
        match &base.kind {
            NodeKind::Agg(name) => {
                let id = self.symbols.aggregation(name);
                let keys = keys.iter().map(|k| self.value(k)).collect::<Result<Vec<_>>>()?;
                return Ok(Self::agg_value(id, Some(keys), base.pos));
            }
            NodeKind::Ident(name) => match self.lookup(name) {
                Some(Name::Args) => return self.args(keys, pos),
                Some(Name::Uregs) => return self.uregs(keys, pos),
                Some(Name::Inline(inline)) if inline.parameters.is_some() => {
                    return self.put_in_array(name, &inline, keys, pos);
                }
                Some(Name::Var(id)) if self.is_associative(id) || self.symbols.is_fresh(id) => {
                    return self.associative(id, keys, read, pos);
                }
                None if !name.contains('`') && super::prototype::find(name).is_none() => {
                    let id = self.symbols.create(name, Scope::Global);
                    return self.associative(id, keys, read, pos);
                }
                _ => {}
            },
            _ => {}
        }
        if let Some(id) = self.scoped_array(base)? {
            return self.associative(id, keys, read, pos);
        }
        let t = self.cook(base, false)?;
        if let Special::Agg(id, Some(_)) = t.special {
            let name = self.symbols.tables.get(id.0).map(|a| a.name.clone()).unwrap_or_default();
            let text = format!("improper attempt to reference @{name} as a multi-dimensional array");
            return Self::error("D_AGG_MDIM", pos, text);
        }
        self.element(&t, keys, pos)
    }

    fn is_associative(&self, id: VarId) -> bool {
        self.symbols.var(id).is_some_and(|v| v.keys.is_some())
    }

    /// The variable of `self->x[...]` or `this->x[...]`, if it is an array or may become one.
    fn scoped_array(&mut self, base: &Node) -> Result<Option<VarId>> {
        let NodeKind::Arrow(object, member) = &base.kind else { return Ok(None) };
        let scope = match &object.kind {
            NodeKind::Ident(name) if name == "self" => Scope::Thread,
            NodeKind::Ident(name) if name == "this" => Scope::Clause,
            _ => return Ok(None),
        };
        let t = self.scoped(scope, member, false, base.pos)?;
        let Some(id) = t.variable() else { return Ok(None) };
        if self.is_associative(id) {
            return Ok(Some(id));
        }
        if !self.symbols.is_fresh(id) {
            return Ok(None);
        }
        if scope == Scope::Clause {
            let text = format!("local variables may not be used as associative arrays: {member}");
            return Self::error("D_ARR_LOCAL", base.pos, text);
        }
        Ok(Some(id))
    }

    /// An element of an associative array; the first use fixes the types of its keys.
    fn associative(&mut self, id: VarId, keys: &[Node], read: bool, pos: Pos) -> Result<Typed> {
        let fresh = self.variable(id, vec![], pos);
        self.known(&fresh, read, pos)?;
        let keys = keys.iter().map(|k| self.value(k)).collect::<Result<Vec<_>>>()?;
        let name = self.symbols.var(id).map(|v| v.name.clone()).unwrap_or_default();
        match self.symbols.array_keys.get(&id).cloned() {
            Some(signature) => self.signature(&name, "[ ]", "", "key", &signature, &keys, pos)?,
            None => {
                self.key_types("associative array", &keys, pos)?;
                if keys.len() > KEYS {
                    return Self::error("", Pos::default(), "Insufficient registers to generate code");
                }
                self.symbols.array_keys.insert(id, keys.clone());
                if let Some(var) = self.symbols.variables.get_mut(id.0) {
                    var.keys = Some(vec![]);
                }
            }
        }
        let signature = self.symbols.array_keys.get(&id).cloned().unwrap_or_default();
        let mut exprs = vec![];
        for (key, like) in keys.into_iter().zip(&signature) {
            exprs.push(self.key(key, like)?);
        }
        Ok(self.variable(id, exprs, pos))
    }

    /// A key brought to the type of the key that was first used in its place.
    pub(super) fn key(&self, key: Typed, like: &Typed) -> Result<Expr> {
        let key = self.plain(key)?;
        Ok(self.convert(key, like.ty()))
    }

    /// Keys may not be dynamic or void.
    pub(super) fn key_types(&self, what: &str, keys: &[Typed], pos: Pos) -> Result<()> {
        for (i, key) in keys.iter().enumerate() {
            if key.is_dynamic(&self.types) || self.types.is_void(key.ty()) {
                let name = key.type_name(&self.types);
                let text = format!("{name} expression may not be used as {what} index: key #{}", i + 1);
                return Self::error("D_KEY_TYPE", pos, text);
            }
        }
        Ok(())
    }

    /// `base[index]` of an array or pointer: `*(base + index)`.
    fn element(&mut self, t: &Typed, keys: &[Node], pos: Pos) -> Result<Typed> {
        let [key] = keys else {
            let text = format!("cannot access {} as an associative array", self.describe(t));
            return Self::error("D_ARR_BADREF", pos, text);
        };
        let index = self.value(key)?;
        let (Type::Array { of, len }, true) = (self.types.kind(t.ty()).clone(), self.is_integer(&index)) else {
            let mut sum = self.combine("+", t.clone(), index, pos)?;
            sum.writable = t.writable;
            return self.dereference(&sum, pos);
        };
        self.bounds(t, &index, pos)?;
        let size = self.types.size(of);
        let space = t.expr.space;
        let ty = self.types.pointer(of);
        let address = if index.constant().is_some() || len == 0 {
            let base = Expr { ty, ..t.expr.clone() };
            match scaled(index.expr, size) {
                Expr { kind: ExprKind::Int(n), .. } if n >= 0 => plus(base, crate::bits::unsigned(n), ty),
                by => {
                    let kind = ExprKind::Binary(crate::program::Binary::Add, Box::new(base), Box::new(by));
                    Expr { kind, ty, space, pos }
                }
            }
        } else {
            let (base, index) = (Box::new(t.expr.clone()), Box::new(index.expr));
            Expr { kind: ExprKind::Element { base, index, size, len }, ty, space, pos }
        };
        Ok(self.at(address, of, t.writable, pos))
    }

    /// What messages call an expression.
    fn describe(&self, t: &Typed) -> String {
        if !t.what.is_empty() {
            return t.what.clone();
        }
        match &t.expr.kind {
            ExprKind::Int(n) => format!("integer constant {n:#x}"),
            ExprKind::Str(text) => format!("string constant \"{}\"", crate::lex::text::escape(text)),
            _ => "operator [".into(),
        }
    }

    /// The one constant index of `args[ ]` or `uregs[ ]`.
    fn constant_index(&mut self, name: &str, keys: &[Node], pos: Pos) -> Result<i64> {
        let [key] = keys else {
            let text = format!("{name}[ ] prototype mismatch: {} args passed, 1 expected", keys.len());
            return Self::error("D_PROTO_LEN", pos, text);
        };
        let t = self.value(key)?;
        let Some(n) = t.constant() else {
            let text = format!(
                "{name}[ ] argument #1 is incompatible with prototype:\n\tprototype: integer constant\n\t argument: {}",
                self.type_name(t.ty())
            );
            return Self::error("D_PROTO_ARG", pos, text);
        };
        Ok(n)
    }

    fn args(&mut self, keys: &[Node], pos: Pos) -> Result<Typed> {
        let n = self.constant_index("args", keys, pos)?;
        let Some(desc) = self.desc.clone() else {
            return Self::error("D_ARGS_NONE", pos, "args[ ] may not be referenced outside of a probe clause");
        };
        let name = desc.to_string();
        let Some(types) = self.context.probes.arguments(&desc).or_else(|| super::arguments::known(&desc)) else {
            let text =
                format!("args[ ] may not be referenced because probe description {name} matches an unstable set of probes");
            return Self::error("D_ARGS_MULTI", pos, text);
        };
        let at = usize::try_from(n).ok().and_then(|i| types.get(i));
        let (Some(text), Ok(index)) = (at, u32::try_from(n)) else {
            return Self::error("D_ARGS_IDX", pos, format!("index {n} is out of range for {name} args[ ]"));
        };
        let Some(ty) = self.type_from_text(text) else {
            return Self::error("D_ARGS_TYPE", pos, format!("failed to resolve native type for args[{n}]"));
        };
        Ok(Typed::new(ExprKind::Builtin(Builtin::Args(index)), ty, pos))
    }

    fn uregs(&mut self, keys: &[Node], pos: Pos) -> Result<Typed> {
        let n = self.constant_index("uregs", keys, pos)?;
        let Ok(index) = u32::try_from(n) else {
            return Self::error("D_REGS_IDX", pos, format!("index {n} is out of range for array uregs"));
        };
        if index > LAST_REGISTER {
            return Self::error("D_UNKNOWN", pos, format!("uregs[]: index out of bounds ({n})"));
        }
        let ty = self.types.named("uint64_t").unwrap_or(TypeId::ULONG);
        Ok(Typed::new(ExprKind::Uregs(index), ty, pos))
    }
}
