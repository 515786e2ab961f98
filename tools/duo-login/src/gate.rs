//! The authenticating process: from the configuration to a decision.
use crate::audit::Record;
use crate::client::Client;
use crate::conf::Config;
use crate::load::{self, Loaded};
use crate::log;
use crate::login::Login;
use crate::offline::{Answer, Enrolment, Kind};
use crate::remember::{self, Bond};
use crate::store::Store;
use crate::sys::{self, User};
use crate::terminal::{Reply, Terminal};
use crate::verdict::{Head, Verdict, about};
use crate::{groups, guard, probes};
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// What is known before anything is decided.
pub struct Start {
    /// The name that the program goes by.
    pub tool: &'static str,
    /// The configuration file.
    pub config: PathBuf,
    /// Whether faults of the configuration deny unless it says otherwise.
    pub strict: bool,
    /// The user's name at Duo, by -f.
    pub duouser: Option<String>,
    /// The client's address, by `SSH_CONNECTION` or -h.
    pub client: Option<String>,
    /// Who logs in.
    pub user: User,
    /// What will be run.
    pub command: Option<String>,
    /// `DUO_PASSCODE`.
    pub passcode: Option<Zeroizing<String>>,
    /// What sshd tells of the first factor.
    pub exposed: Option<String>,
    /// Nobody can be asked.
    pub headless: bool,
    /// When the login began.
    pub began: Instant,
}

/// Decides, writes it down, and says whether the message of the day follows.
pub fn decide(start: &Start) -> (bool, bool) {
    let name = start.duouser.as_deref().unwrap_or(&start.user.name);
    probes::start(name, start.client.as_deref().unwrap_or_default());
    log::write(log::INFO, &format!("Loading config file {}", start.config.display()));
    let Loaded { config, faults, doubts, notes } = load::load(&start.config, start.tool, &start.user.name, start.strict);
    for note in notes {
        log::write(log::ERR, &note);
    }
    for line in faults.iter().chain(&doubts) {
        complain(line);
    }
    for doubt in &doubts {
        log::write(log::WARNING, doubt);
    }
    let subject = Subject {
        user: user_at_duo(start, &config),
        host: client(start, &config),
        audit: config.audit.clone(),
        began: start.began,
    };
    let ended = subject.clone();
    let watched = sys::at_end(move |how| ended.tell(&Verdict::deny(Head::Aborted, "none", Some(how.into()))));
    let gate =
        Gate { start, conf: &config, terminal: Terminal { quiet: start.headless }, user: &subject.user, host: &subject.host };
    let verdict = match faults.last() {
        _ if watched.is_err() => Verdict::deny(Head::Error, "none", watched.err().map(|e| sys::strerror(&e))),
        // As login_duo: what was parsed so far decides, and that is to allow unless it says otherwise.
        Some(why) => Verdict::outage(config.fail_safe && !config.strict, Some(format!("configuration fault: {why}"))),
        None => gate.judge(),
    };
    subject.tell(&verdict);
    let motd = config.motd && !start.headless && verdict.allowed && !verdict.outage;
    (verdict.allowed, motd)
}

/// A line on standard error, as login_duo has it: without the program's name.
fn complain(line: &str) {
    use io::Write;
    let _ = writeln!(io::stderr(), "{}", crate::text::line(line));
}

/// Of whom a decision is told, and where.
#[derive(Clone)]
struct Subject {
    user: String,
    host: Option<String>,
    audit: Option<PathBuf>,
    began: Instant,
}

/// Held from the first decision on: a login has one.
static DECIDED: Mutex<()> = Mutex::new(());

impl Subject {
    fn tell(&self, verdict: &Verdict) {
        std::mem::forget(DECIDED.lock());
        verdict.log(&self.user, self.host.as_deref());
        self.record(verdict);
        probes::decision(&self.user, &verdict.factor, verdict.allowed);
    }

    fn record(&self, verdict: &Verdict) {
        let Some(path) = &self.audit else { return };
        let record = Record {
            time: SystemTime::now(),
            user: &self.user,
            ip: self.host.as_deref().unwrap_or_default(),
            factor: &verdict.factor,
            allowed: verdict.allowed,
            reason: verdict.why.as_deref().unwrap_or_default(),
            took: self.began.elapsed(),
        };
        if let Err(e) = record.append(path) {
            log::write(log::ERR, &about("Couldn't write the audit file", Some(&self.user), None, Some(&e.to_string())));
        }
    }
}

struct Gate<'a> {
    start: &'a Start,
    conf: &'a Config,
    terminal: Terminal,
    user: &'a str,
    host: &'a Option<String>,
}

