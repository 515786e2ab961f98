//! A run: from the command line to the last line of output.
mod attach;
mod care;
mod command;
mod hints;
mod late;
pub(crate) mod options;
mod privilege;
mod running;
pub(crate) mod session;
pub(crate) mod source;

pub(crate) use command::TOOL;
use hints::no_match;
use privilege::kernel_said;

use crate::bpf::btf;
use crate::codegen::Arguments;
use crate::codegen::{Features, Unit};
use crate::probes::discover::{self, Scope};
use crate::probes::{Probe, Registry};
use crate::sys::process::{self, Held};
use base::fail::{Fail, Result};
use base::out::Out;
use dlang::context::{Context, Field};
use dlang::cpp;
use getopts::Matches;
use options::Options;
use source::Source;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the command line asked for.
pub(crate) struct Request {
    /// Options.
    pub options: Options,
    /// D texts.
    pub sources: Vec<Source>,
    /// Macro arguments, `$0` first.
    pub arguments: Vec<String>,
    /// `-c`
    pub held: Vec<Held>,
    /// `-p`
    pub pids: Vec<u32>,
    /// `-o`
    pub output: Option<String>,
}

/// Runs the tool. Messages of the compiler have lines of their own.
pub(crate) fn run(found: &Matches, out: &mut Out) -> Result {
    match whole(found, out) {
        Err(Fail::Other(text)) if text.contains('\n') => {
            let _ = writeln!(std::io::stderr(), "phptrace: {text}");
            Ok(1)
        }
        other => other,
    }
}

fn whole(found: &Matches, out: &mut Out) -> Result {
    let mut request = request(found)?;
    let (scope, cpp_options) = (scope(found, &mut request)?, cpp_options(found));
    let registry = Registry::new(scope);
    if found.opt_present("l") {
        return list(&request, &registry, found, out);
    }
    if request.sources.is_empty() {
        return Err(Fail::Usage("no probes specified".into()));
    }
    let context = context(&request, &registry);
    let mut options = request.options.clone();
    let compiled = source::compile(&request.sources, &context, &registry, &options, &cpp_options)?;
    for (name, value) in &compiled.program.options {
        let failed = |e| Fail::Other(format!("failed to set option {name}: {e}"));
        options.set(name, value.as_deref(), true).map_err(failed)?;
    }
    if found.opt_present("e") {
        return Ok(0);
    }
    session::trace(request, options, &compiled, &registry, out)
}

fn request(found: &Matches) -> Result<Request> {
    let mut options = Options {
        quiet: found.opt_present("q"),
        flow: found.opt_present("F"),
        destructive: found.opt_present("w"),
        zero_matches: found.opt_present("Z"),
        cpp: found.opt_present("C"),
        verbose: found.opt_present("v"),
        ..Options::default()
    };
    for x in found.opt_strs("x") {
        let (name, value) = x.split_once('=').map_or((x.as_str(), None), |(n, v)| (n, Some(v)));
        options.set(name, value, false).map_err(|e| Fail::Other(format!("failed to set -x {name}: {e}")))?;
    }
    if let Some(size) = found.opt_str("b") {
        options.buffer = dlang::options::size(&size).ok_or_else(|| Fail::Usage(format!("-b {size}: expected a size")))?;
    }
    for (name, form) in [("csv", "csv"), ("json", "json"), ("folded", "folded")] {
        if found.opt_present(name) {
            options.form = match form {
                "csv" => crate::consume::aggregate::Form::Csv,
                "json" => crate::consume::aggregate::Form::Json,
                _ => crate::consume::aggregate::Form::Folded,
            };
            options.quiet = true;
        }
    }
    if let Some(every) = base::cli::duration(found, "t")? {
        if every.is_zero() {
            return Err(Fail::Usage("-t: expected a time above 0".into()));
        }
        options.refresh = Some(every);
    }
    let mut free = found.free.clone();
    let mut sources = sources(found)?;
    let mut name = "phptrace".to_string();
    if sources.is_empty() && !found.opt_present("l") && !free.is_empty() {
        let report = free.remove(0);
        let source = Source::report(&report, &report_file(&report)?)?;
        let targets = found.opt_present("c") || found.opt_present("p");
        if !targets && source.text.windows(7).any(|word| word == b"$target") {
            return Err(Fail::Usage(format!("{report}: needs -c or -p")));
        }
        sources.push(source);
    }
    if let Some(script) = found.opt_str("s") {
        name = script;
    }
    let arguments = std::iter::once(name).chain(free).collect();
    Ok(Request { options, sources, arguments, held: Vec::new(), pids: Vec::new(), output: found.opt_str("o") })
}

