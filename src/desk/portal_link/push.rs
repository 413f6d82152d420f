//! Sends events to the portal, signed, the files that they name first, and acts on the answer.

use super::outbox::{self, Outgoing, State};
use super::portal::{Answered, NoAnswer, Portals, Push};
use super::upload;
use crate::contract::{EventOutcome, EventResults, ONE, ProblemCode};
use crate::db::{Conn, Db, DbError};
use crate::desk::journal::{self, Happening};
use crate::files::BlobStore;
use crate::jobs::{LEASE, while_leased};
use crate::municipalities::Municipality;
use crate::settings::{Settings, Target, random_bytes};
use crate::vocabulary::{At, TargetSlug};
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;

/// Claimed at once.
const BATCH: i64 = 16;
/// A portal that refuses our key or address is asked again so often. Seconds.
const PROBE: i64 = 60;

/// Sends what waits.
#[derive(Clone)]
pub struct Pusher {
    pub(crate) db: Db,
    pub(crate) portals: Portals,
    pub(crate) blobs: Arc<BlobStore>,
}

/// What became of one attempt.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    /// The portal has it; its word for what it did.
    Accepted(EventOutcome),
    /// The portal will never have it.
    Refused(String),
    /// Not the event's fault but the settings'.
    Misconfigured(String),
    /// Later, after so many seconds if the portal said.
    Later(String, Option<i64>),
}

impl From<NoAnswer> for Answer {
    fn from(none: NoAnswer) -> Self {
        match none {
            NoAnswer::Misconfigured(why) => Answer::Misconfigured(why),
            NoAnswer::Later(why) => Answer::Later(why, None),
        }
    }
}

impl Pusher {
    /// Sends what is due; true when there may be more at once.
    pub async fn run(&self) -> bool {
        let now = self.portals.clock.now();
        let until = now.plus_seconds(LEASE);
        let claimed = self.db.write(move |c| outbox::claim(c, BATCH, now, until)).await;
        let events = match claimed {
            Ok(events) => events,
            Err(e) => {
                tracing::warn!(error = %e, "no events could be claimed");
                return false;
            }
        };
        let more = !events.is_empty();
        futures_util::future::join_all(events.into_iter().map(|event| self.send(event, until))).await;
        more
    }

    #[tracing::instrument(name = "event", skip_all, fields(event = %event.id))]
    async fn send(&self, event: Outgoing, until: At) {
        let work = async { self.call(&event).await.unwrap_or_else(|answer| answer) };
        let renew = |held, next| {
            let id = event.id.clone();
            self.db.write(move |c| outbox::renew(c, &id, held, next))
        };
        let Some((answer, held)) = while_leased(&self.portals.clock, until, work, renew).await else { return };
        metrics::counter!("desk_events_total", "outcome" => answer.name()).increment(1);
        let (now, retry_after) = (self.portals.clock.now(), self.portals.retry_after(&event.municipality));
        let id = event.id.clone();
        let kept = self.db.write(move |c| match outbox::give_back(c, &event.id, held)? {
            true => keep(c, &event, &answer, &retry_after, now),
            false => Ok(()),
        });
        if let Err(e) = kept.await {
            // Its lease runs out and it is sent again: the portal knows it by its id.
            tracing::warn!(error = %e, event = %id, "an answer of the portal could not be kept");
        }
    }

    /// The files first, then the event. A crash between the two hands in the files again: the portal knows them by their keys.
    async fn call(&self, event: &Outgoing) -> Result<Answer, Answer> {
        let body = match event.files.0.as_slice() {
            [] => event.body.clone(),
            files => upload::all(self, event, files).await?,
        };
        let push = Push {
            path: "/case-events",
            method: Method::POST,
            content_type: ONE,
            webhook_id: event.sent_as.as_deref().unwrap_or(&event.id),
            key: None,
            body: body.into(),
        };
        Ok(read_answer(&self.portals.push(&event.municipality, push).await?))
    }
}

/// What an answer means. Only a refusal of the event itself ends it; everything else is tried again.
fn read_answer(answered: &Answered) -> Answer {
    let retry = answered.retry_after;
    if !answered.is_success() {
        return refusal(answered);
    }
    match serde_json::from_slice::<EventResults>(&answered.body).ok().and_then(|r| r.results.into_iter().next()) {
        Some(result) if result.outcome == EventOutcome::Rejected => {
            Answer::Refused(result.problem.map(|p| p.code).unwrap_or_default())
        }
        Some(result) => Answer::Accepted(result.outcome),
        None => Answer::Later("the portal's answer cannot be read".into(), retry),
    }
}

