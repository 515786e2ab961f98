//! The probes there are: their numbers and names, and which of them a description means.
pub(crate) mod discover;
pub(crate) mod syscalls;

use crate::bits::Signed as _;
use crate::codegen::{Arguments, Whom};
use discover::{Finder, Found, Scope, Site};
use dlang::context::Matches;
use dlang::glob;
use dlang::program::ProbeDesc;
use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;

/// What makes a probe fire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// `dtrace:::BEGIN`
    Begin,
    /// `dtrace:::END`
    End,
    /// `dtrace:::ERROR`
    Error,
    /// Every so many nanoseconds, once on the whole machine.
    Tick(u64),
    /// On every CPU: so many times a second (true) or every so many nanoseconds.
    Profile(u64, bool),
    /// A system call by number: entry (true) or return.
    Syscall(u32, bool),
    /// A process begins a program.
    Arrival,
    /// `proc:::`
    Process(Process),
    /// Places in a file, with their arguments.
    Places {
        /// Index in [`Registry::files`].
        file: usize,
        /// File offset, semaphore's offset, arguments.
        places: Vec<(u64, u64, Arguments)>,
    },
}

/// What happens to processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Process {
    /// `exec-success`: a program has replaced that of the process.
    Exec,
    /// `exit`: a process ends.
    Exit,
    /// `lwp-exit`: a thread ends.
    ThreadExit,
    /// `signal-send`: a signal was made for a process.
    Signal,
}

/// The probes of processes.
const PROCESSES: [(&str, Process); 4] = [
    ("exec-success", Process::Exec),
    ("exit", Process::Exit),
    ("lwp-exit", Process::ThreadExit),
    ("signal-send", Process::Signal),
];

/// A probe.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    /// Its number.
    pub id: u32,
    /// Provider, module, function, name. The provider of a USDT probe is without a process's number.
    pub names: [String; 4],
    /// What makes it fire.
    pub source: Source,
    /// For the `pid` provider: the only process it is for.
    pub only: Option<u32>,
}

/// What is known of the probes so far.
pub(crate) struct Registry {
    scope: Scope,
    probes: RefCell<Vec<Probe>>,
    names: RefCell<HashSet<[String; 4]>>,
    finder: OnceCell<Finder>,
    /// Numbers of probes begin behind this one.
    base: u32,
}

impl Registry {
    /// The probes of the tool itself; those of files within `scope` are looked for when first asked for.
    pub(crate) fn new(scope: Scope) -> Self {
        let own = [("BEGIN", Source::Begin), ("END", Source::End), ("ERROR", Source::Error)];
        let registry = Self { scope, probes: RefCell::default(), names: RefCell::default(), finder: OnceCell::new(), base: 0 };
        for (name, source) in own {
            registry.push(["dtrace", "", "", name].map(String::from), source, None);
        }
        registry
    }

    /// The probes of files that were found later, numbered from `base` on.
    pub(crate) fn of_files(files: Vec<Found>, base: u32) -> Self {
        let scope = Scope { known: files, ..Scope::default() };
        Self { scope, probes: RefCell::default(), names: RefCell::default(), finder: OnceCell::new(), base }
    }

    /// Files with probes, and the processes that have them mapped.
    pub(crate) fn files(&self) -> &[Found] {
        &self.finder().files
    }

    /// What is known of files.
    pub(crate) fn finder(&self) -> &Finder {
        if let Some(finder) = self.finder.get() {
            return finder;
        }
        let finder = discover::look(&self.scope);
        for (index, file) in finder.files.iter().enumerate() {
            for group in groups(&file.sites) {
                let Some(first) = group.first() else { continue };
                let names = [first.provider.clone(), file.module.clone(), first.function.clone(), first.name.clone()];
                let places = group.iter().map(|s| (s.offset, s.semaphore, Arguments::Usdt(s.args.clone()))).collect();
                self.push(names, Source::Places { file: index, places }, None);
            }
        }
        self.finder.get_or_init(|| finder)
    }

    /// All probes, by number.
    pub(crate) fn all(&self) -> Vec<Probe> {
        self.probes.borrow().clone()
    }

    /// How a probe of PHP's functions at a file offset tells a method of an object: the register that holds the frame, and the text
    /// `->` relative to the probe.
    pub(crate) fn scope(&self, probe: &Probe, offset: u64) -> Option<(i16, i64)> {
        let [provider, _, _, name] = &probe.names;
        let Source::Places { file, .. } = probe.source else { return None };
        if provider != "php" || !matches!(name.as_str(), "function-entry" | "function-return") {
            return None;
        }
        let file = self.files().get(file)?;
        let (scope, site) = (file.scope?, file.sites.iter().find(|s| s.offset == offset)?);
        Some((scope.frame, scope.arrow.wrapping_sub(site.address).signed()))
    }

    /// The probe with a number.
    pub(crate) fn by_id(&self, id: u32) -> Option<Probe> {
        self.probes.borrow().iter().find(|p| p.id == id).cloned()
    }

