//! How every simulator is steered: `GET /_control` answers state, log and counters, `POST` sets the state, `DELETE`
//! clears all of it. Loopback only, JSON only (so that no web page can post it across origins without asking first).
//! The log is for tests and people: what was asked and what was answered, never codes, tokens or identity numbers.

use crate::vocabulary::Clock;
use actix_web::{HttpResponse, guard, web};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A test run makes hundreds of calls; older lines than this are of no use to anyone.
const LOG_LINES: usize = 1000;

/// What a simulator can be told to do.
pub(super) trait Steering:
    Clone + Default + Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static
{
    /// The ways in which it can fail.
    type Fault: Copy + PartialEq + Serialize + Send + Sync + 'static;
    /// The fault that is on, and how many times more it strikes (`None`: until cleared).
    fn fault(&mut self) -> (&mut Option<Self::Fault>, &mut Option<u32>);
    /// How long each answer waits.
    fn delay_ms(&self) -> u64;
}

/// The state of a simulator that can only fail and be slow.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "F: Deserialize<'de>"))]
pub(super) struct Faults<F> {
    #[serde(default)]
    fault: Option<F>,
    #[serde(default)]
    times: Option<u32>,
    #[serde(default)]
    delay_ms: u64,
}

impl<F> Default for Faults<F> {
    fn default() -> Self {
        Self { fault: None, times: None, delay_ms: 0 }
    }
}

impl<F> Steering for Faults<F>
where
    F: Copy + PartialEq + Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static,
{
    type Fault = F;
    fn fault(&mut self) -> (&mut Option<F>, &mut Option<u32>) {
        (&mut self.fault, &mut self.times)
    }
    fn delay_ms(&self) -> u64 {
        self.delay_ms
    }
}

/// One simulator as the switches of Kontrollrum see it.
#[derive(Clone)]
pub struct Lever {
    read: Arc<dyn Fn() -> Position + Send + Sync>,
    put: Arc<dyn Fn(Position) + Send + Sync>,
}

/// How a simulator stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// It fails until it is told otherwise.
    pub is_down: bool,
    /// Each answer waits so long first.
    pub delay_ms: u64,
}

impl Lever {
    /// From the two ends of whatever it steers.
    pub(super) fn new(
        read: impl Fn() -> Position + Send + Sync + 'static,
        put: impl Fn(Position) + Send + Sync + 'static,
    ) -> Self {
        Self { read: Arc::new(read), put: Arc::new(put) }
    }

    pub(super) fn position(&self) -> Position {
        (self.read)()
    }

    pub(super) fn put(&self, wanted: Position) {
        (self.put)(wanted);
    }
}

struct Inner<S> {
    state: S,
    log: VecDeque<Value>,
    counters: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

/// One simulator's state, log and counters.
pub(super) struct Control<S> {
    inner: Mutex<Inner<S>>,
    clock: Clock,
    told: tokio::sync::Notify,
}

impl<S: Steering> Control<S> {
    pub(super) fn new(clock: Clock) -> Arc<Self> {
        let inner = Inner { state: S::default(), log: VecDeque::new(), counters: BTreeMap::new() };
        Arc::new(Self { inner: Mutex::new(inner), clock, told: tokio::sync::Notify::new() })
    }

    fn inner(&self) -> MutexGuard<'_, Inner<S>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> S {
        self.inner().state.clone()
    }

    /// The fault that is on, if it belongs to the place that asks; one time less is then left of it.
    pub(super) fn strike(&self, belongs_here: impl Fn(S::Fault) -> bool) -> Option<S::Fault> {
        let mut inner = self.inner();
        let (fault, times) = inner.state.fault();
        let struck = (*fault).filter(|f| belongs_here(*f))?;
        match times {
            Some(0) => return None,
            Some(left) => {
                *left -= 1;
                if *left == 0 {
                    (*fault, *times) = (None, None);
                }
            }
            None => {}
        }
        Some(struck)
    }

    /// Waits until somebody tells the simulator something: for what it is to do of itself.
    pub(super) async fn told(&self) {
        self.told.notified().await;
    }

    /// Waits as long as each answer is to wait.
    pub(super) async fn delay(&self) {
        let delay = self.state().delay_ms();
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
    }

    /// A line in the log; `what` is a JSON object.
    pub(super) fn note(&self, mut what: Value) {
        if let Some(line) = what.as_object_mut() {
            line.insert("at".into(), json!(self.clock.now()));
        }
        let mut inner = self.inner();
        if inner.log.len() >= LOG_LINES {
            inner.log.pop_front();
        }
        inner.log.push_back(what);
    }

    pub(super) fn count(&self, counter: &'static str, key: String) {
        *self.inner().counters.entry(counter).or_default().entry(key).or_default() += 1;
    }

    pub(super) fn counted(&self, counter: &'static str, key: &str) -> u64 {
        self.inner().counters.get(counter).and_then(|c| c.get(key)).copied().unwrap_or(0)
    }

    fn answer(&self) -> HttpResponse {
        let inner = self.inner();
        let mut body = json!({"state": inner.state, "log": inner.log});
        if let Some(body) = body.as_object_mut() {
            for (name, counter) in &inner.counters {
                body.insert((*name).to_owned(), json!(counter));
            }
        }
        HttpResponse::Ok().json(body)
    }

    pub(super) fn set(&self, state: S) {
        self.inner().state = state;
    }

    fn clear(&self) {
        let mut inner = self.inner();
        inner.state = S::default();
        inner.log.clear();
        inner.counters.clear();
    }
}

impl<F> Control<Faults<F>>
where
    F: Copy + PartialEq + Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static,
{
    /// `down`: the fault that stands for its being down. Any other fault counts as down as well.
    pub(super) fn lever(self: &Arc<Self>, down: F) -> Lever {
        let (read, put) = (self.clone(), self.clone());
        Lever::new(
            move || {
                let state = read.state();
                Position { is_down: state.fault.is_some(), delay_ms: state.delay_ms }
            },
            move |wanted| {
                let fault = wanted.is_down.then(|| put.state().fault.unwrap_or(down));
                put.set(Faults { fault, times: None, delay_ms: wanted.delay_ms });
            },
        )
    }
}

/// The three calls at `/_control`.
pub(super) fn routes<S: Steering>(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/_control")
            // Anyone from elsewhere finds nothing here.
            .guard(guard::fn_guard(|ctx| ctx.head().peer_addr.is_some_and(|peer| is_loopback(peer.ip()))))
            .route(web::get().to(async |control: web::Data<Control<S>>| control.answer()))
            .route(web::post().to(async |control: web::Data<Control<S>>, state: web::Json<S>| {
                control.set(state.into_inner());
                control.told.notify_one();
                control.answer()
            }))
            .route(web::delete().to(async |control: web::Data<Control<S>>| {
                control.clear();
                control.answer()
            })),
    );
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}
