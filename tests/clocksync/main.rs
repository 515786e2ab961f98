//! clocksync against real chronyd servers on loopback, one of them wrong, and against fakes that misbehave.
mod daemon;
mod servers;

use servers::{Chronyd, Fake, Like, RIGHT, reply};
use std::collections::HashMap;
use std::fs;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use tests::{Ran, Scratch, Test, command, manual, need_root, pkgs, ran, seen, test};

fn main() -> ExitCode {
    tests::main(vec![
        test!(four_servers_agree),
        test!(falseticker_is_rejected_and_named),
        test!(no_majority_is_no_agreement),
        test!(ipv6),
        test!(server_that_does_not_know_the_time),
        test!(names_without_an_address_and_a_full_disk_are_said),
        test!(dead_and_silent_servers_end_in_time),
        test!(kiss_codes_end_the_asking),
        test!(forged_and_spoiled_replies_are_ignored),
        test!(replies_that_contradict_themselves),
        test!(max_offset_is_a_check),
        test!(sets_the_clock_only_when_told_and_within_the_limit),
        test!(says_why_it_may_not_set_the_clock),
        test!(examples_of_the_manual),
        named("daemon_watches", daemon::watches),
        named("daemon_steers", daemon::steers),
        named("daemon_leads_a_drifting_clock", daemon::leads_a_drifting_clock),
        named("daemon_needs_the_right_to_steer", daemon::needs_the_right_to_steer),
        named("daemon_reloads", daemon::reloads),
        named("daemon_outlives_its_servers", daemon::outlives_its_servers),
        named("daemon_full_disk_and_closed_pipe", daemon::full_disk_and_closed_pipe),
        named("daemon_tells_systemd", daemon::tells_systemd),
        named("daemon_examples_of_the_manual", daemon::examples),
    ])
}

fn named(name: &str, test: fn()) -> Test {
    (name.into(), Box::new(test))
}

pub const WRONG: Like = Like { ahead: Some("+50s"), ..RIGHT };

fn clocksync(args: &[&str]) -> Ran {
    ran(command("clocksync").args(args))
}

/// The number that stands after the last `mark` in `text`; none is no number.
pub fn after(text: &str, mark: &str) -> f64 {
    let number = text.rsplit_once(mark).and_then(|(_, rest)| rest.split_whitespace().next());
    number.and_then(|n| n.parse().ok()).unwrap_or(f64::NAN)
}

/// The rows of `-p server,stratum,offset,delay,low,high,samples,state`, by server.
fn rows(ran: &Ran) -> HashMap<String, Row> {
    let number = |s: &str| s.parse().unwrap_or(f64::NAN);
    let row = |line: &str| {
        let f: Vec<_> = line.split('\t').collect();
        assert_eq!(f.len(), 8, "{line}");
        let row = Row { offset: number(f[2]), low: number(f[4]), high: number(f[5]), samples: f[6].into(), state: f[7].into() };
        (f[0].to_string(), row)
    };
    ran.out.lines().map(row).collect()
}

#[derive(Debug)]
struct Row {
    offset: f64,
    low: f64,
    high: f64,
    samples: String,
    state: String,
}

/// Asks `servers` with `-H`.
fn ask(args: &[&str], servers: &[String]) -> Ran {
    ran(command("clocksync").arg("-H").args(args).args(servers))
}

fn right(dir: &Path, count: usize) -> Vec<Chronyd> {
    (0..count).map(|_| Chronyd::start(dir, &RIGHT)).collect()
}

fn names(servers: &[Chronyd]) -> Vec<String> {
    servers.iter().map(Chronyd::name).collect()
}

/// The servers' clock is this machine's own, so that the true offset is 0.
fn holds_the_truth(row: &Row) -> bool {
    row.low <= 0.0 && row.high >= 0.0 && row.low <= row.offset && row.offset <= row.high
}

fn four_servers_agree() {
    let dir = Scratch::new();
    let servers = right(&dir, 4);
    let begin = Instant::now();
    let got = ask(&[], &names(&servers));
    let took = begin.elapsed();
    assert_eq!((got.status, got.err.as_str()), (0, ""), "{got:?}");
    let rows = rows(&got);
    assert_eq!(rows.len(), 5);
    for (name, row) in &rows {
        assert!(holds_the_truth(row), "{name}: {row:?}");
        assert!(row.high - row.low < 0.1, "{name}: {row:?}");
        assert_eq!((row.samples.as_str(), row.state.as_str()), ("4", if name == "*" { "agreed" } else { "ok" }));
    }
    assert!(took < Duration::from_secs(10), "{took:?}");
}

