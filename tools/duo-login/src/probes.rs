//! USDT probes: `duologin:::start`, `preauth`, `prompt` and `decision`.
#![allow(unsafe_code, reason = "what usdt generates writes the probes' instructions")]
#![allow(missing_docs, clippy::all, reason = "generated")]

// The crate keeps the name `start` to itself, except as a format.
#[usdt::provider(provider = "duologin", probe_format = "start")]
mod login {
    fn begin(user: &str, host: &str) {}
}

#[usdt::provider(provider = "duologin")]
mod duologin {
    fn preauth(user: &str, outcome: &str) {}
    fn prompt(user: &str) {}
    fn decision(user: &str, factor: &str, allowed: u8) {}
}

/// A login begins.
pub fn start(user: &str, host: &str) {
    login::start!(|| (user, host));
}

/// The API was asked whether a factor is needed.
pub fn preauth(user: &str, outcome: &str) {
    duologin::preauth!(|| (user, outcome));
}

/// The user is asked.
pub fn prompt(user: &str) {
    duologin::prompt!(|| user);
}

/// It is decided.
pub fn decision(user: &str, factor: &str, allowed: bool) {
    duologin::decision!(|| (user, factor, u8::from(allowed)));
}
