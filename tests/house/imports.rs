//! Who may import whom. The tables are the rule: a change of the house is a change here, with its reason beside it.

use super::source::{SourceFile, files};

const GROUND: &[&str] = &[
    "audit",
    "contract",
    "forms",
    "municipalities",
    "oidc",
    "powers",
    "web",
    "files",
    "pdf",
    "db",
    "jobs",
    "mail",
    "settings",
    "telemetry",
    "texts",
    "toml_text",
    "vocabulary",
];

/// Top-level modules and what they may use besides themselves.
const HOUSE: &[(&str, &[&str])] = &[
    ("cli", &["portal", "desk", "simulators", "conform"]), // and the ground floor, as the next four
    ("portal", &[]), // never desk or simulators: they meet in the contract and over HTTP
    ("desk", &[]),
    ("simulators", &[]),
    ("conform", &[]), // plays the portal without being it: whoever passes has met the contract, not our code
    // The ground floor knows nothing of portal or desk.
    // jobs: /metrics tells the queue; contract: faults are told to machines in its form; telemetry: whose trace a request
    // is in.
    (
        "web",
        &[
            "contract",
            "db",
            "files",
            "jobs",
            "municipalities",
            "settings",
            "telemetry",
            "texts",
            "toml_text",
            "vocabulary",
        ],
    ),
    // audit: every log-in and log-out is told there.
    ("oidc", &["audit", "db", "municipalities", "settings", "vocabulary", "web"]),
    // forms: how a field is shown.
    ("powers", &["audit", "db", "forms", "vocabulary", "web"]),
    ("mail", &["vocabulary"]),
    ("jobs", &["db", "settings", "vocabulary"]),
    ("audit", &["db", "vocabulary"]),
    ("db", &["vocabulary"]),
    ("files", &["vocabulary"]),
    ("municipalities", &["settings", "texts", "toml_text", "vocabulary"]),
    ("pdf", &["vocabulary"]),
    ("settings", &["toml_text", "vocabulary"]),
    ("telemetry", &[]),
    // No input or output at all; texts reads the files that it is built with.
    ("contract", &["vocabulary"]),
    ("forms", &["texts", "toml_text", "vocabulary"]),
    ("texts", &["toml_text", "vocabulary"]),
    ("toml_text", &[]),
    ("vocabulary", &[]),
];

/// On the ground floor, but not a dependency: how a type is shown to the database, and macros of the crate's root.
const EVERYONE: &[&str] = &["db::types", "text_column", "word_enum", "insert_all", "on_each"];

/// The portal's slices and whom they may use. `app`, `server` and `testing` put the slices together and may use all.
const PORTAL: &[(&str, &[&str])] = &[
    ("catalogue", &["submissions"]),
    ("prefill", &[]),
    ("notifications", &[]),
    ("attachments", &["cases"]),
    ("cases", &["notifications"]),
    ("signatures", &[]),
    ("receipts", &["signatures"]),
    ("delivery", &["cases", "signatures"]),
    ("identity", &["prefill", "submissions"]),
    (
        "submissions",
        &[
            "catalogue",
            "prefill",
            "attachments",
            "identity",
            "representation",
            "cases",
            "delivery",
            "notifications",
            "receipts",
            "signatures",
        ],
    ),
    ("representation", &["catalogue", "identity", "prefill"]),
    ("integration", &["cases", "delivery"]),
    ("my_pages", &["attachments", "submissions", "cases", "identity", "delivery", "representation", "signatures"]),
    // integration: the keys that systems are given.
    ("administration", &["cases", "delivery", "integration"]),
];

/// The desk's, likewise.
const DESK: &[(&str, &[&str])] = &[
    ("journal", &[]),
    ("received", &[]),
    ("staff", &[]),
    ("portal_link", &["journal"]),
    ("errands", &["journal", "portal_link", "staff"]),
    ("decisions", &["errands", "journal", "portal_link"]),
    ("intake", &["decisions", "errands", "journal", "portal_link", "received"]),
    // errands: what a unit of work can run into.
    ("pull", &["errands", "intake", "portal_link"]),
    ("pages", &["decisions", "errands", "journal", "portal_link", "pull", "received", "staff"]),
];

/// Where two slices know each other, and why that is so.
const BOTH_WAYS: &[(&str, &str, &str)] = &[
    ("catalogue", "submissions", "the page of a service offers the draft that its visitor has begun"),
    ("identity", "submissions", "who logs in takes over what her browser has begun"),
];

