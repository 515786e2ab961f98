//! Behind a real sshd, setuid, as users of a world of its own.
use crate::kit::{Mock, Pty};
use tests::ran;

const ASKED: &str = "Passcode or option (1-3): ";

pub fn ssh_by_push() {
    let mock = Mock::start();
    let mut t = Pty::start(&mut mock.world("motd = yes", "ssh -tt alice@host"));
    t.expect("Duo login for alice").expect(ASKED).send("1\n").expect("Success. Logging you in...\n");
    t.expect("the message of the day\n").send("echo I am $(id -un) in $PWD $0; exit 3\n").expect("I am alice in /mnt/alice -sh");
    assert_eq!(t.end().1, 3);
    assert_eq!(mock.requests("ipaddr=127.0.0.1"), 2, "preauth and auth name the client");
}

pub fn ssh_denied() {
    let mock = Mock::start();
    let mut t = Pty::start(&mut mock.world("", "ssh -tt alice@host; echo status $?"));
    for _ in 0..3 {
        t.expect(ASKED).send("111111\n").expect("Invalid passcode, please try again.");
    }
    t.expect("status 1\n");
    assert_eq!(t.end().1, 0);
    // Under its own name, with a configuration that anybody could have written.
    let line = "chmod 666 /etc/duo/login_duo.conf; ssh bob@host id; echo status $?";
    let r = ran(mock.world("", line).env("FORCE", "/mnt/duo-login"));
    assert!(r.out == "status 1\n" && r.err.contains("must be readable only by user 'bob'"), "{r:?}");
    let r = ran(&mut mock.world("", "timeout 10 ssh -F /mnt/ssh_config -N -o ExitOnForwardFailure=yes -L 9:127.0.0.1:9 bob@host </dev/null & sleep 2; ssh -W 127.0.0.1:$PORT bob@host; echo status $?"));
    assert!(r.out == "status 255\n" && r.err.contains("stdio forwarding failed"), "{r:?}");
}

/// What passes through has to be untouched: nothing of ours on standard output.
pub fn ssh_headless_streams() {
    let mock = Mock::start();
    let line = r#"set -e
        printf '\000\001binary\377\n' >/mnt/data; export GIT_SSH_COMMAND="ssh -F /mnt/ssh_config"
        scp -q -F /mnt/ssh_config /mnt/data alice@host:one && cmp /mnt/data /mnt/alice/one
        scp -q -O -F /mnt/ssh_config alice@host:one /mnt/two && cmp /mnt/data /mnt/two
        rsync -e "$GIT_SSH_COMMAND" /mnt/data alice@host:three && cmp /mnt/data /mnt/alice/three
        git init -q /mnt/repo && cd /mnt/repo && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m one
        ssh alice@host git init -q --bare repo
        git push -q alice@host:repo HEAD:refs/heads/main && git ls-remote -q alice@host:repo | cut -f2
        test "$(ssh alice@host 'cat; exit 5' </mnt/data | od -c)" = "$(od -c </mnt/data)"
        ssh alice@host 'exit 5' || echo status $?"#;
    let r = ran(&mut mock.world("", line));
    assert_eq!((r.out.as_str(), r.status), ("refs/heads/main\nstatus 5\n", 0), "{r:?}");
    assert!(mock.requests("POST /auth/v2/auth async=0") >= 8);
}

