//! A case-management system by another maker: a small adapter that keeps the whole contract, in push and in pull, and can
//! be told to break each part of it. What it got, how often, and what it made of that can be read at `/_control`; `/hook`
//! does what a handler would do, as docs/integration.md describes it.
//!
//! [`books`] is what it knows, [`journal`] how it knows it again after a kill, [`register`] what becomes of a delivery,
//! [`intake`] its HTTP side, [`outgoing`] its events, [`files`] the documents it fetches, [`polling`] the pull twin.

mod books;
mod faults;
mod files;
mod hook;
mod intake;
mod journal;
mod outgoing;
mod polling;
mod register;

use super::StartError;
use super::control::{self, Control};
use super::pages;
use super::serving::{self, Running};
use crate::contract::Secret;
use crate::vocabulary::Clock;
use actix_web::{App, web};
use books::Books;
use faults::BackOfficeState;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Under this path it listens, so that a target's url shows who is meant.
pub const PATH: &str = "/back-office";

/// What the back office needs to start.
#[derive(Clone, Debug)]
pub struct BackOfficeConfig {
    /// Where it listens. Port 0 takes any port, the same for all addresses.
    pub bind: Vec<SocketAddr>,
    /// The portal that it fetches from in pull mode.
    pub portal: String,
    /// Bearer token of GETs, either way.
    pub token: String,
    /// Any of them signs what comes from the portal.
    pub secret_out: Vec<Secret>,
    /// Signs what goes to the portal.
    pub secret_in: Secret,
    /// What time it is.
    pub clock: Clock,
    /// The file that it knows everything from when it starts again; without one it forgets.
    pub journal: Option<PathBuf>,
}

/// A running back office.
pub struct BackOffice {
    running: Running,
}

impl BackOffice {
    /// Its root, as a target's `url` wants it.
    pub fn url(&self) -> String {
        format!("{}{PATH}", serving::local_url(self.running.addresses()))
    }

    /// Where a program does what a handler would do.
    pub fn hook(&self) -> String {
        format!("{}/hook", serving::local_url(self.running.addresses()))
    }

    /// Where it is told to go wrong.
    pub fn control(&self) -> String {
        format!("{}/_control", serving::local_url(self.running.addresses()))
    }

    /// Closes it.
    pub async fn stop(&self) {
        self.running.stop().await;
    }
}

/// What every part of it uses.
struct Office {
    config: BackOfficeConfig,
    control: Arc<Control<BackOfficeState>>,
    client: reqwest::Client,
    books: Mutex<Books>,
    /// There may be something to send or to fetch.
    work: tokio::sync::Notify,
}

impl Office {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it waits before it tries again what failed.
    fn pause(&self) -> Duration {
        Duration::from_millis(self.control.state().retry_ms)
    }

    /// Until there may be something to do.
    async fn idle(&self) {
        let _ = tokio::time::timeout(Duration::from_millis(100), self.work.notified()).await;
    }
}

/// Opens the sockets and works until [`BackOffice::stop`].
pub fn start(config: BackOfficeConfig) -> Result<BackOffice, StartError> {
    let listeners = serving::listen(&config.bind)?;
    let client = crate::web::http_client(Duration::from_secs(60)).map_err(|e| StartError::Part(e.to_string()))?;
    let control = Control::new(config.clock.clone());
    let office = Arc::new(Office {
        config,
        control: control.clone(),
        client,
        books: Mutex::default(),
        work: tokio::sync::Notify::new(),
    });
    if let Some(path) = &office.config.journal {
        let failed = |e: std::io::Error| StartError::Part(format!("{}: {e}", path.display()));
        let (journal, lines) = journal::Journal::open(path).map_err(failed)?;
        journal::replay(&office, lines);
        office.books().journal = journal;
    }
    let (office_data, control_data) = (web::Data::from(office.clone()), web::Data::from(control));
    let (addresses, server, task) = serving::serve!(listeners, move || {
        App::new()
            .app_data(office_data.clone())
            .app_data(control_data.clone())
            .app_data(web::PayloadConfig::new(1 << 20))
            .wrap(pages::strict_headers())
            .configure(control::routes::<BackOfficeState>)
            .configure(hook::routes)
            .configure(intake::routes)
    });
    let tasks = vec![
        task,
        tokio::spawn(outgoing::send_all(office.clone())),
        tokio::spawn(files::fetch_all(office.clone())),
        tokio::spawn(polling::poll(office.clone())),
        tokio::spawn(polling::read_feed(office)),
    ];
    Ok(BackOffice { running: Running::new(addresses, Some(server), tasks) })
}

/// A trace of its own for each call (W3C Trace Context).
fn traceparent() -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let random = crate::settings::random_bytes::<24>().unwrap_or([1; 24]);
    let (trace, span) = random.split_at(16);
    format!("00-{}-{}-01", hex(trace), hex(span))
}
