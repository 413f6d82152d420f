//! A fault report, which needs no log-in.

use super::browser::Browser;

/// From the first step to the receipt; what it was given as reference.
pub async fn report(someone: &mut Browser, first_step: &str) -> String {
    someone.open(first_step).await;
    let form = someone.form_with("Fortsätt").choose("fara", "Nej").choose("kategori", "Lekplats eller park");
    let form = form.fill("beskrivning", "Gungan är trasig.");
    someone.submit(form, "Fortsätt").await;
    let form = someone.form_with("Fortsätt").fill("plats", "Kyrkparken");
    someone.submit(form, "Fortsätt").await;
    while !someone.path().ends_with("/granska") {
        let before = someone.path().to_owned();
        let form = someone.form_with("Fortsätt");
        someone.submit(form, "Fortsätt").await;
        assert_ne!(someone.path(), before, "{}", someone.text());
    }
    let form = someone.form("/skicka-in");
    someone.submit(form, "Skicka in").await;
    someone.find("strong.reference").unwrap_or_else(|| panic!("no reference:\n{}", someone.text()))
}
