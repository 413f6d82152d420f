//! A folder for each delivery, for systems that import files or people who carry them. It is written under another name and
//! renamed when all of it is on the disk, so nobody ever reads half of one. The answer is a file that is put there:
//! `receipt.json` or `kvitto.json` in the folder, or `svar/<name of the folder>.json` when the folder has been moved away.
//!
//! What has been handed over is remembered in `.levererade`, one empty file for each delivery: the same one again makes no
//! second folder, though the other system has taken the first away.

use super::folder_xml;
use super::parcel::{Parcel, Question, accepted};
use super::receiver::{Answer, Found, Receiver};
use crate::contract::{Delivery, ReceiptState};
use crate::portal::cases::DocumentKind;
use crate::settings::sha256_hex;
use crate::vocabulary::DeliveryId;
use futures_util::TryStreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// Somebody may have put an answer there.
const ASK_AFTER: i64 = 300;
/// Of an answer file, bytes.
const ANSWER_LIMIT: u64 = 64 * 1024;
const DONE: &str = ".levererade";
const ANSWERS: &str = "svar";

/// Deliveries as folders under one.
pub struct Folder {
    root: PathBuf,
}

/// What a person or a system writes; a diary number is enough.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    external_case_id: Option<String>,
    #[serde(default)]
    diary_number: Option<String>,
}

impl Folder {
    /// Under `root`, which must be there.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    async fn put(&self, parcel: &Parcel) -> Result<(), Stopped> {
        let delivery = parcel.delivery().map_err(|_| Stopped::Unfit("the body cannot be read".into()))?;
        let name = folder_name(&delivery);
        let (whole, part) = (self.root.join(&name), self.root.join(format!(".{name}.part")));
        let mark = self.root.join(DONE).join(parcel.id.as_str());
        let is_marked = fs::try_exists(&mark).await?;
        if is_marked && fs::try_exists(&part).await? && !fs::try_exists(&whole).await? {
            // It was whole before it was marked: only the new name is missing.
            fs::rename(&part, &whole).await?;
        }
        if is_marked {
            return Ok(sync(&self.root).await?);
        }
        if fs::try_exists(&part).await? {
            fs::remove_dir_all(&part).await?;
        }
        fs::create_dir_all(part.join("filer")).await?;
        let mut sums = String::new();
        let mut note = |name: &str, sha256: &str| sums.push_str(&format!("{sha256}  {name}\n"));
        write(&part.join("leverans.json"), &parcel.body).await?;
        note("leverans.json", &sha256_hex(&parcel.body));
        let xml = folder_xml::readable(&delivery).map_err(|e| Stopped::Unfit(format!("no XML could be made: {e}")))?;
        write(&part.join("leverans.xml"), &xml).await?;
        note("leverans.xml", &sha256_hex(&xml));
        let documents = parcel.around.documents(&delivery).await.map_err(|e| Stopped::Later(e.to_string()))?;
        if documents.len() != delivery.documents.len() {
            return Err(Stopped::Unfit("a file that the body names is not there".into()));
        }
        for (n, document) in (1..).zip(&documents) {
            let name = match document.kind {
                DocumentKind::Receipt => "kvitto.pdf".to_owned(),
                _ => format!("filer/{n:02}_{}", plain(&document.file_name)),
            };
            let mut pieces = parcel.around.stream(document).await.map_err(|e| Stopped::Later(e.to_string()))?;
            let mut file = fs::File::create(part.join(&name)).await?;
            while let Some(piece) = pieces.try_next().await.map_err(|e| Stopped::Later(e.to_string()))? {
                file.write_all(&piece).await?;
            }
            file.sync_all().await?;
            note(&name, &document.sha256);
        }
        write(&part.join("SHA256SUMS"), sums.as_bytes()).await?;
        sync(&part.join("filer")).await?;
        sync(&part).await?;
        fs::create_dir_all(self.root.join(DONE)).await?;
        write(&mark, b"").await?;
        sync(&self.root.join(DONE)).await?;
        fs::rename(&part, &whole).await?;
        Ok(sync(&self.root).await?)
    }

    async fn answer(&self, id: &DeliveryId) -> io::Result<Found> {
        if !fs::try_exists(self.root.join(DONE).join(id.as_str())).await? {
            return Ok(Found::Never);
        }
        let mut receipt = accepted(id);
        if let Some(written) = self.written(id).await? {
            receipt.diary_number = written.diary_number.filter(|number| !number.trim().is_empty());
            receipt.external_case_id = written.external_case_id.or_else(|| receipt.diary_number.clone());
            if receipt.external_case_id.is_some() {
                receipt.state = ReceiptState::Registered;
            }
        }
        Ok(Found::Known(Box::new(receipt), 200))
    }

    async fn written(&self, id: &DeliveryId) -> io::Result<Option<Written>> {
        // Named by the delivery's id at the end, whatever stands before.
        let ends = |name: &str, with: &str| !name.starts_with('.') && name.ends_with(&format!("{id}{with}"));
        let mut candidates = Vec::new();
        if let Some(folder) = entry(&self.root, |name| ends(name, "")).await? {
            candidates.extend(["receipt.json", "kvitto.json"].map(|name| folder.join(name)));
        }
        if fs::try_exists(self.root.join(ANSWERS)).await? {
            candidates.extend(entry(&self.root.join(ANSWERS), |name| ends(name, ".json")).await?);
        }
        for path in candidates {
            match fs::metadata(&path).await {
                Ok(found) if found.is_file() && found.len() <= ANSWER_LIMIT => {
                    // One that cannot be read may still be being written.
                    if let Ok(written) = serde_json::from_slice(&fs::read(&path).await?) {
                        return Ok(Some(written));
                    }
                }
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        Ok(None)
    }
}

async fn entry(folder: &Path, is_it: impl Fn(&str) -> bool) -> io::Result<Option<PathBuf>> {
    let mut entries = fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        if entry.file_name().to_str().is_some_and(&is_it) {
            return Ok(Some(entry.path()));
        }
    }
    Ok(None)
}

