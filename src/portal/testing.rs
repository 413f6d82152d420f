//! Databases and cases for the tests of the portal's slices.

use crate::contract::*;
use crate::db::{self, Application, Conn, Db};
use crate::portal::cases::{NewCase, OpenedCase, open};
use crate::settings::{KeySettings, Keys, SecretText, random_bytes};
use crate::vocabulary::*;
use base64::Engine as _;
use diesel::connection::SimpleConnection;

/// A database of its own for one test.
pub(crate) struct TestDb {
    pub url: String,
    folder: Option<std::path::PathBuf>,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl TestDb {
    pub fn conn(&self) -> Conn {
        let mut conn = db::open(&self.url, false).unwrap();
        if let Conn::Sqlite(c) = &mut conn {
            c.batch_execute("PRAGMA synchronous=OFF").unwrap();
        }
        conn
    }
    pub fn start(&self) -> Db {
        Db::start(&self.url)
    }
}

fn random_name() -> String {
    random_bytes::<8>().unwrap().iter().map(|b| format!("{b:02x}")).collect()
}

/// SQLite always; PostgreSQL when `KP_TEST_POSTGRES` holds the address of a server, with a database for each test.
pub(crate) fn databases() -> Vec<TestDb> {
    // A PostgreSQL connection drives a runtime of its own, which no asynchronous test may.
    std::thread::spawn(make_databases).join().unwrap()
}

fn make_databases() -> Vec<TestDb> {
    let folder = std::env::temp_dir().join(format!("kp-{}", random_name()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut all = vec![TestDb { url: format!("sqlite:{}", folder.join("t.db").display()), folder: Some(folder) }];
    if let Ok(server) = std::env::var("KP_TEST_POSTGRES") {
        let name = format!("kp_{}", random_name());
        db::open(&server, false).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        all.push(TestDb { url: url.to_string(), folder: None });
    }
    for one in &all {
        db::migrate(&mut one.conn(), Application::Portal).unwrap();
    }
    all
}

pub(crate) fn keys() -> Keys {
    let key = |b: u8| SecretText::new(base64::engine::general_purpose::STANDARD.encode([b; 32]));
    Keys::new(&KeySettings { seal: vec![key(1)], lookup: Some(key(2)), forms: Some(key(3)) }).unwrap()
}

pub(crate) fn municipality() -> MunicipalitySlug {
    "orkelljunga".parse().unwrap()
}

pub(crate) fn castor() -> TargetSlug {
    "castor".parse().unwrap()
}

pub(crate) fn morning() -> At {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

pub(crate) fn new_case(at: At) -> NewCase {
    NewCase {
        id: CaseId::fresh(),
        municipality: municipality(),
        party_id: Some(PartyId::fresh()),
        browser_hash: None,
        submission_id: SubmissionId::fresh(),
        service: "felanmalan".parse().unwrap(),
        title: "Felanmälan".into(),
        target: castor(),
        case_type: "SBN-FEL".into(),
        appeal_regime: "fl".into(),
        sensitivity: "normal".into(),
        protected: false,
        unit: "Gata och park".into(),
        email: Some("anna@example.se".into()),
        phone: None,
        channel: "portal".into(),
        language: "sv".into(),
        received_at: at,
    }
}

pub(crate) fn opened(conn: &mut Conn, at: At) -> (NewCase, OpenedCase) {
    let new = new_case(at);
    let case = open(conn, &new).unwrap();
    (new, case)
}

pub(crate) fn body(case: &OpenedCase, at: At) -> Delivery {
    Delivery {
        delivery_id: DeliveryId::fresh(),
        kind: DeliveryKind::Submission,
        schema_version: "1.0".into(),
        municipality: MunicipalityRef { code: "1257".into(), organisation_number: "2120009911".into() },
        case: CaseRef { id: case.id.clone(), reference: case.reference.clone(), external_case_id: None },
        service: ServiceRef { code: "felanmalan".into(), title: "Felanmälan".into(), form_version: "ab".into() },
        routing: Routing { case_type: "SBN-FEL".into(), unit: "GATA".into(), appeal_regime: "fl".into() },
        received_at: at,
        received_date: at.day().to_string(),
        title: "Felanmälan".into(),
        sensitivity: "normal".into(),
        parties: vec![],
        answers: vec![],
        values: serde_json::Map::new(),
        message: None,
        locations: vec![],
        documents: vec![],
        links: Links { citizen_view: "http://localhost/mina-sidor".into() },
    }
}
