//! The example cases that a newcomer meets: made by the product itself, once.

use super::browser::Browser;
use super::demo::Demo;
use serde_json::Value;
use std::collections::BTreeSet;

fn done(state: &Value) -> i64 {
    state["examples"]["done"].as_i64().unwrap()
}

fn is_ready(state: &Value) -> bool {
    assert_ne!(state["examples"]["state"], "given-up");
    state["examples"]["state"] == "ready" && state["queues"].as_array().unwrap().iter().all(|q| q["waiting"] == 0)
}

/// Presses one of the buttons that make one somebody.
async fn be(demo: &Demo, who: &str) -> Browser {
    let mut browser = Browser::new();
    browser.open(&demo.at(4)).await;
    let form = browser.form_with(who);
    browser.submit(form, who).await;
    browser
}

/// Anna, when she acts for the choir: its cases are not among her own.
async fn be_the_choir(demo: &Demo) -> Browser {
    let mut anna = be(demo, "Bli Anna").await;
    assert_eq!(cases(&anna).len(), 0);
    let choir = "Örkelljunga barn- och ungdomskör";
    let form = anna.form_with(choir);
    anna.submit(form, choir).await;
    anna.see(&format!("Du företräder {choir}"));
    anna
}

/// The cases that Mina sidor leads to; each may be told of in several places.
fn cases(browser: &Browser) -> BTreeSet<String> {
    let links = browser.all("a[href^='/mina-sidor/arenden/EK-']", "href");
    links.into_iter().filter_map(|link| link.split(['?', '#']).next().map(str::to_owned)).collect()
}

async fn check(demo: &Demo) {
    let mut anna = be_the_choir(demo).await;
    assert_eq!(cases(&anna).len(), 2, "one that waits, one that is closed");
    anna.see("Avslutade ärenden");
    anna.open("/mina-sidor/utkast").await;
    anna.do_not_see("Bidrag till förening");

    let henrik = demo.log_in(&demo.administration("/"), "heek01@2120009911").await;
    henrik.see("12 12 0 0 0 Stämmer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_meets_a_dozen_errands_that_are_made_once_even_when_the_process_is_killed_meanwhile() {
    let mut demo = Demo::start_with_examples().await;
    // In the middle of sending in, and in the middle of the handlers' work.
    demo.wait_for_room(|state| done(state) >= 1).await;
    let mut room = Browser::new();
    room.open(&demo.at(4)).await;
    room.see("Exempelärendena görs i ordning");
    demo.kill_and_start_again().await;
    demo.wait_for_room(|state| done(state) >= 7).await;
    demo.kill_and_start_again().await;
    let state = demo.wait_for_room(is_ready).await;
    assert_eq!(done(&state), 12);
    check(&demo).await;

    // Anna reads the decision of the one, and what she is asked in the other.
    let mut anna = be_the_choir(&demo).await;
    let mut pages = String::new();
    for link in cases(&anna) {
        anna.open(&link).await;
        pages.push_str(&anna.text());
    }
    for wanted in ["Föreningen får 12 000 kronor", "laglighetsprövning", "vilka veckor ni hyr"] {
        assert!(pages.contains(wanted), "{wanted}: {pages}");
    }

    // Karin has something new, something of her own; Eva waits for the choir.
    let karin = be(&demo, "Bli Karin").await;
    assert_eq!(karin.path(), "/inkorg");
    karin.see("Emma");
    karin.see("Tobias");
    let eva = be(&demo, "Bli Eva").await;
    eva.see("Örkelljunga barn- och ungdomskör");
    eva.see("Skånes Fagerhults bollklubb");

    // Letters came like any others, and nothing is made again at the next start.
    let letters = demo.letters("anna@example.se").await.len();
    assert!(letters >= 2, "{letters}");
    demo.kill_and_start_again().await;
    demo.wait_for_room(is_ready).await;
    check(&demo).await;
    assert!(!demo.log().contains("197905142381"), "no identity number in the log");
}
