//! What residents do: fill in a service at the portal's own pages and send it in.

use super::browser::{Stuck, Upload, Visitor};
use super::examples::Example;
use super::notes::{Note, Notes};

/// Steps of the longest service, each perhaps shown again with the questions that an answer has opened.
const MOST_STEPS: usize = 24;

/// Sends an example in, or finds that it was; the reference.
pub(super) async fn send_in(
    visitor: &mut Visitor,
    example: &Example,
    protocol: &[u8],
    notes: &mut Notes,
    note: &mut Note,
) -> Result<String, Stuck> {
    let service = format!("/e-tjanster/{}", example.service);
    if let Some(draft) = &note.draft {
        let base = format!("{service}/utkast/{draft}");
        visitor.open(&format!("{base}/granska")).await?;
        if let Some(form) = visitor.form("/skicka-in") {
            visitor.submit(form, &[], None).await?;
        }
        if let Some(reference) = reference(visitor) {
            return Ok(reference);
        }
        // Killed in the middle of it: begun anew rather than gone on with.
        if let Some(form) = visitor.form("/skicka-in") {
            visitor.submit(form.sent_to(&format!("{base}/ta-bort"))?, &[], None).await?;
        }
    }
    visitor.open(&format!("{service}/fyll-i")).await?;
    act_for(visitor, example).await?;
    let form = visitor.form("/fyll-i").ok_or_else(|| visitor.stuck("no first step"))?;
    note.draft = form.value("_draft").map(str::to_owned);
    note.browser = visitor.cookie(super::BROWSER).map(str::to_owned);
    notes.keep(example.key, note)?;
    for _ in 0..MOST_STEPS {
        if let Some(form) = visitor.form("/skicka-in") {
            visitor.submit(form, &[], None).await?;
            return reference(visitor).ok_or_else(|| visitor.stuck("not sent in"));
        }
        let place = visitor.path().to_owned();
        let form = visitor.form(&place).ok_or_else(|| visitor.stuck("no form"))?;
        let child = example.child.and_then(|name| form.choice("barn", name));
        let mut answers: Vec<(&str, &str)> =
            example.answers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        answers.extend(child.as_deref().map(|value| ("barn", value)));
        // Not again with each time that the step is shown.
        let wants_file = !form_has_file(visitor);
        let upload: Option<Upload<'_>> = wants_file.then_some(("arsmotesprotokoll", "arsmote.pdf", protocol));
        visitor.submit(form, &answers, upload).await?;
        if visitor.status() >= 400 && visitor.status() != 422 {
            return Err(visitor.stuck("the step was not taken"));
        }
    }
    Err(visitor.stuck("the steps do not end"))
}

/// For whom the example is sent in, where the service asks: the association that it is about.
async fn act_for(visitor: &mut Visitor, example: &Example) -> Result<(), Stuck> {
    if visitor.path() != "/foretrad" {
        return Ok(());
    }
    let of = |name: &str| example.answers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str());
    let (Some(number), Some(name)) = (of("organisationsnummer"), of("forening")) else {
        return Err(visitor.stuck("it is not said for whom"));
    };
    // The page has a form for each that can be chosen; this is the last, where she writes it herself.
    let form = visitor.last_form("/foretrad").ok_or_else(|| visitor.stuck("nobody to act for"))?;
    let answers = [("val", "annan"), ("nummer", number), ("namn", name), ("slag", "association")];
    visitor.submit(form, &answers, None).await
}

fn form_has_file(visitor: &Visitor) -> bool {
    visitor.html().contains("class=\"file-list uploads\"")
}

/// Of the page that thanks.
fn reference(visitor: &Visitor) -> Option<String> {
    let after = visitor.html().split("<strong class=\"reference\">").nth(1)?;
    Some(after.split('<').next()?.trim().to_owned())
}
