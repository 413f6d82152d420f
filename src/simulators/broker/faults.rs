//! How the broker can be told to behave: who logs in without a page, at which level, and which way it goes wrong.

use super::super::control::Steering;
use super::wire::{Endpoint, Wire};
use serde::{Deserialize, Serialize};

/// The state at `/_control`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BrokerState {
    /// Who is logged in without a page where there is no cookie: twelve digits, a foreign person's `prid`, or an
    /// `orgAffiliation`.
    pub(super) person: Option<String>,
    /// The level that every log-in gets, as a whole URI.
    pub(super) acr: Option<String>,
    pub(super) delay_ms: u64,
    pub(super) fault: Option<Fault>,
    pub(super) times: Option<u32>,
}

impl Steering for BrokerState {
    type Fault = Fault;
    fn fault(&mut self) -> (&mut Option<Fault>, &mut Option<u32>) {
        (&mut self.fault, &mut self.times)
    }
    fn delay_ms(&self) -> u64 {
        self.delay_ms
    }
}

/// One way to be a bad broker. Each strikes at one place only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Fault {
    /// A proper answer that says something wrong.
    Lie(Lie),
    /// No proper answer.
    Wire(Wire),
}

impl Fault {
    /// Whether UserInfo must be asked for it to be met: the number is then left out of the ID token. Not so where the two
    /// are to contradict each other, which a client sees that asks for both.
    pub(super) fn is_met_in_userinfo(self) -> bool {
        match self {
            Fault::Lie(Lie::UserinfoOtherNumber) => false,
            Fault::Lie(lie) => lie == Lie::NumberInUserinfo || lie.place() == Place::UserInfo,
            Fault::Wire(wire) => wire.endpoint == Endpoint::UserInfo,
        }
    }

    /// The lie, when it is told at one of these places.
    pub(super) fn told_at(self, places: &[Place]) -> Option<Lie> {
        match self {
            Fault::Lie(lie) if places.contains(&lie.place()) => Some(lie),
            _ => None,
        }
    }
}

/// Where a lie is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Discovery,
    Keys,
    /// The authorization endpoint, before anybody is asked anything.
    Refusal,
    /// On the way back to the client with a code.
    Return,
    /// The token endpoint's refusal.
    TokenRefusal,
    /// Round the tokens.
    TokenAnswer,
    /// Who the person is, alike in ID token and UserInfo.
    Person,
    /// The ID token's claims.
    Claims,
    /// The ID token's header, key and signature.
    Envelope,
    UserInfo,
    /// A log-out token, sent as soon as it is asked for.
    LogOut,
}

/// The places that one token answer passes.
pub(super) const IN_TOKENS: &[Place] = &[Place::TokenAnswer, Place::Person, Place::Claims, Place::Envelope];

macro_rules! lies {
    ($($place:ident { $($(#[$attribute:meta])* $lie:ident),* $(,)? })*) => {
        /// What is said that is not so. On the wire in snake case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum Lie { $($($(#[$attribute])* $lie,)*)* }

        impl Lie {
            pub(super) fn place(self) -> Place {
                match self { $($(Self::$lie)|* => Place::$place,)* }
            }

            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$($(Self::$lie,)*)*];
        }
    };
}

lies! {
    Discovery { WrongDiscoveryIssuer, HttpEndpoints, OtherHostEndpoints }
    Keys { EmptyJwks, OctJwks }
    Refusal {
        AccessDenied, ServerError, TemporarilyUnavailable, UnmetAuthenticationRequirements, LoginRequired,
        InvalidRequest, UnauthorizedClient, UnknownError, HugeErrorDescription,
    }
    Return {
        WrongResponseIss, NoResponseIss, WrongState, NoCode, DoubleCode, HugeCode, CodeAndError, OtherCallback,
    }
    TokenRefusal { InvalidGrant, InvalidClient }
    TokenAnswer {
        NoIdToken, EmptyIdToken, IdTokenNotJwt, NoAccessToken, NotBearer, DuplicateAnswerMembers,
    }
    Person {
        NoNumber, EmptyNumber, NullNumber, ArrayNumber, BothNumbers, BadNumber, ImpossibleDate, HyphenNumber,
        ShortNumber, FullWidthNumber, NewlineNumber, NumberAsNumber, FutureNumber, WrongNumberClaim,
        NumberInUserinfo, SubWithAnotherNumber, OtherPerson, MappedWithoutBinding, MappedUnknownBinding, HostileNames,
        NoUserSignature, UserSignatureNotBase64, HugeUserSignature,
    }
    Claims {
        WrongIss, OtherIss, UpperIss, WrongAud, ManyAud, ManyAudWithAzp, NoAud, WrongAzp, DoubleAudWithoutAzp,
        NoAcr, LowAcr, MisspeltAcr, AcrTypo, AcrSpace, AcrNonresident, AcrTrustMark, AcrLoa5,
        NoNonce, WrongNonce, OldNonce, Expired, NoExp, ExpString, LongLifetime, FutureIat, FutureNbf, OldIat,
        NoAuthTime, OldAuthTime, WrongAtHash, SkewAhead, SkewBehind,
    }
    Envelope {
        AlgNone, AlgNoneCapital, AlgNoneMixed, EmptySignature,
        #[serde(alias = "hs256_pubkey")]
        Hs256,
        #[serde(rename = "hs256_pem")]
        Hs256Pem,
        #[serde(rename = "hs256_secret")]
        Hs256Secret,
        #[serde(rename = "es512")]
        Es512,
        #[serde(rename = "ps256")]
        Ps256,
        KeyAlgDiffers, WrongCurve, HeaderJwk, HeaderJku,
        #[serde(rename = "header_x5u")]
        HeaderX5u,
        #[serde(rename = "header_x5c")]
        HeaderX5c,
        CritHeader, WrongTyp, TypAtJwt, CtyJwt, Encrypted,
        RotateKeys, UnknownKid, NoKid, NoKidManyKeys, DuplicateKid,
        BadSignature, AlteredPayload, DerSignature,
        #[serde(rename = "padded_base64")]
        PaddedBase64,
        DuplicateMembers,
    }
    UserInfo {
        UnsignedUserinfo, SubMismatch, UserinfoOtherKey, UserinfoOtherNumber, UserinfoOtherIss, UserinfoOtherAud,
    }
    LogOut {
        LogoutProper, LogoutWithNonce, LogoutNoEvents, LogoutWrongEvents, LogoutReplayedJti, LogoutNoJti,
        LogoutOtherAud, LogoutOtherIss, LogoutExpired, LogoutNobody, LogoutIdToken, LogoutUnsigned,
        LogoutOtherKey,
    }
}
