//! One application over two portals, a worker, the desk and the simulators, each a process; and what a kill leaves.

use super::application::{ANNA, SERVICE, fill_in, go_on, how_we_reach_her, needs, send_in, when_and_where};
use super::browser::Browser;
use super::databases::Database;
use super::demo::{Demo, legitimate, reload_until};
use super::installation::{Balancer, Installation};

const MAIL: &str = "anna.akesson@example.se";
const KARIN: &str = "kaso01@2120009911";

async fn leave_an_address(settings: &str, anna: &mut Browser) {
    anna.open(settings).await;
    let form = anna.form("/mina-sidor/installningar").fill("E-postadress", MAIL);
    anna.submit(form, "Spara").await;
    anna.see("Dina inställningar är sparade.");
}

async fn logged_in(address: &str, person: &str) -> Browser {
    let mut browser = Browser::new();
    browser.open(address).await;
    legitimate(&mut browser, person).await;
    browser
}

/// The receipt is there and is a PDF.
async fn read_receipt(anna: &mut Browser, case: &str) {
    reload_until(anna, case, "Kvitto PDF").await;
    let link = anna.attribute("a[href*='/dokument/']", "href").expect("a link to the receipt");
    anna.open(&link).await;
    assert!(anna.bytes().starts_with(b"%PDF"), "{}", anna.text());
}

/// How many errands the inbox shows.
fn errands(karin: &Browser) -> usize {
    karin.source().matches("href=\"/arenden/").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_begun_at_one_portal_is_sent_in_at_another_and_answered_from_the_desk() {
    let (portal, desk) = (Database::postgres(), Database::postgres());
    let mut all = Installation::new(&portal.url, &desk.url);
    let (a, b) = (all.second, all.second + 1);
    let on = |port: u16| format!("127.0.0.1:{port}");
    all.set("PORTAL__BIND", &on(a));
    all.migrate();
    all.employ();
    let _simulators = all.start_simulators().await;
    let ops_a = format!("{}/health/ready", all.at(7));
    let _portal_a = all.start("portal-a", &["serve", "portal", "--no-worker"], &[], &ops_a).await;
    let more =
        [("PORTAL__BIND", on(b)), ("ADMINISTRATION__BIND", on(all.second + 2)), ("OPS__BIND", on(all.second + 3))];
    let ready = format!("http://{}/health/ready", on(all.second + 3));
    let _portal_b = all.start("portal-b", &["serve", "portal"], &more, &ready).await;
    let more = [("OPS__BIND", on(all.second + 4))];
    let ready = format!("http://{}/health/ready", on(all.second + 4));
    let _worker = all.start("worker", &["worker", "portal"], &more, &ready).await;
    let _desk = all.start_desk().await;
    let door = Balancer::start(all.base, a).await;

    let mut anna = logged_in(&all.portal("/mina-sidor"), ANNA).await;
    leave_an_address(&all.portal("/mina-sidor/installningar"), &mut anna).await;
    anna.open(&all.portal(&format!("{SERVICE}/fyll-i"))).await;
    let form = anna.form_with("Fortsätt");
    go_on(&mut anna, form).await;
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    go_on(&mut anna, form).await;
    // The page that she has open was made by A; B takes its form.
    door.turn_to(b).await;
    when_and_where(&mut anna).await;
    door.turn_to(a).await;
    needs(&mut anna).await;
    door.turn_to(b).await;
    how_we_reach_her(&mut anna).await;
    let reference = send_in(&mut anna).await;
    door.turn_to(a).await;

    let case = all.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case, "Ärendet är registrerat").await;
    read_receipt(&mut anna, &case).await;
    let letters = all.wait_for_letters(MAIL, 1).await;
    assert!(letters[0]["text"].as_str().unwrap().contains(&reference));

    let mut karin = logged_in(&all.desk("/inkorg"), KARIN).await;
    reload_until(&mut karin, &all.desk("/inkorg"), "BUN 20").await;
    assert_eq!(errands(&karin), 1, "registered once:\n{}", karin.text());
    let errand = karin.attribute("a[href^='/arenden/']", "href").unwrap();
    karin.open(&errand).await;
    let form = karin.form("/ta");
    karin.submit(form, "Ta ärendet").await;
    let form = karin.form("/status").choose("Ny status", "Under handläggning");
    karin.submit(form, "Byt status").await;
    door.turn_to(b).await;
    reload_until(&mut anna, &case, "Under handläggning").await;
    // Two workers on one queue: the receipt is mailed once.
    let letters = all.wait_for_letters(MAIL, 1).await;
    let subject = letters.last().unwrap()["subject"].clone();
    assert_eq!(letters.iter().filter(|l| l["subject"] == subject).count(), 1, "{letters:?}");
    let cookies = ["kp_session", "kp_desk"].map(|name| {
        let of = if name == "kp_desk" { &karin } else { &anna };
        of.cookie("localhost", name).unwrap_or_default().to_owned()
    });
    assert!(cookies.iter().all(|c| c.len() > 16), "the browsers are logged in");
    all.assert_clean_logs(&cookies);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_portal_killed_after_its_answer_has_lost_nothing_and_sends_nothing_twice() {
    let (portal, desk) = (Database::postgres(), Database::postgres());
    let all = Installation::new(&portal.url, &desk.url);
    all.migrate();
    all.employ();
    let _simulators = all.start_simulators().await;
    let mut process = all.start_portal().await;
    let _desk = all.start_desk().await;
    let mut anna = logged_in(&all.portal("/mina-sidor"), ANNA).await;
    leave_an_address(&all.portal("/mina-sidor/installningar"), &mut anna).await;
    anna.open(&all.portal(&format!("{SERVICE}/fyll-i"))).await;
    let form = anna.form_with("Fortsätt");
    go_on(&mut anna, form).await;
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    go_on(&mut anna, form).await;
    when_and_where(&mut anna).await;
    needs(&mut anna).await;
    how_we_reach_her(&mut anna).await;
    let reference = send_in(&mut anna).await;
    process.kill();
    let _again = all.start_portal().await;
    let case = all.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case, "Ärendet är registrerat").await;
    read_receipt(&mut anna, &case).await;
    assert!(all.wait_for_letters(MAIL, 1).await[0].to_string().contains(&reference));
    let karin = logged_in(&all.desk("/inkorg"), KARIN).await;
    assert_eq!(errands(&karin), 1, "registered once:\n{}", karin.text());
    all.assert_clean_logs(&[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_demo_killed_after_its_answer_has_lost_nothing_and_sends_nothing_twice() {
    let mut demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    leave_an_address(&demo.portal("/mina-sidor/installningar"), &mut anna).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    demo.kill_and_start_again().await;
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case, "Ärendet är registrerat").await;
    read_receipt(&mut anna, &case).await;
    assert!(demo.wait_for_letters(MAIL, 1).await[0].to_string().contains(&reference));
    let karin = demo.handler(KARIN).await;
    assert_eq!(errands(&karin), 1, "registered once:\n{}", karin.text());
    super::logs::assert_clean(&demo.log(), &[]);
}
