//! The edge to the system (Linux alone, as libumem is): reading another process's memory, stopping its threads, pages of our own.
#![allow(unsafe_code, reason = "system calls that std does not offer")]

mod freeze;
mod linux;
mod traced;
pub(crate) use freeze::Frozen;
pub(crate) use linux::*;
pub(crate) use traced::{Reached, end, ending_thread, exit_status, run_to_exit, start};
