//! The allocator under real programs and under C programs of its own.
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use tests::{Ran, Scratch, Server, bin_dir, command, manual, pkgs, ran, sh, test, wait_for};

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

/// Options that link a program with the library as an installed one would be.
fn linked() -> String {
    let include = tests::root().join("lib/umem-so/include");
    let lib = bin_dir();
    format!("-I{} -L{} -Wl,-rpath,{} -lumem", include.display(), lib.display(), lib.display())
}

/// Commits one fault under UMEM_DEBUG.
fn commit(dir: &Scratch, debug: &str, fault: &str) -> Ran {
    sh(dir, &format!("UMEM_DEBUG={debug} exec ./faults {fault}"))
}

fn finds_every_fault_and_names_who_did_it() {
    let dir = Scratch::new();
    compile(&dir, "faults", &format!("-w -rdynamic {}", linked()));
    let found = [
        ("double", "umem allocator: duplicate free: buffer freed twice"),
        ("overrun", "umem allocator: redzone violation: write past end of buffer"),
        ("far-overrun", "umem allocator: redzone violation: write past end of buffer"),
        ("underrun", "umem allocator: boundary tag corrupted"),
        ("use-after-free", "umem allocator: buffer modified after being freed"),
        ("wrong-size", "umem allocator: bad free: free size (39) != alloc size (40)"),
        ("wrong-cache", "umem allocator: buffer freed to wrong cache"),
        ("interior", "umem allocator: invalid free: buffer not in cache"),
        ("misaligned", "umem allocator: invalid free: buffer not in cache"),
        ("object-use-after-free", "umem allocator: buffer modified after being freed"),
        ("realloc-freed", "umem allocator: duplicate free: buffer freed twice"),
        ("handler", "umem allocator: duplicate free: buffer freed twice"),
    ];
    for (fault, line) in found {
        let got = commit(&dir, "default", fault);
        assert_eq!((got.err.lines().next(), got.status), (Some(line), 128 + 6), "{fault}: {got:?}");
        let has = |part: &str| got.err.lines().any(|l| l.starts_with(part));
        assert!(
            has("buffer=0x") && has("umem: heap corruption detected") && has("stack trace:") && has("faults'main+0x"),
            "{got:?}"
        );
        let transaction = !["wrong-cache", "interior", "misaligned"].contains(&fault);
        assert_eq!(has("previous transaction on buffer 0x") && has("thread=0x"), transaction, "{got:?}");
    }
    // The same behind blocks above the caches' sizes, and aligned ones.
    for fault in ["large-overrun", "large-page-overrun", "zeroed-overrun", "aligned-overrun", "posix-overrun", "grown-overrun"] {
        for debug in ["default", "guards", "lite"] {
            let got = commit(&dir, debug, fault);
            let line = Some("umem allocator: redzone violation: write past end of buffer");
            assert_eq!((got.err.lines().next(), got.status), (line, 128 + 6), "{fault}: {got:?}");
            assert!(fault == "large-overrun" || got.err.contains("cache: umem_oversize\n"), "{got:?}");
        }
        assert_eq!(commit(&dir, "audit", fault).ok(), "survived\n");
        assert_eq!(commit(&dir, "guards,noabort", fault).out, "survived\n");
    }
    for debug in ["default", "guards", "firewall", "guards,firewall", "guards,firewall=100000"] {
        assert_eq!(commit(&dir, debug, "large-none").ok(), "survived\n");
    }
    let got = commit(&dir, "default", "use-after-free");
    let line = "modification occurred at offset 0x8 (0xdeadbeefdeadbeef replaced by 0xdeadbeefdeadbe78)";
    assert_eq!(got.err.lines().nth(1), Some(line), "{got:?}");
    let got = commit(&dir, "default", "wrong-cache");
    assert!(got.err.contains("buffer was allocated from foo,\ncaller attempting free to bar.\n"), "{got:?}");
    let got = commit(&dir, "default", "handler");
    let frames = |word: &str| got.err.lines().filter(|l| l.starts_with(word)).count();
    // The stack goes on through the handler to what it interrupted.
    assert!(frames("faults'main+0x") == 2 && frames("libc.so.6'gsignal+0x") == 2, "{got:?}");
    for (fault, call) in [
        ("foreign", "free"),
        ("large-double", "free"),
        ("large-interior", "free"),
        ("aligned-double", "free"),
        ("realloc-foreign", "realloc"),
    ] {
        let got = commit(&dir, "default", fault);
        let first = got.err.lines().next().unwrap_or_default();
        assert!(
            first.starts_with(&format!("{call}(0x")) && first.ends_with("): double-free or invalid buffer") && got.status == 134,
            "{got:?}"
        );
    }
    assert_eq!(commit(&dir, "default", "none").ok(), "survived\n");
}

