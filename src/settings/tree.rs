//! The files under `config/`: from a folder, or the copy in the binary.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(rust_embed::RustEmbed)]
#[folder = "config"]
struct Embedded;

/// Every text file of a configuration folder, by its path with `/`.
#[derive(Clone, Debug)]
pub struct ConfigTree {
    files: BTreeMap<String, String>,
    /// For messages: the folder, or "(inbyggd)".
    origin: String,
}

impl ConfigTree {
    /// `dir` when given, else `./config` when it is there, else the copy in the binary.
    pub fn open(dir: Option<&Path>) -> std::io::Result<Self> {
        let found: Option<PathBuf> = match dir {
            Some(dir) => Some(dir.to_owned()),
            None => Some(PathBuf::from("config")).filter(|d| d.join("default.toml").is_file()),
        };
        match found {
            Some(dir) => {
                let mut files = BTreeMap::new();
                collect(&dir, &dir, &mut files)?;
                Ok(Self { files, origin: dir.display().to_string() })
            }
            None => Ok(Self::embedded()),
        }
    }

    /// The copy in the binary.
    pub fn embedded() -> Self {
        let files = Embedded::iter()
            .filter_map(|path| {
                let file = Embedded::get(&path)?;
                Some((path.to_string(), String::from_utf8(file.data.into_owned()).ok()?))
            })
            .collect();
        Self { files, origin: "config".to_owned() }
    }

    /// The text of one file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// From texts by path, as they would lie in the folder `origin`.
    pub fn of(origin: impl Into<String>, files: BTreeMap<String, String>) -> Self {
        Self { files, origin: origin.into() }
    }

    /// Every file with its text, in order.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Files directly in `folder` (`""` is the root) that end in `.toml`, with their stem.
    pub fn toml_files(&self, folder: &str) -> Vec<(&str, &str, &str)> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.files
            .iter()
            .filter_map(|(path, text)| {
                let stem = path.strip_prefix(&prefix)?.strip_suffix(".toml")?;
                (!stem.contains('/')).then_some((path.as_str(), stem, text.as_str()))
            })
            .collect()
    }

    /// Names of the folders directly in `folder`.
    pub fn folders(&self, folder: &str) -> Vec<&str> {
        let prefix = format!("{folder}/");
        let mut names: Vec<&str> =
            self.files.keys().filter_map(|p| p.strip_prefix(&prefix)?.split_once('/')).map(|(name, _)| name).collect();
        names.dedup();
        names
    }

    /// The path as a person finds it.
    pub fn shown(&self, path: &str) -> String {
        format!("{}/{path}", self.origin)
    }
}

fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path);
            files.insert(name, text.map_err(|e| std::io::Error::new(e.kind(), format!("{}: {e}", path.display())))?);
        }
    }
    Ok(())
}
