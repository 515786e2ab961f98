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

use crate::error::Pos;
use crate::printf::Format;
use crate::types::{TypeId, Types};

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

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: TypeId,
    /// For an address: in which memory.
    pub space: Space,
    /// Where.
    pub pos: Pos,
}

/// A variable with its keys.
#[derive(Clone, Debug)]
pub struct VarRef {
    /// Which.
    pub var: VarId,
    /// Keys of an associative array, as many and of the kinds in [`Variable::keys`].
    pub keys: Vec<Expr>,
}

/// What an assignment writes.
#[derive(Clone, Debug)]
pub enum Place {
    /// A variable or an element of an associative array. Assigning zero to one that is associative or `self->` frees it.
    Var(VarRef),
    /// The memory at an address; the expression's type says how many bytes.
    Memory(Box<Expr>),
    /// A bit-field.
    Bits {
        /// Address of the unit that holds it.
        address: Box<Expr>,
        /// Bytes of the unit.
        unit: u32,
        /// Its lowest bit.
        shift: u32,
        /// How many bits.
        width: u32,
    },
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// An integer.
    Int(i64),
    /// A string constant, without its NUL.
    Str(Vec<u8>),
    /// A built-in variable.
    Builtin(Builtin),
    /// `uregs[N]`
    Uregs(u32),
    /// A variable's value; for types kept by address, the address of its storage. One that does not exist reads as zero.
    Var(VarRef),
    /// The value at an address; the type says how many bytes.
    Load(Box<Expr>),
    /// A bit-field: `(load(unit) >> shift) & mask`, sign-extended if its type is signed.
    Bits {
        /// Address of the unit that holds it.
        address: Box<Expr>,
        /// Bytes of the unit.
        unit: u32,
        /// Its lowest bit.
        shift: u32,
        /// How many bits.
        width: u32,
    },
    /// The address of an element: `base + index * size`. An index outside `len` elements raises the error
    /// `index-out-of-bounds`; a `len` of 0 has no bound.
    Element {
        /// Address of the first element.
        base: Box<Expr>,
        /// Which.
        index: Box<Expr>,
        /// Bytes of an element.
        size: u64,
        /// How many there are.
        len: u32,
    },
    /// Assignment: `place = value`, or `place = place op value` with the place evaluated once.
    Assign {
        /// What is written.
        place: Box<Place>,
        /// Type of the place.
        ty: TypeId,
        /// The operator of `op=`, `++`, `--`.
        op: Option<Binary>,
        /// The right side, already of the place's type or, with an operator, of the operation's. An [`ExprKind::Int`] of zero
        /// for a string makes it empty, and removes a variable in the dynamic memory, as a zero of any type does.
        value: Box<Expr>,
        /// The result is the value before (`x++`), not after.
        post: bool,
    },
    /// An operation on one number.
    Unary(Unary, Box<Expr>),
    /// An operation on two numbers.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// Comparison of two strings as by strcmp, the result compared with 0.
    Strings(Compare, Box<Expr>, Box<Expr>),
    /// `a && b`, evaluated left to right, b only if needed; 0 or 1.
    And(Box<Expr>, Box<Expr>),
    /// `a || b`.
    Or(Box<Expr>, Box<Expr>),
    /// `a ^^ b`: both evaluated.
    Xor(Box<Expr>, Box<Expr>),
    /// `c ? a : b`.
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a, b`.
    Comma(Box<Expr>, Box<Expr>),
    /// Narrow (truncate, then extend by the type's sign) an integer to the expression's type; nothing for a pointer.
    Cast(Box<Expr>),
    /// The text at an address (or an integer used as one) as a string.
    ToString(Box<Expr>),
    /// A subroutine.
    Call(Subroutine, Vec<Expr>),
    /// `stack()`, `ustack()`, `sym()` and so on as a key or traced value; the argument, if any, is the address.
    Symbolic(RecordKind, Option<Box<Expr>>),
}

/// Operators on one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-x`
    Negate,
    /// `~x`
    Complement,
    /// `!x`: 0 or 1; of a string, whether it is empty.
    Not,
}