fn goes_on_after_a_fault_when_told_to() {
    let dir = Scratch::new();
    compile(&dir, "faults", &format!("-w {}", linked()));
    let faults = "double overrun far-overrun underrun use-after-free wrong-size wrong-cache interior misaligned foreign \
                  large-double large-interior realloc-freed realloc-foreign aligned-double handler object-use-after-free";
    for fault in faults.split_whitespace() {
        let got = commit(&dir, "default,noabort", fault);
        assert_eq!((got.out.as_str(), got.status), ("survived\n", 0), "{fault}: {got:?}");
        assert!(got.err.contains("umem: heap corruption detected\n"), "{got:?}");
    }
}

fn looks_for_what_each_word_says() {
    let dir = Scratch::new();
    compile(&dir, "faults", &format!("-w -rdynamic {}", linked()));
    let first = |debug: &str, fault: &str| commit(&dir, debug, fault).err.lines().next().unwrap_or_default().to_string();
    let modified = "umem allocator: buffer modified after being freed";
    // Guards fill freed buffers, as far as maxverify goes; lite only looks behind them; audit alone at neither.
    for (debug, overrun, after) in
        [("guards", true, true), ("lite", true, false), ("audit", false, false), ("contents", true, true)]
    {
        assert_eq!(first(debug, "overrun").contains("redzone violation"), overrun, "{debug}");
        assert_eq!(first(debug, "object-use-after-free") == modified, after, "{debug}");
    }
    assert_eq!(first("guards,maxverify=1k", "object-use-after-free"), "");
    assert_eq!(first("guards,maxverify=1k", "use-after-free"), modified);
    assert_eq!(first("nosignal", "in-handler"), "umem: called from signal handler");
    assert_eq!(first("audit", "in-handler"), "");
    assert_eq!(first("checknull", "too-much"), "umem: out of heap space");
    assert_eq!(commit(&dir, "default", "too-much").ok(), "survived\n");
    assert_eq!(commit(&dir, "firewall", "too-much").ok(), "survived\n");
    assert_eq!(commit(&dir, "random", "none").ok(), "survived\n");
    // As many frames as asked for.
    let trail = |debug: &str| {
        let said = commit(&dir, debug, "double").err;
        let from = said.split("previous transaction").nth(1).expect("one").split("umem: heap").next().expect("it").to_string();
        from.lines().filter(|l| l.contains('\'')).count()
    };
    assert_eq!(trail("guards,audit=1"), 1);
    assert!(trail("guards,audit") > 3);
}

fn trusts_no_environment_of_others() {
    tests::need_root();
    let dir = Scratch::new();
    let static_library = bin_dir().join("libumem.a");
    let include = tests::root().join("lib/umem-so/include");
    compile(&dir, "faults", &format!("-w -static -I{} {}", include.display(), static_library.display()));
    let run = "UMEM_DEBUG=verbose,xyzzy,default setpriv --reuid=1 --regid=1 --clear-groups ./faults overrun";
    sh(&dir, "chmod 755 . && chown 65534 faults").ok();
    assert!(sh(&dir, run).err.contains("redzone violation"));
    sh(&dir, "chmod 4755 faults").ok();
    let got = sh(&dir, run);
    assert_eq!((got.out.as_str(), got.err.as_str(), got.status), ("survived\n", "", 0));
}

