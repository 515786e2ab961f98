//! The program; the library beside it is what fuzzing and tests use too.
use std::process::ExitCode;

fn main() -> ExitCode {
    zonesnap::TOOL.main()
}
