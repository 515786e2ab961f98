//! Tracing: units from clauses, programs into the kernel, and what has to be ready before the loop begins.
use super::attach::{attach_all, detach};
use super::care::Care;
use super::late::{Late, Making};
use super::options::Options;
use super::running::Running;
use super::source::Compiled;
use super::{Request, features, kernel_said, no_match, privilege};
use crate::bpf::load::{self, Maps, Refused};
use crate::codegen::layout::{Layout, Sizes};
use crate::codegen::{self, Arguments, Unit, Whom};
use crate::consume::Consumer;
use crate::consume::aggregate::Aggregates;
use crate::consume::sink::Sink;
use crate::probes::{Probe, Process, Registry, Source, elsewhere};
use crate::sys::bpf::ProgramKind;
use crate::sys::ring::Ring;
use crate::sys::shared::Shared;
use base::cli::warn;
use base::fail::{Fail, Result};
use base::out::Out;
use dlang::program::{Program, Record, RecordKind, Statement};

/// A unit with what it is attached to.
pub(crate) struct Armed {
    /// The unit.
    pub unit: Unit,
    /// Its probe.
    pub probe: Probe,
    /// File offsets and semaphores' offsets.
    pub places: Vec<(u64, u64)>,
}

/// Which programs a run needs.
pub(crate) struct Plan {
    /// Units and their places.
    pub armed: Vec<Armed>,
    /// The clauses of ERROR.
    pub errors: Vec<usize>,
    /// Clauses that no probe is there for yet.
    pub idle: Vec<usize>,
}

/// Traces until the program exits, its targets have ended, or a signal comes.
pub(crate) fn trace(request: Request, options: Options, compiled: &Compiled, registry: &Registry, out: &mut Out) -> Result {
    let program = &compiled.program;
    let targets: Vec<u32> = request.pids.iter().copied().chain(request.held.iter().map(|h| h.pid)).collect();
    let limited = !targets.is_empty();
    let Plan { mut armed, errors, idle } = plan(program, registry, &options, limited)?;
    report_matches(&request, compiled, registry, &options);
    if program.clauses.is_empty() {
        return Err(Fail::Other("no probes matched".into()));
    }
    enabling(program, &options)?;
    let mut care = Care::new(program, request.held.iter().map(|h| h.pid));
    // Files are looked for only if a clause may be for one.
    let files = program.clauses.iter().flat_map(|c| &c.probes).any(elsewhere);
    if files {
        care.all(registry.files());
        armed.push(arrivals(armed.len(), limited));
    }
    let speculation_size = options.speculation;
    let sizes = Sizes { speculations: options.speculations, speculation_size, scratch: options.scratch };
    let mut layout = Layout::new(program, sizes);
    room(&layout, &options)?;
    let ghost = ghost(&idle);
    let units: Vec<Unit> = armed.iter().map(|a| a.unit.clone()).chain(ghost).collect();
    let features = features(&units, &request.sources, limited);
    let mut codes = Vec::new();
    for unit in &units {
        let code = codegen::compile(program, &mut layout, &features, unit, &errors);
        codes.push(code.map_err(|e| Fail::Other(format!("line {}, column {}: {}", e.pos.line, e.pos.column, e.message)))?);
    }
    let slot = codes.iter().map(|c| c.slot_size).max().unwrap_or(0) + 64;
    let maps = Maps::create(&layout, slot, map_sizes(&options, &layout)).map_err(|e| kernel_said("BPF map", e))?;
    for pid in &targets {
        maps.target(*pid).map_err(|e| kernel_said("BPF map", e))?;
    }
    if files && registry.finder().denied && !privilege::may_look() {
        warn("phptrace", format!("some processes cannot be looked at: {}", privilege::LOOK));
    }
    let mut loaded = Vec::new();
    for (Armed { unit, .. }, code) in armed.iter().zip(&codes) {
        if options.verbose {
            let sleeps = if code.sleepable { ", may sleep" } else { "" };
            warn("phptrace", format!("{}: {} instructions{sleeps}", unit.names.join(":"), code.code.insns.len()));
        }
        loaded.push(load::load(unit, code, &maps, None).map_err(|e| refused(e, &options))?);
    }
    let shared = Shared::new(maps.state().map_err(|e| kernel_said("BPF map", e))?).map_err(|e| kernel_said("BPF map", e))?;
    let ring_size = ring_size(&options);
    let ring = maps.ring().and_then(|m| Ring::new(m, ring_size)).map_err(|e| kernel_said("BPF ring", e))?;
    let sink = Sink::new(out, request.output.as_deref())?;
    let mut links = attach_all(&armed, &loaded, registry)?;
    let making =
        Making { program, options: options.clone(), layout: layout.clone(), features, errors, slot, maps: &maps, limited };
    let late = files.then(|| Late::new(making, registry, targets, care, armed.len()));
    let aggregates = Aggregates::new(program, &layout, &maps);
    let probes = armed.iter().map(|a| a.probe.clone()).collect();
    let consumer = Consumer::new(program, options, probes, aggregates, (&shared, ring), sink);
    let symbolic = shows_addresses(program);
    let mut running = Running { consumer, armed: &armed, loaded: &loaded, children: Vec::new(), shared: &shared, symbolic, late };
    let status = running.whole(request);
    links.extend(running.late.take().map(Late::links).into_iter().flatten());
    detach(links);
    status
}

