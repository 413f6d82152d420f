//! The limits that are promised, measured on this machine and printed as tables that `docs/performance.md` can take.
//!
//! ```text
//! cargo bench                              everything, in less than ten minutes after the build
//! cargo bench -- --cases 1000000           growth up to a million cases (default 100 000)
//! cargo bench -- --only submit             one part: footprint, submit, my-pages, journey, exchange, backlog, growth; several by comma
//! cargo bench -- --database sqlite         one database
//! ```
//!
//! Nothing has to be prepared but what `scripts/setup-tests` installs. Every number beside a limit is a ratio, or a size,
//! within this run: load generator, product and database share the machine, on both sides of a ratio. A limit that is
//! missed is marked as missed and is no fault of the run; the exit code is 1 only when something could not be measured.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "as in the tests, whose support it shares: what cannot be measured stops the run"
)]

#[path = "../../tests/journeys/application.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod application;
#[path = "../../tests/support/back_office.rs"]
mod back_office;
#[path = "../../tests/support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
#[path = "../../tests/support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../../tests/support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
#[path = "../../tests/support/installation.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod installation;
#[path = "../../tests/support/logs.rs"]
mod logs;

mod backlog;
mod exchange;
mod footprint;
mod growth;
mod http;
mod journey;
mod machine;
mod my_pages;
mod pgbench;
mod postgres;
mod process;
mod report;
mod seed;
mod site;
mod submit;

use report::Table;
use site::Engine;
use std::time::Instant;

/// What the command line asks for.
struct Wish {
    cases: u64,
    only: Vec<String>,
    engines: Vec<Engine>,
}

impl Wish {
    fn read() -> Result<Self, String> {
        let mut wish = Wish { cases: 100_000, only: Vec::new(), engines: vec![Engine::Sqlite, Engine::Postgres] };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} lacks its value"));
            match argument.as_str() {
                // From cargo.
                "--bench" => {}
                "--cases" => wish.cases = value()?.replace('_', "").parse().map_err(|e| format!("--cases: {e}"))?,
                "--only" => wish.only = value()?.split(',').map(str::to_owned).collect(),
                "--database" => {
                    wish.engines = match value()?.as_str() {
                        "sqlite" => vec![Engine::Sqlite],
                        "postgres" => vec![Engine::Postgres],
                        other => return Err(format!("--database: {other} is neither sqlite nor postgres")),
                    }
                }
                other => return Err(format!("{other} is not known: --cases N, --only PART,…, --database NAME")),
            }
        }
        let parts = ["footprint", "submit", "my-pages", "journey", "exchange", "backlog", "growth"];
        match wish.only.iter().find(|part| !parts.contains(&part.as_str())) {
            Some(other) => Err(format!("--only: {other} is none of {}", parts.join(", "))),
            None if wish.cases < 2000 => Err("--cases: at least 2000".to_owned()),
            None => Ok(wish),
        }
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|p| p == part)
    }
}

fn main() {
    let wish = match Wish::read() {
        Ok(wish) => wish,
        Err(why) => {
            eprintln!("{why}");
            std::process::exit(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let begun = Instant::now();
    println!("{}", machine::described());
    let server = wish.engines.contains(&Engine::Postgres).then(postgres::Server::start);
    for engine in &wish.engines {
        let table = runtime.block_on(measure(*engine, &wish, server.as_ref()));
        println!("\n{}", table.markdown());
    }
    println!("\nMeasured in {} s. {}", begun.elapsed().as_secs(), machine::load());
}

async fn measure(engine: Engine, wish: &Wish, server: Option<&postgres::Server>) -> Table {
    let mut table = Table::new(engine);
    let part = |name: &str| {
        let wanted = wish.wants(name);
        if wanted {
            eprintln!("[{} {name}] {}", engine.name(), machine::load());
        }
        wanted
    };
    if part("footprint") {
        footprint::measure(&mut table, engine, server).await;
    }
    if part("submit") {
        submit::measure(&mut table, engine, server).await;
    }
    if part("my-pages") {
        my_pages::measure(&mut table, engine, server).await;
    }
    if part("journey") {
        journey::measure(&mut table, engine, server).await;
    }
    if part("exchange") {
        exchange::measure(&mut table, engine, server).await;
    }
    if part("backlog") {
        backlog::measure(&mut table, engine, server).await;
    }
    if part("growth") {
        growth::measure(&mut table, engine, server, wish.cases).await;
    }
    table
}
