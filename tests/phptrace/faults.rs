//! What goes wrong: rights that lack, kernels without BPF, files that are cut or stripped, buffers that are full, readers that leave.
mod script;

use script::{folder, phptrace};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;
use tests::{Ran, Server, command, seen, sh, test, wait_for};

fn main() -> ExitCode {
    tests::main(vec![
        test!(a_pid_namespace_is_told_of),
        test!(a_missing_capability_is_named),
        test!(a_process_of_others_needs_a_capability),
        test!(a_kernel_without_bpf_is_named),
        test!(a_php_without_probes_is_said_to_be_missing),
        test!(stripped_files_keep_their_probes),
        test!(corrupt_notes_do_no_harm),
        test!(a_full_ring_is_counted),
        test!(a_full_aggregation_is_counted),
        test!(full_variables_are_counted),
        test!(a_closed_pipe_ends_quietly),
        test!(a_full_disk_is_an_error),
        test!(the_end_of_a_command_is_said),
        test!(the_end_of_a_process_ends_its_trace),
        test!(two_interrupts_end_at_once),
        test!(nearest_probes_are_shown),
        test!(functions_of_libraries_wherever_they_come_from),
    ])
}

const FLOOD: &str = "<?php function f() {} for ($i = 0; $i < 30000; $i++) f();";

fn a_pid_namespace_is_told_of() {
    let dir = folder("<?php touch('ran');");
    let within = "unshare --pid --fork --mount-proc phptrace";
    let got = sh(&dir, &format!("{within} -qn 'php*:::function-entry{{@ = count()}}' -c 'php x.php'"));
    let line = "phptrace: -c and -p: the kernel counts processes in another way than this pid namespace does: \
        trace from outside the container\n";
    assert_eq!((got.out.as_str(), got.err.as_str(), got.status), ("", line, 1));
    assert!(!dir.join("ran").exists(), "the command is not run untraced");
    assert!(sh(&dir, &format!("{within} -lc 'php x.php'")).out.contains("function-entry"));
}

fn a_missing_capability_is_named() {
    let dir = folder("");
    for (dropped, lacks) in [("cap_bpf", "CAP_BPF"), ("cap_perfmon", "CAP_PERFMON")] {
        let line = format!(
            "capsh --drop={dropped},cap_sys_admin -- -c \"phptrace -qn 'syscall::read:entry{{@ = count()}} BEGIN{{exit(0)}}'\""
        );
        let got = sh(&dir, &line);
        assert_eq!((got.status, got.out.as_str()), (1, ""), "{got:?}");
        assert!(got.err.contains(&format!("needs root, or CAP_BPF and CAP_PERFMON; this process lacks {lacks} (")), "{got:?}");
        assert!(got.err.contains("kernel.unprivileged_bpf_disabled="), "{got:?}");
    }
    // Without CAP_SYS_ADMIN the two are enough.
    let line = "capsh --drop=cap_sys_admin -- -c \"phptrace -qn 'BEGIN{exit(0)}'\"";
    assert_eq!(sh(&dir, line).status, 0);
    let got = sh(&dir, "unshare --user --map-root-user phptrace -qn 'BEGIN{exit(0)}'");
    assert!(got.status == 1 && got.err.contains("user namespace"), "{got:?}");
}

fn a_process_of_others_needs_a_capability() {
    let dir = folder("<?php sleep(60);");
    let php = Server::start(command("php").arg("x.php").current_dir(&*dir));
    let line = format!("capsh --drop=cap_sys_ptrace -- -c \"phptrace -n 'request-startup{{}}' -p {}\"", php.0.id());
    let got = sh(&dir, &line);
    let said = format!("phptrace: failed to grab pid {}: Permission denied (needs root, or CAP_SYS_PTRACE)\n", php.0.id());
    assert_eq!((got.status, got.err), (1, said));
}

