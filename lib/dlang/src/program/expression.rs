//! Expressions: operators, places, and what they are made of.
use super::{Builtin, RecordKind, Space, Subroutine, VarId};
use crate::error::Pos;
use crate::types::TypeId;

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
    /// Keys of an associative array, as many and of the kinds in [`Variable::keys`](super::Variable::keys).
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
