//! The production roles: `serve`, `worker`, `migrate`, `staff`.

use super::assembly::{Common, DeskSide, Pending, Portal, Store, all, bring_up, listen, serve_ops, take_in_staff};
use super::{ApplicationName, Failure, Role, block_on};
use crate::db::Application;
use crate::jobs::{Stop, Worker};
use crate::municipalities::Municipalities;
use crate::settings::{ConfigTree, Profile, Settings, load};
use crate::telemetry::{self, Traces};
use crate::web::http_client;
use crate::web::ops::{Leaving, Ops};
use actix_web::dev::Server;
use std::path::Path;
use std::time::Duration;

fn settings(tree: &ConfigTree, profile: Profile) -> Result<Settings, Failure> {
    load(tree, profile, toml::Table::new(), std::env::vars()).map_err(Failure::fault)
}

pub(super) fn migrate(application: ApplicationName, tree: ConfigTree, profile: Profile) -> Result<(), Failure> {
    let settings = settings(&tree, profile)?;
    let (application, section) = match application {
        ApplicationName::Portal => (Application::Portal, &settings.portal),
        ApplicationName::Desk => (Application::Desk, &settings.desk),
    };
    let url = section.database_url.expose();
    let _lock = super::lock::lock_database(url)?;
    let steps = bring_up(application, url, Pending::Run)?;
    println!("{steps} migration(s) run.");
    Ok(())
}

pub(super) fn staff(
    application: ApplicationName,
    list: &Path,
    tree: ConfigTree,
    profile: Profile,
) -> Result<(), Failure> {
    let settings = settings(&tree, profile)?;
    let municipalities = Municipalities::load(&tree, profile.is_play()).map_err(all)?;
    let text = std::fs::read_to_string(list).map_err(|e| Failure::fault(format!("{}: {e}", list.display())))?;
    let (application, section) = match application {
        ApplicationName::Portal => (Application::Portal, &settings.portal),
        ApplicationName::Desk => (Application::Desk, &settings.desk),
    };
    block_on(async move {
        let store = Store::open(application, section, Pending::Refuse)?;
        take_in_staff(&store, &municipalities, text).await
    })??;
    println!("The list is taken in.");
    Ok(())
}

pub(super) fn serve(role: Role, with_worker: bool, tree: ConfigTree, profile: Profile) -> Result<(), Failure> {
    let settings = settings(&tree, profile)?;
    // Kept until the end: what is dropped last sends the last spans.
    let traces = traces(&settings, role.service())?;
    telemetry::start_logging(profile == Profile::Production, traces.as_ref());
    let common = Common::new(settings, tree)?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let metrics = telemetry::start_metrics();
    block_on(async move {
        let (servers, worker, part) = match role {
            Role::Portal => {
                let portal = Portal::build(&common, Pending::Refuse)?;
                let servers = vec![
                    portal.serve(listen(&common.settings.portal.bind)?, cores).map_err(Failure::fault)?,
                    portal
                        .serve_administration(listen(&common.settings.administration.bind)?)
                        .map_err(Failure::fault)?,
                ];
                (servers, portal.worker()?, portal.store)
            }
            Role::Desk | Role::Simulators => {
                let desk = DeskSide::build(&common, Pending::Refuse)?;
                let servers = vec![desk.serve(listen(&common.settings.desk.bind)?, cores).map_err(Failure::fault)?];
                (servers, desk.worker()?, desk.store)
            }
        };
        let leaving = Leaving::default();
        let ops = Ops { parts: vec![part.ops_part()], metrics, leaving: leaving.clone() };
        let mut servers = servers;
        servers.push(serve_ops(listen(&common.settings.ops.bind)?, ops).map_err(Failure::fault)?);
        tracing::info!("ready");
        let notice = Notice { leaving, wait: Duration::from_secs(common.settings.ops.drain_seconds) };
        run_until_stopped(servers, with_worker.then_some(worker).into_iter().collect(), notice).await;
        drop(part);
        Ok(())
    })?
}

pub(super) fn worker(application: ApplicationName, tree: ConfigTree, profile: Profile) -> Result<(), Failure> {
    let settings = settings(&tree, profile)?;
    let traces = traces(&settings, application.service())?;
    telemetry::start_logging(profile == Profile::Production, traces.as_ref());
    let common = Common::new(settings, tree)?;
    let metrics = telemetry::start_metrics();
    block_on(async move {
        let (worker, part) = match application {
            ApplicationName::Portal => {
                let portal = Portal::build(&common, Pending::Refuse)?;
                (portal.worker()?, portal.store)
            }
            ApplicationName::Desk => {
                let desk = DeskSide::build(&common, Pending::Refuse)?;
                (desk.worker()?, desk.store)
            }
        };
        let notice = Notice::default();
        let ops = Ops { parts: vec![part.ops_part()], metrics, leaving: notice.leaving.clone() };
        let server = serve_ops(listen(&common.settings.ops.bind)?, ops).map_err(Failure::fault)?;
        tracing::info!("ready");
        run_until_stopped(vec![server], vec![worker], notice).await;
        drop(part);
        Ok(())
    })?
}

/// Where the settings send traces, if they do.
pub(super) fn traces(settings: &Settings, service: &'static str) -> Result<Option<Traces>, Failure> {
    let Some(url) = &settings.telemetry.otlp_url else { return Ok(None) };
    let client = http_client(Duration::from_secs(5)).map_err(Failure::fault)?;
    Traces::start(url, service, client).map(Some).map_err(Failure::fault)
}

impl Role {
    /// Its name among traces.
    fn service(self) -> &'static str {
        match self {
            Role::Portal => "kommunportal-portal",
            Role::Desk => "kommunportal-desk",
            Role::Simulators => "kommunportal-simulators",
        }
    }
}

impl ApplicationName {
    /// Its worker's name among traces.
    fn service(self) -> &'static str {
        match self {
            ApplicationName::Portal => "kommunportal-portal-worker",
            ApplicationName::Desk => "kommunportal-desk-worker",
        }
    }
}

/// How load balancers are told that a process is about to stop; none by default.
#[derive(Default)]
pub(super) struct Notice {
    /// What they are told.
    pub leaving: Leaving,
    /// So long they have to hear it. Visitors who come meanwhile are served.
    pub wait: Duration,
}

/// Serves and works until the first signal, then finishes what is under way; the second signal ends the process. The
/// servers are stopped in their order: health comes last, so that it tells the truth until the end.
pub(super) async fn run_until_stopped(servers: Vec<Server>, workers: Vec<Worker>, notice: Notice) {
    let stop = Stop::default();
    let working: Vec<_> = workers.into_iter().map(|w| tokio::spawn(w.run(stop.clone()))).collect();
    let handles: Vec<_> = servers.iter().map(Server::handle).collect();
    let serving: Vec<_> = servers.into_iter().map(actix_web::rt::spawn).collect();
    signal().await;
    tracing::info!("stopping: finishing what is under way");
    notice.leaving.begin();
    stop.stop();
    let finish = async {
        tokio::time::sleep(notice.wait).await;
        for handle in handles {
            handle.stop(true).await;
        }
        for task in serving {
            drop(task.await);
        }
        for task in working {
            drop(task.await);
        }
    };
    tokio::select! {
        () = finish => {}
        () = signal() => tracing::warn!("stopped at once"),
    }
}

async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}
