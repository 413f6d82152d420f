//! The form for a decision.

use super::errand::{ask_why, outcome_choices};
use super::input::Input;
use super::posted::{self, lines};
use super::view::Words;
use super::{Stopped, as_page};
use crate::audit;
use crate::contract::Outcome;
use crate::db::Conn;
use crate::desk::Desk;
use crate::desk::decisions::{self, Appealable, Decision, DecisionDraft, Further, Ground};
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

/// The errand, its unit, and the decision that is to have a further version.
type Opened = (Errand, Option<Unit>, Option<Decision>);

fn open(
    c: &mut Conn,
    by: &Member,
    id: &ErrandId,
    further: Option<&DecisionId>,
    now: At,
) -> Result<Opened, ErrandFault> {
    let errand = errands::open(c, by, id, now)?;
    let before = match further {
        Some(decision) => Some(decisions::latest(c, id, decision)?.ok_or(ErrandFault::NotFound)?),
        None => None,
    };
    audit::record(c, &by.municipality, now, &by.affiliation, "errand.read", id.as_str(), "")?;
    let unit = staff::unit(c, &by.municipality, &errand.unit)?;
    Ok((errand, unit, before))
}

pub async fn form(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    page(&visit, &desk, &member, &id.0, None, Typed::default(), StatusCode::OK).await
}

/// A further version of a decision begins with the words of the one before.
pub async fn further_form(
    handler: Handler,
    desk: web::Data<Desk>,
    path: Path<(ErrandId, DecisionId)>,
) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    let (id, decision) = path.0;
    page(&visit, &desk, &member, &id, Some(&decision), Typed::default(), StatusCode::OK).await
}

async fn page(
    visit: &Visit,
    desk: &Desk,
    member: &Member,
    id: &ErrandId,
    further: Option<&DecisionId>,
    typed: Typed,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let (by, wanted, of, now) = (member.clone(), id.clone(), further.cloned(), desk.clock.now());
    let (errand, unit, before) = match desk.db.write(move |c| open(c, &by, &wanted, of.as_ref(), now)).await {
        Ok(found) => found,
        Err(ErrandFault::NeedsReason) => return ask_why(visit, id, None),
        Err(e) => return Err(as_page(e)),
    };
    if errand.closed_at.is_some() && typed.fields.is_empty() && before.is_none() {
        return Ok(see_other(&format!("/arenden/{id}")));
    }
    let words = Words::of(visit, &desk.catalogue);
    let mut inputs = inputs(&words, visit, desk, (&errand, unit.as_ref(), before.as_ref()), &typed);
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
        "action": match further {
            Some(decision) => format!("/arenden/{id}/beslut/{decision}"),
            None => format!("/arenden/{id}/beslut"),
        },
        "of_version": before.as_ref().map(|d| d.version),
        "further": typed.get("further").and_then(|n| n.parse().ok()).or(before.map(|d| d.version + 1)),
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
    (errand, unit, before): (&Errand, Option<&Unit>, Option<&Decision>),
    typed: &Typed,
) -> Vec<Input> {
    let case_type = desk.catalogue.of(&errand.case_type);
    let kept = |name: &str| match (typed.get(name), before) {
        (Some(typed), _) => typed.to_owned(),
        (None, Some(before)) => earlier(before, name),
        (None, None) => String::new(),
    };
    let input = |name: &'static str, kind: &'static str, key: &str| Input::new("decision", name, kind, words.text(key));
    let mut inputs = Vec::new();
    if before.is_some() {
        let grounds =
            Ground::ALL.iter().map(|g| (g.as_str().to_owned(), words.text(&format!("desk-ground-{}", g.as_str()))));
        inputs.push(input("ground", "choice", "desk-decision-ground-label").choices(grounds, &kept("ground")));
    }
    inputs.extend([
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
    ]);
    let about = Appealable {
        regime: case_type.appeal,
        municipality: &visit.municipality,
        board: unit.map_or("", |u| &u.board),
        diary_number: &errand.diary_number,
    };
    if let Some(prefilled) = decisions::instructions(visit.ground.renderer.texts(), &about) {
        let value = Some(kept("instructions")).filter(|text| !text.is_empty() || typed.get("instructions").is_some());
        let value = value.unwrap_or(prefilled);
        inputs.push(
            input("instructions", "longtext", "desk-decision-instructions")
                .hint(words.text("desk-decision-instructions-hint"))
                .rows(12)
                .value(value),
        );
    }
    let methods = ["notification", "ordinary", "simplified"]
        .map(|method| (method.to_owned(), words.text(&format!("desk-service-{method}"))));
    let method = Some(kept("service")).filter(|m| !m.is_empty()).unwrap_or_else(|| "notification".to_owned());
    inputs.push(input("service", "choice", "desk-decision-service-label").choices(methods, &method));
    let mut files = input("files", "file", "desk-decision-files").hint(words.text("desk-files-hint")).optional();
    files.max_files = 30;
    inputs.push(files);
    inputs
}

