//! A case-management system by another maker, as a process of its own that is killed like the others; and its journal,
//! which is what it knows.

use super::chance::Chance;
use super::demo::free_block;
use super::installation::{Installation, Process, client, status_of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// What it does wrong, or oddly: before it has taken something in, after that, and when it tells.
const ODDITIES: [&str; 8] =
    ["status500", "retry_after", "html", "drop_after_commit", "accept_later", "event_duplicate", "event_reverse", SLOW];

/// Not wrong, but so late that what is in flight is cut off more often.
const SLOW: &str = "slow";

pub struct Receiver {
    port: u16,
    token: String,
}

/// What it has written down.
#[derive(Default)]
pub struct Journal {
    /// Delivery, case and kind, in the order in which they were taken in.
    pub deliveries: Vec<(String, String, String)>,
    /// Event and type.
    pub events: Vec<(String, String)>,
    documents: BTreeSet<String>,
    done: BTreeSet<String>,
}

impl Receiver {
    /// Makes it the target of everything; it is not started yet.
    pub fn of(all: &mut Installation) -> Self {
        let port = (0..100).map(|_| free_block()).find(|p| *p != all.base && *p != all.second).unwrap();
        let url = format!("http://localhost:{port}/back-office");
        all.set("TARGETS__CASTOR__URL", &url);
        Receiver { port, token: all.environment["KOMMUNPORTAL__TARGETS__CASTOR__TOKEN"].clone() }
    }

    fn folder(all: &Installation) -> std::path::PathBuf {
        all.folder.path().join("receiver")
    }

    pub fn launch(&self, all: &Installation) -> Process {
        let (base, folder) = (self.port.to_string(), Self::folder(all));
        let arguments = ["serve", "simulators", "--base-port", &base, "--data-dir", folder.to_str().unwrap()];
        all.launch("receiver", &arguments, &[])
    }

    pub async fn wait_until_ready(&self) {
        let begun = Instant::now();
        let ready = format!("http://localhost:{}/back-office/health/ready", self.port);
        while status_of(&ready).await != Some(200) {
            assert!(begun.elapsed() < Duration::from_secs(60), "the receiver does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// From now on it behaves otherwise, if it is there to hear it. What only strikes once or twice leaves it well again.
    pub async fn be_odd(&self, chance: &Chance) {
        let fault = ODDITIES[usize::try_from(chance.below(ODDITIES.len() as u64)).unwrap()];
        let state = match fault {
            SLOW => json!({ "delay_ms": 400 }),
            fault => json!({ "fault": fault, "times": 1 + chance.below(3) }),
        };
        self.control(state).await;
    }

    pub async fn be_well(&self) {
        self.wait_until_ready().await;
        assert!(self.control(json!({})).await, "the receiver can be told to behave");
    }

    async fn control(&self, state: Value) -> bool {
        let address = format!("http://localhost:{}/_control", self.port);
        let answer = client().post(address).json(&state).send().await;
        answer.is_ok_and(|a| {
            assert!(a.status().is_success(), "{state} is not known");
            true
        })
    }

    /// Has something happen in a case; whether it did stands in the journal.
    pub async fn act(&self, action: &str, external: &str) {
        let asked = json!({ "action": action, "externalCaseId": external });
        drop(client().post(format!("http://localhost:{}/hook", self.port)).json(&asked).send().await);
    }

    /// How many errands it made of each case.
    pub async fn cases(&self) -> BTreeMap<String, u64> {
        let answer = client().get(format!("http://localhost:{}/_control", self.port)).send().await.unwrap();
        let told: Value = answer.json().await.unwrap();
        serde_json::from_value(told["cases"].clone()).unwrap()
    }

    /// The number under which it has a delivery's case.
    pub async fn diary_number(&self, delivery: &str) -> String {
        let address = format!("http://localhost:{}/back-office/v1/deliveries/{delivery}", self.port);
        let answer = client().get(address).bearer_auth(&self.token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{delivery}");
        let receipt: Value = answer.json().await.unwrap();
        assert_eq!(receipt["state"], "registered", "{delivery}");
        receipt["diaryNumber"].as_str().unwrap().to_owned()
    }

    /// Its journal, once nothing is left to tell or to fetch.
    pub async fn settled(&self, all: &Installation) -> Journal {
        let mut moved = (Instant::now(), usize::MAX);
        loop {
            let journal = Self::journal(all);
            let wanted = journal.events.iter().map(|(id, _)| id).chain(&journal.documents);
            let left = wanted.filter(|id| !journal.done.contains(*id)).count();
            if left == 0 {
                return journal;
            }
            if left < moved.1 {
                moved = (Instant::now(), left);
            }
            assert!(moved.0.elapsed() < Duration::from_secs(60), "{left} events and documents are left");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn journal(all: &Installation) -> Journal {
        let text = std::fs::read_to_string(Self::folder(all).join("back-office-castor.jsonl")).unwrap();
        let mut journal = Journal::default();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let body = || -> Value { serde_json::from_str(line["body"].as_str().unwrap()).unwrap() };
            let text = |of: &Value| of.as_str().unwrap().to_owned();
            match line["what"].as_str().unwrap() {
                "delivery" => {
                    let body = body();
                    let documents = body["documents"].as_array().unwrap();
                    journal.documents.extend(documents.iter().map(|d| text(&d["documentId"])));
                    let of = (text(&body["deliveryId"]), text(&body["case"]["id"]), text(&body["kind"]));
                    journal.deliveries.push(of);
                }
                "event" => journal.events.push((text(&line["id"]), text(&body()["type"]))),
                "done" => drop(journal.done.insert(text(&line["id"]))),
                other => panic!("{other} is not known"),
            }
        }
        journal
    }
}
