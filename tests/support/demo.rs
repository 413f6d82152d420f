//! The whole demo as a process: portal, desk, administration and simulators, as a newcomer starts them.

use super::browser::Browser;
use super::databases::Folder;
use serde_json::{Value, json};
use std::fs::File;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What the demo writes when everything listens.
const READY: &str = "Kommunportal är igång";

pub struct Demo {
    process: Child,
    pub base: u16,
    folder: Folder,
    client: reqwest::Client,
    args: Vec<String>,
}

/// Nine free ports in a row, on both families of loopback; below those that the system gives to whoever calls somebody, and
/// no other test's until this one's process has ended.
pub fn free_block() -> u16 {
    let free = |port: u16| {
        TcpListener::bind(("127.0.0.1", port)).is_ok()
            && (TcpListener::bind(("::1", port)).is_ok() || TcpListener::bind(("::1", 0)).is_err())
    };
    let seed = std::process::id() as u16 ^ kommunportal::vocabulary::Clock::system().now().micros() as u16;
    // Nobody speaks UDP here: a socket of it says to other tests that the block is taken.
    let is_ours = |base: u16| UdpSocket::bind(("127.0.0.1", base)).map(std::mem::forget).is_ok();
    (0..1000u16)
        .map(|n| 16_000 + (seed.wrapping_add(n) % 1000) * 16)
        .find(|base| (0..9).all(|offset| free(base + offset)) && is_ours(*base))
        .expect("no nine free ports in a row")
}

impl Demo {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// As a newcomer starts it: example cases are being made.
    pub async fn start_with_examples() -> Self {
        Self::launched(&[], &[]).await
    }

    /// With settings from the environment, where `{broker}` is the address of the demo's own broker.
    pub async fn start_with(environment: &[(&str, &str)]) -> Self {
        Self::launched(&["--empty"], environment).await
    }

    /// With another folder of configuration.
    pub async fn start_on(config: &Path, environment: &[(&str, &str)]) -> Self {
        Self::launched(&["--empty", "--config", config.to_str().unwrap()], environment).await
    }

    async fn launched(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let args: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = kommunportal::web::http_client(Duration::from_secs(30)).unwrap();
        for _ in 0..5 {
            let (base, folder) = (free_block(), Folder::new());
            let process = launch(base, &folder, &args, environment);
            let mut demo = Demo { process, base, folder, client: client.clone(), args: args.clone() };
            if demo.wait(0).await {
                return demo;
            }
        }
        panic!("other processes took every block of ports that was free a moment before");
    }

