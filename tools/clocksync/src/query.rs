//! The one-shot measurement: a few samples from every server at the same time. Times and packets in, packets and wake-ups out.
#![forbid(unsafe_code)]
use crate::exchange::{Refusal, Request, Sample};
use crate::packet::LEN;
use crate::select::Interval;
use crate::time::{Now, Raw, Wall};

/// Seconds between a reply and the next request to the same server.
const PAUSE: f64 = 0.05;

/// How much an unsteered quartz may gain or lose, in seconds per second; RFC 5905's 15 ppm holds for a disciplined one.
const DRIFT: f64 = 1e-4;

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Samples wanted of each server.
    pub(crate) samples: usize,
    /// Seconds for all of it.
    pub(crate) timeout: f64,
}

/// One server under measurement.
#[derive(Debug)]
pub(crate) struct Server {
    /// What it gave.
    pub(crate) samples: Vec<Sample>,
    /// Why it was asked no more.
    pub(crate) refusal: Option<Refusal>,
    /// Packets that were no reply to a request of ours.
    pub(crate) strays: u32,
    request: Option<Request>,
    next: Option<Raw>,
}

/// The measurement of all servers.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) servers: Vec<Server>,
    plan: Plan,
    end: Raw,
}

impl Query {
    /// Begins with `count` servers.
    pub(crate) fn new(count: usize, plan: Plan, now: Now) -> Self {
        let server = || Server { samples: Vec::new(), refusal: None, strays: 0, request: None, next: Some(now.raw) };
        let servers = std::iter::repeat_with(server).take(count).collect();
        Self { servers, plan, end: now.raw.plus(plan.timeout) }
    }

    /// The packet to send to `server` now, if one is due. Its moment is told by [`Query::sent`].
    pub(crate) fn due(&mut self, server: usize, now: Now, cookie: u64) -> Option<[u8; LEN]> {
        let (end, wait) = (self.end, self.plan.timeout / 2.0);
        let server = self.servers.get_mut(server)?;
        if now.raw >= end || server.next.is_none_or(|t| t > now.raw) {
            return None;
        }
        let (request, packet) = Request::new(cookie, now);
        server.request = Some(request);
        // A lost packet is asked for once more.
        server.next = Some(now.raw.plus(wait));
        Some(packet)
    }

    /// The packet to `server` left at `at`.
    pub(crate) fn sent(&mut self, server: usize, at: Now) {
        if let Some(request) = self.servers.get_mut(server).and_then(|s| s.request.as_mut()) {
            request.sent(at);
        }
    }

    /// Takes what came from `server`.
    pub(crate) fn received(&mut self, server: usize, bytes: &[u8], now: Now, arrived: Option<Wall>) {
        let wanted = self.plan.samples;
        let Some(server) = self.servers.get_mut(server) else { return };
        let judged = server.request.as_ref().map_or(Err(Refusal::Stray), |r| r.reply(bytes, now, arrived));
        match judged {
            Ok((sample, _)) => {
                server.request = None;
                server.samples.push(sample);
                server.next = (server.samples.len() < wanted).then(|| now.raw.plus(PAUSE));
            }
            Err(Refusal::Stray | Refusal::Malformed(_)) => server.strays += 1,
            Err(refusal) => {
                server.refusal = Some(refusal);
                server.close();
            }
        }
    }

    /// Asks `server` no more: nothing listens there, or it has no address.
    pub(crate) fn close(&mut self, server: usize) {
        if let Some(server) = self.servers.get_mut(server) {
            server.close();
        }
    }

    /// Samples taken, and wanted.
    pub(crate) fn progress(&self) -> (u64, u64) {
        let done: usize = self.servers.iter().map(|s| s.samples.len()).sum();
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        (number(done), number(self.servers.len().saturating_mul(self.plan.samples)))
    }

    /// When to look again, `None` at the end.
    pub(crate) fn wake(&self, now: Now) -> Option<Raw> {
        let next = self.servers.iter().filter_map(|s| s.next).min()?;
        (now.raw < self.end).then(|| next.min(self.end))
    }
}

impl Server {
    fn close(&mut self) {
        self.request = None;
        self.next = None;
    }