fn serves_before_main_and_after_exit() {
    let dir = Scratch::new();
    compile(&dir, "moments", "-ldl");
    for debug in ["", "default", "firewall", "audit,nosignal"] {
        let got = under(&dir, &format!("UMEM_DEBUG={debug} UMEM_LOGGING=transaction,contents exec ./moments"));
        assert_eq!((got.out.as_str(), got.err.as_str(), got.status), ("moments ok\n", "", 0), "{debug}");
    }
}

fn keeps_what_freed_buffers_held() {
    let dir = Scratch::new();
    compile(&dir, "faults", &format!("-w {}", linked()));
    let mut c = command(dir.join("faults"));
    c.arg("saved").env("UMEM_DEBUG", "default,contents=16").env("UMEM_LOGGING", "contents=4k");
    let mut server = Server::start(c.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(server.0.stdout.take().expect("a pipe")), &mut line)
        .expect("a line");
    let said = sh(&dir, &format!("umemstat log {} contents", server.0.id())).ok();
    let bytes = "            0: 74 68 65 20 73 65 63 72 65 74 00 ";
    assert!(said.lines().any(|l| l.starts_with(bytes) && l.contains("  the secret.")), "{said}");
}

fn unmaps_what_lies_behind_and_what_was_freed() {
    let dir = Scratch::new();
    compile(&dir, "faults", &format!("-w {}", linked()));
    assert_eq!(commit(&dir, "firewall=4k", "large-after").status, 128 + 11);
    for fault in ["beyond", "after"] {
        assert_eq!(commit(&dir, "firewall", fault).status, 128 + 11, "{fault}");
        assert_ne!(commit(&dir, "guards", fault).status, 128 + 11, "{fault}");
    }
    assert_eq!(commit(&dir, "firewall", "none").ok(), "survived\n");
    assert_eq!(commit(&dir, "firewall=1m", "beyond").status, 0);
}

fn names_options_it_does_not_know() {
    let dir = Scratch::new();
    compile(&dir, "faults", &format!("-w {}", linked()));
    let got = sh(&dir, "UMEM_OPTIONS=backend=sbrk UMEM_DEBUG=verbose,xyzzy,audit=99x,mtbf,guards=1 ./faults none");
    let expected = "UMEM_DEBUG: 'xyzzy' not recognized\nUMEM_DEBUG: audit: not a number\nUMEM_DEBUG: mtbf: Required value missing\n\
                    UMEM_DEBUG: guards: does not take a value. ignored\nUMEM_OPTIONS: backend: not supported. ignored\n";
    assert_eq!((got.err.as_str(), got.status), (expected, 0), "{got:?}");
    assert_eq!(commit(&dir, "xyzzy", "none").err, "");
}

fn runs_programs_debugged() {
    let dir = Scratch::new();
    compile(&dir, "family", "");
    compile(&dir, "threads", "");
    let lines = [
        ("./family", "family ok\n"),
        ("./threads 1", "threads ok\n"),
        ("php -r 'echo array_sum(range(1, 1000));'", "500500"),
        ("python3 -c 'import json; print(len(json.dumps(list(range(1000)))))'", "4890\n"),
        ("perl -e 'my %h; $h{$_} = \"x\" x $_ for 1..2000; print scalar keys %h'", "2000"),
    ];
    for debug in ["default", "firewall=4k", "lite", "audit"] {
        for (line, expected) in lines {
            let got = under(
                &dir,
                &format!("UMEM_DEBUG={debug} UMEM_LOGGING=transaction,slab,fail; export UMEM_DEBUG UMEM_LOGGING; {line}"),
            );
            assert_eq!((got.out.as_str(), got.err.as_str(), got.status), (expected, "", 0), "{debug} {line}");
        }
    }
}

