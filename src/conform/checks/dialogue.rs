//! What is said back and forth: supplements, decisions, and what is left for the archive.

use super::receiving::same_case;
use super::{Outcome, Stop, failed, must};
use crate::conform::hook::Action;
use crate::conform::kit::{Kit, sequence};
use crate::conform::samples;
use crate::contract::{AnsweredItem, DeliveryKind, EventData, SupplementAnswer};

pub async fn c19(kit: &Kit) -> Outcome {
    let mut case = kit.case().await?;
    kit.quiet(&mut case).await;
    let asked = kit.ask("C19", Action::Supplement, &case).await?;
    let seen = kit.event_of(&asked, &case, "supplement_requested").await?;
    sequence(&seen)?;
    let Ok(EventData::SupplementRequested(request)) = seen.event.read() else {
        return Err(failed("data of supplement_requested", seen.raw));
    };
    must(!request.text.trim().is_empty(), "text: what is needed, in words for the resident", "none")?;
    must(!request.supplement_id.is_empty(), "supplementId", "none")?;
    // Another day than the submission's: it has a receivedAt of its own.
    let received = kit.stage.clock.now().plus_seconds(-90);
    let answer = "Här är det som ni bad om.";
    let mut reply = samples::later(&case.delivery, DeliveryKind::Supplement, &case.external, answer, received);
    let document = kit.attach(&mut reply, "attachment", 3_000);
    let items = request.items.iter().take(1);
    reply.supplement = Some(SupplementAnswer {
        supplement_id: Some(request.supplement_id.clone()),
        items: items
            .map(|i| AnsweredItem { item_id: i.item_id.clone(), document_ids: vec![document.clone()] })
            .collect(),
    });
    let (_, receipt) = kit.hand_over(&reply).await?;
    same_case(&receipt, &case)?;
    let is_out = kit.stage.until(kit.config().patience, |l| l.files.get(&document).filter(|f| f.is_out).map(drop));
    is_out.await.ok_or_else(|| failed("the supplement's document fetched", "it was never fetched whole"))?;
    let told = match kit.ask("C19", Action::ResolveSupplement, &case).await {
        Err(_) => "asked for and answered; that it is enough was not tried",
        Ok(asked) => {
            let resolved = kit.event_of(&asked, &case, "supplement_resolved").await?;
            let Ok(EventData::SupplementResolved(data)) = resolved.event.read() else {
                return Err(failed("data of supplement_resolved", resolved.raw));
            };
            must(
                data.supplement_id == request.supplement_id,
                format!("supplementId {}", request.supplement_id),
                data.supplement_id,
            )?;
            "asked for, answered and found enough"
        }
    };
    Ok(Some(told.into()))
}

pub async fn c20(kit: &Kit) -> Outcome {
    let mut case = kit.case().await?;
    kit.quiet(&mut case).await;
    let asked = kit.ask("C20", Action::Decision, &case).await?;
    let seen = kit.event_of(&asked, &case, "decision_made").await?;
    let Ok(EventData::DecisionMade(decision)) = seen.event.read() else {
        return Err(failed("data of decision_made", seen.raw));
    };
    must(
        !decision.decision_id.is_empty() && decision.version >= 1,
        "decisionId, and version from 1",
        seen.raw.clone(),
    )?;
    must(
        matches!(decision.decided_by.kind.as_str(), "delegation" | "board" | "automated"),
        "decidedBy.kind: delegation, board or automated",
        decision.decided_by.kind.clone(),
    )?;
    must(
        !decision.text.trim().is_empty() || !decision.document_ids.is_empty(),
        "the decision in text, or a document of it",
        "neither",
    )?;
    let missing = kit.stage.read(|ledger| {
        let is_known = |id: &String| ledger.uploads.iter().any(|u| u.document_id == *id && u.case == *case.id());
        decision.document_ids.iter().find(|id| !is_known(id)).cloned()
    });
    must(
        missing.is_none(),
        "documents first: POST /cases/{caseId}/documents, then the event that names them",
        format!("documentId {missing:?} that was not handed in"),
    )?;
    let regime = kit.config().appeal_regime.as_str();
    match (regime, decision.appeal) {
        ("none", None) => Ok(Some("no appeal, as routing.appealRegime says".into())),
        ("none", Some(appeal)) => Err(failed("no appeal block, as routing.appealRegime is none", appeal.regime)),
        (_, None) => Err(failed(
            format!("an appeal block, as routing.appealRegime is {regime}"),
            "none: the portal would hold the decision (appeal-block-missing)",
        )),
        (_, Some(appeal)) => {
            must(appeal.regime == regime, format!("appeal.regime {regime}"), appeal.regime.clone())?;
            must(appeal.weeks > 0, "appeal.weeks", "0")?;
            must(!appeal.to.trim().is_empty(), "appeal.to: who tries it", "nobody")?;
            must(
                appeal.instructions.is_some() || appeal.instruction_document_id.is_some(),
                "appeal.instructions, or instructionDocumentId",
                "neither",
            )?;
            Ok(Some(format!("{regime}, {} weeks, to {}", appeal.weeks, appeal.to)))
        }
    }
}

pub async fn c24(kit: &Kit) -> Outcome {
    if kit.can("archiveExport").await {
        Err(Stop::Skipped("api-info declares archiveExport; hold an export against the XSD by hand".into()))
    } else {
        Err(Stop::NotApplicable("api-info declares no archiveExport".into()))
    }
}
