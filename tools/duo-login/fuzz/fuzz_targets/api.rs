//! Any bytes as an answer of the API: no panic, and only the word allow allows.
#![no_main]
use duo_login::api::{self, Preauth};
use duo_login::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let says = |word: &[u8]| bytes.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word)) || bytes.contains(&b'\\');
    let allowed = api::status(bytes).is_ok_and(|s| s.allowed == Some(true)) || api::verdict(bytes).is_ok_and(|s| s.allowed == Some(true));
    let preauth = api::preauth(bytes);
    assert!(!allowed && !matches!(preauth, Ok(Preauth::Allow(_))) || says(b"allow"));
    let _ = (api::ping(bytes), api::txid(bytes));
    if let Ok(Preauth::Allow(message) | Preauth::Deny(message) | Preauth::Enroll(message)) = preauth {
        assert!(!text::line(&message).contains(char::is_control));
    }
});
