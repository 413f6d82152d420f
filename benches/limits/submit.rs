//! Sending in over HTTP, against the same units of work straight through `db.write`, and on PostgreSQL against pgbench with
//! the same statements. Drafts lie ready, so that only `POST …/skicka-in` is measured; the worker is not running.

use super::application::SERVICE;
use super::browser::Browser;
use super::databases::with_conn;
use super::demo::legitimate;
use super::http;
use super::pgbench::{self, STRIDE, Script};
use super::postgres::Server;
use super::process::{Watch, cpu};
use super::report::{Limit, Table, median, number};
use super::seed::{ANNA, DRAFT, PARTY, id, token};
use super::site::{CONNECTIONS, Engine, MUNICIPALITY, ROUNDS, Site};
use diesel::prelude::*;
use kommunportal::db::Conn;
use kommunportal::db::schema::{drafts, submissions};
use kommunportal::municipalities::Municipality;
use kommunportal::portal::App;
use kommunportal::portal::identity::Citizen;
use kommunportal::portal::submissions::{Owner, Sending, Sent, SubmitFault, prepare_for, submit};
use kommunportal::vocabulary::{DraftId, Lang, PartyId};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// Submissions of one connection in one turn.
const EACH: u64 = 16;
/// The person whose submission is written down for pgbench.
const SAMPLE: u64 = CONNECTIONS as u64;
const PEOPLE: std::ops::Range<u64> = 0..CONNECTIONS as u64;

pub async fn measure(table: &mut Table, engine: Engine, server: Option<&Server>) {
    let site = Site::new(engine, server, "submit");
    let _simulators = site.all.start_simulators().await;
    let portal = site.portal_alone().await;
    site.people(0..SAMPLE + 1);
    let turns = if engine == Engine::Postgres { 3 } else { 2 } * ROUNDS as u64;
    prepare_drafts(&site, EACH * turns + 1).await;
    site.settle();
    let script = match server {
        Some(server) if engine == Engine::Postgres => Some(sample(&site, server).await),
        _ => None,
    };
    let app = site.app();
    // Both sides have their connections and statements ready before the first turn.
    let mut next = 1;
    let (mut https, mut directs, mut benches) = (Vec::new(), Vec::new(), Vec::new());
    let watch = Watch::begin(portal.id());
    let mut spent = 0.0;
    for _ in 0..ROUNDS {
        let before = cpu(portal.id());
        https.push(over_http(&site, next).await);
        spent += cpu(portal.id()) - before;
        next += EACH;
        directs.push(direct(&site, &app, next).await);
        next += EACH;
        if let Some(script) = &script {
            let (script, url) = (&script, site.portal_url.clone());
            benches.push(tokio::task::block_in_place(|| script.run(&url, &["-t".into(), EACH.to_string()], next - 1)));
            next += EACH;
        }
    }
    let memory = watch.end();
    let count: i64 = with_conn(&site.portal_url, |c| submissions::table.count().get_result(c).unwrap());
    let wanted = CONNECTIONS as u64 * EACH * turns + u64::from(script.is_some());
    assert_eq!(count.unsigned_abs(), wanted, "submissions in the database");

    let ratio = |others: &[f64]| {
        let each: Vec<f64> = https.iter().zip(others).map(|(http, other)| 100.0 * http / other).collect();
        median(&each)
    };
    let http = median(&https);
    let against =
        |name: &str, others: &[f64]| format!("{} against {} {name} a second", number(http), number(median(others)));
    let how = format!(
        "{CONNECTIONS} connections, {} submissions of Plats i förskola a turn, {ROUNDS} turns each by turns, median of the \
         ratios; drafts prepared, worker off",
        CONNECTIONS as u64 * EACH
    );
    let through = "the other side: `submissions::submit` (all rules, sealing, every statement) through `Db::write` in the \
                   bench's process, prepared beforehand";
    let limit = if engine == Engine::Sqlite { Limit::AtLeast(40.0) } else { Limit::Told };
    table.add(
        "Submit over HTTP, of the same units through `db.write`",
        limit,
        ratio(&directs),
        "%",
        &against("units", &directs),
        &format!("{how}; {through}"),
    );
    if engine == Engine::Postgres {
        table.add(
            "Submit over HTTP, of pgbench on the same statements",
            Limit::AtLeast(60.0),
            ratio(&benches),
            "%",
            &against("transactions", &benches),
            &format!(
                "{how}; the other side: every statement of one such request as the server wrote them down, prepared, with \
                 the same values and ids of each transaction's own, {CONNECTIONS} clients, 2 threads"
            ),
        );
    }
    let each = spent / (ROUNDS as u64 * CONNECTIONS as u64 * EACH) as f64;
    let cpu_how = "processor time of the portal's process while it took them, from `/proc/<pid>/task/*/schedstat`";
    table.add("Portal's CPU for one POST …/skicka-in", Limit::Told, each, "ms", "", cpu_how);
    let memory_how = "most RssAnon of `serve portal` in /proc/<pid>/status, looked at every 50 ms";
    table.add("Memory while submissions pour in", Limit::AtMost(60.0), memory, "MiB", "", memory_how);
}

