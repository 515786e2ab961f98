//! One request and its reply: which replies are believed, and what they say (RFC 5905, section 8 and the tests of section 9.1).
#![forbid(unsafe_code)]
use crate::packet::{self, LEN, Malformed, Reply};
use crate::time::{Now, Raw, Wall, middle, nanoseconds, seconds};
use std::fmt;

/// Servers farther than this from their reference clock are of no use: `MAXDISP` of RFC 5905, in seconds.
const FARTHEST: f64 = 16.0;

/// A request on its way: a reply must carry its cookie, and only the first one does so in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    cookie: u64,
    sent: Now,
}

/// One measurement of a server's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    /// The middle of the exchange.
    pub(crate) at: Raw,
    /// The server's clock less the raw clock, in nanoseconds.
    pub(crate) server_minus_raw: i64,
    /// The wall clock less the raw clock, in nanoseconds.
    pub(crate) wall_minus_raw: i64,
    /// Round-trip time less the time spent in the server, in seconds.
    pub(crate) delay: f64,
    /// How far the server may be from true time by its own word, in seconds: root delay / 2 + root dispersion + precision.
    pub(crate) root: f64,
    /// The server's stratum.
    pub(crate) stratum: u8,
}

/// Why a reply gives no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No reply to this request: forged, late, or given before. The request stays open.
    Stray,
    /// No NTP reply at all. The request stays open.
    Malformed(Malformed),
    /// A kiss code (RFC 5905, section 7.4): what the server wants of this client.
    Kiss([u8; 4]),
    /// The server says that it does not know the time.
    Unsynchronised,
    /// The reply contradicts itself.
    Absurd(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stray => f.write_str("a reply to no request of ours"),
            Self::Malformed(why) => write!(f, "a packet {why}"),
            Self::Kiss(code) => write!(f, "kiss code {}", String::from_utf8_lossy(code)),
            Self::Unsynchronised => f.write_str("its clock is not synchronised"),
            Self::Absurd(why) => f.write_str(why),
        }
    }
}

impl Request {
    /// A request with a random `cookie`, and its bytes; `sent` is set again by [`Request::sent`].
    pub(crate) fn new(cookie: u64, sent: Now) -> (Self, [u8; LEN]) {
        (Self { cookie, sent }, packet::request(cookie))
    }

    /// The moment at which it really left.
    pub(crate) fn sent(&mut self, at: Now) {
        self.sent = at;
    }

    /// Judges what arrived at `now`; `arrived` is the kernel's own time of arrival, on the wall clock, where it gives one.
    pub(crate) fn reply(&self, bytes: &[u8], now: Now, arrived: Option<Wall>) -> Result<(Sample, Reply), Refusal> {
        let reply = packet::parse(bytes).map_err(Refusal::Malformed)?;
        if reply.origin != self.cookie {
            return Err(Refusal::Stray);
        }
        // On the wire stratum 16 is 0 as well; only a kiss has a code in ASCII.
        if reply.stratum == 0 && reply.reference.iter().all(u8::is_ascii_graphic) {
            return Err(Refusal::Kiss(reply.reference));
        }
        if reply.leap == 3 || !(1..16).contains(&reply.stratum) {
            return Err(Refusal::Unsynchronised);
        }
        let (Some(received), Some(sent)) = (reply.received, reply.sent) else {
            return Err(Refusal::Absurd("its reply has no time"));
        };
        if sent < received {
            return Err(Refusal::Absurd("its reply left before the request came"));
        }
        if reply.updated.is_some_and(|t| t > sent) {
            return Err(Refusal::Absurd("its clock was corrected after the reply left"));
        }
        let root = reply.root_delay / 2.0 + reply.root_dispersion + reply.precision;
        if root >= FARTHEST {
            return Err(Refusal::Absurd("its own error bound is 16 s or more"));
        }
        let back = arrival(now, arrived);
        let delay = back.since(self.sent.raw) - seconds(sent.0 - received.0);
        // The two clocks may run at slightly different rates, so a fast link can seem to take less than no time.
        if delay < -1e-3 {
            return Err(Refusal::Absurd("it says it held the request longer than the whole exchange took"));
        }
        Ok((
            Sample {
                at: Raw(middle(self.sent.raw.0, back.0)),
                server_minus_raw: middle(received.0, sent.0).saturating_sub(middle(self.sent.raw.0, back.0)),
                wall_minus_raw: now.wall_minus_raw(),
                delay: delay.max(reply.precision),
                root,
                stratum: reply.stratum,
            },
            reply,
        ))
    }
}