/// The day, the reference and what it is, for people; the id at the end makes it the only one.
fn folder_name(delivery: &Delivery) -> String {
    format!(
        "{}_{}_{}_{}",
        delivery.received_date,
        delivery.case.reference,
        delivery.kind.as_str(),
        delivery.delivery_id
    )
}

/// A name that is one step of a path everywhere and hides nothing.
fn plain(name: &str) -> String {
    let bad = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let safe: String = name.chars().map(|c| if bad(c) { '_' } else { c }).collect();
    safe.trim_matches(['.', ' ']).to_owned()
}

async fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path).await?;
    file.write_all(bytes).await?;
    file.sync_all().await
}

/// New names in a folder are on the disk when the folder is.
async fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).await?.sync_all().await
}

enum Stopped {
    /// The folder cannot be written.
    Disk(io::Error),
    Later(String),
    Unfit(String),
}

impl From<io::Error> for Stopped {
    fn from(e: io::Error) -> Self {
        Stopped::Disk(e)
    }
}

impl Receiver for Folder {
    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Answer> {
        async {
            match self.put(parcel).await {
                Ok(()) => Answer::Receipt(Box::new(accepted(&parcel.id)), 202),
                Err(Stopped::Disk(e)) => {
                    Answer::Configuration { status: None, note: format!("the folder: {}", e.kind()) }
                }
                Err(Stopped::Later(note)) => Answer::not_now(note),
                Err(Stopped::Unfit(note)) => Answer::Unfit { note },
            }
        }
        .boxed()
    }

    fn find<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Found> {
        async {
            let fault = |e: io::Error| {
                Found::Fault(Answer::Configuration { status: None, note: format!("the folder: {}", e.kind()) })
            };
            self.answer(&question.id).await.unwrap_or_else(fault)
        }
        .boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, bool> {
        async {
            let probe = self.root.join(".prov");
            write(&probe, b"").await.is_ok() && fs::remove_file(&probe).await.is_ok()
        }
        .boxed()
    }

    fn ask_after(&self) -> i64 {
        ASK_AFTER
    }
}
