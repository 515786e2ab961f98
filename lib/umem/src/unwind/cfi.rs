//! The call-frame information of an object: .eh_frame_hdr's sorted table leads to the entry of a function (FDE), whose program and that
//! of what it shares with others (CIE) are run up to the address looked for. Linux Standard Base 5 chapter 10.6, DWARF 5 section 6.4.
#![forbid(unsafe_code)]

use super::rule::{Cfa, Rule, Saved};

/// DWARF's numbers of registers, x86_64 psABI figure 3.36.
const RBX: u64 = 3;
const RBP: u64 = 6;
const RSP: u64 = 7;
const RETURN: u64 = 16;

/// States that DW_CFA_remember_state can keep.
const REMEMBERED: usize = 8;

/// Bytes of an object at an address, read from a place onwards.
#[derive(Clone, Copy)]
struct Reader<'a> {
    bytes: &'a [u8],
    address: u64,
    at: usize,
}

impl<'a> Reader<'a> {
    fn seek(self, address: u64) -> Option<Self> {
        let at = usize::try_from(address.checked_sub(self.address)?).ok()?;
        (at <= self.bytes.len()).then_some(Self { at, ..self })
    }

    fn here(&self) -> u64 {
        self.address + self.at as u64
    }

    fn take(&mut self, n: u64) -> Option<&'a [u8]> {
        let end = self.at.checked_add(usize::try_from(n).ok()?)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// The next `n` bytes as a reader of their own.
    fn part(&mut self, n: u64) -> Option<Self> {
        let at = self.at;
        self.take(n)?;
        Some(Self { bytes: self.bytes.get(..self.at)?, at, ..*self })
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn word<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N as u64)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.word()?))
    }

    fn uleb(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    }

    fn sleb(&mut self) -> Option<i64> {
        let (mut value, mut shift) = (0_i64, 0_u32);
        loop {
            let byte = self.u8()?;
            value |= i64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                let sign = byte & 0x40 != 0 && shift < 64;
                return Some(if sign { value | -1 << shift } else { value });
            }
        }
    }

    /// A value in one of the encodings DW_EH_PE_*, relative to nothing.
    fn encoded(&mut self, encoding: u8) -> Option<u64> {
        Some(match encoding & 0xf {
            0x0 | 0x4 | 0xc => u64::from_le_bytes(self.word()?),
            0x1 => self.uleb()?,
            0x2 => u64::from(u16::from_le_bytes(self.word()?)),
            0x3 => u64::from(self.u32()?),
            0x9 => self.sleb()? as u64,
            0xa => i64::from(i16::from_le_bytes(self.word()?)) as u64,
            0xb => i64::from(i32::from_le_bytes(self.word()?)) as u64,
            _ => return None,
        })
    }

    /// An address in one of the encodings: absolute, relative to its own place or to `data`.
    fn pointer(&mut self, encoding: u8, data: u64) -> Option<u64> {
        let here = self.here();
        let base = match encoding & 0xf0 {
            0x00 => 0,
            0x10 => here,
            0x30 => data,
            _ => return None,
        };
        Some(base.wrapping_add(self.encoded(encoding)?))
    }
}

/// The rule for `pc`, from bytes of its object that lie at `address` and have their .eh_frame_hdr at `header`; 0 says that they are
/// .eh_frame.
pub(super) fn rule(bytes: &[u8], address: u64, header: u64, pc: u64) -> Option<Rule> {
    let object = Reader { bytes, address, at: 0 };
    if header == 0 {
        return search(object, pc);
    }
    let entry = find(object.seek(header)?, pc)?;
    run(object.seek(entry)?, pc)
}

/// The address of the entry whose function starts last before `pc`.
fn find(mut r: Reader, pc: u64) -> Option<u64> {
    const RELATIVE_I32: u8 = 0x3b;
    let data = r.here();
    let [1, frames, counts, RELATIVE_I32] = r.word()? else { return None };
    r.pointer(frames, data)?;
    let count = r.pointer(counts, data)?;
    let table = r.take(count.checked_mul(8)?)?;
    let part = |row: u64, from: u64| {
        let at = (row * 8 + from) as usize;
        let word = i32::from_le_bytes(table.get(at..at + 4)?.try_into().ok()?);
        Some(data.wrapping_add_signed(i64::from(word)))
    };
    // The rows below `low` start at or before `pc`, those from `high` on after it.
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if part(middle, 0)? <= pc {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    part(low.checked_sub(1)?, 4)
}

/// The rule for `pc` from the first entry that knows of it, where no table leads there.
fn search(mut frames: Reader, pc: u64) -> Option<Rule> {
    loop {
        let here = frames;
        // A length of 0 ends them, as does the end of the bytes.
        let (_, id, _) = entry(&mut frames)?;
        let found = if id == 0 { None } else { run(here, pc) };
        if found.is_some() {
            return found;
        }
    }
}

/// What the entries of many functions share.
#[derive(Clone, Copy)]
struct Common<'a> {
    program: Reader<'a>,
    code_unit: u64,
    data_unit: i64,
    encoding: u8,
    augmented: bool,
    signal: bool,
}

