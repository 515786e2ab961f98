//! `clocksync SERVER...`: measure once, say what was found, set the clock only when told to.
use crate::net::{Target, resolve};
use crate::query::{Plan, Query, Server};
use crate::report::{Report, Row, Time};
use crate::sys::{self, Socket};
use crate::verdict::{State, Verdict};
use base::cli::{duration, warn};
use base::fail::{Fail, Result};
use base::out::Out;
use base::progress::Progress;
use getopts::Matches;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::time::Duration;

/// An offset from here on is stepped, a smaller one is slewed: `STEPT` of RFC 5905, in seconds.
const STEP: f64 = 0.128;
/// The largest step without leave for more, in seconds: a day.
const MAX_STEP: f64 = 86400.0;

/// Seconds between two looks at how far it is.
const LOOK: f64 = 0.5;

/// The command's own limits.
struct Limits {
    plan: Plan,
    max_offset: Option<f64>,
    max_step: f64,
    set: bool,
}

impl Limits {
    fn read(found: &Matches) -> Result<Self> {
        let length = |option| Ok(duration(found, option)?.map(|d| d.as_secs_f64()));
        let samples = match found.opt_str("samples") {
            None => 4,
            Some(text) => text.parse().map_err(|_| Fail::Usage(format!("--samples {text}: expected a number")))?,
        };
        let timeout = length("t")?.unwrap_or(1.0);
        let wrong = |what: &str| Err(Fail::Usage(what.into()));
        if !(1..=64).contains(&samples) {
            return wrong("--samples: expected 1 to 64");
        }
        if !(0.01..=60.0).contains(&timeout) {
            return wrong("-t: expected 10ms to 1m");
        }
        let (max_offset, max_step, set) = (length("max-offset")?, length("max-step")?, found.opt_present("s"));
        if max_step.is_some() && !set {
            return wrong("--max-step: expected -s with it");
        }
        if max_offset.is_some() && set {
            return wrong("--max-offset: a check of the clock, not to be joined with -s, whose limit is --max-step");
        }
        Ok(Self { plan: Plan { samples, timeout }, max_offset, max_step: max_step.unwrap_or(MAX_STEP), set })
    }
}

/// A server, the socket towards it, and what went wrong with either.
struct Peer {
    target: Target,
    socket: Option<Socket>,
    resolved: bool,
    trouble: Option<Fail>,
}

/// Runs the command.
pub(crate) fn run(found: &Matches, out: &mut Out) -> Result {
    let limits = Limits::read(found)?;
    let mut report = Report::new(found)?;
    let targets = found.free.iter().map(|s| Target::parse(s)).collect::<Result<Vec<_>>>()?;
    if let Some(twice) = targets.iter().enumerate().find_map(|(i, t)| targets.iter().take(i).find(|u| *u == t)) {
        return Err(Fail::Usage(format!("{twice}: named twice, and would be counted twice")));
    }
    let addresses = resolve(&targets);
    let mut peers: Vec<_> = targets.into_iter().zip(addresses).map(|(target, found)| open(target, found)).collect();
    let query = measure(&mut peers, limits.plan)?;
    let verdict = Verdict::on(&query.servers, sys::now());
    for ((peer, server), &state) in peers.iter().zip(&query.servers).zip(&verdict.states) {
        let word = if peer.resolved { state.word() } else { "unresolved" };
        report.row(out, &row(&peer.target, server, word))?;
        explain(peer, server, state, limits.plan.timeout);
    }
    report.end(out, verdict.agreed.as_ref())?;
    conclude(&verdict, &query, &limits)
}

/// A socket to the first of the addresses that there is a route to.
fn open(target: Target, addresses: Result<Vec<SocketAddr>>) -> Peer {
    let (mut socket, mut trouble, resolved) = (None, None, addresses.is_ok());
    match addresses {
        Err(e) => trouble = Some(e),
        Ok(addresses) => {
            for address in addresses {
                match Socket::connect(address) {
                    Ok(open) => {
                        socket = Some(open);
                        break;
                    }
                    Err(e) => trouble = Some(Fail::Io(target.to_string(), e)),
                }
            }
        }
    }
    Peer { target, socket, resolved, trouble }
}

