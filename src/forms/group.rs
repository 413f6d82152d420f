//! Repeated groups: rows of the same questions.

use super::field::Field;
use super::form_data::FormData;
use super::phrases;
use super::prefill::Context;
use super::read::FieldError;
use super::read_value::{Reading, read};
use serde_json::{Map, Value};

/// What rows a form has, in order: `group.3.field` may be the second row when others were taken away.
fn rows(id: &str, form: &FormData) -> Vec<usize> {
    let prefix = format!("{id}.");
    let mut found: Vec<usize> = form
        .pairs()
        .filter_map(|(name, _)| name.strip_prefix(&prefix)?.split_once('.')?.0.parse().ok())
        .filter(|n| *n < 10_000)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(60);
    found
}

/// How many rows a form has.
pub(super) fn count(id: &str, form: &FormData) -> usize {
    rows(id, form).len()
}

/// The same form with the group's rows numbered from 0, without the row `remove`, and with an empty one when `add`.
pub(super) fn rearrange(id: &str, fields: &[Field], form: &FormData, remove: Option<usize>, add: bool) -> FormData {
    let prefix = format!("{id}.");
    let mut out = FormData::default();
    for (name, value) in form.pairs().filter(|(name, _)| !name.starts_with(&prefix)) {
        out.push(name.to_owned(), value.to_owned());
    }
    let kept: Vec<usize> = rows(id, form).into_iter().filter(|n| Some(*n) != remove).collect();
    for (to, from) in kept.iter().enumerate() {
        let row = format!("{id}.{from}.");
        for (name, value) in form.pairs() {
            if let Some(rest) = name.strip_prefix(&row) {
                out.push(format!("{id}.{to}.{rest}"), value.to_owned());
            }
        }
    }
    if let (true, Some(first)) = (add, fields.first()) {
        out.push(format!("{id}.{}.{}", kept.len(), first.id), String::new());
    }
    out
}

/// Reads the rows. A row in which nothing is typed is not there.
pub(super) fn read_rows(
    field: &Field,
    fields: &[Field],
    (min, max): (usize, usize),
    form: &FormData,
    now: &Context,
) -> (Option<Value>, Vec<FieldError>) {
    let (mut rows_read, mut errors) = (Vec::new(), Vec::new());
    let typed_rows = rows(&field.id, form);
    for n in &typed_rows {
        let (mut row, mut missing, mut typed) = (Map::new(), Vec::new(), false);
        for sub in fields {
            let name = format!("{}.{n}.{}", field.id, sub.id);
            match read(sub, &name, form, None, now) {
                Reading::Value(value) => {
                    typed = true;
                    row.insert(sub.id.clone(), value);
                }
                Reading::Missing if sub.optional => {}
                Reading::Missing => missing.push(FieldError::new(name, phrases::missing(sub, &now.voice))),
                Reading::Refused(why) => {
                    typed = true;
                    errors.push(FieldError::new(name, why));
                }
            }
        }
        let needed = !field.optional && *n < min && rows_read.len() < min;
        if typed || needed {
            errors.extend(missing);
        }
        if !row.is_empty() {
            rows_read.push(Value::Object(row));
        }
    }
    if rows_read.len() > max {
        errors.push(FieldError::new(field.id.clone(), now.voice.about("form-rows-at-most", "most", max)));
    }
    if errors.is_empty() && rows_read.len() < min && !(field.optional && rows_read.is_empty()) {
        let message = match rows_read.is_empty() {
            true => phrases::missing(field, &now.voice),
            false => now.voice.about("form-rows-at-least", "least", min),
        };
        errors.push(FieldError::new(field.id.clone(), message));
    }
    ((!rows_read.is_empty()).then_some(Value::Array(rows_read)), errors)
}
