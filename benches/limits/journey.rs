//! A whole journey: log-in, six pages of questions, review, sending in, receipt, Mina sidor; then the receipt as PDF, the
//! delivery to the desk, the letter and the desk's events. What is counted is the processor time of the portal's own
//! processes; broker, Navet, mailbox, desk, database server and browser are others'.

use super::browser::Browser;
use super::databases::with_conn;
use super::demo::legitimate;
use super::postgres::Server;
use super::process::cpu;
use super::report::{Limit, Table};
use super::seed::ANNA;
use super::site::{Engine, Site};
use diesel::prelude::*;
use kommunportal::db::schema::{cases, deliveries, jobs, notifications, outgoing_events};
use std::time::{Duration, Instant};

/// Journeys made side by side, stage by stage.
const JOURNEYS: usize = 20;

pub async fn measure(table: &mut Table, engine: Engine, server: Option<&Server>) {
    let site = Site::new(engine, server, "journey");
    let _simulators = site.all.start_simulators().await;
    let _desk = site.all.start_desk().await;
    let portal = site.portal_alone().await;
    let pid = portal.id();
    let mut browsers: Vec<Browser> = (0..JOURNEYS + 1).map(|_| Browser::new()).collect();
    // One beforehand, uncounted: what is read and prepared once in a process's life.
    let mut first = browsers.pop().unwrap();
    log_in(&site, &mut first).await;
    leave_an_address(&site, &mut first).await;
    site.fill_in(&mut first).await;
    send_in(&site, &mut first).await;

    let mut stages: Vec<(&str, f64)> = Vec::new();
    let mut before = cpu(pid);
    let mut stage = |name: &'static str| {
        let now = cpu(pid);
        stages.push((name, (now - before) / JOURNEYS as f64));
        before = now;
    };
    for browser in &mut browsers {
        log_in(&site, browser).await;
    }
    stage("log-in, Navet, Mina sidor");
    for browser in &mut browsers {
        site.fill_in(browser).await;
    }
    stage("six pages of questions, five forms saved, review");
    for browser in &mut browsers {
        send_in(&site, browser).await;
    }
    stage("sending in, receipt page");
    for browser in &mut browsers {
        let reference = browser.find("strong.reference").unwrap();
        browser.open(&site.all.portal("/mina-sidor")).await;
        browser.open(&site.all.portal(&format!("/mina-sidor/arenden/{reference}"))).await;
        browser.expect_status(200);
    }
    stage("Mina sidor, the case's page");
    portal.terminate();
    assert!(portal.ended().await.success());

    // With its worker, until everything has been done; then as long again with nothing to do.
    let ready = format!("{}/health/ready", site.all.at(7));
    let portal = site.all.start("portal-with-worker", &["serve", "portal"], &[], &ready).await;
    let begun = Instant::now();
    settled(&site).await;
    let took = begun.elapsed();
    let worked = cpu(portal.id());
    drop(portal);
    let portal = site.all.start("portal-idle", &["serve", "portal"], &[], &ready).await;
    tokio::time::sleep(took).await;
    let idled = cpu(portal.id());
    // The one journey beforehand was left to the worker as well.
    stages.push(("PDF, delivery, letter, the desk's events", (worked - idled) / (JOURNEYS + 1) as f64));

    let whole: f64 = stages.iter().map(|(_, ms)| ms).sum();
    let how = format!(
        "{JOURNEYS} journeys stage by stage through `serve portal --no-worker`; then `serve portal` until every delivery is \
         registered, every letter taken and every event of the desk applied, less what it costs for as long with nothing \
         to do; processor time of all its threads from /proc/<pid>/task/*/schedstat"
    );
    table.add("A whole journey with PDF and mail, CPU", Limit::AtMost(20.0), whole, "ms", "", &how);
    for (name, ms) in &stages {
        table.add(&format!("… {name}"), Limit::Told, *ms, "ms", "", "");
    }
}

async fn log_in(site: &Site, browser: &mut Browser) {
    browser.open(&site.all.portal("/mina-sidor")).await;
    legitimate(browser, ANNA).await;
    browser.see("Mina sidor");
}

async fn leave_an_address(site: &Site, browser: &mut Browser) {
    browser.open(&site.all.portal("/mina-sidor/installningar")).await;
    let form = browser.form("/mina-sidor/installningar").fill("E-postadress", "anna.akesson@example.se");
    browser.submit(form, "Spara").await;
}

async fn send_in(_: &Site, browser: &mut Browser) {
    let form = browser.form("/skicka-in");
    browser.submit(form, "Skicka in").await;
    browser.see("Ditt ärendenummer");
}

/// Until nothing is left to do on either side.
async fn settled(site: &Site) {
    let begun = Instant::now();
    loop {
        let left = with_conn(&site.portal_url, |c| {
            let jobs: i64 = jobs::table.count().get_result(c).unwrap();
            let letters: i64 =
                notifications::table.filter(notifications::state.ne("sent")).count().get_result(c).unwrap();
            let unregistered: i64 =
                deliveries::table.filter(deliveries::state.ne("registered")).count().get_result(c).unwrap();
            let unnumbered: i64 = cases::table.filter(cases::diary_number.is_null()).count().get_result(c).unwrap();
            jobs + letters + unregistered + unnumbered
        });
        let waiting: i64 = with_conn(&site.desk_url, |c| {
            outgoing_events::table.filter(outgoing_events::state.eq("waiting")).count().get_result(c).unwrap()
        });
        if left + waiting == 0 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{left} and {waiting} left:\n{}", site.all.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
