//! Macros and their replacement.

use super::token::{Piece, join, pieces};
use std::collections::HashMap;

/// How many tokens one text may expand to.
const TOKENS: usize = 4_000_000;

/// A macro.
#[derive(Clone, Debug)]
pub(super) struct Macro {
    /// Parameters of a function-like macro.
    parameters: Option<Vec<String>>,
    /// Whether `...` ends them, as `__VA_ARGS__`.
    variadic: bool,
    /// What replaces it.
    body: Vec<Piece>,
}

impl Macro {
    /// A macro from what follows its name in `#define`.
    pub(super) fn parse(rest: &[Piece]) -> Result<Self, &'static str> {
        let Some((open, mut tail)) = rest.split_first().filter(|(p, _)| p.is("(")) else {
            return Ok(Self { parameters: None, variadic: false, body: trimmed(rest) });
        };
        let _ = open;
        let mut parameters = vec![];
        let mut variadic = false;
        loop {
            let Some((piece, next)) = tail.split_first() else { return Err("missing ')' in macro parameter list") };
            tail = next;
            match piece {
                p if p.is(")") => break,
                p if p.is_blank() || p.is(",") => {}
                p if p.is(".") => variadic = true,
                p if p.is_name() => parameters.push(p.string()),
                _ => return Err("parameter name missing"),
            }
        }
        if variadic {
            parameters.push("__VA_ARGS__".into());
        }
        Ok(Self { parameters: Some(parameters), variadic, body: trimmed(tail) })
    }
}

fn trimmed(list: &[Piece]) -> Vec<Piece> {
    let start = list.iter().position(|p| !p.is_blank()).unwrap_or(list.len());
    let end = list.iter().rposition(|p| !p.is_blank()).map_or(start, |n| n + 1);
    list.get(start..end).unwrap_or_default().to_vec()
}

/// All macros, and where the text is.
pub(super) struct Macros {
    pub(super) table: HashMap<String, Macro>,
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) expanded: usize,
}

impl Macros {
    /// Defines an object-like macro.
    pub(super) fn define(&mut self, name: &str, parameters: Option<Vec<String>>, body: Vec<Piece>) {
        self.table.insert(name.to_owned(), Macro { parameters, variadic: false, body });
    }

    /// Defines a macro as `-D` does: the name may have parameters.
    pub(super) fn define_text(&mut self, name: &str, value: &str) {
        let mut list = pieces(name.as_bytes());
        if list.is_empty() {
            return;
        }
        let word = list.remove(0).string();
        list.extend(pieces(format!(" {value}").as_bytes()));
        if let Ok(definition) = Macro::parse(&list) {
            self.table.insert(word, definition);
        }
    }

    /// Replaces all macros in a line.
    pub(super) fn expand(&mut self, line: &[Piece]) -> Vec<Piece> {
        let mut out = vec![];
        let mut input: Vec<Piece> = line.iter().rev().cloned().collect();
        while let Some(piece) = input.pop() {
            self.expanded += 1;
            if self.expanded > TOKENS || !piece.is_name() {
                out.push(piece);
                continue;
            }
            let name = piece.string();
            match name.as_str() {
                "__LINE__" => out.push(Piece::new(self.line.to_string().as_bytes())),
                "__FILE__" => out.push(Piece::new(format!("\"{}\"", self.file).as_bytes())),
                _ => match self.table.get(&name).cloned() {
                    Some(found) if !piece.hidden.contains(&name) => match self.replacement(&found, &piece, &name, &mut input) {
                        Some(list) => input.extend(list.into_iter().rev()),
                        None => out.push(piece),
                    },
                    _ => out.push(piece),
                },
            }
        }
        out
    }

    /// What replaces a macro's name here, its arguments taken from `input`; `None` for a function-like one without arguments.
    fn replacement(&mut self, m: &Macro, piece: &Piece, name: &str, input: &mut Vec<Piece>) -> Option<Vec<Piece>> {
        let args = match &m.parameters {
            None => vec![],
            Some(parameters) => arguments(input, parameters.len(), m.variadic)?,
        };
        let mut list = self.substitute(m, &args);
        for p in &mut list {
            p.hidden.extend(piece.hidden.iter().cloned());
            p.hidden.push(name.to_owned());
        }
        Some(list)
    }

    /// The body with arguments in place of parameters, `#` and `##` done.
    fn substitute(&mut self, m: &Macro, args: &[Vec<Piece>]) -> Vec<Piece> {
        let none = vec![];
        let parameters = m.parameters.as_ref().unwrap_or(&none);
        let argument = |p: &Piece| parameters.iter().position(|n| p.is(n)).and_then(|i| args.get(i));
        let next = |from: usize| (from + 1..m.body.len()).find(|i| m.body.get(*i).is_some_and(|p| !p.is_blank()));
        let mut out: Vec<Piece> = vec![];
        let mut paste = false;
        let mut i = 0;
        while let Some(piece) = m.body.get(i) {
            let follows = next(i).and_then(|n| m.body.get(n)).is_some_and(|p| p.is("##"));
            let mut add: Vec<Piece> = if piece.is("##") {
                while out.last().is_some_and(Piece::is_blank) {
                    out.pop();
                }
                paste = true;
                i += 1;
                continue;
            } else if let (true, Some(n), true) = (piece.is("#"), next(i), m.parameters.is_some()) {
                i = n;
                let text = m.body.get(n).and_then(argument).map(|a| join(a)).unwrap_or_default();
                vec![Piece::new(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")).as_bytes())]
            } else {
                match argument(piece) {
                    Some(arg) if paste || follows => trimmed(arg),
                    Some(arg) => self.expand(arg),
                    None => vec![piece.clone()],
                }
            };
            if paste && !piece.is_blank() {
                paste = false;
                if let (Some(last), false) = (out.last_mut(), add.is_empty()) {
                    last.text.extend(add.remove(0).text);
                }
            } else if paste {
                i += 1;
                continue;
            }
            out.extend(add);
            i += 1;
        }
        out
    }
}

/// The arguments after a macro's name; the input is left after them, or as it was if there are none.
fn arguments(input: &mut Vec<Piece>, wanted: usize, variadic: bool) -> Option<Vec<Vec<Piece>>> {
    let open = input.iter().rposition(|p| !p.is_blank())?;
    if !input.get(open)?.is("(") {
        return None;
    }
    let mut args = vec![vec![]];
    let mut depth = 0;
    let mut at = open;
    loop {
        let piece = input.get(at)?.clone();
        let full = variadic && args.len() >= wanted;
        match piece {
            p if p.is("(") => {
                depth += 1;
                if depth > 1 {
                    args.last_mut()?.push(p);
                }
            }
            p if p.is(")") => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                args.last_mut()?.push(p);
            }
            p if p.is(",") && depth == 1 && !full => args.push(vec![]),
            p => args.last_mut()?.push(p),
        }
        at = at.checked_sub(1)?;
    }
    input.truncate(at);
    let mut args: Vec<Vec<Piece>> = args.iter().map(|a| trimmed(a)).collect();
    args.resize(wanted.max(args.len()), vec![]);
    Some(args)
}
