//! The keys of the configuration file: what each may hold.
use crate::conf::{Config, Problem};
use crate::offline::Kind;
use std::path::PathBuf;
use std::time::Duration;
use zeroize::Zeroizing;

/// The most group lists, as login_duo has it.
const GROUPS_MOST: usize = 256;

type Outcome = Result<(), Problem>;

/// Sets `name` to `value`; the last one wins, groups add up.
pub fn set(c: &mut Config, name: &str, value: &str) -> Outcome {
    match name {
        "ikey" => c.ikey = value.into(),
        "skey" => c.skey = Zeroizing::new(value.into()),
        "host" => c.host = value.into(),
        "cafile" => c.cafile = Some(value.into()),
        "http_proxy" => c.http_proxy = Some(Zeroizing::new(value.to_string())).filter(|v| !v.is_empty()),
        "groups" | "group" => return groups(&mut c.groups, value),
        "failmode" => match value {
            "safe" => c.fail_safe = true,
            "secure" => c.fail_safe = false,
            _ => return stop(format!("Invalid failmode: '{value}'")),
        },
        "noverify" => return boolean(&mut c.noverify, value),
        "pushinfo" => return boolean(&mut c.pushinfo, value),
        "autopush" => return boolean(&mut c.autopush, value),
        "accept_env_factor" => return boolean(&mut c.accept_env_factor, value),
        "fallback_local_ip" => return boolean(&mut c.fallback_local_ip, value),
        "verified_push" => return boolean(&mut c.verified_push, value),
        "motd" => return boolean(&mut c.motd, value),
        "send_gecos" => return boolean(&mut c.send_gecos, value),
        "gecos_delim" => return gecos_delim(&mut c.gecos_delim, value),
        "gecos_username_pos" => match value.parse().ok().filter(|n| *n > 0) {
            Some(n) => c.gecos_username_pos = Some(n),
            None => return stop("Gecos position starts at 1".into()),
        },
        "prompts" => return prompts(&mut c.prompts, value),
        "https_timeout" => return https_timeout(&mut c.https_timeout, value),
        "gecos_parsed" => {
            let text = "The gecos_parsed configuration item for Duo Unix is deprecated and no longer has any effect. \
                        Use gecos_delim and gecos_username_pos instead";
            return Err(Problem::Note(text.into()));
        }
        "dev_fips_mode" => return Err(Problem::Note("dev_fips_mode has no effect".into())),
        _ => return own(c, name, value),
    }
    Ok(())
}

/// The keys that login_duo does not have.
fn own(c: &mut Config, name: &str, value: &str) -> Outcome {
    match name {
        "strict" => {
            let mut on = c.strict;
            // What cannot be read is taken for the safe answer.
            c.strict = boolean(&mut on, value).is_err() || on;
            return if yes_or_no(value).is_some() { Ok(()) } else { stop(format!("Invalid strict: '{value}'")) };
        }
        "offline" => match value {
            "no" => c.offline = None,
            "totp" => c.offline = Some(Kind::Totp),
            "codes" => c.offline = Some(Kind::Codes),
            _ => return stop(format!("Invalid offline: '{value}' (expected totp, codes or no)")),
        },
        "remember" => match (value, base::time::duration(value)) {
            ("no", _) => c.remember = None,
            (_, Ok(d)) if !d.is_zero() => c.remember = Some(d),
            _ => return stop(format!("Invalid remember: '{value}' (expected a duration such as 8h, or no)")),
        },
        "guard" => match (value, guard(value)) {
            ("no", _) => c.guard = None,
            (_, Some(g)) => c.guard = Some(g),
            _ => return stop(format!("Invalid guard: '{value}' (expected COUNT/DURATION such as 5/10m, or no)")),
        },
        "audit" => match absolute(value) {
            Some(path) => c.audit = Some(path),
            None => return stop(format!("Invalid audit: '{value}' (expected an absolute path)")),
        },
        "statedir" => match absolute(value) {
            Some(path) => c.statedir = path,
            None => return stop(format!("Invalid statedir: '{value}' (expected an absolute path)")),
        },
        _ => return Err(Problem::Stop(Vec::new())),
    }
    Ok(())
}

fn stop(what: String) -> Outcome {
    Err(Problem::Stop(vec![what]))
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value {
        "yes" | "true" | "on" | "1" => Some(true),
        "no" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

fn boolean(to: &mut bool, value: &str) -> Outcome {
    *to = yes_or_no(value).unwrap_or(false);
    if yes_or_no(value).is_none() { Err(Problem::Doubt("expected yes or no, taken as no".into())) } else { Ok(()) }
}

/// Words separated by spaces; a backslash before a space keeps it in the word.
fn groups(to: &mut Vec<String>, value: &str) -> Outcome {
    let mut word = String::new();
    let mut chars = value.chars().peekable();
    loop {
        match chars.next() {
            Some('\\') if chars.next_if_eq(&' ').is_some() => word.push(' '),
            Some(c) if c != ' ' => word.push(c),
            end => {
                if !word.is_empty() {
                    to.push(std::mem::take(&mut word));
                }
                if end.is_none() {
                    break;
                }
            }
        }
    }
    if to.len() >= GROUPS_MOST { stop(format!("Exceeded max {GROUPS_MOST} groups")) } else { Ok(()) }
}

fn gecos_delim(to: &mut char, value: &str) -> Outcome {
    let mut chars = value.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_punctuation() && c != ':' => *to = c,
        (Some(c), None) => return stop(format!("Invalid gecos_delim '{c}' (delimiter must be punctuation other than ':')")),
        _ => return stop(format!("Invalid character option length. Character fields must be 1 character long: '{value}'")),
    }
    Ok(())
}

/// Clamped to what there was before and to 1, as login_duo does.
fn prompts(to: &mut u32, value: &str) -> Outcome {
    let n = value.parse::<i64>();
    *to = n.as_ref().map_or(1, |n| u32::try_from(*n).unwrap_or(0).clamp(1, 3)).min(*to);
    if n.is_ok() { Ok(()) } else { Err(Problem::Doubt("expected 1, 2 or 3, taken as 1".into())) }
}

/// Zero or less is login_duo's way to say "no limit"; here it is the default, which is one.
fn https_timeout(to: &mut Duration, value: &str) -> Outcome {
    let n = value.parse::<i64>();
    let seconds = n.as_ref().ok().and_then(|n| u64::try_from(*n).ok()).filter(|n| *n > 0);
    *to = Duration::from_secs(seconds.unwrap_or(30).min(3600));
    if n.is_ok() { Ok(()) } else { Err(Problem::Doubt("expected seconds, taken as 30".into())) }
}

fn guard(value: &str) -> Option<(u32, Duration)> {
    let (count, window) = value.split_once('/')?;
    let count = count.trim().parse().ok().filter(|n| (1..=1000).contains(n))?;
    let window = base::time::duration(window.trim()).ok().filter(|d| d.as_secs() > 0)?;
    Some((count, window))
}

fn absolute(value: &str) -> Option<PathBuf> {
    value.starts_with('/').then(|| value.into())
}
