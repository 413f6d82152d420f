//! What a handler asks of a resident and sends her.

use super::act::{Answer, run};
use super::posted::{day, files, id, lines, text};
use crate::contract::SupplementState;
use crate::desk::Desk;
use crate::desk::errands::{self, ErrandFault, HearingDraft, Resolution, SupplementDraft};
use crate::desk::staff::Handler;
use crate::vocabulary::{ErrandId, FileId};
use crate::web::{Path, PostedForm};
use actix_web::web;

pub async fn supplement(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "supplement", |c, act, form| {
        let draft = SupplementDraft {
            id: &id(form, "id", "text")?,
            text: &lines(form, "text"),
            required: &lines(form, "required"),
            optional: &lines(form, "optional"),
            due: &day(form, "due"),
            consequence: &lines(form, "consequence"),
        };
        errands::request_supplement(c, act, &draft)
    })
    .await
}

pub async fn resolve(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "resolve", |c, act, form| {
        let state: SupplementState =
            text(form, "state").parse().map_err(|_| ErrandFault::Invalid("state", "desk-resolve-unknown"))?;
        let said = Resolution { id: text(form, "about"), state, text: &lines(form, "text"), due: &day(form, "due") };
        errands::resolve_supplement(c, act, &said)
    })
    .await
}

pub async fn hearing(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "hearing", |c, act, form| {
        let draft = HearingDraft {
            id: &id(form, "id", "text")?,
            text: &lines(form, "text"),
            due: &day(form, "due"),
            files: &files(form)?,
        };
        errands::request_hearing(c, act, &draft)
    })
    .await
}

pub async fn due(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "due", |c, act, form| {
        errands::set_due(c, act, &day(form, "due"), &lines(form, "reason"))
    })
    .await
}

pub async fn documents(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "documents", |c, act, form| {
        errands::send_documents(c, act, text(form, "title"), &files(form)?)
    })
    .await
}

pub async fn withdraw(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "withdraw", |c, act, form| {
        let file: FileId = id(form, "about", "reason")?;
        errands::withdraw_document(c, act, &file, &lines(form, "reason"))
    })
    .await
}

pub async fn transfer(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "transfer", |c, act, form| {
        errands::transfer(c, act, text(form, "authority"), &lines(form, "reason"))
    })
    .await
}
