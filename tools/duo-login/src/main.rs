//! duo-login: the second factor for SSH; under the name login_duo, that program.

use base::cli::Tool;
use base::fail::{Fail, Result};
use base::out::Out;
use duo_login::{LOGIN_DUO, arguments, check, enroll, heritage, run as login, sys};
use getopts::{Matches, Options, ParsingStyle};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

const TOOL: Tool = Tool {
    name: "duo-login",
    usage: &[
        "[-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]",
        "--check [-c config] [--sshd file] [-H] [-p field,...] [--csv]",
        "--enroll [-c config] user",
    ],
    options,
    run,
    letters: ("", ""),
};

fn main() -> ExitCode {
    let called = std::env::args_os().next().unwrap_or_default();
    if Path::new(&called).file_name().is_some_and(|name| name == LOGIN_DUO) {
        return heritage::main(&called.to_string_lossy());
    }
    TOOL.main()
}

fn options(o: &mut Options) {
    o.parsing_style(ParsingStyle::FloatingFrees)
        .optflagmulti("v", "", "print the version on standard error")
        .optmulti("c", "", "configuration file; only root may say so", "FILE")
        .optflagmulti("d", "", "log to standard error")
        .optmulti("f", "", "name of the user at Duo; only root may say so", "USER")
        .optmulti("h", "", "address of the client, where sshd does not tell it", "HOST")
        .optflag("", "check", "check configuration, API and sshd; nothing is sent to a phone")
        .optopt("", "sshd", "with --check: the output of sshd -T, - for standard input", "FILE")
        .optflag("", "enroll", "give USER a new offline factor and print it");
    base::table::options(o);
}

fn run(found: &Matches, out: &mut Out) -> Result {
    if found.opt_present("v") {
        let _ = writeln!(io::stderr(), "{} {}", TOOL.name, env!("CARGO_PKG_VERSION"));
        return Ok(0);
    }
    let own = found.opt_present("check") || found.opt_present("enroll");
    if own && sys::is_setuid() {
        return Err(Fail::Other("only root may use --check and --enroll".into()));
    }
    match (found.opt_present("check"), found.opt_present("enroll")) {
        (true, true) => return Err(Fail::Usage("--check and --enroll exclude each other".into())),
        (true, false) => return check::run(found, out, TOOL.name),
        (false, true) => return enroll::run(found, out, TOOL.name),
        (false, false) => {}
    }
    Ok(login::run(arguments(found, TOOL.name, c"duo-login")))
}
