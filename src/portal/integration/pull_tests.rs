//! What a system notices that takes its deliveries by itself.

use super::keys::{self, KeyKind};
use super::tests::{ground, secret};
use crate::contract::{NoticeKind, Secret};
use crate::db::DbError;
use crate::portal::App;
use crate::portal::cases;
use crate::portal::delivery::{self, Attached, NewDelivery};
use crate::portal::testing::{body, castor, databases, keys as keyring, morning, municipality, opened};
use crate::settings::ConfigTree;
use crate::vocabulary::*;
use crate::web::Ground;
use actix_web::body::to_bytes;
use actix_web::http::header::HeaderMap;
use actix_web::{App as Server, test, web};
use serde_json::{Value, json};

struct Told {
    status: u16,
    body: Value,
    headers: HeaderMap,
}

impl Told {
    fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }
}

/// Asks the server of [`site`]; a macro, since its type cannot be written down.
macro_rules! ask {
    ($server:expr, $request:expr) => {
        async {
            let request = $request.insert_header(("host", "localhost:8080")).to_request();
            let response = test::call_service($server, request).await;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = to_bytes(response.into_body()).await.unwrap();
            Told { status, body: serde_json::from_slice(&bytes).unwrap_or_default(), headers }
        }
    };
}

fn get(path: &str, token: &str) -> test::TestRequest {
    test::TestRequest::get()
        .uri(&format!("/integration/v1{path}"))
        .insert_header(("authorization", format!("Bearer {token}")))
}

fn write(method: &str, path: &str, id: &str, secret: &Secret, body: &Value) -> test::TestRequest {
    let text = body.to_string();
    test::TestRequest::default()
        .method(method.parse().unwrap())
        .uri(&format!("/integration/v1{path}"))
        .insert_header(("content-type", "application/json"))
        .insert_header(("webhook-id", id.to_owned()))
        .insert_header(("webhook-timestamp", morning().seconds().to_string()))
        .insert_header(("webhook-signature", secret.sign(id, morning(), text.as_bytes())))
        .set_payload(text)
}

/// A case whose submission waits, with a message after it.
async fn waiting(ground: &Ground) -> (CaseId, DeliveryId, DeliveryId) {
    ground
        .db
        .write(|c| {
            let (_, case) = opened(c, morning());
            let first = body(&case, morning());
            let mut second = body(&case, morning());
            second.kind = crate::contract::DeliveryKind::Message;
            let ids = (case.id.clone(), first.delivery_id.clone(), second.delivery_id.clone());
            for body in [first, second] {
                let new = NewDelivery { target: castor(), body, attached: Attached::default() };
                delivery::enqueue(c, &keyring(), &municipality(), new, morning()).unwrap();
            }
            Ok::<_, DbError>(ids)
        })
        .await
        .unwrap()
}

macro_rules! site {
    ($ground:ident, $server:ident, $each:block) => {
        let _ = rustls::crypto::ring::default_provider().install_default();
        for db in databases() {
            let folder = std::env::temp_dir().join(format!("kp-blobs-{}", FileId::fresh()));
            let $ground = web::Data::new(ground(db.start(), &folder));
            let app = web::Data::new(App::build($ground.clone(), &ConfigTree::embedded()).unwrap());
            let $server =
                test::init_service(Server::new().app_data($ground.clone()).app_data(app).configure(super::routes)).await;
            $each
            let _ = std::fs::remove_dir_all(&folder);
        }
    };
}

