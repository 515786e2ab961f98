//! What each failure comes to, headless.
use crate::kit::{Mock, allowed, denied, put};
use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};
use tests::{command, ran};

pub fn statuses_of_http() {
    let mock = Mock::start();
    for code in ["400", "402", "403", "404"] {
        let r = mock.login("", code);
        denied(&r, &format!("[4] Aborted Duo login for '{code}': HTTP {code}\n"));
        denied(&mock.login("failmode = secure", code), &format!("Aborted Duo login for '{code}': HTTP {code}\n"));
    }
    for code in ["500", "501", "503"] {
        allowed(&mock.login("", code), &format!("[4] Failsafe Duo login for '{code}': HTTP {code}\n"));
        denied(&mock.login("failmode = secure", code), &format!("[4] Failsecure Duo login for '{code}': HTTP {code}\n"));
    }
    allowed(&mock.login("", "401"), "Failsafe Duo login for '401': Invalid ikey or skey\n");
    denied(&mock.login("skey = wrong\nfailmode = secure", "x"), "Failsecure Duo login for 'x': Invalid ikey or skey\n");
}

pub fn states_of_preauth() {
    let mock = Mock::start();
    allowed(&mock.login("", "preauth-allow"), "[4] Skipped Duo login for 'preauth-allow': preauth-allowed\n");
    denied(&mock.login("", "preauth-deny"), "[4] Aborted Duo login for 'preauth-deny': preauth-denied\n");
    denied(&mock.login("", "enroll"), "Aborted Duo login for 'enroll': User enrollment required\n");
    denied(&mock.login("", "fail"), "[4] Failed Duo login for 'fail': 40002: Invalid request parameters\n");
    for (user, why) in [
        ("no-response", "JSON missing valid 'response'"),
        ("bad-stat", "JSON invalid 'stat': BAD"),
        ("bad-json", "invalid JSON response"),
        ("preauth-nonsense", "JSON invalid 'result': perhaps"),
    ] {
        allowed(&mock.login("", user), &format!("Failsafe Duo login for '{user}': {why}\n"));
        denied(&mock.login("failmode = secure", user), &format!("Failsecure Duo login for '{user}': {why}\n"));
    }
    allowed(&mock.login("", "somebody"), "[6] Successful Duo login for 'somebody'\n");
    denied(&mock.login("", "push-deny"), "[4] Failed Duo login for 'push-deny'\n");
    denied(&mock.login("", "failmode"), ": open\n");
    denied(&mock.login("failmode = secure", "failmode"), ": closed\n");
}

/// Under its old name the program opens where login_duo does; under its own it never does.
pub fn faults_of_the_configuration() {
    let mock = Mock::start();
    let good = mock.conf("");
    let missing = mock.dir.join("missing");
    let open = mock.dir.join("open.conf");
    put(&open, &fs::read_to_string(&good).expect("conf"), 0o644);
    let name = |p: &std::path::Path| p.display().to_string();
    let (corrupt, empty, unknown) = (mock.file("[duo]\nq3598pjg9jajaf\n"), mock.file("[duo]\n"), mock.file("Ikey = x\n"));
    let both = mock.conf("autopush = yes\nverified_push = yes");
    for (path, why) in [
        (&missing, format!("Couldn't open {}: No such file or directory\n", name(&missing))),
        (&open, format!("{} must be readable only by user '", name(&open))),
        (&corrupt, format!("Parse error in {}, line 2: expected key = value\n", name(&corrupt))),
        (&empty, format!("Missing host, ikey, or skey in {}\n", name(&empty))),
        (&unknown, format!("Invalid login_duo option: 'Ikey'\nParse error in {}, line 1\n", name(&unknown))),
        (&both, format!("autopush and verified_push cannot both be enabled in {}\n", name(&both))),
    ] {
        let r = ran(&mut mock.call("login_duo", path, "u"));
        allowed(&r, &why);
        assert!(r.err.contains("[4] Failsafe Duo login for 'u': configuration fault: "), "told loudly: {r:?}");
        let r = ran(&mut mock.call("duo-login", path, "u"));
        denied(&r, &why.replace("login_duo option", "duo-login option"));
        assert!(r.err.contains("[4] Failsecure Duo login for 'u': configuration fault: "), "{r:?}");
    }
    let secure = mock.file("failmode = secure\ngarbage\nfailmode = safe\n");
    denied(&ran(&mut mock.call("login_duo", &secure, "u")), "Parse error in ");
    let strict = mock.file("garbage\nstrict = yes\n");
    denied(&ran(&mut mock.call("login_duo", &strict, "u")), "Parse error in ");
    // What login_duo silently takes for no is told, and is a fault when strict.
    allowed(&mock.login("pushinfo = Yes", "preauth-allow"), ", line 6: pushinfo = Yes: expected yes or no, taken as no\n");
    denied(&mock.login("pushinfo = Yes\nstrict = yes", "preauth-allow"), ", line 6: pushinfo = Yes: expected yes or no");
}