pub fn setuid_separates() {
    let mock = Mock::start();
    // The authenticating process is sshd's user, confined, without core or environment; the waiting one is the user.
    mock.mode("silent-auth");
    let line = r#"ssh alice@host true & ssh=$!; until pgrep -u 901 -x login_duo >/dev/null; do sleep 0.1; done; sleep 1
        for p in $(ps -o pid= -C login_duo); do
            grep -E '^(Uid|Gid|Groups|NoNewPrivs|Seccomp):' /proc/$p/status | tr -s '\t ' ' ' | paste -sd' ' | tr -s ' '
            grep 'core file' /proc/$p/limits | tr -s ' '
        done; kill $ssh; ls -l /etc/duo/login_duo.conf | cut -c1-10"#;
    let r = ran(&mut mock.world("", line));
    assert!(
        r.out.contains("Uid: 2001 2001 2001 2001 Gid: 2001 2001 2001 2001 Groups: 2001 2003 NoNewPrivs: 0 Seccomp: 0"),
        "{r:?}"
    );
    assert!(r.out.contains("Uid: 901 901 901 901 Gid: 901 901 901 901 Groups: NoNewPrivs: 1 Seccomp: 2"), "{r:?}");
    assert!(r.out.contains("Max core file size 0 0 bytes") && r.out.ends_with("-rw-------\n"), "{r:?}");
    mock.mode("");
    let as_alice = |command: &str| {
        ran(&mut mock.world("", &format!("cd /; setpriv --reuid 2001 --regid 2001 --clear-groups {command}; echo status $?")))
    };
    for option in ["-c /dev/null", "-f root"] {
        let r = as_alice(&format!("/mnt/login_duo {option} id"));
        assert!(r.out == "status 1\n" && r.err == "Only root may specify -c or -f\n", "{r:?}");
    }
    let r = as_alice("/mnt/login_duo -- id -u");
    assert_eq!(r.out, "2001\nstatus 0\n", "{r:?}");
    assert_eq!(as_alice("cat /etc/duo/login_duo.conf").out, "status 1\n");
    // Variables that would lead the resolver astray do not reach it.
    let r = as_alice("env LOCALDOMAIN=x RES_OPTIONS=debug http_proxy=localhost:1 /mnt/login_duo -- id -u");
    assert_eq!(r.out, "2001\nstatus 0\n");
    // A child that is killed denies.
    mock.mode("silent-auth");
    let r = ran(&mut mock
        .world("", "ssh alice@host id & ssh=$!; until pgrep -u 901 -x login_duo >/dev/null; do sleep 0.1; done; kill -KILL $(pgrep -u 901 -x login_duo); wait $ssh; echo status $?"));
    assert!(r.out == "status 1\n" && r.err.contains("unprivileged process terminated by signal: 9"), "{r:?}");
}

/// Each factor, each refusal, one after the other in one world: the configuration and the names change between the logins.
pub fn ssh_by_every_factor() {
    let mock = Mock::start();
    let line = r#"conf=/etc/duo/login_duo.conf
        login() { ssh -tt alice@host echo RAN as '$(id -un)'; echo "$1: $?"; }
        unset SSH_ORIGINAL_COMMAND; sed -i "s|^ForceCommand.*|ForceCommand env -u SSH_ORIGINAL_COMMAND /mnt/login_duo -- echo RAN|" /mnt/sshd_config
        kill -HUP $sshd; sleep 1
        login phone; login sms; echo autopush = yes >>$conf; login autopush
        sed -i 's/^autopush.*/verified_push = yes/' $conf; login verified
        sed -i s/alice-at-duo/enroll/ /etc/passwd; login enrol
        sed -i s/,enroll/,preauth-deny/ /etc/passwd; login deny
        sed -i s/,preauth-deny/,push-deny/ /etc/passwd; sed -i 's/^verified_push.*/prompts = 1/' $conf; login refused
        sed -i 's/^prompts.*/groups = nobody-here/' $conf; login bypass"#;
    let mut t = Pty::start(&mut mock.world("gecos_username_pos = 2", line));
    t.expect(ASKED).send("2\n").expect("Dialing XXX-XXX-1234...").expect("RAN\n").expect("phone: 0\n");
    t.expect(ASKED).send("3\n").expect("New SMS passcodes sent").expect(ASKED).send("123456\n");
    t.expect("Success. Logging you in...").expect("RAN\n").expect("sms: 0\n");
    t.expect("Autopushing login request to phone...\nSuccess. Logging you in...\n").expect("RAN\n").expect("autopush: 0\n");
    t.expect(ASKED).send("1\n").expect("Please enter verification code 376 into Duo Mobile...").expect("verified: 0\n");
    t.expect("https://api-test.duosecurity.com/portal?code=4\n").expect("enrol: 1\n");
    t.expect("preauth-denied\n").expect("deny: 1\n");
    t.expect(ASKED).send("1\n").expect("Login request denied.").expect("refused: 1\n");
    t.expect("RAN\n").expect("bypass: 0\n");
    let (seen, status) = t.end();
    assert!(status == 0 && seen.matches("RAN").count() == 5, "{seen}");
}

/// What the program does for root it does for nobody else, whatever its mode.
pub fn setuid_gives_nothing_away() {
    let mock = Mock::start();
    let line = r#"cd /; echo 'host = secret' >/mnt/secret; chmod 600 /mnt/secret
        as() { setpriv --reuid 2001 --regid 2001 --clear-groups "$@"; echo "status $?"; }
        as /mnt/duo-login --enroll alice; as /mnt/duo-login --enroll root; as /mnt/duo-login --check
        as /mnt/duo-login --check -c /mnt/secret; as /mnt/duo-login --check --sshd /mnt/secret; ls -A /mnt/state"#;
    let r = ran(&mut mock.world("offline = totp\nstatedir = /mnt/state", line));
    assert_eq!(r.out, "status 1\n".repeat(5), "{r:?}");
    assert_eq!(r.err, "duo-login: only root may use --check and --enroll\n".repeat(5));
}

