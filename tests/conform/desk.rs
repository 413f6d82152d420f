//! Our own desk is an adapter like any other: the kit plays its portal, and a handler does what the kit asks for, on the
//! desk's own pages.

use super::browser::Browser;
use super::databases::with_conn;
use super::demo::legitimate;
use super::installation::Installation;
use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kommunportal::conform::{self, Config, Mode, Report, Verdict};
use kommunportal::contract::MunicipalityRef;
use kommunportal::db::schema::errands;
use kommunportal::vocabulary::{At, Clock, ErrandId};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::time::Duration;

/// A handler with her browser, and where the desk keeps what no page shows.
struct Handler {
    browser: tokio::sync::Mutex<Browser>,
    desk: String,
    database: String,
}

impl Handler {
    /// Does what a person would; `None` where the desk has nothing of the kind.
    async fn act(&self, action: &str, errand: &str) -> Option<Value> {
        match action {
            "look" => {
                let id: ErrandId = errand.parse().unwrap();
                let find = move |c: &mut kommunportal::db::Conn| -> At {
                    errands::table.find(id).select(errands::received_at).first(c).unwrap()
                };
                return Some(json!({ "receivedAt": with_conn(&self.database, find) }));
            }
            // What the probe does a minute later.
            "resume" => {
                let sql = "DELETE FROM paused_portals; UPDATE outgoing_events SET next_at = 0 WHERE state = 'waiting'";
                with_conn(&self.database, move |c| c.batch_execute(sql).unwrap());
                return Some(Value::Null);
            }
            _ => {}
        }
        let page = format!("{}/arenden/{errand}", self.desk);
        let mut held = self.browser.lock().await;
        let browser = &mut *held;
        browser.open(&page).await;
        browser.expect_status(200);
        if browser.source().contains(&format!("/arenden/{errand}/ta\"")) {
            let form = browser.form("/ta");
            browser.submit(form, "Ta ärendet").await;
        }
        let offers = |browser: &Browser, path: &str| browser.source().contains(&format!("/arenden/{errand}/{path}\""));
        match action {
            "status" => {
                // The one it has is not among the choices.
                let is_offered = browser.source().contains("value=\"HANDLAGGS\"");
                let next = if is_offered { "HANDLAGGS" } else { "UNDERBESLUT" };
                let form = browser.form("/status").choose("Ny status", next);
                browser.submit(form, "Byt status").await;
            }
            "message" => {
                let form = browser.form("/meddelande").fill("Meddelande", "Vi har fått in det som behövs.");
                browser.submit(form, "Skicka meddelandet").await;
            }
            "close" => {
                let form = browser.form("/avsluta").choose("outcome", "written_off");
                let form = form.fill("Text till den sökande", "Ärendet är avslutat.");
                browser.submit(form, "Avsluta ärendet").await;
            }
            "reopen" => {
                let form = browser.form("/oppna-igen").fill("reason", "Ny uppgift har kommit in.");
                browser.submit(form, "Öppna igen").await;
            }
            "decision" => {
                browser.click("Skriv beslut").await;
                let form = browser.form("/beslut").choose("outcome", "approved").fill("Beslut", "Bidraget beviljas.");
                browser.submit(form, "Fatta beslutet").await;
            }
            "supplement" if offers(browser, "komplettering") => {
                let form = browser.form("/komplettering").fill("text", "Vi behöver protokollet från årsmötet.");
                browser.submit(form.fill("required", "Årsmötesprotokoll"), "Begär komplettering").await;
            }
            "resolve-supplement" if offers(browser, "komplettering/svar") => {
                let form = browser.form("/komplettering/svar").choose("state", "accepted");
                browser.submit(form, "Bedöm kompletteringen").await;
            }
            _ => return None,
        }
        browser.expect_status(200);
        Some(Value::Null)
    }
}

async fn hook(asked: web::Json<Value>, handler: web::Data<Handler>) -> HttpResponse {
    let word = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    match handler.act(&word("action"), &word("externalCaseId")).await {
        Some(said) => HttpResponse::Ok().json(said),
        None => HttpResponse::NotImplemented().finish(),
    }
}

/// The desk alone, with the kit at the portal's address.
async fn try_the_desk(mode: Mode) -> Report {
    let mut all = Installation::on_files();
    if mode == Mode::Pull {
        all.set("TARGETS__CASTOR__KIND", "polled");
        all.environment.remove("KOMMUNPORTAL__TARGETS__CASTOR__URL");
    }
    // Two live ones, as while a secret is changed.
    let first = all.environment["KOMMUNPORTAL__TARGETS__CASTOR__SECRET_OUT"].clone();
    let next = "whsec_bsOkc3RhIGhlbWxpZ2hldCwgbsOkc3RhIGhlbWxpZ2hldA==".to_owned();
    all.set("TARGETS__CASTOR__SECRET_OUT", &format!("{first},{next}"));
    all.run_well(&["migrate", "desk"]);
    all.employ();
    let _simulators = all.start_simulators().await;
    let desk = all.start_desk().await;
    let mut browser = Browser::new();
    browser.open(&all.desk("/inkorg")).await;
    legitimate(&mut browser, "evha01@2120009911").await;
    let database = format!("sqlite:{}", all.folder.path().join("desk.db").display());
    let handler = Handler { browser: tokio::sync::Mutex::new(browser), desk: all.at(1), database };
    let handler = web::Data::new(handler);
    let server = HttpServer::new(move || App::new().app_data(handler.clone()).route("/", web::post().to(hook)))
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
    let hook = format!("http://localhost:{}/", server.addrs()[0].port());
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);

    let listener = TcpListener::bind(("127.0.0.1", all.base)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let secret = |name: &str| all.environment[&format!("KOMMUNPORTAL__TARGETS__CASTOR__{name}")].clone();
    let config = Config {
        mode,
        url: Some(format!("{}/integration", all.at(1)).parse().unwrap()),
        public_url: all.at(0),
        token: secret("TOKEN"),
        secret_out: first.parse().unwrap(),
        secret_out_next: Some(next.parse().unwrap()),
        secret_in: vec![secret("SECRET_IN").parse().unwrap()],
        municipality: MunicipalityRef { code: "1257".into(), organisation_number: "2120009911".into() },
        case_type: "KFN-BIDRAG".into(),
        unit: "FRITID".into(),
        appeal_regime: "kl".into(),
        sensitive_case_type: "KFN-BIDRAG-LOKAL".into(),
        // A desk that fetches rests for half a minute after a portal that did not answer well.
        patience: Duration::from_secs(if mode == Mode::Pull { 45 } else { 20 }),
        settle: Duration::from_secs(3),
        person: Duration::ZERO,
        only: vec![],
        hook: Some(hook.parse().unwrap()),
        state: None,
    };
    let report = conform::run(config, listener, Clock::system(), |r| eprint!("{}", r.lines())).await.unwrap();
    handle.stop(false).await;
    drop(desk);
    report
}

fn assert_passed(report: &Report, not_applicable: &[&str]) {
    for result in &report.results {
        let wanted = if not_applicable.contains(&result.id) { Verdict::NotApplicable } else { Verdict::Passed };
        assert_eq!(result.verdict, wanted, "{}", result.lines());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_desk_passes_every_check_of_an_adapter_that_is_called() {
    // It registers at once, is called, and makes no archive.
    assert_passed(&try_the_desk(Mode::Push).await, &["C06", "C22", "C24"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_desk_passes_every_check_of_an_adapter_that_fetches() {
    assert_passed(&try_the_desk(Mode::Pull).await, &["C03", "C04", "C06", "C24", "C26"]);
}
