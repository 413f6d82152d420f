//! What an integrator notices of a push, over HTTP.

use crate::contract::{BATCH, EventResults, ONE, Secret};
use crate::db::DbError;
use crate::portal::App;
use crate::portal::cases;
use crate::portal::testing::{self, castor, databases, morning, municipality, opened};
use crate::settings::{ConfigTree, Profile, SecretText, Settings, load};
use crate::vocabulary::*;
use crate::web::Ground;
use actix_web::{App as Server, test, web};
use serde_json::{Value, json};

pub(super) fn secret() -> Secret {
    Secret::text([9; 32]).parse().unwrap()
}

pub(super) fn ground(db: crate::db::Db, blobs: &std::path::Path) -> Ground {
    let tree = ConfigTree::embedded();
    let mut settings: Settings = load(&tree, Profile::Test, toml::Table::new(), std::iter::empty()).unwrap();
    let mut target = testing::target("retry_after = [1]");
    target.secret_in = [[8; 32], [9; 32]].map(|bytes| SecretText::new(Secret::text(bytes))).into();
    settings.targets.insert(castor(), target);
    testing::ground(db, settings, blobs)
}

fn push(id: &str, at: At, kind: &str, body: &str, signature: String) -> test::TestRequest {
    test::TestRequest::post()
        .uri("/integration/v1/case-events")
        .insert_header(("host", "localhost:8080"))
        .insert_header(("content-type", kind))
        .insert_header(("webhook-id", id))
        .insert_header(("webhook-timestamp", at.seconds().to_string()))
        .insert_header(("webhook-signature", signature))
        .set_payload(body.to_owned())
}

#[actix_web::test]
async fn a_push_is_taken_once_answered_the_same_and_refused_without_its_signature() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for db in databases() {
        let folder = std::env::temp_dir().join(format!("kp-blobs-{}", FileId::fresh()));
        let ground = web::Data::new(ground(db.start(), &folder));
        let app = web::Data::new(App::build(ground.clone(), &ConfigTree::embedded()).unwrap());
        let server =
            test::init_service(Server::new().app_data(ground.clone()).app_data(app).configure(super::routes)).await;
        let case = ground.db.write(|c| Ok::<_, DbError>(opened(c, morning()).1)).await.unwrap();
        let event = |n: u32, time: At| {
            json!({"specversion": "1.0", "id": format!("e{n}"), "source": "urn:x", "type": "se.kommunportal.case.message_sent",
                "subject": case.id, "time": time, "data": {"messageId": format!("m{n}"), "text": "Hej"}})
        };
        let one = event(1, morning()).to_string();
        let signed = |id: &str, at: At, body: &str| secret().sign(id, at, body.as_bytes());
        let code = async |request: test::TestRequest| {
            let response = test::call_service(&server, request.to_request()).await;
            let status = response.status().as_u16();
            let body: Value = serde_json::from_slice(&test::read_body(response).await).unwrap_or_default();
            (status, body)
        };
        let now = morning();
        let wrong = code(push(
            "p1",
            now,
            ONE,
            &one,
            Secret::text([1; 32]).parse::<Secret>().unwrap().sign("p1", now, one.as_bytes()),
        ))
        .await;
        assert_eq!((wrong.0, wrong.1["code"].as_str()), (401, Some("signature-invalid")));
        let old = now.plus_seconds(-360);
        let late = code(push("p1", old, ONE, &one, signed("p1", old, &one))).await;
        assert_eq!((late.0, late.1["code"].as_str()), (401, Some("timestamp-out-of-tolerance")));
        let form = code(push("p1", now, "text/plain", &one, signed("p1", now, &one))).await;
        assert_eq!(form.0, 415);
        let large = "x".repeat(300 * 1024);
        assert_eq!(code(push("p1", now, ONE, &large, signed("p1", now, &large))).await.0, 413);

        let first = code(push("p1", now, ONE, &one, signed("p1", now, &one))).await;
        assert_eq!((first.0, first.1["results"][0]["outcome"].as_str()), (202, Some("parked")));
        assert_eq!(code(push("p1", now, ONE, &one, signed("p1", now, &one))).await, first);
        let again = code(push("p2", now, ONE, &one, signed("p2", now, &one))).await;
        assert_eq!((again.0, again.1["results"][0]["outcome"].as_str()), (200, Some("duplicate")));
        let other = event(2, morning()).to_string();
        assert_eq!(code(push("p1", now, ONE, &other, signed("p1", now, &other))).await.0, 422);

        let batch = json!([event(3, morning()), event(4, now.plus_seconds(400)), {"id": "e5"}]).to_string();
        let (status, body) = code(push("p3", now, BATCH, &batch, signed("p3", now, &batch))).await;
        let results: EventResults = serde_json::from_value(body).unwrap();
        let outcomes: Vec<&str> = results.results.iter().map(|r| r.outcome.as_str()).collect();
        assert_eq!((status, outcomes), (202, vec!["parked", "rejected", "rejected"]));
        let ahead = event(6, now.plus_seconds(400)).to_string();
        let (status, body) = code(push("p4", now, ONE, &ahead, signed("p4", now, &ahead))).await;
        assert_eq!((status, body["code"].as_str()), (422, Some("time-in-future")));

        let get = |path: String, token: &str| {
            test::TestRequest::get()
                .uri(&path)
                .insert_header(("host", "localhost:8080"))
                .insert_header(("authorization", format!("Bearer {token}")))
        };
        let path = format!("/integration/v1/cases/{}", case.id);
        assert_eq!(code(get(path.clone(), "fel")).await.0, 401);
        let (status, body) = code(get(path, "kod")).await;
        assert_eq!((status, body["status"].as_str()), (200, Some("received")));

        let multipart = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"beslut.txt\"\r\nContent-Type: text/plain\r\n\r\nBeslut i klartext\r\n--b--\r\n";
        let upload = |key: &str, signature: String| {
            test::TestRequest::post()
                .uri(&format!("/integration/v1/cases/{}/documents", case.id))
                .insert_header(("host", "localhost:8080"))
                .insert_header(("content-type", "multipart/form-data; boundary=b"))
                .insert_header(("idempotency-key", format!("\"{key}\"")))
                .insert_header(("webhook-id", key.to_owned()))
                .insert_header(("webhook-timestamp", now.seconds().to_string()))
                .insert_header(("webhook-signature", signature))
                .set_payload(multipart)
        };
        let (status, made) = code(upload("u1", signed("u1", now, multipart))).await;
        assert_eq!(status, 201, "{made}");
        let (status, same) = code(upload("u1", signed("u1", now, multipart))).await;
        assert_eq!((status, &same["documentId"]), (200, &made["documentId"]));
        let id = case.id.clone();
        let documents = ground.db.read(move |c| cases::documents(c, &id)).await.unwrap();
        assert_eq!((documents.len(), documents[0].visible), (1, false));
        let _ = (municipality(), std::fs::remove_dir_all(&folder));
    }
}
