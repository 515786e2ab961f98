//! What login_duo does not have: guard, window, offline factors, audit, --check, --enroll.
use crate::kit::{Mock, allowed, denied, put};
use data_encoding::BASE32_NOPAD;
use ring::hmac;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use tests::{bin_dir, command, manual, ran, sh};

fn state(mock: &Mock) -> PathBuf {
    let dir = mock.dir.join("state");
    let _ = fs::DirBuilder::new().mode(0o700).create(&dir);
    dir
}

fn lines(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}"))).collect()
}

pub fn the_guard_counts_across_logins() {
    let mock = Mock::start();
    let conf = format!("guard = 2/10m\nstatedir = {}", state(&mock).display());
    allowed(&mock.login(&conf, "u"), "Successful");
    denied(&mock.login(&conf, "push-deny"), "Failed Duo login for 'push-deny'\n");
    allowed(&mock.login(&conf, "u"), "Successful");
    let r = mock.login(&conf, "u");
    denied(&r, "[4] Failed Duo login for 'u': Too many login requests. Wait ");
    assert_eq!(mock.requests("POST /auth/v2/auth async"), 3, "the fourth rings nowhere");
    let mut t = mock.terminal(&conf, "u");
    t.expect("(1-3): ").send("1\n").expect("Too many login requests. Wait ").expect("or enter a passcode.\n");
    t.expect("(1-3): ").send("123456\n").expect("RAN\n");
    assert_eq!(t.end().1, 0);
    // What cannot be counted does not ring.
    denied(
        &mock.login("guard = 2/10m\nstatedir = /nonexistent", "u"),
        "Login requests cannot be counted: /nonexistent: No such file",
    );
}

pub fn two_hundred_logins_at_once() {
    let mock = Mock::start();
    let audit = mock.dir.join("audit");
    let conf = mock.conf(&format!(
        "guard = 50/10m\nhttps_timeout = 120\nstatedir = {}\naudit = {}",
        state(&mock).display(),
        audit.display()
    ));
    // A hundred for one user, of whom fifty may ring; fifty denied by the API; fifty for users of their own.
    let user = |i: usize| match i % 4 {
        0 | 1 => "one".to_string(),
        2 => "preauth-deny".into(),
        _ => format!("u{i}"),
    };
    let run = |i| {
        mock.call("login_duo", &conf, &user(i)).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn()
    };
    let all: Vec<_> = (0..200).map(|i| run(i).expect("spawn")).collect();
    let mut ran = [0; 4];
    for (i, child) in all.into_iter().enumerate() {
        let out = child.wait_with_output().expect("wait");
        assert_eq!(out.status.success(), out.stdout == b"RAN\n");
        ran[i % 4] += usize::from(out.status.success());
    }
    assert_eq!((ran[0] + ran[1], ran[2], ran[3]), (50, 0, 50));
    assert_eq!(mock.requests("POST /auth/v2/auth async"), 100);
    let lines = lines(&audit);
    let count = |user: &str, result: &str| lines.iter().filter(|l| l["user"] == user && l["result"] == result).count();
    assert_eq!(lines.len(), 200, "none lost");
    assert_eq!((count("one", "allow"), count("one", "deny"), count("preauth-deny", "deny")), (50, 50, 50));
}

pub fn a_remembered_key() {
    let mock = Mock::start();
    let conf = mock.conf(&format!("remember = 1h\nstatedir = {}", state(&mock).display()));
    let auth = mock.dir.join("auth");
    let with = |blob: &str, user: &str| {
        put(&auth, &format!("publickey ssh-ed25519 {blob}\n"), 0o600);
        ran(mock.call("login_duo", &conf, user).env("SSH_USER_AUTH", &auth))
    };
    allowed(&with("AAAA", "u"), "Successful Duo login for 'u'\n");
    allowed(&with("AAAA", "u"), "[6] Remembered Duo login for 'u'\n");
    assert_eq!(mock.requests("POST /auth/v2/auth async"), 1);
    allowed(&with("BBBB", "u"), "Successful");
    allowed(&ran(&mut mock.call("login_duo", &conf, "u")), "Successful");
    let file = state(&mock).join("root.remember");
    let text = fs::read_to_string(&file).expect("remembered");
    put(&file, &text.replace(" 1", " 2"), 0o600);
    allowed(&with("AAAA", "u"), "Successful");
    // Neither a refused login is remembered nor one that the API let pass unasked.
    allowed(&with("DDDD", "preauth-allow"), "Skipped");
    allowed(&with("DDDD", "u"), "Successful");
    denied(&with("CCCC", "push-deny"), "Failed");
    allowed(&with("CCCC", "u"), "Successful");
    // A file that is not the user's own tells nothing.
    std::os::unix::fs::chown(&auth, Some(1), None).expect("chown");
    allowed(&ran(mock.call("login_duo", &conf, "u").env("SSH_USER_AUTH", &auth)), "Successful");
}

