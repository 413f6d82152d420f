//! Between desk and portal: what is sent, in which order and how often; what is fetched.

use super::pages::desk_with;
use super::played::{Shared, play};
use super::*;
use crate::contract::{CloudEvent, Document};
use crate::db::schema::{errand_documents as documents, errands as rows, outgoing_events as events, sent_files};
use crate::desk::Desk;
use crate::desk::errands::{self, MessageDraft};
use crate::desk::intake::{Intake, take_notice};
use crate::desk::portal_link::{self, NewFile, Portals, Pusher};
use crate::desk::pull::Puller;
use crate::vocabulary::{At, ErrandId, MessageId};
use crate::web::http_client;
use diesel::prelude::*;
use serde_json::json;
use std::time::Duration;

fn portals(desk: &Desk) -> Portals {
    Portals {
        clock: desk.clock.clone(),
        settings: desk.settings.clone(),
        municipalities: desk.municipalities.clone(),
        client: http_client(Duration::from_secs(10)).unwrap(),
        own: "castor".parse().unwrap(),
    }
}

fn pusher(desk: &Desk) -> Pusher {
    Pusher { db: desk.db.clone(), portals: portals(desk), blobs: desk.blobs.clone() }
}

fn puller(desk: &Desk) -> Puller {
    Puller::new(desk.db.clone(), portals(desk), Intake::of(desk), orkelljunga(), "http://localhost:8081".into())
}

fn body_of(played: &Shared, n: usize) -> CloudEvent {
    serde_json::from_str(&played.lock().unwrap().events[n]).unwrap()
}

#[actix_web::test]
async fn a_file_is_at_the_portal_once_and_before_the_event_that_names_it_whatever_breaks_between() {
    for bench in aside(benches) {
        let (played, portal, settings) = play();
        let (desk, _) = desk_with(&bench, settings);
        let pusher = pusher(&desk);
        let blob = desk.blobs.put_bytes(b"%PDF-1.7 beslut".to_vec()).await.unwrap();
        let first = submission("SBN-FELANMALAN", "GATA");
        let errand = aside(|| {
            let mut c = bench.conn();
            let errand = bench.errand(&mut c, &first);
            let jonas = member(&mut c, "jobr01@2120009911");
            let files = [NewFile {
                title: "Svar".into(),
                file_name: "svar.pdf".into(),
                media_type: "application/pdf".into(),
                size: i64::try_from(blob.size).unwrap(),
                sha256: blob.sha256.clone(),
                blob_key: blob.key.to_string(),
            }];
            let write = |c: &mut Conn, text: &str, files: &[NewFile]| {
                let id = MessageId::fresh();
                let draft = MessageDraft { id: &id, text, thread: None, files };
                errands::write(c, &bench.act(&jonas, &errand), &draft).unwrap();
            };
            write(&mut c, "Här är svaret.", &files);
            write(&mut c, "Och en sak till.", &[]);
            errand
        });
        // The file is taken, the event is not: `refuse` is popped from its end.
        played.lock().unwrap().refuse = vec![503, 0];
        pusher.run().await;
        assert_eq!(played.lock().unwrap().seen.len(), 1, "the second event waits for the first");
        // As if killed before the file's name was kept, and the body with it.
        let sealed: String = aside(|| {
            let mut c = bench.conn();
            diesel::update(sent_files::table).set(sent_files::portal_id.eq(None::<String>)).execute(&mut c).unwrap();
            let file: String = sent_files::table.select(sent_files::id).first(&mut c).unwrap();
            let body: String = events::table.order(events::sequence).select(events::body).first(&mut c).unwrap();
            let unsealed = body.replace("portal-0", &file);
            let of_first = events::table.filter(events::sequence.eq(2));
            diesel::update(of_first)
                .set((events::body.eq(unsealed), events::files.eq(json!([file]).to_string())))
                .execute(&mut c)
                .unwrap();
            body
        });
        desk.clock.advance(120);
        while pusher.run().await {}
        {
            let seen = played.lock().unwrap();
            let order: Vec<&str> = seen.seen.iter().map(|(what, _)| *what).collect();
            assert_eq!(order, ["file", "file", "event", "event"]);
            assert_eq!((seen.files.len(), &seen.seen[0].1), (1, &seen.seen[1].1), "the same key");
            assert_eq!(seen.events[0], sealed, "the same to the byte");
        }
        assert_eq!(body_of(&played, 0).data["documentIds"], json!(["portal-0"]));
        assert_eq!(body_of(&played, 1).data["text"], "Och en sak till.");

        // Asked for once more: new ids, the same sequence, marked; sent again only once for the same notice.
        let notice = CloudEvent {
            specversion: "1.0".into(),
            id: "n-1".into(),
            source: "urn:portal".into(),
            kind: "se.kommunportal.case.replay_requested".into(),
            subject: errand.id.to_string(),
            time: bench.now,
            timeprecision: None,
            sequence: None,
            replay: false,
            datacontenttype: None,
            data: json!({}),
        };
        aside(|| {
            let mut c = bench.conn();
            let allowed = [orkelljunga()];
            let mut take = |event: &CloudEvent| take_notice(&mut c, &allowed, event, "http://x", bench.now).unwrap();
            assert_eq!(take(&notice).outcome, EventOutcome::Applied);
            assert_eq!(take(&notice).outcome, EventOutcome::Duplicate);
            let other = CloudEvent { data: json!({ "x": 1 }), ..notice.clone() };
            assert_eq!(take(&other).problem.unwrap().code, "event-id-reused");
            let unknown = CloudEvent { subject: "castor-0".into(), id: "n-2".into(), ..notice.clone() };
            assert_eq!(take(&unknown).problem.unwrap().code, "not-found");
        });
        while pusher.run().await {}
        assert_eq!(played.lock().unwrap().events.len(), 4);
        let (was, now) = (body_of(&played, 0), body_of(&played, 2));
        assert!(now.replay && now.id != was.id && now.sequence == was.sequence && now.data == was.data);
        portal.stop(true).await;
    }
}

