//! USDT probes: `duologin:::begin`, `preauth`, `prompt` and `decision` (`start` is a name that Rust keeps to itself).
#![allow(unsafe_code, reason = "what usdt generates writes the probes' instructions")]
#![allow(missing_docs, clippy::all, reason = "generated")]

#[usdt::provider(provider = "duologin")]
mod duologin {
    fn begin(user: &str, host: &str) {}
    fn preauth(user: &str, outcome: &str) {}
    fn prompt(user: &str) {}
    fn decision(user: &str, factor: &str, allowed: u8) {}
}

/// A login begins.
pub fn begin(user: &str, host: &str) {
    duologin::begin!(|| (user, host));
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
