//! Factors that need no API: one-time passwords (RFC 6238) and recovery codes.
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt::Write;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Seconds that one password lasts.
const STEP: u64 = 30;
/// Digits of a password.
const DIGITS: usize = 6;
/// Recovery codes given out at once.
pub const CODES: usize = 10;
/// After so many wrong answers in a row ...
const MISSES_MOST: u32 = 10;
/// ... none is taken for this many seconds.
const LOCKOUT: u64 = 900;

/// Which factor is used offline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Time-based one-time passwords.
    Totp,
    /// Recovery codes.
    Codes,
}

/// One user's enrolment.
#[derive(Debug, Default, PartialEq)]
pub struct Enrolment {
    /// The shared secret and the last step whose password was used.
    totp: Option<(Zeroizing<Vec<u8>>, u64)>,
    /// Number, salt and hash of each unused code.
    codes: Vec<(usize, Vec<u8>, Vec<u8>)>,
    /// Wrong answers in a row, and when the last one was.
    missed: (u32, u64),
}

/// What became of an answer.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// Right, and now used up.
    Right,
    /// Wrong, or used before.
    Wrong,
    /// Not looked at for so many seconds more.
    Locked(u64),
}

impl Enrolment {
    /// From the state file.
    ///
    /// # Errors
    /// The line that is none of its kind.
    pub fn parse(file: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(file).map_err(|_| "not UTF-8")?;
        let mut enrolment = Self::default();
        for (i, line) in text.lines().enumerate() {
            enrolment.line(line).ok_or_else(|| format!("line {}: expected totp, code or missed", i + 1))?;
        }
        Ok(enrolment)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let (kind, first, second) = (words.next()?, words.next()?, words.next()?);
        match (kind, words.next(), words.next()) {
            ("totp", None, _) => {
                let secret = BASE32_NOPAD.decode(first.as_bytes()).ok().filter(|s| s.len() >= 16)?;
                self.totp = Some((secret.into(), second.parse().ok()?));
            }
            ("code", Some(hash), None) => {
                let bytes = |text: &str, n| BASE64_NOPAD.decode(text.as_bytes()).ok().filter(|b| b.len() == n);
                self.codes.push((first.parse().ok()?, bytes(second, 16)?, bytes(hash, 32)?));
            }
            ("missed", None, _) => self.missed = (first.parse().ok().filter(|n| *n > 0)?, second.parse().ok()?),
            _ => return None,
        }
        Some(())
    }

    /// The state file.
    #[must_use]
    pub fn render(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2048));
        if let Some((secret, used)) = &self.totp {
            let secret = Zeroizing::new(BASE32_NOPAD.encode(secret));
            let _ = writeln!(text, "totp {} {used}", *secret);
        }
        for (n, salt, hash) in &self.codes {
            let _ = writeln!(text, "code {n} {} {}", BASE64_NOPAD.encode(salt), BASE64_NOPAD.encode(hash));
        }
        if self.missed.0 > 0 {
            let _ = writeln!(text, "missed {} {}", self.missed.0, self.missed.1);
        }
        text
    }

    /// Whether the user can answer by this factor at all.
    #[must_use]
    pub fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::Totp => self.totp.is_some(),
            Kind::Codes => !self.codes.is_empty(),
        }
    }

    /// Unused recovery codes.
    #[must_use]
    pub fn codes_left(&self) -> usize {
        self.codes.len()
    }

    /// Checks an answer at `now` (seconds since 1970). Whatever comes of it must be saved before it counts.
    pub fn answer(&mut self, kind: Kind, answer: &str, now: u64) -> Answer {
        let (missed, at) = self.missed;
        let since = now.saturating_sub(at);
        if missed >= MISSES_MOST && since < LOCKOUT {
            return Answer::Locked(LOCKOUT - since);
        }
        let right = match kind {
            Kind::Totp => self.use_totp(answer, now / STEP),
            Kind::Codes => self.use_code(answer),
        };
        // After a lock-out has passed, counting starts again.
        self.missed = if right { (0, 0) } else { (if missed >= MISSES_MOST { 1 } else { missed + 1 }, now) };
        if right { Answer::Right } else { Answer::Wrong }
    }

    /// One step early or late is right (RFC 6238, 5.2); a step that was used, or an earlier one, is not.
    fn use_totp(&mut self, answer: &str, step: u64) -> bool {
        let Some((secret, used)) = &mut self.totp else { return false };
        let mut found = None;
        for candidate in step.saturating_sub(1)..=step.saturating_add(1) {
            if candidate > *used && bool::from(password(secret, candidate).as_bytes().ct_eq(answer.as_bytes())) {
                found = Some(candidate);
            }
        }
        *used = found.unwrap_or(*used);
        found.is_some()
    }

    fn use_code(&mut self, answer: &str) -> bool {
        let plain: String = answer.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        // The number at the front says which: one hash is computed, not ten.
        let Some((n, secret)) = plain.len().checked_sub(12).and_then(|at| plain.split_at_checked(at)) else { return false };
        let Some(at) = n.parse().ok().and_then(|n: usize| self.codes.iter().position(|c| c.0 == n)) else { return false };
        let right =
            self.codes.get(at).is_some_and(|(_, salt, hash)| hashed(secret, salt).is_some_and(|h| bool::from(h.ct_eq(hash))));
        if right {
            self.codes.remove(at);
        }
        right
    }
}

