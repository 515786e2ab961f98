//! umemstat: the heap of a live process, or of a core, seen through its allocator's own statistics.
mod allocator;
mod audit;
mod bits;
mod buffers;
mod command;
mod core_file;
mod dist;
mod format;
mod heap;
mod hunt;
mod image;
mod interval;
mod leaks;
mod log;
#[cfg(any(test, feature = "fuzzing"))]
pub mod made;
mod maps;
mod memory;
#[cfg(test)]
mod mutated;
mod openmetrics;
mod probes;
mod process;
mod ranges;
mod registers;
mod roots;
mod run;
mod sample;
mod scan;
mod since;
mod stacks;
mod stat;
mod status;
mod symbols;
mod sys;
mod target;
mod unwind;
mod users;
mod verify;
mod whatis;

use base::cli::Tool;
use std::process::ExitCode;

const TOOL: Tool =
    Tool { name: "umemstat", usage: command::USAGE, options: command::options, run: command::run, letters: ("h", "V") };

/// What comes after the command's name is the command's, not ours.
const RUN: Tool = Tool { options: run::options, run: run::run, ..TOOL };

/// The whole command.
pub fn main() -> ExitCode {
    let args = std::env::args_os().skip(1);
    if std::env::args_os().nth(1).is_some_and(|a| a == "run") { RUN.main_on(args.skip(1)) } else { TOOL.main_on(args) }
}
