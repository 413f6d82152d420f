//! Sends events to the portal, signed, and acts on the answer.

use super::outbox::{self, Outgoing, State};
use crate::contract::{EventOutcome, EventResults, ONE, Problem, ProblemCode, Secret};
use crate::db::{Conn, Db, DbError};
use crate::desk::journal::{self, Happening};
use crate::jobs::{LEASE, while_leased};
use crate::municipalities::{Municipalities, Municipality};
use crate::settings::{Settings, Target, random_bytes};
use crate::vocabulary::{At, Clock, TargetSlug};
use serde_json::json;
use std::sync::Arc;

/// Claimed at once.
const BATCH: i64 = 16;
/// A portal that refuses our key or address is asked again so often. Seconds.
const PROBE: i64 = 60;
/// Bytes of an answer that are read.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Sends what waits.
#[derive(Clone)]
pub struct Pusher {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<Settings>,
    pub(crate) municipalities: Municipalities,
    pub(crate) client: reqwest::Client,
    /// Our own name in the portal's settings.
    pub(crate) own: TargetSlug,
}

/// What became of one attempt.
#[derive(Debug, PartialEq)]
enum Answer {
    /// The portal has it; its word for what it did.
    Accepted(EventOutcome),
    /// The portal will never have it.
    Refused(String),
    /// Not the event's fault but the settings'.
    Misconfigured(String),
    /// Later, after so many seconds if the portal said.
    Later(String, Option<i64>),
}

impl Pusher {
    /// Sends what is due; true when there may be more at once.
    pub async fn run(&self) -> bool {
        let now = self.clock.now();
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
        let work = async {
            match self.municipalities.find(&event.municipality) {
                None => Answer::Misconfigured("the municipality is not in the configuration".into()),
                Some(municipality) => self.call(municipality, &event).await,
            }
        };
        let renew = |held, next| {
            let id = event.id.clone();
            self.db.write(move |c| outbox::renew(c, &id, held, next))
        };
        let Some((answer, held)) = while_leased(&self.clock, until, work, renew).await else { return };
        metrics::counter!("desk_events_total", "outcome" => answer.name()).increment(1);
        let (now, retry_after) = (self.clock.now(), self.retry_after(&event));
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

    fn retry_after(&self, event: &Outgoing) -> Vec<u32> {
        self.municipalities
            .find(&event.municipality)
            .and_then(|m| target_of(&self.settings, m, &self.own))
            .map(|t| t.retry_after.clone())
            .unwrap_or_default()
    }

    async fn call(&self, municipality: &Municipality, event: &Outgoing) -> Answer {
        let Some(target) = target_of(&self.settings, municipality, &self.own) else {
            return Answer::Misconfigured(format!("targets.{} is not set", self.own));
        };
        let secret = target.secret_in.first().and_then(|s| s.expose().parse::<Secret>().ok());
        let Some(secret) = secret else {
            return Answer::Misconfigured(format!("targets.{}.secret_in holds no secret", self.own));
        };
        let now = self.clock.now();
        let url = format!("{}/integration/v1/case-events", municipality.address(&self.settings.portal.public_url));
        let sent = self
            .client
            .post(url)
            .header("content-type", ONE)
            .header("webhook-id", &event.id)
            .header("webhook-timestamp", now.seconds().to_string())
            .header("webhook-signature", secret.sign(&event.id, now, event.body.as_bytes()))
            .body(event.body.clone())
            .send()
            .await;
        match sent {
            Err(e) if e.is_timeout() => Answer::Later("the portal did not answer in time".into(), None),
            Err(_) => Answer::Later("the portal cannot be reached".into(), None),
            Ok(response) => {
                let status = response.status().as_u16();
                let retry = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
                match limited(response).await {
                    Some(body) => read_answer(status, retry, &body),
                    None => Answer::Later("the portal's answer broke off".into(), retry),
                }
            }
        }
    }
}

async fn limited(mut response: reqwest::Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.ok()? {
        if body.len() + part.len() > ANSWER_LIMIT {
            return None;
        }
        body.extend_from_slice(&part);
    }
    Some(body)
}

/// What an answer means. Only a refusal of the event itself ends it; everything else is tried again.
fn read_answer(status: u16, retry: Option<i64>, body: &[u8]) -> Answer {
    let problem = || serde_json::from_slice::<Problem>(body).map(|p| p.code).unwrap_or_default();
    let in_progress = ProblemCode::RequestInProgress.parts().0;
    match status {
        200..=299 => match serde_json::from_slice::<EventResults>(body).ok().and_then(|r| r.results.into_iter().next())
        {
            Some(result) if result.outcome == EventOutcome::Rejected => {
                Answer::Refused(result.problem.map(|p| p.code).unwrap_or_default())
            }
            Some(result) => Answer::Accepted(result.outcome),
            None => Answer::Later("the portal's answer cannot be read".into(), retry),
        },
        409 if problem() == in_progress => Answer::Later("the portal works on the same event".into(), Some(2)),
        400 | 409 | 410 | 413 | 422 => Answer::Refused(format!("{status} {}", problem())),
        408 | 425 | 429 | 500..=599 => Answer::Later(format!("the portal answered {status}"), retry),
        _ => Answer::Misconfigured(format!("the portal answered {status} {}", problem())),
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
            outbox::resume(c, &event.municipality)?;
            outbox::finish(c, &event.id, State::Accepted, outcome.as_str(), now)
        }
        Answer::Refused(why) => {
            outbox::resume(c, &event.municipality)?;
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
            let pause = wished.map_or(i64::from(pause), |w| w.clamp(1, 3600));
            outbox::postpone(c, &event.id, why, now.plus_seconds(jittered(pause)), false)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_event_itself_ends_it() {
        let applied = br#"{"results":[{"id":"e","outcome":"applied"}]}"#;
        let parked = br#"{"results":[{"id":"e","outcome":"parked"}]}"#;
        let rejected = br#"{"results":[{"id":"e","outcome":"rejected"}]}"#;
        assert_eq!(read_answer(202, None, applied), Answer::Accepted(EventOutcome::Applied));
        assert_eq!(read_answer(202, None, parked), Answer::Accepted(EventOutcome::Parked));
        assert!(matches!(read_answer(202, None, rejected), Answer::Refused(_)));
        assert!(matches!(read_answer(422, None, b""), Answer::Refused(_)));
        for status in [401, 403, 404, 301, 421] {
            assert!(matches!(read_answer(status, None, b""), Answer::Misconfigured(_)), "{status}");
        }
        assert_eq!(read_answer(503, Some(30), b""), Answer::Later("the portal answered 503".into(), Some(30)));
        assert!(matches!(read_answer(200, None, b"<html>"), Answer::Later(..)));
    }
}
