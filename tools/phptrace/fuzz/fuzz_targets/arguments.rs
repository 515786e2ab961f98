//! Any text as an argument specification: as many arguments as words, sizes as specified, nothing panics.
#![no_main]
#![allow(dead_code, missing_docs, reason = "modules of the tool, used in part")]
use libfuzzer_sys::fuzz_target;

#[path = "../../src/elf/args.rs"]
mod args;
#[path = "../../src/bits.rs"]
mod bits;

fuzz_target!(|text: &str| {
    let all = args::parse(text);
    assert_eq!(all.len(), text.split_ascii_whitespace().count());
    assert!(all.iter().flatten().all(|a| matches!(a.size, 1 | 2 | 4 | 8)));
});
