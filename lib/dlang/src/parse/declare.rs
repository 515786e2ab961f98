//! Declarations: specifiers, declarators, parameters.

use super::Parser;
use crate::ast::{Base, Class, Declaration, Declarator, Derivation, Field, Parameter, Specifiers, TypeName};
use crate::error::{Error, Pos, Result};
use crate::lex::token::Tok;

const CLASSES: &[(&str, Class)] = &[
    ("auto", Class::Auto),
    ("register", Class::Register),
    ("static", Class::Static),
    ("extern", Class::Extern),
    ("typedef", Class::Typedef),
    ("self", Class::SelfThread),
    ("this", Class::This),
];

const TYPE_WORDS: &[&str] = &[
    "void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "string", "struct", "union", "enum",
    "const", "volatile", "restrict",
];

/// Whether a declarator has a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// It must.
    Required,
    /// It may: a parameter.
    Optional,
    /// It may not: a type name.
    None,
}

impl Parser<'_> {
    /// Whether a type begins here.
    pub(super) fn at_type(&mut self) -> Result<bool> {
        let name = match &self.peek()?.kind {
            Tok::Key(key) => return Ok(TYPE_WORDS.contains(key)),
            Tok::Ident(name) => name.clone(),
            _ => return Ok(false),
        };
        Ok(self.lexer.types.contains(&name))
    }

    /// `specifiers declarator, ... ;`
    pub(super) fn declaration(&mut self) -> Result<Declaration> {
        self.lexer.outer = false;
        let specifiers = self.specifiers(true)?;
        let mut declarators = vec![];
        if !self.at(";")? {
            loop {
                declarators.push(self.declarator(Naming::Required)?);
                if !self.accept(",")? {
                    break;
                }
            }
        }
        let pos = self.expect(";")?.pos;
        self.lexer.outer = true;
        Ok(Declaration { specifiers, declarators, pos })
    }

    /// Declaration specifiers; storage classes only where they may be.
    pub(super) fn specifiers(&mut self, classes: bool) -> Result<Specifiers> {
        let mut s = Specifiers::default();
        let mut any = false;
        loop {
            let token = self.peek()?.clone();
            match token.kind {
                Tok::Key(key) if classes && CLASSES.iter().any(|c| c.0 == key) => {
                    if s.class.is_some() {
                        return Err(Error::new("D_DECL_CLASS", token.pos, "only one storage class allowed in a declaration"));
                    }
                    s.class = CLASSES.iter().find(|c| c.0 == key).map(|c| c.1);
                    self.take()?;
                }
                Tok::Key(key @ ("const" | "volatile" | "restrict")) => {
                    s.qualifiers.push(key);
                    self.take()?;
                }
                Tok::Key(key) if TYPE_WORDS.contains(&key) => self.type_word(&mut s, key)?,
                Tok::Ident(name) if self.lexer.types.contains(&name) && names_type(&s) => {
                    self.take()?;
                    set_base(&mut s, Base::Named(name), token.pos)?;
                }
                _ if any => return Ok(s),
                _ => return Err(self.unexpected()),
            }
            any = true;
        }
    }

    fn type_word(&mut self, s: &mut Specifiers, key: &'static str) -> Result<()> {
        let pos = self.take()?.pos;
        match key {
            "signed" => s.signed = true,
            "unsigned" => s.unsigned = true,
            "short" => s.short = true,
            "long" => s.longs = (s.longs + 1).min(2),
            "string" => return set_base(s, Base::Named("string".into()), pos),
            "struct" | "union" => {
                let base = self.structure(key == "union")?;
                return set_base(s, base, self.last);
            }
            "enum" => {
                let base = self.enumeration()?;
                return set_base(s, base, self.last);
            }
            _ => return set_base(s, Base::Basic(key), pos),
        }
        check(s, pos)
    }

    fn tag(&mut self) -> Result<Option<String>> {
        match self.peek()?.kind {
            Tok::Ident(_) => self.name().map(Some),
            _ => Ok(None),
        }
    }

    fn structure(&mut self, union: bool) -> Result<Base> {
        let tag = self.tag()?;
        if !self.at("{")? {
            return if tag.is_some() { Ok(Base::Struct { union, tag, members: None }) } else { Err(self.unexpected()) };
        }
        self.take()?;
        let mut members = vec![];
        while !self.at("}")? {
            self.nested(|p| p.fields(&mut members))?;
        }
        if members.is_empty() {
            return Err(self.unexpected());
        }
        self.take()?;
        Ok(Base::Struct { union, tag, members: Some(members) })
    }

    fn fields(&mut self, members: &mut Vec<Field>) -> Result<()> {
        let specifiers = self.specifiers(false)?;
        let mut continued = false;
        loop {
            let declarator = if self.at(":")? || self.at(";")? {
                Declarator { pos: self.peek()?.pos, ..Declarator::default() }
            } else {
                self.declarator(Naming::Required)?
            };
            let bits = if self.accept(":")? { Some(self.conditional_expression()?) } else { None };
            let pos = self.peek()?.pos;
            members.push(Field { specifiers: specifiers.clone(), declarator, bits, pos, continued });
            continued = true;
            if !self.accept(",")? {
                break;
            }
        }
        self.expect(";")?;
        Ok(())
    }

    fn enumeration(&mut self) -> Result<Base> {
        let tag = self.tag()?;
        if !self.at("{")? {
            return if tag.is_some() { Ok(Base::Enum { tag, values: None }) } else { Err(self.unexpected()) };
        }
        self.take()?;
        let mut values = vec![];
        loop {
            let name = self.name()?;
            let value = if self.accept("=")? { Some(self.assignment()?) } else { None };
            values.push((name, value, self.last));
            if !self.accept(",")? || self.at("}")? {
                break;
            }
        }
        self.expect("}")?;
        Ok(Base::Enum { tag, values: Some(values) })
    }

    /// A declarator; an abstract one may lack its name.
    pub(super) fn declarator(&mut self, naming: Naming) -> Result<Declarator> {
        self.nested(|p| {
            if p.accept("*")? {
                let mut qualifiers = vec![];
                while let Tok::Key(key @ ("const" | "volatile" | "restrict")) = p.peek()?.kind {
                    p.take()?;
                    qualifiers.push(key);
                }
                let mut inner = p.declarator(naming)?;
                inner.derivations.push(Derivation::Pointer(qualifiers));
                return Ok(inner);
            }
            p.direct_declarator(naming)
        })
    }

    fn direct_declarator(&mut self, naming: Naming) -> Result<Declarator> {
        let mut d = match self.peek()?.kind.clone() {
            Tok::Ident(name) if naming != Naming::None => {
                let pos = self.take()?.pos;
                Declarator { name: Some(name), derivations: vec![], pos }
            }
            Tok::Op("(") if self.parenthesized_declarator()? => {
                let inner = self.declarator(naming)?;
                self.expect(")")?;
                inner
            }
            _ if naming != Naming::Required => Declarator { pos: self.last, ..Declarator::default() },
            _ => return Err(self.unexpected()),
        };
        loop {
            if self.accept("[")? {
                d.derivations.push(self.subscript()?);
            } else if self.accept("(")? {
                let params = self.parameters(")")?;
                d.derivations.push(Derivation::Function(params));
            } else {
                d.pos = self.last;
                return Ok(d);
            }
        }
    }

    /// Takes `(` if it opens a nested declarator and not a parameter list; else leaves the lexer as it was by leaving `(` taken
    /// for the caller: parameter lists of abstract declarators are read here.
    fn parenthesized_declarator(&mut self) -> Result<bool> {
        let open = self.take()?;
        if self.at_type()? || self.at(")")? || self.at("...")? {
            self.pushed = self.next.take();
            self.next = Some(open);
            return Ok(false);
        }
        Ok(true)
    }

    fn subscript(&mut self) -> Result<Derivation> {
        if self.accept("]")? {
            return Ok(Derivation::Array(None));
        }
        if self.at_type()?
            || self.at("...")?
            || matches!(self.peek()?.kind, Tok::Key("auto" | "register" | "static" | "extern" | "typedef"))
        {
            return Ok(Derivation::Tuple(self.parameters("]")?));
        }
        let size = self.conditional_expression()?;
        self.expect("]")?;
        Ok(Derivation::Array(Some(Box::new(size))))
    }

    /// Parameters up to `close`.
    pub(super) fn parameters(&mut self, close: &str) -> Result<Vec<Parameter>> {
        let mut list = vec![];
        if self.accept(close)? {
            return Ok(list);
        }
        loop {
            if self.accept("...")? {
                list.push(Parameter { ty: None, pos: self.last });
                self.expect(close)?;
                return Ok(list);
            }
            let specifiers = self.specifiers(true)?;
            if !matches!(specifiers.class, None | Some(Class::Register)) {
                let text = "inappropriate storage class for function or associative array parameter";
                return Err(Error::new("D_DECL_PARMCLASS", self.last, text));
            }
            let declarator = self.declarator(Naming::Optional)?;
            let pos = self.last;
            list.push(Parameter { ty: Some(TypeName { specifiers, declarator, pos }), pos });
            if !self.accept(",")? {
                self.expect(close)?;
                return Ok(list);
            }
        }
    }

    /// A type name.
    pub(super) fn type_name(&mut self) -> Result<TypeName> {
        let specifiers = self.specifiers(false)?;
        let declarator = match self.peek()?.kind {
            Tok::Op("*" | "[" | "(") => self.declarator(Naming::None)?,
            _ => Declarator { pos: self.last, ..Declarator::default() },
        };
        Ok(TypeName { specifiers, declarator, pos: self.last })
    }
}

