//! Formats against the arguments they convert.

use super::Checker;
use super::typed::Typed;
use crate::error::{Error, Pos, Result};
use crate::printf::{Conversion, Format, Piece, Width};
use crate::program::{AggFunc, AggId, ExprKind, FormatId};
use crate::types::{Type, TypeId, Types};

const INTEGERS: &str = "char, short, int, long, or long long";
const TEXT: &str = "char [] or string (or use stringof)";

/// What a conversion takes, as messages say it.
fn wanted(c: &Conversion) -> &'static str {
    match (c.size.as_str(), c.name) {
        ("", 'a' | 'p') => "pointer or integer",
        ("", 'A') => "pointer or integer (with -p/-c) or _usymaddr (without -p/-c)",
        ("", 'c' | 'C') => "char, short, or int",
        ("", 'e' | 'E' | 'f' | 'g' | 'G') => "float, double, or long double",
        ("", 'k') => "stack",
        ("", 's' | 'S') => TEXT,
        ("", 'T' | 'Y') => "int64_t",
        ("l" | "w", 's') => "wchar_t []",
        ("l" | "w", 'c') => "int",
        ("h", 'o' | 'u') => "unsigned short",
        ("h", _) => "short",
        ("l", 'o' | 'u') => "unsigned long",
        ("l", _) => "long",
        ("ll", 'o' | 'u') => "unsigned long long",
        ("ll", _) => "long long",
        ("L", _) => "long double",
        _ => INTEGERS,
    }
}

impl Types {
    /// Whether a value fits a conversion.
    fn converts(&self, c: &Conversion, t: &Typed, target: bool) -> bool {
        let ty = t.ty();
        let base = self.base(ty);
        let named = |names: &[&str]| matches!(self.get(base), Type::Integer { name, .. } if names.contains(&name.as_str()));
        let integer = self.is_integer(ty);
        let address = integer || self.is_address(ty);
        match (c.size.as_str(), c.name) {
            ("", 'a') => address || base == TypeId::SYMADDR,
            ("", 'A') => base == TypeId::USYMADDR || target && address,
            ("", 'p') => address,
            ("", 'c' | 'C') => integer && self.size(ty) <= 4,
            ("" | "L", 'e' | 'E' | 'f' | 'g' | 'G') => matches!(self.kind(ty), Type::Float { .. }),
            ("", 'k') => base == TypeId::STACK,
            ("", 's' | 'S') => self.is_string(ty) || matches!(self.kind(ty), Type::Array { of, .. } if self.is_char(*of)),
            ("", 'T' | 'Y') => integer && self.size(ty) == 8,
            ("l" | "w", 's') => matches!(self.kind(ty), Type::Array { of, .. } if self.size(*of) == 4),
            ("l" | "w", 'c') => base == TypeId::INT,
            ("h", 'd' | 'i') => named(&["short"]),
            ("h", 'o' | 'u') => named(&["unsigned short"]),
            ("h", _) => named(&["short", "signed short", "unsigned short"]),
            ("l", 'd' | 'i') => named(&["long"]),
            ("l", 'o' | 'u') => named(&["unsigned long"]),
            ("l", _) => named(&["long", "signed long", "unsigned long"]),
            ("ll", 'd' | 'i') => named(&["long long"]),
            ("ll", 'o' | 'u') => named(&["unsigned long long"]),
            ("ll", _) => named(&["long long", "signed long long", "unsigned long long"]) || self.is_int64(ty),
            _ => integer,
        }
    }

    /// `int64_t`, `uint64_t` or a typedef of one.
    fn is_int64(&self, mut ty: TypeId) -> bool {
        while let Type::Typedef { name, of } = self.get(ty) {
            if name == "int64_t" || name == "uint64_t" {
                return true;
            }
            ty = *of;
        }
        false
    }
}

/// The arguments of a format, taken one by one.
struct Arguments<'a> {
    list: &'a [Typed],
    at: usize,
}

impl<'a> Arguments<'a> {
    fn take(&mut self) -> Option<&'a Typed> {
        let found = self.list.get(self.at);
        self.at += usize::from(found.is_some());
        found
    }
}

