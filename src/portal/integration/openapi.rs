//! The OpenAPI 3.1 document: paths from one table beside the routes, schemas from the types of the contract, problems from
//! the catalogue of codes. `webhooks` are the calls that the portal makes.

use super::openapi_paths::{Access, OPERATIONS, Operation};
use crate::contract::*;
use crate::web::Visit;
use actix_web::HttpResponse;
use actix_web::http::header;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// `GET /integration/v1/openapi.json`, open to anybody.
pub(super) async fn document(visit: Visit) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/vnd.oai.openapi+json;version=3.1"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(whole(&visit.address(), &visit.municipality.name, &visit.municipality.contact.email).to_string())
}

/// The document of one municipality.
pub(super) fn whole(address: &str, municipality: &str, email: &str) -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path.to_owned()).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_owned(), described(operation));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kommunportal integration",
            "version": API_VERSION,
            "summary": "Deliveries from the e-service portal, events back from the system that handles them.",
            "description": concat!(
                "Every push is signed as Standard Webhooks 1.0.0 has it (`v1`); every question bears a token. Repeating a ",
                "call with the same `webhook-id` and body gives the stored answer. Availability: the portal aims at 99.9 % ",
                "in a month, office hours or not; a receiver must cope with an hour's absence. Known limits: 256 kB for ",
                "events, 100 events in a batch, 25 MB for a document unless the municipality says otherwise.\n\n",
                "På svenska: Så kopplar du ett verksamhetssystem till e-tjänsteportalen. Systemet hämtar eller tar emot ",
                "det som invånare skickar in, och berättar med händelser vad som sker i ärendet. Alla anrop signeras eller ",
                "bär en åtkomstnyckel. Samma anrop två gånger ger samma svar."
            ),
            "contact": { "name": municipality, "email": email },
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [{ "url": format!("{address}/integration/v1") }],
        "tags": [
            { "name": "events", "description": "What happens in a case, from its system. Händelser från systemet." },
            { "name": "deliveries", "description": "What residents send in. Det som invånare skickar in." },
            { "name": "cases", "description": "Where a case stands. Ärendets läge." },
            { "name": "configuration", "description": "Codes, case types and access. Koder, ärendetyper och åtkomst." },
        ],
        "paths": paths,
        "webhooks": webhooks(),
        "components": { "schemas": schemas(), "securitySchemes": security(address), "responses": problems(address) },
    })
}

