//! Routes and worker of the citizens' side, each in one place.

use super::delivery::{self, Lanes, Pump, STAFF_MAIL, StaffLetters, Watch};
use super::integration::SystemLimit;
use super::notifications::{Letters, MAIL_JOB, REMINDER_JOB};
use super::receipts::TestLimit;
use super::submissions::{RECEIPT_JOB, delete_old_drafts, make_receipt};
use super::{
    App, attachments, catalogue, identity, integration, my_pages, prefill, receipts, representation, submissions,
};
use crate::jobs::Worker;
use crate::mail::{Limits, Mailer};
use crate::oidc::sweep_transactions;
use crate::settings::ConfigTree;
use crate::web::{Ground, sweep_sessions};
use actix_web::web;
use std::sync::Arc;
use std::time::Duration;

impl App {
    /// From the ground floor and the configuration's files; every fault at once.
    pub fn build(ground: web::Data<Ground>, tree: &ConfigTree) -> Result<Self, Vec<String>> {
        let catalogue =
            catalogue::Catalogue::load(tree, &ground.municipalities, ground.renderer.texts()).map_err(told)?;
        let mappings = super::cases::StatusMappings::load(tree).map_err(told)?;
        let registers =
            prefill::Registers::new(&ground.settings, &ground.municipalities, &ground.db, &ground.keys, &ground.clock)
                .map_err(|e| vec![format!("navet: {e}")])?;
        let mandates = representation::Mandates::new(&ground.settings, &ground.municipalities, &ground.clock)
            .map_err(|e| vec![e])?;
        let (catalogue, mappings) = (Arc::new(catalogue), Arc::new(mappings));
        let integration_limit = SystemLimit::per_minute(ground.settings.limits.integration_per_minute);
        let receipt_limit = TestLimit::default();
        Ok(Self { catalogue, mappings, registers, mandates, integration_limit, receipt_limit, ground })
    }
}

fn told(faults: Vec<impl ToString>) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

/// Every page and every call. The order matters where a fixed path stands beside one with a name in it.
pub fn routes(cfg: &mut web::ServiceConfig) {
    integration::routes(cfg);
    submissions::routes(cfg);
    receipts::routes(cfg);
    catalogue::routes(cfg);
    representation::routes(cfg);
    my_pages::routes(cfg);
}

/// What is done outside requests: receipts, deliveries, letters, and what is deleted when its time has come.
pub fn worker(app: &Arc<App>) -> Result<Worker, String> {
    let (db, clock) = (app.ground.db.clone(), app.ground.clock.clone());
    let worker = Worker::new(db.clone(), clock.clone())
        .impatient(app.ground.settings.profile.is_play())
        .on(RECEIPT_JOB, {
            let app = app.clone();
            move |job| {
                let app = app.clone();
                async move { make_receipt(&app, job).await }
            }
        })
        .every(Duration::from_secs(60), "old-drafts", {
            let app = app.clone();
            move || {
                let app = app.clone();
                async move { delete_old_drafts(&app).await }
            }
        })
        .every(Duration::from_secs(60), "overdue-signers", {
            let app = app.clone();
            move || {
                let app = app.clone();
                async move { submissions::end_overdue_signers(&app).await }
            }
        })
        .every(Duration::from_secs(60), "events", {
            let app = app.clone();
            move || {
                let (db, now, mappings) = (app.ground.db.clone(), app.ground.clock.now(), app.mappings.clone());
                async move {
                    let looked = db.write(move |c| {
                        super::cases::bury_parked(c, now)?;
                        super::cases::forget_unsent_files(c, now)?;
                        super::cases::rerun_unmapped(c, &mappings, None, now)
                    });
                    if let Err(e) = looked.await {
                        tracing::warn!(error = %e, "stored events could not be looked at again");
                    }
                    false
                }
            }
        })
        .every(Duration::from_secs(3600), "orphaned-files", {
            let app = app.clone();
            move || {
                let app = app.clone();
                async move {
                    attachments::delete_orphans(&app).await;
                    false
                }
            }
        })
        .every(Duration::from_secs(300), "sweep", {
            let app = app.clone();
            move || {
                let (db, now, app) = (db.clone(), clock.now(), app.clone());
                async move {
                    app.ground.login_limit.sweep();
                    let swept = db.write(move |c| {
                        sweep_sessions(c, now)?;
                        crate::powers::expire(c, now)?;
                        sweep_transactions(c, now)?;
                        identity::sweep_subjects(c, now)?;
                        submissions::sweep_parked(c, now)?;
                        submissions::sweep_signings(c, now)?;
                        prefill::sweep_registry_cache(c, now)
                    });
                    if let Err(e) = swept.await {
                        tracing::warn!(error = %e, "what is over could not be removed");
                    }
                    false
                }
            }
        });
    let set = &app.ground.settings;
    let mailer = set.smtp.as_ref().map(|smtp| Mailer::new(smtp.url.expose(), Limits::default())).transpose();
    let mailer = mailer.map_err(|e| format!("smtp.url: {e}"))?.map(Arc::new);
    let staff = Arc::new(StaffLetters {
        settings: set.clone(),
        municipalities: app.ground.municipalities.clone(),
        renderer: app.ground.renderer.clone(),
        mailer: mailer.clone(),
    });
    let watch = Watch {
        db: app.ground.db.clone(),
        clock: app.ground.clock.clone(),
        settings: set.clone(),
        municipalities: app.ground.municipalities.clone(),
    };
    let letters = Arc::new(Letters {
        db: app.ground.db.clone(),
        clock: app.ground.clock.clone(),
        settings: set.clone(),
        municipalities: app.ground.municipalities.clone(),
        renderer: app.ground.renderer.clone(),
        mailer,
    });
    let pump = Pump {
        db: app.ground.db.clone(),
        blobs: app.ground.blobs.clone(),
        clock: app.ground.clock.clone(),
        keys: app.ground.keys.clone(),
        settings: set.clone(),
        municipalities: app.ground.municipalities.clone(),
        mappings: (*app.mappings).clone(),
        receivers: delivery::receivers(set, &app.ground.municipalities).map_err(|faults| told(faults).join("\n"))?,
        lanes: Lanes::default(),
    };
    Ok(worker
        .on(MAIL_JOB, {
            let letters = letters.clone();
            move |job| {
                let letters = letters.clone();
                async move { letters.send(job).await }
            }
        })
        .on(REMINDER_JOB, move |job| {
            let letters = letters.clone();
            async move { letters.send(job).await }
        })
        .on(STAFF_MAIL, move |job| {
            let staff = staff.clone();
            async move { staff.send(job).await }
        })
        .every(Duration::from_secs(60), "alerts", move || {
            let watch = watch.clone();
            async move {
                watch.look().await;
                false
            }
        })
        .every(Duration::from_secs(600), "quiet cases", {
            let pump = pump.clone();
            move || {
                let pump = pump.clone();
                async move { pump.ask_for_quiet_cases().await }
            }
        })
        .beside(move |stop| pump.run(stop)))
}
