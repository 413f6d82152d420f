//! The authorization request: reading it strictly (Swedish OpenID Connect Profile 1.0; OpenID Connect Core 3.1.2).

use super::Provider;
use super::claims::ClaimsRequest;
use super::clients::Client;

/// Parameters of query and form together, in order.
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

    /// The value of a parameter that may occur once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Repeated),
        }
    }

    /// Every parameter but the given: what a form must carry on.
    pub(super) fn without<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter(|(n, _)| !names.contains(&n.as_str())).map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

/// A parameter occurred twice (RFC 6749 3.1 forbids it).
pub(super) struct Repeated;

/// A request that may be shown to a person.
pub(super) struct AuthorizationRequest {
    pub(super) client: Client,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: String,
    pub(super) scopes: Vec<String>,
    pub(super) claims: ClaimsRequest,
    pub(super) without_page: bool,
}

/// Why a request is not shown to anyone.
pub(super) enum Refusal {
    /// Client or return address is not known: the person must not be sent anywhere.
    Here(&'static str),
    /// Told to the client at its own return address.
    Back { redirect_uri: String, state: Option<String>, error: &'static str, description: &'static str },
}

impl AuthorizationRequest {
    pub(super) fn read(provider: &Provider, parameters: &Parameters) -> Result<Self, Refusal> {
        let here = |_| Refusal::Here("En uppgift i anropet förekommer två gånger.");
        let client_id = parameters.one("client_id").map_err(here)?;
        let client = client_id.and_then(|id| provider.clients.find(id));
        let client =
            client.ok_or(Refusal::Here("Anropet kommer från en tjänst som inte är registrerad (client_id)."))?;
        let redirect_uri = parameters
            .one("redirect_uri")
            .map_err(here)?
            .filter(|uri| client.redirect_uris.iter().any(|registered| registered == uri))
            .ok_or(Refusal::Here("Adressen att återvända till är inte registrerad för tjänsten (redirect_uri)."))?
            .to_owned();

        let state = parameters.one("state").unwrap_or(None).map(str::to_owned);
        let back = |error, description| Refusal::Back {
            redirect_uri: redirect_uri.clone(),
            state: state.clone(),
            error,
            description,
        };
        let one = |name| parameters.one(name).map_err(|_| back("invalid_request", "a parameter is repeated"));

        if one("request")?.is_some() {
            return Err(back("request_not_supported", "request objects are not supported"));
        }
        if one("request_uri")?.is_some() {
            return Err(back("request_uri_not_supported", "request_uri is not supported"));
        }
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
        let scopes: Vec<String> = one("scope")?.unwrap_or_default().split(' ').map(str::to_owned).collect();
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
        let claims = ClaimsRequest::read(one("claims")?)
            .ok_or_else(|| back("invalid_request", "claims is not what OpenID Connect Core 5.5 says"))?;
        let prompts: Vec<&str> = one("prompt")?.unwrap_or_default().split(' ').collect();
        let without_page = prompts.contains(&"none");
        if without_page && prompts.len() > 1 {
            return Err(back("invalid_request", "prompt=none stands alone"));
        }
        Ok(Self {
            nonce: one("nonce")?.map(str::to_owned),
            code_challenge: challenge.to_owned(),
            state: state_given,
            client,
            redirect_uri: redirect_uri.clone(),
            scopes,
            claims,
            without_page,
        })
    }
}
