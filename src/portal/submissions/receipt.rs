//! The receipt as PDF: what was sent in, in the resident's words, with reference, time and hash, sealed and with a code by
//! which anybody can test it. Rendered once by the worker; its size and hash stand in what is handed to the receiver, so
//! the delivery waits for it. While others are still to sign there is a first receipt that says so; when everybody has
//! answered it is made anew, and only then may the delivery go.

use super::store::{self, Frozen};
use crate::db::{Conn, DbError};
use crate::forms::Section;
use crate::jobs::{Job, JobFault, NewJob};
use crate::municipalities::Municipality;
use crate::pdf::{self, Block, Document};
use crate::portal::App;
use crate::portal::cases::{self, Case, CaseDocument, DocumentKind, NewDocument};
use crate::portal::receipts::{self, NewReceipt, ReceiptCode, Seal, SealedSignature, blanked_sha256, put_seal};
use crate::portal::representation::SentBy;
use crate::portal::signatures::{self, SignatureFault, Signer, SignerState, Verified};
use crate::portal::{attachments, delivery, identity, representation};
use crate::settings::{Keys, sha256_hex};
use crate::texts::Voice;
use crate::vocabulary::{At, FileId, Lang, MunicipalitySlug, SubmissionId};
use serde_json::json;

/// Kind of the job that makes it.
pub const RECEIPT_JOB: &str = "receipt";

pub(super) fn receipt_job<'a>(
    municipality: &'a MunicipalitySlug,
    submission: &SubmissionId,
    now: At,
) -> Result<NewJob<'a>, DbError> {
    Ok(NewJob {
        municipality,
        kind: RECEIPT_JOB,
        dedupe: Some(submission.to_string()),
        payload: json!({ "submission": submission }),
        due: now,
    })
}

/// The job that makes it anew when everybody has answered.
pub(super) fn complete_job<'a>(
    municipality: &'a MunicipalitySlug,
    submission: &SubmissionId,
    now: At,
) -> Result<NewJob<'a>, DbError> {
    Ok(NewJob { dedupe: Some(format!("{submission} complete")), ..receipt_job(municipality, submission, now)? })
}

/// Everything that stands in a receipt.
struct Content {
    frozen: Frozen,
    case: Case,
    documents: Vec<CaseDocument>,
    signatures: Vec<Verified>,
    signers: Vec<Signer>,
    /// Who sent it for another, and for whom.
    acting: Option<(SentBy, String)>,
}

/// What is to be done for a submission.
enum Found {
    Nothing,
    /// It is there; what waits for it may go.
    Made(Box<Case>),
    ToMake(Box<Content>),
}

impl Content {
    fn find(conn: &mut Conn, keys: &Keys, slug: &MunicipalitySlug, id: &SubmissionId) -> Result<Found, SignatureFault> {
        let Some(frozen) = store::frozen(conn, id)? else { return Ok(Found::Nothing) };
        let Some(case) = cases::find(conn, slug, &frozen.case_id)? else { return Ok(Found::Nothing) };
        let signers = signatures::signers_of(conn, keys, &case.id)?;
        let is_complete = signers.iter().all(|s| s.state != SignerState::Waiting);
        // A complete one stands for both.
        if receipts::of_case(conn, &case.id)?.iter().any(|r| r.complete || !is_complete) {
            return Ok(Found::Made(Box::new(case)));
        }
        let documents = cases::documents(conn, &case.id)?;
        let signatures = signatures::verified(conn, keys, id)?;
        let sent_by = representation::sent_by(conn, slug, &case.id)?;
        let principal = match (&sent_by, &case.party_id) {
            (Some(_), Some(party)) => Some(identity::name_of(conn, party)?),
            _ => None,
        };
        let acting = sent_by.zip(principal);
        Ok(Found::ToMake(Box::new(Content { frozen, case, documents, signatures, signers, acting })))
    }

    fn is_complete(&self) -> bool {
        self.signers.iter().all(|s| s.state != SignerState::Waiting)
    }

    fn attachments(&self) -> impl Iterator<Item = &CaseDocument> {
        self.documents.iter().filter(|d| d.kind == DocumentKind::Attachment)
    }

    fn seal(&self, municipality: &Municipality, code: &ReceiptCode, now: At) -> Seal {
        let sealed =
            |v: &Verified| SealedSignature { class: v.strength, at: v.at, evidence: v.evidence_sha256.clone() };
        Seal {
            v: 1,
            code: code.to_string(),
            reference: self.case.reference.clone(),
            municipality: municipality.code.clone(),
            municipality_name: municipality.full_name.clone(),
            service: self.frozen.service.clone(),
            title: self.case.title.clone(),
            definition_version: self.frozen.definition_version.clone(),
            submission: self.frozen.sha256.clone(),
            received_at: self.frozen.received_at,
            sealed_at: now,
            complete: self.is_complete(),
            attachments: self.attachments().map(|d| d.sha256.clone()).collect(),
            signatures: self.signatures.iter().map(sealed).collect(),
            pdf: "0".repeat(64),
        }
    }

