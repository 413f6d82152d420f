//! Why a log-in did not happen, and what the person is told.

/// Why a log-in was refused. Holds nothing that came from outside; [`as_str`](Self::as_str) is for logs and statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.as_str())]
pub enum LoginFault {
    // What the broker said.
    /// The person cancelled, or the e-legitimation failed.
    Cancelled,
    /// No e-legitimation reaches the level.
    LevelUnmet,
    /// The broker is down, by its own words.
    BrokerUnavailable,
    /// An error that only `prompt=none` should give.
    InteractionRequired,
    /// The broker does not accept how we ask: our settings or our registration are wrong.
    RequestRefused,
    /// An error code that no standard names.
    UnknownError,

    // The way back.
    /// A parameter is missing, doubled or too long.
    CallbackMalformed,
    /// `iss` is another's, or missing though announced (RFC 9207).
    CallbackIssuer,
    /// The transaction belongs to another broker.
    OtherBroker,
    /// The state is not the transaction's.
    StateMismatch,
    /// The transaction is too old.
    TransactionExpired,
    /// No open transaction for this state. For callers.
    TransactionUnknown,
    /// The transaction was begun in another browser. For callers.
    OtherBrowser,
    /// The transaction was begun for something else. For callers.
    PurposeMismatch,
    /// Another person than the one who had to come back.
    OtherPerson,

    // The network.
    /// No connection, or it broke.
    Unreachable,
    /// No whole answer in time.
    TimedOut,
    /// It failed so often just now that we do not ask.
    BreakerOpen,
    /// So many calls are under way that no more is begun.
    TooBusy,
    /// 429 or a status that says the broker fails.
    BrokerFailing,
    /// A redirect where none may be.
    RedirectRefused,
    /// An address outside the hosts that settings name, or not https.
    AddressRefused,
    /// A body beyond the cap.
    AnswerTooLarge,
    /// Not JSON, or not what the standard says it holds.
    AnswerMalformed,
    /// The metadata are another issuer's.
    MetadataIssuer,
    /// The metadata lack something we need.
    MetadataUnfit,
    /// No key in the broker's key set can be used.
    KeysUnfit,

    // The token endpoint.
    /// `invalid_grant`: the code is used, too old or not ours.
    CodeRefused,
    /// `invalid_client`: key, clock or secret.
    ClientRefused,
    /// Another error from the token endpoint.
    TokenRefused,
    /// A part of the token answer is missing or of the wrong kind.
    TokenMalformed,

    // The ID token.
    /// Not a compact JWS, too large, or a claim of the wrong type.
    IdTokenMalformed,
    /// A JSON member twice.
    DuplicateMember,
    /// `crit`, `cty`, another `typ`, or encrypted.
    HeaderRefused,
    /// An algorithm that is not on the list.
    AlgorithmRefused,
    /// No such key, also after asking again.
    KeyUnknown,
    /// Several keys fit.
    KeyAmbiguous,
    /// The signature does not fit.
    SignatureInvalid,
    /// `iss` is another's.
    IssuerMismatch,
    /// `aud` is not us, or not only us.
    AudienceMismatch,
    /// `azp` is not us.
    AuthorizedPartyMismatch,
    /// The nonce is not the transaction's.
    NonceMismatch,
    /// `exp` has passed.
    Expired,
    /// `exp − iat` is longer than allowed.
    LifetimeTooLong,
    /// `iat` is ahead, or long ago.
    IssuedAtOutOfBounds,
    /// `nbf` is ahead.
    NotYetValid,
    /// `auth_time` is missing, ahead, or before the transaction.
    AuthTimeOutOfBounds,
    /// `at_hash` is another token's.
    AccessTokenHashMismatch,
    /// No `acr`.
    AcrMissing,
    /// An `acr` that this transaction does not accept.
    AcrRefused,
    /// Another e-legitimation than the one asked for.
    MethodMismatch,
    /// A signature that is missing, not Base64 or too long.
    UserSignatureInvalid,
    /// The broker says that it granted less than a signature.
    ScopeReduced,

    // Userinfo and log-out tokens.
    /// Userinfo is about another person than the ID token, or says another number.
    UserinfoMismatch,
    /// Userinfo is not signed though it must be, or cannot be read.
    UserinfoMalformed,
    /// Not a log-out token: a nonce, no such event, nobody named.
    LogoutTokenMalformed,

