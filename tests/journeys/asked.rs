//! What a municipality's own system asks of a resident, and what comes back to it: the test plays the system.

use super::application::{ANNA, fill_in, send_in};
use super::browser::Browser;
use super::demo::{Demo, reload_until};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use kommunportal::contract::{
    CloudEvent, Delivery, DeliveryKind, DeliveryReceipt, ONE, ReceiptState, Secret, sequence_text,
};
use kommunportal::settings::random_bytes;
use kommunportal::vocabulary::{Clock, DeliveryId};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The system: takes every delivery once, and answers with its number.
struct System {
    secret: Secret,
    deliveries: Mutex<Vec<Delivery>>,
}

impl System {
    fn receipt(&self, id: &DeliveryId) -> Option<DeliveryReceipt> {
        let known = self.deliveries.lock().unwrap().iter().any(|d| d.delivery_id == *id);
        known.then(|| DeliveryReceipt {
            document_numbers: Default::default(),
            warnings: vec![],
            delivery_id: id.clone(),
            state: ReceiptState::Registered,
            registered_at: Some(Clock::system().now()),
            external_case_id: Some("k-1".into()),
            diary_number: Some("BUN 2026/7".into()),
            case_type: None,
            unit: None,
            handler: None,
            status: None,
        })
    }
}

async fn take(request: HttpRequest, body: web::Bytes, system: web::Data<System>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    if system.secret.verify(id, time, signature, &body, Clock::system().now()).is_err() {
        return HttpResponse::Unauthorized().finish();
    }
    let delivery: Delivery = serde_json::from_slice(&body).unwrap();
    let id = delivery.delivery_id.clone();
    if system.receipt(&id).is_none() {
        system.deliveries.lock().unwrap().push(delivery);
    }
    HttpResponse::Created().json(system.receipt(&id))
}

async fn tell(id: web::Path<DeliveryId>, system: web::Data<System>) -> HttpResponse {
    match system.receipt(&id) {
        Some(receipt) => HttpResponse::Ok().json(receipt),
        None => HttpResponse::NotFound().finish(),
    }
}

/// The demo with the system as its only receiver, and a case in it.
struct Play {
    demo: Demo,
    system: web::Data<System>,
    back: Secret,
    server: actix_web::dev::ServerHandle,
    said: u64,
}

impl Play {
    async fn begin() -> Self {
        let (there, back) = (Secret::text(random_bytes().unwrap()), Secret::text(random_bytes().unwrap()));
        let system = System { secret: there.parse().unwrap(), deliveries: Mutex::default() };
        let system = web::Data::from(Arc::new(system));
        let shared = system.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/v1/deliveries", web::post().to(take))
                .route("/v1/deliveries/{id}", web::get().to(tell))
                .route("/health/ready", web::get().to(HttpResponse::Ok))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://localhost:{}", server.addrs()[0].port());
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        let environment = [
            ("KOMMUNPORTAL__TARGETS__CASTOR__URL", url.as_str()),
            ("KOMMUNPORTAL__TARGETS__CASTOR__TOKEN", "castor-token"),
            ("KOMMUNPORTAL__TARGETS__CASTOR__SECRET_OUT", &there),
            ("KOMMUNPORTAL__TARGETS__CASTOR__SECRET_IN", &back),
        ];
        let demo = Demo::start_with(&environment).await;
        Play { demo, system, back: back.parse().unwrap(), server: handle, said: 0 }
    }

