//! This very test program again, under an older kernel of Debian's in QEMU.
use std::path::PathBuf;
use tests::{Scratch, command, pkgs, ran, root, skip};

/// Set in the guest.
const WITHIN: &str = "PHPTRACE_GUEST";

/// Whether this is the guest.
pub fn within() -> bool {
    std::env::var_os(WITHIN).is_some()
}

/// The kernels, by the start of their release, and where `tests/setup.sh` has put them.
pub fn kernels() -> [(&'static str, PathBuf); 2] {
    [("6.1.", pkgs("linux-image-amd64")), ("5.10.", pkgs("bullseye").join("linux-image-amd64"))]
}

/// Runs the tests there that do not need more than the guest has. `settings`: for its environment.
pub fn run(release: &str, kernel: &PathBuf, settings: &[String]) {
    if !kernel.join(".complete").exists() {
        skip("needs the kernel's package: sh tests/setup.sh");
    }
    let dir = Scratch::new();
    let mut c = command("sh");
    c.arg(root().join("tests/phptrace/kernels/boot.sh")).arg(kernel).args(["400", "/usr/bin/env", &format!("{WITHIN}=1")]);
    c.args(settings).arg(std::env::current_exe().expect("own path")).current_dir(&*dir);
    let got = ran(c.env("SCRATCH", dir.parent().expect("the folder of all scratch folders")));
    let lines: Vec<_> = got.out.lines().filter_map(|l| l.trim_end().strip_prefix("@ ")).collect();
    let first = lines.first().unwrap_or_else(|| panic!("no guest: {got:?}"));
    assert!(first.starts_with(release), "{lines:?}");
    let (passed, rest) =
        lines.last().and_then(|l| l.split_once(" passed, ")).unwrap_or_else(|| panic!("no end: {}", lines.join("\n")));
    let fine = rest == "0 failed, 0 skipped" && passed != "0";
    assert!(fine, "{}", lines.iter().filter(|l| !l.ends_with("... ok")).map(|l| format!("guest: {l}\n")).collect::<String>());
}
