//! Tokens of D.

use crate::error::Pos;

/// A token and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Tok,
    /// Where it begins.
    pub pos: Pos,
    /// Its text, for "syntax error near".
    pub text: String,
}

/// Kinds of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tok {
    /// An identifier; may have backquotes.
    Ident(String),
    /// A reserved word.
    Key(&'static str),
    /// An integer constant.
    Int(Int),
    /// A string constant.
    Str(Vec<u8>),
    /// `@name`; `@` alone is `_`.
    Agg(String),
    /// A probe description.
    Probe(String),
    /// An operator or separator.
    Op(&'static str),
    /// `/` that ends a predicate.
    EndPredicate,
    /// End of the text.
    End,
}

/// An integer constant as written; its form decides its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Int {
    /// Its value.
    pub value: u64,
    /// Suffix `u`.
    pub unsigned: bool,
    /// How many `l` suffixes.
    pub longs: u8,
    /// Decimal, not octal or hexadecimal.
    pub decimal: bool,
    /// A macro argument with a minus sign.
    pub negative: bool,
}

/// Reserved words inside clauses and declarations.
pub(crate) const KEYWORDS: &[&str] = &[
    "auto",
    "break",
    "case",
    "char",
    "const",
    "continue",
    "counter",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "float",
    "for",
    "goto",
    "if",
    "import",
    "inline",
    "int",
    "long",
    "offsetof",
    "probe",
    "provider",
    "register",
    "restrict",
    "return",
    "self",
    "short",
    "signed",
    "sizeof",
    "static",
    "string",
    "stringof",
    "struct",
    "switch",
    "this",
    "translator",
    "typedef",
    "union",
    "unsigned",
    "void",
    "volatile",
    "while",
    "xlate",
];

/// Reserved words that begin a declaration at the outer level.
pub(crate) const OUTER_KEYWORDS: &[&str] = &[
    "auto",
    "char",
    "const",
    "counter",
    "double",
    "enum",
    "extern",
    "float",
    "import",
    "inline",
    "int",
    "long",
    "provider",
    "register",
    "restrict",
    "self",
    "short",
    "signed",
    "static",
    "string",
    "struct",
    "this",
    "translator",
    "typedef",
    "union",
    "unsigned",
    "void",
    "volatile",
];

/// Operators, longest first.
pub(crate) const OPERATORS: &[&str] = &[
    "<<=", ">>=", "...", "&&", "^^", "||", "==", "!=", "<=", ">=", "<<", ">>", "->", "+=", "-=", "*=", "/=", "%=", "&=", "^=",
    "|=", "++", "--", "(", ")", "[", "]", "{", "}", "|", "^", "&", "<", ">", "+", "-", "*", "/", "%", "~", "!", "?", ":", ".",
    "=", ",", ";",
];
