//! The database: one connection type over SQLite and PostgreSQL, on dedicated threads. Use cases are written once as
//! `fn submit(conn: &mut Conn, …)` and run with `db.write(|c| …).await`. Knows the schema, nothing of the trade.
//!
//! A unit of work given to [`Db::write`] is all or nothing and is answered after the commit. It may be run once more when it
//! has met a conflict. Inside it: no `await`, no network, no file. State changes are conditional updates (`UPDATE … WHERE state = …` and one row changed), because
//! PostgreSQL's READ COMMITTED loses updates that are read first and written later.

mod migrations;
pub mod pg;
pub mod schema;
#[cfg(test)]
pub(crate) mod testing;
mod threads;
mod tls;
pub mod types;

pub use migrations::{Application, MigrationError, migrate, pending, revert_all};
pub use pg::PgConn;
pub use threads::{Db, DbError};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
#[expect(clippy::large_enum_variant, reason = "the derive takes no Box")]
pub enum Conn {
    Postgres(PgConn),
    Sqlite(SqliteConnection),
}

/// For a statement that cannot be written once; compiled for each database.
#[macro_export]
macro_rules! on_each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}

/// Several rows in one statement. The row type says `treat_none_as_default_value = false`.
#[macro_export]
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        (|| {
            // In parts: SQLite takes 32 766 values at a time. No statement for an empty list: its count would be the
            // count of the statement before.
            let (mut rows, mut count) = ($rows, 0);
            while !rows.is_empty() {
                let rest = rows.split_off(rows.len().min(500));
                count += $crate::on_each!(&mut *$conn, c => diesel::insert_into($table).values(rows).execute(c))?;
                rows = rest;
            }
            diesel::QueryResult::Ok(count)
        })()
    };
}

/// A query that both databases can run but that the derive does not carry: ON CONFLICT, UNION.
pub struct Each<Q>(Q);

/// Gives every query [`each`](EachDsl::each).
pub trait EachDsl: Sized {
    /// Sends the query to whichever database it is, as that database wants it.
    fn each(self) -> Each<Self> {
        Each(self)
    }
}
impl<Q> EachDsl for Q {}

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Each<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}
impl<Q: QueryId> QueryId for Each<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q: Query> Query for Each<Q> {
    type SqlType = Q::SqlType;
}
impl<Q> RunQueryDsl<Conn> for Each<Q> {}

/// Opens a connection by the scheme of `url`: `sqlite:PATH` or `postgres://…`. Blocks; never on an async thread.
pub fn open(url: &str, read_only: bool) -> ConnectionResult<Conn> {
    let execute = |c: &mut dyn SimpleConnection, sql: &str| {
        c.batch_execute(sql).map_err(diesel::ConnectionError::CouldntSetupConfiguration)
    };
    if let Some(path) = url.strip_prefix("sqlite:") {
        let mut c = SqliteConnection::establish(path)?;
        execute(
            &mut c,
            "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; \
             PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4096",
        )?;
        if read_only {
            execute(&mut c, "PRAGMA query_only=ON")?;
        }
        Ok(Conn::Sqlite(c))
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let mut c = PgConn::establish(url)?;
        if read_only {
            execute(&mut c, "SET default_transaction_read_only = on")?;
        }
        Ok(Conn::Postgres(c))
    } else {
        Err(diesel::ConnectionError::InvalidConnectionUrl("neither sqlite:PATH nor postgres://…".into()))
    }
}

/// False when the server behind it has gone; asked before each unit of work.
fn is_open(conn: &mut Conn) -> bool {
    match conn {
        Conn::Postgres(c) => c.is_open(),
        Conn::Sqlite(_) => true,
    }
}

/// False when the server behind it has gone, or is about to: one that stops says so before it closes the connection.
fn answers(conn: &mut Conn) -> bool {
    match conn {
        Conn::Postgres(c) => c.is_open() && c.batch_execute("SELECT 1").is_ok(),
        Conn::Sqlite(_) => true,
    }
}

/// True when the transaction was the victim of a conflict that another run may not meet. On SQLite there are none: one
/// thread writes.
fn met_conflict(conn: &Conn) -> bool {
    match conn {
        Conn::Postgres(c) => c.met_conflict(),
        Conn::Sqlite(_) => false,
    }
}

/// Begins a transaction that may write. On SQLite it takes the write lock at once: a deferred one that reads first fails
/// under load, and no time-out helps it.
fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction(c),
    }
}
