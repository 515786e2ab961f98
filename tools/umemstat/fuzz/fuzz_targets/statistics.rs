//! Any change of a process's statistics, from the descriptor on: every way to look at it ends with an answer or an error.
#![no_main]
use libfuzzer_sys::fuzz_target;
use umemstat::made;

fuzz_target!(|changes: &[u8]| made::look_at_statistics(changes));
