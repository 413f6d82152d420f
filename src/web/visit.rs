//! One request as the pages see it: whose municipality, which language, who is logged in.

use super::session::{self, PREFIX, Session};
use super::{AppError, Ground, strip};
use crate::municipalities::{Host, Municipality};
use crate::settings::{Profile, random_token, sha256_hex};
use crate::texts::Voice;
use crate::vocabulary::{Lang, Organisationsnummer};
use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;

/// One request. As a parameter of a handler it also guards: an unknown host is answered with 421, another name of a
/// municipality with a redirect.
#[derive(Clone)]
pub struct Visit {
    /// What is shared by all pages.
    pub ground: web::Data<Ground>,
    /// Whose host was asked for.
    pub municipality: Arc<Municipality>,
    /// Speaks the language of the cookie `kp_lang`, else Swedish.
    pub voice: Voice,
    /// Who is logged in, if anybody.
    pub session: Option<Session>,
    /// Found in the log.
    pub request_id: String,
    /// The path without query.
    pub path: String,
    /// The path with query, for coming back after log-in.
    pub path_and_query: String,
    /// Names this browser, logged in or not: the owner of anonymous drafts.
    pub browser_hash: String,
    /// The browser's token; only for form tokens.
    token: String,
    /// True when the token was made for this request and must be sent.
    is_new_browser: bool,
}

/// The request's id, as the header and error pages show it.
#[derive(Clone)]
pub(super) struct RequestId(pub String);

fn host_of(request: &HttpRequest, ground: &Ground) -> String {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    if from_trusted_proxy(request, ground)
        && let Some(forwarded) = text("x-forwarded-host")
    {
        return forwarded;
    }
    request.uri().host().map(str::to_owned).or_else(|| text("host")).unwrap_or_default()
}

pub(super) fn from_trusted_proxy(request: &HttpRequest, ground: &Ground) -> bool {
    request.peer_addr().is_some_and(|peer| ground.settings.web.trusted_proxies.contains(&peer.ip()))
}

/// Who is calling: the peer, or what a trusted proxy says of it (the last entry, the only one it vouches for).
pub fn visitor_address(request: &HttpRequest, ground: &Ground) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    if from_trusted_proxy(request, ground) {
        let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok());
        if let Some(last) = forwarded.and_then(|v| v.rsplit(',').next()).and_then(|a| a.trim().parse().ok()) {
            return Some(last);
        }
    }
    Some(peer)
}

impl Visit {
    async fn read(request: &HttpRequest) -> Result<Visit, AppError> {
        if let Some(known) = request.extensions().get::<Visit>() {
            return Ok(known.clone());
        }
        let mut visit = Self::without_session(request)?;
        if visit.token.starts_with(PREFIX) {
            visit.session = session::load(&visit.ground, &visit.municipality, &visit.token).await?;
        }
        request.extensions_mut().insert(visit.clone());
        Ok(visit)
    }

