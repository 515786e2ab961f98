//! The tool itself is watched: its probes, traced by phptrace.
use crate::looks::waiting;
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
