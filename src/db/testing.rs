//! What a unit of work costs the database, for tests: the plan of each of its statements on SQLite, the rows that they read
//! on PostgreSQL. Held against lists that must cost the same however much there is.

use super::Conn;
use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::sync::{Arc, Mutex};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<String>>>);

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            self.0.lock().unwrap().push(text.split(" -- binds").next().unwrap().to_owned());
        }
    }
}

/// Statistics as after a quiet night, once all rows are there.
pub(crate) fn settle(conn: &mut Conn) {
    if let Conn::Postgres(c) = conn {
        c.batch_execute("ANALYZE").unwrap();
    }
}

/// Runs `work`, undone afterwards, and fails when one of its statements goes through a whole table or index, or when all
/// of them together read more than `rows` rows. `sorts`: how many of them may sort what they have found.
#[track_caller]
pub(crate) fn costs_at_most<T>(conn: &mut Conn, rows: i64, sorts: usize, work: impl FnOnce(&mut Conn) -> T) -> T {
    match conn {
        Conn::Sqlite(_) => planned(conn, sorts, work),
        Conn::Postgres(_) => counted(conn, rows, work),
    }
}

#[track_caller]
fn planned<T>(conn: &mut Conn, sorts: usize, work: impl FnOnce(&mut Conn) -> T) -> T {
    let heard = Listener::default();
    let sqlite = |conn: &mut Conn, listener: Listener| match conn {
        Conn::Sqlite(c) => c.set_instrumentation(listener),
        Conn::Postgres(_) => unreachable!(),
    };
    sqlite(conn, heard.clone());
    let done = undone(conn, work);
    sqlite(conn, Listener::default());
    let Conn::Sqlite(c) = conn else { unreachable!() };
    let statements = heard.0.lock().unwrap().clone();
    let mut sorted = 0;
    let mut looked_at = 0;
    for sql in statements.iter().filter(|s| ["SELECT", "UPDATE", "DELETE"].iter().any(|w| s.starts_with(w))) {
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(c).unwrap();
        let plan: Vec<&str> = steps.iter().map(|s| s.detail.as_str()).collect();
        assert!(!plan.iter().any(|step| step.starts_with("SCAN ") && *step != "SCAN CONSTANT ROW"), "{plan:?}\n{sql}");
        // Sorting the last terms only is sorting what is equal in the first.
        sorted += usize::from(plan.iter().any(|step| step.starts_with("USE TEMP B-TREE FOR ORDER")));
        looked_at += 1;
    }
    assert!(looked_at > 0, "no statement was seen: {statements:?}");
    assert!(sorted <= sorts, "{sorted} statements sort: {statements:#?}");
    done
}

#[track_caller]
fn counted<T>(conn: &mut Conn, most: i64, work: impl FnOnce(&mut Conn) -> T) -> T {
    let read = |conn: &mut Conn| -> i64 {
        let Conn::Postgres(c) = conn else { unreachable!() };
        let sql = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint AS n \
                   FROM pg_stat_xact_user_tables";
        diesel::sql_query(sql).get_result::<Rows>(c).unwrap().n
    };
    let (done, rows) = undone(conn, |conn| {
        let before = read(conn);
        let done = work(conn);
        (done, read(conn) - before)
    });
    assert!(rows <= most, "{rows} rows were read, more than {most}");
    done
}

fn undone<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> T) -> T {
    conn.batch_execute("BEGIN").unwrap();
    let done = work(conn);
    conn.batch_execute("ROLLBACK").unwrap();
    done
}
