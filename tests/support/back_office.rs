//! A back office that costs the machine little: it takes every delivery, over HTTP on connections that stay open or in
//! memory, and keeps nothing of it but which it was. And what there is to deliver to it.

use futures_util::future::{BoxFuture, FutureExt, ready};
use kommunportal::contract::{Delivery, DeliveryKind, DeliveryReceipt, Secret};
use kommunportal::portal::App;
use kommunportal::portal::cases::{NewCase, OpenedCase, open};
use kommunportal::portal::delivery::{
    self, Answer, Attached, Found, Lanes, NewDelivery, Noticed, Parcel, Pump, Question, Receiver, enqueue, receivers,
};
use kommunportal::settings::{Settings, random_bytes};
use kommunportal::vocabulary::{At, CaseId, Clock, DeliveryId, PartyId, SubmissionId, TargetSlug};
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MUNICIPALITY: &str = "orkelljunga";

/// One that was taken, in the order of arrival.
pub struct Taken {
    pub delivery: String,
    pub case: String,
}

#[derive(Default)]
struct Books {
    is_down: AtomicBool,
    asked: AtomicU64,
    taken: Mutex<Vec<Taken>>,
}

/// On a socket of its own, for as long as this process lives.
#[derive(Clone)]
pub struct Office {
    pub url: String,
    books: Arc<Books>,
}

fn receipt_of(id: &str) -> String {
    format!(r#"{{"deliveryId":"{id}","state":"registered","externalCaseId":"k-{id}","diaryNumber":"KS 2026/1"}}"#)
}

impl Office {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let office = Office { url: format!("http://{}", listener.local_addr().unwrap()), books: Arc::default() };
        let books = office.books.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, books.clone()));
            }
        });
        office
    }

    /// From now on it answers 503 to everything, or takes what comes.
    pub fn set_down(&self, is_down: bool) {
        self.books.is_down.store(is_down, Ordering::SeqCst);
    }

    /// Calls so far.
    pub fn asked(&self) -> u64 {
        self.books.asked.load(Ordering::SeqCst)
    }

    /// What has been taken since it was last asked for.
    pub fn taken(&self) -> Vec<Taken> {
        std::mem::take(&mut self.books.taken.lock().unwrap())
    }
}

