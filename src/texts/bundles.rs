//! Every text of every language, from Fluent files.

use super::{Voice, Words};
use crate::toml_text::Fault;
use crate::vocabulary::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
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

    /// From files in folders named by languages, as [`files`](Self::files) gives them; all faults at once, each with its
    /// place.
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, Vec<Fault>> {
        let (texts, faults) = Self::read(files);
        if faults.is_empty() { Ok(texts) } else { Err(faults) }
    }

    /// As [`new`](Self::new), but what can be read is there beside the faults of the rest.
    pub fn read(files: impl IntoIterator<Item = (String, String)>) -> (Self, Vec<Fault>) {
        let files: Vec<(String, String)> = files.into_iter().collect();
        let (mut bundles, mut faults) = (BTreeMap::new(), Vec::new());
        for (n, (path, text)) in files.iter().enumerate() {
            let shown = shown(path);
            let folder = folder_of(path);
            // Exactly the tag: a folder `sv-SE` would else be mixed with `sv`.
            let Some(lang) = folder.parse::<Lang>().ok().filter(|lang| lang.tag() == folder) else {
                let hint = "two or three small letters: templates/texts/fi";
                faults.push(Fault::of(shown, "the folder is not named by a language", hint));
                continue;
            };
            let resource = FluentResource::try_new(text.clone()).unwrap_or_else(|(resource, errors)| {
                let hint = "a text is key = words; its further lines are indented";
                faults.extend(errors.into_iter().map(|e| Fault::at(&shown, text, e.pos.start, e.to_string(), hint)));
                resource
            });
            let errors = bundles.entry(lang).or_insert_with(|| empty(lang)).add_resource(resource).err();
            for error in errors.into_iter().flatten() {
                let FluentError::Overriding { id, .. } = error else {
                    faults.push(Fault::of(&shown, error.to_string(), ""));
                    continue;
                };
                let mut earlier = files.iter().take(n).filter(|(other, _)| folder_of(other) == folder);
                let first = earlier.find(|(_, text)| begins_at(text, &id).is_some()).map_or(path, |(path, _)| path);
                let message = format!("the text `{id}` stands twice");
                let hint = format!("the first is in {}; keep one of them", self::shown(first));
                faults.push(Fault::at(&shown, text, begins_at(text, &id).unwrap_or_default(), message, hint));
            }
        }
        let mut texts = Texts { bundles, languages: Vec::new() };
        faults.extend(texts.missing_at_the_least());
        // Swedish first, the others by tag.
        let mut langs: Vec<Lang> = texts.bundles.keys().copied().collect();
        langs.sort_by_key(|lang| (*lang != Lang::SWEDISH, *lang));
        texts.languages =
            langs.into_iter().map(|lang| Language { lang, name: texts.get(lang, "language-name", []) }).collect();
        (texts, faults)
    }

    /// What a language cannot borrow from Swedish, and Swedish itself.
    fn missing_at_the_least(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !self.bundles.contains_key(&Lang::SWEDISH) {
            let message = "the Swedish texts are missing, which every language falls back to";
            faults.push(Fault::of(shown("sv"), message, ""));
        }
        for lang in self.bundles.keys() {
            if !self.has(*lang, "language-name") {
                let hint = "what the language calls itself: language-name = Suomi";
                faults.push(Fault::of(shown(lang.tag()), "the text `language-name` is missing", hint));
            }
            // What people type is read with a comma or a point, and shown numbers must be readable again.
            let mark = self.get(*lang, "decimal-mark", []);
            if !matches!(mark.as_str(), "," | ".") {
                let message = format!("the text `decimal-mark` is `{mark}`");
                faults.push(Fault::of(shown(lang.tag()), message, "write a comma or a point"));
            }
        }
        faults
    }

    /// Every language that we speak, Swedish first.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// Texts that nobody would ever see, in languages that we do not speak: what is wrong and what to do.
    pub fn unspoken<'a>(&'a self, words: &'a Words) -> impl Iterator<Item = (String, String)> + 'a {
        let known = || self.languages.iter().map(|known| known.lang.tag()).collect::<Vec<_>>().join(", ");
        let strange = words.others().filter(|lang| !self.bundles.contains_key(lang));
        strange.map(move |lang| {
            (format!("`{lang}` is not a language that is spoken here"), format!("there are texts in {}", known()))
        })
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

fn shown(path: &str) -> String {
    format!("templates/texts/{path}")
}

fn folder_of(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

/// Where the last text of this key begins.
fn begins_at(text: &str, key: &str) -> Option<usize> {
    let (mut at, mut found) = (0, None);
    for line in text.split_inclusive('\n') {
        if line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            found = Some(at);
        }
        at += line.len();
    }
    found
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
        let with = |path: &str, text: &str| {
            let faults = Texts::new(Texts::files().into_iter().chain([file(path, text)])).err().unwrap_or_default();
            faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        assert!(with("english/a.ftl", "back = Back").contains("english/a.ftl: the folder is not named by a language"));
        assert!(with("fi/a.ftl", "back = Takaisin").contains("texts/fi: the text `language-name` is missing"));
        assert!(with("fi/a.ftl", "language-name = Suomi\ndecimal-mark = :").contains("`decimal-mark` is `:`"));
        let twice = with("sv/x.ftl", "# Igen\nback = Bakåt");
        assert!(twice.contains("sv/x.ftl:2:1: the text `back` stands twice"), "{twice}");
        assert!(twice.contains("the first is in templates/texts/sv/common.ftl"), "{twice}");
        let broken = with("sv/x.ftl", "ny-text = Ny\ntrasig = { $namn\n");
        assert!(broken.contains("sv/x.ftl:") && broken.contains("indented"), "{broken}");
        assert_eq!(with("fi/a.ftl", "language-name = Suomi"), "");
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
