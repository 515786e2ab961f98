//! Recorded bytes to values.
use super::names::Symbols;
use crate::bits::Signed as _;
use dlang::format::Datum;
use dlang::program::{Record, RecordKind};

/// The bytes of a record.
pub(crate) fn bytes<'d>(r: &Record, data: &'d [u8]) -> &'d [u8] {
    let at = usize::try_from(r.offset).unwrap_or(usize::MAX);
    let size = usize::try_from(r.size).unwrap_or(0);
    data.get(at..).and_then(|d| d.get(..size)).unwrap_or_default()
}

fn word(data: &[u8], at: usize) -> u64 {
    data.get(at..).and_then(|d| d.first_chunk()).map_or(0, |w| u64::from_le_bytes(*w))
}

/// A number of 1 to 8 bytes, extended.
fn number(data: &[u8], signed: bool) -> i64 {
    let value = data.iter().take(8).rev().fold(0_u64, |v, b| v << 8 | u64::from(*b)).signed();
    let unused = 64 - 8 * data.len().clamp(1, 8);
    if signed { value << unused >> unused } else { value }
}

/// A recorded value.
pub(crate) fn read(r: &Record, data: &[u8], symbols: &mut Symbols, raw: bool) -> Datum {
    let data = bytes(r, data);
    match r.kind {
        RecordKind::Integer { signed } => {
            Datum::Int { value: number(data, signed), size: u8::try_from(r.size).unwrap_or(8), signed }
        }
        RecordKind::String => {
            let end = data.iter().position(|b| *b == 0).unwrap_or(data.len());
            Datum::Text(data.get(..end).unwrap_or_default().to_vec())
        }
        RecordKind::Bytes => Datum::Bytes(data.to_vec()),
        RecordKind::Stack { .. } => {
            let frames = (0..data.len() / 8).map(|i| word(data, 8 * i)).take_while(|a| *a != 0);
            Datum::Stack(frames.map(|a| symbols.kernel_name(a)).collect())
        }
        RecordKind::Ustack { .. } => {
            let pid = u32::try_from(word(data, 0)).unwrap_or(0);
            let frames: Vec<u64> = (1..data.len() / 8).map(|i| word(data, 8 * i)).take_while(|a| *a != 0).collect();
            let name = |a: u64| if raw { format!("0x{a:x}") } else { symbols.user_name(pid, a) };
            Datum::Stack(frames.into_iter().map(name).collect())
        }
        RecordKind::Sym => Datum::Symbol(symbols.kernel_name(word(data, 0)).split('+').next().unwrap_or_default().to_string()),
        RecordKind::Module => Datum::Symbol("vmlinux".into()),
        RecordKind::Usym | RecordKind::Uaddr | RecordKind::Umodule => {
            let pid = u32::try_from(word(data, 0)).unwrap_or(0);
            let name = symbols.user_name(pid, word(data, 8));
            Datum::Symbol(match r.kind {
                RecordKind::Umodule => name.split('`').next().unwrap_or_default().to_string(),
                RecordKind::Usym => name.split('+').next().unwrap_or_default().to_string(),
                _ => name,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_extended_by_their_sign() {
        assert_eq!(number(&[0xff], true), -1);
        assert_eq!(number(&[0xff], false), 255);
        assert_eq!(number(&[0xfe, 0xff, 0xff, 0xff], true), -2);
        assert_eq!(number(&[0, 0, 0, 0, 0, 0, 0, 0x80], false), i64::MIN);
        assert_eq!(number(&[], true), 0);
    }
}
