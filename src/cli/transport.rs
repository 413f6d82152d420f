//! Which addresses may be spoken to and shown without TLS: none, but for loopback in profiles demo and test. Mail and
//! traces, which often go to a relay on the machine itself, may do so to loopback everywhere.

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
    if let Some(smtp) = &settings.smtp
        && !is_play
        && is_open_mail(smtp.url.expose())
    {
        faults.push(
            "smtp.url: letters would go unencrypted. Hint: smtps://…, smtp://…?tls=required, or tls=opportunistic or \
             tls=none when that is meant."
                .to_owned(),
        );
    }
    if let Some(url) = &settings.telemetry.otlp_url
        && !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(url))
    {
        faults.push("telemetry.otlp_url: the address must be https. Hint: plain http is for loopback only.".to_owned());
    }
    faults
}

/// Plain SMTP to another machine that nobody has asked for in so many words.
fn is_open_mail(url: &str) -> bool {
    // One that cannot be read has a fault of its own.
    Url::parse(url).is_ok_and(|url| {
        let is_here = url.host_str().is_some_and(|h| h.trim_matches(['[', ']']).parse().is_ok_and(is_loopback_ip));
        let says = url.query_pairs().any(|(key, _)| key == "tls");
        url.scheme() == "smtp" && !says && !is_here && !is_loopback(&url)
    })
}

fn is_loopback_ip(ip: std::net::IpAddr) -> bool {
    ip.is_loopback()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
