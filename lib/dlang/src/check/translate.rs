//! Translators: `translator` definitions and `xlate`.

use super::symbols::Name;
use super::typed::{Special, Typed};
use super::{Checker, ast_pos};
use crate::ast::{self, Node};
use crate::error::{Pos, Result};
use crate::types::{Type, TypeId};
use std::rc::Rc;

/// A translator.
#[derive(Clone, Debug)]
pub(super) struct Translator {
    /// What it makes.
    pub(super) output: TypeId,
    /// What it takes.
    input: TypeId,
    /// What its members' expressions call the input.
    name: String,
    /// Members and their expressions.
    members: Rc<Vec<(String, Node)>>,
}

/// A use of a translator.
#[derive(Clone, Debug)]
pub(super) struct Translation {
    /// Which translator, by index.
    translator: usize,
    /// The type it makes.
    pub(super) output: TypeId,
    /// Whether it stands for a pointer to what is made.
    pub(super) pointer: bool,
    /// The input.
    input: Typed,
}

impl Checker<'_> {
    /// A translator's definition.
    pub(super) fn translator(&mut self, t: ast::Translator) -> Result<()> {
        let pos = t.pos;
        let output = self.type_of(&t.output)?;
        let input = self.type_of(&t.input)?;
        let exact = |x: &Translator| {
            self.types.base(x.output) == self.types.base(output) && self.types.base(x.input) == self.types.base(input)
        };
        if self.translators.iter().any(exact) {
            let text =
                format!("translator from {} to {} has already been declared", self.type_name(input), self.type_name(output));
            return Self::error("D_XLATE_REDECL", pos, text);
        }
        match self.types.kind(output) {
            Type::Struct { members: None, .. } => {
                let text = format!("incomplete struct/union/enum {}", self.type_name(output));
                return Self::error("D_XLATE_SOU", pos, text);
            }
            Type::Struct { .. } => {}
            _ => return Self::error("D_XLATE_SOU", pos, "translator output type must be a struct or union"),
        }
        self.translators.push(Translator { output, input, name: t.name.clone(), members: Rc::new(t.members.clone()) });
        self.bound.push((t.name, Name::Bound(Rc::new(Self::like(input, pos)))));
        let checked = self.translator_members(output, &t.members, pos);
        self.bound.pop();
        checked
    }

    fn translator_members(&mut self, output: TypeId, members: &[(String, Node)], pos: Pos) -> Result<()> {
        for (name, node) in members {
            let Some(member) = self.types.member(output, name) else {
                let text = format!("translator member {name} is not a member of {}", self.type_name(output));
                return Self::error("D_XLATE_MEMB", pos, text);
            };
            let value = self.value(node)?;
            let like = Self::like(member.ty, pos);
            let translated = matches!(value.special, Special::Translated(_));
            if !translated && !self.types.accepts(&like, &value) {
                let text = format!(
                    "translator member {name} definition uses incompatible types: \"{}\" = \"{}\"",
                    self.type_name(member.ty),
                    value.type_name(&self.types)
                );
                return Self::error("D_XLATE_INCOMPAT", ast_pos(node), text);
            }
        }
        Ok(())
    }

    /// The translator from one type to another, exact types before compatible ones.
    fn find_translator(&self, input: TypeId, output: TypeId) -> Option<usize> {
        let made = |x: &Translator| self.types.base(x.output) == self.types.base(output);
        let exact = |x: &Translator| made(x) && self.types.base(x.input) == self.types.base(input);
        let fuzzy = |x: &Translator| {
            made(x) && self.types.accepts(&Self::like(x.input, Pos::default()), &Self::like(input, Pos::default()))
        };
        self.translators.iter().position(exact).or_else(|| self.translators.iter().position(fuzzy))
    }

    /// Whether something translates one type to another.
    pub(super) fn translates(&self, input: TypeId, output: TypeId) -> bool {
        self.find_translator(input, output).is_some()
    }

    /// `xlate <ty> (operand)`
    pub(super) fn xlate(&mut self, ty: TypeId, operand: &Node, pos: Pos) -> Result<Typed> {
        let input = self.value(operand)?;
        let (output, pointer) = match self.types.kind(ty) {
            Type::Pointer(to) => (*to, true),
            _ => (ty, false),
        };
        let Some(translator) = self.find_translator(input.ty(), output) else {
            let text = format!("cannot translate from \"{}\" to \"{}\"", input.type_name(&self.types), self.type_name(ty));
            return Self::error("D_XLATE_NONE", pos, text);
        };
        Ok(self.translated(Translation { translator, output, pointer, input }, pointer, pos))
    }

    /// A translation as an expression.
    pub(super) fn translated(&self, mut translation: Translation, pointer: bool, pos: Pos) -> Typed {
        translation.pointer = pointer;
        let mut t = Self::like(TypeId::DYNAMIC, pos);
        t.special = Special::Translated(Box::new(translation));
        t
    }

    /// A member of translated data: its expression, with the input in place of the name.
    pub(super) fn translated_member(&mut self, translation: &Translation, member: &str, pos: Pos) -> Result<Typed> {
        let Some(translator) = self.translators.get(translation.translator).cloned() else {
            return Self::error("D_XLATE_NONE", pos, "no translator");
        };
        let Some((_, node)) = translator.members.iter().find(|(name, _)| name == member) else {
            let text = format!("translator does not define conversion for member: {member}");
            return Self::error("D_XLATE_NOCONV", pos, text);
        };
        self.bound.push((translator.name.clone(), Name::Bound(Rc::new(translation.input.clone()))));
        let value = self.value(node);
        self.bound.pop();
        let value = value?;
        let ty = self.types.member(translator.output, member).map_or(value.ty(), |m| m.ty);
        if matches!(value.special, Special::Translated(_)) {
            return Ok(value);
        }
        let mut t = Self::like(ty, pos);
        t.expr = if matches!(self.types.kind(ty), Type::Array { .. }) { value.expr } else { self.convert(value, ty) };
        t.expr.ty = if matches!(self.types.kind(ty), Type::Array { .. }) { TypeId::STRING } else { ty };
        t.expr.pos = pos;
        Ok(t)
    }

    /// Translated data as a whole is not supported as a value: each member is translated where it is used.
    pub(super) fn translated_value(&mut self, translation: &Translation, pos: Pos) -> Result<Typed> {
        let name = self.type_name(translation.output);
        Self::error("D_CG_DYN", pos, format!("expression cannot evaluate to translated data of type {name}"))
    }
}
