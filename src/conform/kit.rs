//! What the checks are written in: hand over a delivery in either mode, wait for what comes of it, ask for something to
//! be done.

use super::adapter::{Adapter, Answer, USUAL};
use super::checks::{Stop, failed};
use super::hook::{Action, Asked, Hook};
use super::ledger::{Answered, Handed, Plan, Pull, Seen, Stage};
use super::{Config, KitError, Mode, samples};
use crate::contract::{Delivery, DeliveryReceipt, EventData, EventOutcome, ReceiptState};
use crate::vocabulary::{CaseId, Clock, DeliveryId};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Everything that a check uses.
pub struct Kit {
    pub stage: Arc<Stage>,
    pub hook: Hook,
    adapter: Option<Adapter>,
    /// What the adapter says of itself; asked for once.
    info: tokio::sync::OnceCell<Value>,
}

/// A case that the adapter has registered.
pub struct Case {
    pub delivery: Delivery,
    pub body: Vec<u8>,
    pub receipt: DeliveryReceipt,
    pub external: String,
    /// Events from here on are new.
    pub skip: usize,
}

impl Case {
    pub fn id(&self) -> &CaseId {
        &self.delivery.case.id
    }
}

impl Kit {
    pub fn new(config: Config, clock: Clock) -> Result<Self, KitError> {
        let client = crate::web::http_client(config.patience.max(Duration::from_secs(5)))?;
        let adapter = Adapter::new(&config, client.clone(), clock.clone());
        if config.mode == Mode::Push && adapter.is_none() {
            return Err(KitError::NoAddress);
        }
        let hook = Hook::new(&config, client);
        Ok(Self { stage: Stage::new(config, clock), hook, adapter, info: tokio::sync::OnceCell::new() })
    }

    pub fn config(&self) -> &Config {
        &self.stage.config
    }

    pub fn is_pull(&self) -> bool {
        self.config().mode == Mode::Pull
    }

    /// The adapter, for what only push has.
    pub fn adapter(&self) -> Result<&Adapter, Stop> {
        let pushed = self.adapter.as_ref().filter(|_| !self.is_pull());
        pushed.ok_or_else(|| Stop::NotApplicable("nothing is pushed to the adapter".into()))
    }

    /// A capability that the adapter's api-info declares. One that cannot be called declares none.
    pub async fn can(&self, capability: &str) -> bool {
        let ask = async || match self.adapter() {
            Ok(adapter) => {
                let answer = adapter.get("/v1/api-info").await.ok().filter(|a| a.status == 200);
                answer.and_then(|a| serde_json::from_slice(&a.body).ok()).unwrap_or_default()
            }
            Err(_) => Value::Null,
        };
        let info = self.info.get_or_init(ask).await;
        info.pointer(&format!("/capabilities/{capability}")).and_then(Value::as_bool).unwrap_or(false)
    }

    pub fn submission(&self) -> Delivery {
        samples::submission(self.config(), self.stage.clock.now())
    }

    /// A submission with a receipt, registered.
    pub async fn case(&self) -> Result<Case, Stop> {
        let mut delivery = self.submission();
        self.attach(&mut delivery, "submission_pdf", 2_000);
        self.register(delivery).await
    }

    /// A document of the delivery, ready to be fetched; gives its id.
    pub fn attach(&self, delivery: &mut Delivery, kind: &str, size: usize) -> String {
        let (id, file) = samples::attach(delivery, self.config(), kind, size);
        self.stage.write(|ledger| ledger.files.insert(id.clone(), file));
        id
    }

    /// Hands over a submission and has it registered.
    pub async fn register(&self, delivery: Delivery) -> Result<Case, Stop> {
        let skip = self.stage.read(|ledger| ledger.events.len());
        let (body, receipt) = self.hand_over(&delivery).await?;
        let external = external(&receipt)?;
        Ok(Case { delivery, body, receipt, external, skip })
    }

    /// Hands over a delivery as the portal does, until there is a receipt with an `externalCaseId`.
    pub async fn hand_over(&self, delivery: &Delivery) -> Result<(Vec<u8>, DeliveryReceipt), Stop> {
        let body = sealed(delivery)?;
        self.offer(delivery, &body, if self.is_pull() { Pull::Available } else { Pull::Not });
        let receipt = match self.adapter() {
            Ok(_) => self.pushed(&delivery.delivery_id, &body).await?.receipt()?,
            Err(_) => self.fetched(&delivery.delivery_id, 0).await?,
        };
        if receipt.delivery_id != delivery.delivery_id {
            return Err(failed(
                format!("deliveryId {} in the receipt", delivery.delivery_id),
                receipt.delivery_id.to_string(),
            ));
        }
        let receipt = match receipt.state {
            ReceiptState::Registered => receipt,
            ReceiptState::Accepted => self.registered_later(delivery, receipt).await?,
        };
        Ok((body, receipt))
    }

