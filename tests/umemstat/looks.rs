//! Leaks seen from outside: live and busy, stopped, in cores, in other namespaces, and what `run` says of them.
use crate::{Talker, compiled, umemstat, under};
use std::fs;
use std::path::Path;
use tests::{Scratch, bin_dir, command, need_root, ran, root, sh};

/// Buffers that a scan reports, and the group lines.
pub(crate) fn leaked(args: &[&str]) -> (u64, String) {
    let text = umemstat(&[&["leaks", "-p", "buffers,cache"], args].concat()).ok();
    (text.lines().map(|l| l.split(':').next().expect("field").parse::<u64>().expect("number")).sum(), text)
}

pub(crate) fn a_busy_server_has_no_leaks_in_100_scans() {
    let dir = Scratch::new();
    let server = Talker::start(&mut under(compiled(&dir, "server", &["-pthread", "-O1"])));
    for scan in 0..100 {
        let (n, text) = leaked(&[&server.pid()]);
        assert_eq!(n, 0, "scan {scan}: {text}");
    }
}

pub(crate) fn a_busy_server_s_leaks_are_found_live_and_stopped() {
    let dir = Scratch::new();
    let server = Talker::start(under(compiled(&dir, "server", &["-pthread", "-O1"])).arg("25"));
    for options in [&[][..], &["--freeze"]] {
        let (n, text) = leaked(&[options, &[&server.pid()]].concat());
        assert_eq!((n, text.as_str()), (25, "25:umem_alloc_1536\n"), "{options:?}");
    }
    // It goes on: its allocations still grow.
    let alloc = || crate::number(&server.pid(), "umem_alloc_256", "alloc");
    let before = alloc();
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(alloc() > before);
}

pub(crate) fn waiting(dir: &Path, case: &str) -> Talker {
    let program = dir.join("c");
    if !program.exists() {
        let source = root().join("tests/umemstat/leaks/c.c");
        let done = ran(command("cc").args(["-g", "-O1", "-fno-builtin", "-pthread", "-o"]).arg(&program).arg(source));
        assert_eq!(done.status, 0, "{done:?}");
    }
    Talker::start(under(&program).args([case, "wait"]))
}

pub(crate) fn every_way_to_look_finds_the_same() {
    let dir = Scratch::new();
    for (case, lost) in [("tree", 15), ("ring", 5), ("live-threads", 2), ("tls", 3), ("kept-list", 0)] {
        let p = waiting(&dir, case);
        let pid = p.pid();
        assert_eq!(leaked(&["--freeze", &pid]).0, lost, "{case}, stopped");
        assert_eq!(leaked(&[&pid]).0, lost, "{case}, running");
        let made = sh(&dir, &format!("gcore -o core {pid} >gcore.log 2>&1 && zstd -q -f core.{pid}"));
        assert_eq!(made.status, 0, "{made:?}");
        let core = dir.join(format!("core.{pid}"));
        let core = core.to_str().expect("path");
        let live = umemstat(&["-p", "name,in_use,alloc", &pid]).ok();
        for file in [core.to_string(), format!("{core}.zst")] {
            assert_eq!(leaked(&[&file]).0, lost, "{case}, {file}");
            assert_eq!(umemstat(&["-p", "name,in_use,alloc", &file]).ok(), live, "{case}");
        }
        let piped = sh(&dir, &format!("umemstat leaks -p buffers - <{core}.zst"));
        assert_eq!(piped.ok().lines().map(|l| l.parse::<u64>().expect("number")).sum::<u64>(), lost);
    }
}

pub(crate) fn a_core_by_the_kernel_and_one_cut_off() {
    need_root();
    if !fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap_or_default().starts_with("core") {
        tests::skip("needs kernel.core_pattern to name a file");
    }
    let dir = Scratch::new();
    let p = waiting(&dir, "list");
    let pid = p.pid();
    let live = umemstat(&["-p", "name,in_use,alloc", &pid]).ok();
    let cwd = format!("/proc/{pid}/cwd");
    let home = fs::read_link(cwd).expect("cwd");
    sh(&dir, &format!("prlimit --core=unlimited --pid {pid}; kill -ABRT {pid}; sleep 1")).ok();
    drop(p);
    let core = [format!("core.{pid}"), "core".into()].map(|n| home.join(n)).into_iter().find(|c| c.exists()).expect("a core");
    let moved = dir.join("kernel-core");
    fs::rename(&core, &moved).or_else(|_| fs::copy(&core, &moved).and_then(|_| fs::remove_file(&core))).expect("move");
    let moved = moved.to_str().expect("path");
    assert_eq!(umemstat(&["-p", "name,in_use,alloc", moved]).ok(), live);
    assert_eq!(leaked(&[moved]).0, 10);
    let whole = fs::read(moved).expect("read");
    let short = dir.join("short");
    for part in [8, 3, 2] {
        fs::write(&short, &whole[..whole.len() - whole.len() / part]).expect("write");
        let done = umemstat(&[short.to_str().expect("path")]);
        assert_eq!(done.status, 1);
        assert!(done.err.contains("the core is cut off: it has ") && done.err.lines().count() == 1, "{done:?}");
    }
    sh(&dir, "zstd -q kernel-core && head -c 20000 kernel-core.zst >short.zst").ok();
    let packed = dir.join("kernel-core.zst");
    assert_eq!(leaked(&[packed.to_str().expect("path")]).0, 10);
    let done = umemstat(&[dir.join("short.zst").to_str().expect("path")]);
    assert!(done.status == 1 && done.err.contains("short.zst: damaged zstd file: ") && done.err.lines().count() == 1, "{done:?}");
}

