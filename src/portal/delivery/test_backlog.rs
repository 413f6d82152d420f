//! A receiver that has been away for long leaves many deliveries waiting.

use super::store::{self, NewRow};
use crate::contract::DeliveryKind;
use crate::db::Conn;
use crate::db::testing::{costs_at_most, settle};
use crate::portal::testing::{castor, databases, morning, municipality};
use crate::vocabulary::{CaseId, DeliveryId};
use diesel::Connection;

#[test]
fn taking_the_next_deliveries_costs_the_same_however_many_wait() {
    for db in databases() {
        let (mut conn, slug, now) = (db.conn(), municipality(), morning());
        let other = "gotene".parse().unwrap();
        conn.transaction::<_, crate::db::DbError, _>(|c| {
            for n in 0..3000 {
                let row = NewRow {
                    id: DeliveryId::fresh(),
                    municipality: if n == 1500 { &other } else { &slug },
                    case_id: CaseId::fresh(),
                    target: castor(),
                    kind: DeliveryKind::Submission,
                    waits: false,
                    received_at: now.plus_seconds(-n),
                    content: vec![1],
                };
                store::insert(c, &row, now)?;
            }
            Ok(())
        })
        .unwrap();
        let until = now.plus_seconds(60);
        let four = |c: &mut Conn| store::claim(c, &slug, &castor(), 4, now, until).unwrap();
        // A receiver that went away a moment ago: nobody has counted yet what waits for it.
        assert_eq!(costs_at_most(&mut conn, 80, 0, four).len(), 4);
        settle(&mut conn);
        let targets = costs_at_most(&mut conn, 40, 0, |c| store::due_targets(c, now).unwrap());
        assert_eq!(targets, [(other, castor()), (slug.clone(), castor())]);
        let taken = costs_at_most(&mut conn, 80, 0, four);
        let received: Vec<i64> = taken.iter().map(|(row, _)| now.seconds() - row.received_at.seconds()).collect();
        assert_eq!(received, [2999, 2998, 2997, 2996], "the oldest first");
        costs_at_most(&mut conn, 40, 0, |c| store::expire_leases(c, now).unwrap());
    }
}
