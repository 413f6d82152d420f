//! A receiver's event may come before the answer that it follows from.

use super::parcel::accepted;
use super::receiver::Answer;
use super::store::{self, DeliveryState};
use super::test_office::{at, office};
use super::test_server;
use super::*;
use crate::db::DbError;
use crate::portal::testing::{castor, databases, municipality};

#[tokio::test]
async fn a_delivery_whose_registration_is_told_before_its_attempt_is_written_down_is_registered_and_stays_so() {
    for db in databases() {
        let (url, _) = test_server::serve(|_| (503, String::new())).await;
        let o = office(&db, vec![("castor", at(&url, ""))]);
        let id = o.submit("castor", &[]).await;
        let now = o.clock.now();
        let until = now.plus_seconds(60);
        let claimed = o.db.write(move |c| store::claim(c, &municipality(), &castor(), 1, now, until)).await.unwrap();
        let (row, was) = claimed.into_iter().next().unwrap();
        let told = id.clone();
        let noted = o.db.write(move |c| note_registered(c, &municipality(), &castor(), &told, now));
        assert!(noted.await.map_err(|e: DbError| e).unwrap());
        let answer = Answer::Receipt(Box::new(accepted(&id)), 202);
        o.pump.write_down(row, was, answer, now, false).await.unwrap();
        assert_eq!(o.row(&id).await.state, DeliveryState::Registered);
    }
}
