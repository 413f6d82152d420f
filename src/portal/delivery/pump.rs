//! The worker: takes what is due, calls the receiver with no transaction open, writes down what came of it. Every delivery
//! is a task of its own and every target has its own room, so that nobody waits for a slow one.

use super::lanes::{Lanes, Slot};
use super::store::{self, DeliveryRow, DeliveryState};
use super::target_store::{self, Pause};
use super::targets::{Receivers, target_of};
use crate::db::{Db, DbError};
use crate::files::BlobStore;
use crate::jobs::{LEASE, Stop, while_leased};
use crate::municipalities::Municipalities;
use crate::portal::cases::StatusMappings;
use crate::settings::{Keys, Settings, Target, TargetKind};
use crate::vocabulary::{At, Clock, MunicipalitySlug, TargetSlug};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tracing::Instrument;

/// Between two looks when nothing is told meanwhile.
const PAUSE: Duration = Duration::from_millis(250);

/// The delivery worker of the portal.
#[derive(Clone)]
pub struct Pump {
    /// The portal's database.
    pub db: Db,
    /// The portal's files.
    pub blobs: Arc<BlobStore>,
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
    /// Room towards each.
    pub lanes: Lanes,
}

impl Pump {
    /// Delivers until told to stop; then what has begun is finished.
    pub async fn run(self, stop: Stop) {
        let mut tasks = JoinSet::new();
        loop {
            if let Err(e) = self.begin_due(&mut tasks).await {
                tracing::warn!(error = %e, "deliveries cannot be worked on");
            }
            tokio::select! {
                biased;
                () = stop.stopped() => break,
                () = self.lanes.freed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
            while tasks.try_join_next().is_some() {}
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Does what is due and waits for it; true when there may be more at once. [`run`](Self::run) does so by itself: this is
    /// for whoever moves the clock by hand.
    pub async fn run_due(&self) -> Result<bool, DbError> {
        let mut tasks = JoinSet::new();
        let begun = self.begin_due(&mut tasks).await?;
        tasks.join_all().await;
        Ok(begun > 0)
    }

    /// Begins what is due and has room; how many.
    pub(super) async fn begin_due(&self, tasks: &mut JoinSet<()>) -> Result<usize, DbError> {
        let now = self.clock.now();
        // First, so that what a dead worker left is due at once.
        self.db.write(move |c| store::expire_leases(c, now)).await?;
        let (due, states) = self
            .db
            .read(move |c| Ok::<_, DbError>((store::due_targets(c, now)?, target_store::target_states(c, None)?)))
            .await?;
        let mut begun = 0;
        for state in states.into_iter().filter(|s| s.probe_at <= now) {
            let Some(pause) = state.paused.filter(|pause| !pause.needs_a_person()) else { continue };
            let key = (state.municipality, state.target);
            if self.target(&key).is_none_or(|target| target.kind == TargetKind::Polled) {
                continue;
            }
            if let Some(slot) = self.lanes.probe(&key) {
                let pump = self.clone();
                tasks.spawn(async move { pump.probe(key, pause, slot).await });
                begun += 1;
            }
        }
        let paused = self.db.read(target_store::paused).await?;
        for key in due.into_iter().filter(|key| !paused.contains(key)) {
            begun += self.begin(&key, u32::MAX, false, tasks).await?;
        }
        begun += self.begin_notices(tasks).await?;
        Ok(begun)
    }

    pub(super) fn target(&self, (municipality, target): &(MunicipalitySlug, TargetSlug)) -> Option<&Target> {
        target_of(&self.settings, &self.municipalities, municipality, target)
    }

    /// Claims what there is room for and gives each its task.
    async fn begin(
        &self,
        key: &(MunicipalitySlug, TargetSlug),
        most: u32,
        is_trial: bool,
        tasks: &mut JoinSet<()>,
    ) -> Result<usize, DbError> {
        let (now, target) = (self.clock.now(), self.target(key));
        let (at_once, per_minute) = match target {
            // It fetches by itself.
            Some(target) if target.kind == TargetKind::Polled => return Ok(0),
            Some(target) => (target.at_once, target.per_minute),
            None => (1, None),
        };
        let room = self.lanes.room(key, at_once, per_minute, now).min(most);
        if room == 0 {
            return Ok(0);
        }
        let (until, (m, t)) = (now.plus_seconds(LEASE), key.clone());
        let claimed = self.db.write(move |c| store::claim(c, &m, &t, room.into(), now, until)).await?;
        let count = claimed.len();
        for (row, was) in claimed {
            let slot = self.lanes.begin(key, per_minute.is_some(), now);
            let pump = self.clone();
            let span = tracing::info_span!("delivery", delivery = %row.id, target = %row.target);
            tasks.spawn(async move { pump.send_one(row, was, until, is_trial, slot).await }.instrument(span));
        }
        Ok(count)
    }

    /// One paused target. Where its settings were wrong, one delivery is tried: only that tells whether they are right by
    /// now. Else it is asked whether it answers.
    async fn probe(&self, key: (MunicipalitySlug, TargetSlug), pause: Pause, _slot: Slot) {
        let mut tasks = JoinSet::new();
        let tried = match pause {
            Pause::Configuration => self.begin(&key, 1, true, &mut tasks).await,
            _ => Ok(0),
        };
        tasks.join_all().await;
        let is_ready = match (&tried, self.receivers.get(&key)) {
            (Ok(0), Some(receiver)) => receiver.is_ready().await,
            _ => false,
        };
        let now = self.clock.now();
        let again = now.plus_seconds(self.probe_after(&key));
        let (m, t) = key;
        let written = self.db.write(move |c| match is_ready {
            true => target_store::target_answers(c, &m, &t, true, now),
            false => target_store::probe_now(c, &m, &t, again).map(drop),
        });
        if let Err(e) = written.await.and(tried) {
            tracing::warn!(error = %e, "a paused target could not be asked");
        }
    }

    pub(super) fn probe_after(&self, key: &(MunicipalitySlug, TargetSlug)) -> i64 {
        let first = self.target(key).and_then(|target| target.retry_after.first().copied());
        i64::from(first.unwrap_or(60).clamp(1, 60))
    }

    async fn send_one(&self, mut row: DeliveryRow, was: DeliveryState, until: At, is_trial: bool, _slot: Slot) {
        let started = self.clock.now();
        let renew = |held, next| {
            let id = row.id.clone();
            self.db.write(move |c| store::renew(c, &id, held, next))
        };
        let attempt = self.attempt(&row, was);
        let Some((answer, held)) = while_leased(&self.clock, until, attempt, renew).await else { return };
        row.lease_until = Some(held);
        if let Err(e) = self.write_down(row, was, answer, started, is_trial).await {
            // Its lease runs out, and it is asked for before it is sent again.
            tracing::warn!(error = %e, "what came of a delivery could not be written down");
        }
    }
}
