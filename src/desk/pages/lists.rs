//! The inbox, her own errands, and search.

use super::view::{self, Words};
use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::errands::{self, Cursor, Filter, InboxPage, Listed};
use crate::desk::staff::{self, Handler, Unit};
use crate::web::AppError;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Characters of a question that are looked at.
const LONGEST_QUESTION: usize = 100;

/// What the address of a list says. Every value is a wish: what does not fit is left out.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Wish {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    enhet: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    status: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    visa: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    efter: String,
}

impl Wish {
    fn filter(&self) -> Filter {
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        Filter {
            unit: some(&self.enhet),
            status: some(&self.status),
            mine: self.visa == "mina",
            unassigned: self.visa == "lediga",
            unread: self.visa == "nytt",
        }
    }

    fn href(&self, path: &str) -> String {
        let pairs = [("enhet", &self.enhet), ("status", &self.status), ("visa", &self.visa), ("efter", &self.efter)];
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()))
            .finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

pub async fn inbox(handler: Handler, desk: web::Data<Desk>, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    list(handler, desk, wish.into_inner(), "inbox").await
}

pub async fn mine(handler: Handler, desk: web::Data<Desk>, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let wish = Wish { visa: "mina".to_owned(), ..wish.into_inner() };
    list(handler, desk, wish, "mine").await
}

async fn list(
    Handler { visit, member }: Handler,
    desk: web::Data<Desk>,
    wish: Wish,
    nav: &'static str,
) -> Result<HttpResponse, AppError> {
    let (filter, after) = (wish.filter(), wish.efter.parse::<Cursor>().ok());
    let by = member.clone();
    let (page, units, names) = visit
        .ground
        .db
        .read(move |c| {
            let page = errands::inbox(c, &by, &filter, after.as_ref())?;
            let (units, names) = around(c, &by, &page.errands)?;
            Ok::<_, DbError>((page, units, names))
        })
        .await?;
    let words = Words::of(&visit, &desk.catalogue);
    let path = if nav == "mine" { "/mina-arenden" } else { "/inkorg" };
    let InboxPage { errands: listed, next } = page;
    let first = Wish { efter: String::new(), ..wish.clone() };
    let next_href = next.map(|cursor| Wish { efter: cursor.to_string(), ..wish.clone() }.href(path));
    let own: Vec<&Unit> = units.iter().filter(|u| member.works_in(&u.code)).collect();
    let context = json!({
        "heading": words.text(if nav == "mine" { "desk-mine-heading" } else { "desk-inbox-heading" }),
        "caption": words.text(if nav == "mine" { "desk-mine-caption" } else { "desk-inbox-caption" }),
        "is_inbox": nav == "inbox",
        "shows": if nav == "inbox" { shows(&words, &first) } else { Vec::new() },
        "units": if own.len() > 1 { unit_links(&words, &own, &first, path) } else { Vec::new() },
        "statuses": status_options(&words, &desk, &wish.status),
        "wish": first,
        "path": path,
        "columns": columns(&words),
        "rows": rows(&words, &listed, &units, &names),
        "is_filtered": !(wish.enhet.is_empty() && wish.status.is_empty() && (wish.visa.is_empty() || nav == "mine")),
        "first_href": if wish.efter.is_empty() { String::new() } else { first.href(path) },
        "next_href": next_href.unwrap_or_default(),
    });
    visit.page("desk/inbox.html", nav, context)
}

#[derive(Deserialize)]
pub struct Question {
    #[serde(default)]
    q: String,
}

