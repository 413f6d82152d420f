//! The worker: takes what is due, calls the receiver with no transaction open, writes down what came of it.

use super::receiver::{Answer, Found, Receiver};
use super::schedule::{ASK_AFTER, Next, next};
use super::store::{self, DeliveryRow, DeliveryState, Finish};
use super::target_store;
use super::targets::{Receivers, target_of};
use super::{DeliveryFault, content, resolve};
use crate::contract::DeliveryKind;
use crate::db::{Db, DbError};
use crate::jobs::{LEASE, while_leased};
use crate::municipalities::Municipalities;
use crate::portal::cases::StatusMappings;
use crate::settings::{Keys, Settings, random_bytes};
use crate::vocabulary::{At, Clock, MunicipalitySlug, TargetSlug};
use std::sync::Arc;

/// Sent at once to one target.
const AT_ONCE: i64 = 4;

/// The delivery worker of the portal.
pub struct Pump {
    /// The portal's database.
    pub db: Db,
    /// When.
    pub clock: Clock,
    /// Opens and seals what is stored.
    pub keys: Keys,
    /// Targets and addresses.
    pub settings: Arc<Settings>,
    /// Whose targets.
    pub municipalities: Municipalities,
    /// What the receivers' first statuses mean.
    pub mappings: StatusMappings,
    /// Who takes deliveries.
    pub receivers: Receivers,
}

impl Pump {
    /// Does what is due; true when there may be more at once.
    pub async fn run_due(&self) -> bool {
        match self.round().await {
            Ok(done) => done > 0,
            Err(e) => {
                tracing::warn!(error = %e, "deliveries cannot be worked on");
                false
            }
        }
    }

    async fn round(&self) -> Result<usize, DbError> {
        let now = self.clock.now();
        // First, so that what a dead worker left is due in this very round.
        self.db.write(move |c| store::expire_leases(c, now)).await?;
        let (due, states) = self
            .db
            .read(move |c| Ok::<_, DbError>((store::due_targets(c, now)?, target_store::target_states(c, None)?)))
            .await?;
        let paused = |m: &MunicipalitySlug, t: &TargetSlug| {
            states.iter().any(|s| s.paused.is_some() && s.municipality == *m && s.target == *t)
        };
        let probes = states.iter().filter(|s| s.paused.is_some() && s.probe_at <= now);
        let resumed: usize = futures_util::future::try_join_all(probes.map(|s| self.probe(&s.municipality, &s.target)))
            .await?
            .into_iter()
            .sum();
        let open = due.iter().filter(|(m, t)| !paused(m, t));
        let sent: usize =
            futures_util::future::try_join_all(open.map(|(m, t)| self.send_due(m, t))).await?.into_iter().sum();
        Ok(resumed + sent)
    }

    /// One paused target; 1 when it answers again.
    async fn probe(&self, municipality: &MunicipalitySlug, target: &TargetSlug) -> Result<usize, DbError> {
        let ready = match self.receivers.get(&(municipality.clone(), target.clone())) {
            Some(receiver) => receiver.is_ready().await,
            None => false,
        };
        let (m, t, now) = (municipality.clone(), target.clone(), self.clock.now());
        let again = now.plus_seconds(self.probe_after(municipality, target));
        self.db
            .write(move |c| match ready {
                true => target_store::target_answers(c, &m, &t, true, now).map(|()| 1),
                false => target_store::probe_now(c, &m, &t, again).map(|_| 0),
            })
            .await
    }

    fn schedule(&self, municipality: &MunicipalitySlug, target: &TargetSlug) -> Vec<u32> {
        target_of(&self.settings, &self.municipalities, municipality, target)
            .map(|t| t.retry_after.clone())
            .unwrap_or_default()
    }

    fn probe_after(&self, municipality: &MunicipalitySlug, target: &TargetSlug) -> i64 {
        i64::from(self.schedule(municipality, target).first().copied().unwrap_or(60).clamp(1, 60))
    }

    async fn send_due(&self, municipality: &MunicipalitySlug, target: &TargetSlug) -> Result<usize, DbError> {
        let now = self.clock.now();
        let (m, t, until) = (municipality.clone(), target.clone(), now.plus_seconds(LEASE));
        let claimed = self.db.write(move |c| store::claim(c, &m, &t, AT_ONCE, now, until)).await?;
        let count = claimed.len();
        let sent =
            futures_util::future::join_all(claimed.into_iter().map(|(row, was)| self.send_one(row, was, until))).await;
        sent.into_iter().collect::<Result<Vec<()>, DbError>>()?;
        Ok(count)
    }

    #[tracing::instrument(name = "delivery", skip_all, fields(delivery = %row.id, target = %row.target))]
    async fn send_one(&self, mut row: DeliveryRow, was: DeliveryState, until: At) -> Result<(), DbError> {
        let started = self.clock.now();
        let work = async {
            match self.receivers.get(&(row.municipality.clone(), row.target.clone())) {
                Some(receiver) => self.ask_or_send(receiver.as_ref(), &row, was).await,
                None => Answer::Configuration { status: None, note: "no such target in the settings".into() },
            }
        };
        let renew = |held, next| {
            let id = row.id.clone();
            self.db.write(move |c| store::renew(c, &id, held, next))
        };
        let Some((answer, held)) = while_leased(&self.clock, until, work, renew).await else { return Ok(()) };
        row.lease_until = Some(held);
        self.write_down(row, was, answer, started).await
    }

