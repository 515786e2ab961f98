//! umemstat on real programs under libumem.so: exact counts, languages, permissions, cores, leaks.
mod kinds;
mod looks;
mod suite;
mod watched;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use tests::{Ran, Scratch, Server, bin_dir, command, manual, need_root, ran, root, sh, test};

fn main() -> ExitCode {
    tests::main(vec![
        test!(counts_are_exact),
        test!(python_and_php_are_read_as_they_run),
        test!(several_processes_in_one_table_and_their_sum),
        test!(metrics_as_prometheus_reads_them),
        test!(what_changed_since_a_saved_table),
        test!(intervals_show_growth_and_end_with_the_process),
        test!(another_users_process_is_refused_with_advice),
        test!(another_version_of_the_statistics_is_refused),
        test!(examples_of_the_manual),
        test!(the_hunt_of_the_manual),
        ("every_way_to_look_finds_the_same".into(), Box::new(looks::every_way_to_look_finds_the_same)),
        ("a_core_by_the_kernel_and_one_cut_off".into(), Box::new(looks::a_core_by_the_kernel_and_one_cut_off)),
        ("a_process_in_other_namespaces".into(), Box::new(looks::a_process_in_other_namespaces)),
        ("run_tells_leaks_by_its_exit_status".into(), Box::new(looks::run_tells_leaks_by_its_exit_status)),
        ("run_knows_the_frames_of_exit".into(), Box::new(looks::run_knows_the_frames_of_exit)),
        ("single_buffers".into(), Box::new(looks::single_buffers)),
        ("a_busy_server_has_no_leaks_in_100_scans".into(), Box::new(looks::a_busy_server_has_no_leaks_in_100_scans)),
        (
            "a_busy_server_s_leaks_are_found_live_and_stopped".into(),
            Box::new(looks::a_busy_server_s_leaks_are_found_live_and_stopped),
        ),
        ("audited_programs_say_who".into(), Box::new(looks::audited_programs_say_who)),
        ("run_tells_errors_by_its_exit_status".into(), Box::new(looks::run_tells_errors_by_its_exit_status)),
        ("programs_of_every_build".into(), Box::new(kinds::programs_of_every_build)),
        ("the_same_user_needs_no_root".into(), Box::new(kinds::the_same_user_needs_no_root)),
        (
            "a_process_that_may_not_be_dumped_is_refused_with_advice".into(),
            Box::new(kinds::a_process_that_may_not_be_dumped_is_refused_with_advice),
        ),
        (
            "a_program_lets_itself_be_read_where_yama_is_on".into(),
            Box::new(kinds::a_program_lets_itself_be_read_where_yama_is_on),
        ),
        ("threads_that_come_and_go".into(), Box::new(kinds::threads_that_come_and_go)),
        ("processes_that_die_while_they_are_read".into(), Box::new(kinds::processes_that_die_while_they_are_read)),
        ("a_process_whose_first_thread_has_ended".into(), Box::new(kinds::a_process_whose_first_thread_has_ended)),
        ("children_of_a_command_are_not_reported_on".into(), Box::new(kinds::children_of_a_command_are_not_reported_on)),
        ("foreign_cores".into(), Box::new(kinds::foreign_cores)),
        ("rows_under_load_are_exact_or_marked".into(), Box::new(watched::rows_under_load_are_exact_or_marked)),
        ("its_own_probes_tell_of_samples_and_scans".into(), Box::new(watched::its_own_probes_tell_of_samples_and_scans)),
        ("planted_leaks_beside_memcheck".into(), Box::new(suite::planted_leaks_beside_memcheck)),
    ])
}

/// A C program of this folder, compiled into `dir`.
fn compiled(dir: &Path, name: &str, more: &[&str]) -> std::path::PathBuf {
    let program = dir.join(name);
    let source = root().join("tests/umemstat").join(format!("{name}.c"));
    let done = ran(command("cc").args(["-O0", "-g", "-o"]).arg(&program).arg(source).args(more));
    assert_eq!(done.status, 0, "{done:?}");
    program
}

/// The command under libumem.so.
fn under(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut c = command(program);
    c.env("LD_PRELOAD", bin_dir().join("libumem.so"));
    c
}

/// A program that says a line when it is ready, and more on command.
struct Talker {
    server: Server,
    from: BufReader<ChildStdout>,
}

impl Talker {
    fn start(c: &mut Command) -> Self {
        let mut server = Server::start(c.stdin(Stdio::piped()).stdout(Stdio::piped()));
        let from = BufReader::new(server.0.stdout.take().expect("pipe"));
        let mut t = Self { server, from };
        t.hear();
        t
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.from.read_line(&mut line).expect("a line");
        assert!(!line.is_empty(), "it ended");
        line
    }

