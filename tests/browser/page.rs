//! What a person does on a page: reads, writes, chooses, presses. What is not there stops the test with the page's words.

use super::chromium::Chromium;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// WebDriver's name for a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Chromium {
    pub async fn open(&mut self, address: &str) {
        self.client.goto(address).await.unwrap_or_else(|why| panic!("{address}: {why}"));
        self.arrive().await;
    }

    /// What the open page is known by, if pressing this leads to another.
    pub async fn leaves(&self, label: &str) -> Option<Value> {
        let (leads_on, now) = (self.ask(&["leads_on", label]).await, self.ask(&["since"]).await);
        (leads_on == true).then_some(now)
    }

    /// Waits for the page that comes after the one that is left.
    pub async fn settle(&mut self, label: &str, left: Option<Value>) {
        let begun = Instant::now();
        while left.is_some() && self.try_ask(&["since"]).await.ok().is_none_or(|now| Some(now) == left) {
            assert!(begun.elapsed() < Duration::from_secs(20), "no page comes after \"{label}\"");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.arrive().await;
    }

    /// Remembers a page that is an answer to something wrong: the browser says so in its console.
    async fn arrive(&mut self) {
        let status = self.status().await;
        if status >= 400 {
            let mut address = self.client.current_url().await.unwrap();
            address.set_fragment(None);
            self.refused.push((address.to_string(), status));
        }
    }

    pub async fn status(&self) -> u16 {
        u16::try_from(self.ask(&["status"]).await.as_u64().unwrap()).unwrap()
    }

    pub async fn path(&self) -> String {
        self.ask(&["path"]).await.as_str().unwrap().to_owned()
    }

    pub async fn text(&self) -> String {
        self.ask(&["text"]).await.as_str().unwrap().to_owned()
    }

    /// The words of the first element that fits, or none.
    pub async fn find(&self, css: &str) -> String {
        self.ask(&["told", css]).await.as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of the first element that fits, or none.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.ask(&["attribute", css, name]).await.as_str().unwrap_or_default().to_owned()
    }

    pub(super) async fn ask(&self, what: &[&str]) -> Value {
        self.try_ask(what).await.unwrap_or_else(|why| panic!("{what:?}: {why}"))
    }

    /// Fails while one page goes and the next comes.
    async fn try_ask(&self, what: &[&str]) -> Result<Value, CmdError> {
        let arguments = what.iter().map(|word| json!(word)).collect();
        self.client.execute(include_str!("page.js"), arguments).await
    }

    pub(super) async fn element(&self, what: &[&str]) -> Element {
        let found = self.ask(what).await;
        let Some(id) = found.get(ELEMENT).and_then(Value::as_str) else {
            panic!("{what:?} is not on {}:\n{}", self.client.current_url().await.unwrap(), self.text().await)
        };
        Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))
    }

    /// What a script of the test's own gives, as text.
    pub async fn run(&self, script: &str) -> String {
        let value = self.client.execute(script, vec![]).await.unwrap();
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    pub async fn see(&self, wanted: &str) {
        let text = self.text().await;
        assert!(text.contains(wanted), "\"{wanted}\" is not on {}:\n{text}", self.client.current_url().await.unwrap());
    }

    pub async fn do_not_see(&self, unwanted: &str) {
        let text = self.text().await;
        assert!(!text.contains(unwanted), "\"{unwanted}\" is on {}:\n{text}", self.client.current_url().await.unwrap());
    }

    /// Presses a button or follows a link, and waits for the page that comes, if one does.
    pub async fn press(&mut self, label: &str) {
        let left = self.leaves(label).await;
        self.at(&["press", label], async |element| element.click().await).await;
        self.settle(label, left).await;
    }

    /// Writes in a field, in the place of what stood there.
    pub async fn fill(&self, label: &str, value: &str) {
        self.at(&["field", label], async |element| {
            element.clear().await?;
            element.send_keys(value).await
        })
        .await;
    }

    /// Does something at an element, once more when script has put another in its place meanwhile: a person does so too.
    async fn at(&self, what: &[&str], work: impl AsyncFn(&Element) -> Result<(), CmdError>) {
        for _ in 0..5 {
            match work(&self.element(what).await).await {
                Err(why) if why.to_string().contains("stale element") => {}
                done => return done.unwrap_or_else(|why| panic!("{what:?}: {why}")),
            }
        }
        panic!("{what:?} does not stand still");
    }

    pub async fn value(&self, label: &str) -> String {
        self.element(&["field", label]).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Chooses a file from the disk.
    pub async fn attach(&self, label: &str, file: &Path) {
        self.at(&["field", label], async |element| element.send_keys(file.to_str().unwrap()).await).await;
    }

    /// A file with this content, to attach.
    pub fn file(&self, name: &str, content: &[u8]) -> std::path::PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub async fn choose(&self, question: &str, answer: &str) {
        self.at(&["answer", question, answer], async |element| element.click().await).await;
    }

    /// Chooses from a list that unfolds.
    pub async fn pick(&self, label: &str, option: &str) {
        self.at(&["field", label], async |element| element.select_by_label(option).await).await;
    }

    pub async fn date(&self, name: &str, (year, month, day): (i16, i8, i8)) {
        for (part, value) in [("year", year), ("month", month.into()), ("day", day.into())] {
            self.fill(&format!("{name}.{part}"), &value.to_string()).await;
        }
    }

    /// Waits for words that script brings to the page that is open.
    pub async fn wait_for(&self, wanted: &str) {
        let begun = Instant::now();
        while !self.text().await.contains(wanted) {
            if begun.elapsed() > Duration::from_secs(15) {
                return self.see(wanted).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Opens a page again and again until it says something: for what other processes do in their own time.
    pub async fn reload_until(&mut self, address: &str, wanted: &str) {
        let begun = Instant::now();
        loop {
            self.open(address).await;
            if self.text().await.contains(wanted) {
                return;
            }
            if begun.elapsed() > Duration::from_secs(40) {
                return self.see(wanted).await;
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }

    /// On the broker's page: types who one is and confirms.
    pub async fn legitimate(&mut self, person: &str) {
        // In the language that she has chosen, as far as the broker speaks it.
        let is_english = self.text().await.contains("Test identification");
        let (title, button) =
            if is_english { ("Test identification", "Identify") } else { ("Testlegitimering", "Legitimera") };
        self.see(title).await;
        self.fill("person", person).await;
        self.press(button).await;
    }

    /// Logged in on a page that asks for it.
    pub async fn log_in(&mut self, address: &str, person: &str) {
        self.open(address).await;
        self.legitimate(person).await;
    }
}
