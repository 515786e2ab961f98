//! The parser: recursive descent over the lexer's tokens, one outermost unit at a time, so that the compiler can tell the lexer
//! about new types before the next.

mod declare;
mod expression;

use crate::ast::{Clause, Provider, ProviderProbe, Spec, Statement, Translator, Unit};
use crate::context::Context;
use crate::error::{Error, Pos, Result};
use crate::lex::Lexer;
use crate::lex::token::{Tok, Token};

/// How deep expressions, declarators and blocks may nest.
const DEPTH: u32 = 128;

/// Reads units from a text.
pub struct Parser<'a> {
    /// The lexer; the compiler keeps its set of type names up to date.
    pub lexer: Lexer<'a>,
    next: Option<Token>,
    /// The token after `next`, when one was put back.
    pushed: Option<Token>,
    last: Pos,
    depth: u32,
    /// The last `)` that closed a parenthesized expression.
    closed: Option<Pos>,
    script: bool,
}

impl<'a> Parser<'a> {
    /// A parser of `text`.
    #[must_use]
    pub fn new(text: &'a [u8], context: &'a Context<'a>) -> Self {
        Self {
            lexer: Lexer::new(text, context),
            next: None,
            pushed: None,
            last: Pos::default(),
            depth: 0,
            closed: None,
            script: context.script,
        }
    }

    fn peek(&mut self) -> Result<&Token> {
        if self.next.is_none() {
            self.next = Some(match self.pushed.take() {
                Some(token) => token,
                None => self.lexer.token()?,
            });
        }
        self.next.as_ref().ok_or_else(|| Error::new("D_SYNTAX", Pos::default(), "syntax error near end of input"))
    }

    fn take(&mut self) -> Result<Token> {
        self.peek()?;
        let token = self.next.take().unwrap_or(Token { kind: Tok::End, pos: self.last, text: String::new() });
        self.last = token.pos;
        Ok(token)
    }

    fn at(&mut self, op: &str) -> Result<bool> {
        Ok(matches!(self.peek()?.kind, Tok::Op(o) if o == op))
    }

    fn at_key(&mut self, key: &str) -> Result<bool> {
        Ok(matches!(self.peek()?.kind, Tok::Key(k) if k == key))
    }

    fn accept(&mut self, op: &str) -> Result<bool> {
        let found = self.at(op)?;
        if found {
            self.take()?;
        }
        Ok(found)
    }

    fn accept_key(&mut self, key: &str) -> Result<bool> {
        let found = self.at_key(key)?;
        if found {
            self.take()?;
        }
        Ok(found)
    }

    fn expect(&mut self, op: &str) -> Result<Token> {
        if self.at(op)? { self.take() } else { Err(self.unexpected()) }
    }

