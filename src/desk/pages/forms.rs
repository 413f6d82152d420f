//! The forms of an errand's page: with what was typed when something came in between, and what is wrong with it.

use super::errand::Typed;
use super::input::Input;
use super::view::Words;
use serde_json::{Value, json};

/// Makes the forms of one page and gathers what is wrong in them, in the page's order.
pub struct Forms<'a> {
    words: &'a Words<'a>,
    typed: &'a Typed,
    errors: Vec<Value>,
}

impl<'a> Forms<'a> {
    pub fn new(words: &'a Words<'a>, typed: &'a Typed) -> Self {
        Self { words, typed, errors: Vec::new() }
    }

    /// A field of the form `form` about `about` (a request, a file, …; empty where the page has one such form).
    pub fn input(&self, form: &str, about: &str, name: &'static str, kind: &'static str, key: &str) -> Input {
        let own = if about.is_empty() { form.to_owned() } else { format!("{form}-{about}") };
        Input::new(&own, name, kind, self.words.text(key))
    }

    /// The form, with what was typed in the place of what it begins with.
    pub fn form(&mut self, form: &'static str, about: &str, mut inputs: Vec<Input>) -> Value {
        let is_typed = self.typed.form == form && self.typed.get(form, "about").unwrap_or_default() == about;
        if is_typed {
            for input in &mut inputs {
                self.fill(form, input);
            }
        }
        let has_files = inputs.iter().any(|input| input.kind == "file");
        json!({ "open": is_typed, "about": about, "inputs": inputs, "has_files": has_files })
    }

    fn fill(&mut self, form: &str, input: &mut Input) {
        let typed = |name: &str| self.typed.get(form, name).map(str::to_owned);
        if input.kind == "date" {
            let part = |part: &str| typed(&format!("{}.{part}", input.name)).unwrap_or_default();
            (input.year, input.month, input.day) = (part("year"), part("month"), part("day"));
        } else if input.options.is_empty() {
            input.value = typed(input.name).unwrap_or_default();
        } else {
            let chosen = typed(input.name).unwrap_or_default();
            input.options.iter_mut().for_each(|option| option.selected = option.value == chosen);
        }
        for (_, key) in self.typed.errors.iter().filter(|(field, _)| *field == input.name) {
            input.error = self.words.text(key);
            self.errors.push(json!({ "href": format!("#{}", input.id), "message": input.error }));
        }
    }

    /// For the summary above the page.
    pub fn errors(self) -> Vec<Value> {
        self.errors
    }
}
