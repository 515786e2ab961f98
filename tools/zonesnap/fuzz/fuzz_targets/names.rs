//! Names: an automatic one is valid and comes back; what is escaped comes back; the rest is refused.
#![no_main]
use libfuzzer_sys::fuzz_target;
use zonesnap::name;

fuzz_target!(|text: &str| {
    if let Some((time, label)) = name::parse(text) {
        assert_eq!(name::automatic(time, label), text);
    }
    if let Some((dataset, own)) = name::split(text) {
        assert_eq!(format!("{dataset}@{own}"), text);
    }
    let plain = name::unescaped(text);
    if name::check(text).is_ok() {
        assert_eq!(plain.as_deref(), Ok(text));
    }
});
