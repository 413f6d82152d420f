//! Who may open an errand: handlers of its unit, and where somebody has protected identity only with a stated reason.

use super::store::{self, Errand};
use super::{Catalogue, ErrandFault};
use crate::audit;
use crate::db::Conn;
use crate::desk::staff::Member;
use crate::vocabulary::{At, ErrandId};

/// For so long a stated reason holds. Seconds.
const REASON_HOLDS: i64 = 3600;
/// Shorter is no reason.
const SHORTEST_REASON: usize = 10;
/// Characters in the longest.
const LONGEST_REASON: usize = 500;

/// Somebody does something with an errand.
pub struct Act<'a> {
    /// Case types and statuses.
    pub catalogue: &'a Catalogue,
    /// Who.
    pub by: &'a Member,
    /// With which.
    pub errand: &'a ErrandId,
    /// The version that she had before her.
    pub version: i32,
    /// When.
    pub now: At,
}

/// The errand, if she may have it before her now.
pub fn open(c: &mut Conn, by: &Member, id: &ErrandId, now: At) -> Result<Errand, ErrandFault> {
    let errand = of_her_unit(c, by, id)?;
    if errand.protected && store::opening(c, id, &by.affiliation)?.is_none_or(|until| now >= until) {
        return Err(ErrandFault::NeedsReason);
    }
    Ok(errand)
}

fn of_her_unit(c: &mut Conn, by: &Member, id: &ErrandId) -> Result<Errand, ErrandFault> {
    let errand = store::find(c, &by.municipality, id)?.ok_or(ErrandFault::NotFound)?;
    if by.works_in(&errand.unit) { Ok(errand) } else { Err(ErrandFault::NotFound) }
}

/// She states why she opens an errand with protected identity; the reason goes to the reading log.
pub fn reason_given(c: &mut Conn, by: &Member, id: &ErrandId, reason: &str, now: At) -> Result<(), ErrandFault> {
    let errand = of_her_unit(c, by, id)?;
    let reason = reason.trim();
    if !(SHORTEST_REASON..=LONGEST_REASON).contains(&reason.chars().count()) {
        return Err(ErrandFault::Invalid("reason", "desk-reason-short"));
    }
    audit::record(c, &by.municipality, now, &by.affiliation, "errand.opened-protected", id.as_str(), reason)?;
    store::put_opening(c, &errand, &by.affiliation, now.plus_seconds(REASON_HOLDS))?;
    Ok(())
}
