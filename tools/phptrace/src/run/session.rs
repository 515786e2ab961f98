//! Tracing: units from clauses, programs into the kernel, and the loop until the end.
use super::options::Options;
use super::source::Compiled;
use super::{Request, features, kernel_said, no_match};
use crate::bpf::load::{self, Loaded, Maps, Refused};
use crate::codegen::frame::Activity;
use crate::codegen::layout::{Layout, Sizes};
use crate::codegen::{self, Arguments, Unit, Whom};
use crate::consume::Consumer;
use crate::consume::aggregate::{Aggregates, Form};
use crate::consume::sink::Sink;
use crate::probes::{Probe, Registry, Source};
use crate::sys::bpf::{self, ProgramKind};
use crate::sys::perf;
use crate::sys::ring::Ring;
use crate::sys::shared::Shared;
use base::cli::warn;
use base::daemon::Signals;
use base::fail::{Fail, Result};
use base::out::Out;
use dlang::program::{ProbeDesc, Program, Record, RecordKind, Statement};
use std::os::fd::OwnedFd;
use std::process::Child;
use std::time::{Duration, Instant};

/// Longest wait between looks at the ring.
const LOOK: Duration = Duration::from_millis(20);

/// A unit with what it is attached to.
struct Armed {
    unit: Unit,
    probe: Probe,
    places: Vec<(u64, u64)>,
}

/// Traces until the program exits, its targets have ended, or a signal comes.
pub(crate) fn trace(request: Request, options: Options, compiled: &Compiled, registry: &Registry, out: &mut Out) -> Result {
    let program = &compiled.program;
    let limited = !request.held.is_empty() || !request.pids.is_empty();
    fits(program, &options)?;
    let (armed, errors) = arm(program, registry, &options, limited)?;
    report_matches(&request, compiled, registry, &options);
    silent(&armed, registry, &request);
    let sizes = Sizes { speculations: options.speculations, scratch: options.scratch };
    let mut layout = Layout::new(program, sizes);
    let units: Vec<Unit> = armed.iter().map(|a| a.unit.clone()).collect();
    let features = features(&units, &request.sources, limited);
    let mut codes = Vec::new();
    for unit in &units {
        let code = codegen::compile(program, &mut layout, &features, unit, &errors);
        codes.push(code.map_err(|e| Fail::Other(format!("line {}: {}", e.pos.line, e.message)))?);
    }
    let slot = codes.iter().map(|c| c.slot_size).max().unwrap_or(0) + 64;
    let maps = Maps::create(&layout, slot, map_sizes(&options, &layout)).map_err(|e| kernel_said("BPF map", e))?;
    for pid in request.pids.iter().copied().chain(request.held.iter().map(|h| h.pid)) {
        maps.target(pid).map_err(|e| kernel_said("BPF map", e))?;
    }
    let mut loaded = Vec::new();
    for (unit, code) in units.iter().zip(&codes) {
        if options.verbose {
            let sleeps = if code.sleepable { ", may sleep" } else { "" };
            warn("phptrace", format!("{}: {} instructions{sleeps}", unit.names.join(":"), code.code.insns.len()));
        }
        loaded.push(load::load(unit, code, &maps).map_err(|e| refused(e, &options))?);
    }
    let shared = Shared::new(maps.state().map_err(|e| kernel_said("BPF map", e))?).map_err(|e| kernel_said("BPF map", e))?;
    let ring_size = ring_size(&options);
    let ring = maps.ring().and_then(|m| Ring::new(m, ring_size)).map_err(|e| kernel_said("BPF ring", e))?;
    let _links = attach_all(&armed, &loaded, registry)?;
    let sink = Sink::new(out, request.output.as_deref())?;
    let aggregates = Aggregates::new(program, &layout, &maps);
    let probes = armed.iter().map(|a| a.probe.clone()).collect();
    let consumer = Consumer::new(program, options, probes, aggregates, (&shared, ring), sink);
    let mut running = Running {
        consumer,
        armed: &armed,
        loaded: &loaded,
        children: Vec::new(),
        shared: &shared,
        symbolic: shows_addresses(program),
    };
    running.whole(request)
}

