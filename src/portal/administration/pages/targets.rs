//! The receiving systems: what waits, what goes, and stopping and starting them.

use super::{deliveries, missing, typed};
use crate::audit;
use crate::db::{Conn, DbError};
use crate::portal::administration::{Administrator, view};
use crate::portal::delivery::{self, Load, TargetState};
use crate::settings::Target;
use crate::vocabulary::{At, MunicipalitySlug, TargetSlug};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::HttpResponse;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The municipality's receiving systems: its own and the installation's.
pub(super) fn of(visit: &Visit) -> Vec<(TargetSlug, Target)> {
    let (ground, own) = (&visit.ground, &visit.municipality.targets);
    let names: BTreeSet<&TargetSlug> = ground.settings.targets.keys().chain(own.keys()).collect();
    let one = |name: &TargetSlug| {
        let found = delivery::target_of(&ground.settings, &ground.municipalities, &visit.municipality.slug, name);
        found.map(|target| (name.clone(), target.clone()))
    };
    names.into_iter().filter_map(one).collect()
}

/// The one that the path names.
pub(super) fn named(visit: &Visit, name: &str) -> Result<(TargetSlug, Target), AppError> {
    of(visit).into_iter().find(|(slug, _)| slug.as_str() == name).ok_or(AppError::NotFound)
}

/// What a list is narrowed by.
pub(super) fn choices(targets: &[(TargetSlug, Target)], chosen: Option<&str>) -> Vec<Value> {
    let one = |(slug, target): &(TargetSlug, Target)| json!({ "slug": slug, "name": target.display_name(slug), "selected": chosen == Some(slug.as_str()) });
    targets.iter().map(one).collect()
}

/// How a target is and how much waits for it.
pub(super) type Standing = (Option<TargetState>, Load);

pub(super) fn standing(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    names: &[TargetSlug],
    now: At,
) -> Result<Vec<Standing>, DbError> {
    let states = delivery::target_states(conn, Some(municipality))?;
    let one = |name: &TargetSlug| {
        let state = states.iter().find(|s| s.target == *name).cloned();
        Ok((state, delivery::load(conn, municipality, name, now)?))
    };
    names.iter().map(one).collect()
}

/// As the page shows them. `wrong`: the one whose form for stopping has no reason.
pub(super) fn shown(
    visit: &Visit,
    targets: &[(TargetSlug, Target)],
    standing: &[Standing],
    wrong: Option<&TargetSlug>,
) -> Vec<Value> {
    let both = targets.iter().zip(standing);
    both.map(|((slug, target), (state, load))| {
        view::receiver(visit, slug, target, state.as_ref(), load, wrong == Some(slug))
    })
    .collect()
}

pub(super) async fn probe(
    who: Administrator,
    form: PostedForm,
    target: Path<String>,
) -> Result<HttpResponse, AppError> {
    let (target, _) = named(&form.visit, &target.0)?;
    let (slug, now) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now());
    let asked = form.visit.ground.db.write(move |c| {
        if delivery::probe_now(c, &slug, &target, now)? {
            audit::record(c, &slug, now, &who.actor, "target.probe", target.as_str(), "")?;
        }
        Ok::<_, DbError>(())
    });
    asked.await?;
    Ok(see_other("/leveranser"))
}

pub(super) async fn pause(
    who: Administrator,
    form: PostedForm,
    target: Path<String>,
) -> Result<HttpResponse, AppError> {
    let (target, _) = named(&form.visit, &target.0)?;
    let why = typed(&form, "why");
    if why.is_empty() {
        let field = format!("why-{target}");
        let mut error = missing(&form.visit, "why_pause");
        if let Some(error) = error.as_object_mut() {
            error.insert("href".to_owned(), format!("#{field}").into());
        }
        return deliveries::page(&form.visit, &deliveries::Wanted::default(), Some(&target), vec![error]).await;
    }
    set(who, form, target, true, why).await
}

pub(super) async fn resume(
    who: Administrator,
    form: PostedForm,
    target: Path<String>,
) -> Result<HttpResponse, AppError> {
    let (target, _) = named(&form.visit, &target.0)?;
    set(who, form, target, false, String::new()).await
}

async fn set(
    who: Administrator,
    form: PostedForm,
    target: TargetSlug,
    stop: bool,
    why: String,
) -> Result<HttpResponse, AppError> {
    let (slug, now) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now());
    let done =
        form.visit.ground.db.write(move |c| delivery::set_paused(c, &slug, &target, stop, &who.actor, &why, now));
    // Somebody else was faster: it is as was wanted.
    let _: bool = done.await?;
    Ok(see_other("/leveranser"))
}