async fn serve(mut socket: TcpStream, books: Arc<Books>) {
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        let head = loop {
            if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break end + 4;
            }
            if socket.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let text = String::from_utf8_lossy(&buffer[..head]).into_owned();
        let value = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
        let length: usize = value("content-length:").and_then(|v| v.parse().ok()).unwrap_or(0);
        while buffer.len() < head + length {
            if socket.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
        books.asked.fetch_add(1, Ordering::SeqCst);
        let (status, body) = if books.is_down.load(Ordering::SeqCst) {
            (503, String::new())
        } else if text.starts_with("POST /v1/deliveries ") {
            let sent = String::from_utf8_lossy(&buffer[head..head + length]);
            let case = sent.split_once(r#""case":{"id":""#).map_or("", |(_, rest)| &rest[..36]).to_owned();
            let delivery = value("webhook-id:").unwrap_or_default().to_owned();
            let receipt = receipt_of(&delivery);
            books.taken.lock().unwrap().push(Taken { delivery, case });
            (201, receipt)
        } else {
            (200, String::new())
        };
        buffer.drain(..head + length);
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        if socket.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The same without any way there: what the answer would be, at once.
pub struct InMemory;

impl Receiver for InMemory {
    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Answer> {
        let receipt: DeliveryReceipt = serde_json::from_str(&receipt_of(parcel.id.as_str())).unwrap();
        ready(Answer::Receipt(Box::new(receipt), 201)).boxed()
    }
    fn find<'a>(&'a self, _: &'a Question) -> BoxFuture<'a, Found> {
        ready(Found::Never).boxed()
    }
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        ready(true).boxed()
    }
    fn notify<'a>(&'a self, _: &'a str, _: Vec<u8>, _: At) -> BoxFuture<'a, Noticed> {
        ready(Noticed::Taken).boxed()
    }
}

pub fn named(target: &str) -> TargetSlug {
    target.parse().unwrap()
}

/// The portal's own worker of deliveries, in this process, with these targets and no others.
pub fn pump(app: &App, clock: &Clock, at_once: usize, targets: &[(&str, &Office)]) -> Pump {
    let mut settings = Settings::clone(&app.ground.settings);
    let secret = Secret::text(random_bytes().unwrap());
    let target = |office: &Office| {
        let text = format!(
            "kind = \"contract\"\nurl = \"{}\"\ntoken = \"t\"\nsecret_out = [\"{secret}\"]\nat_once = {at_once}",
            office.url
        );
        toml::from_str(&text).unwrap()
    };
    settings.targets = targets.iter().map(|(name, office)| (named(name), target(office))).collect();
    Pump {
        db: app.ground.db.clone(),
        blobs: app.ground.blobs.clone(),
        clock: clock.clone(),
        keys: app.ground.keys.clone(),
        receivers: receivers(&settings, &app.ground.municipalities).unwrap(),
        settings: Arc::new(settings),
        municipalities: app.ground.municipalities.clone(),
        mappings: (*app.mappings).clone(),
        lanes: Lanes::default(),
    }
}

fn new_case(target: &str, at: At) -> NewCase {
    NewCase {
        id: CaseId::fresh(),
        municipality: MUNICIPALITY.parse().unwrap(),
        party_id: Some(PartyId::fresh()),
        browser_hash: None,
        submission_id: SubmissionId::fresh(),
        service: "felanmalan".parse().unwrap(),
        title: "Felanmälan".into(),
        target: named(target),
        case_type: "SBN-FEL".into(),
        appeal_regime: "fl".into(),
        sensitivity: "normal".into(),
        protected: false,
        unit: "Gata och park".into(),
        email: None,
        phone: None,
        channel: "portal".into(),
        language: "sv".into(),
        received_at: at,
    }
}

/// What is sent in, with two kilobytes that somebody wrote.
fn body(case: &OpenedCase, kind: DeliveryKind, at: At) -> Delivery {
    let text = "Gatlyktan utanför huset har slocknat. ".repeat(50);
    serde_json::from_value(json!({
        "deliveryId": DeliveryId::fresh(), "kind": kind, "schemaVersion": "1.0",
        "municipality": { "code": "1257", "organisationNumber": "2120009911" },
        "case": { "id": case.id, "reference": case.reference },
        "service": { "code": "felanmalan", "title": "Felanmälan", "formVersion": "ab" },
        "routing": { "caseType": "SBN-FEL", "unit": "GATA", "appealRegime": "fl" },
        "receivedAt": at, "receivedDate": at.day().to_string(),
        "title": "Felanmälan", "sensitivity": "normal", "values": { "beskrivning": text },
        "links": { "citizenView": "http://localhost/mina-sidor" },
    }))
    .unwrap()
}

/// Opens so many cases, received a second apart and the last one now, and queues a submission and so many messages of each.
pub async fn queue(app: &Arc<App>, target: &'static str, now: At, cases: i64, messages: usize) {
    const IN_ONE: i64 = 50;
    for first in (0..cases).step_by(IN_ONE as usize) {
        let inner = app.clone();
        let queued = app.ground.db.write(move |c| {
            for n in first..cases.min(first + IN_ONE) {
                let at = now.plus_seconds(n - cases);
                let case = open(c, &new_case(target, at)).unwrap();
                for k in 0..=messages {
                    let kind = if k == 0 { DeliveryKind::Submission } else { DeliveryKind::Message };
                    let body = body(&case, kind, at);
                    let new = NewDelivery { target: named(target), body, attached: Attached::default() };
                    enqueue(c, &inner.ground.keys, &MUNICIPALITY.parse().unwrap(), new, at).unwrap();
                }
            }
            Ok::<_, kommunportal::db::DbError>(())
        });
        queued.await.unwrap();
    }
}

/// Deliveries that are not with their receivers.
pub async fn waiting(app: &App) -> i64 {
    app.ground.db.read(delivery::waiting).await.unwrap()
}

/// Lets the worker work until no more than so many wait; how many went in each second.
pub async fn work(app: &App, pump: &Pump, left: i64) -> f64 {
    let before = waiting(app).await;
    let stop = kommunportal::jobs::Stop::default();
    let begun = std::time::Instant::now();
    let running = tokio::spawn(pump.clone().run(stop.clone()));
    let (mut fewest, mut since) = (before, begun);
    loop {
        let now = waiting(app).await;
        match now {
            _ if now <= left => break,
            _ if now < fewest => (fewest, since) = (now, std::time::Instant::now()),
            _ => assert!(since.elapsed() < Duration::from_secs(60), "the worker does not get on: {now} wait"),
        }
        // Counting many takes the worker's time.
        tokio::time::sleep(Duration::from_millis(if now - left > 500 { 250 } else { 20 })).await;
    }
    let took = begun.elapsed().as_secs_f64();
    stop.stop();
    running.await.unwrap();
    (before - left) as f64 / took
}
