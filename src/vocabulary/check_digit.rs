//! Luhn, modulus 10: the check digit of personnummer (Skatteverket SKV 704) and organisationsnummer (SKV 709).

/// True when the last of `digits` is the check digit of those before it.
pub(super) fn luhn_is_valid(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let product = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// What people paste: digits with spaces and every sort of dash. `None` when anything else is in it.
/// The sign that stood between the parts comes back beside the digits (`+` only when it was there).
pub(super) fn digits_as_typed(typed: &str) -> Option<(Vec<u8>, bool)> {
    let (mut digits, mut plus) = (Vec::new(), false);
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => digits.push(c as u8 - b'0'),
            '+' => plus = true,
            '-' | '.' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            _ => return None,
        }
        if digits.len() > 12 {
            return None;
        }
    }
    Some((digits, plus))
}
