//! Letters and SMTP commands to the simulated mailbox, and what its pages make of them.

use super::databases::Folder;
use super::hostile::{cases_in, spoiled};
use kommunportal::simulators::control_room::Setup;
use kommunportal::simulators::mailbox::{Mailbox, MailboxConfig, start};
use kommunportal::vocabulary::Clock;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Says everything at once, hangs up its own half and hears the other out.
fn say(port: u16, words: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The server may have hung up already.
    drop(stream.write_all(words));
    drop(stream.shutdown(Shutdown::Write));
    let mut heard = Vec::new();
    drop(stream.read_to_end(&mut heard));
    String::from_utf8_lossy(&heard).into_owned()
}

fn conversations() -> Vec<Vec<u8>> {
    let head = "EHLO a\r\nMAIL FROM:<a@b.example> BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<c@d.example>\r\nDATA\r\n";
    let letter = "From: a@b.example\r\nTo: c@d.example\r\nSubject: =?utf-8?q?Hej_=C3=A5?=\r\nMIME-Version: 1.0\r\n\
                  Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                  Hej\r\n..\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Hej\r\n--x--\r\n";
    vec![
        format!("{head}{letter}.\r\nQUIT\r\n").into_bytes(),
        b"HELO a\r\nNOOP\r\nRSET\r\nVRFY x\r\nSTARTTLS\r\nAUTH PLAIN AA==\r\nQUIT\r\n".to_vec(),
        format!("{head}Hej\n.\nMAIL FROM:<x@y.example>\r\n.\r\n").into_bytes(),
    ]
}

fn answers(mailbox: &Mailbox, path: &str) -> bool {
    let words = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    say(mailbox.web().port(), words.as_bytes()).starts_with("HTTP/1.1 200")
}

#[test]
fn any_conversation_is_answered_line_by_line_and_the_mailbox_lives_on() {
    let folder = Folder::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _inside = runtime.enter();
    let any = || vec![([127, 0, 0, 1], 0).into()];
    let clock = Clock::standing_at("2026-11-21T12:00:00Z".parse().unwrap());
    let config = MailboxConfig {
        bind: any(),
        smtp_bind: any(),
        data_dir: folder.path().to_owned(),
        clock,
        room: Setup::default(),
    };
    let mailbox = start(config).unwrap();
    let port = mailbox.smtp().port();
    let honest = conversations().swap_remove(0);
    assert!(say(port, &honest).contains("250 "), "an honest letter is taken");
    TestRunner::new(cases_in(file!(), 64))
        .run(&spoiled(conversations()), |words| {
            let said = words.len();
            let heard = say(port, &words);
            prop_assert!(heard.starts_with("220 "), "{:.80}", heard);
            let fine = |line: &str| line.len() >= 3 && line.as_bytes()[..3].iter().all(u8::is_ascii_digit);
            prop_assert!(heard.lines().all(fine), "{:.300}", heard);
            prop_assert!(heard.len() <= 1_000 + 200 * (said + 1), "{} bytes for {}", heard.len(), said);
            Ok(())
        })
        .unwrap();
    assert!(answers(&mailbox, "/"), "the page of letters");
    assert!(say(port, &honest).contains("250 "), "an honest letter is taken afterwards");
}
