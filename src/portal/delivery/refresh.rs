//! Asking the receiver how a case is when it has been quiet for a day, so that an event that never came heals itself. What it
//! answers is applied as its own event would be: by the same sequence, so that what is known already changes nothing.

use super::pump::Pump;
use super::refresh_store;
use crate::contract::{CaseState, CloudEvent, EventData, HandlerAssigned, StatusChanged, TYPE_PREFIX, sequence_number};
use crate::db::DbError;
use crate::db::types::Doc;
use crate::portal::cases::{self, Sender};
use crate::settings::TargetKind;
use crate::vocabulary::{At, CaseId, MunicipalitySlug, TargetSlug};

/// So long a case is quiet before it is asked for, and between two questions. Seconds.
const QUIET: i64 = 86_400;
/// Asked for in one go; a receiver is not to notice.
const AT_ONCE: i64 = 20;

impl Pump {
    /// Asks for some of the cases that have been quiet; true when there may be more.
    pub async fn ask_for_quiet_cases(&self) -> bool {
        match self.quiet_cases().await {
            Ok(more) => more,
            Err(e) => {
                tracing::warn!(error = %e, "quiet cases cannot be asked for");
                false
            }
        }
    }

    async fn quiet_cases(&self) -> Result<bool, DbError> {
        let mut more = false;
        let paused = self.db.read(super::target_store::paused).await?;
        for (key, receiver) in self.receivers.iter().filter(|(key, _)| !paused.contains(key)) {
            let can = self.target(key).is_some_and(|t| t.kind == TargetKind::Contract && t.capabilities.read_case);
            if !can {
                continue;
            }
            let ((m, t), now) = (key.clone(), self.clock.now());
            let before = now.plus_seconds(-QUIET);
            let quiet = self.db.read(move |c| refresh_store::quiet_cases(c, &m, &t, before, AT_ONCE)).await?;
            more |= i64::try_from(quiet.len()).is_ok_and(|n| n == AT_ONCE);
            for (case, external) in quiet {
                // Noted first: a receiver that never answers is asked once a day, too.
                let (id, m) = (case.clone(), key.0.clone());
                self.db.write(move |c| refresh_store::note_question(c, &m, &id, now)).await?;
                if let Some(state) = receiver.read_case(&external, now).await {
                    self.heal(key, case, state, now).await?;
                }
            }
        }
        Ok(more)
    }

    /// Applies what was answered when it is something new: a status that the case does not have, or one that cannot be
    /// compared and comes after everything that is known; and who has it. Only what bears a sequence can be put in order.
    async fn heal(
        &self,
        (municipality, target): &(MunicipalitySlug, TargetSlug),
        case: CaseId,
        state: CaseState,
        now: At,
    ) -> Result<(), DbError> {
        let Some(status) = state.status else { return Ok(()) };
        let (m, id) = (municipality.clone(), case.clone());
        let read = self.db.read(move |c| Ok::<_, DbError>((cases::find(c, &m, &id)?, cases::last_sequence(c, &id)?)));
        let (Some(known), last) = read.await? else { return Ok(()) };
        let mut said = Vec::new();
        let row = self.mappings.find(target, &known.case_type, &status.external_code, now);
        let is_new = match row {
            Some(row) => row.portal_code != known.status,
            None => sequence_number(&status.sequence).and_then(|n| i64::try_from(n).ok()) > last,
        };
        if is_new {
            said.push(EventData::StatusChanged(StatusChanged {
                external_case_id: Some(state.external_case_id),
                external_code: status.external_code,
                label: None,
                visible_text: None,
            }));
        }
        if let Some(handler) = state.handler {
            let shown = handler.show_to_citizen.then_some(handler.name.as_str());
            let before = known.handler.as_ref();
            if before.is_none_or(|Doc(before)| before.name.as_deref() != shown) {
                let assigned = HandlerAssigned { handler: Some(handler), unit: state.unit };
                said.push(EventData::HandlerAssigned(assigned));
            }
        }
        let sender =
            Sender { municipality: municipality.clone(), target: target.clone(), base: self.address(municipality) };
        for data in said {
            let Ok(value) = data.to_value() else { continue };
            let event = CloudEvent {
                timeprecision: None,
                specversion: "1.0".into(),
                // The answer of one day is one event.
                id: format!("{}-{}-{}", now.day(), data.name(), status.sequence),
                source: format!("urn:kommunportal:asked:{case}"),
                kind: format!("{TYPE_PREFIX}{}", data.name()),
                subject: case.to_string(),
                time: now,
                sequence: Some(status.sequence.clone()),
                replay: false,
                datacontenttype: None,
                data: value,
            };
            let (mappings, sender) = (self.mappings.clone(), sender.clone());
            let result = self.db.write(move |c| cases::apply(c, &sender, &mappings, &event, now)).await?;
            tracing::info!(case = %case, outcome = result.outcome.as_str(), "a quiet case was asked for");
        }
        Ok(())
    }
}
