//! The desk's use cases over a database: SQLite in a temporary folder, and PostgreSQL as well when `KP_TEST_POSTGRES` has
//! the URL of a server where databases may be made.

mod asking;
mod handling;
mod intake;
mod link;
mod pages;
mod played;

use crate::contract::*;
use crate::db::{self, Application, Conn, Db};
use crate::desk::errands::{Act, Catalogue, Errand};
use crate::desk::intake::{Received, Refused, receive};
use crate::desk::staff::{self, Member};
use crate::municipalities::Municipalities;
use crate::settings::{ConfigTree, sha256_hex};
use crate::vocabulary::{At, CaseId, DeliveryId, MunicipalitySlug, Reference};
use diesel::connection::SimpleConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A database of its own with the staff of the demo.
pub struct Bench {
    pub db: Db,
    pub url: String,
    pub catalogue: Arc<Catalogue>,
    pub now: At,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn urls() -> Vec<String> {
    let n = format!("{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    let folder = std::env::temp_dir().join(format!("kp_desk_{n}"));
    // What a process of the same number once left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.join("desk.db").display())];
    if let Ok(server) = std::env::var("KP_TEST_POSTGRES") {
        let name = format!("kp_desk_{n}");
        db::open(&server, false).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let mut url: url::Url = server.parse().unwrap();
        url.set_path(&name);
        urls.push(url.to_string());
    }
    urls
}

/// One for each database.
pub fn benches() -> Vec<Bench> {
    let tree = ConfigTree::embedded();
    let municipalities = Municipalities::load(&tree, true).unwrap();
    urls()
        .into_iter()
        .map(|url| {
            let mut c = db::open(&url, false).unwrap();
            db::migrate(&mut c, Application::Desk).unwrap();
            staff::seed(&mut c, &municipalities, include_str!("../../../assets/people/staff.json")).unwrap();
            drop(c);
            let catalogue = Arc::new(Catalogue::load(&tree).unwrap());
            Bench { db: Db::start(&url), url, catalogue, now: "2026-11-21T10:00:00Z".parse().unwrap() }
        })
        .collect()
}

/// On a thread of its own: no async thread may open a connection to PostgreSQL.
pub fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

pub fn orkelljunga() -> MunicipalitySlug {
    "orkelljunga".parse().unwrap()
}

impl Bench {
    pub fn conn(&self) -> Conn {
        db::open(&self.url, false).unwrap()
    }

    pub fn receive(&self, c: &mut Conn, delivery: &Delivery) -> Result<Received, Refused> {
        let body = serde_json::to_vec(delivery).unwrap();
        let digest = sha256_hex(&body);
        receive(c, &self.catalogue, &orkelljunga(), delivery, (&body, &digest), self.now)
    }

    /// A registered errand.
    pub fn errand(&self, c: &mut Conn, delivery: &Delivery) -> Errand {
        self.receive(c, delivery).unwrap();
        self.again(c, delivery)
    }

    /// The errand as it is now.
    pub fn again(&self, c: &mut Conn, delivery: &Delivery) -> Errand {
        crate::desk::errands::find_by_case(c, &orkelljunga(), &delivery.case.id).unwrap().unwrap()
    }

    pub fn act<'a>(&'a self, by: &'a Member, errand: &'a Errand) -> Act<'a> {
        Act { catalogue: &self.catalogue, by, errand: &errand.id, version: errand.version, now: self.now }
    }
}

pub fn member(c: &mut Conn, affiliation: &str) -> Member {
    staff::find(c, &orkelljunga(), affiliation).unwrap().unwrap()
}

/// A submission as the portal seals it.
pub fn submission(case_type: &str, unit: &str) -> Delivery {
    let random: [u8; 5] = crate::settings::random_bytes().unwrap();
    Delivery {
        decision_id: None,
        hearing_id: None,
        supplement: None,
        delivery_id: DeliveryId::fresh(),
        kind: DeliveryKind::Submission,
        schema_version: "1.0".into(),
        municipality: MunicipalityRef { code: "1257".into(), organisation_number: "2120009911".into() },
        case: CaseRef { id: CaseId::fresh(), reference: Reference::new(2026, random), external_case_id: None },
        service: ServiceRef { code: "felanmalan".into(), title: "Felanmälan".into(), form_version: "a".repeat(64) },
        routing: Routing { case_type: case_type.into(), unit: unit.into(), appeal_regime: "none".into() },
        received_at: "2026-11-21T09:59:00Z".parse().unwrap(),
        received_date: "2026-11-21".into(),
        title: "Lampa trasig på Ängsgatan".into(),
        sensitivity: "normal".into(),
        parties: vec![Party {
            role: "applicant".into(),
            kind: "person".into(),
            name: Some("Åsa Öberg".into()),
            identifier: Some(Identifier { kind: "personalNumber".into(), value: "198001019802".into() }),
            contact: None,
            authentication: None,
            mandate: None,
            protected_identity: false,
            protection_unchecked: false,
        }],
        signatures: vec![],
        missing_signatures: vec![],
        answers: vec![AnswerSection {
            section: "Felet".into(),
            items: vec![AnswerItem {
                id: "vad".into(),
                label: "Vad är fel?".into(),
                text: "Lampan är trasig.".into(),
                source: "resident".into(),
                source_at: "2026-11-21T09:58:00Z".parse().unwrap(),
            }],
        }],
        values: serde_json::Map::new(),
        message: None,
        locations: Vec::new(),
        documents: Vec::new(),
        links: Links { citizen_view: "http://localhost:8080/mina-sidor".into() },
    }
}

/// A later delivery in the same case.
pub fn later(kind: DeliveryKind, first: &Delivery, text: &str) -> Delivery {
    Delivery {
        delivery_id: DeliveryId::fresh(),
        kind,
        message: Some(DeliveredMessage {
            message_id: uuid::Uuid::now_v7().to_string(),
            text: text.into(),
            in_reply_to: None,
        }),
        ..first.clone()
    }
}

/// Kinds and sequence numbers of what the portal will be told, in order.
pub fn announced(c: &mut Conn, errand: &Errand) -> Vec<(String, i64)> {
    use crate::db::schema::outgoing_events as e;
    use diesel::prelude::*;
    e::table.filter(e::errand_id.eq(&errand.id)).order(e::sequence).select((e::kind, e::sequence)).load(c).unwrap()
}
