//! What an attacker, an accident or a careless administrator may do to a login.
use crate::kit::{Mock, allowed, denied, put};
use crate::outcomes::resolver;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, chown, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tests::{command, need_root, ran, wait_for};

fn state(mock: &Mock) -> std::path::PathBuf {
    let dir = mock.dir.join("state");
    fs::DirBuilder::new().mode(0o700).create(&dir).expect("state");
    dir
}

/// Without standard descriptors, what is opened next does not become one: nothing is written into a file of ours.
pub fn closed_descriptors() {
    let mock = Mock::start();
    let audit = mock.dir.join("audit");
    let text = fs::read_to_string(mock.conf("")).expect("conf");
    let conf = mock.file(&format!("{text}audit = {}\nguard = 9/1h\nstatedir = {}\n", audit.display(), state(&mock).display()));
    let login = format!("{} -d -c {}", mock.dir.join("login_duo").display(), conf.display());
    let sh = |line: &str| ran(command("sh").args(["-c", line]));
    for closed in ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"] {
        let ran_at = mock.dir.join("ran");
        let r = sh(&format!("({login} -f u touch {} {closed})", ran_at.display()));
        assert!(r.status == 0 && fs::remove_file(&ran_at).is_ok(), "{closed}: {r:?}");
        assert_eq!(sh(&format!("({login} -f preauth-deny touch {} {closed})", ran_at.display())).status, 1);
        assert!(!ran_at.exists());
    }
    let lines = fs::read_to_string(&audit).expect("audit");
    assert!(lines.lines().count() == 8 && lines.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()), "{lines}");
    assert!(fs::read_to_string(&conf).expect("conf").starts_with(&text));
}

pub fn odd_environments() {
    let mock = Mock::start();
    let conf = mock.conf("pushinfo = yes");
    for (connection, told) in [
        ("\u{1b}[31m%n%s\u{202e} 1 2 3", "from ?[31m%n%s?: ".to_string()),
        ("'; DROP", "from ';: ".into()),
        (&"9".repeat(100_000), format!("from {0}: {0}\n", "9".repeat(255))),
    ] {
        let r = ran(mock.call("login_duo", &conf, "address").env("SSH_CONNECTION", connection));
        denied(&r, &told);
        assert!(r.err.lines().all(|l| l.len() < 1100), "a line without end");
    }
    allowed(&ran(mock.call("login_duo", &conf, "preauth-allow").env("SSH_CONNECTION", "")), "Skipped");
    // Bytes that are no text reach the command as they were sent.
    let odd = |bytes: &'static [u8]| OsStr::from_bytes(bytes);
    let mut c = command(mock.dir.join("login_duo"));
    c.arg("-c").arg(&conf).args(["-f", "u"]).env(odd(b"ODD\xff"), odd(b"\xfe")).env("SSH_CONNECTION", odd(b"\xff 1"));
    let r =
        c.env("SSH_ORIGINAL_COMMAND", odd(b"printf '\xc3\x28\xff' | od -An -tx1; env | grep -ac ^ODD")).output().expect("run");
    assert_eq!(String::from_utf8_lossy(&r.stdout), " c3 28 ff\n1\n", "{r:?}");
    // A passcode of the environment counts only where it is asked for, and a bad one denies.
    for passcode in [odd(b"\xff"), odd(b""), odd(b"\x1b[A")] {
        let conf = mock.conf("accept_env_factor = yes");
        assert_eq!(ran(mock.call("login_duo", &conf, "u").env("DUO_PASSCODE", passcode)).status, 1, "{passcode:?}");
    }
}

/// Whenever a login is killed, the state is the old one or the new one, and the next login can use it.
pub fn killed_logins_leave_whole_state() {
    let mock = Mock::start();
    let dir = state(&mock);
    let conf = mock.conf(&format!("guard = 1000/1h\nstatedir = {}", dir.display()));
    let mut counted = 0;
    for i in 0..60 {
        let mut c = mock.call("login_duo", &conf, "u");
        let mut login = c.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("spawn");
        std::thread::sleep(Duration::from_micros(500 * i));
        login.kill().expect("kill");
        login.wait().expect("wait");
        // The authenticating process goes with the other one, but may be a moment behind.
        let text = fs::read_to_string(dir.join("u.guard")).unwrap_or_default();
        assert!(text.is_empty() || text.ends_with('\n') && text.lines().all(|l| l.parse::<u64>().is_ok()), "{text:?}");
        let now = text.lines().count();
        assert!(now >= counted, "nothing counted is forgotten: {now} after {counted}");
        counted = now;
    }
    allowed(&ran(&mut mock.call("login_duo", &conf, "u")), "Successful");
    let names: Vec<_> = fs::read_dir(&dir).expect("state").map(|e| e.expect("entry").file_name()).collect();
    assert!(names.iter().all(|n| n == "u.guard" || n == "u.lock"), "{names:?}");
    // Nobody goes on authenticating for a login that is gone.
    mock.mode("silent-auth");
    let own = conf.as_os_str().as_bytes();
    let living = || {
        let named = |p: &fs::DirEntry| fs::read(p.path().join("cmdline")).is_ok_and(|c| c.windows(own.len()).any(|w| w == own));
        fs::read_dir("/proc").expect("proc").flatten().filter(named).count()
    };
    let before = mock.requests("POST /auth/v2/auth async");
    let mut login = mock.call("login_duo", &conf, "u").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("spawn");
    wait_for("the request", || mock.requests("POST /auth/v2/auth async") > before);
    assert_eq!(living(), 2);
    login.kill().expect("kill");
    login.wait().expect("wait");
    wait_for("the authenticating process to end", || living() == 0);
}

