//! Which addresses may be spoken to and shown without TLS: none, but for loopback in profiles demo and test. Mail and
//! traces, which often go to a relay on the machine itself, may do so to loopback everywhere.

use crate::municipalities::Municipalities;
use crate::settings::{KeyedFault, Settings, Target};
use crate::vocabulary::{MunicipalitySlug, TargetSlug};
use std::collections::BTreeMap;
use url::{Host, Url};

/// Every address of the settings that is not https though it must be; each with its key. Brokers check their own.
pub(super) fn faults(settings: &Settings, municipalities: &Municipalities) -> Vec<KeyedFault> {
    let is_play = settings.profile.is_play();
    let mut faults = Vec::new();
    let mut check = |of: Option<&MunicipalitySlug>, key: String, url: &Url| {
        if !(url.scheme() == "https" || is_play && url.scheme() == "http" && is_loopback(url)) {
            faults.push(KeyedFault {
                of: of.cloned(),
                key,
                message: "the address must be https".to_owned(),
                hint: "plain http is for loopback in profiles demo and test only".to_owned(),
            });
        }
    };
    check(None, "portal.public_url".to_owned(), &settings.portal.public_url);
    check(None, "desk.public_url".to_owned(), &settings.desk.public_url);
    if let Some(navet) = &settings.navet {
        check(None, "navet.url".to_owned(), &navet.url);
    }
    if let Some(register) = &settings.company_register {
        check(None, "company_register.url".to_owned(), &register.url);
    }
    if let Some(powers) = &settings.powers_of_attorney {
        check(None, "powers_of_attorney.url".to_owned(), &powers.url);
        check(None, "powers_of_attorney.token_url".to_owned(), &powers.token_url);
    }
    let mut targets = |of: Option<&MunicipalitySlug>, all: &BTreeMap<TargetSlug, Target>| {
        for (slug, target) in all {
            // A folder and a registrator have no line that could be read.
            if let Some(url) = target.url.as_ref().filter(|url| url.has_host() && url.scheme() != "file") {
                check(of, format!("targets.{slug}.url"), url);
            }
            if let Some(oauth2) = &target.oauth2 {
                check(of, format!("targets.{slug}.oauth2.token_url"), &oauth2.token_url);
            }
        }
    };
    targets(None, &settings.targets);
    for m in municipalities.iter() {
        targets(Some(&m.slug), &m.targets);
    }
    for m in municipalities.iter() {
        if let Some(navet) = &m.navet {
            check(Some(&m.slug), "navet.url".to_owned(), &navet.url);
        }
        if let Some(register) = &m.company_register {
            check(Some(&m.slug), "company_register.url".to_owned(), &register.url);
        }
        if let Some(powers) = &m.powers_of_attorney {
            check(Some(&m.slug), "powers_of_attorney.url".to_owned(), &powers.url);
            check(Some(&m.slug), "powers_of_attorney.token_url".to_owned(), &powers.token_url);
        }
    }
    let own = municipalities.iter().map(|m| (Some(&m.slug), &m.powers_of_attorney));
    for (of, powers) in own.chain([(None, &settings.powers_of_attorney)]) {
        if !is_play && powers.as_ref().is_some_and(|p| p.private_key.is_none()) {
            faults.push(KeyedFault {
                of: of.cloned(),
                key: "powers_of_attorney.private_key".to_owned(),
                message: "Mina ombud takes no question without it".to_owned(),
                hint: "an RSA key of 2048 bits or more, PKCS#8 in PEM, whose public half Bolagsverket has".to_owned(),
            });
        }
    }
    if let Some(smtp) = &settings.smtp
        && !is_play
        && is_open_mail(smtp.url.expose())
    {
        faults.push(KeyedFault {
            of: None,
            key: "smtp.url".to_owned(),
            message: "letters would go unencrypted".to_owned(),
            hint: "smtps://…, smtp://…?tls=required, or tls=opportunistic or tls=none when that is meant".to_owned(),
        });
    }
    if let Some(url) = &settings.telemetry.otlp_url
        && !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(url))
    {
        faults.push(KeyedFault {
            of: None,
            key: "telemetry.otlp_url".to_owned(),
            message: "the address must be https".to_owned(),
            hint: "plain http is for loopback only".to_owned(),
        });
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
