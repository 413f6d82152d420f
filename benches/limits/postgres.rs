//! A PostgreSQL of the bench's own, as durable as in production: an answered commit survives a power cut.

use super::databases::with_conn;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kommunportal::db::Conn;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

pub struct Server {
    pub url: String,
    data: PathBuf,
}

#[derive(diesel::QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

/// One text from the database.
fn asked(url: &str, query: &str) -> String {
    let query = query.to_owned();
    with_conn(url, move |c| {
        let row: Setting = match c {
            Conn::Postgres(c) => diesel::sql_query(query).get_result(c).unwrap(),
            Conn::Sqlite(c) => diesel::sql_query(query).get_result(c).unwrap(),
        };
        row.value
    })
}

impl Server {
    /// Gone with this process: the script watches it.
    pub fn start() -> Self {
        let mut script = Command::new("scripts/postgres-for-tests");
        script.arg(std::process::id().to_string()).arg("durable");
        script.env_remove("KP_TEST_POSTGRES").env_remove("NEXTEST_ENV").current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = script.stdin(Stdio::null()).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "PostgreSQL did not start");
        let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        for (name, value) in [("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on")] {
            let is = asked(&url, &format!("SELECT setting AS value FROM pg_settings WHERE name = '{name}'"));
            assert_eq!(is, value, "{name}");
        }
        let data = asked(&url, "SELECT setting AS value FROM pg_settings WHERE name = 'data_directory'").into();
        Server { url, data }
    }

    fn tell(&self, sql: &str) {
        let sql = sql.to_owned();
        with_conn(&self.url, move |c| c.batch_execute(&sql).unwrap());
    }

    /// An empty database.
    pub fn database(&self, name: &str) -> String {
        self.tell(&format!("CREATE DATABASE {name}"));
        let (address, _) = self.url.rsplit_once('/').unwrap();
        format!("{address}/{name}")
    }

    /// From now on every statement is written down, or none.
    pub async fn write_statements_down(&self, on: bool) {
        let value = if on { "all" } else { "none" };
        self.tell(&format!("ALTER SYSTEM SET log_statement = '{value}'"));
        self.tell("SELECT pg_reload_conf()");
        // Each server process takes the setting up between two statements of its own.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    /// Everything that has been written down.
    pub fn log(&self) -> Vec<serde_json::Value> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.data.join("log"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        files.sort();
        let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
        texts.flat_map(|text| text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect::<Vec<_>>()).collect()
    }

    /// Where its programs are.
    pub fn program(name: &str) -> PathBuf {
        let mut found: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr"]
            .iter()
            .filter_map(|folder| std::fs::read_dir(folder).ok())
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin").join(name)))
            .filter(|path| path.is_file())
            .collect();
        found.sort();
        found.pop().unwrap_or_else(|| name.into())
    }
}
