//! A draft over HTTP: `/e-tjanster/{service}/…`.

use crate::db::DbError;
use crate::forms::{Answers, Context, Definition, FormData, Next, Step, StepOutcome, StepView};
use crate::portal::submissions::draft::{Draft, Owner};
use crate::portal::submissions::parked;
use crate::portal::submissions::prepare::{Prepared, prepare};
use crate::portal::submissions::store::{self, NewDraft};
use crate::portal::submissions::view::{self, StepPage};
use crate::portal::{App, attachments, cases, catalogue, identity, representation};
use crate::vocabulary::{DraftId, ServiceSlug};
use crate::web::{AppError, CAPACITY_FIELD, Path, PostedForm, Visit, see_other};
use actix_web::{HttpResponse, ResponseError, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

mod cosigning;
mod send;
mod signing;
pub use cosigning::signers_shown;
use send::{back_to_review, done, remove, review, send};
pub use signing::{interrupted as signature_interrupted, signed};

/// Every page of a draft.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/e-tjanster/{service}/titta-igenom", web::get().to(look_through))
        .route("/e-tjanster/{service}/fyll-i", web::get().to(first_step))
        .route("/e-tjanster/{service}/fyll-i", web::post().to(save_first_step))
        .service(
            web::scope("/underskrifter/{signer}")
                .route("", web::get().to(cosigning::show))
                .route("/skriv-under", web::post().to(cosigning::sign))
                .route("/skriv-under", web::get().to(cosigning::back))
                .route("/avsta", web::post().to(cosigning::decline))
                .route("/avsta", web::get().to(cosigning::back)),
        )
        .service(
            web::scope("/e-tjanster/{service}/utkast/{draft}")
                .route("/granska", web::get().to(review))
                .route("/skicka-in", web::post().to(send))
                .route("/skicka-in", web::get().to(back_to_review))
                .route("/klart", web::get().to(done))
                .route("/ta-bort", web::post().to(remove))
                .route("/{step}", web::get().to(step))
                .route("/{step}", web::post().to(save_step)),
        );
}

#[derive(Deserialize)]
struct Wish {
    andra: Option<String>,
}

/// A page of a draft that exists and is hers.
struct Opened {
    definition: Arc<Definition>,
    owner: Owner,
    draft: Draft,
}

async fn current(app: &App, visit: &Visit, service: &ServiceSlug) -> Result<Arc<Definition>, AppError> {
    app.catalogue.find(&visit.municipality.slug, service).ok_or(AppError::NotFound)
}

async fn owner_of(visit: &Visit, definition: &Definition, back: &str) -> Result<Owner, AppError> {
    let owner = Owner::of(visit, definition).ok_or_else(|| AppError::LogIn(back.to_owned()))?;
    if !definition.level.is_anonymous() {
        identity::require_level(visit, definition.level.number(), back)?;
    }
    Ok(owner)
}

/// The draft with the definition it was begun with, whatever has been published since.
async fn open(app: &App, visit: &Visit, service: &ServiceSlug, id: &DraftId, back: &str) -> Result<Opened, AppError> {
    let present = current(app, visit, service).await?;
    let owner = owner_of(visit, &present, back).await?;
    let (slug, whose, id, catalogue) =
        (visit.municipality.slug.clone(), owner.clone(), id.clone(), app.catalogue.clone());
    let found = app
        .ground
        .db
        .read(move |c| {
            let Some(draft) = store::find(c, &slug, &whose, &id)? else { return Ok(None) };
            let definition = catalogue.version(c, &slug, &draft.service, &draft.definition_version)?;
            Ok::<_, catalogue::Unreadable>(Some((draft, definition)))
        })
        .await?;
    let (draft, definition) = found.filter(|(d, _)| d.service == *service).ok_or(AppError::NotFound)?;
    Ok(Opened { definition, owner, draft })
}