pub fn state_that_others_could_have_written() {
    need_root();
    let mock = Mock::start();
    let dir = state(&mock);
    let conf = mock.conf(&format!("guard = 9/1h\nstatedir = {}", dir.display()));
    let refused = |why: &str| {
        denied(
            &ran(&mut mock.call("login_duo", &conf, "u")),
            &format!("Login requests cannot be counted: {}: {why}", dir.display()),
        );
    };
    let folder = "must be a folder that only root or the service user can write";
    allowed(&ran(&mut mock.call("login_duo", &conf, "u")), "Successful");
    chown(&dir, Some(12_345), None).expect("chown");
    refused(folder);
    chown(&dir, Some(0), None).expect("chown");
    // Nor is a configuration of somebody else's read, or one behind a link.
    let (other, link) = (mock.conf("# another's"), mock.dir.join("link.conf"));
    symlink(&conf, &link).expect("link");
    chown(&other, Some(12_345), None).expect("chown");
    denied(&ran(&mut mock.call("duo-login", &other, "u")), "must be readable only by user");
    denied(&ran(&mut mock.call("duo-login", &link, "u")), "Too many levels of symbolic links");
    let victim = mock.dir.join("victim");
    put(&victim, "kept", 0o600);
    let file = |name: &str| dir.join(name);
    let replaced = |name: &str, why: &str, by: &dyn Fn(&Path)| {
        let _ = fs::remove_file(file(name));
        by(&file(name));
        refused(why);
        fs::remove_file(file(name)).expect("remove");
        assert_eq!(fs::read_to_string(&victim).expect("victim"), "kept");
    };
    replaced("u.guard", "", &|p| symlink(&victim, p).expect("link"));
    replaced("u.guard", "", &|p| put(p, "", 0o666));
    replaced("u.lock", "", &|p| symlink(&victim, p).expect("link"));
    replaced("u.lock", "", &|p| fs::hard_link(&victim, p).expect("link"));
    let r = ran(command("mkfifo").arg(file("u.guard")));
    assert_eq!(r.status, 0, "{r:?}");
    refused("");
    fs::rename(&dir, mock.dir.join("elsewhere")).expect("rename");
    symlink(mock.dir.join("elsewhere"), &dir).expect("link");
    refused(folder);
    assert_eq!(mock.requests("POST /auth/v2/auth async"), 1);
}

/// A user's LOCALDOMAIN, RES_OPTIONS or HOSTALIASES would have the API's name looked up as another.
pub fn the_environment_does_not_lead_the_resolver() {
    need_root();
    let mock = Mock::start();
    let (resolver, address) = resolver();
    resolver.set_nonblocking(true).expect("socket");
    let resolv = mock.dir.join("resolv.conf");
    put(&resolv, &format!("nameserver {address}\noptions timeout:1 attempts:1\n"), 0o644);
    put(&mock.dir.join("aliases"), "apihost attacker.example\n", 0o644);
    let conf = mock.conf("host = apihost\nhttps_timeout = 2\nfailmode = secure");
    let line = format!(
        "mount --bind {} /etc/resolv.conf; export LOCALDOMAIN=attacker.example HOSTALIASES={}; exec {} -d -c {} -f u true",
        resolv.display(),
        mock.dir.join("aliases").display(),
        mock.dir.join("login_duo").display(),
        conf.display()
    );
    denied(&ran(command("unshare").args(["-m", "--propagation", "private", "sh", "-ec", &line])), "Failsecure");
    let (mut asked, mut packet) = (0, [0; 512]);
    while let Ok((n, _)) = resolver.recv_from(&mut packet) {
        let text = String::from_utf8_lossy(&packet[..n]).into_owned();
        assert!(!text.contains("attacker"), "{text:?}");
        asked += usize::from(text.contains("apihost"));
    }
    assert!(asked > 0);
}

/// Without `cafile` only Duo's own roots are trusted, whatever the system trusts.
pub fn only_the_roots_that_are_pinned() {
    let mock = Mock::start();
    let text = fs::read_to_string(mock.conf("failmode = secure")).expect("conf");
    let pinned: String = text.lines().filter(|l| !l.starts_with("cafile")).map(|l| format!("{l}\n")).collect();
    let mut c = mock.call("login_duo", &mock.file(&pinned), "u");
    c.env("SSL_CERT_FILE", mock.dir.join("ca.pem"));
    denied(&ran(&mut c), "certificate verify failed");
}
