//! A receiver that is away for three days while deliveries wait for it, few and many: what that costs in memory, whether it
//! holds up another receiver's, and how fast and in which order they go when it is back. The days are the clock's alone: it
//! is moved on by ten minutes at a time.

use super::back_office::{Office, pump, queue, waiting, work};
use super::postgres::Server;
use super::process::Watch;
use super::report::{Limit, Table, median, number};
use super::site::{Engine, ROUNDS, Site};
use kommunportal::portal::App;
use kommunportal::portal::delivery::Pump;
use kommunportal::vocabulary::Clock;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Cases that wait: each with its submission and four messages.
const CASES: [i64; 2] = [200, 2000];
const MESSAGES: usize = 4;
const EACH: i64 = MESSAGES as i64 + 1;
/// Another receiver's deliveries in one turn.
const OTHERS: i64 = 100;
/// Under way at once.
const AT_ONCE: usize = 16;
/// Seconds between two looks while it is away.
const STEP: i64 = 600;

/// What was seen of one backlog.
struct Seen {
    memory: f64,
    rate: f64,
    beside: f64,
    asked: u64,
    late: usize,
}

pub async fn measure(table: &mut Table, engine: Engine, server: Option<&Server>) {
    let site = Site::new(engine, server, "backlog");
    let app = site.app();
    let clock = Clock::standing_at(Clock::system().now());
    let (castor, other) = (Office::open().await, Office::open().await);
    let pump = pump(&app, &clock, AT_ONCE, &[("castor", &castor), ("ecos", &other)]);
    others(&app, &pump).await;
    let alone = others(&app, &pump).await;
    let few = outage(&site, &app, &pump, &castor, CASES[0]).await;
    let many = outage(&site, &app, &pump, &castor, CASES[1]).await;
    let taken = other.taken().len() as i64;
    assert_eq!(taken, OTHERS * 4 * ROUNDS as i64, "each of the other receiver's was sent once");

    let n = |cases: i64| number((cases * EACH) as f64);
    let (less, more) = (n(CASES[0]), n(CASES[1]));
    let how = format!(
        "{} cases with {EACH} deliveries each, the receiver answers 503 for three days of a clock that is moved on by {} \
         minutes, {AT_ONCE} at once when it is back; worker and receiver in the bench's process",
        number(CASES[1] as f64),
        STEP / 60
    );
    table.add(
        &format!("Memory while {more} deliveries wait for three days and go, of the same with {less}"),
        Limit::AtMost(115.0),
        100.0 * many.memory / few.memory,
        "%",
        &format!("{} against {} MiB", number(many.memory), number(few.memory)),
        &format!("{how}; most RssAnon of the bench's process, looked at every 50 ms"),
    );
    table.add(
        &format!("Deliveries a second out of {more} that waited, of the same out of {less}"),
        Limit::AtLeast(85.0),
        100.0 * many.rate / few.rate,
        "%",
        &format!("{} against {}", number(many.rate), number(few.rate)),
        &format!("{how}; from the first look until the last is registered"),
    );
    table.add(
        &format!("Another receiver's deliveries while {more} wait, of the same while none do"),
        Limit::AtLeast(85.0),
        100.0 * many.beside / alone,
        "%",
        &format!("{} against {} a second", number(many.beside), number(alone)),
        &format!("{} submissions, median of {ROUNDS}", OTHERS),
    );
    table.add(
        "Places that a submission comes after its turn",
        Limit::AtMost(2.0 * AT_ONCE as f64),
        many.late as f64,
        "",
        "",
        "the most among all of them, when they go; within a case none may come before an earlier one, or the run stops",
    );
    let calls = "probes and the first attempts; no delivery spends its attempts on a receiver that is away";
    table.add("Calls to the receiver while it was away", Limit::Told, many.asked as f64, "", "", calls);
}

/// Another receiver's deliveries in a second.
async fn others(app: &Arc<App>, pump: &Pump) -> f64 {
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let before = waiting(app).await;
        queue(app, "ecos", pump.clock.now(), OTHERS, 0).await;
        rates.push(work(app, pump, before).await);
    }
    median(&rates)
}

async fn outage(site: &Site, app: &Arc<App>, pump: &Pump, castor: &Office, cases: i64) -> Seen {
    castor.set_down(true);
    queue(app, "castor", pump.clock.now(), cases, MESSAGES).await;
    site.settle();
    let (watch, asked) = (Watch::begin(std::process::id()), castor.asked());
    for _ in 0..3 * 86_400 / STEP {
        pump.clock.advance(STEP);
        while pump.run_due().await.unwrap() {}
    }
    assert_eq!(waiting(app).await, cases * EACH, "none is given up, and none is sent");
    let asked = castor.asked() - asked;
    let beside = others(app, pump).await;
    castor.set_down(false);
    pump.clock.advance(STEP);
    let rate = work(app, pump, 0).await;
    let memory = watch.end();

    let taken = castor.taken();
    assert_eq!(taken.len() as i64, cases * EACH, "each was sent once");
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    let mut submissions = Vec::new();
    for one in &taken {
        match last.insert(&one.case, &one.delivery) {
            None => submissions.push(one.case.as_str()),
            Some(before) => assert!(before < one.delivery.as_str(), "in order within its case"),
        }
    }
    // The ids of cases rise as they were received.
    let mut in_turn = submissions.clone();
    in_turn.sort_unstable();
    let place: BTreeMap<&str, usize> = in_turn.into_iter().enumerate().map(|(n, case)| (case, n)).collect();
    let late = submissions.iter().enumerate().map(|(n, case)| n.saturating_sub(place[case])).max().unwrap_or(0);
    Seen { memory, rate, beside, asked, late }
}
