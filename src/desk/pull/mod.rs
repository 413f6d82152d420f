//! For a desk that the portal cannot call: its deliveries and notices are fetched. Each delivery is taken under a lease at
//! the portal, registered here as if it had been handed in, and its receipt given. A crash between registering and the
//! receipt costs nothing: when the lease has run out it is fetched again, known by its id, and gets the same receipt.

mod store;

pub use store::{Feed, feed_of};

use crate::contract::{DeliveryPage, DeliveryReceipt, FeedPage, OfferedDelivery};
use crate::db::Db;
use crate::desk::intake::{Intake, Received, take_notice};
use crate::desk::portal_link::{Answered, NoAnswer, Portals, Push};
use crate::vocabulary::{DeliveryId, MunicipalitySlug};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Fetched at once.
const LIMIT: i64 = 20;
/// So long one delivery is ours. Seconds.
const LEASE: i64 = 300;
/// The feed's answer waits for news so long: short, because a process that stops waits for it. Seconds.
const WAIT: u64 = 10;
/// After a portal that did not answer as it should. Seconds.
const REST: i64 = 30;

/// Fetches from the portal of one municipality.
#[derive(Clone)]
pub struct Puller {
    pub(crate) db: Db,
    pub(crate) portals: Portals,
    pub(crate) intake: Intake,
    pub(crate) municipality: MunicipalitySlug,
    /// Our own address, for problems that are only counted here.
    pub(crate) base: String,
    rest_until: Arc<AtomicI64>,
}

/// Why nothing could be fetched.
#[derive(Debug)]
struct Stopped(String);

impl From<NoAnswer> for Stopped {
    fn from(none: NoAnswer) -> Self {
        match none {
            NoAnswer::Misconfigured(why) | NoAnswer::Later(why) => Stopped(why),
        }
    }
}

impl Puller {
    /// For one municipality.
    pub fn new(db: Db, portals: Portals, intake: Intake, municipality: MunicipalitySlug, base: String) -> Self {
        Self { db, portals, intake, municipality, base, rest_until: Arc::default() }
    }

    /// Takes what waits at the portal; true when there may be more at once.
    pub async fn deliveries(&self) -> bool {
        let result = if self.rests() { return false } else { self.take_deliveries().await };
        self.looked(result).await
    }

    /// Takes what the portal's feed has after our place in it; true when there may be more at once.
    pub async fn notices(&self) -> bool {
        let result = if self.rests() { return false } else { self.take_notices(WAIT).await };
        self.looked(result).await
    }

    /// The same without waiting for news.
    #[cfg(test)]
    pub async fn notices_now(&self) -> bool {
        self.take_notices(0).await.unwrap_or(false)
    }

    fn rests(&self) -> bool {
        self.portals.clock.now().seconds() < self.rest_until.load(Ordering::SeqCst)
    }

    async fn looked(&self, result: Result<bool, Stopped>) -> bool {
        let now = self.portals.clock.now();
        let (more, fault) = match result {
            Ok(more) => (more, None),
            Err(Stopped(why)) => {
                tracing::warn!(municipality = %self.municipality, why, "nothing could be fetched from the portal");
                metrics::counter!("desk_fetch_failures_total").increment(1);
                self.rest_until.store(now.plus_seconds(REST).seconds(), Ordering::SeqCst);
                (false, Some(why))
            }
        };
        let slug = self.municipality.clone();
        if let Err(e) = self.db.write(move |c| store::looked(c, &slug, fault.as_deref(), now)).await {
            tracing::warn!(error = %e, "what came of a look at the portal could not be kept");
        }
        more
    }

    async fn ask(&self, path: &str) -> Result<Answered, Stopped> {
        let answered = self.portals.get(&self.municipality, path).await?;
        if answered.is_success() || matches!(answered.status, 404 | 409) {
            return Ok(answered);
        }
        Err(Stopped(format!("the portal answered {} {}", answered.status, answered.problem())))
    }

    async fn tell(&self, method: Method, path: &str, body: &Value) -> Result<Answered, Stopped> {
        // An id of its own for each call: what is said twice is known by the delivery that it is said of.
        let webhook_id = uuid::Uuid::now_v7().to_string();
        let push = Push {
            path,
            method,
            content_type: "application/json",
            webhook_id: &webhook_id,
            key: None,
            body: body.to_string().into(),
        };
        Ok(self.portals.push(&self.municipality, push).await?)
    }

