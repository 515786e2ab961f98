//! toshkeyd as a daemon: signals, pipes, its service file's promises, and the examples of its manual.
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, ChildStdin, ExitCode, Stdio};
use std::time::Duration;
use tests::{Scratch, Server, command, manual, pkgs, ran, root, sh, test, wait_for};

fn main() -> ExitCode {
    tests::main(vec![
        test!(reload_keeps_the_old_configuration_on_error),
        test!(term_ends_in_order_and_usr1_counts),
        test!(says_ready_to_systemd),
        test!(events_leave_at_once),
        test!(a_fifo_is_a_source_and_does_not_block),
        test!(commands_do_not_overlap_nor_stay_as_zombies),
        test!(term_ends_the_wait_for_a_command),
        test!(a_deaf_supervisor_is_no_reason_to_stop),
        test!(a_recording_decodes_at_speed_and_in_full),
        test!(another_users_configuration_is_refused),
        test!(a_missing_or_unreadable_device_is_said_loudly),
        test!(the_real_driver_over_emulated_firmware),
        test!(examples_of_the_manual),
        test!(examples_of_the_configuration_manual),
    ])
}

/// A running toshkeyd that reads codes from a pipe.
struct Running {
    server: Server,
    to: ChildStdin,
    from: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn start(dir: &Path, args: &[&str]) -> Self {
        let errors = File::create(dir.join("errors")).expect("file");
        let mut c = command("toshkeyd");
        c.args(args).current_dir(dir).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        let mut server = Server::start(&mut c);
        let to = server.0.stdin.take().expect("pipe");
        let from = BufReader::new(server.0.stdout.take().expect("pipe"));
        Self { server, to, from }
    }

    fn press(&mut self, code: &str) -> String {
        writeln!(self.to, "{code}").expect("write");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("read");
        line
    }

    fn signal(&self, signal: i32) {
        kill(&self.server.0, signal);
    }
}

