//! What a log-in costs the broker, counted on the wire.

use super::attempt::{ANNA, PER, told};
use super::browser::Browser;
use super::demo::Demo;
use kommunportal::simulators::broker::{self, BrokerConfig, Client, SigningAlg};
use kommunportal::vocabulary::Clock;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Passes on what comes, one request to a connection, and notes its first line.
struct Proxy {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = seen.clone();
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(pass_on(socket, port, noted.clone()));
            }
        });
        Proxy { address, seen, task }
    }

    /// The requests since the last time, but for those of people's browsers.
    fn asked(&self) -> Vec<String> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap());
        seen.into_iter().filter(|line| !line.contains(" /authorize")).collect()
    }
}

async fn pass_on(mut socket: TcpStream, port: u16, seen: Arc<Mutex<Vec<String>>>) {
    let (mut read, mut chunk) = (Vec::new(), [0; 8192]);
    let (head, body) = loop {
        let Ok(n @ 1..) = socket.read(&mut chunk).await else { return };
        read.extend_from_slice(&chunk[..n]);
        let Some(end) = read.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        let length = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if read.len() >= end + 4 + length.unwrap_or(0) {
            break (head, read.split_off(end + 4));
        }
    };
    seen.lock().unwrap().push(head.lines().next().unwrap_or_default().to_owned());
    let head: Vec<&str> = head.lines().filter(|l| !l.to_lowercase().starts_with("connection:")).collect();
    let mut onward = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    onward.write_all(format!("{}\r\nconnection: close\r\n\r\n", head.join("\r\n")).as_bytes()).await.unwrap();
    onward.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    if onward.read_to_end(&mut answer).await.is_ok() {
        drop(socket.write_all(&answer).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_asks_the_broker_at_most_twice_once_it_is_known() {
    // The broker listens behind the proxy, whose address is its name.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let proxy = Proxy::before(port).await;
    let secret = "a-secret-of-the-test-alone";
    let demo = Demo::start_with(&[
        ("KOMMUNPORTAL__BROKER__ISSUER", &proxy.address),
        ("KOMMUNPORTAL__BROKER__CLIENT_ID", "kommunportal"),
        ("KOMMUNPORTAL__BROKER__CLIENT_SECRET", secret),
    ])
    .await;
    let keys = super::databases::Folder::new();
    let _broker = broker::start(BrokerConfig {
        bind: vec![([127, 0, 0, 1], port).into()],
        issuer: Some(proxy.address.clone()),
        data_dir: keys.path().to_owned(),
        clock: Clock::system(),
        clients: vec![Client {
            client_id: "kommunportal".into(),
            client_name: "Kommunen".into(),
            names_at: Vec::new(),
            client_secret: Some(secret.into()),
            jwks_uri: None,
            redirect_uris: vec![demo.portal("/auth/aterkomst/standard")],
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uris: Vec::new(),
            id_token_signed_response_alg: SigningAlg::Es256,
            may_sign: false,
            staff: false,
        }],
        sides: None,
    })
    .unwrap();
    let log_in = async |person: &str| {
        let mut browser = Browser::new();
        browser.set_cookie("localhost", "kp_person", person);
        browser.open(&demo.portal("/mina-sidor")).await;
        assert_eq!(browser.url().as_str(), demo.portal("/mina-sidor"), "{}", browser.text());
    };
    log_in(ANNA).await;
    let first = proxy.asked();
    assert!(first.iter().any(|line| line.contains("openid-configuration")), "{first:?}");
    for person in [ANNA, PER, ANNA, PER] {
        log_in(person).await;
        let asked = proxy.asked();
        assert!(asked.len() <= 2 && asked.iter().any(|line| line.starts_with("POST /token")), "{asked:?}");
    }
    // Nobody answers there any more (row 42): people are told so, and not sent to a dead address and left there.
    let mut browser = Browser::new();
    browser.set_cookie("localhost", "kp_person", ANNA);
    browser.open_with(&demo.portal("/logga-in?retur=/mina-sidor"), &[]).await;
    let to_broker = browser.header("location").to_owned();
    browser.open_with(&to_broker, &[]).await;
    let back = browser.header("location").to_owned();
    proxy.task.abort();
    tokio::time::sleep(Duration::from_millis(50)).await;
    browser.open_with(&back, &[]).await;
    let met = super::attempt::Met::Told(browser.status(), browser.find("h1").unwrap_or_default());
    assert_eq!(met, told("unavailable"));
    super::logs::assert_clean(&demo.log(), &[secret.to_owned()]);
}
