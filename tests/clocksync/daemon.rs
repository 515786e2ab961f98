//! `clocksync -d` with real chronyd servers and a fake clock to steer.
use crate::servers::{Chronyd, RIGHT};
use crate::{WRONG, after, fake_clock};
use std::fs::{self, File};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tests::{Scratch, Server, command, manual, need_root, ran, wait_for};

/// A daemon at work, and what it printed so far.
struct Daemon {
    process: Server,
    out: PathBuf,
    err: PathBuf,
    conf: PathBuf,
}

impl Daemon {
    fn start(dir: &Path, config: &str) -> Self {
        Self::start_as(dir, config, &mut command("clocksync"))
    }

    /// `program` is clocksync, or what runs it.
    fn start_as(dir: &Path, config: &str, program: &mut Command) -> Self {
        let [out, err, conf] = ["daemon.out", "daemon.err", "clocksync.conf"].map(|name| dir.join(name));
        fs::write(&conf, config).expect("configuration");
        program.args(["-d", "-c"]).arg(&conf);
        program.stdout(File::create(&out).expect("out")).stderr(File::create(&err).expect("err"));
        Self { process: Server::start(program), out, err, conf }
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.out).unwrap_or_default()
    }

    fn complained(&self) -> String {
        fs::read_to_string(&self.err).unwrap_or_default()
    }

    fn wait_for(&self, text: &str) {
        for _ in 0..1500 {
            if self.said().contains(text) || self.complained().contains(text) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("waited 15 s for {text:?}:\n{}\n{}", self.said(), self.complained());
    }

    fn signal(&self, signal: i32) {
        let pid = i32::try_from(self.process.0.id()).expect("a pid");
        // SAFETY: kill takes integers; the process is our own child, not yet reaped.
        unsafe { libc::kill(pid, signal) };
    }

    fn end(mut self) -> (i32, String, String) {
        self.signal(libc::SIGTERM);
        let status = self.process.0.wait().expect("its end").code().unwrap_or(-1);
        (status, self.said(), self.complained())
    }
}

fn config(servers: &[&Chronyd], more: &str) -> String {
    servers.iter().map(|s| format!("server {}\n", s.name())).collect::<String>() + more
}

/// It only watches unless told to steer, and names the falseticker.
pub fn watches() {
    let dir = Scratch::new();
    let [a, b, c] = [RIGHT; 3].map(|like| Chronyd::start(&dir, &like));
    let wrong = Chronyd::start(&dir, &WRONG);
    let daemon = Daemon::start(&dir, &config(&[&a, &wrong, &b, &c], "poll 8s"));
    daemon.wait_for("3 of 4 servers agree: offset ");
    let said = daemon.said();
    assert!(said.contains(&format!("Z {}: falseticker\n", wrong.name())), "{said}");
    for good in [&a, &b, &c] {
        assert!(said.contains(&format!("Z {}: ok\n", good.name())), "{said}");
    }
    daemon.signal(libc::SIGUSR1);
    daemon.wait_for(": 3 of 4 agree\n");
    let (status, said, complained) = daemon.end();
    assert_eq!((status, complained.as_str()), (0, ""));
    assert!(!said.contains("stepped"), "{said}");
}

/// A clock that is off is stepped once, and then led.
pub fn steers() {
    need_root();
    let dir = Scratch::new();
    let ahead = Chronyd::start(&dir, &WRONG);
    let (mut program, log) = fake_clock(&dir);
    let daemon = Daemon::start_as(&dir, &config(&[&ahead], "steer yes\npoll 8s"), program.arg("clocksync"));
    daemon.wait_for("Z clock stepped by +");
    std::thread::sleep(Duration::from_secs(3));
    daemon.signal(libc::SIGUSR1);
    daemon.wait_for("1 of 1 agree");
    let (status, said, complained) = daemon.end();
    assert_eq!((status, complained.as_str()), (0, ""));
    assert_eq!(said.matches("stepped").count(), 1, "{said}");
    assert!((after(&said, "stepped by ") - 50.0).abs() < 0.5, "{said}");
    assert!(!said.contains("moved"), "its own step is no surprise: {said}");
    assert!(after(&said, "\noffset ").abs() < 0.2, "{said}");
    let calls = fs::read_to_string(log).expect("calls");
    // The slew and the kernel's loop end first; rates follow the step.
    assert!(
        calls.starts_with("modes=0x8001 ")
            && calls.contains(" tick=10000 status=0x40\n")
            && calls.matches("modes=0x2100 ").count() == 1,
        "{calls}"
    );
    assert!(calls.lines().skip(4).all(|l| l.starts_with("modes=0x401e ")) && calls.lines().count() > 5, "{calls}");
}

/// A clock that is 50 ms ahead and gains 300 ppm is led back without a step, and held.
pub fn leads_a_drifting_clock() {
    need_root();
    let dir = Scratch::new();
    let server = Chronyd::start(&dir, &RIGHT);
    let (mut program, _) = fake_clock(&dir);
    program.env("CLOCK_AHEAD", "50e6").env("CLOCK_DRIFT", "300").arg("clocksync");
    let daemon = Daemon::start_as(&dir, &config(&[&server], "steer yes\npoll 8s"), &mut program);
    daemon.wait_for("1 of 1 servers agree: offset -0.0");
    let mut held = 0;
    for _ in 0..60 {
        std::thread::sleep(Duration::from_secs(1));
        let before = daemon.said().len();
        daemon.signal(libc::SIGUSR1);
        wait_for("the status", || daemon.said().get(before..).is_some_and(|new| new.ends_with("agree\n")));
        held = if after(&daemon.said(), "\noffset ").abs() < 0.001 { held + 1 } else { 0 };
        if held == 5 {
            break;
        }
    }
    let (status, said, complained) = daemon.end();
    assert_eq!((status, complained.as_str()), (0, ""));
    assert!(held == 5 && !said.contains("stepped") && !said.contains("moved"), "{said}");
}