    fn say(&mut self, line: &str) {
        writeln!(self.server.0.stdin.as_mut().expect("pipe"), "{line}").expect("write");
        self.hear();
    }

    fn pid(&self) -> String {
        self.server.0.id().to_string()
    }
}

fn umemstat(args: &[&str]) -> Ran {
    ran(command("umemstat").args(args))
}

/// One number of a cache: `field` of `-p`.
fn number(pid: &str, cache: &str, field: &str) -> i64 {
    let text = umemstat(&["-c", cache, "-p", field, pid]).ok();
    text.trim().parse().unwrap_or_else(|_| panic!("{cache} {field}: {text:?}"))
}

fn counts_are_exact() {
    for options in ["", "cpucache"] {
        counts_are_exact_under(options);
    }
}

fn counts_are_exact_under(options: &str) {
    let dir = Scratch::new();
    let mut p = Talker::start(under(compiled(&dir, "counts", &[])).env("UMEM_OPTIONS", options));
    let pid = p.pid();
    let cache = "umem_alloc_224";
    let look = || ["in_use", "alloc", "total", "in_ptc"].map(|f| number(&pid, cache, f));
    let [in_use, alloc, ..] = look();
    p.say("+10000 200");
    let [in_use2, alloc2, total2, _] = look();
    assert_eq!((in_use2 - in_use, alloc2 - alloc), (10000, 10000));
    p.say("-9990");
    let [in_use3, alloc3, total3, _] = look();
    assert_eq!((in_use3 - in_use, alloc3 - alloc), (10, 10000));
    assert!(total3 <= total2 && total2 >= in_use2);
    // Every cache of a process at rest: nothing changes between two looks, and what is in use fits in what there is.
    let rows = || umemstat(&["-p", "name,in_use,in_ptc,total,size,memory,waste,stable", &pid]).ok();
    assert_eq!(rows(), rows());
    for row in rows().lines() {
        let f: Vec<_> = row.split(':').collect();
        let n: Vec<i64> = f[1..7].iter().map(|s| s.parse().expect("number")).collect();
        assert!(n[0] + n[1] <= n[2] && n[0] * n[3] + n[5] == n[4] && f[7] == "yes", "{row}");
    }
    // Large ones are in the arena.
    let oversize = || -> i64 {
        let text = umemstat(&["vmem", "-p", "name,in_use", &pid]).ok();
        text.lines().find_map(|l| l.strip_prefix("umem_oversize:")).expect("arena").parse().expect("number")
    };
    let before = oversize();
    p.say("+3 1000000");
    assert!((3_000_000..3_400_000).contains(&(oversize() - before)));
}

fn python_and_php_are_read_as_they_run() {
    let python = "import time; keep=['x'*(700+i%2) for i in range(5000)]; print('ready', flush=True); time.sleep(60)";
    let php = "$keep = []; for ($i = 0; $i < 5000; $i++) $keep[] = str_repeat('x', 700); echo \"ready\\n\"; sleep(60);";
    let dir = Scratch::new();
    fs::write(dir.join("app.php"), format!("<?php {php}")).expect("write");
    let commands = [
        under("python3").args(["-c", python]).current_dir(&*dir).spawn_talker(),
        under("php").arg("app.php").env("USE_ZEND_ALLOC", "0").current_dir(&*dir).spawn_talker(),
    ];
    for p in commands {
        let held = number(&p.pid(), "umem_alloc_768", "in_use");
        assert!((5000..6000).contains(&held), "{held}");
        let text = umemstat(&[&p.pid()]).ok();
        assert_eq!(text.matches("umem_alloc_768  ").count(), 1, "{text}");
        assert!(text.contains("Total [umem_default]") && text.contains("\nheap    ") && text.contains(&p.pid()), "{text}");
    }
}

trait SpawnTalker {
    fn spawn_talker(&mut self) -> Talker;
}

impl SpawnTalker for Command {
    fn spawn_talker(&mut self) -> Talker {
        Talker::start(self)
    }
}

fn several_processes_in_one_table_and_their_sum() {
    let dir = Scratch::new();
    let program = compiled(&dir, "counts", &[]);
    let unlike = dir.join("umst-workers");
    fs::copy(program, &unlike).expect("copy");
    let mut two = [Talker::start(&mut under(&unlike)), Talker::start(&mut under(&unlike))];
    two[0].say("+1000 3000");
    two[1].say("+500 3000");
    let [a, b] = [two[0].pid(), two[1].pid()];
    let each = umemstat(&["-p", "umst-workers", "-p", "pid,in_use", "-c", "umem_alloc_3072"]).ok();
    assert_eq!(each, format!("{a}:1000\n{b}:500\n"));
    let sum = umemstat(&["--sum", "-p", "umst-workers", "-p", "pid,in_use", "-c", "umem_alloc_3072"]).ok();
    assert_eq!(sum, "sum:1500\n");
    let text = umemstat(&["-c", "umem_alloc_3072", &format!("{a},{b}")]).ok();
    assert!(text.contains(&format!("{a} umem_alloc_3072             3072    1000 ")), "{text}");
    let metrics = umemstat(&["--openmetrics", &a]).ok();
    let line = format!("umem_cache_buffers_in_use{{pid=\"{a}\",program=\"umst-workers\",cache=\"umem_alloc_3072\"}} 1000\n");
    assert!(metrics.contains(&line) && metrics.ends_with("# EOF\n"), "{metrics}");
}

