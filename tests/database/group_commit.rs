//! Units of work: kept whole or not at all, whoever shares their commit.

use super::databases::both;
use super::marks::{self, insert, names};
use diesel::prelude::*;
use futures_util::future::join_all;
use kommunportal::db::{Application, Db, DbError};
use std::sync::mpsc::channel;

/// A unit that ends as its number says; what a database thread must bear.
async fn unit(db: &Db, grouped: bool, n: usize) -> Result<String, DbError> {
    let name = format!("{n:03}");
    let work = move |c: &mut kommunportal::db::Conn| {
        insert(c, &name)?;
        match n % 5 {
            1 => Err(DbError::Full),
            2 => panic!("on purpose"),
            3 => c.transaction(|c| {
                insert(c, &format!("{name} nested"))?;
                panic!("on purpose, in a nested transaction")
            }),
            4 => {
                // PostgreSQL gives up the whole unit from here on, whether we listen or not.
                drop(insert(c, &name));
                Ok(name.clone())
            }
            _ => Ok(name.clone()),
        }
    };
    if grouped { db.write_grouped(work).await } else { db.write(work).await }
}

async fn what_is_acknowledged_is_stored(url: String, grouped: bool) {
    let db = marks::start(&url).await;
    let answers = join_all((0..200).map(|n| unit(&db, grouped, n))).await;
    for (n, answer) in answers.iter().enumerate().filter(|(n, _)| n % 5 == 1) {
        assert!(matches!(answer, Err(DbError::Full)), "unit {n} is told its own error, not {answer:?}");
    }
    let mut acknowledged: Vec<String> = answers.into_iter().filter_map(Result::ok).collect();
    acknowledged.sort();
    assert_eq!(names(&db).await, acknowledged);
    let wanted = if url.starts_with("sqlite:") { 80 } else { 40 };
    assert_eq!(acknowledged.len(), wanted, "units without a fault are kept, and no others");
}

#[test]
fn among_200_units_that_fail_and_panic_exactly_the_acknowledged_are_stored() {
    both(Application::Portal, |url| what_is_acknowledged_is_stored(url, false));
}

#[test]
fn the_same_holds_where_units_share_one_commit() {
    both(Application::Portal, |url| what_is_acknowledged_is_stored(url, true));
}

#[test]
fn an_error_that_is_dropped_is_not_reported_as_success_on_postgres() {
    both(Application::Portal, |url| async move {
        let db = marks::start(&url).await;
        let answer: Result<(), DbError> = db
            .write(|c| {
                insert(c, "one")?;
                drop(insert(c, "one"));
                Ok(())
            })
            .await;
        if url.starts_with("sqlite:") {
            answer.unwrap();
            assert_eq!(names(&db).await, ["one"]);
        } else {
            assert!(answer.is_err(), "PostgreSQL has rolled back, and nobody was told");
            assert!(names(&db).await.is_empty());
        }
    });
}

#[test]
fn an_expected_error_in_a_nested_transaction_leaves_the_rest_of_the_unit() {
    both(Application::Portal, |url| async move {
        let db = marks::start(&url).await;
        let answer: Result<bool, DbError> = db
            .write(|c| {
                insert(c, "one")?;
                let again = c.transaction(|c| insert(c, "one"));
                insert(c, "two")?;
                Ok(again.is_err_and(|e| e.is_unique_violation()))
            })
            .await;
        assert!(answer.unwrap(), "both databases call it a unique violation");
        assert_eq!(names(&db).await, ["one", "two"]);
    });
}

#[test]
fn a_reading_thread_cannot_write() {
    both(Application::Portal, |url| async move {
        let db = marks::start(&url).await;
        let answer = db.read(|c| insert(c, "sneaked in")).await;
        assert!(matches!(answer, Err(DbError::Diesel(_))), "{answer:?}");
        assert!(names(&db).await.is_empty());
    });
}

#[test]
fn more_than_can_wait_is_refused_at_once_and_what_waits_is_done() {
    both(Application::Portal, |url| async move {
        let db = marks::start(&url).await;
        // Every writing thread waits for us.
        let (mut releases, mut held) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            let ((release, wait), (begun, has_begun)) = (channel::<()>(), channel::<()>());
            let db = db.clone();
            held.push(tokio::spawn(async move {
                let hold: Result<(), DbError> = db
                    .write(move |_| {
                        begun.send(()).ok();
                        wait.recv().ok();
                        Ok(())
                    })
                    .await;
                hold.unwrap();
            }));
            releases.push(release);
            // SQLite has one writing thread: the other three wait behind the first.
            if !url.starts_with("sqlite:") || releases.len() == 1 {
                tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
            }
        }
        let waiting = tokio::spawn({
            let db = db.clone();
            async move { join_all((0..1100).map(|n| db.write(move |c| insert(c, &format!("{n:04}"))))).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        drop(releases);
        let answers = waiting.await.unwrap();
        let refused = answers.iter().filter(|a| matches!(a, Err(DbError::Full))).count();
        let done = answers.iter().filter(|a| a.is_ok()).count();
        assert!(refused >= 1100 - 1024, "only {refused} were refused");
        assert_eq!(refused + done, 1100);
        assert_eq!(names(&db).await.len(), done);
        for hold in held {
            hold.await.unwrap();
        }
        assert_eq!(db.waiting().1, 0);
    });
}

#[test]
fn of_fifty_who_move_the_same_row_one_succeeds() {
    both(Application::Portal, |url| async move {
        let db = marks::start(&url).await;
        db.write(|c| insert(c, "draft")).await.unwrap();
        let answers = join_all((0..50).map(|_| {
            db.write(|c| {
                let row = marks::marks::table.find("draft").filter(marks::marks::state.eq("draft"));
                Ok::<_, DbError>(diesel::update(row).set(marks::marks::state.eq("submitted")).execute(c)?)
            })
        }))
        .await;
        let moved: usize = answers.into_iter().map(Result::unwrap).sum();
        assert_eq!(moved, 1);
    });
}

#[test]
fn a_counter_that_many_raise_loses_nothing() {
    both(Application::Portal, |url| async move {
        let db = marks::start(&url).await;
        db.write(|c| insert(c, "counter")).await.unwrap();
        let mut seen: Vec<i64> = join_all((0..100).map(|_| {
            db.write_grouped(|c| {
                let row = marks::marks::table.find("counter");
                let raised = diesel::update(row).set(marks::marks::count.eq(marks::marks::count + 1));
                Ok::<_, DbError>(raised.returning(marks::marks::count).get_result::<i64>(c)?)
            })
        }))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
        seen.sort_unstable();
        assert_eq!(seen, (1..=100).collect::<Vec<i64>>(), "each number once and none left out");
    });
}

#[test]
fn a_unit_that_is_refused_among_others_says_why_and_the_others_are_kept() {
    both(Application::Desk, |url| async move {
        let db = marks::start(&url).await;
        let answers = (0..20).map(|n| {
            db.write_grouped(move |c| {
                insert(c, &format!("{n}"))?;
                if n % 2 == 0 { Err(Refusal::Own) } else { Ok(()) }
            })
        });
        for (n, answer) in join_all(answers).await.into_iter().enumerate() {
            let own_word = matches!(answer, Err(Refusal::Own));
            assert!(if n % 2 == 0 { own_word } else { answer.is_ok() }, "{n}: {answer:?}");
        }
        assert_eq!(names(&db).await.len(), 10);
    });
}

#[derive(Debug)]
enum Refusal {
    Own,
    Database,
}

impl From<DbError> for Refusal {
    fn from(_: DbError) -> Self {
        Refusal::Database
    }
}
