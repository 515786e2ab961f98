//! A small assembler for eBPF: instructions, labels, map and function references. Pure.
use crate::bits::Signed as _;
use dlang::error::Pos;

/// A register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reg(pub u8);
/// Result of calls.
pub(crate) const R0: Reg = Reg(0);
/// First argument; clobbered by calls, like R0 and R2 to R5.
pub(crate) const R1: Reg = Reg(1);
/// Second argument.
pub(crate) const R2: Reg = Reg(2);
/// Third argument.
pub(crate) const R3: Reg = Reg(3);
/// Fourth argument.
pub(crate) const R4: Reg = Reg(4);
/// Fifth argument.
pub(crate) const R5: Reg = Reg(5);
/// Kept across calls.
pub(crate) const R6: Reg = Reg(6);
/// Kept across calls.
pub(crate) const R7: Reg = Reg(7);
/// Kept across calls.
pub(crate) const R8: Reg = Reg(8);
/// Kept across calls.
pub(crate) const R9: Reg = Reg(9);
/// The frame's top; read only.
pub(crate) const FP: Reg = Reg(10);

/// A place in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Label(usize);

/// A map of the program, by its index in the loader's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct MapRef(pub usize);

/// Operations on registers, with the upper four bits of the kernel's opcodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Alu {
    /// `+=`
    Add = 0x00,
    /// `-=`
    Sub = 0x10,
    /// `*=`
    Mul = 0x20,
    /// Unsigned `/=`; 0 for a zero divisor.
    Div = 0x30,
    /// `|=`
    Or = 0x40,
    /// `&=`
    And = 0x50,
    /// `<<=`
    Lsh = 0x60,
    /// Logical `>>=`
    Rsh = 0x70,
    /// Unsigned `%=`
    Mod = 0x90,
    /// `^=`
    Xor = 0xa0,
    /// `=`
    Mov = 0xb0,
    /// Arithmetic `>>=`
    Arsh = 0xc0,
}

/// Conditions of jumps, with the kernel's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Cond {
    /// `==`
    Eq = 0x10,
    /// Unsigned `>`
    Gt = 0x20,
    /// Unsigned `>=`
    Ge = 0x30,
    /// `!=`
    Ne = 0x50,
    /// Signed `>`
    SGt = 0x60,
    /// Signed `>=`
    SGe = 0x70,
    /// Unsigned `<`
    Lt = 0xa0,
    /// Unsigned `<=`
    Le = 0xb0,
    /// Signed `<`
    SLt = 0xc0,
    /// Signed `<=`
    SLe = 0xd0,
}

/// Sizes of loads and stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Size {
    /// 1 byte
    B = 0x10,
    /// 2 bytes
    H = 0x08,
    /// 4 bytes
    W = 0x00,
    /// 8 bytes
    D = 0x18,
}

impl Size {
    /// The size for so many bytes; 8 for any other number.
    pub(crate) fn of(bytes: u64) -> Self {
        match bytes {
            1 => Self::B,
            2 => Self::H,
            4 => Self::W,
            _ => Self::D,
        }
    }
}

/// Helper functions, named as in bpf-helpers(7), with the kernel's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Helper {
    MapLookup = 1,
    MapUpdate = 2,
    MapDelete = 3,
    KtimeGetNs = 5,
    Prandom = 7,
    CpuId = 8,
    PidTgid = 14,
    UidGid = 15,
    Comm = 16,
    CurrentTask = 35,
    ProbeWriteUser = 36,
    GetStack = 67,
    SendSignal = 109,
    ProbeReadUser = 112,
    ProbeReadKernel = 113,
    ProbeReadUserStr = 114,
    ProbeReadKernelStr = 115,
    RingOutput = 130,
    CopyFromUser = 148,
    Loop = 181,
}

/// How a subprogram is verified, with BTF's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Linkage {
    /// With each call of it.
    Static = 0,
    /// Once, for whatever numbers it is given (Linux 5.6).
    Global = 1,
}

#[derive(Clone, Copy, Debug)]
enum Reference {
    Jump(Label),
    Call(Label),
    Function(Label),
}

/// One instruction slot of 8 bytes, little-endian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Insn {
    /// Opcode.
    pub code: u8,
    /// Destination in the lower, source in the upper four bits.
    pub regs: u8,
    /// Offset.
    pub off: i16,
    /// Immediate.
    pub imm: i32,
}

impl Insn {
    /// Its bytes as the kernel takes them.
    pub(crate) fn bytes(self) -> [u8; 8] {
        let [o0, o1] = self.off.to_le_bytes();
        let [i0, i1, i2, i3] = self.imm.to_le_bytes();
        [self.code, self.regs, o0, o1, i0, i1, i2, i3]
    }
}