    /// The probes a description means, and for which processes. Clock and system call probes are made as they are asked for.
    pub(crate) fn find(&self, desc: &ProbeDesc) -> Vec<(Probe, Whom)> {
        if let Some(id) = desc.id {
            return self.by_id(id).map(|p| (p, Whom::All)).into_iter().collect();
        }
        if elsewhere(desc) {
            self.files();
        }
        self.make_clock(desc);
        self.make_syscalls(desc);
        self.make_processes(desc);
        self.make_functions(desc);
        let probes = self.probes.borrow();
        probes.iter().filter_map(|p| self.whom(p, desc).map(|w| (p.clone(), w))).collect()
    }

    /// For whom a description means a probe, if it does.
    fn whom(&self, probe: &Probe, desc: &ProbeDesc) -> Option<Whom> {
        let [provider, module, function, name] = &probe.names;
        let fits = |pattern: &str, text: &str| pattern.is_empty() || glob::matches(pattern, text);
        let usdt = matches!(probe.source, Source::Places { .. }) && probe.only.is_none();
        let name_fits = fits(&desc.name, name) || usdt && fits(&desc.name.replace("__", "-"), name);
        let executable = desc.module == "a.out" && probe.only.is_some();
        let module_fits = if probe.only.is_some() { of_module(&desc.module, module) } else { fits(&desc.module, module) };
        if !name_fits || !(module_fits || executable) || !fits(&desc.function, function) {
            return None;
        }
        // A description without a provider does not mean every function or system call of that name.
        if desc.provider.is_empty() && (probe.only.is_some() || matches!(probe.source, Source::Syscall(..) | Source::Process(_)))
        {
            return None;
        }
        if let Some(pid) = probe.only {
            return fits(&desc.provider, provider).then(|| Whom::Only(vec![pid]));
        }
        if fits(&desc.provider, provider) {
            return Some(Whom::All);
        }
        let Source::Places { file, .. } = probe.source else { return None };
        let pids = &self.files().get(file)?.pids;
        let mine: Vec<u32> =
            pids.iter().copied().filter(|pid| glob::matches(&desc.provider, &format!("{provider}{pid}"))).collect();
        (!mine.is_empty()).then_some(Whom::Only(mine))
    }

    fn add(&self, names: [&str; 4], source: Source, only: Option<u32>) {
        let names = names.map(String::from);
        if !self.names.borrow().contains(&names) {
            self.push(names, source, only);
        }
    }

    fn push(&self, names: [String; 4], source: Source, only: Option<u32>) {
        let mut probes = self.probes.borrow_mut();
        let id = self.base + u32::try_from(probes.len() + 1).unwrap_or(u32::MAX);
        self.names.borrow_mut().insert(names.clone());
        probes.push(Probe { id, names, source, only });
    }

    fn make_clock(&self, desc: &ProbeDesc) {
        let fits = desc.provider.is_empty() || glob::matches(&desc.provider, "profile");
        if !fits || !desc.module.is_empty() || !desc.function.is_empty() {
            return;
        }
        if let Some(source) = clock(&desc.name) {
            self.add(["profile", "", "", &desc.name], source, None);
        }
    }

    fn make_syscalls(&self, desc: &ProbeDesc) {
        if desc.provider.is_empty() || !glob::matches(&desc.provider, "syscall") {
            return;
        }
        for (call, number) in syscalls::CALLS {
            if desc.function.is_empty() || glob::matches(&desc.function, call) {
                for (name, entry) in [("entry", true), ("return", false)] {
                    self.add(["syscall", "vmlinux", call, name], Source::Syscall(*number, entry), None);
                }
            }
        }
    }

    fn make_processes(&self, desc: &ProbeDesc) {
        if desc.provider.is_empty() || !glob::matches(&desc.provider, "proc") {
            return;
        }
        for (name, which) in PROCESSES {
            self.add(["proc", "vmlinux", "", name], Source::Process(which), None);
        }
    }

    /// Functions of a process: `pid1234:module:function:entry`, `return`, or a hexadecimal offset.
    fn make_functions(&self, desc: &ProbeDesc) {
        let Some(pid) = desc.provider.strip_prefix("pid").and_then(|p| p.parse::<u32>().ok()) else { return };
        for (index, file) in self.files().iter().enumerate().filter(|(_, f)| f.pids.contains(&pid)) {
            if !(of_module(&desc.module, &file.module) || desc.module == "a.out" && file.executable) {
                continue;
            }
            for (function, name, offset, arguments) in discover::functions(file, &desc.function, &desc.name) {
                let source = Source::Places { file: index, places: vec![(offset, 0, arguments)] };
                self.add([&desc.provider, &file.module, &function, &name], source, Some(pid));
            }
        }
    }
}

impl dlang::context::Probes for Registry {
    fn matches(&self, desc: &ProbeDesc) -> Matches {
        Matches::Count(self.find(desc).len())
    }

