//! Operands as the assembler of x86-64 writes them.
use super::{Place, Register, integer};

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

/// The instruction pointer.
pub(super) const IP: Register = Register { offset: 128, bytes: 8, high: false };

pub(super) fn place(text: &str) -> Option<Place> {
    if let Some(number) = text.strip_prefix('$') {
        return integer(number).map(Place::Constant);
    }
    if let Some(place) = text.strip_prefix("%fs:") {
        return thread(place);
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
        (None, Some(IP)) if index.is_none() => symbol(before).map(|(name, offset)| Place::Symbol(name, offset)),
        _ => None,
    }
}

/// `name`, `name+8`, `8+name`
fn symbol(text: &str) -> Option<(String, i64)> {
    let at = text.rfind(['+', '-']).filter(|&i| i > 0);
    let (name, offset) = match at.map(|i| text.split_at(i)) {
        None => (text, 0),
        Some((left, right)) => match (integer(right.trim_start_matches('+')), integer(left)) {
            (Some(n), _) => (left, n),
            (None, Some(n)) => (right.trim_start_matches('+'), n),
            (None, None) => return None,
        },
    };
    (!name.is_empty()).then(|| (name.to_string(), offset))
}

/// What follows `%fs:`: `-4`, `8(%rax)`, `name@tpoff`, `name@tpoff+8`
fn thread(text: &str) -> Option<Place> {
    if text.contains("@tpoff") {
        let (name, displacement) = symbol(&text.replacen("@tpoff", "", 1))?;
        return Some(Place::Thread { symbol: Some(name), base: None, displacement });
    }
    match place(text)? {
        Place::Memory { base, index: None, displacement } => Some(Place::Thread { symbol: None, base, displacement }),
        _ => None,
    }
}

/// The register called `%name`.
pub(super) fn register(text: &str) -> Option<Register> {
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
