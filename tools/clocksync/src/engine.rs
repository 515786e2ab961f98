//! The daemon's core: all servers, their agreement, and the steering of the clock. Times and packets in; packets, clock commands,
//! events and the next wake-up out. It opens no socket and reads no clock.
#![forbid(unsafe_code)]
use crate::bank::{Bank, Estimate};
use crate::config::Config;
use crate::net::Target;
use crate::packet::LEN;
use crate::select::{Interval, agreement};
use crate::source::Source;
use crate::steer::{Command, Rules, Steering, error};
use crate::time::{Now, Raw, Wall, nanoseconds, seconds};
use crate::verdict::{Agreed, State};
use std::fmt;

/// Seconds between two corrections of the rate while the last sample is fresh, and later.
const BRISK: f64 = 1.0;
const CALM: f64 = 8.0;
/// How long a sample is fresh, in seconds.
const FRESH: f64 = 64.0;
/// So long, in seconds, the first decision waits for servers that have not answered yet.
const PATIENCE: f64 = 7.0;

/// What a watcher of the daemon is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// A server's part changed.
    Server(Target, State),
    /// So many of so many servers agree now, and the clock is off by so many seconds.
    Agreed { count: usize, of: usize, offset: f64 },
    /// No majority agrees any more.
    Lost,
    /// The clock was stepped by so many seconds.
    Stepped(f64),
    /// The machine was suspended for so many seconds.
    Slept(f64),
    /// Somebody else moved the clock by so many seconds.
    Moved(f64),
    /// The clock is off by more than may be corrected.
    TooFar { offset: f64, limit: f64 },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(target, State::Refused(why)) => write!(f, "{target}: {}: {why}", State::Refused(*why).word()),
            Self::Server(target, state) => write!(f, "{target}: {}", state.word()),
            Self::Agreed { count, of, offset } => write!(f, "{count} of {of} servers agree: offset {offset:+.6} s"),
            Self::Lost => f.write_str("no majority of the servers agrees: the clock is left to itself"),
            Self::Stepped(by) => write!(f, "clock stepped by {by:+.6} s"),
            Self::Slept(seconds) => write!(f, "the machine slept for {seconds:.0} s"),
            Self::Moved(by) => write!(f, "clock moved by {by:+.6} s by somebody else"),
            Self::TooFar { offset, limit } => write!(f, "offset {offset:+.6} s is over max-step {limit} s: clock left alone"),
        }
    }
}

/// The daemon's core.
#[derive(Debug)]
pub(crate) struct Engine {
    /// The servers, their names, and their parts as last told.
    pub(crate) peers: Vec<Peer>,
    rules: Option<Rules>,
    steering: Steering,
    begun: Raw,
    /// What the servers agreed on, the last time they did, and whether they still do.
    target: Option<Estimate>,
    in_doubt: bool,
    agreeing: Option<usize>,
    bound: f64,
    lead_at: Raw,
    learned: Raw,
    too_far: bool,
}

/// A server among the others.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) target: Target,
    pub(crate) source: Source,
    pub(crate) state: Option<State>,
}

impl Engine {
    /// Begins with a configuration.
    pub(crate) fn new(config: &Config, now: Now) -> Self {
        let mut engine = Self {
            peers: Vec::new(),
            rules: None,
            steering: Steering::new(now),
            begun: now.raw,
            target: None,
            in_doubt: false,
            agreeing: None,
            bound: f64::INFINITY,
            lead_at: now.raw,
            learned: now.raw,
            too_far: false,
        };
        engine.reconfigure(config, now);
        engine
    }

    /// Takes another configuration; servers that stay keep what is known of them.
    pub(crate) fn reconfigure(&mut self, config: &Config, now: Now) {
        let mut old = std::mem::take(&mut self.peers);
        for target in &config.servers {
            let kept = old.iter().position(|p| p.target == *target).map(|i| old.swap_remove(i));
            let mut peer =
                kept.unwrap_or_else(|| Peer { target: target.clone(), source: Source::new(config.poll, now), state: None });
            peer.source.reconfigure(config.poll, now);
            self.peers.push(peer);
        }
        self.rules = config.steer;
    }

    /// The next packet to send now, and the server to send it to. Its moment is told by [`Engine::sent`].
    pub(crate) fn due(&mut self, now: Now, cookie: u64) -> Option<(usize, [u8; LEN])> {
        let index = self.peers.iter().position(|p| p.source.next().is_some_and(|t| t <= now.raw))?;
        Some((index, self.peers.get_mut(index)?.source.due(now, cookie)?))
    }

    /// There is a way to `target` now.
    pub(crate) fn hurry(&mut self, target: &Target, now: Now) {
        if let Some(peer) = self.peers.iter_mut().find(|p| p.target == *target) {
            peer.source.hurry(now);
        }
    }

    /// The packet to `server` left at `at`.
    pub(crate) fn sent(&mut self, server: usize, at: Now) {
        if let Some(peer) = self.peers.get_mut(server) {
            peer.source.sent(at);
        }
    }

    /// Takes what came from `server`: true if it answered the request.
    pub(crate) fn received(&mut self, server: usize, bytes: &[u8], now: Now, arrived: Option<Wall>) -> bool {
        let changed = self.peers.get_mut(server).is_some_and(|p| p.source.received(bytes, now, arrived));
        if changed {
            (self.learned, self.lead_at) = (now.raw, now.raw);
        }
        changed
    }

    /// The machine was suspended for `by` nanoseconds, which the raw clock did not count.
    pub(crate) fn slept(&mut self, by: i64, now: Now, events: &mut Vec<Event>) {
        events.push(Event::Slept(seconds(by)));
        self.steering.slept(by);
        for peer in &mut self.peers {
            peer.source.slept(by, now);
        }
        self.lead_at = now.raw;
    }

