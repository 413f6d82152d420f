//! What a resident is asked for (komplettering, kommunicering): put together from the receiver's events and her answers.

use super::apply::{Row, Taken, key};
use super::asking::{Asking, Spoken, Word, asking};
use super::effects::{file_ids, heard as heard_of, put_event, show, tell_of};
use super::model::*;
use super::request_store::{self, RequestData, RequestKind, RequestState, Standing};
use super::status::project;
use super::store;
use crate::contract::{DeliveryKind, EventData as Said, SupplementState};
use crate::db::{Conn, DbError};
use crate::portal::notifications::{self, News};
use crate::vocabulary::{At, FileId};

/// How long before the last day she is reminded. Days.
const REMINDED: i64 = 3;

impl RequestKind {
    /// What she answers with.
    pub fn answer(self) -> DeliveryKind {
        match self {
            RequestKind::Supplement => DeliveryKind::Supplement,
            RequestKind::Hearing => DeliveryKind::HearingReply,
        }
    }

    fn events(self) -> &'static [&'static str] {
        match self {
            RequestKind::Supplement => &["supplement_requested", "supplement_resolved"],
            RequestKind::Hearing => &["hearing_requested"],
        }
    }
}

/// What an event says of the request.
fn word(said: &Said) -> Option<Word> {
    match said {
        Said::SupplementRequested(s) => Some(Word::Asked(s.version, s.due_at)),
        Said::SupplementResolved(s) => Some(Word::Resolved(s.state, s.due_at)),
        Said::HearingRequested(h) => Some(Word::Asked(h.version, h.due_at)),
        _ => None,
    }
}

fn name(said: &Said) -> &str {
    match said {
        Said::SupplementRequested(s) => &s.supplement_id,
        Said::SupplementResolved(s) => &s.supplement_id,
        Said::HearingRequested(h) => &h.hearing_id,
        _ => "",
    }
}

/// Its row in the timeline.
fn told(said: &Said) -> Option<(EventKind, EventData)> {
    let until = |due: Option<At>| EventData { day: due.map(At::day), ..EventData::default() };
    match said {
        Said::SupplementRequested(s) => Some((EventKind::Supplement, until(s.due_at))),
        Said::HearingRequested(h) => Some((EventKind::Hearing, until(h.due_at))),
        Said::SupplementResolved(s) => {
            let kind = match s.state {
                SupplementState::Accepted => EventKind::SupplementAccepted,
                SupplementState::Insufficient => EventKind::SupplementInsufficient,
                SupplementState::Expired => EventKind::SupplementExpired,
                SupplementState::Cancelled => EventKind::SupplementCancelled,
            };
            Some((kind, EventData { text: s.text.clone(), ..until(s.due_at) }))
        }
        _ => None,
    }
}

fn files(said: &Said) -> Vec<FileId> {
    match said {
        Said::HearingRequested(h) => file_ids(&h.document_ids),
        _ => Vec::new(),
    }
}

/// An event about a request has come.
pub(super) fn heard(
    conn: &mut Conn,
    case: &Case,
    kind: RequestKind,
    id: &str,
    row: &Row<'_>,
    now: At,
) -> Result<Taken, DbError> {
    let all = all_of(conn, case, kind, id)?;
    let asks = asking(&spoken(&all));
    for (event, said) in &all {
        let Some((kind, data)) = told(said) else { continue };
        put_event(conn, case, &event.body.0, event.sequence, (kind, event.time, data), asks.is_some(), now)?;
    }
    let named: Vec<FileId> = all.iter().flat_map(|(_, said)| files(said)).collect();
    show(conn, case, &named)?;
    let news = match kind {
        RequestKind::Supplement => News::Supplement,
        RequestKind::Hearing => News::Hearing,
    };
    let opening = asks.and_then(|a| all.iter().find(|(r, _)| r.seq == a.opening));
    // First what it stands at, so that a letter knows until when.
    settle(conn, case, kind, id, now)?;
    tell_of(conn, case, all.iter().map(|(r, _)| r), opening.map(|(r, _)| (r, news)), now)?;
    let is_shown = asks.is_some_and(|a| [Some(a.words), Some(a.opening), a.resolved].contains(&Some(row.seq)));
    if is_shown {
        store::touch(conn, &case.id, now)?;
    }
    Ok(if is_shown || asks.is_none() { Taken::applied() } else { Taken::stale(None) })
}

