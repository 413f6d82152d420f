use super::*;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

const QUICK: Limits =
    Limits { connect: Duration::from_millis(2_000), send: Duration::from_millis(1_500), keep: Duration::from_secs(5) };

/// A server that answers RCPT and the end of DATA as told; `None` is silence. Keeps what it was sent.
struct Server {
    port: u16,
    heard: Arc<Mutex<String>>,
}

async fn server(rcpt: Option<&'static str>, taken: Option<&'static str>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(String::new()));
    let log = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let log = log.clone();
            tokio::spawn(async move {
                let (reading, mut writing) = stream.into_split();
                let mut lines = BufReader::new(reading).lines();
                log.lock().await.push_str("(connection)\n");
                writing.write_all(b"220 test\r\n").await.ok();
                let mut in_text = false;
                while let Ok(Some(line)) = lines.next_line().await {
                    log.lock().await.push_str(&format!("{line}\n"));
                    let word = line.get(..4).unwrap_or_default().to_uppercase();
                    let answer = match word.as_str() {
                        _ if in_text && line != "." => continue,
                        _ if in_text => {
                            in_text = false;
                            taken
                        }
                        "EHLO" => Some("250-test\r\n250 8BITMIME"),
                        "RCPT" => rcpt,
                        "DATA" => {
                            in_text = true;
                            Some("354 go on")
                        }
                        _ => Some("250 fine"),
                    };
                    if let Some(answer) = answer {
                        writing.write_all(format!("{answer}\r\n").as_bytes()).await.ok();
                    }
                }
            });
        }
    });
    Server { port, heard }
}

fn letter() -> Letter {
    Letter {
        from: "Örkelljunga kommun <no-reply@orkelljunga.example>".parse().unwrap(),
        to: "åsa@räksmörgås.example".replace("åsa", "asa").parse().unwrap(),
        content: Content {
            subject: "Vi har tagit emot ditt ärende".into(),
            text: "Hej Åsa\n".into(),
            html: "<p>Hej Åsa</p>".into(),
        },
        message_id: "0197-receipt@orkelljunga.example".into(),
        thread: Some("ek-2026@orkelljunga.example".into()),
        language: "sv".into(),
        written: "2026-03-01T12:00:00Z".parse().unwrap(),
    }
}

async fn send_to(port: u16) -> Result<(), MailError> {
    Mailer::new(&format!("smtp://127.0.0.1:{port}"), QUICK).unwrap().send(&letter()).await
}

#[tokio::test]
async fn a_letter_is_taken_with_both_bodies_and_its_headers() {
    let server = server(Some("250 ok"), Some("250 queued")).await;
    send_to(server.port).await.unwrap();
    let heard = server.heard.lock().await.clone();
    for part in [
        "RCPT TO:<asa@xn--rksmrgs-5wao1o.example>",
        "Message-ID: <0197-receipt@orkelljunga.example>",
        "Date: Sun, 01 Mar 2026 12:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "Content-Language: sv",
        "References: <ek-2026@orkelljunga.example>",
        "multipart/alternative",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(heard.contains(part), "{part} is missing in:\n{heard}");
    }
}

#[tokio::test]
async fn the_same_letter_is_the_same_message_apart_from_its_boundary() {
    let body = |l: &Letter| {
        let text = String::from_utf8(l.message().unwrap().formatted()).unwrap();
        text.lines().filter(|l| !l.contains("boundary") && !l.starts_with("--")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(body(&letter()), body(&letter()));
}

#[tokio::test]
async fn two_letters_share_a_connection() {
    let server = server(Some("250 ok"), Some("250 queued")).await;
    let mailer = Mailer::new(&format!("smtp://127.0.0.1:{}/portal.example", server.port), QUICK).unwrap();
    mailer.send(&letter()).await.unwrap();
    mailer.send(&letter()).await.unwrap();
    let heard = server.heard.lock().await.clone();
    assert_eq!(heard.matches("(connection)").count(), 1);
    assert_eq!(heard.matches("EHLO portal.example").count(), 1);
}

#[tokio::test]
async fn a_refused_recipient_is_permanent_and_not_named() {
    let server = server(Some("550 5.1.1 <asa@xn--rksmrgs-5wao1o.example>: no such user"), None).await;
    let error = send_to(server.port).await.unwrap_err();
    assert!(matches!(&error, MailError::Permanent(550, text) if text.contains("no such user")), "{error}");
    assert!(!error.to_string().contains('@'));
}

#[tokio::test]
async fn a_busy_server_is_worth_another_try() {
    let server = server(Some("250 ok"), Some("451 later")).await;
    assert!(matches!(send_to(server.port).await, Err(MailError::Transient(_))));
}

#[tokio::test]
async fn being_told_to_log_in_is_our_fault_and_not_the_letters() {
    let server = server(Some("530 authentication required"), None).await;
    assert!(matches!(send_to(server.port).await, Err(MailError::Transient(_))));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_worth_another_try() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    assert!(matches!(send_to(port).await, Err(MailError::Transient(_))));
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_and_the_next_letter_gets_a_new_connection() {
    let server = server(Some("250 ok"), None).await;
    let mailer = Mailer::new(&format!("smtp://127.0.0.1:{}", server.port), QUICK).unwrap();
    for _ in 0..2 {
        assert!(matches!(mailer.send(&letter()).await, Err(MailError::Transient(_))));
    }
    assert_eq!(server.heard.lock().await.matches("(connection)").count(), 2);
}

#[test]
fn wrong_urls_are_told() {
    for url in ["", "http://x", "smtp://x?tls=maybe", "smtp:", "smtps://u:%ff@x"] {
        assert!(matches!(Mailer::new(url, QUICK), Err(MailError::Url(_))), "{url}");
    }
    for url in ["smtp://[::1]:25", "smtps://u:p%40ss@mail.example", "smtp://mail.example?tls=required"] {
        assert!(Mailer::new(url, QUICK).is_ok(), "{url}");
    }
}

#[test]
fn a_letter_is_composed_of_three_templates() {
    let made = compose("receipt", |name| Ok::<_, ()>(format!(" {name}\n"))).unwrap();
    assert_eq!(made.subject, "mail/receipt/subject.txt");
    assert_eq!(made.text, "mail/receipt/body.txt\n");
    assert!(made.html.contains("body.html"));
}

#[test]
fn addresses_are_not_printed() {
    assert!(!format!("{:?}", letter()).contains("asa"));
}
