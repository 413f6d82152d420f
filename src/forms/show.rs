//! How values are written for people.

use super::answers::{ChildAnswer, FileAnswer, PlaceAnswer};
use super::field::{Choice, Field, FieldKind, TextFormat};
use super::texts;
use crate::vocabulary::{Bankgiro, Day, Lang, Organisationsnummer, Personnummer};
use serde_json::Value;

const MONTHS: [(&str, &str, &str, &str); 12] = [
    ("januari", "January", "jan", "Jan"),
    ("februari", "February", "feb", "Feb"),
    ("mars", "March", "mars", "Mar"),
    ("april", "April", "apr", "Apr"),
    ("maj", "May", "maj", "May"),
    ("juni", "June", "juni", "June"),
    ("juli", "July", "juli", "July"),
    ("augusti", "August", "aug", "Aug"),
    ("september", "September", "sep", "Sep"),
    ("oktober", "October", "okt", "Oct"),
    ("november", "November", "nov", "Nov"),
    ("december", "December", "dec", "Dec"),
];

fn month(day: Day) -> (&'static str, &'static str, &'static str, &'static str) {
    usize::try_from(day.month() - 1).ok().and_then(|n| MONTHS.get(n)).copied().unwrap_or_default()
}

/// `21 november 2026`.
pub(super) fn day(day: Day, lang: Lang) -> String {
    let (sv, en, ..) = month(day);
    format!("{} {} {}", day.day(), if lang == Lang::Sv { sv } else { en }, day.year())
}

/// `21 nov 2026`.
pub(super) fn short_day(day: Day, lang: Lang) -> String {
    let (_, _, sv, en) = month(day);
    format!("{} {} {}", day.day(), if lang == Lang::Sv { sv } else { en }, day.year())
}

/// `15 000` or `15 000,50`: thousands apart by a no-break space, at most so many decimals, and those all or none.
pub(super) fn number(value: f64, decimals: usize, pad: bool, lang: Lang) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = whole.len();
    let mut out = String::new();
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('\u{2212}');
    }
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (digits - n).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(c);
    }
    let trimmed = fraction.trim_end_matches('0');
    let shown = if trimmed.is_empty() {
        ""
    } else if pad {
        fraction
    } else {
        trimmed
    };
    if !shown.is_empty() {
        out.push(if lang == Lang::Sv { ',' } else { '.' });
        out.push_str(shown);
    }
    out
}

/// `15 000 kr`.
pub(super) fn money(value: f64, lang: Lang) -> String {
    format!("{}\u{a0}kr", number(value, 2, true, lang))
}

/// `1,2 MB`.
pub(super) fn size(bytes: u64, lang: Lang) -> String {
    match bytes {
        0..1_000_000 => format!("{}\u{a0}kB", bytes.div_ceil(1_000)),
        _ => format!("{}\u{a0}MB", number(bytes as f64 / 1e6, 1, false, lang)),
    }
}

/// Each on a line of its own: what stands in the review and goes to the receiver.
pub(super) fn lines(field: &Field, value: &Value, lang: Lang) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match &field.kind {
        FieldKind::LongText { .. } => text(value).lines().map(str::to_owned).collect(),
        FieldKind::Choices { options, .. } => value
            .as_array()
            .map(|chosen| chosen.iter().map(|c| option_label(options, c.as_str().unwrap_or_default(), lang)).collect())
            .unwrap_or_default(),
        FieldKind::File(_) => files(value).iter().map(|f| format!("{} ({})", f.name, size(f.size, lang))).collect(),
        FieldKind::Group { fields, .. } => {
            value.as_array().map(|rows| rows.iter().map(|r| row(fields, r, lang)).collect()).unwrap_or_default()
        }
        FieldKind::Child => match serde_json::from_value::<ChildAnswer>(value.clone()) {
            Ok(child) => child_lines(&child, lang),
            Err(_) => Vec::new(),
        },
        FieldKind::Place => match serde_json::from_value::<PlaceAnswer>(value.clone()) {
            Ok(place) => {
                let position = place.lat.zip(place.lon).map(|(lat, lon)| {
                    texts::pick(
                        lang,
                        format!("Position: {lat:.5}, {lon:.5} (WGS 84)"),
                        format!("Position: {lat:.5}, {lon:.5} (WGS 84)"),
                    )
                });
                Some(place.text).filter(|t| !t.is_empty()).into_iter().chain(position).collect()
            }
            Err(_) => Vec::new(),
        },
        _ => Some(short(field, value, lang)).filter(|t| !t.is_empty()).into_iter().collect(),
    }
}

