//! What goes to and fro between the portal and the systems that handle cases, against the same work on the database done
//! directly: events over HTTP against `cases::apply` through `db.write`, one by one and in batches; deliveries over HTTP
//! against the same worker with a receiver that answers from memory.

use super::back_office::{InMemory, Office, named, pump, queue, work};
use super::databases::with_conn;
use super::http;
use super::postgres::Server;
use super::report::{Limit, Table, median, number};
use super::seed::{CASE, id};
use super::site::{CONNECTIONS, Engine, MUNICIPALITY, ROUNDS, Site};
use diesel::prelude::*;
use kommunportal::contract::{BATCH, CloudEvent, EventOutcome, ONE, Secret, sequence_text};
use kommunportal::db::DbError;
use kommunportal::db::schema::inbound_events;
use kommunportal::portal::App;
use kommunportal::portal::cases::{Sender, apply};
use kommunportal::vocabulary::Clock;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// A person's cases that are open.
const OPEN: u64 = 12;
/// Events of one connection in one turn: two of each case, one by one or in one batch.
const EACH: u64 = 2 * OPEN;
/// Events of all connections in one turn.
const TURN: u64 = CONNECTIONS as u64 * EACH;
/// Deliveries in one turn, each of a case of its own.
const DELIVERIES: i64 = 300;
/// Deliveries under way at once.
const AT_ONCE: usize = 16;

pub async fn measure(table: &mut Table, engine: Engine, server: Option<&Server>) {
    let site = Site::new(engine, server, "exchange");
    let app = site.app();
    events(table, &site, &app).await;
    deliveries(table, &app).await;
}

/// What the receivers say of this turn's people's cases, which nobody has said anything of before: for each person, in the
/// order that it is said.
fn said(turn: u64) -> Vec<Vec<CloudEvent>> {
    let now = Clock::system().now();
    let of = |person: u64| {
        let event = |n: u64| {
            let case = id(CASE, person * 1000 + n % OPEN);
            let step = n / OPEN;
            CloudEvent {
                timeprecision: None,
                specversion: "1.0".into(),
                id: format!("{person}-{n}"),
                source: format!("urn:kommunportal:system:castor:case:{case}"),
                kind: "se.kommunportal.case.status_changed".into(),
                subject: case,
                time: now,
                sequence: Some(sequence_text(step + 1)),
                replay: false,
                datacontenttype: None,
                data: json!({ "externalCode": if step.is_multiple_of(2) { "UNDERBESLUT" } else { "HANDLAGGS" } }),
            }
        };
        (0..EACH).map(event).collect()
    };
    people(turn).map(of).collect()
}

fn people(turn: u64) -> std::ops::Range<u64> {
    turn * CONNECTIONS as u64..(turn + 1) * CONNECTIONS as u64
}

/// Cases of this turn, known to their system.
fn prepare(site: &Site, turn: u64) {
    site.people(people(turn));
    site.cases_of(people(turn));
    site.tell(
        &site.portal_url,
        "UPDATE cases SET external_case_id = 'e-' || id WHERE external_case_id IS NULL".to_owned(),
    );
}

/// A signed push.
fn push(site: &Site, secret: &Secret, kind: &str, webhook_id: &str, body: &[u8]) -> Vec<u8> {
    let now = Clock::system().now();
    let head = format!(
        "POST /integration/v1/case-events HTTP/1.1\r\nhost: localhost:{}\r\ncontent-type: {kind}\r\nwebhook-id: \
         {webhook_id}\r\nwebhook-timestamp: {}\r\nwebhook-signature: {}\r\ncontent-length: {}\r\n\r\n",
        site.all.base,
        now.seconds(),
        secret.sign(webhook_id, now, body),
        body.len(),
    );
    [head.as_bytes(), body].concat()
}

/// Events a second over HTTP, so many in each request.
async fn over_http(site: &Site, secret: &Secret, turn: u64, in_one: u64) -> f64 {
    let requests = said(turn).into_iter().map(|own| {
        let pushes = own.chunks(in_one as usize).map(|part| match part {
            [only] => push(site, secret, ONE, &only.id, &serde_json::to_vec(only).unwrap()),
            many => push(site, secret, BATCH, &many[0].id, &serde_json::to_vec(many).unwrap()),
        });
        pushes.collect()
    });
    http::send_all(site.all.base, requests.collect(), 202).await * in_one as f64
}

