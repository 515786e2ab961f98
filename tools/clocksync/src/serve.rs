//! `clocksync -d`: the loop around the engine. Sockets, signals, the clock, and a line for each thing that changes.
use crate::config::{self, Config};
use crate::engine::{Engine, Event, Peer};
use crate::lookup::Lookups;
use crate::net::Target;
use crate::report::{Report, Row, Time};
use crate::steer::Command;
use crate::sys::{self, Socket};
use crate::time::{Now, nanoseconds};
use crate::verdict::State;
use base::cli::warn;
use base::daemon::{Signals, notify};
use base::fail::{Fail, Result};
use base::out::Out;
use base::time::rfc3339;
use getopts::Matches;
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::time::{Duration, SystemTime};

const FILE: &str = "/etc/clocksync.conf";

/// The way to one server: its addresses, the one in use, and the socket of the request under way.
struct Link {
    addresses: Vec<SocketAddr>,
    turn: usize,
    socket: Option<Socket>,
    /// What was last said of it, so that it is said once.
    said: String,
}

/// The daemon at work.
struct Daemon<'a> {
    file: String,
    found: &'a Matches,
    engine: Engine,
    links: HashMap<Target, Link>,
    lookups: Lookups,
    steers: bool,
    slept: Option<i64>,
    /// Standard output failed, and that was said.
    mute: bool,
}

/// Checks the configuration with `-n`, or runs until TERM.
pub(crate) fn run(found: &Matches, out: &mut Out) -> Result {
    let file = found.opt_str("c").unwrap_or_else(|| FILE.into());
    let config = config::read(&file)?;
    if found.opt_present("n") {
        return Ok(0);
    }
    Report::new(found)?;
    let mut signals = Signals::catch()?;
    let steers = config.steer.is_some();
    if steers {
        sys::begin().map_err(Fail::on("cannot steer the clock"))?;
    }
    let engine = Engine::new(&config, sys::now());
    let mut daemon =
        Daemon { file, found, engine, links: HashMap::new(), lookups: Lookups::new()?, steers, slept: sys::slept(), mute: false };
    notify("READY=1")?;
    let done = daemon.serve(&mut signals, out);
    if let Some(command) = daemon.engine.end() {
        daemon.carry_out(command)?;
    }
    done
}

