//! `check`: reads everything that can be wrong before a start, and tells every fault at once.

mod across;
mod told;

pub(super) use across::routing;

use super::{Failure, demo};
use crate::desk;
use crate::municipalities::{Municipalities, Municipality};
use crate::oidc::relying_parties;
use crate::portal;
use crate::portal::catalogue::Catalogue;
use crate::settings::{ConfigTree, KeyFault, KeyedFault, Keys, Profile, Settings, Written, read};
use crate::texts::Texts;
use crate::toml_text::{Fault, place_of};
use crate::vocabulary::Clock;
use crate::web::{Realm, Renderer};
use clap::ValueEnum;

/// How faults are told.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One array, for editors and continuous integration.
    Json,
}

/// Reads everything; exit code 1 when anything is wrong.
pub(super) fn run(tree: &ConfigTree, profile: Profile, format: Format) -> Result<(), Failure> {
    let checked = check(tree, profile, std::env::vars(), Renderer::faults());
    match format {
        Format::Json => {
            let json = serde_json::to_string_pretty(&checked.faults).map_err(Failure::fault)?;
            println!("{json}");
        }
        Format::Text if checked.faults.is_empty() => {
            println!("{} kommuner, {} e-tjänster\nInga fel.", checked.municipalities, checked.services);
        }
        Format::Text => eprint!("{}", told::report(&checked.faults, tree)),
    }
    match checked.faults.is_empty() {
        true => Ok(()),
        false => Err(Failure::fault(told::closing(&checked.faults))),
    }
}

/// What was read, and what is wrong with it.
struct Checked {
    faults: Vec<Fault>,
    municipalities: usize,
    services: usize,
}

fn check(
    tree: &ConfigTree,
    profile: Profile,
    environment: impl Iterator<Item = (String, String)>,
    of_templates: Vec<Fault>,
) -> Checked {
    let mut faults = across::unread(tree);
    let (municipalities, more) = Municipalities::read(tree, profile.is_play());
    faults.extend(more);
    // In profile demo the command makes addresses, keys and secrets by itself; a test's are its own affair.
    let made = if profile == Profile::Demo { demo::made_for_check() } else { toml::Table::new() };
    let (settings, more, written) = read(tree, profile, made, environment);
    faults.extend(more);
    // What is wrong with the texts themselves is among `of_templates`.
    let (texts, _) = Texts::read(Texts::files());
    let (catalogue, more) = Catalogue::read(tree, &municipalities, &texts);
    faults.extend(more);
    let (mappings, more) = portal::cases::StatusMappings::read(tree);
    faults.extend(more);
    let desk = desk::errands::Catalogue::load(tree).map_err(|more| faults.extend(more)).ok();
    if let Some(settings) = &settings {
        faults.extend(of_settings(settings, &municipalities, &written, tree));
    }
    let all = across::Read { tree, municipalities: &municipalities, catalogue: &catalogue, mappings: &mappings };
    faults.extend(across::languages(&all, &texts));
    faults.extend(across::services(&all, settings.as_ref()));
    if let Some(settings) = &settings {
        let idle = across::idle_routes(&all, settings);
        faults.extend(idle.into_iter().map(|fault| placed(fault, &written, tree)));
    }
    if let Some(desk) = &desk {
        faults.extend(across::desk(&all, desk));
    }
    faults.extend(of_templates);
    faults.sort();
    faults.dedup();
    let services = municipalities.iter().map(|m| catalogue.offered(&m.slug).count()).sum();
    Checked { faults, municipalities: municipalities.iter().count(), services }
}

/// What would stop a start though every key is known: keys, addresses without TLS, brokers, targets, mail.
fn of_settings(
    settings: &Settings,
    municipalities: &Municipalities,
    written: &Written,
    tree: &ConfigTree,
) -> Vec<Fault> {
    let mut keyed = super::transport::faults(settings, municipalities);
    keyed.extend(across::routing(settings, municipalities));
    let clock = Clock::system();
    for realm in [Realm::Portal, Realm::Desk, Realm::Administration] {
        keyed.extend(relying_parties(settings, municipalities, realm, &clock).err().into_iter().flatten());
    }
    keyed.extend(portal::delivery::receivers(settings, municipalities).err().into_iter().flatten());
    let mut faults: Vec<Fault> = keyed.into_iter().map(|fault| placed(fault, written, tree)).collect();
    if let Err(fault) = Keys::new(&settings.keys).and_then(|keys| keys.receipts().map(drop)) {
        let bytes = "32 random bytes in base64, for example from: openssl rand -base64 32";
        faults.push(match fault {
            KeyFault::Missing(name) => written.fault(&format!("keys.{name}"), format!("keys.{name} is not set"), bytes),
            KeyFault::Form(name) => written.fault(&format!("keys.{name}"), fault.to_string(), bytes),
            KeyFault::NoPrivateKey(name) | KeyFault::NoPublicKey(name) => {
                let told = fault.to_string();
                let (message, hint) = told.split_once(". Hint: ").unwrap_or((&told, ""));
                written.fault(&format!("keys.{name}"), message, hint)
            }
            other => written.fault("keys.seal", other.to_string(), bytes),
        });
    }
    faults
}

fn placed(fault: KeyedFault, written: &Written, tree: &ConfigTree) -> Fault {
    let KeyedFault { of, key, message, hint } = fault;
    let message = format!("{key}: {message}");
    let Some(slug) = of else { return written.fault(&key, message, hint) };
    let path = Municipality::file_of(slug.as_str());
    let text = tree.get(&path).unwrap_or_default();
    Fault::at(tree.shown(&path), text, place_of(text, &key).unwrap_or_default(), message, hint)
}

#[cfg(test)]
mod tests;
