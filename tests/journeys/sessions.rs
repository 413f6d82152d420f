//! Being logged in: in several places, long ago, not strongly enough, and no longer.

use super::application::{ANNA, SERVICE};
use super::browser::Browser;
use super::databases::Folder;
use super::demo::{Demo, fault, legitimate};
use serde_json::json;

const BO: &str = "198804092388";

#[tokio::test(flavor = "multi_thread")]
async fn she_sees_where_she_is_logged_in_and_ends_what_she_has_forgotten() {
    let demo = Demo::start().await;
    let mut here = demo.citizen(ANNA).await;
    let (mut library, mut telephone) = (demo.citizen(ANNA).await, demo.citizen(ANNA).await);
    let mut bo = demo.citizen(BO).await;
    here.open(&demo.portal("/mina-sidor/installningar")).await;
    here.click("Se var du är inloggad").await;
    here.see("Den här enheten");
    assert_eq!(here.count("form[action='/mina-sidor/inloggningar/logga-ut']"), 2);
    here.see("BankID");
    let form = here.form("/mina-sidor/inloggningar/logga-ut");
    here.submit(form, "Logga ut den här").await;
    here.see("Utloggningen är klar");
    assert_eq!(here.count("form[action='/mina-sidor/inloggningar/logga-ut']"), 1);
    let form = here.form_with("Logga ut alla andra");
    here.submit(form, "Logga ut alla andra").await;
    for browser in [&mut library, &mut telephone] {
        browser.open_with(&demo.portal("/mina-sidor"), &[]).await;
        browser.expect_status(303);
    }
    for browser in [&mut here, &mut bo] {
        browser.open(&demo.portal("/mina-sidor")).await;
        browser.expect_status(200);
    }
    // Nobody ends another's.
    bo.open(&demo.portal("/mina-sidor/inloggningar")).await;
    assert_eq!(bo.count("form[action='/mina-sidor/inloggningar/logga-ut']"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_notices_go_is_changed_by_herself_alone_and_nothing_typed_is_lost() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    let settings = demo.portal("/mina-sidor/installningar");
    anna.open(&settings).await;
    let form = anna.form("/mina-sidor/installningar").fill("epost", "anna@ny.example");
    demo.age_log_ins();
    anna.submit(form, "Spara").await;
    anna.see("Legitimera dig igen");
    let before = anna.cookie("localhost", "kp_session").unwrap().to_owned();

    // Somebody else who has the telephone at hand.
    anna.click("Legitimera dig").await;
    let form = anna.form_with("Avbryt").fill("other_person", BO);
    anna.submit(form, "Legitimera").await;
    anna.expect_status(403);
    anna.see("En annan person legitimerade sig");
    assert_eq!(anna.cookie("localhost", "kp_session").unwrap(), before, "her session is as it was");
    anna.open(&demo.portal("/mina-sidor")).await;
    anna.expect_status(200);

    // She breaks it off, and is still logged in.
    anna.open(&demo.portal("/legitimera?retur=/mina-sidor/installningar")).await;
    anna.click("Legitimera dig").await;
    let form = anna.form_with("Avbryt");
    anna.submit(form, "Avbryt").await;
    anna.see("Du är inloggad som förut");

    anna.click("Försök igen").await;
    anna.click("Legitimera dig").await;
    legitimate(&mut anna, ANNA).await;
    assert_eq!(anna.path(), "/mina-sidor/installningar");
    anna.see("Det du skrev finns kvar här");
    assert_ne!(anna.cookie("localhost", "kp_session").unwrap(), before, "a new token");
    let form = anna.form("/mina-sidor/installningar");
    assert_eq!(form.value("epost"), "anna@ny.example");
    anna.submit(form, "Spara").await;
    anna.see("Dina inställningar är sparade");
    let mut old = Browser::new();
    old.set_cookie("localhost", "kp_session", &before);
    old.open_with(&demo.portal("/mina-sidor"), &[]).await;
    old.expect_status(303);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_needs_more_asks_again_and_the_draft_is_still_there() {
    let folder = Folder::new();
    copy(std::path::Path::new("config"), folder.path());
    let raise = |level: u8| {
        let path = folder.path().join("services/forskoleplats.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|l| l.starts_with("level")).expect("a level").to_owned();
        std::fs::write(&path, text.replace(&line, &format!("level = {level}"))).unwrap();
    };
    raise(4);
    let demo = Demo::start_on(folder.path(), &[]).await;
    let mut anna = demo.citizen(ANNA).await;
    let page = demo.portal(&format!("{SERVICE}/fyll-i"));
    anna.open(&page).await;
    anna.see("tillitsnivå 4");
    demo.control(2, json!({ "acr": "http://id.elegnamnden.se/loa/1.0/loa4" })).await;
    anna.click("Legitimera dig").await;
    legitimate(&mut anna, ANNA).await;
    assert_eq!(anna.path(), format!("{SERVICE}/fyll-i"));
    super::application::go_on_from_her_own(&mut anna).await;
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    anna.submit(form, "Fortsätt").await;
    let step = anna.path().to_owned();
    super::application::when_and_where(&mut anna).await;

    // The next day, with a weaker log-in: what she sends is kept, and she comes back to it.
    demo.reset(2).await;
    anna.open(&demo.portal(&step)).await;
    let form = anna.form_with("Fortsätt");
    demo.weaken_log_ins();
    anna.submit(form, "Fortsätt").await;
    anna.see("tillitsnivå 4");
    demo.control(2, json!({ "acr": "http://id.elegnamnden.se/loa/1.0/loa4" })).await;
    anna.click("Legitimera dig").await;
    legitimate(&mut anna, ANNA).await;
    assert_eq!(anna.path(), step);
    anna.see("Det du skrev finns kvar");
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_is_done_here_whatever_the_broker_does_and_there_when_it_can() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    let form = anna.form("/logga-ut");
    anna.submit(form, "Logga ut").await;
    anna.see("Du är utloggad");
    let log = demo.observed(2).await.to_string();
    assert!(log.contains("end_session"), "the broker was told: {log}");
    anna.open_with(&demo.portal("/mina-sidor"), &[]).await;
    anna.expect_status(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_logs_somebody_out_with_a_token_that_is_one_and_with_no_other() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    let lies = [
        "logout_with_nonce",
        "logout_no_events",
        "logout_wrong_events",
        "logout_replayed_jti",
        "logout_no_jti",
        "logout_other_aud",
        "logout_other_iss",
        "logout_expired",
        "logout_nobody",
        "logout_id_token",
        "logout_unsigned",
        "logout_other_key",
    ];
    for lie in lies {
        let status = told(&demo, lie).await;
        assert_eq!(status, 400, "{lie}");
        anna.open(&demo.portal("/mina-sidor")).await;
        assert_eq!(anna.path(), "/mina-sidor", "{lie}");
    }
    assert_eq!(told(&demo, "logout_proper").await, 200);
    anna.open_with(&demo.portal("/mina-sidor"), &[]).await;
    anna.expect_status(303);
}

/// Has the broker send a log-out token of this kind; what the portal answered.
async fn told(demo: &Demo, kind: &str) -> i64 {
    let notes = async || {
        let log = demo.observed(2).await["log"].as_array().unwrap().clone();
        log.into_iter().filter(|n| n["event"] == "logout_token" && n["kind"] == kind).collect::<Vec<_>>()
    };
    let before = notes().await.len();
    demo.control(2, fault(kind)).await;
    for _ in 0..100 {
        let now = notes().await;
        if now.len() > before {
            return now[now.len() - 1]["status"].as_i64().unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no log-out token of the kind {kind} was sent");
}