/// Whether a type's name may still come: after another type it is the name declared.
fn names_type(s: &Specifiers) -> bool {
    matches!(s.base, Base::None) && !s.signed && !s.unsigned && !s.short && s.longs == 0
}

fn set_base(s: &mut Specifiers, base: Base, pos: Pos) -> Result<()> {
    if !matches!(s.base, Base::None) {
        return Err(Error::new("D_DECL_COMBO", pos, "invalid type combination"));
    }
    if let Base::Named(name) | Base::Struct { tag: Some(name), .. } | Base::Enum { tag: Some(name), .. } = &base {
        if name.contains('`') {
            return Err(Error::new("D_DECL_SCOPE", pos, "D scoping operator may not be used in a type name"));
        }
    }
    s.base = base;
    check(s, pos)
}

/// The combinations of type words C forbids.
fn check(s: &Specifiers, pos: Pos) -> Result<()> {
    let sized = s.short || s.longs > 0;
    let sign = s.signed || s.unsigned;
    let bad = |tag, text: &str| Err(Error::new(tag, pos, format!("invalid type declaration: {text}")));
    match &s.base {
        Base::None => Ok(()),
        Base::Basic("char") if sized => bad("D_DECL_CHARATTR", "short and long may not be used with char type"),
        Base::Basic("void") if sized || sign => bad("D_DECL_VOIDATTR", "attributes may not be used with void type"),
        Base::Basic("char" | "int" | "void") => Ok(()),
        _ if sign => bad("D_DECL_SIGNINT", "signed and unsigned may only be used with integer type"),
        Base::Basic(_) => Ok(()),
        _ if s.longs > 0 => bad("D_DECL_LONGINT", "long and long long may only be used with integer or floating-point type"),
        _ => Ok(()),
    }
}
