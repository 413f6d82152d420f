//! Files that an event names, handed in before it.

use super::outbox::{self, Outgoing};
use super::portal::Push;
use super::push::{Answer, Pusher, refusal};
use super::sent::{self, SentFile};
use crate::contract::{CloudEvent, ProblemCode};
use crate::files::StoredBlob;
use crate::vocabulary::FileId;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    document_id: String,
    #[serde(default)]
    sha256: Option<String>,
}

/// Hands in what the portal does not have yet; the event's body with the portal's names in it, kept before it is sent: a
/// repeat after a crash is the same to the byte.
pub(super) async fn all(pusher: &Pusher, event: &Outgoing, files: &[FileId]) -> Result<String, Answer> {
    let later = |why: &str| Answer::Later(why.to_owned(), None);
    let (errand, ids) = (event.errand.clone(), files.to_vec());
    let read = pusher.db.read(move |c| {
        let all: Result<Vec<Option<SentFile>>, _> = ids.iter().map(|id| sent::sent_file(c, &errand, id)).collect();
        all
    });
    let found = read.await.map_err(|_| later("the files could not be read"))?;
    let mut names = BTreeMap::new();
    for file in found.into_iter().flatten() {
        let name = match &file.portal_id {
            Some(name) => name.clone(),
            None => one(pusher, event, &file).await?,
        };
        names.insert(file.id.to_string(), name);
    }
    let mut body: CloudEvent =
        serde_json::from_str(&event.body).map_err(|_| Answer::Refused("the event's body cannot be read".into()))?;
    rename(&mut body.data, &names);
    let body = serde_json::to_string(&body).map_err(|_| Answer::Refused("the event's body cannot be made".into()))?;
    let (id, sealed) = (event.id.clone(), body.clone());
    pusher
        .db
        .write(move |c| outbox::seal(c, &id, &sealed))
        .await
        .map_err(|_| later("the event's body could not be kept"))?;
    Ok(body)
}

/// A portal's name in the place of ours, wherever it stands alone.
fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(members) => members.values_mut().for_each(|item| rename(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

async fn one(pusher: &Pusher, event: &Outgoing, file: &SentFile) -> Result<String, Answer> {
    let case = serde_json::from_str::<CloudEvent>(&event.body).map(|e| e.subject).unwrap_or_default();
    let lost = |_| Answer::Later(format!("the file {} cannot be read", file.number), None);
    let key = file.blob_key.parse().map_err(lost)?;
    let blob = StoredBlob { key, size: file.size.unsigned_abs(), sha256: file.sha256.clone() };
    let bytes = pusher.blobs.read(&blob).await.map_err(lost)?;
    // Made of the file alone, so that a repeat is the same body under the same key.
    let border = format!("kommunportal-{}", file.id);
    let body = multipart(&border, file, &bytes);
    let push = Push {
        path: &format!("/cases/{case}/documents"),
        method: Method::POST,
        content_type: &format!("multipart/form-data; boundary={border}"),
        webhook_id: file.id.as_str(),
        key: Some(file.id.as_str()),
        body: body.into(),
    };
    let answered = pusher.portals.push(&file.municipality, push).await?;
    if answered.status == 404 && answered.problem() == ProblemCode::NotFound.parts().0 {
        // The receipt of the case's delivery may still be on its way to the portal.
        return Err(Answer::Later("the portal does not know the case yet".into(), None));
    }
    if !answered.is_success() {
        return Err(match refusal(&answered) {
            Answer::Refused(why) => Answer::Refused(format!("{}: {why}", file.number)),
            answer => answer,
        });
    }
    let taken: Taken = serde_json::from_slice(&answered.body)
        .map_err(|_| Answer::Later("the portal's answer cannot be read".into(), None))?;
    if taken.sha256.is_some_and(|sha256| sha256 != file.sha256) {
        return Err(Answer::Later("the portal has another file than was sent".into(), None));
    }
    let (id, name) = (file.id.clone(), taken.document_id.clone());
    // When this fails the file is handed in again, and gets the same name.
    pusher
        .db
        .write(move |c| sent::uploaded(c, &id, &name))
        .await
        .map_err(|_| Answer::Later("the file's name at the portal could not be kept".into(), None))?;
    Ok(taken.document_id)
}

/// `title` and `file` (RFC 7578). Names hold no quotation marks or line breaks.
fn multipart(border: &str, file: &SentFile, bytes: &[u8]) -> Vec<u8> {
    let name: String = file.file_name.chars().filter(|c| !c.is_control() && !"\"\\".contains(*c)).collect();
    let title: String = file.title.chars().filter(|c| !c.is_control()).collect();
    let head = format!(
        "--{border}\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\n{title}\r\n\
         --{border}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         content-type: {}\r\n\r\n",
        file.media_type
    );
    [head.as_bytes(), bytes, format!("\r\n--{border}--\r\n").as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_names_of_files_are_changed_in_an_event() {
        let mut data = json!({ "text": "se a", "documentIds": ["a", "b"], "appeal": { "instructionDocumentId": "a" } });
        rename(&mut data, &BTreeMap::from([("a".to_owned(), "x".to_owned())]));
        let wanted = json!({ "text": "se a", "documentIds": ["x", "b"], "appeal": { "instructionDocumentId": "x" } });
        assert_eq!(data, wanted);
    }
}
