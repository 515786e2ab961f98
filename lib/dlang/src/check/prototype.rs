//! Functions of D: subroutines, actions and aggregating functions with their prototypes.

use crate::types::{TypeId, Types};

/// What kind of function it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A subroutine.
    Function,
    /// An action.
    Action,
    /// An aggregating function.
    Aggregating,
}

impl Kind {
    /// As messages call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Action => "tracing function",
            Self::Aggregating => "aggregating function",
        }
    }
}

/// A function: `[type]` is an optional parameter, `@` is one of any type, `...` any number of any type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prototype {
    /// Its name.
    pub(super) name: &'static str,
    /// Its kind.
    pub(super) kind: Kind,
    /// What it returns.
    pub(super) result: &'static str,
    /// Its parameters.
    pub(super) parameters: &'static [&'static str],
}

const fn f(name: &'static str, result: &'static str, parameters: &'static [&'static str]) -> Prototype {
    Prototype { name, kind: Kind::Function, result, parameters }
}

const fn act(name: &'static str, result: &'static str, parameters: &'static [&'static str]) -> Prototype {
    Prototype { name, kind: Kind::Action, result, parameters }
}

const fn agg(name: &'static str, parameters: &'static [&'static str]) -> Prototype {
    Prototype { name, kind: Kind::Aggregating, result: "void", parameters }
}

const TEXT: &str = "const char *";

/// All of them.
const PROTOTYPES: &[Prototype] = &[
    f("alloca", "void *", &["size_t"]),
    f("basename", "string", &[TEXT]),
    f("bcopy", "void", &["void *", "void *", "size_t"]),
    f("cleanpath", "string", &[TEXT]),
    f("copyin", "void *", &["uintptr_t", "size_t"]),
    f("copyinstr", "string", &["uintptr_t", "[size_t]"]),
    f("copyinto", "void", &["uintptr_t", "size_t", "void *"]),
    f("copyout", "void", &["void *", "uintptr_t", "size_t"]),
    f("copyoutstr", "void", &["char *", "uintptr_t", "size_t"]),
    f("d_path", "string", &["void *"]),
    f("ddi_pathname", "string", &["void *", "int64_t"]),
    f("dirname", "string", &[TEXT]),
    f("getf", "uintptr_t", &["int"]),
    f("getmajor", "dev_t", &["dev_t"]),
    f("getminor", "dev_t", &["dev_t"]),
    f("htonl", "uint32_t", &["uint32_t"]),
    f("htonll", "uint64_t", &["uint64_t"]),
    f("htons", "uint16_t", &["uint16_t"]),
    f("index", "int", &[TEXT, TEXT, "[int]"]),
    f("inet_ntoa", "string", &["ipaddr_t *"]),
    f("inet_ntoa6", "string", &["struct in6_addr *"]),
    f("inet_ntop", "string", &["int", "void *"]),
    f("json", "string", &[TEXT, TEXT]),
    f("link_ntop", "string", &["int", "void *"]),
    f("lltostr", "string", &["int64_t", "[int]"]),
    f("msgdsize", "size_t", &["void *"]),
    f("msgsize", "size_t", &["void *"]),
    f("mutex_owned", "int", &["void *"]),
    f("mutex_owner", "void *", &["void *"]),
    f("mutex_type_adaptive", "int", &["void *"]),
    f("mutex_type_spin", "int", &["void *"]),
    f("ntohl", "uint32_t", &["uint32_t"]),
    f("ntohll", "uint64_t", &["uint64_t"]),
    f("ntohs", "uint16_t", &["uint16_t"]),
    f("progenyof", "int", &["pid_t"]),
    f("rand", "int", &[]),
    f("rindex", "int", &[TEXT, TEXT, "[int]"]),
    f("rw_iswriter", "int", &["void *"]),
    f("rw_read_held", "int", &["void *"]),
    f("rw_write_held", "int", &["void *"]),
    f("speculation", "int", &[]),
    f("strchr", "string", &[TEXT, "char"]),
    f("strjoin", "string", &[TEXT, TEXT]),
    f("strlen", "size_t", &[TEXT]),
    f("strrchr", "string", &[TEXT, "char"]),
    f("strstr", "string", &[TEXT, TEXT]),
    f("strtok", "string", &[TEXT, TEXT]),
    f("strtoll", "int64_t", &[TEXT, "[int]"]),
    f("substr", "string", &[TEXT, "int", "[int]"]),
    f("tolower", "string", &[TEXT]),
    f("toupper", "string", &[TEXT]),
    act("breakpoint", "void", &[]),
    act("chill", "void", &["int"]),
    act("clear", "void", &["..."]),
    act("commit", "void", &["int"]),
    act("denormalize", "void", &["@"]),
    act("discard", "void", &["int"]),
    act("exit", "void", &["int"]),
    act("freopen", "void", &["@", "..."]),
    act("ftruncate", "void", &[]),
    act("func", "_symaddr", &["uintptr_t"]),
    act("jstack", "stack", &["[uint32_t]", "[uint32_t]"]),
    act("mod", "_symaddr", &["uintptr_t"]),
    act("normalize", "void", &["@", "[uint64_t]"]),
    act("panic", "void", &[]),
    act("pcap", "void", &["void *", "int"]),
    act("print", "void", &["@"]),
    act("printa", "void", &["@", "..."]),
    act("printf", "void", &["string", "..."]),
    act("raise", "void", &["int"]),
    act("setopt", "void", &[TEXT, "[const char *]"]),
    act("speculate", "void", &["int"]),
    act("stack", "stack", &["[uint32_t]"]),
    act("stop", "void", &[]),
    act("sym", "_symaddr", &["uintptr_t"]),
    act("system", "void", &["@", "..."]),
    act("trace", "void", &["@"]),
    act("tracemem", "void", &["@", "size_t", "[size_t]"]),
    act("trunc", "void", &["@", "[uint64_t]"]),
    act("uaddr", "_usymaddr", &["uintptr_t"]),
    act("ufunc", "_usymaddr", &["uintptr_t"]),
    act("umod", "_usymaddr", &["uintptr_t"]),
    act("ustack", "stack", &["[uint32_t]", "[uint32_t]"]),
    act("usym", "_usymaddr", &["uintptr_t"]),
    agg("avg", &["@"]),
    agg("count", &[]),
    agg("llquantize", &["@", "int32_t", "int32_t", "int32_t", "int32_t", "..."]),
    agg("lquantize", &["@", "int32_t", "int32_t", "..."]),
    agg("max", &["@"]),
    agg("min", &["@"]),
    agg("quantize", &["@", "..."]),
    agg("stddev", &["@"]),
    agg("sum", &["@"]),
];

/// The function called `name`.
pub(super) fn find(name: &str) -> Option<&'static Prototype> {
    PROTOTYPES.iter().find(|p| p.name == name)
}