    /// When to call [`Engine::tick`] again, if no packet comes before.
    pub(crate) fn wake(&self) -> Raw {
        self.peers.iter().filter_map(|p| p.source.next()).fold(self.lead_at, Raw::min)
    }

    /// Does what is due: the clock commands to carry out, in order; `events` gets what happened.
    pub(crate) fn tick(&mut self, now: Now, events: &mut Vec<Event>) -> Vec<Command> {
        if let Some(by) = self.steering.moved(now) {
            events.push(Event::Moved(by));
            self.lead_at = now.raw;
        }
        if now.raw < self.lead_at {
            return Vec::new();
        }
        self.judge(now, events);
        let interval = if now.raw.since(self.learned) < FRESH { BRISK } else { CALM };
        self.lead_at = now.raw.plus(interval);
        self.lead(now, interval, events)
    }

    /// The command that leaves the clock at its best known rate, for the daemon's end.
    pub(crate) fn end(&mut self) -> Option<Command> {
        let frequency = self.target.filter(|_| self.rules.is_some())?.frequency;
        self.steering.coast(frequency)
    }

    /// How far the clock may be from true time, in seconds, by the last agreement.
    pub(crate) fn bound(&self) -> f64 {
        self.bound
    }

    /// What the servers say together at `now`; nothing before the first decision, or without a majority.
    pub(crate) fn agreed(&self, now: Now) -> Option<Agreed> {
        let intervals: Vec<_> =
            self.peers.iter().filter(|p| p.source.is_usable()).filter_map(|p| p.source.interval(now)).collect();
        let offset = error(now, self.target.as_ref()?);
        Some(Agreed { offset, span: agreement(&intervals)?, count: self.agreeing?, of: intervals.len() })
    }

    /// Lets the servers vote, and tells whose part changed.
    fn judge(&mut self, now: Now, events: &mut Vec<Event>) {
        let settled = now.raw.since(self.begun) > PATIENCE || self.peers.iter().all(|p| p.source.is_known());
        if !settled {
            return;
        }
        let intervals: Vec<_> =
            self.peers.iter().map(|p| p.source.is_usable().then(|| p.source.interval(now)).flatten()).collect();
        let usable: Vec<Interval> = intervals.iter().copied().flatten().collect();
        let span = agreement(&usable);
        for (peer, interval) in self.peers.iter_mut().zip(&intervals) {
            let state = match (interval, span) {
                (Some(own), Some(span)) if own.and(span).is_none() => State::Falseticker,
                (Some(_), None) => State::Disagrees,
                _ => peer.source.state(),
            };
            if peer.source.is_known() && peer.state != Some(state) {
                peer.state = Some(state);
                events.push(Event::Server(peer.target.clone(), state));
            }
        }
        let agreeing = self.peers.iter().filter(|p| p.state == Some(State::Agrees) && p.source.is_usable());
        let banks: Vec<&Bank> = agreeing.filter_map(|p| p.source.bank.as_ref()).collect();
        let before = self.agreeing;
        self.agreeing = span.map(|_| banks.len()).filter(|&n| n > 0);
        if self.agreeing.is_some() {
            (self.target, self.in_doubt) = combine(&banks, now);
            self.bound = span.map_or(f64::INFINITY, |s| s.low.abs().max(s.high.abs()));
        }
        match (before, self.agreeing, &self.target) {
            (before, Some(count), Some(target)) if before != Some(count) => {
                events.push(Event::Agreed { count, of: usable.len(), offset: error(now, target) });
            }
            (Some(_), None, _) => events.push(Event::Lost),
            _ => {}
        }
    }

    fn lead(&mut self, now: Now, interval: f64, events: &mut Vec<Event>) -> Vec<Command> {
        let (Some(rules), Some(target)) = (self.rules, self.target) else { return Vec::new() };
        // In doubt, the next samples decide.
        if self.agreeing.is_none() || self.in_doubt {
            return self.steering.coast(target.frequency).into_iter().collect();
        }
        match self.steering.lead(now, &target, interval, rules) {
            Err(offset) => {
                if !std::mem::replace(&mut self.too_far, true) {
                    events.push(Event::TooFar { offset, limit: rules.max_step });
                }
                Vec::new()
            }
            Ok(command) => {
                self.too_far = false;
                let mut commands: Vec<_> = command.into_iter().collect();
                if let Some(Command::Step(by)) = command {
                    events.push(Event::Stepped(by));
                    commands.extend(self.steering.coast(target.frequency));
                }
                commands
            }
        }
    }
}

/// What the agreeing servers know together, each weighted by how well its filter knows its clock and how lopsided its path may be;
/// and whether all of them are in doubt.
fn combine(banks: &[&Bank], now: Now) -> (Option<Estimate>, bool) {
    let certain: Vec<&Bank> = banks.iter().copied().filter(|b| !b.in_doubt()).collect();
    let in_doubt = certain.is_empty();
    let banks = if in_doubt { banks } else { &certain };
    let (mut offset, mut frequency, mut weights) = (0.0, 0.0, 0.0);
    for bank in banks {
        let estimate = bank.estimate(now.raw);
        let weight = 1.0 / (estimate.deviation.powi(2) + (bank.shortest() / 8.0).powi(2));
        offset += weight * error(now, &estimate);
        frequency += weight * estimate.frequency;
        weights += weight;
    }
    let target = (weights > 0.0).then(|| Estimate {
        at: now.raw,
        server_minus_raw: now.wall_minus_raw().saturating_add(nanoseconds(offset / weights)),
        frequency: frequency / weights,
        deviation: weights.recip().sqrt(),
    });
    (target, in_doubt)
}

#[cfg(test)]
#[path = "simulation.rs"]
mod simulation;
