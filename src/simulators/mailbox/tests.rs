use super::*;
use crate::simulators::control_room::Place;
use crate::vocabulary::At;
use lettre::message::{MultiPart, SinglePart, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn started_in(data_dir: PathBuf) -> Mailbox {
    let any = || vec![([127, 0, 0, 1], 0).into()];
    let place = Place { name: "municipality", title: Some("Skara <b>".into()), url: "http://localhost:8080/".into() };
    let sides = ["http://localhost:8080", "http://localhost:8081", "http://localhost:8084"].map(str::to_owned);
    let room = Setup { places: vec![place], sides: Some(sides), logs_in: true, ..Setup::default() };
    let clock = Clock::standing_at("2026-11-21T12:00:00Z".parse().unwrap_or(At::EPOCH));
    start(MailboxConfig { bind: any(), smtp_bind: any(), data_dir, clock, room }).unwrap()
}

fn a_folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("kp-mailbox-{name}-{}", uuid::Uuid::now_v7()))
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap()
}

fn url(mailbox: &Mailbox, path: &str) -> String {
    format!("http://127.0.0.1:{}{path}", mailbox.web().port())
}

async fn json_of(mailbox: &Mailbox, path: &str) -> Value {
    let text = http().get(url(mailbox, path)).send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

fn letter(to: &str) -> Message {
    Message::builder()
        .from("Örkelljunga kommun <noreply@orkelljunga.example>".parse().unwrap())
        .to(to.parse().unwrap())
        .subject("Vi har tagit emot ditt ärende – åäö")
        .multipart(
            MultiPart::alternative()
                .singlepart(
                    SinglePart::builder()
                        .header(ContentType::TEXT_PLAIN)
                        .body("Hej.\r\n.\r\n..två\r\nSe http://localhost:8080/mina-sidor.".to_owned()),
                )
                .singlepart(
                    SinglePart::builder()
                        .header(ContentType::TEXT_HTML)
                        .body("<p>Hej</p><script>1</script>".to_owned()),
                ),
        )
        .unwrap()
}

async fn send(mailbox: &Mailbox, to: &str) -> Result<(), lettre::transport::smtp::Error> {
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(mailbox.smtp().port())
        .timeout(Some(Duration::from_secs(5)))
        .build();
    transport.send(letter(to)).await.map(drop)
}

async fn control(mailbox: &Mailbox, state: Value) {
    assert_eq!(http().post(url(mailbox, "/_control")).json(&state).send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn a_letter_that_is_sent_can_be_read_and_is_there_after_a_restart() {
    let folder = a_folder("read");
    let mailbox = started_in(folder.clone());
    send(&mailbox, "anna@example.se").await.unwrap();
    mailbox.stop().await;

    let mailbox = started_in(folder);
    let letters = json_of(&mailbox, "/api/brev?till=ANNA@example.se").await;
    let one = letters.get(0).unwrap();
    assert_eq!(letters.as_array().map(Vec::len), Some(1));
    assert_eq!(one["subject"], "Vi har tagit emot ditt ärende – åäö");
    assert_eq!(one["to"], json!(["anna@example.se"]));
    assert_eq!(one["from"], "noreply@orkelljunga.example");
    assert!(
        one["text"].as_str().unwrap().contains("\n.\r\n..två") || one["text"].as_str().unwrap().contains("\n.\n..två")
    );
    assert!(one["html"].as_str().unwrap().contains("<p>Hej</p>"));
    assert!(one["headers"]["mime-version"].is_array());
    assert_eq!(json_of(&mailbox, "/api/brev?till=per@example.se").await, json!([]));

    let id = one["id"].as_str().unwrap();
    let page = http().get(url(&mailbox, &format!("/brev/{id}"))).send().await.unwrap().text().await.unwrap();
    assert!(
        page.contains("påhittade personer")
            && page.contains("sandbox=\"\"")
            && page.contains("http://localhost:8080/mina-sidor")
    );
    let html = http().get(url(&mailbox, &format!("/brev/{id}/html"))).send().await.unwrap();
    let policy = html.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"));
    mailbox.stop().await;
}

#[actix_web::test]
async fn addresses_and_faults_refuse_for_good_or_for_now() {
    let mailbox = started_in(a_folder("refuse"));
    assert!(send(&mailbox, "avvisas@example.se").await.unwrap_err().is_permanent());
    assert!(send(&mailbox, "senare@example.se").await.unwrap_err().is_transient());
    control(&mailbox, json!({"fault": "reject_all", "times": 1})).await;
    assert!(send(&mailbox, "anna@example.se").await.unwrap_err().is_permanent());
    control(&mailbox, json!({"fault": "defer_all", "times": 1})).await;
    assert!(send(&mailbox, "anna@example.se").await.unwrap_err().is_transient());
    control(&mailbox, json!({"fault": "down", "times": 1})).await;
    assert!(send(&mailbox, "anna@example.se").await.is_err());
    assert_eq!(json_of(&mailbox, "/api/brev").await, json!([]));
    control(&mailbox, json!({"fault": "lost_ack", "times": 1})).await;
    assert!(send(&mailbox, "anna@example.se").await.is_err());
    send(&mailbox, "anna@example.se").await.unwrap();
    assert_eq!(json_of(&mailbox, "/api/brev").await.as_array().map(Vec::len), Some(2));
    mailbox.stop().await;
}

/// Says everything at once and gives back all that was answered.
async fn conversation(mailbox: &Mailbox, said: &[u8]) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", mailbox.smtp().port())).await.unwrap();
    stream.write_all(said).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    answers
}

#[actix_web::test]
async fn commands_out_of_order_are_refused_and_no_letter_can_hide_in_another() {
    let mailbox = started_in(a_folder("order"));
    let answers = conversation(
        &mailbox,
        b"MAIL FROM:<a@b.se>\r\nHELO x\r\nRCPT TO:<a@b.se>\r\nDATA\r\nMAIL FROM:<a@b.se> SIZE=99999999\r\n\
          MAIL FROM:<a@b.se> X=1\r\nMAIL FROM:<>\r\nRCPT TO:<bad\x01@b.se>\r\nRCPT TO:<c@d.se>\r\nDATA\r\n\
          Subject: x\r\n\r\nfirst\n.\nMAIL FROM:<evil@b.se>\r\n..dot\r\n.\r\nFOO\r\nQUIT\r\n",
    )
    .await;
    let codes: Vec<&str> = answers.lines().filter_map(|line| line.get(..3)).collect();
    assert_eq!(
        codes,
        ["220", "503", "250", "503", "503", "552", "555", "250", "501", "250", "354", "250", "502", "221"]
    );
    let letters = json_of(&mailbox, "/api/brev").await;
    assert_eq!(letters.as_array().map(Vec::len), Some(1));
    let text = letters[0]["text"].as_str().unwrap();
    assert!(text.contains("MAIL FROM:<evil@b.se>") && text.contains("\n.dot"), "{text:?}");
    mailbox.stop().await;
}

#[actix_web::test]
async fn a_letter_over_the_limit_is_refused_and_the_session_goes_on() {
    let mailbox = started_in(a_folder("large"));
    let mut said = b"HELO x\r\nMAIL FROM:<a@b.se>\r\nRCPT TO:<c@d.se>\r\nDATA\r\n".to_vec();
    said.extend(
        std::iter::repeat_n(b"0123456789012345678901234567890123456789012345678901234567890\r\n", 180_000).flatten(),
    );
    said.extend(b".\r\nNOOP\r\nQUIT\r\n");
    let answers = conversation(&mailbox, &said).await;
    assert!(answers.contains("\r\n552 ") && answers.contains("\r\n250 2.0.0 yes") && answers.contains("\r\n221 "));
    assert_eq!(json_of(&mailbox, "/api/brev").await, json!([]));
    mailbox.stop().await;
}

#[actix_web::test]
async fn the_control_room_leads_everywhere_and_escapes_what_it_shows() {
    let mailbox = started_in(a_folder("room"));
    // Under another name it leads to its own, where cookies reach the broker.
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let elsewhere = client.get(url(&mailbox, "/")).send().await.unwrap();
    assert_eq!(elsewhere.headers()["location"], "http://localhost:8084/");
    let answer = http().get(url(&mailbox, "/")).header("host", "localhost:8084").send().await.unwrap();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let page = answer.text().await.unwrap();
    for shown in ["http://localhost:8080/", "197905142381", "kaso01@2120009911", "Camilla", "Olena", "&lt;b&gt;"] {
        let escaped = shown.replace('/', "&#x2F;");
        assert!(page.contains(shown) || page.contains(&escaped), "{shown}");
    }
    assert_eq!(http().delete(url(&mailbox, "/api/brev")).send().await.unwrap().status(), 204);
    let as_text = http().post(url(&mailbox, "/_control")).body("{}").send().await.unwrap();
    assert!(as_text.status().is_client_error());
    mailbox.stop().await;
}
