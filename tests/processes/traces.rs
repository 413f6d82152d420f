//! Traces, as a collector receives them.

use super::browser::Browser;
use super::fault::report;
use super::installation::{Installation, client};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Takes whatever is posted to it.
struct Collector {
    port: u16,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let collector = Collector { port: listener.local_addr().unwrap().port(), received: Arc::default() };
        let received = collector.received.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(take(socket, received.clone()));
            }
        });
        collector
    }

    /// Text and bytes lie as they are in what OTLP sends.
    fn has(&self, bytes: &[u8]) -> bool {
        self.received.lock().unwrap().windows(bytes.len()).any(|w| w == bytes)
    }
}

/// Request after request of one connection.
async fn take(mut socket: TcpStream, received: Arc<Mutex<Vec<u8>>>) {
    let mut bytes = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
                break end + 4;
            }
            if socket.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
        assert!(text.starts_with("post /v1/traces ") && text.contains("application/x-protobuf"), "{text}");
        let length = text.lines().find_map(|l| l.strip_prefix("content-length: ")).unwrap().parse::<usize>().unwrap();
        while bytes.len() < head + length {
            assert!(socket.read_buf(&mut bytes).await.unwrap() > 0);
        }
        received.lock().unwrap().extend(&bytes[head..head + length]);
        bytes.drain(..head + length);
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    }
}

const TRACE: [u8; 16] =
    [0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c];

async fn ask_within_a_trace(address: &str) {
    let caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let answer = client().get(address).header("traceparent", caller).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_sees_requests_jobs_and_deliveries_and_nobodys_answers() {
    let collector = Collector::start().await;
    let mut all = Installation::on_files();
    all.set("TELEMETRY__OTLP_URL", &format!("http://127.0.0.1:{}/v1/traces", collector.port));
    all.migrate();
    let portal = all.start_portal().await;
    ask_within_a_trace(&all.portal("/e-tjanster?q=hemlig-fraga")).await;
    report(&mut Browser::new(), &all.portal("/e-tjanster/felanmalan/fyll-i")).await;
    let begun = Instant::now();
    while !all.log().contains("a delivery was attempted") {
        assert!(begun.elapsed().as_secs() < 30, "{}", all.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What is not sent yet is sent when the process stops.
    portal.terminate();
    assert_eq!(portal.ended().await.code(), Some(0));
    for wanted in [
        "kommunportal-portal",
        "/e-tjanster/{service}/fyll-i",
        "http.route",
        "http.response.status_code",
        "job.kind",
        "delivery",
    ] {
        assert!(collector.has(wanted.as_bytes()), "{wanted}");
    }
    for unwanted in ["hemlig-fraga", "Gungan", "Kyrkparken", "answered", "kp_session"] {
        assert!(!collector.has(unwanted.as_bytes()), "{unwanted}");
    }
    assert!(!collector.has(&TRACE), "whoever is no trusted proxy begins no trace of ours");

    all.set("WEB__TRUSTED_PROXIES", "127.0.0.1");
    let portal = all.start_portal().await;
    ask_within_a_trace(&all.portal("/e-tjanster")).await;
    portal.terminate();
    assert_eq!(portal.ended().await.code(), Some(0));
    assert!(collector.has(&TRACE), "the trace goes on");
}
