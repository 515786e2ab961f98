//! What every tool here shares: options, messages, output, records, formats, signals.
#![forbid(unsafe_code)]
pub mod cli;
pub mod daemon;
pub mod fail;
pub mod lines;
mod message;
pub mod out;
pub mod progress;
pub mod table;
pub mod time;
