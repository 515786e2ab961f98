//! Aggregations read from the kernel, summed over CPUs, and printed.
use super::datum;
use super::names::Symbols;
use crate::bits::Signed as _;
use crate::bpf::load::Maps;
use crate::codegen::layout::{Layout, is_histogram, tuple_size};
use base::fail::{Fail, Result};
use dlang::format::{self, Entry, Histogram, Shape, Sort, Style, Total, Totals};
use dlang::printf::Format;
use dlang::program::{AggFunc, AggId, Aggregation, Program, RecordKind};
use std::collections::{BTreeMap, BTreeSet};

/// How what is left is printed at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// DTrace's tables.
    #[default]
    Text,
    /// `--csv`: aggregation, keys, bucket, value.
    Csv,
    /// `--json`: an object a line.
    Json,
    /// `--folded`: `frame;frame value`, for flame graphs.
    Folded,
}

/// The aggregations of a run.
pub(crate) struct Aggregates<'a> {
    program: &'a Program,
    layout: &'a Layout,
    maps: &'a Maps,
    normals: Vec<i64>,
    printed: Vec<bool>,
    /// Keys of histograms that were cleared and stay, with nothing in them.
    cleared: Vec<BTreeSet<Vec<u8>>>,
}

/// A total under construction.
struct Sum {
    words: [u64; 4],
    squares: u128,
    set: bool,
    buckets: BTreeMap<usize, i64>,
}

impl<'a> Aggregates<'a> {
    /// None read yet.
    pub(crate) fn new(program: &'a Program, layout: &'a Layout, maps: &'a Maps) -> Self {
        let n = program.aggregations.len();
        Self { program, layout, maps, normals: vec![1; n], printed: vec![false; n], cleared: vec![BTreeSet::new(); n] }
    }

    fn func(&self, index: usize) -> AggFunc {
        self.program.aggregations.get(index).and_then(|a| a.func).unwrap_or(AggFunc::Count)
    }