    /// Until it has said once more than `before` that it is ready. False when another process took one of its ports meanwhile.
    async fn wait(&mut self, before: usize) -> bool {
        let begun = Instant::now();
        let address = format!("{}/health/ready", self.at(7));
        loop {
            // Its own word first: at a port that it did not get, another demo would answer.
            if self.log().matches(READY).count() > before
                && let Ok(answer) = self.client.get(&address).send().await
                && answer.status().is_success()
            {
                return true;
            }
            let ended = self.process.try_wait().unwrap();
            if ended.is_some() && ["is taken", "cannot listen on"].iter().any(|told| self.log().contains(told)) {
                return false;
            }
            if ended.is_some() || begun.elapsed() > Duration::from_secs(60) {
                panic!("the demo did not start ({ended:?}):\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The address of one of the nine, by its distance from the first port.
    pub fn at(&self, offset: u16) -> String {
        format!("http://localhost:{}", self.base + offset)
    }

    pub fn portal(&self, path: &str) -> String {
        format!("{}{path}", self.at(0))
    }

    pub fn desk(&self, path: &str) -> String {
        format!("{}{path}", self.at(1))
    }

    pub fn administration(&self, path: &str) -> String {
        format!("{}{path}", self.at(6))
    }

    /// The portal of another municipality.
    pub fn portal_of(&self, municipality: &str, path: &str) -> String {
        format!("http://{municipality}.localhost:{}{path}", self.base)
    }

    /// What the process has written.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("demo.log")).unwrap_or_default()
    }

    /// Where it keeps everything.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("demo")
    }

    /// Kills the process at once, as a power cut would, and starts it again on the same folder.
    pub async fn kill_and_start_again(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let before = self.log().matches(READY).count();
        self.process = launch(self.base, &self.folder, &self.args, &[]);
        assert!(self.wait(before).await, "another process took its ports");
    }

    /// Sets a simulator's state: `2` the broker, `3` Navet, `4` the mailbox.
    pub async fn control(&self, offset: u16, state: Value) {
        let answer = self.client.post(format!("{}/_control", self.at(offset))).json(&state).send().await.unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{status}: {}", answer.text().await.unwrap());
    }

    /// Clears a simulator's state.
    pub async fn reset(&self, offset: u16) {
        self.client.delete(format!("{}/_control", self.at(offset))).send().await.unwrap();
    }

    /// Sets the state of a register of who acts for organisations: `bolag` or `mina-ombud`.
    pub async fn control_register(&self, register: &str, state: Value) {
        let address = format!("{}/{register}/_control", self.at(3));
        let answer = self.client.post(address).json(&state).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// A simulator's state, log and counters.
    pub async fn observed(&self, offset: u16) -> Value {
        self.client.get(format!("{}/_control", self.at(offset))).send().await.unwrap().json().await.unwrap()
    }

    /// What Kontrollrum says of queues, examples and switches, as soon as it is as wanted.
    pub async fn wait_for_room(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let answer = self.client.get(format!("{}/lage.json", self.at(4))).send().await.unwrap();
            let state: Value = answer.json().await.unwrap();
            if wanted(&state) {
                return state;
            }
            assert!(begun.elapsed() < Duration::from_secs(90), "Kontrollrum says {state}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Letters to an address, newest first.
    pub async fn letters(&self, to: &str) -> Vec<Value> {
        let address = format!("{}/api/brev", self.at(4));
        let address = reqwest::Url::parse_with_params(&address, [("till", to)]).unwrap();
        self.client.get(address).send().await.unwrap().json().await.unwrap()
    }

    /// Waits for as many letters to an address, and gives them.
    pub async fn wait_for_letters(&self, to: &str, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let letters = self.letters(to).await;
            if letters.len() >= count {
                return letters;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(40),
                "{} of {count} letters to {to}:\n{}",
                letters.len(),
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Ends every session of the portal, as time would.
    pub fn end_sessions(&self) {
        self.tell_portal("DELETE FROM sessions");
    }

    /// Everybody on the portal proved who she is a quarter of an hour and a minute ago.
    pub fn age_log_ins(&self) {
        self.tell_portal("UPDATE sessions SET auth_at = auth_at - 960000000");
    }

    /// Everybody on the portal has a minute and a half of her eight hours left.
    pub fn shorten_sessions(&self) {
        let end = kommunportal::vocabulary::Clock::system().now().plus_seconds(90).micros();
        self.tell_portal(format!("UPDATE sessions SET expires_at = {end}"));
    }

    /// Every log-in on the portal reached level 3 and no more.
    pub fn weaken_log_ins(&self) {
        self.tell_portal("UPDATE sessions SET level = 3");
    }

    /// What the one who logged in last on the portal is called in the log.
    pub fn party_of_last_log_in(&self) -> String {
        use diesel::prelude::*;
        use kommunportal::db::schema::sessions as s;
        let url = format!("sqlite:{}", self.data().join("portal.db").display());
        super::databases::with_conn(&url, |c| {
            let portal = s::table.filter(s::realm.eq("portal"));
            portal.order(s::created_at.desc()).select(s::principal).first(c).unwrap()
        })
    }

    /// Every receipt that has failed is about to fail for the last time, as if it had been tried for two days.
    pub fn age_failed_receipts(&self) {
        self.tell_portal(
            "UPDATE jobs SET attempts = 1000, due_at = 0 \
             WHERE kind = 'receipt' AND state = 'waiting' AND lease_until IS NULL AND last_error IS NOT NULL",
        );
    }

    fn tell_portal(&self, sql: impl Into<String>) {
        use diesel::connection::SimpleConnection;
        let sql = sql.into();
        let url = format!("sqlite:{}", self.data().join("portal.db").display());
        super::databases::with_conn(&url, move |c| c.batch_execute(&sql).unwrap());
    }

    /// A browser that is logged in on the portal, through the broker's own page.
    pub async fn citizen(&self, number: &str) -> Browser {
        self.log_in(&self.portal("/logga-in?retur=/mina-sidor"), number).await
    }

    /// A browser that is logged in at the desk.
    pub async fn handler(&self, affiliation: &str) -> Browser {
        self.log_in(&self.desk("/inkorg"), affiliation).await
    }

    pub async fn log_in(&self, address: &str, person: &str) -> Browser {
        let mut browser = Browser::new();
        browser.open(address).await;
        legitimate(&mut browser, person).await;
        browser
    }
}

/// On the broker's page: types who one is and confirms.
pub async fn legitimate(browser: &mut Browser, person: &str) {
    // In the language that she has chosen, as far as the broker speaks it.
    let is_english = browser.title().contains("Test identification");
    let (leave, confirm) = if is_english { ("Cancel", "Identify") } else { ("Avbryt", "Legitimera") };
    let form = browser.form_with(leave).fill("person", person);
    browser.submit(form, confirm).await;
}

/// Opens a page again and again until it says something: for what other processes do in their own time.
pub async fn reload_until(browser: &mut Browser, address: &str, wanted: &str) {
    reload_for(40, browser, address, wanted).await;
}

/// As [`reload_until`], with patience of its own in seconds.
pub async fn reload_for(seconds: u64, browser: &mut Browser, address: &str, wanted: &str) {
    if !reload(seconds, browser, address, |page| page.text().contains(wanted)).await {
        browser.see(wanted);
    }
}

/// As [`reload_until`], for something that is not a text; gives the attribute of the element.
pub async fn reload_until_there(browser: &mut Browser, address: &str, css: &str, attribute: &str) -> String {
    reload(40, browser, address, |page| page.attribute(css, attribute).is_some()).await;
    let found = browser.attribute(css, attribute);
    found.unwrap_or_else(|| panic!("no {css} on {address}:\n{}", browser.text()))
}

async fn reload(seconds: u64, browser: &mut Browser, address: &str, is_there: impl Fn(&Browser) -> bool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        browser.open(address).await;
        if is_there(browser) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    false
}

fn launch(base: u16, folder: &Folder, args: &[String], environment: &[(&str, &str)]) -> Child {
    let log = File::options().create(true).append(true).open(folder.path().join("demo.log")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kommunportal"));
    command
        .arg("demo")
        .args(args)
        .args(["--base-port", &base.to_string(), "--data-dir"])
        .arg(folder.path().join("demo"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KOMMUNPORTAL_")) {
        command.env_remove(name);
    }
    let broker = format!("http://localhost:{}", base + 2);
    command.envs(environment.iter().map(|(name, value)| (name, value.replace("{broker}", &broker))));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

impl Drop for Demo {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what the demo wrote ---\n{}", self.log());
        }
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// `{"fault": name}`, for [`Demo::control`].
pub fn fault(name: &str) -> Value {
    json!({ "fault": name })
}
