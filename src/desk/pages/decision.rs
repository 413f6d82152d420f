//! The form for a decision.

use super::act::unix_lines;
use super::errand::{ask_why, outcome_choices};
use super::input::Input;
use super::view::Words;
use super::{Stopped, as_page};
use crate::audit;
use crate::contract::Outcome;
use crate::db::Conn;
use crate::desk::Desk;
use crate::desk::decisions::{self, Appealable, DecisionDraft};
use crate::desk::errands::{self, Act, AppealRegime, Errand, ErrandFault, FieldFault};
use crate::desk::staff::{self, Handler, Member, Unit};
use crate::vocabulary::{At, DecisionId, ErrandId};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

/// What she had typed, and what came in between.
#[derive(Default)]
struct Typed {
    fields: Vec<(String, String)>,
    errors: Vec<FieldFault>,
    notice: Option<&'static str>,
}

impl Typed {
    fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

fn open(c: &mut Conn, by: &Member, id: &ErrandId, now: At) -> Result<(Errand, Option<Unit>), ErrandFault> {
    let errand = errands::open(c, by, id, now)?;
    audit::record(c, &by.municipality, now, &by.affiliation, "errand.read", id.as_str(), "")?;
    let unit = staff::unit(c, &by.municipality, &errand.unit)?;
    Ok((errand, unit))
}

pub async fn form(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    page(&visit, &desk, &member, &id.0, Typed::default(), StatusCode::OK).await
}

async fn page(
    visit: &Visit,
    desk: &Desk,
    member: &Member,
    id: &ErrandId,
    typed: Typed,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let (by, wanted, now) = (member.clone(), id.clone(), desk.clock.now());
    let (errand, unit) = match desk.db.write(move |c| open(c, &by, &wanted, now)).await {
        Ok(found) => found,
        Err(ErrandFault::NeedsReason) => return ask_why(visit, id, None),
        Err(e) => return Err(as_page(e)),
    };
    if errand.closed_at.is_some() && typed.fields.is_empty() {
        return Ok(see_other(&format!("/arenden/{id}")));
    }
    let words = Words::of(visit, &desk.catalogue);
    let mut inputs = inputs(&words, visit, desk, &errand, unit.as_ref(), &typed);
    let mut errors = Vec::new();
    for (field, key) in &typed.errors {
        let message = words.text(key);
        for input in inputs.iter_mut().filter(|i| i.name == *field) {
            input.error.clone_from(&message);
            errors.push(json!({ "href": format!("#{}", input.id), "message": message }));
        }
    }
    let context = json!({
        "id": errand.id,
        "title": errand.title,
        "diary_number": errand.diary_number,
        "version": errand.version,
        "decision_id": typed.get("id").and_then(|id| id.parse().ok()).unwrap_or_else(DecisionId::fresh),
        "inputs": inputs,
        "errors": errors,
        "fault": typed.notice.map(|key| words.text(key)),
        "page": { "error_prefix": !typed.errors.is_empty() || typed.notice.is_some() },
    });
    visit.page_with_status(status, "desk/decision.html", "", context)
}

fn inputs(
    words: &Words<'_>,
    visit: &Visit,
    desk: &Desk,
    errand: &Errand,
    unit: Option<&Unit>,
    typed: &Typed,
) -> Vec<Input> {
    let case_type = desk.catalogue.of(&errand.case_type);
    let kept = |name: &str| typed.get(name).unwrap_or_default().to_owned();
    let input = |name: &'static str, kind: &'static str, key: &str| Input::new("decision", name, kind, words.text(key));
    let mut inputs = vec![
        input("outcome", "choice", "desk-decision-outcome")
            .choices(outcome_choices(words, case_type), &kept("outcome")),
        input("text", "longtext", "desk-decision-text")
            .hint(words.text("desk-decision-text-hint"))
            .rows(6)
            .value(kept("text")),
        {
            let reasons = input("reasons", "longtext", "desk-decision-why").rows(8).value(kept("reasons"));
            let reasons = reasons.hint(words.text("desk-decision-why-hint"));
            if case_type.appeal == AppealRegime::Administrative { reasons } else { reasons.optional() }
        },
        input("legal_basis", "longtext", "desk-decision-basis")
            .hint(words.text("desk-decision-basis-hint"))
            .optional()
            .rows(3)
            .value(kept("legal_basis")),
    ];
    let about = Appealable {
        regime: case_type.appeal,
        municipality: &visit.municipality,
        board: unit.map_or("", |u| &u.board),
        diary_number: &errand.diary_number,
    };
    if let Some(prefilled) = decisions::instructions(visit.ground.renderer.texts(), &about) {
        let value = typed.get("instructions").map_or(prefilled, str::to_owned);
        inputs.push(
            input("instructions", "longtext", "desk-decision-instructions")
                .hint(words.text("desk-decision-instructions-hint"))
                .rows(12)
                .value(value),
        );
    }
    inputs
}

pub async fn decide(
    handler: Handler,
    desk: web::Data<Desk>,
    id: Path<ErrandId>,
    form: PostedForm,
) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    let (id, fields) = (id.0, form.fields.clone());
    let (by, wanted, catalogue, now) = (member.clone(), id.clone(), desk.catalogue.clone(), desk.clock.now());
    let court = visit.municipality.law.administrative_court.clone();
    let done = desk
        .db
        .write(move |c| {
            let text = |name: &str| unix_lines(form.get(name).unwrap_or_default());
            let decision: DecisionId = form
                .get("id")
                .and_then(|id| id.parse().ok())
                .ok_or(ErrandFault::Invalid("text", "desk-form-incomplete"))?;
            let version = form.get("version").and_then(|v| v.parse().ok()).unwrap_or_default();
            let act = Act { catalogue: &catalogue, by: &by, errand: &wanted, version, now };
            let draft = DecisionDraft {
                id: &decision,
                outcome: form.get("outcome").and_then(|o| o.parse::<Outcome>().ok()),
                text: &text("text"),
                reasons: &text("reasons"),
                legal_basis: &text("legal_basis"),
                instructions: &text("instructions"),
                court: &court,
            };
            decisions::decide(c, &act, &draft).map_err(Stopped::from)
        })
        .await;
    let typed = Typed { fields, ..Typed::default() };
    let (typed, status) = match done {
        Ok(()) => return Ok(see_other(&format!("/arenden/{id}#beslut"))),
        Err(Stopped::Errand(ErrandFault::NeedsReason)) => return ask_why(&visit, &id, None),
        Err(Stopped::Errand(ErrandFault::Changed)) => {
            (Typed { notice: Some("desk-conflict"), ..typed }, StatusCode::CONFLICT)
        }
        Err(Stopped::Errand(ErrandFault::NotAllowed(why))) => {
            (Typed { notice: Some(why), ..typed }, StatusCode::CONFLICT)
        }
        Err(Stopped::Errand(ErrandFault::Invalid(field, text))) => {
            (Typed { errors: vec![(field, text)], ..typed }, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(Stopped::Errand(ErrandFault::Incomplete(errors))) => {
            (Typed { errors, ..typed }, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(Stopped::Errand(e)) => return Err(as_page(e)),
        Err(Stopped::Unreadable(e)) => return Err(AppError::internal(e)),
    };
    page(&visit, &desk, &member, &id, typed, status).await
}