/// The texts of all options, in the order given.
fn sources(found: &Matches) -> Result<Vec<Source>> {
    let mut all: Vec<(usize, Source)> = Vec::new();
    for letter in ["P", "m", "f", "n", "i"] {
        for (at, text) in found.opt_strs_pos(letter) {
            all.push((at, Source::specifier(letter, &text)));
        }
    }
    for (at, name) in found.opt_strs_pos("s") {
        all.push((at, Source::script(&name)?));
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, s)| s).collect())
}

/// The script of a ready-made report: beside the installed tool, or in the source tree.
fn report_file(name: &str) -> Result<String> {
    let none = || {
        Fail::Usage(format!("{name}: no such report (alloc, calls, errors, flow, lines, requests, slow, time), and no -n or -s"))
    };
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase()) {
        return Err(none());
    }
    let exe = std::env::current_exe().unwrap_or_default();
    // Installed below a prefix, or built in target/release.
    let near = ["../share/suntools/d", "../../tools/phptrace/d"].map(|d| exe.parent().map(|p| p.join(d)));
    let folders = std::iter::once(std::env::var_os("SUNTOOLS_D").map(PathBuf::from)).chain(near);
    let file = folders.flatten().map(|d| d.join(format!("{name}.d"))).find(|f| f.exists()).ok_or_else(none)?;
    Ok(file.to_string_lossy().into_owned())
}

/// Starts `-c`, checks `-p` and files, and says where probes are looked for.
fn scope(found: &Matches, request: &mut Request) -> Result<Scope> {
    let mut scope = Scope::default();
    let targets = found.opt_present("p") || found.opt_present("c");
    if targets && !found.opt_present("l") && !privilege::in_first_pid_namespace() {
        let why = "the kernel counts processes in another way than this pid namespace does: trace from outside the container";
        return Err(Fail::Other(format!("-c and -p: {why}")));
    }
    for pid in found.opt_strs("p") {
        let pid: u32 = pid.parse().map_err(|_| Fail::Usage(format!("invalid pid: {pid}")))?;
        if !process::alive(pid) {
            return Err(Fail::Other(format!("failed to grab pid {pid}: No such process")));
        }
        let exe = std::fs::read_link(format!("/proc/{pid}/exe"));
        if exe.is_err_and(|e| e.kind() == std::io::ErrorKind::PermissionDenied) {
            return Err(Fail::Other(format!("failed to grab pid {pid}: Permission denied ({})", privilege::LOOK)));
        }
        request.pids.push(pid);
        scope.pids.push(pid);
    }
    for line in found.opt_strs("c") {
        let words = words(&line);
        let Some((program, rest)) = words.split_first() else { return Err(Fail::Usage("-c: no command".into())) };
        let failed = |e: &dyn std::fmt::Display| Fail::Other(format!("failed to execute {program}: {e}"));
        let path = on_path(program).ok_or_else(|| failed(&"No such file or directory"))?;
        let mut command = Command::new(&path);
        command.args(rest);
        // Debian's PHP fires its probes only when asked to by this variable.
        command.env("USE_ZEND_DTRACE", "1");
        let held = process::hold(command).map_err(|e| failed(&e))?;
        scope.command = Some((path, held.pid));
        scope.usual = true;
        request.held.push(held);
    }
    if found.opt_present("l") && request.sources.is_empty() {
        for path in &found.free {
            discover::check(Path::new(path)).map_err(|e| Fail::Other(format!("{path}: {e}")))?;
            scope.files.push(PathBuf::from(path));
        }
    }
    scope.everywhere = scope.pids.is_empty() && scope.command.is_none() && scope.files.is_empty();
    // The pid provider needs the symbols of files that have no probes of their own.
    let functions = request.sources.iter().filter_map(|s| std::str::from_utf8(&s.text).ok()).any(|t| t.contains("pid"));
    scope.any = functions && !scope.everywhere;
    Ok(scope)
}

