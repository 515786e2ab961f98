//! `--check`: what is wrong with an installation, and the line that mends it. Nothing is sent to a phone.
use crate::client::{Call, Client};
use crate::conf::Config;
use crate::load::{self, Loaded};
use crate::store::Store;
use crate::{sshd, sys};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, Table, left};
use getopts::Matches;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// As it should be.
    Fine,
    /// Works, but less safe than it could be.
    Warning,
    /// Broken, or open.
    Fault,
}

/// One row.
#[derive(Debug)]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// The part it is about.
    pub place: &'static str,
    /// What was found.
    pub what: String,
    /// What mends it.
    pub mend: String,
}

impl Finding {
    /// A finding.
    pub fn new(level: Level, place: &'static str, what: String, mend: &str) -> Self {
        Self { level, place, what, mend: mend.into() }
    }
}

const COLUMNS: &[Column] = &[left("LEVEL"), left("PART"), left("FINDING"), left("MEND")];

/// Checks the installation and prints the findings; status 1 when there is a fault.
///
/// # Errors
/// The output cannot be written, or the file given by --sshd cannot be read.
pub fn run(found: &Matches, out: &mut Out, tool: &str) -> Result {
    let path = found.opt_strs("c").pop().unwrap_or_else(|| load::DEFAULT.into());
    let mut findings = Vec::new();
    // Strict, so that every doubt is told.
    let loaded = load::load(Path::new(&path), tool, "root", true);
    let conf = configuration(&path, loaded, &mut findings);
    if let Some(conf) = &conf {
        state(conf, &mut findings);
        api(conf, tool, &mut findings);
    }
    daemon(found, conf.is_some_and(|c| c.remember.is_some()), &mut findings)?;
    let mut table = Table::new(COLUMNS, found)?;
    for f in &findings {
        let level = match f.level {
            Level::Fine => "ok",
            Level::Warning => "warning",
            Level::Fault => "fault",
        };
        table.row(out, &[level, f.place, &f.what, &f.mend])?;
    }
    table.end(out)?;
    Ok(u8::from(findings.iter().any(|f| f.level == Level::Fault)))
}

fn configuration(path: &str, loaded: Loaded, to: &mut Vec<Finding>) -> Option<Config> {
    let Loaded { config, faults, notes, .. } = loaded;
    let mut add = |level, what: &str, mend: &str| to.push(Finding::new(level, "configuration", what.into(), mend));
    for fault in &faults {
        let mend = if fault.contains("must be readable only by") {
            format!("chown root {path}; chmod 600 {path}")
        } else if fault.starts_with("Couldn't open") {
            format!("install -m 600 /dev/null {path}, then host, ikey and skey")
        } else {
            "see duo-login.conf(5)".into()
        };
        add(Level::Fault, fault, &mend);
    }
    for note in &notes {
        add(Level::Warning, note, "remove the line");
    }
    if !faults.is_empty() {
        return None;
    }
    add(Level::Fine, &format!("{path} can be used"), "");
    if config.noverify {
        add(Level::Fault, "noverify: whoever sits in between can let himself in", "noverify = no");
    }
    if config.fail_safe && config.offline.is_none() {
        add(
            Level::Warning,
            "failmode = safe: an outage lets everybody in by the first factor alone",
            "failmode = secure, or offline = totp",
        );
    }
    if !config.strict {
        add(Level::Warning, "strict = no: a broken configuration lets everybody in", "strict = yes");
    }
    if config.guard.is_none() {
        add(Level::Warning, "no guard: a phone may be made to ring without end", "guard = 5/10m");
    }
    Some(config)
}