pub fn no_answer_is_for_failmode_and_in_time() {
    let mock = Mock::start();
    let couldnt = format!("Couldn't connect to localhost:{}: ", mock.port());
    for (mode, why) in [
        ("silent", "no answer: timed out"),
        ("nohandshake", "TLS handshake timed out"),
        ("drip", "no answer: timed out"),
        ("oversize", "response larger than 64 KiB"),
        ("malformed", "malformed response"),
        ("close", "Connection closed"),
        ("refuse", ""),
    ] {
        mock.mode(mode);
        let began = Instant::now();
        allowed(&mock.login("https_timeout = 2", "u"), &format!("[4] Failsafe Duo login for 'u': {couldnt}{why}"));
        denied(
            &mock.login("https_timeout = 2\nfailmode = secure", "u"),
            &format!("Failsecure Duo login for 'u': {couldnt}{why}"),
        );
        // Two logins of two seconds each; the rest is what a busy machine takes.
        assert!(began.elapsed() < Duration::from_secs(15), "{mode}: {:?}", began.elapsed());
    }
    mock.mode("");
    let with_host = |host: &str| mock.login(&format!("host = {host}"), "u");
    allowed(
        &with_host("localhost:1"),
        "Failsafe Duo login for 'u': Couldn't connect to localhost:1: Failed to connect: Connection refused\n",
    );
    allowed(&with_host("nothing.invalid"), "Failsafe Duo login for 'u': Couldn't connect to nothing.invalid: ");
    allowed(&mock.login(&format!("host = [::1]:{}", mock.port()), "preauth-allow"), "Skipped");
    denied(&with_host("a b"), "[3] Couldn't open Duo API handle for 'u': host 'a b': expected host[:port]\n");
}

/// A resolver that never answers, at an address of this process's own.
pub fn resolver() -> (UdpSocket, String) {
    let id = std::process::id();
    let address = format!("127.{}.{}.{}", 1 + id % 199, id / 199 % 256, 1 + id / 50_944 % 250);
    (UdpSocket::bind((address.as_str(), 53)).expect("a resolver's port"), address)
}

/// A resolver that never answers, and a name of three addresses of which only the last one serves.
pub fn slow_names_and_several_addresses() {
    tests::need_root();
    let mock = Mock::with(&["--san", "three.example"]);
    let private = |mount: &str, conf: &Path| {
        let login = format!("{} -d -c {} -f preauth-allow echo RAN", mock.dir.join("login_duo").display(), conf.display());
        ran(command("unshare").args(["-m", "--propagation", "private", "sh", "-ec", &format!("mount --bind {mount}\n{login}")]))
    };
    let file = |name: &str, text: &str| {
        put(&mock.dir.join(name), text, 0o644);
        mock.dir.join(name).display().to_string()
    };
    let (_resolver, address) = resolver();
    let conf = mock.conf("host = three.example\nhttps_timeout = 2\nfailmode = secure");
    let began = Instant::now();
    let r = private(&format!("{} /etc/resolv.conf", file("resolv.conf", &format!("nameserver {address}\n"))), &conf);
    denied(&r, "Failsecure Duo login for 'preauth-allow': Couldn't connect to three.example: name resolution timed out\n");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let port = mock.port();
    // One that accepts and says nothing, one that refuses.
    let _silent = TcpListener::bind(format!("127.0.0.3:{port}")).expect("port");
    let conf = mock.conf(&format!("host = three.example:{port}\nfailmode = secure"));
    let hosts = file("hosts", "127.0.0.3 three.example\n127.0.0.4 three.example\n127.0.0.1 three.example\n");
    allowed(&private(&format!("{hosts} /etc/hosts"), &conf), "Skipped");
}

