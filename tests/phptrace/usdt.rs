//! USDT probes of C programs: every form of an argument's specification, and what compilers make of <sys/sdt.h>.
use std::process::ExitCode;
use tests::{Ran, Scratch, Test, command, need_root, ran, root, test};

mod guest;

fn main() -> ExitCode {
    let mut all = vec![
        test!(registers_of_all_widths),
        test!(constants_keep_their_width_and_sign),
        test!(memory_by_base_index_and_displacement),
        test!(variables_by_name),
        test!(memory_of_a_thread),
        test!(what_cannot_be_read_is_said),
        test!(an_address_that_is_not_there_is_a_fault),
        test!(every_optimisation_of_the_compiler),
        test!(offsets_of_a_function_are_at_safe_instructions_only),
        test!(stacks_of_a_process_that_has_ended_have_names),
        test!(the_caller_is_known_before_a_frame_is_set_up),
        test!(pages_that_are_not_in_memory_are_brought_in),
        test!(a_semaphore_the_kernel_counts_in_the_wrong_mapping_is_said),
    ];
    let [(release, kernel), _] = guest::kernels();
    if guest::within() {
        // What depends on the kernel.
        all.retain(|(name, _): &Test| name.contains("memory"));
    } else {
        all.push((format!("on_linux_{release}"), Box::new(move || guest::run(release, &kernel, &[]))));
    }
    tests::main(all)
}

/// Compiles a program of this folder, or the text given.
fn build(source: &str, flags: &[&str]) -> Scratch {
    need_root();
    let dir = Scratch::new();
    let mut c = command("gcc");
    let got = ran(c.args(flags).args(["-o", "program"]).arg(root().join("tests/phptrace").join(source)).current_dir(&*dir));
    assert_eq!(got.status, 0, "{got:?}");
    dir
}

fn trace(dir: &Scratch, program: &str) -> Ran {
    let mut c = command("timeout");
    ran(c.args(["-k", "5", "60", "phptrace", "-q", "-n", program, "-c", "./program"]).current_dir(&**dir))
}

/// What the tool says for `arg0, arg1, ...` of a probe, in decimal.
fn arguments(dir: &Scratch, probe: &str, count: usize) -> Vec<i64> {
    let formats = vec!["%d"; count].join(" ");
    let values: Vec<_> = (0..count).map(|n| format!("(int64_t)arg{n}")).collect();
    let program = format!("forms$target:::{probe}{{printf(\"<{formats}>\\n\", {})}}", values.join(", "));
    let got = trace(dir, &program).ok();
    let line = got.lines().find_map(|l| l.strip_prefix('<')?.strip_suffix('>')).unwrap_or_else(|| panic!("{probe}: {got}"));
    line.split(' ').map(|n| n.parse().expect("a number")).collect()
}

fn registers_of_all_widths() {
    let dir = build("forms.c", &["-O1"]);
    let whole = -0x7e7d_7c7b_7a79_7878;
    let want = [whole, whole, 0x8586_8788, -0x7a79_7878, 0x8788, -0x7878, 0x88, -120];
    let names = ["rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rbx"];
    for name in names {
        assert_eq!(arguments(&dir, name, 8), want, "{name}");
    }
    assert_eq!(arguments(&dir, "high", 2), [0x87, -121]);
}

fn constants_keep_their_width_and_sign() {
    let dir = build("forms.c", &["-O1"]);
    assert_eq!(arguments(&dir, "constants", 7), [-5, 7, 255, -1, 16, 65535, i64::MIN]);
}

fn memory_by_base_index_and_displacement() {
    let dir = build("forms.c", &["-O1"]);
    assert_eq!(arguments(&dir, "memory", 7), [10, 20, 30, 20, 30, 40, 0]);
}

fn variables_by_name() {
    for flags in [["-O1", "-pie", "-fPIE"], ["-O1", "-no-pie", "-fno-PIE"]] {
        let dir = build("forms.c", &flags);
        assert_eq!(arguments(&dir, "symbols", 4), [-7, 20, 30, 0xffff_fff9], "{flags:?}");
    }
}

fn memory_of_a_thread() {
    for flags in [["-O1", "-pie", "-fPIE"], ["-O1", "-no-pie", "-fno-PIE"]] {
        let dir = build("forms.c", &flags);
        assert_eq!(arguments(&dir, "threads", 3), [-77, 78, 78], "{flags:?}");
        let base = arguments(&dir, "thread-base", 3);
        assert!(base[0] != 0 && base.iter().all(|b| *b == base[0]), "{base:?}");
    }
}

fn what_cannot_be_read_is_said() {
    let dir = build("forms.c", &["-O1"]);
    // The bits of 1.5; the third argument keeps its number though the second is in a register that the kernel does not show.
    let got = trace(&dir, "forms$target:::floats{printf(\"<%x %d>\\n\", arg0, arg2)}").ok();
    assert!(got.contains("<3ff8000000000000 3>"), "{got}");
    let got = trace(&dir, "forms$target:::floats{trace(arg1)}");
    assert!(got.status == 1 && got.err.contains("arg1 of forms:program:main:floats: it is where it cannot be read"), "{got:?}");
    let dir = build("forms.c", &["-O1", "-s"]);
    let got = trace(&dir, "forms$target:::symbols{trace(arg0)}");
    assert!(got.status == 1 && got.err.contains("the variable global"), "{got:?}");
    assert_eq!(arguments(&dir, "memory", 2), [10, 20], "the other probes of a stripped file");
}

