//! One question of a form, as the component `field` shows it.

use crate::vocabulary::Day;
use serde::Serialize;

/// A choice.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
    pub selected: bool,
}

/// A field.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Input {
    pub id: String,
    pub name: &'static str,
    pub kind: &'static str,
    pub label: String,
    pub hint: String,
    pub error: String,
    pub value: String,
    pub options: Vec<Choice>,
    pub rows: u32,
    pub optional: bool,
    pub readonly: bool,
    pub depends: bool,
    pub limits_text: String,
    pub source: String,
    pub note: String,
    pub suffix: String,
    pub autocomplete: String,
    pub inputmode: String,
    pub maxlength: u32,
    pub width: &'static str,
    /// Of a day.
    pub year: String,
    pub month: String,
    pub day: String,
    /// Of files.
    pub max_files: u32,
}

impl Input {
    /// A field of its kind; ids are unique on a page with several forms.
    pub fn new(form: &str, name: &'static str, kind: &'static str, label: String) -> Self {
        Self {
            id: format!("{form}-{name}"),
            name,
            kind,
            label,
            width: "full",
            autocomplete: "off".into(),
            ..Self::default()
        }
    }

    pub fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    pub fn rows(self, rows: u32) -> Self {
        Self { rows, ..self }
    }

    /// A day to begin with.
    pub fn on(self, day: Option<Day>) -> Self {
        match day {
            Some(day) => Self {
                year: day.year().to_string(),
                month: day.month().to_string(),
                day: day.day().to_string(),
                ..self
            },
            None => self,
        }
    }

    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Choices as value and label; `chosen` is marked.
    pub fn choices(self, choices: impl IntoIterator<Item = (String, String)>, chosen: &str) -> Self {
        let options = choices
            .into_iter()
            .map(|(value, label)| Choice { selected: value == chosen, value, label, hint: String::new() })
            .collect();
        Self { options, ..self }
    }
}
