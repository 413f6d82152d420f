//! A database that goes away for a while.

use super::databases::{Database, tell_server};
use super::marks::{self, insert, names};
use diesel::prelude::*;
use kommunportal::db::{Db, DbError};
use std::time::Duration;

fn kill_connections(database: &Database) {
    let name = database.name.as_deref().unwrap();
    tell_server(format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_unit_fails_after_the_server_has_closed_every_connection() {
    let database = Database::postgres();
    let db = marks::start(&database.url).await;
    for round in 0..3 {
        for n in 0..12 {
            db.write(move |c| insert(c, &format!("{round} {n:02}"))).await.unwrap();
            names(&db).await;
        }
        kill_connections(&database);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(names(&db).await.len(), 36);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_whose_connection_is_killed_under_it_is_not_acknowledged_and_the_next_one_works() {
    let database = Database::postgres();
    let db = marks::start(&database.url).await;
    let under_way = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(|c| {
                insert(c, "under way")?;
                diesel::sql_query("SELECT pg_sleep(30)").execute(c)?;
                Ok::<_, DbError>(())
            })
            .await
        }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    kill_connections(&database);
    assert!(under_way.await.unwrap().is_err());
    db.write(|c| insert(c, "afterwards")).await.unwrap();
    assert_eq!(names(&db).await, ["afterwards"]);
}

/// As use cases do, an error of its own around the database's.
#[derive(Debug, PartialEq)]
enum Fault {
    Gone,
    Ours,
}

impl From<DbError> for Fault {
    fn from(e: DbError) -> Self {
        if matches!(e, DbError::Unreachable) { Fault::Gone } else { Fault::Ours }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_unit_makes_of_a_lost_connection_it_is_told_as_unreachable() {
    let database = Database::postgres();
    let db = marks::start(&database.url).await;
    let wait = |c: &mut kommunportal::db::Conn| match diesel::sql_query("SELECT pg_sleep(30)").execute(c) {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::Ours),
    };
    let (reading, writing, grouped) = (db.read(wait), db.write(wait), db.write_grouped(wait));
    let kill = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        kill_connections(&database);
    };
    let (read, written, grouped, ()) = tokio::join!(reading, writing, grouped, kill);
    assert_eq!([read, written, grouped], [Err(Fault::Gone), Err(Fault::Gone), Err(Fault::Gone)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_told_as_unreachable() {
    let db = Db::start("postgres://nobody@127.0.0.1:1/nothing?connect_timeout=1");
    let answer = db.write(|c| insert(c, "x")).await;
    assert!(matches!(answer, Err(DbError::Unreachable)), "{answer:?}");
}

#[test]
fn an_address_that_is_neither_database_opens_no_file() {
    let opened = std::thread::spawn(|| kommunportal::db::open("postgres:nodb", false).map(|_| ())).join().unwrap();
    assert!(opened.is_err());
    assert!(!std::path::Path::new("postgres:nodb").exists());
}
