//! The journey through the proxy: over TLS, with portals that take turns.

use super::application::{ANNA, SERVICE, go_on, how_we_reach_her, needs, send_in, when_and_where};
use super::browser::Browser;
use super::demo::{legitimate, reload_until};
use super::stack::Stack;
use std::net::IpAddr;

const KARIN: &str = "kaso01@2120009911";
const HENRIK: &str = "heek01@2120009911";
const PORTALS: [&str; 2] = ["portal-1", "portal-2"];

/// Which portals have answered a request whose line holds this.
fn who_answered(stack: &Stack, mark: &str) -> Vec<usize> {
    let count = |name: &str| stack.log(name).lines().filter(|l| l.contains("answered") && l.contains(mark)).count();
    PORTALS.map(count).to_vec()
}

/// Logs in; true when one portal sent her away and the other took her back.
async fn logs_in_across(stack: &Stack, browser: &mut Browser) -> bool {
    let marks = ["path=\"/logga-in\"", "path=\"/auth/aterkomst/standard\""];
    let before = marks.map(|m| who_answered(stack, m));
    browser.open(&stack.portal("/mina-sidor")).await;
    legitimate(browser, ANNA).await;
    browser.see("Anna");
    let after = marks.map(|m| who_answered(stack, m));
    let by = |step: usize| (0..2).find(|p| after[step][*p] > before[step][*p]);
    assert!(by(0).is_some() && by(1).is_some(), "{}", PORTALS.map(|p| stack.log(p)).concat());
    by(0) != by(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_proxy_a_resident_applies_at_two_portals_in_turn_and_a_handler_decides() {
    let mut stack = Stack::prepare();
    stack.up(&["portal-1", "portal-2", "worker", "desk", "simulators", "staff-portal", "staff-desk", "proxy"]).await;
    stack.open_door().await;

    let mut anna = stack.browser();
    anna.open(&stack.portal("/")).await;
    let cookie = anna.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-kp_session=") && cookie.contains("; Secure"), "{cookie}");
    assert!(anna.header("strict-transport-security").contains("max-age=63072000"), "browsers are held to https");
    // Whatever the portals' order is just now, soon one of them begins what the other finishes.
    let mut crossed = false;
    for _ in 0..8 {
        anna = stack.browser();
        crossed = logs_in_across(&stack, &mut anna).await;
        if crossed {
            break;
        }
    }
    assert!(crossed, "no log-in began at one portal and ended at the other");

    anna.open(&stack.portal(&format!("{SERVICE}/fyll-i"))).await;
    let form = anna.form_with("Fortsätt");
    go_on(&mut anna, form).await;
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    go_on(&mut anna, form).await;
    when_and_where(&mut anna).await;
    needs(&mut anna).await;
    how_we_reach_her(&mut anna).await;
    let reference = send_in(&mut anna).await;
    let case = stack.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case, "Ärendet är registrerat").await;

    let mut karin = stack.browser();
    karin.open(&stack.desk("/inkorg")).await;
    legitimate(&mut karin, KARIN).await;
    reload_until(&mut karin, &stack.desk("/inkorg"), "BUN 20").await;
    let errand = karin.attribute("a[href^='/arenden/']", "href").unwrap();
    karin.open(&errand).await;
    let form = karin.form("/ta");
    karin.submit(form, "Ta ärendet").await;
    decide(&mut karin).await;
    reload_until(&mut anna, &case, "Du får ingen plats.").await;

    let mut henrik = stack.browser();
    henrik.open(&format!("https://localhost:{}/", stack.base + 2)).await;
    legitimate(&mut henrik, HENRIK).await;
    henrik.expect_status(200);

    for mark in ["/e-tjanster/forskoleplats/utkast/", "/mina-sidor/arenden/", "method=POST"] {
        let answered = who_answered(&stack, mark);
        assert!(answered.iter().all(|n| *n > 0), "both portals had a part in it: {mark} {answered:?}");
    }
    nothing_else_is_written(&stack);
}

async fn decide(karin: &mut Browser) {
    karin.click("Skriv beslut").await;
    let form = karin.form("/beslut").choose("outcome", "rejected").fill("Beslut", "Du får ingen plats.");
    let form = form.fill("Motivering", "Alla platser är upptagna.").fill("Bestämmelser", "2010:800, 8 kap. 12 §");
    karin.submit(form, "Fatta beslutet").await;
    karin.see("Avslag");
}

/// Volumes aside, which are elsewhere: a root that cannot be written is enough.
fn nothing_else_is_written(stack: &Stack) {
    for name in ["portal-1", "portal-2", "worker", "desk", "simulators"] {
        let entries = std::fs::read_dir(stack.home(name)).unwrap().map(|e| e.unwrap().file_name());
        let mut entries: Vec<String> = entries.map(|e| e.to_string_lossy().into_owned()).collect();
        entries.sort();
        assert_eq!(entries, ["config", "tmp"], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_proxy_says_which_host_was_asked_for() {
    let mut stack = Stack::prepare();
    stack.up(&["portal-1", "proxy"]).await;
    stack.open_door().await;
    let direct = |from: &str| {
        let client = reqwest::Client::builder().local_address(from.parse::<IpAddr>().unwrap()).build().unwrap();
        let request = client.get(format!("http://{}:8080/", stack.address("portal-1")));
        request.header("host", "portalen.example").header("x-forwarded-host", "localhost").send()
    };
    let stranger = stack.address("worker");
    assert_eq!(direct(&stranger).await.unwrap().status(), 421, "not from an address that is not the proxy's");
    assert_eq!(direct("127.0.0.1").await.unwrap().status(), 200);
    // The proxy does not pass on what visitors say of themselves, nor what is for the inner network.
    let mut browser = stack.browser();
    browser.open_with(&stack.portal("/"), &[("x-forwarded-host", "skara.localhost")]).await;
    browser.see("Örkelljunga");
    for path in ["/health/ready", "/metrics", "/_control"] {
        browser.open(&stack.portal(path)).await;
        browser.expect_status(404);
    }
    browser.open(&format!("http://localhost:{}/e-tjanster?q=a", stack.base + 3)).await;
    assert_eq!(browser.url().as_str(), stack.portal("/e-tjanster?q=a"));
}
