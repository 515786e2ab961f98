use super::*;
use crate::printf::Format;
use std::collections::BTreeMap;

fn text(f: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = vec![];
    f(&mut out);
    String::from_utf8(out).unwrap()
}

fn int(value: i64, size: u8, signed: bool) -> Datum {
    Datum::Int { value, size, signed }
}

fn str(text: &str) -> Datum {
    Datum::Text(text.into())
}

#[test]
fn trace_has_a_column_for_each_size() {
    let show = |d: &Datum, quiet| text(|o| trace(o, d, Style { quiet, ..Style::default() }));
    for (datum, column, bare) in [
        (int(-5, 8, true), "                  -5", "-5"),
        (int(-1, 8, false), " 18446744073709551615", "18446744073709551615"),
        (int(-5, 4, true), "         -5", "-5"),
        (int(7, 4, false), "          7", "7"),
        (int(-5, 2, true), "    -5", "-5"),
        (int(255, 1, false), " 255", "255"),
        (str("abc"), "  abc                              ", "abc"),
    ] {
        assert_eq!(show(&datum, false), column);
        assert_eq!(show(&datum, true), bare);
    }
}

fn rows(list: &[(&str, i64)]) -> Vec<Entry> {
    let entry = |(k, n): &(&str, i64)| Entry { table: 0, keys: vec![str(k)], totals: vec![(Total::Number(*n), 1)] };
    list.iter().map(entry).collect()
}

fn order(sort: Sort, list: &[(&str, i64)]) -> String {
    let mut rows = rows(list);
    sort.sort(&mut rows);
    rows.iter()
        .map(|r| if let Datum::Text(t) = &r.keys[0] { String::from_utf8_lossy(t).into_owned() } else { String::new() })
        .collect()
}

#[test]
fn tables_sort_by_value_then_key() {
    let list = [("b", 2), ("a", 2), ("c", 1)];
    assert_eq!(order(Sort::default(), &list), "cab");
    assert_eq!(order(Sort { reverse: true, ..Sort::default() }, &list), "bac");
    assert_eq!(order(Sort { by_key: true, ..Sort::default() }, &list), "abc");
    assert_eq!(order(Sort { by_key: true, reverse: true, ..Sort::default() }, &list), "cba");
}

#[test]
fn rows_have_dtraces_columns() {
    assert_eq!(
        text(|o| table(o, &rows(&[("php", 42)]), Style::default())),
        "  php                                                              42\n"
    );
    let entry = Entry {
        table: 0,
        keys: vec![int(1, 4, true), int(2, 8, true), int(3, 2, true), int(4, 1, true)],
        totals: vec![(Total::Average { count: 2, sum: 9 }, 1)],
    };
    assert_eq!(text(|o| table(o, &[entry], Style::default())), "        1                2     3   4                4\n");
    let alone = Entry { table: 0, keys: vec![], totals: vec![(Total::Number(7), 1)] };
    assert_eq!(text(|o| table(o, &[alone], Style::default())), "                7\n");
}

fn histogram(shape: Shape, values: &[(i64, i64)]) -> String {
    let mut buckets = BTreeMap::new();
    for (value, count) in values {
        let at = match shape {
            Shape::Power => quantize_bucket(*value),
            Shape::Linear { base, limit, step } => lquantize_bucket(base, limit, step, *value),
            Shape::LogLinear { factor, low, high, steps } => llquantize_bucket(factor, low, high, steps, *value),
        };
        *buckets.entry(at).or_insert(0) += count;
    }
    text(|o| Histogram { shape, buckets }.write(o, 1, Bars::default()))
}

const HEAD: &str = "\n           value  ------------- Distribution ------------- count    \n";

fn line(label: &str, ats: usize, count: i64) -> String {
    format!("{label:>16} |{:<40} {count:<9}\n", "@".repeat(ats))
}

#[test]
fn quantize_trims_to_one_empty_bucket_each_side() {
    let expected = HEAD.to_owned() + &line("0", 0, 0) + &line("1", 10, 1) + &line("2", 30, 3) + &line("4", 0, 0);
    assert_eq!(histogram(Shape::Power, &[(1, 1), (2, 1), (3, 2)]), expected);
    let negative = HEAD.to_owned() + &line("-8", 0, 0) + &line("-4", 40, 1) + &line("-2", 0, 0);
    assert_eq!(histogram(Shape::Power, &[(-5, 1)]), negative);
    assert_eq!(quantize_bucket(i64::MIN), 0);
    assert_eq!(quantize_bucket(i64::MAX), 126);
}

