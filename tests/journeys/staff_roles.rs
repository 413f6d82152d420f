//! Who of the staff may do what: one asks, another answers, and whoever loses a role is out at once.

use super::browser::Browser;
use super::demo::{Demo, legitimate};

const HENRIK: &str = "heek01@2120009911";
const GUNILLA: &str = "gufa01@2120009911";
const NEW: &str = "nyan01@2120009911";

async fn ask(browser: &mut Browser, person: &str, name: &str, role: &str) {
    let form = browser.form("/behorigheter/begar").fill("person", person).fill("namn", name);
    let form = form.choose("behorighet", role).fill("varfor", "Börjar hos oss på måndag");
    browser.submit(form, "Skicka begäran").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_handler_gets_in_when_two_have_said_so_and_is_out_when_one_takes_it_away() {
    let demo = Demo::start().await;
    let mut henrik = demo.log_in(&demo.desk("/behorigheter"), HENRIK).await;
    ask(&mut henrik, NEW, "Nya Andersson", "handler@KANSLI").await;
    henrik.see("Begäran är skickad");
    henrik.see("Någon annan ska svara");
    assert_eq!(henrik.count("form[action='/behorigheter/svara']"), 0, "never whoever asked");
    let nobody = demo.handler(NEW).await;
    nobody.expect_status(403);

    let mut gunilla = demo.log_in(&demo.desk("/behorigheter"), GUNILLA).await;
    let form = gunilla.form("/behorigheter/svara");
    gunilla.submit(form, "Godkänn").await;
    gunilla.see("Svaret är sparat");
    let mut new = demo.handler(NEW).await;
    new.expect_status(200);
    new.see("Nya Andersson");

    gunilla.open("/behorigheter").await;
    let form = gunilla.form_where_value("/behorigheter/ta-bort", "person", NEW);
    gunilla.submit(form, "Ta bort").await;
    gunilla.see("Behörigheten är borttagen");
    new.open_with(&demo.desk("/inkorg"), &[]).await;
    new.expect_status(303);
    let again = demo.handler(NEW).await;
    again.expect_status(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_herself_a_role_or_answers_her_own_question() {
    let demo = Demo::start().await;
    let mut gunilla = demo.log_in(&demo.desk("/behorigheter"), GUNILLA).await;
    // She may ask for handlers of her unit, and answer others; not herself, and not what she has asked.
    ask(&mut gunilla, GUNILLA, "", "handler@KANSLI").await;
    gunilla.expect_status(422);
    gunilla.see("Någon annan måste begära behörighet åt dig");
    gunilla.open("/behorigheter").await;
    ask(&mut gunilla, NEW, "Nya Andersson", "handler@KANSLI").await;
    gunilla.see("Begäran är skickad");
    assert_eq!(gunilla.count("form[action='/behorigheter/svara']"), 0);
    // A handler may neither ask nor answer, and does not see how.
    let malin = demo.log_in(&demo.desk("/behorigheter"), "mali01@2120009911").await;
    assert_eq!(malin.count("form[action^='/behorigheter']"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administration_has_its_own_roles_and_each_sees_what_is_hers() {
    let demo = Demo::start().await;
    let mut henrik = demo.log_in(&demo.administration("/behorigheter"), HENRIK).await;
    ask(&mut henrik, NEW, "Nya Andersson", "systemforvaltare@").await;
    henrik.see("Begäran är skickad");
    henrik.open("/logg").await;
    henrik.expect_status(403);
    let mut gunilla = demo.log_in(&demo.administration("/"), GUNILLA).await;
    assert_eq!(gunilla.path(), "/behorigheter", "queues are not hers");
    let form = gunilla.form("/behorigheter/svara");
    gunilla.submit(form, "Godkänn").await;
    gunilla.open("/leveranser").await;
    gunilla.expect_status(403);
    gunilla.open("/logg").await;
    gunilla.see("role.granted");
    let mut new = demo.log_in(&demo.administration("/leveranser"), NEW).await;
    new.expect_status(200);
    // Who runs the system ends a resident's sessions by what she is called in the log.
    let mut anna = demo.citizen(super::application::ANNA).await;
    let party = demo.party_of_last_log_in();
    new.open("/inloggningar").await;
    let form = new.form_with("Logga ut överallt").fill("party", &format!("party:{party}"));
    new.submit(form, "Logga ut överallt").await;
    new.see("Utloggningen är klar");
    anna.open_with(&demo.portal("/mina-sidor"), &[]).await;
    anna.expect_status(303);
    // And a colleague's.
    let form = new.form_where_value("/inloggningar/logga-ut", "person", GUNILLA);
    new.submit(form, "Logga ut den här").await;
    gunilla.open_with(&demo.administration("/logg"), &[]).await;
    gunilla.expect_status(303);
    let mut browser = Browser::new();
    browser.open(&demo.administration("/logg")).await;
    legitimate(&mut browser, GUNILLA).await;
    browser.see("session.ended");
}
