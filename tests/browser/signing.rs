//! Signing in a real browser: alone, together with the other guardian, and testing the receipt afterwards.

use super::chromium::Chromium;
use super::demo::Demo;
use super::whole_journey::{ANNA, start_day};

const PER: &str = "197709022391";
const SERVICE: &str = "/e-tjanster/uppsagning-forskoleplats";

#[tokio::test(flavor = "multi_thread")]
async fn both_guardians_sign_and_anybody_can_test_the_receipt() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.log_in(&demo.portal(&format!("{SERVICE}/fyll-i")), ANNA).await;
    screen.press("Fortsätt").await;
    screen.choose("barn", "Saga").await;
    screen.press("Fortsätt").await;
    screen.date("sista_dag", start_day()).await;
    screen.press("Fortsätt").await;
    screen.look("s0-the-other").await;
    screen.press("Fortsätt").await;
    screen.choose("kontakt_kanal", "På Mina sidor").await;
    screen.press("Fortsätt").await;
    screen.see("Skriv under och skicka in").await;
    screen.look("s1-review").await;

    // Changing her mind at the broker leaves the answers where they were.
    screen.press("Skriv under och skicka in").await;
    screen.see("begär din underskrift").await;
    screen.press("Avbryt").await;
    screen.see("Underskriften avbröts").await;
    screen.look("s2-stopped").await;
    screen.press("Skriv under och skicka in").await;
    screen.press("Skriv under").await;
    let reference = screen.find("strong.reference").await;
    screen.look("s3-received-but-one").await;
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    screen.reload_until(&case, "Kvitto").await;
    screen.look("s4-case-waits").await;
    screen.press("Logga ut").await;

    // The other guardian finds it where he follows everything else.
    screen.log_in(&demo.portal("/mina-sidor"), PER).await;
    screen.see("Väntar på din underskrift").await;
    screen.look("s5-asked").await;
    let place = screen.attribute("a[href^='/underskrifter/']", "href").await;
    screen.open(&demo.portal(&place)).await;
    screen.look("s6-cosign").await;
    screen.press("Skriv under").await;
    screen.press("Skriv under").await;
    screen.see("Kommunen har din underskrift").await;
    screen.look("s7-cosigned").await;
    screen.press("Logga ut").await;

    // Whoever has the receipt can test it; a code that nobody was given is not known.
    screen.open(&demo.portal("/kvitto")).await;
    screen.look("s8-test").await;
    screen.fill("kod", "7F3K-9QX6-01AB-CDEF").await;
    screen.press("Kontrollera koden").await;
    screen.look("s9-unknown").await;
    screen.open(&demo.portal(&format!("/kvitto/{}", code_of(&demo, &reference)))).await;
    screen.see("Kvittot stämmer").await;
    screen.see(&reference).await;
    screen.do_not_see("Anna").await;
    screen.look("s10-genuine").await;
    screen.finish().await;
}

/// What stands under the QR code of the newest receipt.
fn code_of(demo: &Demo, reference: &str) -> String {
    use diesel::prelude::*;
    use kommunportal::db::schema::{cases, receipts};
    let url = format!("sqlite:{}", demo.data().join("portal.db").display());
    let reference = reference.to_owned();
    super::databases::with_conn(&url, move |c| {
        let case: String = cases::table.filter(cases::reference.eq(reference)).select(cases::id).first(c).unwrap();
        let of_case = receipts::table.filter(receipts::case_id.eq(case));
        of_case.order(receipts::sealed_at.desc()).select(receipts::code).first(c).unwrap()
    })
}