fn a_kernel_without_bpf_is_named() {
    let dir = folder("");
    let got = sh(&dir, "strace -qq -o /dev/null -e trace=bpf -e inject=bpf:error=ENOSYS phptrace -qn 'BEGIN{exit(0)}'");
    let said = "phptrace: BPF map: this kernel is built without BPF (CONFIG_BPF_SYSCALL)\n";
    assert_eq!((got.status, got.err.as_str()), (1, said));
    // A filter of system calls, as containers have it.
    let got = sh(&dir, "strace -qq -o /dev/null -e trace=bpf -e inject=bpf:error=EPERM phptrace -qn 'BEGIN{exit(0)}'");
    assert!(got.status == 1 && got.err.contains("in spite of the capabilities: by a container's seccomp profile"), "{got:?}");
}

fn a_php_without_probes_is_said_to_be_missing() {
    let dir = folder("<?php sleep(60);");
    sh(&dir, "objcopy --remove-section=.note.stapsdt /usr/bin/php php").ok();
    let php = Server::start(command("./php").args(["-n", "x.php"]).current_dir(&*dir));
    let got = phptrace(&dir, &["-n", "php*:::function-entry{}", "-p", &php.0.id().to_string()]);
    assert!(got.status == 1 && got.err.contains("  no PHP with probes runs or is installed here; -Z waits for one\n"), "{got:?}");
}

fn stripped_files_keep_their_probes() {
    let dir = folder("<?php function f() {} f(); f();");
    sh(&dir, "strip --strip-all -o php /usr/bin/php").ok();
    let got =
        phptrace(&dir, &["-qn", "function-entry{@[probemod, probefunc, copyinstr(arg0)] = count()}", "-c", "./php -n x.php"]);
    let row = format!("  {:<50}  {:<50}  {:<50} {:16}\n", "php", "dtrace_execute_ex", "f", 2);
    assert!(got.out.contains(&row), "{got:?}");
}

fn corrupt_notes_do_no_harm() {
    let dir = folder("<?php function f() {} for (;;) { f(); usleep(1000); }");
    // Noise in place of the notes; and notes that are cut off in the middle of one.
    let noise = "head -c 3000 /dev/urandom > noise && objcopy --update-section .note.stapsdt=noise /usr/bin/php noisy";
    let cut = "objcopy -O binary --only-section=.note.stapsdt --set-section-flags .note.stapsdt=alloc /usr/bin/php notes && \
               head -c 250 notes > some && objcopy --update-section .note.stapsdt=some /usr/bin/php cut";
    sh(&dir, noise).ok();
    sh(&dir, cut).ok();
    let start =
        |program: &str| Server::start(command(program).args(["-n", "x.php"]).current_dir(&*dir).env("USE_ZEND_DTRACE", "1"));
    let (mut noisy, mut cut, mut whole) = (start("./noisy"), start("./cut"), start("php"));
    let got = phptrace(&dir, &["-qn", "php*:::function-entry{@[probemod] = count()} tick-1s{exit(0)}"]);
    assert!(got.status == 0 && got.out.contains("  php8.2 "), "{got:?}");
    for server in [&mut noisy, &mut cut, &mut whole] {
        assert!(server.0.try_wait().expect("php").is_none(), "it goes on");
    }
    let got = phptrace(&dir, &["-l", "noisy"]);
    assert!(got.status <= 1 && !got.out.contains("noisy"), "{got:?}");
    let got = phptrace(&dir, &["-l", "cut"]).ok();
    assert!(got.lines().count() >= 2, "those before the cut are there: {got}");
}

/// The numbers before some words on standard error, added up.
fn dropped(got: &Ran, what: &str) -> usize {
    let number = |l: &str| {
        let words = l.strip_prefix("phptrace: ")?.split_once(' ')?;
        (words.1.trim_end_matches('s') == what).then(|| words.0.parse::<usize>().expect("number"))
    };
    got.err.lines().filter_map(number).sum()
}

