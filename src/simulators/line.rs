//! The line from the portal to the system that handles its cases: bytes are carried on as they come, unless somebody in
//! Kontrollrum has cut it. What is sent meanwhile fails on the wire, exactly as when the other system is down.

use super::StartError;
use super::control::{Lever, Position};
use super::serving::{self, Running};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Bytes carried at once.
const PIECE: usize = 16 * 1024;
/// After a failed accept; out of file descriptors, most likely.
const REST: Duration = Duration::from_millis(100);

/// A line that is open for calls.
pub struct Line {
    running: Running,
    position: watch::Sender<Position>,
}

/// Opens a line from `bind` to a port of this machine. Must be called inside a tokio runtime.
pub fn start(bind: &[SocketAddr], to: u16) -> Result<Line, StartError> {
    let listeners = serving::listen(bind)?;
    let addresses = serving::local_addresses(&listeners);
    let position = watch::Sender::new(Position::default());
    let mut tasks = Vec::new();
    for (listener, address) in listeners.into_iter().zip(addresses.clone()) {
        let listener = TcpListener::from_std(listener).map_err(|source| StartError::Listen { address, source })?;
        tasks.push(tokio::spawn(answer(listener, to, position.clone())));
    }
    Ok(Line { running: Running::new(addresses, None, tasks), position })
}

impl Line {
    /// Where to call instead of the system itself.
    pub fn port(&self) -> u16 {
        self.running.port()
    }

    /// What Kontrollrum can make of it: cut, or slow.
    pub fn lever(&self) -> Lever {
        let (read, put) = (self.position.clone(), self.position.clone());
        Lever::new(
            move || *read.borrow(),
            move |wanted| {
                put.send_replace(wanted);
            },
        )
    }

    /// Closes it for new calls.
    pub async fn stop(&self) {
        self.running.stop().await;
    }
}

async fn answer(listener: TcpListener, to: u16, position: watch::Sender<Position>) {
    loop {
        let Ok((caller, _)) = listener.accept().await else {
            tokio::time::sleep(REST).await;
            continue;
        };
        let position = position.clone();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                // Calls under way break as well: a connection that is kept open must not slip through.
                () = is_cut(&position) => {}
                // Whichever side breaks off, the other notices by itself.
                _ = carry(caller, to, &position) => {}
            }
        });
    }
}

async fn is_cut(position: &watch::Sender<Position>) {
    // An error means that the sender is gone, and the line with it.
    let _ = position.subscribe().wait_for(|now| now.is_down).await;
}

async fn carry(caller: TcpStream, to: u16, position: &watch::Sender<Position>) -> io::Result<()> {
    let there: [SocketAddr; 2] = [(Ipv4Addr::LOCALHOST, to).into(), (Ipv6Addr::LOCALHOST, to).into()];
    let other = TcpStream::connect(&there[..]).await?;
    let ((from_caller, to_caller), (from_other, to_other)) = (caller.into_split(), other.into_split());
    let tempo = Tempo { position, is_asked: AtomicBool::new(false) };
    tokio::try_join!(tempo.ask(from_caller, to_other), tempo.answer(from_other, to_caller)).map(drop)
}

/// Both ways of one call. A question waits when everything is to be slow, not each piece of it.
struct Tempo<'a> {
    position: &'a watch::Sender<Position>,
    is_asked: AtomicBool,
}

impl Tempo<'_> {
    async fn ask(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        while let length @ 1.. = from.read(&mut piece).await? {
            if !self.is_asked.swap(true, Ordering::Relaxed) {
                let delay_ms = self.position.borrow().delay_ms;
                tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            }
            to.write_all(piece.get(..length).unwrap_or_default()).await?;
        }
        to.shutdown().await
    }

    async fn answer(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        while let length @ 1.. = from.read(&mut piece).await? {
            self.is_asked.store(false, Ordering::Relaxed);
            to.write_all(piece.get(..length).unwrap_or_default()).await?;
        }
        to.shutdown().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Repeats what it hears, on a port of its own.
    async fn parrot() -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (mut from, mut to) = stream.into_split();
                tokio::spawn(async move { tokio::io::copy(&mut from, &mut to).await });
            }
        });
        port
    }

    async fn say(stream: &mut TcpStream, word: &[u8]) -> io::Result<Vec<u8>> {
        stream.write_all(word).await?;
        let mut heard = vec![0; word.len()];
        stream.read_exact(&mut heard).await?;
        Ok(heard)
    }

    #[tokio::test]
    async fn a_cut_line_breaks_calls_under_way_refuses_new_ones_and_works_again_afterwards() {
        let line = start(&[(Ipv4Addr::LOCALHOST, 0).into()], parrot().await).unwrap();
        let call = || TcpStream::connect((Ipv4Addr::LOCALHOST, line.port()));
        let mut first = call().await.unwrap();
        assert_eq!(say(&mut first, b"hej").await.unwrap(), b"hej");
        line.lever().put(Position { is_down: true, delay_ms: 0 });
        assert!(say(&mut first, b"hej").await.is_err());
        let mut second = call().await.unwrap();
        assert!(say(&mut second, b"hej").await.is_err());
        line.lever().put(Position::default());
        let mut third = call().await.unwrap();
        assert_eq!(say(&mut third, b"hej").await.unwrap(), b"hej");
        assert_eq!(line.lever().position(), Position::default());
        line.stop().await;
    }
}
