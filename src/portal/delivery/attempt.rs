//! One attempt: what is asked or sent, and what its answer makes of the delivery.
//!
//! Settings may change between two attempts. What is sent is always the body that was sealed, with the case type and unit
//! of that moment. It goes to the address of the settings as they are now, with the proofs as they are now: a wrong address
//! can be put right. But what may have arrived somewhere is first asked for there, at the root in the snapshot of when it
//! was sent; only when it never did is it sent to the new address, which the snapshot then tells of.

use super::parcel::{Around, Parcel, Question, Snapshot};
use super::pump::Pump;
use super::receiver::{ASK_AFTER, Answer, Found, Receiver};
use super::schedule::{Next, OUTCOME_UNKNOWN, next};
use super::store::{self, DeliveryRow, DeliveryState, Finish};
use super::target_store::{self, Pause};
use super::targets::target_of;
use super::{DeliveryFault, content, resolve};
use crate::contract::{DeliveryKind, DeliveryReceipt};
use crate::db::DbError;
use crate::db::types::Doc;
use crate::settings::{Target, random_bytes};
use crate::vocabulary::At;

impl Pump {
    pub(super) async fn attempt(&self, row: &DeliveryRow, was: DeliveryState) -> Answer {
        let target = target_of(&self.settings, &self.municipalities, &row.municipality, &row.target);
        match (target, self.receivers.get(&(row.municipality.clone(), row.target.clone()))) {
            (Some(target), Some(receiver)) => self.ask_or_send(target, receiver.as_ref(), row, was).await,
            _ => Answer::Configuration { status: None, note: "no such target in the settings".into() },
        }
    }

    async fn ask_or_send(
        &self,
        target: &Target,
        receiver: &dyn Receiver,
        row: &DeliveryRow,
        was: DeliveryState,
    ) -> Answer {
        let around = Around {
            db: self.db.clone(),
            blobs: self.blobs.clone(),
            municipality: row.municipality.clone(),
            case: row.case_id.clone(),
            delivery: row.id.clone(),
        };
        let (now, is_accepted) = (self.clock.now(), was == DeliveryState::Accepted);
        let is_idempotent = target.capabilities.idempotent;
        if row.unclear || is_accepted {
            match self.ask(target, receiver, row, around.clone(), now).await {
                Found::Known(receipt, status) => return Answer::Receipt(receipt, status),
                // It took it once and knows nothing of it now: a person must look, sending again could make two.
                Found::Never if is_accepted => {
                    let note = "accepted, but unknown when asked".into();
                    return Answer::Transient { status: Some(404), retry_after: None, unclear: true, note };
                }
                Found::Never if is_idempotent => {}
                Found::Never => return Answer::OutcomeUnknown { status: Some(404) },
                Found::Fault(Answer::Transient { status, retry_after, note, .. }) if is_idempotent || is_accepted => {
                    return Answer::Transient { status, retry_after, unclear: true, note };
                }
                Found::Fault(Answer::Transient { status, .. }) => return Answer::OutcomeUnknown { status },
                Found::Fault(answer) => return answer,
            }
        }
        let parcel = match self.parcel(target, row, around, now).await {
            Ok(parcel) => parcel,
            Err(answer) => return answer,
        };
        match receiver.deliver(&parcel).await {
            Answer::Transient { status, unclear: true, .. } if !is_idempotent => Answer::OutcomeUnknown { status },
            answer => answer,
        }
    }

