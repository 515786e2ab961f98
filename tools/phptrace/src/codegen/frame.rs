//! Where things are in the memory that programs share: the state map, a slot of scratch memory, a ring buffer record.

/// The state map: one element, mapped by the consumer.
pub mod state {
    /// What probes do; see [`super::Activity`]. 4 bytes.
    pub const ACTIVITY: u32 = 0;
    /// Records the ring had no room for.
    pub const DROPS: u32 = 8;
    /// Aggregation updates without room.
    pub const AGGREGATION_DROPS: u32 = 16;
    /// Dynamic variables without room.
    pub const DYNAMIC_DROPS: u32 = 24;
    /// Firings that found every slot of their CPU taken.
    pub const BUSY_DROPS: u32 = 32;
    /// `speculation()` calls without a free speculation.
    pub const SPECULATION_DROPS: u32 = 40;
    /// Faults in ERROR clauses.
    pub const ERROR_DROPS: u32 = 48;
    /// Speculations: 8 bytes each, 0 free, 1 in use.
    pub const SPECULATIONS: u32 = 64;
}

/// Values of [`state::ACTIVITY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Activity {
    /// Probes are attached but do nothing yet.
    Inactive = 0,
    /// Probes fire.
    Active = 1,
    /// `exit()` was called: only END still runs.
    Draining = 2,
}

/// A slot: scratch memory of one firing.
pub mod slot {
    /// Not 0 while taken.
    pub const BUSY: u32 = 0;
    /// Through here a pointer becomes a number, and a number one of unknown value.
    pub const PASS: u32 = 8;
    /// Address of the latest memory access, for the fault.
    pub const ADDRESS: u32 = 16;
    /// Kind of the latest fault.
    pub const FAULT: u32 = 24;
    /// Instruction of the latest fault.
    pub const PC: u32 = 32;
    /// Clause of the latest fault, as ERROR's `arg1`.
    pub const CLAUSE: u32 = 40;
    /// Speculation of the running clause.
    pub const SPECULATION: u32 = 48;
    /// Bytes of the heap in use.
    pub const HEAP: u32 = 56;
    /// `timestamp` of this firing, 0 before it is first used.
    pub const TIMESTAMP: u32 = 64;
    /// Working words of the string loops.
    pub const LOOP: u32 = 72;
    /// How many.
    pub const LOOP_WORDS: u32 = 10;
    /// A value to be put into a map.
    pub const VALUE: u32 = LOOP + 8 * LOOP_WORDS;
    /// The record under construction.
    pub const RECORD: u32 = VALUE + 32;
}

/// A record in the ring buffer.
pub mod record {
    /// Index of the clause, or [`FAULT`]. 4 bytes.
    pub const CLAUSE: u32 = 0;
    /// Index of the unit. 4 bytes.
    pub const UNIT: u32 = 4;
    /// CPU. 4 bytes.
    pub const CPU: u32 = 8;
    /// Process. 4 bytes.
    pub const TGID: u32 = 12;
    /// Speculation it belongs to, or 0. 8 bytes.
    pub const SPECULATION: u32 = 16;
    /// Bytes before the data.
    pub const HEADER: u32 = 24;
    /// In place of a clause: a fault. Its data: kind, address, pc, clause, 8 bytes each.
    pub const FAULT: u32 = u32::MAX;
    /// In place of a unit: ERROR, which runs within the unit that faulted.
    pub const ERROR_UNIT: u32 = u32::MAX;
    /// Bytes of a fault.
    pub const FAULT_SIZE: u32 = HEADER + 32;
}

/// Faults, with DTrace's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Fault {
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
