//! What a realm makes of somebody who has proved who she is.

use crate::oidc::{Authenticated, LoginFault, Pinned, Purpose};
use crate::web::{AppError, Session, Visit};
use futures_util::future::BoxFuture;
use serde_json::Value;

/// The level that is asked for where nothing needs another.
pub const USUAL_LEVEL: u8 = 3;

/// Somebody may come in.
pub struct Welcome {
    /// Party id or affiliation.
    pub principal: String,
    /// What the realm keeps in the session; `name` is shown on every page.
    pub data: Value,
}

/// Somebody has proved who she is but may not come in. Names texts: `error-<name>-title`, `-text`, `-way-on`.
pub enum Unwelcome {
    /// Says why, and whom to ask.
    Refused(&'static str),
    /// What she was sent for cannot be done any more, or not by her: told as a fault of the log-in or signature.
    Interrupted(LoginFault),
    /// Something broke.
    Failed(AppError),
}

impl From<AppError> for Unwelcome {
    fn from(e: AppError) -> Self {
        Unwelcome::Failed(e)
    }
}

/// What a realm makes of somebody who has proved who she is.
pub trait Door: Send + Sync + 'static {
    /// Citizens by number, staff by affiliation.
    fn purpose(&self) -> Purpose;
    /// Where she lands when she asked for nothing else.
    fn home(&self) -> &'static str;
    /// The first parts of the paths that log-in may lead back to; the front page is always one.
    fn places(&self) -> &'static [&'static str];
    /// The level of assurance that the page at `path` needs.
    fn level(&self, visit: &Visit, path: &str) -> u8 {
        let _ = (visit, path);
        USUAL_LEVEL
    }
    /// Lets her in or not.
    fn enter<'a>(&'a self, visit: &'a Visit, who: &'a Authenticated) -> BoxFuture<'a, Result<Welcome, Unwelcome>>;
    /// Whose session this is: nobody else may strengthen it or sign in it.
    fn pin(&self, session: &Session) -> Option<Pinned>;
    /// What of the session's data outlives that she has proved anew who she is: for whom she acts, for instance.
    fn carry_over(&self, old: &Value, new: Value) -> Value {
        let _ = old;
        new
    }
    /// The person of this session has signed. `subject` is what [`Errand::Sign`](super::Errand::Sign) was given; gives the
    /// path to go to.
    fn signed<'a>(
        &'a self,
        visit: &'a Visit,
        who: &'a Authenticated,
        subject: Value,
    ) -> BoxFuture<'a, Result<String, Unwelcome>> {
        let _ = (visit, who, subject);
        Box::pin(async { Err(AppError::internal("nothing is signed here").into()) })
    }
    /// Nothing was signed: the path where she lands, with everything kept and `fault`'s message.
    fn sign_interrupted(&self, subject: &Value, fault: LoginFault) -> String {
        let _ = (subject, fault);
        self.home().to_owned()
    }
    /// The browser has a new token: what it owned without log-in follows.
    fn browser_renewed<'a>(&'a self, visit: &'a Visit, new_hash: String) -> BoxFuture<'a, Result<(), AppError>> {
        let _ = (visit, new_hash);
        Box::pin(async { Ok(()) })
    }
}
