//! Each municipality's way to the registers of who acts for organisations, from the settings. None of them need be there:
//! then she says herself for whom she acts.

use super::company_register::{CompanyRegister, HttpCompanyRegister};
use super::powers::{MinaOmbud, PowersOfAttorney};
use crate::municipalities::Municipalities;
use crate::settings::Settings;
use crate::vocabulary::{Clock, MunicipalitySlug};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One municipality's.
#[derive(Clone, Default)]
pub struct Registers {
    /// Firmatecknare.
    pub companies: Option<Arc<dyn CompanyRegister>>,
    /// Mina ombud.
    pub powers: Option<Arc<dyn PowersOfAttorney>>,
}

/// Everybody's.
pub struct Mandates(BTreeMap<MunicipalitySlug, Registers>);

impl Mandates {
    /// Checks the settings; asks nobody anything yet.
    pub fn new(settings: &Settings, municipalities: &Municipalities, clock: &Clock) -> Result<Self, String> {
        let mut all = BTreeMap::new();
        for m in municipalities.iter() {
            let mut registers = Registers::default();
            if let Some(set) = m.company_register.as_ref().or(settings.company_register.as_ref()) {
                let register = HttpCompanyRegister::new(set.clone(), m.code.clone(), clock.clone())
                    .map_err(|e| format!("company_register: {e}"))?;
                registers.companies = Some(Arc::new(register));
            }
            if let Some(set) = m.powers_of_attorney.as_ref().or(settings.powers_of_attorney.as_ref()) {
                let powers = MinaOmbud::new(set.clone(), m.organisation_number.clone(), clock.clone())?;
                registers.powers = Some(Arc::new(powers));
            }
            all.insert(m.slug.clone(), registers);
        }
        Ok(Self(all))
    }

    /// Of one municipality.
    pub fn of(&self, municipality: &MunicipalitySlug) -> Registers {
        self.0.get(municipality).cloned().unwrap_or_default()
    }
}
