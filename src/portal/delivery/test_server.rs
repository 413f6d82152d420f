//! An HTTP server that answers as a test says, on a real socket.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// `POST /v1/deliveries`, the head in lower case, and the body.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub line: String,
    pub head: String,
    pub body: Vec<u8>,
}

pub(super) type Log = Arc<Mutex<Vec<Asked>>>;

/// Answers every call with what `answer` says: a status, and a body. 0 is no answer at all.
pub(super) async fn serve(answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static) -> (url::Url, Log) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let (log, answer) = (Log::default(), Arc::new(answer));
    let told = log.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (log, answer) = (told.clone(), answer.clone());
            tokio::spawn(async move {
                let Some(asked) = read(&mut socket).await else { return };
                log.lock().unwrap().push(asked.clone());
                let (status, body) = answer(&asked);
                if status == 0 {
                    tokio::time::sleep(std::time::Duration::from_secs(30)).await;
                    return;
                }
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                let _ = socket.write_all((head + &body).as_bytes()).await;
            });
        }
    });
    (url, log)
}

async fn read(socket: &mut tokio::net::TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let n = socket.read(&mut part).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&part[..n]);
        if let Some(asked) = whole(&bytes) {
            return Some(asked);
        }
    }
}

/// What was asked, when all of it has come.
pub(super) fn whole(bytes: &[u8]) -> Option<Asked> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0usize);
    let first = String::from_utf8_lossy(&bytes[..end]).lines().next().unwrap_or_default().to_owned();
    let line = first.trim_end_matches(" HTTP/1.1").to_owned();
    (bytes.len() >= end + 4 + length).then(|| Asked { line, head, body: bytes[end + 4..].to_vec() })
}

/// How many calls begin so.
pub(super) fn count(log: &Log, begins: &str) -> usize {
    log.lock().unwrap().iter().filter(|asked| asked.line.starts_with(begins)).count()
}

/// A receipt for what was posted, or for the id that the address ends with.
pub(super) fn registered(asked: &Asked) -> String {
    let posted: serde_json::Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let asked_for = asked.line.rsplit('/').next().unwrap_or_default().to_owned();
    let id = posted["deliveryId"].as_str().map_or(asked_for, str::to_owned);
    format!(r#"{{"deliveryId":"{id}","state":"registered","externalCaseId":"k-{id}","diaryNumber":"KS 2026/1"}}"#)
}
