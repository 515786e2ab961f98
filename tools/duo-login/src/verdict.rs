//! A decision and how it is told.
use crate::log;
use std::fmt::Write;

/// What a line of the log begins with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Head {
    /// The factor was given.
    Successful,
    /// The API needs none.
    Skipped,
    /// A key that passed before.
    Remembered,
    /// An offline factor was given.
    Offline,
    /// An attempt failed.
    Failed,
    /// Refused for good.
    Aborted,
    /// An outage, and `failmode = safe`.
    Failsafe,
    /// An outage, and `failmode = secure`.
    Failsecure,
    /// Something went wrong where nothing may.
    Error,
    /// `cafile`, `host` or `http_proxy` cannot be used.
    NoHandle,
    /// The groups cannot be found out.
    NoGroups,
}

impl Head {
    /// The text and syslog's priority.
    fn line(self) -> (&'static str, i32) {
        match self {
            Self::Successful => ("Successful Duo login", log::INFO),
            Self::Skipped => ("Skipped Duo login", log::WARNING),
            Self::Remembered => ("Remembered Duo login", log::INFO),
            Self::Offline => ("Offline Duo login", log::WARNING),
            Self::Failed => ("Failed Duo login", log::WARNING),
            Self::Aborted => ("Aborted Duo login", log::WARNING),
            Self::Failsafe => ("Failsafe Duo login", log::WARNING),
            Self::Failsecure => ("Failsecure Duo login", log::WARNING),
            Self::Error => ("Error in Duo login", log::ERR),
            Self::NoHandle => ("Couldn't open Duo API handle", log::ERR),
            Self::NoGroups => ("Couldn't get groups", log::ERR),
        }
    }
}

/// A decision.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Whether the login goes on.
    pub allowed: bool,
    /// What decided.
    pub factor: String,
    /// The reason, if there is one to tell.
    pub why: Option<String>,
    /// Whether an offline factor may still be asked for: the API was out of use.
    pub outage: bool,
    head: Option<Head>,
}

impl Verdict {
    /// Allows.
    pub fn allow(head: Head, factor: &str, why: Option<String>) -> Self {
        Self { allowed: true, factor: factor.into(), why, outage: false, head: Some(head) }
    }

    /// Denies.
    pub fn deny(head: Head, factor: &str, why: Option<String>) -> Self {
        Self { allowed: false, factor: factor.into(), why, outage: false, head: Some(head) }
    }

    /// Allows without a line of its own: whoever decided has written one.
    pub fn bypassed(why: &str) -> Self {
        Self { allowed: true, factor: "group".into(), why: Some(why.into()), outage: false, head: None }
    }

    /// Denies after attempts that have each been logged.
    pub fn refused(factor: &str, why: &str) -> Self {
        Self { allowed: false, factor: factor.into(), why: Some(why.into()), outage: false, head: None }
    }

    /// The API is out of use.
    pub fn outage(safe: bool, why: Option<String>) -> Self {
        let head = if safe { Head::Failsafe } else { Head::Failsecure };
        Self { allowed: safe, factor: "failmode".into(), why, outage: true, head: Some(head) }
    }

    /// Whether a factor was given: only that is worth remembering, not that none was asked for.
    #[must_use]
    pub fn by_factor(&self) -> bool {
        self.head == Some(Head::Successful)
    }

    /// Writes it to the log.
    pub fn log(&self, user: &str, host: Option<&str>) {
        let Some((text, priority)) = self.head.map(Head::line) else { return };
        log::write(priority, &about(text, Some(user), host, self.why.as_deref()));
    }
}

/// `MESSAGE for 'USER' from HOST: WHY`, of the parts there are.
#[must_use]
pub fn about(text: &str, user: Option<&str>, host: Option<&str>, why: Option<&str>) -> String {
    let mut line = text.to_string();
    let parts = [user.map(|u| format!(" for '{u}'")), host.map(|h| format!(" from {h}")), why.map(|w| format!(": {w}"))];
    for part in parts.into_iter().flatten() {
        let _ = write!(line, "{part}");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_login_duos() {
        assert_eq!(about("Failed Duo login", Some("u"), Some("::1"), Some("w")), "Failed Duo login for 'u' from ::1: w");
        assert_eq!(about("Empty GECOS field", Some("u"), None, None), "Empty GECOS field for 'u'");
    }
}