/// What the version before said.
fn earlier(before: &Decision, name: &str) -> String {
    match name {
        "outcome" => before.outcome.as_str().to_owned(),
        "text" => before.text.clone(),
        "reasons" => before.reasons.clone(),
        "legal_basis" => {
            let lines: Vec<String> =
                before.legal_basis.0.iter().map(|b| format!("{}, {}", b.sfs, b.provision)).collect();
            lines.join("\n")
        }
        "instructions" => before.appeal.0.as_ref().and_then(|a| a.instructions.clone()).unwrap_or_default(),
        "service" => before.service.0.as_ref().map(|s| s.method.clone()).unwrap_or_default(),
        _ => String::new(),
    }
}

pub async fn decide(
    handler: Handler,
    desk: web::Data<Desk>,
    id: Path<ErrandId>,
    form: PostedForm,
) -> Result<HttpResponse, AppError> {
    make(handler, desk, id.0, None, form).await
}

pub async fn decide_further(
    handler: Handler,
    desk: web::Data<Desk>,
    path: Path<(ErrandId, DecisionId)>,
    form: PostedForm,
) -> Result<HttpResponse, AppError> {
    let (id, decision) = path.0;
    make(handler, desk, id, Some(decision), form).await
}

async fn make(
    handler: Handler,
    desk: web::Data<Desk>,
    id: ErrandId,
    of: Option<DecisionId>,
    form: PostedForm,
) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    let stored = posted::stored(&form);
    let fields = form.fields.clone();
    let (by, wanted, further) = (member.clone(), id.clone(), of.clone());
    let (catalogue, now) = (desk.catalogue.clone(), desk.clock.now());
    let court = visit.municipality.law.administrative_court.clone();
    let done = desk
        .db
        .write(move |c| {
            let decision: DecisionId = match &further {
                Some(decision) => decision.clone(),
                None => posted::id(&form, "id", "text")?,
            };
            let version = form.get("version").and_then(|v| v.parse().ok()).unwrap_or_default();
            let act = Act { catalogue: &catalogue, by: &by, errand: &wanted, version, now };
            let draft = DecisionDraft {
                id: &decision,
                outcome: form.get("outcome").and_then(|o| o.parse::<Outcome>().ok()),
                text: &lines(&form, "text"),
                reasons: &lines(&form, "reasons"),
                legal_basis: &lines(&form, "legal_basis"),
                instructions: &lines(&form, "instructions"),
                court: &court,
                service: form.get("service").unwrap_or_default(),
                files: &posted::files(&form)?,
                further: further.as_ref().map(|_| Further {
                    version: form.get("further").and_then(|n| n.parse().ok()).unwrap_or_default(),
                    ground: form.get("ground").and_then(|g| g.parse().ok()),
                }),
            };
            decisions::decide(c, &act, &draft).map_err(Stopped::from)
        })
        .await;
    if done.is_err() {
        posted::let_go(&desk, stored).await;
    }
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
    page(&visit, &desk, &member, &id, of.as_ref(), typed, status).await
}
