//! zonesnap on a real btrfs (a loop file in a private mount namespace) and on real images, also killed at every step.
use std::fs;
use std::process::ExitCode;
use tests::{Ran, Scratch, manual, need_root, root, sh, test};

fn main() -> ExitCode {
    tests::main(vec![
        test!(a_subvolume_goes_back_and_forth),
        test!(a_deleted_subvolume_comes_back),
        test!(what_is_no_dataset_is_told_apart),
        test!(subvolumes_inside_are_not_cut_off_unasked),
        test!(who_is_in_a_subvolume_is_not_left_behind_unasked),
        test!(a_mounted_subvolume_is_explained),
        test!(an_image_goes_back_and_forth),
        test!(an_image_in_use_names_its_holder),
        test!(images_that_stand_on_an_image_are_not_spoilt_unasked),
        test!(foreign_names_drive_no_terminal_and_can_be_destroyed),
        test!(ambiguous_names_are_refused),
        test!(all_datasets_or_none),
        test!(two_runs_at_once),
        test!(a_run_waits_for_the_image_tool_of_a_killed_run),
        test!(killed_at_every_step_a_subvolume_is_whole),
        test!(failing_at_every_step_a_subvolume_is_whole),
        test!(killed_while_it_cleans_up_a_subvolume_is_whole),
        test!(killed_at_every_step_an_image_is_whole),
        test!(odd_things_in_the_folder_do_no_harm),
        test!(the_image_tool_killed_at_every_write_leaves_an_image_whole),
        test!(read_only_and_full_file_systems),
        test!(an_ordinary_user_is_refused),
        test!(examples_of_the_manual),
        test!(the_cron_example_keeps_what_it_says),
    ])
}

/// Runs a script in a fresh btrfs.
fn on_btrfs(script: &str) -> Ran {
    need_root();
    let dir = Scratch::new();
    fs::write(dir.join("script"), script).expect("file");
    let helper = root().join("tests/zonesnap/on-btrfs.sh");
    sh(&dir, &format!("sh {} \"$(cat script)\"", helper.display()))
}

/// Runs a script that must succeed; gives its lines.
fn lines(ran: Ran) -> Vec<String> {
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.out);
    ran.out.lines().map(str::to_string).collect()
}

const WEB: &str = "btrfs -q subvolume create web; echo one > web/f; zonesnap snap web@one > /dev/null; echo two > web/f; ";

fn a_subvolume_goes_back_and_forth() {
    let script = "cat .zonesnap/snapshots/web/one/f
        touch .zonesnap/snapshots/web/one/f 2> /dev/null || echo read-only
        stat -c %a .zonesnap
        guard=$(zonesnap rollback web@one); cat web/f
        echo three > web/f; zonesnap rollback $guard > /dev/null; cat web/f
        zonesnap rollback -n web@one | cut -c1-8; cat web/f
        zonesnap list -p name,kind,label | sed s/zs-.*Z/TIME/
        zonesnap destroy web@one; zonesnap list -p name web | wc -l
        zonesnap list -p name web | zonesnap destroy -; zonesnap list -H; ls .zonesnap/snapshots; cat web/f
        btrfs subvolume list . | wc -l";
    let want = "one|read-only|700|one|two|web@zs-2|two|web@TIME-rollback:btrfs:rollback|web@TIME-rollback:btrfs:rollback|web@one:btrfs:-|2|two|1";
    let mut got = lines(on_btrfs(&format!("{WEB}{script}")));
    // Which of the three comes first depends on where the second turns.
    got[7..10].sort();
    assert_eq!(got.join("|"), want);
}

fn a_deleted_subvolume_comes_back() {
    let script = "btrfs -q subvolume delete web > /dev/null; zonesnap list -p name; zonesnap list -p name web
        zonesnap snap web 2>&1 | sed s,/.*fs/,,
        zonesnap rollback web@one; cat web/f; zonesnap list -p name";
    assert_eq!(
        lines(on_btrfs(&format!("{WEB}{script}"))).join("|"),
        "web@one|web@one|zonesnap: web: gone; it can come back by a rollback to one of its snapshots|one|web@one"
    );
}

