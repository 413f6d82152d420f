//! Who takes deliveries: a receiver for every target of every municipality, made from the settings.

use super::contract_http::ContractHttp;
use super::email::Email;
use super::folder::Folder;
use super::receiver::Receiver;
use super::rest_example::RestExample;
use crate::contract::Secret;
use crate::municipalities::Municipalities;
use crate::settings::{KeyedFault, Settings, Target, TargetKind};
use crate::vocabulary::{MunicipalitySlug, TargetSlug};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who takes deliveries, by municipality and target. What is polled is not among them: it fetches by itself.
pub type Receivers = BTreeMap<(MunicipalitySlug, TargetSlug), Arc<dyn Receiver>>;

/// A municipality's own target of that name, or the installation's.
pub fn target_of<'a>(
    settings: &'a Settings,
    municipalities: &'a Municipalities,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
) -> Option<&'a Target> {
    let own = municipalities.find(municipality).and_then(|m| m.targets.get(target));
    own.or_else(|| settings.targets.get(target))
}

/// Receivers for every target in the settings; every fault with its target and key.
pub fn receivers(settings: &Settings, municipalities: &Municipalities) -> Result<Receivers, Vec<KeyedFault>> {
    let (mut all, mut faults) = (Receivers::new(), Vec::new());
    for m in municipalities.iter() {
        let names: BTreeSet<&TargetSlug> = settings.targets.keys().chain(m.targets.keys()).collect();
        for name in names {
            let Some(target) = target_of(settings, municipalities, &m.slug, name) else { continue };
            let mut told = target.faults(settings.profile.is_play());
            told.extend(secrets(target));
            if told.is_empty() {
                match receiver(target, settings.profile.is_play()) {
                    Ok(Some(receiver)) => drop(all.insert((m.slug.clone(), name.clone()), receiver)),
                    Ok(None) => {}
                    Err(fault) => told.push(fault),
                }
            }
            faults.extend(told.into_iter().map(|(key, message, hint)| KeyedFault {
                of: m.targets.contains_key(name).then(|| m.slug.clone()),
                key: format!("targets.{name}.{key}"),
                message,
                hint: hint.to_owned(),
            }));
        }
    }
    faults.sort();
    faults.dedup();
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

type Fault = crate::settings::TargetFault;

fn secrets(target: &Target) -> impl Iterator<Item = Fault> {
    [("secret_out", &target.secret_out), ("secret_in", &target.secret_in)].into_iter().filter_map(|(key, secrets)| {
        let fault = secrets.iter().find_map(|secret| secret.expose().parse::<Secret>().err())?;
        Some((key, fault.to_string(), "whsec_ and 24 to 64 random bytes in base64"))
    })
}

fn receiver(target: &Target, is_play: bool) -> Result<Option<Arc<dyn Receiver>>, Fault> {
    match target.kind {
        TargetKind::Polled => Ok(None),
        TargetKind::Contract => Ok(Some(Arc::new(ContractHttp::new(target, is_play)?))),
        TargetKind::Folder => match target.folder() {
            Some(root) if root.is_dir() => Ok(Some(Arc::new(Folder::new(root)))),
            _ => Err(("url", "the folder is not there".to_owned(), "make it, writable for the process that delivers")),
        },
        TargetKind::Email => Ok(target.mailbox().map(|to| Arc::new(Email::new(to)) as Arc<dyn Receiver>)),
        TargetKind::RestExample => Ok(Some(Arc::new(RestExample::new(target, is_play)?))),
    }
}
