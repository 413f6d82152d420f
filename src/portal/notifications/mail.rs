//! Writing and sending one letter.

use super::{News, store};
use crate::db::Db;
use crate::jobs::{Job, JobFault};
use crate::mail::{Letter, MailError, Mailer, Sender, compose};
use crate::municipalities::Municipalities;
use crate::settings::{Settings, sha256_hex};
use crate::vocabulary::{CaseId, Clock, EmailAddress};
use crate::web::Renderer;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The kind of job that [`Letters::send`] does.
pub const MAIL_JOB: &str = "mail";
/// The kind of job that waits until a reminder is due, and is done as [`MAIL_JOB`] then.
pub const REMINDER_JOB: &str = "reminder";

#[derive(Deserialize)]
struct Payload {
    case: CaseId,
    event_key: String,
    news: News,
}

/// Sends letters to residents.
pub struct Letters {
    /// The portal's database.
    pub db: Db,
    /// When a letter was sent.
    pub clock: Clock,
    /// Sender and addresses.
    pub settings: Arc<Settings>,
    /// Whose letters.
    pub municipalities: Municipalities,
    /// Templates `mail/received` and `mail/news`.
    pub renderer: Arc<Renderer>,
    /// The mail server; `None` while none is set: letters wait.
    pub mailer: Option<Arc<Mailer>>,
}

impl Letters {
    /// Handler of [`MAIL_JOB`].
    pub async fn send(&self, job: Job) -> Result<(), JobFault> {
        let permanent = |what: &str| JobFault::Permanent(what.to_owned());
        let Payload { case, event_key, news } =
            serde_json::from_value(job.payload).map_err(|_| permanent("the job's payload cannot be read"))?;
        let municipality =
            self.municipalities.find(&job.municipality).ok_or_else(|| permanent("no such municipality"))?;
        let found = {
            let (slug, case, key) = (job.municipality.clone(), case.clone(), event_key.clone());
            self.db.read(move |c| store::waiting(c, &slug, &case, &key)).await?
        };
        let Some((to, decided_at, signer)) = found else { return Ok(()) };
        let Some(email) = to.email.as_deref().and_then(|e| e.parse::<EmailAddress>().ok()) else {
            return Err(permanent("the address cannot be read"));
        };
        let transient = |what: &str| JobFault::Transient(what.to_owned());
        let mailer = self.mailer.as_ref().ok_or_else(|| transient("smtp.url is not set"))?;
        let from = municipality.smtp.as_ref().map(|s| s.from.as_str());
        let from = from.or(self.settings.smtp.as_ref().map(|s| s.from.as_str())).unwrap_or_default();
        let from: Sender = from.parse().map_err(|_| transient("smtp.from is not an address"))?;

        // A language that we spoke when the case began may be gone.
        let lang = self.renderer.texts().find(&to.language).unwrap_or_default();
        let address = municipality.address(&self.settings.portal.public_url);
        let open = to.sensitivity == "normal" && !to.protected;
        let context = json!({
            "language": lang.tag(),
            "municipality": municipality.full_name,
            "phone": municipality.contact.phone,
            "reference": to.reference,
            // What a case is about may tell too much to whoever reads a mailbox.
            "title": (open && signer.is_none()).then_some(&to.title),
            "news": news,
            // By when, of what asks her for something; a day tells nothing of what the case is about.
            "answer_by": match news {
                News::Supplement | News::Hearing | News::Reminder => to.answer_by.map(|at| self.renderer.voice(lang).date(at)),
                _ => None,
            },
            "received_at": self.renderer.voice(lang).date_time(to.received_at),
            "sign_link": signer.as_ref().map(|id| format!("{address}/underskrifter/{id}")),
            "link": to.party_id.as_ref().map(|_| format!("{address}/mina-sidor/arenden/{}", to.reference)),
        });
        let name = match news {
            News::Received => "received",
            News::Sign => "sign",
            _ => "news",
        };
        let content = compose(name, |template| self.renderer.render(lang, template, &context))
            .map_err(|e| JobFault::Permanent(e.to_string()))?;
        let host = municipality.hosts.first().map_or("localhost", String::as_str);
        let letter = Letter {
            from,
            to: email,
            content,
            message_id: format!("{}@{host}", sha256_hex(format!("{case}#{event_key}").as_bytes())),
            thread: Some(format!("{case}@{host}")),
            language: lang.tag().to_owned(),
            written: decided_at,
        };
        let sent = mailer.send(&letter).await;
        let now = self.clock.now();
        match sent {
            Ok(()) => Ok(self.db.write(move |c| store::sent(c, &case, &event_key, now)).await?),
            Err(MailError::Permanent(code, _)) => {
                tracing::info!(case = %case, code, "a letter was refused for good");
                Ok(self.db.write(move |c| store::refused(c, &case, &event_key, &to, now)).await?)
            }
            Err(e) => Err(JobFault::Transient(e.to_string())),
        }
    }
}
