//! Bars: their scale, and what they are drawn with.

/// Columns of a bar.
const BAR: usize = 40;
/// What stands above bars.
pub(super) const HEAD: &str = "------------- Distribution -------------";

/// What bars are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bars of `@`; packed histograms of blocks.
    #[default]
    Terminal,
    /// `encoding=ascii`: no character beyond ASCII.
    Ascii,
    /// `encoding=utf8`: bars and packed histograms of blocks.
    Utf8,
}

/// The options that change bars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bars {
    /// `aggzoom`: the longest bar takes 95 % of the width, whatever its share.
    pub zoom: bool,
    /// `aggpack`: `quantize` and `lquantize` take one line each.
    pub pack: bool,
    /// `agghist`: counts, sums and averages are bars.
    pub hist: bool,
    /// `encoding`
    pub encoding: Encoding,
}

/// What the counts of one histogram are measured against: `over / under` is a whole bar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    over: u128,
    under: u128,
    positive: bool,
    negative: bool,
    encoding: Encoding,
}

impl Scale {
    /// The scale of counts that share it: their sum, or with `aggzoom` the largest of them over 0.95.
    pub(super) fn of(counts: impl Iterator<Item = i64>, bars: Bars) -> Self {
        let mut scale = Self { over: 0, under: 1, positive: false, negative: false, encoding: bars.encoding };
        for count in counts {
            let size = u128::from(count.unsigned_abs());
            scale.over = if bars.zoom { scale.over.max(size) } else { scale.over + size };
            scale.positive |= count > 0;
            scale.negative |= count < 0;
        }
        if bars.zoom {
            (scale.over, scale.under) = (scale.over * 20, 19);
        }
        scale
    }

    /// The same in whole numbers, as `agghist` measures.
    pub(super) fn whole(self) -> Self {
        Self { over: self.over.checked_div(self.under).unwrap_or(0), under: 1, ..self }
    }

    /// `count` in parts of which a whole bar has `parts`, times two.
    fn halves(self, count: i64, parts: usize) -> usize {
        let long = u128::from(count.unsigned_abs()) * 2 * u128::try_from(parts).unwrap_or(0) * self.under;
        long.checked_div(self.over).and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
    }

    /// The same, rounded to whole parts.
    fn parts(self, count: i64, parts: usize) -> usize {
        self.halves(count, parts).div_ceil(2).min(parts)
    }

    /// Appends a bar and the count. Bars of negative counts grow to the left; if there are both, each has half the width.
    pub(super) fn bar(self, out: &mut Vec<u8>, count: i64, normal: i64) {
        let width = if self.positive && self.negative { BAR / 2 } else { BAR };
        let depth = self.parts(count, width);
        let (ats, spaces) = ("@".repeat(depth), " ".repeat(width - depth));
        let empty = " ".repeat(width);
        let line = match (self.positive, self.negative) {
            (true, false) if self.encoding == Encoding::Utf8 => format!("|{:<BAR$}", self.blocks(count)),
            (true, true) if count > 0 => format!("{empty}|{ats}{spaces}"),
            (true, true) => format!("{spaces}{ats}|{empty}"),
            (false, true) => format!("{spaces}{ats}|"),
            _ => format!("|{ats}{spaces}"),
        };
        let normal = if normal == 0 { 1 } else { normal };
        out.extend(format!("{line} {:<9}\n", count.wrapping_div(normal)).bytes());
    }

    /// A bar of blocks, to an eighth of a column.
    fn blocks(self, count: i64) -> String {
        let eighths = self.halves(count, BAR * 8) / 2;
        let part = ['\u{258f}', '\u{258e}', '\u{258d}', '\u{258c}', '\u{258b}', '\u{258a}', '\u{2589}'];
        let last = (eighths % 8).checked_sub(1).and_then(|n| part.get(n));
        std::iter::repeat_n(&'\u{2588}', eighths / 8).chain(last).collect()
    }

    /// One bucket of a packed histogram.
    pub(super) fn column(self, count: i64) -> char {
        let levels = match (count.signum(), self.encoding) {
            (0, _) => return ' ',
            (-1, _) => ['v', 'v', 'v', 'v', 'V', 'V'].as_slice(),
            (_, Encoding::Ascii) => &['_', '_', 'x', 'x', 'x', 'x', 'X', 'X'],
            _ => &['\u{2581}', '\u{2582}', '\u{2583}', '\u{2584}', '\u{2585}', '\u{2586}', '\u{2587}', '\u{2588}'],
        };
        levels.get(self.parts(count, levels.len() - 1)).copied().unwrap_or(' ')
    }
}