    /// In Swedish, whatever language the form was filled in with: it is the archive's copy.
    fn document(
        &self,
        voice: &Voice,
        municipality: &Municipality,
        address: &str,
        code: &ReceiptCode,
    ) -> Result<Document, JobFault> {
        let text = |key: &str| voice.text(key);
        let review: Vec<Section> = serde_json::from_str(&self.frozen.review)
            .map_err(|_| JobFault::Permanent("the review cannot be read".into()))?;
        let (title, lead) = match self.is_complete() {
            true => ("receipt-title", "receipt-lead"),
            false => ("receipt-title-waiting", "receipt-lead-waiting"),
        };
        let mut blocks = vec![
            Block::Paragraph(text(lead)),
            Block::KeyValues(vec![
                (text("receipt-reference"), vec![self.case.reference.to_string()]),
                (text("receipt-received"), vec![voice.date_time(self.frozen.received_at)]),
                (text("receipt-municipality"), vec![municipality.full_name.clone()]),
                (text("receipt-service"), vec![self.case.title.clone()]),
            ]),
        ];
        if let Some((by, principal)) = &self.acting {
            let right = text(&format!("acting-right-{}", by.kind.as_str().replace('_', "-")));
            blocks.push(Block::KeyValues(vec![
                (text("acting-applicant"), vec![principal.clone()]),
                (text("acting-sent-by"), vec![by.name.clone()]),
                (text("acting-right"), vec![format!("{right}, {}", voice.date_time(by.verified_at))]),
            ]));
        }
        for section in &review {
            blocks.push(Block::Heading { level: 2, text: section.title.clone() });
            let items = section.items.iter().map(|i| (i.label.clone(), i.lines.clone())).collect();
            blocks.push(Block::KeyValues(items));
        }
        let files: Vec<String> = self
            .attachments()
            .map(|d| format!("{} ({}) SHA-256 {}", d.file_name, voice.size(d.size.unsigned_abs()), d.sha256))
            .collect();
        if !files.is_empty() {
            blocks.push(Block::Heading { level: 2, text: text("receipt-files") });
            blocks.push(Block::List(files));
        }
        if !self.signatures.is_empty() {
            blocks.push(Block::Heading { level: 2, text: text("receipt-signatures") });
            blocks.push(Block::KeyValues(self.signed_by(voice)));
        }
        blocks.push(Block::Heading { level: 2, text: text("receipt-proof") });
        blocks.push(Block::KeyValues(vec![
            (text("receipt-hash"), vec![self.frozen.sha256.clone()]),
            (text("receipt-version"), vec![format!("{} {}", self.frozen.service, self.frozen.definition_version)]),
        ]));
        let place = format!("{address}/kvitto/{}", code.as_str());
        blocks.push(Block::Code {
            content: place.clone(),
            alt: voice.about("receipt-code-alt", "address", place.as_str()),
            lines: vec![
                voice.about("receipt-code", "code", code.to_string()),
                voice.about("receipt-code-text", "address", format!("{address}/kvitto")),
            ],
        });
        Ok(Document {
            title: format!("{} {}", text(title), self.case.reference),
            language: voice.lang().to_string(),
            author: municipality.full_name.clone(),
            header: municipality.full_name.clone(),
            footer: self.case.reference.to_string(),
            created: self.frozen.received_at,
            page_label: text("receipt-page"),
            keywords: String::new(),
            blocks,
        })
    }

    /// Who signed, when and how; and who has not.
    fn signed_by(&self, voice: &Voice) -> Vec<(String, Vec<String>)> {
        let applicant = self.signatures.iter().filter(|v| v.signer.is_none());
        let mut rows: Vec<(String, Vec<String>)> = applicant.map(|v| (name_of(v, voice), how(v, voice))).collect();
        for signer in &self.signers {
            let signed = self.signatures.iter().find(|v| v.signer.as_ref() == Some(&signer.id));
            let name = signer.person.as_ref().and_then(|p| p.name.clone());
            let name = name.unwrap_or_else(|| voice.text("signer-unnamed"));
            rows.push(match signed {
                Some(v) => (name, how(v, voice)),
                None => (name, vec![voice.text(&format!("signer-{}", signer.state.as_str().replace('_', "-")))]),
            });
        }
        rows
    }
}

fn name_of(v: &Verified, voice: &Voice) -> String {
    v.person.name.clone().unwrap_or_else(|| voice.text("signer-unnamed"))
}

fn how(v: &Verified, voice: &Voice) -> Vec<String> {
    let class = voice.text(&format!("signature-class-{}", v.strength.as_str()));
    vec![format!("{class}, {}", voice.date_time(v.at)), format!("SHA-256 {}", v.evidence_sha256)]
}

