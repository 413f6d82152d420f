//! What the visitors have done, so that nothing is done twice whenever the process was killed: one small file, on disk
//! before the step that it tells of.

use super::browser::Stuck;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// How far one example has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Note {
    /// The draft's id, noted before the first answer makes it.
    pub(super) draft: Option<String>,
    /// The browser that an anonymous draft belongs to.
    pub(super) browser: Option<String>,
    /// It is sent in.
    pub(super) reference: Option<String>,
    /// Everything is done.
    pub(super) done: bool,
}

pub(super) struct Notes {
    path: PathBuf,
    notes: BTreeMap<String, Note>,
}

impl Notes {
    /// What is noted already; nothing when there is no file. One that cannot be read is no reason to do it all again.
    pub(super) fn open(path: PathBuf) -> Result<Self, Stuck> {
        let notes = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| Stuck::Notes(e.into()))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(e) => return Err(Stuck::Notes(e)),
        };
        Ok(Self { path, notes })
    }

    pub(super) fn of(&self, key: &str) -> Note {
        self.notes.get(key).cloned().unwrap_or_default()
    }

    /// On disk when this returns.
    pub(super) fn keep(&mut self, key: &str, note: &Note) -> Result<(), Stuck> {
        self.notes.insert(key.to_owned(), note.clone());
        self.write().map_err(Stuck::Notes)
    }

    fn write(&self) -> std::io::Result<()> {
        let unfinished = self.path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // It names browsers that own anonymous drafts.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(&serde_json::to_vec_pretty(&self.notes)?)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &self.path)
    }
}
