//! What can be done with an errand: each a form that is answered with 303, or with the errand's page again, as it is now
//! and with everything that was typed.

use super::errand::{self, Start, Typed};
use super::posted::{self, unix_lines};
use super::{Stopped, as_page};

use crate::contract::Outcome;
use crate::db::Conn;
use crate::desk::Desk;
use crate::desk::decisions;
use crate::desk::errands::{self, Act, Closing, ErrandFault, MessageDraft};
use crate::desk::staff::Handler;
use crate::vocabulary::ErrandId;
use crate::web::{AppError, Path, PostedForm, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

pub type Answer = Result<HttpResponse, AppError>;

/// Runs `work` as one unit and answers. Files that came with a form that was not taken are let go.
pub async fn run(
    handler: Handler,
    desk: web::Data<Desk>,
    id: ErrandId,
    form: PostedForm,
    name: &'static str,
    work: impl Fn(&mut Conn, &Act<'_>, &PostedForm) -> Result<(), ErrandFault> + Send + 'static,
) -> Answer {
    let Handler { visit, member } = handler;
    let fields = form.fields.clone();
    let stored = posted::stored(&form);
    let (by, wanted, catalogue, now) = (member.clone(), id.clone(), desk.catalogue.clone(), desk.clock.now());
    // A form without a version cannot fit any: it is answered as one that came too late.
    let version = form.get("version").and_then(|v| v.parse().ok()).unwrap_or_default();
    let done = desk
        .db
        .write(move |c| {
            let act = Act { catalogue: &catalogue, by: &by, errand: &wanted, version, now };
            work(c, &act, &form).map_err(Stopped::from)
        })
        .await;
    if done.is_err() {
        posted::let_go(&desk, stored).await;
    }
    let typed = Typed { form: name, fields, ..Typed::default() };
    let (typed, status) = match done {
        Ok(()) => return Ok(see_other(&format!("/arenden/{id}{}", place(name)))),
        Err(Stopped::Errand(ErrandFault::NeedsReason)) => return errand::ask_why(&visit, &id, None),
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
    errand::page(&visit, &desk, &member, &id, typed, &Start::default(), status).await
}

/// Where on the page she goes on.
fn place(form: &str) -> &'static str {
    match form {
        "message" => "#meddelanden",
        "supplement" | "hearing" | "resolve" => "#fragat",
        "documents" | "withdraw" => "#filer",
        "serve" | "appeal" | "examine" => "#beslut",
        _ => "",
    }
}

pub async fn take(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, id.0, form, "take", |c, act, _| errands::take(c, act)).await
}

pub async fn give_back(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, id.0, form, "give-back", |c, act, _| errands::give_back(c, act)).await
}

pub async fn assign(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, id.0, form, "assign", |c, act, form| {
        errands::assign(c, act, form.get("handler").unwrap_or_default())
    })
    .await
}

/// The errand may land where she does not work: then the inbox is where she goes on.
pub async fn move_to(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    let case_type = form.get("case_type").and_then(|code| desk.catalogue.find(code));
    let leaves = case_type.is_some_and(|t| !handler.member.works_in(&t.unit));
    let answer = run(handler, desk, id.0, form, "move", |c, act, form| {
        errands::move_to(c, act, form.get("case_type").unwrap_or_default())
    })
    .await?;
    Ok(if leaves && answer.status() == StatusCode::SEE_OTHER { see_other("/inkorg") } else { answer })
}

pub async fn status(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, id.0, form, "status", |c, act, form| {
        let words = form.get("words").unwrap_or_default();
        errands::change_status(c, act, form.get("status").unwrap_or_default(), &unix_lines(words))
    })
    .await
}

pub async fn message(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, id.0, form, "message", |c, act, form| {
        let draft = MessageDraft {
            id: &posted::id(form, "id", "text")?,
            text: &posted::lines(form, "text"),
            thread: form.get("thread"),
            files: &posted::files(form)?,
        };
        errands::write(c, act, &draft)
    })
    .await
}

pub async fn close(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, id.0, form, "close", |c, act, form| {
        let outcome: Option<Outcome> = form.get("outcome").and_then(|o| o.parse().ok());
        let outcome = outcome.ok_or(ErrandFault::Invalid("outcome", "desk-outcome-unknown"))?;
        let is_decided = decisions::exists(c, act.errand)?;
        let words = unix_lines(form.get("words").unwrap_or_default());
        errands::close(c, act, &Closing { outcome, words: &words, is_decided })
    })
    .await
}

pub async fn reopen(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, id.0, form, "reopen", |c, act, form| {
        errands::reopen(c, act, form.get("reason").unwrap_or_default())
    })
    .await
}

pub async fn give_reason(handler: Handler, desk: web::Data<Desk>, id: Path<ErrandId>, form: PostedForm) -> Answer {
    let Handler { visit, member } = handler;
    let (id, now) = (id.0, desk.clock.now());
    let reason = form.get("reason").unwrap_or_default().to_owned();
    let (wanted, given) = (id.clone(), reason.clone());
    match desk.db.write(move |c| errands::reason_given(c, &member, &wanted, &given, now)).await {
        Ok(()) => Ok(see_other(&format!("/arenden/{id}"))),
        Err(ErrandFault::Invalid(_, text)) => errand::ask_why(&visit, &id, Some((&reason, text))),
        Err(e) => Err(as_page(e)),
    }
}