impl Gate<'_> {
    fn judge(&self) -> Verdict {
        match self.groups() {
            Ok(true) => {}
            Ok(false) => {
                let text = format!(
                    "User {} bypassed Duo 2FA due to user's UNIX group",
                    self.start.duouser.as_ref().unwrap_or(&self.start.user.name)
                );
                log::write(log::INFO, &text);
                return Verdict::bypassed("not in a group that needs it");
            }
            Err(e) => return Verdict::deny(Head::NoGroups, "none", Some(sys::strerror(&e))),
        }
        if self.conf.noverify {
            log::write(log::WARNING, "noverify is set: the server's certificate is not verified");
        }
        let mut client = match Client::new(self.conf, self.start.tool) {
            Ok(client) => client,
            Err(why) => return Verdict::deny(Head::NoHandle, "none", Some(why)),
        };
        let remembered = self.is_remembered();
        let resolved = if remembered { Ok(()) } else { client.resolve() };
        let hostname = if remembered || resolved.is_err() { String::new() } else { full_hostname() };
        if let Err(why) = sys::confine() {
            log::write(log::WARNING, &format!("cannot confine the authenticating process: {why}"));
        }
        if remembered {
            return Verdict::allow(Head::Remembered, "remembered", None);
        }
        let verdict = match resolved {
            Err(trouble) if trouble.is_outage() => Verdict::outage(self.conf.fail_safe, trouble.reason()),
            Err(trouble) => Verdict::deny(Head::Error, "none", trouble.reason()),
            Ok(()) => self.login(&hostname).run(&mut client),
        };
        match self.conf.offline {
            Some(kind) if verdict.outage => self.offline(kind, verdict.why.unwrap_or_default()),
            _ => {
                if verdict.by_factor() {
                    self.remember();
                }
                verdict
            }
        }
    }

    fn groups(&self) -> io::Result<bool> {
        if self.conf.groups.is_empty() {
            return Ok(true);
        }
        if groups::all_negated(&self.conf.groups) {
            log::write(log::WARNING, "All configured groups are negated: no user needs a second factor");
        }
        Ok(groups::apply(&self.conf.groups, &sys::group_names(&self.start.user)?))
    }

    fn login<'b>(&'b self, hostname: &'b str) -> Login<'b> {
        Login {
            conf: self.conf,
            user: self.user,
            host: self.host.as_deref(),
            hostname,
            command: self.start.command.as_deref(),
            passcode: self.start.passcode.clone().filter(|_| self.conf.accept_env_factor),
            terminal: &self.terminal,
            admit: Box::new(|| self.admit()),
        }
    }

    /// One more request to the user's phone, if the guard lets it pass. What cannot be counted does not pass.
    fn admit(&self) -> Result<(), String> {
        let Some((most, window)) = self.conf.guard else { return Ok(()) };
        let counted = (|| {
            let store = Store::open(&self.conf.statedir)?;
            let files = store.lock(self.user)?;
            let times = files.read("guard")?.unwrap_or_default();
            match guard::admit(&times, now(), most, window) {
                Ok(times) => files.write("guard", times.as_bytes()).map(|()| Ok(())),
                Err(wait) => Ok(Err(wait)),
            }
        })();
        match counted {
            Ok(Ok(())) => Ok(()),
            Ok(Err(wait)) => Err(format!("Too many login requests. Wait {} seconds, or enter a passcode.", wait)),
            Err(e) => Err(format!("Login requests cannot be counted: {}: {}", self.conf.statedir.display(), sys::strerror(&e))),
        }
    }

    /// Asks for an offline factor, which alone decides while the API is out of use.
    fn offline(&self, kind: Kind, outage: String) -> Verdict {
        let factor = match kind {
            Kind::Totp => "offline-totp",
            Kind::Codes => "offline-code",
        };
        let asked = match kind {
            Kind::Totp => "Duo cannot be reached. Offline passcode: ",
            Kind::Codes => "Duo cannot be reached. Recovery code: ",
        };
        let mut passcode = self.start.passcode.clone().filter(|_| self.conf.accept_env_factor);
        let prompts = if self.terminal.quiet { 1 } else { self.conf.prompts };
        let mut failed = None;
        for _ in 0..prompts {
            let reply = match passcode.take() {
                Some(passcode) => Reply::Line(passcode),
                None if self.terminal.quiet => break,
                None => self.terminal.ask(asked),
            };
            let Reply::Line(answer) = reply else { break };
            let mut left = 0;
            let why = match self.check_offline(kind, answer.trim(), &mut left) {
                Ok(Answer::Right) => {
                    if kind == Kind::Codes {
                        self.terminal.say(&format!("{left} recovery codes left."));
                    }
                    return Verdict::allow(Head::Offline, factor, Some(outage));
                }
                Ok(Answer::Wrong) => "wrong offline passcode".to_string(),
                Ok(Answer::Locked(wait)) => format!("too many wrong passcodes: locked for {wait} seconds"),
                Err(e) => return Verdict::deny(Head::Failsecure, factor, Some(format!("{}; {outage}", sys::strerror(&e)))),
            };
            self.terminal.say(&format!(
                "{}{}.",
                why.get(..1).unwrap_or_default().to_uppercase(),
                why.get(1..).unwrap_or_default()
            ));
            Verdict::deny(Head::Failed, factor, Some(why.clone())).log(self.user, self.host.as_deref());
            failed = Some(why);
        }
        match failed {
            Some(why) => Verdict::refused(factor, &why),
            None => Verdict::deny(Head::Failsecure, factor, Some(outage)),
        }
    }

    /// Checks an answer and saves what it changed; only what is saved counts.
    fn check_offline(&self, kind: Kind, answer: &str, left: &mut usize) -> io::Result<Answer> {
        let store = Store::open(&self.conf.statedir)?;
        let files = store.lock(&self.start.user.name)?;
        let file = files.read("offline")?.unwrap_or_default();
        let mut enrolment = Enrolment::parse(&file).map_err(io::Error::other)?;
        if !enrolment.has(kind) {
            return Err(io::Error::other("not enrolled for offline logins"));
        }
        let done = enrolment.answer(kind, answer, now());
        *left = enrolment.codes_left();
        files.write("offline", enrolment.render().as_bytes())?;
        Ok(done)
    }

    fn fingerprint(&self) -> Option<(Duration, String)> {
        let window = self.conf.remember?;
        Some((window, remember::fingerprint(self.start.exposed.as_deref()?)?))
    }

    fn is_remembered(&self) -> bool {
        let Some((window, fingerprint)) = self.fingerprint() else { return false };
        let held = (|| {
            let store = Store::open(&self.conf.statedir)?;
            let mac = store.key()?;
            let file = store.lock(&self.start.user.name)?.read("remember")?.unwrap_or_default();
            let bond = Bond { mac: &mac, user: &self.start.user.name, fingerprint: &fingerprint };
            Ok::<_, io::Error>(bond.holds(&file, now(), window))
        })();
        held.unwrap_or_else(|e| {
            self.state_fault(&e);
            false
        })
    }

    fn remember(&self) {
        let Some((window, fingerprint)) = self.fingerprint() else { return };
        let kept = (|| {
            let store = Store::open(&self.conf.statedir)?;
            let mac = store.key()?;
            let files = store.lock(&self.start.user.name)?;
            let file = files.read("remember")?.unwrap_or_default();
            let bond = Bond { mac: &mac, user: &self.start.user.name, fingerprint: &fingerprint };
            files.write("remember", bond.renewed(&file, now(), window).as_bytes())
        })();
        if let Err(e) = kept {
            self.state_fault(&e);
        }
    }

    fn state_fault(&self, e: &io::Error) {
        let what = format!("{}: {}", self.conf.statedir.display(), sys::strerror(e));
        log::write(log::ERR, &about("Couldn't use the state folder", Some(self.user), None, Some(&what)));
    }
}

