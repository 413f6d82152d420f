//! Fetches the files that deliveries name: from the municipality's own portal and nowhere else, held against the size and
//! digest that stood in the delivery, and kept in a store of the desk's own.

use super::documents::{self, Document};
use super::outbox;
use super::portal::{UNREACHED, traceparent};
use super::push::{jittered, target_of};
use crate::db::{Conn, Db, DbError};
use crate::desk::journal::{self, Happening};
use crate::files::{BlobStore, ReceiveError};
use crate::jobs::{LEASE, while_leased};
use crate::municipalities::Municipalities;
use crate::settings::Settings;
use crate::vocabulary::{At, Clock, TargetSlug};
use bytes::Bytes;
use reqwest::{StatusCode, header};
use serde_json::json;
use std::sync::Arc;

/// Claimed at once.
const BATCH: i64 = 4;
/// Seconds before the second, third, … attempt; after that every hour. A file that the portal promised is never given up.
const RETRY_AFTER: [i64; 6] = [2, 10, 60, 300, 900, 3600];
/// One that the portal says it does not have is asked for so often: the delivery may have overtaken it.
const MISSING_ATTEMPTS: i32 = 5;
/// A transfer that breaks so often is begun anew later.
const BREAKS: u32 = 5;

/// Fetches what waits.
#[derive(Clone)]
pub struct Fetcher {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<Settings>,
    pub(crate) municipalities: Municipalities,
    pub(crate) client: reqwest::Client,
    pub(crate) blobs: Arc<BlobStore>,
    /// Our own name in the portal's settings.
    pub(crate) own: TargetSlug,
}

/// Why a file is not here yet.
#[derive(Debug)]
enum Fault {
    /// May go better later.
    Later(String),
    /// The portal does not have it.
    Missing,
    /// It is another than the delivery said, and will be.
    Refused(String),
}

impl Fetcher {
    /// Fetches what is due; true when there may be more at once.
    pub async fn run(&self) -> bool {
        let now = self.clock.now();
        let until = now.plus_seconds(LEASE);
        let claimed = self.db.write(move |c| documents::claim(c, BATCH, now, until)).await;
        let files = match claimed {
            Ok(files) => files,
            Err(e) => {
                tracing::warn!(error = %e, "no files could be claimed");
                return false;
            }
        };
        let more = !files.is_empty();
        futures_util::future::join_all(files.into_iter().map(|file| self.fetch(file, until))).await;
        more
    }

    async fn fetch(&self, file: Document, until: At) {
        let renew = |held, next| {
            let id = file.id.clone();
            self.db.write(move |c| documents::renew(c, &id, held, next))
        };
        let Some((result, held)) = while_leased(&self.clock, until, self.get(&file), renew).await else { return };
        let (now, id) = (self.clock.now(), file.id.clone());
        let kept = self.db.write(move |c| match documents::give_back(c, &file.id, held)? {
            true => keep(c, &file, &result, now),
            false => Ok(()),
        });
        if let Err(e) = kept.await {
            // Its lease runs out and it is fetched again; what was stored is left over and swept.
            tracing::warn!(error = %e, file = %id, "a fetched file could not be noted");
        }
    }

    async fn get(&self, file: &Document) -> Result<String, Fault> {
        let municipality = self.municipalities.find(&file.municipality);
        let municipality =
            municipality.ok_or_else(|| Fault::Later("the municipality is not in the configuration".into()))?;
        let target = target_of(&self.settings, municipality, &self.own)
            .ok_or_else(|| Fault::Later(format!("targets.{} is not set", self.own)))?;
        // Checked at intake as well; here once more, because the portal's address may have been changed since.
        if !is_of(&file.href, &municipality.address(&self.settings.portal.public_url)) {
            return Err(Fault::Later("the address is not the portal's".into()));
        }
        let request = self.client.get(&file.href).bearer_auth(target.token.expose());
        let sent = request.header("traceparent", traceparent()).send().await;
        let response = sent.map_err(|_| Fault::Later(UNREACHED.into()))?;
        match response.status().as_u16() {
            200 => {}
            404 | 410 => return Err(Fault::Missing),
            status => return Err(Fault::Later(format!("the portal answered {status}"))),
        }
        let expected = u64::try_from(file.size).unwrap_or_default();
        let etag = response.headers().get(header::ETAG).cloned();
        let transfer =
            Transfer { fetcher: self, file, token: target.token.expose(), response, etag, got: 0, breaks: 0 };
        let pieces = futures_util::stream::try_unfold(transfer, Transfer::next);
        let blob = match self.blobs.put(Box::pin(pieces), expected).await {
            Ok(blob) => blob,
            Err(ReceiveError::Refused(_)) => return Err(Fault::Refused("larger than the delivery said".into())),
            Err(ReceiveError::Broken(why)) => return Err(Fault::Later(why)),
            Err(ReceiveError::Store(e)) => {
                tracing::error!(error = %e, "a file could not be stored");
                return Err(Fault::Later("it could not be stored".into()));
            }
        };
        if blob.size == expected && blob.sha256 == file.sha256 {
            return Ok(blob.key.to_string());
        }
        if let Err(e) = self.blobs.delete(&blob.key).await {
            tracing::warn!(error = %e, "a file that was not wanted could not be removed");
        }
        Err(Fault::Refused("another file than the delivery said".into()))
    }
}

