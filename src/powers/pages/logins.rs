//! Who of the staff is logged in, and ending it: one's own always, everybody's for those who run the system. In the
//! administration also every session of a resident, by the id that stands for her in the log.

use super::{Own, Said, typed};
use crate::audit;
use crate::db::DbError;
use crate::powers::Officer;
use crate::vocabulary::e_legitimation_name;
use crate::web::{AppError, PostedForm, Realm, Visit, end_session_of, end_sessions_of, see_other, sessions_of};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

const HERE: &str = "/inloggningar";

fn sees_all(own: &Own, officer: &Officer) -> bool {
    officer.has_any(own.ends_sessions(), "")
}

pub(super) async fn show(visit: Visit, own: Own, said: web::Query<Said>) -> Result<HttpResponse, AppError> {
    let officer = own.officer(visit, true).await?;
    let visit = &officer.visit;
    let all = sees_all(&own, &officer);
    let (slug, now, realm) = (visit.municipality.slug.clone(), visit.ground.clock.now(), visit.ground.realm);
    let (own_name, staffing) = (officer.affiliation.clone(), own.clone());
    let read = visit.ground.db.read(move |c| {
        let open = sessions_of(c, realm, &slug, (!all).then_some(own_name.as_str()), now)?;
        Ok::<_, DbError>((open, staffing.people(c, &slug)?))
    });
    let (open, people) = read.await?;
    let here = visit.session.as_ref().map(|s| s.public_id.as_str()).unwrap_or_default();
    let rows: Vec<Value> = open
        .iter()
        .map(|s| {
            json!({
                "id": s.public_id, "principal": s.principal,
                "name": people.get(&s.principal).unwrap_or(&s.principal),
                "agent": s.agent, "method": e_legitimation_name(&s.method),
                "begun": visit.voice.date_time(s.created_at), "seen": visit.voice.date_time(s.seen_at),
                "here": s.public_id == here,
            })
        })
        .collect();
    let notice = (said.visa.as_deref() == Some("utloggad")).then(|| visit.text("logins-ended"));
    let context = json!({
        "page": { "notice": notice }, "rows": rows, "all": all, "residents": all && realm == Realm::Administration,
    });
    visit.page(&format!("{}/logins.html", own.templates()), "logins", context)
}

pub(super) async fn end(form: PostedForm, own: Own) -> Result<HttpResponse, AppError> {
    let (session, principal, party) = (typed(&form, "session"), typed(&form, "person"), typed(&form, "party"));
    let officer = own.officer(form.visit, false).await?;
    let ground = officer.visit.ground.clone();
    let (slug, now, realm) = (officer.visit.municipality.slug.clone(), ground.clock.now(), ground.realm);
    let is_residents = !party.is_empty() && realm == Realm::Administration;
    if (is_residents || principal != officer.affiliation) && !sees_all(&own, &officer) {
        return Err(AppError::Forbidden("not-administrator"));
    }
    let actor = realm.actor(&officer.affiliation);
    let work = move |c: &mut crate::db::Conn| {
        let (subject, ended) = if is_residents {
            // As it stands in the log, with or without the word before it.
            let party = party.strip_prefix("party:").unwrap_or(&party);
            (party, end_sessions_of(c, Realm::Portal, &slug, party)?)
        } else {
            (principal.as_str(), usize::from(end_session_of(c, realm, &slug, &principal, &session)?))
        };
        if ended > 0 {
            audit::record(c, &slug, now, &actor, "session.ended", subject, &format!("ended={ended}"))?;
        }
        Ok::<_, DbError>(ended)
    };
    match ground.db.write(work).await? {
        0 => Err(AppError::NotFound),
        _ => Ok(see_other(&format!("{HERE}?visa=utloggad"))),
    }
}
