//! phptrace on the real PHP of the system, through the kernel's uprobes and BPF.
use script::{folder, phptrace};
use std::fs;
use std::process::{ExitCode, Stdio};
use tests::{Scratch, Server, command, need_root, seen, sh, test, wait_for};

mod guest;
mod script;

fn main() -> ExitCode {
    let mut all = vec![
        test!(counts_every_call_by_name),
        test!(keys_aggregations_by_line_in_buckets),
        test!(times_one_function),
        test!(lists_the_probes_of_a_process),
        test!(interrupt_prints_the_table),
        test!(so_do_termination_and_a_lost_terminal),
        test!(a_pid_is_traced_alone),
        test!(several_processes_lose_no_count),
        test!(killed_it_leaves_the_target_running),
        test!(an_ordinary_user_is_told_what_is_missing),
    ];
    if !guest::within() {
        all.extend(guest::kernels().map(|(release, kernel)| {
            let run: Box<dyn Fn()> = Box::new(move || guest::run(release, &kernel, &[]));
            (format!("on_linux_{release}"), run)
        }));
    }
    tests::main(all)
}

const SCRIPT: &str = "<?php\nfunction one($n) { return $n; }\nfunction two($n) { return one($n) + one($n); }\nfor ($i = 0; $i < 500; $i++) two($i);\n";
/// Calls `one` for ever, as a server would, once it has left a file named by its pid.
const SERVER: &str = "<?php\nfunction one($n) { return $n; }\ntouch(getmypid());\nfor (;;) { one(1); usleep(1000); }\n";

fn server(dir: &Scratch) -> Server {
    server_by(dir, "php")
}

fn server_by(dir: &Scratch, php: &str) -> Server {
    let mut c = command(php);
    c.arg("x.php").env("USE_ZEND_DTRACE", "1").current_dir(&**dir).stdout(Stdio::null());
    let server = Server::start(&mut c);
    wait_for("php", || dir.join(server.0.id().to_string()).exists());
    server
}

fn counts_every_call_by_name() {
    let dir = folder(SCRIPT);
    let got = phptrace(&dir, &["-n", "php*:::function-entry{@[copyinstr(arg0)] = count()}", "-c", "php x.php"]);
    let rows: Vec<_> = got.out.lines().rev().take(3).collect();
    let row = |name: &str, n: u32| format!("  {name:<50} {n:16}");
    assert_eq!(rows, [row("one", 1000), row("two", 500), row("main", 1)], "{got:?}");
    assert_eq!(got.err.lines().next(), Some("phptrace: description 'php*:::function-entry' matched 1 probe"), "{got:?}");
    assert_eq!(got.status, 0, "{got:?}");
}

fn keys_aggregations_by_line_in_buckets() {
    let dir = folder(SCRIPT);
    let got =
        phptrace(&dir, &["-q", "-n", "function-entry{@[copyinstr(arg1)] = lquantize(arg2, 0, 5000)}", "-c", "php x.php"]).ok();
    let rows: Vec<_> = got.lines().filter(|l| l.contains('|')).map(|l| l.split_whitespace().collect::<Vec<_>>()).collect();
    let bucket = |at: usize| (rows[at][0], *rows[at].last().expect("a count"));
    // `main` and the calls of `one` and `two` are attributed to the lines that call them; each bucket is one line.
    let total: u32 = rows.iter().map(|r| r.last().expect("count").parse::<u32>().expect("number")).sum();
    assert_eq!(total, 1501, "{got}");
    assert_eq!(bucket(rows.len() - 1).1, "0", "the last bucket is the empty one behind the data: {got}");
}

fn times_one_function() {
    let dir = folder("<?php\nfunction nap() { usleep(20000); }\nnap(); nap(); nap();\n");
    let got = phptrace(
        &dir,
        &[
            "-q",
            "-n",
            "function-entry/copyinstr(arg0) == \"nap\"/{self->ts = timestamp}",
            "-n",
            "function-return/self->ts/{@ = avg(timestamp - self->ts); self->ts = 0}",
            "-c",
            "php x.php",
        ],
    )
    .ok();
    let average: u64 = got.trim().parse().unwrap_or_else(|e| panic!("{e}: {got}"));
    assert!(average >= 20_000_000, "three naps of 20 ms each took {average} ns");
}

fn lists_the_probes_of_a_process() {
    let dir = folder(SERVER);
    let php = server(&dir);
    let pid = php.0.id().to_string();
    let got = phptrace(&dir, &["-l", "-p", &pid]).ok();
    let mut lines = got.lines();
    assert_eq!(lines.next(), Some(format!("{:>5} {:>10} {:>17} {:>33} NAME", "ID", "PROVIDER", "MODULE", "FUNCTION").as_str()));
    let provider = format!("php{pid}");
    let names: Vec<_> =
        lines.filter(|l| l.split_whitespace().nth(1) == Some(&provider)).filter_map(|l| l.split_whitespace().last()).collect();
    for name in ["function-entry", "function-return", "request-startup", "exception-thrown"] {
        assert!(names.contains(&name), "{name}: {got}");
    }
}