#[actix_web::test]
async fn a_system_that_cannot_be_called_takes_registers_and_reports_one_after_the_other() {
    site!(ground, server, {
        let (case, first, second) = waiting(&ground).await;
        let listed = ask!(&server, get("/deliveries?state=available&limit=20&offset=0", "kod")).await;
        let ids: Vec<&str> =
            listed.body["deliveries"].as_array().unwrap().iter().map(|d| d["deliveryId"].as_str().unwrap()).collect();
        assert_eq!(ids, [first.as_str()], "what follows waits for what came first");
        assert!(listed.headers.contains_key("ratelimit-policy") && listed.headers.contains_key("ratelimit"));
        assert_eq!(ask!(&server, get("/deliveries?limit=0", "kod")).await.code(), (422, "schema-violation"));
        assert_eq!(ask!(&server, get("/deliveries?stat=available", "kod")).await.code(), (422, "schema-violation"));
        assert_eq!(ask!(&server, get("/deliveries", "fel")).await.code(), (401, "token-invalid"));

        let lease = format!("/deliveries/{first}/lease");
        let wish = json!({ "seconds": 300 });
        let taken = ask!(&server, write("POST", &lease, "l1", &secret(), &wish)).await;
        assert_eq!(taken.status, 200, "{}", taken.body);
        assert_eq!(taken.body["leaseUntil"], json!(morning().plus_seconds(300)));
        let again = ask!(&server, write("POST", &lease, "l1", &secret(), &wish)).await;
        assert_eq!(again.body, taken.body, "a repeat gets the stored answer");
        let other = ask!(&server, write("POST", &lease, "l2", &secret(), &wish)).await;
        assert_eq!(other.code(), (409, "lease-lost"));
        let follower =
            ask!(&server, write("POST", &format!("/deliveries/{second}/lease"), "l3", &secret(), &wish)).await;
        assert_eq!(follower.code(), (409, "lease-lost"), "the message waits for the submission");

        let sealed = ask!(&server, get(&format!("/deliveries/{first}"), "kod")).await;
        assert_eq!((sealed.status, sealed.body["deliveryId"].as_str()), (200, Some(first.as_str())));
        let receipt = |external: &str| {
            json!({ "deliveryId": first, "state": "registered", "registeredAt": morning(), "externalCaseId": external,
                "diaryNumber": "SBN 2026/00007", "status": { "externalCode": "REG", "sequence": "00000000000000000001" } })
        };
        let path = format!("/deliveries/{first}/receipt");
        let nameless = json!({ "deliveryId": first, "state": "registered" });
        let refused = ask!(&server, write("PUT", &path, "r0", &secret(), &nameless)).await;
        assert_eq!(refused.code(), (422, "schema-violation"));
        assert_eq!(ask!(&server, write("PUT", &path, "r1", &secret(), &receipt("k-1"))).await.status, 200);
        assert_eq!(ask!(&server, write("PUT", &path, "r2", &secret(), &receipt("k-1"))).await.status, 200);
        let conflict = ask!(&server, write("PUT", &path, "r3", &secret(), &receipt("k-2"))).await;
        assert_eq!(conflict.code(), (409, "receipt-conflict"));

        let shown = ask!(&server, get("/cases?externalCaseId=k-1", "kod")).await;
        assert_eq!(shown.body["cases"][0]["diaryNumber"], "SBN 2026/00007", "{}", shown.body);
        let listed = ask!(&server, get("/deliveries", "kod")).await;
        assert_eq!(listed.body["deliveries"][0]["deliveryId"], json!(second), "now the message may go");
        assert_eq!(listed.body["deliveries"][0]["caseId"], json!(case));
    });
}

#[actix_web::test]
async fn what_a_receipt_says_besides_counts_also_when_its_event_was_here_first() {
    site!(ground, server, {
        let (case, first, _) = waiting(&ground).await;
        let wish = json!({ "seconds": 300 });
        ask!(&server, write("POST", &format!("/deliveries/{first}/lease"), "l1", &secret(), &wish)).await;
        let event = json!({ "specversion": "1.0", "id": "e1", "source": "urn:kommunportal:system:castor:case:k-1",
            "type": "se.kommunportal.case.registered", "subject": case, "time": morning(),
            "sequence": "00000000000000000001",
            "data": { "deliveryId": first, "externalCaseId": "k-1", "registeredAt": morning() } });
        let push = write("POST", "/case-events", "e1", &secret(), &event);
        let told = ask!(&server, push.insert_header(("content-type", "application/cloudevents+json"))).await;
        assert_eq!(told.body["results"][0]["outcome"], "applied", "{}", told.body);
        let receipt = json!({ "deliveryId": first, "state": "registered", "registeredAt": morning(), "externalCaseId": "k-1",
            "diaryNumber": "SBN 2026/00007", "status": { "externalCode": "HANDLAGGS", "sequence": "00000000000000000002" } });
        for id in ["r1", "r2"] {
            let taken =
                ask!(&server, write("PUT", &format!("/deliveries/{first}/receipt"), id, &secret(), &receipt)).await;
            assert_eq!(taken.status, 200, "{}", taken.body);
        }
        let shown = ask!(&server, get(&format!("/cases/{case}"), "kod")).await.body;
        assert_eq!(
            (&shown["status"], &shown["diaryNumber"]),
            (&json!("in_progress"), &json!("SBN 2026/00007")),
            "{shown}"
        );
    });
}

