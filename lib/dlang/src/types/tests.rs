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