/// The unit that says that a process begins a program.
fn arrivals(index: usize, limited: bool) -> Armed {
    let names = ["proc", "", "", "exec"].map(String::from);
    let unit = Unit {
        kind: ProgramKind::RawTracepoint,
        index: u32::try_from(index).unwrap_or(u32::MAX),
        id: 0,
        names: names.clone(),
        arguments: Arguments::Nothing,
        syscall: None,
        clauses: Vec::new(),
        always: true,
        targets_only: limited,
        scope: None,
        announces: true,
    };
    Armed { unit, probe: Probe { id: 0, names, source: Source::Arrival, only: None }, places: Vec::new() }
}

/// A unit that is never loaded: for the size of what clauses need that have no probe yet.
fn ghost(idle: &[usize]) -> Option<Unit> {
    let unit = arrivals(0, false).unit;
    let clauses = idle.iter().map(|c| (*c, Whom::All)).collect();
    (!idle.is_empty()).then(|| Unit { kind: ProgramKind::Probe, arguments: Arguments::Usdt(Vec::new()), clauses, ..unit })
}

/// Checks that destructive actions are permitted and that the largest record fits the buffers.
fn enabling(program: &Program, options: &Options) -> Result<()> {
    let refuse = |why| Err(Fail::Other(format!("could not enable tracing: {why}")));
    if !options.destructive && program.clauses.iter().any(|c| c.destructive) {
        return refuse("Destructive actions not allowed");
    }
    for clause in program.clauses.iter().filter(|c| c.traces) {
        let size = u64::from(clause.record_size) + 16;
        if size > options.buffer {
            return refuse("Enabling exceeds size of buffer");
        }
    }
    Ok(())
}

/// Checks that there is room for one element of every variable and aggregation.
fn room(layout: &Layout, options: &Options) -> Result<()> {
    let (variable, aggregation) = layout.widest();
    if u64::from(variable) > options.dynamic || u64::from(aggregation) > options.aggregation {
        return Err(Fail::Other("could not enable tracing: Enabling exceeds size of buffer".into()));
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

/// Units for all probes that clauses are for.
///
/// # Errors
/// A description means no probe, and that is not permitted.
pub(crate) fn plan(program: &Program, registry: &Registry, options: &Options, limited: bool) -> Result<Plan> {
    let mut idle = Vec::new();
    let mut wanted: Vec<(Probe, Vec<(usize, Whom)>)> = Vec::new();
    for (index, clause) in program.clauses.iter().enumerate() {
        for desc in &clause.probes {
            let found = registry.find(desc);
            if found.is_empty() && !options.zero_matches {
                return Err(no_match(desc, registry));
            }
            if found.is_empty() {
                idle.push(index);
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
            units_of(probe, &clauses, registry, limited, &mut armed);
        }
    }
    Ok(Plan { armed, errors, idle })
}

/// Type of program, arguments, places: file offset and semaphore's offset.
type Variant = (ProgramKind, Arguments, Vec<(u64, u64)>);

/// One unit for each way in which a probe's places give their arguments.
fn units_of(probe: Probe, clauses: &[(usize, Whom)], registry: &Registry, limited: bool, armed: &mut Vec<Armed>) {
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
        Source::Process(Process::Exit) => variants.push((ProgramKind::RawTracepoint, Arguments::ProcessExit, vec![])),
        Source::Process(Process::Signal) => variants.push((ProgramKind::RawTracepoint, Arguments::Signal, vec![])),
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
            // Several places would need several distances.
            scope: if let [(offset, _)] = places.as_slice() { registry.scope(&probe, *offset) } else { None },
            announces: false,
        };
        armed.push(Armed { unit, probe: probe.clone(), places });
    }
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
    // A size asked for is kept to; the usual one is generous.
    let few = |bytes: u64| usize::try_from(bytes / u64::from(layout.widest().0.max(16))).unwrap_or(1).max(1);
    load::Sizes {
        ring: ring_size(options),
        aggregation_keys: of(options.aggregation).max(16384),
        variable_keys: if options.dynamic < 1 << 20 { few(options.dynamic) } else { of(options.dynamic).max(1024) },
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
    let place = e.pos.map_or(String::new(), |p| format!("line {}, column {}: ", p.line, p.column));
    let last = e.log.lines().rev().find(|l| !l.starts_with("processed") && !l.trim().is_empty()).unwrap_or_default();
    let text = e.error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_string();
    Fail::Other(format!("{place}the kernel refused the BPF program: {text}: {last} (-xverifierlog shows its log)"))
}