fn serves_object_caches() {
    let dir = Scratch::new();
    compile(&dir, "objects", &linked());
    let got = sh(&dir, "./objects");
    assert_eq!((got.out.as_str(), got.status), ("objects ok\n", 0), "{got:?}");
    assert!(got.err.starts_with("umem_cache_destroy: 'left' (0x") && got.err.ends_with(") not empty\n"), "{got:?}");
}

fn serves_arenas() {
    let dir = Scratch::new();
    compile(&dir, "arenas", &linked());
    let got = sh(&dir, "./arenas");
    assert_eq!((got.out.as_str(), got.err.as_str(), got.status), ("arenas ok\n", "", 0), "{got:?}");
}

/// A page's program as demo.c, its commands run as they stand, and what they print compared with what it shows.
fn example(page: &str) {
    let dir = Scratch::new();
    let source = manual::page(page).replace("\\e", "\\");
    let body = source.split(".Sh EXAMPLES").nth(1).expect("EXAMPLES").split("\n.Sh ").next().expect("a section").to_string();
    let displays: Vec<_> =
        body.split(".Bd -literal -offset indent\n").skip(1).map(|d| d.split(".Ed").next().unwrap_or_default()).collect();
    let (shown, programs) = displays.split_last().expect("a display");
    for program in programs {
        std::fs::write(dir.join("demo.c"), program).expect("a file");
    }
    let (lib, include) = (bin_dir(), tests::root().join("lib/umem-so/include"));
    let commands: String = manual::examples(page).iter().map(|c| format!("{c}\n")).collect();
    let script = format!("export LIBRARY_PATH={0} LD_LIBRARY_PATH={0} CPATH={1}\n{commands}", lib.display(), include.display());
    let expected: String = shown.lines().filter(|l| !l.starts_with("$ ")).map(|l| format!("{l}\n")).collect();
    let got = sh(&dir, &script);
    assert_eq!(got.out, expected, "{page}: {got:?}");
}

fn examples_of_the_manuals() {
    for page in ["libumem.3", "umem_alloc.3", "umem_cache_create.3", "umem_debug.3", "vmem.3"] {
        example(page);
    }
}

fn links_into_static_programs() {
    let dir = Scratch::new();
    compile(
        &dir,
        "objects",
        &format!("-static -I{} {}", tests::root().join("lib/umem-so/include").display(), bin_dir().join("libumem.a").display()),
    );
    let got = sh(&dir, "strip objects && ./objects && readelf -n objects");
    assert!(got.out.starts_with("objects ok\n") && got.out.contains(" umem "), "{got:?}");
}

fn finds_the_callers_in_static_programs() {
    let dir = Scratch::new();
    let include = tests::root().join("lib/umem-so/include");
    // gcc leaves the table of the call-frame information out of a program of fixed address, unless told otherwise.
    for flags in ["-static", "-static -Wl,--eh-frame-hdr", "-static-pie -fPIE"] {
        compile(&dir, "faults", &format!("-w {flags} -I{} {}", include.display(), bin_dir().join("libumem.a").display()));
        let said = commit(&dir, "default", "double").err;
        let frames = said.lines().filter(|l| l.starts_with("??? (0x")).count();
        // Two stacks, each from the allocator through `frees` and main to the C library's start.
        assert!(frames >= 12, "{flags}: {said}");
    }
}

fn gives_memory_back() {
    let dir = Scratch::new();
    compile(&dir, "memory", &linked());
    // Size, of how many one is kept, and the share of the whole that may then stay: the kept blocks' own pages and a fifth.
    for (size, keep, share) in [(64, 100_000, 0.05), (1000, 50, 0.12), (20_000, 3, 0.48), (300_000, 4, 0.32)] {
        let said = sh(&dir, &format!("./memory {size} {keep}")).ok();
        let kib: Vec<f64> = said.split_whitespace().map(|n| n.parse().expect("a number")).collect();
        let (full, after) = (kib[1] - kib[0], kib[2] - kib[0]);
        assert!(full > 190_000.0 && after < full * share, "{size} {keep}: {said}");
    }
}

