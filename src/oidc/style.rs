//! What brokers that leave the Profile are like. From their public documentation; single keys of the settings change
//! whatever turns out otherwise.

use super::{AcrMode, BrokerConfig, Guard, Levels, NumberClaim, NumberKind, SignatureClass, Userinfo};
use crate::settings::BrokerStyle;
use std::collections::BTreeMap;

/// Bends a broker that keeps to the Profile into this style.
pub(super) fn bend(config: &mut BrokerConfig, style: BrokerStyle) {
    match style {
        BrokerStyle::Profile => {}
        BrokerStyle::DraftNames => {
            config.numbers = vec![
                NumberClaim::new("https://claims.oidc.se/1.0/personalNumber", NumberKind::Pnr),
                NumberClaim::new("https://claims.oidc.se/1.0/coordinationNumber", NumberKind::Samnr),
            ];
            config.scopes = vec!["https://scopes.oidc.se/1.0/naturalPersonPnr".to_owned()];
        }
        // `acr` names the e-legitimation instead of the level; each of these is reviewed at level 3.
        BrokerStyle::Idura => {
            let methods = ["bankid", "bankid:same-device", "bankid:another-device:qr", "bankid:qr", "frejaid"];
            let levels = methods.map(|method| (format!("urn:grn:authn:se:{method}"), 3));
            config.levels = Levels::mapped(&BTreeMap::from(levels));
            config.acr_mode = AcrMode::AcrValues;
            config.acr_values = ["bankid", "frejaid"].map(|method| format!("urn:grn:authn:se:{method}")).to_vec();
            config.numbers = vec![guarded("ssn", "country")];
            "identityscheme".clone_into(&mut config.claims.authn_provider);
            away_from_the_profile(config);
        }
        // No `acr` at all; the e-legitimation is in `idp`, the number in userinfo.
        BrokerStyle::Signicat => {
            config.levels = Levels::mapped(&BTreeMap::new());
            config.assumed_level = Some(3);
            config.assumed_methods = ["sbid", "frejaid"].map(str::to_owned).to_vec();
            config.acr_mode = AcrMode::AcrValues;
            config.acr_values = vec!["idp:sbid".to_owned()];
            config.scopes = ["profile", "nin"].map(str::to_owned).to_vec();
            config.numbers = vec![guarded("nin", "nin_issuing_country")];
            "idp".clone_into(&mut config.claims.authn_provider);
            away_from_the_profile(config);
        }
    }
}

fn guarded(claim: &str, country: &str) -> NumberClaim {
    let guard = Some(Guard { claim: country.to_owned(), equals: "SE".to_owned() });
    NumberClaim { guard, ..NumberClaim::new(claim, NumberKind::ByValue) }
}

fn away_from_the_profile(config: &mut BrokerConfig) {
    config.max_token_lifetime_s = 600;
    config.signing = SignatureClass::Reauthentication;
    config.userinfo = Userinfo::IfMissing;
    config.userinfo_signed = false;
}
