//! Where things are in the memory that programs share: the state map, a slot of scratch memory, a ring buffer record.

/// The state map: one element, mapped by the consumer.
pub(crate) mod state {
    /// What probes do; see [`super::Activity`]. 4 bytes.
    pub(crate) const ACTIVITY: u32 = 0;
    /// Records the ring had no room for.
    pub(crate) const DROPS: u32 = 8;
    /// Aggregation updates without room.
    pub(crate) const AGGREGATION_DROPS: u32 = 16;
    /// Dynamic variables without room.
    pub(crate) const DYNAMIC_DROPS: u32 = 24;
    /// Firings that found every slot of their CPU taken.
    pub(crate) const BUSY_DROPS: u32 = 32;
    /// `speculation()` calls without a free speculation.
    pub(crate) const SPECULATION_DROPS: u32 = 40;
    /// Faults in ERROR clauses.
    pub(crate) const ERROR_DROPS: u32 = 48;
    /// Records a speculation had no room for.
    pub(crate) const SPECULATIVE_DROPS: u32 = 56;
    /// Speculations: 8 bytes each. The lowest byte: 0 free, 1 in use, 2 closing; the rest: bytes recorded.
    pub(crate) const SPECULATIONS: u32 = 64;
}

/// Values of [`state::ACTIVITY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Activity {
    /// Probes are attached but do nothing yet.
    Inactive = 0,
    /// Probes fire.
    Active = 1,
    /// `exit()` was called: only END still runs.
    Draining = 2,
}

/// A slot: scratch memory of one firing. Its first 8 bytes are not 0 while it is taken.
pub(crate) mod slot {
    /// Through here a pointer becomes a number, and a number one of unknown value.
    pub(crate) const PASS: u32 = 8;
    /// Address of the latest memory access, for the fault.
    pub(crate) const ADDRESS: u32 = 16;
    /// Kind of the latest fault.
    pub(crate) const FAULT: u32 = 24;
    /// Instruction of the latest fault.
    pub(crate) const PC: u32 = 32;
    /// Clause of the latest fault, as ERROR's `arg1`.
    pub(crate) const CLAUSE: u32 = 40;
    /// Speculation of the running clause.
    pub(crate) const SPECULATION: u32 = 48;
    /// Bytes of the heap in use.
    pub(crate) const HEAP: u32 = 56;
    /// `timestamp` of this firing, 0 before it is first used.
    pub(crate) const TIMESTAMP: u32 = 64;
    /// Not 0 while the pieces of a clause that follow are passed over: it faulted, or `exit()` came before it.
    pub(crate) const SKIPPED: u32 = 72;
    /// Number of this slot, where steps of loops look it up.
    pub(crate) const INDEX: u32 = 80;
    /// Working words of the string loops.
    pub(crate) const LOOP: u32 = 88;
    /// How many.
    pub(crate) const LOOP_WORDS: u32 = 10;
    /// A value to be put into a map.
    pub(crate) const VALUE: u32 = LOOP + 8 * LOOP_WORDS;
    /// The record under construction.
    pub(crate) const RECORD: u32 = VALUE + 32;
}

/// A record in the ring buffer.
pub(crate) mod record {
    /// Index of the clause, or [`FAULT`]. 4 bytes.
    pub(crate) const CLAUSE: u32 = 0;
    /// Index of the unit. 4 bytes.
    pub(crate) const UNIT: u32 = 4;
    /// CPU. 4 bytes.
    pub(crate) const CPU: u32 = 8;
    /// Process. 4 bytes.
    pub(crate) const TGID: u32 = 12;
    /// Speculation it belongs to, or 0. 8 bytes.
    pub(crate) const SPECULATION: u32 = 16;
    /// Bytes before the data.
    pub(crate) const HEADER: u32 = 24;
    /// In place of a clause: a fault. Its data: kind, address, pc, clause, 8 bytes each.
    pub(crate) const FAULT: u32 = u32::MAX;
    /// In place of a clause: a process begins a new program. There is no data.
    pub(crate) const ARRIVAL: u32 = u32::MAX - 1;
    /// In place of a unit: ERROR, which runs within the unit that faulted.
    pub(crate) const ERROR_UNIT: u32 = u32::MAX;
    /// Bytes of a fault.
    pub(crate) const FAULT_SIZE: u32 = HEADER + 32;
}

/// Faults, with DTrace's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Fault {
    /// `DTRACEFLT_UNKNOWN`
    Unknown = 0,
    /// `DTRACEFLT_BADADDR`
    BadAddress = 1,
    /// `DTRACEFLT_ILLOP`
    IllegalOperation = 3,
    /// `DTRACEFLT_DIVZERO`
    DivideByZero = 4,
    /// `DTRACEFLT_NOSCRATCH`
    NoScratch = 5,
    /// `DTRACEFLT_BADINDEX`
    BadIndex = 11,
    /// `DTRACEFLT_BADSIZE`
    BadSize = 10,
}
