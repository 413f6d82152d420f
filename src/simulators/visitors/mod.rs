//! Visitors: invented people who use the pages before anybody else comes, so that a newcomer meets an office at work and
//! not an empty room. They log in, fill in, send in and handle over HTTP as everybody does; nothing is put into a database.
//!
//! What is done is noted, one example at a time, and never done again: not at the next start, and not when the process was
//! killed in the middle. A fault is logged and tried again a few times; it never harms the demo.

mod application;
mod browser;
mod errand;
mod examples;
mod notes;

use super::people::People;
use crate::pdf::{self, Block, Document};
use crate::vocabulary::Clock;
use browser::{Stuck, Visitor};
use examples::Example;
use notes::Notes;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// The portal's cookie that names a browser.
const BROWSER: &str = "kp_session";
/// The broker's, which logs somebody in without a page.
const PERSON: &str = "kp_person";
/// Times that one example is tried, with a rest between.
const ATTEMPTS: usize = 5;
const REST: Duration = Duration::from_secs(2);

/// Whom the visitors visit, and where they note what is done.
pub struct Visit {
    /// The portal's address.
    pub portal: String,
    /// The desk's address.
    pub desk: String,
    /// The notes are the file `examples.json` in it.
    pub data_dir: PathBuf,
    /// What day it is.
    pub clock: Clock,
    /// Told as it goes.
    pub progress: Arc<Progress>,
}

/// What residents do of an example, and what handlers do.
#[derive(Clone, Copy)]
enum Part {
    SendIn,
    Handle,
}

/// How far the examples have come, for Kontrollrum.
#[derive(Debug, Default)]
pub struct Progress {
    of: AtomicUsize,
    done: AtomicUsize,
    is_given_up: AtomicBool,
}

impl Progress {
    /// `state` is `none`, `under-way`, `ready` or `given-up`.
    pub(super) fn seen(&self) -> Value {
        let (of, done) = (self.of.load(Ordering::Relaxed), self.done.load(Ordering::Relaxed));
        let state = match (of, self.is_given_up.load(Ordering::Relaxed)) {
            (0, _) => "none",
            (_, true) => "given-up",
            _ if done < of => "under-way",
            _ => "ready",
        };
        json!({ "state": state, "done": done, "of": of })
    }
}

/// Does everything that is not done yet.
pub async fn run(visit: Visit) {
    let progress = visit.progress.clone();
    if let Err(e) = visit.all().await {
        progress.is_given_up.store(true, Ordering::Relaxed);
        tracing::warn!(error = %e, "the example cases were given up; the next start goes on with them");
    }
}

impl Visit {
    async fn all(&self) -> Result<(), Stuck> {
        let people = People::load().map_err(|_| Stuck::Part("the invented people cannot be read"))?;
        let examples = examples::all(self.clock.now());
        let mut notes = Notes::open(self.data_dir.join("examples.json"))?;
        let done = |notes: &Notes| examples.iter().filter(|e| notes.of(e.key).done).count();
        self.progress.done.store(done(&notes), Ordering::Relaxed);
        self.progress.of.store(examples.len(), Ordering::Relaxed);
        if done(&notes) == examples.len() {
            return Ok(());
        }
        let document = protocol(self.clock.now());
        let protocol = tokio::task::spawn_blocking(move || pdf::render(&document));
        let protocol = protocol.await.ok().and_then(Result::ok).ok_or(Stuck::Part("the protocol cannot be made"))?;
        // Everything is sent in first, so that no delivery is waited for.
        for part in [Part::SendIn, Part::Handle] {
            for example in &examples {
                self.patiently(part, example, &people, &protocol, &mut notes).await?;
                self.progress.done.store(done(&notes), Ordering::Relaxed);
            }
        }
        tracing::info!(count = examples.len(), "the example cases are in place");
        Ok(())
    }

    async fn patiently(
        &self,
        part: Part,
        example: &Example,
        people: &People,
        protocol: &[u8],
        notes: &mut Notes,
    ) -> Result<(), Stuck> {
        let mut attempt = 1;
        loop {
            let done = match part {
                Part::SendIn => self.send_in(example, people, protocol, notes).await,
                Part::Handle => self.handle(example, notes).await,
            };
            match done {
                Err(e) if attempt < ATTEMPTS => {
                    tracing::warn!(example = example.key, error = %e, "an example case is tried again");
                }
                done => return done,
            }
            attempt += 1;
            tokio::time::sleep(REST).await;
        }
    }

    async fn send_in(
        &self,
        example: &Example,
        people: &People,
        protocol: &[u8],
        notes: &mut Notes,
    ) -> Result<(), Stuck> {
        let mut note = notes.of(example.key);
        if note.reference.is_none() {
            let mut visitor = Visitor::new(&self.portal)?;
            match example.who {
                Some(key) => {
                    let person =
                        people.persons.iter().find(|p| p.key == key).ok_or(Stuck::Part("nobody of that name"))?;
                    visitor.set_cookie(PERSON, &person.id);
                    visitor.open(&format!("{}/logga-in?retur=/mina-sidor", self.portal)).await?;
                    if visitor.path() != "/mina-sidor" {
                        return Err(visitor.stuck("not logged in"));
                    }
                }
                None => {
                    if let Some(browser) = &note.browser {
                        visitor.set_cookie(BROWSER, browser);
                    }
                    visitor.open(&format!("{}/", self.portal)).await?;
                }
            }
            note.reference = Some(application::send_in(&mut visitor, example, protocol, notes, &mut note).await?);
        }
        note.done |= example.acts.is_empty();
        notes.keep(example.key, &note)
    }

    async fn handle(&self, example: &Example, notes: &mut Notes) -> Result<(), Stuck> {
        let mut note = notes.of(example.key);
        let (false, Some(reference)) = (note.done, &note.reference) else { return Ok(()) };
        let mut handler = Visitor::new(&self.desk)?;
        handler.set_cookie(PERSON, example.handler);
        handler.open(&format!("{}/logga-in?retur=/inkorg", self.desk)).await?;
        errand::find(&mut handler, &self.desk, reference).await?;
        for act in &example.acts {
            errand::act(&mut handler, act).await?;
        }
        note.done = true;
        notes.keep(example.key, &note)
    }
}

/// What an association must send with its application.
fn protocol(now: crate::vocabulary::At) -> Document {
    let paragraph = |text: &str| Block::Paragraph(text.to_owned());
    Document {
        title: "Protokoll från årsmötet".to_owned(),
        language: "sv".to_owned(),
        author: "Exempelföreningen".to_owned(),
        created: now,
        header: "Exempel med påhittade personer".to_owned(),
        footer: "Protokoll".to_owned(),
        page_label: "Sida {page} av {pages}".to_owned(),
        keywords: String::new(),
        blocks: vec![
            paragraph("Mötet öppnades av ordföranden. Dagordningen godkändes."),
            Block::List(vec![
                "Styrelsens berättelse lades till handlingarna.".to_owned(),
                "Styrelsen fick ansvarsfrihet för året som gått.".to_owned(),
                "Mötet gav styrelsen i uppdrag att söka bidrag av kommunen.".to_owned(),
            ]),
            paragraph("Underskrivet och justerat."),
        ],
    }
}
