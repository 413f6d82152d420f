//! Being logged in, as it looks: where, once more, and soon no longer; and who of the staff may do what.

use super::chromium::Chromium;
use super::demo::Demo;
use super::whole_journey::ANNA;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn where_she_is_logged_in_and_being_asked_again_can_be_read_by_everybody() {
    let demo = Demo::start().await;
    drop(demo.citizen(ANNA).await);
    let mut screen = Chromium::start().await;
    screen.log_in(&demo.portal("/mina-sidor/installningar"), ANNA).await;
    screen.press("Se var du är inloggad").await;
    screen.see("Den här enheten").await;
    screen.look("l1-logins").await;
    screen.press("Logga ut alla andra").await;
    screen.see("Utloggningen är klar").await;
    screen.look("l2-logged-out-elsewhere").await;
    screen.open(&demo.portal("/mina-sidor/installningar")).await;
    screen.fill("epost", "anna@ny.example").await;
    demo.age_log_ins();
    screen.press("Spara").await;
    screen.look("l3-asked-again").await;
    screen.press("Legitimera dig").await;
    screen.press("Avbryt").await;
    screen.see("Du är inloggad som förut").await;
    screen.look("l4-broken-off").await;
    screen.press("Försök igen").await;
    screen.press("Legitimera dig").await;
    // Who must answer stands there already.
    screen.press("Legitimera").await;
    assert_eq!(screen.value("epost").await, "anna@ny.example");
    screen.look("l5-kept").await;
    screen.press("Spara").await;
    screen.see("Dina inställningar är sparade").await;
    screen.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_is_asked_before_her_time_is_out_and_told_when_no_more_can_be_given() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.log_in(&demo.portal("/mina-sidor"), ANNA).await;
    // Whoever waits longer than a minute waits two seconds.
    let hurry = "const wait = window.setTimeout.bind(window);
        window.setTimeout = (f, ms, ...rest) => wait(f, ms > 60000 ? 2000 : ms, ...rest);";
    screen.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": hurry })).await;
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.wait_for("Är du kvar?").await;
    let focused = "return document.activeElement.textContent.trim()";
    assert_eq!(screen.run(focused).await, "Fortsätt vara inloggad", "the keyboard is where the answer is");
    screen.look("l6-still-there").await;
    screen.press("Fortsätt vara inloggad").await;
    screen.do_not_see("Är du kvar?").await;
    screen.wait_for("Är du kvar?").await;
    demo.shorten_sessions();
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.wait_for("då har varit inloggad i åtta timmar").await;
    screen.see("Det du har sparat finns kvar").await;
    assert_eq!(screen.run(focused).await, "Stäng");
    screen.look("l7-time-is-out").await;
    screen.press("Stäng").await;
    screen.do_not_see("åtta timmar").await;
    screen.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_sessions_of_the_staff_can_be_read_by_everybody() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    for (name, address) in [("desk", demo.desk("/behorigheter")), ("admin", demo.administration("/behorigheter"))] {
        screen.log_in(&address, "heek01@2120009911").await;
        screen.press("Skicka begäran").await;
        screen.look(&format!("l8-{name}-asking-empty")).await;
        screen.fill("person", "nyan01@2120009911").await;
        screen.fill("namn", "Nya Andersson").await;
        screen.fill("varfor", "Börjar hos oss på måndag").await;
        if name == "desk" {
            screen.pick("behorighet", "Handläggare, Kansli och registratur").await;
        } else {
            screen.choose("Vilken behörighet?", "Systemförvaltare").await;
        }
        screen.press("Skicka begäran").await;
        screen.see("Begäran är skickad").await;
        screen.look(&format!("l9-{name}-asked")).await;
        screen.press("Inloggningar").await;
        screen.look(&format!("l10-{name}-logins")).await;
    }
    screen.press("Logga ut").await;
    screen.log_in(&demo.administration("/behorigheter"), "gufa01@2120009911").await;
    screen.look("l11-answering").await;
    screen.press("Godkänn").await;
    screen.press("Logg").await;
    screen.look("l12-log").await;
    screen.finish().await;
}
