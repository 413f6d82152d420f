//! Diary numbers: one series for each diary (nämnd) and year, without gaps, and the key that people's many ways of
//! writing one are found by.

use crate::db::schema::diary_counters;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, MunicipalitySlug};
use diesel::prelude::*;

/// Takes the next number of a diary in the caller's transaction: `KS 2026/00001`. The row is held until the commit, and
/// what is rolled back gives its number back, so there are no gaps.
pub fn next_number(c: &mut Conn, municipality: &MunicipalitySlug, diary: &str, now: At) -> Result<String, DbError> {
    let year = i32::from(now.day().year());
    let n: i64 = diesel::insert_into(diary_counters::table)
        .values((
            diary_counters::municipality.eq(municipality),
            diary_counters::diary.eq(diary),
            diary_counters::year.eq(year),
            diary_counters::last.eq(1),
        ))
        .on_conflict((diary_counters::municipality, diary_counters::diary, diary_counters::year))
        .do_update()
        .set(diary_counters::last.eq(diary_counters::last + 1))
        .returning(diary_counters::last)
        .each()
        .get_result(c)?;
    Ok(format!("{diary} {year}/{n:05}"))
}

/// Upper case without `DNR`, divided at whatever is no letter or digit, no leading zeros, letters first. `None` when it
/// cannot be a diary number. Never parsed to decide anything.
pub fn search_key(typed: &str) -> Option<String> {
    let upper = typed.to_uppercase();
    let (mut words, mut numbers) = (Vec::new(), Vec::new());
    for part in upper.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty() && *p != "DNR") {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            let bare = part.trim_start_matches('0');
            numbers.push(if bare.is_empty() { "0" } else { bare });
        } else {
            words.push(part);
        }
    }
    let fits = words.len() == 1 && numbers.len() >= 2;
    fits.then(|| words.into_iter().chain(numbers).collect::<Vec<_>>().join(":"))
}

#[cfg(test)]
mod tests {
    use super::search_key;

    #[test]
    fn every_way_of_writing_a_diary_number_finds_the_same_errand() {
        for typed in ["KS 2026/00123", "KS-2026-123", "2026/KS 0123", "dnr ks 2026/123", "Dnr: KS/2026/00123"] {
            assert_eq!(search_key(typed).as_deref(), Some("KS:2026:123"), "{typed}");
        }
        for typed in ["", "Anna Berg", "2026/123", "KS"] {
            assert_eq!(search_key(typed), None, "{typed}");
        }
    }
}
