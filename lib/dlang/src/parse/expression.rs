//! Expressions, by precedence.

use super::Parser;
use crate::ast::{Node, NodeKind};
use crate::error::{Error, Pos, Result};
use crate::lex::token::Tok;

/// Binary operators by rising precedence; all associate to the left.
const LEVELS: &[&[&str]] = &[
    &["||"],
    &["^^"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<", "<=", ">", ">="],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

const ASSIGNMENTS: &[&str] = &["=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<=", ">>="];

const PREFIXES: &[&str] = &["&", "*", "+", "-", "~", "!"];

impl Parser<'_> {
    /// Where a node made of operands and an operator is: DTrace counts the line of the token after it.
    fn place(&mut self, operator: Pos) -> Result<Pos> {
        let ahead = self.peek()?.pos;
        Ok(if ahead.line == operator.line { operator } else { Pos { column: 1, ..ahead } })
    }

    fn operator_of(&mut self, list: &[&'static str]) -> Result<Option<&'static str>> {
        Ok(match &self.peek()?.kind {
            Tok::Op(op) => list.iter().copied().find(|o| o == op),
            _ => None,
        })
    }

    /// An expression with commas.
    pub(super) fn expression(&mut self) -> Result<Node> {
        let mut left = self.assignment()?;
        while self.at(",")? {
            let pos = self.take()?.pos;
            let right = self.assignment()?;
            let pos = self.place(pos)?;
            left = Node { kind: NodeKind::Binary(",", Box::new(left), Box::new(right)), pos };
        }
        Ok(left)
    }

    /// An assignment expression.
    pub(super) fn assignment(&mut self) -> Result<Node> {
        self.nested(|p| {
            let left = p.conditional_expression()?;
            let Some(op) = p.operator_of(ASSIGNMENTS)? else { return Ok(left) };
            if !is_unary(&left) && p.closed != Some(p.last) {
                return Err(p.unexpected());
            }
            let pos = p.take()?.pos;
            let right = p.assignment()?;
            let pos = p.place(pos)?;
            Ok(Node { kind: NodeKind::Assign(op, Box::new(left), Box::new(right)), pos })
        })
    }

    /// A conditional expression.
    pub(super) fn conditional_expression(&mut self) -> Result<Node> {
        let condition = self.binary(0)?;
        if !self.at("?")? {
            return Ok(condition);
        }
        let pos = self.take()?.pos;
        let yes = self.nested(Self::expression)?;
        self.expect(":")?;
        let no = self.nested(Self::conditional_expression)?;
        let pos = self.place(pos)?;
        Ok(Node { kind: NodeKind::Cond(Box::new(condition), Box::new(yes), Box::new(no)), pos })
    }

    /// Operators of precedence `level` and above.
    fn binary(&mut self, level: usize) -> Result<Node> {
        let mut left = self.cast()?;
        loop {
            let Tok::Op(op) = self.peek()?.kind else { return Ok(left) };
            let found = LEVELS.iter().position(|operators| operators.contains(&op));
            let Some(at) = found.filter(|at| *at >= level) else { return Ok(left) };
            let pos = self.take()?.pos;
            let right = self.binary(at + 1)?;
            let pos = self.place(pos)?;
            left = Node { kind: NodeKind::Binary(op, Box::new(left), Box::new(right)), pos };
        }
    }

    fn cast(&mut self) -> Result<Node> {
        if !self.at("(")? {
            return self.unary();
        }
        let open = self.take()?;
        if !self.at_type()? {
            return self.parenthesized();
        }
        let ty = self.type_name()?;
        self.expect(")")?;
        let operand = self.nested(Self::cast)?;
        let pos = self.place(open.pos)?;
        Ok(Node { kind: NodeKind::Cast(Box::new(ty), Box::new(operand)), pos })
    }

    /// After `(` that does not begin a cast.
    fn parenthesized(&mut self) -> Result<Node> {
        let inner = self.nested(Self::expression)?;
        self.expect(")")?;
        self.closed = Some(self.last);
        self.postfix(inner)
    }

    fn unary(&mut self) -> Result<Node> {
        self.nested(|p| {
            if let Some(op) = p.operator_of(&["++", "--"])? {
                let pos = p.take()?.pos;
                let operand = p.unary()?;
                let pos = p.place(pos)?;
                return Ok(Node { kind: NodeKind::Step(op, Box::new(operand), false), pos });
            }
            if let Some(op) = p.operator_of(PREFIXES)? {
                let pos = p.take()?.pos;
                let operand = p.cast()?;
                let pos = p.place(pos)?;
                return Ok(Node { kind: NodeKind::Prefix(op, Box::new(operand)), pos });
            }
            match p.peek()?.kind {
                Tok::Key("sizeof") => p.sizeof(),
                Tok::Key("stringof") => {
                    let pos = p.take()?.pos;
                    let operand = p.unary()?;
                    let pos = p.place(pos)?;
                    Ok(Node { kind: NodeKind::Prefix("stringof", Box::new(operand)), pos })
                }
                _ => {
                    let primary = p.primary()?;
                    p.postfix(primary)
                }
            }
        })
    }

    fn sizeof(&mut self) -> Result<Node> {
        let pos = self.take()?.pos;
        if self.at("(")? {
            self.take()?;
            if self.at_type()? {
                let ty = self.type_name()?;
                self.expect(")")?;
                return Ok(Node { kind: NodeKind::SizeofType(Box::new(ty)), pos });
            }
            let operand = self.parenthesized()?;
            return Ok(Node { kind: NodeKind::Prefix("sizeof", Box::new(operand)), pos });
        }
        let operand = self.unary()?;
        Ok(Node { kind: NodeKind::Prefix("sizeof", Box::new(operand)), pos })
    }

    fn primary(&mut self) -> Result<Node> {
        let token = self.peek()?.clone();
        let kind = match token.kind {
            Tok::Int(int) => NodeKind::Int(int),
            Tok::Str(text) => NodeKind::Str(text),
            Tok::Ident(name) => NodeKind::Ident(name),
            Tok::Agg(name) => NodeKind::Agg(name),
            Tok::Key(key @ ("self" | "this")) => NodeKind::Ident(key.to_owned()),
            Tok::Key("offsetof") => return self.offsetof(),
            Tok::Key("xlate") => return self.xlate(),
            Tok::Op("(") => {
                self.take()?;
                return self.parenthesized();
            }
            _ => return Err(self.unexpected()),
        };
        self.take()?;
        Ok(Node { kind, pos: token.pos })
    }

    fn offsetof(&mut self) -> Result<Node> {
        self.take()?;
        self.expect("(")?;
        let ty = self.type_name()?;
        self.expect(",")?;
        let member = self.name()?;
        let pos = self.expect(")")?.pos;
        Ok(Node { kind: NodeKind::Offsetof(Box::new(ty), member), pos })
    }

    fn xlate(&mut self) -> Result<Node> {
        self.take()?;
        self.expect("<")?;
        let ty = self.type_name()?;
        self.expect(">")?;
        self.expect("(")?;
        let operand = self.expression()?;
        let pos = self.expect(")")?.pos;
        Ok(Node { kind: NodeKind::Xlate(Box::new(ty), Box::new(operand)), pos })
    }

    fn arguments(&mut self, close: &str) -> Result<Vec<Node>> {
        let mut list = vec![self.assignment()?];
        while self.accept(",")? {
            list.push(self.assignment()?);
        }
        self.expect(close)?;
        Ok(list)
    }

    fn postfix(&mut self, mut node: Node) -> Result<Node> {
        loop {
            let Some(op) = self.operator_of(&["[", "(", ".", "->", "++", "--"])? else { return Ok(node) };
            let pos = self.take()?.pos;
            let inner = Box::new(node);
            node = match op {
                "[" => {
                    let keys = self.arguments("]")?;
                    Node { pos: self.last_line(pos), kind: NodeKind::Index(inner, keys) }
                }
                "(" => {
                    let args = if self.accept(")")? { vec![] } else { self.arguments(")")? };
                    let NodeKind::Ident(name) = inner.kind else {
                        return Err(Error::new("D_FUNC_IDENT", self.last, "function designator is not of function type"));
                    };
                    Node { pos: inner.pos, kind: NodeKind::Call(name, args) }
                }
                "." => Node { kind: NodeKind::Dot(inner, self.member()?), pos },
                "->" => Node { kind: NodeKind::Arrow(inner, self.member()?), pos },
                _ => Node { kind: NodeKind::Step(op, inner, true), pos },
            };
        }
    }

    /// `pos` on the line of the last token.
    fn last_line(&self, pos: Pos) -> Pos {
        if pos.line == self.last.line { pos } else { Pos { column: 1, ..self.last } }
    }

    /// A member's name: any word.
    fn member(&mut self) -> Result<String> {
        if let Tok::Key(key) = self.peek()?.kind {
            self.take()?;
            return Ok(key.to_owned());
        }
        self.name()
    }
}

/// Whether C's grammar lets this stand left of an assignment.
fn is_unary(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Binary(..) | NodeKind::Cond(..) | NodeKind::Cast(..))
}
