//! The instruction set: registers, operations, helpers, with the kernel's numbers. Pure.

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
