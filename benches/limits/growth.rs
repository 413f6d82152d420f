//! What a page costs with few cases and with many: two installations side by side that differ in the crowd alone, asked
//! by turns, so that whatever else the machine does meets both.

use super::http::{self, Connection};
use super::installation::Process;
use super::my_pages::PATH;
use super::postgres::Server;
use super::report::{Limit, Table, median, number};
use super::seed::token;
use super::site::{Engine, Site};
use std::time::Instant;

/// The smaller crowd.
const FEW: u64 = 1000;
/// Turns, and requests in each.
const TURNS: usize = 30;
const REQUESTS: usize = 20;

/// One of the two.
struct Side {
    portal: Connection,
    desk: Connection,
    my_pages: Vec<u8>,
    inbox: Vec<u8>,
    _processes: [Process; 2],
    site: Site,
}

impl Side {
    async fn new(engine: Engine, server: Option<&Server>, name: &str, cases: u64) -> Self {
        let site = Site::new(engine, server, name);
        site.people(0..1);
        site.cases_of(0..1);
        site.crowd(cases);
        site.errands(cases);
        let handler = site.handler();
        site.settle();
        let processes = [site.portal_alone().await, site.all.start_desk().await];
        let (portal, desk) = (site.all.base, site.all.base + 1);
        let mut side = Side {
            portal: Connection::open(portal).await,
            desk: Connection::open(desk).await,
            my_pages: http::get(portal, PATH, &format!("kp_session={}", token(0))),
            inbox: http::get(desk, "/inkorg", &format!("kp_desk={handler}")),
            _processes: processes,
            site,
        };
        for _ in 0..REQUESTS {
            side.my_pages().await;
            side.inbox().await;
        }
        side
    }

    /// A server closes what has been idle while the other side had its turn.
    async fn connect(&mut self) {
        self.portal = Connection::open(self.site.all.base).await;
        self.desk = Connection::open(self.site.all.base + 1).await;
    }

    async fn my_pages(&mut self) -> f64 {
        time(&mut self.portal, &self.my_pages).await
    }

    async fn inbox(&mut self) -> f64 {
        time(&mut self.desk, &self.inbox).await
    }
}

/// Milliseconds of one request.
async fn time(connection: &mut Connection, request: &[u8]) -> f64 {
    let begun = Instant::now();
    let answer = connection.ask(request).await;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    assert_eq!(answer.status, 200, "{}", answer.head);
    took
}

pub async fn measure(table: &mut Table, engine: Engine, server: Option<&Server>, cases: u64) {
    let mut few = Side::new(engine, server, "few", FEW).await;
    let mut many = Side::new(engine, server, "many", cases).await;
    let (mut pages, mut inboxes) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for _ in 0..TURNS {
        for (n, side) in [&mut few, &mut many].into_iter().enumerate() {
            side.connect().await;
            for _ in 0..REQUESTS {
                pages[n].push(side.my_pages().await);
            }
            for _ in 0..REQUESTS {
                inboxes[n].push(side.inbox().await);
            }
        }
    }
    let how = format!(
        "median of {} requests one by one on one connection, by turns with an installation of {} cases; {} cases with an \
         event each, a tenth as many drafts, as many errands in ten units, a quarter of them open, filled in with \
         `INSERT … SELECT`",
        TURNS * REQUESTS,
        number(FEW as f64),
        number(cases as f64),
    );
    for (what, times) in [("Mina sidor", &pages), ("The desk's inbox", &inboxes)] {
        let (small, large) = (median(&times[0]), median(&times[1]));
        let name = format!("{what} with {} cases, of the same with {}", number(cases as f64), number(FEW as f64));
        let more = format!("{} against {} ms", number(large), number(small));
        table.add(&name, Limit::Between(85.0, 115.0), 100.0 * large / small, "%", &more, &how);
    }
}
