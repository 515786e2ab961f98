//! The typed program: what the checker hands to a code generator. No name is left to look up in it.
//!
//! What holds for every program the checker returns:
//! - Integers are 64-bit values, sign- or zero-extended from their type when loaded; arithmetic is done in 64 bits, and
//!   narrowing happens where [`ExprKind::Cast`] or a store says so. Signedness that matters is in the operator.
//! - An expression of type string, structure, union or array evaluates to the address of its bytes; [`Expr::space`] says in
//!   which memory. So does every pointer.
//! - Constants are folded; pointer arithmetic is scaled; `sizeof`, `offsetof`, enumerators, inlines, translators and macro
//!   arguments are gone; `if` has become clauses with predicates (see [`Clause::part`]).
//! - Argument counts and types of subroutines, actions and aggregating functions are right, and the arguments that must be
//!   constants are fields, not expressions.

mod expression;
mod names;

use crate::error::Pos;
use crate::printf::Format;
use crate::types::{TypeId, Types};
pub use expression::{Binary, Compare, Expr, ExprKind, Place, Unary, VarRef};
pub use names::{Builtin, Subroutine};

/// A checked program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its clauses, in the order they run when they share a probe.
    pub clauses: Vec<Clause>,
    /// Every variable of the program; [`VarId`] is the index.
    pub variables: Vec<Variable>,
    /// Every aggregation; [`AggId`] is the index. In order of first appearance, which is the order of printing.
    pub aggregations: Vec<Aggregation>,
    /// Every printf/printa/system/freopen format; [`FormatId`] is the index.
    pub formats: Vec<Format>,
    /// `#pragma D option` lines in order, as name and value.
    pub options: Vec<(String, Option<String>)>,
    /// The types.
    pub types: Types,
    /// Highest macro argument `$N` used, for "extraneous argument" messages.
    pub arguments_used: Vec<usize>,
}

/// Index of a variable in [`Program::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub usize);
/// Index of an aggregation in [`Program::aggregations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AggId(pub usize);
/// Index of a format in [`Program::formats`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormatId(pub usize);

/// `provider:module:function:name`; an empty or glob field matches many. Numeric identifiers are in `id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProbeDesc {
    /// The identifier, if the description was a number.
    pub id: Option<u32>,
    /// Provider, with `$target` and friends already replaced.
    pub provider: String,
    /// Module.
    pub module: String,
    /// Function.
    pub function: String,
    /// Name.
    pub name: String,
}

impl std::fmt::Display for ProbeDesc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}:{}", self.provider, self.module, self.function, self.name)
    }
}

/// One clause: descriptions, predicate, statements.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its name in messages is `dt_clause_N`: this number, plus the index of the description in `probes`.
    pub number: usize,
    /// 0 for the first piece of the source clause; an `if` makes further pieces.
    pub part: usize,
    /// Probes it is for.
    pub probes: Vec<ProbeDesc>,
    /// Where it begins.
    pub pos: Pos,
    /// Integer or pointer; the body runs when it is not zero. For a string, not empty.
    pub predicate: Option<Expr>,
    /// What it does.
    pub body: Vec<Statement>,
    /// Bytes of all its records.
    pub record_size: u32,
    /// Alignment of its records.
    pub record_align: u32,
    /// Whether it writes data, so that a row is printed for it. True for an empty body.
    pub traces: bool,
    /// Whether it says `speculate()`: what it writes after that goes to the speculation.
    pub speculates: bool,
    /// Whether it has a destructive action (needs `-w`).
    pub destructive: bool,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Statement {
    /// An expression for its effect.
    Expr(Expr),
    /// `@agg[keys] = func(value, weight)`.
    Aggregate(Aggregate),
    /// An action.
    Action(Action),
}

/// An update of an aggregation.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// Which.
    pub agg: AggId,
    /// Keys; as many and of the kinds in [`Aggregation::keys`].
    pub keys: Vec<Expr>,
    /// The value; absent for `count()`.
    pub value: Option<Expr>,
    /// How often it counts (quantize family), or absent for once.
    pub weight: Option<Expr>,
    /// Where.
    pub pos: Pos,
}

/// An aggregation.
#[derive(Clone, Debug)]
pub struct Aggregation {
    /// Name without `@`; the nameless one is `_`.
    pub name: String,
    /// What it computes; `None` while only `printa`, `clear` and such have named it.
    pub func: Option<AggFunc>,
    /// Layout of the key tuple.
    pub keys: Vec<Record>,
    /// Type of the value, for printing it signed or unsigned.
    pub value: TypeId,
}

