//! The token endpoint: a code becomes an ID token, once, for the client that it was made for.

use super::Provider;
use super::clients::Client;
use super::codes::{ACCESS_SECONDS, Grant};
use super::faults::Fault;
use super::request::Parameters;
use super::subject::{PERSONNUMMER, SAMORDNINGSNUMMER};
use crate::simulators::StartError;
use crate::simulators::keys;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use ring::{digest, hmac};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The Profile allows no more than five minutes.
const ID_TOKEN_SECONDS: i64 = 300;

/// An error of RFC 6749 5.2.
type Refused = (&'static str, &'static str);

pub(super) async fn token(provider: web::Data<Provider>, http: HttpRequest, body: web::Bytes) -> HttpResponse {
    provider.control.delay().await;
    if let Some(fault) = provider.control.strike(Fault::in_token_transport) {
        provider.control.note(json!({"event": "token", "fault": fault}));
        return broken_transport(fault).await;
    }
    let parameters = Parameters::of("", &body);
    let outcome = exchange(&provider, &http, &parameters).await;
    match outcome {
        Ok((client, fault, answer)) => {
            provider.control.note(json!({"event": "token", "client": client, "result": "tokens", "fault": fault}));
            HttpResponse::Ok().json(answer)
        }
        Err((error, description)) => {
            provider.control.note(json!({"event": "token", "error": error, "description": description}));
            let mut answer = match error {
                "invalid_client" => HttpResponse::Unauthorized(),
                "server_error" => HttpResponse::InternalServerError(),
                _ => HttpResponse::BadRequest(),
            };
            if error == "invalid_client" {
                answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"token\""));
            }
            answer.json(json!({"error": error, "error_description": description}))
        }
    }
}

async fn exchange(
    provider: &Provider,
    http: &HttpRequest,
    parameters: &Parameters,
) -> Result<(String, Option<Fault>, Value), Refused> {
    let one = |name| parameters.one(name).map_err(|_| ("invalid_request", "a parameter is repeated"));
    let client = authenticated(provider, http, parameters).await?;
    if one("client_id")?.is_some_and(|id| id != client.client_id) {
        return Err(("invalid_client", "client_id is another client's"));
    }
    if one("grant_type")? != Some("authorization_code") {
        return Err(("unsupported_grant_type", "only authorization_code"));
    }
    let code = one("code")?.ok_or(("invalid_request", "code is missing"))?;
    let verifier = one("code_verifier")?.ok_or(("invalid_request", "code_verifier is missing"))?;
    let redirect_uri = one("redirect_uri")?.ok_or(("invalid_request", "redirect_uri is missing"))?;
    let now = provider.clock.now();
    let mut grant = provider
        .issued
        .take_code(code, &client.client_id, now)
        .ok_or(("invalid_grant", "the code is unknown, too old or used"))?;
    if grant.redirect_uri != redirect_uri {
        return Err(("invalid_grant", "redirect_uri is not the one of the request"));
    }
    let length_fits = (43..=128).contains(&verifier.len());
    let challenge = keys::b64(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref());
    if !length_fits || challenge != grant.code_challenge {
        return Err(("invalid_grant", "code_verifier does not fit"));
    }
    let fault = provider.control.strike(Fault::in_tokens);
    bend_person(&mut grant, fault);
    let broken = |_: StartError| ("server_error", "the token could not be made");
    let access_token = keys::random_token().map_err(broken)?;
    provider.issued.keep_access(&access_token, code, &grant, now);
    let id_token = id_token(provider, &client, &grant, &access_token, fault).map_err(broken)?;
    let mut answer = json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS, "id_token": id_token,
    });
    if let Some(answer) = answer.as_object_mut() {
        match fault {
            Some(Fault::NoIdToken) => drop(answer.remove("id_token")),
            Some(Fault::NoAccessToken) => drop(answer.remove("access_token")),
            Some(Fault::NotBearer) => drop(answer.insert("token_type".into(), json!("mac"))),
            _ => {}
        }
    }
    Ok((client.client_id, fault, answer))
}

