//! Relying parties as the settings describe them: each municipality's own broker, or the installation's.

use super::{BrokerConfig, ClientAuth, ClientKey, ClientSecret, InvalidBroker, Purpose, RelyingParty};
use crate::municipalities::Municipalities;
use crate::settings::{Broker, KeyedFault, Settings};
use crate::vocabulary::{Clock, MunicipalitySlug};
use crate::web::Realm;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The brokers of one realm, by municipality; every fault names whose broker and which key.
pub fn relying_parties(
    settings: &Settings,
    municipalities: &Municipalities,
    realm: Realm,
    clock: &Clock,
) -> Result<BTreeMap<MunicipalitySlug, Vec<Arc<RelyingParty>>>, Vec<KeyedFault>> {
    let (mut all, mut faults) = (BTreeMap::new(), Vec::new());
    for m in municipalities.iter() {
        let (own, common) = match purpose(realm) {
            Purpose::Citizen => (&m.broker, &settings.broker),
            Purpose::Staff => (&m.staff_broker, &settings.staff_broker),
        };
        let mut parties = Vec::new();
        if let Some(broker) = own.as_ref().or(common.as_ref()) {
            match relying_party(broker, realm, settings.profile.is_play(), clock) {
                Ok(party) => parties.push(Arc::new(party)),
                Err((key, message)) => faults.push(KeyedFault {
                    of: own.as_ref().map(|_| m.slug.clone()),
                    key: format!("{}.{key}", section(realm)),
                    message,
                    hint: String::new(),
                }),
            }
        }
        all.insert(m.slug.clone(), parties);
    }
    faults.sort();
    faults.dedup();
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

fn purpose(realm: Realm) -> Purpose {
    match realm {
        Realm::Portal => Purpose::Citizen,
        Realm::Desk | Realm::Administration => Purpose::Staff,
    }
}

fn section(realm: Realm) -> &'static str {
    match realm {
        Realm::Portal => "broker",
        Realm::Desk | Realm::Administration => "staff_broker",
    }
}

fn relying_party(
    broker: &Broker,
    realm: Realm,
    is_play: bool,
    clock: &Clock,
) -> Result<RelyingParty, (&'static str, String)> {
    let client_auth = match (&broker.private_key, &broker.client_secret) {
        (Some(key), None) => ClientAuth::PrivateKeyJwt(
            ClientKey::from_pem(key.expose(), None).map_err(|e| ("private_key", e.to_string()))?,
        ),
        (None, Some(secret)) => ClientAuth::SecretBasic(ClientSecret::new(secret.expose().to_owned())),
        (Some(_), Some(_)) => return Err(("client_secret", "set client_secret or private_key, not both".into())),
        (None, None) => return Err(("client_id", "set client_secret or private_key".into())),
    };
    let client_id = match realm {
        Realm::Administration => &broker.administration_client_id,
        Realm::Portal | Realm::Desk => &broker.client_id,
    };
    let mut config = BrokerConfig::new(&broker.issuer, client_id, client_auth);
    config.extra_hosts = broker.hosts.clone();
    config.allow_http_loopback = is_play;
    RelyingParty::new(config, clock.clone()).map_err(|e| {
        let key = match e {
            InvalidBroker::ClientId => "client_id",
            InvalidBroker::ExtraHost => "hosts",
            _ => "issuer",
        };
        (key, e.to_string())
    })
}
