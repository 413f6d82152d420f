//! Messages that the client wants shown (Authentication Request Parameter Extensions 1.1), what it wants signed (Signature
//! Extension 1.1), and the signature: made by a key that stands for everybody's, and saying that it is not real.

use super::Provider;
use super::styles::Style;
use crate::simulators::StartError;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use serde_json::{Map, Value, json};

/// The person signs.
pub(super) const SIGN: &str = "https://id.oidc.se/scope/sign";
/// The person approves; nothing is signed.
pub(super) const APPROVAL: &str = "https://id.oidc.se/scope/signApproval";
/// The request's parameter.
pub(super) const SIGN_REQUEST: &str = "https://id.oidc.se/param/signRequest";
/// The message at a log-in.
pub(super) const USER_MESSAGE: &str = "https://id.oidc.se/param/userMessage";
/// The signature, in the ID token.
pub(super) const USER_SIGNATURE: &str = "https://id.oidc.se/claim/userSignature";
/// What proves the authentication, when asked for.
pub(super) const AUTHN_EVIDENCE: &str = "https://id.oidc.se/claim/authnEvidence";

/// As much as BankID takes is not known; more than this is no summary of anything.
const MOST_TBS: usize = 256 * 1024;
const MOST_MESSAGE: usize = 40_000;

/// A text in one or more languages.
pub(super) struct Message(Vec<(String, String)>);

impl Message {
    /// `message`, `message#sv` …: Base64 of UTF-8, plain text. `None` when it cannot be shown.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        if !members.get("mime_type").is_none_or(|kind| kind == "text/plain") {
            return None;
        }
        let mut texts = Vec::new();
        for (name, value) in members.iter().filter(|(name, _)| *name != "mime_type") {
            let language = match name.split_once('#') {
                None if name == "message" => "",
                Some(("message", language)) if !language.is_empty() => language,
                _ => return None,
            };
            let bytes = STANDARD.decode(value.as_str()?).ok().filter(|bytes| bytes.len() <= MOST_MESSAGE)?;
            texts.push((language.to_ascii_lowercase(), String::from_utf8(bytes).ok()?));
        }
        (!texts.is_empty()).then_some(Self(texts))
    }

    /// In this language, else in none in particular, else in the first there is.
    pub(super) fn shown(&self, language: &str) -> &str {
        let of =
            |tag: &str| self.0.iter().find(|(t, _)| t.split('-').next() == Some(tag)).map(|(_, text)| text.as_str());
        of(language).or_else(|| of("")).or(self.0.first().map(|(_, text)| text.as_str())).unwrap_or_default()
    }
}

/// What is to be signed or approved.
pub(super) struct Signing {
    /// Base64, as it came; `None` when it is only to be approved.
    tbs_data: Option<String>,
    pub(super) message: Message,
}

/// An error for the client, with a description.
type Refused = (&'static str, &'static str);

impl Signing {
    /// From a request with one of the two scopes. `is_sealed`: the client signed the request as a whole.
    pub(super) fn read(
        parameter: Option<&str>,
        scopes: &[String],
        prompts: &[&str],
        is_sealed: bool,
    ) -> Result<Option<Self>, Refused> {
        let has = |scope: &str| scopes.iter().any(|s| s == scope);
        let (signs, approves) = (has(SIGN), has(APPROVAL));
        let Some(parameter) = parameter else {
            return if signs || approves { Err(("invalid_request", "signRequest is missing")) } else { Ok(None) };
        };
        if !signs && !approves {
            return Err(("invalid_request", "signRequest without scope sign or signApproval"));
        }
        if !is_sealed {
            return Err(("invalid_request", "signRequest must be in a signed request object"));
        }
        if !prompts.contains(&"login") || !prompts.contains(&"consent") {
            return Err(("invalid_request", "prompt must contain login and consent"));
        }
        let wanted: Map<String, Value> =
            serde_json::from_str(parameter).map_err(|_| ("invalid_request", "signRequest is not an object"))?;
        if wanted.keys().any(|name| name != "tbs_data" && name != "sign_message") {
            return Err(("invalid_request", "signRequest has members that nobody knows"));
        }
        let message = wanted.get("sign_message").ok_or(("invalid_request", "sign_message is missing"))?;
        let message = Message::read(message).ok_or(("invalid_request", "sign_message cannot be shown"))?;
        let tbs_data = match (wanted.get("tbs_data"), signs) {
            (None, false) => None,
            (Some(_), false) => return Err(("invalid_request", "tbs_data with scope signApproval alone")),
            (data, true) => {
                let data = data.and_then(Value::as_str).filter(|data| !data.is_empty() && data.len() <= MOST_TBS);
                let data = data.filter(|data| STANDARD.decode(data).is_ok());
                Some(data.ok_or(("invalid_request", "tbs_data must be Base64"))?.to_owned())
            }
        };
        Ok(Some(Self { tbs_data, message }))
    }

    /// Whether a signature is to be made.
    pub(super) fn is_signature(&self) -> bool {
        self.tbs_data.is_some()
    }

    /// SHA-256 of the bytes to be signed, in hexadecimal.
    pub(super) fn tbs_hash(&self) -> Option<String> {
        let bytes = STANDARD.decode(self.tbs_data.as_ref()?).ok()?;
        Some(digest::digest(&digest::SHA256, &bytes).as_ref().iter().map(|b| format!("{b:02x}")).collect())
    }
}

/// `userSignature` over the data, Base64 of a compact JWS whose header holds the key that verifies it.
pub(super) fn signature(provider: &Provider, signing: &Signing) -> Result<Option<Value>, StartError> {
    let Some(tbs_data) = &signing.tbs_data else { return Ok(None) };
    let texts: Map<String, Value> = signing.message.0.iter().map(|(tag, text)| (tag.clone(), json!(text))).collect();
    let payload = json!({
        "tbs_data": tbs_data, "sign_message": texts, "time": provider.clock.now().seconds(),
        "mock": "Testunderskrift utan verkan. A test signature without effect.",
    });
    mock(provider, "mock-signature+jwt", &payload).map(Some)
}

/// `authnEvidence`: that somebody authenticated, likewise.
pub(super) fn evidence(provider: &Provider, txn: &str) -> Result<Value, StartError> {
    let payload = json!({
        "txn": txn, "issuer": provider.issuer, "time": provider.clock.now().seconds(),
        "mock": "Testbevis utan verkan. Test evidence without effect.",
    });
    mock(provider, "mock-evidence+jwt", &payload)
}

fn mock(provider: &Provider, typ: &str, payload: &Value) -> Result<Value, StartError> {
    let key = provider.keys.user();
    let jws = key.sign_with(&json!({"alg": "ES256", "typ": typ, "jwk": key.jwk()}), payload)?;
    Ok(json!(STANDARD.encode(jws)))
}

/// Whether a broker of this style can be asked to sign.
pub(super) fn is_offered(style: Style) -> bool {
    style.scopes().iter().any(|(scope, _, _)| *scope == SIGN)
}
