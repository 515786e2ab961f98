//! php-fpm and Apache's module as Debian ships them, containers, and processes that begin, fork, crash and are replaced under the trace.
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;
use tests::{Ran, Scratch, Server, command, need_root, pkgs, seen, test, wait_for};

fn main() -> ExitCode {
    tests::main(vec![
        test!(requests_to_fpm_are_traced),
        test!(requests_to_apache_are_traced),
        test!(each_process_without_the_variable_is_named_with_the_cure),
        test!(a_php_that_appears_later_is_traced),
        test!(a_container_is_traced_through_its_own_files),
        test!(an_upgrade_under_the_trace_is_followed),
        test!(forks_execs_and_crashes_are_followed),
        test!(two_hundred_workers_are_traced_at_once),
        test!(two_traces_of_one_process_do_not_disturb_each_other),
    ])
}

const PAGE: &str = "<?php
class Cart { function add($n) { return $n; } static function make() { return new Cart; } }
function price($n) { return $n * 2; }
$cart = Cart::make();
for ($i = 0; $i < 10; $i++) $cart->add(price($i));
try { throw new RuntimeException('no'); } catch (Exception $e) { echo 'caught'; }
";
/// Counts the functions of the files of a folder: other PHP may run on this machine.
fn count(dir: &Path) -> String {
    let name = "strjoin(copyinstr(arg3), strjoin(copyinstr(arg4), copyinstr(arg0)))";
    format!("function-entry/dirname(copyinstr(arg1)) == \"{}\"/{{@[{name}] = count()}}", dir.display())
}

/// The same by module and without classes.
fn modules(dir: &Path) -> String {
    format!("php*:::function-entry/dirname(copyinstr(arg1)) == \"{}\"/{{@[probemod, copyinstr(arg0)] = count()}}", dir.display())
}

fn folder() -> Scratch {
    need_root();
    let dir = Scratch::new();
    fs::write(dir.join("page.php"), PAGE).expect("page");
    dir
}

/// A trace that is under way: its BEGIN has said so.
struct Trace(Child, BufReader<std::process::ChildStdout>);

