//! The feed of notices, on both databases.

use super::feed;
use super::test_office::{at, office, takes};
use super::test_server::{self, Asked, count};
use crate::contract::{CloudEvent, NoticeKind};
use crate::db::DbError;
use crate::portal::cases;
use crate::portal::testing::{castor, databases, morning, municipality, opened};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[tokio::test]
async fn a_reader_misses_nothing_though_transactions_commit_out_of_order() {
    for database in databases() {
        let db = database.start();
        let case = db
            .write(|c| {
                let (_, opened) = opened(c, morning());
                cases::find(c, &municipality(), &opened.id)
            })
            .await
            .unwrap()
            .unwrap();
        let writers = (0..40_u64).map(|n| {
            let (db, case) = (db.clone(), case.clone());
            async move {
                db.write(move |c| {
                    feed::note(c, &case, NoticeKind::CitizenMessageSent, json!({ "n": n }), morning())?;
                    // The first to begin is often the last to commit.
                    std::thread::sleep(Duration::from_millis(20 - n % 4 * 6));
                    Ok::<_, DbError>(())
                })
                .await
            }
        });
        let reader = async {
            let (mut offset, mut seen, mut last) = (0, Vec::new(), 0);
            while seen.len() < 40 {
                let page = db
                    .write(move |c| {
                        if feed::is_behind(c, &municipality(), &castor())? {
                            feed::place(c, &municipality(), &castor())?;
                        }
                        feed::page(c, &municipality(), "1257", &castor(), offset, 7)
                    })
                    .await
                    .unwrap();
                for one in &page.events {
                    assert!(one.position > last, "{} after {last}", one.position);
                    last = one.position;
                    seen.push((one.event.data["n"].as_u64().unwrap(), one.event.sequence.clone().unwrap()));
                }
                offset = page.page.next_offset;
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
            seen
        };
        let (written, seen) = tokio::time::timeout(
            Duration::from_secs(60),
            futures_util::future::join(futures_util::future::try_join_all(writers), reader),
        )
        .await
        .unwrap();
        written.unwrap();
        let numbers: BTreeSet<u64> = seen.iter().map(|s| s.0).collect();
        assert_eq!((numbers.len(), seen.len()), (40, 40), "each once");
        let in_case: Vec<&String> = seen.iter().map(|s| &s.1).collect();
        assert!(in_case.is_sorted() && in_case[39].ends_with("40"), "{in_case:?}");
    }
}

#[test]
fn what_was_read_can_be_read_again_and_the_cursor_never_goes_back() {
    for database in databases() {
        // PostgreSQL's connection has a runtime of its own, which no asynchronous test may drive.
        let looked = std::thread::spawn({
            let url = database.url.clone();
            move || {
                let c = &mut crate::db::open(&url, false).unwrap();
                let (_, opened) = opened(c, morning());
                let case = cases::find(c, &municipality(), &opened.id).unwrap().unwrap();
                for kind in [NoticeKind::SupplementSubmitted, NoticeKind::DecisionRead, NoticeKind::AppealSubmitted] {
                    feed::note(c, &case, kind, json!({}), morning()).unwrap();
                }
                assert!(feed::place(c, &municipality(), &castor()).unwrap());
                let whole = feed::page(c, &municipality(), "1257", &castor(), 0, 20).unwrap();
                let positions: Vec<i64> = whole.events.iter().map(|e| e.position).collect();
                assert_eq!(positions, [1, 2, 3]);
                assert_eq!(whole.events[0].event.subject, case.id.to_string());
                let mut ack = |n| feed::acknowledge(c, &municipality(), &castor(), n).unwrap();
                assert_eq!((ack(2), ack(1), ack(99)), (2, 2, 3), "never back, never past the end");
                assert_eq!(feed::page(c, &municipality(), "1257", &castor(), 0, 20).unwrap(), whole);
                let part = feed::page(c, &municipality(), "1257", &castor(), 1, 1).unwrap();
                assert_eq!((part.events[0].position, part.page.next_offset, part.page.has_more), (2, 2, true));
                // Another municipality's system of the same name reads nothing of it.
                let other = feed::page(c, &"skara".parse().unwrap(), "1495", &castor(), 0, 20).unwrap();
                assert!(other.events.is_empty());
                true
            }
        });
        assert!(looked.join().unwrap());
    }
}

#[tokio::test]
async fn a_receiver_that_takes_notices_is_told_each_in_order_once_it_answers_again() {
    for db in databases() {
        let calls = Arc::new(AtomicUsize::new(0));
        let seen = calls.clone();
        // The first is told while the receiver is away, the second is one that it will never take.
        let answer = move |asked: &Asked| match asked.line.as_str() {
            "POST /v1/citizen-events" => match seen.fetch_add(1, Ordering::SeqCst) {
                0 => (503, String::new()),
                2 => (422, String::new()),
                _ => (202, String::new()),
            },
            _ => takes(asked),
        };
        let (url, log) = test_server::serve(answer).await;
        let o = office(&db, vec![("castor", at(&url, ""))]);
        o.submit("castor", &[]).await;
        o.run_after(0).await;
        o.db.write(|c| {
            let (_, opened) = opened(c, morning());
            let case = cases::find(c, &municipality(), &opened.id)?.unwrap();
            for kind in [NoticeKind::DecisionRead, NoticeKind::ReplayRequested, NoticeKind::AppealSubmitted] {
                feed::note(c, &case, kind, json!({}), morning())?;
            }
            Ok::<_, DbError>(())
        })
        .await
        .unwrap();
        o.run_after(1).await;
        assert_eq!(count(&log, "POST /v1/citizen-events"), 1, "it is not asked again at once");
        o.run_after(61).await;
        o.run_after(1).await;
        let told: Vec<String> = {
            let log = log.lock().unwrap();
            let notices = log.iter().filter(|a| a.line == "POST /v1/citizen-events");
            notices
                .map(|a| {
                    assert!(a.head.contains("webhook-signature: v1,"), "{}", a.head);
                    let event: CloudEvent = serde_json::from_slice(&a.body).unwrap();
                    event.kind.rsplit('.').next().unwrap().to_owned()
                })
                .collect()
        };
        assert_eq!(told, ["decision_read", "decision_read", "replay_requested", "appeal_submitted"]);
        let read = o.db.read(|c| feed::acknowledged(c, &municipality(), &castor())).await.unwrap();
        assert_eq!(read, 3, "what it refused is passed by, and nothing is told twice");
    }
}
