//! Names of snapshots: `DATASET@NAME`, and `zs-20171029T010000Z-LABEL` for those that are made by the clock.
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::time::SystemTime;

/// The longest name; with the dataset's it must fit a file name.
const LONGEST: usize = 200;
const PREFIX: &str = "zs-";
/// `20171029T010000Z`
const STAMP: usize = 16;

/// Whether a new snapshot may have this name.
///
/// # Errors
/// It says what a name is: the characters of zfs, no leading `.` or `-`, and not only digits (qemu-img would take it for an ID).
pub fn check(name: &str) -> Result<(), String> {
    let good = |c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c);
    let wrong = |why| Err(format!("{name}: {why}: expected letters, digits and _ - . : for the name of a snapshot"));
    match name {
        "" => wrong("empty"),
        _ if name.len() > LONGEST => wrong("longer than 200 bytes"),
        _ if name.starts_with(['.', '-']) => wrong("begins with . or -"),
        _ if !name.chars().all(good) => wrong("not a name"),
        _ if name.bytes().all(|b| b.is_ascii_digit()) => wrong("only digits"),
        _ => Ok(()),
    }
}

/// The name of a snapshot that is taken at `time`: UTC, so that no hour of the year has it twice.
#[must_use]
pub fn automatic(time: SystemTime, label: &str) -> String {
    let stamp = base::time::rfc3339(time).replace(['-', ':'], "");
    format!("{PREFIX}{stamp}-{label}")
}

/// When a snapshot with an automatic name was taken, and its label; `None` for any other name.
#[must_use]
pub fn parse(name: &str) -> Option<(SystemTime, &str)> {
    let (stamp, label) = name.strip_prefix(PREFIX)?.split_at_checked(STAMP)?;
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).ok()?;
    let label = label.strip_prefix('-').filter(|l| !l.is_empty())?;
    let time = SystemTime::try_from(TimeZone::UTC.to_timestamp(time).ok()?).ok()?;
    // Of several spellings of a time only ours counts.
    (automatic(time, label) == name).then_some((time, label))
}

/// Splits `DATASET@NAME` at its last `@`: a dataset may have one in its path.
#[must_use]
pub fn split(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once('@').filter(|(dataset, name)| !dataset.is_empty() && !name.is_empty())
}

/// Undoes what `list -p` and `-H` do to a field: `\:`, `\\`, `\n`, `\t`, `\r` and `\xNN`.
///
/// # Errors
/// A backslash stands before something else.
pub fn unescaped(text: &str) -> Result<String, String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let made = match rest.next() {
            Some(c @ ('\\' | ':')) => Some(c),
            Some('n') => Some('\n'),
            Some('t') => Some('\t'),
            Some('r') => Some('\r'),
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                u8::from_str_radix(&digits, 16).ok().filter(|_| !digits.starts_with('+')).map(char::from)
            }
            _ => None,
        };
        plain.push(made.ok_or_else(|| format!("{text}: expected \\\\, \\:, \\n, \\t, \\r or \\xNN for each backslash"))?);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn automatic_names_carry_utc_and_label() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_509_238_800);
        assert_eq!(automatic(time, "hourly"), "zs-20171029T010000Z-hourly");
        assert_eq!(parse("zs-20171029T010000Z-hourly"), Some((time, "hourly")));
        assert_eq!(parse("zs-20171029T010000Z-a-b"), Some((time, "a-b")));
        for other in [
            "",
            "zs-",
            "zs-20171029T010000Z",
            "zs-20171029T010000Z-",
            "zs-2017102901T0000Z-x",
            "zs-20171329T010000Z-x",
            "zs-20171029T240000Z-x",
            "zs-+2017102T010000Z-x",
            "before-upgrade",
            "zs-ééééééééé-x",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn names_that_tools_would_misread_are_refused() {
        for good in ["before-upgrade", "a.b:c_d-1", "zs-20171029T010000Z-hourly", "1a"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", ".new", "-d", "1", "42", "a b", "a/b", "a@b", "a\nb", "a\u{1b}[2J", "é", &"x".repeat(201)] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_at_sign_splits() {
        assert_eq!(split("/mnt/@home@x"), Some(("/mnt/@home", "x")));
        assert_eq!([split("web"), split("@x"), split("web@")], [None; 3]);
    }

    #[test]
    fn any_field_survives_escape_and_back() {
        let mut seed = 3u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 8
        };
        let alphabet: Vec<char> = "ab\\:@/nxtr0 \n\t\r\u{1b}\u{7f}\u{9b}é".chars().collect();
        for _ in 0..20_000 {
            let text: String = (0..random() % 12).map(|_| alphabet[random() as usize % alphabet.len()]).collect();
            let mut escaped = String::new();
            for c in text.chars() {
                match c {
                    '\\' => escaped.push_str("\\\\"),
                    ':' => escaped.push_str("\\:"),
                    c => base::table::printable(&mut escaped, &c.to_string()),
                }
            }
            assert!(!escaped.chars().any(char::is_control));
            assert_eq!(unescaped(&escaped).as_deref(), Ok(text.as_str()));
            // Anything else is understood or refused, not a crash.
            let _ = (unescaped(&text), check(&text), parse(&text), split(&text));
        }
    }
}