/// Checks that the largest record fits the buffers.
fn fits(program: &Program, options: &Options) -> Result<()> {
    for clause in program.clauses.iter().filter(|c| c.traces) {
        let size = u64::from(clause.record_size) + 16;
        if size > options.buffer || clause.speculates && size > options.speculation {
            return Err(Fail::Other("could not enable tracing: Enabling exceeds size of buffer".into()));
        }
    }
    Ok(())
}

/// Whether a program records addresses of processes.
fn shows_addresses(program: &Program) -> bool {
    let user =
        |r: &Record| matches!(r.kind, RecordKind::Ustack { .. } | RecordKind::Usym | RecordKind::Umodule | RecordKind::Uaddr);
    let actions =
        program.clauses.iter().flat_map(|c| &c.body).filter_map(|s| if let Statement::Action(a) = s { Some(a) } else { None });
    program.aggregations.iter().flat_map(|a| &a.keys).chain(actions.flat_map(|a| &a.records)).any(user)
}

/// Units for all probes that clauses are for, and the clauses of ERROR.
fn arm(program: &Program, registry: &Registry, options: &Options, limited: bool) -> Result<(Vec<Armed>, Vec<usize>)> {
    let mut wanted: Vec<(Probe, Vec<(usize, Whom)>)> = Vec::new();
    for (index, clause) in program.clauses.iter().enumerate() {
        for desc in &clause.probes {
            let found = registry.find(desc);
            if found.is_empty() && !options.zero_matches {
                return Err(no_match(&described(desc), registry));
            }
            for (probe, whom) in found {
                match wanted.iter_mut().find(|(p, _)| p.id == probe.id) {
                    Some((_, clauses)) => clauses.push((index, whom)),
                    None => wanted.push((probe, vec![(index, whom)])),
                }
            }
        }
    }
    let (mut armed, mut errors) = (Vec::new(), Vec::new());
    for (probe, clauses) in wanted {
        if probe.source == Source::Error {
            errors.extend(clauses.iter().map(|(c, _)| *c));
        } else {
            units_of(probe, &clauses, limited, &mut armed);
        }
    }
    Ok((armed, errors))
}

fn described(desc: &ProbeDesc) -> String {
    [&desc.provider, &desc.module, &desc.function, &desc.name].map(String::as_str).join(":")
}

/// Type of program, arguments, places: file offset and semaphore's offset.
type Variant = (ProgramKind, Arguments, Vec<(u64, u64)>);

/// One unit for each way in which a probe's places give their arguments.
fn units_of(probe: Probe, clauses: &[(usize, Whom)], limited: bool, armed: &mut Vec<Armed>) {
    let mut variants: Vec<Variant> = Vec::new();
    match &probe.source {
        Source::Places { places, .. } => {
            for (offset, semaphore, arguments) in places {
                match variants.iter_mut().find(|(_, a, _)| a == arguments) {
                    Some((_, _, list)) => list.push((*offset, *semaphore)),
                    None => variants.push((ProgramKind::Probe, arguments.clone(), vec![(*offset, *semaphore)])),
                }
            }
        }
        Source::Syscall(_, true) => variants.push((ProgramKind::RawTracepoint, Arguments::SyscallEntry, vec![])),
        Source::Syscall(_, false) => variants.push((ProgramKind::RawTracepoint, Arguments::SyscallReturn, vec![])),
        Source::Profile(..) => variants.push((ProgramKind::Sample, Arguments::Sample, vec![])),
        _ => variants.push((ProgramKind::RawTracepoint, Arguments::Nothing, vec![])),
    }
    for (kind, arguments, places) in variants {
        let index = u32::try_from(armed.len()).unwrap_or(u32::MAX);
        let unit = Unit {
            kind,
            index,
            id: probe.id,
            names: probe.names.clone(),
            arguments,
            syscall: if let Source::Syscall(n, _) = probe.source { Some(n) } else { None },
            clauses: clauses.to_vec(),
            always: matches!(probe.source, Source::Begin | Source::End),
            targets_only: limited && probe.only.is_none() && kind == ProgramKind::Probe,
        };
        armed.push(Armed { unit, probe: probe.clone(), places });
    }
}

