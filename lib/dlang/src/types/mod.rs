//! The C types of a D program: an arena of types, their sizes (LP64) and their names as DTrace writes them.
mod name;
mod standard;

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

impl Types {
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
}

#[cfg(test)]
mod tests;
