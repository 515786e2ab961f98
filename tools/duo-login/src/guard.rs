//! Against push fatigue: how often a user's phone may be made to ring.
use std::time::Duration;

/// Counts one more request at `now` (seconds since 1970) into `times`, the file of earlier ones; returns the new file.
///
/// # Errors
/// There were `most` within `window` already: the seconds until the next may follow.
pub fn admit(times: &[u8], now: u64, most: u32, window: Duration) -> Result<String, u64> {
    let window = window.as_secs();
    let text = String::from_utf8_lossy(times);
    // A time in the future is from before the clock was set back; it counts from now.
    let mut recent: Vec<u64> =
        text.lines().filter_map(|l| l.parse().ok()).map(|t: u64| t.min(now)).filter(|t| now - t < window).collect();
    recent.sort_unstable();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if let Some(first) = recent.len().checked_sub(most).and_then(|extra| recent.get(extra)) {
        return Err(window - (now - first));
    }
    recent.push(now);
    Ok(recent.iter().fold(String::new(), |text, t| text + &format!("{t}\n")))
}

/// Whether an answer at the prompt makes the phone ring: all but digits, and what a YubiKey types.
#[must_use]
pub fn rings(answer: &str) -> bool {
    let digits = !answer.is_empty() && answer.bytes().all(|b| b.is_ascii_digit());
    let modhex = answer.len() >= 32 && answer.bytes().all(|b| b"cbdefghijklnrtuv".contains(&b));
    !digits && !modhex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_within_the_window() {
        let window = Duration::from_secs(600);
        let one = admit(b"", 1000, 2, window).unwrap();
        let two = admit(one.as_bytes(), 1100, 2, window).unwrap();
        assert_eq!(two, "1000\n1100\n");
        assert_eq!(admit(two.as_bytes(), 1200, 2, window), Err(400));
        assert_eq!(admit(two.as_bytes(), 1600, 2, window).unwrap(), "1100\n1600\n");
        assert_eq!(admit(two.as_bytes(), 50, 2, window), Err(600), "a clock set back opens nothing");
        assert_eq!(admit(b"x\n\xff\n-1\n", 5, 1, window).unwrap(), "5\n");
    }

    #[test]
    fn only_passcodes_are_silent() {
        assert!(!rings("123456") && !rings(&"cbdefghijklnrtuv".repeat(2)));
        assert!(rings("push1") && rings("phone") && rings("sms1") && rings("") && rings("12345x") && rings("auto"));
    }
}
