//! umemstat: see its library.
use std::process::ExitCode;

fn main() -> ExitCode {
    umemstat::main()
}
