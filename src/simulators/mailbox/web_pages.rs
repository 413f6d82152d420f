//! The letters, as pages of Kontrollrum.

use super::letters::{self, Content, Letter};
use crate::simulators::control_room::ControlRoom;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many letters a page shows.
const SHOWN: usize = 200;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/brev", web::get().to(list))
        .route("/brev/{id}", web::get().to(letter))
        .route("/brev/{id}/html", web::get().to(html))
        .route("/brev/{id}/kalla", web::get().to(source))
        .route("/api/brev", web::get().to(api))
        .route("/api/brev", web::delete().to(empty));
}

#[derive(Deserialize)]
struct Recipient {
    till: Option<String>,
}

impl Recipient {
    fn address(&self) -> Option<&str> {
        self.till.as_deref().map(str::trim).filter(|till| !till.is_empty())
    }
}

/// A letter in a list.
pub(in crate::simulators) fn shown(letter: &Letter) -> serde_json::Value {
    let from = if letter.from.is_empty() { "(ingen avsändare)" } else { &letter.from };
    json!({
        "id": letter.id, "at": letter.at, "shown_at": letter.at.in_sweden().strftime("%-d/%-m %H.%M.%S").to_string(),
        "from": from, "to": letter.to.join(", "), "subject": letter.subject,
    })
}

async fn list(http: HttpRequest, room: web::Data<ControlRoom>, query: web::Query<Recipient>) -> HttpResponse {
    let letters = room.letters.newest(query.address(), SHOWN);
    let view = json!({
        "letters": letters.iter().map(shown).collect::<Vec<_>>(), "till": query.address().unwrap_or_default(),
        "more": letters.len() == SHOWN,
    });
    room.pages.page(&http, StatusCode::OK, "letters.html", &view)
}

/// A letter with its content, read off the executor's thread.
async fn read(room: &ControlRoom, id: &str) -> Option<(Letter, Vec<u8>)> {
    let letter = room.letters.find(id)?;
    let (letters, wanted) = (room.letters.clone(), letter.clone());
    let message = web::block(move || letters.message(&wanted)).await.ok()?.ok()?;
    Some((letter, message))
}

fn no_letter(room: &ControlRoom) -> HttpResponse {
    room.pages.notice(StatusCode::NOT_FOUND, "Brevet finns inte", "Det kan ha tagits bort när brevlådan tömdes.")
}

async fn letter(http: HttpRequest, room: web::Data<ControlRoom>, id: web::Path<String>) -> HttpResponse {
    let Some((letter, message)) = read(&room, &id).await else { return no_letter(&room) };
    let content = letters::content(&message);
    let text = content.text.unwrap_or_else(|| "(ingen textdel)".to_owned());
    let voice = room.pages.voice(&http);
    let attachments = content.attachments.iter();
    let attachments = attachments.map(|a| json!({ "name": a.name, "size_text": voice.size(a.size as u64) }));
    let view = json!({
        "letter": shown(&letter), "links": links(&text), "text": text, "has_html": content.html.is_some(),
        "attachments": attachments.collect::<Vec<_>>(),
    });
    room.pages.page(&http, StatusCode::OK, "letter.html", &view)
}

/// Web addresses in a text, so that they can be followed without copying.
fn links(text: &str) -> Vec<&str> {
    let mut links: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_matches(['<', '>', '(', ')', '"', ',', '.']);
        if (word.starts_with("http://") || word.starts_with("https://")) && !links.contains(&word) {
            links.push(word);
        }
    }
    links
}

/// The HTML part alone, shown in a frame that can do nothing: no script, no forms, nothing fetched from anywhere.
async fn html(room: web::Data<ControlRoom>, id: web::Path<String>) -> HttpResponse {
    let Some((_, message)) = read(&room, &id).await else { return no_letter(&room) };
    let Some(html) = letters::content(&message).html else { return no_letter(&room) };
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'";
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .content_type("text/html; charset=utf-8")
        .body(html)
}

async fn source(room: web::Data<ControlRoom>, id: web::Path<String>) -> HttpResponse {
    match read(&room, &id).await {
        Some((_, message)) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(message),
        None => no_letter(&room),
    }
}

#[derive(Serialize)]
struct WholeLetter {
    #[serde(flatten)]
    letter: Letter,
    #[serde(flatten)]
    content: Content,
}

/// For tests: every letter (to one address), newest first, whole.
async fn api(room: web::Data<ControlRoom>, query: web::Query<Recipient>) -> HttpResponse {
    let mut whole = Vec::new();
    for letter in room.letters.newest(query.address(), SHOWN) {
        if let Some((letter, message)) = read(&room, &letter.id).await {
            whole.push(WholeLetter { letter, content: letters::content(&message) });
        }
    }
    HttpResponse::Ok().json(whole)
}

/// Empties the mailbox. A page on another origin cannot send DELETE here without asking, and gets no answer.
async fn empty(room: web::Data<ControlRoom>) -> HttpResponse {
    let letters = room.letters.clone();
    match web::block(move || letters.empty()).await {
        Ok(Ok(())) => HttpResponse::NoContent().finish(),
        _ => HttpResponse::InternalServerError().finish(),
    }
}
