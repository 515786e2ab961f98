//! Programs for the kernel: assembling, loading, attaching.
pub(crate) mod asm;
pub(crate) mod btf;
pub(crate) mod load;
mod op;