/// Neither a limit nor a mask of the caller's makes a login fail open, or the state's files unusable.
pub fn setuid_sheds_the_callers_limits() {
    let mock = Mock::start();
    let line = r#"cd /; sed -i s/Alice,/push-deny,/ /etc/passwd; umask 0777
        as() { setpriv --reuid 2001 --regid 2001 --clear-groups sh -c "$1; exec /mnt/login_duo -- echo IN" 2>/dev/null; }
        for kib in 6000 6500 7000 7500 8000; do as "ulimit -v $kib"; done
        for kib in 600 800 1000 1500 2000; do as "ulimit -d $kib"; done
        for n in 3 4 5 6 7 8; do as "ulimit -n $n"; as "exec 3</dev/null; ulimit -n $n"; done
        as "ulimit -c unlimited; exec prlimit --nproc=1 /mnt/login_duo -- echo IN"; as "ulimit -t 0"; as "umask 0777"
        stat -c %a /mnt/state/* /mnt/log/* | sort -u"#;
    let conf = "gecos_username_pos = 1
guard = 900/1h
statedir = /mnt/state
audit = /mnt/log/audit";
    let r = ran(&mut mock.world(conf, line));
    assert_eq!(
        r.out,
        "600
",
        "{r:?}"
    );
}

/// The authenticating process alone cannot be looked into: what it has in /proc belongs to root, also without setuid.
pub fn no_core_of_a_login_that_is_not_setuid() {
    let mock = Mock::start();
    mock.mode("silent-auth");
    let line = r#"cp /mnt/duo-login /mnt/plain; chmod 755 /mnt/plain; cp /etc/duo/login_duo.conf /mnt/own; chown alice /mnt/own; cd /
        setpriv --reuid 2001 --regid 2001 --clear-groups /mnt/plain -c /mnt/own -- true </dev/null & sleep 2
        for p in $(pgrep -x plain); do stat -c %U /proc/$p/environ; grep -q 'core file size *0 *0' /proc/$p/limits && echo none; done | sort
        kill $(pgrep -x plain)"#;
    assert_eq!(ran(&mut mock.world("", line)).out, "alice\nnone\nroot\n");
}

pub fn ssh_groups_and_gecos() {
    let mock = Mock::start();
    let r = ran(&mut mock.world("groups = staff2", "ssh bob@host id -un; ssh alice@host id -un"));
    assert_eq!(r.out, "bob\nalice\n");
    assert_eq!((mock.requests("username=bob"), mock.requests("username=alice")), (0, 2));
    let r = ran(&mut mock.world("gecos_username_pos = 2", "ssh alice@host id -un"));
    assert_eq!((r.out.as_str(), mock.requests("username=alice-at-duo")), ("alice\n", 2));
    // More groups than fit at first: the last one counts as well.
    let many = "i=0; while [ $i -lt 300 ]; do echo many$i:x:$((5000 + i)):alice; i=$((i + 1)); done >>/etc/group; ssh alice@host id -un; ssh bob@host id -un";
    let before = mock.requests("username=alice");
    assert_eq!(ran(&mut mock.world("groups = many299", many)).out, "alice\nbob\n");
    assert_eq!((mock.requests("username=bob"), mock.requests("username=alice") - before), (0, 2));
    // A group without a name denies, whatever the list says.
    let r =
        ran(&mut mock.world("groups = *", "sed -i s/:2002:2002:/:2002:2999:/ /etc/passwd; ssh bob@host id -un; echo status $?"));
    assert_eq!(r.out, "status 1\n");
}

pub fn ssh_remembers_the_key() {
    let mock = Mock::start();
    let line = "ssh alice@host id -un; ssh alice@host id -un; ls -A /mnt/state | sort; stat -c %U:%a /mnt/state/alice.remember; cat /mnt/log/audit | cut -d, -f4-5";
    let r = ran(&mut mock.world("remember = 1h\nstatedir = /mnt/state\naudit = /mnt/log/audit", line));
    assert!(r.out.starts_with("alice\nalice\n.key\n.lock\nalice.lock\nalice.remember\nsshd:600\n"), "{r:?}");
    assert!(
        r.out.ends_with("\"factor\":\"push\",\"result\":\"allow\"\n\"factor\":\"remembered\",\"result\":\"allow\"\n"),
        "{r:?}"
    );
    assert_eq!(mock.requests("POST /auth/v2/auth async"), 1);
}