/// Code under construction.
#[derive(Debug, Default)]
pub(crate) struct Asm {
    code: Vec<Insn>,
    labels: Vec<Option<usize>>,
    references: Vec<(usize, Reference)>,
    maps: Vec<(usize, MapRef)>,
    functions: Vec<(Label, Linkage)>,
    lines: Vec<(usize, Pos)>,
}

/// Finished code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code {
    /// Instructions; maps are still to be put in.
    pub insns: Vec<Insn>,
    /// Where map references are.
    pub maps: Vec<(usize, MapRef)>,
    /// Where subprograms begin, the main one aside.
    pub functions: Vec<(usize, Linkage)>,
    /// From which instruction on the code comes from which place of the D text.
    pub lines: Vec<(usize, Pos)>,
}

impl Asm {
    /// Index of the next instruction.
    pub(crate) fn here(&self) -> usize {
        self.code.len()
    }

    /// Notes that what follows comes from `pos`.
    pub(crate) fn line(&mut self, pos: Pos) {
        if self.lines.last().is_none_or(|(_, p)| *p != pos) {
            self.lines.push((self.here(), pos));
        }
    }

    /// A label to be placed later.
    pub(crate) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// Places a label here.
    pub(crate) fn place(&mut self, label: Label) {
        let here = self.here();
        if let Some(at) = self.labels.get_mut(label.0) {
            *at = Some(here);
        }
    }

    /// Places a label here, where a subprogram begins.
    pub(crate) fn function(&mut self, label: Label, linkage: Linkage) {
        self.place(label);
        self.functions.push((label, linkage));
    }

    fn put(&mut self, code: u8, dst: Reg, src: u8, off: i16, imm: i32) {
        self.code.push(Insn { code, regs: dst.0 | src << 4, off, imm });
    }

    /// `dst op= src`
    pub(crate) fn alu(&mut self, op: Alu, dst: Reg, src: Reg) {
        self.put(op as u8 | 0x0f, dst, src.0, 0, 0);
    }

    /// `dst op= value`
    pub(crate) fn alui(&mut self, op: Alu, dst: Reg, value: i32) {
        self.put(op as u8 | 0x07, dst, 0, 0, value);
    }

    /// `dst = src`
    pub(crate) fn mov(&mut self, dst: Reg, src: Reg) {
        self.alu(Alu::Mov, dst, src);
    }