/// What Prometheus's own library for Python makes of the metrics of two processes.
fn metrics_as_prometheus_reads_them() {
    let parser = "import sys\nfrom prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\n\
        for family in parse(sys.stdin.read()):\n print(family.name, family.type, len(family.samples))\n";
    if ran(command("/usr/bin/python3").args(["-c", "import prometheus_client.openmetrics.parser"])).status != 0 {
        tests::skip("needs python3-prometheus-client");
    }
    let dir = Scratch::new();
    let program = compiled(&dir, "counts", &[]);
    // A name that needs every escape there is.
    let odd = dir.join("a\"b\\c");
    fs::copy(&program, &odd).expect("copy");
    let two = [Talker::start(&mut under(&program)), Talker::start(&mut under(&odd))];
    fs::write(dir.join("metrics"), umemstat(&["--openmetrics", &two.each_ref().map(Talker::pid).join(",")]).ok()).expect("write");
    fs::write(dir.join("parse.py"), parser).expect("write");
    let families = sh(&dir, "/usr/bin/python3 parse.py <metrics").ok();
    let caches = umemstat(&["-p", "name", &two[0].pid()]).ok().lines().count();
    assert_eq!(families.lines().count(), 8, "{families}");
    assert!(families.contains(&format!("umem_cache_buffers_in_use gauge {}\n", 2 * caches)), "{families}");
    assert!(families.contains(&format!("umem_cache_allocations counter {}\n", 2 * caches)), "{families}");
}

fn what_changed_since_a_saved_table() {
    let dir = Scratch::new();
    let mut p = Talker::start(&mut under(compiled(&dir, "counts", &[])));
    let saved = dir.join("saved.csv");
    p.say("+4000 100");
    fs::write(&saved, umemstat(&["--csv", &p.pid()]).ok()).expect("write");
    let since = || umemstat(&["--since", saved.to_str().expect("path"), "-p", "name,growth,verdict", &p.pid()]).ok();
    assert_eq!(since(), "");
    p.say("+5000 1000");
    let since = |p: &Talker| umemstat(&["--since", saved.to_str().expect("path"), "-p", "name,growth,verdict", &p.pid()]).ok();
    assert_eq!(since(&p), "umem_alloc_1024:5000:more in use\n");
    p.say("-8000");
    let grown = since(&p);
    assert!(grown.contains("umem_alloc_112:-3000:") && !grown.contains("more in use"), "{grown}");
}

fn intervals_show_growth_and_end_with_the_process() {
    let dir = Scratch::new();
    let mut p = Talker::start(&mut under(compiled(&dir, "counts", &[])));
    let file = dir.join("out");
    let args = ["-c", "umem_alloc_512", "-p", "name,in_use,growth", &p.pid(), "0.2"];
    let mut watch = command("umemstat");
    watch.args(args).stdout(File::create(&file).expect("file")).stderr(File::create(dir.join("err")).expect("file"));
    let mut watch: Child = watch.spawn().expect("umemstat");
    std::thread::sleep(std::time::Duration::from_millis(500));
    p.say("+700 512");
    std::thread::sleep(std::time::Duration::from_millis(500));
    let pid = p.pid();
    drop(p);
    assert_eq!(watch.wait().expect("wait").code(), Some(1));
    let text = fs::read_to_string(file).expect("read");
    assert!(text.contains(":700\n") && text.contains(":0\n"), "{text}");
    let said = fs::read_to_string(dir.join("err")).expect("read");
    let known = ["no such process", "the process ended while it was read"];
    assert!(known.iter().any(|k| said == format!("umemstat: {pid}: {k}\n")), "{said}");
    let p = Talker::start(&mut under(compiled(&dir, "counts", &[])));
    let text = umemstat(&[&p.pid(), "0.1", "3"]).ok();
    assert_eq!(text.matches("growth").count(), 4, "two intervals after the first tables: {text}");
}

