//! The queue: what is enqueued is done, once where it can be, and again where it must.

use super::databases::both;
use futures_util::future::join;
use kommunportal::db::{Application, Db, DbError};
use kommunportal::jobs::{Job, JobFault, NewJob, Worker, dead, depth, enqueue, retry_dead};
use kommunportal::vocabulary::{At, Clock, MunicipalitySlug};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the handlers have been given: how often each job.
type Seen = Arc<Mutex<BTreeMap<i64, u32>>>;

fn slug() -> MunicipalitySlug {
    "orkelljunga".parse().unwrap()
}

fn clock() -> Clock {
    Clock::standing_at("2026-11-21T08:00:00Z".parse().unwrap())
}

async fn put(db: &Db, dedupe: Option<&str>, now: At) {
    let dedupe = dedupe.map(str::to_owned);
    let done: Result<(), DbError> = db
        .write(move |c| {
            enqueue(
                c,
                NewJob { municipality: &slug(), kind: "test", dedupe: dedupe.clone(), payload: json!({}), due: now },
                now,
            )
        })
        .await;
    done.unwrap();
}

/// A worker that notes what it is given and answers as `outcome` says.
fn worker(url: &str, clock: &Clock, seen: &Seen, outcome: fn(&Job) -> Result<(), JobFault>) -> Worker {
    let seen = seen.clone();
    Worker::new(Db::start(url), clock.clone()).on("test", move |job| {
        let seen = seen.clone();
        async move {
            *seen.lock().unwrap().entry(job.seq).or_default() += 1;
            tokio::task::yield_now().await;
            outcome(&job)
        }
    })
}

async fn waiting_and_dead(db: &Db) -> (i64, i64) {
    let (waiting, dead, _) = db.read(depth).await.unwrap();
    (waiting, dead)
}

#[test]
fn the_same_job_enqueued_twice_is_done_once() {
    both(Application::Portal, |url| async move {
        let (db, clock, seen) = (Db::start(&url), clock(), Seen::default());
        put(&db, Some("receipt of EK-1"), clock.now()).await;
        put(&db, Some("receipt of EK-1"), clock.now()).await;
        put(&db, None, clock.now()).await;
        put(&db, None, clock.now()).await;
        assert_eq!(worker(&url, &clock, &seen, |_| Ok(())).run_due().await, 3);
        assert_eq!(waiting_and_dead(&db).await, (0, 0));
    });
}

#[test]
fn two_workers_share_a_hundred_jobs_and_none_is_done_twice() {
    both(Application::Portal, |url| async move {
        let (db, clock, seen) = (Db::start(&url), clock(), Seen::default());
        for _ in 0..100 {
            put(&db, None, clock.now()).await;
        }
        let (one, two) = (worker(&url, &clock, &seen, |_| Ok(())), worker(&url, &clock, &seen, |_| Ok(())));
        let (one, two) = join(one.run_due(), two.run_due()).await;
        assert_eq!(one + two, 100);
        let seen = seen.lock().unwrap().clone();
        assert_eq!(seen.len(), 100);
        assert!(seen.values().all(|times| *times == 1));
        assert_eq!(waiting_and_dead(&db).await, (0, 0));
    });
}

#[test]
fn a_job_whose_worker_died_is_done_by_another_when_its_lease_has_run_out() {
    both(Application::Portal, |url| async move {
        let (db, clock, seen) = (Db::start(&url), clock(), Seen::default());
        put(&db, None, clock.now()).await;
        let dying = Worker::new(db.clone(), clock.clone()).on("test", |_| std::future::pending());
        assert!(tokio::time::timeout(Duration::from_millis(500), dying.run_due()).await.is_err());
        let heir = worker(&url, &clock, &seen, |job| {
            assert_eq!(job.attempts, 2);
            Ok(())
        });
        clock.advance(14);
        assert_eq!(heir.run_due().await, 0, "it is still the first one's");
        clock.advance(1);
        assert_eq!(heir.run_due().await, 1);
        assert_eq!(waiting_and_dead(&db).await, (0, 0));
    });
}

#[test]
fn a_job_that_fails_or_panics_is_tried_again_later() {
    both(Application::Portal, |url| async move {
        let (db, clock, seen) = (Db::start(&url), clock(), Seen::default());
        put(&db, None, clock.now()).await;
        let worker = worker(&url, &clock, &seen, |job| match job.attempts {
            1 => Err(JobFault::Transient("the receiver does not answer".into())),
            2 => panic!("on purpose"),
            _ => Ok(()),
        });
        assert_eq!(worker.run_due().await, 1);
        assert_eq!(worker.run_due().await, 0, "not at once");
        clock.advance(60);
        assert_eq!(worker.run_due().await, 1);
        clock.advance(600);
        assert_eq!(worker.run_due().await, 1);
        assert_eq!(waiting_and_dead(&db).await, (0, 0));
    });
}

#[test]
fn what_never_goes_is_given_up_told_to_staff_and_tried_again_when_they_say_so() {
    both(Application::Portal, |url| async move {
        let (db, clock, seen) = (Db::start(&url), clock(), Seen::default());
        put(&db, None, clock.now()).await;
        let hopeless = worker(&url, &clock, &seen, |_| Err(JobFault::Transient("still closed".into())));
        for _ in 0..20 {
            hopeless.run_due().await;
            clock.advance(3 * 86_400);
        }
        assert_eq!(waiting_and_dead(&db).await, (0, 1));
        let listed = db.read(|c| dead(c, &slug())).await.unwrap();
        let [job] = listed.as_slice() else { panic!("{listed:?}") };
        assert_eq!((job.last_error.as_str(), job.attempts), ("still closed", 12));

        let (seq, now) = (job.seq, clock.now());
        let other: MunicipalitySlug = "skara".parse().unwrap();
        assert!(!db.write(move |c| retry_dead(c, &other, seq, now)).await.unwrap(), "it is not theirs");
        assert!(db.write(move |c| retry_dead(c, &slug(), seq, now)).await.unwrap());
        assert!(!db.write(move |c| retry_dead(c, &slug(), seq, now)).await.unwrap(), "it is not dead any more");
        assert_eq!(worker(&url, &clock, &seen, |_| Ok(())).run_due().await, 1);
        assert_eq!(waiting_and_dead(&db).await, (0, 0));
    });
}

#[test]
fn what_can_never_go_is_given_up_at_once() {
    both(Application::Portal, |url| async move {
        let (db, clock, seen) = (Db::start(&url), clock(), Seen::default());
        put(&db, None, clock.now()).await;
        worker(&url, &clock, &seen, |_| Err(JobFault::Permanent("no such mailbox".into()))).run_due().await;
        assert_eq!(waiting_and_dead(&db).await, (0, 1));
    });
}

#[test]
fn a_unit_that_is_undone_takes_its_jobs_with_it() {
    both(Application::Portal, |url| async move {
        let (db, now) = (Db::start(&url), clock().now());
        let undone: Result<(), DbError> = db
            .write(move |c| {
                let job = NewJob { municipality: &slug(), kind: "test", dedupe: None, payload: json!({}), due: now };
                enqueue(c, job, now)?;
                Err(DbError::Full)
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(waiting_and_dead(&db).await, (0, 0));
    });
}
