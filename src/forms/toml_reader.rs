//! Reads TOML tables key by key, gathering every fault with its place instead of stopping at the first.

use crate::texts::Words;
use crate::toml_text::{Faults, did_you_mean};
use crate::vocabulary::Lang;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A text and where it stands in the file, its first character after the quotes.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub text: String,
    pub offset: usize,
}

/// One table being read. Keys that nobody asks for are faults when it is [finished](Self::finish).
pub(super) struct TableReader<'t> {
    table: &'t DeTable<'t>,
    /// Tables of its texts in other languages, as `en = { label = "…" }`.
    languages: Vec<(Lang, &'t DeTable<'t>)>,
    /// What the table is, in messages: `the service`, `the step barnet`.
    what: String,
    /// Where it begins.
    pub start: usize,
    asked: Vec<&'static str>,
    asked_words: Vec<&'static str>,
}

impl<'t> TableReader<'t> {
    pub(super) fn new(table: &'t DeTable<'t>, span: Range<usize>, what: impl Into<String>) -> Self {
        let languages =
            table.iter().filter_map(|(key, value)| Some((lang(key.get_ref())?, value.get_ref().as_table()?)));
        TableReader {
            table,
            languages: languages.collect(),
            what: what.into(),
            start: span.start,
            asked: Vec::new(),
            asked_words: Vec::new(),
        }
    }

    /// Names the table better once its id is known.
    pub(super) fn call_it(&mut self, what: String) {
        self.what = what;
    }

