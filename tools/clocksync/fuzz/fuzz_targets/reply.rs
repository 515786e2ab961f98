//! Whatever a server sends: no panic, and no sample without the request's cookie or with a bound that is no number.
#![no_main]
#![allow(dead_code, reason = "the tool's own modules, of which this target uses a part")]
use libfuzzer_sys::fuzz_target;

#[path = "../../src/exchange.rs"]
mod exchange;
#[path = "../../src/packet.rs"]
mod packet;
#[path = "../../src/time.rs"]
mod time;

use exchange::Request;
use time::{Now, Raw, Wall};

const COOKIE: u64 = 0x0123_4567_89ab_cdef;

fuzz_target!(|bytes: &[u8]| {
    let at = |ns: i64| Now { raw: Raw(ns), wall: Wall(1_767_225_600_000_000_000 + ns) };
    let (request, _) = Request::new(COOKIE, at(0));
    // The cookie cannot be guessed, so half of the inputs get it for nothing.
    let mut bytes = bytes.to_vec();
    if bytes.len() >= 48 && bytes.len() % 2 == 0 {
        bytes[24..32].copy_from_slice(&COOKIE.to_be_bytes());
    }
    if let Ok((sample, reply)) = request.reply(&bytes, at(5_000_000), Some(at(4_900_000).wall)) {
        assert_eq!(reply.origin, COOKIE);
        assert!(sample.bound() > 0.0 && sample.bound() < 32.0 && sample.offset().is_finite());
    }
});