/// Aggregating functions with their constant parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggFunc {
    /// How many.
    Count,
    /// Total.
    Sum,
    /// Mean.
    Avg,
    /// Least.
    Min,
    /// Greatest.
    Max,
    /// Standard deviation.
    Stddev,
    /// Power-of-two histogram.
    Quantize,
    /// Linear histogram from `base` to `limit` by `step`.
    Lquantize {
        /// Lower bound of the first bucket.
        base: i32,
        /// Where the last bucket ends.
        limit: i32,
        /// Width of a bucket, 1 to 65535.
        step: u16,
    },
    /// Log-linear histogram.
    Llquantize {
        /// Base of the logarithm.
        factor: u16,
        /// Lowest magnitude.
        low: u16,
        /// Highest magnitude.
        high: u16,
        /// Buckets per magnitude.
        steps: u16,
    },
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Global.
    Global,
    /// `self->`: one per thread.
    Thread,
    /// `this->`: one per clause chain of a firing.
    Clause,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name; a name with `%` was made by the compiler.
    pub name: String,
    /// Where it lives.
    pub scope: Scope,
    /// Type of the value (of an element, for an array).
    pub ty: TypeId,
    /// Layout of the key tuple of an associative array.
    pub keys: Option<Vec<Record>>,
    /// For a pointer: what it points to, fixed by its first assignment.
    pub space: Space,
    /// Whether any clause assigns it; one never assigned reads as zero.
    pub written: bool,
}

/// Which memory an address is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Space {
    /// Not an address, or an address of the traced system (`bpf_probe_read_kernel`).
    #[default]
    Kernel,
    /// The traced process (`userland` types); only `copyin` and friends may read it.
    User,
    /// Memory of the running clause: `alloca`, `copyin`, string results.
    Scratch,
    /// The storage of a variable.
    Variable,
    /// A constant of the program.
    Literal,
}

/// How the bytes of one record or key are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// An integer of 1, 2, 4 or 8 bytes.
    Integer {
        /// Signed.
        signed: bool,
    },
    /// Text up to a NUL.
    String,
    /// Bytes: structures, arrays, `tracemem`.
    Bytes,
    /// Kernel stack: `frames` addresses of 8 bytes.
    Stack {
        /// Most frames.
        frames: u32,
    },
    /// User stack: the process id in 8 bytes, then `frames` addresses.
    Ustack {
        /// Most frames.
        frames: u32,
        /// Bytes for names found while tracing (`jstack`).
        strsize: u32,
    },
    /// `sym()`, `func()`: kernel address to be shown as module`symbol.
    Sym,
    /// `mod()`
    Module,
    /// `usym()`, `ufunc()`: process id and address, 16 bytes.
    Usym,
    /// `umod()`
    Umodule,
    /// `uaddr()`
    Uaddr,
}

/// Layout of one traced value or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// How to read it.
    pub kind: RecordKind,
    /// Offset in the clause's data or in the key tuple.
    pub offset: u32,
    /// Bytes.
    pub size: u32,
    /// Alignment.
    pub align: u32,
    /// Type, for `print()` and for signedness.
    pub ty: TypeId,
}

/// An action with its arguments.
#[derive(Clone, Debug)]
pub struct Action {
    /// Which, with its constant arguments.
    pub kind: ActionKind,
    /// Arguments to be evaluated when it runs.
    pub args: Vec<Expr>,
    /// Layout of the arguments that are written to the buffer, one for each of `args`.
    pub records: Vec<Record>,
    /// Where.
    pub pos: Pos,
}

/// The actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// `trace(e)`, one argument. Also a bare `stack()`/`sym()`... result.
    Trace,
    /// `print(e)`: value with its type's members. Of a pointer, two arguments: the pointer and what it points to.
    Print,
    /// `tracemem(address, size[, length])`: the first argument's bytes; a second argument limits them.
    Tracemem {
        /// Bytes recorded.
        size: u32,
    },
    /// `printf(format, ...)`.
    Printf(FormatId),
    /// `printa(format, @a, ...)`.
    Printa(Option<FormatId>, Vec<AggId>),
    /// `system(format, ...)`.
    System(FormatId),
    /// `freopen(format, ...)`.
    Freopen(FormatId),
    /// `ftruncate()`.
    Ftruncate,
    /// `stack()`, `ustack()`, `jstack()`, `sym()`, `usym()`...: the record says which.
    Symbolic,
    /// `exit(status)`: the status is recorded.
    Exit,
    /// `clear(@a)`.
    Clear(AggId),
    /// `trunc(@a[, n])`; without n, which is recorded, all entries go.
    Trunc(AggId),
    /// `normalize(@a, n)`; the normal is recorded.
    Normalize(AggId),
    /// `denormalize(@a)`.
    Denormalize(AggId),
    /// `setopt("name", "value")`.
    Setopt(String, Option<String>),
    /// `speculate(id)`.
    Speculate,
    /// `commit(id)`; the identifier is recorded.
    Commit,
    /// `discard(id)`; the identifier is recorded.
    Discard,
    /// `raise(signal)`.
    Raise,
    /// `stop()`.
    Stop,
    /// `panic()`.
    Panic,
    /// `breakpoint()`.
    Breakpoint,
    /// `chill(ns)`.
    Chill,
    /// `pcap(skb, type)`.
    Pcap,
}