fn interrupt_prints_the_table() {
    ends_with_its_table(libc::SIGINT);
}

fn so_do_termination_and_a_lost_terminal() {
    ends_with_its_table(libc::SIGTERM);
    ends_with_its_table(libc::SIGHUP);
}

fn ends_with_its_table(signal: i32) {
    let dir = folder(SERVER);
    let _php = server(&dir);
    let mut c = command("phptrace");
    c.args(["-q", "-n", "function-entry/copyinstr(arg0) == \"one\"/{@[copyinstr(arg0)] = count()}"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut tracer = c.spawn().expect("phptrace");
    std::thread::sleep(std::time::Duration::from_secs(2));
    send(tracer.id(), signal);
    wait_for("phptrace's end", || tracer.try_wait().expect("wait").is_some());
    let got = seen(&tracer.wait_with_output().expect("output"));
    assert_eq!(got.status, 0, "{got:?}");
    assert!(got.out.contains("  one   "), "{got:?}");
}

fn send(pid: u32, signal: i32) {
    // SAFETY: kill takes numbers only; the child is not yet waited for, so its pid is its own.
    unsafe { libc::kill(i32::try_from(pid).expect("pid"), signal) };
}

fn a_pid_is_traced_alone() {
    let dir = folder(SERVER);
    let (wanted, _other) = (server(&dir), server(&dir));
    let pid = wanted.0.id().to_string();
    let got = phptrace(&dir, &["-q", "-p", &pid, "-n", "function-entry{@[pid] = count()} tick-1s{exit(0)}"]).ok();
    let pids: Vec<_> = got.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert_eq!(pids, [pid.as_str()], "{got}");
}

fn several_processes_lose_no_count() {
    let dir = folder(SCRIPT);
    let program = "function-entry{@[copyinstr(arg0)] = count()}";
    let got = phptrace(&dir, &["-q", "-n", program, "-c", "sh -c 'for i in 1 2 3 4; do php x.php & done; wait'"]).ok();
    let row = |name: &str, n: u32| format!("  {name:<50} {n:16}");
    let rows: Vec<_> = got.lines().rev().take(3).collect();
    assert_eq!(rows, [row("one", 4000), row("two", 2000), row("main", 4)], "{got}");
}

fn killed_it_leaves_the_target_running() {
    let dir = folder(SERVER);
    // A PHP of its own, which nobody else traces.
    fs::copy(fs::canonicalize("/usr/bin/php").expect("php"), dir.join("php")).expect("a copy");
    let mut php = server_by(&dir, dir.join("php").to_str().expect("a path"));
    // An emulated processor takes its time.
    for round in 0..if guest::within() { 20 } else { 200 } {
        let mut c = command("phptrace");
        c.args(["-q", "-n", "function-entry{@[copyinstr(arg0)] = count()}", "-p", &php.0.id().to_string()]);
        let mut tracer = c.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("phptrace");
        std::thread::sleep(std::time::Duration::from_millis(round % 20 * 4));
        tracer.kill().expect("kill");
        tracer.wait().expect("wait");
        assert!(php.0.try_wait().expect("php").is_none(), "the target died with its tracer in round {round}");
    }
    wait_for("the kernel to take the breakpoints out", || code_is_as_in_its_file(php.0.id()));
}

/// Whether the first executable mapping of a process holds what its file does.
fn code_is_as_in_its_file(pid: u32) -> bool {
    use std::os::unix::fs::FileExt;
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("maps");
    let line = maps.lines().find(|l| l.contains("r-xp")).expect("code");
    let fields: Vec<_> = line.split_whitespace().collect();
    let (start, end) = fields[0].split_once('-').expect("a range");
    let hex = |t: &str| u64::from_str_radix(t, 16).expect("hexadecimal");
    let mut memory = vec![0; usize::try_from(hex(end) - hex(start)).expect("size")];
    let mut file = memory.clone();
    fs::File::open(format!("/proc/{pid}/mem")).expect("mem").read_exact_at(&mut memory, hex(start)).expect("memory");
    let got = fs::File::open(fields[5]).expect("file").read_at(&mut file, hex(fields[2])).expect("file");
    memory[..got] == file[..got]
}

fn an_ordinary_user_is_told_what_is_missing() {
    need_root();
    // The build folder may be closed to others: the binary is copied to where they can run it.
    let got = sh(
        &Scratch::new(),
        "d=$(mktemp -d) && chmod 755 $d && cp $(command -v phptrace) $d/ && setpriv --reuid 65534 --regid 65534 --clear-groups \
         $d/phptrace -n 'BEGIN{exit(0)}'; s=$?; rm -rf $d; exit $s",
    );
    assert_eq!((got.status, got.out.as_str()), (1, ""), "{got:?}");
    assert!(got.err.contains("CAP_BPF"), "{got:?}");
}