fn has_headers_for_every_c() {
    let dir = Scratch::new();
    let source = "#include <umem.h>\n#include <vmem.h>\nint main(void)\n{\n\tumem_cache_t *c = umem_cache_create(\"x\", 8, 0, NULL, NULL, NULL, \
                  NULL, NULL, UMC_NODEBUG);\n\tumem_cache_free(c, umem_cache_alloc(c, UMEM_NOFAIL));\n\tumem_cache_destroy(c);\n\
                  \treturn UMEM_CALLBACK_EXIT(256) == 0x100 ? 0 : 1;\n}\n";
    for name in ["h.c", "h.cc"] {
        std::fs::write(dir.join(name), source).expect("a file");
    }
    let strict = "-Wall -Wextra -Werror -pedantic";
    let mut compilers: Vec<String> = ["c89", "c99", "c11", "c17", "c2x"]
        .iter()
        .flat_map(|s| ["gcc", "clang"].map(|c| format!("{c} -std={s} {strict} h.c")))
        .collect();
    compilers.extend(
        ["c++98", "c++11", "c++14", "c++17", "c++20", "c++2b"]
            .iter()
            .flat_map(|s| ["g++", "clang++"].map(|c| format!("{c} -std={s} {strict} h.cc"))),
    );
    compilers.push("tcc -Wall -Werror h.c".into());
    for compiler in compilers {
        let got = sh(&dir, &format!("{compiler} -o h {} && ./h", linked()));
        assert_eq!((got.err.as_str(), got.status), ("", 0), "{compiler}");
    }
}

fn is_found_by_pkg_config() {
    let dir = Scratch::new();
    let (so, own) = (library(), tests::root().join("lib/umem-so"));
    let source = "#include <umem.h>\nint main(void) { void *p = umem_alloc(9, UMEM_NOFAIL); umem_free(p, 9); return p == 0; }\n";
    std::fs::write(dir.join("p.c"), source).expect("a file");
    let (so, own) = (so.display(), own.display());
    let line = format!(
        "mkdir -p lib/pkgconfig && cp {so} lib && cp -r {own}/include . && cp {own}/umem.pc lib/pkgconfig && \
         export PKG_CONFIG_PATH=$PWD/lib/pkgconfig && gcc p.c -o p $(pkg-config --define-variable=prefix=$PWD --cflags --libs umem) && \
         LD_LIBRARY_PATH=lib ./p && readelf -d p | grep -c 'NEEDED.*libumem'"
    );
    assert_eq!(sh(&dir, &line).ok(), "1\n");
}

fn serves_the_whole_malloc_family() {
    let dir = Scratch::new();
    compile(&dir, "family", "");
    assert_eq!(under(&dir, "./family").ok(), "family ok\n");
}

fn keeps_blocks_whole_over_threads_and_forks() {
    let dir = Scratch::new();
    compile(&dir, "threads", "");
    // A minute: half with magazines of threads, half with those of CPUs.
    for options in ["", "cpucache"] {
        assert_eq!(under(&dir, &format!("UMEM_OPTIONS={options} ./threads 30s")).ok(), "threads ok\n", "{options}");
    }
}

/// memcheck looks at the allocator itself: it is told not to put its own in its place.
fn is_clean_under_memcheck() {
    let dir = Scratch::new();
    for name in ["objects", "arenas"] {
        compile(&dir, name, &linked());
        let got = sh(
            &dir,
            &format!("valgrind -q --error-exitcode=99 --soname-synonyms=somalloc=nouserintercepts ./{name} | tail -n 1"),
        );
        assert_eq!(got.out, format!("{name} ok\n"), "{got:?}");
        assert!(!got.err.contains("=="), "{got:?}");
    }
}

