//! What a posted form holds, as the use cases want it.

use crate::desk::Desk;
use crate::desk::errands::ErrandFault;
use crate::desk::portal_link::NewFile;
use crate::files::{BlobKey, Refusal, safe_file_name};
use crate::web::PostedForm;

/// A form sends CRLF; texts are kept with LF.
pub fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}

/// A text of several lines.
pub fn lines(form: &PostedForm, name: &str) -> String {
    unix_lines(form.get(name).unwrap_or_default())
}

/// A text of one line.
pub fn text<'a>(form: &'a PostedForm, name: &str) -> &'a str {
    form.get(name).unwrap_or_default()
}

/// An id that was made with the form. Without it the form did not arrive whole.
pub fn id<T: std::str::FromStr>(form: &PostedForm, name: &str, field: &'static str) -> Result<T, ErrandFault> {
    text(form, name).parse().map_err(|_| ErrandFault::Invalid(field, "desk-form-incomplete"))
}

/// The three parts of a day as `YYYY-MM-DD`; empty when all are.
pub fn day(form: &PostedForm, name: &str) -> String {
    let part = |part: &str| form.get(&format!("{name}.{part}")).unwrap_or_default().trim().to_owned();
    let (year, month, day) = (part("year"), part("month"), part("day"));
    if year.is_empty() && month.is_empty() && day.is_empty() {
        return String::new();
    }
    format!("{year}-{month:0>2}-{day:0>2}")
}

/// The files that came along; one that cannot be taken is told where they are chosen.
pub fn files(form: &PostedForm) -> Result<Vec<NewFile>, ErrandFault> {
    form.uploads
        .iter()
        .map(|upload| match &upload.result {
            Ok((blob, kind)) => {
                let name = safe_file_name(&upload.file_name, *kind);
                Ok(NewFile {
                    title: name.clone(),
                    file_name: name,
                    media_type: kind.media_type().to_owned(),
                    size: i64::try_from(blob.size).unwrap_or(i64::MAX),
                    sha256: blob.sha256.clone(),
                    blob_key: blob.key.to_string(),
                })
            }
            Err(refusal) => Err(ErrandFault::Invalid("files", refused(refusal))),
        })
        .collect()
}

/// What came along, by its name in the store.
pub fn stored(form: &PostedForm) -> Vec<BlobKey> {
    form.uploads.iter().filter_map(|u| u.result.as_ref().ok()).map(|(blob, _)| blob.key.clone()).collect()
}

/// Files of a form that was not taken.
pub async fn let_go(desk: &Desk, stored: Vec<BlobKey>) {
    for key in stored {
        if let Err(e) = desk.blobs.delete(&key).await {
            tracing::warn!(error = %e, "a file that was not taken could not be removed");
        }
    }
}

fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Empty => "desk-file-empty",
        Refusal::TooLarge { .. } => "desk-file-too-large",
        Refusal::PasswordProtected => "desk-file-locked",
        Refusal::Kind { .. } => "desk-file-kind-wrong",
    }
}
