//! From typed text to values, kind by kind, and back to the text that would give them.

use super::answers::{Answer, ChildAnswer, PlaceAnswer};
use super::field::{DayRule, Field, FieldKind, TextFormat};
use super::form_data::FormData;
use super::prefill::Context;
use super::situation::json_number;
use super::{phrases, show};
use crate::vocabulary::{Bankgiro, Day, EmailAddress, Organisationsnummer, Personnummer, PhoneNumber};
use serde_json::Value;

/// Characters of a child that is named by hand.
pub(super) const CHILD_NAME: usize = 200;

/// What stood in one field of a form.
pub(super) enum Reading {
    /// Nothing.
    Missing,
    /// This, in the form of its kind.
    Value(Value),
    /// Something that cannot be taken, and why.
    Refused(String),
}

use Reading::{Missing, Refused};

impl Reading {
    fn text(text: &str) -> Self {
        Reading::Value(Value::String(text.to_owned()))
    }
}

/// Reads the field `name` of a form. `previous` is the answer it had: files are uploaded by themselves and stay.
pub(super) fn read(field: &Field, name: &str, form: &FormData, previous: Option<&Answer>, now: &Context) -> Reading {
    let typed = form.first(name).unwrap_or_default().trim();
    let own = |general: String| {
        if field.error_invalid.is_empty() { general } else { field.error_invalid.get(&now.voice).into_owned() }
    };
    let parts_elsewhere = matches!(
        field.kind,
        FieldKind::Date { .. } | FieldKind::Choices { .. } | FieldKind::File(_) | FieldKind::Place
    );
    if typed.is_empty() && !parts_elsewhere {
        return Missing;
    }
    match &field.kind {
        FieldKind::Text { min_length, max_length, format } => {
            let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
            match format {
                TextFormat::Free => long_enough(&line, *min_length, *max_length, now),
                TextFormat::Postcode => {
                    postcode(&line).map_or_else(|| Refused(own(now.voice.text("form-postcode"))), |t| Reading::text(&t))
                }
            }
        }
        FieldKind::LongText { min_length, max_length, .. } => {
            long_enough(&typed.replace('\t', " "), *min_length, *max_length, now)
        }
        FieldKind::Email => match typed.parse::<EmailAddress>() {
            Ok(address) => Reading::text(address.as_str()),
            Err(_) => Refused(own(now.voice.text("form-email"))),
        },
        FieldKind::Phone => match typed.parse::<PhoneNumber>() {
            Ok(number) => Reading::text(number.as_str()),
            Err(_) => Refused(own(now.voice.text("form-phone"))),
        },
        FieldKind::Personnummer => match Personnummer::parse(typed, now.at) {
            Ok(number) => Reading::text(number.expose()),
            Err(why) => Refused(own(phrases::personnummer(why, &now.voice))),
        },
        FieldKind::Organisationsnummer => match Organisationsnummer::parse(typed) {
            Ok(number) => Reading::text(number.as_str()),
            Err(why) => Refused(own(phrases::organisationsnummer(why, &now.voice))),
        },
        FieldKind::Bankgiro => match Bankgiro::parse(typed) {
            Ok(number) => Reading::text(number.as_str()),
            Err(why) => Refused(own(phrases::bankgiro(why, &now.voice))),
        },
        FieldKind::Date { earliest, latest } => match date(name, form, now) {
            Ok(None) => Missing,
            Ok(Some(day)) => within(day, *earliest, *latest, now),
            Err(why) => Refused(own(why)),
        },
        FieldKind::Number { min, max, decimals, .. } => {
            let show = |n: f64| now.voice.number(n, *decimals, false);
            match amount(typed, *decimals).and_then(|n| json_number(n, *decimals).map(|json| (n, json))) {
                Some((n, json)) => bounded(n, json, *min, *max, show, now),
                None => Refused(own(phrases::number(*decimals, &now.voice))),
            }
        }
        FieldKind::Money { min, max, whole } => {
            let decimals = if *whole { 0 } else { 2 };
            match amount(typed, decimals).and_then(|n| json_number(n, decimals).map(|json| (n, json))) {
                Some((n, json)) => bounded(n, json, min.or(Some(0.0)), *max, |n| now.voice.money(n), now),
                None => Refused(own(now.voice.text(if *whole { "form-money-whole" } else { "form-money" }))),
            }
        }
        FieldKind::Choice { options } => match options.iter().any(|o| o.value == typed) {
            true => Reading::text(typed),
            false => Refused(now.voice.text("form-not-an-option")),
        },
        FieldKind::Choices { options, min, max } => {
            let posted: Vec<&str> = form.all(name).map(str::trim).filter(|v| !v.is_empty()).collect();
            let chosen: Vec<Value> = options
                .iter()
                .filter(|o| posted.contains(&o.value.as_str()))
                .map(|o| Value::from(o.value.clone()))
                .collect();
            match chosen.len() {
                _ if posted.iter().any(|p| !options.iter().any(|o| o.value == *p)) => {
                    Refused(now.voice.text("form-not-an-option"))
                }
                0 => Missing,
                n if n < *min => Refused(own(now.voice.about("form-choose-at-least", "least", *min))),
                n if n > *max => Refused(own(now.voice.about("form-choose-at-most", "most", *max))),
                _ => Reading::Value(Value::Array(chosen)),
            }
        }
        FieldKind::YesNo => match typed {
            "ja" => Reading::Value(Value::Bool(true)),
            "nej" => Reading::Value(Value::Bool(false)),
            _ => Refused(now.voice.text("form-not-an-option")),
        },
        FieldKind::Child => child(typed, previous, now),
        FieldKind::File(rules) => match previous.map(|a| show::files(&a.value)) {
            Some(files) if files.len() > rules.max_files => {
                Refused(now.voice.about("form-files-too-many", "most", rules.max_files))
            }
            Some(files) if !files.is_empty() => serde_json::to_value(files).map_or(Missing, Reading::Value),
            _ => Missing,
        },
        FieldKind::Place => place(name, form, now),
        FieldKind::Group { .. } | FieldKind::Notice { .. } | FieldKind::Computed { .. } => Missing,
    }
}

