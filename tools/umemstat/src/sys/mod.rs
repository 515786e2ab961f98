//! The edge to the system (Linux alone, as libumem is): reading another process's memory, stopping its threads, pages of our own.
#![allow(unsafe_code, reason = "system calls that std does not offer")]

mod freeze;
mod linux;
pub(crate) use freeze::Frozen;
pub(crate) use linux::*;
