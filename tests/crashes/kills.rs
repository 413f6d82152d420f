//! The runs: both sides killed in turn by chance, on either database; PostgreSQL itself; and the whole demo.

use super::application::ANNA;
use super::browser::Browser;
use super::chance::{Chance, kills};
use super::demo::{Demo, legitimate};
use super::installation::{Installation, Process};
use super::ledger::{Places, assert_receipt};
use super::load::{self, Board, Left, Told};
use super::resident::Resident;
use super::server::Server;
use super::services::{Service, send_in};
use super::{handler, logs};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Submissions in an ordinary run.
const SUBMISSIONS: usize = 200;
/// Kills in an ordinary run.
const KILLS: u64 = 8;

/// Portal and desk, each a process, and what is killed next.
struct Sides<'a> {
    all: &'a Installation,
    portal: Process,
    desk: Process,
}

impl<'a> Sides<'a> {
    async fn start(all: &'a Installation) -> Self {
        Sides { all, portal: all.start_portal().await, desk: all.start_desk().await }
    }

    /// One of the two at once, and started again at once: it may be killed anew before it is ready.
    fn kill_one(&mut self, chance: &Chance) {
        let all = self.all;
        let (side, again): (_, fn(&Installation) -> Process) = match chance.below(2) {
            0 => (&mut self.portal, Installation::launch_portal),
            _ => (&mut self.desk, Installation::launch_desk),
        };
        assert!(side.is_running(), "{} has ended by itself:\n{}", side.name, all.log());
        side.kill();
        *side = again(all);
    }
}

/// Residents send while `killing` goes on. What they were told, what they left, and what the handler began.
async fn under_load(
    portal: &str,
    desk: &str,
    wanted: usize,
    chance: &Chance,
    killing: impl Future<Output = ()>,
) -> (Vec<Told>, Vec<Left>, Vec<String>) {
    let (board, begun) = (Arc::new(Board::default()), Instant::now());
    let handler = tokio::spawn(handler::run(board.clone(), desk.to_owned(), Resident::new(chance.branch())));
    let killing = async {
        killing.await;
        board.calm.store(true, Ordering::SeqCst);
    };
    let (left, ()) = tokio::join!(load::run(&board, portal, wanted, chance), killing);
    let references = handler.await.unwrap();
    let told = board.told.lock().unwrap().clone();
    let preschool = told.iter().filter(|t| t.service == Service::Preschool).count();
    println!("{} sent in, {preschool} of them logged in, in {:.1} s", told.len(), begun.elapsed().as_secs_f32());
    (told, left, references)
}

/// Everything that anybody was told is true.
async fn hold(places: &Places, portal: &str, (mut told, left, begun): (Vec<Told>, Vec<Left>, Vec<String>)) {
    // What was left at its review is still there, and can be sent.
    for Left { mut resident, address, mark } in left {
        resident.open(&address).await;
        resident.browser.see(&mark);
        if told.len() % 4 == 0 {
            let mail = format!("boende-{}@example.se", mark.split_whitespace().nth(2).unwrap());
            told.push(Told { reference: send_in(&mut resident).await, mail, service: Service::Opinion });
        }
    }
    places.drained().await;
    places.check(&told).await;
    let mut anna = Browser::new();
    anna.open(&format!("{portal}/mina-sidor")).await;
    legitimate(&mut anna, ANNA).await;
    assert!(!begun.is_empty(), "the handler has begun errands");
    handler::read_by(&mut anna, portal, &begun).await;
    let hers = told.iter().filter(|t| t.service == Service::Preschool);
    for Told { reference, .. } in hers.step_by(10) {
        anna.open(&format!("{portal}/mina-sidor/arenden/{reference}")).await;
        let link = anna.attribute("a[href*='/dokument/']", "href").expect("a link to the receipt");
        anna.open(&link).await;
        anna.expect_status(200);
        assert_receipt(anna.bytes(), reference);
    }
}

pub fn places_of(all: &Installation) -> Places {
    let at = |key: &str| all.environment[&format!("KOMMUNPORTAL__{key}")].clone();
    Places {
        portal: at("PORTAL__DATABASE_URL"),
        desk: at("DESK__DATABASE_URL"),
        portal_files: at("PORTAL__BLOBS_URL").strip_prefix("file:").unwrap().into(),
        desk_files: at("DESK__BLOBS_URL").strip_prefix("file:").unwrap().into(),
        mailbox: all.at(4),
    }
}

/// A target that may be away as often as it is killed here is not given up.
pub fn be_patient(all: &mut Installation) {
    all.set("TARGETS__CASTOR__RETRY_AFTER", &["1"; 100].join(","));
}

async fn both_sides(mut all: Installation, what: &str, server: Option<&Server>) {
    let chance = Chance::new(what);
    be_patient(&mut all);
    all.migrate();
    all.employ();
    let _simulators = all.start_simulators().await;
    let mut sides = Sides::start(&all).await;
    let (number, killer) = (kills(KILLS), chance.branch());
    let killing = async {
        for n in 0..number {
            tokio::time::sleep(Duration::from_millis(200) + killer.pause(1800)).await;
            sides.kill_one(&killer);
            if let Some(server) = server.filter(|_| n % 20 == number.min(20) / 2) {
                // The processes that are just starting would give up without it: they are let in first.
                all.wait_until_ready().await;
                tokio::time::sleep(killer.pause(500)).await;
                server.kill();
                tokio::time::sleep(killer.pause(1000)).await;
                server.start_again();
            }
        }
    };
    let seen = under_load(&all.at(0), &all.at(1), SUBMISSIONS, &chance, killing).await;
    hold(&places_of(&all), &all.at(0), seen).await;
    assert!(sides.portal.is_running() && sides.desk.is_running());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_nothing_acknowledged_is_lost_or_registered_twice_whenever_either_side_is_killed() {
    both_sides(Installation::on_files(), "SQLite", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_same_holds_and_the_database_is_killed_as_well() {
    let server = Server::durable();
    let all = Installation::new(&server.database("portal"), &server.database("desk"));
    both_sides(all, "PostgreSQL", Some(&server)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_holds_when_everything_is_one_process_and_that_is_killed() {
    let chance = Chance::new("the whole demo");
    let mut demo = Demo::start().await;
    let data = demo.data();
    let places = Places {
        portal: format!("sqlite:{}", data.join("portal.db").display()),
        desk: format!("sqlite:{}", data.join("desk.db").display()),
        portal_files: data.join("portal-files"),
        desk_files: data.join("desk-files"),
        mailbox: demo.at(4),
    };
    let (portal, desk, killer) = (demo.at(0), demo.at(1), chance.branch());
    let killing = async {
        for _ in 0..kills(KILLS).div_ceil(2) {
            tokio::time::sleep(Duration::from_millis(300) + killer.pause(2500)).await;
            demo.kill_and_start_again().await;
        }
    };
    let seen = under_load(&portal, &desk, SUBMISSIONS / 2, &chance, killing).await;
    hold(&places, &portal, seen).await;
    logs::assert_clean(&demo.log(), &[]);
}
