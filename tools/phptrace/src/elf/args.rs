//! Argument specifications of USDT notes: `-4@%edi 8@-8(%rbp) 4@$1 8@sym(%rip)`. Pure.

use crate::bits::Signed as _;
/// Where an argument is and how it is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Arg {
    /// Bytes.
    pub size: u8,
    /// Whether it is to be sign-extended.
    pub signed: bool,
    /// Where.
    pub place: Place,
}

/// Where an argument is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// A constant.
    Constant(i64),
    /// In a register.
    Register(Register),
    /// In memory at `base + index * scale + displacement`.
    Memory {
        /// Base register; none for an absolute address.
        base: Option<Register>,
        /// Index register and its scale.
        index: Option<(Register, u8)>,
        /// Displacement.
        displacement: i64,
    },
    /// In memory at a symbol plus an offset, relative to the instruction pointer.
    Symbol(String, i64),
}

/// A register in `struct pt_regs`: offset there, and which bits of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Register {
    /// Byte offset in `struct pt_regs`.
    pub offset: i16,
    /// Bytes of the register that are named: 8 for `%rax`, 4 for `%eax`, ...
    pub bytes: u8,
    /// Whether the second-lowest byte is meant (`%ah`).
    pub high: bool,
}

/// Registers by their 64-, 32-, 16- and 8-bit names and their offset in x86-64's `struct pt_regs`.
const REGISTERS: &[([&str; 4], i16)] = &[
    (["r15", "r15d", "r15w", "r15b"], 0),
    (["r14", "r14d", "r14w", "r14b"], 8),
    (["r13", "r13d", "r13w", "r13b"], 16),
    (["r12", "r12d", "r12w", "r12b"], 24),
    (["rbp", "ebp", "bp", "bpl"], 32),
    (["rbx", "ebx", "bx", "bl"], 40),
    (["r11", "r11d", "r11w", "r11b"], 48),
    (["r10", "r10d", "r10w", "r10b"], 56),
    (["r9", "r9d", "r9w", "r9b"], 64),
    (["r8", "r8d", "r8w", "r8b"], 72),
    (["rax", "eax", "ax", "al"], 80),
    (["rcx", "ecx", "cx", "cl"], 88),
    (["rdx", "edx", "dx", "dl"], 96),
    (["rsi", "esi", "si", "sil"], 104),
    (["rdi", "edi", "di", "dil"], 112),
    (["rip", "eip", "ip", "ip"], 128),
    (["rsp", "esp", "sp", "spl"], 152),
];

/// The arguments of a specification; one that cannot be read is `None`, so that the others keep their numbers.
pub(crate) fn parse(text: &str) -> Vec<Option<Arg>> {
    text.split_ascii_whitespace().map(argument).collect()
}

fn argument(text: &str) -> Option<Arg> {
    let (size, place) = text.split_once('@').unwrap_or(("8", text));
    let size: i8 = size.parse().ok()?;
    if !matches!(size.unsigned_abs(), 1 | 2 | 4 | 8) {
        return None;
    }
    Some(Arg { size: size.unsigned_abs(), signed: size < 0, place: self::place(place)? })
}

fn place(text: &str) -> Option<Place> {
    if let Some(number) = text.strip_prefix('$') {
        return integer(number).map(Place::Constant);
    }
    if text.starts_with('%') {
        return register(text).map(Place::Register);
    }
    let Some((before, inside)) = text.strip_suffix(')').and_then(|t| t.split_once('(')) else {
        return integer(text).map(|displacement| Place::Memory { base: None, index: None, displacement });
    };
    memory(before, inside)
}

