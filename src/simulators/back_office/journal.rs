//! What the back office keeps on disk: a line for each thing that happened, written before anybody is told of it, so that
//! the process can be killed at any moment and knows afterwards what it has said.

use super::Office;
use super::books::{Books, Letter, Post};
use super::register::{enter, portal_of, settle};
use crate::contract::{CloudEvent, Delivery};
use crate::vocabulary::{At, DeliveryId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum Line {
    /// A delivery was taken in.
    Delivery(Entered),
    /// An event was put into the outbox.
    Event { id: String, portal: String, external: String, body: String },
    /// An event was taken, or a document is here.
    Done { id: String },
}

/// A delivery, and what was made of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entered {
    /// As it came.
    pub body: String,
    pub external: String,
    pub received_at: At,
    pub at: At,
    /// Only accepted for now.
    pub is_later: bool,
}

/// Where lines go; nowhere when it has no file.
#[derive(Default)]
pub(super) struct Journal(Option<File>);

impl Journal {
    /// Opens a file with what it holds. A line that was cut off by a kill was never told of, and goes.
    pub fn open(path: &Path) -> io::Result<(Self, Vec<Line>)> {
        let file = File::options().create(true).append(true).open(path)?;
        let bytes = std::fs::read(path)?;
        let end = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        file.set_len(u64::try_from(end).unwrap_or_default())?;
        let whole = bytes.get(..end).unwrap_or_default();
        let lines = whole.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        let read: Result<Vec<Line>, _> = lines.map(serde_json::from_slice).collect();
        Ok((Journal(Some(file)), read.map_err(io::Error::other)?))
    }

    pub fn keep(&mut self, line: &Line) -> io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let mut text = serde_json::to_string(line).map_err(io::Error::other)?;
        text.push('\n');
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    pub fn empty(&mut self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |file| file.set_len(0))
    }
}

/// Makes the books as they were. Events of which it is not known whether they were taken are sent again.
pub(super) fn replay(office: &Office, lines: Vec<Line>) {
    let mut done = BTreeSet::new();
    let mut books = office.books();
    for line in lines {
        match line {
            Line::Delivery(entered) => {
                let Ok(delivery) = serde_json::from_str::<Delivery>(&entered.body) else { continue };
                let Some(portal) = portal_of(&delivery) else { continue };
                enter(&mut books, office, &delivery, portal, &entered);
            }
            Line::Event { id, portal, external, body } => happened(&mut books, id, portal, external, body),
            Line::Done { id } => {
                done.insert(id);
            }
        }
    }
    for letter in books.outbox.iter_mut().filter(|l| done.contains(&l.id)) {
        letter.state = Post::Delivered;
    }
    for file in books.files.iter_mut().filter(|f| done.contains(&f.id)) {
        file.done = true;
    }
}

fn happened(books: &mut Books, id: String, portal: String, external: String, body: String) {
    books.count += 1;
    let event: Option<CloudEvent> = serde_json::from_str(&body).ok();
    let member = |name: &str| event.as_ref()?.data.get(name)?.as_str().map(str::to_owned);
    if let Some(errand) = books.errand(&external) {
        errand.sequence += 1;
        errand.supplement = member("supplementId").or(errand.supplement.take());
    }
    let registered = event.as_ref().filter(|e| e.kind.ends_with(".registered")).map(|e| e.time);
    if let (Some(at), Some(delivery)) = (registered, member("deliveryId").and_then(|id| id.parse::<DeliveryId>().ok()))
    {
        settle(books, &delivery, at);
    }
    books.outbox.push(Letter { id, portal, external, body, attempts: 0, due: Instant::now(), state: Post::Waiting });
}
