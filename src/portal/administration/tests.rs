//! Every page of the administration, in both languages.

use crate::vocabulary::Lang;
use crate::web::Renderer;
use serde_json::{Value, json};

fn with_page(mut context: Value) -> Value {
    context["page"] = json!({
        "title": "", "language": "sv", "languages": [{"tag": "sv", "name": "Svenska"}], "path": "/", "csrf": "x", "nav": "overview", "demo": false, "demo_links": [],
        "municipality": {"name": "Örkelljunga kommun", "slug": "orkelljunga"}, "user": {"name": "Henrik Ekmark", "units": "", "roles": ["systemforvaltare", "informationsagare"]},
        "asset_version": "1", "request_id": "r", "capacity": "", "error_prefix": false, "notice": null, "session": null,
    });
    context
}

#[test]
fn every_page_can_be_shown_full_and_empty() {
    let renderer = Renderer::new().unwrap();
    let sum = json!({"submitted": 3, "registered": 1, "by_hand": 1, "under_way": 0, "dead": 1, "missing": 0});
    let target = json!({"slug": "castor", "name": "Castor", "paused": "Säger nej", "failures": 1, "since": "i dag", "why": "HTTP 401", "probe": "snart"});
    let delivery = json!({"id": "d", "href": "/leveranser/d", "case_id": "c", "target": "castor", "kind": "Ärende", "state": "Uppgiven",
        "state_kind": "danger", "attempts": 3, "unclear": true, "why": "HTTP 422", "received": "i dag", "next": "snart", "finished": null,
        "resolved_by": null, "resolved_why": null, "can_retry": true, "can_resolve": true});
    let event = json!({"href": "/handelser/1", "case_id": "c", "reference": null, "target": "castor", "kind": "status_changed", "code": "NYTT", "fate": "Väntar", "fate_kind": "progress", "time": "nu", "received": "nu"});
    let receiver = json!({"slug": "castor", "name": "Castor", "kind": "Kontraktet", "state": "Står stilla", "state_kind": "danger", "paused": target, "failures": 5,
        "waiting": 3, "accepted": 1, "dead": 2, "oldest": "3 timmar", "last_hour": 0, "last_day": 4, "can_pause": true, "can_probe": true, "can_resume": true, "wrong": true});
    let key = json!({"id": "k1", "kind": "Klient", "created": "nu", "by": "staff:a", "expires": null, "revoked": null, "revoked_by": null, "used": null});
    let members = json!([{"path": "kind", "value": "submission"}, {"path": "title", "value": null}]);
    let pages = [
        (
            "overview",
            json!({"states": [{"label": "Uppgiven", "href": "/x", "count": 1}], "events": 1, "jobs": 0, "targets": [target],
            "balances": [{"day": "21 november 2026", "sum": sum, "even": true}]}),
            "HTTP 401",
        ),
        ("overview", json!({"states": [], "events": 0, "jobs": 0, "targets": [], "balances": []}), "h1"),
        (
            "deliveries",
            json!({"state": "Uppgiven", "filters": [], "rows": [delivery], "next": "/mer", "targets": [receiver], "state_code": "dead", "errors": [],
            "receivers": [{"slug": "a", "name": "A", "selected": false}, {"slug": "b", "name": "B", "selected": true}]}),
            "3 timmar",
        ),
        (
            "deliveries",
            json!({"state": "Uppgiven", "filters": [], "rows": [], "next": "", "targets": [], "receivers": [], "errors": []}),
            "h1",
        ),
        (
            "delivery",
            json!({"delivery": delivery, "reference": "EK-2026-7F3K9QX6", "diary_number": null, "typed": {}, "events_href": "/handelser", "protected": false,
            "by_letter": false, "is_submission": true, "sha256": "ab12", "size": "3 kB", "members": members, "may_fetch": true,
            "files": [{"name": "kvitto.pdf", "href": "/x", "size_text": "1 kB", "kind_text": "application/pdf"}],
            "attempts": [{"n": 1, "at": "nu", "status": 422, "class": "nekad", "note": ""}],
            "errors": [{"field_id": "why", "href": "#why", "message": "Skriv varför"}]}),
            "Skriv varför",
        ),
        (
            "delivery",
            json!({"delivery": delivery, "reference": "EK-2026-7F3K9QX6", "diary_number": null, "typed": {}, "events_href": "/handelser", "protected": true,
            "by_letter": true, "is_submission": true, "sha256": null, "size": null, "members": null, "may_fetch": false, "files": [], "attempts": [], "errors": []}),
            "name=\"number\"",
        ),
        (
            "events",
            json!({"filters": [], "receivers": [{"slug": "castor", "name": "Castor", "selected": true}], "typed": {"arende": null, "fran": "x", "till": null, "lage": "parked"},
            "rows": [event], "next": "", "errors": [{"field_id": "fran", "href": "#fran", "message": "Fel dag"}]}),
            "NYTT",
        ),
        (
            "events",
            json!({"filters": [], "receivers": [], "typed": {"arende": null, "fran": null, "till": null, "lage": null}, "rows": [], "next": "", "errors": []}),
            "h1",
        ),
        (
            "event",
            json!({"event": event, "envelope": [{"name": "id", "value": "e1"}], "why": "Därför", "status": null, "did": "Inget", "members": members,
            "can_run": true, "can_replay": true, "can_ask": true, "told": "Klart"}),
            "<code>title</code>",
        ),
        (
            "event",
            json!({"event": event, "envelope": [], "why": "Därför", "status": null, "did": "Inget", "members": null, "can_run": false, "can_replay": false,
            "can_ask": false, "told": null}),
            "Därför",
        ),
        (
            "statuses",
            json!({"codes": [{"target": "castor", "kind": "status_changed", "code": "NYTT", "count": 2, "last": "nu", "example": "EK-1", "example_href": "/x", "all_href": "/y"}],
            "tables": [{"name": "Castor", "file": "config/targets/castor.toml", "rows": [{"code": "KOMP", "status": "x", "case_type": null, "label": null, "notify": true, "visible": false, "from": null}]}]}),
            "NYTT",
        ),
        ("statuses", json!({"codes": [], "tables": [{"name": "Castor", "file": "f", "rows": []}]}), "h1"),
        (
            "connections",
            json!({"refused": "Två gäller", "systems": [{"slug": "castor", "name": "Castor", "kind": "Kontraktet", "host": "castor.example", "set": ["Nyckel"], "over": [key],
            "kinds": [{"kind": "client", "label": "Klient", "text": "Text", "may_issue": true, "keys": [key]}, {"kind": "token", "label": "Nyckel", "text": "Text", "may_issue": false, "keys": []}]}]}),
            "castor.example",
        ),
        ("connections", json!({"refused": null, "systems": []}), "h1"),
        (
            "key",
            json!({"system": "Castor", "kind": "Klient", "id": "k1", "text": "hemlig", "is_client": true}),
            "client_secret",
        ),
        ("revoke", json!({"key": key, "system": "Castor", "kind": "Klient"}), "Castor"),
        (
            "jobs",
            json!({"rows": [{"seq": 1, "kind": "mail", "why": "no smtp", "attempts": 12, "created": "nu"}]}),
            "no smtp",
        ),
        ("jobs", json!({"rows": []}), "h1"),
        (
            "log",
            json!({"rows": [{"at": "nu", "actor": "staff:a", "action": "login", "subject": "a", "detail": "acr=x"}], "next": "/logg?fore=1", "subject": ""}),
            "acr=x",
        ),
        ("log", json!({"rows": [], "next": "", "subject": "x"}), "h1"),
        (
            "powers",
            json!({"rows": [{"affiliation": "a@b", "name": "A", "powers": [{"label": "Systemägare", "unit": "", "role": "systemagare", "may_take": true}]}],
                "wishes": [{"id": "1", "name": "B", "affiliation": "b@b", "power": "Systemförvaltare", "why": "Ny här", "asked_by": "C", "asked_at": "nu",
                "expires_on": "sen", "may_answer": true}], "inputs": [], "errors": [], "may_ask": true}),
            "Ny här",
        ),
        ("powers", json!({"rows": [], "wishes": [], "inputs": [], "errors": [], "may_ask": false}), "h1"),
        (
            "logins",
            json!({"rows": [{"id": "1", "principal": "a", "name": "A", "agent": "", "method": "", "begun": "nu", "seen": "nu", "here": false}],
                "all": true, "residents": true}),
            "name=\"party\"",
        ),
    ];
    for lang in ["sv", "en"].map(|tag| tag.parse::<Lang>().unwrap()) {
        for (name, context, wanted) in &pages {
            let html = renderer.render(lang, &format!("administration/{name}.html"), &with_page(context.clone()));
            let html = html.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(html.contains(wanted), "{name}");
        }
    }
}

