//! Pages beside the journey: other municipalities, English, what the law wants told, people who are not Anna.

use super::chromium::Chromium;
use super::demo::Demo;
use super::whole_journey::{ANNA, SERVICE};
use base64::Engine as _;

/// A grey pixel.
fn photo() -> Vec<u8> {
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
    base64::engine::general_purpose::STANDARD.decode(png).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_in_the_street_is_reported_by_somebody_without_a_name() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.open(&demo.portal("/e-tjanster/felanmalan")).await;
    screen.look("p1-fault-service").await;
    screen.press("Börja").await;
    screen.look("p2-fault-first").await;
    screen.choose("fara", "Ja").await;
    screen.pick("kategori", "Gatubelysning").await;
    screen.wait_for("Nummer på lampstolpen").await;
    screen.fill("Beskriv felet", "Lampan är trasig.").await;
    screen.look("p3-fault-opened").await;
    screen.press("Fortsätt").await;
    screen.look("p4-fault-place").await;
    screen.fill("plats", "Kyrkparken").await;
    let file = screen.file("lampan vid grinden.png", &photo());
    screen.attach("foto", &file).await;
    screen.press("Fortsätt").await;
    screen.look("p5-fault-contact").await;
    screen.press("Fortsätt").await;
    screen.see("lampan vid grinden.png").await;
    screen.look("p6-fault-review").await;
    screen.press("Ändra Foto").await;
    screen.look("p7-fault-uploaded").await;
    screen.press("Spara ändringen").await;
    screen.press("Skicka in").await;
    screen.look("p8-fault-done").await;

    // Jonas at the street office opens it.
    screen.log_in(&demo.desk("/inkorg"), "jobr01@2120009911").await;
    screen.reload_until(&demo.desk("/inkorg"), "SBN 20").await;
    screen.press("SBN 20").await;
    let errand = demo.desk(&screen.path().await);
    screen.reload_until(&errand, "lampan vid grinden.png").await;
    screen.see("är anonym och vill inte ha svar").await;
    screen.look("p9-fault-desk").await;
    screen.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_municipalities_english_and_protected_people_get_pages_as_whole() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    for (municipality, name) in [("lidkoping", "Lidköping"), ("gotene", "Götene"), ("skara", "Skara")] {
        screen.open(&demo.portal_of(municipality, "/")).await;
        screen.see(name).await;
        screen.look(&format!("q1-start-{municipality}")).await;
    }
    for (name, path) in [
        ("q2-catalogue", "/e-tjanster"),
        ("q3-category", "/e-tjanster?kategori=barn-och-utbildning"),
        ("q4-no-hits", "/e-tjanster?q=rymdraket"),
        ("q5-accessibility", "/tillganglighet"),
        ("q5b-problems", "/problems"),
        ("q5c-problem", "/problems/lease-lost"),
        ("q6-personal-data", "/om-personuppgifter"),
    ] {
        screen.open(&demo.portal(path)).await;
        screen.look(name).await;
    }

    // Camilla, whose identity is protected, sees no address of hers.
    screen.open(&demo.portal_of("lidkoping", &format!("{SERVICE}/fyll-i"))).await;
    screen.legitimate("198508292383").await;
    screen.do_not_see("Skengatan").await;
    screen.look("q7-protected").await;

    // English, chosen in the head of the page.
    screen.open(&demo.portal("/")).await;
    screen.press("English").await;
    screen.see("My pages").await;
    screen.look("q8-english-start").await;
    screen.open(&demo.portal(SERVICE)).await;
    screen.look("q9-english-service").await;
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.legitimate(ANNA).await;
    screen.look("q10-english-my-pages").await;
    screen.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    screen.press("Continue").await;
    screen.press("Continue").await;
    screen.look("q11-english-error").await;
    screen.open(&demo.portal("/finns-inte")).await;
    screen.look_at("q12-english-not-found", 404).await;
    screen.finish().await;
}
