//! When something goes wrong: what the resident is told, page by page.

use super::chromium::Chromium;
use super::demo::{Demo, fault};
use super::whole_journey::{ANNA, SERVICE};
use serde_json::json;

const GRANT: &str = "/e-tjanster/foreningsbidrag";
/// As many bytes as a file may have in that service, and one more.
const TOO_MANY: usize = 10 * 1024 * 1024 + 1;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_in_a_form_is_told_where_it_is_wrong() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.log_in(&demo.portal(&format!("{GRANT}/fyll-i")), ANNA).await;
    // For whom: a number that cannot be, then one that can.
    screen.fill("Organisationsnummer", "802400-0001").await;
    screen.press("Fortsätt").await;
    screen.look("e1-acting-wrong").await;
    screen.fill("Organisationsnummer", "802400-0005").await;
    screen.fill("Namn", "Örkelljunga bågskytteklubb").await;
    screen.press("Fortsätt").await;
    screen.press("Fortsätt").await;
    screen.press("Fortsätt").await;
    screen.look("e1-empty").await;
    screen.choose("uppdrag", "Kassör").await;
    screen.fill("medlemmar", "många").await;
    screen.press("Fortsätt").await;
    screen.look("e2-wrong-number").await;
    screen.fill("medlemmar", "120").await;
    screen.press("Fortsätt").await;

    // A follow-up question, and rows of a group with what they sum up to.
    screen.choose("bidragstyp", "Projektbidrag").await;
    screen.wait_for("När börjar projektet?").await;
    screen.fill("andamal", "Nya mål och skyddsnät till ungdomarnas bana. 40 barn deltar.").await;
    screen.date("projektstart", (2020, 13, 1)).await;
    screen.press("Fortsätt").await;
    screen.look("e3-wrong-date").await;
    screen.date("projektstart", super::whole_journey::start_day()).await;
    screen.press("Fortsätt").await;
    screen.press("Lägg till").await;
    screen.fill("kostnader.0.vad", "Skyddsnät").await;
    screen.fill("kostnader.0.belopp", "12 000").await;
    screen.fill("Hur mycket söker ni?", "50 000").await;
    screen.choose("andra_bidrag", "Nej").await;
    screen.press("Fortsätt").await;
    screen.see("Det finns något att rätta till").await;
    screen.fill("Hur mycket söker ni?", "10 000").await;
    screen.press("Fortsätt").await;

    // Files: none, of the wrong kind, too large, and right.
    screen.press("Fortsätt").await;
    screen.look("e5-no-file").await;
    let program = screen.file("protokoll.exe", b"MZ\x90\x00 not minutes");
    screen.attach("arsmotesprotokoll", &program).await;
    screen.press("Fortsätt").await;
    screen.see("protokoll.exe är en sorts fil som vi inte kan ta emot").await;
    screen.look("e6-wrong-kind").await;
    let mut large = b"%PDF-1.7\n".to_vec();
    large.resize(TOO_MANY, b' ');
    let large = screen.file("protokoll.pdf", &large);
    screen.attach("arsmotesprotokoll", &large).await;
    screen.press("Fortsätt").await;
    screen.see("protokoll.pdf är för stor").await;
    let minutes = screen.file("Protokoll årsmöte 2026.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
    screen.attach("arsmotesprotokoll", &minutes).await;
    screen.press("Fortsätt").await;
    screen.look("e8-contact").await;
    screen.fill("kontakt_epost", "anna.akesson").await;
    screen.press("Fortsätt").await;
    screen.see("Det finns något att rätta till").await;
    screen.fill("kontakt_epost", "").await;
    screen.choose("kontakt_kanal", "På Mina sidor").await;
    screen.press("Fortsätt").await;
    screen.see("Protokoll årsmöte 2026.pdf").await;
    screen.look("e10-review").await;
    screen.press("Skicka in").await;

    // Nothing written, and an application that is taken back.
    screen.press("Följ ärendet").await;
    screen.press("Skicka").await;
    screen.look("e11-empty-message").await;
    screen.press("Ta tillbaka ärendet").await;
    screen.look("e12-withdraw").await;
    screen.press("Ta tillbaka").await;
    screen.see("Du har tagit tillbaka ärendet").await;
    screen.look("e13-withdrawn").await;

    // Settings.
    screen.open(&demo.portal("/mina-sidor/installningar")).await;
    screen.look("e14-settings").await;
    screen.fill("E-postadress", "anna@").await;
    screen.fill("Telefonnummer", "sju").await;
    screen.press("Spara").await;
    screen.look("e15-settings-wrong").await;
    screen.fill("E-postadress", "avvisas@example.se").await;
    screen.fill("Telefonnummer", "").await;
    screen.press("Spara").await;
    screen.look("e16-settings-saved").await;
    screen.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_broken_is_told_and_nothing_is_lost() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;

    // Log-in: the broker does not answer, the person thinks again.
    demo.control(2, fault("discovery_down")).await;
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.see("Inloggningstjänsten svarar inte").await;
    let status = screen.status().await;
    screen.look_at("f1-broker-down", status).await;
    demo.reset(2).await;
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.press("Avbryt").await;
    screen.see("Inloggningen avbröts").await;
    let status = screen.status().await;
    screen.look_at("f2-cancelled", status).await;

    // Navet does not answer: the same form, filled in by hand.
    demo.control(3, json!({ "fault": "fault_500" })).await;
    screen.log_in(&demo.portal(&format!("{SERVICE}/fyll-i")), ANNA).await;
    screen.see("Vi når inte folkbokföringen just nu").await;
    screen.look("f3-navet-down").await;
    screen.fill("Adress", "Exempelvägen 4").await;
    screen.fill("Postnummer", "286 32").await;
    screen.fill("Postort", "Örkelljunga").await;
    screen.press("Fortsätt").await;
    screen.look("f4-child-by-hand").await;
    screen.fill("barn", "Saga Åkesson, 2 januari 2023").await;

    // The session ends while she writes; what she wrote is there when she has logged in again.
    demo.end_sessions();
    screen.press("Fortsätt").await;
    screen.legitimate(ANNA).await;
    screen.see("Det du skrev finns kvar här").await;
    assert_eq!(screen.value("barn").await, "Saga Åkesson, 2 januari 2023");
    screen.look("f5-kept").await;
    demo.reset(3).await;
    screen.press("Spara och fortsätt senare").await;
    screen.look("f6-drafts").await;
    screen.press("Meddelanden").await;
    screen.look("f7-no-messages").await;
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.look("f8-no-cases").await;

    // Pages that are not there, and forms that are not ours.
    for (name, path) in [("f9-not-found", "/finns-inte"), ("f10-no-case", "/mina-sidor/arenden/EK-2026-AAAAAAAA")] {
        screen.open(&demo.portal(path)).await;
        screen.look_at(name, 404).await;
    }
    screen.open(&demo.portal("/mina-sidor/installningar")).await;
    screen.client.execute("document.getElementsByName('_csrf').forEach((f) => (f.value = 'x'))", vec![]).await.unwrap();
    screen.press("Spara").await;
    screen.look_at("f11-form-expired", 403).await;
    screen.finish().await;
}
