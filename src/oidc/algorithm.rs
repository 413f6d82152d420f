//! Algorithms that brokers sign with.

use openidconnect::core::CoreJwsSigningAlgorithm;
use std::str::FromStr;

/// Algorithms that can be allowed for ID tokens. `none` and `HS*` cannot be spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

/// Not an algorithm that can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("allowed algorithms are ES256, ES384, RS256, RS384 and RS512")]
pub struct UnknownAlgorithm;

impl SigningAlgorithm {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Es256, Self::Es384, Self::Rs256, Self::Rs384, Self::Rs512];

    /// As in a JOSE header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    pub(super) fn for_crate(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Self::Es384 => CoreJwsSigningAlgorithm::EcdsaP384Sha384,
            Self::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            Self::Rs384 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
            Self::Rs512 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
        }
    }

    /// The hash whose left half is `at_hash` (OpenID Connect Core 3.1.3.6).
    pub(super) fn digest(self) -> &'static ring::digest::Algorithm {
        match self {
            Self::Es256 | Self::Rs256 => &ring::digest::SHA256,
            Self::Es384 | Self::Rs384 => &ring::digest::SHA384,
            Self::Rs512 => &ring::digest::SHA512,
        }
    }
}

impl FromStr for SigningAlgorithm {
    type Err = UnknownAlgorithm;
    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == text).ok_or(UnknownAlgorithm)
    }
}
