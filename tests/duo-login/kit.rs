//! The mock, a terminal, and the program under its two names.
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tests::{Ran, Scratch, Server, bin_dir, command, pkgs, ran, root, wait_for};

/// A running mock and its folder.
pub struct Mock {
    pub dir: Scratch,
    _server: Server,
}

impl Mock {
    pub fn start() -> Self {
        Self::with(&[])
    }

    pub fn with(args: &[&str]) -> Self {
        let dir = Scratch::new();
        let mut c = command(env!("CARGO_BIN_EXE_duo-mock"));
        let server = Server::start(c.arg(&*dir).args(args));
        wait_for("the mock", || dir.join("port").exists());
        symlink(bin_dir().join("duo-login"), dir.join("login_duo")).expect("link");
        Self { dir, _server: server }
    }

    pub fn port(&self) -> String {
        fs::read_to_string(self.dir.join("port")).expect("port")
    }

    /// The configuration that reaches the mock, with lines of one's own.
    pub fn conf(&self, extra: &str) -> PathBuf {
        let base = fs::read_to_string(self.dir.join("login_duo.conf")).expect("conf");
        self.file(&format!("{base}{extra}\n"))
    }

    /// A configuration of any text.
    pub fn file(&self, text: &str) -> PathBuf {
        let path = self.dir.join(format!("c{}.conf", text.len() + fs::read_dir(&*self.dir).expect("dir").count() * 100_000));
        let mut f = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).expect("conf");
        f.write_all(text.as_bytes()).expect("conf");
        path
    }

    pub fn mode(&self, mode: &str) {
        fs::write(self.dir.join("mode"), mode).expect("mode");
    }

    /// The requests so far whose line holds `what`.
    pub fn requests(&self, what: &str) -> usize {
        fs::read_to_string(self.dir.join("requests")).unwrap_or_default().lines().filter(|l| l.contains(what)).count()
    }

    /// login_duo (or duo-login) with this configuration, for this user, to run `echo RAN`.
    pub fn call(&self, name: &str, conf: &Path, user: &str) -> Command {
        let program = if name == "login_duo" { self.dir.join(name) } else { bin_dir().join(name) };
        let mut c = command(program);
        c.arg("-d").arg("-c").arg(conf).args(["-f", user, "echo", "RAN"]);
        c
    }

    /// Runs login_duo headless with lines added to the configuration.
    pub fn login(&self, extra: &str, user: &str) -> Ran {
        ran(&mut self.call("login_duo", &self.conf(extra), user))
    }

    /// Runs login_duo at a terminal.
    pub fn terminal(&self, extra: &str, user: &str) -> Pty {
        Pty::start(&mut self.call("login_duo", &self.conf(extra), user))
    }

    /// Runs a shell line in the world of `world.sh`.
    pub fn world(&self, conf: &str, line: &str) -> Command {
        tests::need_root();
        let mut c = command("sh");
        c.arg(root().join("tests/duo-login/world.sh"))
            .arg(bin_dir().join("duo-login"))
            .arg(&*self.dir)
            .arg(pkgs("openssh-server"));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        c.arg(line).env("CONF", conf).env("PORT", port.to_string());
        c
    }
}

/// Allowed: the command ran, and the log says so.
pub fn allowed(r: &Ran, log: &str) {
    assert!(r.status == 0 && r.out == "RAN\n" && r.err.contains(log), "wanted {log}: {r:?}");
}

/// Denied: nothing ran, and the log says why.
pub fn denied(r: &Ran, log: &str) {
    assert!(r.status == 1 && r.out.is_empty() && r.err.contains(log), "wanted {log}: {r:?}");
}

/// A program at a terminal of its own.
pub struct Pty {
    master: File,
    child: Child,
    /// Everything it printed.
    pub seen: String,
    /// Up to where [`Pty::expect`] has looked.
    at: usize,
}

impl Pty {
    pub fn start(c: &mut Command) -> Self {
        let (mut master, mut slave) = (0, 0);
        let null = std::ptr::null_mut();
        // SAFETY: openpty fills in two descriptors; the other pointers may be null.
        let done = unsafe { libc::openpty(&raw mut master, &raw mut slave, null, null.cast(), null.cast()) };
        assert_eq!(done, 0, "openpty");
        // SAFETY: both descriptors are fresh and owned by nobody else.
        let (master, slave) = unsafe { (File::from_raw_fd(master), OwnedFd::from_raw_fd(slave)) };
        // SAFETY: fcntl takes numbers.
        unsafe { libc::fcntl(master.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC) };
        let copy = || Stdio::from(slave.try_clone().expect("dup"));
        c.stdin(copy()).stdout(copy()).stderr(copy());
        // SAFETY: setsid and ioctl are async-signal-safe.
        unsafe {
            c.pre_exec(|| {
                libc::setsid();
                libc::ioctl(0, libc::TIOCSCTTY, 0);
                Ok(())
            });
        }
        let child = c.spawn().unwrap_or_else(|e| panic!("{c:?}: {e}"));
        // The command keeps copies of the terminal; without them its end is seen.
        c.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { master, child, seen: String::new(), at: 0 }
    }

    /// Reads what there is within `ms`; false at the end.
    fn read(&mut self, ms: i32) -> bool {
        let mut set = libc::pollfd { fd: self.master.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one pollfd, and the count says one.
        if unsafe { libc::poll(&raw mut set, 1, ms) } <= 0 {
            return true;
        }
        let mut piece = [0; 4096];
        match self.master.read(&mut piece) {
            Ok(0) | Err(_) => false,
            Ok(n) => {
                self.seen += &String::from_utf8_lossy(&piece[..n]).replace('\r', "");
                true
            }
        }
    }

    /// Waits up to 20 seconds for a text behind what was expected before.
    pub fn expect(&mut self, text: &str) -> &mut Self {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(found) = self.seen[self.at..].find(text) {
                self.at += found + text.len();
                return self;
            }
            assert!(Instant::now() < end && self.read(100), "waited for {text:?}; seen: {}", self.seen);
        }
    }

    pub fn send(&mut self, text: &str) -> &mut Self {
        self.master.write_all(text.as_bytes()).expect("terminal");
        self
    }

    /// Waits for the end: everything seen, and the status.
    pub fn end(mut self) -> (String, i32) {
        let end = Instant::now() + Duration::from_secs(30);
        while self.read(100) {
            assert!(Instant::now() < end, "still running; seen: {}", self.seen);
            if let Ok(Some(_)) = self.child.try_wait() {
                while self.read(50) && self.seen.len() != self.at {
                    self.at = self.seen.len();
                }
                break;
            }
        }
        let status = self.child.wait().expect("wait");
        (self.seen, status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
    }
}

/// Makes a file of these rights.
pub fn put(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).expect("file");
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("mode");
}
