//! Values come back from both databases as they were written.

use super::databases::both;
use diesel::prelude::*;
use kommunportal::db::schema::{audit_log, jobs};
use kommunportal::db::types::Doc;
use kommunportal::db::{Application, Conn, Db, DbError, EachDsl};
use kommunportal::vocabulary::{At, Clock, MunicipalitySlug};
use kommunportal::{insert_all, on_each};
use serde_json::{Value, json};

fn slug() -> MunicipalitySlug {
    "orkelljunga".parse().unwrap()
}

fn store(c: &mut Conn, payload: Value, due: At) -> Result<(Value, At), DbError> {
    let seq: i64 = diesel::insert_into(jobs::table)
        .values((
            jobs::municipality.eq(slug()),
            jobs::kind.eq("test"),
            jobs::payload.eq(Doc(payload)),
            jobs::state.eq("waiting"),
            jobs::due_at.eq(due),
            jobs::attempts.eq(0),
            jobs::created_at.eq(due),
        ))
        .returning(jobs::seq)
        .get_result(c)?;
    let row = jobs::table.find(seq).select((jobs::payload, jobs::due_at));
    let (payload, due): (Doc<Value>, At) = row.first(c)?;
    Ok((payload.0, due))
}

#[test]
fn moments_and_documents_come_back_unchanged() {
    both(Application::Portal, |url| async move {
        let db = Db::start(&url);
        let document = json!({ "namn": "Åsa Öström", "barn": [{ "ålder": 3 }], "tomt": null, "stort": 9007199254740993_i64, "\"'\\": "€\u{1F600}" });
        for at in [
            Clock::system().now(),
            At::EPOCH,
            At::from_micros(-1),
            At::from_micros(1),
            "1900-01-01T00:00:00.000001Z".parse().unwrap(),
            "2026-03-29T01:30:00Z".parse().unwrap(),
            "9999-12-30T00:00:00.999999Z".parse().unwrap(),
        ] {
            let written = document.clone();
            let (payload, due) = db.write(move |c| store(c, written.clone(), at)).await.unwrap();
            assert_eq!(due, at);
            assert_eq!(payload, document);
        }
    });
}

#[test]
fn moments_are_compared_by_time_across_the_epoch() {
    both(Application::Portal, |url| async move {
        let db = Db::start(&url);
        let earlier: Result<i64, DbError> = db
            .write(|c| {
                for us in [-5, -1, 0, 1, 5] {
                    store(c, json!({}), At::from_micros(us))?;
                }
                Ok(jobs::table.filter(jobs::due_at.lt(At::EPOCH)).count().get_result(c)?)
            })
            .await;
        assert_eq!(earlier.unwrap(), 2);
    });
}

#[derive(Insertable, Clone)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
struct Line {
    municipality: MunicipalitySlug,
    at: At,
    actor: String,
    action: &'static str,
    subject: String,
    detail: String,
}

fn lines(n: usize) -> Vec<Line> {
    let line = Line {
        municipality: slug(),
        at: At::EPOCH,
        actor: "a".into(),
        action: "b",
        subject: "c".into(),
        detail: "{}".into(),
    };
    vec![line; n]
}

#[test]
fn thousands_of_rows_go_in_at_once_and_an_empty_list_is_nothing() {
    both(Application::Portal, |url| async move {
        let db = Db::start(&url);
        let counts: Result<(usize, usize, i64), DbError> = db
            .write(|c| {
                let many = insert_all!(c, audit_log::table, lines(9000))?;
                let none = insert_all!(c, audit_log::table, lines(0))?;
                Ok((many, none, audit_log::table.count().get_result(c)?))
            })
            .await;
        assert_eq!(counts.unwrap(), (9000, 0, 9000));
    });
}

#[test]
fn a_row_that_is_there_already_may_be_let_be() {
    both(Application::Portal, |url| async move {
        let db = Db::start(&url);
        let enqueue = |c: &mut Conn| -> Result<usize, DbError> {
            let row = (
                jobs::municipality.eq(slug()),
                jobs::kind.eq("once"),
                jobs::dedupe.eq("same"),
                jobs::payload.eq(Doc(json!({}))),
                jobs::state.eq("waiting"),
                jobs::due_at.eq(At::EPOCH),
                jobs::attempts.eq(0),
                jobs::created_at.eq(At::EPOCH),
            );
            Ok(diesel::insert_into(jobs::table).values(row).on_conflict_do_nothing().each().execute(c)?)
        };
        assert_eq!(db.write(enqueue).await.unwrap(), 1);
        assert_eq!(db.write(enqueue).await.unwrap(), 0);
        let backend = db.read(|c| Ok::<_, DbError>(on_each!(c, c => backend_of(c)))).await.unwrap();
        assert_eq!(backend.contains("Sqlite"), url.starts_with("sqlite:"));
    });
}

fn backend_of<C>(_: &mut C) -> &'static str {
    std::any::type_name::<C>()
}
