//! What a broker publishes about itself: whether it fits the settings, and where it deviates from the Profile.

use super::levels::ASSUMED;
use super::outbound::Outbound;
use super::{BrokerConfig, ClientAuth, LoginFault, json};
use openidconnect::{AuthUrl, JsonWebKeySetUrl, TokenUrl};
use serde_json::Value;
use url::Url;

/// OpenID Connect Discovery 1.0 and RFC 8414, as far as we use it.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: AuthUrl,
    pub(super) token_endpoint: TokenUrl,
    pub(super) jwks_uri: JsonWebKeySetUrl,
    response_types_supported: Vec<String>,
    scopes_supported: Option<Vec<String>>,
    acr_values_supported: Option<Vec<String>>,
    claims_parameter_supported: Option<bool>,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    ui_locales_supported: Option<Vec<String>>,
    request_parameter_supported: Option<bool>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    pushed_authorization_request_endpoint: Option<Url>,
    #[serde(default)]
    require_pushed_authorization_requests: bool,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) end_session_endpoint: Option<Url>,
    #[serde(rename = "https://id.oidc.se/disco/userMessageSupported", default)]
    user_message_supported: bool,
    #[serde(rename = "https://id.oidc.se/disco/userMessageSupportedMimeTypes")]
    user_message_mime_types: Option<Vec<String>>,
    #[serde(rename = "https://id.oidc.se/disco/authnProviderSupported", default)]
    authn_provider_supported: bool,
}

/// Where a broker's metadata deviate from the Profile without stopping log-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerWarning {
    /// `scopes_supported` lacks `openid`.
    NoOpenidScope,
    /// `acr_values_supported` is missing: whether a level can be reached shows only at log-in.
    LevelsUnknown,
    /// `claims_parameter_supported` is not true: level and identity may not be delivered.
    NoClaimsParameter,
    /// `code_challenge_methods_supported` offers `plain`.
    PlainPkceOffered,
    /// Our way of proving who we are is not listed.
    ClientAuthNotListed,
    /// `ui_locales_supported` lacks Swedish.
    NoSwedish,
    /// The broker does not name itself in its answers (RFC 9207).
    NoIssuerInAnswer,
}

impl Metadata {
    fn check(&self, config: &BrokerConfig, outbound: &Outbound) -> Result<(), LoginFault> {
        if self.issuer != config.issuer {
            return Err(LoginFault::MetadataIssuer);
        }
        let needed = [self.authorization_endpoint.url(), self.token_endpoint.url(), self.jwks_uri.url()];
        let optional =
            [&self.pushed_authorization_request_endpoint, &self.userinfo_endpoint, &self.end_session_endpoint];
        if !needed.into_iter().chain(optional.into_iter().flatten()).all(|url| outbound.may_call(url)) {
            return Err(LoginFault::AddressRefused);
        }
        let algorithms = self.id_token_signing_alg_values_supported.as_deref();
        let fits = lists(Some(&self.response_types_supported), "code")
            && lists(self.code_challenge_methods_supported.as_deref(), "S256")
            && (self.pushed_authorization_request_endpoint.is_some() || !self.require_pushed_authorization_requests)
            && (algorithms.is_none() || config.allowed_algs.iter().any(|alg| lists(algorithms, alg.as_str())));
        if fits { Ok(()) } else { Err(LoginFault::MetadataUnfit) }
    }

    /// Whether the broker can give any of these levels, as far as it tells.
    pub(super) fn can_reach(&self, accepted_acr: &[String]) -> bool {
        match &self.acr_values_supported {
            Some(supported) => accepted_acr.iter().any(|acr| acr == ASSUMED || supported.contains(acr)),
            None => !accepted_acr.is_empty(),
        }
    }

    /// Where its addresses lead.
    pub(super) fn hosts(&self) -> Vec<Option<&str>> {
        let needed = [self.authorization_endpoint.url(), self.token_endpoint.url(), self.jwks_uri.url()];
        needed.into_iter().map(Url::host_str).collect()
    }

    /// Where a request is pushed: a signature always, as its request is long; a log-in when the broker wants it.
    pub(super) fn pushed_to(&self, is_signature: bool) -> Option<&Url> {
        let endpoint = self.pushed_authorization_request_endpoint.as_ref();
        endpoint.filter(|_| is_signature || self.require_pushed_authorization_requests)
    }

    pub(super) fn has_scope(&self, scope: &str) -> bool {
        lists(self.scopes_supported.as_deref(), scope)
    }

    /// The standard says that a broker which does not tell takes none; the Profile, that every broker takes them.
    pub(super) fn takes_request_objects(&self) -> bool {
        self.request_parameter_supported != Some(false)
    }

    pub(super) fn speaks(&self, language: &str) -> bool {
        self.ui_locales_supported.is_none() || lists(self.ui_locales_supported.as_deref(), language)
    }

    pub(super) fn shows_messages(&self) -> bool {
        let types = self.user_message_mime_types.as_deref();
        self.user_message_supported && (types.is_none() || lists(types, "text/plain"))
    }

    pub(super) fn takes_authn_provider(&self) -> bool {
        self.authn_provider_supported
    }

    pub(super) fn warnings(&self, config: &BrokerConfig) -> Vec<BrokerWarning> {
        let client_auth = match config.client_auth {
            ClientAuth::SecretBasic(_) => "client_secret_basic",
            ClientAuth::PrivateKeyJwt(_) => "private_key_jwt",
        };
        let checks = [
            (lists(self.scopes_supported.as_deref(), "openid"), BrokerWarning::NoOpenidScope),
            (self.acr_values_supported.is_some(), BrokerWarning::LevelsUnknown),
            (self.claims_parameter_supported == Some(true), BrokerWarning::NoClaimsParameter),
            (!lists(self.code_challenge_methods_supported.as_deref(), "plain"), BrokerWarning::PlainPkceOffered),
            (
                lists(self.token_endpoint_auth_methods_supported.as_deref(), client_auth),
                BrokerWarning::ClientAuthNotListed,
            ),
            (lists(self.ui_locales_supported.as_deref(), "sv"), BrokerWarning::NoSwedish),
            (self.authorization_response_iss_parameter_supported, BrokerWarning::NoIssuerInAnswer),
        ];
        checks.into_iter().filter(|(good, _)| !good).map(|(_, warning)| warning).collect()
    }
}

fn lists(list: Option<&[String]>, wanted: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|item| item == wanted))
}

/// A discovery document that fits the settings.
pub(super) fn read_metadata(body: &[u8], config: &BrokerConfig, outbound: &Outbound) -> Result<Metadata, LoginFault> {
    let members = json::object(body).map_err(|_| LoginFault::AnswerMalformed)?;
    let metadata: Metadata = serde_json::from_value(Value::Object(members)).map_err(|_| LoginFault::AnswerMalformed)?;
    metadata.check(config, outbound)?;
    Ok(metadata)
}