/// Runs the exchange: the only loop that waits.
fn measure(peers: &mut [Peer], plan: Plan) -> Result<Query> {
    let mut query = Query::new(peers.len(), plan, sys::now());
    for (i, _) in peers.iter().enumerate().filter(|(_, p)| p.socket.is_none()) {
        query.close(i);
    }
    let mut progress = Progress::start("samples");
    while let Some(wake) = query.wake(sys::now()) {
        let (done, wanted) = query.progress();
        progress.tick(done, wanted);
        for (i, peer) in peers.iter_mut().enumerate() {
            ask(&mut query, i, peer)?;
        }
        let timeout = Duration::from_secs_f64(wake.since(sys::now().raw).clamp(0.0, LOOK));
        let open: Vec<_> = peers.iter().enumerate().filter_map(|(i, p)| Some((i, p.socket.as_ref()?.as_fd()))).collect();
        let fds: Vec<_> = open.iter().map(|(_, fd)| *fd).collect();
        let ready = sys::wait(&fds, timeout).map_err(Fail::on("poll"))?;
        let ready: Vec<_> = open.iter().zip(ready).filter(|(_, ready)| *ready).map(|((i, _), _)| *i).collect();
        for i in ready {
            if let Some(peer) = peers.get_mut(i) {
                hear(&mut query, i, peer);
            }
        }
    }
    Ok(query)
}

/// Sends what is due to one server.
fn ask(query: &mut Query, i: usize, peer: &mut Peer) -> Result<()> {
    let Some(socket) = &peer.socket else { return Ok(()) };
    let Some(packet) = query.due(i, sys::now(), sys::random()?) else { return Ok(()) };
    query.sent(i, sys::now());
    if let Err(e) = socket.send(&packet) {
        give_up(query, i, peer, e);
    }
    Ok(())
}

/// Takes what came from one server.
fn hear(query: &mut Query, i: usize, peer: &mut Peer) {
    let Some(socket) = &peer.socket else { return };
    let mut bytes = [0; 512];
    match socket.receive(&mut bytes) {
        Ok((n, arrived)) => query.received(i, bytes.get(..n).unwrap_or_default(), sys::now(), arrived),
        Err(e) => give_up(query, i, peer, e),
    }
}

fn give_up(query: &mut Query, i: usize, peer: &mut Peer, e: io::Error) {
    if !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) {
        query.close(i);
        peer.socket = None;
        peer.trouble = Some(Fail::Io(peer.target.to_string(), e));
    }
}

fn row(target: &Target, server: &Server, word: &str) -> Row {
    let time = server.is_usable().then(|| Some((server.best()?, server.interval(sys::now())?))).flatten();
    let time = time.map(|(best, span)| Time { stratum: best.stratum, offset: best.offset(), delay: best.delay, span });
    let samples = server.samples.len().try_into().unwrap_or(u64::MAX);
    Row { server: target.to_string(), time, samples, state: word.into() }
}

/// Says on standard error why a server gave no time.
fn explain(peer: &Peer, server: &Server, state: State, timeout: f64) {
    let name = &peer.target;
    let strays = if server.strays > 0 { format!(", {} that answer no request", server.strays) } else { String::new() };
    match (state, &peer.trouble) {
        (State::Silent, Some(trouble)) => warn("clocksync", trouble),
        (State::Silent, None) => warn("clocksync", format!("{name}: no valid reply within {timeout} s{strays}")),
        (State::Refused(why), _) => warn("clocksync", format!("{name}: {why}")),
        (State::Unstable, _) => {
            warn("clocksync", format!("{name}: its replies contradict each other: a clock was set meanwhile"))
        }
        (State::Agrees | State::Disagrees | State::Falseticker, _) => {}
    }
}

/// What follows from the verdict.
fn conclude(verdict: &Verdict, query: &Query, limits: &Limits) -> Result {
    let Some(agreed) = verdict.agreed else {
        let usable = query.servers.iter().filter(|s| s.is_usable()).count();
        let why =
            if usable == 0 { "no server gave the time".into() } else { format!("no majority of the {usable} servers agrees") };
        return Err(Fail::Other(why));
    };
    let offset = agreed.offset;
    if let Some(limit) = limits.max_offset.filter(|&limit| offset.abs() > limit) {
        return Err(Fail::Other(format!("offset {offset:+.6} s is over --max-offset {limit} s")));
    }
    if limits.set {
        set(offset, limits.max_step)?;
    }
    Ok(0)
}

/// Corrects the wall clock by `offset` seconds, and says so.
fn set(offset: f64, limit: f64) -> Result<()> {
    if offset.abs() > limit {
        return Err(Fail::Other(format!("offset {offset:+.6} s is over --max-step {limit} s: clock not set")));
    }
    let (how, done) = if offset.abs() < STEP { ("slewed", sys::slew(offset)) } else { ("stepped", sys::step(offset)) };
    done.map_err(Fail::on("cannot set the clock"))?;
    warn("clocksync", format!("clock {how} by {offset:+.6} s"));
    Ok(())
}