fn what_is_no_dataset_is_told_apart() {
    let script = "mkdir plain; echo text > file; ln -s web link
        for d in plain file nowhere . / web/f web@ @x; do zonesnap snap $d@new 2>&1 | sed 's,/[^ ]*/fs:,.:,'; done
        zonesnap rollback web 2>&1 | head -1; zonesnap rollback web@none 2>&1 || true
        zonesnap destroy web@one web@none 2>&1 || true; zonesnap snap web@one 2>&1 || true
        zonesnap list -p name
        zonesnap snap link@linked; cd web; zonesnap snap .@inside | sed s,.*/fs/,,";
    let want = "zonesnap: plain: a folder of a btrfs: expected a subvolume (btrfs subvolume create)
zonesnap: file: expected a btrfs subvolume or a qcow2 image
zonesnap: nowhere: No such file or directory
zonesnap: .: the top level of a btrfs: expected a subvolume in it
zonesnap: /: the root folder: expected a btrfs subvolume or a qcow2 image in a folder
zonesnap: web/f: expected a btrfs subvolume or a qcow2 image
zonesnap: web@: No such file or directory
zonesnap: @x: No such file or directory
zonesnap: web: expected a snapshot, as DATASET@NAME (zonesnap -h tells the usage)
zonesnap: web@none: no such snapshot
zonesnap: web@none: no such snapshot
zonesnap: web@one: exists already
web@one
link@linked
web@inside";
    assert_eq!(lines(on_btrfs(&format!("{WEB}{script}"))).join("\n"), want);
}