fn falseticker_is_rejected_and_named() {
    let dir = Scratch::new();
    let servers = right(&dir, 3);
    let wrong = Chronyd::start(&dir, &WRONG);
    // Wherever it stands in the list.
    for at in [0, 3] {
        let mut all = names(&servers);
        all.insert(at, wrong.name());
        let got = ask(&[], &all);
        let rows = rows(&got);
        assert_eq!(got.status, 0, "{got:?}");
        assert_eq!(rows[&wrong.name()].state, "falseticker");
        assert!((rows[&wrong.name()].offset - 50.0).abs() < 0.5, "{rows:?}");
        assert!(names(&servers).iter().all(|s| rows[s].state == "ok"), "{rows:?}");
        assert_eq!((rows["*"].samples.as_str(), rows["*"].state.as_str()), ("3", "agreed"));
        assert!(holds_the_truth(&rows["*"]));
    }
}

fn no_majority_is_no_agreement() {
    let dir = Scratch::new();
    let (one, wrong) = (Chronyd::start(&dir, &RIGHT), Chronyd::start(&dir, &WRONG));
    let got = ask(&[], &[one.name(), wrong.name()]);
    let rows = rows(&got);
    assert_eq!((got.status, got.err.as_str()), (1, "clocksync: no majority of the 2 servers agrees\n"));
    assert!([one.name(), wrong.name()].iter().all(|s| rows[s].state == "disagrees"));
    assert_eq!(rows["*"].state, "none");
}

fn ipv6() {
    if UdpSocket::bind("[::1]:0").is_err() {
        tests::skip("needs IPv6 on loopback");
    }
    let dir = Scratch::new();
    let server = Chronyd::start(&dir, &Like { address: "::1", ..RIGHT });
    let name = format!("[::1]:{}", server.port);
    let got = ask(&[], std::slice::from_ref(&name));
    assert!(got.status == 0 && holds_the_truth(&rows(&got)[&name]), "{got:?}");
}

fn server_that_does_not_know_the_time() {
    let dir = Scratch::new();
    let server = Chronyd::start(&dir, &Like { config: "", ..RIGHT });
    let got = ask(&[], &[server.name()]);
    assert_eq!(rows(&got)[&server.name()].state, "unsynchronised");
    let want = format!("clocksync: {}: its clock is not synchronised\nclocksync: no server gave the time\n", server.name());
    assert_eq!((got.status, got.err), (1, want));
}

fn names_without_an_address_and_a_full_disk_are_said() {
    let dir = Scratch::new();
    let server = Chronyd::start(&dir, &RIGHT);
    // How the resolver words it depends on the machine's network.
    let got = ask(&[], &[server.name(), "no-such-host.invalid".into()]);
    assert_eq!((got.status, rows(&got)["no-such-host.invalid"].state.as_str()), (0, "unresolved"));
    assert!(got.err.starts_with("clocksync: no-such-host.invalid: ") && got.err.lines().count() == 1, "{got:?}");
    let got = tests::sh(&dir, &format!("clocksync {} >/dev/full", server.name()));
    assert_eq!((got.status, got.err.as_str()), (1, "clocksync: stdout: No space left on device\n"));
}

fn dead_and_silent_servers_end_in_time() {
    let dir = Scratch::new();
    let server = Chronyd::start(&dir, &RIGHT);
    let free = UdpSocket::bind("127.0.0.1:0").unwrap();
    let silent = format!("127.0.0.1:{}", free.local_addr().unwrap().port());
    drop(free);
    let keep = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mute = format!("127.0.0.1:{}", keep.local_addr().unwrap().port());
    let begin = Instant::now();
    let got = ask(&[], &[server.name(), silent.clone(), mute.clone()]);
    let took = begin.elapsed();
    let rows = rows(&got);
    assert_eq!(got.status, 0, "{got:?}");
    assert_eq!(rows[&server.name()].state, "ok");
    assert_eq!(rows[&silent].state, "unreachable");
    assert_eq!(rows[&mute].state, "unreachable");
    let want = format!("clocksync: {silent}: Connection refused\nclocksync: {mute}: no valid reply within 1 s\n");
    assert_eq!(got.err, want);
    assert!((Duration::from_secs(1)..Duration::from_secs(10)).contains(&took), "{took:?}");
}

fn kiss_codes_end_the_asking() {
    for code in ["RATE", "DENY", "RSTR"] {
        let (count, counted) = std::sync::mpsc::channel();
        let fake = Fake::start(move |request, from, socket| {
            let mut packet = reply(request, 0.0);
            packet[1] = 0;
            packet[12..16].copy_from_slice(code.as_bytes());
            let _ = (count.send(()), socket.send_to(&packet, from));
        });
        let got = ask(&[], &[fake.name()]);
        assert_eq!((got.status, rows(&got)[&fake.name()].state.as_str()), (1, "denied"));
        assert!(got.err.starts_with(&format!("clocksync: {}: kiss code {code}\n", fake.name())), "{got:?}");
        assert_eq!(counted.try_iter().count(), 1, "asked once");
    }
}

