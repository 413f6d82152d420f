//! One person's attempt to log in, step by step, so that nothing on the way is lost.

use super::browser::{Browser, Form};
use super::demo::Demo;
use serde_json::json;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Anna, who can log in anywhere.
pub const ANNA: &str = "197905142381";
/// Per, another person.
pub const PER: &str = "197709022391";
/// The number that a German e-legitimation is bound to.
pub const KATHARINA: &str = "198307192388";
/// Municipalities: each has metadata, keys and patience of its own.
pub const HOSTS: [&str; 4] = ["localhost", "lidkoping.localhost", "gotene.localhost", "skara.localhost"];
const BROKER: u16 = 2;

/// What a person meets in the end.
#[derive(Debug, PartialEq, Eq, Clone)]
pub enum Met {
    /// A page with this status and heading, and no session.
    Told(u16, String),
    /// Mina sidor.
    Entered,
}

/// The page that tells `login-<id>-title`, with its status (section 11.1 of the design's facts on e-legitimation).
pub fn told(id: &str) -> Met {
    told_by("login", id)
}

/// The same where somebody who is logged in proves it again.
pub fn told_by(family: &str, id: &str) -> Met {
    let status = match id {
        "cancelled" => 200,
        "session" => 400,
        "level" | "identity" | "other-person" => 403,
        "technical" => 502,
        "unavailable" => 503,
        other => panic!("no message {other}"),
    };
    titled(status, &format!("{family}-{id}-title"))
}

/// A page whose heading is this text.
pub fn titled(status: u16, key: &str) -> Met {
    let texts = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/texts/sv/log-in.ftl")).unwrap();
    let key = format!("{key} = ");
    let title = texts.lines().find_map(|line| line.strip_prefix(&key)).unwrap_or_else(|| panic!("no text {key}"));
    Met::Told(status, title.to_owned())
}

/// The demo, and every secret that went by.
pub struct Scene {
    pub demo: Demo,
    pub secrets: Mutex<Vec<String>>,
}

impl Scene {
    pub async fn begin() -> Self {
        Self::begin_with(&[]).await
    }

    pub async fn begin_with(settings: &[(&str, &str)]) -> Self {
        let settings = [&[("KOMMUNPORTAL_LOG", "debug")], settings].concat();
        let demo = Demo::start_with(&settings).await;
        Self { demo, secrets: Mutex::default() }
    }

