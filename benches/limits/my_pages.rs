//! Mina sidor with twenty cases over HTTP, against the same page rendered by Tera from memory, and on PostgreSQL against
//! pgbench on the page's statements.

use super::http;
use super::pgbench::{self, Script};
use super::postgres::Server;
use super::process::{Watch, cpu};
use super::report::{Limit, Table, median, number};
use super::seed::{CASES, token};
use super::site::{CONNECTIONS, Engine, ROUNDS, Site, TURN};
use actix_web::FromRequest;
use actix_web::test::TestRequest;
use kommunportal::portal::App;
use kommunportal::portal::identity::LoggedIn;
use kommunportal::portal::my_pages::overview_values;
use kommunportal::vocabulary::Lang;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

pub const PATH: &str = "/mina-sidor";

pub async fn measure(table: &mut Table, engine: Engine, server: Option<&Server>) {
    let site = Site::new(engine, server, "mina_sidor");
    let portal = site.portal_alone().await;
    let people = 0..CONNECTIONS as u64;
    site.people(people.clone());
    site.cases_of(people.clone());
    site.settle();
    let port = site.all.base;
    let requests: Vec<Vec<u8>> = people.map(|p| http::get(port, PATH, &format!("kp_session={}", token(p)))).collect();
    let script = match server {
        Some(server) if engine == Engine::Postgres => Some(sample(&site, server, &requests[0]).await),
        _ => None,
    };
    let app = site.app();
    let context = Arc::new(context(&site, &app).await);
    let page = app.ground.renderer.render(Lang::SWEDISH, TEMPLATE, context.as_ref()).unwrap();
    let served = whole(port).await;
    check_same(&page, &served);

    let watch = Watch::begin(portal.id());
    let (mut https, mut memory, mut benches) = (Vec::new(), Vec::new(), Vec::new());
    let mut spent = Vec::new();
    for _ in 0..ROUNDS {
        let before = cpu(portal.id());
        let rate = http::repeat(port, requests.clone(), TURN).await;
        spent.push((cpu(portal.id()) - before) / (rate * TURN.as_secs_f64()));
        https.push(rate);
        memory.push(tokio::task::block_in_place(|| from_memory(&app, &context)));
        if let Some(script) = &script {
            let seconds = TURN.as_secs().to_string();
            benches.push(tokio::task::block_in_place(|| script.run(&site.portal_url, &["-T".into(), seconds], 0)));
        }
    }
    let most = watch.end();
    let ratio = |others: &[f64]| {
        median(&https.iter().zip(others).map(|(http, other)| 100.0 * http / other).collect::<Vec<f64>>())
    };
    let against = |what: &str, others: &[f64]| {
        format!("{} against {} {what} a second", number(median(&https)), number(median(others)))
    };
    let how = format!(
        "{CONNECTIONS} connections as {CONNECTIONS} people with {CASES} cases each, compressed as browsers ask for it, \
         {ROUNDS} turns of {} s each by turns, median of the ratios",
        TURN.as_secs()
    );
    let limit = if engine == Engine::Sqlite { Limit::AtLeast(25.0) } else { Limit::Told };
    table.add(
        &format!("Mina sidor with {CASES} cases over HTTP, of the page rendered from memory"),
        limit,
        ratio(&memory),
        "%",
        &against("pages", &memory),
        &format!(
            "{how}; the other side: Tera with the same values, a thread for each core, nothing read or compressed"
        ),
    );
    if engine == Engine::Postgres {
        table.add(
            &format!("Mina sidor with {CASES} cases over HTTP, of pgbench on its statements"),
            Limit::AtLeast(50.0),
            ratio(&benches),
            "%",
            &against("transactions", &benches),
            &format!("{how}; the other side: what one such request asks, prepared, {CONNECTIONS} clients, 2 threads"),
        );
    }
    let cpu_how = "processor time of the portal's process, from /proc/<pid>/task/*/schedstat";
    table.add("Portal's CPU for one Mina sidor", Limit::Told, median(&spent), "ms", "", cpu_how);
    let memory_how = "most RssAnon of `serve portal` in /proc/<pid>/status, looked at every 50 ms";
    table.add("Memory while Mina sidor is read", Limit::AtMost(60.0), most, "MiB", "", memory_how);
}

const TEMPLATE: &str = "portal/my-pages.html";

/// What the template sees of the first person's page.
async fn context(site: &Site, app: &Arc<App>) -> Value {
    let request = TestRequest::get()
        .uri(PATH)
        .insert_header(("host", format!("localhost:{}", site.all.base)))
        .insert_header(("cookie", format!("kp_session={}", token(0))))
        .app_data(app.ground.clone())
        .to_http_request();
    let who = LoggedIn::from_request(&request, &mut actix_web::dev::Payload::None).await;
    let who = who.unwrap_or_else(|_| panic!("the person is not logged in"));
    let values = overview_values(app, &who, None).await.unwrap_or_else(|_| panic!("the page could not be read"));
    who.visit.framed("my-pages", values).unwrap_or_else(|_| panic!("the page has no frame"))
}

/// The page as it is served, not compressed.
async fn whole(port: u16) -> String {
    let request = format!("GET {PATH} HTTP/1.1\r\nhost: localhost:{port}\r\ncookie: kp_session={}\r\n\r\n", token(0));
    let answer = http::Connection::open(port).await.ask(request.as_bytes()).await;
    String::from_utf8(answer.body).unwrap()
}

/// But for the form token and the request's id, which are new each time, both are the same page.
fn check_same(rendered: &str, served: &str) {
    let differ = rendered.lines().zip(served.lines()).filter(|(a, b)| a != b).count();
    assert_eq!(rendered.lines().count(), served.lines().count(), "the page from memory is another page");
    assert!(differ <= 4, "{differ} lines of the page from memory are others than those served");
    assert_eq!(served.matches("class=\"card\"").count(), CASES, "cases on the page");
}

/// Pages in each second.
fn from_memory(app: &Arc<App>, context: &Arc<Value>) -> f64 {
    let (counted, begun) = (AtomicU64::new(0), Instant::now());
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while begun.elapsed() < TURN {
                    let page = app.ground.renderer.render(Lang::SWEDISH, TEMPLATE, context.as_ref()).unwrap();
                    assert!(page.len() > 1000);
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    counted.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// What PostgreSQL is asked for one such page.
async fn sample(site: &Site, server: &Server, request: &[u8]) -> Script {
    http::send_all(site.all.base, vec![vec![request.to_vec(); 20]], 200).await;
    server.write_statements_down(true).await;
    let from = server.log().len();
    http::send_all(site.all.base, vec![vec![request.to_vec()]], 200).await;
    server.write_statements_down(false).await;
    let asked = pgbench::asked(server, &site.portal_url, from);
    eprintln!("  one page is {} statements", asked.len());
    Script::same(&asked)
}
