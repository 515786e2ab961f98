//! Reading the memory of the process that fired. A page that is not there is brought in, where the kernel lets programs sleep.
use super::frame::slot;
use super::generator::{Gen, Result};
use crate::bits::Unsigned as _;
use crate::bpf::asm::{Alu, Cond, Helper, R0, R1, R2, R3, R4, Size};
use crate::sys::bpf::ProgramKind;

/// Bytes of the smallest pages.
const PAGE: i32 = 4096;
/// Most pages brought in for one reading, the first aside.
const MOST_PAGES: u32 = 16;

impl Gen<'_> {
    /// Calls a helper that reads `most` bytes or fewer of the process: R1 to, R2 size, R3 from; R0 is not negative if it could.
    pub(super) fn read_process(&mut self, helper: Helper, most: u32) -> Result {
        if !self.features.sleep || self.unit.kind != ProgramKind::Probe {
            self.asm.call(helper);
            return Ok(());
        }
        self.sleeps = true;
        if let Some(id) = self.features.copy_user_string.filter(|_| helper == Helper::ProbeReadUserStr) {
            self.asm.imm(R4, 0);
            self.asm.call_kernel(id);
            return Ok(());
        }
        let to = self.push(R1)?;
        let size = self.push(R2)?;
        let from = self.push(R3)?;
        let read = self.asm.label();
        self.asm.call(helper);
        self.asm.jump_ifi(Cond::SGe, R0, 0, read);
        let pages = most.div_ceil(PAGE.unsigned()).min(MOST_PAGES);
        for page in 0..=i32::try_from(pages).unwrap_or(1) {
            self.peek(R3, from);
            if page > 0 {
                self.asm.alui(Alu::And, R3, -PAGE);
                self.asm.alui(Alu::Add, R3, page * PAGE);
            }
            // Whether it could be brought in shows when it is read again; what is behind the last may not exist.
            self.asm.imm(R2, 1);
            self.slot(R1, slot::VALUE);
            self.asm.call(Helper::CopyFromUser);
        }
        self.peek(R1, to);
        self.peek(R2, size);
        self.peek(R3, from);
        self.asm.call(helper);
        self.asm.place(read);
        self.free(to);
        Ok(())
    }

    /// `R0 =` `bytes` of the process at the address in R0.
    pub(super) fn read_user_word(&mut self, bytes: u8) -> Result {
        self.slot_store(Size::D, slot::ADDRESS, R0);
        self.slot_storei(Size::D, slot::VALUE, 0);
        self.asm.mov(R3, R0);
        self.asm.imm(R2, i64::from(bytes));
        self.slot(R1, slot::VALUE);
        self.read_process(Helper::ProbeReadUser, bytes.into())?;
        self.fault_if(Cond::Ne, R0, 0, super::frame::Fault::BadAddress);
        self.slot_load(Size::of(u64::from(bytes)), R0, slot::VALUE);
        Ok(())
    }
}