/// The user's name at Duo: -f, the GECOS field or a part of it, or the login name.
fn user_at_duo(start: &Start, conf: &Config) -> String {
    let user = &start.user;
    if let Some(name) = &start.duouser {
        return name.clone();
    }
    if !conf.send_gecos && conf.gecos_username_pos.is_none() {
        return user.name.clone();
    }
    if user.gecos.is_empty() {
        log::write(log::WARNING, &about("Empty GECOS field", Some(&user.name), None, None));
        return user.name.clone();
    }
    let Some(position) = conf.gecos_username_pos else { return user.gecos.clone() };
    match user.gecos.split(conf.gecos_delim).nth(position - 1) {
        Some(name) if !name.is_empty() => name.into(),
        _ => {
            log::write(log::DEBUG, &about("Could not parse GECOS field", Some(&user.name), None, None));
            user.name.clone()
        }
    }
}

/// The client's address as it is sent and logged.
fn client(start: &Start, conf: &Config) -> Option<String> {
    let given = start.client.clone()?;
    let literal = given.split('%').next().is_some_and(|ip| ip.parse::<IpAddr>().is_ok());
    if !literal && conf.fallback_local_ip {
        return sys::local_ip().or(Some(given));
    }
    Some(given)
}

/// This machine's name with its domain, if the resolver knows it soon enough.
fn full_hostname() -> String {
    let name = sys::hostname();
    if name.is_empty() || name.contains('.') {
        return name;
    }
    let asked = name.clone();
    let found = sys::in_time(Instant::now() + Duration::from_secs(1), move || sys::canonical_name(&asked));
    found.ok().flatten().flatten().unwrap_or(name)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}