    /// Whether its samples count: a server that asked for fewer requests is still right, one that took its word back is not.
    pub(crate) fn is_usable(&self) -> bool {
        !self.samples.is_empty() && matches!(self.refusal, None | Some(Refusal::Kiss([b'R', b'A', b'T', b'E'])))
    }

    /// The sample with the narrowest bound.
    pub(crate) fn best(&self) -> Option<&Sample> {
        self.samples.iter().min_by(|a, b| a.bound().total_cmp(&b.bound()))
    }

    /// Where true time lies by this server's word at `now`, as an offset from the wall clock: what all its samples allow.
    /// `None` where they contradict each other, because one of the two clocks was set meanwhile.
    pub(crate) fn interval(&self, now: Now) -> Option<Interval> {
        let mut all = self.samples.iter().map(|s| Interval::around(s.offset(), s.bound() + DRIFT * now.raw.since(s.at)));
        let first = all.next()?;
        all.try_fold(first, Interval::and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, reply_to};

    const PLAN: Plan = Plan { samples: 3, timeout: 1.0 };

    /// Runs a query of one server that is `ahead` seconds ahead and 10 ms away, and answers as `answer` says.
    fn run(mut answer: impl FnMut(usize, &[u8; LEN], Now) -> Option<Vec<u8>>) -> (Query, f64) {
        let (mut t, mut asked) = (0.0, 0);
        let mut query = Query::new(1, PLAN, at(t));
        while let Some(wake) = query.wake(at(t)) {
            t = wake.since(Raw(0)).max(t);
            if let Some(packet) = query.due(0, at(t), 1000 + asked as u64) {
                query.sent(0, at(t));
                asked += 1;
                if let Some(bytes) = answer(asked, &packet, at(t + 0.005)) {
                    t += 0.010;
                    query.received(0, &bytes, at(t), None);
                }
            }
        }
        (query, t)
    }

    fn good(packet: &[u8; LEN], now: Now) -> Option<Vec<u8>> {
        Some(reply_to(packet, Wall(now.wall.0 + 2_000_000_000), Wall(now.wall.0 + 2_000_000_000)).to_vec())
    }

    #[test]
    fn takes_its_samples_and_ends() {
        let (query, end) = run(|_, packet, now| good(packet, now));
        let server = &query.servers[0];
        assert_eq!(server.samples.len(), 3);
        assert!(server.is_usable() && (0.12..0.2).contains(&end), "{end}");
        let interval = server.interval(at(end)).unwrap();
        assert!(interval.low < 2.0 && 2.0 < interval.high && interval.high - interval.low < 0.011, "{interval:?}");
        assert!((server.best().unwrap().offset() - 2.0).abs() < 1e-8);
    }

    #[test]
    fn silence_is_asked_twice_and_ends_in_time() {
        let mut asked = 0;
        let (query, end) = run(|n, _, _| {
            asked = n;
            None
        });
        assert!(!query.servers[0].is_usable());
        assert_eq!((asked, end), (2, 1.0));
    }

    #[test]
    fn kiss_codes_are_obeyed() {
        for (code, usable) in [(b"RATE", true), (b"DENY", false), (b"RSTR", false)] {
            let mut asked = 0;
            let (query, end) = run(|n, packet, now| {
                asked = n;
                let mut reply = good(packet, now)?;
                if n > 1 {
                    reply[1] = 0;
                    reply[12..16].copy_from_slice(code);
                }
                Some(reply)
            });
            assert_eq!((asked, query.servers[0].samples.len(), query.servers[0].is_usable()), (2, 1, usable));
            assert!(end < 0.2);
        }
    }

    #[test]
    fn a_reply_counts_once() {
        let mut query = Query::new(1, PLAN, at(0.0));
        let packet = query.due(0, at(0.0), 7).unwrap();
        let reply = good(&packet, at(0.005)).unwrap();
        query.received(0, &reply, at(0.01), None);
        query.received(0, &reply, at(0.02), None);
        query.received(0, b"noise", at(0.02), None);
        assert_eq!((query.servers[0].samples.len(), query.servers[0].strays), (1, 2));
    }

    #[test]
    fn a_clock_set_between_the_samples_is_noticed() {
        let (query, end) = run(|n, packet, now| good(packet, at(now.raw.since(Raw(0)) + n as f64)));
        assert_eq!(query.servers[0].samples.len(), 3);
        assert_eq!(query.servers[0].interval(at(end)), None);
    }
}
