//! Reading TOML into a type of serde's with all faults instead of the first: each fault is put right in memory, with
//! something that fits, and the reading is tried again.

use super::fault::{Fault, MOST_FAULTS, did_you_mean};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Readings of one text: a bound for a file in which everything is wrong.
const MOST_READINGS: usize = 2 * MOST_FAULTS;
/// What stands in for a value that is missing or wrong, the first that fits, so that what else is wrong comes to light.
const STAND_INS: &[&str] = &[
    "\"x\"",
    "\"contract\"",
    "[]",
    "{}",
    "1",
    "true",
    "\"https://x\"",
    "\"127.0.0.1:1\"",
    "\"127.0.0.1\"",
    "\"2026-11-21\"",
];

/// One of several texts that are laid over each other, the later winning.
#[derive(Clone, Debug)]
pub struct Layer {
    /// A file, or a variable of the environment.
    pub name: String,
    /// TOML.
    pub text: String,
    /// Places within it mean something to who wrote it.
    pub is_file: bool,
}

/// Reads one file. What is `secret` is never quoted in a fault.
pub fn read<T: DeserializeOwned>(file: &str, text: &str, secret: &[&str]) -> (Option<T>, Vec<Fault>) {
    read_layers(&[Layer { name: file.to_owned(), text: text.to_owned(), is_file: true }], secret)
}

/// Reads layers as one text. What is `secret` is never quoted in a fault.
pub fn read_layers<T: DeserializeOwned>(layers: &[Layer], secret: &[&str]) -> (Option<T>, Vec<Fault>) {
    let mut reading = Reading { layers, secret, faults: Vec::new() };
    let (mut merged, mut base) = (DeTable::new(), 0);
    for layer in layers {
        let (root, errors) = DeTable::parse_recoverable(&layer.text);
        for error in errors.iter().take(MOST_FAULTS) {
            let at = error.span().map_or(0, |s| s.start);
            let hint = "texts stand in quotes, lists in [ ]; a table begins with [name]";
            reading.fault(base + at, format!("this is not TOML: {}", error.message()), hint.to_owned());
        }
        merge(&mut merged, shifted(root.into_inner(), base));
        base += layer.text.len() + 1;
    }
    if !reading.faults.is_empty() {
        return (None, reading.sorted());
    }
    let read = reading.all(Spanned::new(0..base, merged), base);
    let faults = reading.sorted();
    (read.filter(|_| faults.is_empty()), faults)
}

struct Reading<'a> {
    layers: &'a [Layer],
    secret: &'a [&'a str],
    faults: Vec<(usize, Fault)>,
}