/// The password of the step that now is, plus `steps`.
fn password(secret: &str, steps: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("clock").as_secs();
    let step = (now / 30).checked_add_signed(steps).expect("step");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &BASE32_NOPAD.decode(secret.as_bytes()).expect("secret"));
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().expect("four"));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

fn enroll(conf: &Path, user: &str) -> String {
    ran(command("duo-login").arg("--enroll").arg("-c").arg(conf).arg(user)).ok()
}

pub fn offline_passwords() {
    let mock = Mock::start();
    let dir = state(&mock);
    let extra = format!("offline = totp\nhost = localhost:1\nstatedir = {}", dir.display());
    let conf = mock.conf(&extra);
    denied(&ran(&mut mock.call("login_duo", &conf, "u")), "[4] Failsecure Duo login for 'u': Couldn't connect to localhost:1");
    let mut t = mock.terminal(&extra, "u");
    t.expect("Duo cannot be reached. Offline passcode: ").send("000000\n").expect("not enrolled for offline logins");
    assert_eq!(t.end().1, 1, "failmode = safe does not open it");
    let shown = enroll(&conf, "root");
    let secret = shown.split("secret=").nth(1).and_then(|s| s.split('&').next()).expect("URI").to_string();
    assert!(shown.starts_with("otpauth://totp/") && shown.contains('█'), "{shown}");
    assert_eq!(fs::metadata(dir.join("root.offline")).expect("state").mode() & 0o777, 0o600);
    let right = password(&secret, 0);
    let mut t = mock.terminal(&extra, "u");
    t.expect("Offline passcode: ").send("12345\n").expect("Wrong offline passcode.\n");
    t.expect("Offline passcode: ")
        .send(&format!("{right}\n"))
        .expect("[4] Offline Duo login for 'u': Couldn't connect to localhost:1")
        .expect("RAN\n");
    assert_eq!(t.end().1, 0);
    let env = mock.conf(&format!("{extra}\naccept_env_factor = yes"));
    let replay = ran(mock.call("login_duo", &env, "u").env("DUO_PASSCODE", &right));
    denied(&replay, "wrong offline passcode");
    allowed(&ran(mock.call("login_duo", &env, "u").env("DUO_PASSCODE", password(&secret, 1))), "Offline Duo login");
    // The API is asked first whenever it can be.
    let up = mock.conf(&format!("offline = totp\nstatedir = {}", dir.display()));
    allowed(&ran(&mut mock.call("login_duo", &up, "u")), "Successful Duo login");
    denied(&ran(&mut mock.call("login_duo", &up, "preauth-deny")), "Aborted");
}

pub fn offline_codes() {
    let mock = Mock::start();
    let dir = state(&mock);
    let extra = format!("offline = codes\naccept_env_factor = yes\nhost = localhost:1\nstatedir = {}", dir.display());
    let conf = mock.conf(&extra);
    let shown = enroll(&conf, "root");
    let codes: Vec<_> = shown.lines().collect();
    assert_eq!(codes.len(), 10);
    assert!(!fs::read_to_string(dir.join("root.offline")).expect("state").contains(&codes[0][2..6]), "hashed");
    let with = |code: &str| ran(mock.call("login_duo", &conf, "u").env("DUO_PASSCODE", code));
    allowed(&with(codes[3]), "Offline Duo login");
    let again = with(codes[3]);
    denied(&again, "[4] Failed Duo login for 'u': wrong offline passcode\n");
    assert!(!again.err.contains("Failsecure"), "one line for one decision: {again:?}");
    let mut t = mock.terminal(&extra.replace("accept_env_factor = yes\n", ""), "u");
    t.expect("Recovery code: ").send(&format!("{}\n", codes[9])).expect("8 recovery codes left.\n").expect("RAN\n");
    assert_eq!(t.end().1, 0);
    // Every code was tried at once by two logins: one passes.
    let both: Vec<_> = (0..2)
        .map(|_| {
            mock.call("login_duo", &conf, "u")
                .env("DUO_PASSCODE", codes[0])
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::null())
                .spawn()
                .expect("spawn")
        })
        .collect();
    let passed = both.into_iter().filter_map(|c| c.wait_with_output().ok()).filter(|o| o.status.success()).count();
    assert_eq!(passed, 1);
    for _ in 0..10 {
        denied(&with("1-aaaa-aaaa-aaaa"), "[4] Failed Duo login for 'u': ");
    }
    denied(&with(codes[5]), "too many wrong passcodes: locked for ");
}

