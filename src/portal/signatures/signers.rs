//! Others who are to sign, and what they answered.

use super::store::{self, SignerRow};
use crate::contract::{MissingSignature, WhyMissing};
use crate::db::{Conn, DbError};
use crate::oidc::Pinned;
use crate::settings::Keys;
use crate::vocabulary::{At, CaseId, MunicipalitySlug, SignerId, SubmissionId};
use crate::word_enum;
use serde::{Deserialize, Serialize};

const SEALED_AS: &str = "signers.person";

word_enum! {
    /// How far somebody has come who is asked to sign.
    SignerState {
        /// She has not answered.
        Waiting = "waiting",
        /// She has signed.
        Signed = "signed",
        /// She said no.
        Declined = "declined",
        /// Her time is out.
        Unanswered = "unanswered",
        /// She cannot be asked here: the handler takes it.
        ByHand = "by_hand",
        /// The one who sent it in has taken it back.
        Withdrawn = "withdrawn",
    }
}

/// A person who signs. Prints nothing of her.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who she must be.
    pub pinned: Pinned,
    /// For those who may see it.
    pub name: Option<String>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(•••)")
    }
}

/// Somebody to ask.
#[derive(Clone, Debug)]
pub struct NewSigner {
    /// `None`: she cannot be asked here.
    pub person: Option<Person>,
    /// Where the invitation goes.
    pub email: Option<String>,
}

/// Somebody who is asked.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Her place in addresses; no right.
    pub id: SignerId,
    /// What she is to sign.
    pub submission: SubmissionId,
    /// The case that it is.
    pub case: CaseId,
    /// `None`: she cannot be asked here.
    pub person: Option<Person>,
    /// How far it has come.
    pub state: SignerState,
    /// Until when she may answer.
    pub answer_by: At,
    /// When she did.
    pub answered_at: Option<At>,
}

/// To whom, in what and until when.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Whose resident.
    pub municipality: &'a MunicipalitySlug,
    /// What is to be signed.
    pub submission: &'a SubmissionId,
    /// The case that it is.
    pub case: &'a CaseId,
    /// Of the invitation: `sv` or `en`.
    pub language: &'a str,
    /// Until when.
    pub answer_by: At,
}

/// Why a signer cannot be kept or read.
fn as_db_error(e: impl std::error::Error + Send + Sync + 'static) -> DbError {
    DbError::Diesel(diesel::result::Error::DeserializationError(Box::new(e)))
}

fn lookup(keys: &Keys, municipality: &MunicipalitySlug, pinned: &Pinned) -> String {
    let text = match pinned {
        Pinned::Number(number) => number.expose(),
        Pinned::Prid(text) | Pinned::Affiliation(text) => text,
    };
    keys.lookup(&format!("signers:{municipality}"), text)
}

fn read(keys: &Keys, row: SignerRow) -> Result<Signer, DbError> {
    let open = |sealed: Vec<u8>| -> Result<Person, DbError> {
        let plain = keys.open(SEALED_AS, &sealed).map_err(as_db_error)?;
        serde_json::from_slice(&plain).map_err(as_db_error)
    };
    Ok(Signer {
        id: row.id,
        submission: row.submission_id,
        case: row.case_id,
        person: row.person_sealed.map(open).transpose()?,
        state: row.state,
        answer_by: row.answer_by,
        answered_at: row.answered_at,
    })
}

/// Asks them, in the transaction that what they are to sign is received in. Gives those who can be written to.
pub fn add_signers(
    conn: &mut Conn,
    keys: &Keys,
    asked: Asked<'_>,
    new: &[NewSigner],
    now: At,
) -> Result<Vec<SignerId>, DbError> {
    let mut to_invite = Vec::new();
    for signer in new {
        let id = SignerId::fresh();
        let sealed = match &signer.person {
            Some(person) => {
                let plain = serde_json::to_vec(person).map_err(as_db_error)?;
                Some(keys.seal(SEALED_AS, &plain).map_err(as_db_error)?)
            }
            None => None,
        };
        let row = SignerRow {
            id: id.clone(),
            municipality: asked.municipality.clone(),
            submission_id: asked.submission.clone(),
            case_id: asked.case.clone(),
            number_lookup: signer.person.as_ref().map(|p| lookup(keys, asked.municipality, &p.pinned)),
            state: if sealed.is_some() { SignerState::Waiting } else { SignerState::ByHand },
            person_sealed: sealed,
            email: signer.email.clone(),
            language: asked.language.to_owned(),
            answer_by: asked.answer_by,
            answered_at: None,
            created_at: now,
        };
        store::insert_signer(conn, &row)?;
        if signer.person.is_some() && signer.email.is_some() {
            to_invite.push(id);
        }
    }
    Ok(to_invite)
}

/// Everybody else who is or was to sign in a case, in the order that they were asked.
pub fn signers_of(conn: &mut Conn, keys: &Keys, case: &CaseId) -> Result<Vec<Signer>, DbError> {
    store::signers_of(conn, case)?.into_iter().map(|row| read(keys, row)).collect()
}

/// One of them.
pub fn find_signer(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    id: &SignerId,
) -> Result<Option<Signer>, DbError> {
    store::find_signer(conn, municipality, id)?.map(|row| read(keys, row)).transpose()
}

/// What waits for this person's signature, the oldest first.
pub fn asked(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    person: &Pinned,
) -> Result<Vec<Signer>, DbError> {
    let rows = store::waiting_for(conn, municipality, &lookup(keys, municipality, person))?;
    rows.into_iter().map(|row| read(keys, row)).collect()
}

/// From waiting to what she answered. False when she, or time, was there before.
pub fn answer(conn: &mut Conn, id: &SignerId, state: SignerState, now: At) -> Result<bool, DbError> {
    store::answer(conn, id, state, now)
}

/// Nobody is waited for.
pub fn is_complete(conn: &mut Conn, case: &CaseId) -> Result<bool, DbError> {
    Ok(store::signers_of(conn, case)?.iter().all(|row| row.state != SignerState::Waiting))
}

/// Nobody need answer any more: the one who sent it in has taken it back. True when somebody was waited for.
pub fn withdraw_signers(conn: &mut Conn, case: &CaseId, now: At) -> Result<bool, DbError> {
    store::withdraw(conn, case, now)
}

/// Those whose time is out, at most `limit`, with whose resident sent it in.
pub fn overdue(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<(MunicipalitySlug, SignerId, CaseId)>, DbError> {
    store::overdue(conn, now, limit)
}

/// Whose signatures a case lacks now that nobody is waited for, for whoever handles it.
pub fn missing(conn: &mut Conn, keys: &Keys, case: &CaseId) -> Result<Vec<MissingSignature>, DbError> {
    let why = |state| match state {
        SignerState::Waiting | SignerState::Unanswered => Some(WhyMissing::Unanswered),
        SignerState::Declined => Some(WhyMissing::Declined),
        SignerState::ByHand => Some(WhyMissing::ByHand),
        SignerState::Withdrawn => Some(WhyMissing::Withdrawn),
        SignerState::Signed => None,
    };
    let all = signers_of(conn, keys, case)?.into_iter();
    Ok(all
        .filter_map(|s| Some(MissingSignature { reason: why(s.state)?, name: s.person.and_then(|p| p.name) }))
        .collect())
}
