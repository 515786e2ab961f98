//! The system underneath: memory, futexes, threads, time, environment. No errno is touched.
mod linux;
mod near;
mod pressure;
mod rseq;
mod symbols;
mod tls;
mod unwind;

pub(crate) use linux::*;
pub(crate) use near::near;
pub(crate) use pressure::*;
pub(crate) use rseq::*;
pub(crate) use symbols::*;
pub(crate) use tls::{hot, set_hot};
pub(crate) use unwind::*;
