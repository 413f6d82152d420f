//! What a newcomer does in the first five minutes: be somebody with one press, find the way between the sides, break
//! something and see that nothing is lost.

use super::application::{ANNA, SERVICE, fill_in, send_in};
use super::browser::Browser;
use super::demo::{Demo, reload_until};
use serde_json::{Value, json};

const MAIL: &str = "anna@example.se";

async fn press(browser: &mut Browser, demo: &Demo, button: &str) {
    browser.open(&demo.at(4)).await;
    let form = browser.form_with(button);
    browser.submit(form, button).await;
}

fn waiting(state: &Value, queue: &str) -> i64 {
    let queues = state["queues"].as_array().unwrap();
    queues.iter().find(|q| q["name"] == queue).and_then(|q| q["waiting"].as_i64()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_press_makes_one_any_of_five_people_and_the_strip_leads_between_the_sides() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    browser.open(&demo.at(4)).await;
    assert_eq!(browser.attribute(".demo-strip a[aria-current]", "href"), Some(demo.at(4)));
    let links = [demo.at(0), demo.at(1), demo.at(4)];
    assert_eq!(browser.all(".demo-strip a", "href"), links);

    // Each takes the place of whoever was there before; the other side is not touched.
    for (button, path, name, side) in [
        ("Bli Anna", "/mina-sidor", "Anna", 0),
        ("Bli Karin", "/inkorg", "Karin Solbacka", 1),
        ("Bli Camilla", "/mina-sidor", "Camilla", 0),
        ("Bli Eva", "/inkorg", "Eva Hallmyr", 1),
        ("Bli Olena", "/mina-sidor", "Olena", 0),
    ] {
        press(&mut browser, &demo, button).await;
        assert_eq!((browser.status(), browser.path()), (200, path), "{button}");
        browser.see(name);
        assert_eq!(browser.all(".demo-strip a", "href"), links, "{button}");
        assert_eq!(browser.attribute(".demo-strip a[aria-current]", "href"), Some(demo.at(side)), "{button}");
    }
    browser.open(&demo.desk("/inkorg")).await;
    browser.see("Eva Hallmyr");
    browser.do_not_see("Karin Solbacka");
    // The choice was for that once: who logs in the next time is asked.
    browser.open(&demo.portal("/logga-in?retur=/mina-sidor")).await;
    browser.see("Testlegitimering");
    assert_eq!(browser.all(".demo-strip a", "href"), links, "the test log-in has the strip as well");
    // The tour leads straight to something to do; handlers of another municipality stay in it.
    press(&mut browser, &demo, "Börja ansöka").await;
    browser.see("Dina uppgifter");
    browser.open(&demo.portal_of("skara", "/")).await;
    let desk = demo.desk("").replace("localhost", "skara.localhost");
    assert!(browser.all(".demo-strip a", "href").contains(&desk), "{desk}");

    // Nobody elsewhere can press for one.
    for origin in [None, Some("http://evil.example"), Some("http://localhost:1")] {
        browser.post_raw(&format!("{}/bli", demo.at(4)), origin, &[("person", "anna")]).await;
        browser.expect_status(403);
        browser.post_raw(&format!("{}/brytare", demo.at(4)), origin, &[("namn", "mail"), ("lage", "av")]).await;
        browser.expect_status(403);
    }
    let state = demo.wait_for_room(|_| true).await;
    assert!(state["switches"].as_array().unwrap().iter().all(|s| s["on"] == false), "{state}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kontrollrum_speaks_english_to_whoever_has_chosen_it_anywhere() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    browser.open(&demo.at(4)).await;
    browser.click("English").await;
    browser.see("Try both sides of a case");
    browser.open(&demo.portal("/")).await;
    browser.see("invented people");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_broken_nothing_is_lost_and_the_queues_drain_when_it_is_mended() {
    let demo = Demo::start().await;
    let (mut room, mut anna) = (Browser::new(), demo.citizen(ANNA).await);
    anna.open(&demo.portal("/mina-sidor/installningar")).await;
    let form = anna.form("/mina-sidor/installningar").fill("E-postadress", MAIL);
    anna.submit(form, "Spara").await;

    // Everything is slow, and still works.
    press(&mut room, &demo, "Ta sönder: Långsamt").await;
    room.see("Trasigt nu");
    for simulator in [2, 3, 4] {
        assert_eq!(demo.observed(simulator).await["state"]["delay_ms"], 1500, "{simulator}");
    }
    let mut slow = demo.citizen(ANNA).await;
    slow.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    slow.see("Exempelvägen 4");
    press(&mut room, &demo, "Laga: Långsamt").await;
    assert_eq!(demo.observed(2).await["state"]["delay_ms"], 0);

    // Without the population register she writes herself.
    press(&mut room, &demo, "Ta sönder: Navet nere").await;
    let mut unknown = demo.citizen("198508292383").await;
    unknown.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    unknown.see("Vi når inte folkbokföringen just nu.");
    press(&mut room, &demo, "Laga: Navet nere").await;

    // With the desk and the mail away, what she sends in is received and waits.
    press(&mut room, &demo, "Ta sönder: Mejlen nere").await;
    press(&mut room, &demo, "Ta sönder: Handläggarsystemet nere").await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    anna.see("vi har tagit emot");
    // It has been tried and has failed, and is not counted as sent.
    demo.wait_for_room(|state| waiting(state, "deliveries") == 1 && waiting(state, "letters") == 1).await;
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    let state = demo.wait_for_room(|_| true).await;
    assert_eq!((waiting(&state, "deliveries"), waiting(&state, "letters")), (1, 1), "{state}");
    let mut karin = demo.handler("kaso01@2120009911").await;
    karin.do_not_see(&reference);
    assert_eq!(demo.letters(MAIL).await, Vec::<Value>::new());
    room.open(&demo.at(4)).await;
    assert_eq!(room.count(".queue-waits .boxes span"), 2, "one box for each thing that waits");

    press(&mut room, &demo, "Laga allt").await;
    let state = demo.wait_for_room(|s| waiting(s, "deliveries") == 0 && waiting(s, "letters") == 0).await;
    assert!(state["switches"].as_array().unwrap().iter().all(|s| s["on"] == json!(false)), "{state}");
    let letters = demo.wait_for_letters(MAIL, 1).await;
    assert!(letters[0]["text"].as_str().unwrap().contains(&reference));
    reload_until(&mut karin, &demo.desk("/inkorg"), &reference).await;
    assert_eq!(karin.source().matches("href=\"/arenden/").count(), 1, "registered once");
}
