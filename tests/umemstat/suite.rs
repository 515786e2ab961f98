//! Planted leaks: what `umemstat run` finds of them, beside valgrind's memcheck.
use std::fmt::Write;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use tests::{Scratch, command, pkgs, ran, root, skip};

/// A program with leaks: language, case, how many blocks it loses, and of what size they are.
struct Case {
    language: &'static str,
    case: &'static str,
    lost: u64,
    /// Reported although the program could still reach them, by a way that no scan sees.
    hidden: u64,
    sizes: RangeInclusive<u64>,
}

const SMALL: RangeInclusive<u64> = 673..=768;
const BIG: RangeInclusive<u64> = 98_305..=114_688;

const fn case(language: &'static str, case: &'static str, lost: u64) -> Case {
    Case { language, case, lost, hidden: 0, sizes: SMALL }
}

const CASES: &[Case] = &[
    case("c", "simple", 7),
    case("c", "list", 10),
    case("c", "ring", 5),
    case("c", "tree", 15),
    case("c", "pair", 2),
    case("c", "inner-list", 8),
    case("c", "kept-list", 0),
    case("c", "kept-inside", 0),
    case("c", "tagged", 0),
    case("c", "realloc", 1),
    case("c", "overwritten", 1),
    case("c", "tls", 3),
    case("c", "live-threads", 2),
    case("c", "dead-threads", 8),
    Case { hidden: 1, ..case("c", "hidden", 0) },
    case("c", "calloc", 3),
    case("c", "memalign", 2),
    case("c", "strdup", 4),
    case("c", "atexit", 0),
    case("c", "mapped", 0),
    Case { sizes: 1_000_000..=1_000_000, ..case("c", "large", 2) },
    case("cpp", "vector", 20),
    case("cpp", "shared-ring", 2),
    case("cpp", "map", 0),
    case("cpp", "second-base", 0),
    case("cpp", "array-cookie", 0),
    case("cpp", "string", 1),
    case("rust", "forget", 5),
    case("rust", "rc-ring", 2),
    case("rust", "leak-kept", 0),
    Case { sizes: BIG, ..case("python", "ctypes", 3) },
    Case { sizes: BIG, ..case("php", "ffi", 4) },
];

/// Runs every case under both, prints the table, and holds us to it.
pub(crate) fn planted_leaks_beside_memcheck() {
    let memcheck = memcheck().unwrap_or_else(|| skip("needs valgrind"));
    let dir = Scratch::new();
    let mut table =
        format!("{:<8} {:<13} {:>4}  {:>5} {:>6} {:>5}  {:>8} {:>6} {:>5}\n", "", "", "", "ours", "", "", "memcheck", "", "");
    let _ = writeln!(
        table,
        "{:<8} {:<13} {:>4}  {:>5} {:>6} {:>5}  {:>8} {:>6} {:>5}",
        "language", "case", "lost", "found", "missed", "false", "found", "missed", "false"
    );
    let mut wrong = Vec::new();
    for c in CASES {
        let program = program(&dir, c.language);
        let ours = ours(&dir, &program, c);
        let theirs = theirs(&memcheck, &dir, &program, c);
        let split = |n: u64| (n.min(c.lost), c.lost - n.min(c.lost), n.saturating_sub(c.lost));
        let ((f, m, x), (f2, m2, x2)) = (split(ours), split(theirs));
        let _ = writeln!(table, "{:<8} {:<13} {:>4}  {f:>5} {m:>6} {x:>5}  {f2:>8} {m2:>6} {x2:>5}", c.language, c.case, c.lost);
        if f < f2 || m > 0 || x != c.hidden {
            wrong.push(c.case);
        }
    }
    println!("{table}");
    assert_eq!(wrong, [""; 0], "cases in which we miss, invent, or find less than memcheck");
}

fn memcheck() -> Option<String> {
    let found = ran(command("sh").args(["-c", "command -v valgrind"]));
    let own = pkgs("valgrind").join("usr/bin/valgrind");
    (found.status == 0).then(|| found.out.trim().to_string()).or_else(|| own.exists().then(|| own.display().to_string()))
}

