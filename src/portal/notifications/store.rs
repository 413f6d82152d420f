//! All SQL of notifications: the ledger, and what a letter needs of a case.

use super::{MAIL_JOB, News, REMINDER_JOB};
use crate::db::schema::{cases, notifications, party_settings, signers};
use crate::db::{Conn, DbError, EachDsl};
use crate::jobs::{self, NewJob};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, PartyId, Reference, SignerId};
use diesel::prelude::*;
use serde_json::json;

const MAIL: &str = "mail";
/// Begins the key of an invitation; the signer's id follows.
const SIGNER: &str = "signer:";

/// Decides that she is told, in the transaction of what it is about: at most one letter for `event_key`, none when she
/// gave no address. Who wants letters by post gets the receipt by mail all the same, if she gave an address.
pub fn notify(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    event_key: &str,
    news: News,
    now: At,
) -> Result<(), DbError> {
    let to: Option<(Option<String>, String)> = cases::table
        .filter(cases::id.eq(case))
        .filter(cases::municipality.eq(municipality))
        .select((cases::email, cases::channel))
        .first(conn)
        .optional()?;
    let Some((Some(_), channel)) = to else { return Ok(()) };
    if channel != "portal" && !news.is_always_told() {
        return Ok(());
    }
    enqueue(conn, municipality, case, event_key, news, now, now)
}

/// As [`notify`], with a letter that goes at `due` unless it is [forgotten](forget) before: what she was to answer until
/// shortly after then may be answered.
pub fn remind(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    event_key: &str,
    due: At,
    now: At,
) -> Result<(), DbError> {
    let to: Option<Option<String>> =
        cases::table.filter(cases::id.eq(case)).select(cases::email).first(conn).optional()?;
    match to.flatten() {
        Some(_) => enqueue(conn, municipality, case, event_key, News::Reminder, due, now),
        None => Ok(()),
    }
}

/// A letter that has not gone does not go: what it is about was overtaken.
pub fn forget(conn: &mut Conn, municipality: &MunicipalitySlug, case: &CaseId, event_key: &str) -> Result<(), DbError> {
    use notifications as n;
    let row = n::table.filter(n::municipality.eq(municipality)).filter(n::case_id.eq(case));
    diesel::delete(row.filter(n::event_key.eq(event_key)).filter(n::state.eq("waiting"))).execute(conn)?;
    Ok(())
}

/// Letters of a case that have not gone, to be put [back](put_back) after something that must not touch them.
pub fn unsent(conn: &mut Conn, case: &CaseId) -> Result<Vec<(String, At)>, DbError> {
    use notifications as n;
    let waiting = n::table.filter(n::case_id.eq(case)).filter(n::state.eq("waiting"));
    Ok(waiting.select((n::event_key, n::created_at)).load(conn)?)
}

/// In the same transaction as [`unsent`]: their jobs are still there.
pub fn put_back(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    letters: &[(String, At)],
) -> Result<(), DbError> {
    for (event_key, created_at) in letters {
        insert(conn, municipality, case, event_key, *created_at)?;
    }
    Ok(())
}

