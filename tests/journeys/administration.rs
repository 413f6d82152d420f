//! Those who run the system: what did not get through is understood and settled, what nobody understood is mapped, and a new
//! system gets its keys.

use super::application::{ANNA, fill_in, send_in};
use super::browser::Browser;
use super::databases::Folder;
use super::demo::{Demo, reload_until, reload_until_there};
use super::recipes::copy;
use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, web};
use kommunportal::contract::{CloudEvent, ONE, Secret, sequence_text};
use kommunportal::vocabulary::Clock;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

const HENRIK: &str = "heek01@2120009911";
const GUNILLA: &str = "gufa01@2120009911";
/// Runs the system in Lidköping.
const ANDERS: &str = "ande01@2120009929";

/// A back office that can be set to refuse what it is sent.
#[derive(Default)]
struct Office {
    /// The status that it answers with; 0: it takes what comes.
    refuses: AtomicU16,
    known: Mutex<Vec<String>>,
}

fn receipt(id: &str, n: usize) -> Value {
    json!({ "deliveryId": id, "state": "registered", "registeredAt": Clock::system().now(),
        "externalCaseId": format!("e-{n}"), "diaryNumber": format!("BUN 2026/{n}") })
}

async fn take(body: web::Json<Value>, office: web::Data<Office>) -> HttpResponse {
    if let Ok(status) = StatusCode::from_u16(office.refuses.load(Ordering::Relaxed)) {
        return HttpResponse::build(status).json(json!({ "code": "case-type-unknown" }));
    }
    let id = body["deliveryId"].as_str().unwrap().to_owned();
    let mut known = office.known.lock().unwrap();
    known.push(id.clone());
    HttpResponse::Created().json(receipt(&id, known.len()))
}

async fn tell(id: web::Path<String>, office: web::Data<Office>) -> HttpResponse {
    match office.known.lock().unwrap().iter().position(|known| *known == *id) {
        Some(n) => HttpResponse::Ok().json(receipt(&id, n + 1)),
        None => HttpResponse::NotFound().finish(),
    }
}

/// An office that takes what comes, its address, and how to close it.
fn opened() -> (web::Data<Office>, String, ServerHandle) {
    let office = web::Data::from(Arc::new(Office::default()));
    let shared = office.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(web::JsonConfig::default().content_type_required(false).limit(1 << 20))
            .route("/v1/deliveries", web::post().to(take))
            .route("/v1/deliveries/{id}", web::get().to(tell))
            .route("/health/ready", web::get().to(HttpResponse::Ok))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://localhost:{}", server.addrs()[0].port());
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    (office, url, handle)
}

