//! What happens when a citizen has proved who she is.

use super::store::{KnownBy, Seen};
use super::{Citizen, Foreign, store};
use crate::oidc::{
    Authenticated, Door, Identity, LoginFault, Persistence, Pinned, Purpose, USUAL_LEVEL, Unwelcome, Welcome, Who,
};
use crate::portal::App;
use crate::portal::prefill::{Need, State};
use crate::settings::random_token;
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
        &["e-tjanster", "mina-sidor", "foretrad", "underskrifter", "kvitto", "tillganglighet", "om-personuppgifter"]
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
            let known = match identity.number() {
                Some(number) => Some(self.0.known_about(&visit.municipality.slug, number, Need::Applicant).await),
                // No register knows her; what she may use is for each service to say.
                None => None,
            };
            if let Some(State::Blocked(block)) = known.as_ref().map(|known| known.state) {
                tracing::warn!(?block, "a log-in was refused by the register's answer");
                return Err(Unwelcome::Refused("deceased"));
            }
            let from_broker = name.clone().or_else(|| {
                let both: Vec<&str> = [given_name, family_name].into_iter().flatten().map(String::as_str).collect();
                (!both.is_empty()).then(|| both.join(" "))
            });
            let of = |name: &str| known.as_ref().and_then(|known| known.values.get(name));
            let in_register = of("navet.first_name").zip(of("navet.surname"));
            let name = in_register.map(|(f, s)| format!("{f} {s}")).or(from_broker).unwrap_or_default();
            self.welcome(visit, who, identity, name).await
        })
    }

    fn pin(&self, session: &Session) -> Option<Pinned> {
        let citizen = session.read::<Citizen>()?;
        // The identity that she used, not a number that is bound to it: that is what the same e-legitimation says again.
        let prid = citizen.foreign.as_ref().map(|foreign| Pinned::Prid(foreign.prid.clone()));
        prid.or_else(|| citizen.number().map(Pinned::Number))
    }

    /// She still acts for whom she acted, and everything here is still that one's.
    fn carry_over(&self, old: &Value, new: Value) -> Value {
        let acting = serde_json::from_value::<Citizen>(old.clone()).ok().and_then(|citizen| citizen.acting);
        let carried = serde_json::from_value::<Citizen>(new.clone()).map(|citizen| citizen.acting_as(acting));
        carried.ok().and_then(|citizen| serde_json::to_value(citizen).ok()).unwrap_or(new)
    }

    fn signed<'a>(
        &'a self,
        visit: &'a Visit,
        who: &'a Authenticated,
        subject: Value,
    ) -> BoxFuture<'a, Result<String, Unwelcome>> {
        Box::pin(crate::portal::submissions::signed(&self.0, visit, who, subject))
    }

    fn sign_interrupted(&self, subject: &Value, fault: LoginFault) -> String {
        crate::portal::submissions::signature_interrupted(subject, fault).unwrap_or_else(|| self.home().to_owned())
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
        identity: &Identity,
        name: String,
    ) -> Result<Welcome, Unwelcome> {
        let (keys, slug, now) = (visit.ground.keys.clone(), visit.municipality.slug.clone(), visit.ground.clock.now());
        let (known_by, foreign) = known_by(identity)?;
        let seen = match &known_by {
            KnownBy::Number { number, previous } => Some(Seen {
                issuer: who.issuer.clone(),
                subject: who.subject.clone(),
                number: number.clone(),
                previous: previous.clone(),
            }),
            // A foreign name for somebody may change with her address or her e-legitimation.
            KnownBy::Prid { .. } => None,
        };
        let number = identity.number().map(|number| number.expose().to_owned()).unwrap_or_default();
        let shown = name.clone();
        let party = visit.ground.db.write(move |c| {
            if let Some(seen) = &seen
                && !store::recognise(c, &keys, &slug, seen, now)?
            {
                return Ok(None);
            }
            store::find_or_create(c, &keys, &slug, &known_by, &shown, now).map(Some)
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
            number,
            foreign,
            acr: who.acr.clone(),
            method: who.method.clone().unwrap_or_else(|| "oidc".to_owned()),
            auth_at: who.auth_time,
            acting: None,
        };
        tracing::info!(party = %party, acr = %who.acr, "a citizen logged in");
        Ok(Welcome { principal: party.to_string(), data: serde_json::to_value(citizen).map_err(AppError::from)? })
    }
}

/// The key of her account. A Swedish number wins, also one that is bound to a foreign e-legitimation in a way that settings
/// accept. A foreign identity that may name somebody else tomorrow gets an account of its own for each log-in.
fn known_by(identity: &Identity) -> Result<(KnownBy, Option<Foreign>), AppError> {
    match (identity.number(), identity) {
        (Some(number), Identity::Number { previous, .. }) => {
            Ok((KnownBy::Number { number: number.clone(), previous: previous.clone() }, None))
        }
        (Some(number), Identity::Foreign { prid, persistence, .. }) => {
            let foreign = Foreign { prid: prid.clone(), persistence: *persistence };
            Ok((KnownBy::Number { number: number.clone(), previous: None }, Some(foreign)))
        }
        (None, Identity::Foreign { prid, persistence, .. }) => {
            let foreign = Foreign { prid: prid.clone(), persistence: *persistence };
            let this_time = match persistence {
                Persistence::A | Persistence::B => String::new(),
                Persistence::C => random_token()?,
            };
            Ok((KnownBy::Prid { prid: prid.clone(), this_time }, Some(foreign)))
        }
        (None, Identity::Number { .. }) => Err(AppError::internal("a number that is none")),
    }
}
