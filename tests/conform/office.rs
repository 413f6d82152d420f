//! The kit and the simulated back office, in this process, each on a free port of loopback.

use kommunportal::conform::{self, Config, Mode, Report, Verdict};
use kommunportal::contract::{MunicipalityRef, Secret};
use kommunportal::settings::random_bytes;
use kommunportal::simulators::back_office::{self, BackOffice, BackOfficeConfig};
use kommunportal::vocabulary::Clock;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::time::Duration;

pub struct Pair {
    pub office: BackOffice,
    listener: TcpListener,
    pub config: Config,
}

pub fn secret() -> String {
    Secret::text(random_bytes().unwrap())
}

impl Pair {
    /// An adapter and a kit that know each other's secrets.
    pub async fn new(mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let public_url = format!("http://localhost:{port}");
        let (out, next, back) = (secret(), secret(), secret());
        let read = |text: &String| text.parse::<Secret>().unwrap();
        let office = back_office::start(BackOfficeConfig {
            bind: vec![([127, 0, 0, 1], 0).into()],
            portal: public_url.clone(),
            token: "a-token".into(),
            secret_out: vec![read(&out), read(&next)],
            secret_in: read(&back),
            clock: Clock::system(),
            journal: None,
        })
        .unwrap();
        let config = Config {
            mode,
            url: (mode == Mode::Push).then(|| office.url().parse().unwrap()),
            public_url,
            token: "a-token".into(),
            secret_out: read(&out),
            secret_out_next: Some(read(&next)),
            secret_in: vec![read(&back)],
            municipality: MunicipalityRef { code: "1257".into(), organisation_number: "2120009911".into() },
            case_type: "KFN-BIDRAG".into(),
            unit: "FRITID".into(),
            appeal_regime: "kl".into(),
            sensitive_case_type: "SN-BISTAND".into(),
            patience: Duration::from_secs(10),
            settle: Duration::from_millis(700),
            person: Duration::ZERO,
            only: vec![],
            hook: Some(office.hook().parse().unwrap()),
            state: None,
        };
        let pair = Self { office, listener, config };
        pair.control(json!({ "pull": mode == Mode::Pull })).await;
        pair
    }

    /// Tells the adapter how to behave.
    pub async fn control(&self, state: Value) {
        let client = kommunportal::web::http_client(Duration::from_secs(10)).unwrap();
        let answer = client.post(self.office.control()).json(&state).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    pub async fn break_it(&self, fault: &str) {
        self.control(json!({ "fault": fault, "pull": self.config.mode == Mode::Pull })).await;
    }

    pub async fn run(&self) -> Report {
        let listener = self.listener.try_clone().unwrap();
        conform::run(self.config.clone(), listener, Clock::system(), |_| {}).await.unwrap()
    }
}

/// As a person reads it.
pub fn told(report: &Report) -> String {
    report.results.iter().map(|r| r.lines()).collect()
}

pub fn verdict(report: &Report, id: &str) -> Verdict {
    report.results.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("no {id}")).verdict
}
