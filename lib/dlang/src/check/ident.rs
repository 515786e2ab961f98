//! Names of variables.

use super::Checker;
use super::prototype;
use super::symbols::Name;
use super::typed::{Special, Typed};
use crate::error::{Pos, Result};
use crate::program::{Builtin, ExprKind, Place, Scope, Space, VarId, VarRef};
use crate::types::TypeId;

impl Checker<'_> {
    /// What a global name stands for, names bound by inlines and translators first.
    pub(super) fn lookup(&self, name: &str) -> Option<Name> {
        let bound = self.bound.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        bound.or_else(|| self.symbols.globals.get(name).cloned())
    }

    /// A name read or about to be written, which must be known.
    pub(super) fn ident(&mut self, name: &str, read: bool, pos: Pos) -> Result<Typed> {
        match self.lookup(name) {
            Some(found) => self.named(name, found, read, pos),
            None if name.contains('`') => self.symbol(name, pos),
            None => self.unknown(name, pos),
        }
    }

    /// A name that is made a variable if it is new.
    pub(super) fn ident_or_new(&mut self, name: &str, pos: Pos) -> Result<Typed> {
        if let Some(found) = self.lookup(name) {
            return self.named(name, found, false, pos);
        }
        if name.contains('`') {
            return self.symbol(name, pos);
        }
        if prototype::find(name).is_some() {
            return self.unknown(name, pos);
        }
        let id = self.symbols.create(name, Scope::Global);
        Ok(self.variable(id, vec![], pos))
    }

    /// `` `symbol `` or `` module`symbol `` of the kernel: a word there, as nothing tells its type.
    fn symbol(&mut self, name: &str, pos: Pos) -> Result<Typed> {
        let known = name.rsplit('`').next().and_then(|bare| self.context.probes.symbol(bare));
        let Some(address) = known else { return self.unknown(name, pos) };
        let pointer = self.types.pointer(TypeId::ULONG);
        let address = Typed::int(crate::bits::signed(address), pointer, pos).expr;
        Ok(self.at(address, TypeId::ULONG, false, pos))
    }

    fn unknown(&self, name: &str, pos: Pos) -> Result<Typed> {
        if let Some(function) = prototype::find(name) {
            let text = format!("{} '{name}' may not be referenced as scalar", function.kind.name());
            return Self::error("D_IDENT_BADREF", pos, text);
        }
        if name == "self" || name == "this" {
            return Self::error("D_IDENT_BADREF", pos, format!("pointer '{name}' may not be referenced as scalar"));
        }
        let why = if name.contains('`') { "Unknown symbol name" } else { "Unknown variable name" };
        Self::error("D_IDENT_UNDEF", pos, format!("failed to resolve {name}: {why}"))
    }

    fn named(&mut self, name: &str, found: Name, read: bool, pos: Pos) -> Result<Typed> {
        let kind = self.symbols.kind(&found);
        if kind == "associative array" {
            return Self::error("D_IDENT_BADREF", pos, format!("{kind} '{name}' may not be referenced as scalar"));
        }
        match found {
            Name::Builtin(builtin, ty) => Ok(self.builtin(builtin, ty, name, pos)),
            Name::Var(id) => {
                let t = self.variable(id, vec![], pos);
                self.known(&t, read, pos)?;
                Ok(t)
            }
            Name::Enumerator(value, ty) => Ok(Typed::int(i64::from(value), ty, pos)),
            Name::Inline(inline) => self.put_in(&inline, pos),
            Name::Bound(value) => Ok(Typed { expr: crate::program::Expr { pos, ..value.expr.clone() }, ..(*value).clone() }),
            Name::Args | Name::Uregs => self.unknown(name, pos),
        }
    }

    fn builtin(&self, builtin: Builtin, ty: TypeId, name: &str, pos: Pos) -> Typed {
        let space = if self.types.is_string(ty) { Space::Scratch } else { Space::Kernel };
        let mut t = Typed::new(ExprKind::Builtin(builtin), ty, pos).in_space(space);
        t.place = Some(Place::Memory(Box::new(t.expr.clone())));
        t.what = format!("scalar {name}");
        t
    }

    /// The variable `id` or one of its elements.
    pub(super) fn variable(&self, id: VarId, keys: Vec<crate::program::Expr>, pos: Pos) -> Typed {
        let Some(var) = self.symbols.var(id) else { return Typed::int(0, TypeId::INT, pos) };
        let kind = if var.keys.is_some() { "associative array" } else { "scalar" };
        let reference = VarRef { var: id, keys };
        let mut t = Typed::new(ExprKind::Var(reference.clone()), var.ty, pos);
        t.expr.space = if self.types.by_address(var.ty) { Space::Variable } else { var.space };
        t.place = Some(Place::Var(reference));
        t.writable = true;
        t.what = format!("{kind} {}", var.name);
        t.special = if self.symbols.is_fresh(id) { Special::Fresh(id) } else { Special::Var(id) };
        t
    }

    /// Refuses to read a variable nothing has been assigned to; what is used is known from then on.
    pub(super) fn known(&mut self, t: &Typed, read: bool, pos: Pos) -> Result<()> {
        let Special::Fresh(id) = t.special else { return Ok(()) };
        if !read {
            return Ok(());
        }
        let (prefix, name) = match self.symbols.var(id) {
            Some(v) if v.scope == Scope::Thread => ("self->", v.name.clone()),
            Some(v) if v.scope == Scope::Clause => ("this->", v.name.clone()),
            Some(v) => ("", v.name.clone()),
            None => ("", String::new()),
        };
        Self::error("D_VAR_UNDEF", pos, format!("{prefix}{name} has not yet been declared or assigned"))
    }

    /// `self->name` or `this->name`.
    pub(super) fn scoped(&mut self, scope: Scope, name: &str, read: bool, pos: Pos) -> Result<Typed> {
        let table = if scope == Scope::Thread { &self.symbols.thread } else { &self.symbols.clause };
        let id = match table.get(name) {
            Some(id) => *id,
            None => self.symbols.create(name, scope),
        };
        if self.symbols.var(id).is_some_and(|v| v.keys.is_some()) && read {
            let text = format!("associative array '{name}' may not be referenced as scalar");
            return Self::error("D_IDENT_BADREF", pos, text);
        }
        let t = self.variable(id, vec![], pos);
        self.known(&t, read, pos)?;
        Ok(t)
    }
}
