//! The ready-made reports on the real PHP, as tables, as rows for other programs, and again and again.
use std::process::ExitCode;
use tests::{Ran, Scratch, command, need_root, ran, test};

fn main() -> ExitCode {
    tests::main(vec![
        test!(calls_are_counted),
        test!(time_is_with_and_without_what_is_called),
        test!(flow_is_indented),
        test!(slow_calls_are_shown),
        test!(lines_of_one_file_are_counted),
        test!(errors_are_shown_with_their_place),
        test!(requests_are_timed),
        test!(memory_is_asked_for_by_functions),
        test!(rows_for_other_programs),
        test!(tables_come_again_and_again),
        test!(a_terminal_shows_one_table),
    ])
}

const SHOP: &str = "<?php
class Cart {
  static function make() { return new Cart; }
  function fill($n) { $s = str_repeat('x', 100000 * $n); for ($i = 0; $i < $n; $i++) price($i); return $s; }
}
function price($n) { usleep(3000); if ($n == 2) throw new RangeException('dear'); return $n; }
try { Cart::make()->fill(5); } catch (RangeException $e) { }
try { price(2); } catch (RangeException $e) { }
";

fn run(arguments: &[&str]) -> Ran {
    need_root();
    let dir = Scratch::new();
    std::fs::write(dir.join("shop.php"), SHOP).expect("script");
    let mut c = command("timeout");
    let got = ran(c.args(["-k", "5", "60", "phptrace"]).args(arguments).args(["-c", "php shop.php"]).current_dir(&*dir));
    assert_eq!((got.status, got.err.as_str()), (0, ""), "{got:?}");
    got
}

/// The words of the lines of a table.
fn words(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|l| l.split_whitespace().collect()).filter(|w: &Vec<_>| !w.is_empty()).collect()
}

fn calls_are_counted() {
    let got = run(&["calls"]);
    let expected = [["FUNCTION", "CALLS"], ["Cart->fill", "1"], ["Cart::make", "1"], ["main", "1"], ["price", "4"]];
    let mut rows = words(&got.out);
    rows.get_mut(1..4).expect("rows").sort();
    assert_eq!(rows, expected, "{got:?}");
}

fn time_is_with_and_without_what_is_called() {
    let got = run(&["time"]);
    let rows = words(&got.out);
    assert_eq!(rows[0], ["FUNCTION", "CALLS", "TOTAL", "OWN"], "{got:?}");
    let of = |name: &str| -> Vec<u64> {
        let row = rows.iter().find(|r| r[0] == name).unwrap_or_else(|| panic!("{name}: {got:?}"));
        row[1..].iter().map(|n| n.parse().expect("number")).collect()
    };
    let (price, fill, main) = (of("price"), of("Cart->fill"), of("main"));
    assert_eq!((price[0], fill[0], main[0]), (4, 1, 1), "{got:?}");
    assert!(price[1] >= 12000 && price[2] == price[1], "four naps of 3 ms, and nothing called: {got:?}");
    assert!(fill[1] >= 9000 && fill[2] < fill[1] - 8000, "what it calls takes nearly all of it: {got:?}");
    assert!(main[1] >= price[1] && main[1] >= fill[1], "{got:?}");
}

fn flow_is_indented() {
    let got = run(&["flow"]);
    let lines: Vec<_> = got.out.lines().map(|l| l.get(19..).unwrap_or_default()).collect();
    assert!(lines[0].starts_with("-> main shop.php:"), "{got:?}");
    assert!(lines[1].starts_with("  -> Cart::make shop.php:") && lines[2] == "  <- Cart::make", "{got:?}");
    assert!(lines[3].starts_with("  -> Cart->fill") && lines[4].starts_with("    -> price"), "{got:?}");
    assert_eq!(lines.iter().filter(|l| l.trim() == "<- price").count(), 4, "{got:?}");
}

fn slow_calls_are_shown() {
    let got = run(&["slow", "3"]);
    let rows = words(&got.out);
    assert_eq!(rows[0], ["TIME", "PID", "MS", "FUNCTION"]);
    let names: Vec<_> = rows[1..].iter().map(|r| r[6]).collect();
    assert_eq!(names.iter().filter(|n| **n == "price").count(), 4, "{got:?}");
    assert!(names.contains(&"Cart->fill") && names.contains(&"main") && !names.contains(&"Cart::make"), "{got:?}");
    assert_eq!(words(&run(&["slow", "60000"]).out).len(), 1, "only the heading");
}

