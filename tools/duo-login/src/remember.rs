//! The trusted window: a key that has passed need not pass again for a while.
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use ring::{digest, hmac};
use std::time::Duration;

/// The most keys kept for one user.
const MOST: usize = 16;

/// What sshd's `ExposeAuthInfo` file says the user logged in with: the SHA-256 fingerprint of the public keys used,
/// or `None` when there was none and so nothing to bind to.
#[must_use]
pub fn fingerprint(exposed: &str) -> Option<String> {
    let mut hash = digest::Context::new(&digest::SHA256);
    let mut keys = 0;
    for line in exposed.lines() {
        let mut words = line.split_ascii_whitespace();
        if words.next() == Some("publickey") {
            let blob = BASE64.decode(words.nth(1)?.as_bytes()).ok()?;
            hash.update(&blob);
            keys += 1;
        }
    }
    (keys > 0).then(|| format!("SHA256:{}", BASE64_NOPAD.encode(hash.finish().as_ref())))
}

/// Who is remembered by which key, and who signs for it.
pub struct Bond<'a> {
    /// This machine's own key.
    pub mac: &'a [u8],
    /// Login name.
    pub user: &'a str,
    /// See [`fingerprint`].
    pub fingerprint: &'a str,
}

impl Bond<'_> {
    fn signature(&self, until: u64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.mac);
        let text = format!("duo-login remember 1\0{}\0{}\0{until}", self.user, self.fingerprint);
        HEXLOWER.encode(hmac::sign(&key, text.as_bytes()).as_ref())
    }

    fn vouches(&self, line: &str, now: u64) -> Option<u64> {
        let mut words = line.split(' ');
        let (fingerprint, until, signature) = (words.next()?, words.next()?.parse::<u64>().ok()?, words.next()?);
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.mac);
        let text = format!("duo-login remember 1\0{}\0{}\0{until}", self.user, self.fingerprint);
        let signature = HEXLOWER.decode(signature.as_bytes()).ok()?;
        let good = fingerprint == self.fingerprint && now < until && hmac::verify(&key, text.as_bytes(), &signature).is_ok();
        good.then_some(until)
    }

    /// Whether the file vouches for this bond at `now`, for no longer than `window` from now.
    #[must_use]
    pub fn holds(&self, file: &[u8], now: u64, window: Duration) -> bool {
        let text = String::from_utf8_lossy(file);
        // A window made shorter since, or a clock set back, is no reason to trust for longer.
        text.lines().filter_map(|line| self.vouches(line, now)).any(|until| until - now <= window.as_secs())
    }

    /// The file with this bond until `now + window`; what has run out is left out.
    #[must_use]
    pub fn renewed(&self, file: &[u8], now: u64, window: Duration) -> String {
        let text = String::from_utf8_lossy(file);
        let until = now.saturating_add(window.as_secs());
        let still = |line: &&str| {
            let mut words = line.split(' ');
            words.next() != Some(self.fingerprint) && words.next().and_then(|u| u.parse::<u64>().ok()).is_some_and(|u| u > now)
        };
        let mut lines: Vec<String> = text.lines().filter(still).map(str::to_string).collect();
        lines.push(format!("{} {until} {}", self.fingerprint, self.signature(until)));
        lines.iter().skip(lines.len().saturating_sub(MOST)).fold(String::new(), |text, line| text + line + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_those_of_ssh_keygen() {
        let line = "publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n";
        assert_eq!(fingerprint(line).unwrap(), "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
        assert_eq!(fingerprint("password\nkeyboard-interactive pam\n"), None);
        assert_eq!(fingerprint("publickey ssh-ed25519\n"), None);
        assert_eq!(fingerprint("publickey x !!\n"), None);
    }

    #[test]
    fn bound_to_user_key_machine_and_time() {
        let window = Duration::from_secs(100);
        let bond = Bond { mac: b"k", user: "u", fingerprint: "SHA256:a" };
        let file = bond.renewed(b"", 1000, window);
        assert!(bond.holds(file.as_bytes(), 1000, window) && bond.holds(file.as_bytes(), 1099, window));
        assert!(!bond.holds(file.as_bytes(), 1100, window), "run out");
        assert!(!bond.holds(file.as_bytes(), 900, window), "clock set back");
        assert!(!bond.holds(file.as_bytes(), 1000, Duration::from_secs(50)), "window made shorter");
        for other in [Bond { mac: b"x", ..bond }, Bond { user: "v", ..bond }, Bond { fingerprint: "SHA256:b", ..bond }] {
            assert!(!other.holds(file.as_bytes(), 1000, window));
        }
        assert!(!bond.holds(file.replace("1100", "1101").as_bytes(), 1050, window), "forged");
        let two = Bond { fingerprint: "SHA256:b", ..bond }.renewed(file.as_bytes(), 1050, window);
        assert_eq!(two.lines().count(), 2);
        assert_eq!(bond.renewed(two.as_bytes(), 1060, window).lines().count(), 2, "renewed, not doubled");
        assert_eq!(bond.renewed(two.as_bytes(), 9999, window).lines().count(), 1);
    }
}
