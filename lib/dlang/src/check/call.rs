//! Calls: subroutines, actions and aggregating functions against their prototypes.

use super::Checker;
use super::prototype::{self, Kind, Prototype};
use super::typed::{Call, Special, Typed};
use crate::ast::Node;
use crate::error::{Pos, Result};
use crate::program::{ExprKind, Space, Subroutine};
use crate::types::TypeId;

impl Checker<'_> {
    /// `name(args)`
    pub(super) fn call(&mut self, name: &str, args: &[Node], pos: Pos) -> Result<Typed> {
        let Some(function) = prototype::find(name) else {
            let Some(found) = self.lookup(name) else {
                return Self::error("D_FUNC_UNDEF", pos, format!("undefined function name: {name}"));
            };
            let kind = self.symbols.kind(&found);
            return Self::error("D_FUNC_IDKIND", pos, format!("{kind} '{name}' may not be referenced as a function"));
        };
        let args = args.iter().map(|a| self.value(a)).collect::<Result<Vec<_>>>()?;
        self.check_arguments(function, &args, pos)?;
        let result = prototype::resolve(function.result, &mut self.types);
        if function.kind == Kind::Function {
            return self.subroutine(function, args, result, pos);
        }
        let ty = if function.kind == Kind::Aggregating { TypeId::DYNAMIC } else { result };
        let mut t = Typed::new(ExprKind::Int(0), ty, pos);
        t.special = Special::Call(Box::new(Call { function, args, pos }));
        Ok(t)
    }

    fn subroutine(&mut self, function: &Prototype, args: Vec<Typed>, result: TypeId, pos: Pos) -> Result<Typed> {
        let Some(subroutine) = Subroutine::named(function.name) else {
            return Self::error("D_UNKNOWN", pos, format!("subroutine {}( ) is not supported", function.name));
        };
        if matches!(subroutine, Subroutine::Copyout | Subroutine::Copyoutstr) {
            self.destroys();
        }
        self.alloca_size(subroutine, &args, pos)?;
        let mut exprs = vec![];
        for (arg, parameter) in args.into_iter().zip(function.parameters) {
            let arg = self.plain(arg)?;
            exprs.push(if *parameter == "const char *" { self.text(arg) } else { arg.expr });
        }
        let scratch = self.types.is_string(result) || matches!(subroutine, Subroutine::Alloca | Subroutine::Copyin);
        let space = if scratch { Space::Scratch } else { Space::Kernel };
        Ok(Typed::new(ExprKind::Call(subroutine, exprs), result, pos).in_space(space))
    }

    /// A constant `alloca` must fit the scratch memory the program asks for.
    fn alloca_size(&self, subroutine: Subroutine, args: &[Typed], pos: Pos) -> Result<()> {
        let size = args.first().and_then(Typed::constant);
        let (Subroutine::Alloca, Some(size), Some(most)) = (subroutine, size, self.number("scratchsize")) else {
            return Ok(());
        };
        if size > i64::from(most) {
            let text = format!("alloca({size}) size larger than scratchsize {most}");
            return Self::error("D_ALLOCA_SIZE", pos, text);
        }
        Ok(())
    }

    /// Number and types of arguments.
    fn check_arguments(&mut self, function: &Prototype, args: &[Typed], pos: Pos) -> Result<()> {
        let parameters = function.parameters;
        let variadic = parameters.iter().position(|p| *p == "...");
        let optional = parameters.iter().position(|p| p.starts_with('['));
        let (least, most) = match (variadic, optional) {
            (Some(n), _) => (n, usize::MAX),
            (None, Some(n)) => (n, parameters.len()),
            (None, None) => (parameters.len(), parameters.len()),
        };
        let wrong = if args.len() < least {
            Some((if least == most { "" } else { "at least " }, least))
        } else if args.len() > most {
            Some((if least == most { "" } else { "at most " }, most))
        } else {
            None
        };
        if let Some((how, limit)) = wrong {
            return Self::length_error(&format!("{}( )", function.name), "arg", args.len(), how, limit, pos);
        }
        for (i, (parameter, arg)) in parameters.iter().zip(args).enumerate() {
            if *parameter == "@" || *parameter == "..." {
                continue;
            }
            let ty = prototype::resolve(parameter.trim_matches(['[', ']']), &mut self.types);
            let like = Typed::new(ExprKind::Uregs(0), ty, pos);
            if !self.types.accepts(&like, arg) {
                let name = format!("{}( )", function.name);
                return self.argument_error(&name, "argument", i, &like, arg, pos);
            }
        }
        Ok(())
    }

    fn length_error(name: &str, what: &str, passed: usize, how: &str, limit: usize, pos: Pos) -> Result<()> {
        let s = if passed == 1 { "" } else { "s" };
        let text = format!("{name} prototype mismatch: {passed} {what}{s} passed, {how}{limit} expected");
        Self::error("D_PROTO_LEN", pos, text)
    }

    pub(super) fn argument_error(&self, name: &str, what: &str, i: usize, like: &Typed, arg: &Typed, pos: Pos) -> Result<()> {
        let text = format!(
            "{name} {what} #{} is incompatible with prototype:\n\tprototype: {}\n\t{what:>9}: {}",
            i + 1,
            like.type_name(&self.types),
            arg.type_name(&self.types)
        );
        Self::error("D_PROTO_ARG", pos, text)
    }

    /// Keys against the keys of the first use.
    #[expect(clippy::too_many_arguments, reason = "each is a part of the message")]
    pub(super) fn signature(
        &self,
        name: &str,
        suffix: &str,
        prefix: &str,
        what: &str,
        signature: &[Typed],
        keys: &[Typed],
        pos: Pos,
    ) -> Result<()> {
        let name = format!("{prefix}{name}{suffix}");
        if signature.len() != keys.len() {
            return Self::length_error(&name, what, keys.len(), "", signature.len(), pos);
        }
        for (i, (like, key)) in signature.iter().zip(keys).enumerate() {
            if !self.types.accepts(like, key) {
                return self.argument_error(&name, what, i, like, key, pos);
            }
        }
        Ok(())
    }
}
