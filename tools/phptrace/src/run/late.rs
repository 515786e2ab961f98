//! Programs that begin while a trace runs: files with probes that were not there before, such as a PHP that has been upgraded.
use super::attach;
use super::care::Care;
use super::options::Options;
use super::session::{self, Armed};
use crate::bpf::load::{self, Maps};
use crate::codegen::layout::Layout;
use crate::codegen::{self, Features};
use crate::probes::discover::{Finder, Found};
use crate::probes::{Registry, Source};
use base::cli::warn;
use dlang::program::Program;
use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// When a process is looked at after it began: for its executable, then for what it has loaded since.
const LOOKS: [Duration; 4] = [Duration::ZERO, Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(5)];
/// Time between looks at what the targets of `-c` and `-p` have loaded.
const TARGETS: Duration = Duration::from_millis(500);

/// What it takes to make programs of a run.
pub(crate) struct Making<'a> {
    /// The D program.
    pub program: &'a Program,
    /// Its options.
    pub options: Options,
    /// Its memory; programs made later add constants of their own.
    pub layout: Layout,
    /// What the kernel offers.
    pub features: Features,
    /// The clauses of ERROR.
    pub errors: Vec<usize>,
    /// Bytes of a slot.
    pub slot: u32,
    /// The maps.
    pub maps: &'a Maps,
    /// Whether only targets and their descendants are traced.
    pub limited: bool,
}

/// Looks after new processes.
pub(crate) struct Late<'a> {
    making: Making<'a>,
    finder: Finder,
    /// The processes of `-c` and `-p`.
    targets: Vec<u32>,
    care: Care,
    /// Number of the last probe, and of units.
    numbers: (u32, usize),
    due: Vec<(Instant, u32, usize)>,
    next: Instant,
    links: Vec<OwnedFd>,
}

impl<'a> Late<'a> {
    /// Everything up to now is known; `units` have been armed.
    pub(crate) fn new(making: Making<'a>, registry: &Registry, targets: Vec<u32>, care: Care, units: usize) -> Self {
        let numbers = (u32::try_from(registry.all().len()).unwrap_or(0), units);
        let finder = registry.finder().clone();
        Self { making, finder, targets, care, numbers, due: Vec::new(), next: Instant::now(), links: Vec::new() }
    }

    /// Takes up processes that began after the search for probes, and before probes told of them.
    pub(crate) fn catch_up(&mut self) {
        if !self.making.limited {
            let missed: Vec<u32> = crate::sys::process::all().filter(|p| !self.finder.seen.contains(p)).collect();
            self.begun(&missed);
        }
    }

    /// Processes have begun a program.
    pub(crate) fn begun(&mut self, pids: &[u32]) {
        let now = Instant::now();
        for pid in pids {
            self.due.extend(LOOKS.iter().enumerate().map(|(step, after)| (now + *after, *pid, step)));
        }
    }

    /// Looks where it is time to, and gives the units for what was found.
    pub(crate) fn look(&mut self) -> Vec<Armed> {
        let now = Instant::now();
        let (ready, later) = std::mem::take(&mut self.due).into_iter().partition(|(when, ..)| *when <= now);
        self.due = later;
        let ready: Vec<(Instant, u32, usize)> = ready;
        let before = self.finder.files.len();
        for (_, pid, step) in &ready {
            if *step == 0 {
                self.finder.executable(*pid);
            } else {
                self.finder.process(*pid, self.making.limited);
            }
        }
        if now >= self.next {
            self.next = now + TARGETS;
            for pid in &self.targets {
                self.finder.process(*pid, true);
            }
        }
        let pids: BTreeSet<u32> = ready.iter().map(|(_, pid, _)| *pid).collect();
        for pid in pids {
            self.care.look(pid, &self.finder.files);
        }
        let found = self.finder.files.get(before..).unwrap_or_default().to_vec();
        if found.is_empty() { Vec::new() } else { self.take(found) }
    }

    /// Puts the program's probes of new files in place.
    fn take(&mut self, found: Vec<Found>) -> Vec<Armed> {
        let registry = Registry::of_files(found, self.numbers.0);
        let options = Options { zero_matches: true, ..self.making.options.clone() };
        let Ok(plan) = session::plan(self.making.program, &registry, &options, self.making.limited) else { return Vec::new() };
        let mut armed: Vec<Armed> = plan.armed.into_iter().filter(|a| matches!(a.probe.source, Source::Places { .. })).collect();
        self.numbers.0 += u32::try_from(registry.all().len()).unwrap_or(0);
        for (i, a) in armed.iter_mut().enumerate() {
            a.unit.index = u32::try_from(self.numbers.1 + i).unwrap_or(u32::MAX);
        }
        self.numbers.1 += armed.len();
        if let Err(e) = self.making.attach(&armed, &registry).map(|links| self.links.extend(links)) {
            // A file of a process that has gone again.
            if !e.contains("No such") {
                warn("phptrace", format!("a program that began later is not traced: {e}"));
            }
        }
        armed
    }

    /// What holds the probes in place.
    pub(crate) fn links(self) -> Vec<OwnedFd> {
        self.links
    }
}

impl Making<'_> {
    fn attach(&mut self, armed: &[Armed], registry: &Registry) -> Result<Vec<OwnedFd>, String> {
        let mut codes = Vec::new();
        for a in armed {
            let code = codegen::compile(self.program, &mut self.layout, &self.features, &a.unit, &self.errors);
            codes.push(code.map_err(|e| e.message)?);
        }
        if codes.iter().any(|c| c.slot_size > self.slot) {
            return Err("it needs more scratch memory than those traced from the start".into());
        }
        let literals = load::literals(&self.layout).map_err(|e| e.to_string())?;
        let mut loaded = Vec::new();
        for (a, code) in armed.iter().zip(&codes) {
            loaded.push(load::load(&a.unit, code, self.maps, Some(&literals)).map_err(|e| e.error.to_string())?);
        }
        attach::attach_all(armed, &loaded, registry).map_err(|e| e.to_string())
    }
}
