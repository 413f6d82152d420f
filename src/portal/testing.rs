//! Databases and cases for the tests of the portal's slices.

use crate::contract::*;
use crate::db::{self, Application, Conn, Db};
use crate::files::BlobStore;
use crate::municipalities::Municipalities;
use crate::oidc::{Evidence, NumberClaim, NumberFormat, NumberKind};
use crate::portal::cases::{NewCase, OpenedCase, open};
use crate::settings::{ConfigTree, KeySettings, Keys, ReceiptKeys, SecretText, Settings, Target, random_bytes};
use crate::vocabulary::*;
use crate::web::{AddressLimit, Ground, Realm, Renderer};
use base64::Engine as _;
use diesel::connection::SimpleConnection;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::json;
use std::sync::{Arc, LazyLock};

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
    // One for all, or what one part of a test seals another could not open.
    static RECEIPT: LazyLock<String> = LazyLock::new(|| ReceiptKeys::generate().unwrap());
    let receipt = vec![SecretText::new(RECEIPT.as_str())];
    let (lookup, forms) = (Some(key(2)), Some(key(3)));
    Keys::new(&KeySettings { seal: vec![key(1)], lookup, forms, receipt, ..KeySettings::default() }).unwrap()
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
        decision_id: None,
        hearing_id: None,
        supplement: None,
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
        signatures: vec![],
        missing_signatures: vec![],
        answers: vec![],
        values: serde_json::Map::new(),
        message: None,
        locations: vec![],
        documents: vec![],
        links: Links { citizen_view: "http://localhost/mina-sidor".into() },
    }
}

/// The ground floor of the portal, on a database of its own.
pub(crate) fn ground(db: Db, settings: Settings, blobs: &std::path::Path) -> Ground {
    Ground {
        realm: Realm::Portal,
        public_url: settings.portal.public_url.clone(),
        settings: Arc::new(settings),
        municipalities: Municipalities::load(&ConfigTree::embedded(), true).unwrap(),
        db,
        blobs: Arc::new(BlobStore::open(&format!("file:{}", blobs.display())).unwrap()),
        clock: Clock::standing_at(morning()),
        keys: keys(),
        renderer: Arc::new(Renderer::new().unwrap()),
        login_limit: AddressLimit::per_minute(10),
    }
}

/// What a broker without the signature extension gives: a token that names the bytes, signed with a key of its own.
pub(crate) fn evidence(tbs_data: &[u8], number: &Personnummer, at: At) -> Evidence {
    static KEY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        made.unwrap().as_ref().to_vec()
    });
    const CLAIM: &str = "https://id.oidc.se/claim/personalIdentityNumber";
    let b64 = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let sha256 = |bytes: &[u8]| ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().to_vec();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &KEY, &SystemRandom::new()).unwrap();
    let point = pair.public_key().as_ref();
    let salt = [7; 32];
    let claims = json!({
        "iss": "https://broker.example", "aud": "kommunportal", "sub": "s", "exp": at.seconds() + 300,
        "iat": at.seconds(), "auth_time": at.seconds(), "acr": "loa3",
        "nonce": b64(&sha256(&[&salt[..], &sha256(tbs_data)].concat())), CLAIM: number.expose(),
    });
    let input = format!("{}.{}", b64(br#"{"alg":"ES256","typ":"JWT"}"#), b64(claims.to_string().as_bytes()));
    let signature = pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    let signer_claim =
        NumberClaim { claim: CLAIM.into(), kind: NumberKind::ByValue, format: NumberFormat::D12, guard: None };
    serde_json::from_value(json!({
        "class": "reauthentication",
        "issuer": "https://broker.example",
        "client_id": "kommunportal",
        "request_object": null,
        "request_jwk": null,
        "id_token": format!("{input}.{}", b64(signature.as_ref())),
        "jwk": { "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "x": b64(&point[1..33]), "y": b64(&point[33..65]) },
        "nonce_salt": b64(&salt),
        "tbs_data_sha256": b64(&sha256(tbs_data)),
        "user_signature": null,
        "authn_evidence": null,
        "signer_claim": signer_claim,
        "method": "bankid",
        "txn": "t-1",
        "acr": "loa3",
        "auth_time": at,
        "received_at": at,
    }))
    .unwrap()
}

/// A target that speaks the contract, with more of its settings in TOML. Nobody is at its address.
pub fn target(more: &str) -> Target {
    let secret = crate::contract::Secret::text([7; 32]);
    let base = "kind = \"contract\"\nurl = \"http://localhost:1/integration\"\ntoken = \"kod\"\n";
    toml::from_str(&format!("{base}secret_out = [\"{secret}\"]\n{more}")).unwrap()
}