impl Daemon<'_> {
    fn serve(&mut self, signals: &mut Signals, out: &mut Out) -> Result {
        while !signals.stop() {
            let mut events = Vec::new();
            self.wake_up(&mut events);
            for command in self.engine.tick(sys::now(), &mut events) {
                self.carry_out(command)?;
            }
            self.tell(&events, out)?;
            self.ask()?;
            self.hear(signals)?;
            if signals.reload() {
                self.reload()?;
            }
            if signals.status() {
                let said = self.status(out);
                self.heard(said)?;
            }
        }
        Ok(0)
    }

    /// Tells the engine of a suspend: time that only `CLOCK_BOOTTIME` counts.
    fn wake_up(&mut self, events: &mut Vec<Event>) {
        let slept = sys::slept();
        let by = slept.zip(self.slept).map_or(0, |(now, before)| now.saturating_sub(before));
        // The two clocks cannot be read at one moment; a suspend takes longer than that.
        if by > nanoseconds(0.05) {
            self.engine.slept(by, sys::now(), events);
            self.slept = slept;
        }
    }

    fn carry_out(&self, command: Command) -> Result<()> {
        let done = match command {
            Command::Step(by) => sys::step(by),
            Command::Rate(rate) => sys::rate(rate, self.engine.bound()),
        };
        done.map_err(Fail::on("cannot steer the clock"))
    }

    /// Sends what is due.
    fn ask(&mut self) -> Result<()> {
        while let Some((server, packet)) = self.engine.due(sys::now(), sys::random()?) {
            let Some(peer) = self.engine.peers.get(server) else { return Ok(()) };
            let link = self.links.entry(peer.target.clone()).or_insert_with(|| Link::new(&peer.target));
            // A server that went silent may have moved: its next address, and its name again.
            if peer.target.literal().is_none() && (link.addresses.is_empty() || peer.state == Some(State::Silent)) {
                link.turn = link.turn.wrapping_add(1);
                self.lookups.begin(&peer.target)?;
            }
            let Some(&address) = link.addresses.get(link.turn % link.addresses.len().max(1)) else { continue };
            // Each request from another random port, so that a forger has to guess that as well.
            let mut left = sys::now();
            let sent = Socket::connect(address).and_then(|socket| {
                left = sys::now();
                socket.send(&packet).map(|()| socket)
            });
            link.socket = sent.map_err(|e| link.fails(&peer.target, e)).ok();
            if link.socket.is_none() {
                link.turn = link.turn.wrapping_add(1);
            }
            self.engine.sent(server, left);
        }
        Ok(())
    }

    /// Waits for what comes first, and takes it.
    fn hear(&mut self, signals: &mut Signals) -> Result<()> {
        let socket = |peer: &Peer| self.links.get(&peer.target)?.socket.as_ref();
        let peers = self.engine.peers.iter().enumerate();
        let open: Vec<_> = peers.filter_map(|(i, peer)| Some((i, socket(peer)?.as_fd()))).collect();
        let fds: Vec<_> = [signals.as_fd(), self.lookups.as_fd()].into_iter().chain(open.iter().map(|(_, fd)| *fd)).collect();
        let timeout = Duration::from_secs_f64(self.engine.wake().since(sys::now().raw).max(0.0));
        let ready = sys::wait(&fds, timeout).map_err(Fail::on("poll"))?;
        let ready: Vec<_> = open.iter().zip(ready.iter().skip(2)).filter(|(_, r)| **r).map(|((i, _), _)| *i).collect();
        signals.rest();
        for server in ready {
            self.receive(server);
        }
        for (target, found) in self.lookups.take() {
            self.found(&target, found);
        }
        Ok(())
    }

    fn receive(&mut self, server: usize) {
        let Some(target) = self.engine.peers.get(server).map(|p| p.target.clone()) else { return };
        let Some(link) = self.links.get_mut(&target) else { return };
        let mut bytes = [0; 512];
        match link.socket.as_ref().map(|socket| socket.receive(&mut bytes)) {
            Some(Ok((n, arrived))) => {
                let now = sys::now();
                if self.engine.received(server, bytes.get(..n).unwrap_or_default(), now, arrived) {
                    // Nothing else is wanted from there until the next request.
                    link.socket = None;
                    link.said.clear();
                }
            }
            Some(Err(e)) if !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                link.fails(&target, e);
                link.socket = None;
            }
            _ => {}
        }
    }

    fn found(&mut self, target: &Target, found: Result<Vec<SocketAddr>>) {
        let Some(link) = self.links.get_mut(target) else { return };
        match found {
            Ok(addresses) => {
                if link.addresses.is_empty() {
                    self.engine.hurry(target, sys::now());
                }
                link.addresses = addresses;
            }
            Err(e) => link.say(&e),
        }
    }

    /// Reads the configuration again; a wrong one changes nothing.
    fn reload(&mut self) -> Result<()> {
        notify("RELOADING=1")?;
        match config::read(&self.file).and_then(|config| self.change(&config)) {
            Ok(()) => self.links.retain(|target, _| self.engine.peers.iter().any(|p| p.target == *target)),
            Err(e) => warn("clocksync", format!("{e}: the old configuration stays")),
        }
        notify("READY=1")
    }

    fn change(&mut self, config: &Config) -> Result<()> {
        if config.steer.is_some() && !self.steers {
            sys::begin().map_err(Fail::on("cannot steer the clock"))?;
        }
        self.steers = config.steer.is_some();
        self.engine.reconfigure(config, sys::now());
        Ok(())
    }

    /// A line for each event.
    fn tell(&mut self, events: &[Event], out: &mut Out) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let time = rfc3339(SystemTime::now());
        let lines: String = events.iter().map(|event| format!("{time} {event}\n")).collect();
        let told = out.text(&lines).and_then(|()| out.flush());
        self.heard(told)
    }

    /// The table, as it stands.
    fn status(&self, out: &mut Out) -> Result<()> {
        let now = sys::now();
        let mut report = Report::new(self.found)?;
        for peer in &self.engine.peers {
            report.row(out, &row(peer, now))?;
        }
        report.end(out, self.engine.agreed(now).as_ref())?;
        out.flush()
    }

    /// A reader that went away ends the daemon; a full disk does not, for the clock matters more than the log.
    fn heard(&mut self, told: Result<()>) -> Result<()> {
        match told {
            Err(e) if !e.is_closed_pipe() => {
                if !std::mem::replace(&mut self.mute, true) {
                    warn("clocksync", format!("{e}: lines may be lost"));
                }
                Ok(())
            }
            told => {
                self.mute &= told.is_err();
                told
            }
        }
    }
}

impl Link {
    fn new(target: &Target) -> Self {
        Self { addresses: target.literal().into_iter().collect(), turn: 0, socket: None, said: String::new() }
    }

    fn fails(&mut self, target: &Target, e: io::Error) {
        self.say(&Fail::Io(target.to_string(), e));
    }

    /// Says what is wrong, once.
    fn say(&mut self, what: &Fail) {
        let text = what.to_string();
        if text != self.said {
            warn("clocksync", &text);
            self.said = text;
        }
    }
}

fn row(peer: &Peer, now: Now) -> Row {
    let source = &peer.source;
    let time = source.is_usable().then(|| {
        let (last, span) = (source.last?, source.interval(now)?);
        let offset = f64::midpoint(span.low, span.high);
        Some(Time { stratum: last.stratum, offset, delay: source.bank.as_ref()?.shortest(), span })
    });
    let state = peer.state.map_or("waiting", State::word);
    Row { server: peer.target.to_string(), time: time.flatten(), samples: source.replies, state: state.into() }
}
