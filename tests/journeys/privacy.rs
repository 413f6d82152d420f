//! Who may see what: other people, other municipalities, protected identities, staff of elsewhere.

use super::application::{ANNA, SERVICE, begin, fill_in, send_in};
use super::browser::Browser;
use super::demo::{Demo, legitimate};

/// Another resident of the same municipality: Anna's husband.
const PER: &str = "197709022391";
/// Sekretessmarkering, in Lidköping; her child too.
const CAMILLA: &str = "198508292383";
/// Skyddad folkbokföring, in Lidköping.
const NADIA: &str = "199203182382";

#[tokio::test(flavor = "multi_thread")]
async fn a_case_and_a_draft_are_there_for_their_owner_only() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    begin(&demo, &mut anna).await;
    let draft = anna.url().to_string();
    let mut per = demo.citizen(PER).await;
    per.open(&draft).await;
    per.expect_status(404);
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    let done = anna.url().to_string();
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    for address in [&case, &done] {
        anna.open(address).await;
        anna.expect_status(200);
        per.open(address).await;
        per.expect_status(404);
        per.do_not_see(&reference.replace("EK", "Ärende EK"));
    }
    // Nor does her case exist in another municipality, even for herself.
    let mut elsewhere = Browser::new();
    elsewhere.open(&demo.portal_of("skara", "/logga-in?retur=/mina-sidor")).await;
    legitimate(&mut elsewhere, ANNA).await;
    elsewhere.open(&demo.portal_of("skara", &format!("/mina-sidor/arenden/{reference}"))).await;
    elsewhere.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_serves_is_refused_and_another_name_is_led_home() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    browser.open_as_host(&demo.portal("/"), "kommun.example").await;
    browser.expect_status(421);
    browser.open_as_host(&demo.portal("/e-tjanster"), &format!("127.0.0.1:{}", demo.base)).await;
    assert!((300..400).contains(&browser.status()), "{}", browser.status());
    assert_eq!(browser.header("location"), demo.portal("/e-tjanster"));
    browser.open(&demo.portal_of("gotene", "/")).await;
    browser.see("Götene");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_a_protected_identity_sees_no_address_and_no_names_of_others() {
    let demo = Demo::start().await;
    let service = demo.portal_of("lidkoping", &format!("{SERVICE}/fyll-i"));
    for (number, secrets) in
        [(CAMILLA, ["Skengatan", "SKENGATAN", "53151", "531 51"]), (NADIA, ["BOX 2820", "Box 2820", "40320", "403 20"])]
    {
        let mut her = Browser::new();
        her.open(&service).await;
        legitimate(&mut her, number).await;
        her.expect_status(200);
        for secret in secrets.iter().chain(&["Elin", "Sami"]) {
            her.do_not_see(secret);
        }
    }
    let log = demo.log();
    assert!(!log.contains("SKENGATAN") && !log.contains(CAMILLA) && !log.contains(NADIA), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_of_a_protected_child_does_not_see_the_child() {
    let demo = Demo::start().await;
    let mut robert = demo.citizen("198207072391").await;
    robert.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    robert.expect_status(200);
    robert.do_not_see("Elin");
    robert.do_not_see("201305162388");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_of_another_municipality_and_of_none_are_refused_at_the_desk() {
    let demo = Demo::start().await;
    // Lidköping's handler at Örkelljunga's desk; somebody whom no list knows.
    for affiliation in ["ulka01@2120009929", "ingen99@2120009911"] {
        let mut staff = Browser::new();
        staff.open(&demo.desk("/inkorg")).await;
        legitimate(&mut staff, affiliation).await;
        staff.do_not_see("Ärenden på dina enheter");
        staff.open(&demo.desk("/inkorg")).await;
        assert!(!staff.text().contains("Ärenden på dina enheter"), "{}", staff.text());
    }
    let mut handler = Browser::new();
    handler.open(&demo.administration("/")).await;
    legitimate(&mut handler, "kaso01@2120009911").await;
    handler.do_not_see("Leveranser");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_is_not_taken() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    let address = demo.portal("/mina-sidor/installningar");
    let fields = [("email", "thief@example.com"), ("channel", "portal")];
    for origin in [None, Some("http://evil.example"), Some("null")] {
        anna.post_raw(&address, origin, &fields).await;
        anna.expect_status(403);
    }
    // From our own address, but without the page's token.
    anna.post_raw(&address, Some(&demo.at(0)), &fields).await;
    anna.expect_status(403);
    anna.open(&address).await;
    anna.do_not_see("thief@example.com");
}
