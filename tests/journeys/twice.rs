//! What happens twice is done once; and what people change their mind about.

use super::application::{ANNA, SERVICE, fill_in, send_in};
use super::demo::{Demo, reload_until};
use futures_util::future::join;

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_send_at_once_make_one_case() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    let form = anna.form("/skicka-in");
    let mut other = anna.another_tab();
    join(anna.submit(form.clone(), "Skicka in"), other.submit(form, "Skicka in")).await;
    let reference = anna.find("strong.reference").expect("a reference");
    assert_eq!(other.find("strong.reference"), Some(reference.clone()));
    reload_until(&mut anna, &demo.portal("/mina-sidor"), &reference).await;
    assert_eq!(anna.text().matches("Ärendenummer EK-").count(), 1, "{}", anna.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_step_that_is_sent_twice_makes_one_draft() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    anna.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    let form = anna.form_with("Fortsätt");
    let mut other = anna.another_tab();
    join(anna.submit(form.clone(), "Fortsätt"), other.submit(form, "Fortsätt")).await;
    assert_eq!(anna.url(), other.url());
    anna.open(&demo.portal("/mina-sidor/utkast")).await;
    assert_eq!(anna.source().matches("/ta-bort").count(), 1, "{}", anna.text());
    // She throws it away, and it is gone.
    let form = anna.form_with("Ta bort");
    anna.submit(form, "Ta bort").await;
    anna.open(&demo.portal("/mina-sidor/utkast")).await;
    anna.see("Du har inga utkast");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_taken_back_is_so_at_the_desk_as_well() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case, "BUN 20").await;
    anna.click("Ta tillbaka ärendet").await;
    let form = anna.form("/aterkalla");
    anna.submit(form, "Ta tillbaka ärendet").await;
    anna.see("Återkallat");
    let mut karin = demo.handler("kaso01@2120009911").await;
    reload_until(&mut karin, &demo.desk("/inkorg"), "Återkallad").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_pages_are_there_in_english() {
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    anna.click("English").await;
    assert_eq!(anna.attribute("html", "lang").as_deref(), Some("en"));
    anna.see("My pages");
    anna.open(&demo.portal(SERVICE)).await;
    anna.see("Preschool place");
    anna.click("Svenska").await;
    assert_eq!(anna.attribute("html", "lang").as_deref(), Some("sv"));
}
