//! Aggregations.

use super::Checker;
use super::prototype::Kind;
use super::typed::{Call, Special, Typed};
use crate::error::{Pos, Result};
use crate::program::{AggFunc, AggId, Aggregate, ExprKind};
use crate::types::TypeId;

/// Parameters of `llquantize` as messages call them, with the error tag of one that differs from before.
const MAGNITUDES: [(&str, &str); 4] = [
    ("factor", "D_LLQUANT_MATCHFACTOR"),
    ("lmag", "D_LLQUANT_MATCHLMAG"),
    ("hmag", "D_LLQUANT_MATCHHMAG"),
    ("steps", "D_LLQUANT_MATCHSTEPS"),
];

impl Checker<'_> {
    /// An aggregation by name, which must exist.
    pub(super) fn agg_name(&mut self, name: &str, pos: Pos) -> Result<Typed> {
        match self.symbols.aggregations.get(name) {
            Some(id) => Ok(Self::agg_value(*id, None, pos)),
            None => Self::error("D_IDENT_UNDEF", pos, format!("failed to resolve @{name}: Unknown variable name")),
        }
    }

    pub(super) fn agg_value(id: usize, keys: Option<Vec<Typed>>, pos: Pos) -> Typed {
        let mut t = Typed::new(ExprKind::Int(0), TypeId::DYNAMIC, pos);
        t.special = Special::Agg(AggId(id), keys);
        t
    }

    pub(super) fn agg_label(&self, id: AggId) -> String {
        self.symbols.tables.get(id.0).map(|a| a.name.clone()).unwrap_or_default()
    }

    /// `@agg[keys] = value`; `at` is where the aggregation is named, `pos` where the assignment is.
    pub(super) fn aggregate(&mut self, id: AggId, keys: Vec<Typed>, value: Typed, at: Pos, pos: Pos) -> Result<Typed> {
        let name = self.agg_label(id);
        let call = match value.special {
            Special::Call(call) if call.function.kind == Kind::Aggregating => call,
            _ => {
                let text = format!("@{name} must be assigned the result of an aggregating function");
                return Self::error("D_AGG_FUNC", pos, text);
            }
        };
        self.same_function(id, &call, pos)?;
        let keys = self.agg_keys(id, &name, keys, at)?;
        let func = self.function(&call, at)?;
        if let Some(arg) = call.args.first() {
            if !self.is_scalar(arg) {
                let text = format!("{}( ) argument #1 must be of scalar type", call.function.name);
                return Self::error("D_AGG_SCALAR", call.pos, text);
            }
        }
        self.same_parameters(id, func, at)?;
        let weight = self.weight(&call, func, at)?;
        let signed = call.args.first().is_none_or(|a| self.types.is_signed(a.ty()));
        if let Some(table) = self.symbols.tables.get_mut(id.0) {
            table.func.get_or_insert(func);
            let count = func == AggFunc::Count;
            table.value = if count || !signed { TypeId::ULONG } else { TypeId::LONG };
        }
        let value = call.args.into_iter().next().map(|a| self.plain(a)).transpose()?.map(|a| a.expr);
        let mut t = Typed::new(ExprKind::Int(0), TypeId::DYNAMIC, pos);
        t.special = Special::Aggregate(Box::new(Aggregate { agg: id, keys, value, weight, pos: at }));
        Ok(t)
    }

    /// One aggregation has one function.
    fn same_function(&mut self, id: AggId, call: &Call, pos: Pos) -> Result<()> {
        let Some(table) = self.symbols.tables.get(id.0) else { return Ok(()) };
        let line = self.symbols.table_lines.get(id.0).copied().unwrap_or(0);
        if let Some(before) = table.func.map(function_name).filter(|f| *f != call.function.name) {
            let name = &table.name;
            let text = format!(
                "aggregation redefined: @{name}\n\t current: @{name} = {}( )\n\tprevious: @{name} = {before}( ) : line {line}",
                call.function.name
            );
            return Self::error("D_AGG_REDEF", pos, text);
        }
        if table.func.is_none() {
            if let Some(line) = self.symbols.table_lines.get_mut(id.0) {
                *line = pos.line;
            }
        }
        Ok(())
    }

    fn agg_keys(&mut self, id: AggId, name: &str, keys: Vec<Typed>, pos: Pos) -> Result<Vec<crate::program::Expr>> {
        match self.symbols.table_keys.get(id.0).cloned().flatten() {
            Some(signature) => self.signature(name, "[ ]", "@", "key", &signature, &keys, pos)?,
            None => {
                self.key_types("aggregation", &keys, pos)?;
                let mut signature = keys.clone();
                for key in &mut signature {
                    if let Some(expr) = self.symbolic(key)? {
                        key.expr = expr;
                    }
                }
                if let Some(slot) = self.symbols.table_keys.get_mut(id.0) {
                    *slot = Some(signature);
                }
            }
        }
        let signature = self.symbols.table_keys.get(id.0).cloned().flatten().unwrap_or_default();
        let mut exprs = vec![];
        for (key, like) in keys.into_iter().zip(&signature) {
            exprs.push(match self.symbolic(&key)? {
                Some(expr) => expr,
                None => self.key(key, like)?,
            });
        }
        Ok(exprs)
    }

    /// The function with its constant parameters.
    fn function(&self, call: &Call, pos: Pos) -> Result<AggFunc> {
        Ok(match call.function.name {
            "count" => AggFunc::Count,
            "sum" => AggFunc::Sum,
            "avg" => AggFunc::Avg,
            "min" => AggFunc::Min,
            "max" => AggFunc::Max,
            "stddev" => AggFunc::Stddev,
            "quantize" => AggFunc::Quantize,
            "lquantize" => return self.lquantize(call, pos),
            _ => return self.llquantize(call, pos),
        })
    }

    fn lquantize(&self, call: &Call, pos: Pos) -> Result<AggFunc> {
        let bound = |n: usize, type_tag, value_tag| {
            let arg = call.args.get(n);
            let at = arg.map_or(pos, |a| a.expr.pos);
            let Some(value) = arg.and_then(Typed::constant) else {
                let text = format!("lquantize( ) argument #{n} must be an integer constant");
                return Self::error(type_tag, at, text);
            };
            match i32::try_from(value) {
                Ok(value) => Ok(value),
                Err(_) => Self::error(value_tag, at, format!("lquantize( ) argument #{n} must be a 32-bit quantity")),
            }
        };
        let base = bound(1, "D_LQUANT_BASETYPE", "D_LQUANT_BASEVAL")?;
        let limit = bound(2, "D_LQUANT_LIMTYPE", "D_LQUANT_LIMVAL")?;
        if limit < base {
            let text = "lquantize( ) base (argument #1) must be less than limit (argument #2)";
            return Self::error("D_LQUANT_MISMATCH", pos, text);
        }
        let mut step = 1u16;
        if let Some(arg) = call.args.get(3) {
            if !arg.is_positive(&self.types) {
                let text = "lquantize( ) argument #3 must be a non-zero positive integer constant";
                return Self::error("D_LQUANT_STEPTYPE", arg.expr.pos, text);
            }
            let Some(value) = arg.constant().and_then(|n| u16::try_from(n).ok()) else {
                return Self::error("D_LQUANT_STEPVAL", arg.expr.pos, "lquantize( ) argument #3 must be a 16-bit quantity");
            };
            step = value;
        }
        let levels = (i64::from(limit) - i64::from(base)) / i64::from(step);
        if levels == 0 {
            let text = "lquantize( ) step (argument #3) too large: must have at least one quantization level";
            return Self::error("D_LQUANT_STEPLARGE", pos, text);
        }
        if levels > i64::from(u16::MAX) {
            let text = "lquantize( ) step (argument #3) too small: number of quantization levels must be a 16-bit quantity";
            return Self::error("D_LQUANT_STEPSMALL", pos, text);
        }
        Ok(AggFunc::Lquantize { base, limit, step })
    }

    fn llquantize(&self, call: &Call, pos: Pos) -> Result<AggFunc> {
        let part = |n: usize, type_tag, value_tag, least: u16, most: &str| {
            let arg = call.args.get(n);
            let at = arg.map_or(pos, |a| a.expr.pos);
            let Some(value) = arg.and_then(Typed::constant) else {
                let text = format!("llquantize( ) argument #{n} must be an integer constant");
                return Self::error(type_tag, at, text);
            };
            match u16::try_from(value).ok().filter(|v| *v >= least) {
                Some(value) => Ok((value, at)),
                None => {
                    Self::error(value_tag, at, format!("llquantize( ) argument #{n} must be an unsigned 16-bit quantity{most}"))
                }
            }
        };
        let two = " greater than or equal to 2";
        let (factor, at) = part(1, "D_LLQUANT_FACTORTYPE", "D_LLQUANT_FACTORVAL", 2, two)?;
        let (low, _) = part(2, "D_LLQUANT_LMAGTYPE", "D_LLQUANT_LMAGVAL", 0, "")?;
        let (high, high_at) = part(3, "D_LLQUANT_HMAGTYPE", "D_LLQUANT_HMAGVAL", 0, "")?;
        if high < low {
            let text = "llquantize( ) argument #3 (high magnitude) must be at least argument #2 (low magnitude)";
            return Self::error("D_LLQUANT_HMAGVAL", high_at, text);
        }
        if u64::from(factor).checked_pow(u32::from(high) + 1).is_none() {
            let text = "llquantize( ) argument #3 (high magnitude) will cause overflow of 64 bits";
            return Self::error("D_LLQUANT_HMAGVAL", high_at, text);
        }
        if let Some(arg) = call.args.get(4).filter(|a| a.constant().is_some_and(|n| n <= 0)) {
            let text = "llquantize( ) argument #4 must be a non-zero positive integer constant";
            return Self::error("D_LLQUANT_STEPTYPE", arg.expr.pos, text);
        }
        let (steps, _) = part(4, "D_LLQUANT_STEPTYPE", "D_LLQUANT_STEPVAL", 0, "")?;
        if let Some(why) = uneven(u64::from(factor), u32::from(low), u64::from(steps)) {
            return Self::error("D_LLQUANT_STEPVAL", at, format!("llquantize() argument #4 (steps) {why}"));
        }
        Ok(AggFunc::Llquantize { factor, low, high, steps })
    }

    /// One aggregation has one set of parameters.
    fn same_parameters(&self, id: AggId, func: AggFunc, pos: Pos) -> Result<()> {
        let Some(before) = self.symbols.tables.get(id.0).and_then(|t| t.func) else { return Ok(()) };
        let differs = |tag, what: &str, a: i64, b: i64| {
            if a == b {
                return Ok(());
            }
            let name = if matches!(func, AggFunc::Lquantize { .. }) { "lquantize( )" } else { "llquantize()" };
            let text = format!("{name} {what} doesn't match previous declaration: expected {a}, found {b}");
            Self::error(tag, pos, text)
        };
        match (before, func) {
            (AggFunc::Lquantize { base: a, limit: b, step: c }, AggFunc::Lquantize { base: x, limit: y, step: z }) => {
                let end = |base: i32, limit: i32, step: u16| {
                    let (base, step) = (i64::from(base), i64::from(step).max(1));
                    base + (i64::from(limit) - base) / step * step
                };
                differs("D_LQUANT_MATCHBASE", "base (argument #1)", a.into(), x.into())?;
                differs("D_LQUANT_MATCHLIM", "limit (argument #2)", end(a, b, c), end(x, y, z))?;
                differs("D_LQUANT_MATCHSTEP", "step (argument #3)", c.into(), z.into())
            }
            (
                AggFunc::Llquantize { factor: a, low: b, high: c, steps: d },
                AggFunc::Llquantize { factor: w, low: x, high: y, steps: z },
            ) => {
                let pairs = [(a, w), (b, x), (c, y), (d, z)];
                for (i, ((name, tag), (old, new))) in MAGNITUDES.iter().zip(pairs).enumerate() {
                    differs(tag, &format!("{name} (argument #{})", i + 1), old.into(), new.into())?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The increment of the quantize family.
    fn weight(&self, call: &Call, func: AggFunc, pos: Pos) -> Result<Option<crate::program::Expr>> {
        let most = match func {
            AggFunc::Quantize => 2,
            AggFunc::Lquantize { .. } => 5,
            AggFunc::Llquantize { .. } => 6,
            _ => return Ok(None),
        };
        let name = call.function.name;
        let Some(weight) = call.args.get(most - 1) else { return Ok(None) };
        if !self.is_scalar(weight) {
            let text = format!("{name}( ) increment value (argument #{most}) must be of scalar type");
            return Self::error("D_PROTO_ARG", pos, text);
        }
        if call.args.len() > most {
            let passed = call.args.len();
            let text = format!("{name}( ) prototype mismatch: {passed} args passed, at most {most} expected");
            return Self::error("D_PROTO_LEN", weight.expr.pos, text);
        }
        Ok(Some(self.plain(weight.clone())?.expr))
    }
}

/// Why the steps do not fit the magnitudes, if they do not.
fn uneven(factor: u64, low: u32, steps: u64) -> Option<&'static str> {
    if steps < factor && (steps == 0 || factor % steps != 0) {
        return Some("must evenly divide argument #1 (factor) when steps<factor");
    }
    if steps <= factor {
        return None;
    }
    if steps % factor != 0 {
        return Some("must be a multiple of argument #1 (factor) when steps>factor");
    }
    if low == 0 {
        let even = factor.saturating_mul(factor) % steps == 0;
        return (!even).then_some("must evenly divide the square of argument #1 (factor) when steps>factor and lmag==0");
    }
    let even = factor.checked_pow(low + 1).is_some_and(|p| p % steps == 0);
    let text = "must evenly divide pow(argument #1 (factor), lmag (argument #2) + 1) when steps>factor and lmag==0";
    (!even).then_some(text)
}

/// What a function is called.
fn function_name(func: AggFunc) -> &'static str {
    match func {
        AggFunc::Count => "count",
        AggFunc::Sum => "sum",
        AggFunc::Avg => "avg",
        AggFunc::Min => "min",
        AggFunc::Max => "max",
        AggFunc::Stddev => "stddev",
        AggFunc::Quantize => "quantize",
        AggFunc::Lquantize { .. } => "lquantize",
        AggFunc::Llquantize { .. } => "llquantize",
    }
}
