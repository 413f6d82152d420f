//! The mailbox: an SMTP server that keeps every letter it is given and shows them in Kontrollrum, the page from which a
//! demonstration starts. A letter is on disk before the sender hears "250": what the portal believes to be sent can be read.

mod letters;
mod smtp;
#[cfg(test)]
mod tests;
mod web_pages;

pub(super) use letters::Letters;
pub(super) use web_pages::shown;

use super::StartError;
use super::control::{self, Control, Faults};
use super::control_room::{self, ControlRoom, Setup};
use super::pages;
use super::serving::{self, Running};
use crate::vocabulary::Clock;
use actix_web::{App, web};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What the mailbox needs to start.
pub struct MailboxConfig {
    /// Where Kontrollrum listens. Port 0 takes any port, the same for all addresses.
    pub bind: Vec<SocketAddr>,
    /// Where letters are handed in. Port 0 likewise.
    pub smtp_bind: Vec<SocketAddr>,
    /// Letters are kept in its folder `brev`.
    pub data_dir: PathBuf,
    /// What time it is.
    pub clock: Clock,
    /// What Kontrollrum knows of everything around it.
    pub room: Setup,
}

/// A running mailbox.
pub struct Mailbox {
    web: Running,
    smtp: Running,
}

impl Mailbox {
    /// Kontrollrum's sockets.
    pub fn web(&self) -> &Running {
        &self.web
    }

    /// The SMTP server's sockets.
    pub fn smtp(&self) -> &Running {
        &self.smtp
    }

    /// Closes both.
    pub async fn stop(&self) {
        self.smtp.stop().await;
        self.web.stop().await;
    }
}

/// One way for a mail server to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    /// Every recipient is refused for good.
    RejectAll,
    /// Every recipient is put off.
    DeferAll,
    /// Connections are dropped as they come.
    Down,
    /// The letter is kept, but the connection breaks before the sender hears of it.
    LostAck,
}

/// Opens the sockets and answers on them until [`Mailbox::stop`]. Must be called inside a tokio runtime.
pub fn start(config: MailboxConfig) -> Result<Mailbox, StartError> {
    let web_listeners = serving::listen(&config.bind)?;
    let smtp_listeners = serving::listen(&config.smtp_bind)?;
    let control: Arc<Control<Faults<Fault>>> = Control::new(config.clock.clone());
    let letters = Letters::open(config.data_dir.join("brev"), config.clock)?;
    let smtp = smtp::serve(smtp_listeners, letters.clone(), control.clone())?;
    let mut setup = config.room;
    setup.levers.mail = Some(control.lever(Fault::Down));
    let room = ControlRoom::new(setup, letters)?;
    let (room_data, control_data) = (web::Data::new(room), web::Data::from(control));
    let (addresses, server, task) = serving::serve!(web_listeners, move || {
        App::new()
            .app_data(room_data.clone())
            .app_data(control_data.clone())
            .wrap(pages::strict_headers())
            .configure(control::routes::<Faults<Fault>>)
            .configure(control_room::routes)
            .configure(web_pages::routes)
    });
    Ok(Mailbox { web: Running::new(addresses, Some(server), vec![task]), smtp })
}
