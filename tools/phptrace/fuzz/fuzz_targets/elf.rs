//! Any bytes as an ELF file: its USDT notes point into the file, its functions can be looked up, nothing panics.
#![no_main]
#![allow(dead_code, missing_docs, reason = "modules of the tool, used in part")]
use libfuzzer_sys::fuzz_target;

#[path = "../../src/bits.rs"]
mod bits;
#[path = "../../src/elf/mod.rs"]
mod elf;

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = elf::parse(bytes) else { return };
    let functions = elf::symbols::Functions::read(&file);
    for note in elf::notes::read(&file).unwrap_or_default() {
        assert_eq!(file.file_offset(note.address), Some(note.offset));
        let _ = functions.at(note.address);
        let _ = file.arguments(&note.args, note.address);
    }
});
