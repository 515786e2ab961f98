//! As much BSON as login_duo 1.11 reads: strings, 32-bit numbers, documents.
use serde_json::{Map, Value};

/// A document.
pub fn document(object: &Map<String, Value>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in object {
        let (kind, bytes) = match value {
            Value::Object(inner) => (3, document(inner)),
            Value::Number(n) => (16, i32::try_from(n.as_i64().expect("whole")).expect("small").to_le_bytes().to_vec()),
            Value::String(s) => {
                let length = i32::try_from(s.len() + 1).expect("short").to_le_bytes();
                (2, [&length, s.as_bytes(), &[0]].concat())
            }
            other => panic!("{other}: not needed"),
        };
        body.push(kind);
        body.extend_from_slice(name.as_bytes());
        body.push(0);
        body.extend_from_slice(&bytes);
    }
    let length = i32::try_from(body.len() + 5).expect("short").to_le_bytes();
    [&length, body.as_slice(), &[0]].concat()
}