/// As [`open`], for whoever may use the service as whom she is now.
async fn open_to_use(
    app: &App,
    visit: &Visit,
    service: &ServiceSlug,
    id: &DraftId,
    back: &str,
) -> Result<Opened, AppError> {
    let opened = open(app, visit, service, id, back).await?;
    representation::demand(visit, &opened.definition)?;
    Ok(opened)
}

/// All questions, for whoever wants to see them first. Nothing can be answered here.
async fn look_through(visit: Visit, app: web::Data<App>, service: Path<ServiceSlug>) -> Result<HttpResponse, AppError> {
    let definition = current(&app, &visit, &service.0).await?;
    let context = Context::anonymous(app.ground.clock.now(), visit.voice.clone());
    let answers = Answers::default();
    let steps: Vec<Value> =
        definition.steps().iter().map(|s| json!(definition.step_view(s, &answers, &[], None, &context))).collect();
    visit.page(
        "portal/look-through.html",
        "services",
        json!({
            "frame": view::frame(&definition, None, &visit.voice),
            "steps": steps,
        }),
    )
}

async fn first_step(visit: Visit, app: web::Data<App>, service: Path<ServiceSlug>) -> Result<HttpResponse, AppError> {
    let definition = current(&app, &visit, &service.0).await?;
    owner_of(&visit, &definition, &visit.path).await?;
    representation::demand(&visit, &definition)?;
    let draft_id = DraftId::fresh();
    let prepared = prepare(&app, &visit, &definition, &draft_id).await?;
    let answers = Answers::default();
    let step = *definition.visible_steps(&answers, &prepared.context).first().ok_or(AppError::NotFound)?;
    let page = StepPage {
        definition: &definition,
        draft: None,
        draft_id: &draft_id,
        step,
        view: definition.step_view(step, &answers, &[], None, &prepared.context),
        answers: &answers,
        context: &prepared.context,
        changing: false,
        notices: Vec::new(),
    };
    visit.page("portal/step.html", "services", page.context())
}

/// The first answer makes the draft. The form carries the id that the draft will have, so that a form sent twice makes
/// one draft.
async fn save_first_step(
    form: PostedForm,
    app: web::Data<App>,
    service: Path<ServiceSlug>,
) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let definition = current(&app, visit, &service.0).await?;
    // Not parked: before there is a draft nothing says whose words these are, and the next to log in may be another.
    let owner = owner_of(visit, &definition, &visit.path).await?;
    representation::demand(visit, &definition)?;
    let id: DraftId = form.get("_draft").and_then(|t| t.parse().ok()).ok_or(AppError::Invalid("invalid"))?;
    let prepared = prepare(&app, visit, &definition, &id).await?;
    let step = definition
        .visible_steps(&Answers::default(), &prepared.context)
        .first()
        .map(|s| s.id.clone())
        .ok_or(AppError::NotFound)?;
    save(&app, form, Saving { definition, owner, id, step, prepared, changing: false, makes: true }).await
}

async fn step(
    visit: Visit,
    app: web::Data<App>,
    path: Path<(ServiceSlug, DraftId, String)>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    let (service, id, step) = &path.0;
    let opened = match open_to_use(&app, &visit, service, id, &visit.path_and_query).await {
        Err(AppError::NotFound) => return sent_before(&app, &visit, service, id).await,
        other => other?,
    };
    let prepared = prepare(&app, &visit, &opened.definition, id).await?;
    let (definition, answers) = (&opened.definition, &opened.draft.answers);
    let shown = definition.visible_steps(answers, &prepared.context);
    let Some(step) = shown.iter().find(|s| s.id == *step) else {
        // A step that another answer has hidden: go on where she is.
        return Ok(see_other(&format!("/e-tjanster/{service}/utkast/{id}/granska")));
    };
    let kept = kept_view(&app, &visit, definition, step, answers, &prepared.context).await?;
    let (view, notices) =
        kept.unwrap_or_else(|| (definition.step_view(step, answers, &[], None, &prepared.context), Vec::new()));
    let page = StepPage {
        definition,
        draft: Some(&opened.draft),
        draft_id: id,
        step,
        view,
        answers,
        context: &prepared.context,
        changing: wish.andra.is_some(),
        notices,
    };
    visit.page("portal/step.html", "services", page.context())
}

