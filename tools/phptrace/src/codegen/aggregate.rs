//! Aggregations: per-CPU values under a key; of histograms each bucket under a key of its own.
use super::frame::{slot, state};
use super::generator::{Gen, Result};
use super::layout::is_histogram;
use crate::bpf::asm::{Alu, Cond, Helper, MapRef, R0, R1, R2, R3, R4, R5, R8, R9, Size};
use dlang::program::{AggFunc, Aggregate};

impl Gen<'_> {
    /// One update.
    pub(super) fn aggregate(&mut self, a: &Aggregate) -> Result {
        self.pos = a.pos;
        self.asm.line(a.pos);
        let Some(aggregation) = self.program.aggregations.get(a.agg.0) else { return self.refuse("unknown aggregation") };
        let func = aggregation.func.unwrap_or(AggFunc::Count);
        let map = self.layout.aggregation(a.agg.0);
        let tuple = super::layout::tuple_size(&aggregation.keys);
        let key = self.space(self.layout.spec(map).map_or(8, |s| s.key));
        if tuple == 0 {
            self.slot_storei(Size::D, key, 0);
        }
        self.tuple(&a.keys, &aggregation.keys, key)?;
        if let Some(value) = &a.value {
            self.value(value)?;
        } else {
            self.asm.imm(R0, 1);
        }
        let value = self.push(R0)?;
        let weight = match &a.weight {
            Some(w) => {
                self.value(w)?;
                Some(self.push(R0)?)
            }
            None => None,
        };
        if is_histogram(func) {
            self.peek(R0, value);
            self.bucket(func);
            self.slot_store(Size::D, key + tuple, R0);
        }
        let end = self.asm.label();
        self.element_for(map, key, end);
        self.asm.mov(R8, R0);
        match weight {
            Some(w) => self.peek(R9, w),
            None => self.asm.imm(R9, 1),
        }
        self.peek(R1, value);
        self.combine(func);
        self.asm.place(end);
        Ok(())
    }

    /// `R0 =` the value under the key, made if it is not there; to `end` if there is no room.
    fn element_for(&mut self, map: MapRef, key: u32, end: crate::bpf::asm::Label) {
        let found = self.asm.label();
        self.lookup(map, key);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        for i in 0..4 {
            self.slot_storei(Size::D, slot::VALUE + 8 * i, 0);
        }
        self.asm.map(R1, map);
        self.slot(R2, key);
        self.slot(R3, slot::VALUE);
        // BPF_NOEXIST: another CPU may have been faster.
        self.asm.imm(R4, 1);
        self.asm.call(Helper::MapUpdate);
        self.lookup(map, key);
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.count_drop(state::AGGREGATION_DROPS);
        self.asm.jump(end);
        self.asm.place(found);
    }

    /// Adds R1 (weight R9) to the value at R8. Atomic, since a firing may be interrupted by another on its CPU.
    fn combine(&mut self, func: AggFunc) {
        match func {
            AggFunc::Count | AggFunc::Quantize | AggFunc::Lquantize { .. } | AggFunc::Llquantize { .. } => {
                self.asm.atomic_add(R8, 0, R9);
            }
            AggFunc::Sum => self.asm.atomic_add(R8, 0, R1),
            AggFunc::Avg => {
                self.asm.atomic_add(R8, 8, R1);
                self.asm.atomic_add(R8, 0, R9);
            }
            AggFunc::Stddev => self.combine_squares(),
            AggFunc::Min | AggFunc::Max => {
                let (replace, end) = (self.asm.label(), self.asm.label());
                self.asm.load(Size::D, R2, R8, 8);
                self.asm.jump_ifi(Cond::Eq, R2, 0, replace);
                self.asm.load(Size::D, R3, R8, 0);
                let keep = if func == AggFunc::Min { Cond::SGe } else { Cond::SLe };
                self.asm.jump_if(keep, R1, R3, end);
                self.asm.place(replace);
                self.asm.store(Size::D, R8, 0, R1);
                self.asm.storei(Size::D, R8, 8, 1);
                self.asm.place(end);
            }
        }
    }

    /// count, sum, and the sum of squares in 128 bits: (h·2³² + l)² = h²·2⁶⁴ + 2hl·2³² + l².
    fn combine_squares(&mut self) {
        self.asm.atomic_add(R8, 8, R1);
        self.asm.atomic_add(R8, 0, R9);
        let (positive, no_carry, no_carry2) = (self.asm.label(), self.asm.label(), self.asm.label());
        self.asm.jump_ifi(Cond::SGe, R1, 0, positive);
        self.asm.neg(R1);
        self.asm.place(positive);
        self.asm.mov(R2, R1);
        self.asm.alui(Alu::Rsh, R2, 32);
        self.asm.alui(Alu::Lsh, R1, 32);
        self.asm.alui(Alu::Rsh, R1, 32);
        // R3 = h·l, R4 = upper, R5 = lower
        self.asm.mov(R3, R2);
        self.asm.alu(Alu::Mul, R3, R1);
        self.asm.mov(R4, R2);
        self.asm.alu(Alu::Mul, R4, R2);
        self.asm.mov(R5, R1);
        self.asm.alu(Alu::Mul, R5, R1);
        self.asm.mov(R0, R3);
        self.asm.alui(Alu::Rsh, R0, 31);
        self.asm.alu(Alu::Add, R4, R0);
        self.asm.alui(Alu::Lsh, R3, 33);
        self.asm.alu(Alu::Add, R5, R3);
        self.asm.jump_if(Cond::Ge, R5, R3, no_carry);
        self.asm.alui(Alu::Add, R4, 1);
        self.asm.place(no_carry);
        self.asm.load(Size::D, R0, R8, 16);
        self.asm.alu(Alu::Add, R0, R5);
        self.asm.store(Size::D, R8, 16, R0);
        self.asm.jump_if(Cond::Ge, R0, R5, no_carry2);
        self.asm.alui(Alu::Add, R4, 1);
        self.asm.place(no_carry2);
        self.asm.atomic_add(R8, 24, R4);
    }

    /// `R0 =` number of the bucket for the value in R0.
    fn bucket(&mut self, func: AggFunc) {
        match func {
            AggFunc::Quantize => self.power_bucket(),
            AggFunc::Lquantize { base, limit, step } => self.linear_bucket(base, limit, step),
            AggFunc::Llquantize { factor, low, high, steps } => self.log_linear_bucket(factor, low, high, steps),
            _ => {}
        }
    }

    /// Bucket 63 is zero; 63 + n holds 2ⁿ⁻¹ and up, 63 - n the negative ones.
    fn power_bucket(&mut self) {
        let (positive, end) = (self.asm.label(), self.asm.label());
        self.asm.mov(R3, R0);
        self.asm.jump_ifi(Cond::SGe, R0, 0, positive);
        self.asm.neg(R0);
        self.asm.place(positive);
        self.asm.imm(R1, 63);
        self.asm.jump_ifi(Cond::Eq, R0, 0, end);
        self.asm.imm(R1, 1);
        for shift in [32, 16, 8, 4, 2, 1] {
            let below = self.asm.label();
            self.asm.mov(R2, R0);
            self.asm.alui(Alu::Rsh, R2, shift);
            self.asm.jump_ifi(Cond::Eq, R2, 0, below);
            self.asm.mov(R0, R2);
            self.asm.alui(Alu::Add, R1, shift);
            self.asm.place(below);
        }
        let negative = self.asm.label();
        self.asm.jump_ifi(Cond::SLt, R3, 0, negative);
        self.asm.alui(Alu::Add, R1, 63);
        self.asm.jump(end);
        self.asm.place(negative);
        self.asm.neg(R1);
        self.asm.alui(Alu::Add, R1, 63);
        let in_range = self.asm.label();
        self.asm.jump_ifi(Cond::SGe, R1, 0, in_range);
        self.asm.imm(R1, 0);
        self.asm.place(in_range);
        self.asm.place(end);
        self.asm.mov(R0, R1);
    }

    /// Bucket 0 is below the base, 1 the first, the last at or above the limit.
    fn linear_bucket(&mut self, base: i32, limit: i32, step: u16) {
        let (below, above, end) = (self.asm.label(), self.asm.label(), self.asm.label());
        let buckets = (i64::from(limit) - i64::from(base)) / i64::from(step.max(1));
        self.asm.jump_ifi(Cond::SLt, R0, base, below);
        self.asm.imm(R1, i64::from(base));
        self.asm.alu(Alu::Sub, R0, R1);
        self.asm.alui(Alu::Div, R0, i32::from(step.max(1)));
        self.asm.imm(R1, buckets);
        self.asm.jump_if(Cond::Ge, R0, R1, above);
        self.asm.alui(Alu::Add, R0, 1);
        self.asm.jump(end);
        self.asm.place(below);
        self.asm.imm(R0, 0);
        self.asm.jump(end);
        self.asm.place(above);
        self.asm.imm(R0, buckets + 1);
        self.asm.place(end);
    }

    /// Numbered as `log_linear` of the histograms in dlang has them; a negative value has its mirror's number, negated.
    fn log_linear_bucket(&mut self, factor: u16, low: u16, high: u16, steps: u16) {
        let (end, positive) = (self.asm.label(), self.asm.label());
        self.asm.mov(R3, R0);
        self.asm.jump_ifi(Cond::SGe, R0, 0, positive);
        self.asm.neg(R0);
        self.asm.place(positive);
        let (factor, steps) = (i64::from(factor.max(2)), i64::from(steps.max(1)));
        let power = |n: u16| factor.checked_pow(u32::from(n));
        self.asm.mov(R4, R0);
        self.asm.imm(R0, 0);
        let first = power(low).unwrap_or(i64::MAX);
        self.asm.imm(R1, first);
        self.asm.jump_if(Cond::Lt, R4, R1, end);
        let mut base = 1;
        let mut last = first;
        for order in low..=high {
            let Some(this) = power(order + 1) else { break };
            let next = self.asm.label();
            let buckets = this.min(steps);
            self.asm.imm(R1, this);
            self.asm.jump_if(Cond::Ge, R4, R1, next);
            self.asm.mov(R0, R4);
            self.asm.imm(R1, last);
            self.asm.alu(Alu::Sub, R0, R1);
            self.asm.imm(R1, (this / buckets).max(1));
            self.asm.alu(Alu::Div, R0, R1);
            self.asm.imm(R1, base);
            self.asm.alu(Alu::Add, R0, R1);
            self.asm.jump(end);
            self.asm.place(next);
            base += buckets - buckets / factor;
            last = this;
        }
        self.asm.imm(R0, base);
        self.asm.place(end);
        let done = self.asm.label();
        self.asm.jump_ifi(Cond::SGe, R3, 0, done);
        self.asm.neg(R0);
        self.asm.place(done);
    }
}