fn a_full_ring_is_counted() {
    let dir = folder(FLOOD);
    let got = phptrace(&dir, &["-b", "4k", "-qn", "function-entry{printf(\"call\\n\")}", "-c", "php x.php"]);
    let seen = got.out.lines().filter(|l| *l == "call").count();
    assert!(seen > 0 && dropped(&got, "drop") > 0, "{:?}", got.err);
    assert_eq!(seen + dropped(&got, "drop"), 30001, "{:?}", got.err);
}

fn a_full_aggregation_is_counted() {
    let dir = folder(FLOOD);
    let program = "function-entry{@[timestamp] = count(); @n = count()}";
    let got = phptrace(&dir, &["-xaggsize=4k", "-qn", program, "-c", "php x.php"]);
    let rows = got.out.lines().filter(|l| l.split_whitespace().count() == 2).count();
    assert!(dropped(&got, "aggregation drop") > 0, "{:?}", got.err);
    assert_eq!(rows + dropped(&got, "aggregation drop"), 30001, "{:?}", got.err);
    assert!(got.out.contains(&format!(" {:16}\n", 30001)), "other aggregations go on");
}

fn full_variables_are_counted() {
    let dir = folder(FLOOD);
    let program = "function-entry{a[timestamp] = 1; @ = count()}";
    let got = phptrace(&dir, &["-xdynvarsize=64k", "-qn", program, "-c", "php x.php"]);
    let lost = dropped(&got, "dynamic variable drop");
    assert!((20000..30001).contains(&lost), "{got:?}");
    assert!(got.out.contains("30001"), "{got:?}");
}

fn a_closed_pipe_ends_quietly() {
    let dir = folder("<?php function f() {} for (;;) { f(); usleep(100); }");
    let _php = Server::start(command("php").arg("x.php").current_dir(&*dir).env("USE_ZEND_DTRACE", "1"));
    // The trace has no end of its own: it ends for want of a reader.
    let got = sh(&dir, "phptrace -qn 'function-entry{printf(\"call\\n\")}' | head -n 3; echo ${PIPESTATUS:-}");
    assert!(got.out.starts_with("call\ncall\ncall\n") && got.err.is_empty() && got.status == 0, "{got:?}");
}

fn a_full_disk_is_an_error() {
    let dir = folder(FLOOD);
    for arguments in [&["-o", "/dev/full"][..], &[]] {
        let mut c = command("phptrace");
        c.args(["-qn", "function-entry{printf(\"call\\n\")}", "-c", "php x.php"]).args(arguments).current_dir(&*dir);
        c.stdout(fs::File::options().write(true).open("/dev/full").expect("full"));
        let o = c.stderr(Stdio::piped()).spawn().and_then(std::process::Child::wait_with_output).expect("phptrace");
        let got = seen(&o);
        let name = if arguments.is_empty() { "stdout" } else { "/dev/full" };
        assert_eq!((got.status, got.err), (1, format!("phptrace: {name}: No space left on device\n")));
    }
}

fn the_end_of_a_command_is_said() {
    let dir = folder("<?php exit(3);");
    for (command, how) in [
        ("php x.php", "exited with status 3"),
        ("false", "exited with status 1"),
        ("true", "has exited"),
        ("sh -c 'kill -SEGV $$'", "terminated by SIGSEGV"),
    ] {
        let got = phptrace(&dir, &["-n", "END{}", "-c", command]);
        assert!(got.status == 0 && got.err.trim_end().ends_with(how), "{got:?}");
        assert_eq!(phptrace(&dir, &["-qn", "END{}", "-c", command]).err, "", "-q");
    }
}