fn lines_of_one_file_are_counted() {
    let got = run(&["lines", "shop.php"]);
    let rows = words(&got.out);
    assert_eq!(rows[0], ["LINE", "FUNCTION", "CALLS"]);
    let calls: u32 = rows[1..].iter().filter(|r| r[1] == "price").map(|r| r[2].parse::<u32>().expect("number")).sum();
    assert_eq!(calls, 4, "{got:?}");
    assert_eq!(words(&run(&["lines", "other.php"]).out).len(), 1, "only the heading");
}

fn errors_are_shown_with_their_place() {
    let got = run(&["errors"]);
    let rows = words(&got.out);
    let thrown: Vec<_> = rows.iter().filter(|r| r.len() > 6 && r[5] == "RangeException").collect();
    assert_eq!(thrown.len(), 2, "{got:?}");
    assert!(thrown.iter().all(|r| r[6] == "price" && r[7].ends_with("/shop.php")), "{got:?}");
    assert!(rows.contains(&vec!["RangeException", "2"]), "{got:?}");
}

fn requests_are_timed() {
    let got = run(&["requests"]);
    let rows = words(&got.out);
    let time: u32 = rows[1][5].parse().unwrap_or_else(|e| panic!("{e}: {got:?}"));
    assert!(time >= 12000, "four naps of 3 ms: {got:?}");
    assert!(got.out.contains("------------- Distribution -------------"), "{got:?}");
}

fn memory_is_asked_for_by_functions() {
    let got = run(&["alloc"]);
    let rows = words(&got.out);
    let fill = rows.iter().find(|r| r[0] == "Cart->fill");
    assert!(fill.is_some_and(|r| r[2].parse::<u32>().is_ok_and(|n| n > 500_000)), "{got:?}");
}

fn rows_for_other_programs() {
    let got = run(&["calls", "--csv"]).out;
    assert!(got.contains("calls,price,,4\n") && !got.contains("FUNCTION"), "{got}");
    let got = run(&["calls", "--json"]).out;
    assert!(got.contains("{\"aggregation\":\"calls\",\"keys\":[\"price\"],\"value\":4}\n"), "{got}");
    assert!(run(&["calls", "--folded"]).out.contains("price 4\n"));
    let trace = "function-entry/copyinstr(arg0) == \"fill\"/{printf(\"%s %d\\n\", copyinstr(arg3), arg2); trace(\"a,\\\"b\")}";
    let got = run(&["--csv", "-n", trace]).out;
    assert_eq!(got.trim(), "function-entry,Cart,4,\"a,\"\"b\"", "{got}");
    let got = run(&["--json", "-n", trace]).out;
    let (before, after) = got.trim().split_once(",\"pid\":").expect("a process");
    assert_eq!(before, "{\"probe\":\"php:php8.2:dtrace_execute_ex:function-entry\"");
    assert!(after.ends_with("\"values\":[\"Cart\",4,\"a,\\\"b\"]}"), "{got}");
    let got = run(&["--folded", "-n", "function-entry/copyinstr(arg0) == \"fill\"/{ustack(1); trace(1)}"]).out;
    assert!(got.trim().starts_with("php8.2`dtrace_execute_ex") && got.trim().ends_with(" 1"), "{got}");
    let got = run(&["--csv", "-n", "function-entry{@ = quantize(arg2)}"]).out;
    let total: u32 = got.trim().lines().map(|l| l.rsplit(',').next().expect("value").parse::<u32>().expect("number")).sum();
    assert_eq!(total, 7, "{got}");
}

fn tables_come_again_and_again() {
    let got = run(&["calls", "-t", "2ms"]);
    let tables = got.out.matches("FUNCTION ").count();
    assert!(tables > 2, "{got:?}");
    assert!(got.out.trim_end().ends_with('4'), "the last is complete: {got:?}");
    assert!(!got.out.contains('\x1b'), "{got:?}");
}

fn a_terminal_shows_one_table() {
    need_root();
    let dir = Scratch::new();
    std::fs::write(dir.join("shop.php"), SHOP).expect("script");
    let got = tests::sh(&dir, "script -qec \"phptrace calls -t 5ms -c 'php shop.php'\" typescript < /dev/null").ok();
    let tables = got.matches("FUNCTION ").count();
    let cleared = got.matches("\x1b[H\x1b[J").count();
    assert!(tables > 2 && cleared == tables, "each takes the place of the one before: {got:?}");
}