#[test]
fn negative_counts_grow_to_the_left() {
    let both = histogram(Shape::Power, &[(0, 1), (1, -1)]);
    assert!(both.contains(&format!("{:>16} {:20}|{:<20} {:<9}\n", 0, "", "@".repeat(10), 1)), "{both}");
    assert!(both.contains(&format!("{:>16} {:>20}|{:20} {:<9}\n", 1, "@".repeat(10), "", -1)), "{both}");
    let only = histogram(Shape::Power, &[(1, -2)]);
    assert!(only.contains(&format!("{:>16} {}| {:<9}\n", 1, "@".repeat(40), -2)), "{only}");
}

#[test]
fn lquantize_names_its_ends() {
    let shape = Shape::Linear { base: 0, limit: 30, step: 10 };
    let expected =
        HEAD.to_owned() + &line("< 0", 10, 1) + &line("0", 0, 0) + &line("10", 10, 1) + &line("20", 0, 0) + &line(">= 30", 20, 2);
    assert_eq!(histogram(shape, &[(-1, 1), (10, 1), (30, 1), (99, 1)]), expected);
}

#[test]
fn llquantize_has_steps_in_each_power() {
    let shape = Shape::LogLinear { factor: 10, low: 0, high: 2, steps: 10 };
    let expected = HEAD.to_owned() + &line("4", 0, 0) + &line("5", 40, 1) + &line("6", 0, 0);
    assert_eq!(histogram(shape, &[(5, 1)]), expected);
    let top = HEAD.to_owned() + &line("900", 0, 0) + &line(">= 1000", 40, 1);
    assert_eq!(histogram(shape, &[(5000, 1)]), top);
    let wide = Shape::LogLinear { factor: 10, low: 1, high: 2, steps: 20 };
    let expected = HEAD.to_owned()
        + &line("-10", 0, 0)
        + &line("abs() < 10", 20, 1)
        + &line("10", 0, 0)
        + &line("15", 20, 1)
        + &line("20", 0, 0);
    assert_eq!(histogram(wide, &[(3, 1), (17, 1)]), expected);
}

fn fill(format: &str, args: &[Datum]) -> String {
    text(|o| printf(o, &Format::parse(format.as_bytes()).unwrap(), args, Totals::default(), &Raw))
}

#[test]
fn printf_is_cs() {
    for (format, args, expected) in [
        ("%d|%5d|%-5d|%05d|%+d", vec![int(-3, 4, true); 5], "-3|   -3|-3   |-0003|-3"),
        ("%x %X %#x %o %#o", vec![int(255, 4, true); 5], "ff FF 0xff 377 0377"),
        ("%x %x", vec![int(-1, 1, true), int(-1, 4, true)], "ff ffffffff"),
        ("%u", vec![int(-1, 8, true)], "18446744073709551615"),
        ("%s|%6s|%-6s|%.2s", vec![str("abc"); 4], "abc|   abc|abc   |ab"),
        ("%c%C", vec![int(65, 4, true), int(10, 4, true)], "A\\n"),
        ("%S", vec![str("a\tb\"")], "a\\tb\\\""),
        ("%*d|%.*s", vec![int(4, 4, true), int(1, 4, true), int(2, 4, true), str("xyz")], "   1|xy"),
        ("%*d", vec![int(-4, 4, true), int(1, 4, true)], "1   "),
        ("%p %a", vec![int(4096, 8, false); 2], "1000 0x1000"),
        ("100%% %d", vec![int(1, 4, true)], "100% 1"),
        ("%.3d %6.3d", vec![int(7, 4, true); 2], "007    007"),
        ("%?x", vec![int(1, 8, false)], "               1"),
        ("%Y", vec![int(123_787_200_000_000_000, 8, true)], "1973 Dec  3 17:20:00"),
        ("%T", vec![int(123_787_200_000_000_000, 8, true)], "Mon, 03 Dec 1973 17:20:00 UTC"),
    ] {
        assert_eq!(fill(format, &args), expected, "{format}");
    }
}

