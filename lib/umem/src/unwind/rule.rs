//! How to get from a frame to its caller's: what the call-frame information says for one address, in one word.
#![forbid(unsafe_code)]

/// Where the canonical frame address is: the stack pointer's value before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cfa {
    /// There is no caller, or none that can be found.
    End,
    /// From the stack pointer.
    Stack(i64),
    /// From rbp.
    Base(i64),
    /// From rbx.
    Other(i64),
    /// The word there, from rbp: functions that realign their stack.
    Behind(i64),
    /// The kernel's frame of a signal.
    Signal,
    /// No information: rbp points to the caller's.
    Frame,
}

/// Where a register's value of before the call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saved {
    Same,
    AtCfa(i64),
    AtBase(i64),
}

/// The return address is in the word below the canonical frame address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) cfa: Cfa,
    pub(super) bp: Saved,
    pub(super) bx: Saved,
}

/// Bits of an offset of the frame's address, in bytes.
const FAR: u32 = 25;
/// Bits of a register's place, in words, after two for its kind.
const PLACE: u32 = 16;

impl Rule {
    pub(super) const fn only(cfa: Cfa) -> Self {
        Self { cfa, bp: Saved::Same, bx: Saved::Same }
    }

    /// The rule as one word, not 0; none when its offsets are out of any usual size.
    pub(super) fn pack(self) -> Option<u64> {
        let (kind, offset) = match self.cfa {
            Cfa::End => (1, 0),
            Cfa::Stack(o) => (2, o),
            Cfa::Base(o) => (3, o),
            Cfa::Other(o) => (4, o),
            Cfa::Behind(o) => (5, o),
            Cfa::Signal => (6, 0),
            Cfa::Frame => (7, 0),
        };
        Some(kind | field(offset, FAR)? << 3 | pack_saved(self.bp)? << 28 | pack_saved(self.bx)? << 46)
    }

    pub(super) fn unpack(word: u64) -> Self {
        let offset = signed(word >> 3, FAR);
        let cfa = match word & 7 {
            2 => Cfa::Stack(offset),
            3 => Cfa::Base(offset),
            4 => Cfa::Other(offset),
            5 => Cfa::Behind(offset),
            6 => Cfa::Signal,
            7 => Cfa::Frame,
            _ => Cfa::End,
        };
        // A frame pointer points at its caller's.
        let bp = if cfa == Cfa::Frame { Saved::AtCfa(-16) } else { unpack_saved(word >> 28) };
        Self { cfa, bp, bx: unpack_saved(word >> 46) }
    }
}

fn field(value: i64, bits: u32) -> Option<u64> {
    let half = 1 << (bits - 1);
    (-half..half).contains(&value).then_some(value as u64 & ((1 << bits) - 1))
}

fn signed(word: u64, bits: u32) -> i64 {
    (word << (64 - bits)) as i64 >> (64 - bits)
}

fn pack_saved(saved: Saved) -> Option<u64> {
    let (kind, offset) = match saved {
        Saved::Same => (0, 0),
        Saved::AtCfa(o) => (1, o),
        Saved::AtBase(o) => (2, o),
    };
    if offset % 8 == 0 { Some(kind | field(offset / 8, PLACE)? << 2) } else { None }
}

fn unpack_saved(word: u64) -> Saved {
    let offset = signed(word >> 2, PLACE) * 8;
    match word & 3 {
        1 => Saved::AtCfa(offset),
        2 => Saved::AtBase(offset),
        _ => Saved::Same,
    }
}
