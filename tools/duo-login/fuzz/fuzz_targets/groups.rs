//! Any names and pattern lists: no panic, no explosion; a list that matches still does with another beside it.
#![no_main]
use duo_login::groups;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<String>, Vec<String>)| {
    let (mut lists, names) = input;
    let before = groups::apply(&lists, &names) && !lists.is_empty();
    let _ = groups::all_negated(&lists);
    lists.push("x".into());
    assert!(!before || groups::apply(&lists, &names));
});
