//! The register of companies: `POST /bolag/{kommunkod}/engagements` and `…/organisations`, with the members of the open
//! `legalentity` service.

use super::{Mandates, Organisation, Signs};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One way for the register to fail, or to answer as no test of ours expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// Closed.
    Down,
    /// A page for people in place of an answer.
    #[serde(rename = "html_200")]
    Html200,
    /// More than anybody would read.
    HugeBody,
    /// Somewhere else, on the inner network.
    RedirectInternal,
    /// Nobody has any engagement any more.
    NoEngagements,
    /// Everybody is somebody who signs together with others.
    OnlyTogether,
    /// Every organisation is struck off.
    StruckOff,
    /// Somebody else's firm.
    OtherHolder,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    person_number: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Number {
    organization_number: String,
}

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/{municipality}/engagements", web::post().to(engagements))
        .route("/{municipality}/organisations", web::post().to(organisations));
}

async fn engagements(all: web::Data<Mandates>, http: HttpRequest, asked: web::Json<Person>) -> HttpResponse {
    let fault = match begin(&all, &http, "engagements").await {
        Ok(fault) => fault,
        Err(answer) => return answer,
    };
    let hers = all.all.engagements.iter().filter(|e| e.person == asked.person_number);
    let mut found: Vec<Value> = hers
        .filter(|_| fault != Some(Fault::NoEngagements))
        .filter_map(|e| {
            let mut engagement = described(all.organisation(&e.organisation)?, fault);
            let signs = if fault == Some(Fault::OnlyTogether) { Signs::Together } else { e.signs };
            let own = engagement.as_object_mut()?;
            own.insert("roles".into(), json!(e.roles));
            own.insert("isAuthorizedSignatory".into(), json!(signs == Signs::Alone));
            own.insert("isSoleTrader".into(), json!(e.organisation == e.person));
            Some(engagement)
        })
        .collect();
    if fault == Some(Fault::OtherHolder) {
        found.push(json!({
            "organizationNumber": "199001012385", "name": "Testlunds Firma", "formShort": "E", "roles": [],
            "isAuthorizedSignatory": true, "isSoleTrader": true,
        }));
    }
    HttpResponse::Ok().json(found)
}

async fn organisations(all: web::Data<Mandates>, http: HttpRequest, asked: web::Json<Number>) -> HttpResponse {
    let fault = match begin(&all, &http, "organisations").await {
        Ok(fault) => fault,
        Err(answer) => return answer,
    };
    let found = all.organisation(&asked.organization_number).map(|o| described(o, fault));
    HttpResponse::Ok().json(found.into_iter().collect::<Vec<_>>())
}

fn described(organisation: &Organisation, fault: Option<Fault>) -> Value {
    let struck_off = (fault == Some(Fault::StruckOff)).then(|| "2026-01-01".to_owned());
    json!({
        "organizationNumber": organisation.number,
        "name": organisation.name,
        "formShort": organisation.form,
        "unRegisterDate": struck_off.or_else(|| organisation.un_register_date.clone()),
        "liquidationOrRestructuring": organisation.liquidation,
        "address": organisation.address,
    })
}

/// Waits, notes and looks at who asks; the fault that changes the answer.
async fn begin(all: &Mandates, http: &HttpRequest, what: &str) -> Result<Option<Fault>, HttpResponse> {
    all.companies.delay().await;
    let fault = all.companies.strike(|_| true);
    all.companies.note(json!({ "event": what, "fault": fault }));
    let shown = http.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    if shown != Some(&format!("Bearer {}", all.config.register_token)) {
        return Err(HttpResponse::Unauthorized().finish());
    }
    match fault {
        Some(Fault::Down) => Err(HttpResponse::ServiceUnavailable().body("stängt")),
        Some(Fault::Html200) => Err(HttpResponse::Ok().content_type("text/html").body("<h1>Välkommen</h1>")),
        Some(Fault::HugeBody) => Err(HttpResponse::Ok().json(vec!["x".repeat(1024); 4096])),
        Some(Fault::RedirectInternal) => Err(HttpResponse::TemporaryRedirect()
            .insert_header((header::LOCATION, "http://169.254.169.254/latest/meta-data"))
            .finish()),
        other => Ok(other),
    }
}