/// One letter of a case for each event; false when there is one.
fn insert(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    event_key: &str,
    at: At,
) -> Result<bool, DbError> {
    use notifications as n;
    let inserted = diesel::insert_into(n::table)
        .values((
            n::municipality.eq(municipality),
            n::case_id.eq(case),
            n::event_key.eq(event_key),
            n::channel.eq(MAIL),
            n::state.eq("waiting"),
            n::created_at.eq(at),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(inserted == 1)
}

fn enqueue(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    event_key: &str,
    news: News,
    due: At,
    now: At,
) -> Result<(), DbError> {
    if !insert(conn, municipality, case, event_key, now)? {
        return Ok(());
    }
    let job = NewJob {
        municipality,
        kind: if news == News::Reminder { REMINDER_JOB } else { MAIL_JOB },
        dedupe: Some(format!("{case} {event_key}")),
        payload: json!({ "case": case, "event_key": event_key, "news": news }),
        due,
    };
    jobs::enqueue(conn, job, now)
}

/// Asks somebody else, by the address that was given for her, to sign. The letter tells neither what nor whose it is.
pub fn invite(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    signer: &SignerId,
    now: At,
) -> Result<(), DbError> {
    enqueue(conn, municipality, case, &format!("{SIGNER}{signer}"), News::Sign, now, now)
}

/// How many letters the mail server has not taken yet. For metrics.
pub fn letters_waiting(conn: &mut Conn) -> Result<i64, DbError> {
    jobs::waiting(conn, MAIL_JOB)
}

/// What a letter needs.
#[derive(Clone, Debug, Queryable)]
pub(super) struct Addressee {
    pub email: Option<String>,
    pub language: String,
    pub reference: Reference,
    pub party_id: Option<PartyId>,
    pub title: String,
    pub sensitivity: String,
    pub protected: bool,
    pub received_at: At,
    pub answer_by: Option<At>,
}

/// The addressee, when the letter was decided, and who she is when it is somebody else who is asked to sign; `None` when
/// it was sent or refused already.
pub(super) fn waiting(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    event_key: &str,
) -> Result<Option<(Addressee, At, Option<SignerId>)>, DbError> {
    use {cases as c, notifications as n};
    let signer: Option<SignerId> = event_key.strip_prefix(SIGNER).and_then(|id| id.parse().ok());
    let found: Option<(Addressee, At)> = n::table
        .inner_join(c::table.on(c::id.eq(n::case_id)))
        .filter(n::municipality.eq(municipality))
        .filter(n::case_id.eq(case))
        .filter(n::event_key.eq(event_key))
        .filter(n::channel.eq(MAIL))
        .filter(n::state.eq("waiting"))
        .select((
            (
                c::email,
                c::language,
                c::reference,
                c::party_id,
                c::title,
                c::sensitivity,
                c::protected,
                c::received_at,
                c::answer_by,
            ),
            n::created_at,
        ))
        .first(conn)
        .optional()?;
    let Some((owner, decided_at)) = found else { return Ok(None) };
    let Some(id) = signer else { return Ok(Some((owner, decided_at, None))) };
    let hers = signers::table.find(&id).filter(signers::municipality.eq(municipality));
    let hers: Option<(Option<String>, String)> =
        hers.select((signers::email, signers::language)).first(conn).optional()?;
    let to_her = |(email, language)| (Addressee { email, language, party_id: None, ..owner }, decided_at, Some(id));
    Ok(hers.map(to_her))
}

fn finish(conn: &mut Conn, case: &CaseId, event_key: &str, state: &str, now: At) -> Result<(), DbError> {
    use notifications as n;
    let row = n::table.filter(n::case_id.eq(case)).filter(n::event_key.eq(event_key)).filter(n::channel.eq(MAIL));
    diesel::update(row).set((n::state.eq(state), n::sent_at.eq(now))).execute(conn)?;
    Ok(())
}

pub(super) fn sent(conn: &mut Conn, case: &CaseId, event_key: &str, now: At) -> Result<(), DbError> {
    finish(conn, case, event_key, "sent", now)?;
    if event_key.starts_with(SIGNER) {
        return Ok(());
    }
    let none: Option<At> = None;
    diesel::update(cases::table.find(case)).set(cases::email_refused_at.eq(none)).execute(conn)?;
    Ok(())
}

/// The address does not work: Mina sidor tells her.
pub(super) fn refused(conn: &mut Conn, case: &CaseId, event_key: &str, to: &Addressee, now: At) -> Result<(), DbError> {
    use party_settings as p;
    finish(conn, case, event_key, "refused", now)?;
    if event_key.starts_with(SIGNER) {
        return Ok(());
    }
    diesel::update(cases::table.find(case)).set(cases::email_refused_at.eq(now)).execute(conn)?;
    if let (Some(party), Some(email)) = (&to.party_id, &to.email) {
        // Only while it is still the address that she has there.
        diesel::update(p::table.filter(p::party_id.eq(party)).filter(p::email.eq(email)))
            .set(p::email_refused_at.eq(now))
            .execute(conn)?;
    }
    Ok(())
}