#[actix_web::test]
async fn a_refused_event_does_not_hold_up_the_next_and_is_sent_again_under_another_key() {
    for bench in aside(benches) {
        let (played, portal, settings) = play();
        let (desk, _) = desk_with(&bench, settings);
        let pusher = pusher(&desk);
        let first = submission("SBN-FELANMALAN", "GATA");
        aside(|| {
            let mut c = bench.conn();
            let errand = bench.errand(&mut c, &first);
            let jonas = member(&mut c, "jobr01@2120009911");
            errands::take(&mut c, &bench.act(&jonas, &errand)).unwrap();
        });
        played.lock().unwrap().refuse = vec![422];
        while pusher.run().await {}
        assert_eq!(played.lock().unwrap().events.len(), 1, "the second came through");
        let slug = orkelljunga();
        let refused = aside(|| portal_link::refused_events(&mut bench.conn(), &slug)).unwrap();
        assert_eq!((refused.len(), refused[0].kind.as_str()), (1, "handler_assigned"));
        assert!(refused[0].why.as_ref().is_some_and(|why| why.starts_with("422")));
        let id = refused[0].id.clone();
        assert!(aside(|| portal_link::send_again(&mut bench.conn(), &slug, &id, bench.now)).unwrap());
        assert!(!aside(|| portal_link::leave(&mut bench.conn(), &slug, &id, "behövs inte")).unwrap(), "it waits now");
        while pusher.run().await {}
        {
            let seen = played.lock().unwrap();
            assert_eq!(seen.seen.last().map(|(_, id)| id.as_str()), Some(id.as_str()));
            assert_ne!(seen.event_keys.last(), Some(&id));
        }
        assert!(aside(|| portal_link::refused_events(&mut bench.conn(), &slug)).unwrap().is_empty());
        portal.stop(true).await;
    }
}