fn child_lines(child: &ChildAnswer, lang: Lang) -> Vec<String> {
    let born = child.born.map(|d| born(d, lang));
    let name = [Some(child.name.clone()), born].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let custody = child.shared_custody.then(|| texts::shared_custody(lang));
    std::iter::once(name).chain(custody).collect()
}

/// `född 11 februari 2023`.
pub(super) fn born(day_of_birth: Day, lang: Lang) -> String {
    texts::pick(lang, format!("född {}", day(day_of_birth, Lang::Sv)), format!("born {}", day(day_of_birth, Lang::En)))
}

fn row(fields: &[Field], row: &Value, lang: Lang) -> String {
    let parts: Vec<String> = fields
        .iter()
        .filter_map(|f| row.get(&f.id).map(|v| lines(f, v, lang).join(" ")))
        .filter(|t| !t.is_empty())
        .collect();
    parts.join(": ")
}

/// On one line.
pub(super) fn short(field: &Field, value: &Value, lang: Lang) -> String {
    let text = || value.as_str().unwrap_or_default().to_owned();
    match &field.kind {
        FieldKind::Text { format: TextFormat::Postcode, .. } => postcode(&text()),
        FieldKind::Phone => phone(&text()),
        FieldKind::Date { .. } => text().parse().map_or_else(|_| text(), |d| day(d, lang)),
        FieldKind::Money { .. } | FieldKind::Computed { money: true, .. } => {
            value.as_f64().map_or_else(String::new, |n| money(n, lang))
        }
        FieldKind::Number { decimals, suffix, .. } | FieldKind::Computed { decimals, suffix, .. } => {
            let shown = value.as_f64().map_or_else(String::new, |n| number(n, *decimals, false, lang));
            if suffix.is_empty() { shown } else { format!("{shown}\u{a0}{}", suffix.get(lang)) }
        }
        FieldKind::Personnummer => {
            Personnummer::from_canonical(&text()).map_or_else(|_| String::new(), |n| n.for_its_owner())
        }
        FieldKind::Organisationsnummer => {
            Organisationsnummer::parse(&text()).map_or_else(|_| text(), |n| n.to_string())
        }
        FieldKind::Bankgiro => Bankgiro::parse(&text()).map_or_else(|_| text(), |n| n.to_string()),
        FieldKind::Choice { options } => option_label(options, value.as_str().unwrap_or_default(), lang),
        FieldKind::YesNo => match value.as_bool() {
            Some(true) => texts::pick(lang, "Ja", "Yes"),
            Some(false) => texts::pick(lang, "Nej", "No"),
            None => String::new(),
        },
        FieldKind::Text { .. } | FieldKind::Email => text(),
        _ => lines(field, value, lang).join(", "),
    }
}

fn option_label(options: &[Choice], value: &str, lang: Lang) -> String {
    options.iter().find(|o| o.value == value).map_or_else(|| value.to_owned(), |o| o.label.get(lang).to_owned())
}

/// The files of an answer.
pub(super) fn files(value: &Value) -> Vec<FileAnswer> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// `286 80`.
pub(super) fn postcode(digits: &str) -> String {
    match (digits.len(), digits.get(..3), digits.get(3..)) {
        (5, Some(area), Some(rest)) => format!("{area} {rest}"),
        _ => digits.to_owned(),
    }
}

/// Swedish numbers as they are dialled here: `0701234567` becomes `070-123 45 67`.
pub(super) fn phone(e164: &str) -> String {
    let Some(rest) = e164.strip_prefix("+46") else { return e164.to_owned() };
    match (rest.len(), rest.get(..2), rest.get(2..5), rest.get(5..7), rest.get(7..9)) {
        (9, Some(area), Some(a), Some(b), Some(c)) if rest.starts_with('7') => format!("0{area}-{a} {b} {c}"),
        _ => format!("0{rest}"),
    }
}
