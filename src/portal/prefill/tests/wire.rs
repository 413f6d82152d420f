//! The client against a real socket.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

/// What the server does with one call.
#[derive(Clone)]
enum Act {
    Answer(u16, Vec<u8>),
    Silence,
    HangUp,
    /// Promises more than it sends.
    CutOff(Vec<u8>),
}

struct Server {
    port: u16,
    calls: Arc<AtomicUsize>,
    last: Arc<Mutex<String>>,
}

/// Plays `acts` in order, the last one for ever.
async fn server(acts: Vec<Act>) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap_or_else(|e| panic!("{e}"));
    let port = listener.local_addr().map(|a| a.port()).unwrap_or_default();
    let (calls, last) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
    let server = Server { port, calls: calls.clone(), last: last.clone() };
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let turn = calls.fetch_add(1, Ordering::SeqCst).min(acts.len() - 1);
            let (act, last) = (acts[turn].clone(), last.clone());
            tokio::spawn(async move {
                let mut request = String::new();
                let mut piece = [0; 4096];
                while !request.contains("</soapenv:Envelope>") {
                    match socket.read(&mut piece).await {
                        Ok(n) if n > 0 => request.push_str(&String::from_utf8_lossy(&piece[..n])),
                        _ => return,
                    }
                }
                *last.lock().await = request;
                let (head, body) = match act {
                    Act::Answer(status, body) => {
                        (format!("HTTP/1.1 {status} X\r\ncontent-length: {}", body.len()), body)
                    }
                    Act::CutOff(body) => (format!("HTTP/1.1 200 X\r\ncontent-length: {}", body.len() * 2), body),
                    Act::HangUp => return,
                    Act::Silence => return tokio::time::sleep(Duration::from_secs(60)).await,
                };
                let _ = socket
                    .write_all(format!("{head}\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n").as_bytes())
                    .await;
                let _ = socket.write_all(&body).await;
                let _ = socket.shutdown().await;
            });
        }
    });
    server
}

fn config(port: u16) -> NavetConfig {
    NavetConfig {
        url: format!("http://navet.localhost:{port}/na/na_epersondata/V4/personpostXML")
            .parse()
            .unwrap_or_else(|e| panic!("{e}")),
        organisation_number: "202100-4748".into(),
        order_id: "00000236-FO01-0002".into(),
        order_includes_protection_flags: true,
        client_certificate: None,
    }
}

fn client(port: u16) -> NavetSoap {
    NavetSoap::new(config(port)).unwrap_or_else(|e| panic!("{e}"))
}

async fn ask(client: &NavetSoap, within: Duration) -> Result<Option<Person>, Unanswered> {
    client.look_up(&number("197905142381"), Instant::now() + within, Uuid::nil()).await
}

const SOON: Duration = Duration::from_secs(5);

fn anna() -> Act {
    Act::Answer(200, fixture("response-guardian").into_bytes())
}

