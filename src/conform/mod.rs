//! The conformance kit: plays the portal against an adapter, whoever made it, and tells check by check what holds of the
//! contract. Push: it delivers to the adapter, takes its events and hands out documents. Pull: it offers deliveries and
//! the feed, and the adapter fetches. What only somebody in the back office can do is asked for through a hook, or of
//! the person at the terminal.
//!
//! [`ledger`] is what the kit's portal knows and how it is told to misbehave, [`server`] its HTTP side, [`adapter`] the
//! calls it makes, [`checks`] what is held against all that: C01–C26 of docs/integration.md.

mod adapter;
mod checks;
mod hook;
mod kit;
mod ledger;
mod report;
mod samples;
mod server;

pub use report::{CheckResult, Report, Verdict};

use crate::contract::{MunicipalityRef, Secret};
use crate::vocabulary::Clock;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Which way deliveries go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The kit calls the adapter.
    Push,
    /// The adapter calls the kit, and only that.
    Pull,
}

impl Mode {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Push => "push",
            Mode::Pull => "pull",
        }
    }
}

/// What is tried, and with what.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which way deliveries go.
    pub mode: Mode,
    /// The adapter's root, before `/v1/deliveries`. Only in push.
    pub url: Option<Url>,
    /// Where the adapter reaches the kit, without a slash at the end.
    pub public_url: String,
    /// Bearer token of GETs, either way.
    pub token: String,
    /// Signs what goes to the adapter.
    pub secret_out: Secret,
    /// The secret that comes after `secret_out`, where the adapter knows both (C13).
    pub secret_out_next: Option<Secret>,
    /// Signs what comes from the adapter; any of them.
    pub secret_in: Vec<Secret>,
    /// In whose name deliveries are made.
    pub municipality: MunicipalityRef,
    /// Case type and unit that the adapter knows.
    pub case_type: String,
    /// See `case_type`.
    pub unit: String,
    /// How decisions of that case type are appealed: `fl`, `kl` or `none`.
    pub appeal_regime: String,
    /// A case type whose titles must not leave the case.
    pub sensitive_case_type: String,
    /// How long the adapter may take for what it does by itself.
    pub patience: Duration,
    /// How long nothing must come where nothing may.
    pub settle: Duration,
    /// How long a person at the terminal has for each thing.
    pub person: Duration,
    /// Only these; all when empty.
    pub only: Vec<String>,
    /// Does what a person would do in the back office.
    pub hook: Option<Url>,
    /// Remembers a delivery from one run to the next (C02).
    pub state: Option<PathBuf>,
}

/// The kit could not begin.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// The address to listen on.
    #[error("cannot listen: {0}")]
    Listen(#[from] std::io::Error),
    /// No HTTP client could be made.
    #[error("no HTTP client could be made: {0}")]
    Client(#[from] reqwest::Error),
    /// No such check.
    #[error("there is no check {0}. Hint: C01 to C26")]
    UnknownCheck(String),
    /// Push without an adapter.
    #[error("the adapter's address is missing")]
    NoAddress,
}

/// Runs every check that was asked for, one after the other, and stops listening. `told` hears of each as it is done.
pub async fn run(
    config: Config,
    listener: TcpListener,
    clock: Clock,
    told: impl Fn(&CheckResult),
) -> Result<Report, KitError> {
    if let Some(unknown) = config.only.iter().find(|id| !checks::ALL.iter().any(|check| check.id == id.as_str())) {
        return Err(KitError::UnknownCheck(unknown.clone()));
    }
    let kit = kit::Kit::new(config, clock)?;
    let server = server::start(listener, kit.stage.clone())?;
    let mut results = Vec::new();
    for check in checks::ALL {
        if !kit.stage.config.only.is_empty() && !kit.stage.config.only.iter().any(|id| id == check.id) {
            continue;
        }
        let result = check.result((check.run)(&kit).await);
        told(&result);
        results.push(result);
    }
    server.stop(false).await;
    Ok(Report { mode: kit.stage.config.mode, results })
}
