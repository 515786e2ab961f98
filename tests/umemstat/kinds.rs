//! Programs of every build, in every place, of every user: all can be looked at, or the message says what helps.
use crate::looks::leaked;
use crate::{Talker, compiled, number, umemstat, under};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::{Ran, Scratch, bin_dir, command, need_root, ran, root, sh};

/// How a program is built, and whether libumem is in it.
const BUILDS: &[(&str, &str, bool)] = &[
    ("pie", "-pie -fPIE", false),
    ("fixed", "-no-pie", false),
    ("stripped", "-pie -fPIE -s", false),
    ("stripped-fixed", "-no-pie -s", false),
    ("linked", "-L$SO -lumem -Wl,-rpath,$SO", true),
    ("static", "-static $SO/libumem.a", true),
    ("static-stripped", "-static -s $SO/libumem.a", true),
    ("static-pie", "-static-pie $SO/libumem.a", true),
];

pub(crate) fn programs_of_every_build() {
    let dir = Scratch::new();
    for (name, flags, linked) in BUILDS {
        let build = |source: &str| -> PathBuf {
            let program = dir.join(format!("{name}-{}", source.replace('/', "-")));
            let source = root().join(format!("tests/umemstat/{source}.c"));
            let flags = flags.replace("$SO", &bin_dir().display().to_string());
            let line = format!("cc -g -O1 -fno-builtin -pthread -o {} {} {flags}", program.display(), source.display());
            let done = sh(&dir, &line);
            assert_eq!(done.status, 0, "{done:?}");
            program
        };
        let (counts, leaks) = (build("counts"), build("leaks/c"));
        let start = |p: &Path| if *linked { command(p) } else { under(p) };
        let mut p = Talker::start(&mut start(&counts));
        let look = |p: &Talker| ["in_use", "alloc"].map(|f| number(&p.pid(), "umem_alloc_224", f));
        let [in_use, alloc] = look(&p);
        p.say("+1000 200");
        assert_eq!(look(&p), [in_use + 1000, alloc + 1000], "{name}");
        let p = Talker::start(start(&leaks).args(["list", "wait"]).env("UMEM_DEBUG", "audit"));
        for options in [&[][..], &["--freeze"]] {
            assert_eq!(leaked(&[options, &[&p.pid()]].concat()), (10, "10:umem_alloc_768\n".into()), "{name} {options:?}");
        }
        let users = umemstat(&["users", "-c", "umem_alloc_768", "-e", "-p", "allocations,stack", &p.pid()]).ok();
        let file = leaks.file_name().expect("name").to_string_lossy().into_owned();
        let frame = format!("{file}`{}", if name.contains("stripped") { "0x" } else { "block+0x" });
        assert!(users.starts_with("10:"), "{name}: {users}");
        assert!(users.contains(&frame), "{name}: {users}");
        // Down to the program's first frames: the C library's are passed too, and a static program's.
        assert!(name.contains("stripped") || users.contains("main+0x"), "{name}: {users}");
    }
}

/// Runs the tool as that user, from a folder that every user may enter.
fn as_user(uid: &str, args: &[&str]) -> Ran {
    let place = std::env::temp_dir().join(format!("umemstat.{}.{uid}", std::process::id()));
    fs::copy(bin_dir().join("umemstat"), &place).expect("copy");
    let done = ran(user(uid, &place).args(args));
    fs::remove_file(&place).expect("remove");
    done
}

fn user(uid: &str, program: &Path) -> Command {
    let mut c = command("setpriv");
    c.args([&format!("--reuid={uid}"), &format!("--regid={uid}"), "--clear-groups"]).arg(program);
    c
}

/// A user that has no name here, and no processes.
const USER: &str = "61234";

pub(crate) fn the_same_user_needs_no_root() {
    need_root();
    let dir = Scratch::new();
    let place = std::env::temp_dir().join(format!("umemstat-own.{}", std::process::id()));
    fs::create_dir(&place).expect("folder");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).expect("mode");
    let built = compiled(&dir, "counts", &[]);
    for (from, to) in [(built, "counts"), (bin_dir().join("libumem.so"), "libumem.so")] {
        fs::copy(from, place.join(to)).expect("copy");
    }
    let mut c = user(USER, &place.join("counts"));
    c.env("LD_PRELOAD", place.join("libumem.so")).env("UMEM_OPTIONS", "ptrace");
    let mut p = Talker::start(&mut c);
    fs::remove_dir_all(&place).expect("remove");
    p.say("+100 3000");
    let pid = p.pid();
    // A user's own processes are that user's to read, where Yama is off or the process allows it.
    assert_eq!(as_user(USER, &["-c", "umem_alloc_3072", "-p", "in_use", &pid]).ok(), "100\n");
    for how in [&["leaks", "-p", "buffers"][..], &["leaks", "--freeze", "-p", "buffers"]] {
        assert_eq!(as_user(USER, &[how, &[&pid]].concat()).ok(), "", "{how:?}");
    }
    for (verb, more) in [("users", ""), ("leaks", "--freeze"), ("status", ""), ("dist", "")] {
        let args: Vec<_> = [verb, more, &pid].into_iter().filter(|a| !a.is_empty()).collect();
        let done = as_user("61235", &args);
        let want = format!("umemstat: {pid}: may not be read: it is another user's: be that user or root\n");
        assert_eq!((done.status, done.err, done.out.as_str()), (1, want, ""), "{verb}");
    }
}

