//! What belongs to one that somebody acts for is never seen as another: not in a list, not by its address.

use super::acting::{CLUB, HERITAGE, HILL, HOUSE, SAGA, act_for, be_oneself, begin, declare, fill_in, send_in, start};
use super::application::ANNA;
use super::browser::Browser;
use super::databases::Database;
use super::demo::{Demo, reload_until};

const PER: &str = "197709022391";

/// What somebody leaves behind in one capacity: every address that leads to something of it, and words of its own.
struct Trace {
    addresses: Vec<String>,
    words: String,
}

async fn leave_a_trace(demo: &Demo, browser: &mut Browser, words: &str) -> Trace {
    let draft = begin(demo, browser).await;
    begin(demo, browser).await;
    fill_in(browser, words).await;
    let reference = send_in(browser).await;
    let receipt = browser.path().to_owned();
    let case = format!("/mina-sidor/arenden/{reference}");
    // The receipt is made in its own time.
    reload_until(browser, &demo.portal(&case), "Kvitto PDF").await;
    let form = browser.form("/meddelanden").fill("text", &format!("Ett meddelande om {words}"));
    browser.submit(form, "Skicka").await;
    browser.see(&format!("Ett meddelande om {words}"));
    let files = browser.all(&format!("a[href^='{case}/dokument/']"), "href");
    assert_eq!(files.len(), 2, "a receipt and an attachment: {files:?}");
    let mut addresses = vec![draft.clone(), draft.replace("/bokning", "/granska"), receipt];
    addresses.extend([case.clone(), format!("{case}/aterkalla")]);
    addresses.extend(files);
    Trace { addresses, words: words.to_owned() }
}

/// Nothing of it is there for whoever the browser is now, listed or by its address.
async fn sees_nothing_of(demo: &Demo, browser: &mut Browser, trace: &Trace) {
    for address in &trace.addresses {
        browser.open(&demo.portal(address)).await;
        assert_eq!(browser.status(), 404, "{address} of {}:\n{}", trace.words, browser.text());
    }
    for page in ["/", "/mina-sidor", "/mina-sidor/utkast", "/mina-sidor/meddelanden", "/mina-sidor/installningar"] {
        browser.open(&demo.portal(page)).await;
        browser.expect_status(200);
        let reference = trace.addresses[3].rsplit('/').next().unwrap();
        for own in [reference, trace.words.as_str(), trace.addresses[0].as_str()] {
            assert!(!browser.source().contains(own), "{page} tells of {}: {own}", trace.words);
        }
    }
    // Writing in it by hand is as far away as reading it.
    browser.open(&demo.portal("/mina-sidor/installningar")).await;
    let token = browser.form("/installningar").value("_csrf").to_owned();
    let capacity = browser.form("/installningar").value("_capacity").to_owned();
    let id = "01935c2a-7d10-7a3b-9d55-000000000009";
    let fields = [("_csrf", token.as_str()), ("_capacity", &capacity), ("_meddelande", id), ("text", "Hej på dig")];
    let origin = demo.portal("");
    for last in ["meddelanden", "aterkalla"] {
        let address = demo.portal(&format!("{}/{last}", trace.addresses[3]));
        browser.post_raw(&address, Some(&origin), &fields).await;
        assert_eq!(browser.status(), 404, "{address}");
    }
}

async fn everything_is_kept_apart(database: Option<Database>) {
    let here = start(database).await;
    let demo = &here.demo;
    let mut anna = demo.citizen(ANNA).await;
    let own = leave_a_trace(demo, &mut anna, "festen hemma").await;
    anna.open(&demo.portal(&own.addresses[3])).await;
    anna.do_not_see("Inskickat av");

    let mut traces = vec![own];
    for (whom, words) in
        [(SAGA, "barnkalaset"), (HOUSE, "årsstämman"), (HILL, "städdagen"), (HERITAGE, "hembygdsdagen")]
    {
        act_for(demo, &mut anna, whom).await;
        for trace in &traces {
            sees_nothing_of(demo, &mut anna, trace).await;
        }
        traces.push(leave_a_trace(demo, &mut anna, words).await);
        anna.open(&demo.portal(&traces.last().unwrap().addresses[3])).await;
        anna.see("Inskickat av");
        anna.see("Inskickat av Anna-Karin Åkesson");
    }
    declare(demo, &mut anna, CLUB).await;
    for trace in &traces {
        sees_nothing_of(demo, &mut anna, trace).await;
    }
    traces.push(leave_a_trace(demo, &mut anna, "vårtävlingen").await);
    be_oneself(&mut anna).await;
    for trace in &traces[1..] {
        sees_nothing_of(demo, &mut anna, trace).await;
    }
    // Her own are still there, and one press leads back to the club.
    anna.open(&demo.portal(&traces[0].addresses[3])).await;
    anna.expect_status(200);
    anna.open(&demo.portal("/mina-sidor")).await;
    let form = anna.form_with(CLUB.1);
    anna.submit(form, CLUB.1).await;
    anna.open(&demo.portal(&traces[5].addresses[3])).await;
    anna.expect_status(200);

    // Per signs for the same house, and for nothing else of hers.
    let mut per = demo.citizen(PER).await;
    for trace in &traces {
        sees_nothing_of(demo, &mut per, trace).await;
    }
    for (whom, shared) in [(SAGA, false), (HILL, false), (HOUSE, true)] {
        act_for(demo, &mut per, whom).await;
        for (place, trace) in traces.iter().enumerate() {
            if shared && place == 2 {
                per.open(&demo.portal(&trace.addresses[3])).await;
                per.see("Inskickat av Anna-Karin Åkesson");
            } else {
                sees_nothing_of(demo, &mut per, trace).await;
            }
        }
    }
    // Whoever handles it sees for whom it is, who did it, and what gives her the right.
    let mut handler = demo.handler("kaso01@2120009911").await;
    handler.open(&demo.desk("/inkorg")).await;
    assert!(!demo.log().contains(ANNA) && !demo.log().contains("5599999017"), "no number in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_one_that_she_acts_for_is_seen_as_another_on_sqlite() {
    everything_is_kept_apart(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_one_that_she_acts_for_is_seen_as_another_on_postgresql() {
    everything_is_kept_apart(Some(Database::postgres())).await;
}
