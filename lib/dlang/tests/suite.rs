//! The front end against the conformance suite in `tests/phptrace/d`: what must compile compiles, and each error has the tag
//! and, where the suite gives it, the wording expected. Errors of the run itself are the tool's business.
#![expect(clippy::print_stderr, clippy::unwrap_used, reason = "says which cases differ; a case that cannot be read fails")]

use dlang::context::{Context, Matches, Probes};
use dlang::cpp::{Include, Options, preprocess};
use dlang::error::Origin;
use dlang::glob;
use dlang::program::ProbeDesc;
use std::fs;
use std::path::{Path, PathBuf};

/// The probes the suite uses: those of DTrace itself, of system calls and of PHP.
struct Known;

impl Probes for Known {
    fn matches(&self, desc: &ProbeDesc) -> Matches {
        let known =
            |name: &str| ["dtrace", "profile", "syscall", "pid", "php", "usdt", "proc"].iter().any(|p| name.starts_with(p));
        let provider = desc.provider.as_str();
        let name = desc.name.as_str();
        let good = if provider.is_empty() {
            ["BEGIN", "END", "ERROR"].contains(&name)
                || ["tick-", "profile-", "function-", "request-", "execute-", "compile-", "exception-", "entry", "return"]
                    .iter()
                    .any(|p| name.starts_with(p))
                || name.contains(['*', '?', '['])
                || !desc.function.is_empty()
        } else {
            if provider == "dtrace" && !["BEGIN", "END", "ERROR"].iter().any(|n| glob::matches(name, n)) {
                return Matches::Count(0);
            }
            known(provider) || provider.contains(['*', '?', '['])
        };
        Matches::Count(usize::from(good))
    }
    fn arguments(&self, desc: &ProbeDesc) -> Option<Vec<String>> {
        ["BEGIN", "END"].contains(&desc.name.as_str()).then(Vec::new)
    }
    fn by_id(&self, id: u32) -> Option<ProbeDesc> {
        (id < 1000).then(|| ProbeDesc { id: Some(id), provider: "dtrace".into(), name: "BEGIN".into(), ..ProbeDesc::default() })
    }
}

struct Disk(PathBuf);

impl Include for Disk {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.0.join(path)).or_else(|_| fs::read(path)).ok()
    }
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/phptrace/d")
}

fn said(text: &str, key: &str) -> Option<String> {
    let start = format!("/* {key}: ");
    text.lines().find_map(|l| Some(l.strip_prefix(&start)?.strip_suffix(" */")?.trim().to_owned()))
}

/// Words as a shell would see them, quotes grouping.
fn words(text: &str) -> Vec<String> {
    let mut list = vec![];
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => list.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    list.extend(word);
    list
}

/// Obeys a case's command line; the preprocessor's options if it is wanted.
fn apply(options: &[String], context: &mut Context<'_>) -> Option<Options> {
    let mut cpp = None;
    let mut list = options.iter();
    while let Some(option) = list.next() {
        let mut next =
            |at: usize| if option.len() > at { option[at..].to_owned() } else { list.next().cloned().unwrap_or_default() };
        match option.get(..2) {
            Some("-C") => {
                cpp.get_or_insert_with(Options::default);
            }
            Some("-D") => {
                let text = next(2);
                let (name, value) = text.split_once('=').unwrap_or((&text, "1"));
                cpp.get_or_insert_with(Options::default).defines.push((name.into(), Some(value.into())));
            }
            Some("-U") => cpp.get_or_insert_with(Options::default).defines.push((next(2), None)),
            Some("-I") => cpp.get_or_insert_with(Options::default).directories.push(next(2)),
            Some("-Z") => context.zero_matches = true,
            Some("-x") => match next(2).as_str() {
                "defaultargs" => context.default_arguments = true,
                "empty" => context.empty = true,
                "pspec" => context.only_descriptions = true,
                "zdefs" => context.zero_matches = true,
                "cpp" => {
                    cpp.get_or_insert_with(Options::default);
                }
                _ => {}
            },
            _ => {}
        }
    }
    cpp
}

