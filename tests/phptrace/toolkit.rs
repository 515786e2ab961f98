//! Scripts in the manner of those that were written for PHP's provider when it was new: what they rely on, as files run by -Zs, of a
//! command and of the whole system.
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitCode, Stdio};
use tests::{Scratch, command, need_root, ran, seen, test};

fn main() -> ExitCode {
    tests::main(vec![
        test!(times_without_what_was_called),
        test!(a_distribution_for_each_function),
        test!(a_flow_with_files_lines_and_times_between),
        test!(system_calls_inside_functions_in_colour),
        test!(system_calls_counted_by_function_and_program),
        test!(memory_by_the_caller_in_the_engine),
        test!(who_runs_what),
        test!(calls_kept_in_an_array_of_structures),
        test!(every_probe_of_the_provider),
        test!(an_executable_script),
    ])
}

const SHOP: &str = "<?php
function price($n) { usleep(2000); return $n; }
function cart($n) { for ($i = 0; $i < $n; $i++) price($i); file_put_contents('/dev/null', 'x'); }
cart(3);
cart(2);
";

/// The outputs of a script with `-c`, and without, PHP being started beside it and the trace then interrupted.
fn both(script: &str) -> [String; 2] {
    need_root();
    let dir = Scratch::new();
    fs::write(dir.join("shop.php"), SHOP).expect("shop");
    fs::write(dir.join("s.d"), script).expect("script");
    let mut c = command("timeout");
    let one = ran(c.args(["-k", "5", "60", "phptrace", "-Zs", "s.d", "-c", "php shop.php"]).current_dir(&*dir));
    assert_eq!((one.status, one.err.as_str()), (0, ""), "{one:?}");
    let mut c = command("phptrace");
    c.args(["-Zs", "s.d"]).current_dir(&*dir).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut tracer = c.spawn().expect("phptrace");
    let mut out = BufReader::new(tracer.stdout.take().expect("stdout"));
    let mut text = String::new();
    out.read_line(&mut text).expect("a line");
    let php = command("php").arg("shop.php").current_dir(&*dir).env("USE_ZEND_DTRACE", "1").status();
    assert!(php.expect("php").success());
    Command::new("kill").args(["-INT", &tracer.id().to_string()]).status().expect("kill");
    out.read_to_string(&mut text).expect("output");
    let end = seen(&tracer.wait_with_output().expect("phptrace"));
    // Other PHP on this machine may be told what it lacks.
    let others = end.err.lines().all(|l| l.contains("does not fire function probes"));
    assert!(end.status == 0 && others, "{end:?}");
    [one.out, text]
}

/// The words of the line that begins with some words.
fn line<'a>(text: &'a str, begin: &[&str]) -> Vec<&'a str> {
    let words = |l: &'a str| l.split_whitespace().collect::<Vec<_>>();
    text.lines().map(words).find(|w| w.starts_with(begin)).unwrap_or_else(|| panic!("{begin:?} is not in {text}"))
}

fn number(words: &[&str], at: usize) -> u64 {
    words[at].parse().unwrap_or_else(|e| panic!("{e}: {words:?}"))
}

