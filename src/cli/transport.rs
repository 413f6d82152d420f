//! Which addresses may be spoken to and shown without TLS: none, but for loopback in profiles demo and test.

use crate::municipalities::Municipalities;
use crate::settings::{Settings, Target};
use crate::vocabulary::TargetSlug;
use std::collections::BTreeMap;
use url::{Host, Url};

/// Every address of the settings that is not https though it must be; each with its key. Brokers check their own.
pub(super) fn faults(settings: &Settings, municipalities: &Municipalities) -> Vec<String> {
    let is_play = settings.profile.is_play();
    let mut faults = Vec::new();
    let mut check = |key: &str, url: &Url| {
        if !(url.scheme() == "https" || is_play && url.scheme() == "http" && is_loopback(url)) {
            faults.push(format!(
                "{key}: the address must be https. Hint: plain http is for loopback in profiles demo and test only."
            ));
        }
    };
    check("portal.public_url", &settings.portal.public_url);
    check("desk.public_url", &settings.desk.public_url);
    if let Some(navet) = &settings.navet {
        check("navet.url", &navet.url);
    }
    let mut targets = |prefix: &str, all: &BTreeMap<TargetSlug, Target>| {
        for (slug, target) in all {
            check(&format!("{prefix}targets.{slug}.url"), &target.url);
        }
    };
    targets("", &settings.targets);
    for m in municipalities.iter() {
        targets(&format!("{}: ", m.slug), &m.targets);
    }
    for m in municipalities.iter() {
        if let Some(navet) = &m.navet {
            check(&format!("{}: navet.url", m.slug), &navet.url);
        }
    }
    faults
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
