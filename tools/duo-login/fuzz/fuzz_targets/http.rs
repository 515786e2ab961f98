//! Any bytes as a response: no panic, no body past the limit, and nothing that more bytes would change.
#![no_main]
use duo_login::http;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Some(response)) = http::parse(bytes, false) {
        assert!(response.body.len() <= http::BODY_MOST);
        assert_eq!(http::parse(bytes, true).ok().flatten().as_ref(), Some(&response));
    }
    let _ = http::parse(bytes, true);
    let _ = http::parse_connect(bytes);
});
