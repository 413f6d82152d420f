//! The e-legitimation broker: an OpenID provider after the Swedish OpenID Connect Profile 1.0, as strict with its clients
//! as a real one, with a page of invented people where BankID would be.

mod authorize;
mod claims;
mod clients;
mod codes;
mod discovery;
mod faults;
mod logout;
mod people_page;
mod request;
mod subject;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;

pub(super) use authorize::NEXT_PERSON;
pub use clients::Client;

use super::StartError;
use super::control::{self, Control, Lever, Position};
use super::keys::{self, SigningKey};
use super::pages::{self, Pages, Sides};
use super::people::People;
use super::serving::{self, Running};
use crate::vocabulary::Clock;
use crate::web::asset_files;
use actix_web::{App, web};
use clients::Clients;
use codes::Issued;
use faults::BrokerState;
use ring::hmac;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What a broker needs to start.
#[derive(Clone, Debug)]
pub struct BrokerConfig {
    /// Where it listens. Port 0 takes any port, the same for all addresses.
    pub bind: Vec<SocketAddr>,
    /// Its name in discovery and tokens; without it `http://localhost:<port>`.
    pub issuer: Option<String>,
    /// Where its keys live.
    pub data_dir: PathBuf,
    /// What time it is.
    pub clock: Clock,
    /// Who may ask it; more can be [registered](Broker::register) later.
    pub clients: Vec<Client>,
    /// For the strip on its pages.
    pub sides: Sides,
}

/// A running broker.
pub struct Broker {
    running: Running,
    provider: Arc<Provider>,
}

impl Broker {
    /// Its name, as discovery gives it.
    pub fn issuer(&self) -> &str {
        &self.provider.issuer
    }

    /// Its sockets.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// Adds a client, or takes the place of the one with the same id.
    pub fn register(&self, client: Client) {
        self.provider.clients.register(client);
    }

    /// What Kontrollrum can make of it: slow.
    pub fn lever(&self) -> Lever {
        let (read, put) = (self.provider.control.clone(), self.provider.control.clone());
        Lever::new(
            move || Position { is_down: false, delay_ms: read.state().delay_ms },
            move |wanted| put.set(BrokerState { delay_ms: wanted.delay_ms, ..put.state() }),
        )
    }

    /// Closes it.
    pub async fn stop(&self) {
        self.running.stop().await;
    }
}

/// What the endpoints share.
struct Provider {
    issuer: String,
    clock: Clock,
    control: Arc<Control<BrokerState>>,
    keys: Mutex<KeyRing>,
    /// Makes `sub` out of an identity number, which it must not itself be (Profile 1.0).
    subject_key: hmac::Key,
    clients: Clients,
    issued: Issued,
    people: Arc<People>,
    pages: Arc<Pages>,
}

struct KeyRing {
    folder: PathBuf,
    current: SigningKey,
    previous: Option<SigningKey>,
}

impl Provider {
    fn keys(&self) -> std::sync::MutexGuard<'_, KeyRing> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The public keys: the one that signs and the one before it.
    fn jwks(&self) -> Value {
        let ring = self.keys();
        let keys: Vec<Value> =
            [Some(&ring.current), ring.previous.as_ref()].into_iter().flatten().map(|k| k.jwk()).collect();
        json!({"keys": keys})
    }

    /// A new key signs from now on; the old one stays published.
    fn rotate_keys(&self) -> Result<(), StartError> {
        let mut ring = self.keys();
        let next = SigningKey::replaced(&ring.folder.join(KEY_FILE))?;
        ring.previous = Some(std::mem::replace(&mut ring.current, next));
        Ok(())
    }

    /// A stable name for a person that tells nothing about her.
    fn subject_of(&self, identity: &str) -> String {
        keys::b64(hmac::sign(&self.subject_key, identity.as_bytes()).as_ref())
    }
}

const KEY_FILE: &str = "broker-es256.pkcs8";

/// Opens the sockets and answers on them until [`Broker::stop`].
pub fn start(config: BrokerConfig) -> Result<Broker, StartError> {
    let listeners = serving::listen(&config.bind)?;
    let issuer = config.issuer.unwrap_or_else(|| serving::local_url(&serving::local_addresses(&listeners)));
    let control = Control::new(config.clock.clone());
    let provider = Arc::new(Provider {
        issuer,
        clock: config.clock,
        control: control.clone(),
        keys: Mutex::new(KeyRing {
            current: SigningKey::kept(&config.data_dir.join(KEY_FILE))?,
            previous: None,
            folder: config.data_dir.clone(),
        }),
        subject_key: keys::kept_hmac(&config.data_dir.join("broker-subjects.key"))?,
        clients: Clients::new(config.clients)?,
        issued: Issued::default(),
        people: People::load()?,
        pages: Pages::load(config.sides, "")?,
    });
    let (provider_data, control_data) = (web::Data::from(provider.clone()), web::Data::from(control));
    let (addresses, server, task) = serving::serve!(listeners, move || {
        App::new()
            .app_data(provider_data.clone())
            .app_data(control_data.clone())
            .app_data(web::PayloadConfig::new(128 * 1024))
            .wrap(pages::strict_headers())
            .configure(control::routes::<BrokerState>)
            .configure(asset_files)
            .configure(routes)
    });
    Ok(Broker { running: Running::new(addresses, Some(server), vec![task]), provider })
}

fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(discovery::front))
        .route("/.well-known/openid-configuration", web::get().to(discovery::metadata))
        .route("/jwks", web::get().to(discovery::jwks))
        .route("/authorize", web::get().to(authorize::get))
        .route("/authorize", web::post().to(authorize::post))
        .route("/token", web::post().to(token::token))
        .route("/userinfo", web::get().to(userinfo::userinfo))
        .route("/userinfo", web::post().to(userinfo::userinfo))
        .route("/end_session", web::get().to(logout::end_session))
        .route("/end_session", web::post().to(logout::end_session));
}