/// What an answer other than 2xx means, to an event or to a file.
pub(super) fn refusal(answered: &Answered) -> Answer {
    let (status, problem) = (answered.status, answered.problem());
    match status {
        409 if problem == ProblemCode::RequestInProgress.parts().0 => {
            Answer::Later("the portal works on the same event".into(), Some(2))
        }
        400 | 409 | 410 | 413 | 415 | 422 => Answer::Refused(format!("{status} {problem}")),
        408 | 425 | 429 | 500..=599 => Answer::Later(format!("the portal answered {status}"), answered.retry_after),
        _ => Answer::Misconfigured(format!("the portal answered {status} {problem}")),
    }
}

impl Answer {
    fn name(&self) -> &'static str {
        match self {
            Answer::Accepted(_) => "accepted",
            Answer::Refused(_) => "refused",
            Answer::Misconfigured(_) => "misconfigured",
            Answer::Later(..) => "later",
        }
    }
}

fn keep(c: &mut Conn, event: &Outgoing, answer: &Answer, retry_after: &[u32], now: At) -> Result<(), DbError> {
    match answer {
        Answer::Accepted(outcome) => {
            outbox::resume(c, &event.municipality, now)?;
            outbox::finish(c, &event.id, State::Accepted, outcome.as_str(), now)
        }
        Answer::Refused(why) => {
            outbox::resume(c, &event.municipality, now)?;
            outbox::finish(c, &event.id, State::Rejected, why, now)?;
            let detail = json!({ "event": event.kind, "why": why });
            journal::note(c, &event.municipality, &event.errand, now, "", Happening::EventRejected, detail)
        }
        Answer::Misconfigured(why) => {
            tracing::error!(municipality = %event.municipality, why, "the portal refuses the desk's events");
            let probe = now.plus_seconds(PROBE);
            outbox::pause(c, &event.municipality, why, now, probe)?;
            outbox::postpone(c, &event.id, why, probe, true)
        }
        Answer::Later(why, wished) => {
            // What has happened must be told, however long the portal is away: the last pause is used again and again.
            let n = usize::try_from(event.attempts - 1).unwrap_or_default();
            let pause = retry_after.get(n).or(retry_after.last()).copied().unwrap_or(60);
            // Later than the portal asked for is well, earlier is not.
            let pause = match wished.map(|w| w.clamp(1, 3600)) {
                Some(wished) => jittered(wished).max(wished),
                None => jittered(i64::from(pause)),
            };
            outbox::postpone(c, &event.id, why, now.plus_seconds(pause), false)
        }
    }
}

/// ±20 %, so that what failed together does not come back together.
pub(super) fn jittered(seconds: i64) -> i64 {
    let [random] = random_bytes::<1>().unwrap_or([128]);
    (seconds * (80 + i64::from(random) * 40 / 255) / 100).max(1)
}

/// The settings under which the portal of a municipality knows this desk.
pub fn target_of<'a>(settings: &'a Settings, municipality: &'a Municipality, own: &TargetSlug) -> Option<&'a Target> {
    municipality.targets.get(own).or_else(|| settings.targets.get(own))
}

/// True when that portal cannot call us: the desk fetches its deliveries and notices by itself.
pub fn is_polled(target: &Target) -> bool {
    target.kind.as_str() == "polled"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, retry_after: Option<i64>, body: &[u8]) -> Answer {
        read_answer(&Answered { status, retry_after, body: body.to_vec() })
    }

    #[test]
    fn only_a_refusal_of_the_event_itself_ends_it() {
        let applied = br#"{"results":[{"id":"e","outcome":"applied"}]}"#;
        let parked = br#"{"results":[{"id":"e","outcome":"parked"}]}"#;
        let rejected = br#"{"results":[{"id":"e","outcome":"rejected"}]}"#;
        assert_eq!(read(202, None, applied), Answer::Accepted(EventOutcome::Applied));
        assert_eq!(read(202, None, parked), Answer::Accepted(EventOutcome::Parked));
        assert!(matches!(read(202, None, rejected), Answer::Refused(_)));
        assert!(matches!(read(422, None, b""), Answer::Refused(_)));
        for status in [401, 403, 404, 301, 421] {
            assert!(matches!(read(status, None, b""), Answer::Misconfigured(_)), "{status}");
        }
        assert_eq!(read(503, Some(30), b""), Answer::Later("the portal answered 503".into(), Some(30)));
        assert!(matches!(read(200, None, b"<html>"), Answer::Later(..)));
    }
}