#[test]
fn stacks_indent_and_symbols_have_a_column() {
    let stack = Datum::Stack(vec!["a`b+0x1".into(), "c`d".into()]);
    assert_eq!(text(|o| trace(o, &stack, Style::default())), "\n              a`b+0x1\n              c`d\n");
    assert_eq!(fill("%-2k", std::slice::from_ref(&stack)), "\n  a`b+0x1\n  c`d\n");
    assert_eq!(fill("%k|", &[stack]), "\na`b+0x1\nc`d\n|");
    let symbol = Datum::Symbol("libc`open".into());
    assert_eq!(text(|o| trace(o, &symbol, Style::default())), format!("  {:<50}", "libc`open"));
}

#[test]
fn bytes_are_text_or_a_dump() {
    let show = |b: &[u8], raw| text(|o| text_or_dump(o, b, 8, Style { raw, ..Style::default() }));
    assert_eq!(show(b"ab\0\0", false), "  ab      ");
    assert_eq!(
        show(b"ab\0c", false),
        "\n             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n         0: 61 62 00 63                                      ab.c\n"
    );
    assert!(show(b"ab\0\0", true).contains("61 62 00 00"));
}

#[test]
fn totals_fill_in_order() {
    let list = [(Total::Number(10), 1), (Total::Number(20), 2)];
    let totals = Totals { list: &list, bars: Bars::default() };
    let format = Format::parse(b"%s %@d %@u %@5d").unwrap();
    assert_eq!(text(|o| printf(o, &format, &[str("k")], totals, &Raw)), "k 10 10    10");
    let deviation = Total::Deviation { count: 4, sum: 20, squares: 120 };
    assert_eq!(deviation.number(1), 2);
    assert_eq!(Total::Average { count: 0, sum: 0 }.number(1), 0);
}

#[test]
fn print_shows_members() {
    use crate::types::{Member, Type, TypeId, Types};
    let mut types = Types::new();
    let m = |name: &str, ty, bit_offset, bits| Member { name: name.into(), ty, bit_offset, bits };
    let s = types.add(Type::Struct {
        union: false,
        tag: "s".into(),
        members: Some(vec![m("a", TypeId::INT, 0, None), m("b", TypeId::INT, 32, Some(3))]),
        bytes: 8,
        align: 4,
    });
    let bytes = [5, 0, 0, 0, 2, 0, 0, 0];
    assert_eq!(text(|o| print(o, &types, s, &bytes)), "struct s {\n    int a = 0x5\n    int b = 0x2\n}\n");
    let pad = " ".repeat(44);
    let shown = |limit| text(|o| print_at(o, &types, 16, (s, &bytes), limit));
    assert_eq!(shown(8), format!("0x10 = *\n{pad}(struct s) {{\n{pad} .a = (int)5,\n{pad} .b = (int)2,\n{pad}}}\n"));
    assert_eq!(shown(4), format!("0x10 = *\n{pad}(struct s) {{\n{pad} .a = (int)5,\n{pad} ...\n{pad}}}\n"));
}

#[test]
fn keys_sort_as_unsigned_and_several_totals_one_after_the_other() {
    let row = |key: i64, a, b| Entry {
        table: 0,
        keys: vec![int(key, 4, true)],
        totals: vec![(Total::Number(a), 1), (Total::Number(b), 1)],
    };
    let order = |sort: Sort, mut rows: Vec<Entry>| {
        sort.sort(&mut rows);
        rows.into_iter()
            .map(|r| r.keys)
            .map(|k| match k[0] {
                Datum::Int { value, .. } => value,
                _ => 0,
            })
            .collect::<Vec<_>>()
    };
    let rows = || vec![row(-1, 1, 1), row(2, 1, 0), row(1, 0, 5), row(3, 1, 0)];
    assert_eq!(order(Sort::default(), rows()), [1, 2, 3, -1]);
    assert_eq!(order(Sort { position: 1, ..Sort::default() }, rows()), [2, 3, -1, 1]);
    assert_eq!(order(Sort { position: 7, ..Sort::default() }, rows()), [1, 2, 3, -1]);
    assert_eq!(order(Sort { by_key: true, ..Sort::default() }, rows()), [1, 2, 3, -1]);
}
