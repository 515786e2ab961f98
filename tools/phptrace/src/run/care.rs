//! PHP fires its probes of functions only where it was asked to: who is not, and what would.
use crate::elf;
use crate::probes::discover::Found;
use base::cli::warn;
use dlang::program::{ProbeDesc, Program};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// Lines said at most; then one that there are more.
const MOST: usize = 40;
/// Probes that wait for the variable.
const FUNCTIONS: [&str; 6] =
    ["function-entry", "function-return", "execute-entry", "execute-return", "compile-file-entry", "compile-file-return"];

/// Who has been told.
pub(crate) struct Care {
    wanted: bool,
    told: BTreeSet<u32>,
    said: usize,
    switches: HashMap<PathBuf, Option<Switch>>,
}

/// Where in a file of PHP is which function runs PHP's functions, and what it may be: with probes, without.
#[derive(Clone, Copy)]
struct Switch {
    start: u64,
    word: u64,
    on: u64,
    off: u64,
}

impl Care {
    /// For a program; `own`: processes that need no word, for they were started with the variable.
    pub(crate) fn new(program: &Program, own: impl Iterator<Item = u32>) -> Self {
        let means = |d: &ProbeDesc| {
            let name = d.name.replace("__", "-");
            let php = d.provider.is_empty() || d.provider.starts_with("php") || dlang::glob::matches(&d.provider, "php");
            php && FUNCTIONS.iter().any(|f| name.is_empty() && !d.provider.is_empty() || dlang::glob::matches(&name, f))
        };
        let wanted = program.clauses.iter().flat_map(|c| &c.probes).any(means);
        Self { wanted, told: own.collect(), said: 0, switches: HashMap::new() }
    }

    /// Looks at all processes of files.
    pub(crate) fn all(&mut self, files: &[Found]) {
        let pids: BTreeSet<u32> = files.iter().filter(|f| is_php(f)).flat_map(|f| f.pids.iter().copied()).collect();
        for pid in pids {
            self.look(pid, files);
        }
    }

    /// Says if a process of one of the files will not fire these probes, once.
    pub(crate) fn look(&mut self, pid: u32, files: &[Found]) {
        if !self.wanted || self.told.contains(&pid) {
            return;
        }
        let Some(file) = files.iter().find(|f| f.pids.contains(&pid) && is_php(f)) else { return };
        self.told.insert(pid);
        let switch = *self.switches.entry(file.path.clone()).or_insert_with(|| switch_of(&file.path));
        if fires(pid, file, switch) {
            return;
        }
        self.said += 1;
        if self.said <= MOST {
            warn("phptrace", format!("pid {pid} ({}) does not fire function probes: {}", command(pid), cure(pid, file)));
        } else if self.said == MOST + 1 {
            warn("phptrace", "more processes do not fire function probes; they are not named");
        }
    }
}

fn is_php(file: &Found) -> bool {
    file.sites.iter().any(|s| s.provider == "php")
}

/// Whether a process has PHP's probes of functions on.
fn fires(pid: u32, file: &Found, switch: Option<Switch>) -> bool {
    switch.and_then(|s| switched(pid, file, s)).unwrap_or_else(|| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|b| *b == 0).any(|v| v.strip_prefix(b"USE_ZEND_DTRACE=").is_some_and(|v| v != b"0"))
    })
}

fn switch_of(path: &Path) -> Option<Switch> {
    let data = elf::open(path).ok()?;
    let elf = elf::parse(&data).ok()?;
    let symbol = |name| elf.symbol(name);
    let (word, on, off) = (symbol("zend_execute_ex")?, symbol("dtrace_execute_ex")?, symbol("execute_ex")?);
    Some(Switch { start: elf.address(0)?, word, on, off })
}

/// What the process itself says: with the variable set, PHP runs functions by `dtrace_execute_ex`. php-fpm writes its title over its
/// environment, so that cannot be asked. Nothing where PHP has not started yet, or another extension runs functions.
fn switched(pid: u32, file: &Found, switch: Switch) -> Option<bool> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let name = format!("/{}", file.module);
    let first = |l: &&str| l.contains(" 00000000 ") && l.trim_end_matches(" (deleted)").ends_with(&name);
    let start = u64::from_str_radix(maps.lines().find(first)?.split('-').next()?, 16).ok()?;
    let moved = start.wrapping_sub(switch.start);
    let mut now = [0; 8];
    fs::File::open(format!("/proc/{pid}/mem")).ok()?.read_exact_at(&mut now, switch.word.wrapping_add(moved)).ok()?;
    let now = u64::from_le_bytes(now).wrapping_sub(moved);
    if now == switch.on { Some(true) } else { (now == switch.off).then_some(false) }
}

/// The command line of a process, or what it has written there.
fn command(pid: u32) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = line.split(|b| *b == 0 || b.is_ascii_control()).filter(|w| !w.is_empty()).map(String::from_utf8_lossy);
    let mut text = words.collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        text = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim().to_string();
    }
    if text.chars().count() > 60 { text.chars().take(57).chain("...".chars()).collect() } else { text }
}

fn cure(pid: u32, file: &Found) -> &'static str {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    if name.contains("fpm") || file.module.contains("fpm") {
        "give its service Environment=USE_ZEND_DTRACE=1 (systemctl edit, not the pool's env[]) and restart it"
    } else if name.contains("apache") || name.contains("httpd") || file.module.starts_with("libphp") {
        "export USE_ZEND_DTRACE=1 in /etc/apache2/envvars and restart it"
    } else {
        "start it with USE_ZEND_DTRACE=1 in its environment"
    }
}