    /// Asks where it was sent.
    async fn ask(&self, target: &Target, receiver: &dyn Receiver, row: &DeliveryRow, around: Around, now: At) -> Found {
        let sent = row.config_snapshot.as_ref().map(|Doc(snapshot)| snapshot);
        if let Some(snapshot) = sent.filter(|snapshot| snapshot.kind != target.kind.as_str()) {
            // Nobody is left who could ask it.
            let note = format!("it may have arrived while the target was of kind {}: {OUTCOME_UNKNOWN}", snapshot.kind);
            return Found::Fault(Answer::Unfit { note });
        }
        let url = target.url.as_ref().map(ToString::to_string);
        let root = sent.and_then(|snapshot| snapshot.url.clone()).filter(|root| Some(root) != url.as_ref());
        if root.as_ref().is_some_and(|root| !target.may_ask(root, self.settings.profile.is_play())) {
            let note = format!("it may have arrived at an address that may not be called any more: {OUTCOME_UNKNOWN}");
            return Found::Fault(Answer::Unfit { note });
        }
        let before = root.clone();
        match (receiver.find(&Question { id: row.id.clone(), root, now, around }).await, before) {
            (Found::Fault(_), Some(root)) => {
                let note = format!("it may have arrived at {root}, where nobody says");
                Found::Fault(Answer::LeftBehind { note })
            }
            (found, _) => found,
        }
    }

    /// What is to be sent, when it may be sent, with the snapshot of where it goes written down before it goes.
    async fn parcel(&self, target: &Target, row: &DeliveryRow, around: Around, now: At) -> Result<Parcel, Answer> {
        let stop = |e: DeliveryFault| match e {
            DeliveryFault::Signature(_) => {
                tracing::error!(delivery = %row.id, case = %row.case_id, error = %e, "a delivery was stopped");
                Answer::Unfit { note: e.to_string() }
            }
            e => Answer::Transient { status: None, retry_after: None, unclear: row.unclear, note: e.to_string() },
        };
        let body = self.body(row, target, &around).await.map_err(stop)?;
        let parcel = Parcel { id: row.id.clone(), kind: row.kind, body, now, around };
        let delivery = parcel.delivery().map_err(|_| Answer::Unfit { note: "the body cannot be read".into() })?;
        let files: u64 = delivery.documents.iter().filter(|d| d.content.is_none()).map(|d| d.size).sum();
        let size = files.saturating_add(u64::try_from(parcel.body.len()).unwrap_or(u64::MAX));
        if let Some(largest) = target.largest_bytes.filter(|largest| size > *largest) {
            return Err(Answer::Unfit {
                note: format!("too large: {size} bytes with its files, the target takes {largest}"),
            });
        }
        let snapshot = Snapshot {
            kind: target.kind.as_str().to_owned(),
            url: target.url.as_ref().map(ToString::to_string),
            case_type: delivery.routing.case_type,
            unit: delivery.routing.unit,
        };
        if row.config_snapshot.as_ref().is_none_or(|Doc(before)| *before != snapshot) {
            let id = row.id.clone();
            let kept = self.db.write(move |c| store::keep_snapshot(c, &id, &snapshot)).await;
            kept.map_err(Answer::not_now)?;
        }
        Ok(parcel)
    }

    async fn body(&self, row: &DeliveryRow, target: &Target, around: &Around) -> Result<Vec<u8>, DeliveryFault> {
        let municipality = self.municipalities.find(&row.municipality).ok_or(DeliveryFault::Unreadable)?;
        let address = municipality.address(&self.settings.portal.public_url);
        let (keys, slug, id) = (self.keys.clone(), row.municipality.clone(), row.id.clone());
        let inline = match target.capabilities.inline_attachments {
            true => content::small_files(&self.keys, around).await?,
            false => Default::default(),
        };
        self.db.write(move |c| content::sealed_body_with(c, &keys, &slug, &id, &address, &inline)).await
    }

