//! What somebody sent when her session had just ended is kept for her browser until she has logged in again: nothing that
//! was typed is lost because a page lay open too long. Only for a draft that exists: its address opens for its owner alone,
//! so that on a shared computer nobody else is shown what was typed.

use super::store;
use crate::portal::App;
use crate::vocabulary::At;
use crate::web::{AppError, Visit};

const SEALED_AS: &str = "parked_forms.sealed";
/// Long enough to find the telephone and log in. Seconds.
const KEPT: i64 = 3600;

/// Keeps the fields under `place`: the address that they were sent to. An address that is the same for everybody has a
/// word added that only its person's has.
pub async fn park(app: &App, visit: &Visit, place: &str, fields: &[(String, String)]) -> Result<(), AppError> {
    let form = store::ParkedForm {
        browser_hash: visit.browser_hash.clone(),
        path: place.to_owned(),
        municipality: visit.municipality.slug.clone(),
        sealed: app.ground.keys.seal(SEALED_AS, &serde_json::to_vec(fields)?)?,
        expires_at: app.ground.clock.now().plus_seconds(KEPT),
    };
    Ok(app.ground.db.write(move |c| store::park(c, &form)).await?)
}

/// Gives back what was kept for this place, once.
pub async fn unpark(app: &App, visit: &Visit, place: &str) -> Result<Option<Vec<(String, String)>>, AppError> {
    let (hash, path, slug) = (visit.browser_hash.clone(), place.to_owned(), visit.municipality.slug.clone());
    let now = app.ground.clock.now();
    let is_there = {
        let (hash, path) = (hash.clone(), path.clone());
        app.ground.db.read(move |c| store::is_parked(c, &hash, &path, now)).await?
    };
    if !is_there {
        return Ok(None);
    }
    let sealed = app.ground.db.write(move |c| store::unpark(c, &hash, &path, &slug, now)).await?;
    match sealed {
        Some(sealed) => Ok(Some(serde_json::from_slice(&app.ground.keys.open(SEALED_AS, &sealed)?)?)),
        None => Ok(None),
    }
}

/// Removes what nobody came back for.
pub fn sweep_parked(c: &mut crate::db::Conn, now: At) -> Result<usize, crate::db::DbError> {
    store::sweep_parked(c, now)
}
