//! `check`: reads everything that can be wrong before a start, and tells every fault at once.

use super::Failure;
use crate::desk;
use crate::municipalities::Municipalities;
use crate::oidc::relying_parties;
use crate::portal;
use crate::portal::catalogue::Catalogue;
use crate::settings::{ConfigTree, Keys, Profile, Settings, load};
use crate::texts::Texts;
use crate::vocabulary::{Clock, Lang};
use crate::web::{Realm, Renderer};
use std::sync::Arc;

pub(super) fn run(tree: ConfigTree, profile: Profile) -> Result<(), Failure> {
    let mut faults = Vec::new();
    let (municipalities, mut more) = Municipalities::read(&tree, profile.is_play());
    faults.append(&mut more);
    match load(&tree, profile, toml::Table::new(), std::env::vars()) {
        Ok(settings) => faults.extend(of_settings(&settings, &municipalities)),
        Err(e) => faults.push(e.to_string()),
    }
    faults.extend(Renderer::new().err().into_iter().flatten());
    // What is wrong with the texts themselves the renderer has told.
    if let Ok(texts) = Texts::new(Texts::files()).map(Arc::new) {
        match Catalogue::load(&tree, &municipalities, &texts) {
            Ok(catalogue) => {
                let voice = texts.voice(Lang::SWEDISH);
                let services = municipalities.iter().map(|m| catalogue.all(&m.slug, &voice).len()).sum::<usize>();
                println!("{} kommuner, {services} e-tjänster", municipalities.iter().count());
            }
            Err(more) => faults.extend(more),
        }
    }
    faults.extend(portal::cases::StatusMappings::load(&tree).err().into_iter().flatten());
    faults.extend(desk::errands::Catalogue::load(&tree).err().into_iter().flatten());
    if faults.is_empty() {
        println!("Inga fel.");
        return Ok(());
    }
    let count = faults.len();
    Err(Failure::fault(format!("{}\n{count} fel.", faults.join("\n"))))
}

/// What would stop a start though every key is known: keys, addresses without TLS, brokers, targets.
fn of_settings(settings: &Settings, municipalities: &Municipalities) -> Vec<String> {
    let mut faults: Vec<String> =
        Keys::new(&settings.keys).err().map(|e| format!("settings: {e}")).into_iter().collect();
    faults.extend(super::transport::faults(settings, municipalities));
    let clock = Clock::system();
    for realm in [Realm::Portal, Realm::Desk, Realm::Administration] {
        faults.extend(relying_parties(settings, municipalities, realm, &clock).err());
    }
    faults.extend(portal::delivery::Pump::receivers(settings, municipalities).err().into_iter().flatten());
    faults.sort();
    faults.dedup();
    faults
}
