//! The pull twin: fetches deliveries and reads the feed of a portal that cannot call.

use super::Office;
use super::faults::Fault;
use super::register::take_in;
use crate::contract::FeedPage;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Between two looks at an empty list.
const REST: Duration = Duration::from_millis(200);

/// A GET with the token.
async fn get(office: &Office, path: &str) -> Option<Vec<u8>> {
    let url = format!("{}/integration/v1{path}", office.config.portal);
    let request = office.client.get(url).bearer_auth(&office.config.token).header("traceparent", super::traceparent());
    let response = request.send().await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    Some(response.bytes().await.ok()?.to_vec())
}

/// A signed write; gives status and body.
async fn write(office: &Office, method: reqwest::Method, path: &str, body: &Value) -> Option<(u16, Value)> {
    let (id, body) = (crate::vocabulary::CaseId::fresh().to_string(), body.to_string());
    let now = office.config.clock.now();
    let request = office
        .client
        .request(method, format!("{}/integration/v1{path}", office.config.portal))
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", now.seconds().to_string())
        .header("webhook-signature", office.config.secret_in.sign(&id, now, body.as_bytes()))
        .header("traceparent", super::traceparent())
        .body(body);
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, serde_json::from_slice(&response.bytes().await.ok()?).unwrap_or_default()))
}

pub(super) async fn poll(office: Arc<Office>) {
    loop {
        if office.control.state().pull {
            office.control.delay().await;
            let list = get(&office, "/deliveries?state=available&limit=20&offset=0").await;
            let list: Value = list.and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or_default();
            let ids = list.get("deliveries").and_then(Value::as_array).into_iter().flatten();
            for id in ids.filter_map(|d| d.get("deliveryId")?.as_str()) {
                // What does not work out is offered again when its lease has run out.
                let _ = take(&office, id).await;
            }
        }
        tokio::time::sleep(REST).await;
    }
}

async fn take(office: &Office, id: &str) -> Option<()> {
    let path = format!("/deliveries/{id}");
    let (status, _) = write(office, reqwest::Method::POST, &format!("{path}/lease"), &json!({ "seconds": 5 })).await?;
    if status != 200 {
        return None;
    }
    let body = get(office, &path).await?;
    let is_on = |fault| office.control.state().fault == Some(fault);
    match take_in(office, id, &body) {
        Ok(taken) if !is_on(Fault::ReceiptNever) => {
            let receipt = serde_json::to_value(&taken.receipt).ok()?;
            let times = if is_on(Fault::ReceiptTwice) { 2 } else { 1 };
            for _ in 0..times {
                tell(office, &path, &receipt).await?;
            }
        }
        Ok(_) => {}
        Err((code, detail)) => {
            let (code, _, _, retry) = code.parts();
            let failure = json!({ "code": code, "detail": detail, "retry": retry });
            write(office, reqwest::Method::PUT, &format!("{path}/failure"), &failure).await?;
        }
    }
    Some(())
}

/// Puts the receipt until the portal says what it thinks of it.
async fn tell(office: &Office, path: &str, receipt: &Value) -> Option<()> {
    for _ in 0..20 {
        let told = write(office, reqwest::Method::PUT, &format!("{path}/receipt"), receipt).await;
        match told {
            Some((status, _)) if status < 500 && status != 429 => return Some(()),
            _ if office.control.state().fault == Some(Fault::LeaseAnew) => {
                office.books().deliveries.clear();
                return None;
            }
            _ => tokio::time::sleep(office.pause()).await,
        }
    }
    None
}

pub(super) async fn read_feed(office: Arc<Office>) {
    let mut offset = 0;
    loop {
        let state = office.control.state();
        let page = match state.pull {
            true => get(&office, &format!("/outbox/events?offset={offset}&limit=20&waitSeconds=1")).await,
            false => None,
        };
        let page: Option<FeedPage> = page.and_then(|body| serde_json::from_slice(&body).ok());
        let last = page.as_ref().and_then(|p| p.events.last()).map(|e| e.position);
        for notice in page.iter().flat_map(|p| &p.events) {
            // By its id, so that one that comes again is known.
            office.control.count("notices", notice.event.id.clone());
        }
        match last {
            Some(last) => {
                offset = offset.max(last);
                if state.fault != Some(Fault::AcknowledgeNever) {
                    let _ =
                        write(&office, reqwest::Method::POST, "/outbox/acknowledgements", &json!({ "upTo": offset }))
                            .await;
                }
            }
            None => tokio::time::sleep(REST).await,
        }
    }
}
