//! What the desk's parts share, built once.

use super::errands::Catalogue;
use super::intake::{Intake, Senders};
use super::portal_link::{self, Fetcher, Portals, Pusher};
use super::pull::Puller;
use crate::db::Db;
use crate::files::BlobStore;
use crate::jobs::Worker;
use crate::municipalities::Municipalities;
use crate::settings::{ConfigTree, Keys, Settings};
use crate::toml_text::Fault;
use crate::vocabulary::{Clock, TargetSlug};
use crate::web::http_client;
use std::sync::Arc;
use std::time::Duration;

/// The whole of a call to the portal, files included.
const CALL: Duration = Duration::from_secs(20);
/// The whole of a fetch of one file.
const FETCH: Duration = Duration::from_secs(120);
/// The whole of a question to a portal that cannot call us, the wait for news included.
const POLL: Duration = Duration::from_secs(40);
/// Between two of those.
const POLL_PAUSE: Duration = Duration::from_secs(3);
/// Between two looks for something to send or fetch.
const PAUSE: Duration = Duration::from_millis(250);

/// Shared by the desk's pages, its API and its worker.
pub struct Desk {
    /// Everything that was configured.
    pub settings: Arc<Settings>,
    /// Whom we serve.
    pub municipalities: Municipalities,
    /// Its own database.
    pub db: Db,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Sealing.
    pub keys: Keys,
    /// Its own files.
    pub blobs: Arc<BlobStore>,
    /// Case types and statuses.
    pub catalogue: Arc<Catalogue>,
    /// Who may hand over deliveries.
    pub senders: Senders,
    /// What the portals call this desk.
    own: TargetSlug,
}

/// The desk could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum NotBuilt {
    /// What the configuration says cannot be used; each with its file.
    #[error("{}", .0.join("\n"))]
    Configuration(Vec<String>),
    /// No client for calls to the portal.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

fn told(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

impl Desk {
    /// From the parts that main has made. The target `castor` of the settings is this desk.
    pub fn new(
        settings: Arc<Settings>,
        tree: &ConfigTree,
        municipalities: Municipalities,
        db: Db,
        clock: Clock,
        keys: Keys,
        blobs: Arc<BlobStore>,
    ) -> Result<Self, NotBuilt> {
        let catalogue = Arc::new(Catalogue::load(tree).map_err(|faults| NotBuilt::Configuration(told(&faults)))?);
        let own: TargetSlug =
            "castor".parse().map_err(|_| NotBuilt::Configuration(vec!["castor is no target's name".to_owned()]))?;
        let senders = Senders::new(&settings, &municipalities, &own);
        Ok(Self { settings, municipalities, db, clock, keys, blobs, catalogue, senders, own })
    }

    /// The desk's worker: sends events and fetches files.
    pub fn worker(&self) -> Result<Worker, NotBuilt> {
        let portals = |whole| {
            Ok::<_, NotBuilt>(Portals {
                clock: self.clock.clone(),
                settings: self.settings.clone(),
                municipalities: self.municipalities.clone(),
                client: http_client(whole)?,
                own: self.own.clone(),
            })
        };
        let pusher = Pusher { db: self.db.clone(), portals: portals(CALL)?, blobs: self.blobs.clone() };
        let fetcher = Fetcher {
            db: self.db.clone(),
            clock: self.clock.clone(),
            settings: self.settings.clone(),
            municipalities: self.municipalities.clone(),
            client: http_client(FETCH)?,
            blobs: self.blobs.clone(),
            own: self.own.clone(),
        };
        let (db, clock, blobs) = (self.db.clone(), self.clock.clone(), self.blobs.clone());
        let (sweep_db, sweep_clock) = (db.clone(), clock.clone());
        let mut worker = Worker::new(self.db.clone(), self.clock.clone())
            .every(PAUSE, "desk-events", move || {
                let pusher = pusher.clone();
                async move { pusher.run().await }
            })
            .every(PAUSE, "desk-files", move || {
                let fetcher = fetcher.clone();
                async move { fetcher.run().await }
            })
            .every(Duration::from_secs(3600), "desk-orphaned-files", move || {
                let (db, blobs, now) = (sweep_db.clone(), blobs.clone(), sweep_clock.now());
                async move {
                    portal_link::delete_orphans(&db, &blobs, now).await;
                    false
                }
            })
            .every(Duration::from_secs(600), "desk-sessions", move || {
                let (db, now) = (db.clone(), clock.now());
                async move {
                    let swept = db.write(move |c| {
                        crate::web::sweep_sessions(c, now)?;
                        crate::powers::expire(c, now)?;
                        crate::oidc::sweep_transactions(c, now)
                    });
                    if let Err(e) = swept.await {
                        tracing::warn!(error = %e, "old sessions and log-ins could not be removed");
                    }
                    false
                }
            });
        // Only where the portal cannot call us. One duty for each: a slow portal holds up nobody else's.
        let polls = portals(POLL)?;
        for municipality in polls.fetched_by_us() {
            let base = self.settings.desk.public_url.to_string();
            let puller = Puller::new(self.db.clone(), polls.clone(), Intake::of(self), municipality, base);
            let feed = puller.clone();
            worker = worker
                .every(POLL_PAUSE, "desk-fetch", move || {
                    let puller = puller.clone();
                    async move { puller.deliveries().await }
                })
                .every(POLL_PAUSE, "desk-feed", move || {
                    let puller = feed.clone();
                    async move { puller.notices().await }
                });
        }
        Ok(worker)
    }
}