/// Events a second straight to the database, so many in each unit of work.
async fn direct(app: &Arc<App>, turn: u64, in_one: u64) -> f64 {
    let sender = Sender {
        municipality: MUNICIPALITY.parse().unwrap(),
        target: named("castor"),
        base: "http://localhost".into(),
    };
    let all = said(turn);
    let begun = Instant::now();
    let tasks = all.into_iter().map(|own| {
        let (app, sender) = (app.clone(), sender.clone());
        tokio::spawn(async move {
            for part in own.chunks(in_one as usize) {
                let (part, sender, mappings) = (part.to_vec(), sender.clone(), app.mappings.clone());
                let applied = app.ground.db.write(move |c| {
                    for event in &part {
                        let result = apply(c, &sender, &mappings, event, event.time)?;
                        assert_eq!(result.outcome, EventOutcome::Applied, "{:?}", result.problem);
                    }
                    Ok::<_, DbError>(())
                });
                applied.await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    TURN as f64 / begun.elapsed().as_secs_f64()
}

async fn events(table: &mut Table, site: &Site, app: &Arc<App>) {
    let _portal = site.portal_alone().await;
    let secret: Secret = site.all.environment["KOMMUNPORTAL__TARGETS__CASTOR__SECRET_IN"].parse().unwrap();
    let mut turn = 0;
    let mut next = || {
        turn += 1;
        prepare(site, turn);
        turn
    };
    // Both sides have their connections and statements ready before the first turn.
    over_http(site, &secret, next(), 1).await;
    direct(app, next(), 1).await;
    for (what, in_one, least) in [("Events one by one", 1, 40.0), ("Events in batches", EACH, 60.0)] {
        let (mut https, mut directs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (first, second) = (next(), next());
            site.settle();
            https.push(over_http(site, &secret, first, in_one).await);
            directs.push(direct(app, second, in_one).await);
        }
        let how = format!(
            "{CONNECTIONS} connections, signed status events that are new to their case, {in_one} in a request, {} a turn, \
             {ROUNDS} turns each by turns, median of the ratios; the other side: `cases::apply` of as many in one \
             `Db::write` in the bench's process, without signature, idempotency key and HTTP",
            number(TURN as f64),
        );
        let name = format!("{what} over HTTP, of `cases::apply` through `db.write`");
        table.add(
            &name,
            Limit::AtLeast(least),
            ratio(&https, &directs),
            "%",
            &against(&https, &directs, "events"),
            &how,
        );
    }
    let applied: i64 = with_conn(&site.portal_url, |c| {
        inbound_events::table.filter(inbound_events::outcome.eq("applied")).count().get_result(c).unwrap()
    });
    assert_eq!(applied.unsigned_abs(), turn * TURN, "events that were applied");
}

fn ratio(these: &[f64], others: &[f64]) -> f64 {
    median(&these.iter().zip(others).map(|(this, other)| 100.0 * this / other).collect::<Vec<_>>())
}

fn against(these: &[f64], others: &[f64], what: &str) -> String {
    format!("{} against {} {what} a second", number(median(these)), number(median(others)))
}

async fn deliveries(table: &mut Table, app: &Arc<App>) {
    let (clock, office) = (Clock::system(), Office::open().await);
    let there = pump(app, &clock, AT_ONCE, &[("castor", &office)]);
    let mut here = pump(app, &clock, AT_ONCE, &[("castor", &office)]);
    here.receivers.values_mut().for_each(|receiver| *receiver = Arc::new(InMemory));
    let turn = async |pump| {
        queue(app, "castor", clock.now(), DELIVERIES, 0).await;
        work(app, pump, 0).await
    };
    turn(&there).await;
    turn(&here).await;
    let (mut https, mut directs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        https.push(turn(&there).await);
        directs.push(turn(&here).await);
    }
    assert_eq!(office.taken().len() as i64, DELIVERIES * (ROUNDS as i64 + 1), "each was sent once");
    let how = format!(
        "{} submissions of as many cases a turn, {AT_ONCE} at once, from the first claim until all are registered, \
         {ROUNDS} turns each by turns, median of the ratios; the worker and the receiver in the bench's process; the other \
         side: the same worker with a receiver that answers from memory, so that what is left is the database's work",
        number(DELIVERIES as f64)
    );
    let more = against(&https, &directs, "deliveries");
    table.add(
        "Deliveries over HTTP, of the same with a receiver in memory",
        Limit::AtLeast(60.0),
        ratio(&https, &directs),
        "%",
        &more,
        &how,
    );
}