    /// Every key of a map and its value.
    fn raw(&self, index: usize) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let failed = |e| Fail::Io("aggregation".into(), e);
        let Some(map) = self.maps.get(self.layout.aggregation(index)) else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        let mut key = map.next(None).map_err(failed)?;
        while let Some(k) = key {
            if let Some(value) = map.get(&k).map_err(failed)? {
                all.push((k.clone(), value));
            }
            key = map.next(Some(&k)).map_err(failed)?;
        }
        Ok(all)
    }

    /// A key in which an address that is shown as a symbol is where that begins: all of a function's addresses are one key.
    fn one_key(&self, index: usize, mut key: Vec<u8>, symbols: &mut Symbols) -> Vec<u8> {
        let records = self.program.aggregations.get(index).map(|a| a.keys.as_slice()).unwrap_or_default();
        for r in records {
            let from = usize::try_from(r.offset).unwrap_or(usize::MAX);
            let word = |at: usize| {
                key.get(from.saturating_add(at)..).and_then(|k| k.first_chunk()).map_or(0, |w| u64::from_le_bytes(*w))
            };
            let pid = u32::try_from(word(0)).unwrap_or(0);
            let (at, start) = match r.kind {
                RecordKind::Sym => (0, symbols.kernel_start(word(0))),
                RecordKind::Module => (0, 0),
                RecordKind::Usym => (8, symbols.user_start(pid, word(8))),
                RecordKind::Umodule => (8, symbols.module_start(pid, word(8))),
                _ => continue,
            };
            if let Some(place) = key.get_mut(from + at..from + at + 8) {
                place.copy_from_slice(&start.to_le_bytes());
            }
        }
        key
    }

    /// Totals by key bytes.
    fn totals(&self, index: usize, symbols: &mut Symbols) -> Result<BTreeMap<Vec<u8>, Total>> {
        let Some(aggregation) = self.program.aggregations.get(index) else { return Ok(BTreeMap::new()) };
        let func = self.func(index);
        let tuple = usize::try_from(tuple_size(&aggregation.keys)).unwrap_or(0);
        let width = usize::try_from(self.layout.spec(self.layout.aggregation(index)).map_or(8, |s| s.value)).unwrap_or(8);
        let mut sums: BTreeMap<Vec<u8>, Sum> = BTreeMap::new();
        for key in self.cleared.get(index).into_iter().flatten() {
            sums.insert(key.clone(), Sum::new());
        }
        for (key, value) in self.raw(index)? {
            let whose = self.one_key(index, key.get(..tuple).unwrap_or_default().to_vec(), symbols);
            let sum = sums.entry(whose).or_insert_with(Sum::new);
            let bucket = key.get(tuple..).and_then(|b| b.first_chunk()).map_or(0, |b| i64::from_le_bytes(*b));
            for cpu in value.chunks(width) {
                sum.add(func, bucket, cpu);
            }
        }
        Ok(sums.into_iter().map(|(k, s)| (k, s.total(func))).collect())
    }

    fn entry(&self, index: usize, key: &[u8], totals: Vec<(Total, i64)>, symbols: &mut Symbols) -> Entry {
        let records = self.program.aggregations.get(index).map(|a: &Aggregation| a.keys.as_slice()).unwrap_or_default();
        let keys = records.iter().map(|r| datum::read(r, key, symbols, false)).collect();
        Entry { table: index, keys, totals }
    }

    fn normal(&self, index: usize) -> i64 {
        self.normals.get(index).copied().unwrap_or(1)
    }

    fn entries(&self, index: usize, symbols: &mut Symbols) -> Result<Vec<(Vec<u8>, Entry)>> {
        let normal = self.normal(index);
        let totals = self.totals(index, symbols)?;
        Ok(totals.into_iter().map(|(k, t)| (k.clone(), self.entry(index, &k, vec![(t, normal)], symbols))).collect())
    }

    /// Sets the number values are divided by.
    pub(crate) fn normalize(&mut self, index: usize, by: i64) {
        if let Some(n) = self.normals.get_mut(index) {
            *n = by;
        }
    }

    /// `clear()`: keys stay, their values are zero.
    pub(crate) fn clear(&mut self, index: usize) -> Result<()> {
        let failed = |e| Fail::Io("aggregation".into(), e);
        let tuple = self.program.aggregations.get(index).map_or(0, |a| tuple_size(&a.keys));
        let tuple = usize::try_from(tuple).unwrap_or(0);
        let histogram = is_histogram(self.func(index));
        let all = self.raw(index)?;
        let Some(map) = self.maps.get(self.layout.aggregation(index)) else { return Ok(()) };
        for (key, value) in all {
            if histogram {
                map.remove(&key).map_err(failed)?;
                if let Some(cleared) = self.cleared.get_mut(index) {
                    cleared.insert(key.get(..tuple).unwrap_or_default().to_vec());
                }
            } else {
                map.set(&key, &vec![0; value.len()]).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// `trunc()`: removes all keys but the `n` with the greatest values, or for a negative `n` the least.
    pub(crate) fn truncate(&mut self, index: usize, n: Option<i64>, symbols: &mut Symbols) -> Result<()> {
        let mut rows = self.entries(index, symbols)?;
        let mut order: Vec<Entry> = rows.iter().map(|(_, e)| e.clone()).collect();
        Sort::default().sort(&mut order);
        let n = n.unwrap_or(0);
        let keep = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX);
        let kept: Vec<Entry> =
            if n >= 0 { order.into_iter().rev().take(keep).collect() } else { order.into_iter().take(keep).collect() };
        rows.retain(|(_, e)| !kept.contains(e));
        let gone: BTreeSet<Vec<u8>> = rows.into_iter().map(|(k, _)| k).collect();
        if let Some(cleared) = self.cleared.get_mut(index) {
            cleared.retain(|k| !gone.contains(k));
        }
        let tuple = self.program.aggregations.get(index).map_or(0, |a| tuple_size(&a.keys));
        let tuple = usize::try_from(tuple).unwrap_or(0);
        let all = self.raw(index)?;
        let Some(map) = self.maps.get(self.layout.aggregation(index)) else { return Ok(()) };
        for (key, _) in all {
            if gone.contains(&self.one_key(index, key.get(..tuple).unwrap_or_default().to_vec(), symbols)) {
                map.remove(&key).map_err(|e| Fail::Io("aggregation".into(), e))?;
            }
        }
        Ok(())
    }

    /// `printa()`
    pub(crate) fn printa(
        &mut self,
        format: Option<&Format>,
        list: &[AggId],
        (style, sort): (Style, Sort),
        symbols: &mut Symbols,
    ) -> Result<Vec<u8>> {
        let mut rows = self.joined(list, symbols)?;
        for a in list {
            if let Some(p) = self.printed.get_mut(a.0) {
                *p = true;
            }
        }
        sort.sort(&mut rows);
        let mut text = Vec::new();
        match format {
            None => {
                text.push(b'\n');
                format::table(&mut text, &rows, style);
            }
            Some(format) => {
                for row in &rows {
                    let totals = Totals { list: &row.totals, bars: style.bars };
                    format::printf(&mut text, format, &row.keys, totals, symbols);
                }
            }
        }
        Ok(text)
    }

    /// `printa()` of rows for other programs.
    pub(crate) fn formed(&mut self, list: &[AggId], sort: Sort, form: Form, symbols: &mut Symbols) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        for AggId(index) in list {
            if let Some(p) = self.printed.get_mut(*index) {
                *p = true;
            }
            let Some(aggregation) = self.program.aggregations.get(*index) else { continue };
            let mut rows: Vec<Entry> = self.entries(*index, symbols)?.into_iter().map(|(_, e)| e).collect();
            sort.sort(&mut rows);
            super::forms::write(&mut text, form, &aggregation.name, &rows)?;
        }
        Ok(text)
    }

    /// Rows of several aggregations with the same keys; one that lacks a key has nothing counted there.
    fn joined(&self, list: &[AggId], symbols: &mut Symbols) -> Result<Vec<Entry>> {
        let tables: Vec<_> = list.iter().map(|a| self.totals(a.0, symbols)).collect::<Result<_>>()?;
        let keys: BTreeSet<&Vec<u8>> = tables.iter().flat_map(BTreeMap::keys).collect();
        let mut rows = Vec::new();
        for key in keys {
            let totals = list.iter().zip(&tables).map(|(a, t)| {
                let total = t.get(key).cloned().unwrap_or_else(|| Sum::new().total(self.func(a.0)));
                (total, self.normal(a.0))
            });
            let totals = totals.collect();
            rows.push(self.entry(list.first().map_or(0, |a| a.0), key, totals, symbols));
        }
        Ok(rows)
    }

    /// What no `printa` has shown.
    pub(crate) fn rest(&self, (style, sort): (Style, Sort), form: Form, symbols: &mut Symbols) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        for (index, aggregation) in self.program.aggregations.iter().enumerate() {
            if self.printed.get(index).copied().unwrap_or(false) || aggregation.func.is_none() {
                continue;
            }
            let mut rows: Vec<Entry> = self.entries(index, symbols)?.into_iter().map(|(_, e)| e).collect();
            sort.sort(&mut rows);
            match form {
                Form::Text => format::table(&mut text, &rows, style),
                other => super::forms::write(&mut text, other, &aggregation.name, &rows)?,
            }
        }
        Ok(text)
    }
}

