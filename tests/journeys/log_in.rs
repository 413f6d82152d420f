//! The way to the broker and back, as browsers and strangers use and abuse it.

use super::application::ANNA;
use super::browser::Browser;
use super::demo::{Demo, fault};

const BO: &str = "198804092388";

/// A browser on its way: the broker has answered, and it holds the address of the way back in its hand.
async fn on_the_way_back(demo: &Demo, person: &str) -> (Browser, String) {
    let mut browser = Browser::new();
    browser.set_cookie("localhost", "kp_person", person);
    let back = way_back(demo, &mut browser, "/logga-in?retur=/mina-sidor/utkast").await;
    (browser, back)
}

async fn way_back(demo: &Demo, browser: &mut Browser, log_in: &str) -> String {
    browser.open_with(&demo.portal(log_in), &[]).await;
    browser.expect_status(303);
    let there = browser.header("location").to_owned();
    browser.open_with(&there, &[]).await;
    browser.header("location").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_is_gone_once_and_only_in_the_browser_that_set_out() {
    let demo = Demo::start().await;
    let (mut anna, back) = on_the_way_back(&demo, ANNA).await;
    let mut stranger = Browser::new();
    stranger.open_with(&back, &[]).await;
    stranger.expect_status(400);
    stranger.see("Börja om med inloggningen");
    assert_eq!(stranger.header("cache-control"), "no-store");
    assert_eq!(stranger.header("referrer-policy"), "no-referrer");
    // Another browser that is on a way of its own has a cookie, but not this one.
    let (mut bo, _) = on_the_way_back(&demo, BO).await;
    bo.open_with(&back, &[]).await;
    bo.expect_status(400);
    // None of that has spent it.
    anna.open_with(&back, &[]).await;
    anna.expect_status(303);
    assert_eq!(anna.header("location"), "/mina-sidor/utkast");
    assert_eq!(anna.header("cache-control"), "no-store");
    // The back button: she is logged in all the same, and is not told of a fault.
    anna.open_with(&back, &[]).await;
    anna.expect_status(303);
    assert_eq!(anna.header("location"), "/mina-sidor");
    // Once more after the session is over.
    demo.end_sessions();
    anna.open_with(&back, &[]).await;
    anna.expect_status(400);
    assert!(!demo.log().contains("code="), "neither code nor state is in the log");
    assert!(!demo.log().contains("state="));
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_log_in_beside_each_other() {
    let demo = Demo::start().await;
    let (mut anna, first) = on_the_way_back(&demo, ANNA).await;
    let second = way_back(&demo, &mut anna, "/logga-in?retur=/mina-sidor/meddelanden").await;
    for (back, place) in [(first, "/mina-sidor/utkast"), (second, "/mina-sidor/meddelanden")] {
        anna.open_with(&back, &[]).await;
        assert_eq!(anna.header("location"), place);
    }
    anna.open(&demo.portal("/mina-sidor")).await;
    anna.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_ends_where_it_began_by_municipality_and_by_broker() {
    let demo = Demo::start().await;
    let (mut anna, back) = on_the_way_back(&demo, ANNA).await;
    anna.open_as_host(&back, &format!("lidkoping.localhost:{}", demo.base)).await;
    anna.expect_status(400);
    // It was not spent there: at home it still counts, but through another broker's door it does not.
    anna.open_with(&back.replace("/auth/aterkomst/standard", "/auth/aterkomst/annan"), &[]).await;
    anna.expect_status(502);
    anna.open_with(&back, &[]).await;
    anna.expect_status(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_an_address_leads_nobody_off_the_site() {
    let demo = Demo::start().await;
    let other = format!("http://lidkoping.localhost:{}/mina-sidor", demo.base);
    let wishes = ["//evil.example", "/\\evil.example", "https:evil.example", "/%0d%0aX:y", &other, "/auth/aterkomst/x"];
    for wish in wishes {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("retur", wish).finish();
        let mut anna = Browser::new();
        anna.set_cookie("localhost", "kp_person", ANNA);
        let back = way_back(&demo, &mut anna, &format!("/logga-in?{query}")).await;
        anna.open_with(&back, &[]).await;
        assert_eq!(anna.header("location"), "/mina-sidor", "{wish}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_one_is_refused_before_the_broker_is_asked() {
    let demo = Demo::start().await;
    let cases = [
        ("wrong_response_iss", 502),
        ("no_response_iss", 502),
        ("no_code", 502),
        ("double_code", 502),
        ("huge_code", 502),
        ("code_and_error", 502),
        ("invalid_grant", 400),
        ("huge_error_description", 200),
    ];
    for (name, status) in cases {
        demo.control(2, fault(name)).await;
        let mut anna = Browser::new();
        anna.set_cookie("localhost", "kp_person", ANNA);
        let back = way_back(&demo, &mut anna, "/logga-in").await;
        anna.open_with(&back, &[]).await;
        assert_eq!(anna.status(), status, "{name}: {}", anna.text());
        assert!(!anna.source().contains("<script>alert"), "{name}");
        demo.reset(2).await;
        anna.open(&demo.portal("/mina-sidor")).await;
        anna.expect_status(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobodys_cookie_or_log_in_is_worth_anything_on_another_side() {
    let demo = Demo::start().await;
    let anna = demo.citizen(ANNA).await;
    let token = anna.cookie("localhost", "kp_session").unwrap().to_owned();
    for (cookie, page) in [("kp_desk", demo.desk("/inkorg")), ("kp_admin", demo.administration("/"))] {
        let mut thief = Browser::new();
        thief.set_cookie("localhost", cookie, &token);
        thief.open_with(&page, &[]).await;
        thief.expect_status(303);
        assert!(thief.header("location").starts_with("/logga-in"), "{page}");
    }
    // A handler's cookie opens nothing on the citizens' side, and a desk's cookie nothing in the administration.
    let karin = demo.handler("kaso01@2120009911").await;
    let staff = karin.cookie("localhost", "kp_desk").unwrap().to_owned();
    for (cookie, page) in [("kp_session", demo.portal("/mina-sidor")), ("kp_admin", demo.administration("/"))] {
        let mut thief = Browser::new();
        thief.set_cookie("localhost", cookie, &staff);
        thief.open_with(&page, &[]).await;
        thief.expect_status(303);
        assert!(thief.header("location").starts_with("/logga-in"), "{page}");
    }
    // The citizens' answer brought to the staff's door, with every cookie that the browser has.
    let (mut anna, back) = on_the_way_back(&demo, ANNA).await;
    let tx = anna.cookie("localhost", "kp_tx").unwrap().to_owned();
    for (offset, cookie) in [(1, "kp_desk_tx"), (6, "kp_admin_tx")] {
        anna.set_cookie("localhost", cookie, &tx);
        let door = back.replace(&demo.at(0), &demo.at(offset));
        assert_ne!(door, back);
        anna.open_with(&door, &[]).await;
        anna.expect_status(400);
    }
    anna.open_with(&back, &[]).await;
    anna.expect_status(303);
}
