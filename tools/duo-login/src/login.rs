//! One login against the API: preauth, the factor, the verdict.
use crate::api::{self, Menu, Preauth, Trouble};
use crate::client::{APPROVAL, Call, Client};
use crate::conf::Config;
use crate::guard;
use crate::probes;
use crate::sign::encoded;
use crate::terminal::{Reply, Terminal};
use crate::verdict::{Head, Verdict};
use std::net::IpAddr;
use std::time::Instant;
use zeroize::Zeroizing;

/// How often an undecided request is asked about.
const POLLS: usize = 20;

/// The most characters of a command sent with a push.
const COMMAND_MOST: usize = 1000;

/// Who logs in, from where, to do what.
pub struct Login<'a> {
    /// The configuration.
    pub conf: &'a Config,
    /// The user's name at Duo.
    pub user: &'a str,
    /// The client's address or name.
    pub host: Option<&'a str>,
    /// This machine's name.
    pub hostname: &'a str,
    /// The command, for pushinfo.
    pub command: Option<&'a str>,
    /// `DUO_PASSCODE`.
    pub passcode: Option<Zeroizing<String>>,
    /// The terminal.
    pub terminal: &'a Terminal,
    /// Asks the push-fatigue guard for one request to the phone.
    pub admit: Box<dyn Fn() -> Result<(), String> + 'a>,
}

/// How the next attempt gets its factor.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// The default factor, unasked, waited for in one request.
    Auto,
    /// The menu.
    Ask,
}

/// What an attempt came to.
enum Attempt {
    /// Allowed; with a reason when no factor was needed.
    Allowed(Option<String>),
    /// Denied, perhaps to be tried again.
    Denied(Option<String>),
}

