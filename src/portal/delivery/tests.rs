//! Delivering to a receiver that answers by script, on a real socket.

use super::*;
use crate::contract::*;
use crate::db::{Db, DbError};
use crate::files::BlobStore;
use crate::municipalities::Municipalities;
use crate::portal::cases::{self, DocumentKind, NewDocument, OpenedCase, StatusMappings};
use crate::portal::testing::{TestDb, body, castor, databases, keys, morning, municipality, opened, target};
use crate::settings::{ConfigTree, Profile, Settings, load};
use crate::vocabulary::*;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Registers,
    Accepts,
    Says(u16),
    Busy(u32),
    /// Takes it, but the answer never comes.
    TakesAndHangs,
}

#[derive(Default)]
struct Script {
    steps: VecDeque<Step>,
    has: bool,
    log: Vec<(String, Vec<u8>, String)>,
}

type Shared = Arc<Mutex<Script>>;

fn receipt(id: &str, state: &str) -> String {
    format!(
        r#"{{"deliveryId":"{id}","state":"{state}","externalCaseId":"k-1","diaryNumber":"SBN 2026/00001","status":{{"externalCode":"REG","sequence":"00000000000000000001"}}}}"#
    )
}

async fn serve(script: Shared) -> url::Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let script = script.clone();
            tokio::spawn(async move {
                let mut bytes = Vec::new();
                let (head, body) = loop {
                    let mut part = [0; 4096];
                    let n = socket.read(&mut part).await.unwrap_or(0);
                    if n == 0 {
                        return;
                    }
                    bytes.extend_from_slice(&part[..n]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
                    let head = head.to_lowercase();
                    let length: usize =
                        head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
                    if bytes.len() >= head.len() + 4 + length {
                        break (head.clone(), bytes[head.len() + 4..].to_vec());
                    }
                };
                let line = head.lines().next().unwrap_or_default().to_owned();
                let step = {
                    let mut script = script.lock().unwrap();
                    script.log.push((line.clone(), body.clone(), head.clone()));
                    if line.starts_with("post /v1/deliveries") { script.steps.pop_front() } else { None }
                };
                let id = match serde_json::from_slice::<serde_json::Value>(&body) {
                    Ok(sent) => sent["deliveryId"].as_str().unwrap_or_default().to_owned(),
                    Err(_) => line.split(' ').nth(1).and_then(|p| p.rsplit('/').next()).unwrap_or_default().to_owned(),
                };
                let has = script.lock().unwrap().has;
                let (status, more, answer) = match step {
                    Some(Step::Registers) => (201, String::new(), receipt(&id, "registered")),
                    Some(Step::Accepts) => {
                        (202, String::new(), format!(r#"{{"deliveryId":"{id}","state":"accepted"}}"#))
                    }
                    Some(Step::Says(status)) => (status, String::new(), r#"{"code":"schema-violation"}"#.to_owned()),
                    Some(Step::Busy(s)) => (503, format!("retry-after: {s}\r\n"), String::new()),
                    Some(Step::TakesAndHangs) => {
                        script.lock().unwrap().has = true;
                        tokio::time::sleep(Duration::from_secs(30)).await;
                        return;
                    }
                    None if line.contains("/v1/citizen-events") => (202, String::new(), String::new()),
                    None if line.contains("/health/ready") => (200, String::new(), String::new()),
                    None if has => (200, String::new(), receipt(&id, "registered")),
                    None => (404, String::new(), String::new()),
                };
                let reply = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{more}connection: close\r\n\r\n{answer}",
                    answer.len()
                );
                let _ = socket.write_all(reply.as_bytes()).await;
            });
        }
    });
    url
}

struct Bench {
    pump: Pump,
    script: Shared,
    clock: Clock,
    db: Db,
}

async fn bench(db: &TestDb, steps: &[Step]) -> Bench {
    bench_of(db, steps, "retry_after = [10, 10, 10]\ntimeout_seconds = 1").await
}

async fn bench_of(db: &TestDb, steps: &[Step], more: &str) -> Bench {
    let script: Shared = Arc::new(Mutex::new(Script { steps: steps.iter().copied().collect(), ..Script::default() }));
    let mut target = target(more);
    target.url = Some(serve(script.clone()).await);
    let tree = ConfigTree::embedded();
    let mut settings: Settings = load(&tree, Profile::Test, toml::Table::new(), std::iter::empty()).unwrap();
    settings.targets.insert(castor(), target);
    let (clock, db) = (Clock::standing_at(morning()), db.start());
    let municipalities = Municipalities::load(&tree, true).unwrap();
    let folder = std::env::temp_dir().join(format!("kp-blobs-{}", FileId::fresh()));
    let pump = Pump {
        blobs: Arc::new(BlobStore::open(&format!("file:{}", folder.display())).unwrap()),
        db: db.clone(),
        clock: clock.clone(),
        keys: keys(),
        receivers: receivers(&settings, &municipalities).unwrap(),
        settings: Arc::new(settings),
        municipalities,
        mappings: StatusMappings::load(&tree).unwrap(),
        lanes: Lanes::default(),
    };
    Bench { pump, script, clock, db }
}