    /// The first delivery of a kind, as soon as it has come.
    async fn delivered(&self, kind: DeliveryKind) -> Delivery {
        let begun = Instant::now();
        loop {
            if let Some(d) = self.system.deliveries.lock().unwrap().iter().find(|d| d.kind == kind) {
                return d.clone();
            }
            assert!(begun.elapsed().as_secs() < 40, "no {kind:?} was delivered:\n{}", self.demo.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn say(&mut self, kind: &str, data: Value) {
        self.said += 1;
        let case = self.delivered(DeliveryKind::Submission).await.case.id;
        let event = CloudEvent {
            timeprecision: None,
            specversion: "1.0".into(),
            id: format!("e{}", self.said),
            source: "urn:kommunportal:system:castor:case:k-1".into(),
            kind: format!("se.kommunportal.case.{kind}"),
            subject: case.to_string(),
            time: Clock::system().now(),
            sequence: Some(sequence_text(self.said)),
            replay: false,
            datacontenttype: None,
            data,
        };
        let (body, now) = (serde_json::to_vec(&event).unwrap(), Clock::system().now());
        let id = format!("push-{}", self.said);
        let answer = kommunportal::web::http_client(Duration::from_secs(10))
            .unwrap()
            .post(self.demo.portal("/integration/v1/case-events"))
            .header("content-type", ONE)
            .header("webhook-id", &id)
            .header("webhook-timestamp", now.seconds().to_string())
            .header("webhook-signature", self.back.sign(&id, now, &body))
            .body(body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{kind}: {text}");
    }
}

/// Follows the link whose words these are.
async fn follow(browser: &mut Browser, words: &str) {
    browser.click(words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_answers_what_the_municipality_asks_for_and_appeals_what_it_decides() {
    let mut play = Play::begin().await;
    let mut anna = play.demo.citizen(ANNA).await;
    fill_in(&play.demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    let case = play.demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    play.delivered(DeliveryKind::Submission).await;
    reload_until(&mut anna, &case, "BUN 2026/7").await;
    anna.do_not_see("Begär att kommunen avgör ärendet");
    anna.open(&format!("{case}/begar-avgorande")).await;
    assert!(anna.path().ends_with(&reference), "six months have not gone: {}", anna.path());

    // More is needed: one thing that must come, one that is good to have.
    let due = Clock::system().now().plus_days(10);
    play.say(
        "supplement_requested",
        json!({"supplementId": "k/1 ä", "text": "Vi behöver ett intyg.", "dueAt": due, "consequence": "Vi avgör utan det.",
            "items": [{"itemId": "i1", "label": "Arbetsgivarintyg"}, {"itemId": "i2", "label": "Schema", "required": false}]}),
    )
    .await;
    reload_until(&mut anna, &case, "Komplettering behövs").await;
    anna.see("Vi avgör utan det.");
    anna.open(&play.demo.portal("/mina-sidor")).await;
    anna.see("Svara senast");
    anna.open(&case).await;
    follow(&mut anna, "Skicka in komplettering").await;
    let answer = anna.path().to_owned();
    let form = anna.form(&answer).attach("Schema", "schema.pdf", b"%PDF-1.4\n%%EOF\n");
    anna.submit(form, "Skicka in").await;
    anna.see("Lägg till Arbetsgivarintyg, eller skriv varför du inte kan skicka det.");
    anna.see("schema.pdf");
    let form = anna.form(&answer).attach("Arbetsgivarintyg", "intyg.pdf", b"%PDF-1.4\n% intyg\n%%EOF\n");
    let form = form.fill("Skriv till kommunen", "Här är intyget.");
    let twice = form.clone();
    anna.submit(form, "Skicka in").await;
    anna.see("Ditt svar är framme hos kommunen.");
    anna.submit(twice, "Skicka in").await;
    let sent = play.delivered(DeliveryKind::Supplement).await;
    let answered = sent.supplement.clone().unwrap();
    assert_eq!(answered.supplement_id.as_deref(), Some("k/1 ä"));
    assert_eq!(answered.items.iter().map(|i| i.document_ids.len()).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(sent.documents.len(), 2);
    anna.open(&case).await;
    anna.see("Du har svarat");
    play.say("supplement_resolved", json!({"supplementId": "k/1 ä", "state": "accepted"})).await;
    reload_until(&mut anna, &case, "Kompletteringen räcker").await;

    // She is heard.
    play.say("hearing_requested", json!({"hearingId": "h-1", "text": "Det här tänker vi bygga på.", "dueAt": due}))
        .await;
    reload_until(&mut anna, &case, "Lämna dina synpunkter").await;
    follow(&mut anna, "Lämna dina synpunkter").await;
    let answer = anna.path().to_owned();
    let form = anna.form(&answer);
    anna.submit(form, "Skicka synpunkterna").await;
    anna.see("Skriv dina synpunkter");
    let form = anna.form(&answer).fill("Dina synpunkter", "Det stämmer inte.");
    anna.submit(form, "Skicka synpunkterna").await;
    assert_eq!(play.delivered(DeliveryKind::HearingReply).await.hearing_id.as_deref(), Some("h-1"));

    // A decision that she has to confirm, and appeals.
    play.say(
        "decision_made",
        json!({"decisionId": "b-1", "version": 1, "outcome": "rejected", "decidedAt": Clock::system().now(),
            "decidedBy": {"kind": "delegation", "name": "Eva Ek"}, "text": "Ansökan avslås.",
            "service": {"required": true, "method": "ordinary"},
            "appeal": {"regime": "fl", "to": "Förvaltningsrätten i Malmö", "weeks": 3}}),
    )
    .await;
    reload_until(&mut anna, &case, "Jag har tagit del av beslutet").await;
    anna.do_not_see("Överklagandet ska ha kommit in senast den");
    let form = anna.form("/del-av-beslut");
    anna.submit(form, "Jag har tagit del av beslutet").await;
    anna.see("Överklagandet ska ha kommit in senast den");
    follow(&mut anna, "Överklaga beslutet").await;
    let answer = anna.path().to_owned();
    let form = anna.form(&answer).fill("Ditt överklagande", "Jag vill ha en plats.");
    anna.submit(form, "Skicka överklagandet").await;
    anna.see("Ditt överklagande är framme hos kommunen.");
    let appeal = play.delivered(DeliveryKind::Appeal).await;
    assert_eq!(appeal.decision_id.as_deref(), Some("b-1"));
    assert_eq!(appeal.message.map(|m| m.text).as_deref(), Some("Jag vill ha en plats."));
    let kinds: Vec<DeliveryKind> = play.system.deliveries.lock().unwrap().iter().map(|d| d.kind).collect();
    let once = [DeliveryKind::Submission, DeliveryKind::Supplement, DeliveryKind::HearingReply, DeliveryKind::Appeal];
    assert_eq!(kinds, once, "each once, in order");
    play.server.stop(true).await;
}
