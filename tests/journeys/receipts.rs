//! A receipt that is tested at `/kvitto`, by anybody: it holds, or it is told what does not.

use super::application::{ANNA, fill_in, send_in};
use super::browser::Browser;
use super::demo::{Demo, reload_until};

/// Lets the page of `municipality` test a file.
async fn test(demo: &Demo, municipality: &str, name: &str, bytes: &[u8]) -> Browser {
    let mut anybody = Browser::new();
    anybody.open(&demo.portal_of(municipality, "/kvitto")).await;
    let form = anybody.form_with("Kontrollera filen").attach("fil", name, bytes);
    anybody.submit(form, "Kontrollera filen").await;
    anybody.expect_status(200);
    anybody
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_holds_as_it_was_given_and_what_was_changed_in_it_is_told() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case, "Kvitto PDF").await;
    let receipt = anna.attribute("a[href*='/dokument/']", "href").expect("the receipt");
    anna.open(&receipt).await;
    let pdf = anna.bytes().to_vec();
    assert!(pdf.starts_with(b"%PDF"), "{}", anna.text());

    // As it was given: ours, and about this case. Nobody is logged in.
    let mut anybody = test(&demo, "orkelljunga", "kvitto.pdf", &pdf).await;
    anybody.see("Kvittot stämmer");
    anybody.see(&reference);
    anybody.do_not_see("Saga");
    let code = anybody.form_with("Kontrollera den bifogade filen").value("kod").to_owned();
    // A file that was not sent along with it.
    let form = anybody.form_with("Kontrollera den bifogade filen").attach("fil", "intyg.txt", b"not sent");
    anybody.submit(form, "Kontrollera den bifogade filen").await;
    anybody.see("Filen följde inte med");
    // By its code, also as people write it.
    let typed = code.to_lowercase().replace('-', " ");
    let form = anybody.form_with("Kontrollera koden").fill("kod", &typed);
    anybody.submit(form, "Kontrollera koden").await;
    anybody.see("Kvittot stämmer");
    let form = anybody.form_with("Kontrollera koden").fill("kod", "7F3K");
    anybody.submit(form, "Kontrollera koden").await;
    anybody.see("Koden har 16 tecken");
    test(&demo, "lidkoping", "kvitto.pdf", &pdf).await.see("Kvittot är från en annan kommun");

    // One byte of what can be read in it, and then the seal itself.
    let mut changed = pdf.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let told = test(&demo, "orkelljunga", "kvitto.pdf", &changed).await;
    told.see("Filen har ändrats");
    told.do_not_see("Kvittot stämmer");
    // The seal stands in several places of the file, and is forged in all of them.
    let mut forged = pdf.clone();
    let claims: Vec<usize> = pdf.windows(4).enumerate().filter(|(_, w)| *w == b".eyJ").map(|(at, _)| at).collect();
    assert!(!claims.is_empty(), "a seal in the file");
    for at in claims {
        forged[at + 60] = if pdf[at + 60] == b'A' { b'B' } else { b'A' };
    }
    test(&demo, "orkelljunga", "kvitto.pdf", &forged).await.see("Filen har ett sigill som inte stämmer");

    // Nothing of ours, and nothing at all.
    let mut told = test(&demo, "orkelljunga", "kvitto.pdf", b"Detta ar ett kvitto.").await;
    told.see("Vi känner inte igen kvittot");
    let form = told.form_with("Kontrollera filen");
    told.submit(form, "Kontrollera filen").await;
    told.see("Välj filen som ska kontrolleras");
}
