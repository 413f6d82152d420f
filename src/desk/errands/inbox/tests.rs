use super::*;
use crate::db::testing::{costs_at_most, settle};
use crate::desk::tests::{benches, member, submission};
use crate::insert_all;
use crate::vocabulary::{CaseId, DeliveryId};

#[test]
fn a_page_of_the_inbox_costs_the_same_however_many_errands_there_are() {
    for bench in benches() {
        let mut c = bench.conn();
        let one = bench.errand(&mut c, &submission("BUN-FORSKOLA", "FORSKOLA"));
        let rows: Vec<_> = (0..4000)
            .map(|n: i64| {
                use crate::db::schema::errands as e;
                let at = bench.now.plus_seconds(-n);
                let over = n % 4 != 0;
                (
                    (
                        e::id.eq(ErrandId::fresh()),
                        e::municipality.eq(&one.municipality),
                        e::case_id.eq(CaseId::fresh()),
                    ),
                    (e::delivery_id.eq(DeliveryId::fresh()), e::reference.eq(&one.reference), e::title.eq("Förskola")),
                    (
                        e::diary_number.eq(format!("BUN 2026/x{n}")),
                        e::diary_key.eq(""),
                        e::case_type.eq(&one.case_type),
                    ),
                    (e::unit.eq(if n % 8 < 4 { "FORSKOLA" } else { "SKOLA" }), e::status.eq("in_progress")),
                    (e::protected.eq(false), e::sensitive.eq(false), e::version.eq(1), e::sequence.eq(1_i64)),
                    (e::attention.eq((n % 100 == 0).then_some(Attention::New)), e::closed_at.eq(over.then_some(at))),
                    (e::handler.eq((n % 3 == 0).then_some("dani01@2120009911"))),
                    (e::received_at.eq(at), e::registered_at.eq(at), e::updated_at.eq(at)),
                )
            })
            .collect();
        insert_all!(&mut c, crate::db::schema::errands::table, rows).unwrap();
        settle(&mut c);
        let daniel = member(&mut c, "dani01@2120009911");
        assert_eq!(daniel.units.len(), 2);
        let every = |filter: Filter| [filter.clone(), Filter { unit: Some("SKOLA".into()), ..filter }];
        let wishes = [
            Filter::default(),
            Filter { status: Some("in_progress".into()), ..Filter::default() },
            Filter { unassigned: true, ..Filter::default() },
            Filter { unread: true, ..Filter::default() },
        ];
        for filter in wishes.into_iter().flat_map(every) {
            let (first, second) = costs_at_most(&mut c, 4 * (PAGE as i64 + 1) + 20, 0, |c| {
                let first = inbox(c, &daniel, &filter, None).unwrap();
                let second = first.next.as_ref().map(|next| inbox(c, &daniel, &filter, Some(next)).unwrap());
                (first, second)
            });
            assert!(first.errands.len() >= 5, "{filter:?}");
            if let Some(second) = second {
                assert!(second.errands[0].received_at >= first.errands[first.errands.len() - 1].received_at);
            }
        }
    }
}
