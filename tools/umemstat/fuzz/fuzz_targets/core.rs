//! Any bytes as a core, any change of a core, also a compressed one: every way to look at it ends with an answer or an error.
#![no_main]
use libfuzzer_sys::fuzz_target;
use umemstat::made;

fuzz_target!(|bytes: &[u8]| {
    let Some((&how, rest)) = bytes.split_first() else { return };
    let _ = match how % 4 {
        0 => made::look_at_core(rest),
        1 => made::look_at_core(&made::changed(&made::packed(), 0, rest)),
        _ => made::look_at_core(&made::changed(&made::core(), 0, rest)),
    };
});