impl Bench {
    async fn submit(&self, receipt: bool) -> (OpenedCase, DeliveryId) {
        self.db
            .write(move |c| {
                let (_, case) = opened(c, morning());
                let body = body(&case, morning());
                let id = body.delivery_id.clone();
                let attached = Attached { files: vec![], receipt };
                enqueue(c, &keys(), &municipality(), NewDelivery { target: castor(), body, attached }, morning())
                    .unwrap();
                Ok::<_, DbError>((case, id))
            })
            .await
            .unwrap()
    }
    async fn row(&self, id: &DeliveryId) -> DeliveryRow {
        let id = id.clone();
        self.db.read(move |c| find(c, &municipality(), &id)).await.unwrap().unwrap()
    }
    async fn run_after(&self, seconds: i64) {
        self.clock.advance(seconds);
        while self.pump.run_due().await.unwrap() {}
    }
    fn posts(&self) -> Vec<(Vec<u8>, String)> {
        let log = &self.script.lock().unwrap().log;
        log.iter()
            .filter(|(line, ..)| line.starts_with("post /v1/deliveries"))
            .map(|(_, body, head)| (body.clone(), head.clone()))
            .collect()
    }
    async fn case(&self, id: &CaseId) -> cases::Case {
        let id = id.clone();
        self.db.read(move |c| cases::find(c, &municipality(), &id)).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_receiver_that_fails_twice_gets_the_same_bytes_a_third_time_and_the_case_its_number() {
    for db in databases() {
        let b = bench(&db, &[Step::Says(500), Step::Says(500), Step::Registers]).await;
        let (case, id) = b.submit(false).await;
        for _ in 0..3 {
            b.run_after(13).await;
        }
        let row = b.row(&id).await;
        assert_eq!((row.state, row.attempts), (DeliveryState::Registered, 3));
        let posts = b.posts();
        assert_eq!(posts.len(), 3);
        assert!(
            posts
                .iter()
                .all(|(body, head)| *body == posts[0].0 && head.contains(&format!("idempotency-key: \"{id}\"")))
        );
        let case = b.case(&case.id).await;
        assert_eq!((case.status, case.diary_number.as_deref()), (PortalStatus::Registered, Some("SBN 2026/00001")));
        let calls = b.db.read(move |c| attempts(c, &id)).await.unwrap();
        assert_eq!(calls.iter().map(|a| a.http_status).collect::<Vec<_>>(), [Some(500), Some(500), Some(201)]);
    }
}

#[tokio::test]
async fn an_answer_that_never_came_is_asked_for_before_anything_is_sent_again() {
    for db in databases() {
        let b = bench(&db, &[Step::TakesAndHangs]).await;
        let (_, id) = b.submit(false).await;
        b.run_after(0).await;
        assert!(b.row(&id).await.unclear);
        b.run_after(13).await;
        assert_eq!(b.row(&id).await.state, DeliveryState::Registered);
        assert_eq!(b.posts().len(), 1);
    }
}

#[tokio::test]
async fn wrong_settings_pause_the_target_and_cost_no_attempt() {
    for db in databases() {
        let b = bench(&db, &[Step::Says(401), Step::Registers]).await;
        let (_, id) = b.submit(false).await;
        b.pump.run_due().await.unwrap();
        let states = b.db.read(|c| target_states(c, None)).await.unwrap();
        assert_eq!(states[0].paused, Some(Pause::Configuration));
        assert_eq!(b.row(&id).await.attempts, 0);
        b.pump.run_due().await.unwrap();
        assert_eq!(b.posts().len(), 1, "nothing is sent while it is paused");
        b.run_after(11).await;
        assert_eq!(b.row(&id).await.state, DeliveryState::Registered);
    }
}

#[tokio::test]
async fn what_the_receiver_will_never_take_is_dead_at_once_and_a_person_can_send_or_settle_it() {
    for db in databases() {
        let b = bench(&db, &[Step::Says(422), Step::Registers, Step::Says(422)]).await;
        let (_, id) = b.submit(false).await;
        b.pump.run_due().await.unwrap();
        assert_eq!(b.row(&id).await.state, DeliveryState::Dead);
        let again = id.clone();
        assert!(b.db.write(move |c| retry_dead(c, &municipality(), &again, "staff:x", morning())).await.unwrap());
        b.run_after(0).await;
        assert_eq!(b.row(&id).await.state, DeliveryState::Registered);
        let posts = b.posts();
        assert_eq!(posts[0].0, posts[1].0);
        let (case, id) = b.submit(false).await;
        b.run_after(0).await;
        assert_eq!(b.row(&id).await.state, DeliveryState::Dead);
        let settled = b.db.write(move |c| {
            let r = Resolution {
                external_case_id: "k-9",
                diary_number: Some("SBN 2026/9"),
                who: "staff:x",
                why: "för hand",
            };
            resolve_manually(c, &StatusMappings::default(), &municipality(), &id, &r, morning())
        });
        assert!(settled.await.unwrap());
        assert_eq!(b.case(&case.id).await.diary_number.as_deref(), Some("SBN 2026/9"));
        let sum = b.db.read(|c| balance(c, &municipality(), morning().day())).await.unwrap();
        assert_eq!((sum.submitted, sum.registered, sum.by_hand, sum.is_even()), (2, 1, 1, true));
    }
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    for db in databases() {
        let b = bench(&db, &[Step::Busy(600), Step::Registers]).await;
        let (_, id) = b.submit(false).await;
        b.run_after(0).await;
        b.run_after(500).await;
        assert_eq!(b.posts().len(), 1);
        b.run_after(101).await;
        assert_eq!(b.row(&id).await.state, DeliveryState::Registered);
    }
}

#[tokio::test]
async fn five_failures_in_a_row_stop_everything_until_the_target_answers() {
    for db in databases() {
        let b = bench(&db, &[Step::Says(500); 5]).await;
        for _ in 0..5 {
            b.submit(false).await;
        }
        b.pump.run_due().await.unwrap();
        b.pump.run_due().await.unwrap();
        let states = b.db.read(|c| target_states(c, None)).await.unwrap();
        assert_eq!(states[0].paused, Some(Pause::Unreachable));
        b.script.lock().unwrap().steps = vec![Step::Registers; 5].into();
        b.run_after(10).await;
        let sum = b.db.read(|c| balance(c, &municipality(), morning().day())).await.unwrap();
        assert_eq!((sum.submitted, sum.registered, sum.is_even()), (5, 5, true));
    }
}

#[tokio::test]
async fn two_workers_send_one_thing_once_and_a_dead_workers_lease_runs_out() {
    for db in databases() {
        let b = bench(&db, &[Step::Registers]).await;
        let (_, id) = b.submit(false).await;
        let claim = |b: &Bench| {
            let (now, db) = (b.clock.now(), b.db.clone());
            async move {
                db.write(move |c| store::claim(c, &municipality(), &castor(), 4, now, now.plus_seconds(120))).await
            }
        };
        let (one, two) = tokio::join!(claim(&b), claim(&b));
        assert_eq!(one.unwrap().len() + two.unwrap().len(), 1);
        b.run_after(60).await;
        assert_eq!(b.posts().len(), 0, "somebody has it");
        b.run_after(61).await;
        assert_eq!(b.row(&id).await.state, DeliveryState::Registered);
        let asked = b.script.lock().unwrap().log.iter().any(|(line, ..)| line.starts_with("get /v1/deliveries/"));
        assert!(asked, "what the dead worker had begun may have arrived");
    }
}

#[tokio::test]
async fn the_submission_waits_for_its_receipt_and_what_follows_waits_for_the_submission() {
    for db in databases() {
        let b = bench(&db, &[Step::Accepts, Step::Registers]).await;
        let (case, id) = b.submit(true).await;
        let (opened, now) = (b.case(&case.id).await, b.clock.now());
        let follow = b.db.write(move |c| {
            let what = FollowUp {
                kind: DeliveryKind::Message,
                message_id: &MessageId::fresh(),
                text: "Hej",
                in_reply_to: None,
                files: vec![],
                by: None,
                answers: Answers::Nothing,
            };
            follow_up(c, &keys(), &opened, what, now)
        });
        let follow = follow.await.unwrap();
        b.run_after(0).await;
        assert_eq!((b.posts().len(), b.row(&id).await.state), (0, DeliveryState::WaitingPrecondition));
        let made = case.id.clone();
        b.db.write(move |c| {
            let document = NewDocument {
                id: FileId::fresh(),
                kind: DocumentKind::Receipt,
                title: "Kvitto".into(),
                blob_key: "0".repeat(32),
                file_name: "kvitto.pdf".into(),
                media_type: "application/pdf".into(),
                size: 10,
                sha256: "ab".into(),
                visible: true,
                upload_key: None,
            };
            cases::add_document(c, &municipality(), &made, &document, now)?;
            release(c, &made, now)
        })
        .await
        .unwrap();
        b.run_after(0).await;
        assert_eq!(
            (b.row(&id).await.state, b.row(&follow).await.state),
            (DeliveryState::Accepted, DeliveryState::Pending)
        );
        let sent: Delivery = serde_json::from_slice(&b.posts()[0].0).unwrap();
        assert_eq!(sent.documents[0].kind, "submission_pdf");
        b.script.lock().unwrap().has = true;
        b.run_after(86_401).await;
        assert_eq!(
            (b.row(&id).await.state, b.row(&follow).await.state),
            (DeliveryState::Registered, DeliveryState::Registered)
        );
        let sent: Delivery = serde_json::from_slice(&b.posts()[1].0).unwrap();
        assert_eq!((sent.kind, sent.case.external_case_id.as_deref()), (DeliveryKind::Message, Some("k-1")));
    }
}