pub(crate) fn a_process_in_other_namespaces() {
    need_root();
    let dir = Scratch::new();
    let program = compiled(&dir, "counts", &[]);
    // Its own processes and mounts: program and library are where nobody else sees them.
    let script = format!(
        "mount -t tmpfs none /mnt && cp {} /mnt/inside && cp {} /mnt/libumem.so && LD_PRELOAD=/mnt/libumem.so exec /mnt/inside",
        program.display(),
        bin_dir().join("libumem.so").display()
    );
    let mut c = command("unshare");
    c.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", &script]);
    let mut p = Talker::start(&mut c);
    p.say("+300 3000");
    let inside = ran(command("pgrep").args(["-P", &p.pid()])).ok();
    let pid = inside.trim();
    assert_eq!(crate::number(pid, "umem_alloc_3072", "in_use"), 300);
    // Names come from the files as that process sees them.
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("maps");
    let code = maps.lines().find(|l| l.contains("r-xp") && l.contains("/mnt/inside")).expect("code");
    let start = code.split('-').next().expect("address");
    let what = umemstat(&["whatis", pid, start]).ok();
    assert!(what.contains("/mnt/inside+1000, in inside`"), "{what}");
}

pub(crate) fn run_tells_leaks_by_its_exit_status() {
    let dir = Scratch::new();
    drop(waiting(&dir, "none"));
    let run = |line: &str| sh(&dir, &format!("umemstat run {line}"));
    let clean = run("./c kept-list");
    assert_eq!((clean.status, clean.out.as_str(), clean.err.as_str()), (0, "", ""));
    let leaky = run("./c list");
    assert_eq!((leaky.status, leaky.out.as_str()), (3, ""));
    assert!(leaky.err.contains("umem_alloc_768 leak: 10 buffers"), "{}", leaky.err);
    assert_eq!(run("-o report ./c list").err, "");
    assert!(fs::read_to_string(dir.join("report")).expect("report").contains("Total      10 buffers, 7200 bytes"));
    assert_eq!(run("sh -c 'echo out; exit 7'").status, 7);
    assert_eq!(run("sh -c 'kill -9 $$'").status, 137);
    assert_eq!(run("true --colour -h").status, 0, "the command's options are its own");
    let none = run("no-such-command");
    assert_eq!((none.status, none.err.as_str()), (1, "umemstat: no-such-command: No such file or directory\n"));
    assert_eq!(run("").status, 2);
}

/// What exit's own frames hold by chance keeps nothing alive; what they saved does.
pub(crate) fn run_knows_the_frames_of_exit() {
    let dir = Scratch::new();
    compiled(&dir, "ends", &["-O1", "-fno-builtin"]);
    let lost = sh(&dir, "umemstat run ./ends lost");
    assert!(lost.status == 3 && lost.err.contains("Total       3 buffers, 1500 bytes"), "{lost:?}");
    let kept = sh(&dir, "umemstat run ./ends register");
    assert_eq!((kept.status, kept.err.as_str()), (0, ""));
}

pub(crate) fn single_buffers() {
    let dir = Scratch::new();
    let p = waiting(&dir, "list");
    let pid = p.pid();
    let first = umemstat(&["leaks", "-p", "buffer", &pid]).ok();
    let first = first.trim();
    let inside = format!("{:x}", u64::from_str_radix(&first[2..], 16).expect("address") + 0x20);
    let what = umemstat(&["whatis", &pid, &inside, "10"]).ok();
    assert_eq!(what, format!("{inside} is {}+20, allocated from umem_alloc_768\n10 is unknown\n", &first[2..]));
    let dist = umemstat(&["dist", &pid]).ok();
    assert!(dist.contains("         513-1024 |@") || dist.contains("        513-1024 |@"), "{dist}");
    assert!(umemstat(&["status", &pid]).ok().starts_with("Status:\t\tready and active\nDebugging:\tnone\n"));
    let refused = umemstat(&["users", &pid]);
    let why = "who allocated is not recorded: start it with UMEM_DEBUG=audit";
    assert_eq!((refused.status, refused.err), (1, format!("umemstat: {pid}: {why}\n")));
}

