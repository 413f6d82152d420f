//! Which e-services there are, and finding them. Services are text files: shared ones in `config/services/`, a
//! municipality's own (or its own version of a shared one) in its folder.

mod pages;
mod store;
mod view;

pub use pages::routes;
pub use store::remember_definition;

use crate::db::{Conn, DbError};
use crate::forms::Definition;
use crate::municipalities::Municipalities;
use crate::settings::ConfigTree;
use crate::texts::{Texts, Voice, Words};
use crate::toml_text::{self, Fault};
use crate::vocabulary::{MunicipalitySlug, ServiceSlug};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Every service of every municipality, in its present version; earlier versions are read from the database when a
/// draft or a case needs them.
pub struct Catalogue {
    by_municipality: BTreeMap<MunicipalitySlug, BTreeMap<ServiceSlug, Arc<Definition>>>,
    categories: Vec<Category>,
    earlier: Mutex<BTreeMap<String, Arc<Definition>>>,
}

/// A group of services.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// In addresses and definitions.
    pub slug: String,
    /// For people.
    pub title: Words,
    /// A name in the set of icons.
    pub icon: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Categories {
    category: Vec<toml::Spanned<Category>>,
}

/// A version of a service that nobody has.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not in the database either.
    #[error("a version of a service is not stored")]
    Missing,
    /// It was readable once, and is not now.
    #[error("a stored version of a service cannot be read: {0}")]
    Faulty(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Catalogue {
    /// Reads every service; all faults at once.
    pub fn load(tree: &ConfigTree, municipalities: &Municipalities, texts: &Texts) -> Result<Self, Vec<Fault>> {
        let (all, faults) = Self::read(tree, municipalities, texts);
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    }

    /// The permission codes of Mina ombud that open some service of the municipality.
    pub fn powers(&self, municipality: &MunicipalitySlug) -> BTreeSet<String> {
        self.offered(municipality).flat_map(|d| d.acting.powers.clone()).collect()
    }

    /// As [`load`](Self::load), but the services that can be read are there beside the faults of the others.
    pub fn read(tree: &ConfigTree, municipalities: &Municipalities, texts: &Texts) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut read = |folder: &str| -> BTreeMap<ServiceSlug, Arc<Definition>> {
            let mut found = BTreeMap::new();
            for (path, _, text) in tree.toml_files(folder) {
                match Definition::parse_new(&tree.shown(path), text, texts.languages()) {
                    Ok(definition) => {
                        found.insert(definition.slug.clone(), Arc::new(definition));
                    }
                    Err(more) => faults.extend(more),
                }
            }
            found
        };
        let shared = read("services");
        let by_municipality = municipalities
            .iter()
            .map(|m| {
                let mut all = shared.clone();
                all.extend(read(&format!("municipalities/{}/services", m.slug)));
                (m.slug.clone(), all)
            })
            .collect();
        let categories = categories(tree, texts, &mut faults);
        (Self { by_municipality, categories, earlier: Mutex::default() }, faults)
    }

    /// The service in its present version.
    pub fn find(&self, municipality: &MunicipalitySlug, service: &ServiceSlug) -> Option<Arc<Definition>> {
        self.by_municipality.get(municipality)?.get(service).cloned()
    }

    /// Every service of a municipality, by slug.
    pub fn offered(&self, municipality: &MunicipalitySlug) -> impl Iterator<Item = &Arc<Definition>> {
        self.by_municipality.get(municipality).into_iter().flat_map(BTreeMap::values)
    }

    /// Every service of a municipality, by title in this language.
    pub fn all(&self, municipality: &MunicipalitySlug, voice: &Voice) -> Vec<Arc<Definition>> {
        let mut all: Vec<_> = self.offered(municipality).cloned().collect();
        all.sort_by_cached_key(|d| sort_key(&d.title.get(voice)));
        all
    }

    /// The groups that have services.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// A version, present or earlier: what a draft or a case was made with.
    pub fn version(
        &self,
        conn: &mut Conn,
        municipality: &MunicipalitySlug,
        service: &ServiceSlug,
        version: &str,
    ) -> Result<Arc<Definition>, Unreadable> {
        if let Some(present) = self.find(municipality, service).filter(|d| d.version == version) {
            return Ok(present);
        }
        let mut earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = earlier.get(version) {
            return Ok(known.clone());
        }
        let source = store::find_definition(conn, municipality, service, version)?.ok_or(Unreadable::Missing)?;
        let file = format!("{service}.toml");
        let definition = Definition::parse(&file, &source)
            .map(Arc::new)
            .map_err(|faults| Unreadable::Faulty(faults.first().map(ToString::to_string).unwrap_or_default()))?;
        earlier.insert(version.to_owned(), definition.clone());
        Ok(definition)
    }

    /// Services that fit every word of `query`, best first: in the title before in the summary before in other words.
    pub fn search(&self, municipality: &MunicipalitySlug, query: &str, voice: &Voice) -> Vec<Arc<Definition>> {
        let words: Vec<String> = fold(query).split_whitespace().map(str::to_owned).collect();
        let mut found: Vec<(usize, Arc<Definition>)> = self
            .all(municipality, voice)
            .into_iter()
            .filter_map(|d| {
                let title = fold(&d.title.get(voice));
                let summary = fold(&d.summary.get(voice));
                let other = fold(&format!(
                    "{} {} {} {}",
                    d.keywords.join(" "),
                    d.for_whom.get(voice),
                    d.category,
                    d.title.get(&voice.in_swedish())
                ));
                let score = |word: &String| {
                    [&title, &summary, &other].iter().position(|text| text.contains(word.as_str())).or_else(|| {
                        // Swedish joins words: `skolplats` is found by the beginnings of what one typed.
                        let stem: String = word.chars().take(word.chars().count().saturating_sub(2).max(4)).collect();
                        (word.chars().count() > 4 && [&title, &summary, &other].iter().any(|t| t.contains(&stem)))
                            .then_some(3)
                    })
                };
                words.iter().map(score).sum::<Option<usize>>().map(|score| (score, d))
            })
            .collect();
        found.sort_by_key(|(score, _)| *score);
        found.into_iter().map(|(_, d)| d).collect()
    }
}