fn a_semaphore_the_kernel_counts_in_the_wrong_mapping_is_said() {
    let program = "sem$target:::asked{@ = count()}";
    let said = "two segments share the page of the probes' semaphores";
    let shared = trace(&build("semaphore.c", &["-O1", "-fuse-ld=lld"]), program);
    assert!(shared.status == 0 && shared.err.contains(said), "{shared:?}");
    let apart = ["-O1", "-fuse-ld=lld", "-Wl,-z,separate-loadable-segments"];
    for flags in [&apart[..], &["-O1"]] {
        let got = trace(&build("semaphore.c", flags), program);
        assert!(got.status == 0 && got.err.is_empty() && got.out.trim() == "20", "{flags:?}: {got:?}");
    }
}

fn an_address_that_is_not_there_is_a_fault() {
    let dir = build("forms.c", &["-O1"]);
    let got = trace(&dir, "forms$target:::nowhere{trace(arg0)} forms$target:::nowhere{printf(\"<%d>\\n\", arg1)}");
    assert!(got.err.contains("invalid address (0x8)") && got.out.contains("<3>"), "{got:?}");
}

fn every_optimisation_of_the_compiler() {
    for level in ["-O0", "-O1", "-O2", "-O3", "-Os"] {
        for compiler in [&["-fPIE", "-pie"][..], &["-fno-PIE", "-no-pie"], &["-fPIE", "-pie", "-fno-omit-frame-pointer"]] {
            let dir = build("sdt.c", &[compiler, &[level, "-g0"]].concat());
            let program = "sdt$target:::all{printf(\"<%d %d %d %d %s %d %d %d>\\n\", (int64_t)arg0, (int64_t)arg1, (int64_t)arg2, (int64_t)arg3, copyinstr(arg4), (int64_t)arg5, (int64_t)arg6, (int64_t)arg7)}";
            let got = trace(&dir, program).ok();
            let want: String = (0..3)
                .map(|i| format!("<{} {} {} {} text {} 7 -3>\n", -100 - i, 250 + i, -30000 - i, i64::from(i) << 40, 65000 + i))
                .collect();
            let rows: String = got.lines().filter(|l| l.starts_with('<')).map(|l| format!("{l}\n")).collect();
            assert_eq!(rows, want, "{level} {compiler:?}");
        }
    }
}

/// The function's instructions are in `offsets.c`.
fn offsets_of_a_function_are_at_safe_instructions_only() {
    let dir = build("offsets.c", &["-O1"]);
    let got = trace(
        &dir,
        "pid$target:program:work:0, pid$target:program:work:6, pid$target:program:work:return{@[probename] = count()}",
    )
    .ok();
    let rows: Vec<Vec<_>> = got.lines().filter(|l| !l.is_empty()).map(|l| l.split_whitespace().collect()).collect();
    assert_eq!(rows, [["0", "1000"], ["6", "1000"], ["return", "1000"]]);
    // Amid an instruction, at bytes that look like one; at one that is not emulated; outside.
    for offset in ["2", "3", "7", "1", "e", "1000"] {
        let got = trace(&dir, &format!("pid$target:program:work:{offset}{{trace(1)}}"));
        assert!(got.status == 1 && got.err.contains("does not match any probes"), "{offset}: {got:?}");
    }
}

fn stacks_of_a_process_that_has_ended_have_names() {
    // The function's entry has not yet set its frame up.
    let program = "stacks$target:::here, pid$target:program:leaf:entry{@[ustack(3), probename] = count()}";
    for flags in [&["-fPIE", "-pie"][..], &["-fno-PIE", "-no-pie"], &["-fPIE", "-pie", "-s"]] {
        let dir = build("stacks.c", &[&["-O0", "-fno-omit-frame-pointer"], flags].concat());
        let program = if flags.contains(&"-s") { "stacks$target:::here{@[ustack(3), probename] = count()}" } else { program };
        let got = trace(&dir, program).ok();
        let names: Vec<&str> =
            got.lines().filter(|l| l.starts_with("              ")).map(|l| without_offset(l.trim())).collect();
        if flags.contains(&"-s") {
            // Without symbols: the file, and where in it.
            assert!(names.len() == 3 && names.iter().all(|n| n.starts_with("program`0x")), "{got}");
        } else {
            assert_eq!(names, ["program`leaf", "program`middle", "program`main"].repeat(2), "{got}");
        }
    }
}

fn the_caller_is_known_before_a_frame_is_set_up() {
    let dir = build("offsets.c", &["-O0"]);
    let got = trace(&dir, "pid$target:program:work:entry{@[ustack(2)] = count(); @c[ucaller] = count()}").ok();
    let names: Vec<&str> = got.lines().filter(|l| l.starts_with("              ")).map(|l| without_offset(l.trim())).collect();
    assert_eq!(names, ["program`work", "program`main"], "{got}");
}

fn without_offset(name: &str) -> &str {
    name.split("+0x").next().unwrap_or(name)
}

fn pages_that_are_not_in_memory_are_brought_in() {
    let dir = build("cold.c", &["-O1"]);
    let program = "cold$target:::within, cold$target:::over{printf(\"<%s>\\n\", copyinstr(arg0))}
        cold$target:::number{this->p = (char *)copyin(arg0, 6); printf(\"<%c%c>\\n\", this->p[0], this->p[5])}";
    let got = trace(&dir, program);
    // The guest has no file system but in memory: its pages are not mapped, which is as good for a program that may not fault.
    let cold = got.out.lines().any(|l| l == "0 pages were resident");
    assert!((cold || guest::within()) && !got.err.contains("error"), "{got:?}");
    let rows: Vec<_> = got.out.lines().filter(|l| l.starts_with('<')).collect();
    let want = (0..100).map(|i| format!("<within {}>", 2 * i)).chain((0..100).map(|i| format!("<over the border {}>", 2 * i)));
    let want: Vec<_> = want.chain((0..100).map(|_| "<wn>".to_string())).collect();
    assert_eq!(rows, want);
}