/// Warns of processes that will not fire the probes of functions asked for.
fn silent(armed: &[Armed], registry: &Registry, request: &Request) {
    let functions = ["function-entry", "function-return", "execute-entry", "execute-return"];
    let mut pids: Vec<u32> = Vec::new();
    for a in armed.iter().filter(|a| a.probe.names.first().is_some_and(|p| p == "php")) {
        let Source::Places { file, .. } = a.probe.source else { continue };
        if a.probe.names.last().is_some_and(|n| functions.contains(&n.as_str())) {
            pids.extend(registry.files().get(file).map(|f| f.pids.as_slice()).unwrap_or_default());
        }
    }
    pids.sort_unstable();
    pids.dedup();
    pids.retain(|pid| !request.held.iter().any(|h| h.pid == *pid));
    super::warn_silent(&pids);
}

/// `description 'x' matched 2 probes`
fn report_matches(request: &Request, compiled: &Compiled, registry: &Registry, options: &Options) {
    if options.quiet {
        return;
    }
    for (source, (first, last)) in request.sources.iter().zip(&compiled.lines) {
        let clauses = compiled.program.clauses.iter().filter(|c| c.part == 0);
        let single = request.sources.len() == 1;
        let mine = clauses.filter(|c| single || (*first..=*last).contains(&c.pos.line));
        let n: usize = mine.flat_map(|c| &c.probes).map(|d| registry.find(d).len()).sum();
        warn("phptrace", format!("{} matched {n} probe{}", source.label(), if n == 1 { "" } else { "s" }));
    }
}

fn ring_size(options: &Options) -> usize {
    let wanted = usize::try_from(options.buffer).unwrap_or(1 << 30).clamp(crate::sys::ring::page_size(), 1 << 28);
    wanted.next_power_of_two()
}

fn map_sizes(options: &Options, layout: &Layout) -> load::Sizes {
    let widest = layout.maps.iter().map(|m| m.key + m.value).max().unwrap_or(16);
    let of = |bytes: u64| usize::try_from(bytes / u64::from(widest.max(16))).unwrap_or(1 << 20).clamp(64, 1 << 20);
    load::Sizes {
        ring: ring_size(options),
        aggregation_keys: of(options.aggregation).max(16384),
        variable_keys: of(options.dynamic).max(1024),
    }
}

fn refused(e: Refused, options: &Options) -> Fail {
    if options.verifier_log {
        warn("phptrace", "verifier log:");
        for line in e.log.lines() {
            warn("phptrace", line);
        }
    }
    if matches!(e.error.raw_os_error(), Some(libc::EPERM)) && e.log.is_empty() {
        return kernel_said("BPF program", e.error);
    }
    let place = e.pos.map_or(String::new(), |p| format!("line {}: ", p.line));
    let last = e.log.lines().rev().find(|l| !l.starts_with("processed") && !l.trim().is_empty()).unwrap_or_default();
    let text = e.error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_string();
    Fail::Other(format!("{place}the kernel refused the BPF program: {text}: {last} (-xverifierlog shows its log)"))
}

fn attach_all(armed: &[Armed], loaded: &[Loaded], registry: &Registry) -> Result<Vec<OwnedFd>> {
    let mut links = Vec::new();
    for (a, l) in armed.iter().zip(loaded) {
        let failed = |e| kernel_said(&a.probe.names.join(":"), e);
        match &a.probe.source {
            Source::Places { file, .. } => {
                let path = registry.files().get(*file).map(|f| f.path.to_string_lossy().into_owned()).unwrap_or_default();
                let returns = a.unit.arguments == Arguments::Return;
                links.extend(load::attach(l, &path, &a.places, returns).map_err(failed)?);
            }
            Source::Syscall(_, entry) => {
                let name = if *entry { "sys_enter" } else { "sys_exit" };
                links.push(bpf::attach_tracepoint(&l.program, name).map_err(failed)?);
            }
            Source::Profile(rate, frequency) => {
                for cpu in 0..bpf::cpus().map_err(failed)? {
                    let cpu = i32::try_from(cpu).unwrap_or(0);
                    match perf::clock(&l.program, cpu, *rate, *frequency) {
                        Ok(link) => links.push(link),
                        // A CPU that is possible but not there.
                        Err(e) if e.raw_os_error() == Some(libc::ENODEV) => {}
                        Err(e) => return Err(failed(e)),
                    }
                }
            }
            _ => {}
        }
    }
    Ok(links)
}

