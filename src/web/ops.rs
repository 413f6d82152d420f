//! For whoever runs it: is the process alive, can it serve, what does it count. On the inner network only.
//!
//! Ready means: database reachable, migrations current, writer alive, blob folder writable. Never broker, Navet, SMTP, a
//! target or the age of a queue: a dead receiver must not take the portal out of rotation.

use crate::db::{self, Application, Conn, Db, DbError};
use crate::files::BlobStore;
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A database that says nothing for so long is not reachable: whoever asks gives up soon as well.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked when somebody asks whether we are ready.
pub struct Ops {
    /// Each application in this process.
    pub parts: Vec<Part>,
    /// Renders what is counted.
    pub metrics: PrometheusHandle,
    /// Whether the process is about to stop.
    pub leaving: Leaving,
}

/// Said once, when the process has been asked to stop: from then on it is not ready, though it still serves, so that
/// load balancers send nobody more here.
#[derive(Clone, Default)]
pub struct Leaving(Arc<AtomicBool>);

impl Leaving {
    /// From now on.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// One application's own means.
pub struct Part {
    /// `portal` or `desk`.
    pub name: &'static str,
    /// Whose migrations.
    pub application: Application,
    /// Its database.
    pub db: Db,
    /// Its files.
    pub blobs: Arc<BlobStore>,
    /// What of its own waits to leave it: the metric's name, and how many there are.
    pub waiting: &'static [(&'static str, Waiting)],
}

/// How much waits, from the database.
pub type Waiting = fn(&mut Conn) -> Result<i64, DbError>;

/// `/health/live`, `/health/ready`, `/metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

async fn ready(ops: web::Data<Ops>) -> HttpResponse {
    if ops.leaving.has_begun() {
        return HttpResponse::ServiceUnavailable().json(json!({ "status": "stopping" }));
    }
    let mut report = Map::new();
    let mut is_ready = true;
    for part in &ops.parts {
        let application = part.application;
        // On a writing thread: it answers only when the writer is alive, and it sees the migrations.
        let asked = part.db.write(move |c| Ok::<_, DbError>(db::pending(c, application).ok()));
        let pending = tokio::time::timeout(PATIENCE, asked).await.ok().and_then(Result::ok).flatten();
        let database = match pending {
            Some(0) => "ok",
            Some(_) => "pending migrations",
            None => "unreachable",
        };
        let files = if part.blobs.is_writable().await { "ok" } else { "not writable" };
        is_ready &= database == "ok" && files == "ok";
        report.insert(part.name.to_owned(), json!({ "database": database, "files": files }));
    }
    let mut response = if is_ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    report.insert("status".into(), Value::from(if is_ready { "ready" } else { "not ready" }));
    response.json(report)
}

async fn metrics(ops: web::Data<Ops>) -> HttpResponse {
    for part in &ops.parts {
        let (reads, writes) = part.db.waiting();
        metrics::gauge!("database_units_waiting", "part" => part.name, "kind" => "read").set(reads as f64);
        metrics::gauge!("database_units_waiting", "part" => part.name, "kind" => "write").set(writes as f64);
        let depth = tokio::time::timeout(PATIENCE, part.db.read(crate::jobs::depth)).await;
        if let Ok(Ok((waiting, dead, oldest))) = depth {
            metrics::gauge!("jobs_waiting", "part" => part.name).set(waiting as f64);
            metrics::gauge!("jobs_dead", "part" => part.name).set(dead as f64);
            let due = oldest.map_or(0, |at| at.seconds());
            metrics::gauge!("jobs_oldest_due_seconds", "part" => part.name).set(due as f64);
        }
        for (name, count) in part.waiting {
            if let Ok(Ok(waiting)) = tokio::time::timeout(PATIENCE, part.db.read(count)).await {
                metrics::gauge!(*name).set(waiting as f64);
            }
        }
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(ops.metrics.render())
}
