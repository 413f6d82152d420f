//! Relying parties as the settings describe them: each municipality's own brokers, or the installation's.

use super::{
    BrokerConfig, ClientAuth, ClientKey, ClientSecret, InvalidBroker, Levels, Purpose, RelyingParty, SigningAlgorithm,
    style,
};
use crate::municipalities::{Municipalities, Municipality};
use crate::settings::{Broker, BrokerStyle, KeyedFault, LevelSettings, SecretText, Settings, Title};
use crate::vocabulary::{Clock, Lang, MunicipalitySlug};
use crate::web::Realm;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The slug of the broker that settings call just `broker`.
const STANDARD: &str = "standard";

/// The brokers of one realm, by municipality, the unnamed one first; every fault names whose broker and which key.
pub fn relying_parties(
    settings: &Settings,
    municipalities: &Municipalities,
    realm: Realm,
    clock: &Clock,
) -> Result<BTreeMap<MunicipalitySlug, Vec<Arc<RelyingParty>>>, Vec<KeyedFault>> {
    let (mut all, mut faults) = (BTreeMap::new(), Vec::new());
    for m in municipalities.iter() {
        let (named, is_own) = brokers_of(m, settings, realm);
        let maker = Maker { realm, is_play: settings.profile.is_play(), levels: levels(&settings.levels, &m.levels) };
        let mut parties = Vec::new();
        for Named { slug, section, broker } in named {
            let made = match slug == STANDARD && section.ends_with(STANDARD) {
                true => Err(("", "the name is taken by the broker without a name".to_owned())),
                false => maker.relying_party(slug, broker, clock),
            };
            match made {
                Ok(party) => parties.push(Arc::new(party)),
                Err((key, message)) => faults.push(KeyedFault {
                    of: is_own.then(|| m.slug.clone()),
                    key: if key.is_empty() { section } else { format!("{section}.{key}") },
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

struct Named<'a> {
    slug: &'a str,
    /// Where it stands in the settings.
    section: String,
    broker: &'a Broker,
}

/// A municipality with a broker of its own has none of the installation's.
fn brokers_of<'a>(m: &'a Municipality, settings: &'a Settings, realm: Realm) -> (Vec<Named<'a>>, bool) {
    let (section, own, common) = match purpose(realm) {
        Purpose::Citizen => ("broker", (&m.broker, &m.brokers), (&settings.broker, &settings.brokers)),
        Purpose::Staff => {
            ("staff_broker", (&m.staff_broker, &m.staff_brokers), (&settings.staff_broker, &settings.staff_brokers))
        }
    };
    let is_own = own.0.is_some() || !own.1.is_empty();
    let (one, more) = if is_own { own } else { common };
    let unnamed = one.iter().map(|broker| Named { slug: STANDARD, section: section.to_owned(), broker });
    let named = more.iter().map(|(slug, broker)| Named { slug, section: format!("{section}s.{slug}"), broker });
    (unnamed.chain(named).collect(), is_own)
}

fn purpose(realm: Realm) -> Purpose {
    match realm {
        Realm::Portal => Purpose::Citizen,
        Realm::Desk | Realm::Administration => Purpose::Staff,
    }
}

/// The product's, but for what the installation says, but for what the municipality says.
fn levels(installation: &LevelSettings, municipality: &LevelSettings) -> Levels {
    let mut levels = Levels::default();
    for said in [installation, municipality] {
        let swedish = [(2, &said.loa2), (3, &said.loa3), (4, &said.loa4)];
        let foreign = [(2, &said.eidas_loa2), (3, &said.eidas_loa3), (4, &said.eidas_loa4)];
        let told = |all: [(u8, &Option<Vec<String>>); 3]| all.map(|(level, acr)| Some(level).zip(acr.clone()));
        levels.swedish.extend(told(swedish).into_iter().flatten());
        levels.foreign.extend(told(foreign).into_iter().flatten());
    }
    levels
}

type KeyFault = (&'static str, String);

struct Maker {
    realm: Realm,
    is_play: bool,
    levels: Levels,
}

impl Maker {
    fn relying_party(&self, slug: &str, broker: &Broker, clock: &Clock) -> Result<RelyingParty, KeyFault> {
        let config = self.config(slug, broker)?;
        RelyingParty::new(config, clock.clone()).map_err(|e| {
            let key = match e {
                InvalidBroker::Slug => "",
                InvalidBroker::ClientId => "client_id",
                InvalidBroker::ExtraHost => "hosts",
                InvalidBroker::Algorithms => "algorithms",
                InvalidBroker::Lifetime => "max_token_lifetime",
                InvalidBroker::Numbers => "numbers",
                InvalidBroker::AssumedLevel => "assumed_level",
                InvalidBroker::Levels => "acr_map",
                InvalidBroker::SignedRequests => "signed_requests",
                InvalidBroker::Issuer | InvalidBroker::PlainHttp | InvalidBroker::HttpClient => "issuer",
            };
            (key, e.to_string())
        })
    }

    fn config(&self, slug: &str, broker: &Broker) -> Result<BrokerConfig, KeyFault> {
        let client_id = match self.realm {
            Realm::Administration => &broker.administration_client_id,
            Realm::Portal | Realm::Desk => &broker.client_id,
        };
        let mut config = BrokerConfig::new(&broker.issuer, client_id, client_auth(broker)?);
        style::bend(&mut config, broker.style);
        slug.clone_into(&mut config.slug);
        config.other_keys = other_keys(broker, &config.client_auth)?;
        config.extra_hosts.clone_from(&broker.hosts);
        config.allow_http_loopback = self.is_play;
        config.titles = titles(broker)?;
        if matches!(broker.style, BrokerStyle::Profile | BrokerStyle::DraftNames) {
            config.levels = self.levels.clone();
        }
        if !broker.acr_map.is_empty() {
            if broker.acr_map.values().any(|level| !(2..=4).contains(level)) {
                return Err(("acr_map", "a level is 2, 3 or 4".into()));
            }
            config.levels = Levels::mapped(&broker.acr_map);
        }
        if let Some(names) = &broker.algorithms {
            let read = names.iter().map(|name| name.parse::<SigningAlgorithm>()).collect::<Result<_, _>>();
            config.allowed_algs = read.map_err(|e| ("algorithms", e.to_string()))?;
        }
        rename(&mut config, broker);
        set(&mut config.max_token_lifetime_s, &broker.max_token_lifetime);
        set(&mut config.numbers, &broker.numbers);
        set(&mut config.acr_mode, &broker.acr_mode);
        set(&mut config.acr_values, &broker.acr_values);
        set(&mut config.assumed_methods, &broker.assumed_methods);
        set(&mut config.scopes, &broker.scopes);
        set(&mut config.signing, &broker.signing);
        set(&mut config.signed_requests, &broker.signed_requests);
        set(&mut config.assertion_audience, &broker.assertion_audience);
        set(&mut config.userinfo, &broker.userinfo);
        set(&mut config.userinfo_signed, &broker.userinfo_signed);
        set(&mut config.logout_typ_required, &broker.logout_typ_required);
        set(&mut config.identity_bindings, &broker.identity_bindings);
        config.assumed_level = broker.assumed_level.or(config.assumed_level);
        config.authn_provider.clone_from(&broker.authn_provider);
        config.eidas = broker.eidas;
        Ok(config)
    }
}

fn set<T: Clone>(to: &mut T, said: &Option<T>) {
    if let Some(said) = said {
        to.clone_from(said);
    }
}

fn rename(config: &mut BrokerConfig, broker: &Broker) {
    let (to, said) = (&mut config.claims, &broker.claims);
    set(&mut to.given_name, &said.given_name);
    set(&mut to.family_name, &said.family_name);
    set(&mut to.name, &said.name);
    set(&mut to.authn_provider, &said.method);
    set(&mut to.coordination_number_level, &said.coordination_number_level);
    set(&mut to.previous_coordination_number, &said.previous_coordination_number);
    set(&mut to.org_affiliation, &said.org_affiliation);
    set(&mut to.org_name, &said.org_name);
    set(&mut to.org_number, &said.org_number);
}

fn titles(broker: &Broker) -> Result<BTreeMap<Lang, String>, KeyFault> {
    match &broker.title {
        None => Ok(BTreeMap::new()),
        Some(Title::One(title)) => Ok(BTreeMap::from([(Lang::SWEDISH, title.clone())])),
        Some(Title::Each(titles)) => {
            let read = titles.iter().map(|(tag, title)| Ok((tag.parse::<Lang>()?, title.clone())));
            let read: Result<_, <Lang as std::str::FromStr>::Err> = read.collect();
            read.map_err(|e| ("title", e.to_string()))
        }
    }
}

fn client_auth(broker: &Broker) -> Result<ClientAuth, KeyFault> {
    match (&broker.private_key, &broker.client_secret) {
        (Some(pem), None) => Ok(ClientAuth::PrivateKeyJwt(key("private_key", pem)?)),
        (None, Some(secret)) => Ok(ClientAuth::SecretBasic(ClientSecret::new(secret.expose().to_owned()))),
        (Some(_), Some(_)) => Err(("client_secret", "set client_secret or private_key, not both".into())),
        (None, None) => Err(("client_id", "set client_secret or private_key".into())),
    }
}

/// Keys that are published without signing. The same key twice would be a rotation that nobody made.
fn other_keys(broker: &Broker, auth: &ClientAuth) -> Result<Vec<ClientKey>, KeyFault> {
    let mut known = match auth {
        ClientAuth::PrivateKeyJwt(key) => vec![key.kid().to_owned()],
        ClientAuth::SecretBasic(_) => vec![],
    };
    let said = [("next_private_key", &broker.next_private_key), ("previous_private_key", &broker.previous_private_key)];
    let mut keys = Vec::new();
    for (name, pem) in said {
        let Some(pem) = pem else { continue };
        let key = key(name, pem)?;
        if broker.private_key.is_none() {
            return Err((name, "there is no private_key that it could follow".into()));
        }
        if known.iter().any(|kid| kid == key.kid()) {
            return Err((name, "this key is set under another name already".into()));
        }
        known.push(key.kid().to_owned());
        keys.push(key);
    }
    Ok(keys)
}

fn key(name: &'static str, pem: &SecretText) -> Result<ClientKey, KeyFault> {
    ClientKey::from_pem(pem.expose(), None).map_err(|e| (name, e.to_string()))
}
