//! Any text as an argument specification: at most as many arguments as words, sizes as specified, nothing panics.
#![no_main]
#![allow(dead_code, missing_docs, reason = "modules of the tool, used in part")]
use libfuzzer_sys::fuzz_target;

#[path = "../../src/elf/args/mod.rs"]
mod args;
#[path = "../../src/bits.rs"]
mod bits;

fuzz_target!(|text: &str| {
    for machine in [args::Machine::X86, args::Machine::Arm] {
        let all = args::parse(text, machine);
        assert!(all.len() <= text.split_ascii_whitespace().count());
        assert!(all.iter().flatten().all(|a| matches!(a.size, 1 | 2 | 4 | 8)));
    }
});
