//! Units that get in each other's way on PostgreSQL: the one that the server gives up is run again, and both are kept.

use super::databases::Database;
use super::marks::{self, insert, marks as table, names};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kommunportal::db::{Conn, Db, DbError};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};

/// How often units were run, and where the first runs of two wait for each other.
#[derive(Clone)]
struct Meeting {
    runs: Arc<AtomicU32>,
    place: Arc<Barrier>,
}

impl Meeting {
    fn of_two() -> Self {
        Meeting { runs: Arc::default(), place: Arc::new(Barrier::new(2)) }
    }

    fn begin(&self) -> bool {
        self.runs.fetch_add(1, Ordering::SeqCst) < 2
    }
}

fn add(c: &mut Conn, name: &str) -> Result<(), DbError> {
    diesel::update(table::table.find(name.to_owned())).set(table::count.eq(table::count + 1)).execute(c)?;
    Ok(())
}

/// Takes `first`, meets the other, takes `second`.
fn both_rows(
    meeting: &Meeting,
    first: &'static str,
    second: &'static str,
) -> impl Fn(&mut Conn) -> Result<(), DbError> + use<> {
    let meeting = meeting.clone();
    move |c| {
        let is_first_run = meeting.begin();
        add(c, first)?;
        if is_first_run {
            meeting.place.wait();
        }
        add(c, second)
    }
}

async fn counts(db: &Db) -> Vec<i64> {
    let read = db.read(|c| {
        let named = table::table.filter(table::name.eq_any(["one", "two"]));
        Ok::<_, DbError>(named.order(table::name).select(table::count).load(c)?)
    });
    read.await.unwrap()
}

async fn with_rows(database: &Database) -> Db {
    let db = marks::start(&database.url).await;
    let made: Result<(), DbError> = db.write(|c| insert(c, "one").and_then(|()| insert(c, "two"))).await;
    made.unwrap();
    db
}

#[tokio::test]
async fn two_units_that_lock_each_other_out_are_both_kept() {
    let database = Database::postgres();
    let db = with_rows(&database).await;
    let meeting = Meeting::of_two();
    let (a, b) =
        tokio::join!(db.write(both_rows(&meeting, "one", "two")), db.write(both_rows(&meeting, "two", "one")),);
    assert_eq!((a.is_ok(), b.is_ok()), (true, true), "{a:?} {b:?}");
    assert_eq!(counts(&db).await, [2, 2]);
    assert!(meeting.runs.load(Ordering::SeqCst) >= 3, "one of them was run twice");
}

#[tokio::test]
async fn a_group_with_such_a_unit_is_kept_whole_and_once() {
    let database = Database::postgres();
    let db = with_rows(&database).await;
    let meeting = Meeting::of_two();
    // Holds the grouping thread until the group has come together.
    let (go, gone) = channel::<()>();
    let gone = std::sync::Mutex::new(gone);
    let gate = db.write_grouped(move |_| {
        let _ = gone.lock().unwrap().recv();
        Ok::<_, DbError>(())
    });
    // Gone with its end, so that a second run of the gate does not wait.
    let release = async move {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        go.send(()).unwrap();
    };
    let (gate, (), before, a, after, b) = tokio::join!(
        gate,
        release,
        db.write_grouped(|c| insert(c, "before")),
        db.write_grouped(both_rows(&meeting, "one", "two")),
        db.write_grouped(|c| insert(c, "after")),
        db.write(both_rows(&meeting, "two", "one")),
    );
    let all = [gate, before, a, after, b];
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(counts(&db).await, [2, 2]);
    assert_eq!(names(&db).await, ["after", "before", "one", "two"]);
    assert!(meeting.runs.load(Ordering::SeqCst) >= 3);
}

#[tokio::test]
async fn two_units_that_cannot_both_have_read_what_they_read_are_both_kept() {
    let database = Database::postgres();
    let db = with_rows(&database).await;
    let meeting = Meeting::of_two();
    let unit = |mine: &'static str| {
        let meeting = meeting.clone();
        move |c: &mut Conn| {
            c.batch_execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")?;
            let is_first_run = meeting.begin();
            let sum: Vec<i64> = table::table.select(table::count).load(c)?;
            if is_first_run {
                meeting.place.wait();
            }
            let row = table::table.find(mine);
            diesel::update(row).set(table::count.eq(sum.iter().sum::<i64>() + 1)).execute(c)?;
            Ok::<_, DbError>(())
        }
    };
    let (a, b) = tokio::join!(db.write(unit("one")), db.write(unit("two")));
    assert_eq!((a.is_ok(), b.is_ok()), (true, true), "{a:?} {b:?}");
    // One after the other: the second has seen the first.
    let mut found = counts(&db).await;
    found.sort();
    assert_eq!(found, [1, 2]);
    assert!(meeting.runs.load(Ordering::SeqCst) >= 3);
}
