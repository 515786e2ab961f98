//! Any answer of qemu-img is understood or refused.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = zonesnap::qemu::parse(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = zonesnap::pool::entry(text);
    }
});