    /// Makes it known to the kit's portal, so that its documents can be fetched.
    pub fn offer(&self, delivery: &Delivery, body: &[u8], pull: Pull) {
        let handed = Handed { pull, ..Handed::new(delivery.clone(), body.to_vec()) };
        self.stage.write(|ledger| ledger.deliveries.insert(delivery.delivery_id.clone(), handed));
    }

    /// Pushes until the adapter takes it, with the patience of a portal: it may be busy.
    async fn pushed(&self, id: &DeliveryId, body: &[u8]) -> Result<Answer, Stop> {
        let adapter = self.adapter()?;
        let mut left = self.config().patience;
        loop {
            let (answer, _) = adapter.deliver(id, body, USUAL).await?;
            let is_busy = matches!(answer.status, 408 | 409 | 425 | 429 | 503);
            match answer.status {
                200..=202 => return Ok(answer),
                _ if is_busy && !left.is_zero() => {
                    let pause = Duration::from_secs(answer.retry_after.unwrap_or(1).clamp(1, 10)).min(left);
                    left -= pause;
                    tokio::time::sleep(pause).await;
                }
                _ => return Err(failed("201, or 202, to a delivery that follows the contract", answer.told())),
            }
        }
    }

    /// Waits for a receipt beyond the first `known`.
    pub async fn fetched(&self, id: &DeliveryId, known: usize) -> Result<DeliveryReceipt, Stop> {
        let found = self.stage.until(self.config().patience, |ledger| {
            let handed = ledger.deliveries.get(id)?;
            match handed.failures.last() {
                Some(failure) => Some(Err(failure.clone())),
                None => handed.receipts.get(known).cloned().map(Ok),
            }
        });
        match found.await {
            Some(Ok(receipt)) => Ok(receipt),
            Some(Err(failure)) => Err(failed("a receipt", format!("the failure {failure}"))),
            None => Err(failed(
                "PUT /deliveries/{id}/receipt",
                self.stage.read(|ledger| match ledger.deliveries.get(id).map(|h| h.leases) {
                    Some(0) | None => "the delivery was never leased".to_owned(),
                    Some(n) => format!("leased {n} times, but no receipt"),
                }),
            )),
        }
    }

    /// The receipt that comes as `case.registered`, or by asking.
    async fn registered_later(&self, delivery: &Delivery, first: DeliveryReceipt) -> Result<DeliveryReceipt, Stop> {
        let id = &delivery.delivery_id;
        let told = self.stage.until(self.config().patience, |ledger| {
            ledger.about(&delivery.case.id, 0).find_map(|seen| match seen.event.read() {
                Ok(EventData::Registered(data)) if data.delivery_id == *id => Some(data),
                _ => None,
            })
        });
        match told.await {
            Some(data) => Ok(DeliveryReceipt {
                state: ReceiptState::Registered,
                registered_at: Some(data.registered_at),
                external_case_id: Some(data.external_case_id),
                diary_number: data.diary_number,
                ..first
            }),
            None => Err(failed("the event case.registered with this deliveryId after 202", "no such event")),
        }
    }

    /// Asks for something to be done to a case.
    pub async fn ask(&self, check: &str, action: Action, case: &Case) -> Result<Asked, Stop> {
        self.hook.ask(check, action, &case.external, json!({})).await
    }

    /// Waits for an event about a case, beyond the first `skip` that ever came.
    pub async fn event(
        &self,
        asked: &Asked,
        case: &Case,
        what: &str,
        fits: impl Fn(&Seen) -> bool,
    ) -> Result<Seen, Stop> {
        let found =
            self.stage.until(asked.wait, |ledger| ledger.about(case.id(), case.skip).find(|s| fits(s)).cloned());
        match found.await {
            Some(seen) => Ok(seen),
            None if asked.by_hand => Err(Stop::Skipped(format!("nobody did it within {} s", asked.wait.as_secs()))),
            None => Err(failed(format!("{what} about {}", case.external), self.came_instead(case))),
        }
    }

    /// An event of one kind.
    pub async fn event_of(&self, asked: &Asked, case: &Case, name: &str) -> Result<Seen, Stop> {
        self.event(asked, case, &format!("the event case.{name}"), |seen| name_of(seen) == name).await
    }

