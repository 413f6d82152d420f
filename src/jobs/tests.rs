use super::store::claim;
use super::*;
use crate::db::testing::{costs_at_most, settle};
use crate::portal::testing::{databases, morning, municipality};
use diesel::Connection;
use serde_json::json;

#[test]
fn taking_the_next_jobs_costs_the_same_however_long_the_queue_is() {
    for db in databases() {
        let (mut conn, slug, now) = (db.conn(), municipality(), morning());
        conn.transaction::<_, crate::db::DbError, _>(|c| {
            for n in 0..3000 {
                // Every third is due later.
                let due = now.plus_seconds(if n % 3 == 0 { 3600 + n } else { n - 4000 });
                let job = NewJob { municipality: &slug, kind: "a", dedupe: None, payload: json!({}), due };
                enqueue(c, job, now)?;
            }
            Ok(())
        })
        .unwrap();
        settle(&mut conn);
        // Ten are found and changed: a row is read for each.
        let taken = costs_at_most(&mut conn, 60, 0, |c| claim(c, &["a", "b"], 10, now, now.plus_seconds(60)).unwrap());
        assert_eq!(taken.len(), 10);
        let none = costs_at_most(&mut conn, 60, 0, |c| claim(c, &["a"], 10, now.plus_days(-1), now).unwrap());
        assert!(none.is_empty());
    }
}
