//! What all programs of a run share: the maps, and where variables and constants are in them.
use super::frame::state;
use crate::bpf::asm::MapRef;
use crate::sys::bpf::MapKind;
use dlang::program::{AggFunc, Aggregation, Program, Record, Scope, VarId};
use std::collections::HashMap;

/// The state map.
pub(crate) const STATE: MapRef = MapRef(0);
/// Constants.
pub(crate) const LITERALS: MapRef = MapRef(1);
/// Scratch slots.
pub(crate) const SLOTS: MapRef = MapRef(2);
/// The ring buffer.
pub(crate) const RING: MapRef = MapRef(3);
/// Processes traced, where `-c` or `-p` limits them.
pub(crate) const TARGETS: MapRef = MapRef(4);
const FIXED: usize = 5;

/// Slots of each CPU: firings that may be under way on it at once, asleep or preempted.
pub(crate) const SLOTS_PER_CPU: u32 = 4;

/// A map to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MapSpec {
    /// Its kind.
    pub kind: MapKind,
    /// Bytes of a key.
    pub key: u32,
    /// Bytes of a value.
    pub value: u32,
}

/// Where a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// At an offset of the state map.
    State(u32),
    /// At an offset of the slot.
    Slot(u32),
    /// In a map of its own, by thread or key.
    Map(MapRef),
}

/// Layout of a run.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Bytes of the state map.
    pub state_size: u32,
    /// Homes of the variables, in their order.
    pub homes: Vec<Home>,
    /// Where the clause-local variables are in a slot.
    pub locals: (u32, u32),
    /// Where a slot's heap is and its size.
    pub heap: (u32, u32),
    /// Where in a slot `strtok` keeps what is left: its offset, then the text.
    pub token: u32,
    /// First free byte of a slot, for temporaries.
    pub temporaries: u32,
    /// Maps of variables, then of aggregations.
    pub maps: Vec<MapSpec>,
    aggregations: usize,
    /// Bytes of a string's storage, a multiple of 8.
    pub string: u32,
    /// How many speculations there are.
    pub speculations: u32,
    /// Bytes each has room for.
    pub speculation_size: u64,
    literals: Vec<u8>,
    known: HashMap<Vec<u8>, u32>,
}

/// Sizes that options set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// `nspec`
    pub speculations: u32,
    /// `specsize`
    pub speculation_size: u64,
    /// `scratchsize`
    pub scratch: u32,
}

impl Layout {
    /// Lays out the memory of a program.
    pub(crate) fn new(program: &Program, sizes: Sizes) -> Self {
        let types = &program.types;
        let string = u32::try_from(types.size(dlang::types::TypeId::STRING)).unwrap_or(256).saturating_add(1).next_multiple_of(8);
        let largest = program.clauses.iter().map(|c| c.record_size).max().unwrap_or(0);
        let record_end =
            super::frame::slot::RECORD + super::frame::record::FAULT_SIZE.max(super::frame::record::HEADER + largest);
        let mut layout = Self {
            state_size: state::SPECULATIONS + 8 * sizes.speculations,
            homes: vec![],
            locals: (record_end.next_multiple_of(8), 0),
            heap: (0, 0),
            token: 0,
            temporaries: 0,
            maps: vec![],
            aggregations: 0,
            string,
            speculations: sizes.speculations,
            speculation_size: sizes.speculation_size,
            literals: vec![],
            known: HashMap::new(),
        };
        // At the start of the constants: zeros, for what does not exist.
        let widest = program.variables.iter().map(|v| types.size(v.ty)).max().unwrap_or(0).max(u64::from(string)).max(256);
        layout.literals.resize(usize::try_from(widest.next_multiple_of(8)).unwrap_or(256), 0);
        layout.known.insert(vec![], 0);
        for variable in &program.variables {
            let size = if types.is_string(variable.ty) { string } else { u32::try_from(types.size(variable.ty)).unwrap_or(8) };
            let size = size.max(8).next_multiple_of(8);
            let home = layout.home(variable.scope, variable.keys.as_deref(), size);
            layout.homes.push(home);
        }
        layout.aggregations = layout.maps.len();
        layout.maps.extend(program.aggregations.iter().map(aggregation));
        layout.heap = (layout.locals.0 + layout.locals.1, sizes.scratch.next_multiple_of(8));
        layout.token = layout.heap.0 + layout.heap.1;
        layout.temporaries = layout.token + 8 + string;
        layout
    }

