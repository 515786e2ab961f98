//! What the end-to-end tests share: a harness that can skip, scratch folders, children that never outlive it.
use std::any::Any;
use std::fs;
use std::os::unix::process::CommandExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

pub mod manual;

/// One test: its name and what it does; a panic fails it, [`skip`] ends it as skipped.
pub type Test = (String, Box<dyn Fn()>);

/// Names a function as a test: `test!(lists_snapshots)`.
#[macro_export]
macro_rules! test {
    ($f:ident) => {
        (stringify!($f).to_string(), Box::new($f) as Box<dyn Fn()>)
    };
}

struct Skipped(String);

/// Ends the running test as skipped, never as passed.
pub fn skip(why: &str) -> ! {
    panic::panic_any(Skipped(why.into()))
}

/// Skips the running test for an ordinary user.
pub fn need_root() {
    // SAFETY: geteuid takes nothing and cannot fail.
    if unsafe { libc::geteuid() } != 0 {
        skip("needs root");
    }
}

/// Runs the tests whose names hold the first argument, one after the other, and closes with the line that is counted.
pub fn main(tests: Vec<Test>) -> ExitCode {
    let filter = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    assert!(bin_dir().join("zonesnap").exists(), "{}: build first, by `make all`", bin_dir().display());
    sweep();
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !info.payload().is::<Skipped>() {
            hook(info);
        }
    }));
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, run) in tests.iter().filter(|(name, _)| name.contains(&filter)) {
        let done = panic::catch_unwind(AssertUnwindSafe(run));
        let said = verdict(done);
        match said.as_str() {
            "ok" => passed += 1,
            "FAILED" => failed += 1,
            _ => skipped += 1,
        }
        println!("test {name} ... {said}");
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    ExitCode::from(u8::from(failed > 0))
}

fn verdict(done: Result<(), Box<dyn Any + Send>>) -> String {
    match done {
        Ok(()) => "ok".into(),
        Err(e) => e.downcast_ref::<Skipped>().map_or("FAILED".into(), |s| format!("skipped: {}", s.0)),
    }
}

/// The project's top folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a parent")
}

/// Where the binaries under test are: `target/release`.
pub fn bin_dir() -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    own.ancestors().nth(3).expect("target folder").join("release")
}

/// The packages that `tests/setup.sh` unpacked: `pkgs("chrony")/usr/sbin/chronyd`.
pub fn pkgs(name: &str) -> PathBuf {
    root().join("target/pkgs").join(name)
}

/// A folder of its own for one test, removed at its end.
pub struct Scratch(pub PathBuf);

static SCRATCHES: AtomicU32 = AtomicU32::new(0);

fn scratch_root() -> PathBuf {
    bin_dir().with_file_name("scratch")
}

impl Scratch {
    /// Makes an empty folder.
    #[expect(clippy::new_without_default, reason = "making a folder is no default value")]
    pub fn new() -> Self {
        let dir = scratch_root().join(format!("{}.{}", std::process::id(), SCRATCHES.fetch_add(1, Relaxed)));
        fs::create_dir_all(&dir).expect("scratch folder");
        Self(dir)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl std::ops::Deref for Scratch {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.0
    }
}

/// Removes the scratch folders of runs that were killed.
fn sweep() {
    for entry in fs::read_dir(scratch_root()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let alive = name.split('.').next().is_some_and(|pid| Path::new("/proc").join(pid).exists());
        if !alive {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A command in the clean environment: our binaries first on PATH, LC_ALL=C, TZ=UTC, nothing else.
/// It is killed when the harness dies in whatever way.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut c = Command::new(program);
    let path = format!("{}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", bin_dir().display());
    c.env_clear().env("PATH", path).env("LC_ALL", "C").env("TZ", "UTC");
    // SAFETY: prctl is async-signal-safe and touches nothing of this process.
    unsafe {
        c.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        });
    }
    c
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub out: String,
    pub err: String,
    /// Its exit status; 128 + the signal's number where one ended it.
    pub status: i32,
}

impl Ran {
    /// Standard output of a run that must have succeeded.
    pub fn ok(self) -> String {
        assert_eq!(self.status, 0, "{self:?}");
        self.out
    }
}

/// Runs a shell line in `dir`, two minutes at most (then status 124).
pub fn sh(dir: &Path, line: &str) -> Ran {
    let mut c = command("timeout");
    ran(c.args(["-k", "5", "120", "sh", "-c", line]).current_dir(dir))
}

/// Runs a command to its end without standard input.
pub fn ran(c: &mut Command) -> Ran {
    let o = c.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{c:?}: {e}"));
    seen(&o)
}

/// An ended process's output as text.
pub fn seen(o: &Output) -> Ran {
    use std::os::unix::process::ExitStatusExt;
    let status = o.status.code().unwrap_or_else(|| 128 + o.status.signal().unwrap_or(0));
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    Ran { out: text(&o.stdout), err: text(&o.stderr), status }
}

/// A server under test, killed and reaped at the end of the test.
pub struct Server(pub Child);

impl Server {
    /// Starts it.
    pub fn start(c: &mut Command) -> Self {
        Self(c.spawn().unwrap_or_else(|e| panic!("{c:?}: {e}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits up to ten seconds until `ready`.
pub fn wait_for(what: &str, mut ready: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if ready() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("waited 30 s for {what}");
}
