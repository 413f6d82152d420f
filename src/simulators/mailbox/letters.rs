//! Letters that have come: one file each, with the envelope on the first line, and a list in memory of what they are.

use crate::simulators::StartError;
use crate::vocabulary::{At, Clock};
use mail_parser::{MessageParser, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many letters are kept; a load test sends more than anyone will read.
const KEPT: usize = 5000;
const SUFFIX: &str = "brev";

/// A letter in the list.
#[derive(Clone, Debug, Serialize)]
pub(in crate::simulators) struct Letter {
    pub(in crate::simulators) id: String,
    pub(in crate::simulators) at: At,
    /// Whom the envelope says it is from; empty for a notice of non-delivery.
    pub(in crate::simulators) from: String,
    /// Everyone on the envelope.
    pub(in crate::simulators) to: Vec<String>,
    pub(in crate::simulators) subject: String,
}

/// The first line of a letter's file.
#[derive(Serialize, Deserialize)]
struct Envelope {
    at: At,
    from: String,
    to: Vec<String>,
}

/// A letter's parts.
#[derive(Debug, Default, Serialize)]
pub(in crate::simulators) struct Content {
    pub(in crate::simulators) text: Option<String>,
    pub(in crate::simulators) html: Option<String>,
    /// By name in lower case, unfolded but not decoded, in the order in which they stood.
    pub(in crate::simulators) headers: BTreeMap<String, Vec<String>>,
    pub(in crate::simulators) attachments: Vec<Attachment>,
}

#[derive(Debug, Serialize)]
pub(in crate::simulators) struct Attachment {
    pub(in crate::simulators) name: String,
    pub(in crate::simulators) size: usize,
}

pub(in crate::simulators) struct Letters {
    folder: PathBuf,
    clock: Clock,
    /// Oldest first.
    list: Mutex<VecDeque<Letter>>,
}

impl Letters {
    /// Reads what is there.
    pub(in crate::simulators) fn open(folder: PathBuf, clock: Clock) -> Result<Arc<Self>, StartError> {
        let failed = |source| StartError::Storage { path: folder.clone(), source };
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut list = Vec::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let id = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_some_and(|e| e == SUFFIX)
                && let Some((envelope, message)) = fs::read(&path).ok().as_deref().and_then(split)
            {
                list.push(letter(id, envelope, message));
            }
        }
        // The ids sort by time.
        list.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Arc::new(Self { folder, clock, list: Mutex::new(list.into()) }))
    }

    fn list(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.{SUFFIX}"))
    }

    /// Keeps a letter: file and folder are on disk when this returns. Blocks.
    pub(in crate::simulators) fn keep(&self, from: String, to: Vec<String>, message: &[u8]) -> io::Result<()> {
        let id = uuid::Uuid::now_v7().to_string();
        let envelope = Envelope { at: self.clock.now(), from, to };
        let unfinished = self.folder.join(format!("{id}.new"));
        let mut file = fs::File::create(&unfinished)?;
        serde_json::to_writer(&mut file, &envelope)?;
        file.write_all(b"\n")?;
        file.write_all(message)?;
        file.sync_all()?;
        fs::rename(&unfinished, self.path(&id))?;
        fs::File::open(&self.folder)?.sync_all()?;
        let kept = letter(id, envelope, message);
        let too_old = {
            let mut list = self.list();
            list.push_back(kept);
            if list.len() > KEPT { list.pop_front() } else { None }
        };
        if let Some(old) = too_old {
            fs::remove_file(self.path(&old.id))?;
        }
        Ok(())
    }

    pub(in crate::simulators) fn count(&self) -> usize {
        self.list().len()
    }

    /// Newest first, of all or of one recipient.
    pub(in crate::simulators) fn newest(&self, to: Option<&str>, at_most: usize) -> Vec<Letter> {
        let list = self.list();
        let wanted = |letter: &&Letter| to.is_none_or(|to| letter.to.iter().any(|t| t.eq_ignore_ascii_case(to)));
        list.iter().rev().filter(wanted).take(at_most).cloned().collect()
    }

    pub(in crate::simulators) fn find(&self, id: &str) -> Option<Letter> {
        self.list().iter().find(|letter| letter.id == id).cloned()
    }

    /// The message as it came. Blocks.
    pub(in crate::simulators) fn message(&self, letter: &Letter) -> io::Result<Vec<u8>> {
        let bytes = fs::read(self.path(&letter.id))?;
        split(&bytes).map(|(_, message)| message.to_vec()).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Throws all letters away. Blocks.
    pub(in crate::simulators) fn empty(&self) -> io::Result<()> {
        let letters: Vec<Letter> = self.list().drain(..).collect();
        letters.iter().try_for_each(|letter| fs::remove_file(self.path(&letter.id)))
    }
}

fn split(file: &[u8]) -> Option<(Envelope, &[u8])> {
    let end = file.iter().position(|b| *b == b'\n')?;
    Some((serde_json::from_slice(file.get(..end)?).ok()?, file.get(end + 1..)?))
}

fn letter(id: String, envelope: Envelope, message: &[u8]) -> Letter {
    let parsed = MessageParser::default().parse_headers(message);
    let subject = parsed.as_ref().and_then(|m| m.subject()).map(str::trim).filter(|s| !s.is_empty());
    let subject = subject.unwrap_or("(inget ämne)").to_owned();
    Letter { id, at: envelope.at, from: envelope.from, to: envelope.to, subject }
}

/// What a message consists of. A message that cannot be understood is all text.
pub(in crate::simulators) fn content(message: &[u8]) -> Content {
    let Some(parsed) = MessageParser::default().parse(message) else {
        return Content { text: Some(String::from_utf8_lossy(message).into_owned()), ..Content::default() };
    };
    let text = parsed.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        _ => None,
    });
    let html = parsed.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    });
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in parsed.headers_raw() {
        let unfolded: Vec<&str> = value.split_ascii_whitespace().collect();
        headers.entry(name.to_ascii_lowercase()).or_default().push(unfolded.join(" "));
    }
    let attachments = parsed
        .attachments()
        .map(|part| Attachment {
            name: part.attachment_name().unwrap_or("utan namn").to_owned(),
            size: part.contents().len(),
        })
        .collect();
    Content { text, html, headers, attachments }
}