    pub fn portal(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.demo.base)
    }

    /// The broker goes wrong in this way, the next time that it can.
    pub async fn fault(&self, name: &str) {
        self.demo.control(BROKER, json!({ "fault": name, "times": 1 })).await;
    }

    pub async fn is_struck(&self) -> bool {
        self.demo.observed(BROKER).await["state"]["fault"].is_null()
    }

    /// How many times the broker was asked at a place.
    pub async fn asked(&self, event: &str) -> usize {
        let seen = self.demo.observed(BROKER).await;
        seen["log"].as_array().unwrap().iter().filter(|line| line["event"] == event).count()
    }

    /// A browser in which the broker knows somebody.
    pub fn browser(&self, person: &str) -> Browser {
        let mut browser = Browser::new();
        browser.set_cookie("localhost", "kp_person", person);
        browser
    }

    /// Opens an address and follows no redirect; gives where it leads, if anywhere.
    pub async fn step(&self, browser: &mut Browser, address: &str) -> Option<String> {
        browser.open_with(address, &[]).await;
        self.led(browser)
    }

    /// As [`step`](Self::step), by a form's button.
    pub async fn press(&self, browser: &mut Browser, form: Form, button: &str) -> Option<String> {
        browser.press(form, button).await;
        self.led(browser)
    }

    fn led(&self, browser: &Browser) -> Option<String> {
        let location = browser.header("location").to_owned();
        let next = (300..400).contains(&browser.status()).then(|| browser.url().join(&location).unwrap().to_string());
        if let Some(next) = &next {
            let url = reqwest::Url::parse(next).unwrap();
            let secret = |name: &str| matches!(name, "code" | "state" | "nonce" | "code_challenge" | "request");
            let found = url.query_pairs().filter(|(name, _)| secret(name)).map(|(_, value)| value.into_owned());
            self.secrets.lock().unwrap().extend(found);
        }
        next
    }

    /// From the portal to the broker and back, as far as the address that the broker sends to.
    pub async fn callback(&self, browser: &mut Browser, from: &str) -> String {
        let broker = self.step(browser, from).await.expect("to the broker");
        self.step(browser, &broker).await.expect("back from the broker")
    }

    /// From an address, until there is a page that is no step on the way.
    pub async fn walk(&self, browser: &mut Browser, from: &str) -> Met {
        let mut next = from.to_owned();
        for _ in 0..6 {
            match self.step(browser, &next).await {
                Some(location) if location.ends_with("/mina-sidor") => return Met::Entered,
                Some(location) => next = location,
                None => return Met::Told(browser.status(), browser.find("h1").unwrap_or_default()),
            }
        }
        panic!("no end from {from}");
    }

    pub async fn log_in(&self, browser: &mut Browser, host: &str) -> Met {
        self.log_in_by(browser, host, "standard").await
    }

    /// Through the broker of this name.
    pub async fn log_in_by(&self, browser: &mut Browser, host: &str, broker: &str) -> Met {
        let from = self.portal(host, &format!("/logga-in/{broker}?retur=/mina-sidor"));
        self.walk(browser, &from).await
    }

    pub async fn is_inside(&self, browser: &mut Browser, host: &str) -> bool {
        let login = self.step(browser, &self.portal(host, "/mina-sidor")).await;
        assert!(login.is_none() == (browser.status() == 200), "{login:?}");
        login.is_none()
    }

    /// A fault that strikes a log-in: what is met, that nobody is inside, and that the next log-in goes well.
    pub async fn suffer(&self, host: &str, fault: &str, wanted: &Met) -> Result<(), String> {
        let begun = Instant::now();
        self.fault(fault).await;
        let mut browser = self.browser(ANNA);
        let met = self.log_in(&mut browser, host).await;
        let mut wrong = Vec::new();
        if met != *wanted {
            wrong.push(format!("met {met:?} for {wanted:?}"));
        }
        if !self.is_struck().await {
            wrong.push("the fault never struck".to_owned());
        }
        if self.is_inside(&mut browser, host).await != (*wanted == Met::Entered) {
            wrong.push("inside or not, it is the wrong one".to_owned());
        }
        if begun.elapsed() > Duration::from_secs(15) {
            wrong.push(format!("it took {:?}", begun.elapsed()));
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("{fault} at {host}: {}", wrong.join("; "))) }
    }

    /// Somebody else logs in as if nothing had been.
    pub async fn goes_well(&self, host: &str, after: &str) -> Result<(), String> {
        match self.log_in(&mut self.browser(PER), host).await {
            Met::Entered => Ok(()),
            met => Err(format!("after {after} at {host}, a proper log-in met {met:?}")),
        }
    }

    /// What the log must not hold.
    pub fn assert_clean_log(&self) {
        let log = self.demo.log();
        assert!(log.contains("log-in refused"), "the log tells nothing of what happened");
        for number in [ANNA, PER, KATHARINA, "199001012385", "199001012386", "198502862397"] {
            let (whole, short) = (number, &number[2..]);
            let dashed = format!("{}-{}", &short[..6], &short[6..]);
            for form in [whole, short, dashed.as_str()] {
                assert!(!log.contains(form), "{form} is in the log");
            }
        }
        // The name of a fault is no token.
        let log = log.replace("fault=\"logout_token_malformed\"", "");
        for word in
            ["client_assertion", "access_token=", "access_token\"", "code_verifier", "logout_token", "kp_person"]
        {
            assert!(!log.contains(word), "{word} is in the log");
        }
        super::logs::assert_clean(&log, &self.secrets.lock().unwrap());
    }
}

/// Everything that went wrong, at once.
pub fn assert_none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
