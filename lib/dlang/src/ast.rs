//! The tree the parser makes: names unresolved, types as written.

use crate::error::Pos;
use crate::lex::token::Int;

/// An outermost part of a program.
#[derive(Clone, Debug)]
pub enum Unit {
    /// A probe clause.
    Clause(Clause),
    /// A declaration of types or variables.
    Declaration(Declaration),
    /// `inline type name = expression;`
    Inline(Specifiers, Declarator, Node),
    /// `translator out < in name > { member = expression; ... };`
    Translator(Translator),
    /// `provider name { probe name(args); ... };`
    Provider(Provider),
}

/// A translator definition.
#[derive(Clone, Debug)]
pub struct Translator {
    /// Type made.
    pub output: TypeName,
    /// Type taken.
    pub input: TypeName,
    /// What the members' expressions call the input.
    pub name: String,
    /// Members and their expressions.
    pub members: Vec<(String, Node)>,
    /// Where it ends.
    pub pos: Pos,
}

/// A provider definition.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Its probes.
    pub probes: Vec<ProviderProbe>,
    /// Where it ends.
    pub pos: Pos,
}

/// A probe of a provider definition.
#[derive(Clone, Debug)]
pub struct ProviderProbe {
    /// Its name, as written.
    pub name: String,
    /// What the program passes.
    pub input: Vec<Parameter>,
    /// What `args[]` gives, if that differs.
    pub output: Option<Vec<Parameter>>,
    /// Where it ends.
    pub pos: Pos,
}

/// A probe clause.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its descriptions as written, or numbers.
    pub probes: Vec<(Spec, Pos)>,
    /// Its predicate.
    pub predicate: Option<Node>,
    /// Its statements; `None` if it has no braces.
    pub body: Option<Vec<Statement>>,
    /// Where it ends.
    pub end: Pos,
}

/// A probe specifier.
#[derive(Clone, Debug)]
pub enum Spec {
    /// By name.
    Name(String),
    /// By number.
    Id(u64),
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Statement {
    /// An expression; the position is that of the token after it.
    Expr(Node, Pos),
    /// `if (condition) ... else ...`
    If(Node, Vec<Statement>, Vec<Statement>),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where; lines are those DTrace reports.
    pub pos: Pos,
}

/// Kinds of expressions.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// An integer constant.
    Int(Int),
    /// A string constant.
    Str(Vec<u8>),
    /// A name.
    Ident(String),
    /// An aggregation's name.
    Agg(String),
    /// A call.
    Call(String, Vec<Node>),
    /// `a[b, ...]`
    Index(Box<Node>, Vec<Node>),
    /// `a.b`
    Dot(Box<Node>, String),
    /// `a->b`
    Arrow(Box<Node>, String),
    /// A prefix operator: `-`, `+`, `~`, `!`, `*`, `&`, `sizeof`, `stringof`.
    Prefix(&'static str, Box<Node>),
    /// `++` or `--`; true for after the operand.
    Step(&'static str, Box<Node>, bool),
    /// An operator between two operands, `,` included.
    Binary(&'static str, Box<Node>, Box<Node>),
    /// `=` and `op=`.
    Assign(&'static str, Box<Node>, Box<Node>),
    /// `a ? b : c`
    Cond(Box<Node>, Box<Node>, Box<Node>),
    /// `(type) a`
    Cast(Box<TypeName>, Box<Node>),
    /// `sizeof (type)`
    SizeofType(Box<TypeName>),
    /// `offsetof(type, member)`
    Offsetof(Box<TypeName>, String),
    /// `xlate <type> (a)`
    Xlate(Box<TypeName>, Box<Node>),
}

/// A type without a name declared.
#[derive(Clone, Debug)]
pub struct TypeName {
    /// Its specifiers.
    pub specifiers: Specifiers,
    /// Its derivations.
    pub declarator: Declarator,
    /// Where it ends.
    pub pos: Pos,
}

/// A declaration.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Its specifiers.
    pub specifiers: Specifiers,
    /// What it declares.
    pub declarators: Vec<Declarator>,
    /// Where it ends.
    pub pos: Pos,
}

/// Storage classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `auto`
    Auto,
    /// `register`
    Register,
    /// `static`
    Static,
    /// `extern`
    Extern,
    /// `typedef`
    Typedef,
    /// `self`
    SelfThread,
    /// `this`
    This,
}

/// Declaration specifiers.
#[derive(Clone, Debug, Default)]
pub struct Specifiers {
    /// Storage class.
    pub class: Option<Class>,
    /// The type.
    pub base: Base,
    /// `signed`
    pub signed: bool,
    /// `unsigned`
    pub unsigned: bool,
    /// `short`
    pub short: bool,
    /// How many `long`: 0, 1 or 2.
    pub longs: u8,
    /// `userland`-independent qualifiers, in C's order.
    pub qualifiers: Vec<&'static str>,
}

/// The type named by specifiers.
#[derive(Clone, Debug, Default)]
pub enum Base {
    /// None given: `int`.
    #[default]
    None,
    /// `int`, `char`, `void`, `float` or `double`.
    Basic(&'static str),
    /// A typedef's name, or `string`.
    Named(String),
    /// A structure or union; members if it is defined here.
    Struct {
        /// Union or structure.
        union: bool,
        /// Tag.
        tag: Option<String>,
        /// Members.
        members: Option<Vec<Field>>,
    },
    /// An enumeration; enumerators if it is defined here.
    Enum {
        /// Tag.
        tag: Option<String>,
        /// Enumerators.
        values: Option<Vec<(String, Option<Node>, Pos)>>,
    },
}

/// A member declarator of a structure.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its specifiers (shared by the declarators of one declaration).
    pub specifiers: Specifiers,
    /// Its declarator; an unnamed one without derivations for `: 3` and anonymous structures.
    pub declarator: Declarator,
    /// Width of a bit-field.
    pub bits: Option<Node>,
    /// Where it ends.
    pub pos: Pos,
    /// Whether it shares the specifiers of the field before.
    pub continued: bool,
}

/// A declarator: the name and what it is of the base type.
#[derive(Clone, Debug, Default)]
pub struct Declarator {
    /// The name declared, if any.
    pub name: Option<String>,
    /// Derivations, those nearest the name first: `int *a[3]` is array, pointer.
    pub derivations: Vec<Derivation>,
    /// Where it ends.
    pub pos: Pos,
}

/// A derivation.
#[derive(Clone, Debug)]
pub enum Derivation {
    /// `*`
    Pointer(Vec<&'static str>),
    /// `[n]` or `[]`
    Array(Option<Box<Node>>),
    /// `[type, ...]`: an associative array.
    Tuple(Vec<Parameter>),
    /// `(type, ...)`
    Function(Vec<Parameter>),
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its type; `None` for `...`.
    pub ty: Option<TypeName>,
    /// Where it ends.
    pub pos: Pos,
}
