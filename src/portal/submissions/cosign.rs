//! Others who sign what somebody has sent in. It is received already; its delivery waits until everybody has answered, or
//! until their time is out: then it goes to the handler, who is told whose signature is missing.

use super::receipt::complete_job;
use super::sign::{Returned, SignFault};
use super::submit::Sent;
use crate::audit;
use crate::db::{Conn, DbError};
use crate::jobs;
use crate::portal::notifications::{self, News};
use crate::portal::signatures::{self, NewSignature, Signer, SignerState};
use crate::portal::{App, cases};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, SignerId};

/// She has signed. Runs in the transaction that takes her signature in.
pub(super) fn signed(
    conn: &mut Conn,
    returned: &Returned,
    id: &SignerId,
    sha256: &str,
    tbs: &[u8],
) -> Result<Sent, SignFault> {
    let (slug, now) = (&returned.municipality.slug, returned.now);
    let signer = signatures::find_signer(conn, &returned.keys, slug, id)?.ok_or(SignFault::Over)?;
    let person = returned.person();
    if signer.person.as_ref().map(|p| &p.pinned) != Some(&person.pinned) || sha256.is_empty() {
        return Err(SignFault::Over);
    }
    if !signatures::answer(conn, id, SignerState::Signed, now)? {
        return if signer.state == SignerState::Signed { Ok(Sent::Before) } else { Err(SignFault::Over) };
    }
    let signature = NewSignature {
        municipality: slug,
        submission: &signer.submission,
        case: &signer.case,
        party: returned.citizen.person(),
        signer: Some(id),
        person,
        tbs_data: tbs,
        evidence: &returned.evidence,
    };
    signatures::keep(conn, &returned.keys, signature, now)?;
    record(conn, slug, returned.citizen.person().as_str(), "signature.given", &signer, now)?;
    go_on(conn, slug, &signer.case, News::Signed, now)?;
    Ok(Sent::Now)
}

/// She will not sign. False when she, or time, was there before.
pub(super) fn decline(
    conn: &mut Conn,
    slug: &MunicipalitySlug,
    party: &str,
    signer: &Signer,
    now: At,
) -> Result<bool, DbError> {
    if !signatures::answer(conn, &signer.id, SignerState::Declined, now)? {
        return Ok(false);
    }
    record(conn, slug, party, "signature.declined", signer, now)?;
    go_on(conn, slug, &signer.case, News::Unsigned, now)?;
    Ok(true)
}

fn record(
    conn: &mut Conn,
    slug: &MunicipalitySlug,
    party: &str,
    action: &str,
    signer: &Signer,
    now: At,
) -> Result<(), DbError> {
    audit::record(conn, slug, now, &format!("party:{party}"), action, signer.case.as_str(), "")
}

/// When nobody is waited for any more the receipt is made anew, and the delivery goes with it. The one who sent it in is
/// told what the last answer was.
fn go_on(conn: &mut Conn, slug: &MunicipalitySlug, case: &CaseId, news: News, now: At) -> Result<(), DbError> {
    if !signatures::is_complete(conn, case)? {
        return Ok(());
    }
    let Some(case) = cases::find(conn, slug, case)? else { return Ok(()) };
    jobs::enqueue(conn, complete_job(slug, &case.submission_id, now)?, now)?;
    if case.withdrawn_at.is_none() {
        notifications::notify(conn, slug, &case.id, "signatures", news, now)?;
    }
    Ok(())
}

/// She has taken her case back: nobody need sign it, and what she sent goes to the handler with her withdrawal after it.
pub fn withdraw_signers(conn: &mut Conn, slug: &MunicipalitySlug, case: &CaseId, now: At) -> Result<(), DbError> {
    if signatures::withdraw_signers(conn, case, now)? {
        go_on(conn, slug, case, News::Unsigned, now)?;
    }
    Ok(())
}

/// Those whose time is out answer no more; true when there are more of them.
pub async fn end_overdue_signers(app: &App) -> bool {
    const AT_ONCE: i64 = 100;
    let now = app.ground.clock.now();
    let ended = app.ground.db.write(move |c| {
        let due = signatures::overdue(c, now, AT_ONCE)?;
        for (slug, id, case) in &due {
            if signatures::answer(c, id, SignerState::Unanswered, now)? {
                go_on(c, slug, case, News::Unsigned, now)?;
            }
        }
        Ok::<_, DbError>(due.len())
    });
    match ended.await {
        Ok(count) => count >= AT_ONCE as usize,
        Err(e) => {
            tracing::warn!(error = %e, "signers whose time is out could not be told apart");
            false
        }
    }
}
