//! Files that belong to a submission: uploaded once, kept in the draft, frozen with what was sent in.

mod store;
mod sweep;

pub use store::{forget_draft, freeze};
pub use sweep::delete_orphans;

use crate::db::{Conn, DbError};
use crate::files::{BlobKey, Refusal, safe_file_name};
use crate::forms::{Answers, Context, Definition, FieldError, FieldKind, FileAnswer, Next, StepOutcome};
use crate::portal::App;
use crate::texts::Arg;
use crate::vocabulary::{DraftId, FileId, MunicipalitySlug};
use crate::web::{AppError, Upload, Visit};

/// A file on its way into a draft.
pub struct Received {
    field: String,
    result: Result<Kept, String>,
}

/// A file that may be kept.
struct Kept {
    answer: FileAnswer,
    blob_key: String,
}

/// Looks at what came with a step: files for questions that the step has, of kinds that the question takes. What is
/// refused is deleted, and told at its question.
pub async fn receive(
    app: &App,
    visit: &Visit,
    definition: &Definition,
    step: &str,
    uploads: Vec<Upload>,
) -> Result<Vec<Received>, AppError> {
    let mut received = Vec::new();
    for Upload { field, file_name, result } in uploads {
        let rules = definition.field(&field).filter(|(s, _)| s.id == step).and_then(|(_, f)| match &f.kind {
            FieldKind::File(rules) => Some(rules),
            _ => None,
        });
        let result = match (rules, result) {
            (Some(rules), Ok((blob, kind))) => {
                let name = safe_file_name(&file_name, kind);
                // A fault names the file as she knows it.
                match rules.check(&shown(&file_name), blob.size, kind.media_type(), &visit.voice) {
                    Ok(()) => Ok(Kept {
                        answer: FileAnswer {
                            file_id: FileId::fresh().to_string(),
                            name,
                            size: blob.size,
                            media_type: kind.media_type().to_owned(),
                            sha256: blob.sha256,
                        },
                        blob_key: blob.key.to_string(),
                    }),
                    Err(why) => {
                        delete_blobs(app, vec![blob.key]).await;
                        Err(why)
                    }
                }
            }
            (Some(_), Err(refusal)) => Err(refused(visit, &file_name, &refusal)),
            // No such question on this step: nobody asked for it.
            (None, Ok((blob, _))) => {
                delete_blobs(app, vec![blob.key]).await;
                continue;
            }
            (None, Err(_)) => continue,
        };
        received.push(Received { field, result });
    }
    Ok(received)
}

/// A file's name on a page, as it was sent.
fn shown(file_name: &str) -> String {
    file_name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// Why a file was not taken, in words: which file, what is wrong, what to do.
pub fn refused(visit: &Visit, file_name: &str, refusal: &Refusal) -> String {
    let (key, limit) = match refusal {
        Refusal::Empty => ("file-empty", 0),
        Refusal::TooLarge { limit } => ("file-too-large", *limit),
        Refusal::PasswordProtected => ("file-locked", 0),
        Refusal::Kind { .. } => ("file-wrong-kind", 0),
    };
    let args = [("name", Arg::from(shown(file_name))), ("limit", Arg::from(visit.voice.size(limit)))];
    visit.voice.text_with(key, args)
}

/// The draft that files go into.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Whose resident.
    pub municipality: &'a MunicipalitySlug,
    /// The form.
    pub definition: &'a Definition,
    /// Which draft.
    pub draft: &'a DraftId,
    /// Language and moment.
    pub context: &'a Context,
    /// Bytes that all files of the draft may have together.
    pub room: u64,
}

/// Puts the files to their questions, in the transaction that saves the step. Gives the answers with them and what is
/// wrong with the others.
pub fn add_to(
    conn: &mut Conn,
    place: Place<'_>,
    received: &[Received],
    answers: Answers,
) -> Result<(Answers, Vec<FieldError>), DbError> {
    let Place { municipality, definition, draft, context, room } = place;
    let (mut answers, mut errors) = (answers, Vec::new());
    let mut total = store::bytes_of_draft(conn, draft)?;
    for Received { field, result } in received {
        match result {
            Ok(kept) if total.saturating_add(kept.answer.size) <= room => {
                match definition.add_file(field, kept.answer.clone(), &answers, context) {
                    Ok(with) => {
                        answers = with;
                        total += kept.answer.size;
                        store::insert(conn, municipality, draft, field, &kept.answer, &kept.blob_key, context.at)?;
                    }
                    Err(error) => errors.push(error),
                }
            }
            Ok(kept) => {
                let name = kept.answer.name.as_str();
                errors.push(FieldError::new(field, context.voice.about("form-files-no-room", "name", name)));
            }
            Err(why) => errors.push(FieldError::new(field, why.clone())),
        }
    }
    Ok((answers, errors))
}

/// A file that she took away is deleted from the store too.
pub async fn forget_removed(app: &App, outcome: &StepOutcome) {
    let Next::FileRemoved { file_id } = &outcome.next else { return };
    let Ok(id) = file_id.parse::<FileId>() else { return };
    match app.ground.db.write(move |c| store::forget(c, &id)).await {
        Ok(keys) => delete_blobs(app, keys).await,
        Err(e) => tracing::warn!(error = %e, "a removed file is still in the database"),
    }
}

/// Best effort: what stays is swept later.
pub async fn delete_blobs(app: &App, keys: Vec<BlobKey>) {
    for key in keys {
        if let Err(e) = app.ground.blobs.delete(&key).await {
            tracing::warn!(error = %e, "a deleted file is still in the store");
        }
    }
}

/// Every blob that some row names: what the sweep of orphans keeps.
pub fn known_blobs(conn: &mut Conn, keys: &[BlobKey]) -> Result<Vec<String>, DbError> {
    store::known(conn, keys)
}
