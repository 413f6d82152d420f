//! Identities of rows: UUIDv7 as text, made by us, each its own type so that no two can be confused.

use std::fmt;
use std::str::FromStr;

/// A text that names something: trimmed lower-case slug or a UUID. The error of every id here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct InvalidId;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(String);

        impl $name {
            /// A new one; sorts by time of making.
            pub fn fresh() -> Self {
                $name(uuid::Uuid::now_v7().to_string())
            }
            /// The UUID as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(s: &str) -> Result<Self, InvalidId> {
                uuid::Uuid::try_parse(s).map(|u| $name(u.to_string())).map_err(|_| InvalidId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+ };
}

uuid_id! {
    /// A person or organisation that the portal knows in one municipality.
    PartyId,
    /// Answers being given: an utkast.
    DraftId,
    /// What was sent in, frozen.
    SubmissionId,
    /// The portal's case (ärende).
    CaseId,
    /// One thing to hand to one target; its idempotency key.
    DeliveryId,
    /// A stored file, on whichever side.
    FileId,
    /// The desk's errand (what Castor would call its own case).
    ErrandId,
    /// A message in a case.
    MessageId,
    /// A decision in a case.
    DecisionId,
    /// Something that a resident is asked for.
    RequestId,
    /// What somebody has been sent to the broker to sign.
    SigningId,
    /// A signature with its evidence.
    SignatureId,
    /// Somebody else who is asked to sign.
    SignerId,
}

macro_rules! slug {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(String);

        impl $name {
            /// The slug as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            /// `a–z`, digits and hyphens, 1–60 characters.
            fn from_str(s: &str) -> Result<Self, InvalidId> {
                let fine = (1..=60).contains(&s.len())
                    && s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
                if fine { Ok($name(s.to_owned())) } else { Err(InvalidId) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+ };
}

slug! {
    /// A municipality by the name of its folder: `orkelljunga`.
    MunicipalitySlug,
    /// An e-service by the name of its file: `forskoleplats`.
    ServiceSlug,
    /// A receiving system by its name in the settings: `castor`.
    TargetSlug,
}