fn subvolumes_inside_are_not_cut_off_unasked() {
    let script = "mkdir -p web/var/lib; btrfs -q subvolume create web/var/lib/machines; echo deep > web/var/lib/machines/f
        zonesnap rollback web@one 2>&1 || true; cat web/f
        guard=$(zonesnap rollback -f web@one); cat web/f; cat .zonesnap/snapshots/web/${guard#web@}/var/lib/machines/f";
    let want = "zonesnap: web: the subvolumes in it would be cut off (var/lib/machines): -f does it all the same|two|one|deep";
    assert_eq!(lines(on_btrfs(&format!("{WEB}{script}"))).join("|"), want);
}

fn who_is_in_a_subvolume_is_not_left_behind_unasked() {
    let script = "exec 3< web/f; sleep 1000 & pid=$!; exec 3<&-; name() { sed s/$pid/PID/; }
        zonesnap rollback web@one 2>&1 | name; cat web/f
        zonesnap rollback -f web@one > /dev/null; cat web/f; kill $pid; wait $pid 2> /dev/null || true
        sh -c 'cd web; exec sleep 1000' & pid=$!; until [ $(readlink /proc/$pid/cwd) = $PWD/web ]; do sleep 0.01; done
        zonesnap rollback web@one 2>&1 | name; kill $pid; wait $pid 2> /dev/null || true; zonesnap rollback web@one > /dev/null";
    let want = "zonesnap: web: sleep (process PID) would go on in the old one: -f does it all the same";
    assert_eq!(lines(on_btrfs(&format!("{WEB}{script}"))), [want, "two", "one", want]);
}

fn a_mounted_subvolume_is_explained() {
    let script = "mkdir here; mount -o subvol=web $(findmnt -no SOURCE .) here; zonesnap snap here 2>&1 | sed s,/.*fs/,, || true
        mount --bind web web; zonesnap rollback web@one 2>&1 | sed s,/.*fs/,,; cat web/f; zonesnap list -p name; umount web
        zonesnap rollback web@one > /dev/null; cat web/f";
    let want = "zonesnap: here: mounted here: mount the file system's top level (subvolid=5) and name the subvolume in it
zonesnap: web: Device or resource busy
two
web@one
one";
    assert_eq!(lines(on_btrfs(&format!("{WEB}{script}"))).join("\n"), want);
}

/// An image that held 1 when the snapshot `one` was taken, and holds 2.
const DB: &str = "qemu-img create -q -f qcow2 db.qcow2 8M
    fill() { qemu-io -f qcow2 -c \"write -P $1 0 1M\" db.qcow2 > /dev/null; }
    holds() { for n in 1 2 3; do qemu-io -r -f qcow2 -c \"read -P $n 0 1M\" db.qcow2 | grep -q failed || echo $n; done; }
    whole() { qemu-img check -q -f qcow2 db.qcow2 || echo damaged; }
    fill 1; zonesnap snap db.qcow2@one > /dev/null; fill 2\n";

fn an_image_goes_back_and_forth() {
    let dir = Scratch::new();
    let script = "guard=$(zonesnap rollback db.qcow2@one); holds; fill 3; zonesnap rollback $guard > /dev/null; holds; whole
        zonesnap list -p name,kind,label | sed s/zs-.*Z/TIME/ | sort
        zonesnap list -p name db.qcow2 | zonesnap destroy -; zonesnap list -H db.qcow2; holds; whole
        cp db.qcow2 odd:na,me.qcow2; zonesnap snap odd:na,me.qcow2@x; zonesnap list -p name . | zonesnap destroy -n -";
    let want = "1|2|db.qcow2@TIME-rollback:qcow2:rollback|db.qcow2@TIME-rollback:qcow2:rollback|db.qcow2@one:qcow2:-|2|odd:na,me.qcow2@x|odd:na,me.qcow2@x";
    assert_eq!(lines(sh(&dir, &format!("{DB}{script}"))).join("|"), want);
}

fn an_image_in_use_names_its_holder() {
    let dir = Scratch::new();
    // qemu-io holds the image as a running machine does.
    let script = "mkfifo in; qemu-io -f qcow2 db.qcow2 < in > out & exec 3> in; echo 'write 2M 64k' >&3; until grep -q wrote out; do sleep 0.01; done
        for run in 'snap db.qcow2@new' 'rollback db.qcow2@one' 'destroy db.qcow2@one'; do zonesnap $run 2>&1 | sed \"s,: .*/,: ,; s/process $!/process PID/\"; done
        zonesnap list -p name; echo quit >&3; wait
        zonesnap gc; zonesnap list -p name; [ ! -e .zonesnap/journal ]";
    let want = "zonesnap: db.qcow2: in use by qemu-io (process PID): stop it first";
    assert_eq!(lines(sh(&dir, &format!("{DB}{script}"))), [want, want, want, "db.qcow2@one", "db.qcow2@one"]);
}

fn images_that_stand_on_an_image_are_not_spoilt_unasked() {
    let dir = Scratch::new();
    let script = "qemu-img create -q -f qcow2 -b db.qcow2 -F qcow2 top.qcow2
        zonesnap rollback db.qcow2@one 2>&1 || true; holds; zonesnap rollback -f db.qcow2@one > /dev/null; holds";
    let want = "zonesnap: db.qcow2: images that stand on it would be spoilt (top.qcow2): -f does it all the same|2|1";
    assert_eq!(lines(sh(&dir, &format!("{DB}{script}"))).join("|"), want);
}

fn foreign_names_drive_no_terminal_and_can_be_destroyed() {
    let dir = Scratch::new();
    let script = "zonesnap destroy db.qcow2@one; qemu-img snapshot -c \"$(printf 'a b\\033[2J\\n:\\\\c')\" db.qcow2
        zonesnap list | tail -1 | cut -d' ' -f1-2; zonesnap list -p name; zonesnap list -H | cut -f1
        zonesnap destroy -n - <<END
$(zonesnap list -p name)
END
        zonesnap list -p name | zonesnap destroy -; zonesnap list -H; printf 'x\\\\q\\n' | zonesnap destroy - 2>&1 || true";
    let want = r"db.qcow2@a b\x1b[2J\n:\c
db.qcow2@a b\x1b[2J\n\:\\c
db.qcow2@a b\x1b[2J\n:\\c
db.qcow2@a b\x1b[2J\n:\c
zonesnap: stdin:1: x\q: expected \\, \:, \n, \t, \r or \xNN for each backslash";
    assert_eq!(lines(sh(&dir, &format!("{DB}{script}"))).join("\n"), want);
}

fn ambiguous_names_are_refused() {
    let dir = Scratch::new();
    let script = "qemu-img snapshot -c dup db.qcow2; qemu-img snapshot -c dup db.qcow2; qemu-img snapshot -c 1 db.qcow2
        for run in 'snap db.qcow2@dup' 'destroy db.qcow2@dup' 'rollback db.qcow2@dup' 'destroy db.qcow2@1' 'snap db.qcow2@7'; do zonesnap $run 2>&1 | head -1 | sed 's,/.*/,,'; done
        holds; zonesnap list -p name | sort | tr '\\n' ' '";
    let want = "zonesnap: db.qcow2@dup: exists already
zonesnap: db.qcow2@dup: several snapshots have this name: use qemu-img with its ID
zonesnap: db.qcow2@dup: several snapshots have this name: use qemu-img with its ID
zonesnap: db.qcow2@1: the name looks like an ID: use qemu-img with its ID
zonesnap: 7: only digits: expected letters, digits and _ - . : for the name of a snapshot (zonesnap -h tells the usage)
2
db.qcow2@1 db.qcow2@dup db.qcow2@dup db.qcow2@one ";
    assert_eq!(lines(sh(&dir, &format!("{DB}{script}"))).join("\n"), want);
}

fn all_datasets_or_none() {
    let script = format!(
        "{WEB}{DB}btrfs -q subvolume create two; exec 3< db.qcow2
        zonesnap snap -n -l x web two db.qcow2 | sed s/zs-.*Z/TIME/; zonesnap list -p name
        zonesnap snap -l x web two nowhere 2>&1 || true
        mkfifo in; qemu-io -f qcow2 db.qcow2 < in > out & exec 4> in; echo 'write 2M 64k' >&4; until grep -q wrote out; do sleep 0.01; done
        zonesnap snap -l x web two db.qcow2 > /dev/null 2>&1 || echo failed; echo quit >&4; wait; zonesnap list -p name
        zonesnap snap -l x web two db.qcow2 | sed s/zs-.*Z/TIME/"
    );
    let want = "web@TIME-x two@TIME-x db.qcow2@TIME-x db.qcow2@one web@one zonesnap: nowhere: No such file or directory failed \
        db.qcow2@one web@one web@TIME-x two@TIME-x db.qcow2@TIME-x";
    assert_eq!(lines(on_btrfs(&script)).join(" "), want);
}

fn two_runs_at_once() {
    let script = "for i in 1 2 3 4 5 6; do { zonesnap snap web@same > out.$i 2>&1 && echo won || echo lost; } & done | sort | uniq -c | tr -s ' '
        wait; sort out.* | uniq -c | tr -s ' '
        for i in 1 2 3; do zonesnap snap web & done > names; wait; sort names | uniq | wc -l; zonesnap list -p label web | grep -c manual
        for i in 1 2 3 4; do zonesnap rollback web@one & done > names; wait; sort -u names | wc -l; cat web/f";
    let want = " 5 lost| 1 won| 1 web@same| 5 zonesnap: web@same: exists already|3|3|4|one";
    assert_eq!(lines(on_btrfs(&format!("{WEB}{script}"))).join("|"), want);
}

fn a_run_waits_for_the_image_tool_of_a_killed_run() {
    let dir = Scratch::new();
    // A qemu-img that takes its time, and outlives the zonesnap that started it.
    let script = "mkdir slow; printf '#!/bin/sh\\n[ $1 != snapshot ] || { touch begun; sleep 0.5; }\\nexec %s \"$@\"\\n' $(command -v qemu-img) > slow/qemu-img
        chmod +x slow/qemu-img
        PATH=$PWD/slow:$PATH zonesnap snap db.qcow2@slow > /dev/null & until [ -e begun ]; do sleep 0.01; done
        kill -9 $!; wait $! || echo $?; zonesnap snap db.qcow2@next; zonesnap list -p name";
    let want = "137|db.qcow2@next|db.qcow2@one|db.qcow2@slow|db.qcow2@next";
    let ran = sh(&dir, &format!("{DB}{script}"));
    assert_eq!(ran.out.trim().replace('\n', "|"), want, "{ran:?}");
}

/// The calls between which the state can change, and before each of which zonesnap is killed or made to fail.
const CALLS: &str = "ioctl,rename,renameat,renameat2,unlink,mkdir,fsync,write,flock";

/// A rollback, its `n`th call of [`CALLS`] treated by strace, until one goes through; then gc. Prints `old` or `new`, and what is wrong.
fn step_by_step(inject: &str) -> String {
    format!(
        "zonesnap snap web@two > /dev/null
        state() {{ case $(cat web/f) in one) echo new;; two) echo old;; *) echo broken; ls -l web;; esac; }}
        n=0; echo INJECTED > trace
        while grep -qE 'INJECTED|killed' trace && [ $n -lt 200 ]; do
            n=$((n + 1))
            strace -o trace -e inject={CALLS}:{inject}:when=$n zonesnap rollback web@one > log 2>&1 || true
            before=$(state)
            zonesnap gc > gc.log 2>&1 || cat gc.log
            echo $before $(state)
            [ -z \"$(ls .zonesnap/journal 2>/dev/null)\" ] || echo journal left
            [ ! -e .zonesnap/snapshots/web/.new ] || echo rest left
            guard=$(zonesnap list -p name web | grep rollback || true)
            if [ $(state) = new ]; then
                [ \"$(cat .zonesnap/snapshots/web/${{guard#web@}}/f)\" = two ] || echo no guard
                btrfs property get .zonesnap/snapshots/web/${{guard#web@}} ro | grep -q true || echo guard is writable
                rm -f gone; zonesnap rollback web@two > /dev/null
            else
                [ -z \"$guard\" ] || echo guard left
            fi
            zonesnap list -p name web | grep rollback | zonesnap destroy -
        done; echo steps $n"
    )
}

fn steps(said: &[String]) -> u32 {
    said.last().and_then(|l| l.strip_prefix("steps ")).and_then(|n| n.parse().ok()).expect("the number of steps")
}

fn killed_at_every_step_a_subvolume_is_whole() {
    let said = lines(on_btrfs(&format!("{WEB}{}", step_by_step("signal=SIGKILL"))));
    let n = steps(&said);
    assert!((15..200).contains(&n), "{n}");
    let states = &said[..said.len() - 1];
    assert!(states.iter().all(|s| ["old old", "new new"].contains(&s.as_str())), "{said:#?}");
    // The first is killed before anything, the last is not killed, and in between it turns over once.
    assert_eq!((states[0].as_str(), states[states.len() - 1].as_str()), ("old old", "new new"));
    assert!(states.iter().filter(|s| *s == "new new").count() > 3, "{said:#?}");
}

fn failing_at_every_step_a_subvolume_is_whole() {
    let said = lines(on_btrfs(&format!("{WEB}{}", step_by_step("error=ENOSPC"))));
    assert!(steps(&said) > 15, "{said:?}");
    assert!(said[..said.len() - 1].iter().all(|s| ["old old", "new new"].contains(&s.as_str())), "{said:#?}");
}

fn killed_while_it_cleans_up_a_subvolume_is_whole() {
    // Killed before and after the exchange; then each clean-up is killed one step later than the last, until one goes through.
    let script = format!(
        "state() {{ cat web/f; }}
        for at in renameat2:when=1 renameat2:when=2; do
            n=0; status=1
            while [ $status != 0 ] && [ $n -lt 100 ]; do
                [ -e .zonesnap/journal/web ] || strace -qq -o /dev/null -e inject=${{at%:*}}:signal=SIGKILL:${{at#*:}} zonesnap rollback web@one > log 2>&1 || true
                before=$(state); n=$((n + 1)); status=0
                strace -qq -o /dev/null -e inject={CALLS}:signal=SIGKILL:when=$n zonesnap gc > log 2>&1 || status=$?
                [ $(state) = $before ] || echo changed
            done
            echo $at $before $(ls .zonesnap/journal; ls -A .zonesnap/snapshots/web | sed s/zs-.*Z/TIME/ | sort -u)
            echo two > web/f; zonesnap list -p name web | grep rollback | zonesnap destroy -
        done"
    );
    let said = lines(on_btrfs(&format!("{WEB}{script}")));
    assert_eq!(said, ["renameat2:when=1 two one", "renameat2:when=2 one TIME-rollback one"]);
}

fn odd_things_in_the_folder_do_no_harm() {
    let script = r#"mkfifo pipe pipe.qcow2; printf 'QFI\373' > broken.qcow2; ln -s nowhere dangling; btrfs -q subvolume create "$(printf 'a\377')"
        mkdir -p .zonesnap/snapshots/web/plain; touch .zonesnap/snapshots/web/file
        zonesnap list -p name 2> errors || echo $?; sed 's,/[^ ]*/,,g' errors; zonesnap snap pipe 2>&1 || true
        rm broken.qcow2; btrfs -q subvolume create .zonesnap/snapshots/web/.new; zonesnap rollback web@one 2>&1 | sed 's,/[^ ]*/fs/,,'; cat web/f
        mv .zonesnap away; ln -s away .zonesnap; zonesnap snap web@x 2>&1 | sed 's,/[^ ]*/fs/,,'; rm .zonesnap; mv away .zonesnap
        chmod 777 .zonesnap; zonesnap snap web@x 2>&1 | sed 's,/[^ ]*/fs/,,'; chmod 700 .zonesnap
        touch target; ln -s "$PWD/target" .zonesnap/journal.new; rm -r .zonesnap/snapshots/web/plain; btrfs -q subvolume delete .zonesnap/snapshots/web/.new > rest
        zonesnap rollback web@one > rest; cat web/f; stat -c %s target"#;
    let want = "web@one
1
zonesnap: a\u{fffd}: left out: expected a name in UTF-8
zonesnap: broken.qcow2: Unsupported qcow2 version 0
zonesnap: pipe: expected a btrfs subvolume or a qcow2 image
zonesnap: .zonesnap/snapshots/web/.new: left over by a run without a journal: look at it, and remove it
two
zonesnap: .zonesnap: expected a folder that only its owner, this user, may write to
zonesnap: .zonesnap: expected a folder that only its owner, this user, may write to
one
0";
    assert_eq!(lines(on_btrfs(&format!("{WEB}{script}"))).join("\n"), want);
}

fn killed_at_every_step_an_image_is_whole() {
    let dir = Scratch::new();
    let script = format!(
        "n=0; status=1
        while [ $status != 0 ] && [ $n -lt 200 ]; do
            n=$((n + 1)); status=0
            strace -qq -o /dev/null -e inject={CALLS},wait4,waitid,pidfd_open,clone3,vfork,clone:signal=SIGKILL:when=$n \
                zonesnap rollback db.qcow2@one > log 2>&1 || status=$?
            zonesnap gc > gc.log 2>&1 || cat gc.log
            echo $(holds) $(whole)
            [ -z \"$(ls .zonesnap/journal 2>/dev/null)\" ] || echo journal left
            guard=$(zonesnap list -p name | grep rollback || true)
            if [ $(holds) = 1 ]; then
                zonesnap rollback $guard > /dev/null; [ $(holds) = 2 ] || echo no guard
            fi
            zonesnap list -p name | grep rollback | zonesnap destroy -
        done; echo steps $n"
    );
    let said = lines(sh(&dir, &format!("{DB}{script}")));
    assert!(steps(&said) > 20, "{said:?}");
    let states = &said[..said.len() - 1];
    assert!(states.iter().all(|s| ["1", "2"].contains(&s.as_str())), "{said:#?}");
    assert_eq!((states[0].as_str(), states[states.len() - 1].as_str()), ("2", "1"));
}

fn the_image_tool_killed_at_every_write_leaves_an_image_whole() {
    let dir = Scratch::new();
    // zonesnap itself makes none of these calls, so they are those of its qemu-img.
    let script = "n=0; status=1
        while [ $status != 0 ] && [ $n -lt 100 ]; do
            n=$((n + 1)); status=0
            strace -f -qq -o /dev/null -e inject=pwrite64,pwritev,fdatasync:signal=SIGKILL:when=$n zonesnap rollback db.qcow2@one > log 2>&1 || status=$?
            [ $status = 0 ] || grep -q 'signal: 9' log || cat log
            zonesnap gc > gc.log 2>&1 || cat gc.log
            echo $(holds) $(whole)
            [ -z \"$(ls .zonesnap/journal 2>/dev/null)\" ] || echo journal left
            guard=$(zonesnap list -p name | grep rollback || true)
            if [ $(holds) = 1 ]; then zonesnap rollback $guard > /dev/null; [ $(holds) = 2 ] || echo no guard; fi
            zonesnap list -p name | grep rollback | zonesnap destroy -
        done; echo steps $n";
    let said = lines(sh(&dir, &format!("{DB}{script}")));
    assert!(steps(&said) > 5, "{said:?}");
    assert!(said[..said.len() - 1].iter().all(|s| ["1", "2"].contains(&s.as_str())), "{said:#?}");
}

fn read_only_and_full_file_systems() {
    let script = "mount -o remount,ro .
        for run in 'snap web@new' 'rollback web@one' 'destroy web@one'; do zonesnap $run 2>&1 | sed s,/.*fs/,,; done; zonesnap list -p name; cat web/f";
    let want = "zonesnap: .zonesnap/lock: Read-only file system";
    assert_eq!(lines(on_btrfs(&format!("{WEB}{script}"))), [want, want, want, "web@one", "two"]);
    let dir = Scratch::new();
    // Not even the journal has room.
    let script = format!(
        "mkdir full; unshare -m sh -euc 'mount -t tmpfs -o size=3m none full; cd full
        {DB}cat /dev/zero > rest 2> /dev/null || true; zonesnap rollback db.qcow2@one 2>&1 | sed \"s,: /.*full/,: ,\"
        holds; ls .zonesnap/journal 2> /dev/null || true; rm rest; zonesnap gc; zonesnap rollback db.qcow2@one > /dev/null; holds; whole'"
    );
    let said = lines(sh(&dir, &script.replace("\\\"", "\"")));
    assert!(said[0].contains("No space left on device"), "{said:?}");
    assert_eq!(said[1..], ["2", "1"]);
}

fn an_ordinary_user_is_refused() {
    let script = "cp $(command -v zonesnap) /tmp/../$PWD/zs; chmod 755 . zs; run() { setpriv --reuid 65534 --clear-groups ./zs $@ 2>&1 | sed s,/.*fs/,,; }
        run snap web@new; run list; run list web; run destroy web@one; zonesnap list -p name";
    let want = "zonesnap: .zonesnap: expected a folder that only its owner, this user, may write to\n";
    let said = lines(on_btrfs(&format!("{WEB}{script}"))).join("\n");
    assert!(said.starts_with(want), "{said}");
    assert!(said.ends_with("\nweb@one") && !said.contains("panicked"), "{said}");
    assert!(!said.contains("interrupted"), "what may not be read tells of no rollback: {said}");
}

fn examples_of_the_manual() {
    let examples = manual::examples("zonesnap.8");
    assert_eq!(examples.len(), 7);
    let script =
        "btrfs -q subvolume create web; mkdir web/etc; echo fine > web/etc/issue; qemu-img create -q -f qcow2 db.qcow2 1M\n";
    let said = lines(on_btrfs(&format!("{script}{}\ncat web/etc/issue", examples.join("\n"))));
    assert_eq!(said[0], "web@before-upgrade");
    assert!(said[1].ends_with("Z-rollback"), "{said:?}");
    assert_eq!(said.iter().filter(|l| l.contains("db.qcow2@zs-") && l.ends_with("  nightly")).count(), 1, "{said:?}");
    assert_eq!(said[said.len() - 1], "fine");
}

fn the_cron_example_keeps_what_it_says() {
    let cron = fs::read_to_string(root().join("tools/zonesnap/svc/zonesnap.cron")).expect("example");
    assert!(!cron.contains('%'), "cron takes % for a newline");
    let jobs: Vec<_> = cron.lines().filter_map(|l| l.split_once(" root ")).map(|(_, job)| job).collect();
    let [hourly, daily, thin_hourly, thin_daily] = jobs[..] else { panic!("{jobs:?}") };
    // Forty hours of snapshots under the names of their hours, then each job once.
    let script = format!(
        "btrfs -q subvolume create web; export DATASETS=$PWD/web
        for i in $(seq 10 50); do zonesnap snap web@zs-20171029T0000${{i}}Z-hourly; done > /dev/null; zonesnap snap web@mine > /dev/null
        {hourly}\n{daily}\n{thin_hourly}\n{thin_daily}
        zonesnap list -p label web | sort | uniq -c | tr -s ' '; zonesnap list -p name web | head -1"
    );
    assert_eq!(lines(on_btrfs(&script)).join("|"), " 1 -| 1 daily| 36 hourly|web@zs-20171029T000016Z-hourly");
}
