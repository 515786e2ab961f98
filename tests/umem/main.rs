//! The allocator under real programs and under C programs of its own.
mod debugged;
mod programs;

use debugged::{
    finds_every_fault_and_names_who_did_it, finds_the_callers_in_static_programs, goes_on_after_a_fault_when_told_to,
    keeps_what_freed_buffers_held, looks_for_what_each_word_says, names_options_it_does_not_know,
    says_what_is_wrong_with_a_bad_free, serves_before_main_and_after_exit, trusts_no_environment_of_others,
    unmaps_what_lies_behind_and_what_was_freed,
};
use programs::{
    runs_node_and_a_build_by_cargo, runs_php_whose_extensions_bind_deep, runs_programs_debugged,
    runs_python_with_threads_and_processes, runs_qemu_and_openssh, runs_redis_with_a_fork_that_saves, runs_the_usual_programs,
    sets_up_a_postgresql_cluster,
};
use std::path::PathBuf;
use std::process::ExitCode;
use tests::{Ran, Scratch, bin_dir, command, manual, ran, sh, test};

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

fn holds_at_the_edges() {
    let dir = Scratch::new();
    compile(&dir, "edges", "");
    assert_eq!(under(&dir, "./edges").ok(), "edges ok\n");
}

fn lives_with_little_address_space() {
    let dir = Scratch::new();
    compile(&dir, "little", "");
    assert_eq!(under(&dir, "./little").ok(), "little ok\n");
    assert_eq!(under(&dir, "ulimit -v 150000; perl -e 'print length(\"x\" x 30000000)'").ok(), "30000000");
    let refused = under(&dir, "ulimit -v 150000; perl -e 'my $x = \"x\" x 3000000000'");
    assert!(refused.err.contains("Out of memory"), "{refused:?}");
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
