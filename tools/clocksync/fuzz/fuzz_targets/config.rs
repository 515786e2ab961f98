//! Whatever a configuration holds: it is taken, or refused with the line that is wrong.
#![no_main]
#![allow(dead_code, reason = "the tool's own modules, of which this target uses a part")]
use libfuzzer_sys::fuzz_target;

#[path = "../../src/bank.rs"]
mod bank;
#[path = "../../src/config.rs"]
mod config;
#[path = "../../src/exchange.rs"]
mod exchange;
#[path = "../../src/net.rs"]
mod net;
#[path = "../../src/packet.rs"]
mod packet;
#[path = "../../src/steer.rs"]
mod steer;
#[path = "../../src/time.rs"]
mod time;

use base::lines::Records;

fuzz_target!(|bytes: &[u8]| {
    match config::parse(&mut Records::new("f", bytes, b'\n')) {
        Ok(config) => assert!(!config.servers.is_empty() && (8.0..=1024.0).contains(&config.poll)),
        Err(why) => assert!(why.to_string().starts_with("f:")),
    }
});
