//! Actions.

use super::Checker;
use super::prototype::Kind;
use super::typed::{Call, Special, Typed};
use crate::error::{Pos, Result};
use crate::program::{Action, ActionKind, AggId, Expr, ExprKind, FormatId, RecordKind};
use crate::types::{Type, TypeId};

/// Default numbers of frames when neither argument nor option gives one.
const FRAMES: u32 = 20;
/// The same for user stacks.
const USER_FRAMES: u32 = 100;
/// Default bytes for names in `jstack`.
const JAVA_STRINGS: u32 = 512;

impl Checker<'_> {
    /// A statement that is a call of an action.
    pub(super) fn action(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let done = |kind, args| Action { kind, args, records: vec![], pos };
        let kind = match call.function.name {
            "trace" => return self.trace(call),
            "print" => return self.print(call),
            "tracemem" => return self.tracemem(call),
            "printf" | "system" | "freopen" => return self.printflike(call),
            "printa" => return self.printa(call),
            "clear" | "denormalize" | "normalize" | "trunc" => return self.table_action(call),
            "stack" | "ustack" | "jstack" | "sym" | "func" | "mod" | "usym" | "ufunc" | "umod" | "uaddr" => {
                let mut t = Typed::new(ExprKind::Int(0), TypeId::STACK, pos);
                t.special = Special::Call(Box::new(call));
                let args = self.symbolic(&t)?.into_iter().collect();
                return Ok(done(ActionKind::Symbolic, args));
            }
            "setopt" => return self.setopt(call),
            "ftruncate" => ActionKind::Ftruncate,
            "exit" => ActionKind::Exit,
            "speculate" => ActionKind::Speculate,
            "commit" => ActionKind::Commit,
            "discard" => ActionKind::Discard,
            "raise" => ActionKind::Raise,
            "stop" => ActionKind::Stop,
            "panic" => ActionKind::Panic,
            "breakpoint" => ActionKind::Breakpoint,
            "chill" => ActionKind::Chill,
            _ => ActionKind::Pcap,
        };
        let args = call.args.into_iter().map(|a| self.plain(a).map(|a| a.expr)).collect::<Result<Vec<_>>>()?;
        Ok(done(kind, args))
    }

    fn only(call: Call) -> Typed {
        let pos = call.pos;
        call.args.into_iter().next().unwrap_or(Typed::int(0, TypeId::INT, pos))
    }

    fn trace(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let arg = Self::only(call);
        if self.types.is_void(arg.ty()) {
            return Self::error("D_TRACE_VOID", arg.expr.pos, "trace( ) may not be applied to a void expression");
        }
        if arg.is_dynamic(&self.types) {
            return Self::error("D_TRACE_DYN", arg.expr.pos, "trace( ) may not be applied to a dynamic expression");
        }
        let arg = match self.symbolic(&arg)? {
            Some(expr) => expr,
            None => self.plain(arg)?.expr,
        };
        Ok(Action { kind: ActionKind::Trace, args: vec![arg], records: vec![], pos })
    }

    fn print(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let arg = Self::only(call);
        if self.types.is_void(arg.ty()) {
            return Self::error("D_PRINT_VOID", arg.expr.pos, "print( ) may not be applied to a void expression");
        }
        if arg.is_dynamic(&self.types) {
            return Self::error("D_PRINT_DYN", arg.expr.pos, "print( ) may not be applied to a dynamic expression");
        }
        if let Type::Pointer(to) = *self.types.kind(arg.ty()) {
            if self.types.size(to) == 0 {
                let name = self.type_name(to);
                let text = format!("print( ) argument #1 reference has type '{name}' with size 0; cannot print( ) it.");
                return Self::error("D_PRINT_SIZE", arg.expr.pos, text);
            }
            let there = self.dereference(&arg, pos)?;
            let args = vec![self.plain(arg)?.expr, self.plain(there)?.expr];
            return Ok(Action { kind: ActionKind::Print, args, records: vec![], pos });
        }
        if !matches!(self.types.kind(arg.ty()), Type::Struct { .. } | Type::Array { .. }) {
            let like = Self::like(self.types.pointer(TypeId::VOID), pos);
            self.argument_error("print( )", "argument", 0, &like, &arg, pos)?;
        }
        let arg = self.plain(arg)?.expr;
        Ok(Action { kind: ActionKind::Print, args: vec![arg], records: vec![], pos })
    }

    fn tracemem(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let mut args = call.args.into_iter();
        let zero = || Typed::int(0, TypeId::INT, pos);
        let (address, size, limit) = (args.next().unwrap_or_else(zero), args.next().unwrap_or_else(zero), args.next());
        if !self.is_integer(&address) && !self.types.is_address(address.ty()) {
            let text = format!(
                "tracemem( ) argument #1 is incompatible with prototype:\n\tprototype: pointer or integer\n\t argument: {}",
                address.type_name(&self.types)
            );
            return Self::error("D_TRACEMEM_ADDR", address.expr.pos, text);
        }
        let bytes = size.constant().filter(|_| size.is_positive(&self.types)).and_then(|n| u32::try_from(n).ok());
        let Some(bytes) = bytes else {
            let text = "tracemem( ) argument #2 must be a non-zero positive integral constant expression";
            return Self::error("D_TRACEMEM_SIZE", size.expr.pos, text);
        };
        let mut exprs = vec![self.plain(address)?.expr];
        if let Some(limit) = limit {
            exprs.push(self.plain(limit)?.expr);
        }
        Ok(Action { kind: ActionKind::Tracemem { size: bytes }, args: exprs, records: vec![], pos })
    }

    fn setopt(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let mut texts = call.args.iter().map(|a| match &a.expr.kind {
            ExprKind::Str(text) => Ok(String::from_utf8_lossy(text).into_owned()),
            _ => Self::error("D_UNKNOWN", a.expr.pos, "setopt( ) arguments must be string constants"),
        });
        let name = texts.next().transpose()?.unwrap_or_default();
        let value = texts.next().transpose()?;
        Ok(Action { kind: ActionKind::Setopt(name, value), args: vec![], records: vec![], pos })
    }

    fn printflike(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let name = call.function.name;
        let mut args = call.args.into_iter();
        let first = args.next().unwrap_or(Typed::int(0, TypeId::INT, pos));
        let ExprKind::Str(format) = &first.expr.kind else {
            let text = format!(
                "{name}( ) argument #1 is incompatible with prototype:\n\tprototype: string constant\n\t argument: {}",
                first.type_name(&self.types)
            );
            return Self::error("D_PRINTF_ARG_FMT", pos, text);
        };
        if name == "freopen" && format == b"." {
            return Self::error("D_FREOPEN_INVALID", pos, "freopen( ) argument #1 cannot be \".\"");
        }
        let args: Vec<Typed> = args.collect();
        let id = if name == "freopen" && format.is_empty() {
            self.add_format(crate::printf::Format::default())
        } else {
            self.format(name, format, &args, None, pos)?
        };
        let mut exprs = vec![];
        for arg in args {
            exprs.push(match self.symbolic(&arg)? {
                Some(expr) => expr,
                None => self.plain(arg)?.expr,
            });
        }
        let kind = match name {
            "printf" => ActionKind::Printf(id),
            "system" => ActionKind::System(id),
            _ => ActionKind::Freopen(id),
        };
        Ok(Action { kind, args: exprs, records: vec![], pos })
    }

    fn printa(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let total = call.args.len();
        let mut args = call.args.as_slice();
        let mut text = None;
        let mut number = 1;
        if let Some((first, rest)) = args.split_first() {
            if let ExprKind::Str(format) = &first.expr.kind {
                (text, args, number) = (Some(format.clone()), rest, 2);
            }
        }
        if total < number {
            let text = format!("printa( ) prototype mismatch: {total} args passed, {number} expected");
            return Self::error("D_PRINTA_PROTO", pos, text);
        }
        let mut list: Vec<AggId> = vec![];
        let mut id: Option<FormatId> = None;
        for arg in args {
            let agg = self.table_argument("printa", number, arg, ("D_PRINTA_AGGARG", "D_PRINTA_AGGBAD"), pos)?;
            match list.first() {
                Some(first) => self.same_keys(*first, agg, pos)?,
                None => {
                    if let Some(format) = text.take() {
                        let keys = self.symbols.table_keys.get(agg.0).cloned().flatten().unwrap_or_default();
                        id = Some(self.format("printa", &format, &keys, Some(agg), pos)?);
                    }
                }
            }
            list.push(agg);
            number += 1;
        }
        Ok(Action { kind: ActionKind::Printa(id, list), args: vec![], records: vec![], pos })
    }

    /// The aggregation an action is given.
    fn table_argument(&self, name: &str, n: usize, arg: &Typed, tags: (&'static str, &'static str), pos: Pos) -> Result<AggId> {
        let Special::Agg(id, _) = arg.special else {
            let text = format!(
                "{name}( ) argument #{n} is incompatible with prototype:\n\tprototype: aggregation\n\t argument: {}",
                arg.type_name(&self.types)
            );
            return Self::error(tags.0, pos, text);
        };
        if self.symbols.tables.get(id.0).is_none_or(|t| t.func.is_none()) {
            return Self::error(tags.1, pos, format!("undefined aggregation: @{}", self.agg_label(id)));
        }
        Ok(id)
    }

    /// Aggregations printed together have the same keys.
    fn same_keys(&self, a: AggId, b: AggId, pos: Pos) -> Result<()> {
        let keys = |id: AggId| self.symbols.table_keys.get(id.0).and_then(Option::as_ref).map_or(&[][..], Vec::as_slice);
        let (x, y) = (self.agg_label(a), self.agg_label(b));
        let (k, l) = (keys(a), keys(b));
        let s = |n: usize| if n == 1 { "" } else { "s" };
        if k.len() != l.len() {
            let text = format!(
                "printa( ): @{x} and @{y} do not have matching key signatures: @{x} has {} key{}, @{y} has {} key{}",
                k.len(),
                s(k.len()),
                l.len(),
                s(l.len())
            );
            return Self::error("D_PRINTA_AGGKEY", pos, text);
        }
        for (i, (k, l)) in k.iter().zip(l).enumerate() {
            if !self.types.accepts(k, l) {
                let n = i + 1;
                let text = format!(
                    "printa( ): @{y}[ ] key #{n} is incompatible with @{x}:\n{x:>9} key #{n}: {}\n{y:>9} key #{n}: {}",
                    k.type_name(&self.types),
                    l.type_name(&self.types)
                );
                return Self::error("D_PRINTA_AGGPROTO", pos, text);
            }
        }
        Ok(())
    }

    /// `clear`, `normalize`, `denormalize`, `trunc`.
    fn table_action(&mut self, call: Call) -> Result<Action> {
        let pos = call.pos;
        let name = call.function.name;
        let argc = call.args.len();
        let (arg_tag, bad_tag, scalar_tag) = match name {
            "clear" => ("D_CLEAR_AGGARG", "D_CLEAR_AGGBAD", ""),
            "trunc" => ("D_TRUNC_AGGARG", "D_TRUNC_AGGBAD", "D_TRUNC_SCALAR"),
            _ => ("D_NORMALIZE_AGGARG", "D_NORMALIZE_AGGBAD", "D_NORMALIZE_SCALAR"),
        };
        if name == "clear" && argc != 1 {
            let text = format!("{name}( ) prototype mismatch: {argc} args passed, 1 expected");
            return Self::error("D_CLEAR_PROTO", pos, text);
        }
        if name == "normalize" && argc != 2 {
            let text = format!("{name}( ) prototype mismatch: {argc} args passed, 2 expected");
            return Self::error("D_NORMALIZE_PROTO", pos, text);
        }
        let mut args = call.args.into_iter();
        let first = args.next().unwrap_or(Typed::int(0, TypeId::INT, pos));
        let second = args.next();
        if let (Special::Agg(..), Some(t)) = (&first.special, &second) {
            if !self.is_scalar(t) {
                return Self::error(scalar_tag, pos, format!("{name}( ) argument #2 must be of scalar type"));
            }
        }
        let id = self.table_argument(name, 1, &first, (arg_tag, bad_tag), pos)?;
        let mut exprs = vec![];
        let kind = match name {
            "clear" => ActionKind::Clear(id),
            "denormalize" => ActionKind::Denormalize(id),
            "normalize" => ActionKind::Normalize(id),
            _ => ActionKind::Trunc(id),
        };
        if let Some(t) = second {
            exprs.push(self.plain(t)?.expr);
        }
        Ok(Action { kind, args: exprs, records: vec![], pos })
    }

    /// `stack()`, `sym()` and the like as a value; `None` if it is none of them.
    pub(super) fn symbolic(&mut self, t: &Typed) -> Result<Option<Expr>> {
        let Special::Call(call) = &t.special else { return Ok(None) };
        if call.function.kind != Kind::Action {
            return Ok(None);
        }
        let (kind, ty) = match call.function.name {
            "stack" => (self.stack(call)?, TypeId::STACK),
            "ustack" | "jstack" => (self.ustack(call)?, TypeId::STACK),
            "sym" | "func" => (RecordKind::Sym, TypeId::SYMADDR),
            "mod" => (RecordKind::Module, TypeId::SYMADDR),
            "usym" | "ufunc" => (RecordKind::Usym, TypeId::USYMADDR),
            "umod" => (RecordKind::Umodule, TypeId::USYMADDR),
            "uaddr" => (RecordKind::Uaddr, TypeId::USYMADDR),
            _ => return Ok(None),
        };
        let address = match (ty, call.args.first()) {
            (TypeId::STACK, _) | (_, None) => None,
            (_, Some(arg)) => Some(Box::new(self.plain(arg.clone())?.expr)),
        };
        let pos = call.pos;
        Ok(Some(Expr { kind: ExprKind::Symbolic(kind, address), ty, space: crate::program::Space::Kernel, pos }))
    }

    fn stack(&self, call: &Call) -> Result<RecordKind> {
        let frames = match call.args.first() {
            None => self.number("stackframes").unwrap_or(FRAMES),
            Some(arg) => match arg.constant().filter(|_| arg.is_positive(&self.types)).map(u32::try_from) {
                Some(Ok(n)) => n,
                _ => {
                    let text = "stack( ) size must be a non-zero positive integral constant expression";
                    return Self::error("D_STACK_SIZE", arg.expr.pos, text);
                }
            },
        };
        Ok(RecordKind::Stack { frames })
    }

    fn ustack(&self, call: &Call) -> Result<RecordKind> {
        let java = call.function.name == "jstack";
        let mut frames = self.number(if java { "jstackframes" } else { "ustackframes" }).unwrap_or(USER_FRAMES);
        let mut strsize = if java { self.number("jstackstrsize").unwrap_or(JAVA_STRINGS) } else { 0 };
        if let Some(arg) = call.args.first() {
            frames = match arg.constant().filter(|_| arg.is_positive(&self.types)).map(u32::try_from) {
                Some(Ok(n)) => n,
                _ => {
                    let text = "ustack( ) argument #1 must be a non-zero positive integer constant";
                    return Self::error("D_USTACK_FRAMES", arg.expr.pos, text);
                }
            };
        }
        if let Some(arg) = call.args.get(1) {
            strsize = match arg.constant().map(u32::try_from) {
                Some(Ok(n)) => n,
                _ => {
                    let text = "ustack( ) argument #2 must be a positive integer constant";
                    return Self::error("D_USTACK_STRSIZE", arg.expr.pos, text);
                }
            };
        }
        Ok(RecordKind::Ustack { frames, strsize })
    }

    /// The value of a numeric option the program has set.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let value = self.options.iter().rev().find(|(n, _)| n == name)?.1.as_deref()?;
        crate::options::size(value).and_then(|n| u32::try_from(n).ok())
    }

    /// Notes that the program is destructive.
    pub(super) fn destroys(&mut self) {
        self.destroys = true;
    }
}
