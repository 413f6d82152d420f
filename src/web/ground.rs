//! What every page of one application needs.

use super::{AddressLimit, Renderer};
use crate::db::Db;
use crate::files::BlobStore;
use crate::municipalities::Municipalities;
use crate::settings::{Keys, Settings};
use crate::vocabulary::Clock;
use std::sync::Arc;
use url::Url;

/// Whose pages: cookies, sessions and log-ins of one are nothing to another, even on one host and one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Realm {
    /// Citizens.
    Portal,
    /// Handlers.
    Desk,
    /// System administrators of the portal.
    Administration,
}

impl Realm {
    /// As stored with sessions.
    pub fn as_str(self) -> &'static str {
        match self {
            Realm::Portal => "portal",
            Realm::Desk => "desk",
            Realm::Administration => "administration",
        }
    }

    /// Names of the session cookie and of the log-in transaction's, without prefix.
    fn cookie_names(self) -> (&'static str, &'static str) {
        match self {
            Realm::Portal => ("kp_session", "kp_tx"),
            Realm::Desk => ("kp_desk", "kp_desk_tx"),
            Realm::Administration => ("kp_admin", "kp_admin_tx"),
        }
    }
}

/// Shared by every page of one application.
pub struct Ground {
    /// Whose pages.
    pub realm: Realm,
    /// Everything that was configured.
    pub settings: Arc<Settings>,
    /// Whom we serve.
    pub municipalities: Municipalities,
    /// This application's database.
    pub db: Db,
    /// This application's files.
    pub blobs: Arc<BlobStore>,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Sealing and finding.
    pub keys: Keys,
    /// Templates and texts.
    pub renderer: Arc<Renderer>,
    /// Scheme and port as people see them.
    pub public_url: Url,
    /// Log-ins begun, by address.
    pub login_limit: AddressLimit,
}

impl Ground {
    /// `__Host-` cookies need https; with an http address (demo, test) the same names go without prefix.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Name of the session cookie.
    pub fn session_cookie(&self) -> String {
        self.cookie(self.realm.cookie_names().0)
    }

    /// Name of the cookie that binds a log-in to the browser that began it.
    pub fn transaction_cookie(&self) -> String {
        self.cookie(self.realm.cookie_names().1)
    }

    fn cookie(&self, name: &str) -> String {
        if self.is_https() { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// A cookie as all of ours are: for this host only, unseen by scripts, gone with the browser.
    pub fn make_cookie(&self, name: String, value: String) -> actix_web::cookie::Cookie<'static> {
        actix_web::cookie::Cookie::build(name, value)
            .path("/")
            .http_only(true)
            .secure(self.is_https())
            .same_site(actix_web::cookie::SameSite::Lax)
            .finish()
    }
}
