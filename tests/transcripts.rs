//! Runs every `tests/TOOL/CASE.t` and checks each man page against its tool.
//!
//! A case holds `$ command` lines (`> ` continues one), the output each must print (standard output and error together),
//! and `[N]` for a status other than 0. `[..]` stands for any text in a line. Commands run by sh in a scratch folder that
//! lasts for the case, with `$T` naming the case's own folder. `# needs root` skips for others. `RECORD=overwrite` rewrites the files.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tests::{Scratch, Test, command, manual, need_root, ran, root};

fn main() -> ExitCode {
    let mut all: Vec<Test> = Vec::new();
    for file in cases() {
        let name = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        all.push((name, Box::new(move || run_case(&file))));
    }
    for page in pages() {
        let source = manual::page(&page);
        let (tool, section) = page.rsplit_once('.').expect("a section");
        if matches!(section, "1" | "8") {
            let tool = tool.to_string();
            all.push((format!("man/{page} lists what --help lists"), Box::new(move || options_agree(&tool, &source))));
        }
        all.push((format!("man/{page} has examples that a test runs"), Box::new(move || examples_are_run(&page))));
    }
    tests::main(all)
}

fn listed(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    all.sort();
    all
}

fn cases() -> Vec<PathBuf> {
    let dirs = listed(&root().join("tests")).into_iter().filter(|p| p.is_dir());
    dirs.flat_map(|d| listed(&d)).filter(|p| p.extension().is_some_and(|x| x == "t")).collect()
}

fn pages() -> Vec<String> {
    listed(&root().join("man")).iter().filter_map(|p| Some(p.file_name()?.to_str()?.to_string())).collect()
}

fn run_case(file: &Path) {
    let want = fs::read_to_string(file).expect("case");
    if want.starts_with("# needs root") {
        need_root();
    }
    let dir = Scratch::new();
    let got = transcript(&want, file.parent().expect("folder"), &dir);
    snapbox::Assert::new().normalize_paths(false).action_env("RECORD").eq(got, snapbox::Data::read_from(file, None));
}

fn transcript(case: &str, home: &Path, dir: &Path) -> String {
    let mut got = String::new();
    let mut lines = case.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            got += &format!("{line}\n");
        }
        let Some(first) = line.strip_prefix("$ ") else { continue };
        got += &format!("{line}\n");
        let mut script = first.to_string();
        while let Some(more) = lines.next_if(|l| l.starts_with("> ")) {
            got += &format!("{more}\n");
            script += &more.replacen("> ", "\n", 1);
        }
        let mut c = command("timeout");
        c.args(["-k", "5", "120", "sh", "-c", &format!("exec 2>&1; {script}")]).current_dir(dir).env("T", home);
        let end = ran(&mut c);
        got += &end.out;
        if !got.ends_with('\n') {
            got += "(no newline)\n";
        }
        if end.status != 0 {
            got += &format!("[{}]\n", end.status);
        }
    }
    got
}

fn options_agree(tool: &str, source: &str) {
    let help = ran(command(tool).arg("--help")).ok();
    assert_eq!(manual::options(source), manual::help_options(&help), "left: man page, right: --help");
}

/// Some test names the page and runs `manual::examples` of what it names.
fn examples_are_run(page: &str) {
    assert!(!manual::examples(page).is_empty());
    let sources = listed(&root().join("tests")).into_iter().filter(|p| p.is_dir()).flat_map(|d| listed(&d));
    let run = sources.filter(|p| p.extension().is_some_and(|x| x == "rs")).any(|p| {
        let source = fs::read_to_string(p).unwrap_or_default();
        source.contains("manual::examples(") && source.contains(&format!("\"{page}\""))
    });
    assert!(run, "no test in tests/*/*.rs runs manual::examples of {page}");
}
