//! The C types of a D program: an arena of types, their sizes (LP64) and their names as DTrace writes them.

use std::collections::HashMap;

/// A type in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(u32);

/// A member of a structure or union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name; empty for an anonymous structure or union, whose members belong to the outer one.
    pub name: String,
    /// Its declared type.
    pub ty: TypeId,
    /// Offset from the start of the structure, in bits.
    pub bit_offset: u64,
    /// Width of a bit-field in bits.
    pub bits: Option<u32>,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `void`
    Void,
    /// An integer type by its C name.
    Integer {
        /// `unsigned long`, `char` ...
        name: String,
        /// 1, 2, 4 or 8.
        bytes: u32,
        /// Whether it is signed.
        signed: bool,
    },
    /// A floating-point type: may be declared and copied, not computed with.
    Float {
        /// `double` ...
        name: String,
        /// 4, 8 or 16.
        bytes: u32,
    },
    /// D's `string`: at most `strsize` bytes, ended by NUL.
    String,
    /// No static type: an aggregation, an action, or a variable not assigned yet.
    Dynamic,
    /// A pointer.
    Pointer(TypeId),
    /// An array of `len` elements.
    Array {
        /// Element type.
        of: TypeId,
        /// Number of elements; 0 when not given.
        len: u32,
    },
    /// A structure or union.
    Struct {
        /// Union or structure.
        union: bool,
        /// Tag; empty if anonymous.
        tag: String,
        /// Members, or `None` while it is only declared.
        members: Option<Vec<Member>>,
        /// Size in bytes.
        bytes: u64,
        /// Alignment in bytes.
        align: u32,
    },
    /// An enumeration.
    Enum {
        /// Tag; empty if anonymous.
        tag: String,
        /// Enumerators, or `None` while it is only declared.
        values: Option<Vec<(String, i32)>>,
    },
    /// A function.
    Function {
        /// What it returns.
        result: TypeId,
        /// Its parameters.
        params: Vec<TypeId>,
        /// Whether `...` follows.
        variadic: bool,
    },
    /// A name for another type.
    Typedef {
        /// The name.
        name: String,
        /// The type it names.
        of: TypeId,
    },
    /// What `stack()`, `sym()` or `usym()` gives: `stack`, `_symaddr` or `_usymaddr`.
    Opaque(&'static str),
    /// A qualified type.
    Qualified {
        /// `const`, `volatile` or `restrict`.
        with: &'static str,
        /// The type underneath.
        of: TypeId,
    },
}

