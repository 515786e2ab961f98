//! Programs for the kernel: assembling, loading, attaching.
pub mod asm;
pub mod btf;
pub mod load;
