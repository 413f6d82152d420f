//! Each municipality's way to the population register, from the settings.

use super::client::{InvalidNavetConfig, NavetConfig, NavetSoap};
use super::known::{Known, Need, State};
use super::lookup::Prefill;
use super::store::{DbCache, KeyVault};
use crate::db::Db;
use crate::municipalities::Municipalities;
use crate::settings::{Keys, Settings};
use crate::vocabulary::{Clock, MunicipalitySlug, Personnummer};
use std::collections::BTreeMap;

/// Every municipality's register; one without an order at Navet has none, and its forms are filled in by hand.
pub struct Registers(BTreeMap<MunicipalitySlug, Prefill<NavetSoap, DbCache, KeyVault>>);

impl Registers {
    /// Asks nobody anything yet.
    pub fn new(
        settings: &Settings,
        municipalities: &Municipalities,
        db: &Db,
        keys: &Keys,
        clock: &Clock,
    ) -> Result<Self, InvalidNavetConfig> {
        let mut registers = BTreeMap::new();
        for m in municipalities.iter() {
            let Some(navet) = m.navet.as_ref().or(settings.navet.as_ref()) else { continue };
            let register = NavetSoap::new(NavetConfig {
                url: navet.url.clone(),
                organisation_number: navet.organisation_number.clone(),
                order_id: navet.order_id.clone(),
                order_includes_protection_flags: navet.order_includes_protection_flags,
                client_certificate: navet.client_certificate.as_ref().map(|c| c.expose().as_bytes().to_vec()),
            })?;
            let prefill = Prefill {
                municipality: m.slug.to_string(),
                register,
                cache: DbCache(db.clone()),
                vault: KeyVault(keys.clone()),
                clock: clock.clone(),
            };
            registers.insert(m.slug.clone(), prefill);
        }
        Ok(Self(registers))
    }

    /// What is known about somebody who has logged in with this number.
    pub async fn known_about(&self, municipality: &MunicipalitySlug, number: &Personnummer, need: Need) -> Known {
        match self.0.get(municipality) {
            Some(register) => register.known_about(number, need).await,
            None => nothing(need),
        }
    }

    /// The same, past what is remembered.
    pub async fn known_afresh(&self, municipality: &MunicipalitySlug, number: &Personnummer, need: Need) -> Known {
        match self.0.get(municipality) {
            Some(register) => register.known_afresh(number, need).await,
            None => nothing(need),
        }
    }
}

/// What a municipality without an order at Navet knows.
fn nothing(need: Need) -> Known {
    Known {
        state: State::Unavailable,
        values: BTreeMap::new(),
        children: Vec::new(),
        children_hidden: false,
        children_unavailable: need == Need::ApplicantAndChildren,
        protected: false,
        protection_unchecked: true,
        new_number: None,
        changed_at: None,
        correlation: uuid::Uuid::now_v7(),
    }
}