pub(crate) fn audited_programs_say_who() {
    let dir = Scratch::new();
    let program = compiled(&dir, "faults", &["-fno-builtin"]);
    let mut c = under(&program);
    let p = Talker::start(c.args(["past-end", "wait"]).env("UMEM_DEBUG", "default").env("UMEM_LOGGING", "transaction,fail,slab"));
    let pid = p.pid();
    let users = umemstat(&["users", "-e", &pid]).ok();
    let who = "20000 bytes for 200 allocations with data size 100:\n\t faults`keep+0x";
    assert!(users.contains(who) && users.contains("\t faults`main+0x"), "{users}");
    assert!(users.find(who) < users.find(" bytes for 1 allocations"), "the most first: {users}");
    let few = umemstat(&["users", &pid]).ok();
    assert!(few.contains(who) && !few.contains("data size 40:"), "{few}");
    let folded = umemstat(&["users", "--folded", &pid]).ok();
    assert!(folded.lines().any(|l| l.ends_with("main;keep 20000")), "{folded}");
    let log = umemstat(&["log", &pid]).ok();
    assert!(log.starts_with("T-0.000000000  addr=") && log.contains("\n         faults`keep+0x"), "{log}");
    assert!(umemstat(&["log", &pid, "slab"]).ok().starts_with("T-0.000000000  addr="));
    let bufctl = umemstat(&["bufctl", "-p", "caller,state,size", &pid]).ok();
    assert_eq!(
        bufctl.lines().filter(|l| l.starts_with("faults`keep+0x") && l.ends_with(":allocated:100")).count(),
        200,
        "{bufctl}"
    );
    let verify = umemstat(&["verify", &pid]).ok();
    assert!(verify.contains("1 corrupt buffer\n") && verify.matches(" clean\n").count() > 20, "{verify}");
    assert!(verify.contains("written past its end: byte at offset 0x29 of 40 replaced by 0x01\n"), "{verify}");
    let fields = |verb: &str, fields: &str, more: &[&str]| umemstat(&[&[verb, "-p", fields, &pid], more].concat()).ok();
    let damage = fields("verify", "cache,state,damage", &[]);
    assert!(damage.starts_with("umem_alloc_48:allocated:written past its end") && damage.lines().count() == 1, "{damage}");
    assert!(fields("log", "state,size,caller", &[]).contains("allocated:100:faults`keep+0x"));
    assert_eq!(fields("status", "debug,errors", &[]), "audit,contents,guards:0\n");
    let drawn: u64 =
        fields("dist", "from,to,count", &[]).lines().map(|l| l.rsplit(':').next().expect("n").parse::<u64>().expect("n")).sum();
    let in_use = umemstat(&["-p", "in_use", &pid]).ok().lines().map(|l| l.parse::<u64>().expect("n")).sum::<u64>();
    assert_eq!(drawn, in_use, "all buffers in use are drawn");
    let addr =
        fields("bufctl", "bufaddr,size", &[]).lines().find_map(|l| l.strip_suffix(":100")).map(str::to_string).expect("one");
    let place = fields("whatis", "addr,kind,offset,name,state,caller", &[&addr]);
    assert!(place.starts_with(&format!("{addr}:buffer:0:umem_alloc_")) && place.contains(":allocated:faults`keep+0x"), "{place}");
    for verb in ["verify", "log", "status", "dist", "bufctl", "users", "threads", "vmem", "caches", "leaks"] {
        let [bare, csv] = ["-H", "--csv"].map(|o| umemstat(&[verb, o, &pid]).ok());
        let columns = csv.lines().next().expect("a header").split(',').count();
        assert!(bare.lines().all(|l| l.split('\t').count() == columns), "{verb}: {bare}");
        assert_eq!(csv.lines().count(), bare.lines().count() + 1, "{verb}");
    }
    let status = umemstat(&["status", &pid]).ok();
    assert!(status.contains("Debugging:\taudit,contents,guards\nLogs:\t\ttransaction="), "{status}");
}

pub(crate) fn run_tells_errors_by_its_exit_status() {
    let dir = Scratch::new();
    compiled(&dir, "faults", &["-fno-builtin"]);
    let run = |case: &str| {
        let done = sh(&dir, &format!("umemstat run --guards --contents -o report ./faults {case}"));
        (done.status, fs::read_to_string(dir.join("report")).expect("report"))
    };
    for (case, said) in [
        ("past-end", "redzone violation: write past end of buffer"),
        ("twice", "duplicate free: buffer freed twice"),
        ("after", "modified after being freed: at offset 0x8 0xdeadbeefdeadbeef replaced by 0xdeadbeefdeadbe03"),
        ("invalid", "invalid free: buffer not in cache"),
    ] {
        let (status, report) = run(case);
        assert_eq!(status, 3, "{case}: {report}");
        assert!(report.contains(said), "{case}: {report}");
    }
    assert_eq!(run("none"), (0, "no leaks, no errors\n".into()));
}
