//! The command line under the name login_duo: its options, words and statuses.
use crate::{LOGIN_DUO, arguments, run};
use getopts::{Fail, Options};
use std::io::{self, Write};
use std::process::ExitCode;

const USAGE: &str = "Usage: login_duo [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]";

/// Runs as login_duo; `called` is the name in getopt's messages.
pub fn main(called: &str) -> ExitCode {
    let mut options = Options::new();
    options.optflagmulti("v", "", "").optmulti("c", "", "", "").optflagmulti("d", "", "");
    options.optmulti("f", "", "", "").optmulti("h", "", "", "").optflagmulti("?", "", "");
    let found = match options.parse(std::env::args_os().skip(1)) {
        Ok(found) if found.opt_present("?") => return complain(&[USAGE]),
        Ok(found) => found,
        Err(fail) => return complain(&[&reason(called, &fail), USAGE]),
    };
    if found.opt_present("v") {
        return complain(&[&format!("{LOGIN_DUO} {}", env!("CARGO_PKG_VERSION"))]);
    }
    run::run(arguments(&found, LOGIN_DUO, c"login_duo")).into()
}

fn complain(lines: &[&str]) -> ExitCode {
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
    ExitCode::FAILURE
}

/// getopt(3)'s words for what was wrong.
fn reason(called: &str, fail: &Fail) -> String {
    match fail {
        Fail::ArgumentMissing(option) => format!("{called}: option requires an argument -- '{option}'"),
        Fail::UnrecognizedOption(option) if option.chars().count() == 1 => format!("{called}: invalid option -- '{option}'"),
        _ => format!("{called}: invalid option -- '-'"),
    }
}