impl Reading<'_> {
    /// At a byte of all layers together.
    fn fault(&mut self, at: usize, message: String, hint: String) {
        let mut base = 0;
        for layer in self.layers {
            if at <= base + layer.text.len() {
                let fault = match layer.is_file {
                    true => Fault::at(&layer.name, &layer.text, at - base, message, hint),
                    false => Fault::of(&layer.name, message, hint),
                };
                self.faults.push((at, fault));
                return;
            }
            base += layer.text.len() + 1;
        }
    }

    fn sorted(mut self) -> Vec<Fault> {
        self.faults.sort();
        self.faults.dedup();
        self.faults.into_iter().map(|(_, fault)| fault).collect()
    }

    /// Reads again and again, putting right what was wrong. Stand-ins have places beyond `end`, each its own.
    fn all<T: DeserializeOwned>(&mut self, mut table: Spanned<DeTable<'_>>, end: usize) -> Option<T> {
        let mut next_place = end + 1;
        let mut tried: Vec<usize> = Vec::new();
        for _ in 0..MOST_READINGS {
            let error = match T::deserialize(toml::Deserializer::from(table.clone())) {
                Ok(read) => return Some(read),
                Err(error) => error,
            };
            let (message, span) = (error.message().to_owned(), error.span().unwrap_or(0..end));
            let is_ours = span.start > end;
            let mended = if let Some(key) = quoted_after(&message, "missing field ") {
                if !is_ours {
                    let hint = format!("write {key} = … here");
                    self.fault(span.start, format!("`{key}` is missing"), hint);
                }
                let place = next_place;
                next_place += 1;
                tried.push(0);
                let stand_in = stand_in(0, place);
                let root = span == table.span();
                with_table(table.get_mut(), &span, root, &key, &mut |t| {
                    t.insert(Spanned::new(place..place, Cow::Owned(key.clone())), stand_in.clone());
                })
            } else if let Some(key) = quoted_after(&message, "unknown field ") {
                let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
                self.fault(span.start, format!("unknown key `{key}`"), did_you_mean(&key, &known));
                remove_key(table.get_mut(), &span)
            } else if is_ours {
                // The stand-in does not fit: another, and when there is none, the row of a list that it stands in goes.
                let tries = span.start.checked_sub(end + 1).and_then(|n| tried.get_mut(n));
                match tries {
                    Some(n) if *n + 1 < STAND_INS.len() => {
                        *n += 1;
                        put(table.get_mut(), &span, &stand_in(*n, span.start))
                    }
                    _ => remove_row(table.get_mut(), &span),
                }
            } else {
                let key = key_of(table.get_ref(), &span);
                self.fault(span.start, self.said(&message, key.as_deref()), String::new());
                let place = next_place;
                next_place += 1;
                tried.push(0);
                put(table.get_mut(), &span, &stand_in(0, place))
            };
            if !mended {
                return None;
            }
        }
        None
    }

    /// What serde says of a value, without the value when that is secret.
    fn said(&self, message: &str, key: Option<&str>) -> String {
        match key {
            Some(key) if self.secret.contains(&key) => match message.rsplit_once(", expected ") {
                Some((_, expected)) => format!("`{key}` must be {expected}"),
                None => format!("`{key}` cannot be used"),
            },
            Some(key) => format!("`{key}`: {message}"),
            None => message.to_owned(),
        }
    }
}

fn quoted_after(message: &str, start: &str) -> Option<String> {
    message.strip_prefix(start)?.split('`').nth(1).map(str::to_owned)
}

fn stand_in(n: usize, place: usize) -> Spanned<DeValue<'static>> {
    let text = STAND_INS.get(n).copied().unwrap_or("\"x\"");
    let value = DeValue::parse(text).map_or(DeValue::Boolean(true), Spanned::into_inner);
    Spanned::new(place..place, value)
}

/// Lays `from` over `into`. A table keeps the place where it first began.
fn merge<'i>(into: &mut DeTable<'i>, from: DeTable<'i>) {
    for (key, value) in from {
        match into.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut) {
            Some(DeValue::Table(old)) => match value.into_inner_or_table() {
                Ok(new) => merge(old, new),
                Err(value) => {
                    into.insert(key, value);
                }
            },
            _ => {
                // The map keeps an equal key that it has, with its old place.
                into.remove(key.get_ref().as_ref());
                into.insert(key, value);
            }
        }
    }
}

trait OrTable<'i>: Sized {
    fn into_inner_or_table(self) -> Result<DeTable<'i>, Self>;
}

impl<'i> OrTable<'i> for Spanned<DeValue<'i>> {
    fn into_inner_or_table(self) -> Result<DeTable<'i>, Self> {
        let span = self.span();
        match self.into_inner() {
            DeValue::Table(table) => Ok(table),
            other => Err(Spanned::new(span, other)),
        }
    }
}

fn shifted<'i>(table: DeTable<'i>, by: usize) -> DeTable<'i> {
    let moved = |span: Range<usize>| span.start + by..span.end + by;
    table
        .into_iter()
        .map(|(key, value)| (Spanned::new(moved(key.span()), key.into_inner()), shifted_value(value, by)))
        .collect()
}

fn shifted_value<'i>(value: Spanned<DeValue<'i>>, by: usize) -> Spanned<DeValue<'i>> {
    let span = value.span();
    let inner = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(shifted(table, by)),
        DeValue::Array(items) => {
            let mut moved = DeArray::new();
            items.into_iter().for_each(|item| moved.push(shifted_value(item, by)));
            DeValue::Array(moved)
        }
        other => other,
    };
    Spanned::new(span.start + by..span.end + by, inner)
}