fn long_enough(text: &str, min: usize, max: usize, now: &Context) -> Reading {
    let characters = text.chars().count();
    if characters == 0 {
        Missing
    } else if characters > max {
        Refused(phrases::too_long(characters, max, &now.voice))
    } else if characters < min {
        Refused(now.voice.about("form-too-short", "least", min))
    } else {
        Reading::text(text)
    }
}

fn postcode(typed: &str) -> Option<String> {
    let digits: String =
        typed.strip_prefix("SE-").unwrap_or(typed).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 5 && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')).then_some(digits)
}

/// Spaces of every sort, a decimal comma or point, points between thousands, and the unit `kr` are taken as meant.
pub(super) fn amount(typed: &str, decimals: usize) -> Option<f64> {
    let lower = typed.to_lowercase();
    let bare = lower.trim_end_matches(":-").trim_end_matches("sek").trim_end_matches("kronor").trim_end_matches("kr");
    let text: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.replace('\u{2212}', "-").replace(',', ".");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.as_str()),
    };
    let parts: Vec<&str> = digits.split('.').collect();
    let numeric = parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    let (last, before) = parts.split_last()?;
    let thousands = before.iter().skip(1).chain([last]).all(|p| p.len() == 3) && decimals < 3 && !typed.contains(',');
    let number = match before {
        _ if !numeric => return None,
        [] => (*last).to_owned(),
        _ if thousands => parts.concat(),
        [whole] if last.len() <= decimals => format!("{whole}.{last}"),
        [whole] if last.bytes().all(|b| b == b'0') => (*whole).to_owned(),
        _ => return None,
    };
    let whole_digits = number.split('.').next().map_or(0, |w| w.trim_start_matches('0').len());
    if whole_digits > 12 {
        return None;
    }
    number.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| if n == 0.0 { 0.0 } else { sign * n })
}

