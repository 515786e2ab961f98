//! Types from their declarations.

use super::Checker;
use super::typed::Typed;
use crate::ast::{Base, Declarator, Derivation, Field, NodeKind, Parameter, Specifiers, TypeName};
use crate::error::{Pos, Result};
use crate::program::ExprKind;
use crate::types::{Member, Type, TypeId};

/// Names and types of parameters.
pub(super) type Parameters = Vec<(Option<String>, TypeId)>;

/// What a list of parameters may have.
#[derive(Clone, Copy)]
pub(super) struct May {
    /// `...`
    pub(super) vary: bool,
    /// `void`
    pub(super) be_void: bool,
    /// Parameters without names.
    pub(super) be_unnamed: bool,
}

impl Checker<'_> {
    /// The type a type name stands for.
    pub(super) fn type_of(&mut self, name: &TypeName) -> Result<TypeId> {
        let base = self.base_type(&name.specifiers, name.pos)?;
        self.derive(base, &name.declarator, 0)
    }

    /// The type specifiers stand for; structures and enumerations defined in them are made.
    pub(super) fn base_type(&mut self, s: &Specifiers, pos: Pos) -> Result<TypeId> {
        let ty = match &s.base {
            Base::Struct { union, tag, members } => self.structure(*union, tag.as_deref(), members.as_deref(), pos)?,
            Base::Enum { tag, values } => self.enumeration(tag.as_deref(), values.as_deref(), pos)?,
            Base::None => self.plain_type(s, "", pos)?,
            Base::Basic(name) => self.plain_type(s, name, pos)?,
            Base::Named(name) => self.plain_type(s, name, pos)?,
        };
        let mut ty = ty;
        for with in &s.qualifiers {
            ty = self.types.add(Type::Qualified { with, of: ty });
        }
        Ok(ty)
    }

    fn plain_type(&mut self, s: &Specifiers, word: &str, pos: Pos) -> Result<TypeId> {
        let sized = s.short || s.longs > 0;
        let mut words = vec![];
        for (set, name) in [
            (s.signed, "signed"),
            (s.unsigned, "unsigned"),
            (s.short, "short"),
            (s.longs == 1, "long"),
            (s.longs == 2, "long long"),
        ] {
            if set {
                words.push(name);
            }
        }
        if !(word.is_empty() || word == "int" && sized) {
            words.push(word);
        }
        let name = if words.is_empty() { "int".to_owned() } else { words.join(" ") };
        let blank = if word.is_empty() { " " } else { "" };
        match self.types.named(&name) {
            Some(ty) => Ok(ty),
            None => Self::error("D_UNKNOWN", pos, format!("failed to resolve type {name}{blank}: Unknown type name")),
        }
    }

    /// The type of a declarator from its `from`th derivation on.
    pub(super) fn derive(&mut self, base: TypeId, d: &Declarator, from: usize) -> Result<TypeId> {
        let mut ty = base;
        for derivation in d.derivations.iter().skip(from).rev() {
            ty = match derivation {
                Derivation::Pointer(qualifiers) => {
                    let mut ty = self.types.pointer(ty);
                    for with in qualifiers {
                        ty = self.types.add(Type::Qualified { with, of: ty });
                    }
                    ty
                }
                Derivation::Array(size) => {
                    if self.types.is_void(ty) {
                        return Self::error("D_DECL_VOIDOBJ", d.pos, "cannot declare array of void");
                    }
                    let len = match size {
                        Some(size) => self.dimension(size, d.pos)?,
                        None => 0,
                    };
                    self.types.add(Type::Array { of: ty, len })
                }
                Derivation::Tuple(_) => {
                    return Self::error("D_DECL_DYNOBJ", d.pos, "cannot declare array of associative arrays");
                }
                Derivation::Function(params) => {
                    let may = May { vary: true, be_void: true, be_unnamed: true };
                    let (params, variadic) = self.prototype(params, "function", may)?;
                    let params = params.into_iter().map(|p| p.1).collect();
                    self.types.add(Type::Function { result: ty, params, variadic })
                }
            };
        }
        Ok(ty)
    }

    fn dimension(&mut self, size: &crate::ast::Node, pos: Pos) -> Result<u32> {
        let size = self.value(size)?;
        let Some(n) = size.constant().filter(|_| size.is_positive(&self.types)) else {
            let text = "positive integral constant expression or tuple signature expected as array declaration subscript";
            return Self::error("D_DECL_ARRSUB", pos, text);
        };
        match u32::try_from(crate::bits::unsigned(n)) {
            Ok(n) => Ok(n),
            Err(_) => Self::error("D_DECL_ARRBIG", pos, "array dimension too big"),
        }
    }

    /// Parameters with their names and types, and whether `...` ends them.
    pub(super) fn prototype(&mut self, params: &[Parameter], kind: &str, may: May) -> Result<(Parameters, bool)> {
        let mut list: Parameters = vec![];
        let mut voids = 0;
        for (i, param) in params.iter().enumerate() {
            let n = i + 1;
            let Some(name) = &param.ty else {
                if may.vary {
                    return Ok((list, true));
                }
                let text = format!("{kind} prototype may not use a variable-length argument list");
                return Self::error("D_DECL_PROTO_VARARGS", param.pos, text);
            };
            let ty = self.type_of(name)?;
            let label = name.declarator.name.clone();
            let void = self.types.is_void(ty);
            voids += usize::from(void);
            let shown = label.clone().unwrap_or_else(|| "(anonymous)".into());
            if void && !may.be_void {
                let text = format!("{kind} prototype may not use parameter of type void: {shown}, parameter #{n}");
                return Self::error("D_DECL_PROTO_TYPE", param.pos, text);
            }
            if void && label.is_some() {
                return Self::error("D_DECL_PROTO_NAME", param.pos, format!("void parameter may not have a name: {shown}"));
            }
            if label.is_some() && list.iter().any(|p| p.0 == label) {
                let text = format!("parameter is already declared in {kind} prototype: {shown}, parameter #{n}");
                return Self::error("D_DECL_PROTO_FORM", param.pos, text);
            }
            if label.is_none() && !void && !may.be_unnamed {
                return Self::error(
                    "D_DECL_PROTO_NAME",
                    param.pos,
                    format!("parameter declaration requires a name: parameter #{n}"),
                );
            }
            list.push((label, ty));
        }
        if voids > 0 && params.len() > 1 {
            let pos = params.last().map_or(Pos::default(), |p| p.pos);
            return Self::error("D_DECL_PROTO_VOID", pos, "void must be sole parameter");
        }
        if voids > 0 {
            list.clear();
        }
        Ok((list, false))
    }

    fn structure(&mut self, union: bool, tag: Option<&str>, members: Option<&[Field]>, pos: Pos) -> Result<TypeId> {
        let word = if union { "union" } else { "struct" };
        let key = tag.map(|tag| format!("{word} {tag}"));
        let known = key.as_ref().and_then(|key| self.types.named(key));
        let Some(fields) = members else {
            if let Some(known) = known {
                return Ok(known);
            }
            return Ok(self.forward(union, tag, key.as_deref()));
        };
        if known.is_some_and(|id| matches!(self.types.get(id), Type::Struct { members: Some(_), .. })) {
            return Self::error("D_DECL_TYPERED", pos, format!("type redeclared: {}", key.unwrap_or_default()));
        }
        let id = match known {
            Some(id) => id,
            None => self.forward(union, tag, key.as_deref()),
        };
        let mut layout = Layout { union, members: vec![], bits: 0, bytes: 0, align: 1, fields: false };
        let mut base = TypeId::INT;
        for field in fields {
            if !field.continued {
                base = self.base_type(&field.specifiers, field.pos)?;
            }
            self.field_of(&mut layout, base, field)?;
        }
        let (bytes, align) = (layout.size(), layout.align);
        let members = layout.members;
        let tag = tag.unwrap_or_default().to_owned();
        self.types.complete(id, Type::Struct { union, tag, members: Some(members), bytes, align });
        Ok(id)
    }

    /// A tag declared and not defined yet.
    fn forward(&mut self, union: bool, tag: Option<&str>, key: Option<&str>) -> TypeId {
        let tag = tag.unwrap_or_default().to_owned();
        let id = self.types.add(Type::Struct { union, tag, members: None, bytes: 0, align: 1 });
        if let Some(key) = key {
            self.types.tag(key, id);
        }
        id
    }

    /// Lays one member out.
    fn field_of(&mut self, layout: &mut Layout, base: TypeId, field: &Field) -> Result<()> {
        let pos = field.pos;
        let ty = self.derive(base, &field.declarator, 0)?;
        let name = field.declarator.name.clone();
        let shown = name.clone().unwrap_or_else(|| "(anon)".into());
        if shown.contains('`') {
            let text = format!("D scoping operator may not be used in a member name ({shown})");
            return Self::error("D_DECL_SCOPE", pos, text);
        }
        let anonymous = matches!(self.types.kind(ty), Type::Struct { .. });
        if name.is_none() && field.bits.is_none() && !anonymous {
            return Self::error("D_DECL_MNAME", pos, "member declaration requires a name");
        }
        let incomplete = matches!(self.types.kind(ty), Type::Struct { members: None, .. } | Type::Enum { values: None, .. });
        if incomplete {
            let text = format!("incomplete struct/union/enum {}: {shown}", self.type_name(ty));
            return Self::error("D_DECL_INCOMPLETE", pos, text);
        }
        let flexible = matches!(self.types.kind(ty), Type::Array { len: 0, .. });
        if self.types.size(ty) == 0 && !flexible {
            return Self::error("D_DECL_VOIDOBJ", pos, format!("cannot have void member: {shown}"));
        }
        if layout.members.iter().any(|m| !m.name.is_empty() && Some(&m.name) == name.as_ref()) {
            let text = format!("failed to define member '{shown}': Duplicate member or variable name");
            return Self::error("D_UNKNOWN", pos, text);
        }
        let bits = match &field.bits {
            Some(bits) => self.bit_width(bits, ty, name.is_none(), &shown, pos)?,
            None => None,
        };
        if field.bits.is_some() && bits.is_none() {
            return Ok(());
        }
        layout.push(name.unwrap_or_default(), ty, bits, self.types.size(ty), self.types.align(ty));
        Ok(())
    }

    /// The width of a bit-field; `None` for an unnamed one of width 0.
    fn bit_width(&mut self, bits: &crate::ast::Node, ty: TypeId, unnamed: bool, shown: &str, pos: Pos) -> Result<Option<u32>> {
        let bits = self.value(bits)?;
        if unnamed && bits.constant() == Some(0) {
            return Ok(None);
        }
        let Some(n) = bits.constant().filter(|_| bits.is_positive(&self.types)) else {
            let text = "positive integral constant expression expected as bit-field size";
            return Self::error("D_DECL_BFCONST", pos, text);
        };
        if !matches!(self.types.kind(ty), Type::Integer { .. }) {
            return Self::error("D_DECL_BFTYPE", pos, format!("invalid type for bit-field: {shown}"));
        }
        match u32::try_from(n).ok().filter(|n| u64::from(*n) <= self.types.size(ty) * 8) {
            Some(n) => Ok(Some(n)),
            None => Self::error("D_DECL_BFSIZE", pos, format!("bit-field too big for type: {shown}")),
        }
    }

    fn enumeration(
        &mut self,
        tag: Option<&str>,
        values: Option<&[(String, Option<crate::ast::Node>, Pos)]>,
        pos: Pos,
    ) -> Result<TypeId> {
        let key = tag.map(|tag| format!("enum {tag}"));
        let known = key.as_ref().and_then(|key| self.types.named(key));
        if let (Some(known), None) = (known, values) {
            return Ok(known);
        }
        if known.is_some_and(|id| matches!(self.types.get(id), Type::Enum { values: Some(_), .. })) {
            return Self::error("D_DECL_TYPERED", pos, format!("type redeclared: {}", key.unwrap_or_default()));
        }
        let empty = Type::Enum { tag: tag.unwrap_or_default().to_owned(), values: None };
        let id = known.unwrap_or_else(|| self.types.add(empty));
        if let Some(key) = &key {
            self.types.tag(key, id);
        }
        let Some(values) = values else { return Ok(id) };
        let mut list: Vec<(String, i32)> = vec![];
        for (name, value, pos) in values {
            let value = match value {
                Some(node) => self.enumerator_value(name, node, &list, *pos)?,
                None => list.last().map_or(0, |(_, last)| last.wrapping_add(1)),
            };
            self.new_enumerator(name, value, id, *pos)?;
            list.push((name.clone(), value));
        }
        let tag = tag.unwrap_or_default().to_owned();
        self.types.complete(id, Type::Enum { tag, values: Some(list) });
        Ok(id)
    }

    fn enumerator_value(&mut self, name: &str, node: &crate::ast::Node, list: &[(String, i32)], pos: Pos) -> Result<i32> {
        if let NodeKind::Ident(other) = &node.kind {
            if let Some((_, value)) = list.iter().find(|(n, _)| n == other) {
                return Ok(*value);
            }
        }
        let value = self.value(node)?;
        let Some(n) = value.constant() else {
            let text = format!("enumerator '{name}' must be assigned to an integral constant expression");
            return Self::error("D_DECL_ENCONST", pos, text);
        };
        match i32::try_from(n) {
            Ok(n) => Ok(n),
            Err(_) => {
                let text = format!("enumerator '{name}' value overflows INT_MAX ({})", i32::MAX);
                Self::error("D_DECL_ENOFLOW", pos, text)
            }
        }
    }

    fn new_enumerator(&mut self, name: &str, value: i32, ty: TypeId, pos: Pos) -> Result<()> {
        if name.contains('`') {
            let text = format!("D scoping operator may not be used in an enumerator name ({name})");
            return Self::error("D_DECL_SCOPE", pos, text);
        }
        if self.symbols.globals.contains_key(name) || super::prototype::find(name).is_some() {
            return Self::error("D_DECL_IDRED", pos, format!("identifier redeclared: {name}"));
        }
        self.symbols.globals.insert(name.into(), super::Name::Enumerator(value, ty));
        Ok(())
    }

    /// The type a piece of C text names, e.g. `struct foo *`.
    pub(super) fn type_from_text(&mut self, text: &str) -> Option<TypeId> {
        let text = text.trim();
        if let Some(inner) = text.strip_suffix('*') {
            let of = self.type_from_text(inner)?;
            return Some(self.types.pointer(of));
        }
        let text = text.strip_prefix("const ").unwrap_or(text).trim();
        if let Some(found) = self.types.named(text) {
            return Some(found);
        }
        let (word, tag) = text.split_once(' ')?;
        match word {
            "struct" | "union" => Some(self.forward(word == "union", Some(tag), Some(text))),
            "enum" => Some(TypeId::INT),
            _ => None,
        }
    }

    /// A value of a type, for comparing types where values are expected.
    pub(super) fn like(ty: TypeId, pos: Pos) -> Typed {
        Typed::new(ExprKind::Uregs(0), ty, pos)
    }
}