fn the_end_of_a_process_ends_its_trace() {
    let dir = folder("<?php function f() {} for (;;) { f(); usleep(1000); }");
    // Killed, and not yet waited for by its parent.
    let mut php = command("php");
    let mut php = php.arg("x.php").current_dir(&*dir).env("USE_ZEND_DTRACE", "1").spawn().expect("php");
    let pid = php.id().to_string();
    let mut c = command("phptrace");
    c.args(["-n", "BEGIN{printf(\"ready\")} function-entry{@ = count()}", "-p", &pid]).current_dir(&*dir);
    let mut tracer = c.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("phptrace");
    std::thread::sleep(Duration::from_millis(500));
    php.kill().expect("kill");
    wait_for("phptrace to end", || tracer.try_wait().expect("phptrace").is_some());
    php.wait().expect("php");
    let got = seen(&tracer.wait_with_output().expect("output"));
    assert!(got.status == 0 && got.err.ends_with(&format!("phptrace: pid {pid} has exited\n")), "{got:?}");
}

fn two_interrupts_end_at_once() {
    let dir = folder("");
    // At its end this program prints for a while; who asks twice does not want to see it.
    let program = "BEGIN{printf(\"ready\\n\")} END{system(\"exec sleep 5\")}";
    let mut c = command("phptrace");
    let mut tracer = c.args(["-wqn", program]).current_dir(&*dir).stdout(Stdio::piped()).spawn().expect("phptrace");
    let mut out = BufReader::new(tracer.stdout.take().expect("stdout"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    for _ in 0..2 {
        Command::new("kill").args(["-INT", &tracer.id().to_string()]).status().expect("kill");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(tracer.wait().expect("phptrace").code(), Some(130));
}

fn nearest_probes_are_shown() {
    let dir = folder("");
    let near = |program: &str| {
        let got = phptrace(&dir, &["-n", program]);
        assert_eq!(got.status, 1, "{got:?}");
        got.err.lines().last().unwrap_or_default().to_string()
    };
    assert_eq!(near("php*:::function-entri{}"), "  nearest: php*:::function-entry");
    assert_eq!(near("php*:::fucntion-entry{}"), "  nearest: php*:::function-entry");
    assert_eq!(near("syscall::opena:entry{}"), "  nearest: syscall::open:entry, syscall::openat:entry");
    assert_eq!(near("BEGIM{}"), "  nearest: BEGIN");
    assert_eq!(near("syscal::read:entry{}"), "  nearest: syscall::read:entry, syscall::readv:entry");
}

fn functions_of_libraries_wherever_they_come_from() {
    let dir = folder("");
    fs::write(dir.join("x.c"), "int hello(int n) { return n + 1; }").expect("x.c");
    fs::write(dir.join("run.c"), "int hello(int); int main(void) { return hello(hello(hello(-3))); }").expect("run.c");
    let late = "#include <dlfcn.h>\n#include <unistd.h>\nint main(void) { int (*f)(int) = dlsym(dlopen(\"./lib/libx.so\", RTLD_NOW), \"hello\");
        for (int i = 0; i < 20; i++) { f(i); usleep(100000); } return 0; }";
    fs::write(dir.join("late.c"), late).expect("late.c");
    let build = "mkdir lib && gcc -shared -fPIC -O1 -Wl,-soname,libx.so -o lib/libx.so x.c && gcc -o run run.c lib/libx.so -Wl,-rpath,'$ORIGIN/lib' && gcc -o late late.c";
    sh(&dir, build).ok();
    let got = phptrace(&dir, &["-qn", "pid$target:libx:hello:entry{@ = count()}", "-c", "./run"]);
    assert_eq!(got.out.trim(), "3", "{got:?}");
    // Loaded while it runs: found when it has been looked at again.
    let got = phptrace(&dir, &["-Zqn", "pid$target:libx:hello:entry{@ = count()}", "-c", "./late"]);
    assert!(got.out.trim().parse::<u32>().is_ok_and(|n| n > 5), "{got:?}");
    let near =
        |program: &str| phptrace(&dir, &["-qn", program, "-c", "./run"]).err.lines().last().unwrap_or_default().to_string();
    assert!(near("pid$target:a.out:mian:entry{}").ends_with(":a.out:main:entry"));
    assert_eq!(near("pid$target:a.out:main:ffff{}"), "  an offset must be that of an instruction nop, push, call or jmp");
}