/// The time of arrival on the raw clock. The kernel's is earlier than the program's by the time it took to wake up; one that is not
/// within the last second is of a clock that was set in between.
fn arrival(now: Now, arrived: Option<Wall>) -> Raw {
    let late = arrived.map_or(0, |a| now.wall.0.saturating_sub(a.0));
    if (0..nanoseconds(1.0)).contains(&late) { Raw(now.raw.0.saturating_sub(late)) } else { now.raw }
}

impl Sample {
    /// The server's clock less the wall clock, in seconds.
    pub(crate) fn offset(&self) -> f64 {
        seconds(self.server_minus_raw.saturating_sub(self.wall_minus_raw))
    }

    /// Half the width of the interval around [`Sample::offset`] that holds true time if the server keeps its word.
    pub(crate) fn bound(&self) -> f64 {
        self.delay / 2.0 + self.root
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, mutations, reply_to};

    fn ask() -> (Request, [u8; LEN]) {
        Request::new(42, at(10.0))
    }

    #[test]
    fn offset_and_delay_of_a_known_exchange() {
        let (request, packet) = ask();
        // Server 3 s ahead; 10 ms there, 1 ms in the server, 30 ms back.
        let reply = reply_to(&packet, at(13.010).wall, at(13.011).wall);
        let (sample, _) = request.reply(&reply, at(10.041), None).unwrap();
        assert!((sample.delay - 0.040).abs() < 1e-8, "{sample:?}");
        assert!((sample.offset() - 2.990).abs() < 1e-8, "{sample:?}");
        assert!((sample.offset() - 3.0).abs() <= sample.bound());
    }

    #[test]
    fn kernel_time_of_arrival_is_taken_when_it_can_be_true() {
        let (request, packet) = ask();
        let reply = reply_to(&packet, at(10.010).wall, at(10.010).wall);
        let delay = |arrived| request.reply(&reply, at(10.030), Some(arrived)).unwrap().0.delay;
        assert!((delay(at(10.020).wall) - 0.020).abs() < 1e-8);
        assert!((delay(at(99.0).wall) - 0.030).abs() < 1e-8);
        assert!((delay(at(1.0).wall) - 0.030).abs() < 1e-8);
    }

    #[test]
    fn refuses_what_it_must() {
        let (request, packet) = ask();
        let good = reply_to(&packet, at(10.01).wall, at(10.01).wall);
        let judge = |change: fn(&mut [u8])| {
            let mut bytes = good;
            change(&mut bytes);
            request.reply(&bytes, at(10.02), None).map(|_| ()).unwrap_err()
        };
        assert_eq!(judge(|b| b[31] ^= 1), Refusal::Stray);
        assert_eq!(judge(|b| b[0] = 0x23), Refusal::Malformed(Malformed::Mode));
        assert_eq!(
            judge(|b| {
                b[1] = 0;
                b[12..16].copy_from_slice(b"RATE")
            }),
            Refusal::Kiss(*b"RATE")
        );
        assert_eq!(judge(|b| b[0] |= 0xc0), Refusal::Unsynchronised);
        assert_eq!(judge(|b| b[1] = 16), Refusal::Unsynchronised);
        assert_eq!(judge(|b| b[1] = 0), Refusal::Unsynchronised);
        for change in [
            |b: &mut [u8]| b[32..40].fill(0),
            |b: &mut [u8]| b[40..48].fill(0),
            |b: &mut [u8]| b[43] -= 1,
            |b: &mut [u8]| b[35] -= 1,
            |b: &mut [u8]| b[4] = 1,
            |b: &mut [u8]| b[8..12].copy_from_slice(&[0, 16, 0, 0]),
            |b: &mut [u8]| b[16..24].fill(0x7f),
        ] {
            assert!(matches!(judge(change), Refusal::Absurd(_)));
        }
    }

    #[test]
    fn a_forger_without_the_cookie_never_gets_a_sample() {
        let (request, _) = ask();
        let forged = reply_to(&packet::request(43), at(10.01).wall, at(10.01).wall);
        mutations(&forged, |bytes| {
            if let Ok((sample, reply)) = request.reply(bytes, at(10.02), None) {
                assert_eq!(reply.origin, 42);
                assert!(sample.delay > 0.0 && sample.bound().is_finite());
            }
        });
    }
}