async fn authenticated(provider: &Provider, http: &HttpRequest, parameters: &Parameters) -> Result<Client, Refused> {
    let refused = ("invalid_client", "the client did not prove that it is itself");
    let one = |name| parameters.one(name).map_err(|_| ("invalid_request", "a parameter is repeated"));
    let basic = http.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match (basic, one("client_assertion")?) {
        (Some(basic), None) => provider.clients.by_secret(basic).ok_or(refused),
        (None, Some(assertion)) => {
            if one("client_assertion_type")? != Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
                return Err(refused);
            }
            let audiences = [provider.issuer.as_str(), &format!("{}/token", provider.issuer)];
            provider.clients.by_assertion(assertion, audiences, provider.clock.now()).await.ok_or(refused)
        }
        // RFC 6749 2.3: one method per request.
        _ => Err(refused),
    }
}

/// Faults in who the person is, told alike in ID token and UserInfo.
fn bend_person(grant: &mut Grant, fault: Option<Fault>) {
    let Some(fault) = fault else { return };
    grant.claims.in_both(|claims| {
        let number = claims.get(PERSONNUMMER).cloned();
        match fault {
            Fault::NoNumber => {
                claims.remove(PERSONNUMMER);
                claims.remove(SAMORDNINGSNUMMER);
            }
            Fault::BothNumbers => {
                // Both from the lists that Skatteverket publishes for test environments.
                claims.entry(PERSONNUMMER).or_insert(json!("199001012385"));
                claims.entry(SAMORDNINGSNUMMER).or_insert(json!("198502862397"));
            }
            Fault::BadNumber => drop(claims.insert(PERSONNUMMER.into(), json!("199001012386"))),
            Fault::ShortNumber => drop(claims.insert(PERSONNUMMER.into(), json!("9001012385"))),
            Fault::NumberAsNumber => drop(claims.insert(PERSONNUMMER.into(), json!(199001012385u64))),
            Fault::WrongNumberClaim => drop(claims.insert(PERSONNUMMER.into(), json!("198502862397"))),
            Fault::OtherPerson if number.is_some() => {
                drop(claims.insert(PERSONNUMMER.into(), json!("199001012385")));
            }
            Fault::HostileNames => {
                claims.insert("given_name".into(), json!("<script>alert(1)</script>\u{202e}"));
                claims.insert("name".into(), json!("<b>Å</b>".repeat(1500)));
            }
            _ => {}
        }
    });
}

fn id_token(
    provider: &Provider,
    client: &Client,
    grant: &Grant,
    access_token: &str,
    fault: Option<Fault>,
) -> Result<String, StartError> {
    let now = provider.clock.now().seconds();
    let access_digest = digest::digest(&digest::SHA256, access_token.as_bytes());
    let mut claims = grant.claims.id_token.clone();
    let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    say("iss", json!(provider.issuer));
    say("sub", json!(grant.subject));
    say("aud", json!(client.client_id));
    say("iat", json!(now));
    say("exp", json!(now + ID_TOKEN_SECONDS));
    say("auth_time", json!(grant.auth_time.seconds()));
    say("acr", json!(grant.acr));
    say("txn", json!(grant.txn));
    say("at_hash", json!(keys::b64(access_digest.as_ref().get(..16).unwrap_or_default())));
    if let Some(nonce) = &grant.nonce {
        say("nonce", json!(nonce));
    }
    if let Some(fault) = fault {
        bend_claims(&mut claims, fault, &provider.issuer, &client.client_id, now);
    }
    signed(provider, client, &Value::Object(claims), fault)
}

fn bend_claims(claims: &mut Map<String, Value>, fault: Fault, issuer: &str, client_id: &str, now: i64) {
    let mut say = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    match fault {
        Fault::WrongIss => say("iss", json!(format!("{issuer}/"))),
        Fault::WrongAud => say("aud", json!("another-client")),
        Fault::ManyAud => say("aud", json!([client_id, "another-client"])),
        Fault::WrongAzp => say("azp", json!("another-client")),
        Fault::LowAcr => say("acr", json!("http://id.elegnamnden.se/loa/1.0/loa1")),
        Fault::MisspeltAcr => say("acr", json!("https://id.elegnamnden.se/loa/1.0/loa3")),
        Fault::WrongNonce => say("nonce", json!("another-nonce-than-the-one-sent")),
        Fault::Expired => {
            say("iat", json!(now - 3600));
            say("exp", json!(now - 3600 + ID_TOKEN_SECONDS));
        }
        Fault::LongLifetime => say("exp", json!(now + 10 * 365 * 86_400)),
        Fault::FutureIat => say("iat", json!(now + 120)),
        Fault::OldIat => {
            say("iat", json!(now - 86_400));
            say("exp", json!(now + ID_TOKEN_SECONDS));
        }
        Fault::OldAuthTime => say("auth_time", json!(now - 3600)),
        Fault::WrongAtHash => say("at_hash", json!(keys::b64(&[0; 16]))),
        Fault::NoAcr => drop(claims.remove("acr")),
        Fault::NoNonce => drop(claims.remove("nonce")),
        Fault::NoExp => drop(claims.remove("exp")),
        Fault::NoAuthTime => drop(claims.remove("auth_time")),
        _ => {}
    }
}

