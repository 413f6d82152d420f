//! With JavaScript off: the same journey, a button more here and there.

use super::chromium::Chromium;
use super::demo::Demo;
use super::whole_journey::{ANNA, KARIN, SERVICE, start_day};

#[tokio::test(flavor = "multi_thread")]
async fn anna_applies_and_karin_decides_without_javascript() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.switch_off_script().await;

    // A page's own script does not run, and says so where it would have hidden something.
    screen.open(&demo.portal(SERVICE)).await;
    screen.press("Logga in och börja").await;
    screen.legitimate(ANNA).await;
    screen.press("Fortsätt").await;
    screen.choose("barn", "Saga").await;
    screen.press("Fortsätt").await;
    screen.press("Fortsätt").await;
    screen.see("Det finns något att rätta till").await;
    screen.look("n1-error-summary").await;
    screen.press("Svara om barnet har ett syskon").await;
    screen.date("startdatum", start_day()).await;
    screen.choose("forskola_1", "Garvarens förskola").await;
    screen.choose("syskon", "Ja").await;
    screen.press("Fortsätt").await;

    // Follow-up questions come when she asks for them, or when she goes on without them.
    screen.choose("sysselsattning", "arbete").await;
    screen.choose("hansyn", "Nej").await;
    screen.do_not_see("Hur många timmar i veckan").await;
    screen.press("Uppdatera frågorna").await;
    screen.see("Hur många timmar i veckan").await;
    screen.look("n2-follow-up").await;
    screen.fill("timmar", "35").await;
    screen.choose("obekvam_tid", "Nej").await;
    screen.press("Fortsätt").await;
    screen.choose("kontakt_kanal", "På Mina sidor").await;
    screen.press("Fortsätt").await;
    screen.press("Skicka in").await;
    let reference = screen.find("strong.reference").await;
    assert!(reference.starts_with("EK-"), "{reference}");
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    screen.press("Följ ärendet").await;
    screen.press("Visa dina svar").await;
    screen.see("Garvarens förskola").await;

    // The desk.
    screen.log_in(&demo.desk("/inkorg"), KARIN).await;
    screen.reload_until(&demo.desk("/inkorg"), "BUN 20").await;
    screen.press("BUN 20").await;
    screen.press("Ta ärendet").await;
    screen.press("Byt status").await;
    screen.choose("status", "Under handläggning").await;
    screen.press("Byt status").await;
    screen.press("Skriv beslut").await;
    screen.choose("outcome", "approved").await;
    screen.fill("Beslut", "Saga får plats på Garvarens förskola.").await;
    screen.press("Fatta beslutet").await;
    screen.see("Bifall").await;
    screen.reload_until(&case, "Saga får plats på Garvarens förskola.").await;
    screen.press("Logga ut").await;
    screen.see("utloggad").await;
    screen.finish().await;
}
