//! Dependencies that fail: what the resident is told, and that nothing she has given is lost.

use super::application::{ANNA, SERVICE, fill_in, send_in};
use super::browser::Browser;
use super::demo::{Demo, fault, reload_for, reload_until};
use serde_json::json;

const BROKER: u16 = 2;
const NAVET: u16 = 3;
const MAILBOX: u16 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn when_navet_is_down_the_form_is_filled_in_by_hand() {
    let demo = Demo::start().await;
    demo.control(NAVET, fault("fault_500")).await;
    let mut anna = demo.citizen(ANNA).await;
    anna.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    anna.expect_status(200);
    anna.see("Vi når inte folkbokföringen just nu. Fyll i uppgifterna själv.");
    let form = anna.form_with("Fortsätt");
    let form = form.fill("Adress", "Exempelvägen 4").fill("Postnummer", "286 32").fill("Postort", "Örkelljunga");
    anna.submit(form, "Fortsätt").await;
    anna.see("Vilket barn gäller det?");
    anna.see("så kontrollerar handläggaren vårdnaden");
    let form = anna.form_with("Fortsätt").fill("barn", "Saga Åkesson, 2 januari 2023");
    anna.submit(form, "Fortsätt").await;
    super::application::when_and_where(&mut anna).await;
    super::application::needs(&mut anna).await;
    super::application::how_we_reach_her(&mut anna).await;
    anna.see("Saga Åkesson, 2 januari 2023");
    super::application::send_in(&mut anna).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_takes_no_mail_is_told_on_mina_sidor_and_the_case_goes_on() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    super::application::begin(&demo, &mut anna).await;
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    anna.submit(form, "Fortsätt").await;
    super::application::when_and_where(&mut anna).await;
    super::application::needs(&mut anna).await;
    let form = anna.form_with("Fortsätt").fill("kontakt_epost", "avvisas@example.se");
    let form = form.choose("kontakt_kanal", "På Mina sidor");
    anna.submit(form, "Fortsätt").await;
    super::application::send_in(&mut anna).await;
    reload_until(&mut anna, &demo.portal("/mina-sidor"), "Vi når dig inte med e-post").await;
    reload_until(&mut anna, &demo.portal("/mina-sidor"), "Registrerat").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_that_is_cancelled_says_so_and_can_be_tried_again() {
    let demo = Demo::start().await;
    let mut anna = Browser::new();
    anna.open(&demo.portal("/mina-sidor")).await;
    let form = anna.form_with("Avbryt");
    anna.submit(form, "Avbryt").await;
    anna.see("Inloggningen avbröts");
    anna.see("Du är inte inloggad.");
    anna.open(&demo.portal("/mina-sidor")).await;
    super::demo::legitimate(&mut anna, ANNA).await;
    assert_eq!(anna.path(), "/mina-sidor");
    anna.see("Anna");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_broker_is_down_the_catalogue_still_works() {
    let demo = Demo::start().await;
    demo.control(BROKER, fault("discovery_down")).await;
    let mut anna = Browser::new();
    anna.open(&demo.portal("/mina-sidor")).await;
    anna.see("Inloggningstjänsten svarar inte");
    anna.open(&demo.portal(SERVICE)).await;
    anna.expect_status(200);
    demo.reset(BROKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_could_not_be_sent_arrives_when_the_server_is_back() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    anna.open(&demo.portal("/mina-sidor/installningar")).await;
    let form = anna.form("/mina-sidor/installningar").fill("E-postadress", "anna@example.se");
    anna.submit(form, "Spara").await;
    demo.control(MAILBOX, fault("down")).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(demo.letters("anna@example.se").await.is_empty());
    demo.reset(MAILBOX).await;
    let letters = demo.wait_for_letters("anna@example.se", 1).await;
    assert!(letters[0]["text"].as_str().unwrap().contains(&reference));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_that_the_process_is_killed() {
    let mut demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    demo.kill_and_start_again().await;
    // The session was in the database as well. What the dead process had claimed is free when its lease has run out.
    reload_for(160, &mut anna, &demo.portal(&format!("/mina-sidor/arenden/{reference}")), "Ärendet är registrerat")
        .await;
    let mut karin = demo.handler("kaso01@2120009911").await;
    karin.open(&demo.desk("/inkorg")).await;
    let rows = karin.source().matches(&reference).count();
    let errands = karin.source().matches("href=\"/arenden/").count();
    assert_eq!(errands, 1, "registered once ({rows}):\n{}", karin.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_navet_does_not_hold_up_the_page() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    demo.control(NAVET, json!({ "delay_ms": 30_000 })).await;
    let begun = std::time::Instant::now();
    anna.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    anna.expect_status(200);
    assert!(begun.elapsed().as_secs() < 15, "{} s", begun.elapsed().as_secs());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_after_the_session_has_ended_is_there_after_log_in_and_for_nobody_else() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    super::application::begin(&demo, &mut anna).await;
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    anna.submit(form, "Fortsätt").await;
    super::application::when_and_where(&mut anna).await;
    let step = anna.path().to_owned();
    for person in [ANNA, "198804092388"] {
        anna.open(&demo.portal(&step)).await;
        let form = anna.form_with("Fortsätt").choose("hansyn", "Ja");
        anna.submit(form, "Uppdatera frågorna").await;
        let form = anna.form_with("Fortsätt").fill("hansyn_beskrivning", "Tål inte jordnötter");
        demo.end_sessions();
        anna.submit(form, "Fortsätt").await;
        super::demo::legitimate(&mut anna, person).await;
        if person == ANNA {
            assert_eq!(anna.path(), step);
            anna.see("Det du skrev finns kvar här");
            assert!(anna.source().contains("Tål inte jordnötter"));
        } else {
            anna.expect_status(404);
            assert!(!anna.source().contains("Tål inte jordnötter"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_after_the_session_has_ended_is_given_back_to_whoever_wrote_it() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    anna.open(&case).await;
    let form = anna.form("/meddelanden").fill("text", "Kan Saga börja\ntidigare?");
    demo.end_sessions();
    anna.submit(form, "Skicka meddelandet").await;
    anna.expect_status(401);
    anna.see("Du har loggats ut");
    assert!(anna.source().contains("Kan Saga börja\ntidigare?</textarea>"), "{}", anna.source());
    let log_in = anna.attribute("a[href^='/logga-in?']", "href").expect("a way to log in again");
    anna.open(&demo.portal(&log_in)).await;
    super::demo::legitimate(&mut anna, ANNA).await;
    anna.open(&case).await;
    assert!(!anna.source().contains("tidigare?"), "nothing was sent in her name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_was_given_up_is_made_when_an_administrator_says_so_and_the_case_goes_on() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    // No file can be stored: something else is where the folder should be.
    let (files, aside) = (demo.data().join("portal-files"), demo.data().join("set-aside"));
    std::fs::rename(&files, &aside).unwrap();
    std::fs::write(&files, "").unwrap();
    let reference = send_in(&mut anna).await;
    let mut henrik = demo.log_in(&demo.administration("/jobb"), "heek01@2120009911").await;
    while henrik.attribute("form[action$='/forsok-igen']", "action").is_none() {
        demo.age_failed_receipts();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        henrik.open("/jobb").await;
    }
    henrik.open("/leveranser?lage=waiting_precondition").await;
    let delivery = henrik.attribute("table a[href^='/leveranser/']", "href").expect("the delivery that waits");
    henrik.open(&delivery).await;
    henrik.see("Väntar på kvittot");
    std::fs::remove_file(&files).unwrap();
    std::fs::rename(&aside, &files).unwrap();
    henrik.click("Jobb som inte gick").await;
    let form = henrik.form("/forsok-igen");
    henrik.submit(form, "Försök igen").await;
    reload_until(&mut anna, &demo.portal(&format!("/mina-sidor/arenden/{reference}")), "Ärendet är registrerat").await;
    reload_until(&mut anna, &demo.portal(&format!("/mina-sidor/arenden/{reference}")), "Kvitto PDF").await;
}
