//! Felanmälan: without log-in, with a photo, bound to the browser.

use super::browser::Browser;
use super::demo::{Demo, reload_until, reload_until_there};

const SERVICE: &str = "/e-tjanster/felanmalan";

/// The smallest photo that is one: a grey pixel.
fn photo() -> Vec<u8> {
    use base64::Engine as _;
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
    base64::engine::general_purpose::STANDARD.decode(png).unwrap()
}

async fn begin(demo: &Demo) -> Browser {
    let mut browser = Browser::new();
    browser.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    browser.expect_status(200);
    browser.see("visas ärendet inte på Mina sidor");
    let form = browser
        .form_with("Fortsätt")
        .choose("fara", "Nej")
        .choose("kategori", "Lekplats eller park")
        .fill("beskrivning", "Gungan är trasig.");
    browser.submit(form, "Fortsätt").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_reports_a_fault_with_a_photo_and_the_street_office_gets_it() {
    let demo = Demo::start().await;
    let mut someone = begin(&demo).await;
    let form = someone.form_with("Fortsätt").fill("plats", "Kyrkparken").attach("foto", "gunga.png", &photo());
    someone.submit(form, "Fortsätt").await;
    while !someone.path().ends_with("/granska") {
        let before = someone.path().to_owned();
        let form = someone.form_with("Fortsätt");
        someone.submit(form, "Fortsätt").await;
        assert_ne!(someone.path(), before, "{}", someone.text());
    }
    someone.see("Gungan är trasig.");
    someone.see("gunga.png");
    someone.see("Ärendet kommer inte att synas på Mina sidor.");
    let form = someone.form("/skicka-in");
    someone.submit(form, "Skicka in").await;
    someone.see("Spara ärendenumret");
    let reference = someone.find("strong.reference").expect("a reference");
    // Its receipt is for this browser only.
    let done = someone.url().to_string();
    let mut other = Browser::new();
    other.open(&done).await;
    other.expect_status(404);

    let mut jonas = demo.handler("jobr01@2120009911").await;
    reload_until(&mut jonas, &demo.desk("/inkorg"), "SBN 20").await;
    let errand = jonas.attribute("a[href^='/arenden/']", "href").expect("a link to the errand");
    // The desk fetches the photo after it has registered the errand.
    let file = reload_until_there(&mut jonas, &demo.desk(&errand), "a[href*='/filer/']", "href").await;
    jonas.see("gunga.png");
    jonas.see(&reference);
    jonas.see("Utan namn");
    jonas.open(&file).await;
    jonas.expect_status(200);
    assert!(jonas.header("content-disposition").starts_with("attachment"), "{}", jonas.header("content-disposition"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_without_log_in_belongs_to_its_browser() {
    let demo = Demo::start().await;
    let mut someone = begin(&demo).await;
    let draft = someone.url().to_string();
    someone.open(&draft).await;
    someone.expect_status(200);
    let mut other = Browser::new();
    other.open(&draft).await;
    other.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_called_a_photo_is_refused_and_the_answers_are_kept() {
    let demo = Demo::start().await;
    let mut someone = begin(&demo).await;
    let form = someone.form_with("Fortsätt").fill("plats", "Kyrkparken").attach(
        "foto",
        "gunga.png",
        b"MZ\x90\x00 not a photo",
    );
    someone.submit(form, "Fortsätt").await;
    someone.see("gunga.png är en sorts fil som vi inte kan ta emot");
    assert_eq!(someone.form_with("Fortsätt").value("plats"), "Kyrkparken");
}