pub fn audit_in_both_forms() {
    let mock = Mock::start();
    let path = mock.dir.join("audit.log");
    let conf = mock.conf(&format!("audit = {}", path.display()));
    ran(mock.call("login_duo", &conf, "u").env("SSH_CONNECTION", "192.0.2.7 1 2 3"));
    ran(&mut mock.call("login_duo", &conf, "push-deny"));
    ran(&mut mock.call("login_duo", &conf, "503"));
    let lines = lines(&path);
    let fields = |i: usize, name: &str| lines[i][name].as_str().unwrap_or_default().to_string();
    assert_eq!(["user", "ip", "factor", "result"].map(|n| fields(0, n)), ["u", "192.0.2.7", "push", "allow"]);
    assert_eq!(["user", "factor", "result", "reason"].map(|n| fields(1, n)), ["push-deny", "push", "deny", "not authenticated"]);
    assert_eq!(["user", "factor", "result", "reason"].map(|n| fields(2, n)), ["503", "failmode", "allow", "HTTP 503"]);
    assert!(lines[0]["duration"].as_f64().is_some_and(|d| d > 0.0 && d < 60.0) && fields(0, "time").ends_with('Z'));
    assert_eq!(fs::metadata(&path).expect("audit").mode() & 0o777, 0o600);
    let csv = mock.dir.join("audit.csv");
    ran(&mut mock.call("login_duo", &mock.conf(&format!("audit = {}", csv.display())), "preauth-allow"));
    let text = fs::read_to_string(&csv).expect("audit");
    assert!(text.contains("Z,preauth-allow,,none,allow,preauth-allowed,0."), "{text}");
}

/// On a file system without room, a login is still decided, and what could not be written is told.
pub fn a_full_disk_is_told() {
    tests::need_root();
    let mock = Mock::start();
    let conf = mock.conf("guard = 5/10m\nstatedir = /mnt/state\naudit = /mnt/audit");
    let line = format!(
        "mount -t tmpfs -o size=64k tmpfs /mnt && mkdir -m 700 /mnt/state && \
         printf '%4055s\\n' x >/mnt/audit; cat /dev/zero >/mnt/fill 2>/dev/null; \
         {} -d -c {} -f u echo RAN; ls -A /mnt/state; stat -c %s /mnt/audit",
        mock.dir.join("login_duo").display(),
        conf.display()
    );
    let r = ran(command("unshare").args(["-m", "--propagation", "private", "sh", "-c", &line]));
    assert!(
        r.err.contains("Failed Duo login for 'u': Login requests cannot be counted: /mnt/state: No space left on device\n"),
        "{r:?}"
    );
    assert!(r.err.contains("[3] Couldn't write the audit file for 'u': /mnt/audit: No space left on device\n"), "{r:?}");
    assert_eq!(r.out, "u.lock\n4056\n", "nothing half done, and of the audit's line nothing at all");
}

pub fn check_finds_what_is_wrong() {
    let mock = Mock::with(&["--skew", "4000"]);
    let sshd = mock.dir.join("sshd-T");
    put(&sshd, "port 22\nforcecommand /usr/sbin/login_duo\nallowtcpforwarding yes\nsubsystem sftp internal-sftp\n", 0o644);
    let check = |extra: &str| {
        let conf = mock.conf(extra);
        ran(command(bin_dir().join("duo-login")).arg("--check").arg("-H").arg("-c").arg(conf).arg("--sshd").arg(&sshd))
    };
    let r = check("guard = 5/10m\nstatedir = /nonexistent");
    assert_eq!(r.status, 1);
    for row in [
        "warning\tconfiguration\tfailmode = safe: an outage lets everybody in by the first factor alone\tfailmode = secure, or offline = totp\n",
        "fault\tstate\t/nonexistent: No such file or directory\tinstall -d -o sshd -m 700 /nonexistent\n",
        "warning\tapi\tthis clock is -4000 seconds off\trun an NTP client\n",
        "ok\tapi\tthe keys are accepted\t\n",
        "fault\tsshd\tssh -N -L opens a tunnel without a second factor\tAllowTcpForwarding no\n",
        "fault\tsshd\tinternal-sftp cannot run under a ForceCommand: sftp fails\tSubsystem sftp /usr/lib/openssh/sftp-server\n",
    ] {
        assert!(r.out.contains(row), "{row}: {}", r.out);
    }
    assert_eq!(mock.requests("POST"), 0, "no phone rings");
    put(&sshd, "port 22\nforcecommand /usr/sbin/login_duo\nallowtcpforwarding no\n", 0o644);
    let r = check("failmode = secure\nguard = no");
    assert!(r.status == 0 && r.out.contains("ok\tsshd\tno way around the ForceCommand found\t\n"), "{r:?}");
    assert!(check("audit = /nonexistent/a").out.contains("fault\taudit\t/nonexistent/a: its folder is missing\tinstall -d "));
    assert!(check("audit = /etc/passwd").out.contains("warning\taudit\t/etc/passwd is no file of the user sshd"));
    assert!(check("skey = wrong").out.contains("fault\tapi\tInvalid ikey or skey\t"));
    assert!(check("motd = Yes").out.contains("motd = Yes: expected yes or no"));
    assert!(check("host = localhost:1").out.contains("fault\tapi\tCouldn't connect to localhost:1: "));
}