/// A command line's words: blanks separate, quotes and backslashes as in sh.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('\''), c) => word.get_or_insert_default().push(c),
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => all.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}

fn on_path(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|p| p.is_file());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|d| d.join(program)).find(|p| p.is_file())
}

fn cpp_options(found: &Matches) -> cpp::Options {
    let mut defines: Vec<(usize, (String, Option<String>))> = Vec::new();
    for (at, d) in found.opt_strs_pos("D") {
        let (name, value) = d.split_once('=').unwrap_or((&d, "1"));
        defines.push((at, (name.to_string(), Some(value.to_string()))));
    }
    defines.extend(found.opt_strs_pos("U").into_iter().map(|(at, u)| (at, (u, None))));
    defines.sort_by_key(|(at, _)| *at);
    let defines = defines.into_iter().map(|(_, d)| d).collect();
    cpp::Options { defines, directories: found.opt_strs("I"), list: found.opt_present("H") }
}

fn context<'a>(request: &Request, registry: &'a Registry) -> Context<'a> {
    let own = std::process::id();
    let (uid, euid, gid, egid) = process::identity();
    let mut macros: Vec<(String, i64)> = [("pid", own), ("uid", uid), ("euid", euid), ("gid", gid), ("egid", egid)]
        .into_iter()
        .map(|(n, v)| (n.to_string(), i64::from(v)))
        .collect();
    macros.push(("ppid".into(), i64::from(std::os::unix::process::parent_id())));
    for name in ["pgid", "sid", "projid", "taskid"] {
        macros.push((name.into(), i64::from(own)));
    }
    let target = request.held.first().map(|h| h.pid).or(request.pids.first().copied());
    macros.extend(target.map(|t| ("target".to_string(), i64::from(t))));
    let o = &request.options;
    Context {
        arguments: request.arguments.clone(),
        macros,
        default_arguments: o.default_arguments,
        unused_arguments: o.unused_arguments,
        script: request.sources.iter().any(|s| matches!(s.origin, dlang::error::Origin::Script(_))),
        field: Field::Name,
        only_descriptions: o.only_descriptions,
        destructive: o.destructive,
        zero_matches: o.zero_matches,
        empty: o.empty,
        strsize: o.strsize,
        probes: registry,
    }
}