fn times_without_what_was_called() {
    for clock in ["timestamp", "vtimestamp"] {
        let script = format!(
            "#!/usr/sbin/dtrace -Zs
            #pragma D option quiet
            dtrace:::BEGIN {{ printf(\"Tracing... Hit Ctrl-C to end.\\n\"); }}
            php*:::function-entry
            /arg0/
            {{
                self->level++;
                self->inner[self->level] = 0;
                self->began[self->level] = {clock};
            }}
            php*:::function-return
            /arg0 && self->began[self->level]/
            {{
                this->whole = {clock} - self->began[self->level];
                this->own = this->whole - self->inner[self->level];
                self->began[self->level] = 0;
                self->inner[self->level] = 0;
                this->where = basename(copyinstr(arg1));
                this->what = copyinstr(arg0);
                @calls[this->where, \"func\", this->what] = count();
                @calls[\"-\", \"total\", \"-\"] = count();
                @whole[this->where, \"func\", this->what] = sum(this->whole);
                @own[this->where, \"func\", this->what] = sum(this->own);
                @own[\"-\", \"total\", \"-\"] = sum(this->own);
                self->level--;
                self->inner[self->level] += this->whole;
            }}
            dtrace:::END
            {{
                printa(\"calls %-20s %-10s %-32s %@8d\\n\", @calls);
                normalize(@own, 1000);
                printa(\"own %-20s %-10s %-32s %@8d\\n\", @own);
                normalize(@whole, 1000);
                printa(\"whole %-20s %-10s %-32s %@8d\\n\", @whole);
            }}"
        );
        for (i, text) in both(&script).into_iter().enumerate() {
            assert_eq!(line(&text, &["calls", "shop.php", "func", "price"])[4], "5", "{text}");
            let time = |kind: &str, of: &str| number(&line(&text, &[kind, "shop.php", "func", of]), 4);
            let total = number(&line(&text, &["own", "-", "total"]), 4);
            assert_eq!(time("own", "price"), time("whole", "price"), "it calls nothing: {text}");
            assert!(time("own", "cart") < time("whole", "cart") && time("whole", "cart") <= time("whole", "main"), "{text}");
            // Of the whole system there may be others.
            assert!(i == 1 || total.abs_diff(time("whole", "main")) <= 1, "own times add up to the whole: {text}");
            assert!(i == 1 || line(&text, &["calls", "-", "total", "-"])[4] == "8", "{text}");
            let price = time("whole", "price");
            assert!(if clock == "timestamp" { price >= 10_000 } else { price < 8000 }, "five naps of 2 ms, off the CPU: {text}");
        }
    }
}

fn a_distribution_for_each_function() {
    let script = "#pragma D option quiet
        dtrace:::BEGIN { printf(\"Tracing... Hit Ctrl-C to end.\\n\"); }
        php*:::function-entry /arg0/ { self->began[++self->level] = timestamp; }
        php*:::function-return /arg0 && self->began[self->level]/
        {
            @times[basename(copyinstr(arg1)), \"func\", copyinstr(arg0)] = quantize((timestamp - self->began[self->level]) / 1000);
            self->began[self->level--] = 0;
        }
        dtrace:::END { printf(\"\\nTimes (us),\\n\"); printa(\"   %s, %s, %s %@d\\n\", @times); }";
    for text in both(script) {
        let part = text.split("   shop.php, func, price ").nth(1).unwrap_or_else(|| panic!("{text}"));
        let part = part.split("   shop.php").next().unwrap_or_default();
        assert!(part.starts_with("\n           value  ------------- Distribution ------------- count"), "{text}");
        let counts: u64 =
            part.lines().filter(|l| l.contains('|')).map(|l| number(&l.split_whitespace().rev().collect::<Vec<_>>(), 0)).sum();
        assert_eq!(counts, 5, "{text}");
    }
}

fn a_flow_with_files_lines_and_times_between() {
    let script = "#pragma D option quiet
        #pragma D option switchrate=10
        self int depth;
        self int last;
        dtrace:::BEGIN { printf(\"%s %6s/%-4s %10s  %16s:%-4s %-8s -- %s\\n\", \"C\", \"PID\", \"TID\", \"DELTA(us)\", \"FILE\", \"LINE\", \"TYPE\", \"FUNC\"); }
        php*:::function-entry, php*:::function-return /self->last == 0/ { self->last = timestamp; }
        php*:::function-entry /arg0/
        {
            this->delta = ((int)timestamp - self->last) / 1000;
            printf(\"%d %6d/%-4d %10d  %16s:%-4d %-8s %*s-> %s\\n\", cpu, pid, tid, this->delta, basename(copyinstr(arg1)), arg2, \"func\",
                self->depth * 2, \"\", copyinstr(arg0));
            self->depth++;
            self->last = timestamp;
        }
        php*:::function-return /arg0/
        {
            this->delta = ((int)timestamp - self->last) / 1000;
            self->depth -= self->depth > 0 ? 1 : 0;
            printf(\"%d %6d/%-4d %10d  %16s:%-4d %-8s %*s<- %s\\n\", cpu, pid, tid, this->delta, basename(copyinstr(arg1)), arg2, \"func\",
                self->depth * 2, \"\", copyinstr(arg0));
            self->last = timestamp;
        }";
    for text in both(script) {
        assert!(text.starts_with("C    PID/TID   DELTA(us)              FILE:LINE TYPE     -- FUNC\n"), "{text}");
        let rows: Vec<_> = text.lines().filter(|l| l.contains("shop.php:")).collect();
        assert_eq!(rows.len(), 16, "{text}");
        assert!(rows[0].contains("shop.php:4    func     -> main"), "{text}");
        assert!(rows[1].contains("shop.php:3    func       -> cart"), "{text}");
        assert!(rows[2].contains("shop.php:2    func         -> price"), "{text}");
        assert!(rows[3].contains("func         <- price"), "{text}");
        let nap = number(&rows[3].split_whitespace().collect::<Vec<_>>(), 2);
        assert!(nap >= 2000, "{text}");
    }
}

fn system_calls_inside_functions_in_colour() {
    let script = "#pragma D option quiet
        self int depth;
        dtrace:::BEGIN
        {
            color_php = \"\\033[2;35m\";
            color_syscall = \"\\033[2;32m\";
            color_off = \"\\033[0m\";
            self->depth = 0;
            printf(\"begin\\n\");
        }
        php*:::function-entry /arg0/ { printf(\"%d %s%*s-> %s%s\\n\", pid, color_php, self->depth * 2, \"\", copyinstr(arg0), color_off); self->depth++; self->last = timestamp; }
        php*:::function-return /arg0/
        {
            this->name = strjoin(strjoin(copyinstr(arg1), \"::\"), copyinstr(arg0));
            self->depth -= self->depth > 0 ? 1 : 0;
            printf(\"%d %s%*s<- %s%s\\n\", pid, color_php, self->depth * 2, \"\", this->name, color_off);
            self->last = self->depth ? timestamp : 0;
        }
        syscall:::entry /self->last/ { printf(\"%d %s%*s=> %s%s\\n\", pid, color_syscall, self->depth * 2, \"\", probefunc, color_off); }
        syscall:::return /self->last/ { printf(\"%d %s%*s<= %s%s\\n\", pid, color_syscall, self->depth * 2, \"\", probefunc, color_off); }
        proc:::exit /pid == 1/ { exit(0); }";
    for text in both(script) {
        // Lines of other PHP on this machine may be among them.
        let main = text.lines().find(|l| l.contains("-> main\x1b[0m")).unwrap_or_else(|| panic!("{text}"));
        let pid = format!("{} ", main.split_once(' ').expect("a process").0);
        let text: String = text.lines().filter_map(|l| l.strip_prefix(&pid)).map(|l| format!("{l}\n")).collect();
        let nap = "\x1b[2;35m    -> price\x1b[0m\n\x1b[2;32m      => clock_nanosleep\x1b[0m\n\x1b[2;32m      <= clock_nanosleep\x1b[0m\n";
        assert_eq!(text.matches(nap).count(), 5, "{text}");
        assert_eq!(text.matches("shop.php::price\x1b[0m").count(), 5, "{text}");
        assert!(text.contains("=> write"), "{text}");
    }
}

fn system_calls_counted_by_function_and_program() {
    let script = "#pragma D option quiet
        dtrace:::BEGIN { printf(\"Tracing... Hit Ctrl-C to end.\\n\"); }
        php*:::function-entry /arg0/ { @calls[pid, basename(copyinstr(arg1)), \"func\", copyinstr(arg0)] = count(); self->php++; }
        php*:::function-return /arg0/ { self->php -= self->php == 0 ? 0 : 1; }
        syscall:::entry /self->php > 0/ { @calls[pid, basename(execname), \"syscall\", probefunc] = count(); }
        dtrace:::END { printa(\" x %-6d  %-26s %-10s %-22s %@8d\\n\", @calls); }";
    for text in both(script) {
        let row = |words: [&str; 3]| {
            let found = text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>()).find(|w| w.get(2..5) == Some(&words[..]));
            number(&found.unwrap_or_else(|| panic!("{words:?}: {text}")), 5)
        };
        assert_eq!(row(["shop.php", "func", "price"]), 5);
        assert_eq!(row(["php", "syscall", "clock_nanosleep"]), 5);
        assert_eq!(row(["php", "syscall", "write"]), 2);
    }
}

fn memory_by_the_caller_in_the_engine() {
    need_root();
    let dir = Scratch::new();
    fs::write(dir.join("shop.php"), SHOP).expect("shop");
    let script = "#pragma D option quiet
        php$target:::function-entry /arg0/ { self->file = basename(copyinstr(arg1)); self->name = copyinstr(arg0); }
        php$target:::function-return { self->file = 0; self->name = 0; }
        pid$target:libc:malloc:entry /self->file != NULL/ { @in[self->file, self->name] = sum(arg0); }
        pid$target:libc:malloc:entry /self->name == NULL/ { @size[usym(ucaller)] = sum(arg0); @dist[usym(ucaller)] = quantize(arg0); }
        dtrace:::END { printa(\"   %A, total bytes = %@d %@d\\n\", @size, @dist); printa(\"   %s, %s, bytes total = %@d\\n\", @in); }";
    fs::write(dir.join("s.d"), script).expect("script");
    let mut c = command("timeout");
    let got = ran(c.args(["-k", "5", "60", "phptrace", "-Zs", "s.d", "-c", "php shop.php"]).current_dir(&*dir));
    assert_eq!((got.status, got.err.as_str()), (0, ""), "{got:?}");
    // A function of PHP's that its dynamic symbols name, once for all the places in it that ask.
    assert_eq!(got.out.matches("   php8.2`zend_register_functions, total bytes = ").count(), 1, "{}", got.out);
    assert!(got.out.contains("------------- Distribution -------------"), "{}", got.out);
}

fn who_runs_what() {
    let script = "#pragma D option quiet
        dtrace:::BEGIN { printf(\"Tracing... Hit Ctrl-C to end.\\n\"); }
        php*:::function-entry { @lines[pid, uid, copyinstr(arg1)] = count(); }
        dtrace:::END { printf(\"   %6s %6s %6s %s\\n\", \"PID\", \"UID\", \"FUNCS\", \"FILE\"); printa(\"   %6d %6d %@6d %s\\n\", @lines); }";
    for text in both(script) {
        let row = text.lines().find(|l| l.ends_with("/shop.php")).unwrap_or_else(|| panic!("{text}"));
        let words: Vec<_> = row.split_whitespace().collect();
        assert!(words[1] == "0" && words[2] == "8" && words[3].ends_with("/shop.php"), "{text}");
    }
}

fn calls_kept_in_an_array_of_structures() {
    let script = "#pragma D option quiet
        #pragma D option aggsortrev
        struct call { uint64_t time; size_t depth; };
        struct call calls[uint64_t];
        BEGIN { self->i = 0; printf(\"begin\\n\"); }
        php*:::function-entry /copyinstr(arg0) != \"\"/ { calls[self->i].time = timestamp; calls[self->i].depth = self->i; self->i++; }
        php*:::function-return /copyinstr(arg0) != \"\"/
        {
            self->i--;
            @count[copyinstr(arg0), calls[self->i].depth] = count();
            @times[copyinstr(arg0)] = max((timestamp - calls[self->i].time) / 1000);
        }
        END { printa(\"%s %d %@u\\n\", @count); printa(\"%s %@u us\\n\", @times); exit(0); }";
    for text in both(script) {
        assert!(text.contains("price 2 5\n") && text.contains("cart 1 2\n") && text.contains("main 0 1\n"), "{text}");
        assert!(number(&line(&text, &["price"]), 1) > 0, "{text}");
    }
}

fn every_probe_of_the_provider() {
    let script = "#pragma D option quiet
        BEGIN { printf(\"begin\\n\"); }
        php*:::compile-file-entry, php*:::compile-file-return { printf(\"%s %s %s\\n\", probename, copyinstr(arg0), copyinstr(arg1)); }
        php*:::error { printf(\"%s %s %s %d\\n\", probename, copyinstr(arg0), copyinstr(arg1), (int)arg2); }
        php*:::exception-caught, php*:::exception-thrown { printf(\"%s %s\\n\", probename, copyinstr(arg0)); }
        php*:::execute-entry, php*:::execute-return { printf(\"%s %s %d\\n\", probename, copyinstr(arg0), (int)arg1); }
        php*:::function-entry, php*:::function-return
        { printf(\"%s %s %s %d %s %s\\n\", probename, copyinstr(arg0), copyinstr(arg1), (int)arg2, copyinstr(arg3), copyinstr(arg4)); }
        php*:::request-shutdown, php*:::request-startup { printf(\"%s %s %s %s\\n\", probename, copyinstr(arg0), copyinstr(arg1), copyinstr(arg2)); }";
    for text in both(script) {
        for name in [
            "compile-file-entry",
            "execute-entry",
            "execute-return",
            "function-entry",
            "function-return",
            "request-startup",
            "request-shutdown",
        ] {
            assert!(text.lines().any(|l| l.starts_with(name)), "{name}: {text}");
        }
        assert_eq!(text.lines().filter(|l| l.starts_with("function-entry price ")).count(), 5, "{text}");
    }
}

fn an_executable_script() {
    need_root();
    let dir = Scratch::new();
    let script = dir.join("s.d");
    // The kernel gives the options of the first line as one word.
    let text =
        format!("#!{} -qZs\nBEGIN {{ printf(\"%s %d\\n\", $$1, $2); exit(0); }}\n", tests::bin_dir().join("phptrace").display());
    fs::write(&script, text).expect("script");
    tests::sh(&dir, "chmod 755 s.d").ok();
    let got = ran(command(&script).args(["word", "7"]).current_dir(&*dir));
    assert_eq!((got.status, got.out.as_str(), got.err.as_str()), (0, "word 7\n\n", ""));
}
