//! phptrace: DTrace's D language on eBPF.
use std::process::ExitCode;

#[cfg(target_os = "linux")]
mod bits;
#[cfg(target_os = "linux")]
mod bpf;
#[cfg(target_os = "linux")]
mod codegen;
#[cfg(target_os = "linux")]
mod consume;
#[cfg(target_os = "linux")]
mod elf;
#[cfg(target_os = "linux")]
mod probes;
#[cfg(target_os = "linux")]
mod run;
mod sys;

#[cfg(target_os = "illumos")]
fn main() -> ExitCode {
    sys::dtrace("phptrace")
}

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    run::TOOL.main()
}