    /// An identifier, or a word that is one to everybody but D, after `.`, `->`, `struct` and the like.
    fn name(&mut self) -> Result<String> {
        match self.peek()?.kind.clone() {
            Tok::Ident(name) => {
                self.take()?;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The error for the token that comes next.
    fn unexpected(&mut self) -> Box<Error> {
        match self.peek() {
            Err(e) => e,
            Ok(token) => {
                let near = match token.text.as_str() {
                    "" => "near end of input".to_owned(),
                    text => format!("near \"{}\"", text.lines().next().unwrap_or_default()),
                };
                Error::new("D_SYNTAX", token.pos, format!("syntax error {near}"))
            }
        }
    }

    /// Counts nesting around `f`.
    fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEPTH {
            return Err(Error::new("D_SYNTAX", self.last, "program is nested too deeply"));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    /// The next unit, or `None` at the end.
    ///
    /// # Errors
    /// The first thing that is no D.
    pub fn unit(&mut self) -> Result<Option<Unit>> {
        let token = self.peek()?.clone();
        let unit = match token.kind {
            Tok::End => return Ok(None),
            Tok::Probe(_) | Tok::Int(_) => Unit::Clause(self.clause()?),
            Tok::Key("inline") => self.inline()?,
            Tok::Key("translator") => Unit::Translator(self.translator()?),
            Tok::Key("provider") => Unit::Provider(self.provider()?),
            Tok::Key(_) | Tok::Ident(_) => Unit::Declaration(self.declaration()?),
            _ => return Err(self.unexpected()),
        };
        self.lexer.outer = true;
        Ok(Some(unit))
    }

    fn clause(&mut self) -> Result<Clause> {
        let mut probes = vec![];
        loop {
            let token = self.take()?;
            let spec = match token.kind {
                Tok::Probe(name) => Spec::Name(name),
                Tok::Int(int) => Spec::Id(int.value),
                _ => {
                    self.next = Some(token);
                    return Err(self.unexpected());
                }
            };
            probes.push((spec, token.pos));
            if !self.accept(",")? {
                break;
            }
        }
        let slash = self.at("/")?;
        if !slash && !self.at("{")? {
            if self.script {
                let pos = probes.first().map_or(self.last, |p| p.1);
                let text = "expected predicate and/or actions following probe description";
                return Err(Error::new("D_SYNTAX", pos, text));
            }
            return Ok(Clause { probes, predicate: None, body: None, end: self.last });
        }
        self.lexer.outer = false;
        let mut predicate = None;
        if slash {
            self.take()?;
            let node = self.expression()?;
            if self.peek()?.kind != Tok::EndPredicate {
                return Err(self.unexpected());
            }
            self.take()?;
            if !self.at("{")? {
                let text = "expected actions { } following probe description and predicate";
                return Err(Error::new("D_SYNTAX", node.pos, text));
            }
            predicate = Some(node);
        }
        self.expect("{")?;
        let body = self.statements()?;
        let end = self.expect("}")?.pos;
        Ok(Clause { probes, predicate, body: Some(body), end })
    }

    fn statements(&mut self) -> Result<Vec<Statement>> {
        let mut list = vec![];
        loop {
            if self.accept(";")? {
                continue;
            }
            if self.at("}")? {
                return Ok(list);
            }
            if self.at_key("if")? {
                list.push(self.nested(Self::conditional)?);
                continue;
            }
            let node = self.expression()?;
            let pos = self.peek()?.pos;
            list.push(Statement::Expr(node, pos));
            if !self.accept(";")? && !self.at("}")? {
                return Err(self.unexpected());
            }
        }
    }

    fn conditional(&mut self) -> Result<Statement> {
        self.take()?;
        self.expect("(")?;
        let condition = self.expression()?;
        self.expect(")")?;
        let yes = self.block()?;
        let no = if self.accept_key("else")? { self.block()? } else { vec![] };
        Ok(Statement::If(condition, yes, no))
    }

    fn block(&mut self) -> Result<Vec<Statement>> {
        if self.accept("{")? {
            let list = self.statements()?;
            self.expect("}")?;
            return Ok(list);
        }
        if self.at_key("if")? {
            return Ok(vec![self.nested(Self::conditional)?]);
        }
        if self.accept(";")? {
            return Ok(vec![]);
        }
        let node = self.expression()?;
        let pos = self.expect(";")?.pos;
        Ok(vec![Statement::Expr(node, pos)])
    }

    fn inline(&mut self) -> Result<Unit> {
        self.take()?;
        self.lexer.outer = false;
        let specifiers = self.specifiers(true)?;
        let declarator = self.declarator(declare::Naming::Required)?;
        self.expect("=")?;
        let value = self.assignment()?;
        self.expect(";")?;
        Ok(Unit::Inline(specifiers, declarator, value))
    }

    fn translator(&mut self) -> Result<Translator> {
        self.take()?;
        self.lexer.outer = false;
        let output = self.type_name()?;
        self.expect("<")?;
        let input = self.type_name()?;
        let name = self.name()?;
        self.expect(">")?;
        self.expect("{")?;
        let mut members = vec![];
        while !self.accept("}")? {
            let member = self.name()?;
            self.expect("=")?;
            let value = self.assignment()?;
            self.expect(";")?;
            members.push((member, value));
        }
        let pos = self.expect(";")?.pos;
        Ok(Translator { output, input, name, members, pos })
    }

    fn provider(&mut self) -> Result<Provider> {
        self.take()?;
        self.lexer.outer = false;
        let name = self.name()?;
        self.expect("{")?;
        let mut probes = vec![];
        while !self.accept("}")? {
            if !self.accept_key("probe")? {
                return Err(self.unexpected());
            }
            let name = self.name()?;
            self.expect("(")?;
            let input = self.parameters(")")?;
            let mut output = None;
            if self.accept(":")? {
                self.expect("(")?;
                output = Some(self.parameters(")")?);
            }
            let pos = self.expect(";")?.pos;
            probes.push(ProviderProbe { name, input, output, pos });
        }
        let pos = self.expect(";")?.pos;
        Ok(Provider { name, probes, pos })
    }
}

#[cfg(test)]
mod tests;