/// `-l`
fn list(request: &Request, registry: &Registry, found: &Matches, out: &mut Out) -> Result {
    registry.files();
    let mut chosen: Vec<(Probe, Option<Vec<u32>>)> = Vec::new();
    if request.sources.is_empty() {
        chosen.extend(registry.all().into_iter().map(|p| (p, None)));
    } else {
        let context = context(request, registry);
        let compiled = source::compile(&request.sources, &context, registry, &request.options, &cpp_options(found))?;
        for desc in compiled.program.clauses.iter().filter(|c| c.part == 0).flat_map(|c| &c.probes) {
            for (probe, whom) in registry.find(desc) {
                let only = if let crate::codegen::Whom::Only(pids) = whom { Some(pids) } else { None };
                chosen.push((probe, only));
            }
        }
    }
    out.text(&format!("{:>5} {:>10} {:>17} {:>33} {}\n", "ID", "PROVIDER", "MODULE", "FUNCTION", "NAME"))?;
    // Each process has its set, as the PHP extension of old showed it; a file that none has mapped has one of its own.
    let mut next = registry.all().len();
    for (probe, only) in &chosen {
        let [provider, module, function, name] = &probe.names;
        let pids = match (&probe.source, probe.only) {
            (crate::probes::Source::Places { file, .. }, None) => {
                registry.files().get(*file).map(|f| f.pids.clone()).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let pids: Vec<u32> = pids.into_iter().filter(|p| only.as_ref().is_none_or(|o| o.contains(p))).collect();
        let mut row =
            |id: usize, provider: &str| out.text(&format!("{id:>5} {provider:>10} {module:>17} {function:>33} {name}\n"));
        let id = usize::try_from(probe.id).unwrap_or(0);
        match pids.split_first() {
            None => row(id, provider)?,
            Some((first, rest)) => {
                row(id, &format!("{provider}{first}"))?;
                for pid in rest {
                    next += 1;
                    row(next, &format!("{provider}{pid}"))?;
                }
            }
        }
    }
    Ok(0)
}

/// What the kernel offers, as far as a run needs to know.
pub(crate) fn features(units: &[Unit], texts: &[Source], targets: bool) -> Features {
    let version = process::kernel_version();
    let mut features = Features {
        loops: version >= (5, 17),
        exchange: version >= (5, 12),
        sleep: version >= (6, 1),
        wall_offset: process::wall_offset(),
        ..Features::default()
    };
    let says = |word: &[u8]| texts.iter().any(|s| s.text.windows(word.len()).any(|w| w == word));
    let strings = units.iter().any(|u| u.kind == crate::sys::bpf::ProgramKind::Probe) && says(b"copyin") && version >= (6, 12);
    let threads = units.iter().any(|u| u.arguments.of_threads());
    let exits = units.iter().any(|u| u.arguments == Arguments::ProcessExit);
    let tasks = exits
        || targets
        || threads
        || says(b"ppid")
        || says(b"psinfo")
        || says(b"execargs")
        || says(b"progenyof")
        || says(b"vtimestamp");
    // The kernel's types are megabytes: they are read only for programs that need them.
    if !strings && !tasks {
        return features;
    }
    let Ok(data) = std::fs::read(btf::PATH) else { return features };
    let members = [
        ("task_struct", "real_parent"),
        ("task_struct", "tgid"),
        ("task_struct", "se"),
        ("task_struct", "thread"),
        ("thread_struct", "fsbase"),
        ("sched_entity", "sum_exec_runtime"),
        ("sched_entity", "exec_start"),
        ("task_struct", "signal"),
        ("signal_struct", "pids"),
        ("task_struct", "exit_code"),
        ("pid", "numbers"),
        ("task_struct", "prio"),
        ("task_struct", "mm"),
        ("mm_struct", "arg_start"),
        ("mm_struct", "arg_end"),
    ];
    let kernel = btf::Kernel::read(&data, &["bpf_copy_from_user_str"], &members);
    features.members = members.into_iter().filter_map(|(s, m)| Some(((s, m), kernel.member(s, m)?))).collect();
    features.copy_user_string = kernel.function("bpf_copy_from_user_str");
    features.task_parent = kernel.member("task_struct", "real_parent").zip(kernel.member("task_struct", "tgid"));
    let thread = kernel.member("task_struct", "thread").zip(kernel.member("thread_struct", "fsbase"));
    features.thread_base = thread.map(|(thread, base)| thread + base);
    if let Some(se) = kernel.member("task_struct", "se") {
        let total = kernel.member("sched_entity", "sum_exec_runtime").map(|o| o + se);
        features.task_runtime = total.zip(kernel.member("sched_entity", "exec_start").map(|o| o + se));
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command() {
        assert_eq!(words("php -r 'echo 1;' \"a b\" c\\ d ''"), ["php", "-r", "echo 1;", "a b", "c d", ""]);
        assert!(words("  ").is_empty());
    }
}
