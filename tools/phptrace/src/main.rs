//! phptrace: DTrace's D language on eBPF
use base::cli::Tool;
use base::fail::{Fail, Result};
use base::out::Out;
use getopts::Matches;
use std::process::ExitCode;

mod bpf;
mod codegen;
mod elf;
mod sys;

const TOOL: Tool = Tool { name: "phptrace", usage: &[""], options: |_| {}, run, letters: ("h", "V") };

fn main() -> ExitCode {
    TOOL.main()
}

fn run(_found: &Matches, _out: &mut Out) -> Result {
    Err(Fail::Usage("nothing to do".into()))
}
