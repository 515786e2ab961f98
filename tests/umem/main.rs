//! The allocator under real programs and under C programs of its own.
use std::path::PathBuf;
use std::process::ExitCode;
use tests::{Ran, Scratch, bin_dir, command, ran, sh, test};

fn library() -> PathBuf {
    bin_dir().join("libumem.so")
}

/// Runs a shell line whose programs all run under the preload.
fn under(dir: &Scratch, line: &str) -> Ran {
    let mut c = command("timeout");
    ran(c.args(["-k", "5", "120", "sh", "-c", line]).current_dir(&dir.0).env("LD_PRELOAD", library()))
}

/// Compiles tests/umem/NAME.c in `dir` with the given options.
fn compile(dir: &Scratch, name: &str, options: &str) {
    let source = tests::root().join("tests/umem").join(format!("{name}.c"));
    let line = format!("gcc -std=gnu11 -O1 -g -Wall -Werror -fno-builtin -pthread {} -o {name} {options}", source.display());
    sh(dir, &line).ok();
}

fn serves_the_whole_malloc_family() {
    let dir = Scratch::new();
    compile(&dir, "family", "");
    assert_eq!(under(&dir, "./family").ok(), "family ok\n");
}

fn keeps_blocks_whole_over_threads_and_forks() {
    let dir = Scratch::new();
    compile(&dir, "threads", "");
    assert_eq!(under(&dir, "./threads 5").ok(), "threads ok\n");
}

fn runs_php_whose_extensions_bind_deep() {
    let dir = Scratch::new();
    let script =
        "$a = []; for ($i = 0; $i < 300000; $i++) $a[] = str_repeat('x', $i % 100); echo count($a), strlen(json_encode($a));";
    assert_eq!(under(&dir, &format!("php -r \"{}\"", script.replace('$', "\\$"))).ok(), "30000015750001");
    assert_eq!(under(&dir, "USE_ZEND_ALLOC=0 php -r 'echo array_sum(range(1, 1000));'").ok(), "500500");
}

fn runs_python_with_threads_and_processes() {
    let dir = Scratch::new();
    let script = "import json, multiprocessing, threading\n\
        p = multiprocessing.Pool(4)\n\
        print(sum(p.map(abs, range(-1000, 1000))))\n\
        out = []\n\
        t = [threading.Thread(target=lambda: out.append(len(json.dumps([str(i) * i for i in range(300)])))) for _ in range(30)]\n\
        [x.start() for x in t]; [x.join() for x in t]\n\
        print(len(out), set(out))\n";
    std::fs::write(dir.join("t.py"), script).expect("a file");
    assert_eq!(under(&dir, "python3 t.py").ok(), "1000000\n30 {130755}\n");
    assert_eq!(under(&dir, "PYTHONMALLOC=malloc python3 t.py").ok(), "1000000\n30 {130755}\n");
}

fn runs_the_usual_programs() {
    let dir = Scratch::new();
    std::fs::write(dir.join("h.c"), "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n").expect("a file");
    let lines = [
        ("gcc -O2 h.c -o h && ./h", "hello\n"),
        ("bash -c 'n=0; for i in {1..20000}; do n=$((n + i)); done; echo $n'", "200010000\n"),
        (
            "perl -e 'my %h; $h{$_} = \"x\" x $_ for 1..5000; if (fork == 0) { exit 3 } wait; print scalar keys %h, $? >> 8'",
            "50003",
        ),
        ("git init -q r && git -C r add . && git -C r hash-object -w --stdin < h.c | wc -c", "41\n"),
        (
            "sqlite3 :memory: 'with recursive c(x) as (select 1 union all select x+1 from c where x<100000) select sum(x) from c'",
            "5000050000\n",
        ),
        ("seq 200000 | sort -R | sort -n --parallel=4 | tail -n 1", "200000\n"),
        ("seq 500000 | xz -T2 | xz -d | tail -n 1", "500000\n"),
    ];
    for (line, expected) in lines {
        let got = under(&dir, line);
        assert_eq!((got.out.as_str(), got.err.as_str(), got.status), (expected, "", 0), "{line}");
    }
}

fn lives_with_little_address_space() {
    let dir = Scratch::new();
    assert_eq!(under(&dir, "ulimit -v 150000; perl -e 'print length(\"x\" x 30000000)'").ok(), "30000000");
    let refused = under(&dir, "ulimit -v 150000; perl -e 'my $x = \"x\" x 3000000000'");
    assert!(refused.err.contains("Out of memory"), "{refused:?}");
}

fn says_what_is_wrong_with_a_bad_free() {
    let dir = Scratch::new();
    let source = "#include <stdlib.h>\nint main(int argc, char **argv) { char *p = malloc(1000000); free(argc > 1 ? p + 64 : argv[0]); return 0; }";
    std::fs::write(dir.join("bad.c"), source).expect("a file");
    sh(&dir, "gcc -w -O0 bad.c -o bad").ok();
    for arguments in ["", " x"] {
        let got = under(&dir, &format!("exec ./bad{arguments}"));
        assert_eq!(got.status, 128 + 6, "{got:?}");
        let said = got.err.lines().next().unwrap_or_default();
        assert!(said.starts_with("free(0x") && said.ends_with("): double-free or invalid buffer"), "{got:?}");
    }
}

fn carries_the_note_that_readers_look_for() {
    let dir = Scratch::new();
    let notes = sh(&dir, &format!("readelf -n {}", library().display())).ok();
    assert!(notes.lines().any(|l| l.split_whitespace().take(2).eq(["umem", "0x00000008"])), "{notes}");
}

fn main() -> ExitCode {
    tests::main(vec![
        test!(serves_the_whole_malloc_family),
        test!(keeps_blocks_whole_over_threads_and_forks),
        test!(runs_php_whose_extensions_bind_deep),
        test!(runs_python_with_threads_and_processes),
        test!(runs_the_usual_programs),
        test!(lives_with_little_address_space),
        test!(says_what_is_wrong_with_a_bad_free),
        test!(carries_the_note_that_readers_look_for),
    ])
}