    /// As `read`, but asks no database: for error pages when it is the database that is gone.
    pub(super) fn without_session(request: &HttpRequest) -> Result<Visit, AppError> {
        let ground =
            request.app_data::<web::Data<Ground>>().cloned().ok_or_else(|| AppError::internal("no ground floor"))?;
        let path_and_query = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
        let municipality = match ground.municipalities.by_host(&host_of(request, &ground)) {
            Host::Home(m) => m,
            Host::Alias(m) if *request.method() == Method::GET => {
                return Err(AppError::Redirect(format!("{}{path_and_query}", m.address(&ground.public_url))));
            }
            Host::Alias(_) | Host::Unknown => return Err(AppError::Misdirected),
        };
        let cookie = |name: &str| request.cookie(name).map(|c| c.value().to_owned());
        let texts = ground.renderer.texts();
        let lang = cookie("kp_lang").and_then(|tag| texts.find(&tag)).unwrap_or(Lang::SWEDISH);
        let fine = |t: &String| {
            (20..=80).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        let (token, is_new_browser) = match cookie(&ground.session_cookie()).filter(fine) {
            Some(token) => (token, false),
            None => (random_token()?, true),
        };
        let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(Visit {
            municipality,
            voice: texts.voice(lang),
            session: None,
            request_id,
            path: request.path().to_owned(),
            path_and_query,
            browser_hash: Self::browser_hash_of(&token),
            token,
            is_new_browser,
            ground,
        })
    }

    /// What names a browser by the value of its session cookie.
    pub fn browser_hash_of(token: &str) -> String {
        sha256_hex(format!("browser:{token}").as_bytes())
    }

    /// The municipality's address at this application, without a slash at the end.
    pub fn address(&self) -> String {
        self.municipality.address(&self.ground.public_url)
    }

    /// A text in the visitor's language.
    pub fn text(&self, key: &str) -> String {
        self.voice.text(key)
    }

    /// The realm's own data about whoever is logged in.
    pub fn session_as<T: DeserializeOwned>(&self) -> Option<T> {
        self.session.as_ref().and_then(Session::read)
    }

    /// What names the capacity that somebody acts in, for forms; empty for everybody else.
    pub(super) fn capacity(&self) -> &str {
        let mark = self.session.as_ref().and_then(|s| s.data.pointer("/acting/mark"));
        mark.and_then(Value::as_str).unwrap_or_default()
    }

    /// True when `token` was given to this browser.
    pub(super) fn form_token_fits(&self, token: &str) -> bool {
        self.ground.keys.form_token_fits(&self.token, token)
    }

    /// A page with status 200. `nav` marks the active item.
    pub fn page(&self, template: &str, nav: &str, context: impl Serialize) -> Result<HttpResponse, AppError> {
        self.page_with_status(StatusCode::OK, template, nav, context)
    }

    /// A page. `context` gives the template's own values; `page` is added here.
    pub fn page_with_status(
        &self,
        status: StatusCode,
        template: &str,
        nav: &str,
        context: impl Serialize,
    ) -> Result<HttpResponse, AppError> {
        let html = self.ground.renderer.render(self.voice.lang(), template, &self.framed(nav, context)?)?;
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if self.is_new_browser {
            response.cookie(self.ground.make_cookie(self.ground.session_cookie(), self.token.clone()));
        }
        Ok(response.body(html))
    }

    /// All that a template sees: its own values, and in `page` what every layout needs.
    pub fn framed(&self, nav: &str, context: impl Serialize) -> Result<Value, AppError> {
        let mut values = serde_json::to_value(context)?;
        let own = values.as_object_mut().ok_or_else(|| AppError::internal("a page's context is not a map"))?;
        let page = self.frame(nav, own.remove("page"))?;
        own.insert("page".into(), page);
        Ok(values)
    }

    /// What every layout needs. `extra` may set or change single values (`title`, `notice`, `error_prefix`).
    fn frame(&self, nav: &str, extra: Option<Value>) -> Result<Value, AppError> {
        let m = &self.municipality;
        let user = self.session.as_ref().map(|s| {
            json!({
                "name": s.data.get("name").cloned().unwrap_or_default(),
                "acting_for": s.data.pointer("/acting/name").cloned(),
                // A foreign identity that names nobody for good.
                "fleeting": s.data.pointer("/foreign/persistence").is_some_and(|p| p == "C"),
                "acting_kind": s.data.pointer("/acting/kind").cloned(),
                "units": s.data.get("unit_names").cloned().unwrap_or_default(),
                // For which pages are offered; each looks for itself.
                "roles": s.data.get("roles").cloned().unwrap_or_else(|| json!([])),
            })
        });
        let left = self.session.as_ref().map(|s| {
            let (expires_in, is_last) = s.left(self.ground.clock.now());
            let at = self.voice.time(s.expires_at);
            json!({ "expires_in": expires_in, "last": is_last, "ends_at": at, "renew_url": "/session" })
        });
        let settings = &self.ground.settings;
        // In profile test nobody is being shown anything.
        let demo = settings.profile == Profile::Demo;
        let links = settings.control_room.as_ref().filter(|_| demo).map(|room| {
            // Handlers of the same municipality: each has host names of its own.
            let there = [m.address(&settings.portal.public_url), m.address(&settings.desk.public_url), room.clone()];
            strip::demo_links(there, self.ground.realm.as_str())
        });
        let mut page = json!({
            "title": "",
            "language": self.voice.lang().tag(),
            "languages": self.ground.renderer.languages(),
            "path": self.path,
            "municipality": {
                "name": m.full_name, "short_name": m.name, "slug": m.slug, "phone": m.contact.phone,
                "email": m.contact.email, "address": m.contact.address, "opening_hours": m.contact.opening_hours.get(&self.voice),
                "host": m.hosts.first(), "court": m.law.administrative_court,
                "data_protection_officer": m.law.data_protection_officer,
                "organisation_number": Organisationsnummer::parse(&m.organisation_number).map(|n| n.to_string()).unwrap_or_default(),
            },
            "user": user,
            "csrf": self.ground.keys.form_token(&self.token)?,
            "capacity": self.capacity(),
            "nav": nav,
            "notice": Value::Null,
            "error_prefix": false,
            "demo": demo,
            "demo_links": links,
            "request_id": self.request_id,
            "asset_version": super::assets::version(),
            "session": left,
        });
        if let (Some(page), Some(Value::Object(extra))) = (page.as_object_mut(), extra) {
            page.extend(extra);
        }
        Ok(page)
    }
}

impl FromRequest for Visit {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Visit, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Visit::read(&request).await })
    }
}
