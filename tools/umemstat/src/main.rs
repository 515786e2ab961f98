//! umemstat: the heap of a live process, or of a core, seen through its allocator's own statistics.
mod allocator;
mod audit;
mod bits;
mod command;
mod core_file;
mod format;
mod heap;
mod hunt;
mod image;
mod interval;
mod leaks;
mod maps;
mod memory;
mod openmetrics;
mod process;
mod ranges;
mod registers;
mod roots;
mod sample;
mod scan;
mod since;
mod stat;
mod symbols;
mod sys;
mod target;
mod users;

use base::cli::Tool;
use std::process::ExitCode;

const TOOL: Tool =
    Tool { name: "umemstat", usage: command::USAGE, options: command::options, run: command::run, letters: ("h", "V") };

fn main() -> ExitCode {
    TOOL.main()
}
