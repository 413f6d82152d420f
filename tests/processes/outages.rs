//! The database goes away and comes back; the process is asked to stop while somebody waits for a page.

use super::application::{ANNA, SERVICE};
use super::browser::Browser;
use super::demo::{legitimate, reload_until};
use super::installation::{Installation, status_of};
use super::server::Server;
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn while_postgres_is_stopped_people_are_told_what_was_kept_and_go_on_when_it_is_back() {
    let server = Server::start();
    let all = Installation::new(&server.database("portal"), &server.database("desk"));
    all.migrate();
    let _simulators = all.start_simulators().await;
    let mut portal = all.start_portal().await;
    let mut anna = Browser::new();
    anna.open(&all.portal("/mina-sidor")).await;
    legitimate(&mut anna, ANNA).await;
    anna.open(&all.portal(&format!("{SERVICE}/fyll-i"))).await;
    let form = anna.form_with("Fortsätt");

    server.stop();
    anna.open(&all.portal("/mina-sidor")).await;
    anna.expect_status(503);
    anna.see("Vi kan inte spara något just nu");
    anna.see("Det du hade sparat tidigare finns kvar");
    assert_eq!(anna.header("retry-after"), "30");
    // What she sends on is refused in the same words, not lost in silence.
    anna.submit(form.clone(), "Fortsätt").await;
    anna.expect_status(503);
    anna.see("det sista du skickade kom kanske inte fram");
    assert_eq!(status_of(&format!("{}/health/ready", all.at(7))).await, Some(503));
    assert_eq!(status_of(&format!("{}/health/live", all.at(7))).await, Some(200));
    // Whoever is not logged in still reads what services there are.
    assert_eq!(status_of(&all.portal("/e-tjanster")).await, Some(200));
    // The worker's rounds fail meanwhile.
    tokio::time::sleep(Duration::from_secs(2)).await;

    server.start_again();
    let ready = format!("{}/health/ready", all.at(7));
    for _ in 0..100 {
        if status_of(&ready).await == Some(200) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(status_of(&ready).await, Some(200));
    assert!(portal.is_running(), "the same process");
    reload_until(&mut anna, &all.portal("/mina-sidor"), "Anna").await;
    anna.expect_status(200);
    anna.submit(form, "Fortsätt").await;
    anna.expect_status(200);
    assert!(anna.path().contains("/utkast/"), "{}", anna.path());
    all.assert_clean_logs(&[anna.cookie("localhost", "kp_session").unwrap().to_owned()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_asked_to_stop_finishes_the_page_that_somebody_waits_for() {
    let all = Installation::on_files();
    all.migrate();
    let _simulators = all.start_simulators().await;
    let portal = all.start_portal().await;
    let mut anna = Browser::new();
    // The register is asked when she logs in: hold that up.
    all.control(3, json!({ "delay_ms": 1500 })).await;
    anna.open(&all.portal("/mina-sidor")).await;
    let waiting = tokio::spawn(async move {
        legitimate(&mut anna, ANNA).await;
        anna
    });
    tokio::time::sleep(Duration::from_millis(700)).await;
    portal.terminate();
    let begun = std::time::Instant::now();
    let status = portal.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let log = all.log();
    let finished = |l: &str| l.contains("answered status=303") && l.contains("/auth/aterkomst/standard");
    assert!(log.lines().any(finished), "the log-in was finished:\n{log}");
    // Where it led, nobody answers any more.
    assert!(waiting.await.is_err());
    assert!(log.contains("stopping"));
}