/// All types of a program.
#[derive(Clone, Debug)]
pub struct Types {
    list: Vec<Type>,
    names: HashMap<String, TypeId>,
    /// Size of a string, from the option `strsize`, without its NUL.
    pub strsize: u32,
}

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

    /// Adds a type.
    pub fn add(&mut self, ty: Type) -> TypeId {
        if !matches!(ty, Type::Struct { .. } | Type::Enum { .. }) {
            if let Some(at) = self.list.iter().position(|have| *have == ty) {
                return TypeId(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        self.list.push(ty);
        TypeId(u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX))
    }

    /// Makes `name` a name for `of`.
    pub fn define(&mut self, name: &str, of: TypeId) -> TypeId {
        let id = self.add(Type::Typedef { name: name.into(), of });
        self.names.insert(name.into(), id);
        id
    }

    /// Registers a tagged type under `struct NAME`, `union NAME` or `enum NAME`.
    pub fn tag(&mut self, key: &str, id: TypeId) {
        self.names.insert(key.into(), id);
    }

    /// Replaces a type declared before by its definition.
    pub fn complete(&mut self, id: TypeId, ty: Type) {
        if let Some(slot) = usize::try_from(id.0).ok().and_then(|at| self.list.get_mut(at)) {
            *slot = ty;
        }
    }

    /// The type called `name`, e.g. `uint64_t`, `unsigned long`, `struct foo`.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<TypeId> {
        self.names.get(name).copied()
    }

    /// The pointer to `to`.
    pub fn pointer(&mut self, to: TypeId) -> TypeId {
        self.add(Type::Pointer(to))
    }

    /// What `id` is, as declared.
    #[must_use]
    pub fn get(&self, id: TypeId) -> &Type {
        usize::try_from(id.0).ok().and_then(|at| self.list.get(at)).unwrap_or(&Type::Void)
    }

    /// `id` without typedefs and qualifiers.
    #[must_use]
    pub fn base(&self, mut id: TypeId) -> TypeId {
        while let Type::Typedef { of, .. } | Type::Qualified { of, .. } = self.get(id) {
            id = *of;
        }
        id
    }

    /// What `id` is, without typedefs and qualifiers.
    #[must_use]
    pub fn kind(&self, id: TypeId) -> &Type {
        self.get(self.base(id))
    }

    /// Size in bytes; of a string, with its NUL; 0 for what has none.
    #[must_use]
    pub fn size(&self, id: TypeId) -> u64 {
        match self.kind(id) {
            Type::Void | Type::Dynamic | Type::Function { .. } | Type::Typedef { .. } | Type::Qualified { .. } => 0,
            Type::Integer { bytes, .. } | Type::Float { bytes, .. } => u64::from(*bytes),
            Type::String => u64::from(self.strsize),
            Type::Pointer(_) | Type::Opaque(_) => 8,
            Type::Array { of, len } => self.size(*of).saturating_mul(u64::from(*len)),
            Type::Struct { bytes, .. } => *bytes,
            Type::Enum { .. } => 4,
        }
    }

    /// Alignment in bytes.
    #[must_use]
    pub fn align(&self, id: TypeId) -> u64 {
        match self.kind(id) {
            Type::String => 1,
            Type::Array { of, .. } => self.align(*of),
            Type::Struct { align, .. } => u64::from((*align).max(1)),
            _ => self.size(id).max(1),
        }
    }

    /// Whether the value is an integer or an enumeration.
    #[must_use]
    pub fn is_integer(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::Integer { .. } | Type::Enum { .. })
    }

    /// Whether an integer type is signed; pointers are not.
    #[must_use]
    pub fn is_signed(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::Integer { signed: true, .. } | Type::Enum { .. })
    }

    /// Whether it is a pointer.
    #[must_use]
    pub fn is_pointer(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::Pointer(_))
    }

    /// Names of types that are single words: typedefs and the like, for the lexer.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.names.keys().filter(|name| !name.contains(' '))
    }

    /// Whether a value of the type is kept by address: strings, structures, unions and arrays.
    #[must_use]
    pub fn by_address(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::String | Type::Struct { .. } | Type::Array { .. } | Type::Function { .. })
            || matches!(self.kind(id), Type::Float { bytes, .. } if *bytes > 8)
    }

    /// Whether it is a signed character, of which strings are made.
    #[must_use]
    pub fn is_char(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::Integer { bytes: 1, signed: true, .. })
    }

    /// Whether text can be read from it: strings, arrays of char, pointers to char.
    #[must_use]
    pub fn is_text(&self, id: TypeId) -> bool {
        self.is_string(id) || self.target(id).is_some_and(|t| self.is_char(t))
    }

    /// Whether it is `void`.
    #[must_use]
    pub fn is_void(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::Void)
    }

    /// Whether it is an integer, an enumeration or a pointer.
    #[must_use]
    pub fn is_scalar(&self, id: TypeId) -> bool {
        self.is_integer(id) || self.is_pointer(id)
    }

    /// Whether C would let a value of one type stand for the other without a conversion.
    #[must_use]
    pub fn compatible(&self, a: TypeId, b: TypeId) -> bool {
        let (a, b) = (self.base(a), self.base(b));
        if a == b {
            return true;
        }
        match (self.get(a), self.get(b)) {
            (Type::Pointer(a), Type::Pointer(b)) => self.compatible(*a, *b),
            (Type::Array { of: a, len: n }, Type::Array { of: b, len: m }) => n == m && self.compatible(*a, *b),
            (Type::Struct { union: u, tag: a, bytes: n, .. }, Type::Struct { union: v, tag: b, bytes: m, .. }) => {
                u == v && !a.is_empty() && a == b && n == m
            }
            (Type::Enum { tag: a, .. }, Type::Enum { tag: b, .. }) => !a.is_empty() && a == b,
            (Type::Function { .. }, Type::Function { .. }) => true,
            _ => false,
        }
    }

    /// Whether it is D's `string`.
    #[must_use]
    pub fn is_string(&self, id: TypeId) -> bool {
        matches!(self.kind(id), Type::String)
    }

    /// What a pointer points to or an array is made of.
    #[must_use]
    pub fn target(&self, id: TypeId) -> Option<TypeId> {
        match self.kind(id) {
            Type::Pointer(to) => Some(*to),
            Type::Array { of, .. } => Some(*of),
            _ => None,
        }
    }

    /// The member `name`, looked for in anonymous members too; offsets are from the outermost structure.
    #[must_use]
    pub fn member(&self, id: TypeId, name: &str) -> Option<Member> {
        self.member_at(id, name, 16)
    }

    fn member_at(&self, id: TypeId, name: &str, depth: u32) -> Option<Member> {
        let Type::Struct { members: Some(members), .. } = self.kind(id) else { return None };
        if let Some(found) = members.iter().find(|m| m.name == name && !name.is_empty()) {
            return Some(found.clone());
        }
        if depth == 0 {
            return None;
        }
        members.iter().filter(|m| m.name.is_empty()).find_map(|m| {
            let mut found = self.member_at(m.ty, name, depth - 1)?;
            found.bit_offset += m.bit_offset;
            Some(found)
        })
    }

    /// The type's name as DTrace prints it, e.g. `struct foo *`, `int [3]`.
    #[must_use]
    pub fn name(&self, id: TypeId) -> String {
        self.name_around(id, String::new(), 32)
    }

    fn name_around(&self, id: TypeId, inner: String, depth: u32) -> String {
        let join = |base: &str| if inner.is_empty() { base.to_owned() } else { format!("{base} {inner}") };
        if depth == 0 {
            return join("...");
        }
        match self.get(id) {
            Type::Void => join("void"),
            Type::Dynamic => join("dynamic variable"),
            Type::Opaque(name) => join(name),
            Type::String => join("string"),
            Type::Integer { name, .. } | Type::Float { name, .. } | Type::Typedef { name, .. } => join(name),
            Type::Struct { union, tag, .. } => {
                let word = if *union { "union" } else { "struct" };
                join(if tag.is_empty() { word.to_owned() } else { format!("{word} {tag}") }.as_str())
            }
            Type::Enum { tag, .. } => join(if tag.is_empty() { "enum".to_owned() } else { format!("enum {tag}") }.as_str()),
            Type::Qualified { with, of } => {
                if self.is_pointer(*of) {
                    self.name_around(*of, join(with), depth - 1)
                } else {
                    format!("{with} {}", self.name_around(*of, inner, depth - 1))
                }
            }
            Type::Pointer(to) if matches!(self.kind(*to), Type::Function { .. }) => join("function pointer"),
            Type::Function { .. } => join("function"),
            Type::Pointer(to) => {
                let star = format!("*{inner}");
                let inside = match self.get(*to) {
                    Type::Array { .. } => format!("({star})"),
                    _ => star,
                };
                self.name_around(*to, inside, depth - 1)
            }
            Type::Array { of, len } => self.name_around(*of, format!("{inner}[{len}]"), depth - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_ids_are_where_they_say() {
        let t = Types::new();
        for (id, name) in [
            (TypeId::VOID, "void"),
            (TypeId::STRING, "string"),
            (TypeId::INT, "int"),
            (TypeId::CHAR, "char"),
            (TypeId::LONG, "long"),
            (TypeId::LONG_LONG, "long long"),
            (TypeId::UINT, "unsigned int"),
            (TypeId::ULONG, "unsigned long"),
            (TypeId::ULONG_LONG, "unsigned long long"),
            (TypeId::STACK, "stack"),
            (TypeId::SYMADDR, "_symaddr"),
            (TypeId::USYMADDR, "_usymaddr"),
        ] {
            assert_eq!(t.name(id), name);
            assert_eq!(t.named(name), Some(id));
        }
    }

    #[test]
    fn names_nest_as_in_c() {
        let mut t = Types::new();
        let p = t.pointer(TypeId::INT);
        assert_eq!(t.name(p), "int *");
        let a = t.add(Type::Array { of: p, len: 3 });
        assert_eq!(t.name(a), "int *[3]");
        let pa = t.pointer(a);
        assert_eq!(t.name(pa), "int *(*[3])".replace("*(*[3])", "*(*)[3]"));
        assert_eq!((t.size(a), t.align(a)), (24, 8));
    }

    #[test]
    fn anonymous_members_are_found() {
        let mut t = Types::new();
        let member = |name: &str, ty, bit_offset| Member { name: name.into(), ty, bit_offset, bits: None };
        let inner = t.add(Type::Struct {
            union: true,
            tag: String::new(),
            members: Some(vec![member("u", TypeId::INT, 0)]),
            bytes: 4,
            align: 4,
        });
        let outer = t.add(Type::Struct {
            union: false,
            tag: "o".into(),
            members: Some(vec![member("a", TypeId::INT, 0), member("", inner, 32)]),
            bytes: 8,
            align: 4,
        });
        assert_eq!(t.member(outer, "u").unwrap().bit_offset, 32);
        assert_eq!(t.member(outer, "x"), None);
        assert_eq!(t.name(outer), "struct o");
    }
}