/// Without the right to set the clock it ends at once, before it said that it is ready.
pub fn needs_the_right_to_steer() {
    need_root();
    let dir = Scratch::new();
    fs::write(dir.join("c"), "server 127.0.0.1:1\nsteer yes\n").expect("configuration");
    let mut c = command("setpriv");
    let got = ran(c.args(["--bounding-set=-sys_time", "clocksync", "-d", "-c", "c"]).current_dir(&*dir));
    assert_eq!((got.status, got.err.as_str()), (1, "clocksync: cannot steer the clock: Operation not permitted\n"));
}

/// HUP takes a new configuration, and keeps the old one when the new is wrong.
pub fn reloads() {
    let dir = Scratch::new();
    let [a, b] = [RIGHT; 2].map(|like| Chronyd::start(&dir, &like));
    let daemon = Daemon::start(&dir, &config(&[&a], ""));
    daemon.wait_for("1 of 1 servers agree");
    fs::write(&daemon.conf, "server\n").expect("configuration");
    daemon.signal(libc::SIGHUP);
    daemon.wait_for("the old configuration stays");
    let want = "clocksync.conf:1: server : expected host, host:port or [address]:port: the old configuration stays\n";
    assert!(daemon.complained().ends_with(want), "{}", daemon.complained());
    fs::write(&daemon.conf, config(&[&b, &a], "")).expect("configuration");
    daemon.signal(libc::SIGHUP);
    daemon.wait_for("2 of 2 servers agree");
    fs::write(&daemon.conf, config(&[&b], "")).expect("configuration");
    daemon.signal(libc::SIGHUP);
    daemon.wait_for("1 of 1 servers agree");
    assert_eq!(daemon.end().0, 0);
}

/// A server that dies is named, and so is its return; the others carry on.
pub fn outlives_its_servers() {
    let dir = Scratch::new();
    let a = Chronyd::start(&dir, &RIGHT);
    let dead = std::net::UdpSocket::bind("127.0.0.1:0").expect("port").local_addr().expect("address").port();
    let daemon = Daemon::start(&dir, &format!("server {}\nserver 127.0.0.1:{dead}\nserver no-such-host.invalid\n", a.name()));
    daemon.wait_for(&format!("Z 127.0.0.1:{dead}: unreachable\n"));
    daemon.wait_for("clocksync: no-such-host.invalid: ");
    daemon.wait_for("1 of 1 servers agree");
    let (status, _, complained) = daemon.end();
    assert_eq!(status, 0);
    assert_eq!(complained.matches(&format!("127.0.0.1:{dead}: Connection refused\n")).count(), 1, "said once: {complained}");
}

/// A full disk does not end it; a reader that goes away does.
pub fn full_disk_and_closed_pipe() {
    let dir = Scratch::new();
    let a = Chronyd::start(&dir, &RIGHT);
    fs::write(dir.join("c"), config(&[&a], "")).expect("configuration");
    let got = tests::sh(&dir, "timeout 4 clocksync -d -c c >/dev/full");
    // Said once while it runs until the timeout's TERM, and once more as the reason of its status.
    let want = "clocksync: stdout: No space left on device: lines may be lost\nclocksync: stdout: No space left on device\n";
    assert_eq!((got.status, got.err.as_str()), (124, want));
    // The reader is gone before the first line is written.
    let got = tests::sh(&dir, "{ sleep 1; timeout 20 clocksync -d -c c; echo $? >&2; } | true");
    assert_eq!(got.err, "0\n");
}

/// systemd is told that it is ready, and of a reload.
pub fn tells_systemd() {
    let dir = Scratch::new();
    let a = Chronyd::start(&dir, &RIGHT);
    let path = dir.join("notify");
    let socket = UnixDatagram::bind(&path).expect("socket");
    socket.set_read_timeout(Some(Duration::from_secs(10))).expect("timeout");
    let word = || {
        let mut bytes = [0; 64];
        let n = socket.recv(&mut bytes).expect("a notification");
        String::from_utf8_lossy(&bytes[..n]).into_owned()
    };
    let daemon = Daemon::start_as(&dir, &config(&[&a], ""), command("clocksync").env("NOTIFY_SOCKET", &path));
    assert_eq!(word(), "READY=1");
    daemon.signal(libc::SIGHUP);
    assert_eq!([word(), word()], ["RELOADING=1", "READY=1"]);
    assert_eq!(daemon.end().0, 0);
}

/// The examples of the configuration's manual.
pub fn examples() {
    let dir = Scratch::new();
    let page = manual::page("clocksync.conf.5");
    let shown = page.split("$ cat clocksync.conf\n").nth(1).and_then(|p| p.split("$ ").next()).expect("the file shown");
    fs::write(dir.join("clocksync.conf"), shown).expect("configuration");
    for example in manual::examples("clocksync.conf.5") {
        let got = tests::sh(&dir, &example);
        assert_eq!((got.status, got.err.as_str()), (0, ""), "{example}");
    }
}