    // The person.
    /// Neither personnummer nor samordningsnummer.
    NumberMissing,
    /// Both of them.
    NumberAmbiguous,
    /// Not a possible number.
    NumberInvalid,
    /// A number of one kind in the other's claim.
    NumberInWrongClaim,
    /// No provisional identity of a foreign e-legitimation, or not in its form.
    PridInvalid,
    /// No affiliation, or not `<personal-id>@<organisation number>`.
    AffiliationInvalid,

    /// Something of our own failed: no random bytes, a redirect address that cannot be read.
    Internal,
}

impl LoginFault {
    /// Stable; logged, counted and written in run books.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::LevelUnmet => "level_unmet",
            Self::BrokerUnavailable => "broker_unavailable",
            Self::InteractionRequired => "interaction_required",
            Self::RequestRefused => "request_refused",
            Self::UnknownError => "unknown_error",
            Self::CallbackMalformed => "callback_malformed",
            Self::CallbackIssuer => "callback_issuer",
            Self::OtherBroker => "other_broker",
            Self::StateMismatch => "state_mismatch",
            Self::TransactionExpired => "transaction_expired",
            Self::TransactionUnknown => "transaction_unknown",
            Self::OtherBrowser => "other_browser",
            Self::PurposeMismatch => "purpose_mismatch",
            Self::OtherPerson => "other_person",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::BreakerOpen => "breaker_open",
            Self::TooBusy => "too_busy",
            Self::BrokerFailing => "broker_failing",
            Self::RedirectRefused => "redirect_refused",
            Self::AddressRefused => "address_refused",
            Self::AnswerTooLarge => "answer_too_large",
            Self::AnswerMalformed => "answer_malformed",
            Self::MetadataIssuer => "metadata_issuer",
            Self::MetadataUnfit => "metadata_unfit",
            Self::KeysUnfit => "keys_unfit",
            Self::CodeRefused => "code_refused",
            Self::ClientRefused => "client_refused",
            Self::TokenRefused => "token_refused",
            Self::TokenMalformed => "token_malformed",
            Self::IdTokenMalformed => "id_token_malformed",
            Self::DuplicateMember => "duplicate_member",
            Self::HeaderRefused => "header_refused",
            Self::AlgorithmRefused => "algorithm_refused",
            Self::KeyUnknown => "key_unknown",
            Self::KeyAmbiguous => "key_ambiguous",
            Self::SignatureInvalid => "signature_invalid",
            Self::IssuerMismatch => "issuer_mismatch",
            Self::AudienceMismatch => "audience_mismatch",
            Self::AuthorizedPartyMismatch => "authorized_party_mismatch",
            Self::NonceMismatch => "nonce_mismatch",
            Self::Expired => "expired",
            Self::LifetimeTooLong => "lifetime_too_long",
            Self::IssuedAtOutOfBounds => "issued_at_out_of_bounds",
            Self::NotYetValid => "not_yet_valid",
            Self::AuthTimeOutOfBounds => "auth_time_out_of_bounds",
            Self::AccessTokenHashMismatch => "access_token_hash_mismatch",
            Self::AcrMissing => "acr_missing",
            Self::AcrRefused => "acr_refused",
            Self::MethodMismatch => "method_mismatch",
            Self::UserSignatureInvalid => "user_signature_invalid",
            Self::ScopeReduced => "scope_reduced",
            Self::UserinfoMismatch => "userinfo_mismatch",
            Self::UserinfoMalformed => "userinfo_malformed",
            Self::LogoutTokenMalformed => "logout_token_malformed",
            Self::NumberMissing => "number_missing",
            Self::NumberAmbiguous => "number_ambiguous",
            Self::NumberInvalid => "number_invalid",
            Self::NumberInWrongClaim => "number_in_wrong_claim",
            Self::PridInvalid => "prid_invalid",
            Self::AffiliationInvalid => "affiliation_invalid",
            Self::Internal => "internal",
        }
    }

    /// What the person is told.
    pub fn message(self) -> MessageId {
        match self {
            Self::Cancelled => MessageId::Cancelled,
            Self::LevelUnmet | Self::AcrMissing | Self::AcrRefused => MessageId::Level,
            Self::StateMismatch
            | Self::TransactionExpired
            | Self::TransactionUnknown
            | Self::OtherBrowser
            | Self::PurposeMismatch
            | Self::CodeRefused => MessageId::Session,
            Self::OtherPerson => MessageId::OtherPerson,
            Self::NumberMissing
            | Self::NumberAmbiguous
            | Self::NumberInvalid
            | Self::NumberInWrongClaim
            | Self::PridInvalid
            | Self::AffiliationInvalid => MessageId::Identity,
            Self::BrokerUnavailable
            | Self::Unreachable
            | Self::TimedOut
            | Self::BreakerOpen
            | Self::TooBusy
            | Self::BrokerFailing
            | Self::RedirectRefused
            | Self::AddressRefused
            | Self::AnswerTooLarge
            | Self::AnswerMalformed
            | Self::MetadataIssuer
            | Self::MetadataUnfit
            | Self::KeysUnfit => MessageId::Unavailable,
            Self::InteractionRequired
            | Self::RequestRefused
            | Self::UnknownError
            | Self::CallbackMalformed
            | Self::CallbackIssuer
            | Self::OtherBroker
            | Self::ClientRefused
            | Self::TokenRefused
            | Self::TokenMalformed
            | Self::IdTokenMalformed
            | Self::DuplicateMember
            | Self::HeaderRefused
            | Self::AlgorithmRefused
            | Self::KeyUnknown
            | Self::KeyAmbiguous
            | Self::SignatureInvalid
            | Self::IssuerMismatch
            | Self::AudienceMismatch
            | Self::AuthorizedPartyMismatch
            | Self::NonceMismatch
            | Self::Expired
            | Self::LifetimeTooLong
            | Self::IssuedAtOutOfBounds
            | Self::NotYetValid
            | Self::AuthTimeOutOfBounds
            | Self::AccessTokenHashMismatch
            | Self::MethodMismatch
            | Self::UserSignatureInvalid
            | Self::ScopeReduced
            | Self::UserinfoMismatch
            | Self::UserinfoMalformed
            | Self::LogoutTokenMalformed
            | Self::Internal => MessageId::Technical,
        }
    }

    /// Into the log, as loud as it deserves: people cancel every day, a refused client is for the operator at once.
    pub(super) fn log(self, broker: &str) {
        let fault = self.as_str();
        match self {
            Self::Cancelled | Self::LevelUnmet => tracing::info!(broker, fault, "log-in not completed"),
            Self::RequestRefused | Self::ClientRefused | Self::Internal => {
                tracing::error!(broker, fault, "log-in does not work as it is set up");
            }
            _ => tracing::warn!(broker, fault, "log-in refused"),
        }
    }
}

