//! What every slice of the citizens' side shares, built once.

use super::cases::StatusMappings;
use super::catalogue::Catalogue;
use super::integration::SystemLimit;
use super::prefill::{Known, Need, Registers};
use super::receipts::TestLimit;
use super::representation::Mandates;
use crate::vocabulary::{MunicipalitySlug, Personnummer};
use crate::web::Ground;
use actix_web::web;
use std::sync::Arc;

/// The citizens' side.
pub struct App {
    /// Database, files, keys, texts, settings, municipalities.
    pub ground: web::Data<Ground>,
    /// Which e-services there are.
    pub catalogue: Arc<Catalogue>,
    /// What receivers' status codes mean to residents.
    pub mappings: Arc<StatusMappings>,
    /// Each municipality's way to the population register.
    pub registers: Registers,
    /// Each municipality's way to those who answer for organisations.
    pub mandates: Mandates,
    /// How often one system may call.
    pub integration_limit: SystemLimit,
    /// How often one address may test receipts.
    pub receipt_limit: TestLimit,
}

impl App {
    /// What the register says about somebody who has logged in. Never fails: what is not known is not known.
    pub async fn known_about(&self, municipality: &MunicipalitySlug, number: &Personnummer, need: Need) -> Known {
        self.registers.known_about(municipality, number, need).await
    }

    /// The same, past what is remembered: before somebody is let act for a child.
    pub async fn known_afresh(&self, municipality: &MunicipalitySlug, number: &Personnummer, need: Need) -> Known {
        self.registers.known_afresh(municipality, number, need).await
    }
}
