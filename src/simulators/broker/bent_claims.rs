//! Tokens that say what is not so: about the person, and about themselves.

use super::Provider;
use super::codes::Grant;
use super::faults::Lie;
use super::foreign::{BINDING, MAPPED_PERSONNUMMER};
use super::sign::USER_SIGNATURE;
use crate::simulators::keys;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// From the lists that Skatteverket publishes for test environments; nobody in the population.
const PERSON: &str = "199001012385";
const COORDINATED: &str = "198502862397";

/// In who the person is, told alike in ID token and UserInfo.
pub(super) fn bend_person(provider: &Provider, grant: &mut Grant, lie: Lie) {
    let [personnummer, samordningsnummer] = provider.style.number_claims();
    if lie == Lie::OtherPerson {
        grant.subject = provider.subject_of(PERSON);
    }
    grant.claims.in_both(|claims| {
        let number = claims.get(personnummer).cloned();
        let mut say = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        match lie {
            Lie::NoNumber => {
                claims.remove(personnummer);
                claims.remove(samordningsnummer);
            }
            Lie::EmptyNumber => say(personnummer, json!("")),
            Lie::NullNumber => say(personnummer, Value::Null),
            Lie::ArrayNumber => say(personnummer, json!([PERSON])),
            Lie::BothNumbers => {
                claims.entry(personnummer).or_insert(json!(PERSON));
                claims.entry(samordningsnummer).or_insert(json!(COORDINATED));
            }
            Lie::BadNumber => say(personnummer, json!("199001012386")),
            Lie::ImpossibleDate => say(personnummer, json!("199002302385")),
            Lie::HyphenNumber => say(personnummer, json!("19900101-2385")),
            Lie::ShortNumber => say(personnummer, json!("9001012385")),
            Lie::FullWidthNumber => say(personnummer, json!("１９９００１０１２３８５")),
            Lie::NewlineNumber => say(personnummer, json!(format!("{PERSON}\n"))),
            Lie::NumberAsNumber => say(personnummer, json!(199_001_012_385_u64)),
            Lie::FutureNumber => say(personnummer, json!("209001012385")),
            Lie::WrongNumberClaim => say(personnummer, json!(COORDINATED)),
            Lie::SubWithAnotherNumber | Lie::OtherPerson if number.is_some() => say(personnummer, json!(PERSON)),
            Lie::MappedWithoutBinding => drop(claims.remove(BINDING)),
            Lie::MappedUnknownBinding => say(BINDING, json!("http://evil.example/binding;http://evil.example/other")),
            Lie::HostileNames => {
                say("given_name", json!("<script>alert(1)</script>\u{202e}\u{0}🦊"));
                say("name", json!(format!("<b>Å</b>\u{202e}\u{0}🦊{}", "x".repeat(10_000))));
            }
            _ => {}
        }
    });
    let said = &mut grant.claims.id_token;
    match lie {
        Lie::MappedWithoutBinding | Lie::MappedUnknownBinding => {
            said.entry(MAPPED_PERSONNUMMER).or_insert(json!(PERSON));
        }
        Lie::NoUserSignature => drop(said.remove(USER_SIGNATURE)),
        Lie::UserSignatureNotBase64 => drop(said.insert(USER_SIGNATURE.into(), json!("<signature>no</signature>"))),
        Lie::HugeUserSignature => {
            drop(said.insert(USER_SIGNATURE.into(), json!(STANDARD.encode(vec![b'x'; 600 * 1024]))));
        }
        _ => {}
    }
}

/// UserInfo alone says who it is.
pub(super) fn leave_to_userinfo(provider: &Provider, grant: &mut Grant) {
    for name in provider.style.number_claims() {
        if let Some(number) = grant.claims.id_token.remove(name) {
            grant.claims.userinfo.insert(name.to_owned(), number);
        }
    }
}

/// In what the ID token says of itself.
pub(super) fn bend_claims(provider: &Provider, claims: &mut Map<String, Value>, grant: &Grant, lie: Lie) {
    let (issuer, client_id, now) = (&provider.issuer, &grant.client_id, provider.clock.now().seconds());
    let lifetime = provider.style.id_token_seconds();
    let mut say = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    match lie {
        Lie::WrongIss => say("iss", json!(format!("{issuer}/"))),
        Lie::OtherIss => say("iss", json!("https://another-broker.example")),
        Lie::UpperIss => say("iss", json!(issuer.to_uppercase())),
        Lie::WrongAud => say("aud", json!("another-client")),
        Lie::ManyAud => say("aud", json!([client_id, "another-client"])),
        Lie::ManyAudWithAzp => {
            say("aud", json!([client_id, "another-client"]));
            say("azp", json!(client_id));
        }
        Lie::DoubleAudWithoutAzp => say("aud", json!([client_id, client_id])),
        Lie::WrongAzp => say("azp", json!("another-client")),
        Lie::LowAcr => say("acr", json!("http://id.elegnamnden.se/loa/1.0/loa1")),
        Lie::MisspeltAcr => say("acr", json!("https://id.elegnamnden.se/loa/1.0/loa3")),
        Lie::AcrTypo => say("acr", json!("http://id.elegnamnden.se/loa/1.0/LOA3")),
        Lie::AcrSpace => say("acr", json!("http://id.elegnamnden.se/loa/1.0/loa3 ")),
        Lie::AcrNonresident => say("acr", json!("http://id.swedenconnect.se/loa/1.0/loa3-nonresident")),
        Lie::AcrTrustMark => say("acr", json!("https://id.swedenconnect.se/loa/loa3")),
        Lie::AcrLoa5 => say("acr", json!("http://id.elegnamnden.se/loa/1.0/loa5")),
        Lie::WrongNonce => say("nonce", json!("another-nonce-than-the-one-sent")),
        Lie::OldNonce => say("nonce", json!(grant.nonce_before.as_deref().unwrap_or("of-a-log-in-before"))),
        Lie::Expired => {
            say("iat", json!(now - 3600));
            say("exp", json!(now - 3600 + lifetime));
        }
        Lie::ExpString => say("exp", json!((now + lifetime).to_string())),
        Lie::LongLifetime => say("exp", json!(now + 10 * 365 * 86_400)),
        Lie::FutureIat => say("iat", json!(now + 120)),
        Lie::FutureNbf => say("nbf", json!(now + 120)),
        Lie::OldIat => {
            say("iat", json!(now - 86_400));
            say("exp", json!(now + lifetime));
        }
        Lie::OldAuthTime => say("auth_time", json!(now - 3600)),
        Lie::WrongAtHash => say("at_hash", json!(keys::b64(&[0; 16]))),
        // A little within the minute, for the time that a log-in takes.
        Lie::SkewAhead => {
            say("iat", json!(now + 55));
            say("exp", json!(now + 55 + lifetime));
            say("auth_time", json!(grant.auth_time.seconds() + 55));
        }
        Lie::SkewBehind => {
            say("iat", json!(now - 55 - lifetime + 10));
            say("exp", json!(now - 45));
            say("auth_time", json!(grant.auth_time.seconds() - 50));
        }
        Lie::NoAud => drop(claims.remove("aud")),
        Lie::NoAcr => drop(claims.remove("acr")),
        Lie::NoNonce => drop(claims.remove("nonce")),
        Lie::NoExp => drop(claims.remove("exp")),
        Lie::NoAuthTime => drop(claims.remove("auth_time")),
        _ => {}
    }
}
