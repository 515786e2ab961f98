//! The expressions of `#if`.

use super::expand::Macros;
use super::token::Piece;

/// How deep expressions may nest.
const DEPTH: u32 = 100;

/// Operators by rising precedence.
const LEVELS: &[&[&str]] = &[
    &["||"],
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

/// The value of an expression; names that are no macros are 0.
pub(super) fn evaluate(macros: &mut Macros, args: &[Piece]) -> Result<i64, String> {
    let known = defined(macros, args)?;
    let list: Vec<Piece> = macros.expand(&known).into_iter().filter(|p| !p.is_blank()).collect();
    if list.is_empty() {
        return Err("#if with no expression".into());
    }
    let mut reader = Reader { list: &list, at: 0, depth: 0 };
    let value = reader.conditional()?;
    match reader.peek() {
        None => Ok(value),
        Some(p) => Err(format!("missing binary operator before token \"{}\"", p.string())),
    }
}

/// Replaces `defined name` and `defined(name)` by 1 or 0.
fn defined(macros: &Macros, args: &[Piece]) -> Result<Vec<Piece>, String> {
    let mut out = vec![];
    let mut list = args.iter().filter(|p| !p.is_blank());
    while let Some(piece) = list.next() {
        if !piece.is("defined") {
            out.push(piece.clone());
            continue;
        }
        let missing = || "operator \"defined\" requires an identifier".to_owned();
        let mut name = list.next().ok_or_else(missing)?;
        let parenthesized = name.is("(");
        if parenthesized {
            name = list.next().ok_or_else(missing)?;
            list.next().filter(|p| p.is(")")).ok_or("missing ')' after \"defined\"")?;
        }
        if !name.is_name() {
            return Err(missing());
        }
        let value: &[u8] = if macros.table.contains_key(&name.string()) { b"1" } else { b"0" };
        out.push(Piece::new(value));
    }
    Ok(out)
}

struct Reader<'a> {
    list: &'a [Piece],
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Piece> {
        self.list.get(self.at)
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.peek().is_some_and(|p| p.is(text));
        self.at += usize::from(found);
        found
    }

    fn conditional(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("#if expression is nested too deeply".into());
        }
        let condition = self.binary(0)?;
        let value = if self.accept("?") {
            let yes = self.conditional()?;
            if !self.accept(":") {
                return Err("'?' without following ':'".into());
            }
            let no = self.conditional()?;
            if condition != 0 { yes } else { no }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(value)
    }

    fn binary(&mut self, level: usize) -> Result<i64, String> {
        let mut left = self.unary()?;
        loop {
            let Some(text) = self.peek().map(Piece::string) else { return Ok(left) };
            let found = LEVELS.iter().position(|l| l.contains(&text.as_str()));
            let Some(at) = found.filter(|at| *at >= level) else { return Ok(left) };
            self.at += 1;
            let right = self.binary(at + 1)?;
            left = crate::check::constant_binary(&text, left, right).ok_or("division by zero in #if")?;
        }
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("#if expression is nested too deeply".into());
        }
        let value = self.primary()?;
        self.depth -= 1;
        Ok(value)
    }

    fn primary(&mut self) -> Result<i64, String> {
        let Some(piece) = self.peek().cloned() else { return Err("#if with no expression".into()) };
        self.at += 1;
        match piece.string().as_str() {
            "!" => Ok(i64::from(self.unary()? == 0)),
            "-" => Ok(self.unary()?.wrapping_neg()),
            "+" => self.unary(),
            "~" => Ok(!self.unary()?),
            "(" => {
                let value = self.conditional()?;
                if self.accept(")") { Ok(value) } else { Err("missing ')' in expression".into()) }
            }
            text if text.starts_with(|c: char| c.is_ascii_digit()) => {
                let (value, _, rest) = crate::lex::integer(text);
                match value {
                    Some(n) if rest.chars().all(|c| "uUlL".contains(c)) => Ok(crate::bits::signed(n)),
                    _ => Err(format!("invalid integer constant \"{text}\" in #if")),
                }
            }
            text if text.starts_with('\'') => Ok(i64::from(text.as_bytes().get(1).copied().unwrap_or(0))),
            _ if piece.is_name() => Ok(0),
            text => Err(format!("token \"{text}\" is not valid in preprocessor expressions")),
        }
    }
}
