//! Plats i förskola, as a parent fills it in.

use super::browser::{Browser, Form};
use super::demo::Demo;

pub const ANNA: &str = "197905142381";
pub const SERVICE: &str = "/e-tjanster/forskoleplats";

/// A day three months from now, which is always a day that may be asked for.
pub fn start_day() -> (i16, i8, i8) {
    let day = kommunportal::vocabulary::Clock::system().now().plus_days(90).day();
    (day.year(), day.month(), day.day())
}

/// Presses the way on.
pub async fn go_on(browser: &mut Browser, form: Form) {
    browser.submit(form, "Fortsätt").await;
}

/// Answers the second step.
pub async fn when_and_where(browser: &mut Browser) {
    let (year, month, day) = start_day();
    let form = browser
        .form_with("Fortsätt")
        .date("startdatum", year, month, day)
        .choose("forskola_1", "Garvarens förskola")
        .choose("syskon", "Ja");
    go_on(browser, form).await;
}

/// Answers the third step. Without script, the questions that an answer opens come when she asks for them.
pub async fn needs(browser: &mut Browser) {
    let form = browser.form_with("Fortsätt").choose("sysselsattning", "arbete").choose("hansyn", "Nej");
    let form = if form.has("timmar") {
        form
    } else {
        browser.submit(form, "Uppdatera frågorna").await;
        browser.form_with("Fortsätt")
    };
    let form = form.fill("timmar", "35").choose("obekvam_tid", "Nej");
    go_on(browser, form).await;
}

/// Answers the last step: she wants the decision on Mina sidor.
pub async fn how_we_reach_her(browser: &mut Browser) {
    browser.see("Så når vi dig");
    let form = browser.form_with("Fortsätt").choose("kontakt_kanal", "På Mina sidor");
    go_on(browser, form).await;
}

/// Opens the first step, where she sees what is known about her, and goes on to her children.
pub async fn begin(demo: &Demo, browser: &mut Browser) {
    browser.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    go_on_from_her_own(browser).await;
}

/// From the first step to the second.
pub async fn go_on_from_her_own(browser: &mut Browser) {
    browser.see("Dina uppgifter");
    let form = browser.form_with("Fortsätt");
    go_on(browser, form).await;
}

/// From a logged-in browser to the review page, for the first child that is offered.
pub async fn fill_in(demo: &Demo, browser: &mut Browser) {
    begin(demo, browser).await;
    fill_in_the_rest(browser).await;
}

/// From the second step to the review page.
pub async fn fill_in_the_rest(browser: &mut Browser) {
    let form = browser.form_with("Fortsätt").choose("barn", "Saga");
    go_on(browser, form).await;
    when_and_where(browser).await;
    needs(browser).await;
    how_we_reach_her(browser).await;
    assert!(browser.path().ends_with("/granska"), "{}: {}", browser.path(), browser.text());
}

/// Sends in from the review page; the reference.
pub async fn send_in(browser: &mut Browser) -> String {
    let form = browser.form("/skicka-in");
    browser.submit(form, "Skicka in").await;
    let reference = browser.find("strong.reference");
    reference.unwrap_or_else(|| panic!("no reference on {}:\n{}", browser.path(), browser.text()))
}
