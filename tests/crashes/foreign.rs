//! The same promise where the receiver is another maker's: it is killed too, answers late, twice, wrongly or not at all,
//! and still everything is with it exactly once. And where the portal is several processes on one database.

use super::application::ANNA;
use super::chance::{Chance, kills};
use super::installation::{Balancer, Installation, Process, client};
use super::kills::{be_patient, places_of};
use super::ledger::{Places, pairs};
use super::load::{self, Board, Told};
use super::receiver::Receiver;
use super::resident::Resident;
use super::server::Server;
use super::services::Service;
use kommunportal::contract::FeedPage;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Rounds in an ordinary run: in each, one of the processes is killed.
const ROUNDS: u64 = 12;
const SUBMISSIONS: usize = 80;
/// So many messages she sends at least.
const MESSAGES: usize = 12;

type Launch = Box<dyn Fn(&Installation) -> Process>;

/// The processes that may be killed, each with how it is started again.
struct Processes<'a> {
    all: &'a Installation,
    running: Vec<(Process, Launch)>,
}

impl<'a> Processes<'a> {
    fn start(all: &'a Installation, launches: Vec<Launch>) -> Self {
        let running = launches.into_iter().map(|launch| (launch(all), launch)).collect();
        Processes { all, running }
    }

    fn kill_one(&mut self, chance: &Chance) {
        let at = usize::try_from(chance.below(self.running.len() as u64)).unwrap();
        let (process, launch) = &mut self.running[at];
        assert!(process.is_running(), "{} has ended by itself:\n{}", process.name, self.all.log());
        process.kill();
        *process = launch(self.all);
    }
}