/// A file on its way, over a line that may break.
struct Transfer<'a> {
    fetcher: &'a Fetcher,
    file: &'a Document,
    token: &'a str,
    response: reqwest::Response,
    etag: Option<header::HeaderValue>,
    /// Bytes that have come.
    got: u64,
    breaks: u32,
}

impl Transfer<'_> {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, &'static str> {
        loop {
            match self.response.chunk().await {
                Ok(Some(piece)) => {
                    self.got += u64::try_from(piece.len()).unwrap_or_default();
                    return Ok(Some((piece, self)));
                }
                Ok(None) => return Ok(None),
                Err(_) => self.response = self.go_on().await?,
            }
        }
    }

    /// From where it broke off, as long as the portal has the same file; else the break is told.
    async fn go_on(&mut self) -> Result<reqwest::Response, &'static str> {
        const BROKEN: &str = "it did not arrive whole";
        let etag = self.etag.clone().filter(|_| self.breaks < BREAKS).ok_or(BROKEN)?;
        self.breaks += 1;
        let request = self.fetcher.client.get(&self.file.href).bearer_auth(self.token);
        let range = format!("bytes={}-", self.got);
        let request = request.header(header::RANGE, range).header(header::IF_RANGE, etag);
        let response = request.header("traceparent", traceparent()).send().await.map_err(|_| UNREACHED)?;
        if response.status() == StatusCode::PARTIAL_CONTENT { Ok(response) } else { Err(BROKEN) }
    }
}

/// True when the address is at this portal: the slash keeps `https://portal.example.evil` out.
pub fn is_of(href: &str, portal: &str) -> bool {
    href.strip_prefix(portal).is_some_and(|rest| rest.starts_with('/'))
}

fn keep(c: &mut Conn, file: &Document, result: &Result<String, Fault>, now: At) -> Result<(), DbError> {
    match result {
        Ok(key) => {
            outbox::answers(c, &file.municipality, now)?;
            documents::stored(c, &file.id, key)
        }
        Err(Fault::Missing) if file.attempts >= MISSING_ATTEMPTS => refuse(c, file, "the portal does not have it", now),
        Err(Fault::Refused(why)) => refuse(c, file, why, now),
        Err(Fault::Missing) => documents::later(c, &file.id, "the portal does not have it", next(file, now)),
        Err(Fault::Later(why)) => documents::later(c, &file.id, why, next(file, now)),
    }
}

fn refuse(c: &mut Conn, file: &Document, why: &str, now: At) -> Result<(), DbError> {
    tracing::error!(file = %file.id, errand = %file.errand_id, why, "a file of a delivery is refused");
    documents::refused(c, &file.id, why)?;
    let detail = json!({ "name": file.file_name, "why": why });
    journal::note(c, &file.municipality, &file.errand_id, now, "", Happening::DocumentRefused, detail)
}

fn next(file: &Document, now: At) -> At {
    let n = usize::try_from(file.attempts - 1).unwrap_or_default();
    let pause = RETRY_AFTER.get(n).or(RETRY_AFTER.last()).copied().unwrap_or(3600);
    now.plus_seconds(jittered(pause))
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn files_are_fetched_from_the_municipalitys_own_portal_only() {
        let portal = "https://e.skara.example";
        assert!(is_of("https://e.skara.example/integration/v1/deliveries/x", portal));
        for href in ["https://e.skara.example.evil/x", "https://e.skara.example@evil/x", "http://e.skara.example/x", ""]
        {
            assert!(!is_of(href, portal), "{href}");
        }
    }
}