fn all_of(conn: &mut Conn, case: &Case, kind: RequestKind, id: &str) -> Result<Vec<(InboundEvent, Said)>, DbError> {
    heard_of(conn, case, kind.events(), |said| (name(&said) == id).then_some(said))
}

fn spoken(all: &[(InboundEvent, Said)]) -> Vec<Spoken> {
    let one = |(r, said): &(InboundEvent, Said)| {
        word(said).map(|word| Spoken { row: r.seq, sequence: r.sequence, time: r.time, word })
    };
    all.iter().filter_map(one).collect()
}

/// Computes where a request stands, from the receiver's events and her answers, and what that makes of the case.
pub(super) fn settle(conn: &mut Conn, case: &Case, kind: RequestKind, id: &str, now: At) -> Result<(), DbError> {
    let all = all_of(conn, case, kind, id)?;
    let Some(asks) = asking(&spoken(&all)) else { return Ok(()) };
    let find = |seq: i64| all.iter().find(|(r, _)| r.seq == seq);
    let (Some((opening, _)), Some((_, words))) = (find(asks.opening), find(asks.words)) else { return Ok(()) };
    let opening_key = key(&opening.body.0);
    let answered = store::answered(conn, &case.id, kind.answer(), id)?;
    let is_answered = answered.iter().flatten().any(|to| *to == opening_key);
    let state = match asks.state {
        RequestState::Open if is_answered => RequestState::Submitted,
        other => other,
    };
    let standing = Standing {
        state,
        opening: opening_key,
        data: data(words, asks.resolved.and_then(find).map(|(_, said)| said)),
        asked_at: opening.time,
        due_at: asks.due_at,
    };
    request_store::put(conn, &case.municipality, &case.id, kind, id, standing)?;
    remind(conn, case, &all, &asks, state, now)?;
    project(conn, case)?;
    Ok(())
}

fn data(words: &Said, resolved: Option<&Said>) -> RequestData {
    let answer = match resolved {
        Some(Said::SupplementResolved(s)) => s.text.clone(),
        _ => None,
    };
    match words {
        Said::SupplementRequested(s) => RequestData {
            text: s.text.clone(),
            items: s.items.clone(),
            consequence: s.consequence.clone(),
            documents: Vec::new(),
            answer,
        },
        other => {
            let text = if let Said::HearingRequested(h) = other { h.text.clone() } else { String::new() };
            RequestData { text, documents: files(other), answer, ..RequestData::default() }
        }
    }
}

/// One reminder for what asks at present, while she has not answered.
fn remind(
    conn: &mut Conn,
    case: &Case,
    all: &[(InboundEvent, Said)],
    asks: &Asking,
    state: RequestState,
    now: At,
) -> Result<(), DbError> {
    let reminder = |event: &InboundEvent| format!("reminder:{}", key(&event.body.0));
    let due = asks.due_at.filter(|_| state == RequestState::Open).map(|at| at.plus_days(-REMINDED));
    for (event, _) in all {
        // As it was sent: what is heard anew here is silent, but its reminder still stands.
        let is_news = !event.body.0.replay;
        match due.filter(|at| event.seq == asks.opening && is_news && *at > now) {
            Some(at) => notifications::remind(conn, &case.municipality, &case.id, &reminder(event), at, now)?,
            None => notifications::forget(conn, &case.municipality, &case.id, &reminder(event))?,
        }
    }
    Ok(())
}