#[tokio::test]
async fn a_question_is_asked_as_the_service_wants_it() {
    let server = server(vec![anna()]).await;
    let found = ask(&client(server.port), SOON).await;
    assert_eq!(found.map(|p| p.and_then(|p| p.number)), Ok(Some(number("197905142381"))));
    let request = server.last.lock().await.clone();
    assert!(request.starts_with("POST /na/na_epersondata/V4/personpostXML HTTP/1.1\r\n"));
    assert!(request.contains("soapaction: \"\"\r\n") && request.contains("content-type: text/xml; charset=UTF-8\r\n"));
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let sent = request.split_once("<soapenv:Header/>").map(|(_, body)| squeezed(body));
    let fixture = fixture("request-personpost");
    let expected = fixture.split_once("<soapenv:Header/>").map(|(_, body)| squeezed(body));
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn only_what_never_arrived_is_tried_again_and_once() {
    let page = b"<html>503".to_vec();
    let cases = [
        (vec![Act::Answer(503, page.clone()), anna()], Ok(true), 2),
        (vec![Act::Answer(502, page.clone()), Act::Answer(504, page.clone()), anna()], Err(Unanswered::Status(504)), 2),
        (vec![Act::Answer(404, page.clone()), anna()], Err(Unanswered::Status(404)), 1),
        (vec![Act::Answer(302, page.clone()), anna()], Err(Unanswered::Status(302)), 1),
        (vec![Act::Answer(500, page.clone()), anna()], Err(Unanswered::Status(500)), 1),
        (
            vec![Act::Answer(500, fixture("fault-invalid-parameters").into_bytes()), anna()],
            Err(Unanswered::Refused { code: Some(1) }),
            1,
        ),
        (vec![Act::Answer(200, fixture("response-not-found").into_bytes()), anna()], Ok(false), 1),
        (vec![Act::Answer(200, Vec::new()), anna()], Err(Unanswered::Unusable(Unreadable::NotXml)), 1),
        (vec![Act::Answer(200, vec![b'x'; 3 << 20]), anna()], Err(Unanswered::Unusable(Unreadable::TooLarge)), 1),
        (
            vec![Act::CutOff(fixture("response-guardian").into_bytes()), anna()],
            Err(Unanswered::Unusable(Unreadable::NotXml)),
            1,
        ),
        (vec![Act::HangUp, anna()], Err(Unanswered::Unusable(Unreadable::NotXml)), 1),
    ];
    for (turn, (acts, expected, calls)) in cases.into_iter().enumerate() {
        let server = server(acts).await;
        let answer = ask(&client(server.port), SOON).await.map(|p| p.is_some());
        assert_eq!((answer, server.calls.load(Ordering::SeqCst)), (expected, calls), "case {turn}");
    }
}

#[tokio::test]
async fn silence_ends_with_the_deadline() {
    let server = server(vec![Act::Silence]).await;
    let started = Instant::now();
    assert_eq!(ask(&client(server.port), Duration::from_millis(200)).await, Err(Unanswered::TimedOut));
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_register_that_keeps_failing_is_left_alone() {
    let server = server(vec![Act::Answer(404, Vec::new())]).await;
    let client = client(server.port);
    for _ in 0..5 {
        assert_eq!(ask(&client, SOON).await, Err(Unanswered::Status(404)));
    }
    assert_eq!(ask(&client, SOON).await, Err(Unanswered::LeftAlone));
    assert_eq!(server.calls.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_refused_question_does_not_shut_out_the_others() {
    let server = server(vec![Act::Answer(500, fixture("fault-invalid-parameters").into_bytes())]).await;
    let client = client(server.port);
    for _ in 0..7 {
        assert_eq!(ask(&client, SOON).await, Err(Unanswered::Refused { code: Some(1) }));
    }
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap_or_else(|e| panic!("{e}"));
    let port = listener.local_addr().map(|a| a.port()).unwrap_or_default();
    drop(listener);
    assert_eq!(ask(&client(port), SOON).await, Err(Unanswered::Unreachable));
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let good = || config(1);
    let url = |text: &str| text.parse().unwrap_or_else(|e| panic!("{e}"));
    let cases = [
        (NavetConfig { url: url("http://navet.example/x"), ..good() }, InvalidNavetConfig::Url),
        (NavetConfig { url: url("ftp://localhost/x"), ..good() }, InvalidNavetConfig::Url),
        (NavetConfig { organisation_number: "2021".into(), ..good() }, InvalidNavetConfig::OrganisationNumber),
        (NavetConfig { organisation_number: "192021004748".into(), ..good() }, InvalidNavetConfig::OrganisationNumber),
        (NavetConfig { order_id: "00000236-XX01-0002".into(), ..good() }, InvalidNavetConfig::OrderId),
        (NavetConfig { client_certificate: Some(b"no".into()), ..good() }, InvalidNavetConfig::ClientCertificate),
    ];
    for (config, reason) in cases {
        assert_eq!(NavetSoap::new(config).err(), Some(reason));
    }
    assert!(NavetSoap::new(NavetConfig { organisation_number: "162021004748".into(), ..good() }).is_ok());
    assert!(NavetSoap::new(NavetConfig { url: url("http://[::1]:1/x"), ..good() }).is_ok());
}