fn bounded(
    n: f64,
    json: Value,
    min: Option<f64>,
    max: Option<f64>,
    show: impl Fn(f64) -> String,
    now: &Context,
) -> Reading {
    match (min, max) {
        (Some(min), _) if n < min => Refused(now.voice.about("form-below", "least", show(min))),
        (_, Some(max)) if n > max => Refused(now.voice.about("form-above", "most", show(max))),
        _ => Reading::Value(json),
    }
}

fn date(name: &str, form: &FormData, now: &Context) -> Result<Option<Day>, String> {
    let part = |part: &str| form.first(&format!("{name}.{part}")).unwrap_or_default().trim().to_owned();
    let (year, month, day) = (part("year"), part("month"), part("day"));
    let whole = form.first(name).unwrap_or_default().trim();
    if !whole.is_empty() && [&year, &month, &day].iter().all(|p| p.is_empty()) {
        return whole.parse::<Day>().map(Some).map_err(|_| now.voice.text("form-date-unreal"));
    }
    if [&year, &month, &day].iter().all(|p| p.is_empty()) {
        return Ok(None);
    }
    if [&year, &month, &day].iter().any(|p| p.is_empty()) {
        return Err(now.voice.text("form-date-incomplete"));
    }
    let numbers = (year.parse::<i16>(), month.parse::<i8>(), day.parse::<i8>());
    let (Ok(year), Ok(month), Ok(day)) = numbers else { return Err(now.voice.text("form-date-unreal")) };
    // A year of two digits is not guessed at: 26 may be a birth year or next year.
    if !(1850..=2200).contains(&year) {
        return Err(now.voice.text("form-date-incomplete"));
    }
    Day::new(year, month, day).map(Some).map_err(|_| now.voice.text("form-date-unreal"))
}

fn within(day: Day, earliest: Option<DayRule>, latest: Option<DayRule>, now: &Context) -> Reading {
    let today = now.at.day();
    let first = earliest.map_or(Day::constant(1900, 1, 1), |rule| rule.day(today));
    let last =
        latest.map_or_else(|| DayRule::FromToday { years: 50, months: 0, days: 0 }.day(today), |rule| rule.day(today));
    if day < first {
        Refused(phrases::date_early(first, today, &now.voice))
    } else if day > last {
        Refused(phrases::date_late(last, today, &now.voice))
    } else {
        Reading::text(&day.to_string())
    }
}

impl DayRule {
    /// The day that it means.
    pub fn day(self, today: Day) -> Day {
        match self {
            DayRule::Fixed(day) => day,
            DayRule::FromToday { years, months, days } => {
                today.saturating_add(jiff::Span::new().years(years).months(months).days(days))
            }
        }
    }
}

fn child(key: &str, previous: Option<&Answer>, now: &Context) -> Reading {
    if now.children_by_hand() {
        return child_by_hand(key, previous, now);
    }
    if let Some(child) = now.prefill.children.iter().find(|c| c.key == key) {
        let answer = ChildAnswer {
            key: child.key.clone(),
            name: child.name.clone(),
            born: child.born,
            shared_custody: child.shared_custody,
        };
        return serde_json::to_value(answer).map_or(Missing, Reading::Value);
    }
    Refused(now.voice.text("form-child-not-yours"))
}

fn child_by_hand(typed: &str, previous: Option<&Answer>, now: &Context) -> Reading {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let characters = name.chars().count();
    match previous.and_then(|a| serde_json::from_value::<ChildAnswer>(a.value.clone()).ok()) {
        // What the register said when she chose stands while it cannot be asked again.
        Some(chosen) if chosen.name == name => serde_json::to_value(chosen).map_or(Missing, Reading::Value),
        _ if name.is_empty() => Missing,
        _ if characters > CHILD_NAME => Refused(phrases::too_long(characters, CHILD_NAME, &now.voice)),
        _ => {
            let answer = ChildAnswer { key: String::new(), name, born: None, shared_custody: false };
            serde_json::to_value(answer).map_or(Missing, Reading::Value)
        }
    }
}

