//! Who may sign for a company (firmatecknare), as a register of companies answers it: Bolagsverket's, through an adapter
//! that speaks JSON as the open `legalentity` service of Sundsvall does.

use super::asking::{Line, Unanswered};
use crate::portal::identity::PrincipalNumber;
use crate::settings;
use crate::vocabulary::{Clock, Organisationsnummer, Personnummer};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;
use url::Url;

/// Somebody who can answer for companies.
pub trait CompanyRegister: Send + Sync {
    /// Every organisation that she has a role in.
    fn engagements<'a>(&'a self, person: &'a Personnummer) -> BoxFuture<'a, Result<Vec<Engagement>, Unanswered>>;

    /// One organisation; `None` when the register has none of that number, as with most associations.
    fn organisation<'a>(
        &'a self,
        number: &'a Organisationsnummer,
    ) -> BoxFuture<'a, Result<Option<Organisation>, Unanswered>>;
}

/// What somebody is to an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    pub organisation: Organisation,
    pub signs: Signs,
}

/// Whether she may sign for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// By herself.
    Alone,
    /// Only with somebody else.
    Together,
    /// A role, but no right to sign.
    No,
}

/// An organisation in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// A sole trader's is the owner's own number.
    pub number: PrincipalNumber,
    pub name: String,
    /// `AB`, `HB`, `KB`, `E`, `EK`, `BRF` …
    pub form: String,
    pub standing: Standing,
    /// Street, postcode and town, where the register has them.
    pub address: Option<OrganisationAddress>,
}

/// Where it can be written to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrganisationAddress {
    #[serde(rename = "addressArea")]
    pub street: String,
    #[serde(rename = "postCode")]
    pub postcode: String,
    #[serde(rename = "city")]
    pub city: String,
}

/// Whether its signatories still decide over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Active,
    /// In liquidation, bankruptcy or reconstruction: somebody else decides.
    Winding,
    /// Struck off.
    Gone,
}

/// A role that lets her sign, though not alone.
const SIGNATORY: &str = "FT";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOrganisation {
    organization_number: String,
    name: String,
    #[serde(default)]
    form_short: String,
    #[serde(default)]
    un_register_date: Option<String>,
    #[serde(default)]
    liquidation_or_restructuring: Vec<serde_json::Value>,
    #[serde(default)]
    address: Option<OrganisationAddress>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireEngagement {
    #[serde(flatten)]
    organisation: WireOrganisation,
    roles: Vec<Role>,
    is_authorized_signatory: bool,
    #[serde(default)]
    is_sole_trader: bool,
}

#[derive(Deserialize)]
struct Role {
    code: String,
}

impl WireOrganisation {
    fn read(self, owner: Option<&Personnummer>) -> Result<Organisation, Unanswered> {
        let number = match owner {
            Some(owner) => {
                let digits: String = self.organization_number.chars().filter(char::is_ascii_digit).collect();
                // Somebody else's firm under her name would be somebody else's number in our tables.
                if digits.len() < 10 || !owner.expose().ends_with(&digits) {
                    return Err(Unanswered::Unbelievable);
                }
                PrincipalNumber::Person(owner.clone())
            }
            None => {
                let number = Organisationsnummer::parse(&self.organization_number);
                PrincipalNumber::Organisation(number.map_err(|_| Unanswered::Unreadable)?)
            }
        };
        if self.name.trim().is_empty() {
            return Err(Unanswered::Unreadable);
        }
        let standing = match (&self.un_register_date, self.liquidation_or_restructuring.is_empty()) {
            (Some(_), _) => Standing::Gone,
            (None, false) => Standing::Winding,
            (None, true) => Standing::Active,
        };
        let name = self.name.trim().chars().take(200).collect();
        Ok(Organisation { number, name, form: self.form_short, standing, address: self.address })
    }
}

/// The register over HTTP. A question is a POST: nobody's number stands in an address, where every log would keep it.
pub(super) struct HttpCompanyRegister {
    line: Line,
    settings: settings::CompanyRegister,
    /// Kommunkod.
    municipality: String,
}

impl HttpCompanyRegister {
    pub(super) fn new(
        settings: settings::CompanyRegister,
        municipality: String,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self { line: Line::new("company", clock)?, settings, municipality })
    }

    fn question(&self, what: &str, body: &serde_json::Value) -> reqwest::RequestBuilder {
        let url = below(&self.settings.url, &[&self.municipality, what]);
        self.line.client.post(url).bearer_auth(self.settings.token.expose()).json(body)
    }
}

/// An address under the one in the settings, and never another.
pub(super) fn below(base: &Url, parts: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts);
    }
    url
}

impl CompanyRegister for HttpCompanyRegister {
    fn engagements<'a>(&'a self, person: &'a Personnummer) -> BoxFuture<'a, Result<Vec<Engagement>, Unanswered>> {
        let question = self.question("engagements", &json!({ "personNumber": person.expose() }));
        Box::pin(self.line.ask(question, move |body| {
            let all: Vec<WireEngagement> = serde_json::from_slice(body).map_err(|_| Unanswered::Unreadable)?;
            let engagement = |wire: WireEngagement| {
                let signs = match wire.is_authorized_signatory {
                    true => Signs::Alone,
                    false if wire.roles.iter().any(|role| role.code == SIGNATORY) => Signs::Together,
                    false => Signs::No,
                };
                let owner = Some(person).filter(|_| wire.is_sole_trader);
                Ok(Engagement { organisation: wire.organisation.read(owner)?, signs })
            };
            all.into_iter().map(engagement).collect()
        }))
    }

    fn organisation<'a>(
        &'a self,
        number: &'a Organisationsnummer,
    ) -> BoxFuture<'a, Result<Option<Organisation>, Unanswered>> {
        let question = self.question("organisations", &json!({ "organizationNumber": number.as_str() }));
        Box::pin(self.line.ask(question, move |body| {
            let found: Vec<WireOrganisation> = serde_json::from_slice(body).map_err(|_| Unanswered::Unreadable)?;
            let found = found.into_iter().next().map(|wire| wire.read(None)).transpose()?;
            match found {
                Some(o) if o.number != PrincipalNumber::Organisation(number.clone()) => Err(Unanswered::Unbelievable),
                other => Ok(other),
            }
        }))
    }
}
