use super::*;
use crate::db::testing::{costs_at_most, settle};
use crate::portal::cases::{self, NewCase};
use crate::portal::submissions::{Owner, drafts_of};
use crate::portal::testing::{databases, morning, municipality, new_case};
use diesel::Connection;

#[test]
fn mina_sidor_costs_the_same_however_many_cases_others_have() {
    for db in databases() {
        let (mut conn, slug, now) = (db.conn(), municipality(), morning());
        let her = PartyId::fresh();
        conn.transaction::<_, cases::OpenFault, _>(|c| {
            for n in 0..3000 {
                let mine = (n % 150 == 0).then(|| her.clone());
                let party_id = mine.or_else(|| Some(PartyId::fresh()));
                cases::open(c, &NewCase { party_id, ..new_case(now.plus_seconds(n)) })?;
            }
            Ok(())
        })
        .unwrap();
        settle(&mut conn);
        let read = |c: &mut Conn, before| Hers::read(c, &slug, &her, before).unwrap();
        let page = costs_at_most(&mut conn, 60, 0, |c| read(c, None));
        assert_eq!((page.cases.len(), page.has_more), (20, false));
        let tenth = (page.cases[9].received_at, page.cases[9].id.clone());
        let older = costs_at_most(&mut conn, 60, 0, |c| read(c, Some(tenth)));
        assert_eq!(older.cases.len(), 10);
        // Her own few are sorted.
        let owners = [Owner::Party(her.clone()), Owner::Browser("b".into())];
        costs_at_most(&mut conn, 60, 1, |c| drafts_of(c, &slug, &owners).unwrap());
    }
}
