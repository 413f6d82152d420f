//! Reading an errand: what there is in it, and a line in the reading log in the same unit of work. Nobody reads unseen.

use super::store::{self, Errand, Message, Request};
use super::{ErrandFault, open};
use crate::audit;
use crate::db::Conn;
use crate::desk::journal::{self, Line};
use crate::desk::portal_link::{self, Document, SentFile};
use crate::desk::staff::{self, Member, Unit};
use crate::vocabulary::{At, ErrandId};
use std::collections::BTreeMap;

/// An errand and what belongs to it.
pub struct Reading {
    /// Itself.
    pub errand: Errand,
    /// Who has it.
    pub unit: Option<Unit>,
    /// Who may be given it.
    pub colleagues: Vec<Member>,
    /// Both ways, oldest first.
    pub messages: Vec<Message>,
    /// In the order they came.
    pub documents: Vec<Document>,
    /// What went to the resident, oldest first.
    pub sent: Vec<SentFile>,
    /// What she has been asked, oldest first.
    pub requests: Vec<Request>,
    /// Newest first.
    pub journal: Vec<Line>,
    /// Display names of staff.
    pub names: BTreeMap<String, String>,
    /// Events that the portal has not answered, and why.
    pub undelivered: (i64, Option<String>),
}

/// Reads an errand. When it is hers, what called for attention has now been seen.
pub fn read(c: &mut Conn, by: &Member, id: &ErrandId, now: At) -> Result<Reading, ErrandFault> {
    let errand = open(c, by, id, now)?;
    audit::record(c, &by.municipality, now, &by.affiliation, "errand.read", id.as_str(), "")?;
    if errand.attention.is_some() && errand.handler.as_deref() == Some(by.affiliation.as_str()) {
        store::seen(c, id)?;
    }
    Ok(Reading {
        unit: staff::unit(c, &by.municipality, &errand.unit)?,
        colleagues: staff::colleagues(c, &by.municipality, &errand.unit)?,
        messages: store::messages(c, id)?,
        documents: portal_link::documents_of(c, id)?,
        sent: portal_link::sent_of(c, id)?,
        requests: store::requests(c, id)?,
        journal: journal::lines(c, id)?,
        names: staff::names_of(c, &by.municipality, errand.handler.iter().cloned().collect())?,
        undelivered: portal_link::undelivered(c, id)?,
        errand,
    })
}

/// A file of an errand that she may read, with a line in the reading log.
pub fn read_document(
    c: &mut Conn,
    by: &Member,
    id: &ErrandId,
    file: &crate::vocabulary::FileId,
    now: At,
) -> Result<Document, ErrandFault> {
    open(c, by, id, now)?;
    let document = portal_link::document(c, id, file)?.ok_or(ErrandFault::NotFound)?;
    audit::record(c, &by.municipality, now, &by.affiliation, "document.read", id.as_str(), &document.number)?;
    Ok(document)
}

/// A file that was sent, likewise.
pub fn read_sent(
    c: &mut Conn,
    by: &Member,
    id: &ErrandId,
    file: &crate::vocabulary::FileId,
    now: At,
) -> Result<SentFile, ErrandFault> {
    open(c, by, id, now)?;
    let file = portal_link::sent_file(c, id, file)?.ok_or(ErrandFault::NotFound)?;
    audit::record(c, &by.municipality, now, &by.affiliation, "document.read", id.as_str(), &file.number)?;
    Ok(file)
}