/// What compiling one case says: the tag and the whole message.
fn outcome(file: &Path, name: &str) -> Result<(), (String, String)> {
    let bytes = fs::read(file).unwrap();
    let text = String::from_utf8_lossy(&bytes).replace("$T", &home().display().to_string());
    let mut arguments = vec![name.to_owned()];
    arguments.extend(words(&said(&text, "args").unwrap_or_default()));
    let options = words(&said(&text, "options").unwrap_or_default());
    let macros =
        [("pid", 1), ("ppid", 1), ("uid", 0), ("gid", 0), ("euid", 0), ("egid", 0), ("sid", 1), ("pgid", 1), ("target", 99)];
    let mut context = Context {
        arguments,
        macros: macros.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect(),
        probes: &Known,
        ..Context::default()
    };
    let cpp = apply(&options, &mut context);
    let mut source = bytes;
    if let Some(options) = cpp {
        let disk = Disk(file.parent().unwrap().to_owned());
        source = match preprocess(&source, "/dev/stdin", &options, &disk) {
            Ok(output) => output.text,
            Err(why) => return Err(("cpp".into(), why)),
        };
    }
    match dlang::compile(&source, &context) {
        Ok(_) => Ok(()),
        Err(e) => Err((e.tag.to_owned(), format!("dtrace: {}\n", e.text(&Origin::Script(name.to_owned()), true)))),
    }
}

#[test]
fn conformance() {
    let (mut good, mut bad) = (0, vec![]);
    for area in fs::read_dir(home()).unwrap().flatten().filter(|e| e.path().is_dir()) {
        for file in
            fs::read_dir(area.path()).unwrap().flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|x| x == "d"))
        {
            let base = file.file_stem().unwrap().to_string_lossy().into_owned();
            let name = format!("{}/{base}.d", area.file_name().to_string_lossy());
            let tag = base.strip_prefix("err.").map(|rest| rest.split('.').next().unwrap_or_default().to_owned());
            let wanted = fs::read_to_string(file.with_extension("err")).ok();
            let got = outcome(&file, &name);
            let fault = match (&tag, &got) {
                (None, Ok(())) => None,
                (Some(tag), Err((found, text))) => match wanted {
                    _ if tag != found => Some(format!("expected {tag}, got {text}")),
                    Some(wanted) if wanted.replace("phptrace: ", "dtrace: ") != *text => {
                        Some(format!("expected {wanted}got {text}"))
                    }
                    _ => None,
                },
                (Some(tag), Ok(())) => Some(format!("expected {tag}, compiled")),
                (None, Err((_, text))) => Some(text.clone()),
            };
            match fault {
                None => good += 1,
                Some(fault) => bad.push(format!("{name}: {fault}")),
            }
        }
    }
    bad.sort();
    for fault in &bad {
        eprintln!("{fault}");
    }
    assert!(bad.is_empty(), "{good} as expected, {} not", bad.len());
}

/// The reports that are installed compile, with an argument each.
#[test]
fn reports_compile() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/phptrace/d");
    let mut names = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let context = Context {
            arguments: vec!["phptrace".into(), "1".into()],
            macros: vec![("target".into(), 1)],
            script: true,
            probes: &Known,
            ..Context::default()
        };
        let done = dlang::compile(&fs::read(&path).unwrap(), &context);
        // An argument that a report has no use for is an error of its own.
        let done = done.map(|_| ()).or_else(|e| if e.tag == "D_MACRO_UNUSED" { Ok(()) } else { Err(e) });
        let origin = Origin::Script(path.display().to_string());
        assert!(done.is_ok(), "{}", done.map_err(|e| e.text(&origin, true)).unwrap_err());
        names.push(path.file_stem().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["alloc", "calls", "errors", "flow", "lines", "requests", "slow", "time"]);
}
