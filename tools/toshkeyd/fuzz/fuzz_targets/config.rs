//! Any configuration is read, or refused with its line.
#![no_main]
use base::lines::Records;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(e) = toshkeyd::config::parse(&mut Records::new("f", bytes, b'\n')) {
        assert!(e.to_string().starts_with("f:"));
    }
});