    /// What came about a case, for people.
    fn came_instead(&self, case: &Case) -> String {
        self.stage.read(|ledger| {
            let came: Vec<&str> = ledger.about(case.id(), case.skip).map(name_of).collect();
            let bad = ledger.calls.iter().rev().find_map(|call| match &call.proof {
                super::ledger::Proof::Bad(why) => Some(format!("{}: {why}", call.what)),
                super::ledger::Proof::Good => None,
            });
            let refused = ledger.refused.last();
            match (came.is_empty(), bad, refused) {
                (false, _, _) => format!("only {}", came.join(", ")),
                (true, Some(bad), _) => bad,
                (true, None, Some(refused)) => format!("an event that was refused: {refused}"),
                (true, None, None) => "no event".to_owned(),
            }
        })
    }

    /// Changes the status in the back office once, with `plan` for the pushes that come of it; gives the first.
    pub async fn status_event(
        &self,
        check: &str,
        case: &mut Case,
        plan: impl IntoIterator<Item = Plan>,
    ) -> Result<(Asked, Seen), Stop> {
        self.quiet(case).await;
        self.stage.write(|ledger| ledger.plan(case.id(), plan));
        let asked = self.ask(check, Action::Status, case).await?;
        let seen = self.event_of(&asked, case, "status_changed").await?;
        Ok((asked, seen))
    }

    /// Waits until nothing comes about the case any more; what comes after that is new.
    pub async fn quiet(&self, case: &mut Case) {
        // Registering may lead to events of its own. A person is slower than those anyway.
        let settle = self.config().settle / 2;
        let (mut before, mut turns) = (usize::MAX, 0);
        loop {
            let now = self.stage.read(|ledger| ledger.about(case.id(), 0).count());
            if now == before || turns > 20 {
                break;
            }
            (before, turns) = (now, turns + 1);
            tokio::time::sleep(settle).await;
        }
        case.skip = self.stage.read(|ledger| ledger.events.len());
    }

    /// Waits until an event that was not taken comes again and is.
    pub async fn taken(&self, wait: Duration, first: &Seen) -> Result<Seen, Stop> {
        let found = self.stage.until(wait, |ledger| {
            ledger.events.iter().find(|seen| is_same(seen, first) && matches!(seen.answer, Answered::Taken(_))).cloned()
        });
        found.await.ok_or_else(|| {
            let answer = match first.answer {
                Answered::Status(status) => format!("an answer {status}"),
                Answered::Lost => "a lost answer".to_owned(),
                Answered::Taken(outcome) => format!("\"{}\"", outcome.as_str()),
            };
            failed(
                format!("the event {} once more after {answer}, until it is taken", first.event.id),
                "it was not sent again with that id",
            )
        })
    }

    /// How often an event came.
    pub fn times(&self, event: &Seen) -> usize {
        self.stage.read(|ledger| ledger.events.iter().filter(|seen| is_same(seen, event)).count())
    }
}

/// The body as the portal seals it.
pub fn sealed(delivery: &Delivery) -> Result<Vec<u8>, Stop> {
    serde_json::to_vec(delivery).map_err(|e| Stop::Skipped(format!("the delivery cannot be written: {e}")))
}

/// The receiver's id, which a registered delivery must have.
pub fn external(receipt: &DeliveryReceipt) -> Result<String, Stop> {
    receipt
        .external_case_id
        .clone()
        .filter(|id| !id.is_empty())
        .ok_or_else(|| failed("externalCaseId in the receipt of a registered delivery", "none"))
}

/// The last part of an event's type.
pub fn name_of(seen: &Seen) -> &str {
    seen.event.kind.strip_prefix(crate::contract::TYPE_PREFIX).unwrap_or(&seen.event.kind)
}

/// The same event by the names that count.
pub fn is_same(one: &Seen, other: &Seen) -> bool {
    one.event.source == other.event.source && one.event.id == other.event.id
}

/// The number in an event's sequence.
pub fn sequence(seen: &Seen) -> Result<u64, Stop> {
    let text = seen.event.sequence.as_deref().unwrap_or_default();
    crate::contract::sequence_number(text)
        .filter(|_| text.len() == 20)
        .ok_or_else(|| failed("sequence: twenty digits", format!("\"{text}\" in {}", seen.event.id)))
}

/// Whether it was taken as new.
pub fn is_applied(seen: &Seen) -> bool {
    matches!(seen.answer, Answered::Taken(outcome) if outcome != EventOutcome::Duplicate)
}
