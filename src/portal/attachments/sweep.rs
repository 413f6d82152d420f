//! Files in the store that no row names: uploads whose form was refused, or a crash between store and database.

use super::{delete_blobs, known_blobs};
use crate::files::BlobKey;
use crate::portal::App;
use futures_util::StreamExt;

/// A form under way has its file in the store before its row: so old must a file be before it counts as forgotten.
const AGE_SECONDS: i64 = 24 * 3600;
const AT_ONCE: usize = 500;

/// Deletes what is forgotten.
pub async fn delete_orphans(app: &App) {
    let before = app.ground.clock.now().plus_seconds(-AGE_SECONDS);
    if let Err(e) = app.ground.blobs.discard_unfinished(before).await {
        tracing::warn!(error = %e, "unfinished files could not be removed");
    }
    let mut old = app.ground.blobs.older_than(before).chunks(AT_ONCE);
    while let Some(chunk) = old.next().await {
        let keys: Vec<BlobKey> = chunk.into_iter().filter_map(Result::ok).collect();
        let asked = keys.clone();
        match app.ground.db.read(move |c| known_blobs(c, &asked)).await {
            Ok(known) => {
                let orphans: Vec<BlobKey> =
                    keys.into_iter().filter(|key| !known.iter().any(|k| k == key.as_str())).collect();
                if !orphans.is_empty() {
                    tracing::info!(count = orphans.len(), "files that nothing names were deleted");
                }
                delete_blobs(app, orphans).await;
            }
            Err(e) => {
                tracing::warn!(error = %e, "files that nothing names could not be looked for");
                return;
            }
        }
    }
}
