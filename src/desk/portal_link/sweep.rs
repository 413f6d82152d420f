//! Files in the desk's store that no row names: uploads whose form was refused, or a crash between store and database.

use super::sent;
use crate::db::Db;
use crate::files::{BlobKey, BlobStore};
use crate::vocabulary::At;
use futures_util::StreamExt;

/// A form under way has its file in the store before its row: so old must a file be before it counts as forgotten.
const AGE_SECONDS: i64 = 24 * 3600;
const AT_ONCE: usize = 500;

/// Deletes what is forgotten.
pub async fn delete_orphans(db: &Db, blobs: &BlobStore, now: At) {
    let before = now.plus_seconds(-AGE_SECONDS);
    if let Err(e) = blobs.discard_unfinished(before).await {
        tracing::warn!(error = %e, "unfinished files could not be removed");
    }
    let mut old = blobs.older_than(before).chunks(AT_ONCE);
    while let Some(chunk) = old.next().await {
        let keys: Vec<String> = chunk.into_iter().filter_map(Result::ok).map(|key| key.to_string()).collect();
        let orphans = match db.read(move |c| sent::unnamed(c, &keys)).await {
            Ok(orphans) => orphans,
            Err(e) => {
                tracing::warn!(error = %e, "files that nothing names could not be looked for");
                return;
            }
        };
        for key in orphans.iter().filter_map(|key| key.parse::<BlobKey>().ok()) {
            if let Err(e) = blobs.delete(&key).await {
                tracing::warn!(error = %e, "a file that nothing names could not be removed");
            }
        }
    }
}