/// A new enrolment for passwords, and its secret in base 32.
///
/// # Errors
/// The system has no random numbers.
pub fn new_totp() -> Result<(Enrolment, Zeroizing<String>), String> {
    let secret = Zeroizing::new(random::<20>()?.to_vec());
    let shown = BASE32_NOPAD.encode(&secret).into();
    Ok((Enrolment { totp: Some((secret, 0)), ..Enrolment::default() }, shown))
}

/// A new enrolment for recovery codes, and the codes: `3-xxxx-xxxx-xxxx`, 60 random bits each.
///
/// # Errors
/// The system has no random numbers.
pub fn new_codes() -> Result<(Enrolment, Vec<String>), String> {
    let (mut enrolment, mut shown) = (Enrolment::default(), Vec::new());
    for n in 1..=CODES {
        let text = BASE32_NOPAD.encode(&random::<8>()?).to_ascii_lowercase();
        let secret = text.get(..12).unwrap_or_default();
        let salt = random::<16>()?.to_vec();
        let hash = hashed(secret, &salt).ok_or("argon2 failed")?;
        enrolment.codes.push((n, salt, hash));
        let parts: Vec<&str> = (0..3).filter_map(|i| secret.get(4 * i..4 * i + 4)).collect();
        shown.push(format!("{n}-{}", parts.join("-")));
    }
    Ok((enrolment, shown))
}

fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "no random numbers")?;
    Ok(bytes)
}

/// Argon2id with 7 MiB and 5 passes, one of the settings that OWASP holds equal.
fn hashed(secret: &str, salt: &[u8]) -> Option<Vec<u8>> {
    let mut hash = vec![0; 32];
    let params = Params::new(7168, 5, 1, Some(32)).ok()?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(secret.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

/// The password of one step: HOTP (RFC 4226, 5.3) with HMAC-SHA-1.
fn password(secret: &[u8], step: u64) -> Zeroizing<String> {
    Zeroizing::new(hotp(secret, step, DIGITS))
}

fn hotp(secret: &[u8], counter: u64, digits: usize) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or_default() & 15);
    let word = tag.get(offset..offset + 4).and_then(|w| w.try_into().ok()).map_or(0, u32::from_be_bytes);
    let number = u64::from(word & 0x7fff_ffff) % 10u64.pow(u32::try_from(digits).unwrap_or(6));
    format!("{number:0digits$}")
}