fn signed(provider: &Provider, client: &Client, claims: &Value, fault: Option<Fault>) -> Result<String, StartError> {
    if fault == Some(Fault::RotateKeys) {
        provider.rotate_keys()?;
    }
    let ring = provider.keys();
    let key = &ring.current;
    let mac = |secret: &[u8]| {
        let input = keys::signing_input(&json!({"alg": "HS256", "kid": key.kid(), "typ": "JWT"}), claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
        format!("{input}.{}", keys::b64(tag.as_ref()))
    };
    Ok(match fault {
        Some(Fault::AlgNone) => format!("{}.", keys::signing_input(&json!({"alg": "none"}), claims)),
        // A client that lets the header choose the algorithm would take the public key for the secret.
        Some(Fault::Hs256) => mac(key.jwk().to_string().as_bytes()),
        Some(Fault::Hs256Secret) => mac(client.client_secret.as_deref().unwrap_or_default().as_bytes()),
        Some(Fault::UnknownKid) => key.sign_as(&keys::random_token()?, claims)?,
        Some(Fault::NoKid) => key.sign_with(&json!({"alg": "ES256"}), claims)?,
        Some(Fault::CritHeader) => {
            let header = json!({"alg": "ES256", "kid": key.kid(), "crit": ["exp"]});
            key.sign_with(&header, claims)?
        }
        Some(Fault::WrongTyp) => {
            key.sign_with(&json!({"alg": "ES256", "kid": key.kid(), "typ": "logout+jwt"}), claims)?
        }
        Some(Fault::BadSignature) => {
            let jwt = key.sign(claims)?;
            let other = key.sign(&json!({"another": "payload"}))?;
            let input = jwt.rsplit_once('.').map_or("", |(input, _)| input);
            let signature = other.rsplit_once('.').map_or("", |(_, signature)| signature);
            format!("{input}.{signature}")
        }
        _ => key.sign(claims)?,
    })
}

/// The token endpoint as a bad web server.
async fn broken_transport(fault: Fault) -> HttpResponse {
    match fault {
        Fault::Token503 => HttpResponse::ServiceUnavailable().body("<h1>Stängt för underhåll</h1>"),
        Fault::TokenTimeout => {
            tokio::time::sleep(Duration::from_secs(120)).await;
            HttpResponse::GatewayTimeout().finish()
        }
        Fault::HugeBody => {
            // A thousand times 64 KiB: whoever reads to the end has no limit.
            let chunk = web::Bytes::from(vec![b' '; 64 * 1024]);
            let body = stream::iter((0..1000).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
            HttpResponse::Ok().content_type("application/json").streaming(body)
        }
        Fault::SlowBody => {
            let body = stream::unfold(0u32, |sent| async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                (sent < 300).then(|| (Ok::<_, std::io::Error>(web::Bytes::from_static(b" ")), sent + 1))
            });
            HttpResponse::Ok().content_type("application/json").streaming(body)
        }
        Fault::NotJson => HttpResponse::Ok().content_type("text/html").body("<h1>Hej</h1>"),
        Fault::RedirectInternal => {
            HttpResponse::Found().insert_header((header::LOCATION, "http://127.0.0.1:1/latest/meta-data")).finish()
        }
        Fault::InvalidGrant => HttpResponse::BadRequest().json(json!({"error": "invalid_grant"})),
        _ => HttpResponse::InternalServerError().body("internal error"),
    }
}