/// One draft is filled in by hand; the others are copies of it for other people.
async fn prepare_drafts(site: &Site, each: u64) {
    let mut anna = Browser::new();
    anna.open(&site.all.portal("/mina-sidor/installningar")).await;
    legitimate(&mut anna, ANNA).await;
    let form = anna.form("/mina-sidor/installningar").fill("E-postadress", "anna.akesson@example.se");
    anna.submit(form, "Spara").await;
    site.fill_in(&mut anna).await;
    let original = anna.path().split('/').nth(4).unwrap().to_owned();
    let key = |draft: &str| site.keys.lookup(&format!("child:{draft}"), SAGA)[..16].to_owned();
    let url = site.portal_url.clone();
    let (from, find) = (key(&original), original.clone());
    let has_key: i64 = with_conn(&url, move |c| {
        let mine = drafts::table.filter(drafts::id.eq(find.parse::<DraftId>().unwrap()));
        let all: Vec<String> = mine.select(drafts::answers).load(c).unwrap();
        all.iter().filter(|answers| answers.contains(&from)).count() as i64
    });
    assert_eq!(has_key, 1, "the draft names the child");
    let numbers = PEOPLE.flat_map(|p| (1..each).map(move |n| (p, n))).chain([(SAMPLE, 1)]);
    let mut batch = String::new();
    let send = |batch: &mut String| site.tell(&url, std::mem::take(batch));
    for (person, n) in numbers {
        let draft = id(DRAFT, person * STRIDE + n);
        batch.push_str(&format!(
            "INSERT INTO drafts (id, municipality, service, definition_version, title, party_id, stage, answers, \
             prefill_sealed, step, created_at, updated_at, delete_at) SELECT '{draft}', municipality, service, \
             definition_version, title, '{}', 'draft', replace(answers, '{}', '{}'), prefill_sealed, step, created_at, \
             updated_at, delete_at FROM drafts WHERE id = '{original}';",
            id(PARTY, person),
            key(&original),
            key(&draft),
        ));
        if batch.len() > 500_000 {
            send(&mut batch);
        }
    }
    send(&mut batch);
}

/// The child that is chosen, as in the population.
const SAGA: &str = "202301022386";

fn request(site: &Site, person: u64, n: u64) -> Vec<u8> {
    let (port, token) = (site.all.base, token(person));
    let path = format!("{SERVICE}/utkast/{}/skicka-in", id(DRAFT, person * STRIDE + n));
    let form = format!("_csrf={}", site.keys.form_token(&token).unwrap());
    http::post(port, &path, &format!("kp_session={token}"), &form)
}

async fn over_http(site: &Site, first: u64) -> f64 {
    let own = |person| (first..first + EACH).map(|n| request(site, person, n)).collect();
    http::send_all(site.all.base, PEOPLE.map(own).collect(), 303).await
}

fn citizen(person: u64) -> Citizen {
    let now = kommunportal::vocabulary::Clock::system().now();
    let citizen = json!({
        "party": id(PARTY, person), "name": "Anna Åkesson", "number": ANNA, "acr": "loa3", "method": "mfa", "auth_at": now,
    });
    serde_json::from_value(citizen).unwrap()
}

async fn sending(municipality: &Arc<Municipality>, app: &App, person: u64, n: u64) -> Sending {
    let draft: DraftId = id(DRAFT, person * STRIDE + n).parse().unwrap();
    let service = SERVICE.rsplit('/').next().unwrap().parse().unwrap();
    let definition = app.catalogue.find(&MUNICIPALITY.parse().unwrap(), &service).unwrap();
    let prepared = prepare_for(
        app,
        &municipality.slug,
        Some(citizen(person)),
        app.ground.renderer.voice(Lang::SWEDISH),
        &definition,
        &draft,
    )
    .await;
    Sending {
        catalogue: app.catalogue.clone(),
        keys: app.ground.keys.clone(),
        settings: app.ground.settings.clone(),
        address: municipality.address(&app.ground.public_url),
        municipality: municipality.clone(),
        owner: Owner::Party(id(PARTY, person).parse::<PartyId>().unwrap()),
        draft,
        prepared: prepared.unwrap_or_else(|_| panic!("what is known could not be read")),
        lang: Lang::SWEDISH,
        now: app.ground.clock.now(),
        authority: None,
    }
}

async fn direct(site: &Site, app: &Arc<App>, first: u64) -> f64 {
    let municipality = site.municipality();
    let mut all = Vec::new();
    for person in PEOPLE {
        let mut own = Vec::new();
        for n in first..first + EACH {
            own.push(sending(&municipality, app, person, n).await);
        }
        all.push(own);
    }
    let begun = Instant::now();
    let tasks = all.into_iter().map(|own| {
        let db = app.ground.db.clone();
        tokio::spawn(async move {
            for sending in own {
                let sent = db.write(move |c: &mut Conn| submit(c, &sending)).await;
                assert!(matches!(sent, Ok::<_, SubmitFault>(Sent::Now)), "{sent:?}");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    (CONNECTIONS as u64 * EACH) as f64 / begun.elapsed().as_secs_f64()
}

/// What PostgreSQL is asked for one submission over HTTP.
async fn sample(site: &Site, server: &Server) -> Script {
    // Once before, so that every statement is prepared and everything that is read once has been read.
    let before = http::get(site.all.base, "/mina-sidor", &format!("kp_session={}", token(SAMPLE)));
    http::send_all(site.all.base, vec![vec![before]], 200).await;
    server.write_statements_down(true).await;
    let from = server.log().len();
    http::send_all(site.all.base, vec![vec![request(site, SAMPLE, 1)]], 303).await;
    server.write_statements_down(false).await;
    let asked = pgbench::asked(server, &site.portal_url, from);
    eprintln!("  one submission is {} statements", asked.len());
    Script::of_own(&asked, SAMPLE)
}
