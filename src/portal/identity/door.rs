//! What happens when a citizen has proved who she is.

use super::store::Seen;
use super::{Citizen, store};
use crate::oidc::{Authenticated, Door, Identity, Pinned, Purpose, USUAL_LEVEL, Unwelcome, Welcome, Who};
use crate::portal::App;
use crate::portal::prefill::{Need, State};
use crate::vocabulary::ServiceSlug;
use crate::web::{AppError, Session, Visit};
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::sync::Arc;

/// Citizens by number. The register is asked once, for the person alone; log-in never depends on its answer.
pub struct PortalDoor(pub Arc<App>);

impl Door for PortalDoor {
    fn purpose(&self) -> Purpose {
        Purpose::Citizen
    }

    fn home(&self) -> &'static str {
        "/mina-sidor"
    }

    fn places(&self) -> &'static [&'static str] {
        &["e-tjanster", "mina-sidor", "foretrad", "kvitto", "tillganglighet", "om-personuppgifter"]
    }

    /// A page of a service needs what its service needs.
    fn level(&self, visit: &Visit, path: &str) -> u8 {
        let service = path.strip_prefix("/e-tjanster/").and_then(|rest| rest.split(['/', '?']).next());
        let service: Option<ServiceSlug> = service.and_then(|slug| slug.parse().ok());
        let definition = service.and_then(|slug| self.0.catalogue.find(&visit.municipality.slug, &slug));
        definition.map(|d| d.level.number()).filter(|level| *level > 0).unwrap_or(USUAL_LEVEL)
    }

    fn enter<'a>(&'a self, visit: &'a Visit, who: &'a Authenticated) -> BoxFuture<'a, Result<Welcome, Unwelcome>> {
        Box::pin(async move {
            let Who::Citizen { identity, name, given_name, family_name } = &who.who else {
                return Err(AppError::internal("staff at the citizens' door").into());
            };
            let Some(number) = identity.number() else { return Err(Unwelcome::Refused("no-swedish-number")) };
            let known = self.0.known_about(&visit.municipality.slug, number, Need::Applicant).await;
            if let State::Blocked(block) = known.state {
                tracing::warn!(?block, "a log-in was refused by the register's answer");
                return Err(Unwelcome::Refused("deceased"));
            }
            let from_broker = name.clone().or_else(|| {
                let both: Vec<&str> = [given_name, family_name].into_iter().flatten().map(String::as_str).collect();
                (!both.is_empty()).then(|| both.join(" "))
            });
            let in_register = known.values.get("navet.first_name").zip(known.values.get("navet.surname"));
            let name = in_register.map(|(f, s)| format!("{f} {s}")).or(from_broker).unwrap_or_default();
            let previous = match identity {
                Identity::Number { previous, .. } => previous.clone(),
                Identity::Foreign { .. } => None,
            };
            let (issuer, subject) = (who.issuer.clone(), who.subject.clone());
            let seen = Seen { issuer, subject, number: number.clone(), previous };
            self.welcome(visit, who, seen, name).await
        })
    }

    fn pin(&self, session: &Session) -> Option<Pinned> {
        session.read::<Citizen>()?.number().ok().map(Pinned::Number)
    }

    /// She still acts for whom she acted, and everything here is still that one's.
    fn carry_over(&self, old: &Value, new: Value) -> Value {
        let acting = serde_json::from_value::<Citizen>(old.clone()).ok().and_then(|citizen| citizen.acting);
        let carried = serde_json::from_value::<Citizen>(new.clone()).map(|citizen| citizen.acting_as(acting));
        carried.ok().and_then(|citizen| serde_json::to_value(citizen).ok()).unwrap_or(new)
    }

    fn browser_renewed<'a>(&'a self, visit: &'a Visit, new_hash: String) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(crate::portal::submissions::follow_browser(&self.0, visit, new_hash))
    }
}

impl PortalDoor {
    async fn welcome(
        &self,
        visit: &Visit,
        who: &Authenticated,
        seen: Seen,
        name: String,
    ) -> Result<Welcome, Unwelcome> {
        let (keys, slug, now) = (visit.ground.keys.clone(), visit.municipality.slug.clone(), visit.ground.clock.now());
        let (number, shown) = (seen.number.clone(), name.clone());
        let party = visit.ground.db.write(move |c| match store::recognise(c, &keys, &slug, &seen, now)? {
            true => store::find_or_create(c, &keys, &slug, &seen.number, &shown, now).map(Some),
            false => Ok(None),
        });
        let Some(party) = party.await.map_err(AppError::from)? else {
            metrics::counter!("broker_alerts_total", "broker" => who.issuer.clone(), "what" => "other_number")
                .increment(1);
            tracing::error!(issuer = %who.issuer, "a broker's name for somebody came with another number than before");
            return Err(Unwelcome::Refused("other-number"));
        };
        let citizen = Citizen {
            party: party.clone(),
            name,
            number: number.expose().to_owned(),
            acr: who.acr.clone(),
            method: who.method.clone().unwrap_or_else(|| "oidc".to_owned()),
            auth_at: who.auth_time,
            acting: None,
        };
        tracing::info!(party = %party, acr = %who.acr, "a citizen logged in");
        Ok(Welcome { principal: party.to_string(), data: serde_json::to_value(citizen).map_err(AppError::from)? })
    }
}
