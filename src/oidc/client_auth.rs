//! Proving to the broker who we are.

use super::provider::Metadata;
use super::{AssertionAudience, ClientAuth, LoginFault, RelyingParty};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl RelyingParty {
    /// Adds what proves who we are to a form for the broker: parameters, or the header that is returned.
    pub(super) fn prove_ourselves(
        &self,
        metadata: &Metadata,
        form: &mut Vec<(String, String)>,
    ) -> Result<Option<HeaderValue>, LoginFault> {
        let config = &self.config;
        match &config.client_auth {
            ClientAuth::SecretBasic(secret) => Ok(Some(basic(&config.client_id, secret.secret())?)),
            ClientAuth::PrivateKeyJwt(key) => {
                let audience = match config.assertion_audience {
                    AssertionAudience::Issuer => config.issuer.as_str(),
                    AssertionAudience::TokenEndpoint => metadata.token_endpoint.as_str(),
                };
                let assertion = key.assertion(&config.client_id, audience, self.clock.now())?;
                if form.iter().all(|(name, _)| name != "client_id") {
                    form.push(("client_id".to_owned(), config.client_id.clone()));
                }
                form.push(("client_assertion_type".to_owned(), JWT_BEARER.to_owned()));
                form.push(("client_assertion".to_owned(), assertion));
                Ok(None)
            }
        }
    }
}

/// `client_secret_basic`: both parts are form-encoded first (RFC 6749 2.3.1).
fn basic(client_id: &str, secret: &str) -> Result<HeaderValue, LoginFault> {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let credentials = STANDARD.encode(format!("{}:{}", encode(client_id), encode(secret)));
    let mut value = HeaderValue::try_from(format!("Basic {credentials}")).map_err(|_| LoginFault::Internal)?;
    value.set_sensitive(true);
    Ok(value)
}
