//! Old and new against one schema: portals are exchanged one by one while people use them.

use super::application::ANNA;
use super::browser::Browser;
use super::demo::legitimate;
use super::stack::Stack;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Asks on and on until told to stop; a single answer that is not the page itself ends the test.
struct Flow {
    stop: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Flow {
    fn reading(mut browser: Browser, addresses: Vec<String>) -> Self {
        let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (told, counted) = (stop.clone(), count.clone());
        let task = tokio::spawn(async move {
            while !told.load(Ordering::Relaxed) {
                for address in &addresses {
                    browser.open(address).await;
                    browser.expect_status(200);
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Flow { stop, count, task }
    }

    fn writing(mut browser: Browser, settings: String) -> Self {
        let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (told, counted) = (stop.clone(), count.clone());
        let task = tokio::spawn(async move {
            browser.open(&settings).await;
            while !told.load(Ordering::Relaxed) {
                let form = browser.form("/mina-sidor/installningar").fill("E-postadress", "anna@example.se");
                browser.submit(form, "Spara").await;
                browser.see("Dina inställningar är sparade.");
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        Flow { stop, count, task }
    }

    /// Waits until it has asked so many times more.
    async fn goes_on(&self, more: usize) {
        let goal = self.count.load(Ordering::Relaxed) + more;
        while self.count.load(Ordering::Relaxed) < goal {
            assert!(!self.task.is_finished(), "a request failed");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn ended(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.expect("a request failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_portals_are_exchanged_one_by_one_nobody_meets_an_error() {
    let mut stack = Stack::prepare();
    stack.up(&["portal-1", "portal-2", "simulators", "proxy"]).await;
    stack.open_door().await;
    let mut anna = stack.browser();
    anna.open(&stack.portal("/mina-sidor")).await;
    legitimate(&mut anna, ANNA).await;
    let writing = Flow::writing(anna.another_tab(), stack.portal("/mina-sidor/installningar"));
    let pages = ["/", "/e-tjanster", "/mina-sidor"].map(|path| stack.portal(path)).to_vec();
    let reading = Flow::reading(anna.another_tab(), pages);

    // The next version's migrations only add: the version that runs goes on with what it knows.
    stack.sql_in(
        "portal",
        "ALTER TABLE drafts ADD COLUMN of_the_next_version text; ALTER TABLE cases ADD COLUMN of_the_next_version bigint \
         NOT NULL DEFAULT 0; CREATE TABLE of_the_next_version (id text PRIMARY KEY); \
         INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000000', now())",
    );
    reading.goes_on(6).await;
    for portal in ["portal-1", "portal-2"] {
        let ops = format!("http://{}:8087/health/", stack.address(portal));
        let front = format!("http://{}:8080/e-tjanster", stack.address(portal));
        stack.terminate(portal);
        tokio::time::sleep(Duration::from_millis(300)).await;
        let client = reqwest::Client::new();
        let status = |url: String| {
            let request = client.get(url).header("host", "localhost").send();
            async { request.await.unwrap().status().as_u16() }
        };
        // It says that it leaves, and serves whoever comes before the proxy has heard it.
        assert_eq!(status(format!("{ops}ready")).await, 503);
        assert_eq!(status(format!("{ops}live")).await, 200);
        assert_eq!(status(front).await, 200);
        reading.goes_on(3).await;
        writing.goes_on(1).await;
        assert_eq!(stack.ended(portal).await, Some(0));
        reading.goes_on(3).await;
        writing.goes_on(1).await;
        stack.up(&[portal]).await;
        // Until the proxy sends people there again; only then is it the other's turn.
        let log = stack.log(portal).len();
        while stack.log(portal)[log..].matches("path=\"/e-tjanster\"").count() == 0 {
            reading.goes_on(1).await;
        }
    }
    writing.ended().await;

    // What is sent in the very moment of a power cut can fail, and is then sent again by its owner; questions do not fail.
    stack.kill("portal-1");
    reading.goes_on(9).await;
    stack.up(&["portal-1"]).await;
    reading.goes_on(3).await;
    reading.ended().await;
}
