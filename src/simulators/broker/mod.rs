//! The e-legitimation broker: an OpenID provider after the Swedish OpenID Connect Profile 1.0, as strict with its clients
//! as a real one, with a page of invented people where BankID would be. Beside it, each under a path of its own, the same
//! broker as those that do not follow the Profile ([`Style`]).

mod authorize;
mod bent_claims;
mod claims;
mod clients;
mod codes;
mod discovery;
mod eids;
mod envelope;
mod faults;
mod foreign;
mod grant;
mod key_ring;
mod logout;
mod people_page;
mod request;
mod request_object;
mod sessions;
mod sign;
mod styles;
mod subject;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;
mod wire;

pub(super) use authorize::NEXT_PERSON;
pub use clients::Client;
pub use key_ring::SigningAlg;
pub use styles::Style;

use super::StartError;
use super::control::{self, Control, Lever, Position};
use super::keys;
use super::pages::{self, Pages, Sides};
use super::people::People;
use super::serving::{self, Running};
use crate::vocabulary::Clock;
use crate::web::asset_files;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, web};
use clients::Clients;
use codes::Issued;
use faults::{BrokerState, Fault, Lie, Place};
use key_ring::KeyRing;
use request::Parameters;
use request_object::Waiting;
use ring::hmac;
use serde_json::json;
use sessions::Sessions;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use wire::Endpoint;

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
        if client.id_token_signed_response_alg == SigningAlg::Rs256 {
            self.provider.keys.want_rsa();
        }
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

/// What the endpoints of one issuer share; with the other issuers, all but what it has given out.
struct Provider {
    style: Style,
    issuer: String,
    clock: Clock,
    control: Arc<Control<BrokerState>>,
    keys: Arc<KeyRing>,
    /// Makes `sub` out of an identity number, which it must not itself be (Profile 1.0).
    subject_key: hmac::Key,
    clients: Arc<Clients>,
    waiting: Waiting,
    issued: Issued,
    logged_in: Sessions,
    people: Arc<People>,
    pages: Arc<Pages>,
}

impl Provider {
    /// A stable name for a person that tells nothing about her.
    fn subject_of(&self, identity: &str) -> String {
        keys::b64(hmac::sign(&self.subject_key, identity.as_bytes()).as_ref())
    }

    /// The lie that is to be told at one of these places, once less from now on.
    fn lie(&self, places: &[Place]) -> Option<Lie> {
        self.control.strike(|fault| fault.told_at(places).is_some())?.told_at(places)
    }

    /// The bad answer that an endpoint is to give in place of its own.
    async fn wire_fault(&self, endpoint: Endpoint) -> Option<HttpResponse> {
        let here = |fault| matches!(fault, Fault::Wire(wire) if wire.endpoint == endpoint);
        let Some(Fault::Wire(wire)) = self.control.strike(here) else { return None };
        self.control.note(json!({"event": endpoint.name(), "fault": wire}));
        Some(wire.answer().await)
    }

    /// The client that sends this form to one of our endpoints; an assertion is for us, or for one of these paths.
    async fn client_of(
        &self,
        http: &HttpRequest,
        form: &Parameters,
        paths: &[&str],
    ) -> Result<Client, clients::Refused> {
        let endpoints: Vec<String> = paths.iter().map(|path| format!("{}{path}", self.issuer)).collect();
        let audiences: Vec<&str> =
            [self.issuer.as_str()].into_iter().chain(endpoints.iter().map(String::as_str)).collect();
        self.clients.authenticated(http, form, &audiences, self.clock.now()).await
    }

    /// A heading and a paragraph.
    fn notice(&self, http: &HttpRequest, status: StatusCode, title: &str, text: &str) -> HttpResponse {
        self.pages.page(http, status, "broker-notice.html", json!({"title": title, "text": text}))
    }
}

/// Opens the sockets and answers on them until [`Broker::stop`].
pub fn start(config: BrokerConfig) -> Result<Broker, StartError> {
    let listeners = serving::listen(&config.bind)?;
    let issuer = config.issuer.unwrap_or_else(|| serving::local_url(&serving::local_addresses(&listeners)));
    let control = Control::new(config.clock.clone());
    let keys = KeyRing::open(config.data_dir.clone())?;
    let subject_key = keys::kept_hmac(&config.data_dir.join("broker-subjects.key"))?;
    if config.clients.iter().any(|c| c.id_token_signed_response_alg == SigningAlg::Rs256) {
        keys.want_rsa();
    }
    let clients = Arc::new(Clients::new(config.clients)?);
    let (people, pages) = (People::load()?, Pages::load(config.sides, "")?);
    let provider = |style: Style| {
        Arc::new(Provider {
            style,
            issuer: format!("{issuer}{}", style.path()),
            clock: config.clock.clone(),
            control: control.clone(),
            keys: keys.clone(),
            subject_key: subject_key.clone(),
            clients: clients.clone(),
            waiting: Waiting::default(),
            issued: Issued::default(),
            logged_in: Sessions::default(),
            people: people.clone(),
            pages: pages.clone(),
        })
    };
    let providers = Style::ALL.map(provider);
    let [strict, ..] = &providers;
    let strict = strict.clone();
    let teller = tokio::spawn(tell_log_outs(control.clone(), providers.to_vec()));
    let control_data = web::Data::from(control);
    let (addresses, server, task) = serving::serve!(listeners, move || {
        let mut app = App::new()
            .app_data(control_data.clone())
            // A signature to be made is in the request.
            .app_data(web::PayloadConfig::new(512 * 1024))
            .wrap(pages::strict_headers())
            .configure(control::routes::<BrokerState>)
            .configure(asset_files);
        // The strict one, whose path is the root, takes what the others leave.
        for provider in providers.iter().rev() {
            let data = web::Data::from(provider.clone());
            app = app.service(web::scope(provider.style.path()).app_data(data).configure(routes));
        }
        app
    });
    Ok(Broker { running: Running::new(addresses, Some(server), vec![task, teller]), provider: strict })
}

/// Sends the log-out tokens that are asked for by control, each at once and one time.
async fn tell_log_outs(control: Arc<Control<BrokerState>>, providers: Vec<Arc<Provider>>) {
    loop {
        control.told().await;
        let person = control.state().person;
        let Some(fault) = control.strike(|fault| fault.told_at(&[Place::LogOut]).is_some()) else { continue };
        let Some(lie) = fault.told_at(&[Place::LogOut]) else { continue };
        control.set(BrokerState { fault: None, times: None, ..control.state() });
        for provider in &providers {
            let subject = person.as_ref().map(|person| provider.subject_of(person));
            let meant = |s: &sessions::LoggedIn| subject.as_ref().is_none_or(|subject| *subject == s.subject);
            for session in provider.logged_in.of(&provider.issuer, meant) {
                provider.tell_logged_out(&session, lie).await;
            }
        }
        control.note(json!({"event": "logout_told", "kind": lie}));
    }
}

fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/.well-known/openid-configuration", web::get().to(discovery::metadata))
        .route("/jwks", web::get().to(discovery::jwks))
        .route("/authorize", web::get().to(authorize::get))
        .route("/authorize", web::post().to(authorize::post))
        .route("/par", web::post().to(request_object::push))
        .route("/token", web::post().to(token::token))
        .route("/userinfo", web::get().to(userinfo::userinfo))
        .route("/userinfo", web::post().to(userinfo::userinfo))
        .route("/end_session", web::get().to(logout::end_session))
        .route("/end_session", web::post().to(logout::end_session))
        .route("/", web::get().to(discovery::front));
}
