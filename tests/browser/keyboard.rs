//! Without a mouse: what has the focus is seen, faults lead to their fields, and everything that is pressed answers to
//! Enter or the space bar.

use super::chromium::Chromium;
use super::demo::Demo;
use super::whole_journey::{ANNA, SERVICE, start_day};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::Value;
use std::time::Duration;

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const SPACE: &str = " ";
const DOWN: &str = "\u{E015}";

/// A person who has a keyboard and nothing else.
struct Keyboard {
    screen: Chromium,
}

impl Keyboard {
    /// Presses keys, one after the other, wherever the focus is.
    async fn key(&mut self, keys: &str) {
        let mut strokes = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            strokes = strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.screen.client.perform_actions(strokes).await.unwrap_or_else(|why| panic!("key {keys:?}: {why}"));
    }

    async fn focus(&self) -> Value {
        self.screen.ask(&["focus"]).await
    }

    /// Tabs until the focus is on a control with these words, this name or this value. Every stop on the way is seen.
    async fn tab_to(&mut self, wanted: &str) {
        let mut stops = Vec::new();
        for _ in 0..80 {
            self.key(TAB).await;
            let at = self.focus().await;
            if at["tag"] != "body" {
                let is_seen = at["outline"].as_f64() >= Some(2.0) && at["inside"] == true && at["uncovered"] == true;
                assert!(is_seen, "the focus cannot be seen on {}: {at}", self.screen.path().await);
            }
            let says = |key: &str| at[key].as_str().unwrap_or_default().to_owned();
            if says("text").contains(wanted) || says("name") == wanted || says("value") == wanted {
                return;
            }
            stops.push(says("text"));
        }
        panic!("\"{wanted}\" cannot be reached with Tab on {}: {stops:?}", self.screen.path().await);
    }

    /// Goes to a button or link and presses Enter.
    async fn press(&mut self, label: &str) {
        self.tab_to(label).await;
        let left = self.screen.leaves(label).await;
        self.key(ENTER).await;
        self.screen.settle(label, left).await;
    }

    /// Goes to a question's answers and takes the one with these words, with the space bar and the arrows.
    async fn choose(&mut self, question: &str, answer: &str) {
        self.tab_to(question).await;
        self.key(SPACE).await;
        for _ in 0..12 {
            let mut at = self.focus().await;
            for _ in 0..100 {
                // While the questions that an answer opens are put in, the focus is nowhere for a moment.
                if at["tag"] != "body" {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                at = self.focus().await;
            }
            if at["text"].as_str().unwrap_or_default().contains(answer) {
                return;
            }
            self.key(DOWN).await;
        }
        panic!("no answer \"{answer}\" to {question}");
    }

    async fn write(&mut self, name: &str, text: &str) {
        self.tab_to(name).await;
        self.key(text).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_sent_in_with_the_keyboard_alone() {
    let demo = Demo::start().await;
    let mut anna = Keyboard { screen: Chromium::start().await };

    // The first stop on a page leads past its head.
    anna.screen.open(&demo.portal(SERVICE)).await;
    anna.key(TAB).await;
    assert_eq!(anna.focus().await["text"], "Hoppa till innehållet");
    anna.screen.look("k1-skip-link").await;
    anna.key(ENTER).await;
    assert_eq!(anna.focus().await["id"], "innehall");

    // Log-in, with the person's number in the broker's field.
    anna.press("Logga in och börja").await;
    anna.write("person", ANNA).await;
    anna.press("Legitimera").await;
    anna.screen.see("Dina uppgifter").await;
    anna.press("Fortsätt").await;
    anna.choose("barn", "Saga").await;
    anna.press("Fortsätt").await;

    // Nothing answered: the summary of faults has the focus, and its links lead into the questions.
    anna.press("Fortsätt").await;
    anna.screen.see("Det finns något att rätta till").await;
    assert!(anna.focus().await["text"].as_str().unwrap().contains("Skriv vilken dag barnet behöver börja"));
    anna.screen.look("k2-error-summary").await;
    anna.press("Skriv vilken dag barnet behöver börja").await;
    assert_eq!(anna.focus().await["name"], "startdatum.year");
    let (year, month, day) = start_day();
    anna.key(&year.to_string()).await;
    anna.write("startdatum.month", &month.to_string()).await;
    anna.write("startdatum.day", &day.to_string()).await;
    anna.choose("forskola_1", "Garvarens förskola").await;
    anna.choose("syskon", "Nej").await;
    anna.press("Fortsätt").await;

    // What an answer opens does not take the focus away.
    anna.choose("sysselsattning", "Jag arbetar eller studerar").await;
    anna.screen.wait_for("Hur många timmar i veckan").await;
    assert_eq!(anna.focus().await["name"], "sysselsattning");
    anna.write("timmar", "30").await;
    anna.choose("obekvam_tid", "Nej").await;
    anna.choose("hansyn", "Nej").await;
    anna.press("Fortsätt").await;
    anna.choose("kontakt_kanal", "På Mina sidor").await;
    anna.press("Fortsätt").await;
    anna.screen.see("Kontrollera dina svar").await;
    anna.press("Skicka in").await;
    assert!(anna.screen.find("strong.reference").await.starts_with("EK-"), "{}", anna.screen.text().await);

    // She reads what she sent, and logs out.
    anna.press("Följ ärendet").await;
    anna.press("Visa dina svar").await;
    anna.screen.see("Garvarens förskola").await;
    anna.screen.listen().await;
    anna.screen.open(&demo.portal("/mina-sidor")).await;
    anna.press("Logga ut").await;
    anna.screen.see("Du är utloggad").await;
    anna.screen.finish().await;
}
