//! The authorization request: reading it strictly (Swedish OpenID Connect Profile 1.0; OpenID Connect Core 3.1.2).

use super::Provider;
use super::claims::ClaimsRequest;
use super::clients::Client;
use super::sign::{self, Message, Signing};
use super::subject::AUTHN_PROVIDER_PARAMETER;
use crate::vocabulary::Personnummer;
use serde_json::{Map, Value};

/// Parameters of query and form together, in order.
#[derive(Clone, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn of(query: &str, body: &[u8]) -> Self {
        let decoded = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
        let mut all = decoded(query.as_bytes());
        all.extend(decoded(body));
        // A parameter without a value is the same as none (RFC 6749 3.1).
        all.retain(|(_, value)| !value.is_empty());
        Self(all)
    }

    /// From the members of a request object: what is no text is written as JSON.
    pub(super) fn of_members(members: &Map<String, Value>) -> Self {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self(members.iter().map(|(name, value)| (name.clone(), text(value))).filter(|(_, v)| !v.is_empty()).collect())
    }

    /// The value of a parameter that may occur once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Repeated),
        }
    }

    /// The last value of a parameter: of a form, the button that was pressed.
    pub(super) fn last(&self, name: &str) -> Option<&str> {
        self.0.iter().rfind(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every parameter but the given.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(n, _)| !names.contains(&n.as_str()));
        self
    }

    /// Whether there is none but the given.
    pub(super) fn are_only(&self, names: &[&str]) -> bool {
        self.0.iter().all(|(n, _)| names.contains(&n.as_str()))
    }
}

/// A parameter occurred twice (RFC 6749 3.1 forbids it).
pub(super) struct Repeated;

/// A request as the client meant it, wherever it stood: in the query, pushed, or in a request object.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) parameters: Parameters,
    /// The client signed it as a whole.
    pub(super) is_sealed: bool,
}

/// A request that may be shown to a person.
pub(super) struct AuthorizationRequest {
    pub(super) client: Client,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: String,
    pub(super) scopes: Vec<String>,
    pub(super) claims: ClaimsRequest,
    pub(super) acr_values: String,
    pub(super) without_page: bool,
    /// The e-legitimation that the client wants used, by our name for it.
    pub(super) eid: Option<String>,
    pub(super) languages: Vec<String>,
    /// Shown at a log-in.
    pub(super) message: Option<Message>,
    /// To be signed or approved.
    pub(super) signing: Option<Signing>,
}

/// Why a request is not shown to anyone.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Client or return address is not known: the person must not be sent anywhere. A text `broker-refused-…`.
    Here(&'static str),
    /// Told to the client at its own return address.
    Back { redirect_uri: String, state: Option<String>, error: &'static str, description: &'static str },
}

/// The client of a request and where its answer may go.
pub(super) fn addressee(provider: &Provider, parameters: &Parameters) -> Result<(Client, String), Refusal> {
    let here = |_| Refusal::Here("repeated");
    let client_id = parameters.one("client_id").map_err(here)?;
    let client = client_id.and_then(|id| provider.clients.find(id)).ok_or(Refusal::Here("client"))?;
    let redirect_uri = parameters
        .one("redirect_uri")
        .map_err(here)?
        .filter(|uri| client.redirect_uris.iter().any(|registered| registered == uri))
        .ok_or(Refusal::Here("redirect"))?
        .to_owned();
    Ok((client, redirect_uri))
}

impl AuthorizationRequest {
    pub(super) fn read(provider: &Provider, asked: &Asked) -> Result<Self, Refusal> {
        let parameters = &asked.parameters;
        let (client, redirect_uri) = addressee(provider, parameters)?;
        let state = parameters.one("state").unwrap_or(None).map(str::to_owned);
        let back = |error, description| Refusal::Back {
            redirect_uri: redirect_uri.clone(),
            state: state.clone(),
            error,
            description,
        };
        let one = |name| parameters.one(name).map_err(|_| back("invalid_request", "a parameter is repeated"));

        if one("registration")?.is_some() {
            return Err(back("registration_not_supported", "registration is not supported"));
        }
        match one("response_type")? {
            Some("code") => {}
            Some(_) => return Err(back("unsupported_response_type", "only response_type=code is supported")),
            None => return Err(back("invalid_request", "response_type is missing")),
        }
        if one("response_mode")?.is_some_and(|mode| mode != "query") {
            return Err(back("invalid_request", "only response_mode=query is supported"));
        }
        let words = |text: Option<&str>| -> Vec<String> {
            text.unwrap_or_default().split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
        };
        let scopes = words(one("scope")?);
        if !scopes.iter().any(|s| s == "openid") {
            return Err(back("invalid_scope", "scope openid is missing"));
        }
        let Some(state_given) = one("state")?.map(str::to_owned) else {
            return Err(back("invalid_request", "state is missing"));
        };
        if one("code_challenge_method")? != Some("S256") {
            return Err(back("invalid_request", "code_challenge_method must be S256"));
        }
        let challenge = one("code_challenge")?.unwrap_or_default();
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if challenge.len() != 43 || !challenge.bytes().all(unreserved) {
            return Err(back("invalid_request", "code_challenge must be 43 characters of base64url"));
        }
        // What a broker does not understand, it does not read.
        let claims = one("claims")?.filter(|_| provider.style.reads_claims());
        let claims = ClaimsRequest::read(claims)
            .ok_or_else(|| back("invalid_request", "claims is not what OpenID Connect Core 5.5 says"))?;
        let is_number = |hint: &str| Personnummer::parse(hint, provider.clock.now()).is_ok();
        if one("login_hint")?.is_some_and(is_number) {
            return Err(back("invalid_request", "login_hint must not hold what is asked for as a claim"));
        }
        let prompts = words(one("prompt")?);
        let prompts: Vec<&str> = prompts.iter().map(String::as_str).collect();
        let without_page = prompts.contains(&"none");
        if without_page && prompts.len() > 1 {
            return Err(back("invalid_request", "prompt=none stands alone"));
        }
        let signing = match one(sign::SIGN_REQUEST)? {
            parameter if sign::is_offered(provider.style) => {
                Signing::read(parameter, &scopes, &prompts, asked.is_sealed).map_err(|(e, why)| back(e, why))?
            }
            _ if scopes.iter().any(|s| s == sign::SIGN || s == sign::APPROVAL) => {
                return Err(back("invalid_scope", "nothing can be signed here"));
            }
            _ => None,
        };
        if signing.is_some() && !client.may_sign {
            return Err(back("unauthorized_client", "the client may not ask for signatures"));
        }
        let message = one(sign::USER_MESSAGE)?.and_then(|text| serde_json::from_str(text).ok());
        let eid = one(AUTHN_PROVIDER_PARAMETER)?.map(|wanted| {
            let own = wanted.strip_prefix(&format!("{}/eid/", provider.issuer));
            own.unwrap_or_default().to_owned()
        });
        Ok(Self {
            nonce: one("nonce")?.map(str::to_owned),
            code_challenge: challenge.to_owned(),
            state: state_given,
            redirect_uri: redirect_uri.clone(),
            scopes,
            claims,
            acr_values: one("acr_values")?.unwrap_or_default().to_owned(),
            without_page,
            eid,
            languages: words(one("ui_locales")?),
            // A message that cannot be shown is left out, and none is shown where there is no page.
            message: message.as_ref().and_then(Message::read).filter(|_| !without_page),
            signing,
            client,
        })
    }

    /// The person whom the client has named.
    pub(super) fn pinned(&self, provider: &Provider) -> Option<&str> {
        self.claims.pinned(provider.style)
    }
}