pub async fn search(
    Handler { visit, member }: Handler,
    desk: web::Data<Desk>,
    question: web::Query<Question>,
) -> Result<HttpResponse, AppError> {
    let q: String = question.q.trim().chars().filter(|c| !c.is_control()).take(LONGEST_QUESTION).collect();
    let (asked, by) = (q.clone(), member);
    let (found, units, names) = visit
        .ground
        .db
        .read(move |c| {
            let found = if asked.is_empty() { Vec::new() } else { errands::found(c, &by, &asked)? };
            let (units, names) = around(c, &by, &found)?;
            Ok::<_, DbError>((found, units, names))
        })
        .await?;
    // Somebody who typed the whole of a reference or diary number wants that errand.
    if let [only] = found.as_slice()
        && (q.parse() == Ok(only.reference.clone())
            || errands::search_key(&q) == errands::search_key(&only.diary_number))
    {
        return Ok(crate::web::see_other(&format!("/arenden/{}", only.id)));
    }
    let words = Words::of(&visit, &desk.catalogue);
    let context = json!({
        "q": q,
        "count": found.len(),
        "columns": columns(&words),
        "rows": rows(&words, &found, &units, &names),
    });
    visit.page("desk/search.html", "search", context)
}

type Around = (Vec<Unit>, BTreeMap<String, String>);

fn around(c: &mut crate::db::Conn, by: &staff::Member, listed: &[Listed]) -> Result<Around, DbError> {
    let mut handlers: Vec<String> = listed.iter().filter_map(|e| e.handler.clone()).collect();
    handlers.sort();
    handlers.dedup();
    Ok((staff::units_of(c, &by.municipality)?, staff::names_of(c, &by.municipality, handlers)?))
}

fn shows(words: &Words<'_>, wish: &Wish) -> Vec<Value> {
    [("", "desk-show-all"), ("nytt", "desk-show-unread"), ("lediga", "desk-show-free"), ("mina", "desk-show-mine")]
        .into_iter()
        .map(|(visa, key)| {
            let href = Wish { visa: visa.to_owned(), ..wish.clone() }.href("/inkorg");
            json!({ "href": href, "label": words.text(key), "current": wish.visa == visa })
        })
        .collect()
}

fn unit_links(words: &Words<'_>, own: &[&Unit], wish: &Wish, path: &str) -> Vec<Value> {
    let link = |code: &str, label: &str| {
        let href = Wish { enhet: code.to_owned(), ..wish.clone() }.href(path);
        json!({ "href": href, "label": label, "current": wish.enhet == code })
    };
    std::iter::once(link("", &words.text("desk-all-units"))).chain(own.iter().map(|u| link(&u.code, &u.name))).collect()
}

fn status_options(words: &Words<'_>, desk: &Desk, chosen: &str) -> Vec<Value> {
    let option = |value: &str, label: &str| json!({ "value": value, "label": label, "selected": value == chosen });
    let all = desk.catalogue.statuses().iter().map(|s| option(&s.code, &s.label));
    std::iter::once(option("", &words.text("desk-all-open"))).chain(all).collect()
}

fn columns(words: &Words<'_>) -> Vec<Value> {
    ["desk-col-errand", "desk-col-type", "desk-col-from", "desk-col-status", "desk-col-handler", "desk-col-received"]
        .into_iter()
        .map(|key| json!({ "label": words.text(key) }))
        .collect()
}

fn rows(words: &Words<'_>, listed: &[Listed], units: &[Unit], names: &BTreeMap<String, String>) -> Vec<Value> {
    listed
        .iter()
        .map(|e| {
            let unit = units.iter().find(|u| u.code == e.unit).map_or(e.unit.as_str(), |u| u.name.as_str());
            let from = match (&e.applicant, e.protected) {
                (_, true) => json!({ "text": words.text("desk-protected"), "kind": "danger" }),
                (Some(name), false) => json!(name),
                (None, false) => json!(words.text("desk-anonymous")),
            };
            let handler = e.handler.as_ref().map(|h| names.get(h).cloned().unwrap_or_else(|| words.text("desk-gone")));
            let status = match e.attention {
                Some(why) => json!({ "text": words.attention(why), "kind": view::attention_kind(why), "hint": words.status(&e.status) }),
                None => json!(words.status(&e.status)),
            };
            json!({
                "unread": e.attention.is_some(),
                "cells": [
                    { "text": e.diary_number, "href": format!("/arenden/{}", e.id), "hint": e.reference },
                    { "text": words.case_type(&e.case_type), "hint": unit },
                    from,
                    status,
                    handler.unwrap_or_else(|| words.text("desk-nobody")),
                    words.date(e.received_at),
                ],
            })
        })
        .collect()
}