/// Parts that make an application of its slices.
const ASSEMBLY: &[&str] = &["app", "server", "testing"];

/// Where actix may be named, by the name of a file or folder.
const HTTP: &[&str] = &["pages", "api", "server", "guard", "guards", "web", "simulators", "cli"];
/// Further places, each with its reason.
const HTTP_TOO: &[(&str, &str)] = &[
    ("portal/app.rs", "holds the ground floor in actix' Data"),
    ("portal/identity/mod.rs", "the citizen's guard"),
    ("portal/identity/switch.rs", "a session that is renewed is a new cookie"),
    ("portal/integration/", "the API that other systems call is all HTTP"),
];

/// Where SQL may be written, by the name of a file or folder.
const SQL: &[&str] = &["store", "db"];
/// Further places, each with its reason.
const SQL_TOO: &[(&str, &str)] = &[
    ("oidc/transactions.rs", "one small table of its own"),
    ("web/error.rs", "only turns diesel's error into an answer"),
    ("vocabulary/", "only derives that let a type be a column"),
    ("portal/cases/model.rs", "only derives that let a row be a struct"),
    ("desk/journal.rs", "one small table of its own"),
    ("desk/received.rs", "one small table of its own"),
    ("desk/errands/diary.rs", "the store, divided by what it is about"),
    ("desk/errands/inbox.rs", "the store, divided by what it is about"),
    ("desk/errands/search.rs", "the store, divided by what it is about"),
    ("desk/portal_link/documents.rs", "the store, divided by what it is about"),
    ("desk/portal_link/outbox.rs", "the store, divided by what it is about"),
    ("desk/portal_link/sent.rs", "the store, divided by what it is about"),
];

/// Slices that are not in a table yet fail the test, so that nobody forgets to say what they may use.
fn rule<'a>(table: &'a [(&str, &'a [&'a str])], who: &str) -> &'a [&'a str] {
    table
        .iter()
        .find(|(name, _)| *name == who)
        .map(|(_, may)| *may)
        .unwrap_or_else(|| panic!("{who} is not in the table"))
}

fn fail(faults: Vec<String>, rule: &str) {
    assert!(faults.is_empty(), "{rule}\n{}", faults.join("\n"));
}

fn excepted(file: &SourceFile, list: &[(&str, &str)]) -> bool {
    list.iter().any(|(place, _)| file.path.starts_with(place))
}

#[test]
fn every_module_uses_only_what_stands_below_it() {
    let mut faults = Vec::new();
    for file in files() {
        let Some(own) = file.module.first() else { continue };
        let mut may = rule(HOUSE, own).to_vec();
        if matches!(own.as_str(), "cli" | "portal" | "desk" | "simulators" | "conform") {
            may.extend(GROUND);
        }
        for name in &file.names {
            let Some(used) = name.first() else { continue };
            let whole = name.join("::");
            let is_free = EVERYONE.iter().any(|free| whole.starts_with(free));
            if used != own && !is_free && !may.contains(&used.as_str()) {
                faults.push(format!("{} names crate::{whole}", file.path));
            }
        }
    }
    fail(faults, "a module may use only what HOUSE says:");
}