#[actix_web::test]
async fn a_lease_that_ran_out_returns_the_delivery_and_a_failure_is_tried_again_or_given_up() {
    site!(ground, server, {
        let (_, first, _) = waiting(&ground).await;
        let failure = format!("/deliveries/{first}/failure");
        let lease = format!("/deliveries/{first}/lease");
        let fault = |retry: bool| json!({ "code": "back-office-down", "detail": "", "retry": retry });
        let early = ask!(&server, write("PUT", &failure, "f0", &secret(), &fault(true))).await;
        assert_eq!(early.code(), (409, "lease-lost"), "nobody has taken it");
        ask!(&server, write("POST", &lease, "l1", &secret(), &json!({ "seconds": 1 }))).await;
        // The lease runs out: in the row, since the clock of the test stands.
        let id = first.clone();
        let before = morning().plus_seconds(-1);
        ground.db.write(move |c| delivery::set_lease_for_test(c, &id, before)).await.unwrap();
        let late = ask!(&server, write("PUT", &failure, "f1", &secret(), &fault(true))).await;
        assert_eq!(late.code(), (409, "lease-lost"));
        let taken = ask!(&server, write("POST", &lease, "l2", &secret(), &json!({ "seconds": 300 }))).await;
        assert_eq!(taken.status, 200, "{}", taken.body);
        assert_eq!(ask!(&server, write("PUT", &failure, "f2", &secret(), &fault(true))).await.status, 200);
        let waits = ask!(&server, get("/deliveries", "kod")).await;
        assert_eq!(waits.body["deliveries"], json!([]), "not before its time");
        let row = ground.db.read({
            let id = first.clone();
            move |c| delivery::find(c, &municipality(), &id)
        });
        let row = row.await.unwrap().unwrap();
        assert_eq!(
            (row.attempts, row.state.as_str(), row.last_error.as_deref()),
            (1, "retry_scheduled", Some("back-office-down"))
        );
    });
}

#[actix_web::test]
async fn a_status_is_set_only_on_what_was_read() {
    site!(ground, server, {
        let (case, first, _) = waiting(&ground).await;
        let receipt = json!({ "deliveryId": first, "state": "registered", "externalCaseId": "k-1" });
        let given =
            ask!(&server, write("PUT", &format!("/deliveries/{first}/receipt"), "r1", &secret(), &receipt)).await;
        assert_eq!(given.status, 200, "whoever has the lease: what is registered is registered");
        let path = format!("/cases/{case}");
        let read = ask!(&server, get(&path, "kod")).await;
        let tag = read.headers.get("etag").unwrap().to_str().unwrap().to_owned();
        assert_eq!(ask!(&server, get(&path, "kod").insert_header(("if-none-match", tag.clone()))).await.status, 304);
        let put = |id: &str, code: &str| {
            write("PUT", &format!("{path}/status"), id, &secret(), &json!({ "externalCode": code }))
        };
        assert_eq!(ask!(&server, put("s0", "HANDLAGGS")).await.code(), (428, "precondition-required"));
        let set = ask!(&server, put("s1", "HANDLAGGS").insert_header(("if-match", tag.clone()))).await;
        assert_eq!((set.status, set.body["outcome"].as_str()), (200, Some("applied")), "{}", set.body);
        let stale = ask!(&server, put("s2", "KOMP").insert_header(("if-match", tag))).await;
        assert_eq!(stale.code(), (412, "precondition-failed"));
        let after = ask!(&server, get(&path, "kod")).await;
        assert_eq!(
            (after.body["status"].as_str(), after.body["lastSequence"].as_str()),
            (Some("in_progress"), Some("00000000000000000001"))
        );
    });
}

#[actix_web::test]
async fn the_feed_is_read_acknowledged_and_read_again() {
    site!(ground, server, {
        let (case, ..) = waiting(&ground).await;
        ground
            .db
            .write(move |c| {
                let case = cases::find(c, &municipality(), &case)?.unwrap();
                delivery::note(c, &case, NoticeKind::DecisionRead, json!({ "decisionId": "b-1" }), morning())
            })
            .await
            .unwrap();
        let feed = ask!(&server, get("/outbox/events?waitSeconds=0", "kod")).await;
        let event = &feed.body["events"][0]["event"];
        assert_eq!(event["type"], "se.kommunportal.case.decision_read", "{}", feed.body);
        assert!(event["source"].as_str().unwrap().starts_with("urn:kommunportal:municipality:1257:case:"));
        let acknowledged =
            ask!(&server, write("POST", "/outbox/acknowledgements", "a1", &secret(), &json!({ "upTo": 1 }))).await;
        assert_eq!(acknowledged.body["acknowledged"], 1);
        assert_eq!(ask!(&server, get("/outbox/events", "kod")).await.body["events"], json!([]), "from the cursor");
        assert_eq!(ask!(&server, get("/outbox/events?offset=0", "kod")).await.body["events"], feed.body["events"]);
        assert_eq!(ask!(&server, get("/outbox/events?waitSeconds=26", "kod")).await.status, 422);
    });
}