fn kill(child: &Child, signal: i32) {
    let pid = libc::pid_t::try_from(child.id()).expect("pid");
    // SAFETY: a signal to our own child, which is not yet reaped.
    assert_eq!(unsafe { libc::kill(pid, signal) }, 0);
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn backlight(dir: &Path, level: u32) {
    let light = dir.join("backlight");
    fs::create_dir(&light).expect("folder");
    fs::write(light.join("max_brightness"), "7\n").expect("file");
    fs::write(light.join("brightness"), format!("{level}\n")).expect("file");
    std::os::unix::fs::symlink("brightness", light.join("actual_brightness")).expect("link");
}

fn reload_keeps_the_old_configuration_on_error() {
    let dir = Scratch::new();
    let conf = dir.join("conf");
    fs::write(&conf, "key 0x777 KEY_MUTE\n").expect("file");
    let mut daemon = Running::start(&dir, &["-c", "conf", "-p", "key", "-"]);
    assert_eq!(daemon.press("0x777"), "KEY_MUTE\n");
    fs::write(&conf, "key 0x777 KEY_NONSENSE\n").expect("file");
    daemon.signal(libc::SIGHUP);
    let said = "toshkeyd: conf:1: KEY_NONSENSE: unknown key: expected a kernel name such as KEY_WLAN, or a code such as 0x142: \
        the old configuration stays\n";
    wait_for("a message", || text(&dir.join("errors")) == said);
    assert_eq!(daemon.press("0x777"), "KEY_MUTE\n");
    fs::write(&conf, "key 0x777 KEY_WLAN\n").expect("file");
    daemon.signal(libc::SIGHUP);
    wait_for("the new configuration", || daemon.press("0x777") == "KEY_WLAN\n");
    drop(daemon.to);
    assert!(daemon.server.0.wait().expect("end").success());
}

fn term_ends_in_order_and_usr1_counts() {
    let dir = Scratch::new();
    backlight(&dir, 3);
    fs::write(dir.join("conf"), "press 0x142 false\n").expect("file");
    let mut daemon = Running::start(&dir, &["-b", "backlight", "-c", "conf", "-p", "code", "-"]);
    assert_eq!(daemon.press("0x141"), "0x141\n");
    assert_eq!(daemon.press("0x142"), "0x142\n");
    let failed = "toshkeyd: false: exit status: 1\n";
    wait_for("the command's end", || text(&dir.join("errors")) == failed);
    daemon.signal(libc::SIGUSR1);
    let said = format!("{failed}toshkeyd: stdin: 2 events; commands: 1 started, 0 still ran, 1 failed; brightness 4 of 7\n");
    wait_for("the status", || text(&dir.join("errors")) == said);
    daemon.signal(libc::SIGTERM);
    assert!(daemon.server.0.wait().expect("end").success());
}

fn says_ready_to_systemd() {
    let dir = Scratch::new();
    let socket = UnixDatagram::bind(dir.join("notify")).expect("socket");
    socket.set_read_timeout(Some(Duration::from_secs(10))).expect("timeout");
    fs::write(dir.join("conf"), "").expect("file");
    let mut c = command("toshkeyd");
    c.args(["-c", "conf", "-"]).current_dir(&*dir).env("NOTIFY_SOCKET", dir.join("notify")).stdin(Stdio::piped());
    let server = Server::start(&mut c);
    let heard = || {
        let mut word = [0; 100];
        let n = socket.recv(&mut word).expect("word");
        String::from_utf8_lossy(&word[..n]).into_owned()
    };
    assert_eq!(heard(), "READY=1");
    kill(&server.0, libc::SIGHUP);
    assert_eq!((heard(), heard()), ("RELOADING=1".into(), "READY=1".into()));
}

fn events_leave_at_once() {
    let dir = Scratch::new();
    for form in [&["-H"] as &[&str], &["--csv"], &["-p", "code"], &[]] {
        let mut daemon = Running::start(&dir, &[form, &["-"]].concat());
        let mut line = daemon.press("0x141");
        if form == ["--csv"] {
            line.clear();
            daemon.from.read_line(&mut line).expect("read");
        }
        assert!(line.contains("0x141"), "{form:?}: {line}");
    }
}

fn a_fifo_is_a_source_and_does_not_block() {
    let dir = Scratch::new();
    sh(&dir, "mkfifo keys").ok();
    let mut c = command("toshkeyd");
    let mut server = Server::start(c.args(["-p", "key,source", "keys"]).current_dir(&*dir).stdout(Stdio::piped()));
    // It must be there and deaf to nothing while no writer is.
    std::thread::sleep(Duration::from_millis(50));
    assert!(server.0.try_wait().expect("state").is_none());
    sh(&dir, "printf '0x141\\n0x140\\n' > keys").ok();
    let mut said = String::new();
    server.0.stdout.take().expect("pipe").read_to_string(&mut said).expect("read");
    assert_eq!(said, "KEY_BRIGHTNESSUP:keys\nKEY_BRIGHTNESSDOWN:keys\n");
    let mut waiting = Server::start(command("toshkeyd").arg("keys").current_dir(&*dir));
    std::thread::sleep(Duration::from_millis(50));
    kill(&waiting.0, libc::SIGTERM);
    assert!(waiting.0.wait().expect("end").success());
}

fn commands_do_not_overlap_nor_stay_as_zombies() {
    let dir = Scratch::new();
    fs::write(
        dir.join("conf"),
        "press 0x141 echo start >> log; while [ ! -e go ]; do sleep 0.01; done\npress 0x142 echo other >> log\n",
    )
    .expect("file");
    let mut daemon = Running::start(&dir, &["-c", "conf", "-p", "code", "-"]);
    for code in ["0x141", "0x141", "0x141", "0x142"] {
        assert_eq!(daemon.press(code), format!("{code}\n"));
    }
    let log = dir.join("log");
    wait_for("both commands", || text(&log).lines().count() == 2);
    fs::write(dir.join("go"), "").expect("file");
    let children = format!("/proc/{0}/task/{0}/children", daemon.server.0.id());
    wait_for("the children to be reaped", || text(Path::new(&children)).is_empty());
    daemon.press("0x141");
    wait_for("a second run", || text(&log).lines().filter(|l| *l == "start").count() == 2);
    daemon.signal(libc::SIGUSR1);
    wait_for("the status", || text(&dir.join("errors")).contains("5 events; commands: 3 started, 2 still ran, 0 failed"));
}

fn term_ends_the_wait_for_a_command() {
    let dir = Scratch::new();
    fs::write(dir.join("conf"), "press 0x141 touch begun; while [ -e begun ]; do sleep 0.01; done\n").expect("file");
    fs::write(dir.join("codes"), "0x141\n").expect("file");
    let mut server = Server::start(command("toshkeyd").args(["-c", "conf", "codes"]).current_dir(&*dir).stdout(Stdio::null()));
    wait_for("the command", || dir.join("begun").exists());
    std::thread::sleep(Duration::from_millis(50));
    kill(&server.0, libc::SIGTERM);
    assert!(server.0.wait().expect("end").success());
    fs::remove_file(dir.join("begun")).expect("file");
}

fn a_deaf_supervisor_is_no_reason_to_stop() {
    let dir = Scratch::new();
    let end = sh(&dir, "echo 0x141 | NOTIFY_SOCKET=$PWD/none toshkeyd -p key -");
    assert_eq!((end.status, end.out.as_str()), (0, "KEY_BRIGHTNESSUP\n"));
    assert!(end.err.starts_with("toshkeyd: NOTIFY_SOCKET: "), "{}", end.err);
}

/// `struct input_event` as evdev gives it.
fn record(seconds: i64, kind: u16, code: u16, value: i32) -> Vec<u8> {
    let parts: [&[u8]; 5] =
        [&seconds.to_ne_bytes(), &0i64.to_ne_bytes(), &kind.to_ne_bytes(), &code.to_ne_bytes(), &value.to_ne_bytes()];
    parts.concat()
}

fn a_recording_decodes_at_speed_and_in_full() {
    let dir = Scratch::new();
    let mut bytes = Vec::new();
    for i in 0..20_000 {
        let key = [record(i, 4, 4, 0x141), record(i, 1, 225, 1), record(i, 0, 0, 0), record(i, 1, 225, 0), record(i, 0, 0, 0)];
        bytes.extend(key.concat());
    }
    fs::write(dir.join("recording"), &bytes).expect("file");
    let said = sh(&dir, "toshkeyd recording").ok();
    let mut lines = said.lines();
    for i in 0..20_000 {
        let time = format!("1970-01-01T{:02}:{:02}:{:02}Z", i / 3600, i / 60 % 60, i % 60);
        for action in ["press", "release"] {
            assert_eq!(lines.next(), Some(format!("{time} 0x141 KEY_BRIGHTNESSUP {action} recording").as_str()));
        }
    }
    assert_eq!(lines.next(), None);
}

fn another_users_configuration_is_refused() {
    tests::need_root();
    let dir = Scratch::new();
    let conf = dir.join("conf");
    fs::write(&conf, "press 0x141 true\n").expect("file");
    std::os::unix::fs::chown(&conf, Some(65534), None).expect("chown");
    let end = sh(&dir, "toshkeyd -n -c conf");
    assert_eq!(
        (end.status, end.err.as_str()),
        (78, "toshkeyd: conf: belongs to user 65534: expected root or the daemon's own\n")
    );
    std::os::unix::fs::chown(&conf, Some(0), None).expect("chown");
    fs::set_permissions(&conf, PermissionsExt::from_mode(0o620)).expect("chmod");
    assert_eq!(sh(&dir, "toshkeyd -n -c conf").status, 78);
}

fn a_missing_or_unreadable_device_is_said_loudly() {
    tests::need_root();
    let dir = Scratch::new();
    // A private /dev: what the machine has does not matter, and nothing of it is touched.
    let with = |setup: &str, run: &str| {
        let end =
            sh(&dir, &format!("cp $(command -v toshkeyd) . && unshare -m sh -c 'mount -t tmpfs none /dev; {setup}; {run}'"));
        assert_eq!(end.status, 1, "{end:?}");
        end.err
    };
    let hint = "name a source, such as a file, or - for standard input\n";
    assert_eq!(with("true", "./toshkeyd"), format!("toshkeyd: /dev/input: No such file or directory: {hint}"));
    let none = "toshkeyd: /dev/input: no \"Toshiba input device\" here: is the module toshiba_acpi loaded?";
    assert_eq!(with("mkdir /dev/input; echo > /dev/input/event0", "./toshkeyd"), format!("{none} Otherwise {hint}"));
    let refused =
        "toshkeyd: no \"Toshiba input device\" among the devices that may be read: /dev/input/event0: Permission denied\n";
    let nobody = "setpriv --reuid 65534 --clear-groups ./toshkeyd";
    assert_eq!(with("mkdir /dev/input; echo > /dev/input/event0; chmod 600 /dev/input/event0", nobody), refused);
}

/// Debian's toshiba_acpi in a QEMU guest, bound to the ACPI device of rig/hci.asl: its input device, its backlight, its HCI door.
fn the_real_driver_over_emulated_firmware() {
    let kernel = pkgs("linux-image-amd64");
    for needed in ["qemu-system-x86_64", "iasl", "busybox", "cpio", "xz", "gcc"] {
        if sh(Path::new("/"), &format!("command -v {needed}")).status != 0 {
            tests::skip(&format!("needs {needed}"));
        }
    }
    if !kernel.join("boot").exists() {
        tests::skip("needs the package linux-image-amd64, unpacked by tests/setup.sh");
    }
    let dir = Scratch::new();
    let rig = root().join("tests/toshkeyd/rig");
    let boot = format!("sh {0}/boot.sh {1} {0}/guest $(command -v toshkeyd)", rig.display(), kernel.display());
    let said = sh(&dir, &boot);
    let lines: Vec<_> = said.out.lines().filter_map(|l| l.trim_end().strip_prefix("@ ")).collect();
    let want = include_str!("rig/expected");
    assert_eq!(lines, want.lines().collect::<Vec<_>>(), "{}\n{}", said.out, said.err);
}

fn examples_of_the_manual() {
    let dir = Scratch::new();
    backlight(&dir, 3);
    fs::write(dir.join("toshkeyd.conf"), "backlight /sys/class/backlight/toshiba\n").expect("file");
    let key = [record(9, 4, 4, 0x141), record(9, 1, 225, 1), record(9, 0, 0, 0), record(9, 1, 225, 0), record(9, 0, 0, 0)];
    fs::write(dir.join("keys"), key.concat()).expect("file");
    let said: Vec<_> = manual::examples("toshkeyd.8").iter().map(|line| sh(&dir, line).ok()).collect();
    assert!(said[0].ends_with("0x141 KEY_BRIGHTNESSUP release stdin\n"), "{said:?}");
    assert_eq!(said[1].trim(), "2 KEY_BRIGHTNESSUP");
    assert_eq!(text(&dir.join("backlight/brightness")), "4\n");
    assert_eq!((said.len(), said[3].as_str()), (4, ""));
}

fn examples_of_the_configuration_manual() {
    let dir = Scratch::new();
    let said: Vec<_> = manual::examples("toshkeyd.conf.5").iter().map(|line| sh(&dir, line)).collect();
    assert_eq!(said.len(), 2);
    assert_eq!(said[1].err, "by stdin: KEY_WWW\n", "{said:?}");
    // The configuration that is shown must be one.
    let page = manual::page("toshkeyd.conf.5");
    let shown = page.split(".Bd -literal -offset indent\n").nth(1).and_then(|s| s.split(".Ed").next()).expect("example");
    fs::write(dir.join("shown"), shown).expect("file");
    assert_eq!(ran(command("toshkeyd").args(["-n", "-c", "shown"]).current_dir(&*dir)).ok(), "");
    assert_eq!(shown.lines().count(), 9);
}
