//! Chromium without a window, driven through its WebDriver. Both end with the value, by their numbers.

use super::databases::Folder;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=sv",
];

pub struct Chromium {
    pub client: Client,
    driver: Child,
    /// Chromium's own process: it outlives a driver that is killed.
    process: u64,
    /// Its profile, empty at the start.
    pub folder: Folder,
    /// Addresses that answered with an error, with the status: their own line in the console is no fault.
    pub(super) refused: Vec<(String, u16)>,
    /// What was found on the pages that were looked at.
    pub(super) faults: Vec<String>,
    pub(super) has_script: bool,
    finished: bool,
}

impl Chromium {
    pub async fn start() -> Self {
        let folder = Folder::new();
        let (driver, port) = start_driver(&folder).await;
        let mut flags: Vec<String> = FLAGS.iter().map(ToString::to_string).collect();
        flags.push(format!("--user-data-dir={}", folder.path().join("profile").display()));
        let wishes = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 30_000, "pageLoad": 30_000, "implicit": 0 },
        });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(serde_json::from_value::<Capabilities>(wishes).unwrap());
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await;
        let client = client.unwrap_or_else(|why| panic!("Chromium did not start ({why}); run scripts/setup-tests"));
        let process = client.capabilities().and_then(|told| told.get("goog:processID")).and_then(Value::as_u64);
        let process = process.expect("the driver says which process Chromium is");
        let chromium = Chromium {
            client,
            driver,
            process,
            folder,
            refused: Vec::new(),
            faults: Vec::new(),
            has_script: true,
            finished: false,
        };
        chromium.size(1280, 900).await;
        chromium
    }

    /// The end of every journey: nothing was found on any page. All at once, since one fault is often on many pages.
    pub async fn finish(mut self) {
        self.listen().await;
        self.finished = true;
        assert!(self.faults.is_empty(), "{} pages have faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }

    /// The screen is as wide and high, in CSS pixels.
    pub async fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        // The page is laid out anew a moment later.
        let begun = Instant::now();
        while self.client.execute("return innerWidth", vec![]).await.ok() != Some(json!(width)) {
            assert!(begun.elapsed() < Duration::from_secs(10), "the page does not become {width} px wide");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// As a person who has switched JavaScript off, from the next page on.
    pub async fn switch_off_script(&mut self) {
        self.has_script = false;
        self.let_script_run(false).await;
    }

    pub(super) async fn let_script_run(&self, on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
    }

    /// A command of the browser's developer tools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.of_chromium("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// What the console has got since it was last asked.
    pub async fn console(&self) -> Vec<Value> {
        let entries = self.of_chromium("se/log", json!({ "type": "browser" })).await;
        entries.as_array().cloned().unwrap_or_default()
    }

    async fn of_chromium(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(OfChromium { path, body }).await.unwrap_or_else(|why| panic!("{path}: {why}"))
    }
}

/// A command that WebDriver's standard does not have.
#[derive(Debug)]
struct OfChromium {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for OfChromium {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// On a port that the system chooses; the driver writes which.
#[expect(
    clippy::zombie_processes,
    reason = "whoever gets the driver waits for it; here it is ended when it does not start"
)]
async fn start_driver(folder: &Folder) -> (Child, u16) {
    let log = folder.path().join("driver.log");
    let output = File::create(&log).unwrap();
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
    let mut driver = command.spawn().unwrap_or_else(|why| panic!("chromedriver ({why}): run scripts/setup-tests"));
    let begun = Instant::now();
    loop {
        let written = std::fs::read_to_string(&log).unwrap();
        let port = written.split("successfully on port ").nth(1).and_then(|rest| rest.split('.').next()?.parse().ok());
        if let Some(port) = port {
            return (driver, port);
        }
        if begun.elapsed() > Duration::from_secs(20) {
            drop(driver.kill());
            drop(driver.wait());
            panic!("chromedriver did not start:\n{written}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        drop(Command::new("kill").args(["-KILL", &self.process.to_string()]).stderr(Stdio::null()).status());
        drop(self.driver.kill());
        drop(self.driver.wait());
        if std::thread::panicking() {
            eprintln!("--- what was found before ---\n{}", self.faults.join("\n"));
        } else {
            assert!(self.finished, "what was looked at is told by finish(), which the test did not call");
        }
    }
}
