//! The texts that people see, from Fluent files: Swedish whole, English whole. A key that is missing in one language is
//! taken from Swedish; one that is missing in both shows itself, and a test finds it.

use crate::vocabulary::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

type Bundle = FluentBundle<FluentResource>;

/// Both languages.
pub struct Texts {
    sv: Bundle,
    en: Bundle,
}

/// A value in a text.
#[derive(Clone, Debug)]
pub enum Arg {
    /// Words.
    Text(String),
    /// A number, for plurals.
    Number(f64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg::Text(text)
    }
}
impl From<i64> for Arg {
    fn from(n: i64) -> Self {
        Arg::Number(n as f64)
    }
}

impl Texts {
    /// From `(language, file, text)`; every fault with its file.
    pub fn new(files: impl Iterator<Item = (Lang, String, String)>) -> Result<Self, Vec<String>> {
        let bundle = |lang: Lang| {
            let id: unic_langid::LanguageIdentifier = lang.tag().parse().unwrap_or_default();
            let mut bundle = Bundle::new_concurrent(vec![id]);
            // Marks around every value would be read aloud by some screen readers and copied with the text.
            bundle.set_use_isolating(false);
            bundle
        };
        let (mut texts, mut faults) = (Texts { sv: bundle(Lang::Sv), en: bundle(Lang::En) }, Vec::new());
        for (lang, file, text) in files {
            let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
                faults.extend(errors.into_iter().map(|e| format!("{file}: {e}")));
                resource
            });
            let into = match lang {
                Lang::Sv => &mut texts.sv,
                Lang::En => &mut texts.en,
            };
            if let Err(errors) = into.add_resource(resource) {
                faults.extend(errors.into_iter().map(|e| format!("{file}: {e}")));
            }
        }
        if faults.is_empty() { Ok(texts) } else { Err(faults) }
    }

    /// True when the language has the key itself.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundle(lang).has_message(key)
    }

    fn bundle(&self, lang: Lang) -> &Bundle {
        match lang {
            Lang::Sv => &self.sv,
            Lang::En => &self.en,
        }
    }

    /// The text for `key`, with its values.
    pub fn get<'a>(&self, lang: Lang, key: &str, args: impl IntoIterator<Item = (&'a str, Arg)>) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set(
                name.to_owned(),
                match value {
                    Arg::Text(text) => FluentValue::from(text),
                    Arg::Number(n) => FluentValue::from(n),
                },
            );
        }
        for bundle in [self.bundle(lang), &self.sv] {
            if let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) {
                let mut errors = Vec::new();
                return bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
            }
        }
        tracing::warn!(key, "a text is missing");
        key.to_owned()
    }
}
