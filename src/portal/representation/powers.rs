//! Powers of attorney in Mina ombud (Bolagsverket): who holds which permission, given by which organisation towards this
//! municipality. An answer is believed only when it is signed by a key that the service publishes, is about the holder and
//! the municipality that were asked about, and was made a little ago.

use super::asking::{Line, Unanswered};
use super::company_register::below;
use super::detached_jws::is_signed;
use super::id_token::IdTokenKey;
use crate::settings;
use crate::vocabulary::{At, Clock, Organisationsnummer, Personnummer, PersonnummerKind};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Older than this an answer says nothing about now. Seconds.
const FRESH: i64 = 15 * 60;
/// Clocks differ. Seconds.
const SKEW: i64 = 60;
/// A token is asked for again so long before it is over. Seconds.
const TOKEN_MARGIN: i64 = 30;
const PAGE: usize = 100;
const MOST_PAGES: usize = 10;

/// Somebody who can answer for powers of attorney.
pub trait PowersOfAttorney: Send + Sync {
    /// The organisations that have given her any of these permissions.
    fn powers<'a>(
        &'a self,
        holder: &'a Personnummer,
        codes: &'a BTreeSet<String>,
    ) -> BoxFuture<'a, Result<Vec<Power>, Unanswered>>;
}

/// What one organisation has given her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Power {
    pub giver: Organisationsnummer,
    pub name: String,
    /// Codes that let her act.
    pub active: BTreeSet<String>,
    /// Codes that let her read only.
    pub passive: BTreeSet<String>,
    /// The service's own names of the powers of attorney.
    pub reference: String,
}

/// Mina ombud over HTTP.
pub(super) struct MinaOmbud {
    line: Line,
    settings: settings::PowersOfAttorney,
    /// The municipality, as third party (tredje man).
    third_party: String,
    id_token: Option<IdTokenKey>,
    token: Mutex<Option<(String, At)>>,
}

#[derive(Deserialize)]
struct Context {
    tredjeman: String,
    fullmaktsgivare: Named,
    fullmaktsgivarroll: String,
    fullmaktshavare: Vec<Named>,
    behorigheter: Vec<Permission>,
    tidpunkt: String,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    typ: String,
    #[serde(default)]
    namn: String,
}

#[derive(Deserialize)]
struct Permission {
    kod: String,
    typ: String,
    fullmakt: String,
}

#[derive(Deserialize)]
struct Answer {
    kontext: Vec<Map<String, Value>>,
    page: Page,
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "totalPages")]
    total_pages: usize,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_in: i64,
}

impl MinaOmbud {
    pub(super) fn new(settings: settings::PowersOfAttorney, third_party: String, clock: Clock) -> Result<Self, String> {
        let key = settings.private_key.as_ref();
        let id_token = key.map(|pem| IdTokenKey::from_pem(pem.expose(), settings.key_id.clone())).transpose()?;
        let line = Line::new("mina-ombud", clock).map_err(|e| e.to_string())?;
        Ok(Self { line, settings, third_party, id_token, token: Mutex::default() })
    }