fn gives_back_while_the_program_sleeps_when_told_to() {
    let dir = Scratch::new();
    compile(&dir, "idle", "");
    let resident = |options: &str| -> Vec<u32> {
        let said = under(&dir, &format!("UMEM_OPTIONS={options} ./idle")).ok();
        said.split_whitespace().map(|n| n.parse().expect("a number")).collect()
    };
    let (by_itself, told) = (resident(""), resident("update,reap_interval=1"));
    assert!(by_itself[0] > 40_000 && by_itself[1] > 40_000 && told[0] > 40_000 && told[1] <= 20_000, "{by_itself:?} {told:?}");
}

fn serves_with_magazines_of_cpus_and_without_where_there_are_no_sequences() {
    let dir = Scratch::new();
    compile(&dir, "family", "");
    compile(&dir, "threads", "");
    compile(&dir, "objects", &linked());
    for tunables in ["", "glibc.pthread.rseq=0"] {
        for (line, expected) in
            [("./family", "family ok\n"), ("./threads 2", "threads ok\n"), ("./objects | tail -n 1", "objects ok\n")]
        {
            let got = under(&dir, &format!("export UMEM_OPTIONS=cpucache GLIBC_TUNABLES={tunables}; {line}"));
            assert_eq!((got.out.as_str(), got.status), (expected, 0), "{tunables} {line}: {got:?}");
        }
    }
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

fn holds_at_the_edges() {
    let dir = Scratch::new();
    compile(&dir, "edges", "");
    assert_eq!(under(&dir, "./edges").ok(), "edges ok\n");
}

fn runs_node_and_a_build_by_cargo() {
    let dir = Scratch::new();
    let script = "const a = []; for (let i = 0; i < 1e5; i++) a.push({ i }); console.log(a.length, JSON.stringify(a).length)";
    assert_eq!(under(&dir, &format!("node -e '{script}'")).ok(), "100000 1188891\n");
    // cargo is where the harness's own environment has it.
    let cargo = |arguments: &str| {
        let mut c = command("cargo");
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME"] {
            if let Some(value) = std::env::var_os(name) {
                c.env(name, value);
            }
        }
        ran(c.args(arguments.split(' ')).current_dir(&dir.0).env("LD_PRELOAD", library())).ok()
    };
    // A workspace of its own: not one more member of this one.
    std::fs::write(dir.join("Cargo.toml"), "[package]\nname = \"hello\"\nedition = \"2024\"\n[workspace]\n").expect("a file");
    std::fs::create_dir(dir.join("src")).expect("a folder");
    std::fs::write(dir.join("src/main.rs"), "fn main() { println!(\"Hello, world!\") }\n").expect("a file");
    assert_eq!(cargo("run -q --offline"), "Hello, world!\n");
}

fn runs_redis_with_a_fork_that_saves() {
    let dir = Scratch::new();
    let usr = pkgs("redis-server").join("usr");
    let port = 20_000 + std::process::id() % 20_000;
    let libs = usr.join("lib/x86_64-linux-gnu");
    let mut c = command(usr.join("bin/redis-server"));
    c.args(["--port", &port.to_string(), "--dir", &dir.display().to_string(), "--bind", "127.0.0.1"]);
    let _server = Server::start(c.env("LD_LIBRARY_PATH", &libs).env("LD_PRELOAD", library()).stdout(Stdio::null()));
    let client = |line: &str| {
        let cli = usr.join("bin/redis-cli");
        sh(&dir, &format!("LD_LIBRARY_PATH={} {} -p {port} {line}", libs.display(), cli.display()))
    };
    wait_for("redis", || client("ping").out == "PONG\n");
    assert_eq!(
        client("eval 'for i = 1, 100000 do redis.call(\"set\", \"k\" .. i, string.rep(\"x\", i % 300)) end return 1' 0").ok(),
        "1\n"
    );
    assert_eq!(client("bgsave").ok(), "Background saving started\n");
    wait_for("the dump", || client("info persistence").out.contains("rdb_bgsave_in_progress:0"));
    assert!(client("info persistence").out.contains("rdb_last_bgsave_status:ok"));
    assert_eq!(client("strlen k99999").ok(), "99\n");
}