    pub(super) fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(k, _)| k.get_ref().as_ref() == key).map(|(_, v)| v)
    }

    /// Where a key's value stands, else where the table begins.
    pub(super) fn place(&self, key: &str) -> usize {
        self.value(key).map_or(self.start, |v| v.span().start)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    fn asks(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.push(key);
        self.value(key)
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str, faults: &mut Faults<'_>) {
        faults.add(
            value.span().start,
            format!("`{key}` of {} must be {wanted}, not {}", self.what, type_name(value.get_ref())),
            String::new(),
        );
    }

    /// A text with its place.
    pub(super) fn placed(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Placed> {
        let value = self.asks(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(placed(text, value.span(), faults)),
            _ => {
                self.wrong_type(key, value, "a text", faults);
                None
            }
        }
    }

    /// A text that may be left out.
    pub(super) fn text(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<String> {
        self.placed(key, faults).map(|p| p.text.trim().to_owned())
    }

    /// A text that must be there and say something.
    pub(super) fn needed_text(&mut self, key: &'static str, hint: &str, faults: &mut Faults<'_>) -> String {
        let text = self.text(key, faults);
        if !self.has(key) {
            faults.add(self.start, format!("{} has no `{key}`", self.what), hint);
        } else if text.as_deref() == Some("") {
            faults.add(self.place(key), format!("`{key}` of {} is empty", self.what), hint);
        }
        text.unwrap_or_default()
    }

    /// A text in Swedish, with other languages from their tables. Empty when it is not there.
    pub(super) fn words(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Words {
        let swedish = self.text(key, faults).unwrap_or_default();
        self.asked_words.push(key);
        let mut others = Vec::new();
        for (lang, value) in self.in_other_languages(key) {
            match value.get_ref() {
                DeValue::String(text) => others.push((lang, text.trim().to_owned())),
                _ => self.wrong_type(key, value, "a text", faults),
            }
        }
        Words::new(swedish, others)
    }

    fn in_other_languages(&self, key: &str) -> impl Iterator<Item = (Lang, &'t Spanned<DeValue<'t>>)> {
        self.languages.iter().filter_map(move |(lang, table)| {
            let (_, value) = table.iter().find(|(k, _)| k.get_ref().as_ref() == key)?;
            Some((*lang, value))
        })
    }

    /// A text in Swedish that must be there.
    pub(super) fn needed_words(&mut self, key: &'static str, hint: &str, faults: &mut Faults<'_>) -> Words {
        let words = self.words(key, faults);
        if words.is_empty() {
            let message = if self.has(key) { "is empty" } else { "is missing" };
            faults.add(self.place(key), format!("`{key}` of {} {message}", self.what), hint);
        }
        words
    }

    /// One of some words.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        key: &'static str,
        known: &[(&str, T)],
        faults: &mut Faults<'_>,
    ) -> Option<T> {
        let written = self.placed(key, faults)?;
        let found = known.iter().find(|(word, _)| *word == written.text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            faults.add(
                written.offset,
                format!("`{key}` of {} cannot be `{}`", self.what, written.text),
                did_you_mean(&written.text, &words),
            );
        }
        found
    }

    /// True or false; false when it is not there.
    pub(super) fn flag(&mut self, key: &'static str, faults: &mut Faults<'_>) -> bool {
        match self.asks(key) {
            None => false,
            Some(value) => match value.get_ref() {
                DeValue::Boolean(flag) => *flag,
                _ => {
                    self.wrong_type(key, value, "true or false", faults);
                    false
                }
            },
        }
    }

    /// A whole number within bounds.
    pub(super) fn whole(
        &mut self,
        key: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
        faults: &mut Faults<'_>,
    ) -> Option<i64> {
        let value = self.asks(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok(),
            _ => None,
        };
        match number {
            None => self.wrong_type(key, value, "a whole number", faults),
            Some(n) if !bounds.contains(&n) => faults.add(
                value.span().start,
                format!("`{key}` of {} cannot be {n}", self.what),
                format!("from {} to {}", bounds.start(), bounds.end()),
            ),
            _ => {}
        }
        number.filter(|n| bounds.contains(n))
    }

    /// As [`whole`](Self::whole), for counts.
    pub(super) fn count(&mut self, key: &'static str, most: i64, faults: &mut Faults<'_>) -> Option<usize> {
        self.whole(key, 0..=most, faults).and_then(|n| usize::try_from(n).ok())
    }

    /// A number with or without decimals.
    pub(super) fn number(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<f64> {
        let value = self.asks(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
            DeValue::Float(n) => n.as_str().parse::<f64>().ok().filter(|n| n.is_finite()),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(key, value, "a number", faults);
        }
        number
    }

    /// A list of texts with their places; empty when it is not there.
    pub(super) fn texts(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Vec<Placed> {
        let Some(value) = self.asks(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of texts", faults);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push(placed(text, item.span(), faults)),
                _ => self.wrong_type(key, item, "a list of texts", faults),
            }
        }
        texts
    }

    /// A list of texts in Swedish, with the lists of other languages from their tables.
    pub(super) fn words_list(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Vec<Words> {
        let swedish = self.texts(key, faults);
        self.asked_words.push(key);
        let mut others: Vec<Vec<(Lang, String)>> = swedish.iter().map(|_| Vec::new()).collect();
        for (lang, value) in self.in_other_languages(key) {
            let DeValue::Array(items) = value.get_ref() else {
                self.wrong_type(key, value, "a list of texts", faults);
                continue;
            };
            if items.len() != swedish.len() {
                faults.add(
                    value.span().start,
                    format!("`{key}` has {} lines in `{lang}` and {} in Swedish", items.len(), swedish.len()),
                    "write one line for each",
                );
            }
            for (item, line) in items.iter().zip(&mut others) {
                match item.get_ref() {
                    DeValue::String(text) => line.push((lang, text.trim().to_owned())),
                    _ => self.wrong_type(key, item, "a list of texts", faults),
                }
            }
        }
        swedish.into_iter().zip(others).map(|(swedish, others)| Words::new(swedish.text, others)).collect()
    }

    /// A list of tables, each to be read in turn; empty when it is not there.
    pub(super) fn tables(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Vec<(&'t DeTable<'t>, Range<usize>)> {
        let Some(value) = self.asks(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of tables", faults);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push((table, item.span())),
                _ => self.wrong_type(key, item, "a list of tables", faults),
            }
        }
        tables
    }

    /// A table within the table.
    pub(super) fn table(&mut self, key: &'static str, what: &str, faults: &mut Faults<'_>) -> Option<TableReader<'t>> {
        let value = self.asks(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(TableReader::new(table, value.span(), what)),
            _ => {
                self.wrong_type(key, value, "a table", faults);
                None
            }
        }
    }

    /// Every key that was not asked for is a fault.
    pub(super) fn finish(self, faults: &mut Faults<'_>) {
        let unknown = |table: &DeTable<'_>, asked: &[&'static str], what: &str, faults: &mut Faults<'_>| {
            for (key, value) in table.iter().filter(|(k, _)| !asked.contains(&k.get_ref().as_ref())) {
                if lang(key.get_ref()).is_some() && value.get_ref().is_table() {
                    continue;
                }
                faults.add(
                    key.span().start,
                    format!("unknown key `{}` in {what}", key.get_ref()),
                    did_you_mean(key.get_ref(), asked),
                );
            }
        };
        unknown(self.table, &self.asked, &self.what, faults);
        for (lang, table) in &self.languages {
            unknown(table, &self.asked_words, &format!("the texts in `{lang}` of {}", self.what), faults);
        }
    }
}

/// The language that a key names, when it names one beside Swedish, which needs no table: `en`, and no longer word.
pub(super) fn lang(key: &str) -> Option<Lang> {
    key.parse().ok().filter(|lang: &Lang| lang.tag() == key && *lang != Lang::SWEDISH)
}

fn placed(text: &str, span: Range<usize>, faults: &Faults<'_>) -> Placed {
    let raw = faults.text().get(span.clone()).unwrap_or_default();
    let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let line_break = raw.get(quotes..).is_some_and(|r| quotes == 3 && r.starts_with('\n'));
    Placed { text: text.to_owned(), offset: span.start + quotes + usize::from(line_break) }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
