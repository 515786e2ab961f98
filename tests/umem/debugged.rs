//! What debugging finds, by programs that commit the faults; and who may turn it on.
use crate::{compile, linked, under};
use std::process::Stdio;
use tests::{Ran, Scratch, Server, bin_dir, command, sh};

/// Commits one fault under UMEM_DEBUG.
fn commit(dir: &Scratch, debug: &str, fault: &str) -> Ran {
    sh(dir, &format!("UMEM_DEBUG={debug} exec ./faults {fault}"))
}

pub fn finds_every_fault_and_names_who_did_it() {
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

pub fn goes_on_after_a_fault_when_told_to() {
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

pub fn looks_for_what_each_word_says() {
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

pub fn trusts_no_environment_of_others() {
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

pub fn serves_before_main_and_after_exit() {
    let dir = Scratch::new();
    compile(&dir, "moments", "-ldl");
    for debug in ["", "default", "firewall", "audit,nosignal"] {
        let got = under(&dir, &format!("UMEM_DEBUG={debug} UMEM_LOGGING=transaction,contents exec ./moments"));
        assert_eq!((got.out.as_str(), got.err.as_str(), got.status), ("moments ok\n", "", 0), "{debug}");
    }
}

pub fn keeps_what_freed_buffers_held() {
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

pub fn unmaps_what_lies_behind_and_what_was_freed() {
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

pub fn names_options_it_does_not_know() {
    let dir = Scratch::new();
    compile(&dir, "faults", &format!("-w {}", linked()));
    let got = sh(&dir, "UMEM_OPTIONS=backend=sbrk UMEM_DEBUG=verbose,xyzzy,audit=99x,mtbf,guards=1 ./faults none");
    let expected = "UMEM_DEBUG: 'xyzzy' not recognized\nUMEM_DEBUG: audit: not a number\nUMEM_DEBUG: mtbf: Required value missing\n\
                    UMEM_DEBUG: guards: does not take a value. ignored\nUMEM_OPTIONS: backend: not supported. ignored\n";
    assert_eq!((got.err.as_str(), got.status), (expected, 0), "{got:?}");
    assert_eq!(commit(&dir, "xyzzy", "none").err, "");
}

pub fn says_what_is_wrong_with_a_bad_free() {
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

pub fn finds_the_callers_in_static_programs() {
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