/// An entry's length and identifier, and its other bytes; the identifier's own address.
fn entry<'a>(r: &mut Reader<'a>) -> Option<(Reader<'a>, u32, u64)> {
    let length = match r.u32()? {
        u32::MAX => u64::from_le_bytes(r.word()?),
        n => u64::from(n),
    };
    let mut body = r.part(length)?;
    let place = body.here();
    let id = body.u32()?;
    Some((body, id, place))
}

fn common<'a>(mut r: Reader<'a>) -> Option<Common<'a>> {
    let (mut body, 0, _) = entry(&mut r)? else { return None };
    let version = body.u8()?;
    let names = body.bytes.get(body.at..)?.split(|&b| b == 0).next()?;
    body.take(names.len() as u64 + 1)?;
    let (code_unit, data_unit) = (body.uleb()?, body.sleb()?);
    let _return_register = if version == 1 { u64::from(body.u8()?) } else { body.uleb()? };
    let mut c = Common { program: body, code_unit, data_unit, encoding: 0, augmented: false, signal: false };
    for name in names {
        match name {
            b'z' => {
                let length = body.uleb()?;
                c = Common { augmented: true, ..c };
                let data = body.part(length)?;
                c.program = body;
                body = data;
            }
            b'R' => c.encoding = body.u8()?,
            b'L' => drop(body.u8()?),
            b'P' => {
                let encoding = body.u8()?;
                body.encoded(encoding)?;
            }
            b'S' => c.signal = true,
            _ => return None,
        }
    }
    if !c.augmented {
        c.program = body;
    }
    Some(c)
}

/// Runs the programs of the entry at `r` and of its common part up to `pc`, which must lie in the entry's function.
fn run(mut r: Reader, pc: u64) -> Option<Rule> {
    let object = r;
    let (mut body, back, place) = entry(&mut r)?;
    let c = common(object.seek(place.checked_sub(u64::from(back))?)?)?;
    let start = body.pointer(c.encoding, 0)?;
    let length = body.encoded(c.encoding)?;
    if !(start..start.checked_add(length)?).contains(&pc) {
        return None;
    }
    if c.augmented {
        let length = body.uleb()?;
        body.take(length)?;
    }
    let mut m = Machine { at: start, pc, kept: [State::NEW; REMEMBERED], depth: 0, now: State::NEW, initial: State::NEW };
    m.run(c.program, &c)?;
    m.initial = m.now;
    m.run(body, &c)?;
    Some(if c.signal { Rule::only(Cfa::Signal) } else { m.now.rule() })
}

/// What is known of a register.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    Saved(Saved),
    Undefined,
    /// Told in a way that no compiler uses for it.
    Oddly,
}

#[derive(Clone, Copy)]
struct State {
    /// A register and an offset, or what an expression amounts to.
    register: u64,
    offset: i64,
    behind: bool,
    oddly: bool,
    bx: Known,
    bp: Known,
    pc: Known,
}

impl State {
    const NEW: Self = {
        let same = Known::Saved(Saved::Same);
        Self { register: RSP, offset: 8, behind: false, oddly: false, bx: same, bp: same, pc: Known::Saved(Saved::AtCfa(-8)) }
    };

    fn rule(self) -> Rule {
        let cfa = match (self.register, self.behind) {
            (RSP, false) => Cfa::Stack(self.offset),
            (RBP, false) => Cfa::Base(self.offset),
            (RBX, false) => Cfa::Other(self.offset),
            (RBP, true) => Cfa::Behind(self.offset),
            _ => return Rule::only(Cfa::End),
        };
        let (Known::Saved(Saved::AtCfa(-8)), Known::Saved(bp), Known::Saved(bx), false) = (self.pc, self.bp, self.bx, self.oddly)
        else {
            return Rule::only(Cfa::End);
        };
        Rule { cfa, bp, bx }
    }

    fn set(&mut self, register: u64, known: Known) {
        match register {
            RBX => self.bx = known,
            RBP => self.bp = known,
            RETURN => self.pc = known,
            _ => (),
        }
    }
}

struct Machine {
    at: u64,
    pc: u64,
    kept: [State; REMEMBERED],
    depth: usize,
    now: State,
    initial: State,
}

impl Machine {
    fn run(&mut self, mut r: Reader, c: &Common) -> Option<()> {
        while r.at < r.bytes.len() && self.at <= self.pc {
            self.instruction(&mut r, c)?;
        }
        Some(())
    }