/// The folders and files that the configuration needs.
fn state(conf: &Config, to: &mut Vec<Finding>) {
    let dir = conf.statedir.display();
    if conf.offline.is_some() || conf.remember.is_some() || conf.guard.is_some() {
        let mend = format!("install -d -o {} -m 700 {dir}", load::SERVICE_USER);
        match Store::open(&conf.statedir) {
            Ok(_) => to.push(Finding::new(Level::Fine, "state", format!("{dir} can be used"), "")),
            Err(e) => to.push(Finding::new(Level::Fault, "state", format!("{dir}: {}", sys::strerror(&e)), &mend)),
        }
    }
    let Some(path) = conf.audit.as_deref() else { return };
    let shown = path.display();
    if !path.parent().is_some_and(Path::is_dir) {
        let mend = format!("install -d -m 755 {}", path.parent().unwrap_or(path).display());
        to.push(Finding::new(Level::Fault, "audit", format!("{shown}: its folder is missing"), &mend));
    }
    // What root alone can append to is of no use to the logins of others.
    let service = sys::user_by_name(load::SERVICE_USER);
    let theirs = std::fs::symlink_metadata(path).is_ok_and(|f| service.as_ref().is_some_and(|s| s.uid == f.uid()));
    if !theirs {
        let mend = format!("install -o {} -m 600 /dev/null {shown}", load::SERVICE_USER);
        let what = format!("{shown} is no file of the user {}: setuid logins cannot append to it", load::SERVICE_USER);
        to.push(Finding::new(Level::Warning, "audit", what, &mend));
    }
}

/// Reaches the API: /ping for the clock, /check for the keys.
fn api(conf: &Config, tool: &str, to: &mut Vec<Finding>) {
    let mut add = |level, what: String, mend: &str| to.push(Finding::new(level, "api", what, mend));
    let mut client = match Client::new(conf, tool) {
        Ok(client) => client,
        Err(why) => return add(Level::Fault, why, "see duo-login.conf(5)"),
    };
    let call = |path| Call { method: "GET", path, params: &[], again: true, person: None };
    let quiet: &mut dyn FnMut(&str) = &mut |_| {};
    let pinged = client.resolve().and_then(|()| client.call(&call("/ping"), quiet)).and_then(|body| client.set_clock(&body));
    if let Err(trouble) = pinged {
        return add(Level::Fault, trouble.to_string(), "host, cafile or http_proxy; the network");
    }
    add(Level::Fine, format!("{} answers", conf.host), "");
    match client.skew() {
        skew if skew.abs() > 60 => add(Level::Warning, format!("this clock is {} seconds off", -skew), "run an NTP client"),
        skew => add(Level::Fine, format!("this clock is {} seconds off", -skew), ""),
    }
    match client.call(&call("/check"), quiet).and_then(|body| crate::api::ping(&body)) {
        Ok(_) => add(Level::Fine, "the keys are accepted".into(), ""),
        Err(trouble) => add(Level::Fault, trouble.to_string(), "ikey and skey of the application at Duo"),
    }
}

/// sshd's effective configuration: from --sshd, or by asking it.
fn daemon(found: &Matches, remember: bool, to: &mut Vec<Finding>) -> Result<()> {
    let text = match found.opt_strs("sshd").pop() {
        Some(path) => given(&path)?,
        None => match ask() {
            Ok(text) => text,
            Err(why) => {
                to.push(Finding::new(Level::Warning, "sshd", why, "as root: sshd -T | duo-login --check --sshd -"));
                return Ok(());
            }
        },
    };
    let findings = sshd::findings(&text, remember);
    if findings.is_empty() {
        to.push(Finding::new(Level::Fine, "sshd", "no way around the ForceCommand found".into(), ""));
    }
    to.extend(findings);
    Ok(())
}

fn given(path: &str) -> Result<String> {
    let mut text = String::new();
    let from: Box<dyn Read> =
        if path == "-" { Box::new(std::io::stdin()) } else { Box::new(std::fs::File::open(path).map_err(Fail::on(path))?) };
    from.take(1 << 20).read_to_string(&mut text).map_err(Fail::on(path))?;
    if text.lines().any(|l| l.starts_with("port ") || l.starts_with("forcecommand ")) {
        return Ok(text);
    }
    Err(Fail::Other(format!("{path}: expected the output of sshd -T")))
}

fn ask() -> std::result::Result<String, String> {
    for program in ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/lib/ssh/sshd"] {
        if !Path::new(program).exists() {
            continue;
        }
        let done = Command::new(program).arg("-T").output().map_err(|e| format!("{program}: {}", sys::strerror(&e)))?;
        if done.status.success() {
            return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
        }
        let why = String::from_utf8_lossy(&done.stderr);
        return Err(format!("{program} -T: {}", why.lines().next().unwrap_or("failed")));
    }
    Err("no sshd found".into())
}
