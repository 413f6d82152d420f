//! "How to add" of docs/architecture.md, tried: its blocks are written to the files they name, and what they promise is
//! walked from the new service of a new municipality to a new receiver and back.

use super::application::{ANNA, how_we_reach_her};
use super::browser::Browser;
use super::databases::Folder;
use super::demo::{Demo, reload_until};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use kommunportal::contract::{CloudEvent, Delivery, DeliveryReceipt, ONE, ReceiptState, Secret, sequence_text};
use kommunportal::settings::random_bytes;
use kommunportal::vocabulary::{Clock, DeliveryId};
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// The new receiver's own number.
const NUMBER: &str = "Bib 2026-1";

/// The blocks of the page, each with the file that its first line names.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    page.split("```toml\n# ")
        .skip(1)
        .map(|rest| {
            let block = rest.split("```").next().unwrap();
            block.split_once('\n').unwrap()
        })
        .collect()
}

pub(super) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Our configuration with the page's blocks: a file that is there gets the block at its end.
fn configuration(to: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("config"), &to.join("config"));
    let page = std::fs::read_to_string(root.join("docs/architecture.md")).unwrap();
    let blocks = blocks(&page);
    assert_eq!(blocks.len(), 4, "a service, a municipality, a target and its table: {blocks:?}");
    for (path, text) in blocks {
        let path = to.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(&path, format!("{before}\n{text}")).unwrap();
    }
}

/// A receiver as an integrator would write it: checks the signature, registers once, answers with its number.
struct Library {
    secret: Secret,
    deliveries: Mutex<Vec<Delivery>>,
}

impl Library {
    fn receipt(&self, id: &DeliveryId) -> Option<DeliveryReceipt> {
        let known = self.deliveries.lock().unwrap().iter().any(|d| d.delivery_id == *id);
        known.then(|| DeliveryReceipt {
            document_numbers: Default::default(),
            warnings: vec![],
            delivery_id: id.clone(),
            state: ReceiptState::Registered,
            registered_at: Some(Clock::system().now()),
            external_case_id: Some("inkop-1".into()),
            diary_number: Some(NUMBER.into()),
            case_type: None,
            unit: None,
            handler: None,
            status: None,
        })
    }
}

async fn take(request: HttpRequest, body: web::Bytes, library: web::Data<Library>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    if library.secret.verify(id, time, signature, &body, Clock::system().now()).is_err() {
        return HttpResponse::Unauthorized().finish();
    }
    let delivery: Delivery = serde_json::from_slice(&body).unwrap();
    let id = delivery.delivery_id.clone();
    if library.receipt(&id).is_none() {
        library.deliveries.lock().unwrap().push(delivery);
    }
    HttpResponse::Created().json(library.receipt(&id))
}

async fn tell(id: web::Path<DeliveryId>, library: web::Data<Library>) -> HttpResponse {
    match library.receipt(&id) {
        Some(receipt) => HttpResponse::Ok().json(receipt),
        None => HttpResponse::NotFound().finish(),
    }
}

fn whsec() -> String {
    Secret::text(random_bytes().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_municipality_a_service_and_a_receiver_are_added_with_text_files_as_the_docs_say() {
    let folder = Folder::new();
    configuration(folder.path());
    let (there, back) = (whsec(), whsec());
    let library = web::Data::from(Arc::new(Library { secret: there.parse().unwrap(), deliveries: Mutex::default() }));
    let shared = library.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .route("/v1/deliveries", web::post().to(take))
            .route("/v1/deliveries/{id}", web::get().to(tell))
            .route("/health/ready", web::get().to(HttpResponse::Ok))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let url = format!("http://localhost:{}", server.addrs()[0].port());
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);

    let config = folder.path().join("config");
    let demo = Demo::start_on(
        &config,
        &[
            ("KOMMUNPORTAL__TARGETS__BIBLIOTEK__URL", &url),
            ("KOMMUNPORTAL__TARGETS__BIBLIOTEK__TOKEN", "library-token"),
            ("KOMMUNPORTAL__TARGETS__BIBLIOTEK__SECRET_OUT", &there),
            ("KOMMUNPORTAL__TARGETS__BIBLIOTEK__SECRET_IN", &back),
        ],
    )
    .await;

    let at = |path: &str| demo.portal_of("perstorp", path);
    let mut reader = Browser::new();
    reader.open(&at("/")).await;
    reader.see("Perstorp");
    reader.see("Föreslå en bok till biblioteket");
    // It is Perstorp's own.
    reader.open(&demo.portal("/e-tjanster/inkopsforslag")).await;
    reader.expect_status(404);
    let mut reader = demo.log_in(&at("/logga-in?retur=/e-tjanster/inkopsforslag/fyll-i"), ANNA).await;
    reader.see("Anna-Karin Åkesson");
    let form = reader.form_with("Fortsätt");
    reader.submit(form, "Fortsätt").await;
    let form = reader.form_with("Fortsätt").fill("titel", "Aniara");
    reader.submit(form, "Fortsätt").await;
    how_we_reach_her(&mut reader).await;
    let form = reader.form("/skicka-in");
    reader.submit(form, "Skicka in").await;
    let reference = reader.find("strong.reference").expect("a reference");

    let begun = std::time::Instant::now();
    let delivery = loop {
        if let Some(delivery) = library.deliveries.lock().unwrap().first() {
            break delivery.clone();
        }
        assert!(begun.elapsed().as_secs() < 30, "nothing was delivered:\n{}", demo.log());
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    let sent = serde_json::to_value(&delivery).unwrap();
    assert_eq!((&sent["municipality"]["code"], &sent["case"]["reference"]), (&json!("1275"), &json!(reference)));

    let event = CloudEvent {
        timeprecision: None,
        specversion: "1.0".into(),
        id: "1".into(),
        source: "urn:kommunportal:system:bibliotek:case:inkop-1".into(),
        kind: "se.kommunportal.case.status_changed".into(),
        subject: sent["case"]["id"].as_str().unwrap().to_owned(),
        time: Clock::system().now(),
        sequence: Some(sequence_text(1)),
        replay: false,
        datacontenttype: None,
        data: json!({ "externalCode": "BESTALLD" }),
    };
    let body = serde_json::to_vec(&event).unwrap();
    let (now, secret): (_, Secret) = (Clock::system().now(), back.parse().unwrap());
    let answer = kommunportal::web::http_client(std::time::Duration::from_secs(10))
        .unwrap()
        .post(at("/integration/v1/case-events"))
        .header("content-type", ONE)
        .header("webhook-id", "push-1")
        .header("webhook-timestamp", now.seconds().to_string())
        .header("webhook-signature", secret.sign("push-1", now, &body))
        .body(body)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());

    let case = at(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut reader, &case, "Boken är beställd").await;
    reader.see(NUMBER);
    handle.stop(true).await;
}