fn categories(tree: &ConfigTree, texts: &Texts, faults: &mut Vec<Fault>) -> Vec<Category> {
    let Some(text) = tree.get("categories.toml") else { return Vec::new() };
    let shown = tree.shown("categories.toml");
    let (read, more) = toml_text::read::<Categories>(&shown, text, &[]);
    faults.extend(more);
    let mut all: Vec<Category> = Vec::new();
    for category in read.into_iter().flat_map(|file| file.category) {
        let (start, category) = (category.span().start, category.into_inner());
        if all.iter().any(|other| other.slug == category.slug) {
            let message = format!("the category {} is there twice", category.slug);
            faults.push(Fault::at(&shown, text, start, message, "give one of them another slug"));
        }
        for (message, hint) in texts.unspoken(&category.title) {
            faults.push(Fault::at(&shown, text, start, format!("the title of {}: {message}", category.slug), hint));
        }
        all.push(category);
    }
    all
}

/// Lower case with å ä ö kept, other marks as they are; everything that is no letter or digit becomes a space.
fn fold(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).flat_map(char::to_lowercase).collect()
}

/// å ä ö after z, in this order.
fn sort_key(title: &str) -> String {
    fold(title)
        .chars()
        .map(|c| match c {
            'å' => '{',
            'ä' | 'æ' => '|',
            'ö' | 'ø' => '}',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Lang;

    fn catalogue() -> (Catalogue, MunicipalitySlug, Voice) {
        let tree = ConfigTree::embedded();
        let municipalities = Municipalities::load(&tree, true).unwrap();
        let texts = Arc::new(Texts::new(Texts::files()).unwrap());
        let catalogue = Catalogue::load(&tree, &municipalities, &texts).unwrap();
        (catalogue, "orkelljunga".parse().unwrap(), texts.voice(Lang::SWEDISH))
    }

    #[test]
    fn a_search_knows_swedish_letters_and_parts_of_words() {
        let (catalogue, slug, voice) = catalogue();
        let first = |query: &str| catalogue.search(&slug, query, &voice).first().map(|d| d.slug.to_string());
        assert_eq!(first("FÖRSKOLA").as_deref(), Some("forskoleplats"));
        assert_eq!(first("förening bidrag").as_deref(), Some("foreningsbidrag"));
        assert_eq!(first("gatlykta").or(first("belysning")).as_deref(), Some("felanmalan"));
        assert_eq!(first("xyzzy"), None);
    }

    #[test]
    fn every_service_stands_under_a_known_category() {
        let (catalogue, slug, voice) = catalogue();
        for service in catalogue.all(&slug, &voice) {
            assert!(catalogue.categories().iter().any(|c| c.slug == service.category), "{}", service.slug);
        }
    }
}
