//! The types that every program has, and where they stand.
use super::{Type, TypeId, Types};
use std::collections::HashMap;

/// Integer types by the names C gives them: name, bytes, signed.
const INTEGERS: &[(&str, u32, bool)] = &[
    ("int", 4, true),
    ("char", 1, true),
    ("short", 2, true),
    ("long", 8, true),
    ("long long", 8, true),
    ("signed int", 4, true),
    ("signed char", 1, true),
    ("signed short", 2, true),
    ("signed long", 8, true),
    ("signed long long", 8, true),
    ("unsigned int", 4, false),
    ("unsigned char", 1, false),
    ("unsigned short", 2, false),
    ("unsigned long", 8, false),
    ("unsigned long long", 8, false),
    ("_Bool", 1, false),
    ("signed", 4, true),
    ("unsigned", 4, false),
];

/// Type names every D program knows: the Guide's, POSIX's and the Linux kernel's for integers.
const TYPEDEFS: &[(&str, &str)] = &[
    ("int8_t", "char"),
    ("int16_t", "short"),
    ("int32_t", "int"),
    ("int64_t", "long"),
    ("intptr_t", "long"),
    ("ptrdiff_t", "long"),
    ("ssize_t", "long"),
    ("off_t", "long"),
    ("time_t", "long"),
    ("clock_t", "long"),
    ("uint8_t", "unsigned char"),
    ("uint16_t", "unsigned short"),
    ("uint32_t", "unsigned int"),
    ("uint64_t", "unsigned long"),
    ("uchar_t", "unsigned char"),
    ("ushort_t", "unsigned short"),
    ("uint_t", "unsigned int"),
    ("ulong_t", "unsigned long"),
    ("longlong_t", "long long"),
    ("u_longlong_t", "unsigned long long"),
    ("uintptr_t", "unsigned long"),
    ("size_t", "unsigned long"),
    ("hrtime_t", "long long"),
    ("id_t", "int"),
    ("pid_t", "int"),
    ("uid_t", "unsigned int"),
    ("gid_t", "unsigned int"),
    ("zoneid_t", "int"),
    ("processorid_t", "int"),
    ("dev_t", "unsigned int"),
    ("ino_t", "unsigned long"),
    ("mode_t", "unsigned short"),
    ("caddr_t", "char *"),
    ("ipaddr_t", "unsigned int"),
    ("in_addr_t", "unsigned int"),
    ("nlink_t", "unsigned int"),
    ("bool", "_Bool"),
    ("__u8", "unsigned char"),
    ("__u16", "unsigned short"),
    ("__u32", "unsigned int"),
    ("__u64", "unsigned long long"),
    ("__s8", "signed char"),
    ("__s16", "short"),
    ("__s32", "int"),
    ("__s64", "long long"),
    ("u8", "unsigned char"),
    ("u16", "unsigned short"),
    ("u32", "unsigned int"),
    ("u64", "unsigned long long"),
    ("s8", "signed char"),
    ("s16", "short"),
    ("s32", "int"),
    ("s64", "long long"),
    ("u_char", "unsigned char"),
    ("u_short", "unsigned short"),
    ("u_int", "unsigned int"),
    ("u_long", "unsigned long"),
    ("ushort", "unsigned short"),
    ("uint", "unsigned int"),
    ("ulong", "unsigned long"),
    ("loff_t", "long long"),
];

/// Well-known types, at fixed places of every [`Types`].
impl TypeId {
    /// `void`
    pub const VOID: Self = Self(0);
    /// No static type.
    pub const DYNAMIC: Self = Self(1);
    /// `string`
    pub const STRING: Self = Self(2);
    /// `int`
    pub const INT: Self = Self(3);
    /// `char`
    pub const CHAR: Self = Self(4);
    /// `long`
    pub const LONG: Self = Self(6);
    /// `long long`
    pub const LONG_LONG: Self = Self(7);
    /// `unsigned int`
    pub const UINT: Self = Self(13);
    /// `unsigned long`
    pub const ULONG: Self = Self(16);
    /// `unsigned long long`
    pub const ULONG_LONG: Self = Self(17);
    /// A stack.
    pub const STACK: Self = Self(24);
    /// A kernel address to be shown by name.
    pub const SYMADDR: Self = Self(25);
    /// A user address to be shown by name.
    pub const USYMADDR: Self = Self(26);
}

impl Default for Types {
    fn default() -> Self {
        Self::new()
    }
}

impl Types {
    /// The built-in types.
    #[must_use]
    pub fn new() -> Self {
        let mut types = Self { list: vec![], names: HashMap::new(), strsize: 256 };
        let void = types.add(Type::Void);
        types.names.insert("void".into(), void);
        types.add(Type::Dynamic);
        let string = types.add(Type::String);
        types.names.insert("string".into(), string);
        for &(name, bytes, signed) in INTEGERS {
            let id = types.add(Type::Integer { name: name.into(), bytes, signed });
            types.names.insert(name.into(), id);
        }
        for (name, bytes) in [("float", 4), ("double", 8), ("long double", 16)] {
            let id = types.add(Type::Float { name: name.into(), bytes });
            types.names.insert(name.into(), id);
        }
        for name in ["stack", "_symaddr", "_usymaddr"] {
            let id = types.add(Type::Opaque(name));
            types.names.insert(name.into(), id);
        }
        for (name, of) in TYPEDEFS {
            let of = match of.strip_suffix(" *").and_then(|base| types.named(base)) {
                Some(base) => types.pointer(base),
                None => types.named(of).unwrap_or(TypeId::INT),
            };
            types.define(name, of);
        }
        types
    }
}