pub(crate) fn a_process_that_may_not_be_dumped_is_refused_with_advice() {
    need_root();
    let dir = Scratch::new();
    let source = dir.join("closed.c");
    fs::write(
        &source,
        "#include <stdio.h>\n#include <stdlib.h>\n#include <sys/prctl.h>\n#include <unistd.h>\n\
         int main(void) { free(malloc(1)); prctl(PR_SET_DUMPABLE, 0); puts(\"ok\"); fflush(stdout); pause(); }\n",
    )
    .expect("write");
    let program = dir.join("closed");
    ran(command("cc").arg("-o").arg(&program).arg(&source)).ok();
    let place = std::env::temp_dir().join(format!("umemstat-closed.{}", std::process::id()));
    fs::copy(&program, &place).expect("copy");
    let library = std::env::temp_dir().join(format!("umemstat-closed.{}.so", std::process::id()));
    fs::copy(bin_dir().join("libumem.so"), &library).expect("copy");
    let p = Talker::start(user(USER, &place).env("LD_PRELOAD", &library));
    [place, library].iter().for_each(|f| fs::remove_file(f).expect("remove"));
    let done = as_user(USER, &[&p.pid()]);
    // What it says where Yama is on is in the unit tests: Yama cannot be switched on for one process.
    let why = "it has changed its identity or may not be dumped (prctl(2), PR_SET_DUMPABLE): be root";
    assert_eq!((done.status, done.err), (1, format!("umemstat: {}: may not be read: {why}\n", p.pid())));
    assert_eq!(umemstat(&[&p.pid()]).status, 0, "root reads it");
}

pub(crate) fn a_program_lets_itself_be_read_where_yama_is_on() {
    let dir = Scratch::new();
    let program = compiled(&dir, "counts", &[]);
    let calls = |options: &str| {
        let line = format!(
            "UMEM_OPTIONS={options} strace -e trace=prctl -E LD_PRELOAD={} {} </dev/null 2>&1 >/dev/null",
            bin_dir().join("libumem.so").display(),
            program.display()
        );
        sh(&dir, &line).ok()
    };
    assert!(calls("ptrace").contains("prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY)"), "{}", calls("ptrace"));
    assert!(!calls("").contains("PR_SET_PTRACER"));
}

/// Threads that come and go all the time; what was lost before is found, and nothing else.
pub(crate) fn threads_that_come_and_go() {
    let dir = Scratch::new();
    let p = Talker::start(under(compiled(&dir, "comers", &["-pthread", "-O1"])).arg("12"));
    let pid = p.pid();
    for round in 0..20 {
        assert_eq!(leaked(&["--freeze", &pid]), (12, "12:umem_alloc_1536\n".into()), "{round}");
        // Of a thread that runs, what lies dead on its stack counts, too: a leak may be missed, none is invented.
        let (n, text) = leaked(&[&pid]);
        assert!((10..=12).contains(&n) && text == format!("{n}:umem_alloc_1536\n"), "{round}: {text}");
        let rows = umemstat(&["-p", "in_use,in_ptc,total,stable", &pid]).ok();
        for row in rows.lines().filter(|r| r.ends_with("yes")) {
            let n: Vec<u64> = row.split(':').take(3).map(|f| f.parse().expect("number")).collect();
            assert!(n[0] + n[1] <= n[2], "{row}");
        }
    }
    assert!(umemstat(&["threads", "-p", "tid", &pid]).ok().lines().count() >= 1);
}

/// A program's first thread may end before the others; the process is still the one of its number.
pub(crate) fn a_process_whose_first_thread_has_ended() {
    let dir = Scratch::new();
    let source = "#include <pthread.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n\
         static void *on(void *kept) { pause(); return kept; }\n\
         int main(void) { pthread_t t; void *volatile p = malloc(1500); pthread_create(&t, 0, on, p);\n\
         for (int i = 0; i < 3; i++) p = malloc(777); p = 0; puts(\"ok\"); fflush(stdout); pthread_exit(0); }\n";
    fs::write(dir.join("first.c"), source).expect("write");
    sh(&dir, "cc -pthread -o first first.c").ok();
    let p = Talker::start(&mut under(dir.join("first")));
    let ended = || fs::read_to_string(format!("/proc/{}/stat", p.pid())).is_ok_and(|s| s.contains(") Z "));
    tests::wait_for("the end of the first thread", ended);
    assert_eq!(umemstat(&["-c", "umem_alloc_896", "-p", "in_use", &p.pid()]).ok(), "3\n");
    for options in [&[][..], &["--freeze"]] {
        assert_eq!(leaked(&[options, &[&p.pid()]].concat()), (3, "3:umem_alloc_896\n".into()), "{options:?}");
    }
}

