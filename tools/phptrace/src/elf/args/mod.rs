//! Argument specifications of USDT notes. Pure. x86-64: `-4@%edi 8@-8(%rbp) 4@$1 8@sym(%rip) -4@%fs:var@tpoff`;
//! AArch64: `-4@w0 8@x1 8@[sp, 16] 4@7`.
mod aarch64;
mod x86_64;

use crate::bits::Signed as _;

/// The processor a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Machine {
    /// x86-64.
    X86,
    /// AArch64.
    Arm,
}

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
    /// In memory at a symbol plus an offset, relative to the instruction pointer, until [`resolve`] finds the symbol.
    Symbol(String, i64),
    /// In a thread's own memory: at its base plus a register plus a displacement, and a symbol's place there that [`resolve`] finds.
    Thread {
        /// The symbol.
        symbol: Option<String>,
        /// The register.
        base: Option<Register>,
        /// Displacement.
        displacement: i64,
    },
}

/// A register in the traps' frame (`struct pt_regs`): offset there, and which bits of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Register {
    /// Byte offset in `struct pt_regs`.
    pub offset: i16,
    /// Bytes of the register that are named: 8 for `%rax`, 4 for `%eax`, ...
    pub bytes: u8,
    /// Whether the second-lowest byte is meant (`%ah`).
    pub high: bool,
}

/// The arguments of a specification; one that cannot be read is `None`, so that the others keep their numbers.
pub(crate) fn parse(text: &str, machine: Machine) -> Vec<Option<Arg>> {
    let mut all = Vec::new();
    let mut rest = text.trim_ascii_start();
    while !rest.is_empty() {
        // A blank within brackets belongs to the argument.
        let bracket = rest.find('[').zip(rest.find(']')).filter(|(open, _)| rest.find(' ').is_none_or(|blank| *open < blank));
        let from = bracket.map_or(0, |(_, close)| close);
        let end = rest.get(from..).and_then(|r| r.find(|c: char| c.is_ascii_whitespace())).map_or(rest.len(), |n| n + from);
        let (word, after) = rest.split_at(end);
        all.push(argument(word, machine));
        rest = after.trim_ascii_start();
    }
    all
}

fn argument(text: &str, machine: Machine) -> Option<Arg> {
    let (size, place) = text.split_once('@').unwrap_or(("8", text));
    // `8f`: a floating-point number, given as its bits where it is in memory; registers of that kind are not in the traps' frame.
    let size: i8 = size.strip_suffix('f').unwrap_or(size).parse().ok()?;
    if !matches!(size.unsigned_abs(), 1 | 2 | 4 | 8) {
        return None;
    }
    let place = match machine {
        Machine::X86 => x86_64::place(place),
        Machine::Arm => aarch64::place(place),
    };
    Some(Arg { size: size.unsigned_abs(), signed: size < 0, place: place? })
}

