//! Letters to staff about deliveries: that one is there to be registered, that something waits too long. Thin: which
//! system, how many, and where to look; never what it is about or whose.

use crate::jobs::{Job, JobFault};
use crate::mail::{Letter, MailError, Mailer, Sender, compose};
use crate::municipalities::Municipalities;
use crate::settings::{Settings, sha256_hex};
use crate::vocabulary::{At, EmailAddress};
use crate::web::Renderer;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// The kind of job that [`StaffLetters::send`] does.
pub const STAFF_MAIL: &str = "staff-mail";

/// What a letter says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Notice {
    /// Addresses.
    pub to: Vec<String>,
    /// Which text: `delivery`, `late`, `escalated`, `dead`, `paused` or `unregistered`.
    pub about: String,
    /// What the system is called.
    #[serde(default)]
    pub target: String,
    /// Of how many deliveries.
    #[serde(default)]
    pub count: i64,
    /// Of which, when it is about one.
    #[serde(default)]
    pub id: Option<String>,
    /// When it was decided.
    pub at: At,
}

/// Sends letters to staff.
pub struct StaffLetters {
    /// Sender and addresses.
    pub settings: Arc<Settings>,
    /// Whose letters.
    pub municipalities: Municipalities,
    /// Template `mail/staff`.
    pub renderer: Arc<Renderer>,
    /// The mail server; `None` while none is set: letters wait.
    pub mailer: Option<Arc<Mailer>>,
}

impl StaffLetters {
    /// Handler of [`STAFF_MAIL`]. A letter may come twice to the first of several, never zero times to any.
    pub async fn send(&self, job: Job) -> Result<(), JobFault> {
        let permanent = |what: &str| JobFault::Permanent(what.to_owned());
        let transient = |what: &str| JobFault::Transient(what.to_owned());
        let notice: Notice =
            serde_json::from_value(job.payload).map_err(|_| permanent("the job's payload cannot be read"))?;
        let municipality =
            self.municipalities.find(&job.municipality).ok_or_else(|| permanent("no such municipality"))?;
        let mailer = self.mailer.as_ref().ok_or_else(|| transient("smtp.url is not set"))?;
        let from = municipality.smtp.as_ref().map(|s| s.from.as_str());
        let from = from.or(self.settings.smtp.as_ref().map(|s| s.from.as_str())).unwrap_or_default();
        let from: Sender = from.parse().map_err(|_| transient("smtp.from is not an address"))?;
        let lang = self.renderer.texts().find("sv").unwrap_or_default();
        let administration = municipality.address(&self.settings.administration_url());
        let page = notice.id.as_deref().map(|id| format!("/leveranser/{id}")).unwrap_or_default();
        let context = json!({
            "language": lang.tag(),
            "municipality": municipality.full_name,
            "about": notice.about,
            "target": notice.target,
            "count": notice.count,
            "link": format!("{administration}{page}"),
        });
        let content = compose("staff", |template| self.renderer.render(lang, template, &context))
            .map_err(|e| JobFault::Permanent(e.to_string()))?;
        let host = municipality.hosts.first().map_or("localhost", String::as_str);
        for to in &notice.to {
            let to: EmailAddress = to.parse().map_err(|_| permanent("the address cannot be read"))?;
            let id = sha256_hex(format!("staff#{}#{}", job.seq, to.as_str()).as_bytes());
            let letter = Letter {
                from: from.clone(),
                to,
                content: content.clone(),
                message_id: format!("{id}@{host}"),
                thread: None,
                language: lang.tag().to_owned(),
                written: notice.at,
            };
            match mailer.send(&letter).await {
                Ok(()) => {}
                // The others are to hear of it all the same.
                Err(MailError::Permanent(code, _)) => tracing::warn!(code, "a letter to staff was refused for good"),
                Err(e) => return Err(JobFault::Transient(e.to_string())),
            }
        }
        Ok(())
    }
}