/// Only the command itself is reported on, not the processes that it starts.
pub(crate) fn children_of_a_command_are_not_reported_on() {
    let dir = Scratch::new();
    let source = "#include <stdlib.h>\n#include <sys/wait.h>\n#include <unistd.h>\n\
         int main(int n, char **v) { if (fork() == 0) { *(volatile char *)malloc(5000) = 1; exit(0); }\n\
         wait(0); if (n > 1) execv(v[1], v + 1); return 0; }\n";
    fs::write(dir.join("forks.c"), source).expect("write");
    fs::write(dir.join("leaks.c"), "#include <stdlib.h>\nint main(void) { *(volatile char *)malloc(3000) = 1; }\n")
        .expect("write");
    sh(&dir, "cc -O0 -o forks forks.c && cc -O0 -o leaks leaks.c").ok();
    assert_eq!(sh(&dir, "umemstat run ./forks").ok(), "");
    let becomes = sh(&dir, "umemstat run ./forks ./leaks");
    assert!(becomes.status == 3 && becomes.err.contains("1 buffer"), "{becomes:?}");
}

/// Each way to look at a process that is killed meanwhile ends with a table or with one line that says so.
pub(crate) fn processes_that_die_while_they_are_read() {
    let dir = Scratch::new();
    let program = compiled(&dir, "comers", &["-pthread", "-O1"]);
    let verbs: &[&[&str]] = &[
        &[],
        &["leaks"],
        &["leaks", "--freeze"],
        &["users", "-e"],
        &["verify"],
        &["log"],
        &["bufctl"],
        &["dist"],
        &["status"],
        &["threads"],
        &["vmem"],
        &["--openmetrics"],
    ];
    let mut died = 0;
    for round in 0..60_u64 {
        let p = Talker::start(under(&program).arg("12").env("UMEM_DEBUG", "default").env("UMEM_LOGGING", "transaction"));
        let pid = p.pid();
        let verb = verbs[usize::try_from(round).expect("small") % verbs.len()];
        let mut looking = command("umemstat");
        let out = File::create(dir.join("out")).expect("file");
        let looking = looking.args(verb).arg(&pid).stdout(out).stderr(File::create(dir.join("err")).expect("file"));
        let mut looking = looking.spawn().map_err(|e| e.to_string()).expect("umemstat");
        std::thread::sleep(std::time::Duration::from_micros(round * 397 % 9000));
        drop(p);
        let status = looking.wait().expect("wait").code();
        let said = fs::read_to_string(dir.join("err")).expect("read");
        match status {
            Some(0) => assert_eq!(said, "", "{verb:?}"),
            Some(1) => {
                died += 1;
                let known = ["no such process", "the process ended while it was read"];
                assert!(known.iter().any(|k| said == format!("umemstat: {pid}: {k}\n")), "{verb:?}: {said}");
            }
            other => panic!("{verb:?}: {other:?} {said}"),
        }
    }
    assert!(died > 0, "none died in time");
}

/// A core from elsewhere, whose files are gone or others now, is read where what it holds suffices, and else says what is missing.
pub(crate) fn foreign_cores() {
    let dir = Scratch::new();
    let library = dir.join("libumem.so");
    fs::copy(bin_dir().join("libumem.so"), &library).expect("copy");
    let program = compiled(&dir, "counts", &[]);
    let mut p = Talker::start(command(&program).env("LD_PRELOAD", &library));
    p.say("+100 3000");
    let pid = p.pid();
    let core = |filter: &str| -> String {
        let line = format!("echo {filter} >/proc/{pid}/coredump_filter; gcore -o {filter} {pid} >gcore.log 2>&1");
        sh(&dir, &line).ok();
        dir.join(format!("{filter}.{pid}")).display().to_string()
    };
    // With the first page of each object, as is usual, and without: bit 4 of core(5).
    let (usual, bare) = (core("0x33"), core("0x23"));
    let look = |core: &str| umemstat(&["-c", "umem_alloc_3072", "-p", "in_use", core]);
    assert_eq!((look(&usual).ok().as_str(), look(&bare).ok().as_str()), ("100\n", "100\n"));
    drop(p);
    fs::rename(&library, dir.join("away")).expect("rename");
    assert_eq!(look(&usual).ok(), "100\n");
    let gone = look(&bare);
    let why = "no libumem in it; of the files that it had mapped these cannot be read";
    assert_eq!((gone.status, gone.err), (1, format!("umemstat: {bare}: {why}: {}\n", library.display())));
    sh(&dir, "echo 'void f(void) {}' | cc -shared -x c -o libumem.so -").ok();
    assert_eq!(look(&usual).ok(), "100\n");
    let other = look(&bare);
    assert_eq!((other.status, other.err.lines().count()), (1, 1), "{other:?}");
    assert!(other.err.contains("no libumem in it"), "{other:?}");
}
