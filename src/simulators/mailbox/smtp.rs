//! The SMTP server (RFC 5321): no log-in and no TLS, since it listens on loopback for our own tests and demonstrations
//! only, but otherwise as careful as a server on the internet, so that a client's faults show.

use super::Fault;
use super::letters::Letters;
use crate::simulators::StartError;
use crate::simulators::control::{Control, Faults};
use crate::simulators::serving::{self, Running};
use serde_json::json;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// The largest letter, said in EHLO.
const MAX_LETTER: usize = 10 * 1024 * 1024;
/// The longest command line; RFC 5321 demands 512 and extensions add some.
const MAX_LINE: u64 = 4096;
const MAX_RECIPIENTS: usize = 100;
const MAX_CONNECTIONS: usize = 200;
/// How long the client may be silent (RFC 5321 4.5.3.2.7).
const SILENCE: Duration = Duration::from_secs(300);

type MailControl = Control<Faults<Fault>>;

/// Takes connections on every listener until the handle stops it.
pub(super) fn serve(
    listeners: Vec<TcpListener>,
    letters: Arc<Letters>,
    control: Arc<MailControl>,
) -> Result<Running, StartError> {
    let addresses = serving::local_addresses(&listeners);
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut tasks = Vec::new();
    for (listener, address) in listeners.into_iter().zip(addresses.clone()) {
        let listener =
            tokio::net::TcpListener::from_std(listener).map_err(|source| StartError::Listen { address, source })?;
        let (letters, control, room) = (letters.clone(), control.clone(), room.clone());
        tasks.push(tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    // Out of file descriptors, most likely: some will be given back.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                };
                let Ok(place) = room.clone().acquire_owned().await else { return };
                let session = Session::new(stream, letters.clone(), control.clone());
                tokio::spawn(async move {
                    // A client that goes away in the middle is no fault of ours.
                    let _ = session.run().await;
                    drop(place);
                });
            }
        }));
    }
    Ok(Running::new(addresses, None, tasks))
}

struct Session {
    stream: BufReader<TcpStream>,
    letters: Arc<Letters>,
    control: Arc<MailControl>,
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

/// Whether to go on listening after an answer.
#[derive(PartialEq, Eq)]
enum Then {
    GoOn,
    Close,
}

impl Session {
    fn new(stream: TcpStream, letters: Arc<Letters>, control: Arc<MailControl>) -> Self {
        Self { stream: BufReader::new(stream), letters, control, greeted: false, from: None, to: Vec::new() }
    }

    async fn run(mut self) -> io::Result<()> {
        if let Some(fault) = self.control.strike(|f| f == Fault::Down) {
            self.control.note(json!({"event": "connection", "fault": fault}));
            return Ok(());
        }
        self.control.delay().await;
        self.say("220 brevlada.localhost ESMTP testmiljo").await?;
        while let Some(line) = self.line().await? {
            let Some(line) = line else {
                self.say("500 5.5.2 line too long or not UTF-8").await?;
                continue;
            };
            if self.command(&line).await? == Then::Close {
                break;
            }
        }
        Ok(())
    }

    async fn say(&mut self, answer: &str) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(answer.as_bytes()).await?;
        stream.write_all(b"\r\n").await?;
        stream.flush().await
    }

    /// One piece up to and including a line feed, at most `limit` bytes; empty at the end of the stream.
    async fn piece(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        let mut limited = (&mut self.stream).take(limit);
        tokio::time::timeout(SILENCE, limited.read_until(b'\n', &mut piece))
            .await
            .map_err(|_| io::ErrorKind::TimedOut)??;
        Ok(piece)
    }

