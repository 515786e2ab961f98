//! Format strings of `printf`, `printa`, `system` and `freopen`: their parts.

/// A parsed format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Its parts in order.
    pub pieces: Vec<Piece>,
}

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text to be copied.
    Text(Vec<u8>),
    /// A conversion.
    Conversion(Conversion),
}

/// `%[flags][width][.precision][size]name`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// `-`: left-adjusted.
    pub left: bool,
    /// `+`: sign always.
    pub plus: bool,
    /// Space: a space for the plus sign.
    pub space: bool,
    /// `0`: padded with zeros.
    pub zero: bool,
    /// `#`: alternate form.
    pub alternate: bool,
    /// `'`: thousands grouped.
    pub group: bool,
    /// `@`: the aggregation's value.
    pub aggregated: bool,
    /// Field width.
    pub width: Width,
    /// Precision.
    pub precision: Width,
    /// Size prefix `h`, `l`, `ll`, ... as written.
    pub size: String,
    /// The conversion's letter.
    pub name: char,
}

/// A width or precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Not given.
    #[default]
    None,
    /// A number.
    Fixed(u32),
    /// `*`: the next argument.
    Argument,
}
