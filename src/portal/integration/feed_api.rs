//! The feed of notices, and how far a system has read.

use super::answers::{Broken, Refused, respond};
use super::paging::Paging;
use super::pull_api::finish;
use super::push::{Answered, once};
use super::{proof, signed_json};
use crate::contract::{Acknowledged, Acknowledgement, FeedPage, Scope};
use crate::db::DbError;
use crate::portal::App;
use crate::portal::delivery::feed;
use crate::vocabulary::TargetSlug;
use crate::web::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use std::time::Duration;

/// The longest that an answer waits for something to tell. Seconds.
const LONGEST_WAIT: u64 = 25;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// What comes after `offset`, the cursor when it is left out. With `waitSeconds` an empty feed is answered late.
pub(super) async fn events(request: HttpRequest, visit: Visit, app: web::Data<App>) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::OutboxRead).await?;
    let paging = Paging::read(&request, &visit, &["waitSeconds"])?;
    let wait = match paging.word("waitSeconds") {
        None => 0,
        Some(text) => {
            let wait = text.parse::<u64>().ok().filter(|n| *n <= LONGEST_WAIT);
            wait.ok_or_else(|| Refused::invalid(&visit, "waitSeconds", "0–25"))?
        }
    };
    let offset = paging.word("offset").map(|_| paging.offset);
    let until = tokio::time::Instant::now() + Duration::from_secs(wait);
    loop {
        let page = look(&visit, &target, offset, paging.limit).await.map_err(|e| Broken::from(e).told(&visit))?;
        if !page.events.is_empty() || tokio::time::Instant::now() >= until {
            let body = serde_json::to_string(&page).map_err(|_| Broken::Other.told(&visit))?;
            return Ok(respond(StatusCode::OK, "application/json", body));
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn look(visit: &Visit, target: &TargetSlug, offset: Option<i64>, limit: i64) -> Result<FeedPage, DbError> {
    let (slug, code, target) = (visit.municipality.slug.clone(), visit.municipality.code.clone(), target.clone());
    let (s, t) = (slug.clone(), target.clone());
    if visit.ground.db.read(move |c| feed::is_behind(c, &s, &t)).await? {
        let (s, t) = (slug.clone(), target.clone());
        visit.ground.db.write(move |c| feed::place(c, &s, &t)).await?;
    }
    let read = move |c: &mut crate::db::Conn| {
        let offset = match offset {
            Some(offset) => offset,
            None => feed::acknowledged(c, &slug, &target)?,
        };
        feed::page(c, &slug, &code, &target, offset, limit)
    };
    visit.ground.db.read(read).await
}

/// Moves the cursor; never backwards, since a repeat may come late.
pub(super) async fn acknowledge(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let (push, read) = signed_json::<Acknowledgement>(&request, &visit, &app, payload).await?;
    if read.up_to < 0 {
        return Err(Refused::invalid(&visit, "upTo", "0 or more"));
    }
    let (slug, now) = (visit.municipality.slug.clone(), visit.ground.clock.now());
    let taken = visit.ground.db.write(move |c| {
        once(c, &slug, &push, now, |c| {
            let acknowledged = feed::acknowledge(c, &slug, &push.target, read.up_to)?;
            Ok(Ok(Answered::json(200, &Acknowledged { acknowledged })))
        })
    });
    finish(taken.await, &visit)
}
