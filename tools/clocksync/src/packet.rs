//! NTP packets (RFC 5905, section 7.3) as a client sends and reads them.
#![forbid(unsafe_code)]
use crate::time::{SECOND, Wall};
use std::fmt;

/// Bytes of a packet without extension fields or MAC.
pub(crate) const LEN: usize = 48;

/// NTP's era 0 begins at 1900-01-01: so many seconds before 1970-01-01.
const UNIX_MINUS_NTP: i64 = 2_208_988_800;

/// 2020-01-01T00:00:00Z. A 32-bit count of seconds stands for the one time within 136 years from here, whatever the local clock
/// says, so that the era's end in 2036 passes unseen and a clock that woke up in 1970 is still set right.
const PIVOT: i64 = 1_577_836_800;

/// What a server said of itself and of the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reply {
    /// Leap indicator: 0 none, 1 the day's last minute has 61 s, 2 it has 59 s, 3 the server is not synchronised.
    pub(crate) leap: u8,
    /// 0 for a kiss code, 1 for a reference clock, up to 15; 16 is unsynchronised.
    pub(crate) stratum: u8,
    /// The longest interval between polls, log2 of seconds.
    pub(crate) poll: i8,
    /// Seconds that one tick of the server's clock takes.
    pub(crate) precision: f64,
    /// Round-trip time to the reference clock, in seconds.
    pub(crate) root_delay: f64,
    /// Error bound towards the reference clock, in seconds.
    pub(crate) root_dispersion: f64,
    /// A kiss code, the name of a reference clock, or which server this one follows.
    pub(crate) reference: [u8; 4],
    /// When the server's clock was last corrected.
    pub(crate) updated: Option<Wall>,
    /// The request's transmit timestamp, as it was sent.
    pub(crate) origin: u64,
    /// When the request arrived there.
    pub(crate) received: Option<Wall>,
    /// When the reply left.
    pub(crate) sent: Option<Wall>,
}

/// Why bytes are no reply at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// Fewer than 48 bytes.
    Short,
    /// Neither version 3 nor 4.
    Version,
    /// Not mode 4 (server).
    Mode,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short => "shorter than 48 bytes",
            Self::Version => "not NTP version 3 or 4",
            Self::Mode => "not from a server (mode 4)",
        })
    }
}

/// A request: version 4, mode 3 (client), and a transmit timestamp that is a random number, as RFC 9109 and the data minimisation
/// draft advise: it tells nothing of this machine and proves that a reply answers it.
pub(crate) fn request(cookie: u64) -> [u8; LEN] {
    let mut packet = [0; LEN];
    if let Some(first) = packet.first_mut() {
        *first = 4 << 3 | 3;
    }
    if let Some(transmit) = packet.get_mut(40..) {
        transmit.copy_from_slice(&cookie.to_be_bytes());
    }
    packet
}

/// Reads a reply; what follows its first 48 bytes is not looked at.
pub(crate) fn parse(bytes: &[u8]) -> Result<Reply, Malformed> {
    let packet: &[u8; LEN] = bytes.first_chunk().ok_or(Malformed::Short)?;
    let [first, stratum, poll, precision, ..] = *packet;
    if !matches!(first >> 3 & 7, 3 | 4) {
        return Err(Malformed::Version);
    }
    if first & 7 != 4 {
        return Err(Malformed::Mode);
    }
    Ok(Reply {
        leap: first >> 6,
        stratum,
        poll: i8::from_be_bytes([poll]),
        precision: f64::from(i8::from_be_bytes([precision]).clamp(-32, 16)).exp2(),
        root_delay: short(word(packet, 4)),
        root_dispersion: short(word(packet, 8)),
        reference: word(packet, 12).to_be_bytes(),
        updated: wall(long(packet, 16)),
        origin: long(packet, 24),
        received: wall(long(packet, 32)),
        sent: wall(long(packet, 40)),
    })
}

fn word(packet: &[u8; LEN], at: usize) -> u32 {
    packet.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |b| u32::from_be_bytes(*b))
}

