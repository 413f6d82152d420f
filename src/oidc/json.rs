//! JSON from strangers: shallow, and no member twice. What serde_json accepts beyond that (the last of two members wins)
//! lets two readers of one token see two different people.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

const MAX_DEPTH: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonFault {
    NotAnObject,
    TooDeep,
    DuplicateMember,
}

/// One JSON object and nothing after it.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, JsonFault> {
    let fault = Cell::new(JsonFault::NotAnObject);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Strict { depth: 0, fault: &fault }.deserialize(&mut reader);
    match (read, reader.end()) {
        (Ok(Value::Object(members)), Ok(())) => Ok(members),
        (Err(_), _) => Err(fault.get()),
        _ => Err(JsonFault::NotAnObject),
    }
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    fault: &'a Cell<JsonFault>,
}

impl Strict<'_> {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.refuse(JsonFault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn refuse<E: serde::de::Error>(self, fault: JsonFault) -> E {
        self.fault.set(fault);
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(b.into())
    }
    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(n.into())
    }
    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(n.into())
    }
    fn visit_f64<E: serde::de::Error>(self, n: f64) -> Result<Value, E> {
        Number::from_f64(n).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }
    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(s.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut members = Map::new();
        while let Some(name) = items.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(self.refuse(JsonFault::DuplicateMember));
            }
            members.insert(name, items.next_value_seed(inside)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shallow_object_without_doubled_members_is_read() {
        let text = br#"{"a":[1,-2,2.5,"x",null,true,{"b":{}}],"c":"\u00e5"}"#;
        let plain: Map<String, Value> = serde_json::from_slice(text).unwrap();
        assert_eq!(object(text), Ok(plain));
    }

    #[test]
    fn everything_else_is_refused_with_the_reason() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        let cases: [(&[u8], JsonFault); 9] = [
            (br#"{"a":1,"a":1}"#, JsonFault::DuplicateMember),
            (br#"{"x":[{"a":1,"\u0061":2}]}"#, JsonFault::DuplicateMember),
            (deep.as_bytes(), JsonFault::TooDeep),
            (b"[]", JsonFault::NotAnObject),
            (b"", JsonFault::NotAnObject),
            (b"{} {}", JsonFault::NotAnObject),
            (b"{\"a\":\"\xff\"}", JsonFault::NotAnObject),
            (b"{\"a\":1e999}", JsonFault::NotAnObject),
            (b"null", JsonFault::NotAnObject),
        ];
        for (bytes, fault) in cases {
            assert_eq!(object(bytes), Err(fault), "{:.40}", String::from_utf8_lossy(bytes));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_an_object_or_a_fault(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = object(&bytes);
        }
    }
}