/// Sends in a case that the office refuses; the way to its delivery.
async fn given_up(demo: &Demo, anna: &mut Browser, henrik: &mut Browser) -> (String, String) {
    fill_in(demo, anna).await;
    let reference = send_in(anna).await;
    let list = demo.administration("/leveranser?lage=dead");
    let delivery = reload_until_there(henrik, &list, "table a[href^='/leveranser/']", "href").await;
    (reference, delivery)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_understood_and_sent_again_or_registered_by_hand() {
    let (office, url, handle) = opened();
    let demo = Demo::start_with(&[("KOMMUNPORTAL__TARGETS__CASTOR__URL", &url)]).await;
    office.refuses.store(422, Ordering::Relaxed);
    let mut anna = demo.citizen(ANNA).await;
    let mut henrik = demo.log_in(&demo.administration("/leveranser"), HENRIK).await;
    let (reference, delivery) = given_up(&demo, &mut anna, &mut henrik).await;

    // Why, and what it holds: enough to see what is wrong, nothing of whose it is.
    henrik.open(&delivery).await;
    for told in [reference.as_str(), "Uppgiven", "HTTP 422", "case-type-unknown", "nekad"] {
        henrik.see(told);
    }
    henrik.click("Visa innehållet").await;
    henrik.see("routing.caseType");
    henrik.see("parties[1].identifier.type");
    for secret in [ANNA, "Åkesson", "anna@"] {
        henrik.do_not_see(secret);
    }
    office.refuses.store(0, Ordering::Relaxed);
    let form = henrik.form("/forsok-igen");
    henrik.submit(form, "Försök igen").await;
    reload_until(&mut henrik, &demo.administration(&delivery), "Registrerad").await;
    henrik.see("BUN 2026/1");

    // Another one: the papers are fetched, it is registered by hand, and the resident has its number.
    office.refuses.store(422, Ordering::Relaxed);
    let (reference, delivery) = given_up(&demo, &mut anna, &mut henrik).await;
    henrik.open(&delivery).await;
    let paper = henrik.attribute("a[href*='/filer/']", "href").expect("the receipt");
    henrik.open(&paper).await;
    henrik.expect_status(200);
    assert!(henrik.bytes().starts_with(b"%PDF"));
    henrik.open(&delivery).await;
    let form = henrik.form("/hanterad");
    henrik.submit(form, "Markera som hanterad").await;
    henrik.expect_status(422);
    henrik.see("Skriv ärendets id hos mottagaren");
    let form = henrik.form("/hanterad").fill("Ärendets id hos mottagaren", "h-1");
    let form = form.fill("Diarienummer", "KS 2026/77").fill("Varför det gjordes för hand", "Ärendetypen saknas där");
    henrik.submit(form, "Markera som hanterad").await;
    henrik.see("Hanterad för hand");
    anna.open(&demo.portal(&format!("/mina-sidor/arenden/{reference}"))).await;
    anna.see("KS 2026/77");

    // The list is narrowed to one system.
    henrik.open("/leveranser?lage=registered&mottagare=castor").await;
    assert_eq!(henrik.links("/leveranser/").len(), 1, "{}", henrik.text());
    henrik.open("/leveranser?lage=registered&mottagare=finns-inte").await;
    henrik.expect_status(404);

    // It is stopped and started again, with a reason.
    henrik.open("/leveranser").await;
    let form = henrik.form("/mottagare/castor/pausa");
    henrik.submit(form, "Pausa Castor").await;
    henrik.expect_status(422);
    henrik.see("Skriv varför utskicken ska stå stilla");
    let form = henrik.form("/mottagare/castor/pausa").fill("why", "Castor uppgraderas");
    henrik.submit(form, "Pausa Castor").await;
    henrik.see("Står stilla");
    henrik.see("Castor uppgraderas");
    let form = henrik.form("/mottagare/castor/ateruppta");
    henrik.submit(form, "Återuppta Castor").await;
    henrik.see("Skickar");

    // In the log, and nobody else's: not without the role, not in another municipality.
    let mut gunilla = demo.log_in(&demo.administration("/logg"), GUNILLA).await;
    for action in ["delivery.read", "delivery.retry", "delivery.file.read", "delivery.resolve", "target.pause"] {
        gunilla.see(action);
    }
    let closed = ["/leveranser", "/handelser", "/statusar", "/anslutningar", delivery.as_str(), paper.as_str()];
    for path in closed {
        gunilla.open(path).await;
        gunilla.expect_status(403);
    }
    let lidkoping = |path: &str| format!("http://lidkoping.localhost:{}{path}", demo.base + 6);
    let mut anders = demo.log_in(&lidkoping("/leveranser?lage=registered"), ANDERS).await;
    anders.expect_status(200);
    anders.do_not_see(&delivery);
    for path in [&delivery, &paper] {
        anders.open(&lidkoping(path)).await;
        anders.expect_status(404);
    }
    handle.stop(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_can_be_stopped_by_hand_and_a_system_that_said_no_is_asked_again_at_a_press() {
    let (office, url, handle) = opened();
    // Asked again by itself after a minute, which is more than this test has patience for.
    let retry_after = ("KOMMUNPORTAL__TARGETS__CASTOR__RETRY_AFTER", "60,60,60");
    let demo = Demo::start_with(&[("KOMMUNPORTAL__TARGETS__CASTOR__URL", &url), retry_after]).await;
    office.refuses.store(401, Ordering::Relaxed);
    let mut anna = demo.citizen(ANNA).await;
    let mut henrik = demo.log_in(&demo.administration("/leveranser"), HENRIK).await;
    let mut sent_in = Vec::new();
    for state in ["retry_scheduled", "pending"] {
        fill_in(&demo, &mut anna).await;
        let reference = send_in(&mut anna).await;
        let list = demo.administration(&format!("/leveranser?lage={state}"));
        let delivery = reload_until_there(&mut henrik, &list, "table a[href^='/leveranser/']", "href").await;
        sent_in.push((reference, delivery));
    }
    let [(unwanted, stopped), (wanted, waits)] = sent_in.try_into().unwrap();

    henrik.open(&stopped).await;
    henrik.see(&unwanted);
    let form = henrik.form("/avbryt");
    henrik.submit(form, "Avbryt leveransen").await;
    henrik.expect_status(422);
    henrik.see("Skriv varför den inte ska skickas");
    let form = henrik.form("/avbryt").fill("Varför den inte ska skickas", "Samma sak skickades in två gånger");
    henrik.submit(form, "Avbryt leveransen").await;
    henrik.see("Avbruten");
    henrik.see("Samma sak skickades in två gånger");

    office.refuses.store(0, Ordering::Relaxed);
    henrik.open("/leveranser").await;
    henrik.see("Står stilla");
    let form = henrik.form("/mottagare/castor/forsok-nu");
    henrik.submit(form, "Fråga Castor igen nu").await;
    reload_until(&mut henrik, &demo.administration(&waits), "Registrerad").await;
    henrik.see(&wanted);
    henrik.open("/leveranser").await;
    henrik.see("Skickar");
    assert_eq!(office.known.lock().unwrap().len(), 1, "what was stopped has not been sent");
    let gunilla = demo.log_in(&demo.administration("/logg"), GUNILLA).await;
    for action in ["delivery.cancel", "target.probe"] {
        gunilla.see(action);
    }
    handle.stop(true).await;
}

/// Says a status of a case as its receiver would, signed with a key; the status of the answer.
async fn say(demo: &Demo, secret: &Secret, case: &str, n: u64, code: &str) -> u16 {
    let event = CloudEvent {
        timeprecision: None,
        specversion: "1.0".into(),
        id: format!("new-{n}"),
        source: format!("urn:kommunportal:system:castor:case:{case}"),
        kind: "se.kommunportal.case.status_changed".into(),
        subject: case.to_owned(),
        time: Clock::system().now(),
        sequence: Some(sequence_text(n)),
        replay: false,
        datacontenttype: None,
        data: json!({ "externalCode": code }),
    };
    let (body, now, id) = (serde_json::to_vec(&event).unwrap(), Clock::system().now(), format!("push-{n}"));
    let client = kommunportal::web::http_client(std::time::Duration::from_secs(10)).unwrap();
    let push = client.post(demo.portal("/integration/v1/case-events")).header("content-type", ONE);
    let push = push.header("webhook-id", &id).header("webhook-timestamp", now.seconds().to_string());
    let answer = push.header("webhook-signature", secret.sign(&id, now, &body)).body(body).send().await.unwrap();
    answer.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_issued_here_works_until_it_is_revoked_and_an_unknown_code_is_mapped_later() {
    let folder = Folder::new();
    let config = folder.path().join("config");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config"), &config);
    let mut demo = Demo::start_on(&config, &[]).await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    let page = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &page, "Ärendet är registrerat").await;

    let mut henrik = demo.log_in(&demo.administration("/anslutningar"), HENRIK).await;
    henrik.see("Från inställningarna");
    let form = henrik.form_where_value("/anslutningar/castor/nyckel", "kind", "secret_in");
    henrik.submit(form, "Skapa ny").await;
    assert_eq!(henrik.header("cache-control"), "no-store");
    let text = henrik.find("code.key").expect("the key, this once");
    let secret: Secret = text.parse().unwrap();
    henrik.open("/anslutningar").await;
    henrik.do_not_see(&text);
    henrik.see("Inte använd");

    // The case's id as the receiver knows it, from what it has said already.
    let events = demo.administration(&format!("/handelser?arende={reference}"));
    let event = reload_until_there(&mut henrik, &events, "table a[href^='/handelser/']", "href").await;
    henrik.open(&event).await;
    let said = henrik.text();
    let case = said.split(" subject ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a subject").to_owned();
    assert_eq!(say(&demo, &secret, &case, 50, "NYTT").await, 202);
    henrik.open("/statusar").await;
    henrik.see("NYTT");
    henrik.click(&reference).await;
    henrik.see("Okänd status");
    henrik.see("Koden saknar rad i tabellen");

    let table = config.join("targets/castor.toml");
    let row = "\n[[status]]\nexternal_code = \"NYTT\"\nportal_code = \"paused\"\nlabel_override = \"Vilar i väntan på beslut\"\nnotify = true\nvisible = true\n";
    std::fs::write(&table, std::fs::read_to_string(&table).unwrap() + row).unwrap();
    demo.kill_and_start_again().await;
    henrik.open("/statusar").await;
    henrik.see("Vilar i väntan på beslut");
    // The worker may have been first.
    if henrik.count("form[action='/statusar/kor-om']") == 1 {
        let form = henrik.form("/statusar/kor-om");
        henrik.submit(form, "Kör om").await;
    }
    assert_eq!(henrik.count("form[action='/statusar/kor-om']"), 0, "{}", henrik.text());
    reload_until(&mut anna, &page, "Vilar i väntan på beslut").await;

    // Heard anew: the same, and nobody is told.
    henrik.open(&event).await;
    let form = henrik.form("/spela-upp");
    henrik.submit(form, "Spela upp händelserna").await;
    henrik.see("Ingen fick något meddelande");
    let form = henrik.form("/be-om-igen");
    henrik.submit(form, "Be om händelserna igen").await;
    henrik.see("Mottagaren har fått en avisering");
    anna.open(&page).await;
    anna.see("Vilar i väntan på beslut");

    henrik.open("/anslutningar").await;
    henrik.see("Senast använd");
    henrik.click("Dra in").await;
    henrik.see("Nyckeln slutar gälla genast");
    let form = henrik.form("/dra-in");
    henrik.submit(form, "Dra in").await;
    henrik.see("Indragen");
    assert_eq!(say(&demo, &secret, &case, 51, "HANDLAGGS").await, 401);

    // What the refusal says leads to a page, without log-in.
    let mut anybody = Browser::new();
    anybody.open(&demo.portal("/problems/signature-invalid")).await;
    anybody.see("Signaturen stämmer inte");
    anybody.see("HTTP 401");
    anybody.click("Fel i anrop till portalen").await;
    anybody.see("temporarily-unavailable");
    anybody.open(&demo.portal("/problems/no-such-problem")).await;
    anybody.expect_status(404);
    // So does what the desk says.
    anybody.post_raw(&demo.desk("/integration/v1/deliveries"), None, &[("a", "b")]).await;
    anybody.expect_status(415);
    let problem: Value = serde_json::from_slice(anybody.bytes()).unwrap();
    anybody.open(problem["type"].as_str().unwrap()).await;
    anybody.expect_status(200);
    anybody.see("unsupported-media-type");
}
