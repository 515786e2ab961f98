//! Programs that people use, under the preload.
use crate::{compile, library, under};
use std::process::Stdio;
use tests::{Scratch, Server, command, pkgs, ran, sh, wait_for};

pub fn runs_programs_debugged() {
    let dir = Scratch::new();
    compile(&dir, "family", "");
    compile(&dir, "threads", "");
    let lines = [
        ("./family", "family ok\n"),
        ("./threads 1", "threads ok\n"),
        ("php -r 'echo array_sum(range(1, 1000));'", "500500"),
        ("python3 -c 'import json; print(len(json.dumps(list(range(1000)))))'", "4890\n"),
        ("perl -e 'my %h; $h{$_} = \"x\" x $_ for 1..2000; print scalar keys %h'", "2000"),
    ];
    for debug in ["default", "firewall=4k", "lite", "audit"] {
        for (line, expected) in lines {
            let got = under(
                &dir,
                &format!("UMEM_DEBUG={debug} UMEM_LOGGING=transaction,slab,fail; export UMEM_DEBUG UMEM_LOGGING; {line}"),
            );
            assert_eq!((got.out.as_str(), got.err.as_str(), got.status), (expected, "", 0), "{debug} {line}");
        }
    }
}

pub fn runs_php_whose_extensions_bind_deep() {
    let dir = Scratch::new();
    let script =
        "$a = []; for ($i = 0; $i < 300000; $i++) $a[] = str_repeat('x', $i % 100); echo count($a), strlen(json_encode($a));";
    assert_eq!(under(&dir, &format!("php -r \"{}\"", script.replace('$', "\\$"))).ok(), "30000015750001");
    assert_eq!(under(&dir, "USE_ZEND_ALLOC=0 php -r 'echo array_sum(range(1, 1000));'").ok(), "500500");
}

pub fn runs_python_with_threads_and_processes() {
    let dir = Scratch::new();
    let script = "import json, multiprocessing, threading\n\
        p = multiprocessing.Pool(4)\n\
        print(sum(p.map(abs, range(-1000, 1000))))\n\
        out = []\n\
        t = [threading.Thread(target=lambda: out.append(len(json.dumps([str(i) * i for i in range(300)])))) for _ in range(30)]\n\
        [x.start() for x in t]; [x.join() for x in t]\n\
        print(len(out), set(out))\n";
    std::fs::write(dir.join("t.py"), script).expect("a file");
    assert_eq!(under(&dir, "python3 t.py").ok(), "1000000\n30 {130755}\n");
    assert_eq!(under(&dir, "PYTHONMALLOC=malloc python3 t.py").ok(), "1000000\n30 {130755}\n");
}

pub fn runs_the_usual_programs() {
    let dir = Scratch::new();
    std::fs::write(dir.join("h.c"), "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n").expect("a file");
    let lines = [
        ("gcc -O2 h.c -o h && ./h", "hello\n"),
        ("bash -c 'n=0; for i in {1..20000}; do n=$((n + i)); done; echo $n'", "200010000\n"),
        (
            "perl -e 'my %h; $h{$_} = \"x\" x $_ for 1..5000; if (fork == 0) { exit 3 } wait; print scalar keys %h, $? >> 8'",
            "50003",
        ),
        ("git init -q r && git -C r add . && git -C r hash-object -w --stdin < h.c | wc -c", "41\n"),
        (
            "sqlite3 :memory: 'with recursive c(x) as (select 1 union all select x+1 from c where x<100000) select sum(x) from c'",
            "5000050000\n",
        ),
        ("seq 200000 | sort -R | sort -n --parallel=4 | tail -n 1", "200000\n"),
        ("seq 500000 | xz -T2 | xz -d | tail -n 1", "500000\n"),
    ];
    for (line, expected) in lines {
        let got = under(&dir, line);
        assert_eq!((got.out.as_str(), got.err.as_str(), got.status), (expected, "", 0), "{line}");
    }
}

