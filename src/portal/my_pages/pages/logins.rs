//! Where she is logged in, and ending it from here: a forgotten library computer, a lost telephone.

use crate::audit;
use crate::db::{Conn, DbError};
use crate::portal::App;
use crate::portal::identity::LoggedIn;
use crate::vocabulary::e_legitimation_name;
use crate::web::{AppError, PostedForm, Realm, end_other_sessions, end_session_of, see_other, sessions_of};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

const HERE: &str = "/mina-sidor/inloggningar";

#[derive(Deserialize)]
pub(super) struct Wish {
    visa: Option<String>,
}

pub(super) async fn show(who: LoggedIn, app: web::Data<App>, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let (visit, now) = (&who.visit, app.ground.clock.now());
    let principal = visit.session.as_ref().map(|s| s.principal.clone()).unwrap_or_default();
    let slug = visit.municipality.slug.clone();
    let open = app.ground.db.read(move |c| sessions_of(c, Realm::Portal, &slug, Some(&principal), now)).await?;
    let own = visit.session.as_ref().map(|s| s.public_id.as_str()).unwrap_or_default();
    let rows: Vec<Value> = open
        .iter()
        .map(|s| {
            json!({
                "id": s.public_id,
                "agent": s.agent,
                "method": e_legitimation_name(&s.method),
                "begun": visit.voice.date_time(s.created_at),
                "seen": visit.voice.date_time(s.seen_at),
                "here": s.public_id == own,
            })
        })
        .collect();
    let notice = (wish.visa.as_deref() == Some("utloggad")).then(|| visit.text("logins-ended"));
    visit.page("portal/logins.html", "my-pages", json!({ "page": { "notice": notice }, "rows": rows }))
}

/// Ends one of her own; the one she is in is ended by the button on every page.
pub(super) async fn end(form: PostedForm, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let session = form.visit.session.clone().ok_or_else(|| AppError::LogIn(HERE.to_owned()))?;
    let wanted = form.get("session").unwrap_or_default().to_owned();
    if wanted.is_empty() || wanted == session.public_id {
        return Err(AppError::Conflict("conflict"));
    }
    told(&form, &app, move |c, slug, principal| {
        Ok(usize::from(end_session_of(c, Realm::Portal, slug, principal, &wanted)?))
    })
    .await
}

pub(super) async fn end_others(form: PostedForm, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let session = form.visit.session.clone().ok_or_else(|| AppError::LogIn(HERE.to_owned()))?;
    told(&form, &app, move |c, slug, principal| {
        end_other_sessions(c, Realm::Portal, slug, principal, &session.public_id)
    })
    .await
}

/// Ends what `work` ends, with a line in the log if it was anything; a session that is gone already is as good.
async fn told<F>(form: &PostedForm, app: &App, work: F) -> Result<HttpResponse, AppError>
where
    F: Fn(&mut Conn, &crate::vocabulary::MunicipalitySlug, &str) -> Result<usize, DbError> + Send + Sync + 'static,
{
    let session = form.visit.session.as_ref().ok_or_else(|| AppError::LogIn(HERE.to_owned()))?;
    let (slug, principal, now) =
        (form.visit.municipality.slug.clone(), session.principal.clone(), app.ground.clock.now());
    app.ground
        .db
        .write(move |c| {
            let ended = work(c, &slug, &principal)?;
            if ended > 0 {
                let actor = Realm::Portal.actor(&principal);
                audit::record(c, &slug, now, &actor, "session.ended", &principal, &format!("own={ended}"))?;
            }
            Ok::<_, DbError>(())
        })
        .await?;
    Ok(see_other(&format!("{HERE}?visa=utloggad")))
}