    /// Ours at the service, while it is good.
    async fn access_token(&self) -> Result<String, Unanswered> {
        let now = self.line.clock.now();
        let kept = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((token, _)) = kept.filter(|(_, until)| *until > now) {
            return Ok(token);
        }
        let form = [("grant_type", "client_credentials"), ("scope", "user:self")];
        let (id, secret) = (&self.settings.client_id, self.settings.client_secret.expose());
        let question = self.line.client.post(self.settings.token_url.clone()).basic_auth(id, Some(secret)).form(&form);
        let read = |body: &[u8]| serde_json::from_slice::<Token>(body).map_err(|_| Unanswered::Unreadable);
        let token = self.line.ask(question, read).await?;
        let until = now.plus_seconds(token.expires_in.clamp(0, 3600) - TOKEN_MARGIN);
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.access_token.clone(), until));
        Ok(token.access_token)
    }

    async fn page(
        &self,
        holder: &Personnummer,
        codes: &BTreeSet<String>,
        page: usize,
        token: &str,
    ) -> Result<Answer, Unanswered> {
        let body = json!({
            "tredjeman": self.third_party,
            "fullmaktshavare": { "id": holder.expose(), "typ": kind(holder) },
            "fullmaktsgivarroll": ["ORGANISATION"],
            "behorigheter": codes,
            "page": { "page": page, "size": PAGE },
        });
        let mut question = self
            .line
            .client
            .post(below(&self.settings.url, &["sok", "behorigheter"]))
            .bearer_auth(token)
            .header("x-service-name", &self.settings.service_name)
            .header("x-request-id", uuid::Uuid::now_v7().to_string())
            .json(&body);
        if let Some(key) = &self.id_token {
            let issuer = self.settings.issuer.as_deref().unwrap_or(&self.settings.client_id);
            let token = key.token(issuer, &self.settings.audience, holder, self.line.clock.now());
            question = question.header("x-id-token", token.map_err(|()| Unanswered::LeftAlone)?);
        }
        let read = |body: &[u8]| serde_json::from_slice(body).map_err(|_| Unanswered::Unreadable);
        self.line.ask(question, read).await
    }

    async fn keys(&self) -> Result<Value, Unanswered> {
        let question = self.line.client.get(below(&self.settings.url, &["tredjeman", &self.third_party, "jwks"]));
        self.line.ask(question, |body| serde_json::from_slice(body).map_err(|_| Unanswered::Unreadable)).await
    }

    /// One organisation's, if every word of it can be believed.
    fn believed(
        &self,
        object: &Map<String, Value>,
        keys: &Value,
        holder: &Personnummer,
        codes: &BTreeSet<String>,
    ) -> Result<Power, Unanswered> {
        if !is_signed(object, keys) {
            return Err(Unanswered::Unbelievable);
        }
        let context: Context =
            serde_json::from_value(Value::Object(object.clone())).map_err(|_| Unanswered::Unreadable)?;
        let now = self.line.clock.now();
        let made: At = context.tidpunkt.parse().map_err(|_| Unanswered::Unreadable)?;
        let is_fresh = made > now.plus_seconds(-FRESH) && made < now.plus_seconds(SKEW);
        let is_holder = |named: &Named| named.id == holder.expose() && named.typ == kind(holder);
        let is_asked_for = context.tredjeman == self.third_party
            && context.fullmaktsgivarroll == "ORGANISATION"
            && context.fullmaktshavare.iter().any(is_holder);
        if !(is_fresh && is_asked_for) || context.fullmaktsgivare.typ != "orgnr" {
            return Err(Unanswered::Unbelievable);
        }
        let giver = Organisationsnummer::parse(&context.fullmaktsgivare.id).map_err(|_| Unanswered::Unreadable)?;
        let of = |kind: &str| -> BTreeSet<String> {
            let ours = context.behorigheter.iter().filter(|p| p.typ == kind && codes.contains(&p.kod));
            ours.map(|p| p.kod.clone()).collect()
        };
        let references: BTreeSet<&str> = context.behorigheter.iter().map(|p| p.fullmakt.as_str()).collect();
        let reference: String = references.into_iter().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        let name = context.fullmaktsgivare.namn.trim().chars().take(200).collect();
        Ok(Power { giver, name, active: of("aktiv"), passive: of("passiv"), reference })
    }
}

fn kind(person: &Personnummer) -> &'static str {
    match person.kind() {
        PersonnummerKind::Personnummer => "pnr",
        PersonnummerKind::Samordningsnummer => "samnr",
    }
}

impl PowersOfAttorney for MinaOmbud {
    fn powers<'a>(
        &'a self,
        holder: &'a Personnummer,
        codes: &'a BTreeSet<String>,
    ) -> BoxFuture<'a, Result<Vec<Power>, Unanswered>> {
        Box::pin(async move {
            if codes.is_empty() {
                return Ok(Vec::new());
            }
            let token = self.access_token().await?;
            let mut objects = Vec::new();
            for page in 0..MOST_PAGES {
                let answer = self.page(holder, codes, page, &token).await?;
                objects.extend(answer.kontext);
                if page + 1 >= answer.page.total_pages {
                    break;
                }
            }
            if objects.is_empty() {
                return Ok(Vec::new());
            }
            let keys = self.keys().await?;
            let read: Result<Vec<Power>, Unanswered> =
                objects.iter().map(|object| self.believed(object, &keys, holder, codes)).collect();
            let read = read.inspect_err(|why| tracing::error!(%why, "security: an answer of Mina ombud is refused"))?;
            Ok(read.into_iter().filter(|p| !(p.active.is_empty() && p.passive.is_empty())).collect())
        })
    }
}