    async fn take_deliveries(&self) -> Result<bool, Stopped> {
        let listed = self.ask(&format!("/deliveries?state=available&limit={LIMIT}&offset=0")).await?;
        let listed: DeliveryPage = serde_json::from_slice(&listed.body)
            .map_err(|_| Stopped("the portal's list of deliveries cannot be read".into()))?;
        let mut taken = false;
        // One after the other: a case's deliveries come in their order.
        for OfferedDelivery { delivery_id, .. } in listed.deliveries {
            taken |= self.take_one(&delivery_id).await?;
        }
        Ok(taken)
    }

    #[tracing::instrument(name = "fetch", skip_all, fields(delivery = %id))]
    async fn take_one(&self, id: &DeliveryId) -> Result<bool, Stopped> {
        let leased = self.tell(Method::POST, &format!("/deliveries/{id}/lease"), &json!({ "seconds": LEASE })).await?;
        if matches!(leased.status, 404 | 409) {
            // Another worker has it, or one before it in its case is not done.
            return Ok(false);
        }
        if !leased.is_success() {
            return Err(Stopped(format!("the portal answered {} {}", leased.status, leased.problem())));
        }
        let body = self.ask(&format!("/deliveries/{id}")).await?;
        if !body.is_success() {
            return Ok(false);
        }
        match self.intake.register(&body.body, id.as_str(), std::slice::from_ref(&self.municipality)).await {
            Ok(Received::New(receipt)) => {
                metrics::counter!("desk_deliveries_total", "outcome" => "registered").increment(1);
                self.give(id, &receipt).await.map(|()| true)
            }
            Ok(Received::Repeat(receipt)) => {
                metrics::counter!("desk_deliveries_total", "outcome" => "repeated").increment(1);
                self.give(id, &receipt).await.map(|()| true)
            }
            Err((code, detail)) => {
                let (code, _, _, retry) = code.parts();
                metrics::counter!("desk_deliveries_total", "outcome" => code).increment(1);
                tracing::error!(code, detail, "a fetched delivery is refused");
                let failure = json!({ "code": code, "detail": detail, "retry": retry });
                self.tell(Method::PUT, &format!("/deliveries/{id}/failure"), &failure).await?;
                Ok(false)
            }
        }
    }

    async fn give(&self, id: &DeliveryId, receipt: &DeliveryReceipt) -> Result<(), Stopped> {
        let body = serde_json::to_value(receipt).map_err(|_| Stopped("a receipt cannot be written".into()))?;
        let answered = self.tell(Method::PUT, &format!("/deliveries/{id}/receipt"), &body).await?;
        // A conflict is for people to look at, at the portal; asking again changes nothing.
        if answered.is_success() || answered.status == 409 {
            return Ok(());
        }
        Err(Stopped(format!("the portal answered {} {} to a receipt", answered.status, answered.problem())))
    }

    async fn take_notices(&self, wait: u64) -> Result<bool, Stopped> {
        let slug = self.municipality.clone();
        let lost = |_| Stopped("our place in the portal's feed cannot be read".into());
        let at = self.db.read(move |c| store::position(c, &slug)).await.map_err(lost)?;
        let page = self.ask(&format!("/outbox/events?offset={at}&limit={LIMIT}&waitSeconds={wait}")).await?;
        let page: FeedPage =
            serde_json::from_slice(&page.body).map_err(|_| Stopped("the portal's feed cannot be read".into()))?;
        let Some(last) = page.events.last().map(|e| e.position) else { return Ok(false) };
        let (slug, base, now) = (self.municipality.clone(), self.base.clone(), self.portals.clock.now());
        // Notices and place in one unit of work: each is taken once, whatever is killed when.
        let taken = self.db.write(move |c| {
            for one in &page.events {
                let result = take_notice(c, std::slice::from_ref(&slug), &one.event, &base, now)?;
                if let Some(problem) = result.problem {
                    tracing::warn!(
                        position = one.position,
                        code = problem.code,
                        "a notice of the portal is passed over"
                    );
                }
            }
            Ok::<_, crate::desk::errands::ErrandFault>(store::move_to(c, &slug, last, now)?)
        });
        taken.await.map_err(|e| Stopped(format!("the notices could not be kept: {e}")))?;
        let told = self.tell(Method::POST, "/outbox/acknowledgements", &json!({ "upTo": last })).await?;
        if !told.is_success() {
            tracing::warn!(status = told.status, "the portal did not take our place in its feed");
        }
        Ok(page.page.has_more)
    }
}
