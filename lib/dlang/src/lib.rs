//! The D language of DTrace: from text to a checked, typed program, and DTrace's output formats. No operating system in here.
//!
//! The way through: [`error`] positions, then text -> tokens -> tree -> [`program::Program`], whose documentation says what a
//! code generator may rely on; `format` turns what the program records back into DTrace's text.
#![forbid(unsafe_code)]

pub mod ast;
mod bits;
mod check;
pub mod context;
pub mod cpp;
pub mod error;
pub mod format;
pub mod glob;
pub mod lex;
pub mod options;
pub mod parse;
pub mod printf;
pub mod program;
pub mod types;

pub use check::compile;
