//! The checker: from the parser's tree to the typed program, unit by unit.

mod action;
mod aggregate;
mod arguments;
mod assign;
mod binary;
mod builtin;
mod call;
mod clause;
mod constant;
mod declare;
mod expression;
mod format;
mod ident;
mod inline;
mod layout;
mod member;
mod pragma;
mod prototype;
mod symbols;
#[cfg(test)]
mod tests;
mod translate;
mod typed;
mod unary;

use crate::ast::{Node, Unit};
use crate::context::Context;
use crate::error::{Error, Pos, Result};
use crate::parse::Parser;
use crate::printf::Format;
use crate::program::{Clause, ProbeDesc, Program};
use crate::types::{TypeId, Types};
use symbols::{Name, Symbols};
use translate::Translator;
use typed::Typed;

/// What programs know of processes, in D.
const LIBRARY: &[u8] = include_bytes!("library.d");
/// Words of programs that use it; others do not pay for it.
const LIBRARY_NAMES: &[&str] = &["psinfo", "cpuinfo", "curcpu", "timestruc", "PR_", "CLD_", "SSLEEP", "SRUN", "SONPROC", "in6_"];

/// How many nodes one program may have after inlines and translators are put in.
const NODES: u32 = 1_000_000;

/// The state of a compilation.
struct Checker<'a> {
    context: &'a Context<'a>,
    types: Types,
    symbols: Symbols,
    translators: Vec<Translator>,
    clauses: Vec<Clause>,
    formats: Vec<Format>,
    options: Vec<(String, Option<String>)>,
    providers: Vec<String>,
    /// Names bound by the inlines and translators being put in, innermost last.
    bound: Vec<(String, Name)>,
    /// The description of the clause being checked.
    desc: Option<ProbeDesc>,
    region: Option<&'static str>,
    /// Clauses so far, counting each description.
    numbered: usize,
    nodes: u32,
    /// Whether the clause being checked destroys.
    destroys: bool,
    conditions: usize,
    /// A variable used for both `alloca` memory and other pointers.
    clash: Option<String>,
    /// Macro arguments used in probe descriptions.
    used: std::collections::HashSet<usize>,
    /// Pragmas about names not defined yet: name, pragma, place.
    pending: Vec<(String, &'static str, Pos)>,
}

/// Compiles a D program.
///
/// # Errors
/// The first error, as DTrace reports it.
pub fn compile(text: &[u8], context: &Context<'_>) -> Result<Program> {
    let mut checker = Checker::new(context);
    if LIBRARY_NAMES.iter().any(|name| text.windows(name.len()).any(|w| w == name.as_bytes())) {
        let library = Context { script: true, empty: true, unused_arguments: true, ..Context::default() };
        checker.units(&mut Parser::new(LIBRARY, &library))?;
    }
    let mut parser = Parser::new(text, context);
    let result = checker.run(&mut parser);
    let files = parser.lexer.files;
    match result {
        Ok(()) => Ok(checker.finish(parser.lexer.used.into_iter().collect())),
        Err(mut error) => {
            if error.pos.file > 0 {
                error.file = files.get(usize::from(error.pos.file) - 1).cloned();
            }
            Err(error)
        }
    }
}

impl<'a> Checker<'a> {
    fn new(context: &'a Context<'a>) -> Self {
        let mut types = Types::new();
        if let Some(strsize) = context.strsize {
            types.strsize = strsize;
        }
        let globals = builtin::names(&mut types);
        Self {
            context,
            types,
            symbols: Symbols { globals, ..Symbols::default() },
            translators: vec![],
            clauses: vec![],
            formats: vec![],
            options: vec![],
            providers: vec![],
            bound: vec![],
            desc: None,
            region: None,
            numbered: 0,
            nodes: 0,
            destroys: false,
            conditions: 0,
            clash: None,
            pending: vec![],
            used: std::collections::HashSet::new(),
        }
    }

    fn run(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        let empty = self.units(parser)?;
        let defined = |name: &String| self.symbols.globals.contains_key(name);
        if let Some((_, pragma, pos)) = self.pending.iter().find(|(name, _, _)| !defined(name)) {
            return Self::error("D_PRAGMA_UNUSED", *pos, format!("unused #pragma {pragma}"));
        }
        if empty && !self.context.empty {
            return Self::error("D_EMPTY", parser.lexer.pos(), "empty D program translation unit");
        }
        self.unused_arguments(&parser.lexer.used)
    }

    /// Checks all units; whether there were only declarations.
    fn units(&mut self, parser: &mut Parser<'_>) -> Result<bool> {
        let mut empty = true;
        loop {
            parser.lexer.types.extend(self.types.words().cloned());
            for name in self.symbols.globals.keys() {
                parser.lexer.types.remove(name);
            }
            let unit = parser.unit();
            for control in std::mem::take(&mut parser.lexer.controls) {
                self.control(&control)?;
            }
            let Some(unit) = unit? else { break };
            empty &= matches!(unit, Unit::Declaration(_));
            self.unit(unit).map_err(|e| self.within(e))?;
        }
        Ok(empty)
    }

    /// Notes the part of the clause an error is in.
    fn within(&self, mut error: Box<Error>) -> Box<Error> {
        error.region = error.region.or(self.region);
        error
    }

    fn unused_arguments(&self, used: &std::collections::HashSet<usize>) -> Result<()> {
        if self.context.unused_arguments || self.options.iter().any(|(name, _)| name == "argref") {
            return Ok(());
        }
        for (n, text) in self.context.arguments.iter().enumerate().skip(1) {
            if !used.contains(&n) && !self.used.contains(&n) {
                let text = format!("extraneous argument '{text}' (${n} is not referenced)");
                return Err(Error::new("D_MACRO_UNUSED", Pos::default(), text));
            }
        }
        Ok(())
    }

    fn unit(&mut self, unit: Unit) -> Result<()> {
        self.region = None;
        match unit {
            Unit::Clause(clause) => self.clause(&clause),
            Unit::Declaration(declaration) => self.declaration(&declaration),
            Unit::Inline(specifiers, declarator, value) => self.inline(&specifiers, &declarator, value),
            Unit::Translator(translator) => self.translator(translator),
            Unit::Provider(provider) => self.provider(&provider),
        }
    }

    fn finish(mut self, mut arguments_used: Vec<usize>) -> Program {
        self.layout();
        arguments_used.sort_unstable();
        Program {
            clauses: self.clauses,
            variables: self.symbols.variables,
            aggregations: self.symbols.tables,
            formats: self.formats,
            options: self.options,
            types: self.types,
            arguments_used,
        }
    }

    /// The name of a type in messages.
    fn type_name(&self, ty: TypeId) -> String {
        self.types.name(ty)
    }

    fn error<T>(tag: &'static str, pos: Pos, message: impl Into<String>) -> Result<T> {
        Err(Error::new(tag, pos, message))
    }

    /// Counts a node; programs that grow without bound are refused.
    fn count(&mut self, pos: Pos) -> Result<()> {
        self.nodes += 1;
        if self.nodes > NODES {
            return Self::error("D_UNKNOWN", pos, "program is too large");
        }
        Ok(())
    }

    fn is_integer(&self, t: &Typed) -> bool {
        self.types.is_integer(t.ty())
    }

    fn is_scalar(&self, t: &Typed) -> bool {
        self.types.is_scalar(t.ty())
    }
}

/// Where a node is.
fn ast_pos(node: &Node) -> Pos {
    node.pos
}

/// The result of a binary operator on two signed constants.
pub(crate) fn constant_binary(op: &str, a: i64, b: i64) -> Option<i64> {
    constant::binary(op, a, b, true)
}
