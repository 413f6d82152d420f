//! Brokers as the settings describe them: several beside each other, keys that change, levels that differ.

use super::*;
use crate::municipalities::Municipalities;
use crate::settings::{ConfigTree, KeyedFault, Profile, load};
use crate::web::Realm;
use std::sync::Arc;

const BROKER: [(&str, &str); 3] = [
    ("BROKER__ISSUER", "https://broker.example"),
    ("BROKER__CLIENT_ID", "kommunportal"),
    ("BROKER__CLIENT_SECRET", "s3cret"),
];
const SECOND: [(&str, &str); 4] = [
    ("BROKERS__FREJA__ISSUER", "https://freja.example"),
    ("BROKERS__FREJA__CLIENT_ID", "kommunportal"),
    ("BROKERS__FREJA__CLIENT_SECRET", "s3cret"),
    ("BROKERS__FREJA__TITLE", "Freja+"),
];

fn parties(said: &[(&str, &str)]) -> Result<Vec<Arc<RelyingParty>>, Vec<KeyedFault>> {
    let tree = ConfigTree::embedded();
    let environment = said.iter().map(|(key, value)| (format!("KOMMUNPORTAL__{key}"), (*value).to_owned()));
    let settings = load(&tree, Profile::Test, toml::Table::new(), environment).unwrap();
    let municipalities = Municipalities::load(&tree, true).unwrap();
    let first = municipalities.iter().next().unwrap().slug.clone();
    let mut all = relying_parties(&settings, &municipalities, Realm::Portal, &Clock::standing_at(now()))?;
    Ok(all.remove(&first).unwrap())
}

fn faults(said: &[(&str, &str)]) -> Vec<String> {
    parties(said).unwrap_err().into_iter().map(|fault| fault.key).collect()
}

fn kids(party: &RelyingParty) -> Vec<String> {
    let document = party.jwks_document();
    assert!(!document.to_string().contains("\"d\""), "public parts only");
    document["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn brokers_stand_beside_each_other_under_their_names() {
    let both = parties(&[BROKER.as_slice(), &SECOND].concat()).unwrap();
    let told: Vec<_> = both.iter().map(|party| (party.slug(), party.title(crate::vocabulary::Lang::SWEDISH))).collect();
    assert_eq!(told, [("standard", "standard"), ("freja", "Freja+")]);
    assert_eq!(parties(&SECOND).unwrap().len(), 1, "a broker needs no unnamed one beside it");
    let taken = [
        ("BROKERS__STANDARD__ISSUER", "https://freja.example"),
        ("BROKERS__STANDARD__CLIENT_ID", "kommunportal"),
        ("BROKERS__STANDARD__CLIENT_SECRET", "s3cret"),
    ];
    assert_eq!(faults(&taken), ["brokers.standard"]);
}

#[test]
fn every_live_key_is_published_and_the_first_signs() {
    let pem = || ClientKey::generate_pem().unwrap();
    let (current, next, previous) = (pem(), pem(), pem());
    let with = |more: &[(&'static str, &str)]| {
        let mut said = vec![BROKER[0], BROKER[1]];
        said.push(("BROKER__PRIVATE_KEY", &current));
        said.extend(more.iter().copied());
        let said: Vec<(&str, &str)> = said;
        parties(&said)
    };
    let kid = |pem: &str| ClientKey::from_pem(pem, None).unwrap().kid().to_owned();
    let all = with(&[("BROKER__NEXT_PRIVATE_KEY", &next), ("BROKER__PREVIOUS_PRIVATE_KEY", &previous)]).unwrap();
    assert_eq!(kids(&all[0]), [kid(&current), kid(&next), kid(&previous)]);
    let ClientAuth::PrivateKeyJwt(signs) = &all[0].config.client_auth else { panic!("a key") };
    assert_eq!(signs.kid(), kid(&current));
    assert_eq!(kids(&with(&[]).unwrap()[0]), [kid(&current)]);

    let refused = |more: &[(&'static str, &str)]| with(more).unwrap_err().remove(0).key;
    assert_eq!(refused(&[("BROKER__NEXT_PRIVATE_KEY", &current)]), "broker.next_private_key");
    assert_eq!(
        refused(&[("BROKER__NEXT_PRIVATE_KEY", &next), ("BROKER__PREVIOUS_PRIVATE_KEY", &next)]),
        "broker.previous_private_key"
    );
    assert_eq!(refused(&[("BROKER__NEXT_PRIVATE_KEY", "no key")]), "broker.next_private_key");
    assert_eq!(refused(&[("BROKER__CLIENT_SECRET", "x")]), "broker.client_secret");
    let secret = [BROKER.as_slice(), &[("BROKER__NEXT_PRIVATE_KEY", &next)]].concat();
    assert_eq!(faults(&secret), ["broker.next_private_key"], "a key that follows none");
}

#[test]
fn single_keys_bend_a_broker_and_what_cannot_be_is_told_by_its_key() {
    let with = |more: &[(&'static str, &'static str)]| {
        let kept = BROKER.into_iter().filter(|(key, _)| more.iter().all(|(said, _)| said != key));
        kept.chain(more.iter().copied()).collect::<Vec<_>>()
    };
    let own = parties(&with(&[
        ("BROKER__STYLE", "idura"),
        ("BROKER__MAX_TOKEN_LIFETIME", "900"),
        ("BROKER__ALGORITHMS", "RS256"),
        ("BROKER__ACR_VALUES", "urn:a, urn:b"),
        ("BROKER__CLAIMS__METHOD", "amr_name"),
    ]))
    .unwrap();
    let config = &own[0].config;
    assert_eq!(
        (config.max_token_lifetime_s, config.allowed_algs.as_slice()),
        (900, [SigningAlgorithm::Rs256].as_slice())
    );
    assert_eq!((config.acr_values.len(), config.claims.authn_provider.as_str()), (2, "amr_name"));
    assert_eq!(config.numbers[0].claim, "ssn", "the rest is the style's");
    for (key, value, at) in [
        ("BROKER__ALGORITHMS", "HS256", "broker.algorithms"),
        ("BROKER__MAX_TOKEN_LIFETIME", "3600", "broker.max_token_lifetime"),
        ("BROKER__ASSUMED_LEVEL", "5", "broker.assumed_level"),
        ("BROKER__SIGNED_REQUESTS", "true", "broker.signed_requests"),
        ("BROKER__HOSTS", "https://x/y", "broker.hosts"),
        ("BROKER__ISSUER", "http://broker.example", "broker.issuer"),
    ] {
        assert_eq!(faults(&with(&[(key, value)])), [at]);
    }
}

#[test]
fn an_installation_says_which_levels_are_enough() {
    let party = &parties(&[BROKER.as_slice(), &[("LEVELS__LOA3", "http://id.elegnamnden.se/loa/1.0/loa3")]].concat())
        .unwrap()[0];
    assert_eq!(party.accepted_acr(3), ["http://id.elegnamnden.se/loa/1.0/loa3"]);
    assert_eq!(party.accepted_acr(4), ["http://id.elegnamnden.se/loa/1.0/loa4"], "the others stay");
    assert!(party.accepted_foreign_acr(3).is_empty() && party.accepted_acr(5).is_empty());
    let open = &parties(&[BROKER.as_slice(), &[("BROKER__EIDAS", "true")]].concat()).unwrap()[0];
    assert_eq!(open.accepted_foreign_acr(3).len(), 4);
}
