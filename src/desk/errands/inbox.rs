//! The lists: what waits in her units, oldest first, a page at a time. Each unit is read in the order of its index and
//! the pages are put together here, so that a page costs the same however many errands there are.

use super::Attention;
use crate::db::schema::errands;
use crate::db::{Conn, DbError, MultiBackend};
use crate::desk::staff::Member;
use crate::vocabulary::{At, ErrandId, Reference};
use diesel::prelude::*;
use std::fmt;
use std::str::FromStr;

/// Errands on a page.
pub const PAGE: usize = 50;

/// Which errands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only this unit of hers.
    pub unit: Option<String>,
    /// Only this status; also closed ones.
    pub status: Option<String>,
    /// Only hers.
    pub mine: bool,
    /// Only what nobody has.
    pub unassigned: bool,
    /// Only what calls for attention.
    pub unread: bool,
}

/// A place in the list: the last errand of the page before.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    at: At,
    id: ErrandId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.micros(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('.').ok_or(())?;
        Ok(Cursor { at: At::from_micros(at.parse().map_err(drop)?), id: id.parse().map_err(drop)? })
    }
}

/// An errand in a list: nothing that a list must not show.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = errands)]
pub struct Listed {
    /// Ours.
    pub id: ErrandId,
    /// What the resident has.
    pub reference: Reference,
    /// Ours.
    pub diary_number: String,
    /// Code.
    pub case_type: String,
    /// Code.
    pub unit: String,
    /// Of the errand.
    pub title: String,
    /// None for protected identity.
    pub applicant: Option<String>,
    /// Shown as a mark instead of the name.
    pub protected: bool,
    /// Code.
    pub status: String,
    /// Affiliation.
    pub handler: Option<String>,
    /// Why to look.
    pub attention: Option<Attention>,
    /// By which the list is sorted.
    pub received_at: At,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct InboxPage {
    /// Oldest first.
    pub errands: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// A page of her units' errands.
pub fn inbox(c: &mut Conn, by: &Member, filter: &Filter, after: Option<&Cursor>) -> Result<InboxPage, DbError> {
    let mut all = Vec::new();
    for unit in by.units.iter().filter(|u| by.works_in(u) && filter.unit.as_ref().is_none_or(|f| f == *u)) {
        all.extend(of_unit(c, by, unit, filter, after)?);
    }
    all.sort_by(|a, b| (a.received_at, &a.id).cmp(&(b.received_at, &b.id)));
    let more = all.len() > PAGE;
    all.truncate(PAGE);
    let next = all.last().filter(|_| more).map(|last| Cursor { at: last.received_at, id: last.id.clone() });
    Ok(InboxPage { errands: all, next })
}

fn of_unit(
    c: &mut Conn,
    by: &Member,
    unit: &str,
    filter: &Filter,
    after: Option<&Cursor>,
) -> Result<Vec<Listed>, DbError> {
    let mut query = errands::table
        .filter(errands::municipality.eq(&by.municipality))
        .filter(errands::unit.eq(unit))
        .into_boxed::<MultiBackend>();
    // The same words as the partial indexes have.
    query = match &filter.status {
        Some(status) => query.filter(errands::status.eq(status)),
        None if filter.unread => query,
        None => query.filter(errands::closed_at.is_null()),
    };
    if filter.unread {
        query = query.filter(errands::attention.is_not_null());
    }
    if filter.unassigned {
        query = query.filter(errands::handler.is_null());
    }
    if filter.mine {
        query = query.filter(errands::handler.eq(&by.affiliation));
    }
    if let Some(Cursor { at, id }) = after {
        query =
            query.filter(errands::received_at.ge(*at).and(errands::received_at.gt(*at).or(errands::id.gt(id.clone()))));
    }
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    listed(c, query.order((errands::received_at, errands::id)).limit(limit))
}

pub(super) fn listed(c: &mut Conn, query: errands::BoxedQuery<'_, MultiBackend>) -> Result<Vec<Listed>, DbError> {
    Ok(query.select(Listed::as_select()).load(c)?)
}

#[cfg(test)]
mod tests;