#[test]
fn every_status_kind_and_letter_has_its_words() {
    let renderer = Renderer::new().unwrap();
    for lang in ["sv", "en"].map(|tag| tag.parse::<Lang>().unwrap()) {
        let has = |key: String| assert!(renderer.texts().has(lang, &key), "{key}");
        for status in crate::contract::PortalStatus::ALL {
            let key = status.as_str().replace('_', "-");
            has(format!("status-{key}"));
        }
        for state in crate::portal::delivery::DeliveryState::ALL {
            has(format!("admin-state-{}", state.as_str().replace('_', "-")));
        }
        for kind in crate::contract::DeliveryKind::ALL {
            has(format!("admin-kind-{}", kind.as_str().replace('_', "-")));
        }
        for fate in crate::portal::cases::Fate::ALL {
            has(format!("admin-fate-{}", fate.as_str()));
        }
        for (name, title) in [("received", json!("Felanmälan")), ("news", Value::Null)] {
            let context = json!({"language": "sv", "municipality": "Örkelljunga kommun", "phone": "0435-550 00", "title": title,
                "reference": "EK-2026-7F3K9QX6", "news": "message", "received_at": "i dag", "link": "http://localhost/x"});
            for part in ["subject.txt", "body.txt", "body.html"] {
                let text = renderer.render(lang, &format!("mail/{name}/{part}"), &context).unwrap();
                assert!(text.contains("EK-2026-7F3K9QX6"), "{name}/{part}");
                assert!(name == "received" || !text.contains("Felanmälan"));
            }
        }
    }
}