    async fn ask_or_send(&self, receiver: &dyn Receiver, row: &DeliveryRow, was: DeliveryState) -> Answer {
        let accepted = was == DeliveryState::Accepted;
        if row.unclear || accepted {
            match receiver.find(&row.id).await {
                Found::Known(receipt, status) => return Answer::Receipt(receipt, status),
                // It took it once and knows nothing of it now: a person must look, sending again could make two.
                Found::Never if accepted => {
                    return Answer::Transient {
                        status: Some(404),
                        retry_after: None,
                        unclear: true,
                        note: "accepted, but unknown when asked".into(),
                    };
                }
                Found::Never => {}
                Found::Fault(Answer::Transient { status, retry_after, note, .. }) => {
                    return Answer::Transient { status, retry_after, unclear: true, note };
                }
                Found::Fault(answer) => return answer,
            }
        }
        match self.body(row).await {
            Ok(body) => receiver.deliver(&row.id, body, self.clock.now()).await,
            Err(e @ DeliveryFault::Signature(_)) => {
                tracing::error!(delivery = %row.id, case = %row.case_id, error = %e, "a delivery was stopped");
                Answer::Unfit { note: e.to_string() }
            }
            Err(e) => Answer::Transient { status: None, retry_after: None, unclear: row.unclear, note: e.to_string() },
        }
    }

    async fn body(&self, row: &DeliveryRow) -> Result<Vec<u8>, DeliveryFault> {
        let municipality = self.municipalities.find(&row.municipality).ok_or(DeliveryFault::Unreadable)?;
        let address = municipality.address(&self.settings.portal.public_url);
        let (keys, slug, id) = (self.keys.clone(), row.municipality.clone(), row.id.clone());
        self.db.write(move |c| content::sealed_body(c, &keys, &slug, &id, &address)).await
    }

    async fn write_down(
        &self,
        row: DeliveryRow,
        was: DeliveryState,
        answer: Answer,
        started: At,
    ) -> Result<(), DbError> {
        let now = self.clock.now();
        let (status, class, note) = match &answer {
            Answer::Receipt(r, status) => (Some(*status), None, r.state.as_str().to_owned()),
            Answer::Transient { status, note, .. } => (*status, Some("transient"), note.clone()),
            Answer::Configuration { status, note } => (*status, Some("configuration"), note.clone()),
            Answer::Permanent { status, note } => (Some(*status), Some("permanent"), note.clone()),
            Answer::Unfit { note } => (None, Some("permanent"), note.clone()),
        };
        tracing::info!(delivery = %row.id, case = %row.case_id, status, class, "a delivery was attempted");
        let schedule = self.schedule(&row.municipality, &row.target);
        let [jitter] = random_bytes::<1>().unwrap_or([128]);
        let step = next(answer, row.attempts + 1, &schedule, now, jitter);
        let (answers, configuration) =
            (!matches!(class, Some("transient" | "configuration")), class == Some("configuration"));
        let probe_at = now.plus_seconds(self.probe_after(&row.municipality, &row.target));
        let (finish, receipt) = finish(step, &row, was, now);
        let mappings = self.mappings.clone();
        let base = self
            .municipalities
            .find(&row.municipality)
            .map(|m| m.address(&self.settings.portal.public_url))
            .unwrap_or_default();
        self.db
            .write(move |c| {
                store::add_attempt(c, &row, started, now, status, class, &note)?;
                if !store::finish(c, &row, &finish)? {
                    return Ok(());
                }
                if answers {
                    target_store::target_answers(c, &row.municipality, &row.target, false, now)?;
                } else {
                    target_store::target_failed(c, &row, configuration, &note, now, probe_at)?;
                }
                match &receipt {
                    Some(receipt) if row.kind == DeliveryKind::Submission => {
                        resolve::tell_case(c, &mappings, &row, receipt, &base, now)
                    }
                    _ => Ok(()),
                }
            })
            .await
    }
}

fn finish(
    step: Next,
    row: &DeliveryRow,
    was: DeliveryState,
    now: At,
) -> (Finish, Option<crate::contract::DeliveryReceipt>) {
    let (spent, accepted) = (row.attempts + 1, was == DeliveryState::Accepted);
    let done = |state, next_at, last_error| Finish {
        state,
        attempts: spent,
        unclear: false,
        next_at,
        not_before: None,
        last_error,
        finished_at: None,
    };
    match step {
        Next::Registered(receipt) => {
            (Finish { finished_at: Some(now), ..done(DeliveryState::Registered, now, None) }, Some(*receipt))
        }
        Next::Accepted { ask_at } => {
            (Finish { attempts: row.attempts, ..done(DeliveryState::Accepted, ask_at, None) }, None)
        }
        // It has been taken: asking costs nothing and is never given up.
        Next::Retry { why, .. } | Next::Dead { why } if accepted => {
            let at = now.plus_seconds(ASK_AFTER / 24);
            (Finish { attempts: row.attempts, ..done(DeliveryState::Accepted, at, Some(why)) }, None)
        }
        Next::Retry { at, not_before, unclear, why } => {
            (Finish { unclear, not_before, ..done(DeliveryState::RetryScheduled, at, Some(why)) }, None)
        }
        Next::Paused { why } => {
            let state = if accepted { DeliveryState::Accepted } else { DeliveryState::RetryScheduled };
            (Finish { attempts: row.attempts, unclear: row.unclear, ..done(state, now, Some(why)) }, None)
        }
        Next::Dead { why } => (Finish { finished_at: Some(now), ..done(DeliveryState::Dead, now, Some(why)) }, None),
    }
}
