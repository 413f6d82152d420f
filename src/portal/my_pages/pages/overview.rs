//! What there is: the front page, the overview, drafts and messages.

use super::super::view;
use crate::contract::NextMove;
use crate::db::{Conn, DbError};
use crate::portal::cases::{self, Case, Direction, Message, TimelineEvent};
use crate::portal::identity::{self, LoggedIn, Reach, citizen_of};
use crate::portal::signatures::{self, Signer};
use crate::portal::{App, representation, submissions};
use crate::texts::Voice;
use crate::vocabulary::{At, CaseId, MunicipalitySlug, PartyId};
use crate::web::{AppError, Visit};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// Cases on one page.
const CASES: usize = 50;
/// Messages on the page of messages.
const MESSAGES: i64 = 100;
/// Characters of a message in a list.
const GLIMPSE: usize = 160;

pub(super) async fn front(visit: Visit, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let (categories, popular) = app.catalogue.front(&visit);
    let drafts = submissions::draft_cards(&app, &visit).await?;
    let hers = match citizen_of(&visit) {
        Some(citizen) => {
            let (slug, party) = (visit.municipality.slug.clone(), citizen.party);
            app.ground.db.read(move |c| cases::list_for(c, &slug, &party, None, CASES as i64)).await?
        }
        None => Vec::new(),
    };
    let tasks: Vec<Value> = hers
        .iter()
        .filter(|case| case.next_move == NextMove::Resident)
        .map(|case| json!({ "href": view::href(&case.reference), "title": case.title, "due": view::answer_by(case, &visit.voice).unwrap_or_default() }))
        .collect();
    visit.page(
        "portal/start.html",
        "",
        json!({
            "categories": categories,
            "popular": popular,
            "drafts": drafts,
            "tasks": tasks,
        }),
    )
}

#[derive(Deserialize)]
pub(super) struct Wish {
    /// The last case of the page before: microseconds and id.
    efter: Option<String>,
}

/// Where a page of cases begins, from an address that we made ourselves.
fn cursor(text: &str) -> Option<(At, CaseId)> {
    let (micros, id) = text.split_once('-')?;
    Some((At::from_micros(micros.parse().ok()?), id.parse().ok()?))
}

/// What the overview reads.
struct Hers {
    cases: Vec<Case>,
    has_more: bool,
    /// What happened in the cases that have news.
    news: Vec<(CaseId, Vec<TimelineEvent>)>,
    reach: Option<Reach>,
}

impl Hers {
    fn read(
        conn: &mut Conn,
        slug: &MunicipalitySlug,
        party: &PartyId,
        before: Option<(At, CaseId)>,
    ) -> Result<Self, DbError> {
        let mut all = cases::list_for(conn, slug, party, before, CASES as i64 + 1)?;
        let has_more = all.len() > CASES;
        all.truncate(CASES);
        let mut news = Vec::new();
        for case in all.iter().filter(|case| case.is_news()) {
            news.push((case.id.clone(), cases::timeline(conn, &case.id)?));
        }
        Ok(Self { cases: all, has_more, news, reach: identity::reach_of(conn, party)? })
    }

    fn card(&self, case: &Case, voice: &Voice) -> Value {
        let events = self.news.iter().find(|(id, _)| *id == case.id).map(|(_, events)| events);
        let news = events.map(|events| view::news(case, events, voice)).unwrap_or_default();
        view::card(case, &news, voice)
    }

    fn cards(&self, voice: &Voice, wanted: impl Fn(&Case) -> bool) -> Vec<Value> {
        self.cases.iter().filter(|case| wanted(case)).map(|case| self.card(case, voice)).collect()
    }
}

pub(super) async fn overview(
    who: LoggedIn,
    app: web::Data<App>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    let before = wish.efter.as_deref().and_then(cursor);
    let values = overview_values(&app, &who, before).await?;
    who.visit.page("portal/my-pages.html", "my-pages", values)
}

