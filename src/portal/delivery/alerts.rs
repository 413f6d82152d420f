//! Telling somebody when deliveries do not get through: within office hours when one has waited for an hour, once more the
//! next working morning, and at once when one is given up, a target is paused, or something taken is not registered. Each is
//! told once, and again only if it was over in between; decided and enqueued in one transaction.

use super::alert_store::{self, AlertKind};
use super::letters::{Notice, STAFF_MAIL};
use super::targets::target_of;
use crate::db::{Conn, Db, DbError};
use crate::jobs::{self, NewJob};
use crate::municipalities::{Municipalities, Municipality};
use crate::settings::Settings;
use crate::vocabulary::{At, Clock, TargetSlug, is_office_hours, next_working_morning};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So long a delivery may wait before somebody is told. Seconds.
const PATIENCE: i64 = 3600;

/// Looks after the deliveries of every municipality.
#[derive(Clone)]
pub struct Watch {
    /// The portal's database.
    pub db: Db,
    /// When.
    pub clock: Clock,
    /// Who is told.
    pub settings: Arc<Settings>,
    /// Whose deliveries.
    pub municipalities: Municipalities,
}

impl Watch {
    /// Looks once at everything.
    pub async fn look(&self) {
        for m in self.municipalities.iter() {
            let (watch, municipality, now) = (self.clone(), m.clone(), self.clock.now());
            if let Err(e) = self.db.write(move |c| watch.look_at(c, &municipality, now)).await {
                tracing::warn!(error = %e, municipality = %m.slug, "nobody could be told how the deliveries are");
            }
        }
    }

    fn look_at(&self, conn: &mut Conn, m: &Municipality, now: At) -> Result<(), DbError> {
        self.late(conn, m, now)?;
        let paused: BTreeSet<TargetSlug> = alert_store::paused(conn, &m.slug)?.into_iter().collect();
        for target in &paused {
            if alert_store::raise(conn, &m.slug, AlertKind::Paused, target.as_str(), now)? {
                self.tell(conn, m, target, "paused", 0, None, now)?;
            }
        }
        for (subject, ..) in alert_store::raised(conn, &m.slug, AlertKind::Paused)? {
            if !paused.iter().any(|target| target.as_str() == subject) {
                alert_store::over(conn, &m.slug, AlertKind::Paused, &subject)?;
            }
        }
        for (kind, about) in [(AlertKind::Dead, "dead"), (AlertKind::Unregistered, "unregistered")] {
            for subject in alert_store::settled(conn, &m.slug, kind)? {
                alert_store::over(conn, &m.slug, kind, &subject)?;
            }
            let mut new: BTreeMap<TargetSlug, Vec<String>> = BTreeMap::new();
            for (id, target) in alert_store::untold(conn, &m.slug, kind)? {
                if alert_store::raise(conn, &m.slug, kind, id.as_str(), now)? {
                    new.entry(target).or_default().push(id.to_string());
                }
            }
            for (target, ids) in new {
                let only = match ids.as_slice() {
                    [only] => Some(only.as_str()),
                    _ => None,
                };
                self.tell(conn, m, &target, about, i64::try_from(ids.len()).unwrap_or(i64::MAX), only, now)?;
            }
        }
        Ok(())
    }

    fn late(&self, conn: &mut Conn, m: &Municipality, now: At) -> Result<(), DbError> {
        let late: BTreeMap<TargetSlug, i64> =
            alert_store::late(conn, &m.slug, now.plus_seconds(-PATIENCE))?.into_iter().collect();
        let raised = alert_store::raised(conn, &m.slug, AlertKind::Late)?;
        for (subject, since, again) in &raised {
            let Some((target, count)) = late.iter().find(|(target, _)| target.as_str() == subject) else {
                alert_store::over(conn, &m.slug, AlertKind::Late, subject)?;
                continue;
            };
            if again.is_none()
                && now >= next_working_morning(*since)
                && alert_store::escalate(conn, &m.slug, AlertKind::Late, subject, now)?
            {
                self.tell(conn, m, target, "escalated", *count, None, now)?;
            }
        }
        if !is_office_hours(now) {
            return Ok(());
        }
        for (target, count) in &late {
            if alert_store::raise(conn, &m.slug, AlertKind::Late, target.as_str(), now)? {
                self.tell(conn, m, target, "late", *count, None, now)?;
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "each is one part of one letter")]
    fn tell(
        &self,
        conn: &mut Conn,
        m: &Municipality,
        target: &TargetSlug,
        about: &str,
        count: i64,
        id: Option<&str>,
        now: At,
    ) -> Result<(), DbError> {
        let settings = target_of(&self.settings, &self.municipalities, &m.slug, target);
        let to = settings.map(|target| target.alert_to.clone()).filter(|to| !to.is_empty());
        let notice = Notice {
            to: to.unwrap_or_else(|| vec![m.contact.email.clone()]),
            about: about.to_owned(),
            target: settings.map_or_else(|| target.to_string(), |settings| settings.display_name(target)),
            count,
            id: id.map(str::to_owned),
            at: now,
        };
        tracing::warn!(municipality = %m.slug, %target, about, count, "somebody is told of deliveries");
        let payload = serde_json::to_value(&notice).unwrap_or_default();
        jobs::enqueue(conn, NewJob { municipality: &m.slug, kind: STAFF_MAIL, dedupe: None, payload, due: now }, now)
    }
}
