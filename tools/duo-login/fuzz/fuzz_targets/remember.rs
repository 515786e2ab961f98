//! Any bytes as remembered keys and as sshd's file: no panic, and nothing vouches that this machine has not signed.
#![no_main]
use duo_login::remember::{Bond, fingerprint};
use libfuzzer_sys::fuzz_target;
use std::time::Duration;

fuzz_target!(|input: (&[u8], &str, u64)| {
    let (file, exposed, now) = input;
    let found = fingerprint(exposed);
    let bond = Bond { mac: b"a key that is in no corpus", user: "u", fingerprint: found.as_deref().unwrap_or("none") };
    let window = Duration::from_secs(3600);
    assert!(!bond.holds(file, now, window));
    let renewed = bond.renewed(file, now, window);
    assert!(now > u64::MAX - 3600 || bond.holds(renewed.as_bytes(), now, window));
});
