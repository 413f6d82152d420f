//! Does what is due: jobs by kind, and duties that come again and again.

use super::{LEASE, store, while_leased};
use crate::db::{Db, DbError};
use crate::settings::random_bytes;
use crate::vocabulary::{At, Clock, MunicipalitySlug};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tracing::Instrument;

/// Between two looks at an empty queue.
const PAUSE: Duration = Duration::from_millis(200);
/// Claimed at once.
const BATCH: i64 = 8;
/// Seconds before the second, third, … attempt: about two days in all.
const RETRY_AFTER: [i64; 11] = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 43_200];

/// Before somebody who watches, a failed job is tried so often at first, so many times. Seconds.
const IMPATIENT: (i64, i32) = (3, 200);

/// A claimed job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number.
    pub seq: i64,
    /// For whom.
    pub municipality: MunicipalitySlug,
    /// Which handler.
    pub kind: String,
    /// As enqueued.
    pub payload: Value,
    /// This one included.
    pub attempts: i32,
}

/// Why a job was not done. The text is shown to staff: no personal data in it.
#[derive(Debug, thiserror::Error)]
pub enum JobFault {
    /// May go better later.
    #[error("{0}")]
    Transient(String),
    /// Will never go: dead at once.
    #[error("{0}")]
    Permanent(String),
}

impl From<DbError> for JobFault {
    fn from(e: DbError) -> Self {
        JobFault::Transient(e.to_string())
    }
}

type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<(), JobFault>> + Send + Sync>;
type Beside = Box<dyn FnOnce(Stop) -> BoxFuture<'static, ()> + Send + Sync>;
type Work = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// Something to do again and again. Answers true when there may be more to do at once.
pub struct Duty {
    name: &'static str,
    pause: Duration,
    work: Work,
}

/// Tells workers to stop; they finish what they have begun.
#[derive(Clone)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Stop(watch::Sender::new(false))
    }
}

impl Stop {
    /// Stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Ends when it is time to stop.
    pub async fn stopped(&self) {
        let mut told = self.0.subscribe();
        // An error means that the sender is gone, which is a stop as well.
        let _ = told.wait_for(|stop| *stop).await;
    }
}

/// One application's worker.
pub struct Worker {
    db: Db,
    clock: Clock,
    handlers: BTreeMap<&'static str, Handler>,
    duties: Vec<Duty>,
    beside: Vec<Beside>,
    is_impatient: bool,
}