pub fn certificates_and_names() {
    let mock = Mock::with(&["--san", "other.example"]);
    let why = "Certificate name validation failed\n";
    allowed(&mock.login("", "u"), why);
    denied(&mock.login("failmode = secure", "u"), why);
    let r = mock.login("noverify = yes", "preauth-allow");
    allowed(&r, "Skipped Duo login for 'preauth-allow'");
    assert!(r.err.contains("[4] noverify is set"), "{r:?}");
    let right = Mock::start();
    let other = mock.dir.join("ca.pem").display().to_string();
    denied(&right.login(&format!("cafile = {other}\nfailmode = secure"), "u"), "certificate verify failed");
    for cafile in ["/nonexistent/ca.pem", "/dev/null", ""] {
        let r = right.login(&format!("cafile = {cafile}"), "u");
        denied(&r, "[3] Couldn't open Duo API handle for 'u': cafile ");
    }
    assert_eq!(mock.requests("preauth"), 1, "only with noverify");
}

pub fn proxies() {
    let mock = Mock::with(&["--proxy", "user:p@ss"]);
    let port = fs::read_to_string(mock.dir.join("proxy-port")).expect("port");
    let through = |proxy: &str| mock.login(&format!("http_proxy = {proxy}"), "preauth-allow");
    allowed(&through(&format!("http://user:p@ss@localhost:{port}/")), "Skipped");
    assert_eq!(mock.requests(&format!("CONNECT localhost:{} HTTP/1.1", mock.port())), 1);
    let r = through(&format!("localhost:{port}"));
    allowed(&r, "Failsafe Duo login for 'preauth-allow': Couldn't connect to ");
    assert!(r.err.contains("Proxy error: HTTP/1.1 407 Proxy Authentication Required\n"), "{r:?}");
    allowed(&through("localhost:1"), "Failsafe Duo login for 'preauth-allow': Couldn't connect to ");
    denied(&through("https://localhost:1"), "Couldn't open Duo API handle for 'preauth-allow': http_proxy must be HTTP\n");
    // The environment has no say.
    let conf = mock.conf("");
    let r =
        ran(mock.call("login_duo", &conf, "preauth-allow").env("http_proxy", "localhost:1").env("https_proxy", "localhost:1"));
    allowed(&r, "Skipped");
}

pub fn after_preauth_everything_denies() {
    let mock = Mock::start();
    denied(&mock.login("", "auth-500"), "[3] Error in Duo login for 'auth-500': HTTP 500\n");
    mock.mode("lost");
    denied(&mock.login("", "u"), "[3] Error in Duo login for 'u': Couldn't connect to ");
    assert_eq!(mock.requests("POST /auth/v2/auth async=0&factor=prompt"), 2, "one each: a push is never sent twice");
}

pub fn a_busy_server_is_asked_again() {
    let mock = Mock::start();
    allowed(&mock.login("", "busy"), "Skipped Duo login for 'busy': preauth-allowed\n");
    assert_eq!(mock.requests("preauth"), 2);
    allowed(&mock.login("", "busy-twice"), "Skipped");
    assert_eq!(mock.requests("preauth"), 5);
    denied(&mock.login("", "busy-for-long"), "Aborted Duo login for 'busy-for-long': HTTP 429\n");
    denied(&mock.login("https_timeout = 1", "busy-twice"), "HTTP 429\n");
}