/// Does `work` to the table at `span` that lacks `key`; false when there is none.
fn with_table<'i>(
    table: &mut DeTable<'i>,
    span: &Range<usize>,
    is_it: bool,
    key: &str,
    work: &mut dyn FnMut(&mut DeTable<'i>),
) -> bool {
    if is_it && !table.contains_key(key) {
        work(table);
        return true;
    }
    table.iter_mut().any(|(_, value)| with_table_in(value, span, key, work))
}

fn with_table_in<'i>(
    value: &mut Spanned<DeValue<'i>>,
    span: &Range<usize>,
    key: &str,
    work: &mut dyn FnMut(&mut DeTable<'i>),
) -> bool {
    let is_it = value.span() == *span;
    match value.get_mut() {
        DeValue::Table(table) => with_table(table, span, is_it, key, work),
        DeValue::Array(items) => items.iter_mut().any(|item| with_table_in(item, span, key, work)),
        _ => false,
    }
}

/// Every value within, the table's own first, until `found` says that it is done.
fn any_table<'i>(table: &mut DeTable<'i>, found: &mut dyn FnMut(&mut DeTable<'i>) -> bool) -> bool {
    found(table) || table.iter_mut().any(|(_, value)| any_table_in(value, found))
}

fn any_table_in<'i>(value: &mut Spanned<DeValue<'i>>, found: &mut dyn FnMut(&mut DeTable<'i>) -> bool) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => any_table(table, found),
        DeValue::Array(items) => items.iter_mut().any(|item| any_table_in(item, found)),
        _ => false,
    }
}

fn remove_key(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    any_table(table, &mut |t| {
        let found = t.keys().find(|key| key.span() == *span).map(|key| key.get_ref().to_string());
        found.is_some_and(|key| t.remove(key.as_str()).is_some())
    })
}

/// Puts a value in the place of the one at `span`.
fn put<'i>(table: &mut DeTable<'i>, span: &Range<usize>, with: &Spanned<DeValue<'i>>) -> bool {
    any_table(table, &mut |t| t.iter_mut().any(|(_, value)| put_in(value, span, with)))
}

fn put_in<'i>(value: &mut Spanned<DeValue<'i>>, span: &Range<usize>, with: &Spanned<DeValue<'i>>) -> bool {
    if value.span() == *span {
        *value = with.clone();
        return true;
    }
    match value.get_mut() {
        DeValue::Array(items) => items.iter_mut().any(|item| put_in(item, span, with)),
        _ => false,
    }
}

/// Takes away the innermost row of a list that holds what is at `span`.
fn remove_row(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    table.iter_mut().any(|(_, value)| remove_row_in(value, span))
}

fn remove_row_in(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => remove_row(table, span),
        DeValue::Array(items) => {
            if items.iter_mut().any(|item| remove_row_in(item, span)) {
                return true;
            }
            let Some(found) = items.iter().position(|item| holds(item, span)) else { return false };
            let kept = items.iter().enumerate().filter(|(n, _)| *n != found).map(|(_, item)| item.clone());
            let mut fewer = DeArray::new();
            kept.for_each(|item| fewer.push(item));
            *items = fewer;
            true
        }
        _ => false,
    }
}

fn holds(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    value.span() == *span
        || match value.get_ref() {
            DeValue::Table(table) => table.iter().any(|(_, v)| holds(v, span)),
            DeValue::Array(items) => items.iter().any(|item| holds(item, span)),
            _ => false,
        }
}

/// The key whose value is at `span`, or is a list with it.
fn key_of(table: &DeTable<'_>, span: &Range<usize>) -> Option<String> {
    table.iter().find_map(|(key, value)| match value.get_ref() {
        _ if value.span() == *span => Some(key.get_ref().to_string()),
        DeValue::Table(inner) => key_of(inner, span),
        DeValue::Array(items) => items.iter().find_map(|item| match item.get_ref() {
            _ if item.span() == *span => Some(key.get_ref().to_string()),
            DeValue::Table(inner) => key_of(inner, span),
            _ => None,
        }),
        _ => None,
    })
}