/// Operators on two numbers of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// Sum.
    Add,
    /// Difference.
    Sub,
    /// Product.
    Mul,
    /// Quotient; a divisor of zero raises the error `divide-by-zero`.
    Div {
        /// Signed operands.
        signed: bool,
    },
    /// Remainder; a divisor of zero raises the error `divide-by-zero`.
    Mod {
        /// Signed operands.
        signed: bool,
    },
    /// Left shift.
    Shl,
    /// Right shift.
    Shr {
        /// Arithmetic.
        signed: bool,
    },
    /// Bitwise and.
    And,
    /// Bitwise or.
    Or,
    /// Bitwise exclusive or.
    Xor,
    /// Comparison; 0 or 1.
    Compare {
        /// Which.
        how: Compare,
        /// Signed operands.
        signed: bool,
    },
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Built-in variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// `arg0` to `arg9`; in an ERROR probe, the fault's details.
    Arg(u8),
    /// `args[N]`
    Args(u32),
    /// `caller`
    Caller,
    /// `ucaller`
    Ucaller,
    /// The current CPU's number (`cpu`, `curcpu->cpu_id`).
    Cpu,
    /// `curthread`
    Curthread,
    /// `cwd`
    Cwd,
    /// `epid`
    Epid,
    /// `errno`
    Errno,
    /// `execname`
    Execname,
    /// `execargs`
    Execargs,
    /// `gid`
    Gid,
    /// `id`
    Id,
    /// `ipl`
    Ipl,
    /// `pid`
    Pid,
    /// `ppid`
    Ppid,
    /// Process group, a number of a process.
    Pgid,
    /// Session, a number of a process.
    Sid,
    /// Priority in the kernel's scheduler.
    Priority,
    /// `probefunc`
    Probefunc,
    /// `probemod`
    Probemod,
    /// `probename`
    Probename,
    /// `probeprov`
    Probeprov,
    /// `root`
    Root,
    /// `stackdepth`
    Stackdepth,
    /// `ustackdepth`
    Ustackdepth,
    /// `tid`
    Tid,
    /// `timestamp`
    Timestamp,
    /// `vtimestamp`
    Vtimestamp,
    /// `walltimestamp`
    Walltimestamp,
    /// `uid`
    Uid,
    /// `zonename`
    Zonename,
}

macro_rules! subroutines {
    ($($(#[$doc:meta])* $variant:ident $name:literal),* $(,)?) => {
        /// Subroutines.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Subroutine { $($(#[$doc])* $variant),* }
        impl Subroutine {
            /// Its name in D.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            /// The subroutine called `name`.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

subroutines! {
    /// void *alloca(size)
    Alloca "alloca",
    /// string basename(const char *)
    Basename "basename",
    /// void bcopy(from, to, size)
    Bcopy "bcopy",
    /// string cleanpath(char *)
    Cleanpath "cleanpath",
    /// void *copyin(address, size)
    Copyin "copyin",
    /// string copyinstr(address[, size])
    Copyinstr "copyinstr",
    /// void copyinto(address, size, to)
    Copyinto "copyinto",
    /// void copyout(from, address, size); destructive
    Copyout "copyout",
    /// void copyoutstr(string, address, size); destructive
    Copyoutstr "copyoutstr",
    /// string dirname(const char *)
    Dirname "dirname",
    /// int getmajor(dev)
    Getmajor "getmajor",
    /// int getminor(dev)
    Getminor "getminor",
    /// uint16 htons(uint16)
    Htons "htons",
    /// uint32 htonl(uint32)
    Htonl "htonl",
    /// uint64 htonll(uint64)
    Htonll "htonll",
    /// int index(string, string[, start])
    Index "index",
    /// string inet_ntoa(ipaddr *)
    InetNtoa "inet_ntoa",
    /// string inet_ntoa6(in6_addr *)
    InetNtoa6 "inet_ntoa6",
    /// string inet_ntop(family, address)
    InetNtop "inet_ntop",
    /// string json(string, path)
    Json "json",
    /// string link_ntop(type, address)
    LinkNtop "link_ntop",
    /// string lltostr(number[, base])
    Lltostr "lltostr",
    /// int mutex_owned(mutex *)
    MutexOwned "mutex_owned",
    /// thread *mutex_owner(mutex *)
    MutexOwner "mutex_owner",
    /// int mutex_type_adaptive(mutex *)
    MutexTypeAdaptive "mutex_type_adaptive",
    /// int mutex_type_spin(mutex *)
    MutexTypeSpin "mutex_type_spin",
    /// uint16 ntohs(uint16)
    Ntohs "ntohs",
    /// uint32 ntohl(uint32)
    Ntohl "ntohl",
    /// uint64 ntohll(uint64)
    Ntohll "ntohll",
    /// int progenyof(pid)
    Progenyof "progenyof",
    /// int rand()
    Rand "rand",
    /// int rindex(string, string[, start])
    Rindex "rindex",
    /// int rw_iswriter(rwlock *)
    RwIswriter "rw_iswriter",
    /// int rw_read_held(rwlock *)
    RwReadHeld "rw_read_held",
    /// int rw_write_held(rwlock *)
    RwWriteHeld "rw_write_held",
    /// int speculation()
    Speculation "speculation",
    /// string strchr(string, char)
    Strchr "strchr",
    /// string strjoin(string, string)
    Strjoin "strjoin",
    /// int strlen(string)
    Strlen "strlen",
    /// string strrchr(string, char)
    Strrchr "strrchr",
    /// string strstr(string, string)
    Strstr "strstr",
    /// string strtok(string, string)
    Strtok "strtok",
    /// int64 strtoll(string[, base])
    Strtoll "strtoll",
    /// string substr(string, start[, length])
    Substr "substr",
    /// string d_path(path *)
    DPath "d_path",
    /// string ddi_pathname(dev_info *, minor)
    DdiPathname "ddi_pathname",
    /// string tolower(string)
    Tolower "tolower",
    /// string toupper(string)
    Toupper "toupper",
    /// size_t msgsize(mblk *)
    Msgsize "msgsize",
    /// size_t msgdsize(mblk *)
    Msgdsize "msgdsize",
    /// uintptr getf(int)
    Getf "getf",
}