fn slices(application: &str, table: &[(&str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files() {
        let [own, slice, ..] = file.module.as_slice() else { continue };
        if own != application || ASSEMBLY.contains(&slice.as_str()) {
            continue;
        }
        let may = rule(table, slice);
        for name in &file.names {
            let [top, used, rest @ ..] = name.as_slice() else { continue };
            // A capital is a type of the application itself, as `portal::App`.
            if top != application || used == slice || used.starts_with(char::is_uppercase) {
                continue;
            }
            if !may.contains(&used.as_str()) && !ASSEMBLY.contains(&used.as_str()) {
                faults.push(format!("{} names {}", file.path, name.join("::")));
            }
            // The door of a slice is its mod.rs.
            let submodule = |part: &String| {
                let beside = format!("{}/src/{application}/{used}/{part}", env!("CARGO_MANIFEST_DIR"));
                std::path::Path::new(&format!("{beside}.rs")).exists() || std::path::Path::new(&beside).is_dir()
            };
            if rest.len() > 1 && rest.first().is_some_and(submodule) {
                faults.push(format!("{} goes past the door of {used}: {}", file.path, name.join("::")));
            }
        }
    }
    faults
}

#[test]
fn a_slice_of_the_portal_uses_only_those_it_may_and_through_their_doors() {
    fail(slices("portal", PORTAL), "a slice may use only what PORTAL says:");
}

#[test]
fn a_slice_of_the_desk_uses_only_those_it_may_and_through_their_doors() {
    fail(slices("desk", DESK), "a slice may use only what DESK says:");
}

#[test]
fn no_slice_is_above_itself() {
    for table in [PORTAL, DESK] {
        let known = |a: &str, b: &str| BOTH_WAYS.iter().any(|(x, y, _)| *x == a && *y == b);
        // Slices whose whole set below them is settled already, until nothing more settles.
        let mut settled: Vec<&str> = Vec::new();
        loop {
            let next = table.iter().find(|(slice, uses)| {
                let below = uses.iter().all(|used| settled.contains(used) || known(slice, used));
                !settled.contains(slice) && below
            });
            match next {
                Some((slice, _)) => settled.push(*slice),
                None => break,
            }
        }
        let rest: Vec<&str> = table.iter().map(|(slice, _)| *slice).filter(|s| !settled.contains(s)).collect();
        assert!(rest.is_empty(), "these use each other in a circle: {rest:?}");
    }
}

#[test]
fn forms_contract_texts_and_vocabulary_read_and_write_nothing() {
    const OUTSIDE: &[&str] =
        &["std::fs", "std::net", "std::env", "std::process", "tokio", "reqwest", "actix_web", "tera::", "lettre"];
    let mut faults = Vec::new();
    const PURE: &[&str] = &["forms", "contract", "texts", "toml_text", "vocabulary"];
    for file in files().iter().filter(|f| f.module.first().is_some_and(|first| PURE.contains(&first.as_str()))) {
        faults.extend(OUTSIDE.iter().filter(|o| file.code.contains(**o)).map(|o| format!("{} names {o}", file.path)));
    }
    fail(faults, "pure modules do no input or output:");
}

#[test]
fn only_stores_write_sql() {
    let mut faults = Vec::new();
    for file in files() {
        let is_store = file.is_among(SQL) || file.path.ends_with("_store.rs") || excepted(&file, SQL_TOO);
        // The errors and the transaction of a use case are diesel's; its statements and tables are the store's.
        let statements =
            ["diesel::prelude", "diesel::insert_into", "diesel::update", "diesel::delete", "sql_query", "db::schema"];
        if !is_store && let Some(named) = statements.iter().find(|s| file.code.contains(**s)) {
            faults.push(format!("{} names {named}", file.path));
        }
    }
    fail(faults, "SQL stands in store.rs:");
}

#[test]
fn only_pages_and_interfaces_know_http() {
    let faults = files()
        .iter()
        .filter(|file| file.code.contains("actix_web") || file.code.contains("actix_multipart"))
        .filter(|file| !file.is_among(HTTP) && !excepted(file, HTTP_TOO))
        .map(|file| file.path.clone())
        .collect();
    fail(faults, "actix stands in pages, api, guards and servers:");
}

#[test]
fn one_file_is_the_door_to_tera() {
    let faults = files()
        .iter()
        .filter(|file| file.code.contains("tera::") && file.path != "web/render.rs")
        // What cannot be read is told by the reader itself.
        .filter(|file| file.path != "web/template_faults.rs")
        .map(|file| file.path.clone())
        .collect();
    fail(faults, "only web/render.rs and web/template_faults.rs know Tera:");
}

#[test]
fn ring_is_the_only_source_of_cryptography_and_chance() {
    const OTHERS: &[&str] = &["sha2::", "hmac::Hmac", " rand::", "getrandom::", "aes_gcm", "openssl"];
    let mut faults = Vec::new();
    for file in files() {
        let code = file.code.replace("ring::rand::", "");
        faults.extend(OTHERS.iter().filter(|o| code.contains(**o)).map(|o| format!("{} names {o}", file.path)));
    }
    fail(faults, "ring is the one provider:");
}

#[test]
fn only_the_clock_reads_the_time() {
    const CLOCKS: &[&str] = &["SystemTime::now", "Timestamp::now", "Zoned::now", "Utc::now", "OffsetDateTime::now"];
    let mut faults = Vec::new();
    for file in files().iter().filter(|file| file.path != "vocabulary/at.rs") {
        faults.extend(CLOCKS.iter().filter(|o| file.code.contains(**o)).map(|o| format!("{} names {o}", file.path)));
    }
    fail(faults, "time is a parameter (vocabulary::Clock):");
}
