//! One application from the first search to the decision, as the resident and the handler see it.

use super::application::{ANNA, SERVICE, begin, go_on, how_we_reach_her, needs, send_in, start_day, when_and_where};
use super::browser::Browser;
use super::databases::Folder;
use super::demo::{Demo, legitimate, reload_until};
use std::process::Command;

const MAIL: &str = "anna.akesson@example.se";

/// Says where Anna wants her mail, as she would on Mina sidor.
async fn leave_an_address(demo: &Demo, anna: &mut Browser) {
    anna.open(&demo.portal("/mina-sidor/installningar")).await;
    let form = anna.form("/mina-sidor/installningar").fill("E-postadress", MAIL);
    anna.submit(form, "Spara").await;
    anna.see("Dina inställningar är sparade.");
}

#[tokio::test(flavor = "multi_thread")]
async fn anna_applies_for_a_preschool_place_and_karin_decides() {
    let demo = Demo::start().await;
    let mut anna = Browser::new();

    // She finds the service by words with å, ä and ö, also when she leaves out the dots.
    anna.open(&demo.portal("/")).await;
    let form = anna.form("/e-tjanster").fill("q", "FÖRSKOLA");
    anna.submit(form, "Sök").await;
    anna.see("Plats i förskola");
    anna.open("/e-tjanster?q=f%C3%B6rskoleplats").await;
    anna.click("Plats i förskola").await;
    assert_eq!(anna.path(), SERVICE);

    // She looks through the questions before she logs in.
    anna.click("Titta igenom frågorna").await;
    anna.see("När behöver barnet börja?");
    anna.see("Inget sparas på den här sidan.");
    assert!(anna.cookie("localhost", "kp_session").is_none_or(|c| !c.starts_with("s.")), "she is not logged in");

    // She begins, and is asked to legitimate herself.
    anna.open(&demo.portal(SERVICE)).await;
    anna.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    anna.see("Testlegitimering");
    legitimate(&mut anna, ANNA).await;
    assert_eq!(anna.path(), format!("{SERVICE}/fyll-i"), "she is back where she was");
    anna.see("Exempelvägen 4 Hämtat från folkbokföringen");
    leave_an_address(&demo, &mut anna).await;

    // Her children under 18 are there by name; she chooses the one who is three.
    begin(&demo, &mut anna).await;
    anna.see("Saga");
    anna.see("Hjalmar");
    anna.do_not_see(ANNA);
    anna.do_not_see("202301022386");
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    go_on(&mut anna, form).await;
    when_and_where(&mut anna).await;

    // She stops half-way, logs out, and goes on another day.
    let form = anna.form_with("Spara och fortsätt senare").choose("sysselsattning", "arbete");
    anna.submit(form, "Spara och fortsätt senare").await;
    assert_eq!(anna.path(), "/mina-sidor/utkast");
    anna.see("Plats i förskola");
    let form = anna.form("/logga-ut");
    anna.submit(form, "Logga ut").await;
    assert_eq!(anna.path(), "/utloggad");
    anna.open(&demo.portal("/mina-sidor/utkast")).await;
    legitimate(&mut anna, ANNA).await;
    anna.click("Fortsätt: Plats i förskola").await;
    needs(&mut anna).await;
    assert_eq!(anna.form_with("Fortsätt").value("E-postadress"), MAIL, "she has said so on Mina sidor");
    how_we_reach_her(&mut anna).await;

    // She reads her answers, and changes one.
    assert!(anna.path().ends_with("/granska"), "{}", anna.path());
    anna.see("Kontrollera dina svar");
    anna.see("Garvarens förskola");
    anna.see("Anna");
    anna.see("Exempelvägen 4");
    let review = anna.path().to_owned();
    let change = anna.attribute("a[href*='/onskemal?andra']", "href").expect("a link to change the second step");
    anna.open(&change).await;
    let (year, month, day) = start_day();
    assert_eq!(anna.form_with("Spara ändringen").value("startdatum.year"), year.to_string());
    let form = anna.form_with("Spara ändringen").choose("forskola_1", "Bokhyllans förskola").date(
        "startdatum",
        year,
        month,
        day,
    );
    anna.submit(form, "Spara ändringen").await;
    assert_eq!(anna.path(), review);
    anna.see("Bokhyllans förskola");

    // She sends it in. Sending it again, and going back, lead to the same case.
    let sent_again = anna.form("/skicka-in");
    let reference = send_in(&mut anna).await;
    assert!(reference.starts_with("EK-"), "{reference}");
    anna.see("vi har tagit emot");
    anna.submit(sent_again, "Skicka in").await;
    assert_eq!(anna.find("strong.reference"), Some(reference.clone()));
    anna.open(&review).await;
    assert_eq!(anna.find("strong.reference"), Some(reference.clone()));

    // She gets a letter that says nothing of what it is about, and a receipt that a screen reader can read.
    let letters = demo.wait_for_letters(MAIL, 1).await;
    let text = letters[0]["text"].as_str().unwrap();
    assert!(text.contains(&reference), "{text}");
    assert!(!text.contains(ANNA) && !text.contains("Saga"), "{text}");
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case, "Kvitto PDF").await;
    let receipt = receipt_link(&anna);
    anna.open(&receipt).await;
    check_receipt(anna.bytes());

    // Karin finds it in her inbox under a diary number, and takes it.
    let mut karin = demo.handler("kaso01@2120009911").await;
    reload_until(&mut karin, &demo.desk("/inkorg"), "BUN 20").await;
    let errand = karin.attribute("a[href^='/arenden/']", "href").expect("a link to the errand");
    karin.open(&errand).await;
    karin.see("Saga");
    karin.see("Bokhyllans förskola");
    let form = karin.form("/ta");
    karin.submit(form, "Ta ärendet").await;
    karin.see("Karin Solbacka (du)");
    let form = karin.form("/status").choose("Ny status", "Under handläggning");
    karin.submit(form, "Byt status").await;
    let form = karin.form("/meddelande").fill("Meddelande", "Hej! Kan Saga börja redan på måndag?");
    karin.submit(form, "Skicka meddelandet").await;

    // Anna sees who has it and what Karin asks, and answers.
    reload_until(&mut anna, &case, "Kan Saga börja redan på måndag?").await;
    reload_until(&mut anna, &case, "BUN 20").await;
    anna.see("En handläggare arbetar med ärendet");
    demo.wait_for_letters(MAIL, 2).await;
    let form = anna.form("/meddelanden").fill("text", "Ja, det kan hon.");
    anna.submit(form, "Skicka").await;
    anna.see("Ditt meddelande är skickat.");
    anna.see("Ja, det kan hon.");
    reload_until(&mut karin, &demo.desk(&errand), "Ja, det kan hon.").await;

    // Karin decides, with how to appeal, and closes.
    karin.click("Skriv beslut").await;
    let form = karin.form("/beslut");
    let form = form
        .choose("outcome", "rejected")
        .fill("Beslut", "Du får ingen plats på Bokhyllans förskola.")
        .fill("Motivering", "Alla platser är upptagna.")
        .fill("Bestämmelser", "2010:800, 8 kap. 12 §");
    assert!(form.value("Hur man överklagar").contains("Förvaltningsrätten"), "{}", form.value("Hur man överklagar"));
    karin.submit(form, "Fatta beslutet").await;
    karin.see("Avslag");

    // Anna reads the decision, why, and how to appeal.
    reload_until(&mut anna, &case, "Du får ingen plats på Bokhyllans förskola.").await;
    anna.see("Alla platser är upptagna.");
    anna.see("Förvaltningsrätten");
    anna.see("tre veckor");
    anna.see("Karin Solbacka");
    let form = karin.form("/avsluta");
    let form = form.choose("outcome", "rejected").fill("Text till den sökande", "Ärendet är klart.");
    karin.submit(form, "Avsluta ärendet").await;
    reload_until(&mut anna, &case, "Ärendet är avslutat").await;
    for event in ["Vi har tagit emot ditt ärende", "Ärendet är registrerat", "Meddelande från kommunen", "Beslut"] {
        anna.see(event);
    }
    anna.open(&demo.portal("/mina-sidor")).await;
    anna.see("Avslutade ärenden");
    anna.see(&reference);

    // Henrik sees that everything that was sent in has been registered.
    let henrik = demo.log_in(&demo.administration("/"), "heek01@2120009911").await;
    henrik.see("Dagens balans");
    henrik.see("1 1 0 0 0 Stämmer");
    henrik.do_not_see("Anna");

    // Nothing of this has put an identity number in the log.
    let log = demo.log();
    for number in [ANNA, "7905142381", "790514-2381", "202301022386"] {
        assert!(!log.contains(number), "{number} is in the log:\n{log}");
    }
}

fn receipt_link(browser: &Browser) -> String {
    let link = browser.attribute("a[href*='/dokument/']", "href");
    link.unwrap_or_else(|| panic!("no document on the page:\n{}", browser.text()))
}

/// What a screen reader needs of a PDF.
fn check_receipt(pdf: &[u8]) {
    assert!(pdf.starts_with(b"%PDF"), "the receipt is no PDF: {}", String::from_utf8_lossy(&pdf[..pdf.len().min(300)]));
    let folder = Folder::new();
    let path = folder.path().join("kvitto.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdfinfo").arg(&path).output().expect("pdfinfo is missing: run scripts/setup-tests");
    let info = String::from_utf8_lossy(&output.stdout).into_owned();
    let says = |name: &str, value: &str| info.lines().any(|l| l.starts_with(name) && l.contains(value));
    assert!(says("Tagged:", "yes"), "{info}");
    assert!(says("Title:", "Kvitto"), "{info}");
    let text = Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("Bokhyllans förskola"), "{text}");
}
