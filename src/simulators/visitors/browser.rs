//! One visitor's browser: cookies, redirects, and the forms of our own pages as they stand, read with no more of HTML
//! than those pages use.

use crate::web::http_client;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Longer than a slow page takes when everything is told to be slow.
const PATIENCE: Duration = Duration::from_secs(30);
/// From a page through log-in and back.
const MOST_REDIRECTS: usize = 15;

/// Why a visit did not go as it should. Says nothing of what stood on the page.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stuck {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("an address cannot be read: {0}")]
    Address(#[from] url::ParseError),
    #[error("{path}: {what}")]
    Page { path: String, what: &'static str },
    #[error("what was done could not be noted: {0}")]
    Notes(std::io::Error),
    #[error("{0}")]
    Part(&'static str),
}

/// Cookies, and the page that is open.
pub(super) struct Visitor {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
    url: Url,
    status: u16,
    html: String,
}

/// A form of the open page, with what stands in it.
pub(super) struct Form {
    action: Url,
    is_multipart: bool,
    fields: Vec<(String, String)>,
    html: String,
}

/// A file to send along: its field, its name, its bytes.
pub(super) type Upload<'a> = (&'a str, &'a str, &'a [u8]);

impl Visitor {
    /// On no page yet.
    pub(super) fn new(start: &str) -> Result<Self, Stuck> {
        let client = http_client(PATIENCE)?;
        Ok(Self { client, cookies: BTreeMap::new(), url: start.parse()?, status: 0, html: String::new() })
    }

    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub(super) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub(super) fn path(&self) -> &str {
        self.url.path()
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn html(&self) -> &str {
        &self.html
    }

    /// Whether the page says so.
    pub(super) fn sees(&self, text: &str) -> bool {
        unescaped(&self.html).contains(text)
    }

    pub(super) fn stuck(&self, what: &'static str) -> Stuck {
        Stuck::Page { path: self.path().to_owned(), what }
    }

    /// Opens an address, whole or from the root of the site that is open.
    pub(super) async fn open(&mut self, address: &str) -> Result<(), Stuck> {
        let url = self.url.join(address)?;
        let request = self.client.get(url.clone());
        self.send(url, request).await
    }

    /// Sends a form with these answers, each in place of what stood there.
    pub(super) async fn submit(
        &mut self,
        form: Form,
        answers: &[(&str, &str)],
        upload: Option<Upload<'_>>,
    ) -> Result<(), Stuck> {
        let mut fields = form.fields;
        fields.retain(|(name, _)| answers.iter().all(|(answer, _)| answer != name));
        fields.extend(answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let request =
            self.client.post(form.action.clone()).header("origin", form.action.origin().ascii_serialization());
        let request = if form.is_multipart {
            let upload = upload.filter(|(name, ..)| form.html.contains(&format!(" name=\"{name}\"")));
            let (kind, body) = multipart(&fields, upload);
            request.header("content-type", kind).body(body)
        } else {
            request.form(&fields)
        };
        self.send(form.action, request).await
    }

    async fn send(&mut self, mut url: Url, mut request: reqwest::RequestBuilder) -> Result<(), Stuck> {
        for _ in 0..MOST_REDIRECTS {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let response = request.header("cookie", cookies.join("; ")).send().await?;
            for line in response.headers().get_all("set-cookie") {
                let pair = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
                match pair.split_once('=') {
                    Some((name, "")) => drop(self.cookies.remove(name)),
                    Some((name, value)) => self.set_cookie(name, value),
                    None => {}
                }
            }
            let location = response.headers().get("location").and_then(|v| v.to_str().ok()).map(str::to_owned);
            self.status = response.status().as_u16();
            self.url = url;
            match location.filter(|_| (300..400).contains(&self.status)) {
                Some(location) => {
                    url = self.url.join(&location)?;
                    request = self.client.get(url.clone());
                }
                None => {
                    self.html = response.text().await?;
                    return Ok(());
                }
            }
        }
        Err(self.stuck("redirects in a circle"))
    }

    /// The form that is sent to an address which ends so.
    pub(super) fn form(&self, action_ends: &str) -> Option<Form> {
        self.forms(action_ends).next()
    }

    /// The last of several.
    pub(super) fn last_form(&self, action_ends: &str) -> Option<Form> {
        self.forms(action_ends).last()
    }

    fn forms<'a>(&'a self, action_ends: &'a str) -> impl Iterator<Item = Form> + 'a {
        self.html.split("<form").skip(1).filter_map(move |rest| {
            let (tag, rest) = rest.split_once('>')?;
            let action = self.url.join(&attribute(tag, "action")?).ok()?;
            let is_it = attribute(tag, "method").as_deref() == Some("post") && action.path().ends_with(action_ends);
            let html = rest.split("</form>").next()?;
            is_it.then(|| Form {
                is_multipart: attribute(tag, "enctype").is_some(),
                fields: fields(html),
                html: html.to_owned(),
                action,
            })
        })
    }
}

impl Form {
    /// The same form for another address of the site: its token is good for all of them.
    pub(super) fn sent_to(mut self, path: &str) -> Result<Self, Stuck> {
        self.action = self.action.join(path)?;
        Ok(self)
    }

    /// What stands in a field.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether a select offers a value.
    pub(super) fn offers(&self, value: &str) -> bool {
        self.html.contains(&format!("<option value=\"{value}\""))
    }

    /// The value of the choice with a label that holds these words.
    pub(super) fn choice(&self, name: &str, words: &str) -> Option<String> {
        self.html.split("<div class=\"option\">").skip(1).find_map(|option| {
            let tag = option.split('>').next()?;
            let label = option.split("<label").nth(1)?.split("</label>").next()?;
            (attribute(tag, "name")? == name && unescaped(label).contains(words)).then(|| attribute(tag, "value"))?
        })
    }
}

/// What a browser would send of the controls as they stand.
fn fields(html: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let (mut select, mut rest) = (None, html);
    while let Some((_, after)) = rest.split_once('<') {
        let Some((tag, after)) = after.split_once('>') else { break };
        rest = after;
        let is_on = |word: &str| tag.split_whitespace().any(|part| part == word);
        match tag.split_whitespace().next() {
            Some("input") => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let sent = match kind.as_str() {
                    "radio" | "checkbox" => is_on("checked"),
                    "file" | "submit" => false,
                    _ => true,
                };
                if let (true, Some(name)) = (sent, attribute(tag, "name")) {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
            Some("textarea") => {
                let text = after.split("</textarea>").next().unwrap_or_default();
                fields.extend(attribute(tag, "name").map(|name| (name, unescaped(text))));
            }
            Some("select") => select = attribute(tag, "name"),
            Some("option") if is_on("selected") => {
                let value = attribute(tag, "value").unwrap_or_default();
                fields.extend(select.clone().map(|name| (name, value)));
            }
            _ => {}
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let after = tag.split(&format!(" {name}=\"")).nth(1)?;
    after.split('"').next().map(unescaped)
}

fn unescaped(text: &str) -> String {
    let mut plain = text.to_owned();
    for (entity, sign) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(entity, sign);
    }
    plain
}

fn multipart(fields: &[(String, String)], upload: Option<Upload<'_>>) -> (String, Vec<u8>) {
    let boundary = uuid::Uuid::now_v7().simple().to_string();
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    if let Some((field, name, bytes)) = upload {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<form method="get" action="/sok"><input name="q" value="x"></form>
        <form method="post" action="/a/b" enctype="multipart/form-data"><input type="hidden" name="_csrf" value="a&amp;b">
        <div class="option"><input type="radio" id="r" name="barn" value="1" checked><label for="r">Åke &amp; co</label></div>
        <div class="option"><input type="radio" id="r-2" name="barn" value="2"><label for="r-2">Mykola</label></div>
        <select name="s"><option value="">–</option><option value="v" selected>V</option></select>
        <textarea id="t" name="t" rows="2">rad 1
rad 2</textarea><input type="file" id="f" name="f"></form>"#;

    #[test]
    fn a_form_is_read_as_it_stands() {
        let mut visitor = Visitor::new("http://localhost:1/c").unwrap();
        visitor.html = PAGE.to_owned();
        assert!(visitor.form("/sok").is_none());
        let form = visitor.form("/b").unwrap();
        assert!(form.is_multipart && form.offers("v") && !form.offers("w"));
        assert_eq!(form.choice("barn", "Mykola").as_deref(), Some("2"));
        let fields: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(fields, [("_csrf", "a&b"), ("barn", "1"), ("s", "v"), ("t", "rad 1\nrad 2")]);
        assert_eq!(form.value("_csrf"), Some("a&b"));
    }
}