/// The step with what she had typed when her session ended, if that is why she is here.
async fn kept_view(
    app: &App,
    visit: &Visit,
    definition: &Definition,
    step: &Step,
    answers: &Answers,
    context: &Context,
) -> Result<Option<(StepView, Vec<String>)>, AppError> {
    let Some(fields) = parked::unpark(app, visit, &visit.path).await? else { return Ok(None) };
    let outcome = definition.read_step(step, &FormData::new(fields), answers, context);
    let view = definition.step_view(step, &outcome.answers, &[], Some(&outcome.typed), context);
    Ok(Some((view, vec![visit.text("step-kept-after-log-in")])))
}

/// Where she comes back to when her session has ended: by way of whom she acted for, if it was for another.
fn return_of(form: &PostedForm) -> String {
    let path = &form.visit.path_and_query;
    let has_ended = form.visit.session.is_none();
    if has_ended && form.get(CAPACITY_FIELD).is_some_and(|capacity| !capacity.is_empty()) {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("retur", path).finish();
        return format!("/foretrad?{query}");
    }
    path.clone()
}

async fn save_step(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<(ServiceSlug, DraftId, String)>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    let (service, id, step) = path.0;
    let opened = match open_to_use(&app, &form.visit, &service, &id, &return_of(&form)).await {
        Err(log_in @ (AppError::LogIn(_) | AppError::StepUp(_))) => {
            parked::park(&app, &form.visit, &form.visit.path, &form.fields).await?;
            // An answer and no longer an error: what is kept need not be given back.
            return Ok(log_in.error_response());
        }
        Err(AppError::NotFound) => return sent_before(&app, &form.visit, &service, &id).await,
        other => other?,
    };
    let prepared = prepare(&app, &form.visit, &opened.definition, &id).await?;
    if opened.definition.step(&step).is_none() {
        return Err(AppError::NotFound);
    }
    let saving = Saving {
        definition: opened.definition,
        owner: opened.owner,
        id,
        step,
        prepared,
        changing: wish.andra.is_some(),
        makes: false,
    };
    save(&app, form, saving).await
}

/// One posted step on its way into the draft.
struct Saving {
    definition: Arc<Definition>,
    owner: Owner,
    id: DraftId,
    step: String,
    prepared: Prepared,
    changing: bool,
    makes: bool,
}