impl Trace {
    fn start(dir: &Path, arguments: &[&str]) -> Self {
        let mut c = command("phptrace");
        c.args(["-q", "-n", "BEGIN{printf(\"ready\\n\")}"]).args(arguments).current_dir(dir);
        let mut child = c.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("phptrace");
        let mut out = BufReader::new(child.stdout.take().expect("stdout"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        if line != "ready\n" {
            panic!("{line}{:?}", child.wait_with_output());
        }
        Self(child, out)
    }

    /// Interrupts it, for its tables.
    fn end(mut self) -> Ran {
        Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().expect("kill");
        let mut out = String::new();
        self.1.read_to_string(&mut out).expect("output");
        Ran { out, ..seen(&self.0.wait_with_output().expect("phptrace")) }
    }
}

/// The row of an aggregation.
fn row(name: &str, n: u32) -> String {
    format!("  {name:<50} {n:16}\n")
}

/// In a process namespace of its own, so that workers end with their master.
fn alone(program: &Path, traced: bool) -> Command {
    let mut c = command("unshare");
    c.args(["--pid", "--fork", "--kill-child"]).arg(program).stdout(Stdio::null()).stderr(Stdio::null());
    if traced {
        c.env("USE_ZEND_DTRACE", "1");
    }
    c
}

fn fpm(dir: &Path, program: &Path, workers: u32, traced: bool) -> Server {
    let dir = dir.display();
    let text = format!(
        "[global]\nerror_log = {dir}/fpm.log\ndaemonize = no\n[www]\nlisten = {dir}/s\npm = static\npm.max_children = {workers}\n"
    );
    fs::write(format!("{dir}/fpm.conf"), text).expect("fpm.conf");
    let _ = fs::remove_file(format!("{dir}/s"));
    let mut c = alone(program, traced);
    let server = Server::start(c.args(["-n", "-F", "-R", "-y", &format!("{dir}/fpm.conf")]));
    wait_for("php-fpm", || UnixStream::connect(format!("{dir}/s")).is_ok());
    server
}

/// One request by FastCGI (its version 1: records of a type, an id, a length); the answer as it comes.
fn ask(dir: &Path) -> String {
    let mut s = UnixStream::connect(dir.join("s")).expect("php-fpm");
    s.set_read_timeout(Some(Duration::from_secs(20))).expect("timeout");
    let script = dir.join("page.php").display().to_string();
    let mut names = Vec::new();
    for (name, value) in
        [("SCRIPT_FILENAME", script.as_str()), ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/shop"), ("SCRIPT_NAME", "/p")]
    {
        names.extend([u8::try_from(name.len()).expect("length"), u8::try_from(value.len()).expect("length")]);
        names.extend([name.as_bytes(), value.as_bytes()].concat());
    }
    for (kind, content) in [(1, [0, 1, 0, 0, 0, 0, 0, 0].as_slice()), (4, &names), (4, &[]), (5, &[])] {
        let length = u16::try_from(content.len()).expect("length").to_be_bytes();
        s.write_all(&[[1, kind, 0, 1, length[0], length[1], 0, 0].as_slice(), content].concat()).expect("request");
    }
    let mut answer = Vec::new();
    s.read_to_end(&mut answer).expect("answer");
    String::from_utf8_lossy(&answer).into_owned()
}

fn fpm_program() -> std::path::PathBuf {
    pkgs("php8.2-fpm").join("usr/sbin/php-fpm8.2")
}

fn requests_to_fpm_are_traced() {
    let dir = folder();
    let _fpm = fpm(&dir, &fpm_program(), 4, true);
    let program = "request-startup{printf(\"%s %s %s\\n\", probemod, copyinstr(arg1), copyinstr(arg2))}
        exception-thrown,exception-caught/execname == \"php-fpm8.2\"/{printf(\"%s %s\\n\", probename, copyinstr(arg0))}";
    let trace = Trace::start(&dir, &["-n", &modules(&dir), "-n", program]);
    for _ in 0..8 {
        assert!(ask(&dir).contains("caught"));
    }
    let got = trace.end();
    let count = |line: &str| got.out.lines().filter(|l| *l == line).count();
    assert_eq!(count("php-fpm8.2 /p GET"), 8, "{got:?}");
    assert_eq!(count("exception-thrown RuntimeException"), 8, "{got:?}");
    assert_eq!(count("exception-caught RuntimeException"), 8, "PHP's own string, made readable: {got:?}");
    for (name, n) in [("main", 8), ("price", 80), ("add", 80)] {
        assert!(got.out.contains(&format!("  {:<50}  {name:<50} {n:16}\n", "php-fpm8.2")), "{got:?}");
    }
    // php-fpm writes its title over its environment: it must not be taken for one without the variable.
    assert!(!got.err.contains("php-fpm"), "{got:?}");
}

fn apache(dir: &Path, port: u16) -> Server {
    let files = pkgs("libapache2-mod-php8.2");
    let modules = files.join("usr/lib/apache2/modules");
    let load = |name: &str, file: &str| format!("LoadModule {name}_module {}/{file}.so\n", modules.display());
    let mut text = format!(
        "ServerRoot {0}\nListen 127.0.0.1:{port}\nPidFile {0}/pid\nErrorLog {0}/log\nServerName localhost\nMutex file:{0}\n\
         StartServers 2\nDocumentRoot {0}\n<FilesMatch \"\\.php$\">\nSetHandler application/x-httpd-php\n</FilesMatch>\n\
         <Directory />\nRequire all granted\n</Directory>\nUser #65534\nGroup #65534\n",
        dir.display()
    );
    text += &load("mpm_prefork", "mod_mpm_prefork");
    text += &load("authz_core", "mod_authz_core");
    text += &load("php", "libphp8.2");
    fs::write(dir.join("apache.conf"), text).expect("apache.conf");
    let mut c = alone(&files.join("usr/sbin/apache2"), true);
    c.env("LD_LIBRARY_PATH", files.join("usr/lib/x86_64-linux-gnu"));
    let server = Server::start(c.arg("-f").arg(dir.join("apache.conf")).args(["-D", "FOREGROUND"]));
    wait_for("apache", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    server
}

fn requests_to_apache_are_traced() {
    need_root();
    // Apache's workers give up root, and must reach the page.
    let dir = Open::new();
    fs::write(dir.0.join("page.php"), PAGE).expect("page");
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("port").port();
    let _apache = apache(&dir.0, port);
    let program = "request-startup{printf(\"%s %s\\n\", probemod, copyinstr(arg1))}";
    let trace = Trace::start(&dir.0, &["-n", &count(&dir.0), "-n", program]);
    for _ in 0..4 {
        let mut s = std::net::TcpStream::connect(("127.0.0.1", port)).expect("apache");
        s.write_all(b"GET /page.php HTTP/1.0\r\n\r\n").expect("request");
        let mut answer = String::new();
        s.read_to_string(&mut answer).expect("answer");
        assert!(answer.ends_with("caught"), "{answer}");
    }
    let got = trace.end();
    assert_eq!(got.out.matches("libphp8.2.so /page.php\n").count(), 4, "{got:?}");
    for expected in [row("main", 4), row("Cart::make", 4), row("Cart->add", 40), row("price", 40)] {
        assert!(got.out.contains(&expected), "{got:?}");
    }
    assert!(!got.err.contains("apache"), "{got:?}");
}

/// A folder that every user may enter.
struct Open(std::path::PathBuf);

impl Open {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let dir = std::env::temp_dir().join(format!("suntools.{}", std::process::id()));
        fs::create_dir_all(&dir).expect("folder");
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).expect("mode");
        Self(dir)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn each_process_without_the_variable_is_named_with_the_cure() {
    let dir = folder();
    let _fpm = fpm(&dir, &fpm_program(), 2, false);
    fs::write(dir.join("sleep.php"), "<?php sleep(60);").expect("script");
    let php = Server::start(command("php").arg("sleep.php").current_dir(&*dir));
    let switched = Server::start(command("php").arg("sleep.php").current_dir(&*dir).env("USE_ZEND_DTRACE", "1"));
    std::thread::sleep(Duration::from_millis(300));
    let got = Trace::start(&dir, &["-n", "function-entry{}"]).end();
    let cure = "start it with USE_ZEND_DTRACE=1 in its environment";
    let line = format!("phptrace: pid {} (php sleep.php) does not fire function probes: {cure}\n", php.0.id());
    assert!(got.err.contains(&line), "{got:?}");
    let cure = "give its service Environment=USE_ZEND_DTRACE=1 (systemctl edit, not the pool's env[]) and restart it\n";
    let line = format!(" (php-fpm: pool www) does not fire function probes: {cure}");
    assert_eq!(got.err.matches(&line).count(), 2, "{got:?}");
    assert!(!got.err.contains(&format!("pid {} ", switched.0.id())), "it has the variable: {got:?}");
    // Requests need no variable, so nobody is told of it.
    assert_eq!(Trace::start(&dir, &["-n", "request-startup{}"]).end().err, "");
}

/// Runs a PHP of another file than the system's, that nobody has seen yet: once long enough to be noticed, then to be counted.
fn run_twice(dir: &Path, program: &str) {
    let noticed = "include 'page.php'; usleep(1500000);";
    for arguments in [&["-n", "-r", noticed][..], &["-n", "page.php"]] {
        let mut c = command(program);
        let status = c.args(arguments).current_dir(dir).env("USE_ZEND_DTRACE", "1").stdout(Stdio::null()).status();
        assert!(status.expect("php").success());
    }
}

fn a_php_that_appears_later_is_traced() {
    let dir = folder();
    let trace = Trace::start(&dir, &["-n", &modules(&dir)]);
    fs::copy("/usr/bin/php", dir.join("new-php")).expect("copy");
    run_twice(&dir, "./new-php");
    let got = trace.end();
    let calls = |n: u32| format!("  {:<50}  {:<50} {n:16}\n", "new-php", "price");
    // The first run's calls may be over before its file is known.
    assert!(got.out.contains(&calls(10)) || got.out.contains(&calls(20)), "{got:?}");
}

fn a_container_is_traced_through_its_own_files() {
    let dir = folder();
    // The program and its libraries are only on a file system that no other process has mounted.
    let line = "set -e; mount -t tmpfs none /mnt; \
        for f in /usr/bin/php $(ldd /usr/bin/php | grep -o '/[^ ]*'); do mkdir -p /mnt$(dirname $f); cp -L $f /mnt$f; done; \
        cp page.php /mnt/; cd /; echo up; \
        exec chroot /mnt /usr/bin/php -n -r 'include \"/page.php\"; function late($n) { return $n; } for (;;) { late(1); usleep(1000); }'";
    let mut c = command("unshare");
    c.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", line]).current_dir(&*dir);
    let server = Server::start(c.env("USE_ZEND_DTRACE", "1").stdout(Stdio::piped()));
    let children = format!("/proc/{0}/task/{0}/children", server.0.id());
    let mut pid = String::new();
    wait_for("php in its container", || {
        pid = fs::read_to_string(&children).unwrap_or_default().trim().to_string();
        fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name == "php\n")
    });
    let trace = Trace::start(&dir, &["-n", &format!("php{pid}:::function-entry{{@[copyinstr(arg0)] = count()}}")]);
    std::thread::sleep(Duration::from_millis(500));
    let got = trace.end();
    let calls: u32 = got.out.split_whitespace().skip_while(|w| *w != "late").nth(1).expect("late").parse().expect("number");
    assert!(calls > 50, "{got:?}");
}

fn an_upgrade_under_the_trace_is_followed() {
    let dir = folder();
    let program = dir.join("php-fpm8.2");
    fs::copy(fpm_program(), &program).expect("copy");
    let old = fpm(&dir, &program, 2, true);
    let trace = Trace::start(&dir, &["-n", &count(&dir)]);
    ask(&dir);
    // As a package manager does: another file under the same name, and the service started again.
    fs::copy(&program, dir.join("new")).expect("copy");
    fs::rename(dir.join("new"), &program).expect("rename");
    ask(&dir);
    drop(old);
    let _new = fpm(&dir, &program, 2, true);
    std::thread::sleep(Duration::from_millis(300));
    ask(&dir);
    let got = trace.end();
    assert!(got.out.contains(&row("price", 30)), "{got:?}");
}

fn forks_execs_and_crashes_are_followed() {
    let dir = folder();
    let text = "<?php
        function step($n) { return $n; }
        for ($i = 0; $i < 3; $i++) step($i);
        if (isset($argv[1])) exit(7);
        $pid = pcntl_fork();
        if ($pid == 0) { for ($i = 0; $i < 5; $i++) step($i); posix_kill(getmypid(), SIGSEGV); }
        pcntl_waitpid($pid, $status);
        if (!pcntl_wifsignaled($status)) exit(1);
        pcntl_exec('/usr/bin/php', ['x.php', 'again']);";
    fs::write(dir.join("x.php"), text).expect("script");
    let mut c = command("timeout");
    c.args(["-k", "5", "60", "phptrace", "-n", "function-entry{@[copyinstr(arg0)] = count()}", "-c", "php x.php"]);
    let got = tests::ran(c.current_dir(&*dir));
    assert!(got.out.contains(&row("step", 11)), "{got:?}");
    assert!(got.out.contains(&row("main", 2)), "{got:?}");
    // The command's status is said, and is not the tracer's.
    assert_eq!(got.status, 0, "{got:?}");
    assert!(got.err.ends_with(" exited with status 7\n"), "{got:?}");
}

fn two_hundred_workers_are_traced_at_once() {
    let dir = folder();
    let _fpm = fpm(&dir, &fpm_program(), 200, true);
    let program = format!(
        "php*:::request-startup/copyinstr(arg0) == \"{0}/page.php\"/{{@[pid] = count()}}
         function-entry/dirname(copyinstr(arg1)) == \"{0}\"/{{@n = count()}}",
        dir.display()
    );
    let trace = Trace::start(&dir, &["-n", &program]);
    let asked: usize = std::thread::scope(|s| {
        let ways: Vec<_> = (0..8).map(|_| s.spawn(|| (0..50).filter(|_| ask(&dir).contains("caught")).count())).collect();
        ways.into_iter().map(|w| w.join().expect("requests")).sum()
    });
    let got = trace.end();
    let requests: Vec<u32> = got.out.lines().filter_map(|l| l.split_whitespace().nth(1)?.parse().ok()).collect();
    assert_eq!((asked, requests.iter().sum()), (400, 400), "{got:?}");
    assert!(requests.len() > 50, "one worker after the other: {got:?}");
    assert!(got.out.contains(&format!(" {:16}\n", 400 * 22)), "{got:?}");
}

fn two_traces_of_one_process_do_not_disturb_each_other() {
    let dir = folder();
    fs::write(dir.join("x.php"), "<?php function one() {} for (;;) { one(); usleep(1000); }").expect("script");
    let mut php = Server::start(command("php").arg("x.php").current_dir(&*dir).env("USE_ZEND_DTRACE", "1"));
    let pid = php.0.id().to_string();
    let arguments = ["-n", "function-entry{@[copyinstr(arg0)] = count()} tick-100ms{printf(\"tick\\n\")}", "-p", &pid];
    let (first, second) = (Trace::start(&dir, &arguments), Trace::start(&dir, &arguments));
    std::thread::sleep(Duration::from_millis(300));
    let ended = first.end();
    std::thread::sleep(Duration::from_millis(600));
    let other = second.end();
    let calls = |got: &Ran| -> u32 {
        got.out.split_whitespace().skip_while(|w| *w != "one").nth(1).expect("one").parse().expect("number")
    };
    assert!(calls(&ended) > 50 && calls(&other) > calls(&ended), "{ended:?} {other:?}");
    assert!(php.0.try_wait().expect("php").is_none());
}