/// What Mina sidor shows, from the database: a page of her cases, older than `before`, and on the first page what waits.
pub async fn overview_values(app: &App, who: &LoggedIn, before: Option<(At, CaseId)>) -> Result<Value, AppError> {
    let LoggedIn { visit, citizen } = who;
    let is_first = before.is_none();
    let (slug, party) = (visit.municipality.slug.clone(), citizen.party.clone());
    let hers = app.ground.db.read(move |c| Hers::read(c, &slug, &party, before)).await?;
    let capacities = if is_first && citizen.acting.is_none() {
        let (keys, slug, actor) = (app.ground.keys.clone(), visit.municipality.slug.clone(), citizen.party.clone());
        app.ground.db.read(move |c| representation::capacities_of(c, &keys, &slug, &actor)).await?
    } else {
        Vec::new()
    };
    // Her own signature is asked for: nobody signs for whom she acts.
    let hers_to_sign = citizen.pinned().filter(|_| is_first && citizen.acting.is_none());
    let asked = match hers_to_sign {
        Some(person) => {
            let (keys, slug) = (app.ground.keys.clone(), visit.municipality.slug.clone());
            app.ground.db.read(move |c| signatures::asked(c, &keys, &slug, &person)).await?
        }
        None => Vec::new(),
    };
    let drafts = if is_first { submissions::draft_cards(app, visit).await? } else { Vec::new() };
    let voice = &visit.voice;
    let waits = |case: &Case| case.next_move == NextMove::Resident || case.is_news();
    let over = |case: &Case| case.status.is_terminal();
    let older = hers
        .cases
        .last()
        .filter(|_| hers.has_more)
        .map(|last| format!("/mina-sidor?efter={}-{}", last.received_at.micros(), last.id));
    let refused = hers.reach.as_ref().filter(|r| r.email_refused_at.is_some()).and_then(|r| r.email.clone());
    Ok(json!({
        "first_page": is_first,
        "refused_email": refused.filter(|_| is_first),
        "to_sign": asked.iter().map(|s| to_sign(s, voice)).collect::<Vec<_>>(),
        "waiting": hers.cards(voice, waits),
        "drafts": drafts,
        "open": hers.cards(voice, |case| !over(case)),
        "closed": hers.cards(voice, over),
        "older": older,
        "capacities": capacities.iter().map(|c| json!({ "name": c.name, "party": c.party })).collect::<Vec<_>>(),
    }))
}

/// What somebody else has sent in and asks her to sign: nothing of what it is before she has opened it.
fn to_sign(signer: &Signer, voice: &Voice) -> Value {
    json!({ "href": format!("/underskrifter/{}", signer.id), "answer_by": voice.date(signer.answer_by) })
}

pub(super) async fn drafts(who: LoggedIn, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let drafts = submissions::draft_cards(&app, &who.visit).await?;
    who.visit.page("portal/drafts.html", "my-pages", json!({ "drafts": drafts }))
}

pub(super) async fn messages(who: LoggedIn, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let (slug, party) = (who.visit.municipality.slug.clone(), who.citizen.party.clone());
    let found = app.ground.db.read(move |c| cases::messages_for(c, &slug, &party, MESSAGES)).await?;
    let voice = &who.visit.voice;
    let messages: Vec<Value> = found
        .iter()
        .map(|(message, reference, title)| {
            let is_mine = message.direction == Direction::FromResident;
            let from = match (is_mine, message.author.as_str()) {
                (true, _) => voice.text("message-from-you"),
                (false, "") => voice.text("message-from-municipality"),
                (false, author) => author.to_owned(),
            };
            json!({
                "title": title,
                "href": format!("{}#meddelande-{}", view::href(reference), message.id),
                "from": from,
                "when": voice.date_time(message.at),
                "text": glimpse(message),
                "unread": !is_mine && message.read_at.is_none(),
            })
        })
        .collect();
    let unread = messages.iter().filter(|m| m.get("unread") == Some(&Value::Bool(true))).count();
    who.visit.page("portal/messages.html", "my-pages", json!({ "messages": messages, "unread": unread }))
}

/// The beginning of a message, on one line.
fn glimpse(message: &Message) -> String {
    let line = message.text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(GLIMPSE) {
        Some((end, _)) => format!("{} …", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests;