impl Login<'_> {
    /// Asks for the factor until it is given, refused, or asked for often enough.
    pub fn run(mut self, client: &mut Client) -> Verdict {
        let auto = self.terminal.quiet || self.conf.autopush;
        let mut way = if auto { Way::Auto } else { Way::Ask };
        let prompts = if self.terminal.quiet { 1 } else { self.conf.prompts };
        let mut factor = String::from("none");
        for attempt in 0..prompts {
            match self.attempt(client, way, attempt == 0, &mut factor) {
                Ok(Attempt::Allowed(None)) => return Verdict::allow(Head::Successful, &factor, None),
                Ok(Attempt::Allowed(why)) => return Verdict::allow(Head::Skipped, "none", why),
                Ok(Attempt::Denied(why)) => self.failed(&mut way, why.as_deref()),
                Err(Trouble::Failed(why)) => self.failed(&mut way, Some(&why)),
                Err(trouble) => return self.over(trouble, &factor),
            }
        }
        Verdict::refused(&factor, "not authenticated")
    }

    /// A failed attempt: told in the log, and autopush gives way to the menu.
    fn failed(&mut self, way: &mut Way, why: Option<&str>) {
        Verdict::deny(Head::Failed, "", why.map(str::to_string)).log(self.user, self.host);
        if *way == Way::Ask {
            self.terminal.say("");
        }
        *way = if self.terminal.quiet { Way::Auto } else { Way::Ask };
        self.passcode = None;
    }

    /// The end of it: an outage before any factor was asked for is for `failmode`; everything else denies.
    fn over(&self, trouble: Trouble, factor: &str) -> Verdict {
        let why = trouble.reason();
        match trouble {
            Trouble::Abort(_) => Verdict::deny(Head::Aborted, factor, why),
            t if t.is_outage() && factor == "none" => Verdict::outage(self.conf.fail_safe, why),
            _ => Verdict::deny(Head::Error, factor, why),
        }
    }

    fn attempt(&self, client: &mut Client, way: Way, first: bool, factor: &mut String) -> Result<Attempt, Trouble> {
        client.rearm();
        if first {
            self.call(client, "GET", "/ping", &[]).and_then(|body| client.set_clock(&body))?;
        }
        let menu = match self.preauth(client)? {
            Preauth::Auth(menu) => menu,
            Preauth::Allow(why) => return Ok(Attempt::Allowed(Some(why))),
            Preauth::Deny(why) => {
                self.terminal.say(&why);
                return Err(Trouble::Abort(why));
            }
            Preauth::Enroll(text) => {
                self.terminal.say(&text);
                return Err(Trouble::Abort("User enrollment required".into()));
            }
        };
        // From here on the API has spoken: whatever goes wrong denies.
        *factor = "unknown".into();
        let chosen = self.choose(&menu, way)?;
        *factor = kind(&chosen).into();
        let admitted = if guard::rings(&chosen) { (self.admit)() } else { Ok(()) };
        if let Err(why) = admitted {
            self.terminal.say(&format!("\n{why}"));
            return Ok(Attempt::Denied(Some(why)));
        }
        self.authenticate(client, &menu, &chosen, way)
    }

    fn preauth(&self, client: &mut Client) -> Result<Preauth, Trouble> {
        let mut params = vec![("username", self.user), ("text_prompt", "1"), ("failmode", self.failmode())];
        params.extend(self.host.map(|h| ("ipaddr", h)));
        params.extend(Some(("hostname", self.hostname)).filter(|h| !h.1.is_empty()));
        if self.conf.verified_push {
            params.push(("client_supports_verified_push", "1"));
        }
        let result = self.call(client, "POST", "/preauth", &params).and_then(|body| api::preauth(&body));
        probes::preauth(self.user, if result.is_ok() { "ok" } else { "failed" });
        result
    }

    fn failmode(&self) -> &'static str {
        if self.conf.fail_safe { "open" } else { "closed" }
    }

    /// The factor or passcode to send.
    fn choose(&self, menu: &Menu, way: Way) -> Result<Zeroizing<String>, Trouble> {
        if let Some(passcode) = &self.passcode {
            self.terminal.say("Reading $DUO_PASSCODE...");
            return Ok(passcode.clone());
        }
        if way == Way::Auto {
            let factor = menu.default()?;
            self.terminal.say(match factor {
                f if f.contains("push") => "Autopushing login request to phone...",
                f if f.contains("phone") => "Calling your phone...",
                _ => "Using default second-factor authentication.",
            });
            return Ok(Zeroizing::new(factor.into()));
        }
        let text = menu.text()?;
        probes::prompt(self.user);
        match self.terminal.ask(text) {
            Reply::Line(answer) => Ok(menu.named(&answer)?.map_or(answer, |factor| Zeroizing::new(factor.into()))),
            Reply::TooLong => Err(Trouble::Own(None)),
            Reply::None => Err(Trouble::Abort("Error gathering user response".into())),
        }
    }

    fn authenticate(&self, client: &mut Client, menu: &Menu, chosen: &str, way: Way) -> Result<Attempt, Trouble> {
        client.rearm();
        let sync = way == Way::Auto;
        let info = self.conf.pushinfo.then(|| pushinfo(client.local(), self.command.unwrap_or_default()));
        let mut params = vec![("username", self.user), ("factor", "prompt"), ("prompt", chosen)];
        params.push(("async", if sync { "0" } else { "1" }));
        params.extend(self.host.map(|h| ("ipaddr", h)));
        params.extend(Some(("hostname", self.hostname)).filter(|h| !h.1.is_empty()));
        params.extend(info.as_deref().map(|i| ("pushinfo", i)));
        if chosen.starts_with("verified_push") {
            params.extend(menu.txid.as_deref().map(|t| ("txid", t)));
        }
        // Never sent twice: the phone would ring twice.
        let call = Call {
            method: "POST",
            path: "/auth",
            params: &params,
            again: false,
            person: sync.then(|| Instant::now() + APPROVAL),
        };
        let body = client.call(&call, &mut |text| self.terminal.say(text))?;
        if sync {
            let status = api::verdict(&body)?;
            self.terminal.say(&status.message);
            return Ok(if status.allowed == Some(true) { Attempt::Allowed(None) } else { Attempt::Denied(None) });
        }
        self.wait(client, &api::txid(&body)?)
    }

    /// Follows an asynchronous request to its verdict.
    fn wait(&self, client: &mut Client, txid: &str) -> Result<Attempt, Trouble> {
        self.terminal.say("");
        // One time for all of it: a server that keeps saying "waiting" does not keep the session.
        let person = Some(Instant::now() + APPROVAL);
        for _ in 0..POLLS {
            client.rearm();
            let call = Call { method: "GET", path: "/auth_status", params: &[("txid", txid)], again: true, person };
            let body = client.call(&call, &mut |text| self.terminal.say(text))?;
            let status = api::status(&body)?;
            self.terminal.say(&status.message);
            match status.allowed {
                Some(true) => return Ok(Attempt::Allowed(None)),
                Some(false) => return Ok(Attempt::Denied(None)),
                None => {}
            }
        }
        Ok(Attempt::Denied(Some("no decision in time".into())))
    }

    fn call(
        &self,
        client: &mut Client,
        method: &'static str,
        path: &'static str,
        params: &[(&str, &str)],
    ) -> Result<Vec<u8>, Trouble> {
        client.call(&Call { method, path, params, again: true, person: None }, &mut |text| self.terminal.say(text))
    }
}

/// The kind of factor, for the audit: never a passcode.
fn kind(chosen: &str) -> &'static str {
    match chosen {
        c if !guard::rings(c) => "passcode",
        c if c.contains("push") => "push",
        c if c.contains("phone") || c.contains("voice") => "phone",
        c if c.contains("sms") => "sms",
        _ => "other",
    }
}

/// What is shown with a push: url-encoded pairs.
fn pushinfo(server: Option<IpAddr>, command: &str) -> String {
    let server = server.map(|ip| ip.to_string()).unwrap_or_default();
    let command: String = command.chars().take(COMMAND_MOST).collect();
    format!("Server+IP={}&Command={}", encoded(&server), encoded(&command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pushinfo_is_encoded_and_bounded() {
        assert_eq!(pushinfo("10.0.0.1".parse().ok(), "rm -rf /"), "Server+IP=10.0.0.1&Command=rm%20-rf%20%2F");
        assert!(pushinfo(None, &"x".repeat(5000)).len() < 1100);
    }

    #[test]
    fn kinds_hide_passcodes() {
        for (chosen, want) in [
            ("verified_push1", "push"),
            ("voice1", "phone"),
            ("smsrefresh1", "sms"),
            ("123456", "passcode"),
            ("hunter2", "other"),
        ] {
            assert_eq!(kind(chosen), want);
        }
    }
}
