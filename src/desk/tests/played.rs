//! A portal played for the desk: what it is sent and what is fetched from it, with signatures held against the contract.

use super::*;
use crate::settings::{Profile, Settings, load};
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

pub const SECRET: &str = "whsec_S29tbXVucG9ydGFsVGVzdE55Y2tlbDAxMjM0NTY=";

/// What it has seen, and what it is to answer.
#[derive(Default)]
pub struct Played {
    /// Everything that came signed, in order: what, key or event id.
    pub seen: Vec<(&'static str, String)>,
    /// Its names of files, by key.
    pub files: BTreeMap<String, String>,
    /// Bodies of events, as they came.
    pub events: Vec<String>,
    /// `webhook-id` of each.
    pub event_keys: Vec<String>,
    /// Answers to come instead of the usual one.
    pub refuse: Vec<u16>,
    /// Deliveries to take, with their bodies.
    pub deliveries: BTreeMap<String, Vec<u8>>,
    /// Those under a lease.
    pub leased: Vec<String>,
    /// Receipts, as they came.
    pub receipts: Vec<Value>,
    /// Failures, as they came.
    pub failures: Vec<Value>,
    /// Its feed.
    pub feed: Vec<Value>,
    /// How far the desk has told that it has read.
    pub read: i64,
}

pub type Shared = web::Data<Mutex<Played>>;

fn checked(request: &HttpRequest, body: &[u8]) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let now = At::from_seconds(text("webhook-timestamp").parse().unwrap());
    let secret: Secret = SECRET.parse().unwrap();
    secret.verify(text("webhook-id"), text("webhook-timestamp"), text("webhook-signature"), body, now).is_ok()
}

async fn any(request: HttpRequest, played: Shared, body: web::Bytes) -> HttpResponse {
    let mut played = played.lock().unwrap();
    let is_get = request.method() == actix_web::http::Method::GET;
    let bears = request.headers().get("authorization").is_some_and(|v| v == "Bearer a-token");
    assert!(if is_get { bears } else { checked(&request, &body) }, "{request:?}");
    if let Some(status) = (!is_get).then(|| played.refuse.pop()).flatten().filter(|s| *s != 0) {
        return HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(json!({}));
    }
    let path = request.path().trim_start_matches("/integration/v1/").to_owned();
    let parts: Vec<&str> = path.split('/').collect();
    match (request.method().as_str(), parts.as_slice()) {
        ("POST", ["cases", _, "documents"]) => {
            let key = request.headers().get("idempotency-key").unwrap().to_str().unwrap().trim_matches('"').to_owned();
            played.seen.push(("file", key.clone()));
            let n = played.files.len();
            let name = played.files.entry(key).or_insert_with(|| format!("portal-{n}")).clone();
            HttpResponse::Created().json(json!({ "documentId": name }))
        }
        ("POST", ["case-events"]) => {
            let event: CloudEvent = serde_json::from_slice(&body).unwrap();
            played.seen.push(("event", event.id.clone()));
            played.events.push(String::from_utf8(body.to_vec()).unwrap());
            let key = request.headers().get("webhook-id").unwrap().to_str().unwrap().to_owned();
            played.event_keys.push(key);
            HttpResponse::Accepted().json(json!({ "results": [{ "id": event.id, "outcome": "applied" }] }))
        }
        ("GET", ["deliveries"]) => {
            let done: Vec<&str> = played.receipts.iter().filter_map(|r| r["deliveryId"].as_str()).collect();
            let waiting =
                played.deliveries.keys().filter(|id| !done.contains(&id.as_str()) && !played.leased.contains(id));
            let listed: Vec<Value> = waiting.map(|id| json!({ "deliveryId": id, "kind": "submission", "caseId": id, "receivedAt": "2026-11-21T09:59:00Z", "state": "available" })).collect();
            HttpResponse::Ok().json(json!({ "deliveries": listed, "page": { "offset": 0, "limit": 20, "nextOffset": 0, "hasMore": false } }))
        }
        ("POST", ["deliveries", id, "lease"]) if played.leased.iter().any(|l| l == id) => {
            HttpResponse::Conflict().json(json!({ "code": "lease-lost" }))
        }
        ("POST", ["deliveries", id, "lease"]) => {
            played.leased.push((*id).to_owned());
            HttpResponse::Ok().json(json!({ "deliveryId": id, "leaseUntil": "2026-11-21T10:05:00Z" }))
        }
        ("GET", ["deliveries", id]) => HttpResponse::Ok().body(played.deliveries[*id].clone()),
        ("PUT", ["deliveries", _, what]) => {
            let said: Value = serde_json::from_slice(&body).unwrap();
            if *what == "receipt" {
                played.receipts.push(said)
            } else {
                played.failures.push(said)
            }
            HttpResponse::Ok().json(json!({}))
        }
        ("GET", ["outbox", "events"]) => {
            let query = url::form_urlencoded::parse(request.query_string().as_bytes());
            let offset: i64 = query.into_iter().find(|(n, _)| n == "offset").unwrap().1.parse().unwrap();
            let events: Vec<Value> =
                played.feed.iter().filter(|e| e["position"].as_i64().unwrap() > offset).cloned().collect();
            HttpResponse::Ok().json(json!({ "events": events, "page": { "offset": offset, "limit": 20, "nextOffset": offset, "hasMore": false } }))
        }
        ("POST", ["outbox", "acknowledgements"]) => {
            played.read = serde_json::from_slice::<Value>(&body).unwrap()["upTo"].as_i64().unwrap();
            HttpResponse::Ok().json(json!({}))
        }
        other => panic!("{other:?}"),
    }
}

/// Starts it on a free port; its state, its handle and the settings of a desk that belongs to it.
pub fn play() -> (Shared, actix_web::dev::ServerHandle, Settings) {
    let played: Shared = web::Data::new(Mutex::new(Played::default()));
    let data = played.clone();
    let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(any)))
        .workers(1)
        .bind(("127.0.0.1", 0))
        .unwrap();
    let url = format!("http://localhost:{}", server.addrs()[0].port());
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let environment = [
        ("KOMMUNPORTAL__PORTAL__PUBLIC_URL", url.as_str()),
        ("KOMMUNPORTAL__TARGETS__CASTOR__KIND", "contract"),
        ("KOMMUNPORTAL__TARGETS__CASTOR__URL", "http://localhost:8081/integration"),
        ("KOMMUNPORTAL__TARGETS__CASTOR__TOKEN", "a-token"),
        ("KOMMUNPORTAL__TARGETS__CASTOR__SECRET_OUT", SECRET),
        ("KOMMUNPORTAL__TARGETS__CASTOR__SECRET_IN", SECRET),
    ];
    let environment = environment.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
    let settings = load(&ConfigTree::embedded(), Profile::Test, Default::default(), environment).unwrap();
    (played, handle, settings)
}
