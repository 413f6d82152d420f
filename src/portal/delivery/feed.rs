//! Notices to receivers: thin, in the order in which they were committed. A receiver reads them in its feed, or they are
//! pushed to it; either way it may see one twice and none is passed by.

use super::feed_store;
use crate::contract::{CloudEvent, DeliveryKind, FeedPage, NoticeKind, Page, Positioned, TYPE_PREFIX, sequence_text};
use crate::db::{Conn, DbError};
use crate::portal::cases::Case;
use crate::vocabulary::{At, DeliveryId, MunicipalitySlug, TargetSlug};
use serde_json::{Value, json};

/// Notices in one page at most.
pub const FEED_PAGE: i64 = 100;

/// Notes something for the receiver of a case, in the caller's transaction. `data`: ids and days, never what was written.
pub fn note(conn: &mut Conn, case: &Case, kind: NoticeKind, data: Value, now: At) -> Result<(), DbError> {
    feed_store::insert(conn, case, kind, data, now)
}

/// The notice that goes with a delivery; none goes with a submission, which nobody is waiting for.
pub(super) fn note_delivery(
    conn: &mut Conn,
    case: &Case,
    kind: DeliveryKind,
    id: &DeliveryId,
    about: Option<&str>,
    now: At,
) -> Result<(), DbError> {
    let (notice, name) = match kind {
        DeliveryKind::Submission => return Ok(()),
        DeliveryKind::Supplement => (NoticeKind::SupplementSubmitted, "supplementId"),
        DeliveryKind::Message => (NoticeKind::CitizenMessageSent, "inReplyTo"),
        DeliveryKind::HearingReply => (NoticeKind::HearingReplied, "hearingId"),
        DeliveryKind::Withdrawal => (NoticeKind::WithdrawalRequested, "inReplyTo"),
        DeliveryKind::DecisionRequest => (NoticeKind::DecisionRequested, "inReplyTo"),
        DeliveryKind::Appeal => (NoticeKind::AppealSubmitted, "decisionId"),
    };
    let mut data = json!({ "deliveryId": id, "receivedDate": now.day().to_string() });
    if let (Some(about), Some(data)) = (about, data.as_object_mut()) {
        data.insert(name.to_owned(), about.into());
    }
    note(conn, case, notice, data, now)
}

/// Gives the committed notices of a target their places; true when there were any. Only one at a time does this for a
/// target: the next waits until the places of the first are committed, so that they follow the order of commits.
pub fn place(conn: &mut Conn, municipality: &MunicipalitySlug, target: &TargetSlug) -> Result<bool, DbError> {
    feed_store::lock_head(conn, municipality, target)?;
    feed_store::place(conn, municipality, target)
}

/// True when committed notices have no places yet.
pub fn is_behind(conn: &mut Conn, municipality: &MunicipalitySlug, target: &TargetSlug) -> Result<bool, DbError> {
    feed_store::is_behind(conn, municipality, target)
}

/// What comes after a position. `code`: of the municipality, for the sources.
pub fn page(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    code: &str,
    target: &TargetSlug,
    offset: i64,
    limit: i64,
) -> Result<FeedPage, DbError> {
    let limit = limit.clamp(1, FEED_PAGE);
    let mut rows = feed_store::after(conn, municipality, target, offset, limit + 1)?;
    let has_more = i64::try_from(rows.len()).is_ok_and(|n| n > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_offset = rows.last().map_or(offset, |r| r.position);
    let events = rows.into_iter().map(|r| Positioned { position: r.position, event: event(r, code) }).collect();
    Ok(FeedPage { events, page: Page { offset, limit, next_offset, has_more } })
}

fn event(row: feed_store::Placed, code: &str) -> CloudEvent {
    CloudEvent {
        specversion: "1.0".into(),
        id: row.id,
        source: format!("urn:kommunportal:municipality:{code}:case:{}", row.case_id),
        kind: format!("{TYPE_PREFIX}{}", row.kind.as_str()),
        subject: row.subject,
        time: row.time,
        timeprecision: None,
        sequence: u64::try_from(row.sequence).ok().map(sequence_text),
        replay: false,
        datacontenttype: Some("application/json".into()),
        data: row.data.0,
    }
}

/// How far a receiver has read.
pub fn acknowledged(conn: &mut Conn, municipality: &MunicipalitySlug, target: &TargetSlug) -> Result<i64, DbError> {
    feed_store::acknowledged(conn, municipality, target)
}

/// The receiver has read up to and with a position; never backwards and never past the end. The cursor afterwards.
pub fn acknowledge(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    up_to: i64,
) -> Result<i64, DbError> {
    feed_store::lock_head(conn, municipality, target)?;
    feed_store::acknowledge(conn, municipality, target, up_to)
}

/// Targets that have not been told everything, for pushing: with the position to go on from.
pub fn untold(conn: &mut Conn) -> Result<Vec<(MunicipalitySlug, TargetSlug, i64)>, DbError> {
    feed_store::untold(conn)
}
