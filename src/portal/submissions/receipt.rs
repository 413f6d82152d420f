//! The receipt as PDF: what was sent in, in the resident's words, with reference, time and hash. Rendered once by the
//! worker; its size and hash stand in what is handed to the receiver, so the delivery waits for it.

use super::store;
use crate::db::DbError;
use crate::forms::Section;
use crate::jobs::{Job, JobFault, NewJob};
use crate::pdf::{self, Block, Document};
use crate::portal::App;
use crate::portal::cases::{self, DocumentKind, NewDocument};
use crate::portal::{delivery, identity, representation};
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

/// Renders, stores and adds the receipt. May run twice: the case takes one receipt, and the other's file is deleted.
pub async fn make_receipt(app: &App, job: Job) -> Result<(), JobFault> {
    let submission: SubmissionId = job
        .payload
        .get("submission")
        .and_then(|v| v.as_str())
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| JobFault::Permanent("the job names no submission".into()))?;
    let slug = job.municipality.clone();
    let read = app.ground.db.read({
        let slug = slug.clone();
        move |c| {
            let Some(frozen) = store::frozen(c, &submission)? else { return Ok(None) };
            let Some(case) = cases::find(c, &slug, &frozen.case_id)? else { return Ok(None) };
            let documents = cases::documents(c, &case.id)?;
            let sent_by = representation::sent_by(c, &slug, &case.id)?;
            let principal = match (&sent_by, &case.party_id) {
                (Some(_), Some(party)) => Some(identity::name_of(c, party)?),
                _ => None,
            };
            Ok::<_, DbError>(Some((frozen, case, documents, sent_by.zip(principal))))
        }
    });
    let (frozen, case, documents, acting) =
        read.await?.ok_or_else(|| JobFault::Permanent("the submission is not there".into()))?;
    if documents.iter().any(|d| d.kind == DocumentKind::Receipt) {
        return Ok(());
    }
    let municipality = app
        .ground
        .municipalities
        .find(&slug)
        .ok_or_else(|| JobFault::Permanent("the municipality is not configured".into()))?;
    let review: Vec<Section> =
        serde_json::from_str(&frozen.review).map_err(|_| JobFault::Permanent("the review cannot be read".into()))?;
    // The archive's copy is in Swedish, whatever language the form was filled in with.
    let swedish = app.ground.renderer.voice(Lang::SWEDISH);
    let text = |key: &str| swedish.text(key);
    let mut blocks = vec![
        Block::Paragraph(text("receipt-lead")),
        Block::KeyValues(vec![
            (text("receipt-reference"), vec![case.reference.to_string()]),
            (text("receipt-received"), vec![swedish.date_time(frozen.received_at)]),
            (text("receipt-municipality"), vec![municipality.full_name.clone()]),
            (text("receipt-service"), vec![case.title.clone()]),
        ]),
    ];
    if let Some((by, principal)) = acting {
        let right = text(&format!("acting-right-{}", by.kind.as_str().replace('_', "-")));
        blocks.push(Block::KeyValues(vec![
            (text("acting-applicant"), vec![principal]),
            (text("acting-sent-by"), vec![by.name]),
            (text("acting-right"), vec![format!("{right}, {}", swedish.date_time(by.verified_at))]),
        ]));
    }
    for section in &review {
        blocks.push(Block::Heading { level: 2, text: section.title.clone() });
        let items = section.items.iter().map(|i| (i.label.clone(), i.lines.clone())).collect();
        blocks.push(Block::KeyValues(items));
    }
    let files: Vec<String> = documents
        .iter()
        .filter(|d| d.kind == DocumentKind::Attachment)
        .map(|d| format!("{} ({}) SHA-256 {}", d.file_name, swedish.size(d.size.unsigned_abs()), d.sha256))
        .collect();
    if !files.is_empty() {
        blocks.push(Block::Heading { level: 2, text: text("receipt-files") });
        blocks.push(Block::List(files));
    }
    blocks.push(Block::Heading { level: 2, text: text("receipt-proof") });
    blocks.push(Block::KeyValues(vec![
        (text("receipt-hash"), vec![frozen.sha256.clone()]),
        (text("receipt-version"), vec![format!("{} {}", frozen.service, frozen.definition_version)]),
    ]));
    let document = Document {
        title: format!("{} {}", text("receipt-title"), case.reference),
        language: swedish.lang().to_string(),
        author: municipality.full_name.clone(),
        header: municipality.full_name.clone(),
        footer: case.reference.to_string(),
        created: frozen.received_at,
        page_label: text("receipt-page"),
        blocks,
    };
    let bytes = tokio::task::spawn_blocking(move || pdf::render(&document))
        .await
        .map_err(|_| JobFault::Transient("rendering was stopped".into()))?
        .map_err(|e| JobFault::Transient(e.to_string()))?;
    let stored = app.ground.blobs.put_bytes(bytes).await.map_err(|e| JobFault::Transient(e.to_string()))?;
    let key = stored.key.clone();
    let now = app.ground.clock.now();
    let new = NewDocument {
        id: FileId::fresh(),
        kind: DocumentKind::Receipt,
        title: text("receipt-title"),
        blob_key: stored.key.to_string(),
        file_name: format!("kvitto-{}.pdf", case.reference),
        media_type: "application/pdf".into(),
        size: i64::try_from(stored.size).unwrap_or(i64::MAX),
        sha256: stored.sha256,
        visible: true,
        upload_key: None,
    };
    // With the receipt in place the delivery may go, whichever of two runs put it there.
    let added = app.ground.db.write(move |c| {
        let added = cases::add_document(c, &slug, &case.id, &new, now)?;
        delivery::release(c, &case.id, now)?;
        Ok::<_, DbError>(added)
    });
    let added = added.await?;
    if !added && let Err(e) = app.ground.blobs.delete(&key).await {
        tracing::warn!(error = %e, "a receipt that was made twice is still stored");
    }
    Ok(())
}
