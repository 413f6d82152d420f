//! Fetches documents: goes on where a transfer broke off, and holds what came against the digest of the delivery.

use super::Office;
use super::books::Wanted;
use super::faults::Fault;
use super::journal::Line;
use futures_util::StreamExt;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

pub(super) async fn fetch_all(office: Arc<Office>) {
    loop {
        let now = Instant::now();
        let due = {
            let mut books = office.books();
            let at = books.files.iter().position(|w| !w.done && w.due <= now);
            at.map(|at| books.files.remove(at))
        };
        match due {
            Some(wanted) => {
                let wanted = fetch(&office, wanted).await;
                office.books().files.push(wanted);
            }
            None => office.idle().await,
        }
    }
}

async fn fetch(office: &Office, mut wanted: Wanted) -> Wanted {
    let is_on = |fault| office.control.state().fault == Some(fault);
    let is_whole = read(office, &mut wanted).await;
    wanted.due = Instant::now() + office.pause();
    if is_whole {
        let digest: String = wanted.digest.clone().finish().as_ref().iter().map(|b| format!("{b:02x}")).collect();
        wanted.done = digest == wanted.sha256;
        if wanted.done {
            // One whose line is lost is fetched once more.
            let _ = office.books().journal.keep(&Line::Done { id: wanted.id.clone() });
            office.control.count("documents", wanted.id.clone());
            office.control.note(json!({ "event": "document", "id": wanted.id, "bytes": wanted.got }));
            return wanted;
        }
    }
    if is_on(Fault::DocumentOnce) || is_on(Fault::DocumentHalf) {
        wanted.done = true;
    }
    if is_whole || is_on(Fault::DocumentFromStart) {
        wanted.got = 0;
        wanted.digest = ring::digest::Context::new(&ring::digest::SHA256);
    }
    wanted
}

/// Reads as far as it goes; true when every byte has come.
async fn read(office: &Office, wanted: &mut Wanted) -> bool {
    let mut request =
        office.client.get(&wanted.href).bearer_auth(&office.config.token).header("traceparent", super::traceparent());
    if wanted.got > 0 {
        request = request.header("range", format!("bytes={}-", wanted.got));
        if let Some(etag) = &wanted.etag {
            request = request.header("if-range", etag);
        }
    }
    let Ok(response) = request.send().await else { return false };
    match response.status().as_u16() {
        206 => {}
        // The file is another now, or ranges are not known: from the start.
        200 => {
            wanted.got = 0;
            wanted.digest = ring::digest::Context::new(&ring::digest::SHA256);
        }
        _ => return false,
    }
    wanted.etag = response.headers().get("etag").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let Ok(piece) = piece else { return false };
        wanted.digest.update(&piece);
        wanted.got += u64::try_from(piece.len()).unwrap_or_default();
        if wanted.got > wanted.size / 2 && office.control.state().fault == Some(Fault::DocumentHalf) {
            return false;
        }
    }
    wanted.got == wanted.size
}
