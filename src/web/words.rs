//! What somebody typed comes back with the page that says why it was not taken: a session that had ended, a database that
//! was away, a fault of ours. Nothing of it is stored; it goes back to the browser that sent it, in the same answer.

use actix_multipart::Multipart;
use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::{Method, header};
use actix_web::web::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};

/// How much of a form is looked at. Bytes.
const LOOKED_AT: usize = 256 * 1024;
/// How many texts of a form are given back.
const MOST_TEXTS: usize = 40;

/// The beginning of a posted form, read ahead of the handler.
pub(super) struct Ahead {
    kind: header::HeaderValue,
    bytes: Bytes,
}

/// Reads the beginning of a form and puts it back, so that the handler reads the same. `None` for what is no form.
pub(super) async fn read_ahead(request: &mut ServiceRequest) -> Option<Ahead> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.clone();
    let is_form = ["application/x-www-form-urlencoded", "multipart/form-data"];
    if *request.method() != Method::POST || !is_form.iter().any(|form| kind.as_bytes().starts_with(form.as_bytes())) {
        return None;
    }
    let (mut rest, mut bytes) = (request.take_payload(), BytesMut::new());
    let mut fault = None;
    while bytes.len() < LOOKED_AT {
        match rest.next().await {
            Some(Ok(part)) => bytes.extend_from_slice(&part),
            Some(Err(e)) => {
                fault = Some(e);
                break;
            }
            None => break,
        }
    }
    let bytes = bytes.freeze();
    let first: Vec<Result<Bytes, PayloadError>> = [Ok(bytes.clone())].into_iter().chain(fault.map(Err)).collect();
    let whole = stream::iter(first).chain(rest);
    request.set_payload(Payload::Stream { payload: Box::pin(whole) });
    Some(Ahead { kind, bytes })
}

impl Ahead {
    /// What was typed: every value of more than one word, in the order of the form. Choices, tokens and files are not.
    pub(super) async fn texts(self) -> Vec<String> {
        let values = if self.kind.as_bytes().starts_with(b"multipart/") {
            self.parts().await
        } else {
            url::form_urlencoded::parse(&self.bytes)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect()
        };
        values
            .into_iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .map(|(_, value)| value.trim().replace("\r\n", "\n"))
            .filter(|value| value.contains(char::is_whitespace))
            .take(MOST_TEXTS)
            .collect()
    }

    async fn parts(self) -> Vec<(String, String)> {
        let mut headers = header::HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, self.kind);
        let mut parts = Multipart::new(&headers, stream::iter([Ok(self.bytes)]));
        let mut values = Vec::new();
        // What was cut off in the middle ends in an error; what stood before it is whole.
        while let Some(Ok(mut part)) = parts.next().await {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.content_disposition().is_some_and(|d| d.get_filename().is_some());
            let mut bytes = Vec::new();
            while let Some(Ok(piece)) = part.next().await {
                bytes.extend_from_slice(&piece);
            }
            match String::from_utf8(bytes) {
                Ok(value) if !is_file => values.push((name, value)),
                _ => {}
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile::{cases_in, spoiled, spoiled_text};
    use actix_web::FromRequest;
    use actix_web::test::TestRequest;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    async fn both(kind: &str, body: &str) -> (Vec<String>, Bytes) {
        let (texts, read) = of_bytes(kind, body.as_bytes()).await;
        (texts.unwrap(), read)
    }

    async fn of_bytes(kind: &str, body: &[u8]) -> (Option<Vec<String>>, Bytes) {
        let request = TestRequest::post().set_payload(body.to_vec());
        let mut request = request.insert_header((header::CONTENT_TYPE, kind)).to_srv_request();
        let texts = match read_ahead(&mut request).await {
            Some(ahead) => Some(ahead.texts().await),
            None => None,
        };
        let (request, mut payload) = request.into_parts();
        (texts, Bytes::from_request(&request, &mut payload).await.unwrap())
    }

    #[actix_web::test]
    async fn what_was_typed_is_given_back_and_the_handler_reads_the_same_form() {
        let body = "_csrf=a+b&slag=ja&text=En+l%C3%A5ng%0D%0Ahistoria&id=01a2006b";
        let (texts, read) = both("application/x-www-form-urlencoded", body).await;
        assert_eq!((texts, read.as_ref()), (vec!["En lång\nhistoria".to_owned()], body.as_bytes()));
    }

    #[actix_web::test]
    async fn of_a_form_with_files_only_the_words_are_given_back() {
        let part =
            |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; {name}\r\n\r\n{value}\r\n");
        let body = format!(
            "{}{}{}--x--\r\n",
            part("name=\"text\"", "Hej du"),
            part("name=\"fil\"; filename=\"a b.txt\"", "hemligt innehåll"),
            part("name=\"svar\"", "ja")
        );
        let (texts, read) = both("multipart/form-data; boundary=x", &body).await;
        assert_eq!((texts, read.as_ref()), (vec!["Hej du".to_owned()], body.as_bytes()));
        // Cut off in the file: what stood before it is whole.
        let cut = &body[..130];
        let (texts, read) = both("multipart/form-data; boundary=x", cut).await;
        assert_eq!((texts, read.as_ref()), (vec!["Hej du".to_owned()], cut.as_bytes()));
    }

    #[test]
    fn of_any_form_the_handler_reads_the_same_bytes_and_no_more_is_given_back_than_came() {
        let words = b"_csrf=a+b&slag=ja&text=En+l%C3%A5ng%0D%0Ahistoria&id=01a2006b".to_vec();
        let parts = b"--x\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nHej du\r\n--x\r\n\
            content-disposition: form-data; name=\"fil\"; filename=\"a b.txt\"\r\ncontent-type: text/plain\r\n\r\n\
            En fil\r\n--x--\r\n";
        let kinds = spoiled_text(&["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        TestRunner::new(cases_in(file!(), 512))
            .run(&(kinds, spoiled(vec![words, parts.to_vec()])), |(kind, body)| {
                if header::HeaderValue::from_str(&kind).is_err() {
                    return Ok(());
                }
                let (texts, read) = runtime.block_on(of_bytes(&kind, &body));
                prop_assert!(read == body, "the handler reads another form");
                let texts = texts.unwrap_or_default();
                prop_assert!(texts.len() <= MOST_TEXTS && texts.iter().all(|t| t.contains(char::is_whitespace)));
                // A byte that is no UTF-8 becomes the three of U+FFFD.
                prop_assert!(texts.iter().map(String::len).sum::<usize>() <= 3 * body.len());
                Ok(())
            })
            .unwrap();
    }
}
