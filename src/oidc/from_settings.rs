//! Relying parties as the settings describe them: each municipality's own broker, or the installation's.

use super::{BrokerConfig, ClientAuth, ClientKey, ClientSecret, Purpose, RelyingParty};
use crate::municipalities::Municipalities;
use crate::settings::{Broker, Settings};
use crate::vocabulary::{Clock, MunicipalitySlug};
use crate::web::Realm;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The brokers of one realm, by municipality. A fault names the municipality and the setting.
pub fn relying_parties(
    settings: &Settings,
    municipalities: &Municipalities,
    realm: Realm,
    clock: &Clock,
) -> Result<BTreeMap<MunicipalitySlug, Vec<Arc<RelyingParty>>>, String> {
    let mut all = BTreeMap::new();
    for m in municipalities.iter() {
        let chosen = match purpose(realm) {
            Purpose::Citizen => m.broker.as_ref().or(settings.broker.as_ref()),
            Purpose::Staff => m.staff_broker.as_ref().or(settings.staff_broker.as_ref()),
        };
        let parties = match chosen {
            Some(broker) => {
                let party = relying_party(broker, realm, settings.profile.is_play(), clock)
                    .map_err(|e| format!("{}: {}: {e}", m.slug, section(realm)))?;
                vec![Arc::new(party)]
            }
            None => Vec::new(),
        };
        all.insert(m.slug.clone(), parties);
    }
    Ok(all)
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

fn relying_party(broker: &Broker, realm: Realm, is_play: bool, clock: &Clock) -> Result<RelyingParty, String> {
    let client_auth = match (&broker.private_key, &broker.client_secret) {
        (Some(key), None) => {
            ClientAuth::PrivateKeyJwt(ClientKey::from_pem(key.expose(), None).map_err(|e| format!("private_key: {e}"))?)
        }
        (None, Some(secret)) => ClientAuth::SecretBasic(ClientSecret::new(secret.expose().to_owned())),
        (Some(_), Some(_)) => return Err("set client_secret or private_key, not both".into()),
        (None, None) => return Err("set client_secret or private_key".into()),
    };
    let client_id = match realm {
        Realm::Administration => &broker.administration_client_id,
        Realm::Portal | Realm::Desk => &broker.client_id,
    };
    let mut config = BrokerConfig::new(&broker.issuer, client_id, client_auth);
    config.extra_hosts = broker.hosts.clone();
    config.allow_http_loopback = is_play;
    RelyingParty::new(config, clock.clone()).map_err(|e| e.to_string())
}