pub fn runs_node_and_a_build_by_cargo() {
    let dir = Scratch::new();
    let script = "const a = []; for (let i = 0; i < 1e5; i++) a.push({ i }); console.log(a.length, JSON.stringify(a).length)";
    assert_eq!(under(&dir, &format!("node -e '{script}'")).ok(), "100000 1188891\n");
    // cargo is where the harness's own environment has it.
    let cargo = |arguments: &str| {
        let mut c = command("cargo");
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME"] {
            if let Some(value) = std::env::var_os(name) {
                c.env(name, value);
            }
        }
        ran(c.args(arguments.split(' ')).current_dir(&dir.0).env("LD_PRELOAD", library())).ok()
    };
    // A workspace of its own: not one more member of this one.
    std::fs::write(dir.join("Cargo.toml"), "[package]\nname = \"hello\"\nedition = \"2024\"\n[workspace]\n").expect("a file");
    std::fs::create_dir(dir.join("src")).expect("a folder");
    std::fs::write(dir.join("src/main.rs"), "fn main() { println!(\"Hello, world!\") }\n").expect("a file");
    assert_eq!(cargo("run -q --offline"), "Hello, world!\n");
}

pub fn runs_redis_with_a_fork_that_saves() {
    let dir = Scratch::new();
    let usr = pkgs("redis-server").join("usr");
    let port = 20_000 + std::process::id() % 20_000;
    let libs = usr.join("lib/x86_64-linux-gnu");
    let mut c = command(usr.join("bin/redis-server"));
    c.args(["--port", &port.to_string(), "--dir", &dir.display().to_string(), "--bind", "127.0.0.1"]);
    let _server = Server::start(c.env("LD_LIBRARY_PATH", &libs).env("LD_PRELOAD", library()).stdout(Stdio::null()));
    let client = |line: &str| {
        let cli = usr.join("bin/redis-cli");
        sh(&dir, &format!("LD_LIBRARY_PATH={} {} -p {port} {line}", libs.display(), cli.display()))
    };
    wait_for("redis", || client("ping").out == "PONG\n");
    assert_eq!(
        client("eval 'for i = 1, 100000 do redis.call(\"set\", \"k\" .. i, string.rep(\"x\", i % 300)) end return 1' 0").ok(),
        "1\n"
    );
    assert_eq!(client("bgsave").ok(), "Background saving started\n");
    wait_for("the dump", || client("info persistence").out.contains("rdb_bgsave_in_progress:0"));
    assert!(client("info persistence").out.contains("rdb_last_bgsave_status:ok"));
    assert_eq!(client("strlen k99999").ok(), "99\n");
}

pub fn sets_up_a_postgresql_cluster() {
    tests::need_root();
    let dir = Scratch::new();
    let bin = pkgs("postgresql-15").join("usr/lib/postgresql/15/bin");
    let line =
        format!("chmod 777 . && setpriv --reuid=65534 --regid=65534 --clear-groups {}/initdb -D db -A trust -N", bin.display());
    let got = under(&dir, &line);
    assert!(got.status == 0 && got.out.contains("Success."), "{got:?}");
    let line = format!(
        "echo 'select count(*), sum(length(repeat(md5(n::text), 10))) from generate_series(1, 20000) n' | \
         setpriv --reuid=65534 --regid=65534 --clear-groups {}/postgres --single -D db postgres",
        bin.display()
    );
    let got = under(&dir, &line);
    assert!(got.out.contains("count = \"20000\"") && got.out.contains("sum = \"6400000\""), "{got:?}");
}

pub fn runs_qemu_and_openssh() {
    let dir = Scratch::new();
    let said = r#"printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-memory-size-summary"}' '{"execute":"quit"}'"#;
    let got = under(&dir, &format!("{said} | qemu-system-x86_64 -nodefaults -display none -m 64 -S -accel tcg -qmp stdio"));
    assert!(got.status == 0 && got.out.contains("\"base-memory\": 67108864"), "{got:?}");
    let got = under(&dir, "ssh-keygen -q -t rsa -b 2048 -N '' -f key && ssh-keygen -y -f key >again && ssh-keygen -l -f again");
    assert!(got.status == 0 && got.out.starts_with("2048 SHA256:"), "{got:?}");
}