    /// `None` at the end; `Some(None)` for a line that is no command.
    async fn line(&mut self) -> io::Result<Option<Option<String>>> {
        let mut line = self.piece(MAX_LINE).await?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') {
            // Too long: read past the rest of it.
            loop {
                let rest = self.piece(MAX_LINE).await?;
                if rest.is_empty() || rest.last() == Some(&b'\n') {
                    return Ok(Some(None));
                }
            }
        }
        while matches!(line.last(), Some(b'\r' | b'\n')) {
            line.pop();
        }
        Ok(Some(String::from_utf8(line).ok()))
    }

    async fn command(&mut self, line: &str) -> io::Result<Then> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.begin();
                let size = format!("250-SIZE {MAX_LETTER}");
                for answer in ["250-brevlada.localhost", &size, "250-8BITMIME", "250-PIPELINING"] {
                    self.say(answer).await?;
                }
                self.say("250 SMTPUTF8").await?;
            }
            "HELO" => {
                self.begin();
                self.say("250 brevlada.localhost").await?;
            }
            "MAIL" => {
                let answer = self.mail(rest);
                self.say(answer).await?;
            }
            "RCPT" => {
                let answer = self.rcpt(rest);
                self.say(answer).await?;
            }
            "DATA" if self.to.is_empty() => self.say("503 5.5.1 no recipient has been accepted").await?,
            "DATA" => return self.data().await,
            "RSET" => {
                (self.from, self.to) = (None, Vec::new());
                self.say("250 2.0.0 forgotten").await?;
            }
            "NOOP" => self.say("250 2.0.0 yes").await?,
            "VRFY" => self.say("252 2.1.5 send it and see").await?,
            "QUIT" => {
                self.say("221 2.0.0 goodbye").await?;
                return Ok(Then::Close);
            }
            _ => self.say("502 5.5.1 not a command here").await?,
        }
        Ok(Then::GoOn)
    }

    fn begin(&mut self) {
        (self.greeted, self.from, self.to) = (true, None, Vec::new());
    }

    fn mail(&mut self, rest: &str) -> &'static str {
        if !self.greeted {
            return "503 5.5.1 say EHLO first";
        }
        if self.from.is_some() {
            return "503 5.5.1 a letter is already begun";
        }
        let Some((address, parameters)) = path(rest, "FROM:") else { return "501 5.5.4 MAIL FROM:<address>" };
        for parameter in parameters.split_ascii_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name.to_ascii_uppercase().as_str() {
                "SIZE" if value.parse::<usize>().is_ok_and(|size| size > MAX_LETTER) => {
                    return "552 5.3.4 the letter is too large";
                }
                "SIZE" | "BODY" | "SMTPUTF8" => {}
                _ => return "555 5.5.4 parameter not recognised",
            }
        }
        self.from = Some(address.to_owned());
        "250 2.1.0 sender ok"
    }

    fn rcpt(&mut self, rest: &str) -> &'static str {
        if self.from.is_none() {
            return "503 5.5.1 MAIL comes first";
        }
        let Some((address, _)) = path(rest, "TO:").filter(|(address, _)| address.contains('@')) else {
            return "501 5.1.3 RCPT TO:<address>";
        };
        if self.to.len() >= MAX_RECIPIENTS {
            return "452 4.5.3 too many recipients";
        }
        let lower = address.to_lowercase();
        let fault = self.control.strike(|f| matches!(f, Fault::RejectAll | Fault::DeferAll));
        let answer = match fault {
            Some(Fault::RejectAll) => "550 5.1.1 nobody lives here",
            Some(_) => "451 4.3.0 try again later",
            None if lower.starts_with("avvisas@") => "550 5.1.1 nobody lives here",
            None if lower.starts_with("senare@") => "451 4.3.0 try again later",
            None => {
                self.to.push(address.to_owned());
                return "250 2.1.5 recipient ok";
            }
        };
        self.control.note(json!({"event": "refused", "answer": answer, "fault": fault}));
        answer
    }

    async fn data(&mut self) -> io::Result<Then> {
        self.say("354 end with a line that is a dot").await?;
        let mut message = Vec::new();
        let (mut too_large, mut line_start) = (false, true);
        loop {
            let piece = self.piece(64 * 1024).await?;
            if piece.is_empty() {
                return Ok(Then::Close);
            }
            // Only CRLF . CRLF ends a letter: a bare line feed must not let one letter hide another.
            if line_start && piece == b".\r\n" {
                break;
            }
            let content = if line_start && piece.first() == Some(&b'.') { piece.get(1..) } else { piece.get(..) };
            line_start = piece.ends_with(b"\r\n");
            if message.len() + piece.len() > MAX_LETTER {
                too_large = true;
            } else {
                message.extend_from_slice(content.unwrap_or_default());
            }
        }
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        if too_large {
            self.say("552 5.3.4 the letter is too large").await?;
            return Ok(Then::GoOn);
        }
        let (recipients, size) = (to.len(), message.len());
        let letters = self.letters.clone();
        let kept = tokio::task::spawn_blocking(move || letters.keep(from, to, &message)).await;
        if !matches!(kept, Ok(Ok(()))) {
            self.control.note(json!({"event": "letter", "kept": false}));
            self.say("451 4.3.0 the letter could not be kept").await?;
            return Ok(Then::GoOn);
        }
        let fault = self.control.strike(|f| f == Fault::LostAck);
        self.control
            .note(json!({"event": "letter", "kept": true, "recipients": recipients, "size": size, "fault": fault}));
        if fault.is_some() {
            return Ok(Then::Close);
        }
        self.control.delay().await;
        self.say("250 2.0.0 kept").await?;
        Ok(Then::GoOn)
    }
}

/// The address and the parameters of `FROM:<a@b> SIZE=1`.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let (found, after) = rest.trim_start().split_at_checked(keyword.len())?;
    if !found.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (address, parameters) = after.trim_start().strip_prefix('<')?.split_once('>')?;
    let clean = address.len() <= 320 && !address.chars().any(|c| c.is_control() || c.is_whitespace() || c == '<');
    clean.then_some((address, parameters))
}