/// `before(base,index,scale)`
fn memory(before: &str, inside: &str) -> Option<Place> {
    let mut parts = inside.split(',');
    let base = parts.next().filter(|b| !b.is_empty()).map(register);
    let base = match base {
        Some(None) => return None,
        other => other.flatten(),
    };
    let index = match parts.next() {
        None => None,
        Some(name) => {
            let scale = parts.next().map_or(Some(1), |s| s.parse().ok())?;
            Some((register(name)?, matches!(scale, 1 | 2 | 4 | 8).then_some(scale)?))
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let displacement = if before.is_empty() { Some(0) } else { integer(before) };
    match (displacement, base) {
        (Some(displacement), _) => Some(Place::Memory { base, index, displacement }),
        (None, Some(r)) if r.offset == 128 && index.is_none() => symbol(before),
        _ => None,
    }
}

/// `name`, `name+8`, `8+name`
fn symbol(text: &str) -> Option<Place> {
    let at = text.rfind(['+', '-']).filter(|&i| i > 0);
    let (name, offset) = match at.map(|i| text.split_at(i)) {
        None => (text, 0),
        Some((left, right)) => match (integer(right.trim_start_matches('+')), integer(left)) {
            (Some(n), _) => (left, n),
            (None, Some(n)) => (right.trim_start_matches('+'), n),
            (None, None) => return None,
        },
    };
    (!name.is_empty()).then(|| Place::Symbol(name.to_string(), offset))
}

fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |d| (true, d));
    let value = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    let value = value.signed();
    Some(if negative { value.wrapping_neg() } else { value })
}

/// The register called `%name`.
pub(crate) fn register(text: &str) -> Option<Register> {
    let name = text.trim().strip_prefix('%')?;
    if let Some((i, _)) = ["ah", "bh", "ch", "dh"].iter().enumerate().find(|(_, n)| **n == name) {
        let offset = [80, 40, 88, 96].get(i).copied()?;
        return Some(Register { offset, bytes: 1, high: true });
    }
    REGISTERS.iter().find_map(|(names, offset)| {
        let width = names.iter().position(|n| *n == name)?;
        Some(Register { offset: *offset, bytes: 8 >> width, high: false })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<Arg> {
        parse(text).pop().unwrap()
    }

    fn reg(name: &str) -> Register {
        register(name).unwrap()
    }

    #[test]
    fn the_forms_compilers_write() {
        let arg = |size, signed, place| Some(Arg { size, signed, place });
        assert_eq!(one("-4@%edi"), arg(4, true, Place::Register(reg("%edi"))));
        assert_eq!(one("4@$-1"), arg(4, false, Place::Constant(-1)));
        let memory = |base, index, displacement| Place::Memory { base, index, displacement };
        assert_eq!(one("8@-8(%rbp)"), arg(8, false, memory(Some(reg("%rbp")), None, -8)));
        assert_eq!(one("8@(%rsp)"), arg(8, false, memory(Some(reg("%rsp")), None, 0)));
        assert_eq!(one("-2@0x10(%rax,%rdx,4)"), arg(2, true, memory(Some(reg("%rax")), Some((reg("%rdx"), 4)), 16)));
        assert_eq!(one("1@(,%rcx,8)"), arg(1, false, memory(None, Some((reg("%rcx"), 8)), 0)));
        assert_eq!(one("8@counter(%rip)"), arg(8, false, Place::Symbol("counter".into(), 0)));
        assert_eq!(one("8@counter+16(%rip)"), arg(8, false, Place::Symbol("counter".into(), 16)));
        assert_eq!(one("8@16+counter(%rip)"), arg(8, false, Place::Symbol("counter".into(), 16)));
        assert_eq!(one("1@%ah"), arg(1, false, Place::Register(Register { offset: 80, bytes: 1, high: true })));
    }

    #[test]
    fn one_that_cannot_be_read_keeps_the_others_numbers() {
        let all = parse("8@%rax 3@%rbx 8@%nonsense 4@$7");
        assert_eq!(all.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false, true]);
    }

    #[test]
    fn garbage_never_panics() {
        let seed = b"-4@%edi 8@-8(%rbp,%rax,8) 4@$1 8@sym+4(%rip)";
        for at in 0..seed.len() {
            for byte in 0..=255u8 {
                let mut text = seed.to_vec();
                text[at] = byte;
                let _ = parse(&String::from_utf8_lossy(&text));
            }
        }
        for odd in ["@", "8@", "8@(", "8@)", "8@()", "8@(,)", "8@(%rip)", "8@+(%rip)", "99999@$1", "8@$", "8@((%rax)"] {
            let _ = parse(odd);
        }
    }
}
