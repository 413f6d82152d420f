//! A person at a browser while the servers come and go: presses again or reloads, and takes nothing for received that
//! the page has not said.

use super::browser::{Browser, Form};
use super::chance::Chance;
use std::time::{Duration, Instant};

/// So long nobody waits for a page, whatever is killed meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Resident {
    pub browser: Browser,
    pub chance: Chance,
}

impl Resident {
    pub fn new(chance: Chance) -> Self {
        Resident { browser: Browser::new(), chance }
    }

    async fn rest(&self) {
        tokio::time::sleep(Duration::from_millis(100) + self.chance.pause(300)).await;
    }

    /// True for a page; false when the server asks for patience, with words. Anything else is a fault: something that was
    /// there is not there any more, or was refused.
    #[track_caller]
    fn is_served(&self) -> bool {
        match self.browser.status() {
            200 => true,
            503 => {
                self.browser.see("Det du hade sparat tidigare finns kvar");
                false
            }
            status => panic!("{status} on {}:\n{}", self.browser.url(), self.browser.text()),
        }
    }

    /// Opens an address, again and again until it is served.
    pub async fn open(&mut self, address: &str) {
        let begun = Instant::now();
        while self.browser.try_open(address).await.is_err() || !self.is_served() {
            assert!(begun.elapsed() < PATIENCE, "{address} is not served");
            self.rest().await;
        }
    }

    /// Fills in the form of this page and presses the button until the next page is there.
    pub async fn press(&mut self, button: &str, fill: impl Fn(&Browser) -> Form) {
        let (page, begun) = (self.browser.url().clone(), Instant::now());
        let mut form = fill(&self.browser);
        loop {
            match self.browser.try_submit(form.clone(), button).await {
                Ok(()) if self.is_served() => return,
                // The form was taken, and the answer said where to go: that must be there.
                Err(lost) if !lost.is_first => return self.open(lost.url.as_str()).await,
                _ => {}
            }
            assert!(begun.elapsed() < PATIENCE, "{page} is not taken");
            self.rest().await;
            // A form with a file is not sent on the off chance: she looks whether it is there.
            if form.has_files() || self.chance.below(2) == 0 {
                self.open(page.as_str()).await;
                if self.browser.path() != page.path() {
                    return;
                }
                form = fill(&self.browser);
            }
        }
    }

    /// Logs in through the broker's page; begins anew when that is cut off.
    pub async fn log_in(&mut self, address: &str, person: &str) {
        let begun = Instant::now();
        loop {
            if self.browser.try_open(address).await.is_ok() && self.browser.status() == 200 {
                if self.browser.url().as_str() == address {
                    return;
                }
                let form = self.browser.form_with("Avbryt").fill("person", person);
                drop(self.browser.try_submit(form, "Legitimera").await);
            }
            assert!(begun.elapsed() < PATIENCE, "{person} cannot log in");
            self.rest().await;
        }
    }
}