#[actix_web::test]
async fn what_never_reached_the_portal_is_due_as_soon_as_the_portal_answers_anything() {
    for bench in aside(benches) {
        let (played, portal, settings) = play();
        let (desk, _) = desk_with(&bench, settings);
        let pusher = pusher(&desk);
        let (mut away, other) = (submission("SBN-FELANMALAN", "GATA"), submission("SBN-FELANMALAN", "GATA"));
        away.documents = vec![Document {
            document_id: "d7".into(),
            kind: "attachment".into(),
            file_name: "fasad.pdf".into(),
            media_type: "application/pdf".into(),
            size: 5,
            sha256: "b".repeat(64),
            scan: "clean".into(),
            href: "http://localhost:8080/x".into(),
            content: None,
        }];
        let take = |c: &mut Conn, delivery| {
            let errand = bench.errand(c, delivery);
            let jonas = member(c, "jobr01@2120009911");
            errands::take(c, &bench.act(&jonas, &errand)).unwrap();
            errand.id
        };
        // The portal has been away for so long that the next attempt would be in an hour.
        let (waits, later) = aside(|| {
            let mut c = bench.conn();
            let (waits, later) = (take(&mut c, &away), bench.now.plus_seconds(3600));
            let all = diesel::update(events::table)
                .set((events::next_at.eq(later), events::last_error.eq(Some("the portal cannot be reached"))));
            all.execute(&mut c).unwrap();
            let files = documents::table.filter(documents::errand_id.eq(&waits));
            let paused = (documents::next_at.eq(later), documents::last_error.eq(Some("the portal cannot be reached")));
            assert!(diesel::update(files).set(paused).execute(&mut c).unwrap() > 0);
            (waits, later)
        });
        while pusher.run().await {}
        assert_eq!(played.lock().unwrap().events.len(), 0);
        let due = |id: &ErrandId| {
            aside(|| {
                documents::table.filter(documents::errand_id.eq(id)).select(documents::next_at).load(&mut bench.conn())
            })
            .unwrap()
        };
        let files: Vec<At> = due(&waits);
        assert!(files.iter().all(|at| *at == later));
        aside(|| take(&mut bench.conn(), &other));
        while pusher.run().await {}
        assert_eq!(played.lock().unwrap().events.len(), 4, "both errands' events");
        let files: Vec<At> = due(&waits);
        assert!(files.iter().all(|at| *at == bench.now));
        portal.stop(true).await;
    }
}

#[actix_web::test]
async fn a_desk_that_fetches_registers_once_whatever_breaks_and_however_many_fetch() {
    for bench in aside(benches) {
        let (played, portal, settings) = play();
        let (desk, _) = desk_with(&bench, settings);
        let all = [submission("SBN-FELANMALAN", "GATA"), submission("SBN-BYGGLOV", "BYGG")];
        for delivery in &all {
            let body = serde_json::to_vec(delivery).unwrap();
            played.lock().unwrap().deliveries.insert(delivery.delivery_id.to_string(), body);
        }
        // The lease is given, the receipt is not taken: as if killed between registering and the receipt.
        played.lock().unwrap().refuse = vec![503, 0];
        assert!(!puller(&desk).deliveries().await);
        assert_eq!(played.lock().unwrap().receipts.len(), 0);
        played.lock().unwrap().leased.clear();
        let (one, two) = (puller(&desk), puller(&desk));
        tokio::join!(one.deliveries(), two.deliveries());
        played.lock().unwrap().leased.clear();
        puller(&desk).deliveries().await;
        let count: i64 = aside(|| rows::table.count().get_result(&mut bench.conn()).unwrap());
        assert_eq!(count, 2, "two deliveries, two errands");
        let receipts = played.lock().unwrap().receipts.clone();
        for delivery in &all {
            let errand = aside(|| bench.again(&mut bench.conn(), delivery));
            let own: Vec<_> = receipts.iter().filter(|r| r["deliveryId"] == delivery.delivery_id.as_str()).collect();
            assert!(!own.is_empty() && own.iter().all(|r| r["externalCaseId"] == errand.id.as_str()));
        }
        let mut strange = submission("SBN-FELANMALAN", "GATA");
        strange.schema_version = "9.0".into();
        let body = serde_json::to_vec(&strange).unwrap();
        played.lock().unwrap().deliveries.insert(strange.delivery_id.to_string(), body);
        puller(&desk).deliveries().await;
        let failure = played.lock().unwrap().failures.pop().unwrap();
        assert_eq!((failure["code"].as_str(), failure["retry"].as_bool()), (Some("schema-violation"), Some(false)));

        // The feed goes on from its own place; what nobody here knows is passed over.
        let errand = aside(|| bench.again(&mut bench.conn(), &all[0]));
        let event = |id: &str, subject: &str| {
            json!({ "specversion": "1.0", "id": id, "source": "urn:portal", "subject": subject, "time": "2026-11-21T09:59:00Z",
                    "type": "se.kommunportal.case.citizen_message_sent", "data": {} })
        };
        let feed = vec![
            json!({ "position": 7, "event": event("a", errand.id.as_str()) }),
            json!({ "position": 9, "event": event("b", "somebody-else") }),
        ];
        played.lock().unwrap().feed = feed;
        puller(&desk).notices_now().await;
        puller(&desk).notices_now().await;
        assert_eq!(played.lock().unwrap().read, 9);
        let slug = orkelljunga();
        let place = aside(|| crate::desk::pull::feed_of(&mut bench.conn(), &slug)).unwrap().unwrap();
        assert_eq!((place.position, place.last_error), (9, None));
        portal.stop(true).await;
    }
}
