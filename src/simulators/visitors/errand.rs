//! What handlers do with an example, at the desk's own pages. Each act first looks whether it is done already.

use super::browser::{Stuck, Visitor};
use super::examples::Act;
use std::time::Duration;

/// Deliveries take a moment, and longer while somebody has cut the line.
const LOOKS: usize = 2000;
const BETWEEN: Duration = Duration::from_millis(300);

/// Opens the errand with this reference, when it has come.
pub(super) async fn find(handler: &mut Visitor, desk: &str, reference: &str) -> Result<(), Stuck> {
    for _ in 0..LOOKS {
        handler.open(&format!("{desk}/sok?q={reference}")).await?;
        if handler.path().starts_with("/arenden/") {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN).await;
    }
    Err(handler.stuck("the errand has not come"))
}

/// Does one act on the errand that is open.
pub(super) async fn act(handler: &mut Visitor, act: &Act) -> Result<(), Stuck> {
    let errand = handler.path().to_owned();
    let missing = |handler: &Visitor| handler.stuck("a form is missing");
    match act {
        Act::Take => {
            let Some(form) = handler.form("/ta") else { return Ok(()) };
            handler.submit(form, &[], None).await?;
        }
        Act::Work => {
            let form = handler.form("/status").filter(|form| form.offers("HANDLAGGS"));
            let Some(form) = form else { return Ok(()) };
            handler.submit(form, &[("status", "HANDLAGGS")], None).await?;
        }
        Act::Ask(text) => {
            if handler.sees(text) {
                return Ok(());
            }
            let form = handler.form("/meddelande").ok_or_else(|| missing(handler))?;
            handler.submit(form, &[("text", text), ("_action", "ask")], None).await?;
        }
        Act::Decide { outcome, text, reasons, law } => {
            if handler.html().contains("class=\"decision\"") {
                return Ok(());
            }
            handler.open(&format!("{errand}/beslut")).await?;
            let form = handler.form("/beslut").ok_or_else(|| missing(handler))?;
            let answers = [("outcome", *outcome), ("text", text), ("reasons", reasons), ("legal_basis", law)];
            handler.submit(form, &answers, None).await?;
        }
        Act::Close { outcome, words } => {
            let Some(form) = handler.form("/avsluta") else { return Ok(()) };
            handler.submit(form, &[("outcome", *outcome), ("words", *words)], None).await?;
        }
    }
    if handler.status() == 200 && handler.path() == errand {
        return Ok(());
    }
    let stuck = handler.stuck("the desk did not do it");
    handler.open(&errand).await?;
    Err(stuck)
}
