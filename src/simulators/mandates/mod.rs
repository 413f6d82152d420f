//! Who acts for organisations: a register of companies under `/bolag`, and Mina ombud under `/mina-ombud`, both at the
//! population register's port, about the same people. Each has its own `/_control`.

mod companies;
mod powers;
#[cfg(test)]
mod tests;

use super::StartError;
use super::control::{self, Control, Faults};
use super::keys::SigningKey;
use crate::vocabulary::Clock;
use actix_web::web;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// What whoever asks must show.
#[derive(Clone, Debug, Default)]
pub struct MandatesConfig {
    /// Bearer token at the register of companies.
    pub register_token: String,
    /// Client id and secret at Mina ombud.
    pub client: (String, String),
}

#[derive(Deserialize)]
struct Organisation {
    /// A sole trader's is the owner's.
    number: String,
    name: String,
    form: String,
    address: Value,
    #[serde(default, rename = "unRegisterDate")]
    un_register_date: Option<String>,
    #[serde(default, rename = "liquidationOrRestructuring")]
    liquidation: Vec<Value>,
}

#[derive(Deserialize)]
struct Engagement {
    person: String,
    organisation: String,
    roles: Vec<Value>,
    signs: Signs,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Signs {
    Alone,
    Together,
    No,
}

#[derive(Deserialize)]
struct Power {
    giver: String,
    name: String,
    holder: String,
    permissions: Vec<Permission>,
    power: String,
}

#[derive(Deserialize)]
struct Permission {
    code: String,
    kind: String,
}

#[derive(Deserialize)]
struct Everybody {
    organisations: Vec<Organisation>,
    engagements: Vec<Engagement>,
    powers: Vec<Power>,
}

/// Both of them.
pub(super) struct Mandates {
    all: Everybody,
    config: MandatesConfig,
    clock: Clock,
    key: SigningKey,
    /// Signs when the answer is to be signed by nobody who may.
    false_key: SigningKey,
    /// What Mina ombud gives for id and secret.
    access_token: String,
    companies: Arc<Control<Faults<companies::Fault>>>,
    powers: Arc<Control<Faults<powers::Fault>>>,
}

impl Mandates {
    pub(super) fn load(config: MandatesConfig, folder: &Path, clock: Clock) -> Result<Arc<Self>, StartError> {
        let all = serde_json::from_str(include_str!("../../../assets/people/mandates.json"))
            .map_err(|e| StartError::Part(format!("the invented organisations: {e}")))?;
        Ok(Arc::new(Self {
            all,
            config,
            key: SigningKey::kept(&folder.join("mina-ombud.p8"))?,
            false_key: SigningKey::kept(&folder.join("mina-ombud-false.p8"))?,
            access_token: super::keys::random_token()?,
            companies: Control::new(clock.clone()),
            powers: Control::new(clock.clone()),
            clock,
        }))
    }

    fn organisation(&self, number: &str) -> Option<&Organisation> {
        self.all.organisations.iter().find(|o| o.number == number)
    }
}

/// Both, for a server that others are served at too.
pub(super) fn routes(mandates: Arc<Mandates>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |cfg| {
        let (companies, powers) = (mandates.companies.clone(), mandates.powers.clone());
        cfg.app_data(web::Data::from(mandates))
            .service(
                web::scope("/bolag")
                    .app_data(web::Data::from(companies))
                    .configure(control::routes::<Faults<companies::Fault>>)
                    .configure(companies::routes),
            )
            .service(
                web::scope("/mina-ombud")
                    .app_data(web::Data::from(powers))
                    .configure(control::routes::<Faults<powers::Fault>>)
                    .configure(powers::routes),
            );
    }
}
