//! An installation to measure: databases, keys, processes, and the application in this process on the same database.

use super::application::{SERVICE, fill_in_the_rest, go_on_from_her_own};
use super::browser::Browser;
use super::installation::{Installation, Process};
use super::postgres::Server;
use kommunportal::municipalities::{Municipalities, Municipality};
use kommunportal::portal::App;
use kommunportal::settings::{ConfigTree, Keys};
use kommunportal::vocabulary::Clock;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

pub const MUNICIPALITY: &str = "orkelljunga";

pub struct Site {
    pub engine: Engine,
    pub all: Installation,
    pub portal_url: String,
    pub desk_url: String,
    pub keys: Keys,
}

impl Site {
    /// With every table, and staff at the desk. `name` tells its databases from those of other sites.
    pub fn new(engine: Engine, server: Option<&Server>, name: &str) -> Self {
        let all = match (engine, server) {
            (Engine::Sqlite, _) => Installation::on_files(),
            (Engine::Postgres, Some(server)) => Installation::new(
                &server.database(&format!("{name}_portal")),
                &server.database(&format!("{name}_desk")),
            ),
            (Engine::Postgres, None) => panic!("no server"),
        };
        all.migrate();
        all.employ();
        let url = |key: &str| all.environment[&format!("KOMMUNPORTAL__{key}__DATABASE_URL")].clone();
        let (portal_url, desk_url) = (url("PORTAL"), url("DESK"));
        let keys = Keys::new(&all.settings().keys).unwrap();
        Site { engine, portal_url, desk_url, keys, all }
    }

    /// `serve portal` without its worker, and where it listens.
    pub async fn portal_alone(&self) -> Process {
        let ready = format!("{}/health/ready", self.all.at(7));
        self.all.start("portal", &["serve", "portal", "--no-worker"], &[], &ready).await
    }

    /// Statistics and a written-out log, as after a quiet night.
    pub fn settle(&self) {
        use diesel::connection::SimpleConnection;
        for url in [&self.portal_url, &self.desk_url] {
            super::databases::with_conn(url, |c| match c {
                kommunportal::db::Conn::Postgres(c) => {
                    ["VACUUM ANALYZE", "CHECKPOINT"].iter().for_each(|sql| c.batch_execute(sql).unwrap())
                }
                kommunportal::db::Conn::Sqlite(c) => c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap(),
            });
        }
    }

    /// From log-in to the review page of Plats i förskola.
    pub async fn fill_in(&self, browser: &mut Browser) {
        browser.open(&self.all.portal(&format!("{SERVICE}/fyll-i"))).await;
        go_on_from_her_own(browser).await;
        fill_in_the_rest(browser).await;
    }

    pub fn municipality(&self) -> Arc<Municipality> {
        let tree = ConfigTree::open(None).unwrap();
        let all = Municipalities::load(&tree, true).unwrap();
        all.find(&MUNICIPALITY.parse().unwrap()).unwrap().clone()
    }

    /// The citizens' side in this process: the same code, settings and database, without HTTP.
    pub fn app(&self) -> Arc<App> {
        self.all.app(Clock::system())
    }
}

/// How long each side of a ratio is measured at a time; the sides take turns.
pub const TURN: Duration = Duration::from_secs(2);
/// Turns.
pub const ROUNDS: usize = 3;
/// Connections, as the limits say.
pub const CONNECTIONS: usize = 64;
