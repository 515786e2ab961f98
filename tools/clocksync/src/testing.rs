//! What the unit tests share: made-up times, a server's reply, and spoiled bytes.
use crate::packet::{LEN, stamp};
use crate::time::{Now, Raw, Wall, nanoseconds};

/// Both clocks at `seconds`: raw from 0, wall from 2026-01-01.
pub(crate) fn at(seconds: f64) -> Now {
    Now { raw: Raw(nanoseconds(seconds)), wall: Wall(1_767_225_600_000_000_000 + nanoseconds(seconds)) }
}

/// A good stratum 2 server's reply to `request`.
pub(crate) fn reply_to(request: &[u8; LEN], received: Wall, sent: Wall) -> [u8; LEN] {
    let mut packet = [0; LEN];
    packet[..4].copy_from_slice(&[0x24, 2, 6, (-20i8) as u8]);
    packet[11] = 6;
    packet[12..16].copy_from_slice(&[192, 0, 2, 1]);
    packet[16..24].copy_from_slice(&stamp(Wall(received.0 - 9_000_000_000)).to_be_bytes());
    packet[24..32].copy_from_slice(&request[40..48]);
    packet[32..40].copy_from_slice(&stamp(received).to_be_bytes());
    packet[40..48].copy_from_slice(&stamp(sent).to_be_bytes());
    packet
}

/// A small generator (xorshift64*): tests repeat exactly.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Uniform in [0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Gives `seed` in some ten thousand spoiled forms to `check`: bits flipped, bytes set to edge values, cut, doubled.
pub(crate) fn mutations(seed: &[u8], mut check: impl FnMut(&[u8])) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let mut bytes = seed.to_vec();
        for _ in 0..=random.next() % 6 {
            let at = random.next() as usize % bytes.len().max(1);
            match random.next() % 6 {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << (random.next() % 8),
                1 if !bytes.is_empty() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b'\n'][random.next() as usize % 6],
                2 => bytes.truncate(at),
                3 => bytes.insert(at.min(bytes.len()), random.next() as u8),
                4 if bytes.len() < 4096 => bytes.extend_from_within(at.min(bytes.len())..),
                _ => {
                    let end = (at + 8).min(bytes.len());
                    if let Some(range) = bytes.get_mut(at..end) {
                        range.fill(random.next() as u8);
                    }
                }
            }
        }
        check(&bytes);
    }
}
