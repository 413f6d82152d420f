//! Who may hand over deliveries: the portals of our municipalities, each known by its secrets and tokens.

use crate::contract::{Secret, SignatureFault};
use crate::desk::portal_link::target_of;
use crate::municipalities::Municipalities;
use crate::settings::{Settings, sha256_hex};
use crate::vocabulary::{At, MunicipalitySlug, TargetSlug};
use std::collections::BTreeMap;

/// Secrets and tokens, each with the municipalities that it is good for.
pub struct Senders {
    secrets: Vec<(Secret, Vec<MunicipalitySlug>)>,
    /// By digest.
    tokens: Vec<(String, Vec<MunicipalitySlug>)>,
}

impl Senders {
    /// From the settings; every secret that is alive.
    pub fn new(settings: &Settings, municipalities: &Municipalities, own: &TargetSlug) -> Self {
        let (mut secrets, mut tokens) = (BTreeMap::<String, Vec<_>>::new(), BTreeMap::<String, Vec<_>>::new());
        for m in municipalities.iter() {
            let Some(target) = target_of(settings, m, own) else { continue };
            for secret in &target.secret_out {
                secrets.entry(secret.expose().to_owned()).or_default().push(m.slug.clone());
            }
            // An empty token would let anybody in who sends none.
            if !target.token.expose().is_empty() {
                tokens.entry(sha256_hex(target.token.expose().as_bytes())).or_default().push(m.slug.clone());
            }
        }
        let secrets = secrets.into_iter().filter_map(|(text, slugs)| Some((text.parse().ok()?, slugs))).collect();
        Self { secrets, tokens: tokens.into_iter().collect() }
    }

    /// The municipalities that whoever signed this body may speak for.
    pub fn signed_by(
        &self,
        id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
        now: At,
    ) -> Result<Vec<MunicipalitySlug>, SignatureFault> {
        let (mut fault, mut good) = (SignatureFault::Invalid, Vec::new());
        for (secret, slugs) in &self.secrets {
            match secret.verify(id, timestamp, signatures, body, now) {
                Ok(()) => good.extend(slugs.iter().cloned()),
                Err(SignatureFault::Timestamp) => fault = SignatureFault::Timestamp,
                Err(SignatureFault::Invalid) => {}
            }
        }
        if good.is_empty() { Err(fault) } else { Ok(good) }
    }

    /// The municipalities that whoever has this bearer token may ask about.
    pub fn with_token(&self, token: &str) -> Vec<MunicipalitySlug> {
        // Digests are compared: how far two of them agree tells nothing about the token.
        let digest = sha256_hex(token.as_bytes());
        self.tokens.iter().filter(|(known, _)| *known == digest).flat_map(|(_, slugs)| slugs.iter().cloned()).collect()
    }
}
