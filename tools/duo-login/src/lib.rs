//! The second factor for SSH: its parts, for the program and for the fuzz targets.
pub mod api;
pub mod audit;
pub mod check;
pub mod client;
pub mod conf;
pub mod enroll;
pub mod gate;
pub mod groups;
pub mod guard;
pub mod heritage;
pub mod http;
pub mod keys;
pub mod load;
pub mod log;
pub mod login;
pub mod offline;
pub mod origin;
pub mod probes;
pub mod remember;
pub mod run;
pub mod sign;
pub mod sshd;
pub mod store;
pub mod sys;
pub mod terminal;
pub mod text;
pub mod tls;
pub mod verdict;
pub mod wire;

use getopts::Matches;

/// The name of the program that this one replaces.
pub const LOGIN_DUO: &str = "login_duo";

/// The options that both names share.
#[must_use]
pub fn arguments(found: &Matches, tool: &'static str, ident: &'static std::ffi::CStr) -> run::Args {
    let last = |name| found.opt_strs(name).pop();
    run::Args {
        tool,
        ident,
        config: last("c").map(Into::into),
        duouser: last("f"),
        host: last("h"),
        debug: found.opt_present("d"),
        command: found.free.clone(),
    }
}