    /// Goes on to a later address; past the one looked for, what follows is not for it.
    fn advance(&mut self, units: u64, c: &Common) {
        self.at = self.at.saturating_add(units.saturating_mul(c.code_unit));
    }

    fn restore(&mut self, register: u64) {
        let State { bx, bp, pc, .. } = self.initial;
        for (r, known) in [(RBX, bx), (RBP, bp), (RETURN, pc)] {
            if r == register {
                self.now.set(r, known);
            }
        }
    }

    fn saved(&mut self, register: u64, units: i64, c: &Common) {
        self.now.set(register, Known::Saved(Saved::AtCfa(units.wrapping_mul(c.data_unit))));
    }

    fn define(&mut self, register: u64, offset: i64) {
        self.now = State { register, offset, behind: false, oddly: false, ..self.now };
    }

    fn instruction(&mut self, r: &mut Reader, c: &Common) -> Option<()> {
        let code = r.u8()?;
        let low = u64::from(code & 0x3f);
        match code >> 6 {
            1 => self.advance(low, c),
            2 => {
                let units = r.uleb()?;
                self.saved(low, units as i64, c);
            }
            3 => self.restore(low),
            _ => match code {
                0x00 => (),
                0x01 => self.at = r.pointer(c.encoding, 0)?,
                0x02 => self.advance(u64::from(r.u8()?), c),
                0x03 => self.advance(u64::from(u16::from_le_bytes(r.word()?)), c),
                0x04 => self.advance(u64::from(r.u32()?), c),
                0x0a => {
                    *self.kept.get_mut(self.depth)? = self.now;
                    self.depth += 1;
                }
                0x0b => {
                    self.depth = self.depth.checked_sub(1)?;
                    self.now = *self.kept.get(self.depth)?;
                }
                0x0c..=0x0f | 0x12 | 0x13 => self.frame(code, r, c)?,
                // DW_CFA_GNU_args_size.
                0x2e => drop(r.uleb()?),
                _ => self.register(code, r, c)?,
            },
        }
        Some(())
    }

    /// The instructions that say where the frame is.
    fn frame(&mut self, code: u8, r: &mut Reader, c: &Common) -> Option<()> {
        match code {
            0x0c => {
                let (register, offset) = (r.uleb()?, r.uleb()?);
                self.define(register, offset as i64);
            }
            0x0d => {
                let register = r.uleb()?;
                self.define(register, self.now.offset);
            }
            0x0e => {
                let offset = r.uleb()?;
                self.define(self.now.register, offset as i64);
            }
            0x0f => {
                let length = r.uleb()?;
                let (register, offset, behind) = expression(r.part(length)?).unwrap_or((RETURN, 0, false));
                self.now = State { register, offset, behind, oddly: !behind, ..self.now };
            }
            0x12 => {
                let (register, offset) = (r.uleb()?, r.sleb()?);
                self.define(register, offset.wrapping_mul(c.data_unit));
            }
            _ => {
                let offset = r.sleb()?;
                self.define(self.now.register, offset.wrapping_mul(c.data_unit));
            }
        }
        Some(())
    }

    /// The instructions that say where a register is.
    fn register(&mut self, code: u8, r: &mut Reader, c: &Common) -> Option<()> {
        let register = r.uleb()?;
        match code {
            0x05 => {
                let units = r.uleb()?;
                self.saved(register, units as i64, c);
            }
            0x06 => self.restore(register),
            0x07 => self.now.set(register, Known::Undefined),
            0x08 => self.now.set(register, Known::Saved(Saved::Same)),
            0x11 => {
                let units = r.sleb()?;
                self.saved(register, units, c);
            }
            0x10 => {
                let length = r.uleb()?;
                let known = match expression(r.part(length)?) {
                    Some((RBP, offset, false)) => Known::Saved(Saved::AtBase(offset)),
                    _ => Known::Oddly,
                };
                self.now.set(register, known);
            }
            0x09 | 0x14 => {
                r.uleb()?;
                self.now.set(register, Known::Oddly);
            }
            0x15 => {
                r.sleb()?;
                self.now.set(register, Known::Oddly);
            }
            0x16 => {
                let length = r.uleb()?;
                r.take(length)?;
                self.now.set(register, Known::Oddly);
            }
            _ => return None,
        }
        Some(())
    }
}

/// An expression of the two forms compilers use: a register plus an offset, or the word there.
fn expression(mut r: Reader) -> Option<(u64, i64, bool)> {
    const BREG0: u8 = 0x70;
    const BREG31: u8 = 0x8f;
    const DEREF: u8 = 0x06;
    let op = r.u8().filter(|op| (BREG0..=BREG31).contains(op))?;
    let offset = r.sleb()?;
    let rest = r.bytes.get(r.at..)?;
    (rest.is_empty() || rest == [DEREF]).then_some((u64::from(op - BREG0), offset, !rest.is_empty()))
}