impl Worker {
    /// Does nothing yet.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, handlers: BTreeMap::new(), duties: Vec::new(), beside: Vec::new(), is_impatient: false }
    }

    /// Whether failed jobs are tried every few seconds for the first ten minutes: in a demonstration the queue is to be
    /// seen draining as soon as what was broken works again.
    pub fn impatient(self, is_impatient: bool) -> Self {
        Self { is_impatient, ..self }
    }

    /// Jobs of `kind` are done by `handler`.
    pub fn on<F, Fut>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobFault>> + Send + 'static,
    {
        self.handlers.insert(kind, Arc::new(move |job| handler(job).boxed()));
        self
    }

    /// `work` is done now and again after each pause, or at once while it answers true.
    pub fn every<F, Fut>(mut self, pause: Duration, name: &'static str, work: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send + 'static,
    {
        self.duties.push(Duty { name, pause, work: Arc::new(move || work().boxed()) });
        self
    }

    /// `work` runs beside the others until it ends by itself, soon after it is told to stop.
    pub fn beside<F, Fut>(mut self, work: F) -> Self
    where
        F: FnOnce(Stop) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.beside.push(Box::new(move |stop| work(stop).boxed()));
        self
    }

    /// Works until told to stop.
    pub async fn run(mut self, stop: Stop) {
        let beside = std::mem::take(&mut self.beside);
        let worker = Arc::new(self);
        let mut tasks = tokio::task::JoinSet::new();
        for work in beside {
            tasks.spawn(work(stop.clone()));
        }
        for index in 0..worker.duties.len() {
            let (worker, stop) = (worker.clone(), stop.clone());
            tasks.spawn(async move {
                let Some(duty) = worker.duties.get(index) else { return };
                loop {
                    let more = perform(duty).await;
                    let pause = if more { Duration::ZERO } else { duty.pause };
                    tokio::select! {
                        biased;
                        () = stop.stopped() => return,
                        () = tokio::time::sleep(pause) => {}
                    }
                }
            });
        }
        let queue = worker.clone();
        tasks.spawn(async move {
            loop {
                let done = queue.run_batch().await;
                let pause = if done > 0 { Duration::ZERO } else { PAUSE };
                tokio::select! {
                    biased;
                    () = stop.stopped() => return,
                    () = tokio::time::sleep(pause) => {}
                }
            }
        });
        while tasks.join_next().await.is_some() {}
    }

    /// Does everything that is due now, duties included; for tests. The number of jobs done or failed.
    pub async fn run_due(&self) -> usize {
        let mut count = 0;
        loop {
            let mut more = false;
            for duty in &self.duties {
                more |= perform(duty).await;
            }
            let done = self.run_batch().await;
            count += done;
            if done == 0 && !more {
                return count;
            }
        }
    }

    async fn run_batch(&self) -> usize {
        let kinds: Vec<&'static str> = self.handlers.keys().copied().collect();
        if kinds.is_empty() {
            return 0;
        }
        let now = self.clock.now();
        let until = now.plus_seconds(LEASE);
        let claimed = self.db.write(move |c| store::claim(c, &kinds, BATCH, now, until)).await;
        let jobs = match claimed {
            Ok(jobs) => jobs,
            Err(e) => {
                tracing::warn!(error = %e, "no jobs could be claimed");
                return 0;
            }
        };
        let count = jobs.len();
        futures_util::future::join_all(jobs.into_iter().map(|job| self.run_one(job, until))).await;
        count
    }

    async fn run_one(&self, job: Job, until: At) {
        let Some(handler) = self.handlers.get(job.kind.as_str()).cloned() else { return };
        let (seq, kind, attempts) = (job.seq, job.kind.clone(), job.attempts);
        let span = tracing::info_span!("job", job.seq = seq, job.kind = %kind, job.attempt = attempts);
        let work = AssertUnwindSafe(handler(job)).catch_unwind().instrument(span.clone());
        let renew = |held, next| self.db.write(move |c| store::renew(c, seq, held, next));
        let Some((result, held)) = while_leased(&self.clock, until, work, renew).await else { return };
        let result = result.unwrap_or_else(|_| Err(JobFault::Transient("the handler panicked".into())));
        let outcome = if result.is_ok() { "done" } else { "failed" };
        metrics::counter!("jobs_total", "kind" => kind, "outcome" => outcome).increment(1);
        let (now, is_impatient) = (self.clock.now(), self.is_impatient);
        let finished = self
            .db
            .write(move |c| match &result {
                Ok(()) => store::finish(c, seq, held),
                Err(JobFault::Permanent(why)) => store::fail(c, seq, held, why, None),
                Err(JobFault::Transient(why)) => {
                    store::fail(c, seq, held, why, next_attempt(attempts, is_impatient, now))
                }
            })
            .await;
        if let Err(e) = finished {
            // Its lease runs out and it is done again: handlers are written for that.
            span.in_scope(|| tracing::warn!(error = %e, "a job could not be finished"));
        }
    }
}

async fn perform(duty: &Duty) -> bool {
    let span = tracing::debug_span!("duty", name = duty.name);
    match AssertUnwindSafe((duty.work)()).catch_unwind().instrument(span).await {
        Ok(more) => more,
        Err(_) => {
            tracing::error!(duty = duty.name, "a duty panicked");
            false
        }
    }
}

/// With ±20 % jitter, so that what failed together does not come back together.
fn next_attempt(attempts: i32, is_impatient: bool, now: At) -> Option<At> {
    let (often, many) = IMPATIENT;
    let quick = if is_impatient { many } else { 0 };
    if attempts <= quick {
        return Some(now.plus_seconds(often));
    }
    let pause = usize::try_from(attempts - quick - 1).ok().and_then(|n| RETRY_AFTER.get(n))?;
    let [random] = random_bytes::<1>().unwrap_or([128]);
    Some(now.plus_seconds(pause * (80 + i64::from(random) * 40 / 255) / 100 + 1))
}
