//! Runs the conformance suite of the D language, `tests/phptrace/d/AREA/*.d`; the format is in its README.md.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use tests::{Ran, Scratch, Test, command, need_root, ran, root, skip};

mod guest;

fn main() -> ExitCode {
    let pending = pending();
    let (mut all, jobs): (Vec<_>, Vec<_>) = cases().into_iter().map(|c| prepare(c, &pending)).unzip();
    let unknown: Vec<_> = pending.iter().filter(|p| !all.iter().any(|(name, _): &Test| name == *p)).collect();
    assert!(unknown.is_empty(), "PENDING names cases that do not exist: {unknown:?}");
    let filter = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    run_ahead(jobs.into_iter().filter(|j| j.0.name.contains(&filter)).collect());
    if !guest::within() {
        all.extend(guest::kernels().map(|(release, kernel)| on(release, kernel)));
    }
    tests::main(all)
}

/// A share of the cases under an older kernel. All of them: `EVERY=1`.
fn on(release: &'static str, kernel: PathBuf) -> Test {
    let every = std::env::var("EVERY").unwrap_or("12".into());
    let lacks = root().join(format!("tests/phptrace/kernels/{release}lacks"));
    let mut settings = vec![format!("EVERY={every}")];
    if lacks.exists() {
        settings.push(format!("LACKS={}", lacks.display()));
    }
    (format!("kernel-{release}"), Box::new(move || guest::run(release, &kernel, &settings)))
}

type Job = (Case, Sender<Option<String>>);

/// A test waits for what the workers found out about its case.
fn prepare(case: Case, pending: &BTreeSet<String>) -> (Test, Job) {
    let (tell, told) = channel();
    let (needs_root, expected) = (case.needs_root, !pending.contains(&case.name));
    let name = case.name.clone();
    ((name, Box::new(move || judge(needs_root, expected, &told))), (case, tell))
}

fn judge(needs_root: bool, expected: bool, told: &Receiver<Option<String>>) {
    if needs_root {
        need_root();
    }
    match told.recv().expect("a worker's answer") {
        None => assert!(expected, "passes: take it out of PENDING"),
        Some(_) if !expected => skip("pending"),
        Some(fault) => panic!("{fault}"),
    }
}

/// Runs the cases, as many at once as there are processors, in the order in which they will be asked for.
fn run_ahead(jobs: Vec<Job>) {
    let queue = Arc::new(Mutex::new(jobs.into_iter()));
    for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            loop {
                let next = queue.lock().expect("no worker panics").next();
                let Some((case, tell)) = next else { break };
                let _ = tell.send(case.fault());
            }
        });
    }
}

fn home() -> PathBuf {
    root().join("tests/phptrace/d")
}

fn pending() -> BTreeSet<String> {
    let list = fs::read_to_string(home().join("PENDING")).expect("PENDING");
    list.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(String::from).collect()
}

/// One program and what it asks for.
struct Case {
    /// `AREA/tst.NAME`
    name: String,
    file: PathBuf,
    options: Vec<String>,
    args: Vec<String>,
    trigger: Option<String>,
    stdin: String,
    status: i32,
    needs_root: bool,
    /// The tag of an `err` case.
    tag: Option<String>,
}

fn cases() -> Vec<Case> {
    let mut files: Vec<_> = listed(&home()).iter().flat_map(|area| listed(area)).collect();
    files.retain(|f| f.extension().is_some_and(|x| x == "d"));
    files.sort();
    if !guest::within() {
        return files.into_iter().map(Case::read).collect();
    }
    let every = std::env::var("EVERY").map_or(1, |n| n.parse().expect("EVERY"));
    let lacks = std::env::var("LACKS").map(|f| fs::read_to_string(f).expect("LACKS")).unwrap_or_default();
    let cases = files.into_iter().step_by(every).map(Case::read);
    cases.filter(|c| !lacks.lines().any(|l| l == c.name)).collect()
}

fn listed(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect()
}

impl Case {
    fn read(file: PathBuf) -> Self {
        let text = String::from_utf8_lossy(&fs::read(&file).expect("case")).into_owned();
        let text = text.replace("$T", &home().display().to_string());
        let said = |key: &str| {
            let start = format!("/* {key}: ");
            text.lines().find_map(|l| Some(l.strip_prefix(&start)?.strip_suffix(" */")?.trim().to_string()))
        };
        let base = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let area = file.parent().and_then(Path::file_name).expect("an area").to_string_lossy();
        let tag = base.strip_prefix("err.").map(|rest| rest.split('.').next().unwrap_or_default().to_string());
        assert!(tag.is_some() || base.starts_with("tst."), "{}: neither tst.NAME.d nor err.TAG.NAME.d", file.display());
        Self {
            name: format!("{area}/{base}"),
            options: words(&said("options").unwrap_or_default()),
            args: words(&said("args").unwrap_or_default()),
            trigger: said("trigger"),
            stdin: said("stdin").unwrap_or_default(),
            status: said("status").map_or(0, |s| s.parse().expect("a status")),
            needs_root: tag.is_none() || said("needs").is_some_and(|n| n == "root"),
            tag,
            file,
        }
    }

    /// What is wrong with the tool's behaviour, if anything.
    fn fault(&self) -> Option<String> {
        let got = self.run();
        let mut faults = Vec::new();
        match &self.tag {
            Some(tag) if !got.err.contains(&format!("[{tag}]")) => faults.push(format!("no [{tag}] on standard error")),
            Some(_) if got.status == 0 => faults.push("status 0, expected a failure".to_string()),
            None if got.status != self.status => faults.push(format!("status {}, expected {}", got.status, self.status)),
            _ => (),
        }
        faults.extend(self.differs("out", &got.out));
        faults.extend(self.differs("err", &without_pcs(&got.err.replace(&format!("{}/", home().display()), ""))));
        (!faults.is_empty()).then(|| format!("{}\nstandard error:\n{}", faults.join("\n"), got.err))
    }

    fn run(&self) -> Ran {
        let dir = Scratch::new();
        fs::write(dir.join("stdin"), &self.stdin).expect("standard input");
        let mut c = command("timeout");
        c.args(["-k", "5", "60", "sh", "-c", "exec \"$@\" <stdin", "sh", "phptrace", "-xerrtags", "-s"]);
        c.arg(&self.file).args(&self.options);
        if let Some(trigger) = &self.trigger {
            c.args(["-c", trigger]);
        }
        ran(c.args(&self.args).current_dir(&*dir).env("_DTRACE_TESTING", "1"))
    }

    fn differs(&self, kind: &str, got: &str) -> Option<String> {
        let file = self.file.with_extension(kind);
        if !file.exists() && (self.tag.is_some() || kind == "err") {
            return None;
        }
        let want = fs::read_to_string(file).unwrap_or_else(|e| format!("({kind}: {e})"));
        (want != got).then(|| format!(".{kind} expected:\n{want}got:\n{got}"))
    }
}

/// Splits at blanks; double quotes group.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let quoted = rest.strip_prefix('"').and_then(|r| r.split_once('"'));
        let (word, after) = quoted.unwrap_or_else(|| rest.split_once(' ').unwrap_or((rest, "")));
        all.push(word.to_string());
        rest = after.trim_start();
    }
    all
}

/// `BPF pc 161` depends on the code generator: the number becomes N.
fn without_pcs(text: &str) -> String {
    let mut parts = text.split("BPF pc ");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |all, part| all + "BPF pc N" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}