fn forged_and_spoiled_replies_are_ignored() {
    let fake = Fake::start(|request, from, socket| {
        let good = reply(request, 0.0);
        // Wrong by 1000 s, with a guessed origin; from another port, with the right one; then noise; then the reply, three times.
        let mut forged = reply(request, 1000.0);
        forged[31] ^= 1;
        let other = UdpSocket::bind("127.0.0.1:0").expect("port");
        let _ = other.send_to(&reply(request, 1000.0), from);
        for packet in [&forged[..], b"", b"\xff", &[0x24; 47], request, &good, &good, &good] {
            let _ = socket.send_to(packet, from);
        }
    });
    let got = ask(&[], &[fake.name()]);
    let rows = rows(&got);
    let row = &rows[&fake.name()];
    assert_eq!((got.status, row.samples.as_str(), row.state.as_str()), (0, "4", "ok"));
    assert!(row.offset.abs() < 0.5, "{row:?}");
    let quiet = Fake::start(|_, from, socket| {
        let _ = socket.send_to(b"noise", from);
    });
    let got = ask(&[], &[quiet.name()]);
    let want = format!("clocksync: {}: no valid reply within 1 s, 2 that answer no request\n", quiet.name());
    assert_eq!((got.status, got.err), (1, want + "clocksync: no server gave the time\n"));
}

fn replies_that_contradict_themselves() {
    type Spoil = fn(&mut Vec<u8>);
    let spoils: [(&str, Spoil, &str); 5] = [
        ("bogus", |p| p[32..40].fill(0), "its reply has no time"),
        ("bogus", |p| p[43] -= 2, "its reply left before the request came"),
        ("bogus", |p| p[35] -= 9, "it says it held the request longer than the whole exchange took"),
        ("bogus", |p| p[8] = 1, "its own error bound is 16 s or more"),
        ("unsynchronised", |p| p[1] = 16, "its clock is not synchronised"),
    ];
    for (state, spoil, why) in spoils {
        let fake = Fake::start(move |request, from, socket| {
            let mut packet = reply(request, 0.0);
            packet[16..24].fill(0);
            spoil(&mut packet);
            let _ = socket.send_to(&packet, from);
        });
        let got = ask(&[], &[fake.name()]);
        assert_eq!((got.status, rows(&got)[&fake.name()].state.as_str()), (1, state), "{why}");
        assert!(got.err.starts_with(&format!("clocksync: {}: {why}\n", fake.name())), "{got:?}");
    }
}

fn max_offset_is_a_check() {
    let dir = Scratch::new();
    let (one, wrong) = (Chronyd::start(&dir, &RIGHT), Chronyd::start(&dir, &WRONG));
    assert_eq!(clocksync(&["--max-offset", "1s", &one.name()]).status, 0);
    let got = clocksync(&["--max-offset", "1s", &wrong.name()]);
    assert_eq!(got.status, 1);
    assert!((after(&got.err, "clocksync: offset ") - 50.0).abs() < 0.5, "{got:?}");
    assert!(got.err.ends_with(" s is over --max-offset 1 s\n"), "{got:?}");
    assert!(got.out.contains("1 of 1 agree"), "{got:?}");
}

/// What runs a program with the shim's clock, and for good measure without the right to set the real one; and the log of calls.
pub fn fake_clock(dir: &Path) -> (Command, PathBuf) {
    let log = dir.join("clock.log");
    let _ = fs::remove_file(&log);
    let mut c = command("setpriv");
    c.arg("--bounding-set=-sys_time").env("LD_PRELOAD", shim(dir)).env("CLOCK_LOG", &log);
    (c, log)
}

fn with_fake_clock(dir: &Path, args: &[&str]) -> (Ran, String) {
    let (mut c, log) = fake_clock(dir);
    let got = ran(c.arg("clocksync").args(args));
    (got, fs::read_to_string(log).unwrap_or_default())
}

fn shim(dir: &Path) -> PathBuf {
    let shim = dir.join("shim.so");
    let source = tests::root().join("tests/clocksync/shim.c");
    ran(command("cc").args(["-shared", "-fPIC", "-o"]).arg(&shim).arg(source)).ok();
    shim
}

