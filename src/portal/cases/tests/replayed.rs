//! What staff see when the stored events of a case are heard anew.

use super::*;

#[test]
fn hearing_a_case_anew_changes_nothing_that_is_shown_and_nobody_is_told() {
    use proptest::prelude::*;
    for db in databases() {
        let mut conn = db.conn();
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(30));
        let conn = std::cell::RefCell::new(&mut conn);
        runner
            .run(&plan(), |(what, order, _)| {
                let conn = &mut **conn.borrow_mut();
                let (case, _) = opened(conn, morning());
                add_paper(conn, &case.id);
                send(conn, &registered(&case.id));
                for n in order {
                    send(conn, &said(&case.id, n as u64 + 2, what[n].0));
                }
                let seen = |conn: &mut Conn| {
                    let fates: Vec<_> = events(conn, &municipality(), &of(&case.id), 100).unwrap();
                    let fates: Vec<_> = fates.into_iter().map(|e| (e.seq, e.outcome, e.portal_status)).collect();
                    let updated = find(conn, &municipality(), &case.id).unwrap().unwrap().updated_at;
                    (shown(conn, &case.id), letters(conn, &case.id), fates, updated)
                };
                let before = seen(conn);
                let later = morning().plus_days(2);
                let heard = replay(conn, &mappings(), &municipality(), &case.id, later).unwrap();
                prop_assert_eq!(heard, Some(before.2.len()));
                prop_assert_eq!(seen(conn), before);
                Ok(())
            })
            .unwrap();
    }
}

fn of(case: &CaseId) -> EventWish {
    EventWish { case: Some(case.to_string()), ..EventWish::default() }
}

#[test]
fn hearing_a_case_anew_takes_the_table_of_today() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        for e in [registered(&case.id), status(&case.id, 2, "NYTT")] {
            send(conn, &e);
        }
        let codes = unmapped_codes(conn, &municipality()).unwrap();
        let code = codes.iter().find(|c| c.code.as_deref() == Some("NYTT")).unwrap();
        assert!(code.count >= 1);
        let kept = events(conn, &municipality(), &of(&case.id), 10).unwrap();
        assert_eq!(kept.first().unwrap().outcome, Fate::Unmapped);
        assert_eq!(replay(conn, &all_mapped(), &municipality(), &case.id, morning().plus_days(2)).unwrap(), Some(2));
        assert_eq!(find(conn, &municipality(), &case.id).unwrap().unwrap().status, PortalStatus::Paused);
        let again = super::super::event(conn, &municipality(), kept.first().unwrap().seq).unwrap().unwrap();
        assert_eq!(written_by(conn, &case.id, &again).unwrap(), Some((EventKind::Status, true)));
        let elsewhere: MunicipalitySlug = "lidkoping".parse().unwrap();
        assert!(super::super::event(conn, &elsewhere, again.seq).unwrap().is_none());
        assert!(events(conn, &elsewhere, &of(&case.id), 10).unwrap().is_empty());
        assert_eq!(replay(conn, &mappings(), &elsewhere, &case.id, morning()).unwrap(), None);
    }
}

#[test]
fn what_waits_for_a_case_runs_when_the_case_is_known_and_not_before() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        assert_eq!(send(conn, &status(&case.id, 2, "HANDLAGGS")), EventOutcome::Parked);
        let run = |conn: &mut Conn| run_waiting(conn, &mappings(), &municipality(), &case.id, morning()).unwrap();
        assert_eq!(run(conn), None);
        assert_eq!(count_events(conn, &municipality(), &[Fate::Parked]).unwrap().len(), 1);
        send(conn, &registered(&case.id));
        assert_eq!(run(conn), Some(0), "the registration has run it already");
        assert_eq!(find(conn, &municipality(), &case.id).unwrap().unwrap().status, PortalStatus::InProgress);
    }
}
