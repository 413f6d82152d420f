use super::*;
use crate::vocabulary::{Organisationsnummer, Personnummer};

#[test]
fn every_organisation_has_a_number_that_can_be_and_everybody_acts_for_one_that_is_there() {
    let all: Everybody = serde_json::from_str(include_str!("../../../assets/people/mandates.json")).unwrap();
    for o in &all.organisations {
        assert!(Organisationsnummer::parse(&o.number).is_ok() || o.form == "E", "{}", o.name);
        assert_eq!(o.form == "E", Personnummer::from_canonical(&o.number).is_ok(), "{}", o.name);
    }
    for e in &all.engagements {
        assert!(Personnummer::from_canonical(&e.person).is_ok());
        assert!(all.organisations.iter().any(|o| o.number == e.organisation), "{}", e.organisation);
    }
    for p in &all.powers {
        assert!(Organisationsnummer::parse(&p.giver).is_ok() && !p.permissions.is_empty());
    }
}