fn sets_the_clock_only_when_told_and_within_the_limit() {
    need_root();
    let dir = Scratch::new();
    let wrong = Chronyd::start(&dir, &WRONG);
    // libfaketime leaves the kernel's times of arrival as they are, which chronyd overlooks only when they differ much.
    let slow = Fake::start(|request, from, socket| drop(socket.send_to(&reply(request, -0.1), from)));
    let far = Chronyd::start(&dir, &Like { ahead: Some("-2d"), ..RIGHT });
    let (got, calls) = with_fake_clock(&dir, &[&wrong.name()]);
    assert_eq!((got.status, calls.as_str()), (0, ""), "not told");

    let (got, calls) = with_fake_clock(&dir, &["-s", &wrong.name()]);
    assert!(got.status == 0 && (after(&got.err, "clocksync: clock stepped by ") - 50.0).abs() < 0.5, "{got:?}");
    // ADJ_SETOFFSET | ADJ_NANO
    assert!((after(&calls, "modes=0x2100 time=") - 50.0).abs() < 0.5, "{calls}");
    assert_eq!(calls.lines().count(), 1);

    let (got, calls) = with_fake_clock(&dir, &["-s", &slow.name()]);
    assert!(got.status == 0 && got.err.starts_with("clocksync: clock slewed by -0."), "{got:?}");
    // ADJ_OFFSET_SINGLESHOT, in microseconds
    assert!((after(&calls, "modes=0x8001 time=0.000000000 offset=") + 100_000.0).abs() < 20_000.0, "{calls}");

    let (got, calls) = with_fake_clock(&dir, &["-s", &far.name()]);
    assert!(got.status == 1 && got.err.ends_with("is over --max-step 86400 s: clock not set\n"), "{got:?}");
    assert_eq!(calls, "");
    let (got, calls) = with_fake_clock(&dir, &["-s", "--max-step", "3d", &far.name()]);
    assert!(got.status == 0 && calls.starts_with("modes=0x2100 time=-17280"), "{got:?} {calls}");

    let (got, calls) = with_fake_clock(&dir, &["-s", &wrong.name(), &slow.name()]);
    assert_eq!((got.status, calls.as_str()), (1, ""), "never without agreement: {got:?}");
}

fn says_why_it_may_not_set_the_clock() {
    need_root();
    let dir = Scratch::new();
    let server = Chronyd::start(&dir, &RIGHT);
    let got = ran(command("setpriv").args(["--bounding-set=-sys_time", "clocksync", "-s"]).arg(server.name()));
    assert_eq!((got.status, got.err.as_str()), (1, "clocksync: cannot set the clock: Operation not permitted\n"));
}

/// The manual's examples, as they stand, in a network and with a hosts file of their own.
fn examples_of_the_manual() {
    need_root();
    let dir = Scratch::new();
    let shim = shim(&dir);
    let script = r#"
        set -e
        for i in 1 2 3 4; do echo "127.0.0.$i ntp$i.example.net"; done >hosts
        mount --bind hosts /etc/hosts
        ip link set lo up
        for i in 1 2 3 4; do
            printf 'local stratum 3\nallow\nbindaddress 127.0.0.%s\ncmdport 0\nbindcmdaddress /\npidfile %s\n' $i "$PWD/$i.pid" >$i.conf
            [ $i = 4 ] && preload=$FAKE || preload=
            LD_PRELOAD=$preload FAKETIME=+50s "$CHRONYD" -x -d -u root -f "$PWD/$i.conf" >$i.log 2>&1 &
        done
        for i in 1 2 3 4; do
            n=0
            while [ ! -e $i.pid ] && [ $n -lt 500 ]; do sleep 0.02; n=$((n + 1)); done
        done
        export CLOCK_LOG="$PWD/clock.log" LD_PRELOAD="$SHIM"
        exec setpriv --bounding-set=-sys_time sh -c "$1"
    "#;
    let outputs: Vec<_> = manual::examples("clocksync.8")
        .iter()
        .map(|example| {
            let mut c = command("unshare");
            // --kill-child and a PID namespace: the servers end with the example, whatever happens.
            c.args(["-mn", "-p", "-f", "--kill-child", "timeout", "20", "sh", "-c", script, "sh", example]).current_dir(&*dir);
            c.env("CHRONYD", pkgs("chrony").join("usr/sbin/chronyd")).env("SHIM", &shim);
            c.env("FAKE", pkgs("faketime").join("usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"));
            let got = seen(&c.output().expect("unshare"));
            assert_eq!(got.status, 0, "{example}: {got:?}");
            for i in 1..=4 {
                let _ = fs::remove_file(dir.join(format!("{i}.pid")));
            }
            got.out
        })
        .collect();
    let [table, cron, wrong, offset, set, check] = &outputs[..] else { panic!("{outputs:?}") };
    assert!(table.ends_with("3 of 3 agree\n") && table.contains("ntp2.example.net"), "{table}");
    assert_eq!(cron, "");
    assert_eq!(wrong, "ntp4.example.net\n");
    assert!(offset.trim().parse::<f64>().is_ok_and(|o| o.abs() < 0.5), "{offset}");
    assert!(set.ends_with("3 of 3 agree\n"));
    assert_eq!(check, "");
    assert!(fs::read_to_string(dir.join("clock.log")).expect("a clock set").starts_with("modes="));
}
