//! What the servers say together: each one's part, and the interval in which most of them agree.
#![forbid(unsafe_code)]
use crate::exchange::Refusal;
use crate::query::Server;
use crate::select::{Interval, agreement};
use crate::time::Now;

/// One server's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// In the agreement.
    Agrees,
    /// Usable, but there is no agreement for it to be in.
    Disagrees,
    /// Outside the agreement.
    Falseticker,
    /// Its samples contradict each other.
    Unstable,
    /// It gave replies, but not the time.
    Refused(Refusal),
    /// It gave no reply.
    Silent,
}

impl State {
    /// One word for the table.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Agrees => "ok",
            Self::Disagrees => "disagrees",
            Self::Falseticker => "falseticker",
            Self::Unstable => "unstable",
            Self::Refused(Refusal::Kiss(_)) => "denied",
            Self::Refused(Refusal::Unsynchronised) => "unsynchronised",
            Self::Refused(_) => "bogus",
            Self::Silent => "unreachable",
        }
    }
}

/// What all of them say.
#[derive(Debug, PartialEq)]
pub(crate) struct Verdict {
    /// Each server's part, in order.
    pub(crate) states: Vec<State>,
    /// Their agreement, if there is one.
    pub(crate) agreed: Option<Agreed>,
}

/// What the servers in agreement say: true time less the wall clock, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Agreed {
    /// The best estimate.
    pub(crate) offset: f64,
    /// Where it certainly lies if most servers are right.
    pub(crate) span: Interval,
    /// So many servers,
    pub(crate) count: usize,
    /// of so many that gave a time.
    pub(crate) of: usize,
}

impl Verdict {
    /// Judges the servers at the end of a query.
    pub(crate) fn on(servers: &[Server], now: Now) -> Self {
        let intervals: Vec<_> = servers.iter().map(|s| s.is_usable().then(|| s.interval(now)).flatten()).collect();
        let usable: Vec<_> = intervals.iter().copied().flatten().collect();
        let span = agreement(&usable);
        let states: Vec<_> = servers.iter().zip(&intervals).map(|(server, interval)| state(server, *interval, span)).collect();
        let count = states.iter().filter(|s| **s == State::Agrees).count();
        let agreed = span.map(|span| Agreed { offset: estimate(servers, &states, span), span, count, of: usable.len() });
        Self { states, agreed }
    }
}

fn state(server: &Server, interval: Option<Interval>, span: Option<Interval>) -> State {
    match (interval, span, server.refusal) {
        (Some(own), Some(span), _) => own.and(span).map_or(State::Falseticker, |_| State::Agrees),
        (Some(_), None, _) => State::Disagrees,
        (None, _, _) if server.is_usable() => State::Unstable,
        (None, _, Some(refusal)) => State::Refused(refusal),
        (None, _, None) => State::Silent,
    }
}

/// The mean of the agreeing servers' best samples, weighted by how well each is known, within the span.
fn estimate(servers: &[Server], states: &[State], span: Interval) -> f64 {
    let agreeing = servers.iter().zip(states).filter(|(_, state)| **state == State::Agrees);
    let (mut sum, mut weights) = (0.0, 0.0);
    for sample in agreeing.filter_map(|(server, _)| server.best()) {
        let weight = 1.0 / sample.bound();
        sum += weight * sample.offset();
        weights += weight;
    }
    (sum / weights).clamp(span.low, span.high)
}
