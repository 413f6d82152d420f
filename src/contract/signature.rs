//! Standard Webhooks 1.0.0, version `v1`: HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{raw body}`. One secret for
//! each target and direction; two are alive while one is being changed for the other.

use crate::vocabulary::At;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use std::fmt;
use std::str::FromStr;

/// How far the sender's clock may be from ours, either way.
pub const TOLERANCE_SECONDS: i64 = 300;

/// A signing secret: `whsec_` and base64 of 24–64 random bytes. Does not print itself.
#[derive(Clone)]
pub struct Secret(hmac::Key);

/// Not a signing secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signing secret is whsec_ and base64 of 24–64 bytes")]
pub struct InvalidSecret;

/// Why a signed message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// No header, or none that fits any secret.
    #[error("the signature does not fit")]
    Invalid,
    /// The timestamp is more than [`TOLERANCE_SECONDS`] away.
    #[error("the timestamp is out of tolerance")]
    Timestamp,
}

impl FromStr for Secret {
    type Err = InvalidSecret;
    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let bytes = text.strip_prefix("whsec_").and_then(|b| STANDARD.decode(b).ok()).ok_or(InvalidSecret)?;
        if (24..=64).contains(&bytes.len()) {
            Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
        } else {
            Err(InvalidSecret)
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("whsec_•••")
    }
}

impl Secret {
    /// The text of a new secret from 32 random bytes, as it is written in settings.
    pub fn text(random: [u8; 32]) -> String {
        format!("whsec_{}", STANDARD.encode(random))
    }

    fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
        [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
    }

    /// The value of `webhook-signature`.
    pub fn sign(&self, webhook_id: &str, at: At, body: &[u8]) -> String {
        let tag = hmac::sign(&self.0, &Self::signed(webhook_id, &at.seconds().to_string(), body));
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    }

    /// Holds the exact bytes received against the headers; any `v1` entry may fit. Constant time in the signature.
    pub fn verify(
        &self,
        webhook_id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
        now: At,
    ) -> Result<(), SignatureFault> {
        let sent: i64 = timestamp.parse().map_err(|_| SignatureFault::Invalid)?;
        let signed = Self::signed(webhook_id, timestamp, body);
        let fits = signatures
            .split(' ')
            .filter_map(|entry| entry.strip_prefix("v1,"))
            .filter_map(|b| STANDARD.decode(b).ok())
            .any(|tag| hmac::verify(&self.0, &signed, &tag).is_ok());
        if !fits {
            return Err(SignatureFault::Invalid);
        }
        // After the signature, so that a stranger learns nothing about our clock.
        if sent.abs_diff(now.seconds()) > TOLERANCE_SECONDS.unsigned_abs() {
            Err(SignatureFault::Timestamp)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's own vector, and the one of this contract.
    const VECTORS: [(&str, &str, i64, &str, &str); 2] = [
        (
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        ),
        (
            "whsec_S29tbXVucG9ydGFsVGVzdE55Y2tlbDAxMjM0NTY=",
            "evt_0001",
            1_772_396_047,
            r#"{"type":"se.kommunportal.case.status_changed"}"#,
            "v1,hXDunJq3GzP/E0j4f9DSUw7RyXpWuYkwsAmtmSkq4QE=",
        ),
    ];

    #[test]
    fn the_published_vectors_are_signed_and_accepted() {
        for (secret, id, time, body, signature) in VECTORS {
            let (secret, at) = (secret.parse::<Secret>().unwrap(), At::from_seconds(time));
            assert_eq!(secret.sign(id, at, body.as_bytes()), signature);
            let both = format!("v1a,abc {signature}");
            assert_eq!(secret.verify(id, &time.to_string(), &both, body.as_bytes(), at.plus_seconds(240)), Ok(()));
        }
    }

    #[test]
    fn another_body_id_or_an_old_clock_is_refused() {
        let (secret, id, time, body, signature) = VECTORS[1];
        let (secret, at) = (secret.parse::<Secret>().unwrap(), At::from_seconds(time));
        let check =
            |id: &str, body: &str, now: At| secret.verify(id, &time.to_string(), signature, body.as_bytes(), now);
        assert_eq!(check(id, "{}", at), Err(SignatureFault::Invalid));
        assert_eq!(check("evt_0002", body, at), Err(SignatureFault::Invalid));
        assert_eq!(check(id, body, at.plus_seconds(360)), Err(SignatureFault::Timestamp));
        assert_eq!(check(id, body, at.plus_seconds(-360)), Err(SignatureFault::Timestamp));
    }
}
