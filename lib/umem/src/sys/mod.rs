//! The system underneath: memory, futexes, threads, time, environment. No errno is touched.
mod linux;
mod tls;

pub(crate) use linux::*;
pub(crate) use tls::{hot, set_hot};