    fn home(&mut self, scope: Scope, keys: Option<&[Record]>, size: u32) -> Home {
        let thread = if scope == Scope::Thread { 8 } else { 0 };
        match (scope, keys) {
            (Scope::Global, None) => {
                self.state_size += size;
                Home::State(self.state_size - size)
            }
            (Scope::Clause, _) => {
                self.locals.1 += size;
                Home::Slot(self.locals.0 + self.locals.1 - size)
            }
            (_, keys) => {
                let key = thread + keys.map_or(0, tuple_size);
                self.maps.push(MapSpec { kind: MapKind::Hash, key: key.max(8), value: size });
                Home::Map(MapRef(FIXED + self.maps.len() - 1))
            }
        }
    }

    /// Home of a variable.
    pub(crate) fn home_of(&self, var: VarId) -> Home {
        self.homes.get(var.0).copied().unwrap_or(Home::State(0))
    }

    /// The map of a variable or aggregation, for its sizes.
    pub(crate) fn spec(&self, map: MapRef) -> Option<MapSpec> {
        self.maps.get(map.0.checked_sub(FIXED)?).copied()
    }

    /// Bytes of an element of the widest variable that has a map, and of the widest aggregation.
    pub(crate) fn widest(&self) -> (u32, u32) {
        let (variables, aggregations) = self.maps.split_at(self.aggregations.min(self.maps.len()));
        let of = |list: &[MapSpec]| list.iter().map(|m| m.key + m.value).max().unwrap_or(0);
        (of(variables), of(aggregations))
    }

    /// The map of an aggregation.
    pub(crate) fn aggregation(&self, index: usize) -> MapRef {
        MapRef(FIXED + self.aggregations + index)
    }

    /// Offset of a constant among the constants, with a NUL after it.
    pub(crate) fn literal(&mut self, bytes: &[u8]) -> u32 {
        if let Some(&at) = self.known.get(bytes) {
            return at;
        }
        let at = u32::try_from(self.literals.len()).unwrap_or(0);
        self.literals.extend_from_slice(bytes);
        self.literals.push(0);
        self.literals.resize(self.literals.len().next_multiple_of(8), 0);
        self.known.insert(bytes.to_vec(), at);
        at
    }

    /// The constants; a margin of zeros lets a string be read over its end.
    pub(crate) fn literal_bytes(&self) -> Vec<u8> {
        let mut all = self.literals.clone();
        all.resize(all.len() + usize::try_from(self.string).unwrap_or(256), 0);
        all
    }
}

/// Bytes of a key tuple.
pub(crate) fn tuple_size(keys: &[Record]) -> u32 {
    keys.iter().map(|k| k.offset + k.size).max().unwrap_or(0).next_multiple_of(8)
}

/// Whether buckets are kept, each under a key of its own.
pub(crate) fn is_histogram(func: AggFunc) -> bool {
    matches!(func, AggFunc::Quantize | AggFunc::Lquantize { .. } | AggFunc::Llquantize { .. })
}

fn aggregation(agg: &Aggregation) -> MapSpec {
    let func = agg.func.unwrap_or(AggFunc::Count);
    let bucket = if is_histogram(func) { 8 } else { 0 };
    let value = match func {
        AggFunc::Avg | AggFunc::Min | AggFunc::Max => 16,
        AggFunc::Stddev => 32,
        _ => 8,
    };
    MapSpec { kind: MapKind::PercpuHash, key: (tuple_size(&agg.keys) + bucket).max(8), value }
}
