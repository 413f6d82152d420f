//! JSON Canonicalization Scheme (RFC 8785): one value, one text, whoever writes it, so that a hash of it means something.

use serde_json::{Number, Value};
use std::fmt::Write;

/// The value's one text.
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

fn write_value(value: &Value, to: &mut String) {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(yes) => to.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => write_number(number, to),
        Value::String(text) => write_text(text, to),
        Value::Array(items) => {
            to.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    to.push(',');
                }
                write_value(item, to);
            }
            to.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            // By UTF-16 code units, which is not the order of the bytes of UTF-8.
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            to.push('{');
            for (place, (name, member)) in members.into_iter().enumerate() {
                if place > 0 {
                    to.push(',');
                }
                write_text(name, to);
                to.push(':');
                write_value(member, to);
            }
            to.push('}');
        }
    }
}

fn write_text(text: &str, to: &mut String) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\u{8}' => to.push_str("\\b"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\u{c}' => to.push_str("\\f"),
            '\r' => to.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(to, "\\u{:04x}", u32::from(c));
            }
            c => to.push(c),
        }
    }
    to.push('"');
}

/// As ECMAScript writes a double (`Number::toString`): the shortest digits that read back the same.
fn write_number(number: &Number, to: &mut String) {
    // Every number of RFC 8785 is a double; a whole one beyond 2^53 is its nearest.
    let double = number.as_f64().unwrap_or_default();
    if double == 0.0 {
        to.push('0');
        return;
    }
    let scientific = format!("{double:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    // Where the point stands, counted from the first digit.
    let point = exponent.parse::<i64>().unwrap_or_default() + 1;
    let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let zeros = |n: i64| "0".repeat(usize::try_from(n).unwrap_or_default());
    to.push_str(sign);
    match point {
        22.. | ..=-6 => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let plus = if point > 0 { "+" } else { "" };
            let _ = write!(to, "{first}{dot}{rest}e{plus}{}", point - 1);
        }
        ..=0 => {
            let _ = write!(to, "0.{}{digits}", zeros(-point));
        }
        _ if count <= point => {
            let _ = write!(to, "{digits}{}", zeros(point - count));
        }
        _ => {
            let (whole, rest) = digits.split_at(usize::try_from(point).unwrap_or_default());
            let _ = write!(to, "{whole}.{rest}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    #[expect(clippy::excessive_precision, reason = "as the RFC writes it")]
    fn the_examples_of_rfc_8785_come_out_as_it_writes_them() {
        // 3.2.2 and 3.2.3. The numbers as numbers: how JSON is read is not what is tried here.
        let value = json!({
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u{20ac}$\u{f}\nA'\u{42}\"\\\\\"/",
            "literals": [null, true, false],
        });
        assert_eq!(
            canonical_json(&value),
            r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
        let order: Value = serde_json::from_str(
            r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
        )
        .unwrap();
        let text = canonical_json(&order);
        let places: Vec<_> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
            .iter()
            .map(|word| text.find(word))
            .collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{text}");
    }

    #[test]
    fn numbers_are_written_as_ecmascript_writes_them() {
        // Appendix B.
        for (bits, text) in [
            (0x0000000000000000u64, "0"),
            (0x8000000000000000, "0"),
            (0x0000000000000001, "5e-324"),
            (0x7fefffffffffffff, "1.7976931348623157e+308"),
            (0x4340000000000000, "9007199254740992"),
            (0x4430000000000000, "295147905179352830000"),
            (0x44b52d02c7e14af5, "9.999999999999997e+22"),
            (0x44b52d02c7e14af6, "1e+23"),
            (0x444b1ae4d6e2ef4e, "999999999999999700000"),
            (0x444b1ae4d6e2ef50, "1e+21"),
            (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
            (0x3eb0c6f7a0b5ed8d, "0.000001"),
            (0x41b3de4355555554, "333333333.33333325"),
            (0xbecbf647612f3696, "-0.0000033333333333333333"),
        ] {
            assert_eq!(canonical_json(&json!(f64::from_bits(bits))), text);
        }
        assert_eq!(canonical_json(&json!(-17)), "-17");
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(text: String, whole: i32) {
            let value = json!({ text.clone(): [text, whole] });
            let read: Value = serde_json::from_str(&canonical_json(&value)).unwrap();
            proptest::prop_assert_eq!(canonical_json(&read), canonical_json(&value));
        }
    }
}
