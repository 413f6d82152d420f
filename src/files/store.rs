//! Where files are kept: each under a random key, written to the end and to the disk before it has a name.

use super::{FileKind, Refusal, Sniffer};
use crate::vocabulary::At;
use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream, StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use std::fmt::Write;
use std::ops::Range;
use std::path::PathBuf;
use std::pin::pin;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

/// Written to the disk in parts of about this size.
const PART: usize = 256 * 1024;
const PROBE: &str = "probe";

/// The name of a stored file: 32 hexadecimal digits, random, so that nobody can guess one from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobKey(String);

impl BlobKey {
    fn random() -> Result<Self, BlobError> {
        let mut bytes = [0; 16];
        SystemRandom::new().fill(&mut bytes).map_err(|_| BlobError::Storage("no random numbers".to_owned()))?;
        Ok(BlobKey(hex(&bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In 256 folders, so that none grows too large to list.
    fn path(&self) -> Path {
        Path::from_iter([self.0.get(..2).unwrap_or_default(), &self.0])
    }

    fn from_path(path: &Path) -> Option<Self> {
        let key: BlobKey = path.filename()?.parse().ok()?;
        (key.path() == *path).then_some(key)
    }
}

impl FromStr for BlobKey {
    type Err = BlobError;
    fn from_str(text: &str) -> Result<Self, BlobError> {
        let is_key = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_key.then(|| BlobKey(text.to_owned())).ok_or(BlobError::Missing)
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What to remember of a stored file, and what it is held against when it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    pub key: BlobKey,
    pub size: u64,
    /// 64 hexadecimal digits.
    pub sha256: String,
}

/// What went wrong with the storage.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("no such file is stored")]
    Missing,
    /// Size or SHA-256 differ from when it was stored.
    #[error("the stored file has been changed or damaged")]
    Damaged,
    #[error("file storage: {0}")]
    Storage(String),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => BlobError::Missing,
            other => BlobError::Storage(other.to_string()),
        }
    }
}

/// Why an incoming file was not stored. Nothing of it is left.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The sender stopped in the middle.
    #[error("the file did not arrive whole: {0}")]
    Broken(String),
    #[error(transparent)]
    Store(#[from] BlobError),
}

/// The store behind `blobs_url`. Cheap to share by reference; every method can be called from many tasks.
#[derive(Debug)]
pub struct BlobStore {
    store: LocalFileSystem,
    root: PathBuf,
}

impl BlobStore {
    /// For `file:PATH` (or `file:///PATH`). The folder is made if it is missing, for its owner only. Blocks.
    pub fn open(blobs_url: &str) -> Result<Self, BlobError> {
        let path = blobs_url.strip_prefix("file:").filter(|path| !path.is_empty());
        let path = path.ok_or_else(|| BlobError::Storage("blobs_url is not file:PATH".to_owned()))?;
        let root = PathBuf::from(if path.starts_with("///") { path.trim_start_matches("//") } else { path });
        let failed = |e: std::io::Error| BlobError::Storage(format!("{}: {e}", root.display()));
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&root).map_err(failed)?;
        let root = root.canonicalize().map_err(failed)?;
        let store = LocalFileSystem::new_with_prefix(&root)?.with_fsync(true);
        Ok(BlobStore { store, root })
    }

    /// Stores what people send: looks at what it is while it arrives and stops as soon as it cannot be taken.
    /// `file_name` decides only between text and CSV.
    pub async fn receive<E: fmt::Display>(
        &self,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        limit: u64,
        file_name: &str,
    ) -> Result<(StoredBlob, FileKind), ReceiveError> {
        let mut sniffer = Sniffer::default();
        let look = |piece: &[u8]| {
            sniffer.push(piece);
            sniffer.early_refusal().map_or(Ok(()), Err)
        };
        let written = self.write(pieces, limit, look).await?;
        match sniffer.finish(file_name) {
            Ok(kind) => Ok((written.publish().await?, kind)),
            Err(refusal) => {
                written.discard().await;
                Err(refusal.into())
            }
        }
    }

    /// Stores anything, of any kind.
    pub async fn put<E: fmt::Display>(
        &self,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        limit: u64,
    ) -> Result<StoredBlob, ReceiveError> {
        Ok(self.write(pieces, limit, |_| Ok(())).await?.publish().await?)
    }

    /// Stores what is in memory already, as a document that we made.
    pub async fn put_bytes(&self, bytes: impl Into<Bytes>) -> Result<StoredBlob, BlobError> {
        let pieces = futures_util::stream::iter([Ok::<_, BlobError>(bytes.into())]);
        match self.put(pieces, u64::MAX).await {
            Ok(stored) => Ok(stored),
            Err(ReceiveError::Store(error)) => Err(error),
            Err(other) => Err(BlobError::Storage(other.to_string())),
        }
    }

    /// Writes under a temporary name. The folder's own: an unfinished file is never listed and never read.
    async fn write<E: fmt::Display>(
        &self,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        limit: u64,
        mut look: impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<Written, ReceiveError> {
        let key = BlobKey::random()?;
        let upload = self.store.put_multipart(&key.path()).await.map_err(BlobError::from)?;
        let mut written = Written { key, upload, size: 0, digest: digest::Context::new(&digest::SHA256) };
        let result = written.take_in(pieces, limit, &mut look).await;
        match result {
            Ok(()) => Ok(written),
            Err(error) => {
                written.discard().await;
                Err(error)
            }
        }
    }

    /// The whole file, held against what was stored.
    pub async fn read(&self, blob: &StoredBlob) -> Result<Bytes, BlobError> {
        let got = self.store.get(&blob.key.path()).await?;
        if got.meta.size != blob.size {
            return Err(BlobError::Damaged);
        }
        let bytes = got.bytes().await?;
        let sha256 = hex(digest::digest(&digest::SHA256, &bytes).as_ref());
        if sha256 == blob.sha256 { Ok(bytes) } else { Err(BlobError::Damaged) }
    }

    /// The file in pieces. A wrong size is told at once, a wrong digest in place of the end: whoever passes the pieces on
    /// must break the transfer off then.
    pub async fn stream(&self, blob: &StoredBlob) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let got = self.store.get(&blob.key.path()).await?;
        if got.meta.size != blob.size {
            return Err(BlobError::Damaged);
        }
        let state = (got.into_stream(), Some(digest::Context::new(&digest::SHA256)), blob.sha256.clone());
        let checked = futures_util::stream::try_unfold(state, |(mut pieces, digest, sha256)| async move {
            let Some(mut digest) = digest else { return Ok(None) };
            match pieces.try_next().await? {
                Some(piece) => {
                    digest.update(&piece);
                    Ok(Some((piece, (pieces, Some(digest), sha256))))
                }
                None if hex(digest.finish().as_ref()) == sha256 => Ok(None),
                None => Err(BlobError::Damaged),
            }
        });
        Ok(checked.boxed())
    }

    /// Reads all of it and says whether it is what was stored. For the moment before something is promised on it.
    pub async fn verify(&self, blob: &StoredBlob) -> Result<(), BlobError> {
        self.stream(blob).await?.try_for_each(|_| async { Ok(()) }).await
    }

    /// Some of it, not held against anything.
    pub async fn range(&self, key: &BlobKey, range: Range<u64>) -> Result<Bytes, BlobError> {
        Ok(self.store.get_range(&key.path(), range).await?)
    }

    /// Gone; also when it was gone already.
    pub async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        match self.store.delete(&key.path()).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Whether a file can be written to the disk now.
    pub async fn is_writable(&self) -> bool {
        let probe = Path::from(PROBE);
        let written = self.store.put(&probe, PutPayload::from_static(b"probe")).await.is_ok();
        // Another process may have been quicker with the same probe.
        let _ = self.store.delete(&probe).await;
        written
    }

    /// Keys of files last written before `moment`: what nothing refers to among them is left over.
    pub fn older_than(&self, moment: At) -> BoxStream<'static, Result<BlobKey, BlobError>> {
        let old = move |meta: object_store::ObjectMeta| {
            let is_old = meta.last_modified.timestamp_micros() < moment.micros();
            BlobKey::from_path(&meta.location).filter(|_| is_old)
        };
        let listed = self.store.list(None).map_err(BlobError::from);
        listed.try_filter_map(move |meta| std::future::ready(Ok(old(meta)))).boxed()
    }