/// The command that runs a language's cases, compiled on first use.
fn program(dir: &Path, language: &str) -> Vec<String> {
    let sources = root().join("tests/umemstat/leaks");
    let (source, compiler): (&str, &[&str]) = match language {
        "c" => ("c.c", &["cc", "-g", "-O1", "-fno-builtin", "-pthread"]),
        "cpp" => ("cpp.cc", &["c++", "-g", "-O1"]),
        "rust" => ("rust.rs", &["rustc", "--edition=2024", "-O", "-g"]),
        "python" => return vec!["python3".into(), sources.join("python.py").display().to_string()],
        _ => return vec!["php".into(), sources.join("php.php").display().to_string()],
    };
    let binary = dir.join(language);
    if !binary.exists() {
        let mut c = command(compiler[0]);
        // rustup's rustc needs to know where it lives.
        c.env("PATH", std::env::var("PATH").unwrap_or_default())
            .envs(std::env::vars().filter(|(k, _)| k == "HOME" || k.starts_with("RUSTUP")));
        let done = ran(c.args(&compiler[1..]).arg("-o").arg(&binary).arg(sources.join(source)));
        assert_eq!(done.status, 0, "{done:?}");
    }
    vec![binary.display().to_string()]
}

/// Blocks of the case's size that our report names.
fn ours(dir: &Path, program: &[String], c: &Case) -> u64 {
    let report = dir.join("report");
    let mut run = command("umemstat");
    run.args(["run", "-o"]).arg(&report).args(program).arg(c.case).env("PYTHONMALLOC", "malloc").env("USE_ZEND_ALLOC", "0");
    let done = ran(&mut run);
    assert!(done.status == 0 || done.status == 3, "{done:?}");
    let text = fs::read_to_string(&report).expect("report");
    // "umem_alloc_768 leak: 7 buffers, 768 bytes each, ..."
    let group = |l: &str| {
        let (count, rest) = l.split_once(" leak: ")?.1.split_once(" buffers, ")?;
        let size: u64 = rest.split(' ').next()?.parse().ok()?;
        c.sizes.contains(&size).then(|| count.parse::<u64>().expect("count"))
    };
    let found = text.lines().filter_map(group).sum();
    assert!(found == 0 || done.status == 3, "{done:?}");
    found
}

/// Blocks of the case's size that memcheck calls lost, definitely or indirectly.
fn theirs(memcheck: &str, dir: &Path, program: &[String], c: &Case) -> u64 {
    let log = dir.join("memcheck");
    let mut run = command(memcheck);
    run.args(["--leak-check=full", "--show-leak-kinds=definite,indirect", "--leak-resolution=high"]);
    run.arg(format!("--log-file={}", log.display()))
        .args(program)
        .arg(c.case)
        .env("PYTHONMALLOC", "malloc")
        .env("USE_ZEND_ALLOC", "0");
    let done = ran(&mut run);
    assert_eq!(done.status, 0, "{done:?}");
    let text = fs::read_to_string(&log).expect("log");
    // "==1== 5,040 (720 direct, 4,320 indirect) bytes in 1 blocks are definitely lost in loss record 1 of 1"
    let record = |l: &str| {
        let (bytes, rest) = l.split_once("== ")?.1.split_once(" bytes in ")?;
        let kind = rest.split_once(" blocks are ")?.1;
        let direct = bytes.split_once('(').map_or(bytes, |(_, d)| d.split(' ').next().unwrap_or(d));
        let number = |t: &str| t.replace(',', "").parse::<u64>().ok();
        let (direct, blocks) = (number(direct)?, number(rest.split(' ').next()?)?);
        let lost = kind.starts_with("definitely") || kind.starts_with("indirectly");
        (lost && c.sizes.contains(&(direct / blocks))).then_some(blocks)
    };
    text.lines().filter_map(record).sum()
}