/// What the person is told: the texts `login-<id>-title`, `login-<id>-text` and `login-<id>-way-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageId {
    /// The person, or the e-legitimation, broke it off.
    Cancelled,
    /// A higher level of assurance is needed.
    Level,
    /// Too late, twice, or another browser.
    Session,
    /// No valid identity came.
    Identity,
    /// Another person than the one logged in.
    OtherPerson,
    /// The broker does not answer as it should; later it may.
    Unavailable,
    /// What came cannot be trusted.
    Technical,
    /// A signature was broken off; the draft is kept. For callers.
    SignCancelled,
}

impl MessageId {
    /// Every message.
    pub const ALL: [Self; 8] = [
        Self::Cancelled,
        Self::Level,
        Self::Session,
        Self::Identity,
        Self::OtherPerson,
        Self::Unavailable,
        Self::Technical,
        Self::SignCancelled,
    ];

    /// The `<id>` in the texts' keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Level => "level",
            Self::Session => "session",
            Self::Identity => "identity",
            Self::OtherPerson => "other-person",
            Self::Unavailable => "unavailable",
            Self::Technical => "technical",
            Self::SignCancelled => "sign-cancelled",
        }
    }

    /// The HTTP status of the page that shows it.
    pub fn status(self) -> u16 {
        match self {
            Self::Cancelled | Self::SignCancelled => 200,
            Self::Session => 400,
            Self::Level | Self::Identity | Self::OtherPerson => 403,
            Self::Technical => 502,
            Self::Unavailable => 503,
        }
    }
}