pub fn a_wrong_clock_does_not_matter() {
    for skew in ["4000", "-4000"] {
        let mock = Mock::with(&["--skew", skew]);
        allowed(&mock.login("", "u"), "Successful Duo login for 'u'\n");
    }
}

pub fn hostile_text_is_neutralised() {
    let mock = Mock::start();
    let r = mock.login("", "hostile");
    denied(&r, "Aborted Duo login for 'hostile': ?]0;owned??31m?evil?\n");
    let (seen, _) = mock.terminal("", "hostile").end();
    assert!(seen.contains("?]0;owned??31m?evil?"), "{seen:?}");
    assert!(!seen.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{2066}']), "{seen:?}");
}

pub fn the_command_gets_its_own_world() {
    let mock = Mock::start();
    let conf = mock.conf("accept_env_factor = yes");
    let run = |command: &str| {
        let mut c = command_of(&mock, &conf);
        ran(c.env("SSH_ORIGINAL_COMMAND", command).env("DUO_PASSCODE", "123456").env("KEPT", "1"))
    };
    let r = run("echo ${DUO_PASSCODE:-unset} $KEPT; exit 7");
    assert_eq!((r.out.as_str(), r.status), ("unset 1\n", 7), "{r:?}");
    // A broken pipe ends the command, as it would without us.
    let r = run("(sleep 0.2; trap; yes) | head -1; grep SigIgn /proc/self/status");
    let ignored = r.out.trim().rsplit('\t').next().and_then(|hex| u64::from_str_radix(hex, 16).ok()).expect("mask");
    assert!(r.out.starts_with("y\n") && ignored & 1 << (libc::SIGPIPE - 1) == 0, "{r:?}");
    let limits = run("ulimit -c");
    assert_eq!(limits.status, 0);
    assert!(!run("cat /proc/self/status").out.contains("NoNewPrivs:\t1"), "the shell is not confined");
    let r = ran(command_of(&mock, &conf).env("DUO_PASSCODE", "000000").arg("true"));
    assert_eq!(r.status, 1, "a wrong passcode from the environment: {r:?}");
}

fn command_of(mock: &Mock, conf: &Path) -> std::process::Command {
    let mut c = command(mock.dir.join("login_duo"));
    c.arg("-c").arg(conf).args(["-f", "u"]);
    c
}

pub fn addresses_are_sent_and_logged() {
    let mock = Mock::start();
    let conf = mock.conf("");
    let from = |connection: &str| ran(mock.call("login_duo", &conf, "address").env("SSH_CONNECTION", connection));
    denied(&from("192.0.2.7 50 127.0.0.1 22"), "Aborted Duo login for 'address' from 192.0.2.7: 192.0.2.7\n");
    denied(&from("2001:db8::7 50 ::1 22"), "from 2001:db8::7: 2001:db8::7\n");
    let mut c = command(mock.dir.join("login_duo"));
    let r = ran(c.arg("-d").arg("-c").arg(&conf).args(["-f", "address", "-h", "\"%s\"", "true"]));
    denied(&r, "from \"%s\": \"%s\"\n");
    let fallback = mock.conf("fallback_local_ip = yes");
    let r = ran(mock.call("login_duo", &fallback, "address").env("SSH_CONNECTION", "somewhere 50 x 22"));
    assert!(!r.err.contains("somewhere"), "{r:?}");
    let info = mock.conf("pushinfo = yes");
    allowed(&ran(&mut mock.call("login_duo", &info, "u")), "Successful");
    assert_eq!(
        mock.requests("pushinfo=Server%2BIP%3D127.0.0.1%26Command%3Decho%2520RAN")
            + mock.requests("pushinfo=Server%2BIP%3D%253A%253A1%26Command%3Decho%2520RAN"),
        1
    );
}