/// The type a prototype names.
pub(super) fn resolve(name: &str, types: &mut Types) -> TypeId {
    if let Some(base) = name.strip_suffix(" *") {
        let of = match base.strip_prefix("const ") {
            Some(base) => {
                let of = types.named(base).unwrap_or(TypeId::VOID);
                types.add(crate::types::Type::Qualified { with: "const", of })
            }
            None => types.named(base).unwrap_or(TypeId::VOID),
        };
        return types.pointer(of);
    }
    types.named(name).unwrap_or(TypeId::INT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Subroutine;

    #[test]
    fn every_function_has_a_subroutine_of_its_name() {
        for p in PROTOTYPES.iter().filter(|p| p.kind == Kind::Function) {
            assert_eq!(Subroutine::named(p.name).map(Subroutine::name), Some(p.name), "{}", p.name);
        }
    }

    #[test]
    fn every_type_named_exists() {
        let mut types = Types::new();
        for p in PROTOTYPES {
            let names = p.parameters.iter().map(|t| t.trim_matches(['[', ']'])).chain([p.result]);
            for name in names.filter(|n| !["@", "..."].contains(n) && *n != "struct in6_addr *") {
                let id = resolve(name, &mut types);
                assert_eq!(types.name(id), name);
            }
        }
    }
}
