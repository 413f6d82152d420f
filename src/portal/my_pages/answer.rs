//! What a resident does in a case of hers: writes, takes it back. Each is one unit of work, from "may she?" to the row that
//! hands it to whoever handles the case; what she is told has happened is durable by then.

use crate::audit;
use crate::contract::{DeliveryKind, Party};
use crate::db::{Conn, DbError};
use crate::portal::cases::{self, Case, FromResident, Written};
use crate::portal::delivery::{DeliveryFault, FollowUp, follow_up};
use crate::portal::submissions;
use crate::settings::Keys;
use crate::vocabulary::{At, MessageId, MunicipalitySlug, PartyId, Reference};

/// Most characters of a message.
pub(super) const LONGEST: usize = 10_000;

/// Whose case, and when.
#[derive(Clone)]
pub(super) struct Act {
    pub municipality: MunicipalitySlug,
    pub party: PartyId,
    /// For the audit log: she, and for whom.
    pub actor: String,
    /// She, when the case is somebody's that she acts for.
    pub by: Option<Party>,
    pub reference: Reference,
    pub keys: Keys,
    pub now: At,
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is in the case under this id, from now or from before: the same form sent twice is one message.
    There(MessageId),
    /// The case is over and takes no more.
    Over,
}

impl Act {
    fn case(&self, conn: &mut Conn) -> Result<Option<Case>, DbError> {
        cases::find_for_owner(conn, &self.municipality, &self.party, &self.reference)
    }

    fn record(&self, conn: &mut Conn, action: &str) -> Result<(), DbError> {
        audit::record(conn, &self.municipality, self.now, &self.actor, action, self.reference.as_str(), "")
    }
}

/// Writes a message. `id` was made with the form. `None`: she has no such case.
pub(super) fn write(conn: &mut Conn, act: &Act, id: &MessageId, text: &str) -> Result<Option<Sent>, DeliveryFault> {
    let Some(case) = act.case(conn)? else { return Ok(None) };
    let known = cases::messages(conn, &case.id)?.into_iter().find(|m| m.id == *id);
    let id = match known {
        Some(before) if before.text == text => return Ok(Some(Sent::There(before.id))),
        // An old form brought back by the browser, with new words in it: a message of its own.
        Some(_) => MessageId::fresh(),
        None => id.clone(),
    };
    let what = FromResident {
        id: &id,
        kind: DeliveryKind::Message,
        text,
        files: None,
        about: None,
        opening: None,
        conversation: None,
    };
    match cases::write_from_resident(conn, &case, what, act.now)? {
        Written::Now(_) => {}
        Written::Before => return Ok(Some(Sent::There(id))),
        Written::Over => return Ok(Some(Sent::Over)),
    }
    hand_over(conn, act, &case, DeliveryKind::Message, &id, text)?;
    act.record(conn, "case.message")?;
    Ok(Some(Sent::There(id)))
}

/// Takes the case back. `Some(false)`: it is decided or over. `None`: she has no such case.
pub(super) fn withdraw(conn: &mut Conn, act: &Act, text: &str) -> Result<Option<bool>, DeliveryFault> {
    let Some(case) = act.case(conn)? else { return Ok(None) };
    if case.withdrawn_at.is_some() {
        return Ok(Some(true));
    }
    if !cases::withdraw(conn, &case, act.now)? {
        return Ok(Some(false));
    }
    submissions::withdraw_signers(conn, &act.municipality, &case.id, act.now)?;
    hand_over(conn, act, &case, DeliveryKind::Withdrawal, &MessageId::fresh(), text)?;
    act.record(conn, "case.withdrawn")?;
    Ok(Some(true))
}

/// Goes when the submission is registered, whenever that is.
fn hand_over(
    conn: &mut Conn,
    act: &Act,
    case: &Case,
    kind: DeliveryKind,
    id: &MessageId,
    text: &str,
) -> Result<(), DeliveryFault> {
    let what = FollowUp { kind, message_id: id, text, in_reply_to: None, files: Vec::new(), by: act.by.clone() };
    follow_up(conn, &act.keys, case, what, act.now)?;
    Ok(())
}
