//! Any bytes as a configuration: no panic; what comes out is within its bounds.
#![no_main]
use duo_login::{conf, origin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let parsed = conf::parse(bytes, "login_duo", false);
    assert!((1..=3).contains(&parsed.config.prompts) && parsed.config.groups.len() < 512);
    assert!(!parsed.config.https_timeout.is_zero());
    let _ = origin::Origin::parse(&parsed.config.host, 443);
    if let Some(proxy) = &parsed.config.http_proxy {
        let _ = origin::Proxy::parse(proxy);
    }
});
