//! What README shows: its commands are run on what it says they are run on, and must print what it prints but for times and numbers.
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use tests::{Scratch, command, need_root, pkgs, ran, root, seen, sh, test};

fn main() -> ExitCode {
    tests::main(vec![test!(times_of_calls), test!(the_largest_caches), test!(the_server_that_lies), test!(old_snapshots)])
}

/// A block that shows commands: each with the output below it.
type Block = Vec<(String, String)>;

/// The block of README that uses a tool.
fn block(tool: &str) -> Block {
    let text = fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut blocks = text.split("```\n").skip(1).step_by(2).map(commands);
    blocks.find(|b| b.iter().any(|(command, _)| command.contains(tool))).unwrap_or_else(|| panic!("no block uses {tool}"))
}

fn commands(text: &str) -> Block {
    let mut all: Block = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ ").or_else(|| line.strip_prefix("# ")), line.strip_prefix("> "), all.last_mut()) {
            (Some(command), ..) => all.push((command.into(), String::new())),
            (_, Some(more), Some((command, _))) => *command += &format!("\n{more}"),
            (.., Some((_, output))) => *output += &format!("{line}\n"),
            _ => {}
        }
    }
    all
}

/// Text without what differs from run to run: each number is 0, blanks are one.
fn alike(text: &str) -> String {
    let mut to = String::new();
    for line in text.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        for c in words.join(" ").chars() {
            let c = if c.is_ascii_digit() { '0' } else { c };
            if c != '0' || !to.ends_with('0') {
                to.push(c);
            }
        }
        to.push('\n');
    }
    to
}

/// A folder with the files of this one.
fn folder() -> Scratch {
    let dir = Scratch::new();
    for name in ["shop.php", "app.py"] {
        fs::copy(root().join("tests/readme").join(name), dir.join(name)).expect("copy");
    }
    dir
}

fn times_of_calls() {
    need_root();
    let [(line, shown)] = &block("phptrace -q")[..] else { panic!("one command") };
    let got = sh(&folder(), line).ok();
    let counts = |text: &str| {
        let rows = text.lines().filter(|l| l.contains('|'));
        rows.map(|l| l.split_whitespace().last().and_then(|n| n.parse::<u32>().ok()).expect("a count")).sum::<u32>()
    };
    assert_eq!((counts(shown), counts(&got)), (200, 200), "{got}");
    assert_eq!(shown.lines().take(3).collect::<Vec<_>>(), got.lines().take(3).collect::<Vec<_>>());
}

fn the_largest_caches() {
    let [(start, _), (look, shown)] = &block("umemstat")[..] else { panic!("two commands") };
    let installed = "/usr/local/lib/libumem.so";
    assert!(start.contains(installed), "{start}");
    let start = start.replace(installed, &tests::bin_dir().join("libumem.so").display().to_string());
    // A person takes a second to type the next command.
    let got = sh(&folder(), &format!("{start}\nsleep 1\n{look}; kill $!")).ok();
    assert_eq!(alike(shown), alike(&got), "{got}");
    let first = |text: &str| text.split('\t').next().map(str::to_string);
    assert_eq!(first(shown), first(&got));
}

fn the_server_that_lies() {
    need_root();
    let [(line, shown)] = &block("clocksync")[..] else { panic!("one command") };
    let script = r#"
        ip link set lo up
        for port in 20123 20124 20125 20126; do
            printf 'local stratum 3\nallow\nport %s\nbindaddress 127.0.0.1\ncmdport 0\nbindcmdaddress /\npidfile %s/%s.pid\n' $port "$PWD" $port >$port
            [ $port = 20126 ] && preload=$FAKE || preload=
            LD_PRELOAD=$preload FAKETIME=+50s "$CHRONYD" -x -d -u root -f "$PWD/$port" >$port.log 2>&1 &
        done
        for port in 20123 20124 20125 20126; do
            n=0
            while [ ! -e $port.pid ] && [ $n -lt 500 ]; do sleep 0.02; n=$((n + 1)); done
        done
        sh -c "$1""#;
    let dir = Scratch::new();
    let mut c = command("unshare");
    c.args(["-mn", "-p", "-f", "--kill-child", "timeout", "20", "sh", "-c", script, "sh", line]).current_dir(&*dir);
    c.env("CHRONYD", pkgs("chrony").join("usr/sbin/chronyd"));
    c.env("FAKE", pkgs("faketime").join("usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"));
    assert_eq!(&ran(&mut c).ok(), shown);
}

fn old_snapshots() {
    need_root();
    let [(destroy, _), (list, shown)] = &block("zonesnap")[..] else { panic!("two commands") };
    let made = "btrfs -q subvolume create web; for i in 1 2 3; do zonesnap snap -l nightly web; done >/dev/null; zonesnap snap web@release >/dev/null";
    let script = format!("{made}\n{destroy}\n{list}");
    let dir = Scratch::new();
    let on = root().join("tests/zonesnap/on-btrfs.sh");
    let got = seen(&command("sh").arg(Path::new(&on)).arg(script).current_dir(&*dir).output().expect("sh")).ok();
    assert_eq!(alike(shown), alike(&got), "{got}");
}
