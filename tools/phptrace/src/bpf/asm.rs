//! A small assembler for eBPF: instructions, labels, map and function references. Pure.
pub(crate) use super::op::{Alu, Cond, FP, Helper, Insn, Linkage, R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, Reg, Size};
use crate::bits::Signed as _;
use dlang::error::Pos;

/// A place in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Label(usize);

/// A map of the program, by its index in the loader's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct MapRef(pub usize);

#[derive(Clone, Copy, Debug)]
enum Reference {
    Jump(Label),
    Call(Label),
    Function(Label),
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
