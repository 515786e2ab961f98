//! illumos has DTrace itself.
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// Becomes the system's dtrace, with the same arguments; comes back only if that cannot be.
pub(crate) fn dtrace(tool: &str) -> ExitCode {
    let e = Command::new("/usr/sbin/dtrace").args(std::env::args_os().skip(1)).exec();
    base::cli::warn(tool, base::fail::Fail::Io("/usr/sbin/dtrace".into(), e));
    ExitCode::FAILURE
}