fn sets_up_a_postgresql_cluster() {
    tests::need_root();
    let dir = Scratch::new();
    let bin = pkgs("postgresql-15").join("usr/lib/postgresql/15/bin");
    let line =
        format!("chmod 777 . && setpriv --reuid=65534 --regid=65534 --clear-groups {}/initdb -D db -A trust -N", bin.display());
    let got = under(&dir, &line);
    assert!(got.status == 0 && got.out.contains("Success."), "{got:?}");
    let line = format!(
        "echo 'select count(*), sum(length(repeat(md5(n::text), 10))) from generate_series(1, 20000) n' | \
         setpriv --reuid=65534 --regid=65534 --clear-groups {}/postgres --single -D db postgres",
        bin.display()
    );
    let got = under(&dir, &line);
    assert!(got.out.contains("count = \"20000\"") && got.out.contains("sum = \"6400000\""), "{got:?}");
}

fn runs_qemu_and_openssh() {
    let dir = Scratch::new();
    let said = r#"printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-memory-size-summary"}' '{"execute":"quit"}'"#;
    let got = under(&dir, &format!("{said} | qemu-system-x86_64 -nodefaults -display none -m 64 -S -accel tcg -qmp stdio"));
    assert!(got.status == 0 && got.out.contains("\"base-memory\": 67108864"), "{got:?}");
    let got = under(&dir, "ssh-keygen -q -t rsa -b 2048 -N '' -f key && ssh-keygen -y -f key >again && ssh-keygen -l -f again");
    assert!(got.status == 0 && got.out.starts_with("2048 SHA256:"), "{got:?}");
}

fn lives_with_little_address_space() {
    let dir = Scratch::new();
    compile(&dir, "little", "");
    assert_eq!(under(&dir, "./little").ok(), "little ok\n");
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
        test!(finds_every_fault_and_names_who_did_it),
        test!(goes_on_after_a_fault_when_told_to),
        test!(looks_for_what_each_word_says),
        test!(keeps_what_freed_buffers_held),
        test!(trusts_no_environment_of_others),
        test!(serves_before_main_and_after_exit),
        test!(unmaps_what_lies_behind_and_what_was_freed),
        test!(names_options_it_does_not_know),
        test!(runs_programs_debugged),
        test!(serves_object_caches),
        test!(serves_arenas),
        test!(examples_of_the_manuals),
        test!(links_into_static_programs),
        test!(finds_the_callers_in_static_programs),
        test!(gives_memory_back),
        test!(has_headers_for_every_c),
        test!(is_found_by_pkg_config),
        test!(serves_the_whole_malloc_family),
        test!(keeps_blocks_whole_over_threads_and_forks),
        test!(is_clean_under_memcheck),
        test!(gives_back_while_the_program_sleeps_when_told_to),
        test!(serves_with_magazines_of_cpus_and_without_where_there_are_no_sequences),
        test!(runs_php_whose_extensions_bind_deep),
        test!(runs_python_with_threads_and_processes),
        test!(runs_the_usual_programs),
        test!(holds_at_the_edges),
        test!(runs_node_and_a_build_by_cargo),
        test!(runs_redis_with_a_fork_that_saves),
        test!(sets_up_a_postgresql_cluster),
        test!(runs_qemu_and_openssh),
        test!(lives_with_little_address_space),
        test!(says_what_is_wrong_with_a_bad_free),
        test!(carries_the_note_that_readers_look_for),
    ])
}