    pub(super) async fn write_down(
        &self,
        row: DeliveryRow,
        was: DeliveryState,
        answer: Answer,
        started: At,
        is_trial: bool,
    ) -> Result<(), DbError> {
        let now = self.clock.now();
        let key = (row.municipality.clone(), row.target.clone());
        let told = Told::of(&answer);
        tracing::info!(delivery = %row.id, case = %row.case_id, status = told.status, class = told.class, "a delivery was attempted");
        let target = target_of(&self.settings, &self.municipalities, &key.0, &key.1);
        let schedule = target.map(|target| target.retry_after.clone()).unwrap_or_default();
        let [jitter] = random_bytes::<1>().unwrap_or([128]);
        let mut row = row;
        let step = match next(answer, row.attempts + 1, &schedule, now, jitter) {
            // It was tried though the target is paused, to see whether it is right again: that spends nothing.
            Next::Retry { why, unclear, .. } if is_trial => {
                row.unclear |= unclear;
                Next::Paused { why }
            }
            Next::Accepted { .. } => Next::Accepted { ask_at: now.plus_seconds(self.ask_after(target, &row)) },
            step => step,
        };
        let (probe_at, is_again) = (now.plus_seconds(self.probe_after(&key)), was == DeliveryState::Accepted);
        let (finish, receipt) = finish(step, &row, was, now);
        // Asked again and told the same: one line in a day says as much as one every few minutes.
        let is_news = !(is_again && finish.state == DeliveryState::Accepted && told.class.is_none());
        let (mappings, base) = (self.mappings.clone(), self.address(&key.0));
        self.db
            .write(move |c| {
                if is_news {
                    store::add_attempt(c, &row, started, now, told.status, told.class, &told.note)?;
                }
                // Somebody else has finished it: the receiver's event, mostly. What a receipt says besides is still true.
                if !store::finish(c, &row, &finish)? && receipt.is_none() {
                    return Ok(());
                }
                match told.target {
                    Heard::Answers => target_store::target_answers(c, &row.municipality, &row.target, is_trial, now)?,
                    Heard::Fails(pause) => target_store::target_failed(c, &row, pause, &told.note, now, probe_at)?,
                    Heard::SaidNothing => {}
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

    fn ask_after(&self, target: Option<&Target>, row: &DeliveryRow) -> i64 {
        let receiver = self.receivers.get(&(row.municipality.clone(), row.target.clone()));
        match target {
            // It was not to answer so: no event may come of it.
            Some(target) if !target.capabilities.async_accept => {
                i64::from(target.retry_after.first().copied().unwrap_or(60))
            }
            _ => receiver.map_or(ASK_AFTER, |receiver| receiver.ask_after()),
        }
    }

    pub(super) fn address(&self, municipality: &crate::vocabulary::MunicipalitySlug) -> String {
        let found = self.municipalities.find(municipality);
        found.map(|m| m.address(&self.settings.portal.public_url)).unwrap_or_default()
    }
}

/// What an answer says of the attempt and of the target.
struct Told {
    status: Option<u16>,
    class: Option<&'static str>,
    note: String,
    target: Heard,
}

enum Heard {
    Answers,
    Fails(Option<Pause>),
    SaidNothing,
}

impl Told {
    fn of(answer: &Answer) -> Self {
        let (status, class, note, target) = match answer {
            Answer::Receipt(r, status) => (Some(*status), None, r.state.as_str(), Heard::Answers),
            Answer::Transient { status, note, .. } => (*status, Some("transient"), note.as_str(), Heard::Fails(None)),
            Answer::OutcomeUnknown { status } => (*status, Some("transient"), OUTCOME_UNKNOWN, Heard::Fails(None)),
            Answer::Configuration { status, note } => {
                (*status, Some("configuration"), note.as_str(), Heard::Fails(Some(Pause::Configuration)))
            }
            Answer::Gone { note } => (Some(410), Some("configuration"), note.as_str(), Heard::Fails(Some(Pause::Gone))),
            Answer::Permanent { status, note } => (Some(*status), Some("permanent"), note.as_str(), Heard::Answers),
            Answer::LeftBehind { note } => (None, Some("transient"), note.as_str(), Heard::SaidNothing),
            Answer::Unfit { note } => (None, Some("permanent"), note.as_str(), Heard::SaidNothing),
        };
        Told { status, class, note: note.to_owned(), target }
    }
}

fn finish(step: Next, row: &DeliveryRow, was: DeliveryState, now: At) -> (Finish, Option<DeliveryReceipt>) {
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
