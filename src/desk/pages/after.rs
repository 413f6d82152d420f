//! What follows a decision: service, appeals.

use super::act::{Answer, run};
use super::posted::{day, id, lines, text};
use crate::desk::Desk;
use crate::desk::decisions::{self, AppealMethod, AppealNote, ServedHow};
use crate::desk::errands::ErrandFault;
use crate::desk::staff::Handler;
use crate::vocabulary::{DecisionId, ErrandId};
use crate::web::{Path, PostedForm};
use actix_web::web;

pub async fn serve(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "serve", |c, act, form| {
        let decision: DecisionId = id(form, "about", "day")?;
        let how: ServedHow =
            text(form, "how").parse().map_err(|_| ErrandFault::Invalid("how", "desk-served-how-unknown"))?;
        decisions::serve(c, act, &decision, &day(form, "day"), how)
    })
    .await
}

pub async fn appeal(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "appeal", |c, act, form| {
        let decision: DecisionId = id(form, "about", "day")?;
        let method: AppealMethod =
            text(form, "method").parse().map_err(|_| ErrandFault::Invalid("method", "desk-appeal-method-unknown"))?;
        let noted = AppealNote { id: &id(form, "id", "day")?, decision: &decision, day: &day(form, "day"), method };
        decisions::note_appeal(c, act, &noted)
    })
    .await
}

pub async fn examine(handler: Handler, desk: web::Data<Desk>, errand: Path<ErrandId>, form: PostedForm) -> Answer {
    run(handler, desk, errand.0, form, "examine", |c, act, form| {
        let timely = match text(form, "timely") {
            "yes" => true,
            "no" => false,
            _ => return Err(ErrandFault::Invalid("timely", "desk-appeal-timely-unknown")),
        };
        let (forwarded, words) = (day(form, "forwarded"), lines(form, "words"));
        decisions::examine(c, act, text(form, "about"), timely, (&forwarded, &words))
    })
    .await
}