/// The URI that authenticator apps read (Google Authenticator's Key URI Format).
#[must_use]
pub fn uri(user: &str, host: &str, secret: &str) -> Zeroizing<String> {
    let (user, host) = (crate::sign::encoded(user), crate::sign::encoded(host));
    Zeroizing::new(format!(
        "otpauth://totp/{host}:{user}?secret={secret}&issuer={host}&algorithm=SHA1&digits={DIGITS}&period={STEP}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the SHA-1 rows.
    #[test]
    fn vectors_of_rfc_6238() {
        for (time, want) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(hotp(b"12345678901234567890", time / STEP, 8), want);
        }
    }

    fn enrolled() -> Enrolment {
        Enrolment::parse(b"totp GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ 0\n").unwrap()
    }

    #[test]
    fn one_step_either_side_and_never_twice() {
        let now: u64 = 1_234_567_890;
        let at = |t: u64| hotp(b"12345678901234567890", t / STEP, 6);
        for (offset, want) in
            [(-60, Answer::Wrong), (-30, Answer::Right), (0, Answer::Right), (30, Answer::Right), (60, Answer::Wrong)]
        {
            let answer = at(now.checked_add_signed(offset).unwrap());
            assert_eq!(enrolled().answer(Kind::Totp, &answer, now), want, "{offset}");
        }
        let mut e = enrolled();
        assert_eq!(e.answer(Kind::Totp, &at(now), now), Answer::Right);
        let mut again = Enrolment::parse(e.render().as_bytes()).unwrap();
        assert_eq!(again.answer(Kind::Totp, &at(now), now + 5), Answer::Wrong, "replayed");
        assert_eq!(again.answer(Kind::Totp, &at(now - 30), now + 5), Answer::Wrong, "older than the last used");
        assert_eq!(again.answer(Kind::Totp, &at(now + 30), now + 25), Answer::Right);
        assert_eq!(enrolled().answer(Kind::Totp, "", now), Answer::Wrong);
        assert_eq!(enrolled().answer(Kind::Codes, &at(now), now), Answer::Wrong);
    }

    #[test]
    fn guessing_locks_for_a_while() {
        let mut e = enrolled();
        for _ in 0..10 {
            assert_eq!(e.answer(Kind::Totp, "x", 5000), Answer::Wrong);
        }
        let right = hotp(b"12345678901234567890", 5100 / STEP, 6);
        assert_eq!(e.answer(Kind::Totp, &right, 5100), Answer::Locked(800));
        let right = hotp(b"12345678901234567890", 5900 / STEP, 6);
        assert_eq!(e.answer(Kind::Totp, &right, 5900), Answer::Right);
    }

    #[test]
    fn codes_work_once() {
        let (made, shown) = new_codes().unwrap();
        let mut e = Enrolment::parse(made.render().as_bytes()).unwrap();
        assert_eq!(e, made);
        assert_eq!((shown.len(), e.codes_left()), (CODES, CODES));
        assert_eq!(e.answer(Kind::Codes, &shown[9].to_uppercase().replace('-', " "), 1), Answer::Right);
        assert_eq!(e.answer(Kind::Codes, &shown[9], 1), Answer::Wrong);
        assert_eq!(e.answer(Kind::Codes, &shown[0].replacen('1', "2", 1), 1), Answer::Wrong);
        assert_eq!(e.answer(Kind::Codes, "é-aaaa-aaaa-aaaa", 1), Answer::Wrong);
        assert_eq!(e.codes_left(), CODES - 1);
    }

    #[test]
    fn uri_is_encoded() {
        let want = "otpauth://totp/a.b:x%20y?secret=GEZD&issuer=a.b&algorithm=SHA1&digits=6&period=30";
        assert_eq!(uri("x y", "a.b", "GEZD").as_str(), want);
    }

    #[test]
    fn mutated_state_never_panics_and_never_passes() {
        let whole = enrolled().render().to_string()
            + "code 1 AAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nmissed 2 5\n";
        assert!(Enrolment::parse(whole.as_bytes()).is_ok());
        assert!(Enrolment::parse(b"missed 0 1\n").is_err(), "never written");
        let mut seed = 11u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap()
        };
        for _ in 0..5000 {
            let mut bytes = whole.clone().into_bytes();
            let at = random() % bytes.len();
            match random() % 3 {
                0 => bytes[at] = u8::try_from(random() % 256).unwrap(),
                1 => bytes.truncate(at),
                _ => bytes.insert(at, b"\n 0=9A"[random() % 6]),
            }
            if let Ok(mut e) = Enrolment::parse(&bytes) {
                assert_ne!(e.answer(Kind::Totp, "000000 ", u64::MAX), Answer::Right);
                assert_eq!(Enrolment::parse(e.render().as_bytes()).unwrap(), e);
            }
        }
    }
}