#[actix_web::test]
async fn keys_from_administration_work_beside_those_of_the_settings_until_they_are_revoked() {
    site!(ground, server, {
        let (case, first, _) = waiting(&ground).await;
        let issue = async |kind| {
            let keyring = keyring();
            ground
                .db
                .write(move |c| {
                    keys::issue(c, &keyring, &municipality(), &castor(), kind, "Eva", morning())
                        .map_err(|_| DbError::Unreachable)
                })
                .await
        };
        let token = issue(KeyKind::Token).await.unwrap();
        issue(KeyKind::Token).await.unwrap();
        assert!(issue(KeyKind::Token).await.is_err(), "two of a kind at most");
        let path = format!("/cases/{case}");
        assert_eq!(ask!(&server, get(&path, &token.text)).await.status, 200);
        let signing = issue(KeyKind::SecretIn).await.unwrap();
        let wish = json!({ "seconds": 60 });
        let lease = format!("/deliveries/{first}/lease");
        let taken = ask!(&server, write("POST", &lease, "l1", &signing.text.parse().unwrap(), &wish)).await;
        assert_eq!(taken.status, 200, "{}", taken.body);

        let client = issue(KeyKind::Client).await.unwrap();
        let form = |secret: &str, scope: &str| {
            test::TestRequest::post().uri("/integration/v1/token").set_form([
                ("grant_type", "client_credentials"),
                ("client_id", &client.id),
                ("client_secret", secret),
                ("scope", scope),
            ])
        };
        assert_eq!(ask!(&server, form("fel", "")).await.body["error"], "invalid_client");
        assert_eq!(ask!(&server, form(&client.text, "everything")).await.body["error"], "invalid_scope");
        let granted = ask!(&server, form(&client.text, "cases:read")).await;
        assert_eq!(
            (granted.body["token_type"].as_str(), granted.body["expires_in"].as_i64()),
            (Some("Bearer"), Some(600))
        );
        let access = granted.body["access_token"].as_str().unwrap().to_owned();
        assert_eq!(ask!(&server, get(&path, &access)).await.status, 200);
        assert_eq!(ask!(&server, get("/deliveries", &access)).await.code(), (403, "scope-missing"));

        for id in [token.id, client.id.clone()] {
            let done = ground.db.write(move |c| keys::revoke(c, &municipality(), &id, "Eva", morning())).await.unwrap();
            assert!(done);
        }
        assert_eq!(ask!(&server, get(&path, &token.text)).await.code(), (401, "token-invalid"));
        assert_eq!(ask!(&server, get(&path, &access)).await.code(), (401, "token-invalid"), "ends with its client");
    });
}

#[actix_web::test]
async fn the_document_tells_of_every_call_and_of_none_that_is_not_there() {
    site!(ground, server, {
        let read = ask!(&server, test::TestRequest::get().uri("/integration/v1/openapi.json")).await;
        assert_eq!((read.status, read.body["openapi"].as_str()), (200, Some("3.1.0")));
        let text = read.body.to_string();
        for part in text.split("\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(read.body.pointer(pointer).is_some(), "nothing at #{pointer}");
        }
        let mut told = 0;
        for (path, methods) in read.body["paths"].as_object().unwrap() {
            let filled = path.replace("{", "0197f0c2-5b1e-7c11-9c0a-6f2d9a1b0001/{");
            let filled: String = filled.split('/').filter(|p| !p.starts_with('{')).collect::<Vec<_>>().join("/");
            for (method, operation) in methods.as_object().unwrap() {
                told += 1;
                let request = test::TestRequest::default()
                    .method(method.to_uppercase().parse().unwrap())
                    .uri(&format!("/integration/v1{filled}"));
                let answered = ask!(&server, request).await.status.to_string();
                assert!(operation["responses"].get(&answered).is_some(), "{method} {path}: {answered} is not told");
                assert_ne!(answered, "404", "{method} {path}");
                for status in operation["responses"].as_object().unwrap().keys() {
                    assert!(status.parse::<u16>().is_ok());
                }
            }
        }
        let routes = include_str!("api.rs").matches(".route(").count();
        assert_eq!(told, routes);
    });
}
