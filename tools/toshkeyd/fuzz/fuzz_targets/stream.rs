//! A stream of any bytes, in pieces of any size, gives the same events and the same verdict as in one piece.
#![no_main]
use libfuzzer_sys::fuzz_target;
use toshkeyd::stream::{Decoder, Raw};

fn decode(bytes: &[u8], piece: usize) -> (Vec<Raw>, Result<(), String>) {
    let (mut decoder, mut to) = (Decoder::new("f"), Vec::new());
    for piece in bytes.chunks(piece.max(1)) {
        if let Err(e) = decoder.feed(piece, &mut to) {
            return (to, Err(e));
        }
    }
    let end = decoder.end(&mut to);
    (to, end)
}

fuzz_target!(|input: (usize, &[u8])| {
    let (piece, bytes) = input;
    // From 8 bytes on the form is told by the same bytes.
    assert_eq!(decode(bytes, bytes.len()), decode(bytes, 8 + piece % 64));
    let _ = decode(bytes, piece % 8);
});
