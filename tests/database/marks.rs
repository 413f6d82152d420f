//! A table of the tests' own: rows that were said to be written.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kommunportal::db::{Conn, Db, DbError};

diesel::table! {
    marks (name) {
        name -> Text,
        state -> Text,
        count -> BigInt,
    }
}

/// Makes the table and starts the threads.
pub async fn start(url: &str) -> Db {
    let db = Db::start(url);
    let made: Result<(), DbError> = db
        .write(|c| {
            let sql = "CREATE TABLE marks (name TEXT PRIMARY KEY, state TEXT NOT NULL, count BIGINT NOT NULL)";
            Ok(c.batch_execute(sql)?)
        })
        .await;
    made.unwrap();
    db
}

pub fn insert(c: &mut Conn, name: &str) -> Result<(), DbError> {
    diesel::insert_into(marks::table)
        .values((marks::name.eq(name.to_owned()), marks::state.eq("draft"), marks::count.eq(0)))
        .execute(c)?;
    Ok(())
}

pub async fn names(db: &Db) -> Vec<String> {
    let found: Result<Vec<String>, DbError> =
        db.read(|c| Ok(marks::table.order(marks::name).select(marks::name).load(c)?)).await;
    found.unwrap()
}
