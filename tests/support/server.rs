//! A PostgreSQL server of one test's own, that it may stop and start.

use super::databases::with_conn;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub struct Server {
    /// The script's watcher removes the server when this is gone.
    owner: Child,
    url: String,
    data: PathBuf,
}

#[derive(diesel::QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

impl Server {
    pub fn start() -> Self {
        Self::start_with("disposable")
    }

    /// One that keeps its word when it is killed.
    pub fn durable() -> Self {
        Self::start_with("durable")
    }

    fn start_with(kind: &str) -> Self {
        // Longer than any run; it is killed with the value.
        let owner = Command::new("sleep").arg("86400").spawn().unwrap();
        let mut script = Command::new("scripts/postgres-for-tests");
        script.args([&owner.id().to_string(), kind]).env_remove("KP_TEST_POSTGRES").env_remove("NEXTEST_ENV");
        let output = script.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "PostgreSQL did not start");
        let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        let data = with_conn(&url, |c| {
            let query = "SELECT setting AS value FROM pg_settings WHERE name = 'data_directory'";
            let row: Setting = match c {
                kommunportal::db::Conn::Postgres(c) => diesel::sql_query(query).get_result(c).unwrap(),
                kommunportal::db::Conn::Sqlite(_) => unreachable!(),
            };
            row.value
        });
        Server { owner, url, data: data.into() }
    }

    /// Its own database, as its superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An empty database.
    pub fn database(&self, name: &str) -> String {
        let sql = format!("CREATE DATABASE {name}");
        with_conn(self.url(), move |c| c.batch_execute(&sql).unwrap());
        let (address, _) = self.url().rsplit_once('/').unwrap();
        format!("{address}/{name}?connect_timeout=2")
    }

    /// As an operator stops it: whoever is connected is disconnected.
    pub fn stop(&self) {
        let file = self.data.join("postmaster.pid");
        assert!(Command::new("kill").args(["-INT", &self.process()]).status().unwrap().success());
        wait(|| !file.exists());
    }

    fn process(&self) -> String {
        let text = std::fs::read_to_string(self.data.join("postmaster.pid")).unwrap();
        text.lines().next().unwrap().to_owned()
    }

    /// As a power cut: the server and every process of its own, in the middle of what they do.
    pub fn kill(&self) {
        let process = self.process();
        let listed = Command::new("ps").args(["-o", "pid=", "--ppid", &process]).output().unwrap().stdout;
        let children: Vec<String> = String::from_utf8(listed).unwrap().split_whitespace().map(str::to_owned).collect();
        // The server first, or it would begin to mend what its killed children leave.
        assert!(Command::new("kill").args(["-KILL", &process]).args(&children).status().is_ok());
        wait(|| !std::path::Path::new("/proc").join(&process).exists());
        let alive = |pid: &String| std::path::Path::new("/proc").join(pid).exists();
        wait(|| !children.iter().any(alive));
    }

    /// With the words that it was first started with.
    pub fn start_again(&self) {
        let words = std::fs::read_to_string(self.data.join("postmaster.opts")).unwrap();
        let script = format!("cd /tmp; exec {words}");
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0");
        let mut command = Command::new(if is_root { "setpriv" } else { "sh" });
        if is_root {
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", "sh"]);
        }
        command.arg("-c").arg(script).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let file = self.data.join("postmaster.pid");
        // One that was killed leaves its own behind.
        let before = std::fs::read_to_string(&file).unwrap_or_default();
        drop(command.spawn().unwrap());
        wait(|| {
            let now = std::fs::read_to_string(&file).unwrap_or_default();
            now.lines().next() != before.lines().next() && now.lines().nth(7).is_some_and(|l| l.trim() == "ready")
        });
    }
}

fn wait(done: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !done() {
        assert!(begun.elapsed().as_secs() < 30, "PostgreSQL does not stop or start");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.owner.kill());
        drop(self.owner.wait());
    }
}