    fn arguments(&self, desc: &ProbeDesc) -> Option<Vec<String>> {
        let found = self.find(desc);
        let none = |s: &Source| matches!(s, Source::Begin | Source::End | Source::Tick(_));
        (!found.is_empty() && found.iter().all(|(p, _)| none(&p.source))).then(Vec::new)
    }

    fn by_id(&self, id: u32) -> Option<ProbeDesc> {
        let probe = Self::by_id(self, id)?;
        let [provider, module, function, name] = probe.names;
        Some(ProbeDesc { id: Some(id), provider, module, function, name })
    }

    fn symbol(&self, name: &str) -> Option<u64> {
        crate::consume::names::kernel_address(name)
    }
}

/// Whether the `pid` provider's `pattern` means a file: `libc` and `libc.so` mean `libc.so.6`.
fn of_module(pattern: &str, module: &str) -> bool {
    let stem = module.split(".so").next().unwrap_or_default();
    pattern.is_empty() || [module, stem, &format!("{stem}.so")].into_iter().any(|m| glob::matches(pattern, m))
}

/// Whether a description may mean a probe of a file.
pub(crate) fn elsewhere(desc: &ProbeDesc) -> bool {
    let name = desc.name.as_str();
    let own = matches!(name, "BEGIN" | "END" | "ERROR") || clock(name).is_some();
    !(matches!(desc.provider.as_str(), "dtrace" | "profile" | "syscall" | "proc") || desc.provider.is_empty() && own)
}

/// Sites of one name in one function are one probe.
fn groups(sites: &[Site]) -> Vec<Vec<&Site>> {
    let mut all: Vec<Vec<&Site>> = Vec::new();
    for site in sites {
        let same = |s: &&Site| (&s.provider, &s.function, &s.name) == (&site.provider, &site.function, &site.name);
        match all.iter_mut().find(|g| g.first().is_some_and(same)) {
            Some(group) => group.push(site),
            None => all.push(vec![site]),
        }
    }
    all
}

/// Shortest period of a clock probe in nanoseconds, as in DTrace.
const SHORTEST: u64 = 200_000;

/// `tick-1s`, `profile-97`, `profile-10ms`
fn clock(name: &str) -> Option<Source> {
    let (tick, rest) = match name.strip_prefix("tick-") {
        Some(rest) => (true, rest),
        None => (false, name.strip_prefix("profile-")?),
    };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (number, unit) = rest.split_at(end);
    let number: u64 = number.parse().ok().filter(|n| *n > 0)?;
    let scale = match unit.to_ascii_lowercase().as_str() {
        "" | "hz" => None,
        "ns" | "nsec" => Some(1),
        "us" | "usec" => Some(1_000),
        "ms" | "msec" => Some(1_000_000),
        "s" | "sec" => Some(1_000_000_000),
        "m" | "min" => Some(60_000_000_000),
        "h" | "hour" => Some(3_600_000_000_000),
        "d" | "day" => Some(86_400_000_000_000),
        _ => return None,
    };
    let period = match scale {
        Some(unit) => number.checked_mul(unit)?,
        None => 1_000_000_000 / number,
    };
    if period < SHORTEST {
        return None;
    }
    Some(match (tick, scale) {
        (true, _) => Source::Tick(period.max(1)),
        (false, None) => Source::Profile(number, true),
        (false, Some(_)) => Source::Profile(period, false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desc(provider: &str, name: &str) -> ProbeDesc {
        ProbeDesc { provider: provider.into(), name: name.into(), ..ProbeDesc::default() }
    }

    fn registry() -> Registry {
        let site = |offset| Site {
            provider: "php".into(),
            name: "function-entry".into(),
            function: "execute".into(),
            address: offset,
            offset,
            semaphore: 0,
            args: Vec::new(),
        };
        let found = Found { module: "php8.2".into(), pids: vec![7, 8], sites: vec![site(1), site(2)], ..Found::default() };
        Registry::new(Scope { known: vec![found], ..Scope::default() })
    }

    #[test]
    fn a_glob_means_every_process_and_a_number_one() {
        let r = registry();
        assert_eq!(r.find(&desc("php*", "function-entry"))[0].1, Whom::All);
        assert_eq!(r.find(&desc("", "function__entry"))[0].1, Whom::All);
        assert_eq!(r.find(&desc("php8", "function-entry"))[0].1, Whom::Only(vec![8]));
        assert!(r.find(&desc("php9", "function-entry")).is_empty());
        assert_eq!(r.find(&desc("php*", "function-entry")).len(), 1);
    }

    #[test]
    fn clocks() {
        assert_eq!(clock("tick-1s"), Some(Source::Tick(1_000_000_000)));
        assert_eq!(clock("tick-100"), Some(Source::Tick(10_000_000)));
        assert_eq!(clock("profile-97hz"), Some(Source::Profile(97, true)));
        assert_eq!(clock("profile-5ms"), Some(Source::Profile(5_000_000, false)));
        assert_eq!(clock("tick-0"), None);
        assert_eq!(clock("tick-1parsec"), None);
    }
}
