//! Load over HTTP that costs the machine little: a socket for each connection, the request as bytes, the answer's
//! status, and no more of it read than where it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that stays open.
pub struct Connection {
    socket: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, as it came.
pub struct Answer {
    pub status: u16,
    pub head: String,
    /// Without its chunks' lengths; still compressed.
    pub body: Vec<u8>,
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

impl Connection {
    pub async fn open(port: u16) -> Self {
        let socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        socket.set_nodelay(true).unwrap();
        Connection { socket, buffer: Vec::with_capacity(64 * 1024) }
    }

    async fn more(&mut self) {
        let n = self.socket.read_buf(&mut self.buffer).await.unwrap();
        assert!(n > 0, "the connection was closed in the middle of an answer");
    }

    /// One request and its answer.
    pub async fn ask(&mut self, request: &[u8]) -> Answer {
        self.socket.write_all(request).await.unwrap();
        self.buffer.clear();
        let head_end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await;
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap();
        let value = |name: &str| head.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
        let mut body = Vec::new();
        if value("transfer-encoding:").is_some_and(|v| v == "chunked") {
            let mut from = head_end;
            loop {
                let Some(end) = find(&self.buffer[from..], b"\r\n").map(|at| from + at) else {
                    self.more().await;
                    continue;
                };
                let length = usize::from_str_radix(std::str::from_utf8(&self.buffer[from..end]).unwrap(), 16).unwrap();
                while self.buffer.len() < end + 2 + length + 2 {
                    self.more().await;
                }
                body.extend_from_slice(&self.buffer[end + 2..end + 2 + length]);
                from = end + 2 + length + 2;
                if length == 0 {
                    break;
                }
            }
        } else {
            let length = value("content-length:").and_then(|v| v.parse().ok()).unwrap_or(0);
            while self.buffer.len() < head_end + length {
                self.more().await;
            }
            body.extend_from_slice(&self.buffer[head_end..head_end + length]);
        }
        Answer { status, head, body }
    }
}

/// A GET as a browser sends it.
pub fn get(port: u16, path: &str, cookie: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\naccept: text/html,*/*;q=0.8\r\n\
         accept-encoding: gzip, deflate, br\r\ncookie: {cookie}\r\n\r\n"
    )
    .into_bytes()
}

/// A form as a browser sends it.
pub fn post(port: u16, path: &str, cookie: &str, form: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\naccept: text/html\r\n\
         accept-encoding: gzip, deflate, br\r\ncookie: {cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}

/// Every connection sends its own requests, one after the other; answers in each second.
pub async fn send_all(port: u16, requests: Vec<Vec<Vec<u8>>>, wanted: u16) -> f64 {
    let count: usize = requests.iter().map(Vec::len).sum();
    let mut connections = Vec::new();
    for own in requests {
        connections.push((Connection::open(port).await, own));
    }
    let begun = Instant::now();
    let tasks = connections.into_iter().map(|(mut connection, own)| {
        tokio::spawn(async move {
            for request in own {
                let answer = connection.ask(&request).await;
                assert_eq!(answer.status, wanted, "{}", answer.head);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    count as f64 / begun.elapsed().as_secs_f64()
}

/// Every connection sends its own request again and again for as long as `length`; answers in each second.
pub async fn repeat(port: u16, requests: Vec<Vec<u8>>, length: Duration) -> f64 {
    let begun = Instant::now();
    let counted = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let mut tasks = Vec::new();
    for request in requests {
        let mut connection = Connection::open(port).await;
        let counted = counted.clone();
        tasks.push(tokio::spawn(async move {
            while begun.elapsed() < length {
                let answer = connection.ask(&request).await;
                assert_eq!(answer.status, 200, "{}", answer.head);
                counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    counted.load(std::sync::atomic::Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}