fn long(packet: &[u8; LEN], at: usize) -> u64 {
    packet.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |b| u64::from_be_bytes(*b))
}

/// NTP short format: 16 bits of seconds, 16 bits of fraction.
fn short(bits: u32) -> f64 {
    f64::from(bits) / 65536.0
}

/// NTP timestamp format, 32 bits of seconds and 32 of fraction; 0 is "unknown".
fn wall(bits: u64) -> Option<Wall> {
    if bits == 0 {
        return None;
    }
    let [s, fraction] = [bits >> 32, bits & 0xffff_ffff].map(|half| i64::try_from(half).unwrap_or_default());
    let since_pivot = (s - UNIX_MINUS_NTP - PIVOT).rem_euclid(1 << 32);
    Some(Wall((PIVOT + since_pivot) * SECOND + ((fraction * SECOND + (1 << 31)) >> 32)))
}

/// A wall time in NTP timestamp format, for servers in tests.
#[cfg(test)]
pub(crate) fn stamp(t: Wall) -> u64 {
    let (s, ns) = (t.0.div_euclid(SECOND) + UNIX_MINUS_NTP, t.0.rem_euclid(SECOND));
    ((s as u64) << 32) | (((ns as u64) << 32) / SECOND as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_tells_nothing_but_the_cookie() {
        let packet = request(0x0123_4567_89ab_cdef);
        assert_eq!(packet[0], 0x23);
        assert!(packet[1..40].iter().all(|&b| b == 0));
        assert_eq!(packet[40..], [1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
    }

    #[test]
    fn reads_a_reply_captured_from_chronyd() {
        let hex = "24 0a 06 e7 00000000 00000021 7f7f0101 ed03f6b8 1c2d7b10 0123456789abcdef ed03f6bc 80000000 ed03f6bc 80010000";
        let hex: String = hex.split(' ').collect();
        let bytes: Vec<u8> = (0..48).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
        let reply = parse(&bytes).unwrap();
        assert_eq!((reply.leap, reply.stratum, reply.poll, reply.origin), (0, 10, 6, 0x0123_4567_89ab_cdef));
        assert_eq!(reply.precision, 2f64.powi(-25));
        assert_eq!(reply.root_dispersion, 33.0 / 65536.0);
        assert_eq!(reply.sent.unwrap().0 - reply.received.unwrap().0, 15_259);
        assert_eq!(reply.received.unwrap().0, (0xed03_f6bc - UNIX_MINUS_NTP) * SECOND + SECOND / 2);
    }

    #[test]
    fn seconds_after_2036_are_of_the_next_era() {
        // 2036-02-07T06:28:16Z is second 0 of era 1 (RFC 5905, figure 4).
        assert_eq!(wall(1 << 31), Some(Wall(2_085_978_496 * SECOND + SECOND / 2)));
        assert_eq!(wall(u64::MAX >> 32 << 32), Some(Wall(2_085_978_495 * SECOND)));
        assert_eq!(wall(0), None);
        for t in [PIVOT, PIVOT + (1 << 32) - 1, 2_085_978_495, 2_085_978_496] {
            assert_eq!(wall(stamp(Wall(t * SECOND)) | 1).unwrap().0, t * SECOND);
        }
    }

    #[test]
    fn what_is_no_reply_is_named() {
        assert_eq!(parse(&[]), Err(Malformed::Short));
        assert_eq!(parse(&[0x24; 47]), Err(Malformed::Short));
        assert_eq!(parse(&request(1)), Err(Malformed::Mode));
        assert_eq!(parse(&[0x14; 48]), Err(Malformed::Version));
        assert!(parse(&[0x24; 1000]).is_ok());
    }

    #[test]
    fn any_bytes_give_finite_values() {
        crate::testing::mutations(&request(7), |bytes| {
            if let Ok(r) = parse(bytes) {
                assert!(r.precision.is_finite() && r.root_delay >= 0.0 && r.root_dispersion < 65536.0);
            }
        });
    }
}
