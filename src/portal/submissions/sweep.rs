//! Unsent drafts are deleted on the day that was promised on Mina sidor.

use super::store;
use crate::portal::App;

/// Deletes what is due; true when there is more.
pub async fn delete_old_drafts(app: &App) -> bool {
    const AT_ONCE: i64 = 100;
    let now = app.ground.clock.now();
    let deleted = app
        .ground
        .db
        .write(move |c| {
            let due = store::old_drafts(c, now, AT_ONCE)?;
            let mut deleted = Vec::new();
            for id in due {
                if store::delete_old_draft(c, &id, now)? {
                    deleted.push(crate::portal::attachments::forget_draft(c, &id)?);
                }
            }
            Ok::<_, crate::db::DbError>(deleted)
        })
        .await;
    match deleted {
        Ok(files) => {
            let count = files.len();
            crate::portal::attachments::delete_blobs(app, files.into_iter().flatten().collect()).await;
            if count > 0 {
                tracing::info!(count, "old drafts were deleted");
            }
            count >= AT_ONCE as usize
        }
        Err(e) => {
            tracing::warn!(error = %e, "old drafts could not be deleted");
            false
        }
    }
}
