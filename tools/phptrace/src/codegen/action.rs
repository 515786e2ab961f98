//! Actions: their data goes into the record, some act at once.
use super::frame::{Activity, Fault, record, slot, state};
use super::generator::{Gen, Result};
use super::layout::STATE;
use crate::bits::Signed as _;
use crate::bpf::asm::{Cond, Helper, R0, R1, R2, Size};
use dlang::program::{Action, ActionKind};

impl Gen<'_> {
    /// One action.
    pub(super) fn action(&mut self, a: &Action) -> Result {
        self.pos = a.pos;
        self.asm.line(a.pos);
        match &a.kind {
            ActionKind::Speculate => return self.speculate(a),
            ActionKind::Raise | ActionKind::Stop => return self.signal(a),
            ActionKind::Chill => return self.refuse("chill() is not available on this system: BPF programs may not wait"),
            ActionKind::Panic => return self.refuse("panic() is not available on this system"),
            ActionKind::Breakpoint => return self.refuse("breakpoint() is not available on this system"),
            ActionKind::Pcap => return self.refuse("pcap() is not available on this system"),
            _ => {}
        }
        for (e, r) in a.args.iter().zip(&a.records) {
            self.datum(e, r, slot::RECORD + record::HEADER + r.offset)?;
        }
        match a.kind {
            ActionKind::Exit => {
                self.asm.map_value(R1, STATE, state::ACTIVITY);
                self.asm.storei(Size::W, R1, 0, Activity::Draining as i32);
            }
            ActionKind::Commit | ActionKind::Discard => self.close_speculation(a)?,
            _ => {}
        }
        Ok(())
    }

    fn signal(&mut self, a: &Action) -> Result {
        match a.args.first() {
            Some(number) => {
                self.value(number)?;
                self.asm.mov(R1, R0);
            }
            // SIGSTOP
            None => self.asm.imm(R1, 19),
        }
        self.asm.call(Helper::SendSignal);
        Ok(())
    }

    /// `R1 =` address of the state of the speculation in R0, as a pointer; to `none` for 0, a fault if it cannot be one.
    fn speculation_state(&mut self, none: crate::bpf::asm::Label) {
        let count = self.layout.speculations.signed();
        self.asm.jump_ifi(Cond::Eq, R0, 0, none);
        self.fault_if(Cond::Gt, R0, count, Fault::IllegalOperation);
        self.asm.mov(R2, R0);
        self.asm.alui(crate::bpf::asm::Alu::Lsh, R2, 3);
        self.asm.map_value(R1, STATE, state::SPECULATIONS - 8);
        self.asm.alu(crate::bpf::asm::Alu::Add, R1, R2);
    }

    /// What the clause records from here on belongs to the speculation; without one it ends here.
    fn speculate(&mut self, a: &Action) -> Result {
        let Some(id) = a.args.first() else { return self.refuse("speculate: no identifier") };
        self.value(id)?;
        self.slot_store(Size::D, slot::SPECULATION, R0);
        let (end, fits) = (self.end, self.asm.label());
        self.speculation_state(end);
        self.asm.load(Size::B, R2, R1, 0);
        self.asm.jump_ifi(Cond::Ne, R2, 1, end);
        // What is recorded must fit, with DTrace's 8 bytes of header.
        let size = self.record_size + 8;
        self.asm.load(Size::D, R2, R1, 0);
        self.asm.alui(crate::bpf::asm::Alu::Rsh, R2, 8);
        let room = self.layout.speculation_size.saturating_add(1).saturating_sub(u64::from(size));
        self.asm.jump_ifi(Cond::Lt, R2, i32::try_from(room).unwrap_or(i32::MAX), fits);
        self.count_drop(state::SPECULATIVE_DROPS);
        self.asm.jump(end);
        self.asm.place(fits);
        self.asm.imm(R2, i64::from(size) << 8);
        self.asm.atomic_add(R1, 0, R2);
        Ok(())
    }

    /// No more is added to it; the consumer frees it.
    fn close_speculation(&mut self, a: &Action) -> Result {
        let Some(id) = a.args.first() else { return Ok(()) };
        let none = self.asm.label();
        self.value(id)?;
        self.speculation_state(none);
        self.asm.load(Size::B, R2, R1, 0);
        self.asm.jump_ifi(Cond::Ne, R2, 1, none);
        self.asm.storei(Size::D, R1, 0, 2);
        self.asm.place(none);
        Ok(())
    }

    /// `speculation()`: `R0 =` the first free one, 0 if there is none.
    pub(super) fn speculation(&mut self) {
        let end = self.asm.label();
        for i in 0..self.layout.speculations {
            let taken = self.asm.label();
            self.asm.map_value(R1, STATE, state::SPECULATIONS + 8 * i);
            if self.features.exchange {
                self.asm.imm(R0, 0);
                self.asm.imm(R2, 1);
                self.asm.compare_exchange(R1, 0, R2);
                self.asm.jump_ifi(Cond::Ne, R0, 0, taken);
            } else {
                self.asm.load(Size::D, R0, R1, 0);
                self.asm.jump_ifi(Cond::Ne, R0, 0, taken);
                self.asm.storei(Size::D, R1, 0, 1);
            }
            self.asm.imm(R0, i64::from(i) + 1);
            self.asm.jump(end);
            self.asm.place(taken);
        }
        self.count_drop(state::SPECULATION_DROPS);
        self.asm.imm(R0, 0);
        self.asm.place(end);
    }
}
