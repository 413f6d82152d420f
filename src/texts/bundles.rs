//! Every text of every language, from Fluent files.

use super::Voice;
use crate::vocabulary::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::BTreeMap;
use std::sync::Arc;

type Bundle = FluentBundle<FluentResource>;

/// In the binary; a demo or test run from the sources reads them from there.
#[derive(rust_embed::RustEmbed)]
#[folder = "templates/texts"]
struct Embedded;

/// Every language.
pub struct Texts {
    bundles: BTreeMap<Lang, Bundle>,
    languages: Vec<Language>,
}

/// A language that we speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its tag.
    pub lang: Lang,
    /// What those who speak it call it.
    pub name: String,
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
impl From<u64> for Arg {
    fn from(n: u64) -> Self {
        Arg::Number(n as f64)
    }
}
impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Arg::Number(n as f64)
    }
}

impl Texts {
    /// The files that the product has: `fi/common.ftl` and what stands in it.
    pub fn files() -> Vec<(String, String)> {
        Embedded::iter()
            .filter(|path| path.ends_with(".ftl"))
            .filter_map(|path| {
                Some((path.to_string(), String::from_utf8(Embedded::get(&path)?.data.into_owned()).ok()?))
            })
            .collect()
    }

    /// From files in folders named by languages, as [`files`](Self::files) gives them; every fault with its file.
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, Vec<String>> {
        let (mut bundles, mut faults) = (BTreeMap::new(), Vec::new());
        for (path, text) in files {
            let shown = format!("templates/texts/{path}");
            let folder = path.split_once('/').map(|(folder, _)| folder).unwrap_or_default();
            // Exactly the tag: a folder `sv-SE` would else be mixed with `sv`.
            let Some(lang) = folder.parse::<Lang>().ok().filter(|lang| lang.tag() == folder) else {
                faults.push(format!("{shown}: the folder is not named by a language: two or three small letters"));
                continue;
            };
            let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
                faults.extend(errors.into_iter().map(|e| format!("{shown}: {e}")));
                resource
            });
            if let Err(errors) = bundles.entry(lang).or_insert_with(|| empty(lang)).add_resource(resource) {
                faults.extend(errors.into_iter().map(|e| format!("{shown}: {e}")));
            }
        }
        let mut texts = Texts { bundles, languages: Vec::new() };
        faults.extend(texts.missing_at_the_least());
        // Swedish first, the others by tag.
        let mut langs: Vec<Lang> = texts.bundles.keys().copied().collect();
        langs.sort_by_key(|lang| (*lang != Lang::SWEDISH, *lang));
        texts.languages =
            langs.into_iter().map(|lang| Language { lang, name: texts.get(lang, "language-name", []) }).collect();
        if faults.is_empty() { Ok(texts) } else { Err(faults) }
    }

    /// What a language cannot borrow from Swedish, and Swedish itself.
    fn missing_at_the_least(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.bundles.contains_key(&Lang::SWEDISH) {
            faults.push("templates/texts/sv: the Swedish texts are missing, which every language falls back to".into());
        }
        for lang in self.bundles.keys() {
            if !self.has(*lang, "language-name") {
                faults.push(format!(
                    "templates/texts/{lang}: `language-name`, what the language calls itself, is missing"
                ));
            }
            // What people type is read with a comma or a point, and shown numbers must be readable again.
            let mark = self.get(*lang, "decimal-mark", []);
            if !matches!(mark.as_str(), "," | ".") {
                faults.push(format!("templates/texts/{lang}: `decimal-mark` is a comma or a point, not {mark}"));
            }
        }
        faults
    }

    /// Every language that we speak, Swedish first.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The language of a tag, if we speak it. Whatever a browser or an old row says may be asked.
    pub fn find(&self, tag: &str) -> Option<Lang> {
        tag.parse().ok().filter(|lang| self.bundles.contains_key(lang))
    }

    /// Speaks this language; Swedish where we do not speak it.
    pub fn voice(self: &Arc<Self>, lang: Lang) -> Voice {
        let lang = if self.bundles.contains_key(&lang) { lang } else { Lang::SWEDISH };
        Voice::new(self.clone(), lang)
    }

    /// True when the language has the key itself.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundles.get(&lang).is_some_and(|bundle| bundle.has_message(key))
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
        for bundle in [lang, Lang::SWEDISH].iter().filter_map(|lang| self.bundles.get(lang)) {
            if let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) {
                let mut errors = Vec::new();
                return bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
            }
        }
        tracing::warn!(key, "a text is missing");
        key.to_owned()
    }
}

fn empty(lang: Lang) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![lang.tag().parse().unwrap_or_default()]);
    // Marks around every value would be read aloud by some screen readers and copied with the text.
    bundle.set_use_isolating(false);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    #[test]
    fn a_folder_that_is_no_language_or_lacks_its_own_name_is_told() {
        let with =
            |extra: (String, String)| Texts::new(Texts::files().into_iter().chain([extra])).err().unwrap_or_default();
        assert!(with(file("english/a.ftl", "back = Back"))[0].contains("english"), "not the tag of a language");
        assert!(with(file("fi/a.ftl", "back = Takaisin"))[0].contains("language-name"));
        assert!(with(file("fi/a.ftl", "language-name = Suomi\ndecimal-mark = :"))[0].contains("decimal-mark"));
        assert_eq!(with(file("fi/a.ftl", "language-name = Suomi")), Vec::<String>::new());
    }

    #[test]
    fn what_a_language_lacks_is_said_in_swedish_and_a_language_nobody_speaks_is_swedish() {
        let texts = Texts::new(Texts::files().into_iter().chain([file("fi/a.ftl", "language-name = Suomi")])).unwrap();
        let (texts, finnish) = (Arc::new(texts), "fi".parse().unwrap());
        assert_eq!(texts.voice(finnish).text("back"), "Tillbaka");
        assert_eq!(texts.find("fi-FI"), Some(finnish));
        assert_eq!(texts.find("de"), None);
        assert_eq!(texts.voice("de".parse().unwrap()).lang(), Lang::SWEDISH);
        let names: Vec<&str> = texts.languages().iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["Svenska", "English", "Suomi"]);
    }
}
