//! Room towards each target: how many deliveries are under way, and how many have begun within the minute. Counted in this
//! process only; what one target does never takes room from another.

use crate::vocabulary::{At, MunicipalitySlug, TargetSlug};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

type Key = (MunicipalitySlug, TargetSlug);

#[derive(Default)]
struct Lane {
    under_way: u32,
    is_probed: bool,
    begun: VecDeque<At>,
}

/// The lanes to all targets.
#[derive(Clone, Default)]
pub struct Lanes {
    all: Arc<Mutex<BTreeMap<Key, Lane>>>,
    freed: Arc<Notify>,
}

/// A place in a lane, given back when it is dropped.
pub(super) struct Slot {
    lanes: Lanes,
    key: Key,
    is_probe: bool,
}

impl Lanes {
    fn all(&self) -> MutexGuard<'_, BTreeMap<Key, Lane>> {
        // A panic elsewhere leaves counters that are whole.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many more may begin now.
    pub(super) fn room(&self, key: &Key, at_once: u32, per_minute: Option<u32>, now: At) -> u32 {
        let mut all = self.all();
        let lane = all.entry(key.clone()).or_default();
        let minute_ago = now.plus_seconds(-60);
        while lane.begun.front().is_some_and(|at| *at <= minute_ago) {
            lane.begun.pop_front();
        }
        let begun = u32::try_from(lane.begun.len()).unwrap_or(u32::MAX);
        let left = per_minute.map_or(u32::MAX, |most| most.saturating_sub(begun));
        at_once.saturating_sub(lane.under_way).min(left)
    }

    /// Takes a place. `is_paced`: the target's calls in a minute are counted.
    pub(super) fn begin(&self, key: &Key, is_paced: bool, now: At) -> Slot {
        let mut all = self.all();
        let lane = all.entry(key.clone()).or_default();
        lane.under_way += 1;
        if is_paced {
            lane.begun.push_back(now);
        }
        Slot { lanes: self.clone(), key: key.clone(), is_probe: false }
    }

    /// The place for asking whether it answers again; there is one.
    pub(super) fn probe(&self, key: &Key) -> Option<Slot> {
        let mut all = self.all();
        let lane = all.entry(key.clone()).or_default();
        if std::mem::replace(&mut lane.is_probed, true) {
            return None;
        }
        Some(Slot { lanes: self.clone(), key: key.clone(), is_probe: true })
    }

    /// Ends when a place has been given back.
    pub(super) async fn freed(&self) {
        self.freed.notified().await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(lane) = self.lanes.all().get_mut(&self.key) {
            match self.is_probe {
                true => lane.is_probed = false,
                false => lane.under_way = lane.under_way.saturating_sub(1),
            }
        }
        self.lanes.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_lane_leaves_the_others_their_room_and_a_minute_gives_new() {
        let key = |target: &str| ("orkelljunga".parse().unwrap(), target.parse().unwrap());
        let (lanes, now, castor) = (Lanes::default(), At::from_seconds(1000), key("castor"));
        let slots: Vec<Slot> = (0..4).map(|_| lanes.begin(&castor, true, now)).collect();
        assert_eq!((lanes.room(&castor, 4, None, now), lanes.room(&key("ecos"), 4, None, now)), (0, 4));
        drop(slots);
        assert_eq!((lanes.room(&castor, 4, None, now), lanes.room(&castor, 4, Some(5), now)), (4, 1));
        assert_eq!(lanes.room(&castor, 4, Some(4), now.plus_seconds(59)), 0);
        assert_eq!(lanes.room(&castor, 4, Some(4), now.plus_seconds(60)), 4);
        let asking = lanes.probe(&castor);
        assert!(asking.is_some() && lanes.probe(&castor).is_none());
        drop(asking);
        assert!(lanes.probe(&castor).is_some());
    }
}
