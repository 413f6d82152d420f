//! Notices pushed to receivers that take them (`POST {url}/v1/citizen-events`), in the order of the feed, from the same
//! cursor that a receiver moves that reads for itself. One at a time for a target: the next waits for the one before.

use super::pump::Pump;
use super::{feed, feed_store, target_store};
use crate::db::DbError;
use crate::settings::TargetKind;
use crate::vocabulary::{MunicipalitySlug, TargetSlug};
use tokio::task::JoinSet;

/// Told in one go.
const AT_ONCE: i64 = 20;
/// So long one worker has a target's notices; also the wait after one that was not taken. Seconds.
const TURN: i64 = 60;

/// What a receiver says of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// It has it.
    Taken,
    /// It will never take this one; the next may go.
    Refused,
    /// Not now.
    Later,
}

impl Pump {
    /// Begins to tell every target what it has not been told; how many.
    pub(super) async fn begin_notices(&self, tasks: &mut JoinSet<()>) -> Result<usize, DbError> {
        let untold = self.db.read(feed::untold).await?;
        if untold.is_empty() {
            return Ok(0);
        }
        let paused = self.db.read(target_store::paused).await?;
        let mut begun = 0;
        for (municipality, target, _) in untold {
            let key = (municipality, target);
            let takes =
                self.target(&key).is_some_and(|t| t.kind == TargetKind::Contract && t.capabilities.citizen_events);
            let now = self.clock.now();
            let (m, t) = key.clone();
            if !takes
                || paused.contains(&key)
                || !self.db.write(move |c| feed_store::take_turn(c, &m, &t, now, now.plus_seconds(TURN))).await?
            {
                continue;
            }
            let pump = self.clone();
            tasks.spawn(async move {
                if let Err(e) = pump.tell(&key).await {
                    tracing::warn!(target = %key.1, error = %e, "notices cannot be told");
                }
            });
            begun += 1;
        }
        Ok(begun)
    }

    async fn tell(&self, key: &(MunicipalitySlug, TargetSlug)) -> Result<(), DbError> {
        let (Some(receiver), Some(municipality)) = (self.receivers.get(key), self.municipalities.find(&key.0)) else {
            return Ok(());
        };
        let ((m, t), code) = (key.clone(), municipality.code.clone());
        let page = self
            .db
            .write(move |c| {
                feed::place(c, &m, &t)?;
                let offset = feed::acknowledged(c, &m, &t)?;
                feed::page(c, &m, &code, &t, offset, AT_ONCE)
            })
            .await?;
        for one in page.events {
            let Ok(body) = serde_json::to_vec(&one.event) else { continue };
            match receiver.notify(&one.event.id, body, self.clock.now()).await {
                Noticed::Taken => {}
                Noticed::Refused => tracing::error!(notice = %one.event.id, target = %key.1, "a notice was refused"),
                // The turn runs out by itself: that is the wait.
                Noticed::Later => return Ok(()),
            }
            let (m, t) = key.clone();
            self.db.write(move |c| feed::acknowledge(c, &m, &t, one.position)).await?;
        }
        let (m, t) = key.clone();
        self.db.write(move |c| feed_store::give_turn_back(c, &m, &t)).await
    }
}