/// Puts numbers in place of symbols that are known. `relative`: from a site to a symbol; `thread`: from a thread's base to one.
pub(crate) fn resolve(place: Place, relative: impl Fn(&str) -> Option<i64>, thread: impl Fn(&str) -> Option<i64>) -> Place {
    match &place {
        Place::Symbol(name, offset) => relative(name).map(|from_site| {
            let displacement = from_site.wrapping_add(*offset);
            Place::Memory { base: Some(x86_64::IP), index: None, displacement }
        }),
        Place::Thread { symbol: Some(name), base, displacement } => thread(name).map(|from_base| {
            let displacement = from_base.wrapping_add(*displacement);
            Place::Thread { symbol: None, base: *base, displacement }
        }),
        _ => None,
    }
    .unwrap_or(place)
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

#[cfg(test)]
mod tests {
    use super::x86_64::register;
    use super::*;

    fn one(text: &str) -> Option<Arg> {
        parse(text, Machine::X86).pop().unwrap()
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
    fn floating_point_is_its_bits_in_memory() {
        let memory = Place::Memory { base: Some(reg("%rbp")), index: None, displacement: -8 };
        assert_eq!(one("-8f@-8(%rbp)"), Some(Arg { size: 8, signed: true, place: memory }));
        assert_eq!(one("8f@%xmm0"), None);
    }

    #[test]
    fn the_memory_of_a_thread() {
        let thread = |symbol: Option<&str>, base, displacement| {
            Some(Arg { size: 4, signed: true, place: Place::Thread { symbol: symbol.map(String::from), base, displacement } })
        };
        assert_eq!(one("-4@%fs:-4"), thread(None, None, -4));
        assert_eq!(one("-4@%fs:counter@tpoff"), thread(Some("counter"), None, 0));
        assert_eq!(one("-4@%fs:counter@tpoff+8"), thread(Some("counter"), None, 8));
        assert_eq!(one("-4@%fs:8+counter@tpoff"), thread(Some("counter"), None, 8));
        assert_eq!(one("-4@%fs:(%rax)"), thread(None, Some(reg("%rax")), 0));
        assert_eq!(one("-4@%fs:16(%rax)"), thread(None, Some(reg("%rax")), 16));
    }

    #[test]
    fn symbols_are_resolved_where_they_are_known() {
        let symbol = Place::Symbol("a".into(), 8);
        let rip = |displacement| Place::Memory { base: Some(reg("%rip")), index: None, displacement };
        assert_eq!(resolve(symbol.clone(), |_| Some(-100), |_| None), rip(-92));
        assert_eq!(resolve(symbol.clone(), |_| None, |_| Some(1)), symbol);
    }

    #[test]
    fn the_forms_of_aarch64() {
        let arm = |text: &str| parse(text, Machine::Arm);
        let reg = |n: i16, bytes| Register { offset: 8 * n, bytes, high: false };
        let memory = |n, displacement| Place::Memory { base: Some(reg(n, 8)), index: None, displacement };
        let all = arm("-4@w0 8@x30 8@[sp, 16] -2@[x29,-4] 4@7 -4@[sp] 8@[x1, x2, lsl 3] 8f@d0 1@wzr 8@[x0], 8");
        let got: Vec<_> = all.iter().map(|a| a.clone().map(|a| a.place)).collect();
        assert_eq!(
            got[..6],
            [
                Some(Place::Register(reg(0, 4))),
                Some(Place::Register(reg(30, 8))),
                Some(memory(31, 16)),
                Some(memory(29, -4)),
                Some(Place::Constant(7)),
                Some(memory(31, 0)),
            ]
        );
        assert_eq!(got[6], Some(Place::Memory { base: Some(reg(1, 8)), index: Some((reg(2, 8), 8)), displacement: 0 }));
        assert_eq!(got[7..9], [None, Some(Place::Constant(0))]);
    }

    #[test]
    fn one_that_cannot_be_read_keeps_the_others_numbers() {
        let all = parse("8@%rax 3@%rbx 8@%nonsense 4@$7", Machine::X86);
        assert_eq!(all.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false, true]);
    }

    #[test]
    fn garbage_never_panics() {
        let seed = b"-4@%edi 8@-8(%rbp,%rax,8) 4@$1 8@sym+4(%rip) 4f@%fs:v@tpoff+4 8@[x1, x2, lsl 3] -4@[sp, 16]";
        for at in 0..seed.len() {
            for byte in 0..=255u8 {
                let mut text = seed.to_vec();
                text[at] = byte;
                for machine in [Machine::X86, Machine::Arm] {
                    let _ = parse(&String::from_utf8_lossy(&text), machine);
                }
            }
        }
        for odd in [
            "@",
            "8@",
            "8@(",
            "8@)",
            "8@()",
            "8@(,)",
            "8@(%rip)",
            "8@+(%rip)",
            "99999@$1",
            "8@$",
            "8@((%rax)",
            "8@[",
            "8@]",
            "8@[]",
            "8@[,]",
            "8@ ][ ",
            "8@[x0",
            "8@%fs:",
            "8@%fs:@tpoff",
        ] {
            let _ = (parse(odd, Machine::X86), parse(odd, Machine::Arm));
        }
    }
}
