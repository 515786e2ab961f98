//! The man pages as data: their options and the commands of their EXAMPLES.
use crate::root;
use std::collections::BTreeSet;
use std::fs;

/// The source of `man/PAGE`.
pub fn page(page: &str) -> String {
    fs::read_to_string(root().join("man").join(page)).unwrap_or_else(|e| panic!("man/{page}: {e}"))
}

/// The options that a page lists: each `.It Fl x` and `.It Fl Fl long`, as `-x` and `--long`.
pub fn options(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in source.lines().filter_map(|l| l.strip_prefix(".It Fl ")) {
        let mut words = format!("Fl {line}").split_whitespace().map(str::to_string).collect::<Vec<_>>().into_iter().peekable();
        while let Some(word) = words.next() {
            if word != "Fl" {
                continue;
            }
            let long = words.next_if(|w| w == "Fl").is_some();
            let Some(name) = words.next() else { continue };
            let name = name.trim_start_matches("\\-").trim_start_matches('-');
            found.insert(if long || name.len() > 1 { format!("--{name}") } else { format!("-{name}") });
        }
    }
    found
}

/// The options that a `--help` text lists, in the same form.
pub fn help_options(help: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in help.lines().filter(|l| l.starts_with("    ")) {
        for word in line.split_whitespace().take_while(|w| w.starts_with('-')) {
            found.insert(word.trim_end_matches(',').split('=').next().unwrap_or_default().to_string());
        }
    }
    found
}

/// The commands of a page's EXAMPLES: the lines of its literal displays that begin with `$ ` or `# `, a final `\` joining the next.
pub fn examples(name: &str) -> Vec<String> {
    let source = page(name);
    let body = source.split(".Sh EXAMPLES").nth(1).unwrap_or_else(|| panic!("man/{name}: no EXAMPLES"));
    let body = body.split("\n.Sh ").next().unwrap_or_default().replace("\\e\n", "").replace("\\e", "\\").replace("\\&", "");
    let body = body.replace("\\-", "-").replace("\\(aq", "'").replace("\\(ti", "~").replace("\\(ha", "^");
    let commands = body.lines().filter_map(|l| l.strip_prefix("$ ").or_else(|| l.strip_prefix("# "))).map(str::to_string);
    let commands: Vec<_> = commands.collect();
    assert!(!commands.is_empty(), "man/{name}: no `$ command` in EXAMPLES");
    commands
}