fn described(o: &Operation) -> Value {
    let mut parameters: Vec<Value> = o
        .path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" },
                "description": format!("{name}, as the delivery or event named it") })
        })
        .collect();
    for (name, place, schema, description) in o.parameters {
        let schema: Value = serde_json::from_str(schema).unwrap_or(Value::Bool(true));
        parameters.push(json!({ "name": name, "in": place, "required": *place == "header", "schema": schema,
            "description": description }));
    }
    if matches!(o.access, Access::Signed(_)) {
        for (name, description) in [
            ("webhook-id", "Names the call; the same when it is repeated."),
            ("webhook-timestamp", "Seconds since 1970, at most five minutes off."),
            ("webhook-signature", "`v1,` and the base64 of HMAC-SHA256; several divided by a space."),
        ] {
            parameters.push(json!({ "name": name, "in": "header", "required": true, "schema": { "type": "string" },
                "description": description }));
        }
    }
    let mut responses = Map::new();
    for (status, description, schema, example) in o.answers {
        let mut response = json!({ "description": description, "headers": told_headers(o) });
        if let Some(schema) = schema {
            let example: Value = serde_json::from_str(example).unwrap_or_default();
            let of = if schema.starts_with('{') {
                serde_json::from_str(schema).unwrap_or(Value::Bool(true))
            } else {
                json!({ "$ref": format!("#/components/schemas/{schema}") })
            };
            let mut content = json!({ "schema": of });
            if !example.is_null()
                && let Some(content) = content.as_object_mut()
            {
                content.insert("example".into(), example);
            }
            if let Some(response) = response.as_object_mut() {
                response.insert("content".into(), json!({ o.answer_type: content }));
            }
        }
        responses.insert(status.to_string(), response);
    }
    let own = o.problems.iter().copied();
    let of_access = match o.access {
        Access::Open => vec![],
        Access::Bearer(_) => vec![ProblemCode::TokenInvalid, ProblemCode::ScopeMissing, ProblemCode::RateLimited],
        Access::Signed(_) => vec![ProblemCode::SignatureInvalid, ProblemCode::RateLimited],
    };
    let everywhere = [ProblemCode::InternalError, ProblemCode::TemporarilyUnavailable];
    for code in own.chain(of_access).chain(everywhere) {
        let status = code.parts().1.to_string();
        responses
            .entry(status.clone())
            .or_insert_with(|| json!({ "$ref": format!("#/components/responses/Problem{status}") }));
    }
    let mut described = json!({
        "operationId": o.id,
        "tags": [o.tag],
        "summary": o.summary,
        "description": format!("{}\n\n{}", o.english, o.swedish),
        "parameters": parameters,
        "responses": responses,
        "security": match o.access {
            Access::Open => json!([{}]),
            Access::Bearer(scope) => json!([{ "token": [] }, { "clientCredentials": [scope.as_str()] }]),
            Access::Signed(_) => json!([{ "signature": [] }]),
        },
    });
    if let (Some((kinds, schema, example)), Some(map)) = (&o.body, described.as_object_mut()) {
        let of: Value = if schema.starts_with('{') {
            serde_json::from_str(schema).unwrap_or(Value::Bool(true))
        } else {
            json!({ "$ref": format!("#/components/schemas/{schema}") })
        };
        let example: Value = serde_json::from_str(example).unwrap_or_default();
        let content: Map<String, Value> = kinds
            .iter()
            .map(|kind| {
                let is_batch = kind.contains("batch");
                let schema =
                    if is_batch { json!({ "type": "array", "maxItems": 100, "items": of }) } else { of.clone() };
                let example = if is_batch { json!([example]) } else { example.clone() };
                ((*kind).to_owned(), json!({ "schema": schema, "example": example }))
            })
            .collect();
        map.insert("requestBody".into(), json!({ "required": true, "content": content }));
    }
    described
}

fn told_headers(o: &Operation) -> Value {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    let mut headers = Map::new();
    headers.insert("traceparent".into(), text("The caller's trace, given back."));
    if !matches!(o.access, Access::Open) {
        headers.insert("RateLimit-Policy".into(), text("Calls in a minute."));
        headers.insert("RateLimit".into(), text("Calls left, and seconds until there are more."));
    }
    for name in o.headers {
        headers.insert((*name).into(), text(header_told(name)));
    }
    Value::Object(headers)
}

fn header_told(name: &str) -> &'static str {
    match name {
        "Link" => "`rel=\"next\"`: where the list goes on (RFC 8288).",
        "ETag" => "Strong: the same as long as nothing has changed.",
        "Content-Range" => "Which bytes, and of how many (RFC 9110 14.4).",
        _ => "",
    }
}

fn schemas() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.definitions_path = "/components/schemas".into();
        s.meta_schema = None;
    });
    let mut generator = SchemaGenerator::new(settings);
    macro_rules! known {
        ($($of:ty),+ $(,)?) => { $(generator.subschema_for::<$of>();)+ };
    }
    known!(
        CloudEvent,
        EventResults,
        EventResult,
        Delivery,
        DeliveryReceipt,
        FeedPage,
        Problem,
        DeliveryPage,
        LeaseWish,
        Leased,
        ReceiptKept,
        DeliveryFailure,
        FailureKept,
        Acknowledgement,
        Acknowledged,
        CasePage,
        CaseStanding,
        NewStatus,
        DocumentKept,
        CaseState,
        StatusCodes,
        CaseTypes,
        ApiInfo,
        AccessToken,
        TokenRefusal,
    );
    event_schemas(&mut generator);
    let mut all = generator.take_definitions(true);
    // What an event carries is told by its type: the envelope once for each.
    let envelope = all.get("CloudEvent").cloned().unwrap_or_default();
    let kinds: Vec<Value> = EventData::NAMES.iter().map(|name| event_of(name, envelope.clone())).collect();
    all.insert("CaseEvent".into(), json!({ "description": "An event of a case.", "oneOf": kinds }));
    Value::Object(all)
}

