//! Any bytes as an object, any change of one: notes, symbols and lines are read or refused.
#![no_main]
use libfuzzer_sys::fuzz_target;
use umemstat::made;

fuzz_target!(|bytes: &[u8]| {
    let Some((&how, rest)) = bytes.split_first() else { return };
    let _ = if how == 0 { made::look_at_object(rest) } else { made::look_at_object(&made::changed(made::TINY, 0, rest)) };
});