async fn save(app: &App, form: PostedForm, saving: Saving) -> Result<HttpResponse, AppError> {
    let Saving { definition, owner, id, step, prepared, changing, makes } = saving;
    let PostedForm { visit, fields, uploads } = form;
    let data = FormData::new(fields);
    let action = data.first("_action").unwrap_or_default().to_owned();
    let passing = action == "autosave";
    let uploaded = attachments::receive(app, &visit, &definition, &step, uploads).await?;
    let (now, slug) = (prepared.context.at, visit.municipality.slug.clone());
    let days = definition.retention.draft_days.clamp(1, 365);
    let (delete_at, room) = (now.plus_days(days), app.ground.settings.limits.draft_files_bytes);
    let work = {
        let (definition, id, step, context) = (definition.clone(), id.clone(), step.clone(), prepared.context.clone());
        let (sealed, title) = (prepared.sealed.clone(), definition.title.get(&visit.voice).into_owned());
        move |c: &mut crate::db::Conn| {
            if makes {
                catalogue::remember_definition(c, &slug, &definition, now)?;
                let new = NewDraft {
                    id: &id,
                    municipality: &slug,
                    definition: &definition,
                    title: &title,
                    owner: &owner,
                    step: &step,
                    now,
                    delete_at,
                };
                store::insert_draft(c, &new)?;
            }
            let Some(draft) = store::take(c, &slug, &owner, &id, now, delete_at)? else { return Ok(None) };
            let Some(place) = definition.step(&step) else { return Ok(None) };
            // Files first: a question for a file that came with this form is then answered.
            let files = attachments::Place {
                municipality: &slug,
                definition: &definition,
                draft: &id,
                context: &context,
                room,
            };
            let (answers, refused) = attachments::add_to(c, files, &uploaded, draft.answers.clone())?;
            let mut outcome = definition.read_step(place, &data, &answers, &context);
            if !refused.is_empty() {
                outcome.errors.retain(|e| refused.iter().all(|r| r.field_id != e.field_id));
                outcome.errors.extend(refused);
                outcome.next = Next::Correct;
            }
            let reached = match &outcome.next {
                // Saved in passing: she is still on this step.
                _ if passing => &step,
                Next::Continue => definition.next_step(&step, &outcome.answers, &context).map_or("granska", |s| &s.id),
                _ => &step,
            };
            store::save(c, &id, &outcome.answers, &sealed, reached)?;
            let next = definition.next_step(&step, &outcome.answers, &context).map(|s| s.id.clone());
            Ok::<_, DbError>(Some((draft, outcome, next)))
        }
    };
    let Some((draft, outcome, next)) = app.ground.db.write(work).await? else {
        return sent_before(app, &visit, &definition.slug, &id).await;
    };
    attachments::forget_removed(app, &outcome).await;
    let base = format!("/e-tjanster/{}/utkast/{id}", definition.slug);
    match outcome.next {
        _ if passing => Ok(HttpResponse::Ok().json(json!({
            "saved": visit.voice.about("draft-saved", "time", visit.voice.time(now)),
        }))),
        _ if action == "later" => {
            Ok(see_other(if definition.level.is_anonymous() { "/" } else { "/mina-sidor/utkast" }))
        }
        Next::Continue if changing => Ok(see_other(&format!("{base}/granska"))),
        Next::Continue => Ok(see_other(&format!("{base}/{}", next.as_deref().unwrap_or("granska")))),
        Next::Again | Next::FileRemoved { .. } if makes => Ok(see_other(&format!("{base}/{step}"))),
        _ => {
            let draft = Draft { updated_at: now, delete_at, answers: outcome.answers.clone(), ..draft };
            let place = definition.step(&step).ok_or(AppError::NotFound)?;
            again(&visit, &definition, &draft, place, outcome, &prepared.context, changing)
        }
    }
}

/// The step once more, with what was typed and what is wrong.
fn again(
    visit: &Visit,
    definition: &Definition,
    draft: &Draft,
    step: &Step,
    outcome: StepOutcome,
    context: &Context,
    changing: bool,
) -> Result<HttpResponse, AppError> {
    let page = StepPage {
        definition,
        draft: Some(draft),
        draft_id: &draft.id,
        step,
        view: definition.step_view(step, &outcome.answers, &outcome.errors, Some(&outcome.typed), context),
        answers: &outcome.answers,
        context,
        changing,
        notices: outcome.notices,
    };
    visit.page("portal/step.html", "services", page.context())
}

/// A page of a draft that has been sent in leads to its receipt; one that is not hers, or never was, is not there.
async fn sent_before(app: &App, visit: &Visit, service: &ServiceSlug, id: &DraftId) -> Result<HttpResponse, AppError> {
    match find_case(app, visit, service, id).await? {
        Some(_) => Ok(see_other(&format!("/e-tjanster/{service}/utkast/{id}/klart"))),
        None => Err(AppError::NotFound),
    }
}

async fn find_case(
    app: &App,
    visit: &Visit,
    service: &ServiceSlug,
    id: &DraftId,
) -> Result<Option<cases::Case>, AppError> {
    let definition = current(app, visit, service).await?;
    let Some(owner) = Owner::of(visit, &definition) else { return Ok(None) };
    let (slug, id) = (visit.municipality.slug.clone(), id.clone());
    let found = app.ground.db.read(move |c| {
        let Some(case) = store::case_of_draft(c, &slug, &owner, &id)? else { return Ok(None) };
        cases::find(c, &slug, &case)
    });
    Ok(found.await.map_err(|e: DbError| e)?)
}