impl Sum {
    fn new() -> Self {
        Self { words: [0; 4], squares: 0, set: false, buckets: BTreeMap::new() }
    }

    /// Adds one CPU's value.
    fn add(&mut self, func: AggFunc, bucket: i64, value: &[u8]) {
        let word = |n: usize| value.get(8 * n..).and_then(|v| v.first_chunk()).map_or(0, |w| u64::from_le_bytes(*w));
        let [first, second, ..] = &mut self.words;
        match func {
            AggFunc::Count | AggFunc::Sum => *first = first.wrapping_add(word(0)),
            AggFunc::Avg | AggFunc::Stddev => {
                *first = first.wrapping_add(word(0));
                *second = second.wrapping_add(word(1));
                self.squares = self.squares.wrapping_add(u128::from(word(3)) << 64 | u128::from(word(2)));
            }
            AggFunc::Min | AggFunc::Max if word(1) != 0 => {
                let (old, new) = ((*first).signed(), word(0).signed());
                let better = if func == AggFunc::Min { new < old } else { new > old };
                if !self.set || better {
                    *first = word(0);
                    self.set = true;
                }
            }
            AggFunc::Min | AggFunc::Max => {}
            AggFunc::Quantize | AggFunc::Lquantize { .. } => {
                *self.buckets.entry(usize::try_from(bucket).unwrap_or(0)).or_default() += word(0).signed();
            }
            AggFunc::Llquantize { factor, low, high, steps } => {
                let middle = format::llquantize_bucket(factor, low, high, steps, 0);
                let at = usize::try_from(i64::try_from(middle).unwrap_or(0) + bucket).unwrap_or(0);
                *self.buckets.entry(at).or_default() += word(0).signed();
            }
        }
    }

    fn total(self, func: AggFunc) -> Total {
        let [first, second, ..] = self.words;
        let histogram = |shape| Total::Histogram(Histogram { shape, buckets: self.buckets.clone() });
        match func {
            AggFunc::Count | AggFunc::Sum => Total::Number(first.signed()),
            AggFunc::Min if !self.set => Total::Extreme(i64::MAX),
            AggFunc::Max if !self.set => Total::Extreme(i64::MIN),
            AggFunc::Min | AggFunc::Max => Total::Extreme(first.signed()),
            AggFunc::Avg => Total::Average { count: first, sum: second.signed() },
            AggFunc::Stddev => Total::Deviation { count: first, sum: second.signed(), squares: self.squares },
            AggFunc::Quantize => histogram(Shape::Power),
            AggFunc::Lquantize { base, limit, step } => histogram(Shape::Linear { base, limit, step }),
            AggFunc::Llquantize { factor, low, high, steps } => histogram(Shape::LogLinear { factor, low, high, steps }),
        }
    }
}
