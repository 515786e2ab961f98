//! Declarations of variables, inlines and providers; putting inlines in.

use super::declare::May;
use super::symbols::{Inline, Name};
use super::typed::Typed;
use super::{Checker, prototype};
use crate::ast::{Class, Declaration, Declarator, Derivation, Node, Provider, Specifiers};
use crate::error::{Pos, Result};
use crate::program::{Scope, Space};
use crate::types::{Type, TypeId};
use std::rc::Rc;

impl Checker<'_> {
    /// A declaration of types and variables.
    pub(super) fn declaration(&mut self, d: &Declaration) -> Result<()> {
        let base = self.base_type(&d.specifiers, d.pos)?;
        if d.declarators.is_empty() {
            use crate::ast::Base;
            if !matches!(d.specifiers.base, Base::Struct { .. } | Base::Enum { .. }) {
                return Self::error("D_DECL_USELESS", d.pos, "useless declaration");
            }
            return Ok(());
        }
        for declarator in &d.declarators {
            self.declare(d.specifiers.class, base, declarator)?;
        }
        Ok(())
    }

    fn declare(&mut self, class: Option<Class>, base: TypeId, d: &Declarator) -> Result<()> {
        let name = d.name.clone().unwrap_or_default();
        let pos = d.pos;
        if name.contains('`') {
            let text = format!("D scoping operator may not be used in a declaration name ({name})");
            return Self::error("D_DECL_SCOPE", pos, text);
        }
        let tuple = match d.derivations.first() {
            Some(Derivation::Tuple(params)) => Some(params),
            _ => None,
        };
        let ty = self.derive(base, d, usize::from(tuple.is_some()))?;
        let function = matches!(self.types.kind(ty), Type::Function { .. });
        match class {
            Some(Class::Auto | Class::Register) => {
                Self::error("D_DECL_BADCLASS", pos, "specified storage class not appropriate in D")
            }
            Some(Class::Extern) => Ok(()),
            None | Some(Class::Static) if function => Ok(()),
            Some(Class::Static) => Self::error("D_DECL_BADCLASS", pos, "specified storage class not appropriate in D"),
            Some(Class::Typedef) => self.typedef(&name, ty, pos),
            None | Some(Class::SelfThread | Class::This) => {
                let scope = match class {
                    Some(Class::SelfThread) => Scope::Thread,
                    Some(Class::This) => Scope::Clause,
                    _ => Scope::Global,
                };
                let keys = match tuple {
                    Some(params) => {
                        let may = May { vary: false, be_void: false, be_unnamed: true };
                        Some(self.prototype(params, "array", may)?.0)
                    }
                    None => None,
                };
                self.declare_variable(scope, &name, ty, keys, d)
            }
        }
    }

    fn typedef(&mut self, name: &str, ty: TypeId, pos: Pos) -> Result<()> {
        if self.symbols.globals.contains_key(name) || prototype::find(name).is_some() {
            return Self::error("D_DECL_IDRED", pos, format!("global variable identifier redeclared: {name}"));
        }
        if self.types.named(name).is_some() {
            return Self::error("D_DECL_IDRED", pos, format!("typedef redeclared: {name}"));
        }
        self.types.define(name, ty);
        Ok(())
    }

    fn declare_variable(
        &mut self,
        scope: Scope,
        name: &str,
        ty: TypeId,
        keys: Option<Vec<(Option<String>, TypeId)>>,
        d: &Declarator,
    ) -> Result<()> {
        let pos = d.pos;
        if matches!(d.derivations.first(), Some(Derivation::Array(None))) {
            let text = format!("array declaration requires array dimension or tuple signature: {name}");
            return Self::error("D_DECL_ARRNULL", pos, text);
        }
        let known = match scope {
            Scope::Global => match self.symbols.globals.get(name) {
                Some(Name::Var(id)) => Some(*id),
                None if prototype::find(name).is_none() => None,
                Some(Name::Inline(_) | Name::Enumerator(..)) if !self.is_library(name) => {
                    let shown = self.type_name(ty);
                    let text = format!(
                        "identifier redeclared: {name}\n\t current: scalar {shown}\n\tprevious: {}",
                        self.symbols.globals.get(name).map_or("", |n| self.symbols.kind(n))
                    );
                    return Self::error("D_DECL_IDRED", pos, text);
                }
                _ => return Self::error("D_DECL_IDRED", pos, format!("built-in identifier redeclared: {name}")),
            },
            Scope::Thread => self.symbols.thread.get(name).copied(),
            Scope::Clause => self.symbols.clause.get(name).copied(),
        };
        if self.types.named(name).is_some() {
            return Self::error("D_DECL_IDRED", pos, format!("typedef identifier redeclared: {name}"));
        }
        if keys.is_some() && scope == Scope::Clause {
            let text = format!("associative arrays may not be declared as local variables: {name}");
            return Self::error("D_DECL_LOCASSC", pos, text);
        }
        if let Some(id) = known {
            return self.redeclared(id, name, ty, keys.as_deref(), pos);
        }
        match self.types.kind(ty) {
            Type::Void => return Self::error("D_DECL_VOIDOBJ", pos, format!("cannot have void object: {name}")),
            Type::Struct { members: None, .. } | Type::Enum { values: None, .. } => {
                let text = format!("incomplete struct/union/enum {}: {name}", self.type_name(ty));
                return Self::error("D_DECL_INCOMPLETE", pos, text);
            }
            _ => {}
        }
        let id = self.symbols.create(name, scope);
        self.set_type(id, ty, Space::Kernel);
        if let Some(keys) = keys {
            let keys = keys.into_iter().map(|(_, ty)| Self::like(ty, pos)).collect();
            self.symbols.array_keys.insert(id, keys);
            if let Some(var) = self.symbols.variables.get_mut(id.0) {
                var.keys = Some(vec![]);
            }
        }
        Ok(())
    }

    /// Whether a constant is one every program has.
    fn is_library(&self, name: &str) -> bool {
        matches!(self.symbols.globals.get(name), Some(Name::Enumerator(_, ty)) if *ty == TypeId::INT || *ty == TypeId::LONG)
    }

    /// A variable declared again must be declared the same.
    fn redeclared(
        &self,
        id: crate::program::VarId,
        name: &str,
        ty: TypeId,
        keys: Option<&[(Option<String>, TypeId)]>,
        pos: Pos,
    ) -> Result<()> {
        let Some(var) = self.symbols.var(id) else { return Ok(()) };
        let kind = |array: bool| if array { "associative array" } else { "scalar" };
        let (now, before) = (kind(keys.is_some()), kind(var.keys.is_some()));
        if now != before || self.types.base(var.ty) != self.types.base(ty) {
            let text = format!(
                "identifier redeclared: {name}\n\t current: {now} {}\n\tprevious: {before} {}",
                self.type_name(ty),
                self.type_name(var.ty)
            );
            return Self::error("D_DECL_IDRED", pos, text);
        }
        let Some(keys) = keys else { return Ok(()) };
        let old = self.symbols.array_keys.get(&id).map_or(&[][..], Vec::as_slice);
        for (i, ((_, key), old)) in keys.iter().zip(old).enumerate() {
            if self.types.base(*key) != self.types.base(old.ty()) {
                let n = i + 1;
                let text = format!(
                    "identifier redeclared: {name}\n\t current: {now}, key #{n} of type {}\n\tprevious: {before}, key #{n} of type {}",
                    self.type_name(*key),
                    self.type_name(old.ty())
                );
                return Self::error("D_DECL_IDRED", pos, text);
            }
        }
        if keys.len() != old.len() {
            let text = format!(
                "identifier redeclared: {name}\n\t current: {now} of {}, tuple length {}\n\tprevious: {before} of {}, tuple length {}",
                self.type_name(ty),
                keys.len(),
                self.type_name(var.ty),
                old.len()
            );
            return Self::error("D_DECL_IDRED", pos, text);
        }
        Ok(())
    }

    /// `inline type name = value;`
    pub(super) fn inline(&mut self, s: &Specifiers, d: &Declarator, value: Node) -> Result<()> {
        let pos = value.pos;
        let base = self.base_type(s, d.pos)?;
        if s.class.is_some() {
            let text = "specified storage class not appropriate for inline declaration";
            return Self::error("D_DECL_BADCLASS", pos, text);
        }
        let name = d.name.clone().unwrap_or_default();
        if let Some(kind) = self.taken(&name) {
            let text = format!("identifier redefined: {name}\n\t current: inline definition\n\tprevious: {kind}");
            return Self::error("D_DECL_IDRED", pos, text);
        }
        let parameters = match d.derivations.first() {
            Some(Derivation::Tuple(params)) => {
                let may = May { vary: false, be_void: false, be_unnamed: true };
                Some(self.prototype(params, "array", may)?.0)
            }
            Some(Derivation::Array(None)) => {
                let text = format!("inline declaration requires array tuple signature: {name}");
                return Self::error("D_DECL_ARRNULL", pos, text);
            }
            Some(Derivation::Array(Some(_))) => {
                let text = format!("inline declaration cannot be of scalar array type: {name}");
                return Self::error("D_DECL_ARRNULL", pos, text);
            }
            _ => None,
        };
        let ty = self.derive(base, d, usize::from(parameters.is_some()))?;
        if self.types.is_void(ty) {
            return Self::error("D_DECL_VOIDOBJ", pos, format!("cannot declare void inline: {name}"));
        }
        if matches!(self.types.kind(ty), Type::Struct { members: None, .. }) {
            let text = format!("incomplete struct/union/enum {}: {name}", self.type_name(ty));
            return Self::error("D_DECL_INCOMPLETE", pos, text);
        }
        let inline = Rc::new(Inline { ty, parameters, value });
        self.try_inline(&name, &inline, pos)?;
        self.symbols.globals.insert(name, Name::Inline(inline));
        Ok(())
    }

    /// What a global name is already, as a redefinition error says it.
    fn taken(&self, name: &str) -> Option<String> {
        if let Some(function) = prototype::find(name) {
            return Some(format!("{} ", function.kind.name()));
        }
        let found = self.symbols.globals.get(name)?;
        let kind = self.symbols.kind(found);
        Some(format!("{kind} {}", if matches!(found, Name::Inline(_) | Name::Enumerator(..)) { "inline" } else { "" }))
    }

    /// Checks an inline's definition once, with values of the parameters' types.
    fn try_inline(&mut self, name: &str, inline: &Inline, pos: Pos) -> Result<()> {
        let depth = self.bound.len();
        for (label, ty) in inline.parameters.iter().flatten() {
            if let Some(label) = label {
                self.bound.push((label.clone(), Name::Bound(Rc::new(Self::like(*ty, pos)))));
            }
        }
        let value = self.value(&inline.value);
        self.bound.truncate(depth);
        let value = value?;
        let target = Self::like(inline.ty, pos);
        let translated = matches!(value.special, super::typed::Special::Translated(_));
        if !translated && !self.types.accepts(&target, &value) {
            let text = format!(
                "inline {name} definition uses incompatible types: \"{}\" = \"{}\"",
                self.type_name(inline.ty),
                value.type_name(&self.types)
            );
            return Self::error("D_OP_INCOMPAT", pos, text);
        }
        Ok(())
    }

    /// The value of an inline where it is used.
    pub(super) fn put_in(&mut self, inline: &Inline, pos: Pos) -> Result<Typed> {
        let value = self.value(&inline.value)?;
        if matches!(value.special, super::typed::Special::Translated(_)) || value.is_dynamic(&self.types) {
            return Ok(value);
        }
        let mut t = Self::like(inline.ty, pos);
        t.expr = self.convert(value, inline.ty);
        t.expr.pos = pos;
        Ok(t)
    }

    /// An element of an inline array: its expression with the keys in place of the parameters.
    pub(super) fn put_in_array(&mut self, name: &str, inline: &Inline, keys: &[Node], pos: Pos) -> Result<Typed> {
        let keys = keys.iter().map(|k| self.value(k)).collect::<Result<Vec<_>>>()?;
        let parameters = inline.parameters.clone().unwrap_or_default();
        let signature: Vec<Typed> = parameters.iter().map(|p| Self::like(p.1, pos)).collect();
        self.signature(name, "[ ]", "", "key", &signature, &keys, pos)?;
        let depth = self.bound.len();
        for ((label, _), key) in parameters.into_iter().zip(keys) {
            if let Some(label) = label {
                self.bound.push((label, Name::Bound(Rc::new(key))));
            }
        }
        let value = self.put_in(inline, pos);
        self.bound.truncate(depth);
        value
    }

    /// `provider name { probe ...; };`
    pub(super) fn provider(&mut self, p: &Provider) -> Result<()> {
        let name = &p.name;
        if name.contains('`') {
            let text = format!("provider name may not contain scoping operator: {name}");
            return Self::error("D_PROV_BADNAME", p.pos, text);
        }
        if name.len() >= 64 {
            return Self::error("D_PROV_BADNAME", p.pos, format!("provider name may not exceed 63 characters: {name}"));
        }
        if name.ends_with(|c: char| c.is_ascii_digit()) {
            return Self::error("D_PROV_BADNAME", p.pos, format!("provider name may not end with a digit: {name}"));
        }
        let mut seen: Vec<&String> = vec![];
        for probe in &p.probes {
            let dashed = probe.name.replace("__", "-");
            if probe.name.contains('`') {
                let text = format!("probe name may not contain scoping operator: ::{dashed}");
                return Self::error("D_PROV_BADNAME", probe.pos, text);
            }
            if probe.name.len() >= 128 {
                let text = format!("probe name may not exceed 127 characters: ::{dashed}");
                return Self::error("D_PROV_BADNAME", probe.pos, text);
            }
            let input = self.prototype(&probe.input, "probe input", May { vary: false, be_void: true, be_unnamed: true })?.0;
            if let Some(output) = &probe.output {
                let may = May { vary: false, be_void: true, be_unnamed: false };
                let output = self.prototype(output, "probe output", may)?.0;
                self.outputs(name, &dashed, &input, &output, probe.pos)?;
            }
            if seen.contains(&&probe.name) {
                return Self::error("D_PROV_PRDUP", probe.pos, format!("probe redeclared: {name}:::{dashed}"));
            }
            seen.push(&probe.name);
        }
        self.providers.push(name.clone());
        Ok(())
    }

    /// Output parameters name inputs, and can be made of them.
    fn outputs(
        &self,
        provider: &str,
        probe: &str,
        input: &[(Option<String>, TypeId)],
        output: &[(Option<String>, TypeId)],
        pos: Pos,
    ) -> Result<()> {
        for (i, (label, ty)) in output.iter().enumerate() {
            let shown = label.clone().unwrap_or_default();
            let Some((_, from)) = input.iter().find(|p| p.0 == *label) else {
                let text = format!("parameter is not declared in probe output prototype: {shown}, parameter #{}", i + 1);
                return Self::error("D_DECL_PROTO_FORM", pos, text);
            };
            let (a, b) = (Self::like(*ty, pos), Self::like(*from, pos));
            if !self.types.accepts(&a, &b) && !self.translates(*from, *ty) {
                let text = format!(
                    "translator for {provider}::{probe} output argument #{} from {} to {} is not defined",
                    i + 1,
                    self.type_name(*from),
                    self.type_name(*ty)
                );
                return Self::error("D_PROV_PRXLATOR", pos, text);
            }
        }
        Ok(())
    }
}
