//! A form of a page, as a person fills it in: by the words beside its fields.

use super::{selector, words};
use reqwest::Url;
use scraper::{ElementRef, Html};

/// A form being filled in.
#[derive(Clone)]
pub struct Form {
    pub(super) action: Url,
    pub(super) is_post: bool,
    multipart: bool,
    fields: Vec<Input>,
    files: Vec<(String, String, Vec<u8>)>,
    /// Words of the page, for when something is missing.
    page: String,
}

/// One control of a form.
#[derive(Clone)]
struct Input {
    name: String,
    value: String,
    /// What people read beside it: its label, and of a choice the question as well.
    labels: Vec<String>,
    kind: Kind,
    /// Sent along.
    on: bool,
}

#[derive(PartialEq, Clone, Copy)]
enum Kind {
    Text,
    /// A check box, radio button or option: sent when it is on; one of a radio's or select's name at a time.
    Choice {
        alone: bool,
    },
    Hidden,
    Button,
    File,
}

impl Form {
    /// As the page gives it, with what is filled in beforehand.
    pub(super) fn read(html: &Html, form: ElementRef<'_>, page: &Url, text: String) -> Form {
        let action =
            form.attr("action").filter(|a| !a.is_empty()).map_or_else(|| page.clone(), |a| page.join(a).unwrap());
        let mut fields = Vec::new();
        for control in form.select(&selector("input, textarea, select, button")) {
            let element = control.value();
            let name = element.attr("name").unwrap_or_default().to_owned();
            let value = element.attr("value").unwrap_or_default().to_owned();
            let mut labels = labels_of(html, control);
            match (element.name(), element.attr("type").unwrap_or("text")) {
                ("button", _) | ("input", "submit") => {
                    labels.push(words(control));
                    fields.push(Input { name, value, labels, kind: Kind::Button, on: false });
                }
                ("input", kind @ ("radio" | "checkbox")) => {
                    let value = if value.is_empty() { "on".to_owned() } else { value };
                    let on = element.attr("checked").is_some();
                    fields.push(Input { name, value, labels, kind: Kind::Choice { alone: kind == "radio" }, on });
                }
                ("input", "hidden") => fields.push(Input { name, value, labels, kind: Kind::Hidden, on: true }),
                ("input", "file") => fields.push(Input { name, value, labels, kind: Kind::File, on: false }),
                ("textarea", _) => {
                    let value = control.text().collect();
                    fields.push(Input { name, value, labels, kind: Kind::Text, on: true });
                }
                ("select", _) => {
                    let options: Vec<_> = control.select(&selector("option")).collect();
                    let chosen = options.iter().position(|o| o.attr("selected").is_some()).unwrap_or(0);
                    for (at, option) in options.iter().enumerate() {
                        let mut both = labels.clone();
                        both.insert(0, words(*option));
                        fields.push(Input {
                            name: name.clone(),
                            value: option.attr("value").map_or_else(|| words(*option), str::to_owned),
                            labels: both,
                            kind: Kind::Choice { alone: true },
                            on: at == chosen,
                        });
                    }
                }
                _ => fields.push(Input { name, value, labels, kind: Kind::Text, on: true }),
            }
        }
        Form {
            action,
            is_post: form.attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post")),
            multipart: form.attr("enctype").is_some_and(|e| e.starts_with("multipart")),
            fields,
            files: Vec::new(),
            page: text,
        }
    }

    /// What is sent when this button is pressed.
    pub(super) fn sent_with(&self, button: &str) -> Vec<(String, String)> {
        let is_it = |i: &&Input| i.kind == Kind::Button && i.labels.iter().any(|l| l.contains(button));
        let Some(pressed) = self.fields.iter().find(is_it) else {
            panic!("no button \"{button}\" in the form on:\n{}", self.page)
        };
        let filled = self.fields.iter().filter(|i| i.on && i.kind != Kind::Button);
        let named = filled.chain([pressed]).filter(|i| !i.name.is_empty());
        named.map(|i| (i.name.clone(), i.value.clone())).collect()
    }

    /// A form with files: what kind of content it is, and the content.
    pub(super) fn multipart(&self, fields: &[(String, String)]) -> Option<(String, Vec<u8>)> {
        let boundary = "----kommunportal-test-0123456789";
        let body = self.multipart.then(|| multipart(boundary, fields, &self.files))?;
        Some((format!("multipart/form-data; boundary={boundary}"), body))
    }