    /// `dst = value`, in one or two slots.
    pub(crate) fn imm(&mut self, dst: Reg, value: i64) {
        if let Ok(small) = i32::try_from(value) {
            self.alui(Alu::Mov, dst, small);
        } else {
            self.wide(dst, 0, value);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the two halves of a 64-bit immediate")]
    fn wide(&mut self, dst: Reg, src: u8, value: i64) {
        self.put(0x18, dst, src, 0, value as i32);
        self.code.push(Insn { imm: (value >> 32) as i32, ..Insn::default() });
    }

    /// `dst = -dst`
    pub(crate) fn neg(&mut self, dst: Reg) {
        self.put(0x87, dst, 0, 0, 0);
    }

    /// Swaps the bytes of the lower `bits` of a register and clears the others.
    pub(crate) fn swap(&mut self, dst: Reg, bits: i32) {
        self.put(0xdc, dst, 0, 0, bits);
    }

    /// `dst = *(size *)(src + off)`, zero-extended.
    pub(crate) fn load(&mut self, size: Size, dst: Reg, src: Reg, off: i16) {
        self.put(0x61 | size as u8, dst, src.0, off, 0);
    }

    /// `*(size *)(dst + off) = src`
    pub(crate) fn store(&mut self, size: Size, dst: Reg, off: i16, src: Reg) {
        self.put(0x63 | size as u8, dst, src.0, off, 0);
    }

    /// `*(size *)(dst + off) = value`
    pub(crate) fn storei(&mut self, size: Size, dst: Reg, off: i16, value: i32) {
        self.put(0x62 | size as u8, dst, 0, off, value);
    }

    /// `*(u64 *)(dst + off) += src`, atomically.
    pub(crate) fn atomic_add(&mut self, dst: Reg, off: i16, src: Reg) {
        self.put(0xdb, dst, src.0, off, 0);
    }

    /// Exchanges `src` with `*(u64 *)(dst + off)`, atomically (Linux 5.12).
    pub(crate) fn exchange(&mut self, dst: Reg, off: i16, src: Reg) {
        self.put(0xdb, dst, src.0, off, 0xe1);
    }

    /// Compares `*(u64 *)(dst + off)` with R0 and puts `src` there if equal, atomically; R0 is the old value (Linux 5.12).
    pub(crate) fn compare_exchange(&mut self, dst: Reg, off: i16, src: Reg) {
        self.put(0xdb, dst, src.0, off, 0xf1);
    }

    /// Jumps to `to`.
    pub(crate) fn jump(&mut self, to: Label) {
        self.references.push((self.here(), Reference::Jump(to)));
        self.put(0x05, R0, 0, 0, 0);
    }

    /// Jumps if `a cond b`.
    pub(crate) fn jump_if(&mut self, cond: Cond, a: Reg, b: Reg, to: Label) {
        self.references.push((self.here(), Reference::Jump(to)));
        self.put(0x0d | cond as u8, a, b.0, 0, 0);
    }

    /// Jumps if `a cond value`.
    pub(crate) fn jump_ifi(&mut self, cond: Cond, a: Reg, value: i32, to: Label) {
        self.references.push((self.here(), Reference::Jump(to)));
        self.put(0x05 | cond as u8, a, 0, 0, value);
    }

    /// Calls a helper.
    pub(crate) fn call(&mut self, helper: Helper) {
        self.put(0x85, R0, 0, 0, helper as i32);
    }

    /// Calls a kernel function by its BTF id.
    pub(crate) fn call_kernel(&mut self, id: u32) {
        self.put(0x85, R0, 2, 0, id.signed());
    }

    /// Calls a subprogram.
    pub(crate) fn call_function(&mut self, to: Label) {
        self.references.push((self.here(), Reference::Call(to)));
        self.put(0x85, R0, 1, 0, 0);
    }

    /// `dst =` a subprogram, for `bpf_loop`.
    pub(crate) fn function_address(&mut self, dst: Reg, to: Label) {
        self.references.push((self.here(), Reference::Function(to)));
        self.wide(dst, 4, 0);
    }

    /// `dst =` a map.
    pub(crate) fn map(&mut self, dst: Reg, map: MapRef) {
        self.maps.push((self.here(), map));
        self.wide(dst, 1, 0);
    }

    /// `dst =` the address `offset` bytes into the value of an array map of one element.
    pub(crate) fn map_value(&mut self, dst: Reg, map: MapRef, offset: u32) {
        self.maps.push((self.here(), map));
        self.wide(dst, 2, i64::from(offset) << 32);
    }

    /// Returns.
    pub(crate) fn exit(&mut self) {
        self.put(0x95, R0, 0, 0, 0);
    }

    /// Resolves labels. `Err` says what could not be: a label never placed, or a jump over more than 32767 instructions.
    pub(crate) fn finish(self) -> Result<Code, &'static str> {
        let Self { code: mut insns, labels, references, maps, functions, lines } = self;
        let target = |label: Label| labels.get(label.0).copied().flatten().ok_or("a label without a place");
        for (at, reference) in references {
            let (Reference::Jump(label) | Reference::Call(label) | Reference::Function(label)) = reference;
            let distance = target(label)?.signed() - at.signed() - 1;
            let Some(insn) = insns.get_mut(at) else { continue };
            match reference {
                Reference::Jump(_) => insn.off = i16::try_from(distance).map_err(|_| "a jump too far")?,
                _ => insn.imm = i32::try_from(distance).map_err(|_| "a call too far")?,
            }
        }
        let functions = functions.into_iter().map(|(l, linkage)| Ok((target(l)?, linkage))).collect::<Result<_, &str>>()?;
        Ok(Code { insns, maps, functions, lines })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_as_the_kernel_reads() {
        let mut a = Asm::default();
        a.load(Size::D, R3, R1, 80);
        a.imm(R2, 0x1_2345_6789);
        a.call(Helper::ProbeReadUserStr);
        a.exit();
        let code = a.finish().unwrap();
        let bytes: Vec<_> = code.insns.iter().map(|i| i.bytes()).collect();
        assert_eq!(bytes[0], [0x79, 0x13, 80, 0, 0, 0, 0, 0]);
        assert_eq!(bytes[1], [0x18, 2, 0, 0, 0x89, 0x67, 0x45, 0x23]);
        assert_eq!(bytes[2], [0, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(bytes[3], [0x85, 0, 0, 0, 114, 0, 0, 0]);
        assert_eq!(bytes[4], [0x95, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn labels_are_relative_to_the_next_instruction() {
        let mut a = Asm::default();
        let (back, end) = (a.label(), a.label());
        a.place(back);
        a.jump_ifi(Cond::Eq, R0, 0, end);
        a.jump(back);
        a.place(end);
        a.exit();
        let code = a.finish().unwrap();
        assert_eq!((code.insns[0].off, code.insns[1].off), (1, -2));
    }

    #[test]
    fn a_label_without_a_place_is_an_error() {
        let mut a = Asm::default();
        let l = a.label();
        a.jump(l);
        assert!(a.finish().is_err());
    }
}