/// Bytes of the unit that holds a bit-field of its own: DTrace gives each one, the least power of two that holds its bits.
pub(super) fn bit_unit(width: u32) -> u32 {
    width.div_ceil(8).max(1).next_power_of_two()
}

/// A structure being laid out.
struct Layout {
    union: bool,
    members: Vec<Member>,
    /// End of the last member.
    bits: u64,
    /// End of the unit that ends last.
    bytes: u64,
    align: u32,
    /// Whether there are bit-fields.
    fields: bool,
}

impl Layout {
    fn push(&mut self, name: String, ty: TypeId, width: Option<u32>, size: u64, align: u64) {
        let start = if self.union { 0 } else { self.bits };
        let unit = width.map_or(align.max(1), |w| u64::from(bit_unit(w)));
        let bit_offset = start.next_multiple_of(8).next_multiple_of(unit.saturating_mul(8));
        let end = bit_offset.saturating_add(width.map_or(size.saturating_mul(8), u64::from));
        self.bits = self.bits.max(end);
        self.bytes = self.bytes.max((bit_offset / 8).saturating_add(if width.is_some() { unit } else { size }));
        self.fields |= width.is_some();
        self.align = self.align.max(u32::try_from(align).unwrap_or(1));
        self.members.push(Member { name, ty, bit_offset, bits: width });
    }

    /// Bytes of the whole: as in C, but DTrace adds nothing to the end of a structure with bit-fields.
    fn size(&self) -> u64 {
        if self.fields { self.bytes } else { self.bytes.next_multiple_of(u64::from(self.align)) }
    }
}