    /// Removes what was left half-written before `moment` by a process that was killed. Answers how many.
    pub async fn discard_unfinished(&self, moment: At) -> Result<usize, BlobError> {
        let root = self.root.clone();
        let before = UNIX_EPOCH + Duration::from_micros(u64::try_from(moment.micros()).unwrap_or(0));
        let sweep = move || -> std::io::Result<usize> {
            let mut count = 0;
            for folder in std::fs::read_dir(root)?.flatten().filter(|f| f.path().is_dir()) {
                for file in std::fs::read_dir(folder.path())?.flatten() {
                    // The store marks unfinished files by a # after the key.
                    let is_unfinished = file.file_name().to_string_lossy().contains('#');
                    if is_unfinished && file.metadata()?.modified()? < before {
                        std::fs::remove_file(file.path())?;
                        count += 1;
                    }
                }
            }
            Ok(count)
        };
        let swept = tokio::task::spawn_blocking(sweep).await.map_err(|e| BlobError::Storage(e.to_string()))?;
        swept.map_err(|e| BlobError::Storage(e.to_string()))
    }
}

/// A file that is on the disk but has no name yet.
struct Written {
    key: BlobKey,
    upload: Box<dyn MultipartUpload>,
    size: u64,
    digest: digest::Context,
}

impl Written {
    async fn take_in<E: fmt::Display>(
        &mut self,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        limit: u64,
        look: &mut impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<(), ReceiveError> {
        let mut pieces = pin!(pieces);
        let mut part = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|e| ReceiveError::Broken(e.to_string()))?;
            self.size += piece.len() as u64;
            if self.size > limit {
                return Err(Refusal::TooLarge { limit }.into());
            }
            look(&piece)?;
            self.digest.update(&piece);
            part.extend_from_slice(&piece);
            if part.len() >= PART {
                self.upload.put_part(std::mem::take(&mut part).into()).await.map_err(BlobError::from)?;
            }
        }
        if !part.is_empty() {
            self.upload.put_part(part.into()).await.map_err(BlobError::from)?;
        }
        Ok(())
    }

    /// Flushes it, gives it its name and flushes the folder: from here on it survives a loss of power.
    async fn publish(mut self) -> Result<StoredBlob, BlobError> {
        self.upload.complete().await?;
        Ok(StoredBlob { key: self.key, size: self.size, sha256: hex(self.digest.finish().as_ref()) })
    }

    async fn discard(mut self) {
        // What stays behind is found by `discard_unfinished`.
        let _ = self.upload.abort().await;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let name = format!("kommunportal-blobs-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            Folder(std::env::temp_dir().join(name))
        }

        fn store(&self) -> BlobStore {
            BlobStore::open(&format!("file:{}", self.0.join("deep/blobs").display())).unwrap()
        }

        fn file(&self, blob: &StoredBlob) -> PathBuf {
            self.0.join("deep/blobs").join(&blob.key.as_str()[..2]).join(blob.key.as_str())
        }

        fn files(&self) -> usize {
            let folders = std::fs::read_dir(self.0.join("deep/blobs")).unwrap().flatten();
            folders.map(|f| std::fs::read_dir(f.path()).map_or(1, Iterator::count)).sum()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).ok();
        }
    }

    fn pieces(of: &[&[u8]]) -> impl Stream<Item = Result<Bytes, String>> + use<> {
        let pieces: Vec<_> = of.iter().map(|p| Ok(Bytes::copy_from_slice(p))).collect();
        futures_util::stream::iter(pieces)
    }

    fn far_future() -> At {
        "2100-01-01T00:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn what_was_stored_is_read_again_with_its_digest() {
        let folder = Folder::new();
        let store = folder.store();
        let long = vec![7; 3 * PART + 5];
        let blob = store.put(pieces(&[b"hej ", &long, b"hej"]), 10_000_000).await.unwrap();
        assert_eq!(blob.size, long.len() as u64 + 7);
        assert_eq!(store.read(&blob).await.unwrap().len() as u64, blob.size);
        store.verify(&blob).await.unwrap();
        assert_eq!(store.range(&blob.key, 0..3).await.unwrap(), "hej");
        assert_eq!(store.put_bytes("abc").await.unwrap().sha256.get(..8), Some("ba7816bf"));
        store.delete(&blob.key).await.unwrap();
        store.delete(&blob.key).await.unwrap();
        assert!(matches!(store.read(&blob).await, Err(BlobError::Missing)));
    }

    #[tokio::test]
    async fn files_are_flushed_and_for_their_owner_only() {
        let folder = Folder::new();
        let store = folder.store();
        assert!(format!("{:?}", store.store).contains("fsync: true"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.0.join("deep/blobs")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        assert!(store.is_writable().await);
        assert_eq!(folder.files(), 0);
    }

    #[tokio::test]
    async fn a_changed_file_is_told() {
        let folder = Folder::new();
        let store = folder.store();
        let blob = store.put_bytes("beslut: ja").await.unwrap();
        std::fs::write(folder.file(&blob), "beslut: JA").unwrap();
        assert!(matches!(store.read(&blob).await, Err(BlobError::Damaged)));
        assert!(matches!(store.verify(&blob).await, Err(BlobError::Damaged)));
        std::fs::write(folder.file(&blob), "beslut: ja och nej").unwrap();
        assert!(matches!(store.read(&blob).await, Err(BlobError::Damaged)));
        assert!(matches!(store.stream(&blob).await.err(), Some(BlobError::Damaged)));
    }

    #[tokio::test]
    async fn of_a_refused_or_broken_file_nothing_is_left() {
        let folder = Folder::new();
        let store = folder.store();
        let large = store.receive(pieces(&[b"%PDF-1.7\n", &[b' '; 100]]), 50, "a.pdf").await;
        assert!(matches!(large, Err(ReceiveError::Refused(Refusal::TooLarge { limit: 50 }))));
        let page = store.receive(pieces(&[b"<html><script>"]), 50, "a.pdf").await;
        assert!(matches!(page, Err(ReceiveError::Refused(Refusal::Kind { .. }))));
        let empty = store.receive(pieces(&[]), 50, "a.pdf").await;
        assert!(matches!(empty, Err(ReceiveError::Refused(Refusal::Empty))));
        let torn = pieces(&[b"hej"]).chain(futures_util::stream::iter([Err("gone".to_owned())]));
        assert!(matches!(store.receive(torn, 50, "a.txt").await, Err(ReceiveError::Broken(_))));
        assert_eq!(folder.files(), 0);
        let (blob, kind) = store.receive(pieces(&[b"he", b"j"]), 50, "a.txt").await.unwrap();
        assert_eq!((blob.size, kind), (3, FileKind::Text));
    }

    #[tokio::test]
    async fn what_a_killed_process_left_is_never_a_file_and_is_swept() {
        let folder = Folder::new();
        let store = folder.store();
        let blob = store.put_bytes("hel").await.unwrap();
        let half = folder.file(&blob).with_file_name(format!("{}#1", blob.key));
        std::fs::write(&half, "hal").unwrap();
        let keys: Vec<BlobKey> = store.older_than(far_future()).try_collect().await.unwrap();
        assert_eq!(keys, std::slice::from_ref(&blob.key));
        assert_eq!(store.older_than(At::EPOCH).count().await, 0);
        assert_eq!(store.discard_unfinished(At::EPOCH).await.unwrap(), 0);
        assert_eq!(store.discard_unfinished(far_future()).await.unwrap(), 1);
        assert!(!half.exists());
        store.verify(&blob).await.unwrap();
    }

    #[test]
    fn a_key_leads_nowhere_else() {
        for text in ["", "../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcde/"] {
            assert!(text.parse::<BlobKey>().is_err(), "{text}");
        }
        assert!(BlobStore::open("s3://x").is_err());
    }
}
