//! One server as the daemon sees it: when it is asked, what it answered, what its clock filter knows.
#![forbid(unsafe_code)]
use crate::bank::{Bank, Fate};
use crate::exchange::{Refusal, Request, Sample};
use crate::packet::LEN;
use crate::select::Interval;
use crate::steer::error;
use crate::time::{Now, Raw, Wall};
use crate::verdict::State;

/// Seconds between the requests of a burst.
const QUICK: f64 = 2.0;
/// Requests of the first burst, and of one after the clocks moved against each other.
const BURST: u32 = 8;
/// Requests to confirm or refute an outlier.
const RECHECK: u32 = 3;
/// The longest interval between requests that a server's kiss code can bring about, in seconds.
const SLOWEST: f64 = 1024.0;
/// So many unanswered requests make a server unreachable: as many as RFC 5905's reachability register has bits.
const MISSES: u32 = 8;
/// The same for one that never answered.
const FIRST_MISSES: u32 = 3;
/// How fast the server's own error may grow after its last word: `PHI` of RFC 5905.
const PHI: f64 = 15e-6;

/// One server.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    poll: f64,
    next: Option<Raw>,
    burst: u32,
    request: Option<Request>,
    /// Requests since the last reply.
    misses: u32,
    refusal: Option<Refusal>,
    /// Valid replies so far.
    pub(crate) replies: u64,
    /// The last of them.
    pub(crate) last: Option<Sample>,
    pub(crate) bank: Option<Bank>,
}

impl Source {
    /// A server to be asked at once, and later every `poll` seconds.
    pub(crate) fn new(poll: f64, now: Now) -> Self {
        Self {
            poll,
            next: Some(now.raw),
            burst: BURST,
            request: None,
            misses: 0,
            refusal: None,
            replies: 0,
            last: None,
            bank: None,
        }
    }

    /// Changes the interval; a server that asked for silence is asked again.
    pub(crate) fn reconfigure(&mut self, poll: f64, now: Now) {
        self.poll = poll;
        self.next = Some(self.next.unwrap_or(now.raw).min(now.raw.plus(poll)));
    }

    /// When it is to be asked next; never, if it forbade it.
    pub(crate) fn next(&self) -> Option<Raw> {
        self.next
    }

    /// The request to send, if one is due.
    pub(crate) fn due(&mut self, now: Now, cookie: u64) -> Option<[u8; LEN]> {
        if self.next.is_none_or(|t| t > now.raw) {
            return None;
        }
        let (request, packet) = Request::new(cookie, now);
        self.request = Some(request);
        self.misses = self.misses.saturating_add(1);
        let wait = if self.burst > 0 { QUICK } else { self.poll };
        // Bursts are for what answers: a dead server is asked at the usual pace after the first few.
        self.burst = if self.misses > FIRST_MISSES { 0 } else { self.burst.saturating_sub(1) };
        self.next = Some(now.raw.plus(wait));
        Some(packet)
    }

    /// There is a way to it now: it is asked at once, if it never answered.
    pub(crate) fn hurry(&mut self, now: Now) {
        if self.replies == 0 {
            (self.burst, self.misses) = (BURST, 0);
            self.next = self.next.map(|_| now.raw);
        }
    }

    /// The machine slept for `by` nanoseconds: what is known is known less well, so it is asked at once.
    pub(crate) fn slept(&mut self, by: i64, now: Now) {
        (self.request, self.burst, self.misses) = (None, BURST, 0);
        self.next = self.next.map(|_| now.raw);
        if let Some(bank) = &mut self.bank {
            bank.slept(by);
        }
    }

    /// The request left at `at`.
    pub(crate) fn sent(&mut self, at: Now) {
        if let Some(request) = &mut self.request {
            request.sent(at);
        }
    }

    /// Takes what came. True if the estimate changed.
    pub(crate) fn received(&mut self, bytes: &[u8], now: Now, arrived: Option<Wall>) -> bool {
        let Some(request) = &self.request else { return false };
        match request.reply(bytes, now, arrived) {
            Ok((sample, _)) => {
                (self.request, self.refusal, self.misses) = (None, None, 0);
                self.replies += 1;
                self.last = Some(sample);
                self.learn(&sample, now);
                true
            }
            Err(Refusal::Stray | Refusal::Malformed(_)) => false,
            Err(refusal) => {
                (self.request, self.refusal, self.burst) = (None, Some(refusal), 0);
                match refusal {
                    Refusal::Kiss(code) if &code == b"RATE" => {
                        self.poll = (self.poll * 2.0).min(SLOWEST);
                        self.next = Some(now.raw.plus(self.poll));
                    }
                    Refusal::Kiss(_) => self.next = None,
                    _ => {}
                }
                true
            }
        }
    }

    fn learn(&mut self, sample: &Sample, now: Now) {
        let Some(bank) = &mut self.bank else {
            self.bank = Some(Bank::new(sample));
            return;
        };
        let more = match bank.add(sample) {
            Fate::Used => return,
            Fate::Outlier => RECHECK,
            Fate::Restarted => BURST,
        };
        self.burst = self.burst.max(more);
        self.next = self.next.map(|t| t.min(now.raw.plus(QUICK)));
    }

    /// Whether its time counts.
    pub(crate) fn is_usable(&self) -> bool {
        let kept = matches!(self.refusal, None | Some(Refusal::Kiss([b'R', b'A', b'T', b'E'])));
        kept && self.bank.is_some() && self.misses <= MISSES
    }

    /// Whether it has had its chance to answer.
    pub(crate) fn is_known(&self) -> bool {
        self.replies > 0 || self.refusal.is_some() || self.misses >= FIRST_MISSES
    }

    /// Its state, apart from what the others say.
    pub(crate) fn state(&self) -> State {
        match self.refusal {
            _ if self.is_usable() => State::Agrees,
            Some(refusal) => State::Refused(refusal),
            None => State::Silent,
        }
    }

    /// Where true time lies by its word at `now`, as an offset from the wall clock in seconds.
    pub(crate) fn interval(&self, now: Now) -> Option<Interval> {
        let (bank, last) = (self.bank.as_ref()?, self.last?);
        let estimate = bank.estimate(now.raw);
        let radius = bank.shortest() / 2.0 + last.root + PHI * now.raw.since(last.at) + 3.0 * estimate.deviation;
        Some(Interval::around(error(now, &estimate), radius))
    }
}
