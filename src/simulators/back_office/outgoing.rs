//! Sends events to the portal until it has taken or refused each of them.

use super::Office;
use super::books::Post;
use super::faults::Fault;
use super::journal::Line;
use super::register::finish_accepted;
use crate::contract::{CloudEvent, EventOutcome, EventResults, ONE};
use crate::settings::random_bytes;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the portal refuses is not sent again by itself; a key that does not fit is tried more slowly.
const PROBE: Duration = Duration::from_secs(1);

/// An event that is due.
struct Due {
    id: String,
    portal: String,
    body: String,
    attempts: u32,
}

pub(super) async fn send_all(office: Arc<Office>) {
    loop {
        finish_accepted(&office);
        let is_never = office.control.state().fault == Some(Fault::EventNever);
        match next(&office).filter(|_| !is_never) {
            Some(due) => send(&office, due).await,
            None => office.idle().await,
        }
    }
}

fn next(office: &Office) -> Option<Due> {
    let now = Instant::now();
    let is_reverse = office.control.state().fault == Some(Fault::EventReverse);
    let mut books = office.books();
    let mut due = books.outbox.iter_mut().filter(|l| l.state == Post::Waiting && l.due <= now);
    let letter = if is_reverse { due.next_back() } else { due.next() }?;
    letter.attempts += 1;
    Some(Due {
        id: letter.id.clone(),
        portal: letter.portal.clone(),
        body: letter.body.clone(),
        attempts: letter.attempts,
    })
}

/// What the portal said.
enum Said {
    Taken(EventOutcome),
    Refused,
    /// Again after so long, or when the back office thinks best.
    Later(Option<Duration>),
    /// Not the event's fault.
    Shut,
}

async fn send(office: &Office, due: Due) {
    let state = office.control.state();
    let is_on = |fault| state.fault == Some(fault);
    let body = match due.attempts > 1 && is_on(Fault::EventNewId) {
        true => renamed(&due.body, &format!("{}-{}", due.id, due.attempts)),
        false => due.body.clone(),
    };
    let mut said = post(office, &due.portal, &due.id, body).await;
    if is_on(Fault::EventDuplicate) {
        said = post(office, &due.portal, &due.id, due.body.clone()).await;
    }
    if is_on(Fault::EventTwins) {
        post(office, &due.portal, &format!("{}-twin", due.id), renamed(&due.body, &format!("{}-twin", due.id))).await;
    }
    let mut books = office.books();
    let Some(letter) = books.outbox.iter_mut().find(|l| l.id == due.id) else { return };
    let (pause, mut is_done) = (office.pause(), false);
    (letter.state, letter.due) = match said {
        Said::Taken(_) | Said::Refused if is_on(Fault::EventStubborn) => (Post::Waiting, Instant::now() + pause),
        Said::Taken(_) => {
            is_done = true;
            (Post::Delivered, letter.due)
        }
        Said::Refused => (Post::Rejected, letter.due),
        Said::Later(_) | Said::Shut if is_on(Fault::EventOnce) => (Post::GivenUp, letter.due),
        Said::Later(wish) => {
            let wish = wish.filter(|_| !is_on(Fault::EventHasty)).unwrap_or(pause);
            (Post::Waiting, Instant::now() + wish.max(pause))
        }
        Said::Shut => (Post::Waiting, Instant::now() + PROBE),
    };
    if is_done {
        // One whose line is lost is sent once more, and known.
        let _ = books.journal.keep(&Line::Done { id: due.id.clone() });
    }
    drop(books);
    let told = match said {
        Said::Taken(outcome) => outcome.as_str(),
        Said::Refused => "refused",
        Said::Later(_) => "later",
        Said::Shut => "shut",
    };
    office.control.count("events", told.to_owned());
    office.control.note(json!({ "event": "sent", "id": due.id, "attempt": due.attempts, "said": told }));
}

fn renamed(body: &str, id: &str) -> String {
    match serde_json::from_str::<CloudEvent>(body) {
        Ok(event) => serde_json::to_string(&CloudEvent { id: id.to_owned(), ..event }).unwrap_or_default(),
        Err(_) => body.to_owned(),
    }
}

async fn post(office: &Office, portal: &str, webhook_id: &str, body: String) -> Said {
    let is_old = office.control.strike(|f| f == Fault::EventOldTimestamp).is_some();
    let now = office.config.clock.now().plus_seconds(if is_old { -3600 } else { 0 });
    let mut signature = office.config.secret_in.sign(webhook_id, now, body.as_bytes());
    if office.control.strike(|f| f == Fault::EventWrongSignature).is_some() {
        let stranger =
            crate::contract::Secret::text(random_bytes().unwrap_or([9; 32])).parse::<crate::contract::Secret>();
        signature = stranger.map(|s| s.sign(webhook_id, now, body.as_bytes())).unwrap_or_default();
    }
    let sent = office
        .client
        .post(format!("{portal}/integration/v1/case-events"))
        .header("content-type", ONE)
        .header("webhook-id", webhook_id)
        .header("webhook-timestamp", now.seconds().to_string())
        .header("webhook-signature", signature)
        .header("traceparent", super::traceparent())
        .body(body)
        .send()
        .await;
    let Ok(response) = sent else { return Said::Later(None) };
    let status = response.status().as_u16();
    let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
    // An answer that breaks off is none.
    let Ok(answer) = response.bytes().await else { return Said::Later(None) };
    match status {
        200..=299 => {
            match serde_json::from_slice::<EventResults>(&answer).ok().and_then(|r| r.results.into_iter().next()) {
                Some(result) if result.outcome == EventOutcome::Rejected => Said::Refused,
                Some(result) => Said::Taken(result.outcome),
                None => Said::Later(None),
            }
        }
        400 | 409 | 410 | 413 | 422 => Said::Refused,
        401 | 403 | 404 => Said::Shut,
        _ => Said::Later(retry_after.map(Duration::from_secs)),
    }
}