impl Checker<'_> {
    pub(super) fn add_format(&mut self, format: Format) -> FormatId {
        self.formats.push(format);
        FormatId(self.formats.len() - 1)
    }

    /// Parses and checks the format of the action `name`; for `printa`, the arguments are the keys and `agg` is the first table.
    pub(super) fn format(&mut self, name: &str, text: &[u8], args: &[Typed], agg: Option<AggId>, pos: Pos) -> Result<FormatId> {
        let mut format = Format::parse(text).map_err(|why| Error::new("D_SYNTAX", pos, why))?;
        if text.is_empty() {
            return Self::error("D_PRINTF_FMT_EMPTY", pos, format!("{name}( ) format string is empty"));
        }
        let count = agg.is_some_and(|id| self.symbols.tables.get(id.0).is_some_and(|t| t.func == Some(AggFunc::Count)));
        let value = self.types.named(if count { "uint64_t" } else { "int64_t" }).unwrap_or(TypeId::LONG);
        let value = Typed::new(ExprKind::Uregs(0), value, pos);
        let mut arguments = Arguments { list: args, at: 0 };
        let mut number = 0;
        for piece in &mut format.pieces {
            match piece {
                Piece::Text(text) => {
                    // DTrace counts `%%` as a conversion when it numbers them.
                    number += usize::from(text.contains(&b'%'));
                }
                Piece::Conversion(c) => {
                    number += 1;
                    self.widths(name, c, number, &mut arguments, pos)?;
                    self.conversion(name, c, number, &mut arguments, agg.map(|_| &value), pos)?;
                }
            }
        }
        if agg.is_none() && arguments.at < args.len() {
            let n = arguments.at;
            let text = format!("{name}( ) prototype mismatch: only {n} arguments required by this format string");
            return Self::error("D_PRINTF_ARG_EXTRA", pos, text);
        }
        Ok(self.add_format(format))
    }

    fn widths(&self, name: &str, c: &Conversion, n: usize, args: &mut Arguments<'_>, pos: Pos) -> Result<()> {
        for (width, star) in [(c.width, "*"), (c.precision, ".*")] {
            if width != Width::Argument {
                continue;
            }
            let label = c.label();
            let number = args.at + 2;
            let Some(arg) = args.take() else {
                let text = format!(
                    "{name}( ) prototype mismatch: conversion #{n} (%{label}) is missing a corresponding \"{star}\" argument"
                );
                return Self::error("D_PRINTF_DYN_PROTO", pos, text);
            };
            if !self.is_integer(arg) {
                let text = format!(
                    "{name}( ) argument #{number} is incompatible with conversion #{n} prototype:\n\tconversion: % {star} {label}\n\t prototype: int\n\t  argument: {}",
                    arg.type_name(&self.types)
                );
                return Self::error("D_PRINTF_DYN_TYPE", pos, text);
            }
        }
        Ok(())
    }

    fn conversion(
        &self,
        name: &str,
        c: &mut Conversion,
        n: usize,
        args: &mut Arguments<'_>,
        value: Option<&Typed>,
        pos: Pos,
    ) -> Result<()> {
        let label = c.label();
        let number = args.at + 2;
        let (what, arg) = match (c.aggregated, value) {
            (true, Some(value)) => ("aggregating action".to_owned(), value),
            (true, None) => {
                let text = format!("%@ conversion requires an aggregation and is not for use with {name}( )");
                return Self::error("D_PRINTF_AGG_CONV", pos, text);
            }
            (false, _) => match args.take() {
                Some(arg) => (format!("argument #{number}"), arg),
                None => {
                    let text = format!(
                        "{name}( ) prototype mismatch: conversion #{n} (%{label}) is missing a corresponding value argument"
                    );
                    return Self::error("D_PRINTF_ARG_PROTO", pos, text);
                }
            },
        };
        let target = self.context.macros.iter().any(|(name, value)| name == "target" && *value != 0);
        if arg.is_dynamic(&self.types) || !self.types.converts(c, arg, target) {
            let text = format!(
                "{name}( ) {what} is incompatible with conversion #{n} prototype:\n\tconversion: %{label}\n\t prototype: {}\n\t  argument: {}",
                wanted(c),
                arg.type_name(&self.types)
            );
            return Self::error("D_PRINTF_ARG_TYPE", pos, text);
        }
        if c.size.is_empty() && matches!(c.name, 'd' | 'i') && !self.types.is_signed(arg.ty()) {
            c.name = 'u';
        }
        Ok(())
    }
}
