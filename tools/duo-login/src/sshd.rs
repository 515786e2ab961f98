//! What sshd's effective configuration (`sshd -T`) leaves open around a ForceCommand.
use crate::check::{Finding, Level};

/// A keyword, the value that closes it, and what it lets through otherwise.
const HOLES: &[(&str, &str, &str)] = &[
    ("allowtcpforwarding", "AllowTcpForwarding no", "ssh -N -L opens a tunnel without a second factor"),
    ("permittunnel", "PermitTunnel no", "ssh -N -w opens a network device without a second factor"),
    ("x11forwarding", "X11Forwarding no", "X11 is forwarded without a second factor"),
    ("allowagentforwarding", "AllowAgentForwarding no", "the agent is forwarded without a second factor"),
    ("allowstreamlocalforwarding", "AllowStreamLocalForwarding no", "ssh -N forwards sockets without a second factor"),
    ("permituserrc", "PermitUserRC no", "~/.ssh/rc runs before the second factor"),
    ("permituserenvironment", "PermitUserEnvironment no", "users set variables for the authenticating process"),
];

/// Variables that sshd itself sets, or that change what a program does; a client must not.
const TAKEN: &[&str] = &["SSH_USER_AUTH", "SSH_CONNECTION", "SSH_ORIGINAL_COMMAND", "LD_PRELOAD", "LD_LIBRARY_PATH"];

/// Reads the output of `sshd -T`; `remember` tells whether the trusted window is in use.
#[must_use]
pub fn findings(text: &str, remember: bool) -> Vec<Finding> {
    let lines = || text.lines().map(|l| l.split_once(' ').unwrap_or((l, "")));
    let value = |name: &str| lines().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    let mut found = Vec::new();
    let mut fault = |what: String, mend: &str| found.push(Finding::new(Level::Fault, "sshd", what, mend));
    let forced = value("forcecommand").unwrap_or("none");
    let program = forced.split(' ').next().and_then(|p| p.rsplit('/').next()).unwrap_or_default();
    if !matches!(program, "duo-login" | "login_duo") {
        fault(format!("ForceCommand is {forced}: no second factor is asked for"), "ForceCommand /usr/local/sbin/duo-login");
    }
    for (key, mend, what) in HOLES {
        if value(key).is_some_and(|v| v != "no") {
            fault((*what).into(), mend);
        }
    }
    if lines().any(|(key, value)| key.eq_ignore_ascii_case("subsystem") && value.contains("internal-sftp")) {
        fault("internal-sftp cannot run under a ForceCommand: sftp fails".into(), "Subsystem sftp /usr/lib/openssh/sftp-server");
    }
    let accepted = lines().filter(|(key, _)| key.eq_ignore_ascii_case("acceptenv")).flat_map(|(_, v)| v.split(' '));
    for pattern in accepted.filter(|p| TAKEN.iter().any(|name| crate::groups::matches(name, p))) {
        fault(format!("AcceptEnv {pattern} lets clients set what sshd should"), "AcceptEnv LANG LC_*");
    }
    if remember && value("exposeauthinfo") != Some("yes") {
        fault("remember is set, but sshd does not tell which key was used".into(), "ExposeAuthInfo yes");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_configuration_has_no_findings() {
        let text = "forcecommand /usr/sbin/login_duo\nallowtcpforwarding no\npermittunnel no\nacceptenv LANG\nacceptenv LC_*\nexposeauthinfo yes\n";
        assert!(findings(text, true).is_empty());
    }

    #[test]
    fn each_hole_is_one_finding() {
        let text = "forcecommand none\nallowtcpforwarding yes\npermittunnel point-to-point\nx11forwarding yes\nallowagentforwarding yes\n\
                    allowstreamlocalforwarding yes\npermituserrc yes\npermituserenvironment yes\nsubsystem sftp internal-sftp\nacceptenv SSH_*\n";
        let mends: Vec<_> = findings(text, true).into_iter().map(|f| f.mend).collect();
        assert_eq!(mends.len(), 11);
        assert_eq!(mends[0], "ForceCommand /usr/local/sbin/duo-login");
        assert_eq!(findings("forcecommand /bin/sh -c duo-login\n", false).len(), 1);
    }
}
