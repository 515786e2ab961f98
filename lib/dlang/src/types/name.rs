//! How types are called.
use super::{Type, TypeId, Types};

impl Types {
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
