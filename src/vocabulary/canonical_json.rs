//! JSON in the one form that signatures are made over (RFC 8785, JSON Canonicalization Scheme).

use serde_json::{Number, Value};

/// Whole numbers beyond this are not the same in every reader (2^53).
const EXACT: i64 = 1 << 53;

/// The canonical text: no spaces, members in the order of their UTF-16 units, strings escaped no more than needed.
/// `None` for a number that is not whole or not exact everywhere: what cannot be written in one way only is not signed.
pub fn canonical_json(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(value, &mut text)?;
    Some(text)
}

fn write(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(b) => text.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => text.push_str(&whole(n)?.to_string()),
        Value::String(s) => text.push_str(&quoted(s)?),
        Value::Array(items) => {
            text.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (n, (name, member)) in sorted.into_iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                text.push_str(&quoted(name)?);
                text.push(':');
                write(member, text)?;
            }
            text.push('}');
        }
    }
    Some(())
}

fn quoted(text: &str) -> Option<String> {
    // serde_json escapes exactly what RFC 8785 3.2.2.2 does, and in the same way.
    serde_json::to_string(text).ok()
}

fn whole(number: &Number) -> Option<i64> {
    let whole = match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole,
        (None, Some(f)) if f.fract() == 0.0 && f.abs() <= EXACT as f64 => f as i64,
        _ => return None,
    };
    (-EXACT..=EXACT).contains(&whole).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_by_their_utf_16_units_and_nothing_is_spaced() {
        // RFC 8785 3.2.3, with the emoji (a surrogate pair) before the last.
        let value = json!({"\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew", "1": "One",
            "\u{1f600}": "Emoji", "\u{80}": "Control", "\u{f6}": "o"});
        let text = canonical_json(&value).unwrap();
        let places: Vec<usize> = ["Carriage", "One", "Control", "\"o\"", "Euro", "Emoji", "Hebrew"]
            .iter()
            .map(|word| text.find(word).unwrap())
            .collect();
        assert!(places.is_sorted(), "{text}");
        assert_eq!(
            canonical_json(&json!({"b": [1, 2.0, true, null], "a": "\u{1}\"\\/å\n"})).unwrap(),
            "{\"a\":\"\\u0001\\\"\\\\/å\\n\",\"b\":[1,2,true,null]}"
        );
    }

    #[test]
    fn a_number_that_readers_may_disagree_about_has_no_form() {
        assert_eq!(canonical_json(&json!(-0.0)).as_deref(), Some("0"));
        for odd in [json!(0.1), json!(1e300), json!(i64::MAX), json!(u64::MAX)] {
            assert_eq!(canonical_json(&odd), None, "{odd}");
        }
    }
}
