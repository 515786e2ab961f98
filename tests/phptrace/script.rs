//! A PHP script in a folder of its own, and phptrace run there.
use std::fs;
use tests::{Ran, Scratch, command, need_root, ran};

pub fn folder(script: &str) -> Scratch {
    need_root();
    let dir = Scratch::new();
    fs::write(dir.join("x.php"), script).expect("script");
    dir
}

pub fn phptrace(dir: &Scratch, arguments: &[&str]) -> Ran {
    let mut c = command("timeout");
    ran(c.args(["-k", "5", "60", "phptrace"]).args(arguments).current_dir(&**dir))
}
