//! What only somebody in the back office can do: asked for through a hook, or of the person at the terminal.

use super::Config;
use super::checks::Stop;
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::time::Duration;

/// Who does it.
pub struct Hook {
    client: reqwest::Client,
    url: Option<url::Url>,
    person: Duration,
    patience: Duration,
}

/// Somebody is doing it, or has done it.
#[derive(Debug)]
pub struct Asked {
    /// How long what it leads to may take.
    pub wait: Duration,
    /// A person was asked: what does not come, was perhaps never done.
    pub by_hand: bool,
    /// What the hook answered.
    pub said: Value,
}

/// Something to be done to a case in the back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Status,
    Close,
    Reopen,
    Message,
    Supplement,
    ResolveSupplement,
    Decision,
    /// The next delivery is to be answered 202 and registered afterwards.
    Accept,
    /// What the portal refused as misconfigured is mended: send now instead of at the next probe.
    Resume,
    /// A rejected event is to be sent once more.
    Retry,
    /// Tell what is kept of the case.
    Look,
}

impl Action {
    /// As the hook hears it.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Status => "status",
            Action::Close => "close",
            Action::Reopen => "reopen",
            Action::Message => "message",
            Action::Supplement => "supplement",
            Action::ResolveSupplement => "resolve-supplement",
            Action::Decision => "decision",
            Action::Accept => "accept",
            Action::Resume => "resume",
            Action::Retry => "retry",
            Action::Look => "look",
        }
    }

    /// As a person hears it.
    fn words(self) -> &'static str {
        match self {
            Action::Status => "change the status of the case",
            Action::Close => "close the case",
            Action::Reopen => "open the case again",
            Action::Message => "write a message to the resident",
            Action::Supplement => "ask the resident for a supplement (komplettering)",
            Action::ResolveSupplement => "say that the supplement is enough",
            Action::Decision => "decide the case",
            Action::Accept => "let the next delivery be accepted and registered a little later",
            Action::Resume => "send what waits for the portal now",
            Action::Retry => "send the rejected event of the case once more",
            Action::Look => "tell when the case was received",
        }
    }
}

impl Hook {
    pub fn new(config: &Config, client: reqwest::Client) -> Self {
        Self { client, url: config.hook.clone(), person: config.person, patience: config.patience }
    }

    /// Whether a program does it, so that it may be asked for what no person would be bothered with.
    pub fn is_there(&self) -> bool {
        self.url.is_some()
    }

    /// Asks for something. A hook that answers 404 or 501 cannot do it.
    pub async fn ask(&self, check: &str, action: Action, case: &str, more: Value) -> Result<Asked, Stop> {
        let Some(url) = &self.url else { return self.ask_person(check, action, case) };
        let mut question = json!({ "action": action.as_str(), "externalCaseId": case, "check": check });
        if let (Some(question), Value::Object(more)) = (question.as_object_mut(), more) {
            question.extend(more);
        }
        let answer = self.client.post(url.clone()).json(&question).send().await;
        let answer = answer.map_err(|e| Stop::Skipped(format!("the hook does not answer: {e}")))?;
        let status = answer.status();
        let said: Value = answer.json().await.unwrap_or_default();
        match status.as_u16() {
            200..=299 => Ok(Asked { wait: self.patience, by_hand: false, said }),
            404 | 501 => Err(Stop::Skipped(format!("the hook cannot do \"{}\"", action.as_str()))),
            other => Err(Stop::Skipped(format!("the hook answered {other} to \"{}\"", action.as_str()))),
        }
    }

    fn ask_person(&self, check: &str, action: Action, case: &str) -> Result<Asked, Stop> {
        let needed = || Stop::Skipped(format!("somebody must {}; see --hook", action.words()));
        if action == Action::Look || self.person.is_zero() || !std::io::stderr().is_terminal() {
            return Err(needed());
        }
        eprintln!("{check}: please {} ({case}). Waiting {} s.", action.words(), self.person.as_secs());
        Ok(Asked { wait: self.person, by_hand: true, said: Value::Null })
    }
}
