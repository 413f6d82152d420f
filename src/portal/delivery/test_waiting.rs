//! What becomes of deliveries that wait for others, or for a receiver that was not there.

use super::test_office::{at, office, takes};
use super::test_server::{self, count};
use super::*;
use crate::contract::*;
use crate::db::DbError;
use crate::portal::testing::{body, castor, databases, keys, morning, municipality, opened};
use crate::vocabulary::*;

#[tokio::test]
async fn what_never_reached_a_receiver_goes_as_soon_as_it_answers_anything() {
    for db in databases() {
        let (url, _) = test_server::serve(takes).await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let away: url::Url = format!("http://{free}/").parse().unwrap();
        let mut o = office(&db, vec![("castor", at(&away, "retry_after = [5000, 5000]"))]);
        let first = o.submit("castor", &[]).await;
        let second = o.submit("castor", &[]).await;
        o.run_after(0).await;
        assert_eq!(o.row(&first).await.state, DeliveryState::RetryScheduled);
        o.pump = office(&db, vec![("castor", at(&url, "retry_after = [5000, 5000]"))]).pump;
        o.clock = o.pump.clock.clone();
        o.submit("castor", &[]).await;
        o.run_after(1).await;
        let states = [o.row(&first).await.state, o.row(&second).await.state];
        assert_eq!(states, [DeliveryState::Registered; 2], "without waiting for their time");
    }
}

#[tokio::test]
async fn what_follows_a_submission_that_is_not_to_be_sent_is_not_sent_either() {
    for db in databases() {
        let (url, log) = test_server::serve(takes).await;
        let o = office(&db, vec![("castor", at(&url, ""))]);
        let (first, later) =
            o.db.write(|c| {
                let (_, case) = opened(c, morning());
                let submission = body(&case, morning());
                let message =
                    Delivery { delivery_id: DeliveryId::fresh(), kind: DeliveryKind::Message, ..submission.clone() };
                let ids = (submission.delivery_id.clone(), message.delivery_id.clone());
                for body in [submission, message] {
                    let new = NewDelivery { target: castor(), body, attached: Attached::default() };
                    enqueue(c, &keys(), &municipality(), new, morning()).unwrap();
                }
                assert!(cancel(c, &municipality(), &ids.0, "staff:x", "sent in twice by mistake", morning())?);
                Ok::<_, DbError>(ids)
            })
            .await
            .unwrap();
        o.run_after(1).await;
        assert_eq!([o.row(&first).await.state, o.row(&later).await.state], [DeliveryState::Cancelled; 2]);
        assert_eq!(count(&log, "POST"), 0, "it would name a case that is not known there");
    }
}

#[tokio::test]
async fn no_more_go_in_a_minute_than_a_target_stands_and_the_oldest_go_first() {
    for db in databases() {
        let (url, log) = test_server::serve(takes).await;
        let o = office(&db, vec![("castor", at(&url, "per_minute = 4\nat_once = 1"))]);
        let mut ids = Vec::new();
        for _ in 0..10 {
            o.clock.advance(1);
            ids.push(o.submit("castor", &[]).await);
        }
        let sent = || -> Vec<DeliveryId> {
            let log = log.lock().unwrap();
            let posts = log.iter().filter(|asked| asked.line.starts_with("POST /v1/deliveries"));
            posts.map(|asked| serde_json::from_slice::<Delivery>(&asked.body).unwrap().delivery_id).collect()
        };
        for (seconds, gone) in [(0, 4), (59, 4), (1, 8), (59, 8), (1, 10)] {
            o.run_after(seconds).await;
            assert_eq!(sent(), ids[..gone], "{seconds} seconds on");
        }
        for id in &ids {
            let row = o.row(id).await;
            assert_eq!((row.state, row.attempts), (DeliveryState::Registered, 1), "waiting for its turn costs nothing");
        }
    }
}
