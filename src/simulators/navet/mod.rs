//! The population register: Skatteverket's SOAP service "ePersondata" (personpostXML, versions 2 to 4), answering about
//! the invented people exactly as the real one does, with or without the faults that a dependency can have.

mod request;
mod response;
mod service;
#[cfg(test)]
mod tests;
mod wsdl;

use super::StartError;
use super::control::{self, Control, Faults, Lever};
use super::keys;
use super::mandates::{self, Mandates, MandatesConfig};
use super::pages;
use super::people::People;
use super::serving::{self, Running};
use crate::vocabulary::{Clock, Personnummer};
use actix_web::{App, web};
use ring::hmac;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What the register needs to start.
#[derive(Clone, Debug)]
pub struct NavetConfig {
    /// Where it listens. Port 0 takes any port, the same for all addresses.
    pub bind: Vec<SocketAddr>,
    /// Where the key lives with which it counts look-ups without knowing of whom.
    pub data_dir: PathBuf,
    /// Who acts for organisations answers at the same port.
    pub mandates: MandatesConfig,
    /// What time it is: custody ends on the eighteenth birthday.
    pub clock: Clock,
}

/// A running register.
pub struct Navet {
    running: Running,
    register: Arc<Register>,
}

impl Navet {
    /// The whole address of personpostXML, as the setting `navet.url` wants it.
    pub fn url(&self) -> String {
        format!("{}{}", serving::local_url(self.running.addresses()), service::PATH)
    }

    /// Its sockets.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// How many look-ups there have been of one person since start or `DELETE /_control`.
    pub fn look_ups_of(&self, person: &Personnummer) -> u64 {
        self.register.control.counted(PERSONS, &self.register.pseudonym(person.expose()))
    }

    /// What Kontrollrum can make of it: closed for maintenance, or slow.
    pub fn lever(&self) -> Lever {
        self.register.control.lever(Fault::Html503)
    }

    /// Closes it.
    pub async fn stop(&self) {
        self.running.stop().await;
    }
}

/// Counters in the answer of `GET /_control`.
const PERSONS: &str = "persons";
const ORDERS: &str = "orders";

struct Register {
    people: Arc<People>,
    clock: Clock,
    control: Arc<Control<Faults<Fault>>>,
    pseudonyms: hmac::Key,
}

impl Register {
    /// What stands for an identity number in log and counters.
    fn pseudonym(&self, id: &str) -> String {
        keys::b64(hmac::sign(&self.pseudonyms, id.as_bytes()).as_ref())
    }
}

/// One way for the register to fail, or to answer as no test of ours expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    /// A SOAP fault that is not about the parameters.
    #[serde(rename = "fault_500")]
    Fault500,
    /// Closed for maintenance, in HTML.
    #[serde(rename = "html_503")]
    Html503,
    /// The connection breaks before the answer.
    Reset,
    /// The connection breaks in the middle of the answer.
    Truncated,
    /// Status 200 and nothing else.
    #[serde(rename = "empty_200")]
    Empty200,
    /// Latin-1 that says it is UTF-8.
    WrongCharset,
    /// The attribute `styrkt` of 2026 on parts of the name.
    Styrkt,
    /// Elements and attributes that no schema knows.
    UnknownElements,
    /// Nobody has custody of anybody.
    CustodyEnded,
    /// The guardian's post still tells of custody, the child's does not.
    CustodyOneSided,
    /// References to other numbers inside `PersonId`, as seen in 2026.
    ReferencesInside,
}

/// Opens the sockets and answers on them until [`Navet::stop`].
pub fn start(config: NavetConfig) -> Result<Navet, StartError> {
    let listeners = serving::listen(&config.bind)?;
    let control = Control::new(config.clock.clone());
    let register = Arc::new(Register {
        people: People::load()?,
        clock: config.clock,
        control: control.clone(),
        pseudonyms: keys::kept_hmac(&config.data_dir.join("navet-pseudonyms.key"))?,
    });
    let mandates = Mandates::load(config.mandates, &config.data_dir, register.clock.clone())?;
    let (register_data, control_data) = (web::Data::from(register.clone()), web::Data::from(control));
    let (addresses, server, task) = serving::serve!(listeners, move || {
        App::new()
            .app_data(register_data.clone())
            .app_data(control_data.clone())
            .app_data(web::PayloadConfig::new(64 * 1024))
            .wrap(pages::strict_headers())
            .configure(control::routes::<Faults<Fault>>)
            .configure(mandates::routes(mandates.clone()))
            .configure(service::routes)
    });
    Ok(Navet { running: Running::new(addresses, Some(server), vec![task]), register })
}