    #[track_caller]
    fn missing(&self, what: &str) -> ! {
        let known: Vec<String> = self.fields.iter().map(|i| format!("{} ({})", i.labels.join(" / "), i.name)).collect();
        panic!("no {what} in the form. It has:\n{}\nPage:\n{}", known.join("\n"), self.page)
    }

    /// Writes in the text field with this label or name.
    #[track_caller]
    pub fn fill(mut self, label: &str, value: &str) -> Self {
        let fits = |i: &Input| {
            i.kind == Kind::Text && (i.name == label || i.labels.first().is_some_and(|l| l.contains(label)))
        };
        match self.fields.iter().position(fits) {
            Some(at) => self.fields[at].value = value.to_owned(),
            None => self.missing(&format!("field \"{label}\"")),
        }
        self
    }

    /// Writes a date in the three fields of the question with this name.
    #[track_caller]
    pub fn date(self, name: &str, year: i16, month: i8, day: i8) -> Self {
        let part = |suffix: &str| format!("{name}.{suffix}");
        self.fill(&part("year"), &year.to_string())
            .fill(&part("month"), &month.to_string())
            .fill(&part("day"), &day.to_string())
    }

    /// Chooses the answer with these words to the question with this label or name.
    #[track_caller]
    pub fn choose(mut self, question: &str, answer: &str) -> Self {
        let asks = |i: &Input| i.name == question || i.labels.iter().skip(1).any(|l| l.contains(question));
        let answers = |i: &Input| i.value == answer || i.labels.first().is_some_and(|l| l.contains(answer));
        let found = self.fields.iter().position(|i| matches!(i.kind, Kind::Choice { .. }) && asks(i) && answers(i));
        let Some(at) = found else { self.missing(&format!("answer \"{answer}\" to \"{question}\"")) };
        let name = self.fields[at].name.clone();
        if self.fields[at].kind == (Kind::Choice { alone: true }) {
            self.fields.iter_mut().filter(|i| i.name == name).for_each(|i| i.on = false);
        }
        self.fields[at].on = true;
        self
    }

    /// Attaches a file to the file field with this label or name.
    #[track_caller]
    pub fn attach(mut self, label: &str, file_name: &str, bytes: &[u8]) -> Self {
        let fits = |i: &&Input| i.kind == Kind::File && (i.name == label || i.labels.iter().any(|l| l.contains(label)));
        let Some(name) = self.fields.iter().find(fits).map(|i| i.name.clone()) else {
            self.missing(&format!("file field \"{label}\""))
        };
        assert!(self.multipart, "the form sends no files: its enctype is not multipart/form-data");
        self.files.push((name, file_name.to_owned(), bytes.to_vec()));
        self
    }

    /// What the field with this label or name holds now.
    #[track_caller]
    pub fn value(&self, label: &str) -> &str {
        let fits = |i: &&Input| i.on && (i.name == label || i.labels.first().is_some_and(|l| l.contains(label)));
        match self.fields.iter().find(fits) {
            Some(input) => &input.value,
            None => self.missing(&format!("field \"{label}\"")),
        }
    }

    pub fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    pub fn has(&self, label: &str) -> bool {
        self.fields.iter().any(|i| i.name == label || i.labels.iter().any(|l| l.contains(label)))
    }
}

fn multipart(boundary: &str, fields: &[(String, String)], files: &[(String, String, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    for (name, file_name, bytes) in files {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

/// A control's own label first, then the legends of the groups that it stands in.
fn labels_of(html: &Html, control: ElementRef<'_>) -> Vec<String> {
    let mut labels = Vec::new();
    if let Some(id) = control.attr("id") {
        labels.extend(html.select(&selector("label")).filter(|l| l.attr("for") == Some(id)).map(words));
    }
    for around in control.ancestors().filter_map(ElementRef::wrap) {
        match around.value().name() {
            "label" => labels.push(words(around)),
            "fieldset" => {
                let legend = around.children().filter_map(ElementRef::wrap).find(|c| c.value().name() == "legend");
                labels.extend(legend.map(words));
            }
            "form" => break,
            _ => {}
        }
    }
    labels
}
