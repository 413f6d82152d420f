//! How values are written for people.

use super::answers::{ChildAnswer, FileAnswer, PlaceAnswer};
use super::field::{Choice, Field, FieldKind, TextFormat};
use crate::texts::Voice;
use crate::vocabulary::{Bankgiro, Day, Organisationsnummer, Personnummer};
use serde_json::Value;

/// Each on a line of its own: what stands in the review and goes to the receiver.
pub(super) fn lines(field: &Field, value: &Value, voice: &Voice) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match &field.kind {
        FieldKind::LongText { .. } => text(value).lines().map(str::to_owned).collect(),
        FieldKind::Choices { options, .. } => value
            .as_array()
            .map(|chosen| chosen.iter().map(|c| option_label(options, c.as_str().unwrap_or_default(), voice)).collect())
            .unwrap_or_default(),
        FieldKind::File(_) => files(value).iter().map(|f| format!("{} ({})", f.name, voice.size(f.size))).collect(),
        FieldKind::Group { fields, .. } => {
            value.as_array().map(|rows| rows.iter().map(|r| row(fields, r, voice)).collect()).unwrap_or_default()
        }
        FieldKind::Child => match serde_json::from_value::<ChildAnswer>(value.clone()) {
            Ok(child) => child_lines(&child, voice),
            Err(_) => Vec::new(),
        },
        FieldKind::Place => match serde_json::from_value::<PlaceAnswer>(value.clone()) {
            Ok(place) => {
                let position = place.lat.zip(place.lon).map(|(lat, lon)| {
                    let args = [("lat", format!("{lat:.5}").into()), ("lon", format!("{lon:.5}").into())];
                    voice.text_with("form-position-shown", args)
                });
                Some(place.text).filter(|t| !t.is_empty()).into_iter().chain(position).collect()
            }
            Err(_) => Vec::new(),
        },
        _ => Some(short(field, value, voice)).filter(|t| !t.is_empty()).into_iter().collect(),
    }
}

fn child_lines(child: &ChildAnswer, voice: &Voice) -> Vec<String> {
    let born = child.born.map(|d| born(d, voice));
    let name = [Some(child.name.clone()), born].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let custody = child.shared_custody.then(|| voice.text("form-shared-custody"));
    std::iter::once(name).chain(custody).collect()
}

/// `född 11 februari 2023`.
pub(super) fn born(day_of_birth: Day, voice: &Voice) -> String {
    voice.about("form-born", "day", voice.day(day_of_birth))
}

fn row(fields: &[Field], row: &Value, voice: &Voice) -> String {
    let parts: Vec<String> = fields
        .iter()
        .filter_map(|f| row.get(&f.id).map(|v| lines(f, v, voice).join(" ")))
        .filter(|t| !t.is_empty())
        .collect();
    parts.join(": ")
}

/// On one line.
pub(super) fn short(field: &Field, value: &Value, voice: &Voice) -> String {
    let text = || value.as_str().unwrap_or_default().to_owned();
    match &field.kind {
        FieldKind::Text { format: TextFormat::Postcode, .. } => postcode(&text()),
        FieldKind::Phone => phone(&text()),
        FieldKind::Date { .. } => text().parse().map_or_else(|_| text(), |d| voice.day(d)),
        FieldKind::Money { .. } | FieldKind::Computed { money: true, .. } => {
            value.as_f64().map_or_else(String::new, |n| voice.money(n))
        }
        FieldKind::Number { decimals, suffix, .. } | FieldKind::Computed { decimals, suffix, .. } => {
            let shown = value.as_f64().map_or_else(String::new, |n| voice.number(n, *decimals, false));
            if suffix.is_empty() { shown } else { format!("{shown}\u{a0}{}", suffix.get(voice)) }
        }
        FieldKind::Personnummer => {
            Personnummer::from_canonical(&text()).map_or_else(|_| String::new(), |n| n.for_its_owner())
        }
        FieldKind::Organisationsnummer => {
            Organisationsnummer::parse(&text()).map_or_else(|_| text(), |n| n.to_string())
        }
        FieldKind::Bankgiro => Bankgiro::parse(&text()).map_or_else(|_| text(), |n| n.to_string()),
        FieldKind::Choice { options } => option_label(options, value.as_str().unwrap_or_default(), voice),
        FieldKind::YesNo => match value.as_bool() {
            Some(true) => voice.text("form-yes"),
            Some(false) => voice.text("form-no"),
            None => String::new(),
        },
        FieldKind::Text { .. } | FieldKind::Email => text(),
        _ => lines(field, value, voice).join(", "),
    }
}

fn option_label(options: &[Choice], value: &str, voice: &Voice) -> String {
    options.iter().find(|o| o.value == value).map_or_else(|| value.to_owned(), |o| o.label.get(voice).into_owned())
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