/// Has things happen in the cases that the receiver has, until it is calm.
async fn officer(board: Arc<Board>, portal: String, receiver: Arc<Receiver>, chance: Chance) {
    loop {
        let sql = "SELECT external_case_id AS a, id AS b FROM cases WHERE external_case_id IS NOT NULL ORDER BY 1";
        let cases = pairs(&portal, sql);
        if !cases.is_empty() {
            let (external, _) = &cases[usize::try_from(chance.below(cases.len() as u64)).unwrap()];
            receiver.act(["status", "message", "status"][usize::try_from(chance.below(3)).unwrap()], external).await;
            if board.calm.load(Ordering::SeqCst) {
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(100) + chance.pause(300)).await;
    }
}

/// Anna writes in her cases until it is calm. How often she was told that it was sent.
async fn writer(board: Arc<Board>, portal: String, mut anna: Resident) -> usize {
    anna.log_in(&format!("{portal}/mina-sidor"), ANNA).await;
    let (mut sent, mut nth) = (0, 0);
    while !board.calm.load(Ordering::SeqCst) || sent < MESSAGES {
        let hers = |t: &&Told| t.service == Service::Preschool;
        let references: Vec<String> =
            board.told.lock().unwrap().iter().filter(hers).map(|t| t.reference.clone()).collect();
        // The first of them, so that several are sent in one case.
        if let Some(reference) = references.get(nth % references.len().clamp(1, 3)) {
            anna.open(&format!("{portal}/mina-sidor/arenden/{reference}")).await;
            nth += 1;
            anna.press("Skicka", |b| b.form("/meddelanden").fill("text", &format!("Uppgift nummer {nth}"))).await;
            sent += usize::from(anna.browser.text().contains("Ditt meddelande är skickat."));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    sent
}

/// Residents, Anna's messages and the officer, while `killing` goes on.
async fn under_load(
    all: &Installation,
    receiver: &Arc<Receiver>,
    chance: &Chance,
    killing: impl Future<Output = ()>,
) -> Vec<Told> {
    let (board, places) = (Arc::new(Board::default()), places_of(all));
    let officer = tokio::spawn(officer(board.clone(), places.portal, receiver.clone(), chance.branch()));
    let writer = tokio::spawn(writer(board.clone(), all.at(0), Resident::new(chance.branch())));
    let killing = async {
        killing.await;
        receiver.be_well().await;
        board.calm.store(true, Ordering::SeqCst);
    };
    let portal = all.at(0);
    tokio::join!(load::run(&board, &portal, SUBMISSIONS, chance), killing);
    officer.await.unwrap();
    println!("{} messages are said to be sent", writer.await.unwrap());
    let told = board.told.lock().unwrap().clone();
    println!("{} submissions are acknowledged", told.len());
    told
}

/// Everything that anybody was told is true, at the portal and at the receiver.
async fn hold(all: &Installation, receiver: &Receiver, told: &[Told]) {
    let places = places_of(all);
    places.portal_drained().await;
    let journal = receiver.settled(all).await;
    places.portal_drained().await;
    let events: BTreeSet<(String, String)> = journal.events.iter().map(|(id, _)| (id.clone(), String::new())).collect();
    assert_eq!(events.len(), journal.events.len(), "an event was given an id twice");
    places.events_came(&events.into_iter().collect::<Vec<_>>());
    let said = journal.events.iter().filter(|(_, kind)| kind.ends_with(".message_sent")).count();
    let sql = "SELECT id AS a, external_id AS b FROM case_messages WHERE direction = 'to_resident'";
    assert_eq!(pairs(&places.portal, sql).len(), said, "every message of the receiver is there once");
    cases_are_there_once(&places, receiver, told).await;
    let sent = pairs(&places.portal, "SELECT id AS a, case_id AS b FROM deliveries ORDER BY 2, 1");
    let mut taken: Vec<(String, String)> =
        journal.deliveries.iter().map(|(id, case, _)| (id.clone(), case.clone())).collect();
    // The sort is stable: within a case it stays as it was taken in.
    taken.sort_by(|(_, one), (_, other)| one.cmp(other));
    assert_eq!(taken, sent, "every delivery was taken in once, those of a case in their order");
    places.drafts_are_sent();
    places.letters_came(told).await;
    println!("{} deliveries and {} events, each exactly once", sent.len(), journal.events.len());
}

async fn cases_are_there_once(places: &Places, receiver: &Receiver, told: &[Told]) {
    let mut wanted: Vec<String> = told.iter().map(|t| t.reference.clone()).collect();
    wanted.sort_unstable();
    let cases = pairs(&places.portal, "SELECT reference AS a, id AS b FROM cases ORDER BY 1");
    let known: Vec<String> = cases.iter().map(|(reference, _)| reference.clone()).collect();
    assert_eq!(known, wanted, "what was acknowledged, once each, and no more");
    let errands = receiver.cases().await;
    assert!(errands.values().all(|n| *n == 1), "a case was registered twice: {errands:?}");
    let registered: BTreeSet<&String> = errands.keys().collect();
    assert_eq!(registered, cases.iter().map(|(_, id)| id).collect(), "the receiver has each of them");
    let sql = "SELECT d.id AS a, COALESCE(c.diary_number, '') AS b FROM deliveries d \
               JOIN cases c ON c.id = d.case_id WHERE d.kind = 'submission'";
    let mut numbers = BTreeSet::new();
    for (delivery, number) in pairs(&places.portal, sql) {
        assert_eq!(receiver.diary_number(&delivery).await, number, "the number that the portal shows");
        numbers.insert(number);
    }
    assert_eq!(numbers.len(), cases.len(), "each case has a number of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_of_another_maker_has_everything_once_though_it_and_the_portal_are_killed_and_it_answers_badly() {
    let chance = Chance::new("another maker's receiver");
    let mut all = Installation::on_files();
    be_patient(&mut all);
    all.migrate();
    let _simulators = all.start_simulators().await;
    let receiver = Arc::new(Receiver::of(&mut all));
    let again = receiver.clone();
    let launches: Vec<Launch> =
        vec![Box::new(Installation::launch_portal), Box::new(move |all: &Installation| again.launch(all))];
    let mut processes = Processes::start(&all, launches);
    let (rounds, killer) = (kills(ROUNDS), chance.branch());
    let killing = async {
        receiver.wait_until_ready().await;
        for _ in 0..rounds {
            receiver.be_odd(&killer).await;
            tokio::time::sleep(Duration::from_millis(200) + killer.pause(1300)).await;
            processes.kill_one(&killer);
        }
    };
    let told = under_load(&all, &receiver, &chance, killing).await;
    println!("{rounds} rounds");
    hold(&all, &receiver, &told).await;
}

/// Reads the feed as a receiver does that is not called, until it is told to stop. Ids by position.
async fn reader(portal: String, token: String, stop: Arc<std::sync::atomic::AtomicBool>) -> Vec<(String, String)> {
    let (mut seen, mut offset) = (Vec::new(), 0);
    loop {
        let is_last = stop.load(Ordering::SeqCst);
        let address = format!("{portal}/integration/v1/outbox/events?offset={offset}&limit=3");
        let page = async { client().get(address).bearer_auth(&token).send().await.ok()?.json::<FeedPage>().await.ok() };
        let page = page.await;
        for one in page.iter().flat_map(|p| &p.events) {
            assert!(one.position > offset, "{} after {offset}", one.position);
            offset = one.position;
            seen.push((one.event.id.clone(), one.position.to_string()));
        }
        if is_last && page.is_some_and(|p| !p.page.has_more) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_holds_for_two_portals_and_two_workers_on_one_postgres_and_no_reader_of_the_feed_misses_anything() {
    let chance = Chance::new("two portals and two workers");
    let server = Server::durable();
    let mut all = Installation::new(&server.database("portal"), "sqlite:unused");
    be_patient(&mut all);
    all.run_well(&["migrate", "portal"]);
    let _simulators = all.start_simulators().await;
    let receiver = Arc::new(Receiver::of(&mut all));
    let on = |offset: u16| format!("127.0.0.1:{}", all.second + offset);
    let portal = |name: &'static str, bind: String, administration: String, ops: String| -> Launch {
        Box::new(move |all: &Installation| {
            let more = [
                ("PORTAL__BIND", bind.clone()),
                ("ADMINISTRATION__BIND", administration.clone()),
                ("OPS__BIND", ops.clone()),
            ];
            all.launch(name, &["serve", "portal", "--no-worker"], &more)
        })
    };
    let worker = |name: &'static str, ops: String| -> Launch {
        Box::new(move |all: &Installation| all.launch(name, &["worker", "portal"], &[("OPS__BIND", ops.clone())]))
    };
    let again = receiver.clone();
    let launches = vec![
        portal("portal-a", on(0), on(2), on(3)),
        portal("portal-b", on(1), on(4), on(5)),
        worker("worker-a", on(6)),
        worker("worker-b", on(7)),
        Box::new(move |all: &Installation| again.launch(all)),
    ];
    let mut processes = Processes::start(&all, launches);
    let door = Balancer::start(all.base, all.second).await;
    let (rounds, killer) = (kills(ROUNDS), chance.branch());
    let stop = Arc::new(std::sync::atomic::AtomicBool::default());
    let token = all.environment["KOMMUNPORTAL__TARGETS__CASTOR__TOKEN"].clone();
    let reading = tokio::spawn(reader(all.at(0), token, stop.clone()));
    let killing = async {
        receiver.wait_until_ready().await;
        for n in 0..rounds {
            receiver.be_odd(&killer).await;
            tokio::time::sleep(Duration::from_millis(200) + killer.pause(1300)).await;
            processes.kill_one(&killer);
            door.turn_to(all.second + u16::from(n % 2 == 0)).await;
        }
    };
    let told = under_load(&all, &receiver, &chance, killing).await;
    println!("{rounds} rounds");
    hold(&all, &receiver, &told).await;
    stop.store(true, Ordering::SeqCst);
    let seen = reading.await.unwrap();
    let sql = "SELECT id AS a, COALESCE(position, 0)::text AS b FROM notices ORDER BY position";
    let notices = pairs(&places_of(&all).portal, sql);
    assert!(notices.len() >= MESSAGES, "Anna has written: {notices:?}");
    assert_eq!(seen, notices, "the reader has seen every notice, once and in order");
    println!("{} notices read in order", seen.len());
}
