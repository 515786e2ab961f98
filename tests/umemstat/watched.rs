//! The tool itself is watched: its probes, traced by phptrace; and whether what it says of a process under load is so.
use crate::looks::waiting;
use crate::{Talker, compiled, umemstat, under};
use std::io::Write;
use tests::{Scratch, command, need_root, ran};

pub(crate) fn its_own_probes_tell_of_samples_and_scans() {
    need_root();
    let dir = Scratch::new();
    let p = waiting(&dir, "list");
    let pid = p.pid();
    let trace =
        |what: &str, program: &str| ran(command("phptrace").args(["-q", "-n", program, "-c", &format!("umemstat {what}")])).ok();
    // target, buffers, bytes, leaks, ns stopped, ns in all
    let scan =
        r#"umemstat*:::scan { printf("scan %s %d %d %d %d\n", copyinstr(arg0), arg1 >= 10, arg2 > arg1, arg3, arg4 > 0); }"#;
    let frozen = trace(&format!("leaks --freeze -p buffers {pid}"), scan);
    assert!(frozen.contains(&format!("scan {pid} 1 1 10 1\n")) && frozen.contains("10\n"), "{frozen}");
    let running = trace(&format!("leaks -p buffers {pid}"), scan);
    assert!(
        running.matches(&format!("scan {pid} 1 1 10 0\n")).count() >= 2,
        "a live process is scanned at least twice: {running}"
    );
    // target, caches, unstable ones, threads, ns
    let sample = r#"umemstat*:::sample { printf("sample %s %d %d %d\n", copyinstr(arg0), arg1 > 40, arg2, arg4 > 0); }"#;
    let sampled = trace(&format!("-H {pid} 0.01 3"), sample);
    assert_eq!(sampled.matches(&format!("sample {pid} 1 0 1\n")).count(), 3, "{sampled}");
}

/// Rows of a busy cache are exact or marked; at rest they equal the program's own count.
pub(crate) fn rows_under_load_are_exact_or_marked() {
    let dir = Scratch::new();
    let mut p = Talker::start(&mut under(compiled(&dir, "steady", &["-pthread"])));
    let pid = p.pid();
    let (mut exact, mut marked) = (0, 0);
    for _ in 0..150 {
        let rows = umemstat(&["-c", "umem_alloc_3072", "-p", "in_use,in_ptc,total,stable", &pid]).ok();
        let fields: Vec<_> = rows.trim().split(':').collect();
        let number = |i: usize| fields[i].parse::<u64>().expect("number");
        if fields[3] == "yes" {
            exact += 1;
            assert!((792..=800).contains(&number(0)), "said to be exact: {rows}");
            assert!(number(0) + number(1) <= number(2), "{rows}");
        } else {
            marked += 1;
        }
    }
    println!("    {exact} looks were exact, {marked} marked");
    assert!(marked > 0, "eight threads at it, and no look was disturbed");
    let text = umemstat(&["-c", "umem_alloc_3072", &pid]).ok();
    assert!(text.contains("umem_alloc_3072"), "{text}");
    writeln!(p.server.0.stdin.as_mut().expect("pipe"), "stop").expect("write");
    let count = p.hear().trim().to_string();
    let rest = umemstat(&["-c", "umem_alloc_3072", "-p", "in_use,alloc,stable", &pid]).ok();
    assert_eq!(rest, format!("800:{count}:yes\n"));
}
