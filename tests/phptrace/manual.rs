//! The examples of phptrace's manual and of the tutorial, run as they stand: what the page shows is what must be printed.
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use tests::{Scratch, command, manual, need_root, ran, root, test};

fn main() -> ExitCode {
    tests::main(vec![test!(examples_of_the_manual), test!(examples_of_the_tutorial)])
}

fn examples_of_the_manual() {
    assert_eq!(manual::examples("phptrace.1").len(), 10);
    run_examples("phptrace.1", 10);
}

fn examples_of_the_tutorial() {
    assert_eq!(manual::examples("suntools-d.7").len(), 19);
    run_examples("suntools-d.7", 19);
}

/// A command and what the page shows below it.
struct Example {
    command: String,
    output: String,
}

/// Runs the examples of a page one after the other, beside the program they trace.
fn run_examples(page: &str, number: usize) {
    need_root();
    let dir = Scratch::new();
    fs::copy(root().join("tests/phptrace/shop.php"), dir.join("shop.php")).expect("shop.php");
    let examples = examples(page);
    assert_eq!(examples.len(), number);
    for example in examples {
        check(&example, &dir);
    }
}

fn check(example: &Example, dir: &Path) {
    let mut sh = command("timeout");
    sh.args(["-k", "5", "60", "sh", "-c", &example.command]).current_dir(dir);
    sh.env("SUNTOOLS_D", root().join("tools/phptrace/d"));
    let end = ran(&mut sh);
    assert_eq!(end.status, 0, "{}\n{}", example.command, end.err);
    if !example.output.is_empty() {
        assert_eq!(end.out.trim_end_matches('\n'), example.output.trim_end_matches('\n'), "{}", example.command);
    }
}

/// The commands in the literal displays of EXAMPLES, with the lines that follow them. A command goes on over lines while a
/// quote or a here-document is open, or after a backslash.
fn examples(page: &str) -> Vec<Example> {
    let source = manual::page(page);
    let body = source.split(".Sh EXAMPLES").nth(1).expect("EXAMPLES");
    let body = body.split("\n.Sh ").next().unwrap_or_default().replace("\\e", "\\").replace("\\&", "");
    let mut found = Vec::new();
    for display in body.split(".Bd -literal -offset indent\n").skip(1) {
        let mut lines = display.split("\n.Ed").next().unwrap_or_default().lines().peekable();
        while let Some(line) = lines.next() {
            let Some(first) = prompt(line) else { continue };
            let mut command = first.to_string();
            while is_open(&command) {
                let Some(more) = lines.next() else { break };
                command = format!("{command}\n{more}");
            }
            let mut output = String::new();
            while let Some(shown) = lines.next_if(|l| prompt(l).is_none()) {
                output += &format!("{shown}\n");
            }
            found.push(Example { command, output });
        }
    }
    found
}

fn prompt(line: &str) -> Option<&str> {
    line.strip_prefix("$ ").or_else(|| line.strip_prefix("# "))
}

fn is_open(command: &str) -> bool {
    let document = command.contains("<<'EOF'") && !command.ends_with("\nEOF");
    document || command.ends_with('\\') || command.matches('\'').count() % 2 == 1
}
