//! Finding an errand by the beginnings of words, by reference or by diary number. Texts are folded here and not by the
//! database, whose idea of lower case and order depends on its settings.

use super::inbox::{Listed, listed};
use super::search_key;
use crate::db::schema::{errand_words, errands};
use crate::db::{Conn, DbError};
use crate::desk::staff::Member;
use crate::vocabulary::{MunicipalitySlug, Reference};
use diesel::prelude::*;

/// Shown at most.
const LIMIT: i64 = 50;
/// Words of one question that count.
const WORDS: usize = 6;

/// The words of a text: lower case, divided at whatever is no letter or digit. `å`, `ä` and `ö` are letters of their own.
pub fn fold(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| w.to_lowercase().chars().take(60).collect())
        .collect();
    words.sort();
    words.dedup();
    words
}

/// Errands of her units, newest first.
pub fn found(c: &mut Conn, by: &Member, question: &str) -> Result<Vec<Listed>, DbError> {
    if let Ok(reference) = question.parse::<Reference>() {
        return listed(c, own(by).filter(errands::reference.eq(reference)));
    }
    if let Some(key) = search_key(question) {
        let exact = listed(c, own(by).filter(errands::diary_key.eq(key)))?;
        if !exact.is_empty() {
            return Ok(exact);
        }
    }
    let words = fold(question);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        words.into_iter().take(WORDS).fold(own(by), |query, word| {
            query.filter(errands::id.eq_any(
                errand_words::table.filter(begins_with(&by.municipality, word)).select(errand_words::errand_id),
            ))
        });
    listed(c, query.order((errands::received_at.desc(), errands::id.desc())).limit(LIMIT))
}

type Own<'a> = errands::BoxedQuery<'a, crate::db::MultiBackend>;

fn own(by: &Member) -> Own<'_> {
    let units: Vec<String> = by.units.iter().filter(|u| by.works_in(u)).cloned().collect();
    errands::table.filter(errands::municipality.eq(&by.municipality)).filter(errands::unit.eq_any(units)).into_boxed()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn begins_with<'a>(municipality: &'a MunicipalitySlug, word: String) -> _ {
    // A range rather than LIKE: both databases walk the index for it, byte for byte.
    let end: String = format!("{word}\u{10FFFF}");
    errand_words::municipality.eq(municipality).and(errand_words::word.ge(word)).and(errand_words::word.le(end))
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn words_are_found_in_any_case_and_the_swedish_letters_stay_themselves() {
        assert_eq!(fold("Åsa ÖBERG-Lind"), ["lind", "åsa", "öberg"]);
        assert_ne!(fold("Åsa"), fold("Asa"));
        assert!(fold(" – / ").is_empty());
    }
}
