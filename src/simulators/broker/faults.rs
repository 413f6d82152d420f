//! How the broker can be told to behave: who logs in without a page, at which level, and which way it goes wrong.

use super::super::control::Steering;
use serde::{Deserialize, Serialize};

/// The state at `/_control`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BrokerState {
    /// Who is logged in without a page where there is no cookie: twelve digits, or an `orgAffiliation`.
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
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    // Discovery and keys.
    DiscoveryDown,
    WrongDiscoveryIssuer,
    JwksDown,
    EmptyJwks,
    // The answer of the authorization endpoint.
    AccessDenied,
    ServerError,
    TemporarilyUnavailable,
    WrongResponseIss,
    NoResponseIss,
    WrongState,
    HugeErrorDescription,
    // The token endpoint as a web server.
    #[serde(rename = "token_500")]
    Token500,
    #[serde(rename = "token_503")]
    Token503,
    TokenTimeout,
    HugeBody,
    SlowBody,
    NotJson,
    RedirectInternal,
    InvalidGrant,
    NoIdToken,
    NoAccessToken,
    NotBearer,
    // The ID token's envelope.
    AlgNone,
    #[serde(alias = "hs256_pubkey")]
    Hs256,
    #[serde(rename = "hs256_secret")]
    Hs256Secret,
    UnknownKid,
    NoKid,
    RotateKeys,
    BadSignature,
    CritHeader,
    WrongTyp,
    // What the ID token says.
    WrongIss,
    WrongAud,
    ManyAud,
    WrongAzp,
    NoAcr,
    LowAcr,
    MisspeltAcr,
    NoNonce,
    WrongNonce,
    Expired,
    NoExp,
    LongLifetime,
    FutureIat,
    OldIat,
    NoAuthTime,
    OldAuthTime,
    WrongAtHash,
    // Who the ID token says it is.
    NoNumber,
    BothNumbers,
    BadNumber,
    ShortNumber,
    NumberAsNumber,
    WrongNumberClaim,
    OtherPerson,
    HostileNames,
    // UserInfo.
    UserinfoDown,
    UnsignedUserinfo,
    SubMismatch,
}

impl Fault {
    /// Met when the person is sent back.
    pub(super) fn in_authorization(self) -> bool {
        use Fault::*;
        matches!(
            self,
            AccessDenied
                | ServerError
                | TemporarilyUnavailable
                | WrongResponseIss
                | NoResponseIss
                | WrongState
                | HugeErrorDescription
        )
    }

    /// Met instead of an answer from the token endpoint.
    pub(super) fn in_token_transport(self) -> bool {
        use Fault::*;
        matches!(
            self,
            Token500 | Token503 | TokenTimeout | HugeBody | SlowBody | NotJson | RedirectInternal | InvalidGrant
        )
    }

    /// Met in an otherwise proper token answer.
    pub(super) fn in_tokens(self) -> bool {
        !self.in_authorization() && !self.in_token_transport() && !self.in_discovery() && !self.in_userinfo()
    }

    fn in_discovery(self) -> bool {
        matches!(self, Fault::DiscoveryDown | Fault::WrongDiscoveryIssuer | Fault::JwksDown | Fault::EmptyJwks)
    }

    /// Met in the answer of UserInfo.
    pub(super) fn in_userinfo(self) -> bool {
        matches!(self, Fault::UserinfoDown | Fault::UnsignedUserinfo | Fault::SubMismatch)
    }
}
