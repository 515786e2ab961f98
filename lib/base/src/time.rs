//! Times, durations and sizes as text.
use crate::fail::{Fail, Result};
use crate::message::shown;
use jiff::{Span, SpanRelativeTo, Timestamp, fmt::temporal::DateTimePrinter};
use std::time::{Duration, SystemTime};

/// A time as RFC 3339 in UTC, to the second: `2005-08-19T06:30:00Z`. Before year 1 or after 9999: the nearest time that has this form.
#[must_use]
pub fn rfc3339(t: SystemTime) -> String {
    let t = Timestamp::try_from(t).unwrap_or(if t < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX });
    DateTimePrinter::new().precision(Some(0)).timestamp_to_string(&t)
}

/// A duration from text such as `1h30m`, `500ms`, `7d` or plain seconds `90`; a day is 24 hours.
///
/// # Errors
/// The text is none, or negative.
pub fn duration(text: &str) -> Result<Duration> {
    let wrong = || Fail::Usage(format!("{}: expected a duration, such as 1h30m, 90s or 500ms", shown(text)));
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    let span: Span = text.parse().map_err(|_| wrong())?;
    let signed = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    Duration::try_from(signed).map_err(|_| wrong())
}

const UNITS: [char; 6] = ['K', 'M', 'G', 'T', 'P', 'E'];

/// A number of bytes from text such as `4096`, `64k` or `1.5G`; units are powers of 1024.
///
/// # Errors
/// The text is none, or past 2^64.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked before")]
pub fn size(text: &str) -> Result<u64> {
    let wrong = || Fail::Usage(format!("{}: expected a size, such as 4096, 64k or 1.5G", shown(text)));
    if let Ok(bytes) = text.parse() {
        return Ok(bytes);
    }
    let unit = text.chars().last().and_then(|c| UNITS.iter().position(|u| u.eq_ignore_ascii_case(&c)));
    let unit = unit.ok_or_else(wrong)?;
    let digits = text.get(..text.len() - 1).unwrap_or_default();
    if !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(wrong());
    }
    let bytes = digits.parse::<f64>().map_err(|_| wrong())? * 1024f64.powi(i32::try_from(unit).map_or(0, |u| u + 1));
    if bytes < 1.8e19 { Ok(bytes as u64) } else { Err(wrong()) }
}

/// A number of bytes for a person: at most three digits before the unit, `1023`, `1.5K`, `128M`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "rounded for reading")]
pub fn human(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, None);
    for u in UNITS {
        if value < 999.5 {
            break;
        }
        value /= 1024.0;
        unit = Some(u);
    }
    match unit {
        None => format!("{bytes}"),
        Some(u) if value < 9.95 => format!("{value:.1}{u}"),
        Some(u) => format!("{value:.0}{u}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_to_the_second() {
        assert_eq!(rfc3339(SystemTime::UNIX_EPOCH + Duration::new(1_124_433_000, 9)), "2005-08-19T06:30:00Z");
    }

    #[test]
    fn durations() {
        for (text, ms) in
            [("90", 90_000), ("1.5", 1500), ("1h30m", 5_400_000), ("500ms", 500), ("7d", 604_800_000), ("2w", 1_209_600_000)]
        {
            assert_eq!(duration(text).unwrap(), Duration::from_millis(ms), "{text}");
        }
        for text in ["", "-1", "-1h", "1x", "1h30", "NaN", "inf", "h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [("0", 0), ("64k", 65536), ("1.5G", 3 << 29), ("18446744073709551615", u64::MAX)] {
            assert_eq!(size(text).unwrap(), bytes, "{text}");
        }
        for text in ["", "k", "-1k", "1Q", "99999E", "1e9k", "infk"] {
            assert!(size(text).is_err(), "{text}");
        }
        for (bytes, text) in
            [(0, "0"), (999, "999"), (1000, "1.0K"), (1536, "1.5K"), (128 << 20, "128M"), (1023 << 20, "1.0G"), (u64::MAX, "16E")]
        {
            assert_eq!(human(bytes), text);
        }
    }
}