/// Every command of the pages' EXAMPLES, on a mock and with paths of the test.
pub fn manual_examples() {
    tests::need_root();
    let mock = Mock::start();
    let dir = state(&mock);
    let commands = [manual::examples("duo-login.8"), manual::examples("duo-login.conf.5")].concat();
    for command in commands {
        let conf = mock.conf(&format!(
            "offline = totp\nguard = 5/10m\nfailmode = secure\nstatedir = {}\naudit = {}/audit",
            dir.display(),
            mock.dir.display()
        ));
        put(&mock.dir.join("sshd-T"), "port 22\nforcecommand /usr/local/sbin/duo-login\nallowtcpforwarding no\n", 0o644);
        put(&mock.dir.join("audit"), "{\"user\":\"u\",\"result\":\"deny\"}\n", 0o600);
        let line = command
            .replace("/etc/duo/login_duo.conf", &conf.display().to_string())
            .replace("/var/log/duo-login.json", &mock.dir.join("audit").display().to_string())
            .replace("/usr/local/sbin/", &format!("{}/", mock.dir.display()))
            .replace("sshd -T", &format!("cat {}/sshd-T", mock.dir.display()))
            .replace("/var/lib/duo-login", &format!("{}/fresh", mock.dir.display()))
            .replace("alice", "root")
            .replace("-o sshd ", "-o root ");
        let r = sh(&mock.dir, &line);
        assert_eq!(r.status, 0, "{line}: {r:?}");
    }
}

/// A tracer follows a login by its probes: headless, and at the menu.
pub fn probes_are_traced() {
    tests::need_root();
    let mock = Mock::start();
    let script = mock.dir.join("trace.d");
    let text = r#"
        duologin*:::start { printf("start %s %s\n", copyinstr(arg0), copyinstr(arg1)); }
        duologin*:::preauth { printf("preauth %s %s\n", copyinstr(arg0), copyinstr(arg1)); }
        duologin*:::prompt { printf("prompt %s\n", copyinstr(arg0)); }
        duologin*:::decision { printf("decision %s %s %d\n", copyinstr(arg0), copyinstr(arg1), arg2); }"#;
    put(&script, text, 0o600);
    let conf = mock.conf("");
    let traced = |user: &str, out: &str| {
        let login = format!("{} -c {} -f {user} true", bin_dir().join("duo-login").display(), conf.display());
        let mut c = command("phptrace");
        c.args(["-q", "-o", out, "-s"]).arg(&script).args(["-c", &login]).env("SSH_CONNECTION", "192.0.2.7 1 2 3");
        c
    };
    let out = mock.dir.join("trace").display().to_string();
    let seen = |c: &mut std::process::Command| {
        let r = ran(c);
        let mut lines: Vec<String> = fs::read_to_string(&out).unwrap_or_default().lines().map(str::to_string).collect();
        let _ = fs::remove_file(&out);
        lines.retain(|l| !l.is_empty());
        assert!(!lines.is_empty(), "{r:?}");
        lines
    };
    assert_eq!(seen(&mut traced("u", &out)), ["start u 192.0.2.7", "preauth u ok", "decision u push 1"]);
    assert_eq!(seen(&mut traced("503", &out)), ["start 503 192.0.2.7", "preauth 503 failed", "decision 503 failmode 1"]);
    let mut t = crate::kit::Pty::start(&mut traced("u", &out));
    t.expect("(1-3): ").send("123456\n").expect("Success");
    t.end();
    let text = fs::read_to_string(&out).expect("trace");
    let lines: Vec<&str> = text.lines().filter(|l| !l.is_empty()).collect();
    assert_eq!(lines, ["start u 192.0.2.7", "preauth u ok", "prompt u", "decision u passcode 1"]);
}