/// The envelope of one type of event, with what that type carries.
fn event_of(name: &str, mut envelope: Value) -> Value {
    let data = name.split('_').map(capital).collect::<String>();
    if let Some(members) = envelope.get_mut("properties").and_then(Value::as_object_mut) {
        members.insert("type".into(), json!({ "const": format!("{}{name}", crate::contract::TYPE_PREFIX) }));
        members.insert("data".into(), json!({ "$ref": format!("#/components/schemas/{data}") }));
    }
    envelope
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn security(address: &str) -> Value {
    let scopes: Map<String, Value> = Scope::ALL.iter().map(|s| (s.as_str().to_owned(), json!(s.as_str()))).collect();
    json!({
        "token": { "type": "http", "scheme": "bearer", "description": "The target's static token; it reads." },
        "clientCredentials": {
            "type": "oauth2",
            "flows": { "clientCredentials": { "tokenUrl": format!("{address}/integration/v1/token"), "scopes": scopes } },
        },
        "signature": {
            "type": "apiKey", "in": "header", "name": "webhook-signature",
            "description": "Standard Webhooks 1.0.0, v1, over `{webhook-id}.{webhook-timestamp}.{body}`.",
        },
    })
}

/// One response for each HTTP status, with the codes that it may bear.
fn problems(address: &str) -> Value {
    let mut all = Map::new();
    for code in ProblemCode::ALL {
        let (word, status, title, retryable) = code.parts();
        let name = format!("Problem{status}");
        let example = json!({ "summary": title, "value": {
            "type": format!("{address}/problems/{word}"), "title": title, "status": status, "code": word,
            "detail": title, "instance": "/integration/v1/…", "retryable": retryable } });
        let entry = all.entry(name).or_insert_with(|| {
            json!({ "description": "", "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" }, "examples": {} } } })
        });
        if let Some(examples) =
            entry.pointer_mut("/content/application~1problem+json/examples").and_then(Value::as_object_mut)
        {
            examples.insert(word.to_owned(), example);
        }
        if let Some(Value::String(told)) = entry.get_mut("description") {
            told.push_str(&format!("{}`{word}`: {title}.", if told.is_empty() { "" } else { " " }));
        }
    }
    Value::Object(all)
}

/// What the portal calls at a receiver that can be called.
fn webhooks() -> Value {
    let content = |schema: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
    let signed = |schema: &str, summary: &str, answers: Value| {
        json!({ "post": { "summary": summary, "security": [{ "signature": [] }], "responses": answers,
            "requestBody": { "required": true, "content": content(schema) } } })
    };
    let asked = |summary: &str, answers: Value| json!({ "get": { "summary": summary, "security": [{ "token": [] }], "responses": answers } });
    let receipt = |description: &str| json!({ "description": description, "content": content("DeliveryReceipt") });
    json!({
        "delivery": signed("Delivery", "POST {url}/v1/deliveries", json!({
            "201": receipt("Registered."), "200": receipt("The same once more: the first answer."),
            "202": receipt("Taken; the result comes as `case.registered`."),
        })),
        "deliveryReceipt": asked("GET {url}/v1/deliveries/{deliveryId}, after an answer that did not arrive", json!({
            "200": receipt("It has it."), "404": { "description": "It has never seen it: it is sent once more." },
        })),
        "caseState": asked("GET {url}/v1/cases/{externalCaseId}, for a case that has been quiet for a day", json!({
            "200": { "description": "How it is.", "content": content("CaseState") },
            "404": { "description": "It knows no such case." },
        })),
        "readiness": asked("GET {url}/health/ready, of a receiver that did not answer", json!({
            "200": { "description": "What waits for it is sent." },
        })),
        "citizenEvents": signed("CloudEvent", "POST {url}/v1/citizen-events", json!({
            "202": { "description": "Taken." }, "200": { "description": "Known already." },
        })),
    })
}