struct Running<'a> {
    consumer: Consumer<'a>,
    armed: &'a [Armed],
    loaded: &'a [Loaded],
    children: Vec<Child>,
    shared: &'a Shared,
    /// Whether addresses of processes are shown by name.
    symbolic: bool,
}

impl Running<'_> {
    fn whole(&mut self, request: Request) -> Result {
        let signals = Signals::catch()?;
        self.fire(&Source::Begin)?;
        let exiting = !self.shared.change(Activity::Inactive as i32, Activity::Active as i32);
        if !exiting {
            for held in request.held {
                self.children.push(held.release().map_err(|e| Fail::Io("-c".into(), e))?);
            }
        }
        self.consumer.drain()?;
        self.consumer.sink.flush()?;
        let pids = request.pids;
        self.until_end(&signals, &pids)?;
        self.shared.change(Activity::Active as i32, Activity::Draining as i32);
        self.consumer.drain()?;
        self.fire(&Source::End)?;
        self.consumer.drain()?;
        let blank = self.consumer.options.form == Form::Text && !(signals.stop() && self.consumer.options.testing);
        if blank {
            self.consumer.sink.text("\n")?;
        }
        self.consumer.end()?;
        self.consumer.sink.flush()?;
        Ok(self.consumer.exit.unwrap_or(0))
    }

    /// Runs all units of a probe of the tool itself.
    fn fire(&self, source: &Source) -> Result<()> {
        for (_, l) in self.armed.iter().zip(self.loaded).filter(|(a, _)| a.probe.source == *source) {
            bpf::run(&l.program, &[0; 12]).map_err(|e| kernel_said("BPF program", e))?;
        }
        Ok(())
    }

    fn until_end(&mut self, signals: &Signals, pids: &[u32]) -> Result<()> {
        let start = Instant::now();
        let mut next_look = Duration::ZERO;
        let mut ticks: Vec<(usize, Duration, Instant)> = Vec::new();
        for (i, a) in self.armed.iter().enumerate() {
            if let Source::Tick(ns) = a.probe.source {
                let period = Duration::from_nanos(ns);
                ticks.push((i, period, start + period));
            }
        }
        // A terminal that is gone ends a trace as an interrupt does: there is no configuration to reload.
        while !self.consumer.exiting() && !signals.stop() && !signals.reload() {
            let now = Instant::now();
            for (i, period, due) in &mut ticks {
                if *due <= now {
                    if let Some(l) = self.loaded.get(*i) {
                        bpf::run(&l.program, &[0; 12]).map_err(|e| kernel_said("BPF program", e))?;
                    }
                    // What was missed is not made up for.
                    *due = (*due + *period).max(now);
                }
            }
            self.consumer.drain()?;
            self.consumer.sink.flush()?;
            if self.symbolic && start.elapsed() >= next_look {
                next_look = start.elapsed() + (start.elapsed() / 4).min(Duration::from_secs(2));
                let children = self.children.iter().map(Child::id);
                for pid in children.chain(pids.iter().copied()) {
                    self.consumer.symbols.remember(pid);
                }
            }
            if self.consumer.exiting() || self.targets_gone(pids)? {
                break;
            }
            let next = ticks.iter().map(|t| t.2).min();
            let wait = next.map_or(LOOK, |t| t.saturating_duration_since(Instant::now()).min(LOOK));
            std::thread::sleep(wait);
        }
        Ok(())
    }

    /// Whether there were targets and all have ended.
    fn targets_gone(&mut self, pids: &[u32]) -> Result<bool> {
        let had = !self.children.is_empty() || !pids.is_empty();
        let mut ended = Vec::new();
        for child in &mut self.children {
            if child.try_wait().map_err(|e| Fail::Io("-c".into(), e))?.is_some() {
                ended.push(child.id());
            }
        }
        self.children.retain(|c| !ended.contains(&c.id()));
        if !self.consumer.options.quiet {
            for pid in ended {
                self.consumer.drain()?;
                self.consumer.sink.flush()?;
                warn("phptrace", format!("pid {pid} has exited"));
            }
        }
        Ok(had && self.children.is_empty() && !pids.iter().any(|p| crate::sys::process::alive(*p)))
    }
}
