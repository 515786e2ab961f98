//! Programs made at random from D's grammar: whatever compiles must be accepted by the kernel's verifier and run to its end.
use std::fmt::Write;
use std::process::ExitCode;
use tests::{Scratch, command, need_root, ran, test};

fn main() -> ExitCode {
    tests::main(vec![test!(what_compiles_loads), test!(so_do_programs_of_many_clauses)])
}

/// A linear congruential generator: the same programs in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).expect("index")]
    }

    fn number(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self
                .pick(&["1", "-7", "x", "self->y", "this->z", "a[1]", "timestamp", "pid", "0x7fffffff", "b[\"k\", 2]"])
                .into();
        }
        let d = depth - 1;
        match self.below(9) {
            0 => format!("({} {} {})", self.number(d), self.pick(&["+", "-", "*", "&", "|", "^"]), self.number(d)),
            1 => format!("({} {} {})", self.number(d), self.pick(&["/", "%"]), self.pick(&["3", "-5", "x"])),
            2 => format!("({} {} {})", self.number(d), self.pick(&["<", "<=", "==", "!=", ">", ">="]), self.number(d)),
            3 => format!("({} {} {})", self.number(d), self.pick(&["&&", "||", "^^"]), self.number(d)),
            4 => format!("({} ? {} : {})", self.number(d), self.number(d), self.number(d)),
            5 => format!("({})({})", self.pick(&["char", "uint16_t", "int", "uint64_t"]), self.number(d)),
            6 => format!("strlen({})", self.text(d)),
            7 => format!("index({}, {})", self.text(d), self.text(d)),
            _ => format!("{}({})", self.pick(&["~", "-", "!"]), self.number(d)),
        }
    }

    fn text(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.pick(&["\"\"", "\"abc\"", "execname", "probename", "s", "self->t", "c[\"q\"]", "\"/a/../b\""]).into();
        }
        let d = depth - 1;
        match self.below(8) {
            0 | 1 => format!("strjoin({}, {})", self.text(d), self.text(d)),
            2 => format!("substr({}, {}, {})", self.text(d), self.number(d), self.number(0)),
            3 => format!("lltostr({})", self.number(d)),
            4 => format!("basename({})", self.text(d)),
            5 => format!("cleanpath({})", self.text(d)),
            6 => format!("({} ? {} : {})", self.number(d), self.text(d), self.text(d)),
            _ => format!("toupper({})", self.text(d)),
        }
    }

    fn statement(&mut self) -> String {
        match self.below(10) {
            0 => format!("x = {};", self.number(3)),
            1 => format!("self->y {} {};", self.pick(&["=", "+=", "^="]), self.number(2)),
            2 => format!("this->z = {};", self.number(3)),
            3 => format!("s = {};", self.text(2)),
            4 => format!("self->t = {};", self.text(2)),
            5 => format!("a[{}] = {};", self.number(1), self.number(2)),
            6 => format!("@n[{}] = {};", self.text(2), self.pick(&["count()", "sum(x)", "avg(x)", "stddev(x)"])),
            7 => format!("@q[{}] = quantize({});", self.number(2), self.number(2)),
            8 => format!("printf(\"%d %s\\n\", {}, {});", self.number(3), self.text(2)),
            _ => format!("@l = lquantize({}, 0, 1000, 7);", self.number(2)),
        }
    }
}

const DECLARATIONS: &str =
    "long x; string s; self long y; self string t; this long z;\nlong a[long]; long b[string, int]; string c[string];\n";

/// Runs a program that ends by itself; faults of its own are fine, refusals are not.
fn accepted(program: &str) {
    let dir = Scratch::new();
    std::fs::write(dir.join("p.d"), program).expect("program");
    let got = ran(command("timeout").args(["-k", "5", "60", "phptrace", "-q", "-s", "p.d"]).current_dir(&*dir));
    assert!(!got.err.contains("refused") && got.status == 0, "{}\n{program}", got.err);
}

fn what_compiles_loads() {
    need_root();
    let mut random = Random(2005);
    for _ in 0..150 {
        let mut program = DECLARATIONS.to_string();
        for _ in 0..=random.below(3) {
            // An aggregation has one function throughout a program.
            let body: String = (0..=random.below(4)).map(|_| random.statement()).filter(|s| !s.starts_with("@n")).collect();
            let predicate = if random.below(2) == 0 { format!("/{}/", random.number(2)) } else { String::new() };
            writeln!(program, "BEGIN{predicate}{{this->z = 0; {body}}}").expect("text");
        }
        let (key, func) = (random.text(2), random.pick(&["count()", "sum(x)", "avg(x)", "stddev(x)", "min(x)", "max(x)"]));
        writeln!(program, "BEGIN{{@n[{key}] = {func};}}\nBEGIN{{exit(0);}}\nERROR{{printf(\"fault %d\", arg4);}}").expect("text");
        accepted(&program);
    }
}

fn so_do_programs_of_many_clauses() {
    need_root();
    let mut program = String::from("int x;\n");
    for i in 0..200 {
        writeln!(
            program,
            "BEGIN/x == {i} || execname == \"p{i}\"/{{@a[execname, pid, {i}] = count(); printf(\"%s\", probename);}}"
        )
        .expect("text");
    }
    program += "BEGIN{exit(0);}\n";
    accepted(&program);
}