fn place(name: &str, form: &FormData, now: &Context) -> Reading {
    let part = |part: &str| form.first(&format!("{name}.{part}")).unwrap_or_default().trim().replace(',', ".");
    let text = form.first(name).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let (lat, lon) = (part("lat"), part("lon"));
    if text.is_empty() && lat.is_empty() && lon.is_empty() {
        return Missing;
    }
    let characters = text.chars().count();
    if characters > 500 {
        return Refused(phrases::too_long(characters, 500, &now.voice));
    }
    let mut answer = PlaceAnswer { text, lat: None, lon: None };
    if !(lat.is_empty() && lon.is_empty()) {
        // Sweden with its territorial sea.
        let degrees = |text: &str, from: f64, to: f64| text.parse::<f64>().ok().filter(|d| (from..=to).contains(d));
        match (degrees(&lat, 54.9, 69.2), degrees(&lon, 10.0, 24.3)) {
            (Some(lat), Some(lon)) => (answer.lat, answer.lon) = (Some(round(lat)), Some(round(lon))),
            _ => return Refused(now.voice.text("form-position")),
        }
    }
    serde_json::to_value(answer).map_or(Missing, Reading::Value)
}

/// To a decimetre: more is noise.
fn round(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// The form that gives this value when it is read: what an input shows when nothing has been typed.
pub(super) fn as_typed(field: &Field, name: &str, value: &Value, now: &Context, form: &mut FormData) {
    let text = value.as_str().unwrap_or_default();
    match &field.kind {
        FieldKind::Date { .. } => {
            for (part, digits) in ["year", "month", "day"].iter().zip(text.split('-')) {
                form.push(format!("{name}.{part}"), digits.trim_start_matches('0').to_owned());
            }
        }
        FieldKind::Choices { .. } => {
            for chosen in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                form.push(name.to_owned(), chosen.to_owned());
            }
        }
        FieldKind::YesNo => {
            form.push(name.to_owned(), if value == &Value::Bool(true) { "ja" } else { "nej" }.to_owned())
        }
        FieldKind::Child => {
            let part = if now.children_by_hand() { "name" } else { "key" };
            form.push(name.to_owned(), value.get(part).and_then(Value::as_str).unwrap_or_default().to_owned())
        }
        FieldKind::Place => {
            if let Ok(place) = serde_json::from_value::<PlaceAnswer>(value.clone()) {
                form.push(name.to_owned(), place.text);
                form.push(format!("{name}.lat"), place.lat.map_or_else(String::new, |d| d.to_string()));
                form.push(format!("{name}.lon"), place.lon.map_or_else(String::new, |d| d.to_string()));
            }
        }
        FieldKind::Group { fields, .. } => {
            for (n, row) in value.as_array().into_iter().flatten().enumerate() {
                for sub in fields {
                    match row.get(&sub.id) {
                        Some(value) => as_typed(sub, &format!("{name}.{n}.{}", sub.id), value, now, form),
                        None => form.push(format!("{name}.{n}.{}", sub.id), String::new()),
                    }
                }
            }
        }
        FieldKind::Choice { .. } | FieldKind::Email | FieldKind::LongText { .. } => {
            form.push(name.to_owned(), text.to_owned())
        }
        FieldKind::Money { .. } => {
            let shown = value.as_f64().map_or_else(String::new, |n| now.voice.number(n, 2, true));
            form.push(name.to_owned(), shown);
        }
        FieldKind::Number { decimals, .. } => {
            let shown = value.as_f64().map_or_else(String::new, |n| now.voice.number(n, *decimals, false));
            form.push(name.to_owned(), shown);
        }
        FieldKind::File(_) | FieldKind::Notice { .. } | FieldKind::Computed { .. } => {}
        _ => form.push(name.to_owned(), show::short(field, value, &now.voice)),
    }
}