/// Renders and seals. The seal says the hash of the file that it stands in: the file is made with as many zeros first.
async fn made(app: &App, content: &Content, code: &ReceiptCode, now: At) -> Result<(Vec<u8>, String), JobFault> {
    let transient = |e: &dyn std::fmt::Display| JobFault::Transient(e.to_string());
    let municipality = app
        .ground
        .municipalities
        .find(&content.case.municipality)
        .ok_or_else(|| JobFault::Permanent("the municipality is not configured".into()))?;
    let swedish = app.ground.renderer.voice(Lang::SWEDISH);
    let address = municipality.address(&app.ground.public_url);
    let mut document = content.document(&swedish, municipality, &address, code)?;
    let seals = app.ground.keys.receipts().map_err(|e| transient(&e))?;
    let mut seal = content.seal(municipality, code, now);
    document.keywords = "0".repeat(seal.made_with(seals).map_err(|e| transient(&e))?.len());
    let blank = tokio::task::spawn_blocking(move || pdf::render(&document))
        .await
        .map_err(|_| JobFault::Transient("rendering was stopped".into()))?
        .map_err(|e| transient(&e))?;
    seal.pdf = sha256_hex(&blank);
    let jws = seal.made_with(seals).map_err(|e| transient(&e))?;
    let bytes = put_seal(&blank, &jws);
    // As whoever tests it will: what is handed out must hold.
    if blanked_sha256(&bytes, &jws) != seal.pdf || bytes == blank {
        return Err(JobFault::Permanent("the seal does not fit in the receipt".into()));
    }
    Ok((bytes, jws))
}

/// Renders, stores and adds the receipt. May run twice: the case takes one receipt, and the other's file is deleted.
pub async fn make_receipt(app: &App, job: Job) -> Result<(), JobFault> {
    let submission: SubmissionId = job
        .payload
        .get("submission")
        .and_then(|v| v.as_str())
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| JobFault::Permanent("the job names no submission".into()))?;
    let slug = job.municipality.clone();
    let found = app.ground.db.read({
        let (slug, keys, submission) = (slug.clone(), app.ground.keys.clone(), submission.clone());
        move |c| Content::find(c, &keys, &slug, &submission)
    });
    let found = found.await.map_err(|e| match e {
        SignatureFault::Db(e) => e.into(),
        other => JobFault::Permanent(other.to_string()),
    })?;
    let now = app.ground.clock.now();
    let content = match found {
        Found::Nothing => return Err(JobFault::Permanent("the submission is not there".into())),
        Found::Made(case) => return Ok(app.ground.db.write(move |c| release(c, &case, now)).await?),
        Found::ToMake(content) => content,
    };
    let code = ReceiptCode::fresh().map_err(|e| JobFault::Transient(e.to_string()))?;
    let (bytes, jws) = made(app, &content, &code, now).await?;
    let stored = app.ground.blobs.put_bytes(bytes).await.map_err(|e| JobFault::Transient(e.to_string()))?;
    let key = stored.key.clone();
    let is_complete = content.is_complete();
    let title = if is_complete { "receipt-title" } else { "receipt-title-waiting" };
    let document = NewDocument {
        id: FileId::fresh(),
        kind: DocumentKind::Receipt,
        title: app.ground.renderer.voice(Lang::SWEDISH).text(title),
        blob_key: stored.key.to_string(),
        file_name: format!("kvitto-{}.pdf", content.case.reference),
        media_type: "application/pdf".into(),
        size: i64::try_from(stored.size).unwrap_or(i64::MAX),
        sha256: stored.sha256.clone(),
        visible: true,
        upload_key: None,
    };
    let new = NewReceipt { code, submission, complete: is_complete, jws, pdf_sha256: stored.sha256 };
    let case = content.case;
    let added = app.ground.db.write(move |c| {
        let mut freed = None;
        let is_first = receipts::add(c, &slug, &case.id, &new, now)?;
        if is_first {
            freed = cases::put_receipt(c, &slug, &case.id, &document, now)?;
        }
        // With the receipt in place the delivery may go, whichever of two runs put it there.
        release(c, &case, now)?;
        Ok::<_, DbError>((is_first, freed))
    });
    let (is_first, replaced) = added.await?;
    let unused = if is_first { replaced.and_then(|old| old.parse().ok()) } else { Some(key) };
    attachments::delete_blobs(app, unused.into_iter().collect()).await;
    Ok(())
}

/// The delivery of a case may go when its receipt is there and nobody's signature is waited for.
fn release(conn: &mut Conn, case: &Case, now: At) -> Result<(), DbError> {
    if signatures::is_complete(conn, &case.id)? && receipts::of_case(conn, &case.id)?.iter().any(|r| r.complete) {
        delivery::release(conn, &case.id, now)?;
    }
    Ok(())
}