fn another_users_process_is_refused_with_advice() {
    need_root();
    let dir = Scratch::new();
    let p = Talker::start(&mut under(compiled(&dir, "counts", &[])));
    let tool = dir.join("umemstat");
    fs::copy(bin_dir().join("umemstat"), &tool).expect("copy");
    let done = ran(command("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", "exec 3<\"$0\"; exec /proc/self/fd/3 $1"])
        .arg(&tool)
        .arg(p.pid()));
    // The scratch folder may be closed to that user; then the tool comes by an open file.
    let text = if done.status == 1 && done.err.contains("umemstat:") { done } else { as_nobody(&tool, &p.pid()) };
    assert_eq!(text.err, format!("umemstat: {}: may not be read: it is another user's: be that user or root\n", p.pid()));
    assert_eq!(text.status, 1);
}

/// Runs the tool as an ordinary user, from a folder that this one may enter.
fn as_nobody(tool: &Path, pid: &str) -> Ran {
    let place = std::env::temp_dir().join(format!("umemstat.{}", std::process::id()));
    fs::copy(tool, &place).expect("copy");
    let done = ran(command("setpriv").args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&place).arg(pid));
    fs::remove_file(&place).expect("remove");
    done
}

fn another_version_of_the_statistics_is_refused() {
    let dir = Scratch::new();
    let p = Talker::start(&mut command(compiled(&dir, "version", &[])));
    let done = umemstat(&[&p.pid()]);
    let want = format!("umemstat: {}: its libumem keeps statistics of version 99, this umemstat reads version 1\n", p.pid());
    assert_eq!((done.err, done.status), (want, 1));
}

fn examples_of_the_manual() {
    let dir = Scratch::new();
    fs::write(
        dir.join("app.py"),
        "import time\nkeep = []\nwhile True:\n keep.append('x' * (600 + len(keep) % 2))\n time.sleep(0.01)\n",
    )
    .expect("write");
    // The hunt that follows is a test of its own.
    let general = manual::examples("umemstat.1").into_iter().take_while(|l| l != "cat words.c").collect();
    let done = sh(&dir, &script(general));
    assert_eq!((done.status, done.err.as_str()), (0, ""), "{}", done.out);
    for sign in ["umem_alloc_640 ", "Total [umem_default]", "growth", "CALLER"] {
        assert!(done.out.contains(sign), "no {sign}: {}", done.out);
    }
}

/// Commands of the manual as a script; what is started in the background gets a moment to start, and is ended with it.
fn script(commands: Vec<String>) -> String {
    let lines = commands.into_iter().map(|l| if l.ends_with('&') { format!("{l}\nsleep 1\n") } else { format!("{l}\n") });
    format!("set -e\ntrap 'kill $!' EXIT\nexport LD_LIBRARY_PATH={}\n{}", bin_dir().display(), lines.collect::<String>())
}

/// The manual's hunt for a leak, with the very files that the manual shows, each up to the next command or the display's end.
fn the_hunt_of_the_manual() {
    let dir = Scratch::new();
    let page = manual::page("umemstat.1");
    for name in ["words.c", "app.py", "test.py"] {
        let (_, shown) = page.split_once(&format!("\n$ cat {name}\n")).expect("the file");
        let end = shown.find("\n$ ").into_iter().chain(shown.find("\n.Ed")).min().expect("an end");
        fs::write(dir.join(name), format!("{}\n", &shown[..end])).expect("write");
    }
    let commands: Vec<_> = manual::examples("umemstat.1").into_iter().skip_while(|l| l != "cat words.c").collect();
    assert_eq!(commands.len(), 15, "{commands:?}");
    let done = sh(&dir, &script(commands).replace("set -e\n", ""));
    assert_eq!(done.err, "");
    let after = |sign: &str| done.out.split_once(sign).unwrap_or_else(|| panic!("no {sign}: {}", done.out)).1;
    // The cache that grows, the verdict, who, that it is lost, and the line; then the two runs.
    let growth = after("growth  a second").lines().find(|l| l.starts_with("umem_alloc_640 ")).expect("the cache");
    assert!(growth.contains(" +"), "{growth}");
    let since = after("VERDICT\n").lines().find(|l| l.starts_with("umem_alloc_640 ")).expect("the cache");
    assert!(since.ends_with("  more in use"), "{since}");
    let users = after("VERDICT\n");
    let call = users.lines().find(|l| l.contains(" libwords.so`words+0x")).expect("the call");
    let line = 1 + page
        .split_once("\n$ cat words.c\n")
        .expect("the file")
        .1
        .lines()
        .position(|l| l.contains("strdup("))
        .expect("a line");
    assert!(call.ends_with(&format!("/words.c:{line})")), "{call}");
    assert!(after("BUFCTL CALLER\n").contains(" buffers, ") && done.out.contains(", bufctl "), "{}", done.out);
    assert!(done.out.ends_with("\n3\n0\n"), "{}", done.out);
    assert!(fs::read_to_string(dir.join("report")).expect("report").contains("umem_alloc_640 leak: 1 buffers, 601 bytes"));
}
